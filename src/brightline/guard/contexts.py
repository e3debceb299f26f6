"""A context: words in a named surrounding of a match that veto it, raise it, lower it or are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from brightline.guard.compiled import Pattern, finder, joined

__all__ = ["REACH", "SCOPES", "Context", "Page", "Part", "Sight"]

SCOPES = ("match", "before", "after", "around", "clause", "line", "sentence", "passage")
REACH = {"clause": 160, "line": 300, "sentence": 400, "passage": 600}
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_LONGEST = 30  # letters of a word that a scope cut through is widened by
_STOPS = {
    "clause": re.compile(rb"[,;:()!?]+(?=[\s\"')])|\.(?=\s)| -{1,2} |\n"),
    "line": re.compile(rb"\n"),
    "sentence": re.compile(rb"[.!?][\"')\]]{0,2}(?=\s)|\n\s{0,20}\n|\n(?=[-*]|[A-Z][\w /]{0,25}:)"),
    "passage": re.compile(rb"\n[ \t\r]{0,20}\n[ \t\r]{0,20}\n"),
}
# A full stop after these, or after one letter, ends no sentence.
_SHORT = re.compile(
    rb"(?:^|[\s(\"'.])(?:[A-Za-z]|mrs?|ms|dr|drs|st|sgt|lt|cpl|capt|ofc|off|det|dep|sra?|srta|jr|no|nos|vs?|art|sec|ave|apt|approx|dept|atty|hon|rev|prof|ext|inc|co|fnu|lnu|subj|vic|wit|susp|def|pt|tel|lic|num|nac|fec|exp)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Patterns in one surrounding; it does not hold where one of `but` stands in the same surrounding."""

    scope: str
    reach: int
    find: tuple[Pattern, ...]
    but: tuple[Pattern, ...] = ()
    where: str = ""

    def holds(self, page: Page, start: int, end: int) -> bool:
        """Whether it holds round a match; asked once for each stretch of text."""
        low, high = page.scope(self.scope, self.reach, start, end)
        key = (id(self), low, high)
        found = page.known.get(key)
        if found is None:
            found = page.known[key] = page.stands(self, low, high) and not (
                self.but and page.stands(self, low, high, True)
            )
        return found

    def finder(self, but: bool) -> re.Pattern[bytes]:
        """Any of the patterns, or of those against it, as one."""
        return finder(joined(self.but if but else self.find))


@dataclass(frozen=True, slots=True)
class Context:
    """All parts of one name; it holds where one of them does."""

    name: str
    why: str
    parts: tuple[Part, ...]

    def holds(self, page: Page, start: int, end: int) -> bool:
        """Whether it holds round a match."""
        return any(part.holds(page, start, end) for part in self.parts)


class Sight(Protocol):
    """What knows beforehand where patterns of contexts may stand."""

    def present(self, low: int, high: int) -> frozenset[str]:
        """The contexts of which a pattern may stand between two places."""

    def stands(self, part: Part, low: int, high: int, but: bool) -> bool | None:
        """Whether one of the patterns of a part stands between two places; None if that must be searched for."""


class Page:
    """A folded text with what is already known of it. `looks` sees a stretch for all contexts at once."""

    def __init__(self, text: bytes, looks: Sight | None = None) -> None:
        self.text, self.looks = text, looks
        self.known: dict[tuple[int, int, int], bool] = {}
        self._scopes: dict[tuple[str, int, int, int], tuple[int, int]] = {}

    def stands(self, part: Part, low: int, high: int, but: bool = False) -> bool:
        """Whether one of the patterns of a part, or of those against it, stands between two places."""
        if self.looks and not self._cuts(high):
            told = self.looks.stands(part, low, high, but)
            if told is not None:
                return told
        return part.finder(but).search(self.text, low, high) is not None

    def _cuts(self, at: int) -> bool:
        """Whether a place is in the middle of a word, which a search that ends there takes for its end."""
        return 0 < at < len(self.text) and self.text[at - 1] in _WORD and self.text[at] in _WORD

    def scope(self, scope: str, reach: int, start: int, end: int) -> tuple[int, int]:
        """The stretch of text that a scope means round a match. Bounded by its reach."""
        key = (scope, reach, start, end)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = self._scope(scope, reach, start, end)
        return found

    def _scope(self, scope: str, reach: int, start: int, end: int) -> tuple[int, int]:
        match scope:
            case "match":
                return start, end
            case "before":
                return self._left(start - reach), start
            case "after":
                return end, self._right(end + reach)
            case "around":
                return self._left(start - reach), self._right(end + reach)
        return self._back(scope, start), self._on(scope, end)

    def _left(self, at: int) -> int:
        """A place moved back out of the middle of a word."""
        at, text = max(at, 0), self.text
        for _ in range(_LONGEST):
            if not at or text[at - 1] not in _WORD or text[at] not in _WORD:
                break
            at -= 1
        return at

    def _right(self, at: int) -> int:
        """A place moved on out of the middle of a word."""
        text, size = self.text, len(self.text)
        at = min(at, size)
        for _ in range(_LONGEST):
            if at == size or text[at - 1] not in _WORD or text[at] not in _WORD:
                break
            at += 1
        return at

    def _back(self, scope: str, start: int) -> int:
        low = max(0, start - REACH[scope])
        stops = [m.end() for m in _STOPS[scope].finditer(self.text, low, start) if not self._is_short(m)]
        return stops[-1] if stops else self._left(low)

    def _on(self, scope: str, end: int) -> int:
        high = min(len(self.text), end + REACH[scope])
        # A stop may begin with the last sign of the match, and is seen with what follows it.
        for found in _STOPS[scope].finditer(self.text, max(end - 1, 0), min(len(self.text), high + 1)):
            if found.end() > end - 1 and found.start() >= end - 1 and not self._is_short(found):
                return max(end, found.start() + 1)
        return self._right(high)

    def _is_short(self, stop: re.Match[bytes]) -> bool:
        if self.text[stop.start()] != 46:
            return False
        return _SHORT.search(self.text, max(0, stop.start() - 8), stop.start()) is not None
