"""Which column or table a comment in SQL speaks of: the column before it on its line, or the one below."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

__all__ = ["Comments"]

_COMMENT = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|--([^\n]*)|/\*(.*?)\*/|(?<!\S)#([^\n]*)", re.DOTALL)


class Comments:
    """Every comment of a script, by where it begins; strings are passed over."""

    def __init__(self, sqlglot: Any, text: str) -> None:
        self._text = text
        self._found = [
            (found.start(), next(group for group in found.groups() if group is not None).strip(" *-="))
            for found in _COMMENT.finditer(text)
            if any(group is not None for group in found.groups())
        ]
        self._starts = [start for start, _ in self._found]

    def beside(self, start: int | None) -> list[str]:
        """What is said of the name that begins at `start`: on its own line after it, or on lines above it alone."""
        if start is None:
            return []
        end = self._line_end(start)
        first = bisect_right(self._starts, start)
        found = []
        for at, said in self._found[first:]:
            if at > end:
                break
            if not self._name_between(start, at):
                found.append(said)
        return [*self._above(start), *found]

    def _line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return len(self._text) if end < 0 else end

    def _name_between(self, start: int, at: int) -> bool:
        """Whether another column begins between a name and a comment: a comma outside brackets, then a word."""
        between, depth = self._text[start:at], 0
        for index, letter in enumerate(between):
            depth += (letter == "(") - (letter == ")")
            if letter == "," and depth <= 0 and between[index + 1 :].strip():
                return True
        return False

    def _above(self, start: int) -> list[str]:
        """Comments on lines of their own right above the line of the name, where it is the first on it."""
        begin = self._text.rfind("\n", 0, start) + 1
        if self._text[begin:start].strip(' \t"`['):
            return []
        found: list[str] = []
        for at, said in reversed(self._found[: bisect_right(self._starts, begin)]):
            line = self._text.rfind("\n", 0, at) + 1
            alone = not self._text[line:at].strip()
            if not alone or self._text[self._end_of(at) : begin].strip():
                break
            found.insert(0, said)
            begin = line
        return found

    def _end_of(self, at: int) -> int:
        found = _COMMENT.match(self._text, at)
        return found.end() if found else at

    def before(self, statement: Any, exp: Any) -> list[str]:
        """The comments right before a statement that makes a table, and those on the line of its name."""
        table = statement.find(exp.Table)
        identifier = table.find(exp.Identifier) if table is not None else None
        start = identifier.meta.get("start") if identifier is not None else None
        if start is None:
            return list(statement.comments or [])
        head = max(self._text.rfind(word, 0, start + 1) for word in ("CREATE", "create", "Create"))
        return [*self._above(head), *self.beside(start)] if head >= 0 else self.beside(start)
