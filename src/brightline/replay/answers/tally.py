"""How many requests got which answer: by action, deciding norm, marks, year and facility; counts only, never a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.replay.answers.asking import NOT_ASKED, Answered
from brightline.replay.engine.columns import MARKS, MODALITIES
from brightline.replay.maps.mappedrows import MappedRows

__all__ = ["NO_YEAR", "OTHER_FACILITIES", "Tally", "changes_in", "numbers_of", "tally_of"]

NO_YEAR = ""
OTHER_FACILITIES = "(other facilities)"
_MOST_FACILITIES = 20_000
Key = tuple[str, str, str]
# The modality of some rows, and how many requests each stands for.
Told = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None]


@dataclass
class Tally:
    """Counts of requests, of which a row with a weight stands for several; `rows` are the rows that were read.

    `requests` are all of them, `years` those of each year (empty for none).
    `norms[action, modality, norm]`, `by_year[year, action, modality]`, `by_facility[facility, action, modality]` and
    `marks[action, modality, mark]` count answers; `changes[action, before, after]` those of two laws.
    """

    rows: int = 0
    requests: int = 0
    answered: int = 0
    changed: int = 0
    years: Counter[str] = field(default_factory=Counter)
    norms: Counter[Key] = field(default_factory=Counter)
    by_year: Counter[Key] = field(default_factory=Counter)
    by_facility: Counter[Key] = field(default_factory=Counter)
    marks: Counter[Key] = field(default_factory=Counter)
    changes: Counter[Key] = field(default_factory=Counter)
    facilities: dict[str, None] = field(default_factory=dict)

    def add(self, more: Tally) -> None:
        """Count another batch; beyond twenty thousand facilities they are counted together."""
        for name in ("rows", "requests", "answered", "changed"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        for name in ("years", "norms", "by_year", "marks", "changes"):
            getattr(self, name).update(getattr(more, name))
        for (place, action, word), number in more.by_facility.items():
            self.by_facility[self._facility(place), action, word] += number

    def _facility(self, place: str) -> str:
        if place not in self.facilities and len(self.facilities) >= _MOST_FACILITIES:
            return OTHER_FACILITIES
        self.facilities[place] = None
        return place

    def modalities(self, action: str) -> Counter[str]:
        """How many requests got which answer on an action."""
        found: Counter[str] = Counter()
        for (name, word, _), number in self.norms.items():
            if name == action:
                found[word] += number
        return found

    def plain(self) -> dict[str, Any]:
        """As JSON, to be read back by `from_plain`."""
        counters = ("norms", "by_year", "by_facility", "marks", "changes")
        return {
            "rows": self.rows, "requests": self.requests, "answered": self.answered, "changed": self.changed,
            "years": dict(self.years),
            **{name: [[*key, number] for key, number in sorted(getattr(self, name).items())] for name in counters},
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Tally:
        """What `plain` told."""
        numbers = (plain[name] for name in ("rows", "requests", "answered", "changed"))
        found = cls(*numbers, years=Counter(plain["years"]))
        for name in ("norms", "by_year", "by_facility", "marks", "changes"):
            getattr(found, name).update({(a, b, c): number for a, b, c, number in plain[name]})
        return found


def tally_of(rows: MappedRows, answers: Sequence[Answered]) -> Tally:
    """The counts of one batch."""
    years, of_year = _years(rows)
    found = Tally(rows.rows, rows.requests(), rows.requests(rows.rejected == 0))
    every, lost = slice(None), bool((rows.rejected != 0).any())
    found.years.update(_named(numbers_of(of_year, rows.weights, len(years)), years))
    for each in answers:
        told = every if not lost else each.modality != NOT_ASKED
        weights = None if rows.weights is None else rows.weights[told]
        modality = each.modality[told].astype(np.int64)
        _count(found.norms, each.action, (modality, weights), each.norm[told], each.norms)
        _count(found.by_year, each.action, (modality, weights), of_year[told], years, is_first=True)
        _count_marks(found, each.action, (modality, weights), each.marks[told])
        if rows.facility is not None:
            places, of_place = _places(rows)
            _count(found.by_facility, each.action, (modality, weights), of_place[told], places, is_first=True)
    return found


def numbers_of(groups: Any, weights: npt.NDArray[np.int64] | None, size: int) -> npt.NDArray[np.int64]:
    """How many requests are in each group; a row is one, or as many as it weighs."""
    # INVARIANT: the weights of a batch add up to less than 2**53, so that floating-point sums are exact.
    return np.bincount(groups, weights, minlength=size).astype(np.int64)


def _count(
    counter: Counter[Key], action: str, told: Told, group: Any, names: Sequence[str], *, is_first: bool = False
) -> None:
    """Count pairs of an answer and what it is counted by."""
    width, (modality, weights) = len(names), told
    pairs = numbers_of(modality * width + group, weights, len(MODALITIES) * width)
    for at in np.flatnonzero(pairs).tolist():
        word, name = MODALITIES[at // width], names[at % width]
        counter[(name, action, word) if is_first else (action, word, name)] += int(pairs[at])


def _count_marks(found: Tally, action: str, told: Told, marks: Any) -> None:
    modality, weights = told
    pairs = numbers_of(modality * 16 + marks, weights, len(MODALITIES) * 16)
    for at in np.flatnonzero(pairs).tolist():
        for bit, mark in enumerate(MARKS):
            if at % 16 >> bit & 1:
                found.marks[action, MODALITIES[at // 16], mark] += int(pairs[at])


def _years(rows: MappedRows) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The years of a batch, the first for rows without a day, and which each row has."""
    if rows.days is None:
        return (NO_YEAR,), np.zeros(rows.rows, np.int64)
    known = rows.days > np.iinfo(np.int64).min
    if not known.any():
        return (NO_YEAR,), np.zeros(rows.rows, np.int64)
    first, last = int(rows.days[known].min()), int(rows.days[known].max())
    table = (np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1970
    base = int(table[0])
    of_year = np.where(known, table[np.where(known, rows.days - first, 0)] - base + 1, 0)
    return (NO_YEAR, *(str(year) for year in range(base, int(table[-1]) + 1))), of_year


def _places(rows: MappedRows) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The facilities of a batch, the last for rows without one; words that differ in blanks at the ends are one."""
    import pyarrow.compute as pc

    assert rows.facility is not None
    trimmed = pc.utf8_trim_whitespace(rows.facility.as_written).dictionary_encode()
    names = trimmed.dictionary.to_pylist()
    of_word = np.asarray(trimmed.indices).astype(np.int64)
    return [*names, ""], rows.facility.spread(of_word, len(names))


def _named(counts: Any, names: Sequence[str]) -> dict[str, int]:
    return {name: number for name, number in zip(names, counts.tolist(), strict=True) if number}


def changes_in(
    before: Sequence[Answered], after: Sequence[Answered], weights: npt.NDArray[np.int64] | None = None
) -> Counter[Key]:
    """The cross table of two answers: for each action, how many requests had the one and have the other."""
    found: Counter[Key] = Counter()
    for old, new in zip(before, after, strict=True):
        told = old.modality != NOT_ASKED
        pairs = old.modality[told].astype(np.int64) * 16 + new.modality[told]
        numbers = numbers_of(pairs, None if weights is None else weights[told], 256)
        for at in np.flatnonzero(numbers).tolist():
            found[old.action, MODALITIES[at // 16], MODALITIES[at % 16]] += int(numbers[at])
    return found
