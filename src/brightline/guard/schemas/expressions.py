"""Expressions over words: `{kind}` is any word of a kind, and names know more abbreviations than sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise

__all__ = ["Expressions", "Kinds"]

_KIND = re.compile(r"\{([a-z-]+)\}")
_NEAR = 6


class Kinds:
    """Kinds of words. In names the short forms count, too."""

    def __init__(self, kinds: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        self._kinds = kinds
        self._compiled: dict[tuple[str, bool], re.Pattern[str]] = {}

    def pattern(self, kind: str, in_name: bool) -> str:
        """An expression for any word of a kind. Raises: KeyError."""
        words, short = self._kinds[kind]
        listed = sorted({*words, *(short if in_name else ())}, key=len, reverse=True)
        return "(?:" + "|".join(map(re.escape, listed)).replace(r"\ ", " ") + ")"

    def compiled(self, kind: str, in_name: bool) -> re.Pattern[str]:
        """The same, for whole words."""
        key = kind, in_name
        if key not in self._compiled:
            self._compiled[key] = re.compile(rf"\b{self.pattern(kind, in_name)}\b")
        return self._compiled[key]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word of every kind."""
        return frozenset(word for words, short in self._kinds.values() for word in (*words, *short) if " " not in word)

    def expanded(self, expression: str, in_name: bool) -> str:
        """The expression with its kinds written out."""
        return _KIND.sub(lambda found: self.pattern(found[1], in_name), expression)

    def together(self, kinds: tuple[str, ...], text: str, in_name: bool, start: int = 0) -> bool:
        """Whether a word of each kind stands in the text, close to each other, one of them at or after `start`."""
        spans = [[found.span() for found in self.compiled(kind, in_name).finditer(text)] for kind in kinds]
        if not all(spans):
            return False
        return any(_close(text, chosen, start) for chosen in _chosen(spans))


def _chosen(spans: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    chosen: list[list[tuple[int, int]]] = [[]]
    for options in spans:
        chosen = [[*before, one] for before in chosen for one in options[:6] if one not in before]
    return chosen


def _close(text: str, chosen: list[tuple[int, int]], start: int) -> bool:
    ordered = sorted(chosen)
    apart = all(one[1] <= other[0] for one, other in pairwise(ordered))
    if not apart or ordered[-1][1] <= start:
        return False
    return text.count(" ", ordered[0][0], ordered[-1][1]) < _NEAR + len(chosen)


class Expressions:
    """A list of expressions, as one for names and one for sentences. An empty list matches nothing."""

    def __init__(self, listed: tuple[str, ...], kinds: Kinds) -> None:
        self._listed, self._kinds = listed, kinds
        self._each: dict[bool, tuple[re.Pattern[str], ...]] = {}
        self._one: dict[bool, re.Pattern[str] | None] = {}
        self.one(True)

    def __bool__(self) -> bool:
        return bool(self._listed)

    def one(self, in_name: bool) -> re.Pattern[str] | None:
        """All in one expression, or nothing if there is none."""
        if in_name not in self._one:
            parts = "|".join(self._kinds.expanded(one, in_name) for one in self._listed)
            self._one[in_name] = re.compile(rf"\b(?:{parts})\b") if parts else None
        return self._one[in_name]

    def found(self, text: str, in_name: bool, start: int = 0) -> bool:
        """Whether one of them stands in the text and ends after `start`."""
        pattern = self.one(in_name)
        if pattern is None:
            return False
        if not start:
            return pattern.search(text) is not None
        return any(found.end() > start for found in self._all(text, in_name))

    def _all(self, text: str, in_name: bool) -> list[re.Match[str]]:
        return [found for one in self.each(in_name) for found in one.finditer(text)]

    def each(self, in_name: bool) -> tuple[re.Pattern[str], ...]:
        """Each on its own."""
        if in_name not in self._each:
            self._each[in_name] = tuple(
                re.compile(rf"\b(?:{self._kinds.expanded(one, in_name)})\b") for one in self._listed
            )
        return self._each[in_name]

    def whole(self, text: str, in_name: bool) -> bool:
        """Whether one of them is the whole text."""
        pattern = self.one(in_name)
        return pattern is not None and pattern.fullmatch(text) is not None

    def how_many(self, text: str, in_name: bool) -> frozenset[int]:
        """Which of them stand in the text, by their place in the list."""
        return frozenset(index for index, one in enumerate(self.each(in_name)) if one.search(text))
