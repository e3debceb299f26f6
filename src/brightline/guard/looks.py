"""What stands in a stretch of text: which contexts may hold there, found for all contexts in one pass.

A look may say too much, never too little; what it cannot tell is searched for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from brightline.guard.compiled import Pattern
from brightline.guard.contexts import Context, Part

__all__ = ["AHEAD", "Looker", "Looks", "Numbering"]

AHEAD = 600  # characters that a look sees beyond what was asked, for the matches that follow


class Numbering:
    """The patterns of all contexts, numbered, with the contexts that each speaks for."""

    def __init__(self, contexts: Iterable[Context]) -> None:
        numbers: dict[Pattern, int] = {}
        names: list[set[str]] = []
        self.of_part: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        for context in contexts:
            for part in context.parts:
                found = _numbered(part.find, numbers)
                self.of_part[id(part)] = found, _numbered(part.but, numbers)
                names += (set() for _ in range(len(numbers) - len(names)))
                for number in found:
                    names[number].add(context.name)
        self.patterns = tuple(numbers)
        self.names = tuple(frozenset(found) for found in names)
        self.everything = self.present(range(len(names)))
        self.most = tuple(pattern.most for pattern in self.patterns)
        self.same = tuple(pattern.is_whole for pattern in self.patterns)

    def present(self, numbers: Iterable[int]) -> frozenset[str]:
        """The contexts that some patterns speak for."""
        return frozenset[str]().union(*(self.names[number] for number in numbers))


def _numbered(patterns: Sequence[Pattern], numbers: dict[Pattern, int]) -> tuple[int, ...]:
    return tuple(numbers.setdefault(pattern, len(numbers)) for pattern in patterns)


class Looker(Protocol):
    """Finds the patterns of contexts in a stretch of text, or what may be them."""

    def seen(self, text: bytes, low: int, high: int) -> tuple[Iterable[int], Mapping[int, Sequence[int]] | None]:
        """The numbers of the patterns, and in order the places where each may end, None if these are not known."""


class Looks:
    """The last look at a text; it is renewed when another stretch is asked for. Matches come in order of the text."""

    def __init__(self, text: bytes, numbering: Numbering, looker: Looker | None) -> None:
        self._text, self._numbering, self._looker = text, numbering, looker
        self._low = self._high = 0
        self._ends: Mapping[int, Sequence[int]] | None = None
        self._present = numbering.everything

    def present(self, low: int, high: int) -> frozenset[str]:
        """The contexts of which a pattern may stand between two places, which later questions lie between."""
        if self._looker and not self._low <= low <= high <= self._high:
            self._low, self._high = max(0, low), min(len(self._text), high + AHEAD)
            numbers, self._ends = self._looker.seen(self._text, self._low, self._high)
            self._present = self._numbering.present(numbers)
            self._high = high + AHEAD
        return self._present

    def stands(self, part: Part, low: int, high: int, but: bool) -> bool | None:
        """Whether one of the patterns of a part stands between two places; None if that must be searched for."""
        if self._ends is None or low < self._low or high > self._high:
            return None
        doubt = False
        for number in self._numbering.of_part[id(part)][but]:
            if ends := self._ends.get(number):
                told = self._between(number, ends, low, high)
                if told:
                    return True
                doubt |= told is None
        return None if doubt else False

    def _between(self, number: int, ends: Sequence[int], low: int, high: int) -> bool | None:
        """Whether a pattern stands between two places: surely, surely not, or perhaps."""
        told: bool | None = False
        same, most = self._numbering.same[number], self._numbering.most[number]
        for at in range(bisect_right(ends, low), len(ends)):
            if ends[at] > high:
                break
            if same and ends[at] - most >= low and ends[at] < high:
                return True
            told = None
        return told
