"""Mutation testing of the law: whether a scenario beside an authority sees each change that alters an answer.

A mutant is an authority with one thing that is written in it changed. It is *killed* if a scenario beside the
authority no longer gets its answer or its duty, *equivalent* if no answer changes for any profile, on any day and
under any reading, which diagrams decide, and a *survivor* otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from brightline.law.answering import possible_values
from brightline.law.comparison import fixed
from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.library import Law, Stack
from brightline.law.mutants import DatedMutant, Mutant, dated_mutants, norm_mutants, written
from brightline.law.norms import Authority, Norm
from brightline.law.scenarios import Case, read_cases, run_case
from brightline.law.situation import situation
from brightline.law.survivor import Survivor, examples, new_case
from brightline.law.trial import DutyKey, Trial, View, reply
from brightline.law.vocabulary import Value, prefixes
from brightline.law.yamlfile import load_yaml

__all__ = ["Report", "mutate", "scenario_path"]

_MOST_TRIALS = 40
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the mutants of one version of an authority; `file` is its law file."""

    file: str
    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A profile on a day, for which the law is one stack."""

    profile: str
    on: date
    stack: Stack


@dataclass(eq=False)
class _Fate:
    """A mutant while it is being judged."""

    mutant: Mutant | DatedMutant
    is_killed: bool = False
    survivor: Survivor | None = None

    @property
    def is_pending(self) -> bool:
        return not self.is_killed and self.survivor is None


def scenario_path(root: Path, authority: Authority) -> Path:
    """The scenario file beside a law file."""
    return root / f"{authority.file.removesuffix('.yaml')}.scenarios.yaml"


def mutate(law: Law, root: Path, authority: Authority) -> Report:
    """The report for one authority of the corpus folder `root`; its scenarios are read from beside it.

    Raises: BrightlineError for a file that cannot be read, or `node-budget`.
    """
    conditions = written(load_yaml(root / authority.file, authority.file), authority, law.vocabulary)
    path = scenario_path(root, authority)
    cases = read_cases(path, path.relative_to(root).as_posix()) if path.exists() else []
    mutants = [m for norm in authority.norms for m in norm_mutants(norm, conditions, law.vocabulary)]
    judge = _Judge(law, authority, mutants, dated_mutants(authority), cases)
    return judge.report()


class _Judge:
    def __init__(self, law: Law, authority: Authority, mutants: Sequence[Mutant], dated: Sequence[DatedMutant], cases: Sequence[Case]) -> None:
        self.law, self.authority = law, authority
        self.fates = [_Fate(m) for m in mutants]
        self.dated = [_Fate(m) for m in dated]
        self.cases = list(cases)
        self.names = {case.id for case in cases}
        self.trials: dict[Key, Trial] = {}
        self.places = _places(law, authority, {case.profile for case in cases})
        self.days = {(case.profile, law.epoch(case.profile, case.as_of)): case.as_of for case in cases if case.profile in law.vocabulary.profiles}

    def report(self) -> Report:
        for case in self.cases:
            self.try_case(case, self.fates)
        for action in dict.fromkeys(a for norm in self.authority.norms for a in norm.actions):
            self.look_for_changes(action)
        for fate in self.dated:
            self.judge_dated(fate)
        every = [*self.fates, *self.dated]
        survivors = tuple(f.survivor for f in every if f.survivor)
        killed = sum(f.is_killed for f in every)
        return Report(self.authority.file, len(every), killed, len(every) - killed - len(survivors), survivors)

    # Killed -------------------------------------------------------------------------------------
    def try_case(self, case: Case, fates: Iterable[_Fate]) -> None:
        """Kill every mutant that a case sees."""
        pending = [f for f in fates if f.is_pending]
        place = self.place_of(case)
        if not place or not pending:
            return
        for action in dict.fromkeys((case.action, *(str(d.get("action")) for d in case.duties))):
            for fate in self.of(pending, place.stack, action):
                if fate.is_pending and self.sees(case, place.stack, action, fate):
                    fate.is_killed = True

    def place_of(self, case: Case) -> Place | None:
        try:
            return Place(case.profile, case.as_of, self.law.stack(case.profile, case.as_of))
        except BrightlineError:
            return None

    def of(self, fates: Iterable[_Fate], stack: Stack, action: str) -> list[_Fate]:
        """The mutants of norms on an action that are in force in a stack."""
        return [f for f in fates if isinstance(f.mutant, Mutant) and f.mutant.norm.id in stack.by_id and action in f.mutant.norm.actions and stack.by_id[f.mutant.norm.id].where == f.mutant.norm.where]

    def sees(self, case: Case, stack: Stack, action: str, fate: _Fate) -> bool:
        """Whether a case does not get what it expects from a mutant: its answer on the action, or a duty."""
        assert isinstance(fate.mutant, Mutant)
        trial = self.trial(action, stack)
        changed = trial.changed_set(fate.mutant)
        if action == case.action and changed != FALSE and self.misses(case, trial, changed, fate.mutant):
            return True
        wanted = any(d.get("action") == action for d in case.duties)
        if not wanted or not any(key.asked == case.action for key, _ in trial.lost_duties(trial.view, trial.after(fate.mutant))):
            return False
        result = run_case(self.law_with(fate.mutant), case, self.authority.id)
        return bool(result.duties_missed) or result.got not in (case.expect, *case.accept)

    def misses(self, case: Case, trial: Trial, changed: int, mutant: Mutant) -> bool:
        try:
            found = situation(self.law, case.profile, case.facts, on=case.as_of, strict=case.strict, readings=case.readings)
        except BrightlineError:
            return False
        possible = possible_values(found, trial.chart)
        if TRUE not in trial.chart.diagram.reach(changed, possible):
            return False
        accepted = (case.expect, *case.accept)
        return reply(trial.chart, trial.view.modal, possible) in accepted and reply(trial.chart, trial.after(mutant).modal, possible) not in accepted

    def law_with(self, mutant: Mutant) -> Law:
        """The law with a mutant in it."""
        norms = tuple(mutant.changed if n is mutant.norm else n for n in self.authority.norms)
        return self.law_where(replace(self.authority, norms=tuple(n for n in norms if n is not None)))

    def law_where(self, changed: Authority) -> Law:
        """The law with another authority in place of the one that is judged."""
        here = tuple(changed if a is self.authority else a for a in self.law.authorities[self.authority.path])
        return Law(self.law.vocabulary, {**self.law.authorities, self.authority.path: here}, self.law.calendars)

    # Equivalent, or a survivor ------------------------------------------------------------------
    def trial(self, action: str, stack: Stack) -> Trial:
        norms = stack.by_action[action]
        key = (action, *((norm.where, norm.level) for norm in norms))
        if key not in self.trials:
            ids = {norm.id for norm in norms}
            further = [f.mutant.changed.condition for f in self.fates if isinstance(f.mutant, Mutant) and f.mutant.changed and f.mutant.norm.id in ids]
            while len(self.trials) >= _MOST_TRIALS:
                del self.trials[next(iter(self.trials))]
            self.trials[key] = Trial(self.law, action, norms, further)
        return self.trials[key]

    def look_for_changes(self, action: str) -> None:
        """Write the missing scenario for each mutant that changes an answer on an action somewhere."""
        groups: dict[Key, list[Place]] = {}
        for place in self.places:
            norms = place.stack.by_action.get(action, ())
            groups.setdefault(tuple((norm.where, norm.level) for norm in norms), []).append(place)
        for places in groups.values():
            for fate in self.of(self.fates, places[0].stack, action):
                if fate.is_pending:
                    self.look_at(action, places, fate)

    def look_at(self, action: str, places: Sequence[Place], fate: _Fate) -> None:
        assert isinstance(fate.mutant, Mutant)
        trial, mutant = self.trial(action, places[0].stack), fate.mutant
        after = None
        if (changed := trial.changed_set(mutant)) != FALSE:
            after = trial.after(mutant)
            if self.found(fate, mutant.norm, trial, places, changed, action, None, after):
                return
        if trial.view.duties:
            for key, lost in trial.lost_duties(trial.view, after or trial.after(mutant)):
                if self.found(fate, mutant.norm, trial, places, lost, key.asked, key, after or trial.after(mutant)):
                    return

    def found(self, fate: _Fate, norm: Norm, trial: Trial, places: Sequence[Place], changed: int, asked: str, duty: DutyKey | None, after: View) -> bool:
        """Whether a set of situations holds one that can be stated; its scenario is then kept and tried on the others."""
        seen: set[tuple[tuple[str, Value], ...]] = set()
        for place in places:
            standing = {k: v for k, v in self.law.vocabulary.standing_facts(place.profile, place.on).items() if k in trial.chart.number}
            if (key := tuple(sorted(standing.items()))) in seen:
                continue
            seen.add(key)
            node = fixed(trial.chart, changed, standing)
            if node != FALSE and (case := self.case_in(node, norm, trial, place, asked, duty, after)):
                fate.survivor = Survivor(norm.id, fate.mutant.words, norm.where, case)
                self.cases.append(case)
                self.try_case(case, [f for f in self.fates if f is not fate])
                return True
        return False

    def case_in(self, node: int, norm: Norm, trial: Trial, place: Place, asked: str, duty: DutyKey | None, after: View) -> Case | None:
        on = self.days.get((place.profile, self.law.epoch(place.profile, place.on)), place.on)
        for example in examples(self.law, trial.chart, node, place.profile, on):
            try:
                found = situation(self.law, place.profile, example[0], on=on, readings=example[1])
            except BrightlineError:
                continue
            possible = possible_values(found, trial.chart)
            case = self.stated(norm, place.profile, on, asked, example, duty)
            if case is None:
                continue
            if duty is None and reply(trial.chart, after.modal, possible) != case.expect:
                return case
            if duty is not None and trial.chart.diagram.sole(after.duties.get(duty, FALSE), possible) != TRUE:
                return case
        return None

    def stated(self, norm: Norm, profile: str, on: date, asked: str, example: tuple[dict[str, object], dict[str, str]], duty: DutyKey | None) -> Case | None:
        """A scenario that passes today; None where today's answer is open."""
        short = norm.id.partition("#")[2]
        draft = new_case(self.law, self.free_name(short), profile, on, asked, example, "open", duty, ())
        result = run_case(self.law, draft, self.authority.id)
        if result.answer is None or result.got == "open" or result.duties_missed:
            return None
        behind = {b.norm for b in result.answer.basis} | {d.norm for d in result.answer.duties}
        self.names.add(draft.id)
        return replace(draft, expect=result.got, decides=(short,) if norm.id in behind else ())

    def free_name(self, short: str) -> str:
        number = 1
        while f"edge-of-{short}-{number}" in self.names:
            number += 1
        return f"edge-of-{short}-{number}"

    # Dates --------------------------------------------------------------------------------------
    def judge_dated(self, fate: _Fate) -> None:
        """Judge a version whose dates are moved by one day, on the one day that this changes."""
        assert isinstance(fate.mutant, DatedMutant)
        mutant, other = fate.mutant, self.law_where(fate.mutant.changed)
        for case in self.cases:
            if case.as_of == mutant.day and run_case(self.law, case, self.authority.id).got in (case.expect, *case.accept):
                result = run_case(other, case, self.authority.id)
                if result.duties_missed or result.got not in (case.expect, *case.accept):
                    fate.is_killed = True
                    return
        for profile in _profiles_below(self.law, self.authority.path):
            if self.date_matters(fate, mutant, profile, other):
                return

    def date_matters(self, fate: _Fate, mutant: DatedMutant, profile: str, other: Law) -> bool:
        try:
            stack = self.law.stack(profile, mutant.day)
        except BrightlineError:
            return False  # the law of the corpus had not begun: there is no answer to change
        try:
            changed = other.stack(profile, mutant.day)
        except BrightlineError:
            changed = replace(stack, norms=())
        for norm in mutant.norms:
            for action in norm.actions:
                before, after = stack.by_action.get(action, ()), changed.by_action.get(action, ())
                if len(before) != len(after) and self.day_changes(fate, norm, action, Place(profile, mutant.day, stack), before, after):
                    return True
        return False

    def day_changes(self, fate: _Fate, norm: Norm, action: str, place: Place, before: Sequence[Norm], after: Sequence[Norm]) -> bool:
        fuller, lesser = (before, after) if len(before) > len(after) else (after, before)
        key: Key = (action, "on a day", *((n.where, n.level) for n in fuller))
        trial = self.trials.setdefault(key, Trial(self.law, action, fuller))
        less = trial.beside(lesser)
        was, now = (trial.view, less) if fuller is before else (less, trial.view)
        changed = trial.chart.diagram.both(trial.possible, trial.unequal(was.modal, now.modal))
        if changed != FALSE and self.found(fate, norm, trial, [place], changed, action, None, now):
            return True
        return any(self.found(fate, norm, trial, [place], lost, duty.asked, duty, now) for duty, lost in trial.lost_duties(was, now))


