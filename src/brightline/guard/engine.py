"""An engine: tells where patterns may match, so that only there is looked closely; and the plain one.

An engine may say too much, never too little. The plain one looks everywhere: it is slow, and the specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from brightline.guard.compiled import Pattern
from brightline.guard.looks import Looker

__all__ = ["MANY", "Engine", "Places", "PlainEngine"]

MANY = 1 << 40


@dataclass(frozen=True, slots=True)
class Places:
    """Stretches in which the matches of patterns begin: number of the pattern, first place, last place.

    `most` bounds the number of matches from above; `shift` is to be added to each place.
    """

    stretches: Iterable[tuple[int, int, int]]
    most: int = MANY
    shift: int = 0


class Engine(Protocol):
    """A prefilter over the patterns of all rules, and over those of all contexts."""

    name: str
    looker: Looker | None

    def places(self, text: bytes, low: int, high: int) -> Places:
        """Where matches may begin between two places of a text."""

    def many(self, texts: Sequence[bytes]) -> Iterable[Places]:
        """The same for each of many small texts."""


class PlainEngine:
    """Looks everywhere for everything."""

    name = "plain"
    looker: Looker | None = None

    def __init__(self, patterns: Sequence[Pattern], contexts: Sequence[Pattern]) -> None:
        self._count = len(patterns)

    def places(self, text: bytes, low: int, high: int) -> Places:
        """Every pattern, everywhere."""
        return Places((number, low, high - 1) for number in range(self._count))

    def many(self, texts: Sequence[bytes]) -> Iterable[Places]:
        """One text after the other."""
        return (self.places(text, 0, len(text)) for text in texts)
