"""All triggers of some patterns, each once, with the patterns that it speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from brightline.guard.compiled import Pattern

__all__ = ["Triggers", "joined"]

Stretch = tuple[int, int, int]  # number of a pattern, the first place where a match may begin, the last


class Triggers:
    """Expressions by number, and for each the patterns with how far before its end a match begins."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns
        numbers: dict[str, int] = {}
        self.owners: list[list[tuple[int, int, int]]] = []
        for number, pattern in enumerate(patterns):
            for expression in pattern.triggers:
                at = numbers.setdefault(expression, len(numbers))
                if at == len(self.owners):
                    self.owners.append([])
                self.owners[at].append((number, pattern.nearest, pattern.farthest))
        self.expressions = tuple(numbers)
        self.reach = max((pattern.most for pattern in patterns), default=0) + 3

    def near(self, ends: Iterable[tuple[int, int]], text: bytes, low: int, high: int) -> Iterator[Stretch]:
        """The stretches that expressions tell of, of which each ends at a place; near ones of a pattern as one."""
        found = []
        for expression, end in ends:
            for number, nearest, farthest in self.owners[expression]:
                first, last = max(low, end - farthest), min(high - 1, end - nearest)
                if first <= last:
                    found.append((number, first, last))
        found.sort()
        return self._likely(joined(found), text.lower() if found else b"")

    def whole(self, expressions: Iterable[int], text: bytes, low: int, high: int) -> Iterator[Stretch]:
        """A block as the stretch of each pattern that some expressions tell of."""
        numbers = {number for expression in expressions for number, _, _ in self.owners[expression]}
        return self._likely(((number, low, high - 1) for number in sorted(numbers)), text.lower())

    def _likely(self, stretches: Iterable[Stretch], small: bytes) -> Iterator[Stretch]:
        """Those in which also the other words of a match stand. `small` is the text in small letters."""
        for number, first, last in stretches:
            pattern = self.patterns[number]
            end = last + pattern.most
            if all(any(small.find(word, first, end) >= 0 for word in words) for words in pattern.others):
                yield number, first, last


def joined(found: Sequence[Stretch]) -> Iterator[Stretch]:
    """Sorted stretches, those of one pattern that touch as one."""
    number, first, last = -1, 0, -1
    for other, start, stop in found:
        if other == number and start <= last + 1:
            last = max(last, stop)
            continue
        if number >= 0:
            yield number, first, last
        number, first, last = other, start, stop
    if number >= 0:
        yield number, first, last