def _profiles_below(law: Law, path: str) -> list[str]:
    """The profiles that an authority in a folder binds, its own first."""
    return sorted((p for p in law.vocabulary.profiles if path in prefixes(p)), key=lambda p: (p.count("/"), p))


def _places(law: Law, authority: Authority, preferred: set[str]) -> list[Place]:
    """Every stack that an authority is in: the profiles that its scenarios name first, and the latest day of each."""
    found: list[Place] = []
    for profile in _profiles_below(law, authority.path):
        for day in sorted({law.epoch(profile, d) for d in _days(law, profile)} - {date.min}):
            if authority.in_force.on(day):
                try:
                    found.append(Place(profile, day, law.stack(profile, day)))
                except BrightlineError:
                    continue
    found.sort(key=lambda p: (-p.on.toordinal(), p.profile not in preferred))
    return found


def _days(law: Law, profile: str) -> Iterator[date]:
    """Days among which are all on which a profile's law changes."""
    for folder in prefixes(profile):
        for authority in law.authorities.get(folder, ()):
            intervals = [authority.in_force]
            for norm in authority.norms:
                intervals += [norm.in_force, *(e.interval for e in norm.enjoined)]
            for interval in intervals:
                yield interval.start
                if interval.to is not None and interval.to < date.max:
                    yield interval.to + timedelta(days=1)
    for link in law.vocabulary.profile_chain(profile):
        yield from link.since.values()
