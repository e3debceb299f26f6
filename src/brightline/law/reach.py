"""How much of a population an exception really covers, with the uncertainty carried to the answer.

A population is a list of groups: facts that are known of a group, how many cases it stands for, and, where a table
holds several draws of what is uncertain, the draw it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from brightline.law.bill import Bill, Exemption
from brightline.law.errors import BrightlineError
from brightline.law.library import Law
from brightline.law.overlay import apply_bills
from brightline.law.situation import situation, truth

__all__ = ["Group", "Interval", "Reach", "reach_of"]

_DRAWS = 4000
_CERTAINTY = 0.95


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Cases that are alike. `facts` may hold transient ones, so a group shows its note only. `where` is file and line."""

    facts: Mapping[str, object]
    weight: float = 1.0
    draw: str = ""
    note: str = ""
    where: str = ""

    def __repr__(self) -> str:
        return f"<group {self.note}>"


@dataclass(frozen=True, slots=True)
class Interval:
    """A share, 0 to 1: its middle, and the ends between which it lies with 95 % probability."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Reach:
    """The share of a population that an exception covers.

    `surely` is what the facts given settle as covered; `possibly` adds the cases whose facts leave it open. `by_note`
    gives each group's weight in cases and its share of covered, open and not covered cases, averaged over the draws.
    """

    bill: Bill
    exemption: Exemption
    cases: float
    draws: int
    surely: Interval
    possibly: Interval
    by_note: Mapping[str, tuple[float, float, float, float]]
    open_facts: tuple[str, ...]

    @property
    def is_settled(self) -> bool:
        """Whether every case's facts settle it."""
        return self.surely == self.possibly


def reach_of(
    law: Law, bill: Bill, name: str, profile: str, on: date, groups: Iterable[Group], *, seed: int = 1
) -> Reach:
    """The reach of one of a bill's exceptions over a population; nothing is presumed of anybody.

    With several draws, the interval is that of the draws. With one, each row counts as many cases as its weight, and
    the interval is that of a share found in so many cases (Beta, Jeffreys prior), by seeded draws.

    Raises: BrightlineError `unknown-exception`, `population`, or as `situation` does.
    """
    exemption, after = bill.exemption(name), apply_bills(law, [bill])
    judged = [(group, _covers(after, exemption, profile, on, group)) for group in groups]
    draws: dict[str, list[tuple[Group, bool | None]]] = {}
    for group, covered in judged:
        draws.setdefault(group.draw, []).append((group, covered))
    if not judged or any(_weight(rows) <= 0 for rows in draws.values()):
        raise BrightlineError(
            "population", "the population holds no cases", "give each row a weight above 0", "--population"
        )
    surely, possibly = ([_share(rows, words) for rows in draws.values()] for words in ((True,), (True, None)))
    intervals = (_of_draws(surely), _of_draws(possibly)) if len(draws) > 1 else _of_cases(judged, Random(seed))  # noqa: S311 - a simulation, not a secret
    unknown = dict.fromkeys(n for g, covered in judged if covered is None for n in _unstated(exemption, g))
    return Reach(
        bill,
        exemption,
        _weight(judged) / len(draws),
        len(draws),
        *intervals,
        _by_note(judged, len(draws)),
        tuple(unknown),
    )


def _covers(law: Law, exemption: Exemption, profile: str, on: date, group: Group) -> bool | None:
    try:
        found = situation(law, profile, group.facts, on=on, strict=True)
    except BrightlineError as error:
        raise BrightlineError(error.code, error.message, error.help, group.where or error.where) from None
    return truth(exemption.when, found)


def _unstated(exemption: Exemption, group: Group) -> list[str]:
    from brightline.law.expressions import facts_in

    return sorted(name for name in facts_in(exemption.when) if group.facts.get(name) is None)


def _weight(rows: Iterable[tuple[Group, bool | None]]) -> float:
    return sum(group.weight for group, _ in rows)


def _share(rows: Sequence[tuple[Group, bool | None]], words: tuple[bool | None, ...]) -> float:
    return _weight((g, c) for g, c in rows if c in words) / _weight(rows)


def _of_draws(shares: Sequence[float]) -> Interval:
    ordered = sorted(shares)
    return Interval(
        _quantile(ordered, (1 - _CERTAINTY) / 2), _quantile(ordered, 0.5), _quantile(ordered, (1 + _CERTAINTY) / 2)
    )


def _of_cases(rows: Sequence[tuple[Group, bool | None]], random: Random) -> tuple[Interval, Interval]:
    """Intervals for a share found in a number of cases; a share of none or all needs no lower or upper end."""
    number = _weight(rows)
    found = []
    for words in ((True,), (True, None)):
        share = _share(rows, words)
        drawn = sorted(random.betavariate(share * number + 0.5, (1 - share) * number + 0.5) for _ in range(_DRAWS))
        ends = _of_draws(drawn)
        found.append(Interval(0.0 if share == 0 else ends.low, share, 1.0 if share == 1 else ends.high))
    return found[0], found[1]


def _quantile(ordered: Sequence[float], part: float) -> float:
    at = part * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def _by_note(rows: Sequence[tuple[Group, bool | None]], draws: int) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for note in dict.fromkeys(g.note for g, _ in rows if g.note):
        part = [(g, c) for g, c in rows if g.note == note]
        found[note] = (_weight(part) / draws, _share(part, (True,)), _share(part, (None,)), _share(part, (False,)))
    return found
