"""Where an authority applies: the profiles that it binds and the days on which their law changes, as stacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from brightline.law.errors import BrightlineError
from brightline.law.library import Law, Stack
from brightline.law.norms import Authority
from brightline.law.vocabulary import prefixes

__all__ = ["Place", "places_of", "profiles_below"]


@dataclass(frozen=True, slots=True)
class Place:
    """A profile on a day, for which the law is one stack."""

    profile: str
    on: date
    stack: Stack


def profiles_below(law: Law, path: str) -> list[str]:
    """The profiles that an authority in a folder binds, its own first."""
    return sorted((p for p in law.vocabulary.profiles if path in prefixes(p)), key=lambda p: (p.count("/"), p))


def places_of(law: Law, authority: Authority, named: Iterable[tuple[str, date]]) -> list[Place]:
    """Every stack that an authority is in, once for each profile, the latest first.

    Stacks of the `named` profiles and days come before all others, and are looked at on those days.
    """
    days = {(profile, law.epoch(profile, day)): day for profile, day in named if profile in law.vocabulary.profiles}
    found: list[Place] = []
    for profile in profiles_below(law, authority.path):
        for epoch in {law.epoch(profile, d) for d in _days(law, profile)} - {date.min}:
            if authority.in_force.on(epoch):
                with suppress(BrightlineError):
                    on = days.get((profile, epoch), epoch)
                    found.append(Place(profile, on, law.stack(profile, on)))
    found.sort(key=lambda p: ((p.profile, p.stack.since) not in days, -p.on.toordinal(), p.profile))
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
