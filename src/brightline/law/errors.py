"""One root for everything that can go wrong with the law or with a question put to it.

`BrightlineError` carries a stable code, a message in lower case with the user's own words in backticks,
the place (`file:line` for law files) and the next step. It never carries a fact about a person.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["BrightlineError", "near_misses", "shown"]

_SHOWN_CHARACTERS = 60


class BrightlineError(Exception):
    """What went wrong, where, and what to do next.

    `code` is stable and documented; `where` is empty, a `file:line`, or the name of an option.
    """

    def __init__(self, code: str, message: str, help: str = "", where: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.where = where

    def __reduce__(self) -> tuple[type[BrightlineError], tuple[str, str, str, str]]:
        """So that an error can pass from one process to another."""
        return type(self), (self.code, self.message, self.help, self.where)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  help: {self.help}" if self.help else ""
        return f"{place}{self.message} [{self.code}]{advice}"


def shown(word: object) -> str:
    """The user's own word in backticks, cut short and without control characters."""
    text = "".join(c if c.isprintable() else "?" for c in str(word)[: _SHOWN_CHARACTERS + 1])
    return f"`{text[:_SHOWN_CHARACTERS]}{'...' if len(text) > _SHOWN_CHARACTERS else ''}`"


def near_misses(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """A `did you mean` sentence for a word that is not among the known ones; `otherwise` if none is near."""
    names = sorted(set(known))
    close = difflib.get_close_matches(str(word)[:200], names, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"`{name}`" for name in close) + "?"
    if names and len(names) <= 12:
        return "known: " + ", ".join(f"`{name}`" for name in names)
    return otherwise
