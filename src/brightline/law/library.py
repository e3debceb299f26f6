"""The law of a corpus: its vocabulary, its authorities, and the stack that binds a profile on a date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from brightline.law.calendars import Calendar
from brightline.law.chart import Chart
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.norms import Authority, Norm
from brightline.law.vocabulary import Action, Profile, Vocabulary, prefixes

__all__ = ["Law", "Stack"]


@dataclass(frozen=True, eq=False)
class Stack:
    """The norms in force for a profile, the strongest rank first, unchanged `since` a date."""

    profile: str
    since: date
    authorities: tuple[Authority, ...]
    norms: tuple[Norm, ...]

    @cached_property
    def by_action(self) -> dict[str, tuple[Norm, ...]]:
        """The norms on each action, in the stack's order."""
        found: dict[str, list[Norm]] = {}
        for norm in self.norms:
            for action in norm.actions:
                found.setdefault(action, []).append(norm)
        return {action: tuple(norms) for action, norms in found.items()}

    @cached_property
    def by_id(self) -> dict[str, Norm]:
        """The norms by their full name."""
        return {norm.id: norm for norm in self.norms}

    @cached_property
    def accompanying(self) -> dict[str, tuple[str, ...]]:
        """For each act, the duties that some norm says accompany it."""
        found: dict[str, dict[str, None]] = {}
        for norm in self.norms:
            for act in norm.accompanies:
                for duty in norm.actions:
                    found.setdefault(act, {})[duty] = None
        return {act: tuple(duties) for act, duties in found.items()}


@dataclass(frozen=True, eq=False)
class Law:
    """Everything the corpus says. `authorities` maps a folder to the versions of the authorities in it."""

    vocabulary: Vocabulary
    authorities: Mapping[str, tuple[Authority, ...]]
    calendars: Mapping[str, Calendar]
    fingerprint: str = ""
    _stacks: dict[tuple[str, date], Stack] = field(default_factory=dict, repr=False)
    _changes: dict[str, list[date]] = field(default_factory=dict, repr=False)
    _charts: dict[tuple[object, ...], Chart] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"Law({len(self.vocabulary.profiles)} profiles, {len(self.authorities)} folders)"

    def profile(self, name: str) -> Profile:
        """A profile by its path. Raises: BrightlineError `unknown-profile` with near misses."""
        found = self.vocabulary.profiles.get(name)
        if found is None:
            tails = {p.rsplit("/", 1)[-1]: p for p in self.vocabulary.profiles}
            advice = near_misses(name, [*self.vocabulary.profiles]) or near_misses(name.rsplit("/", 1)[-1], tails)
            raise BrightlineError(
                "unknown-profile",
                f"unknown profile {shown(name)}",
                advice or "run `brightline law show` for the list",
                "--profile",
            )
        return found

    def action(self, name: str) -> Action:
        """An action by its name. Raises: BrightlineError `unknown-action` with near misses."""
        found = self.vocabulary.actions.get(name)
        if found is None:
            advice = near_misses(name, self.vocabulary.actions, "see docs/reference/vocabulary.md")
            raise BrightlineError("unknown-action", f"unknown action {shown(name)}", advice, "--action")
        return found

    def stack(self, profile: str, on: date) -> Stack:
        """The norms that bind a profile on a date.

        Raises: BrightlineError `unknown-profile`, or `too-early` where no law of the corpus is in force yet.
        """
        key = (profile, self.epoch(profile, on))
        if key not in self._stacks:
            self._stacks[key] = self._stack(profile, on, key[1])
        return self._stacks[key]

    def epoch(self, profile: str, on: date) -> date:
        """The day of the last change of a profile's law up to a date: law is compiled once for each."""
        if profile not in self._changes:
            self.profile(profile)
            self._changes[profile] = sorted(
                {day for authority in self._on_path(profile) for day in _change_days(authority)}
                | self._profile_days(profile)
            )
        index = bisect_right(self._changes[profile], on)
        return self._changes[profile][index - 1] if index else date.min

    def _stack(self, profile: str, on: date, since: date) -> Stack:
        circuit = self.vocabulary.circuit(profile)
        weakest = min(self.vocabulary.ranks.values(), key=lambda rank: rank.level)
        authorities, norms = [], []
        for authority in self._on_path(profile):
            if not authority.in_force.on(on):
                continue
            authorities.append(authority)
            binds = authority.binds_in(profile, circuit)
            for norm in authority.norms:
                if norm.in_force.on(on) and not any(e.stops(on, profile) for e in norm.enjoined):
                    norms.append(norm if binds else replace(norm, rank=weakest.name, level=weakest.level))
        if not norms:
            raise BrightlineError(
                "too-early",
                f"no law of the corpus is in force for `{profile}` on {on}",
                "choose a later date with --on",
                "--on",
            )
        norms.sort(key=lambda norm: -norm.level)
        return Stack(profile, since, tuple(authorities), tuple(norms))

    def chart(self, stack: Stack, action: str) -> Chart:
        """The compiled law on one action; stacks with the same norms on it share one chart.

        Raises: BrightlineError `node-budget`.
        """
        norms = stack.by_action.get(action, ())
        key = (action, *((norm.where, norm.level) for norm in norms))
        if key not in self._charts:
            self._charts[key] = Chart(action, norms, self.vocabulary.facts, self.vocabulary.readings)
        return self._charts[key]

    def _profile_days(self, profile: str) -> set[date]:
        return {day for link in self.vocabulary.profile_chain(profile) for day in link.since.values()}

    def _on_path(self, profile: str) -> Iterable[Authority]:
        for folder in prefixes(profile):
            yield from self.authorities.get(folder, ())

    def everything(self) -> Iterable[Authority]:
        """Every version of every authority, by folder."""
        for folder in sorted(self.authorities):
            yield from self.authorities[folder]

    def calendar(self, name: str, path: str) -> Calendar:
        """A calendar by name, or the nearest one on a path. Raises: BrightlineError `unknown-calendar`."""
        if name and name not in self.calendars:
            raise BrightlineError(
                "unknown-calendar", f"unknown calendar {shown(name)}", near_misses(name, self.calendars)
            )
        if name:
            return self.calendars[name]
        nearest = [folder for folder in prefixes(path) if folder in self.calendars]
        if not nearest:
            raise BrightlineError("unknown-calendar", f"no calendar covers `{path}`", "add one in corpus/calendars")
        return self.calendars[nearest[-1]]


def _change_days(authority: Authority) -> Iterator[date]:
    """The days on which a norm of an authority begins or stops to take part somewhere."""
    intervals = [authority.in_force]
    for norm in authority.norms:
        intervals.append(norm.in_force)
        intervals.extend(e.interval for e in norm.enjoined)
    for interval in intervals:
        yield interval.start
        if interval.to is not None and interval.to < date.max:
            yield interval.to + timedelta(days=1)
