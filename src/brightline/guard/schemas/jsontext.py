"""JSON with the line of every key, bounded in depth and number of values."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from brightline.guard.schemas.content import refused

__all__ = ["Keyed", "load_json"]

_BLANK = re.compile(r"[ \t\r\n]*")
_LITERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity")
_MAX_DEPTH = 100
_MAX_VALUES = 500_000


class Keyed(dict[str, Any]):
    """An object that knows the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def load_json(text: str, place: str) -> Any:
    """The value of a JSON text. Raises: BrightlineError `guard-unreadable`."""
    return _Reader(text, place).document()


class _Reader:
    def __init__(self, text: str, place: str) -> None:
        self.text, self.place, self.count = text, place, 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        return bisect_right(self.breaks, at - 1) + 1 if at else 1

    def bad(self, message: str, at: int) -> Exception:
        return refused(message, f"{self.place}:{self.line(at)}", "check the brackets, quotes and commas near that line")

    def document(self) -> Any:
        value, at = self.value(self.skip(0), 0)
        if self.skip(at) < len(self.text):
            raise self.bad("there is more after the end of the JSON", at)
        return value

    def skip(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        self.count += 1
        if depth > _MAX_DEPTH or self.count > _MAX_VALUES:
            raise self.bad("the JSON is nested too deeply or holds too many values", at)
        letter = self.text[at : at + 1]
        if letter == "{":
            return self.object(at + 1, depth)
        if letter == "[":
            return self.array(at + 1, depth)
        if letter == '"':
            return self.string(at)
        return self.literal(at)

    def literal(self, at: int) -> tuple[Any, int]:
        found = _LITERAL.match(self.text, at)
        if not found:
            raise self.bad("the JSON is broken here", at)
        word = found[0]
        plain = {"true": True, "false": False, "null": None}
        return plain.get(word, word), found.end()

    def string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, False)
        except json.JSONDecodeError:
            raise self.bad("a string has no end, or a wrong escape", at) from None
        return value, end

    def object(self, at: int, depth: int) -> tuple[Keyed, int]:
        found = Keyed()
        at = self.skip(at)
        if self.text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.bad("a key in quotes is missing", at)
            begun = at
            key, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.bad("a colon is missing", at)
            found.lines[key] = self.line(begun)
            found[key], at = self.value(self.skip(at + 1), depth + 1)
            at = self.skip(at)
            if self.text[at : at + 1] == "}":
                return found, at + 1
            at = self.skip(self.comma(at))

    def array(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.skip(at)
        if self.text[at : at + 1] == "]":
            return found, at + 1
        while True:
            one, at = self.value(at, depth + 1)
            found.append(one)
            at = self.skip(at)
            if self.text[at : at + 1] == "]":
                return found, at + 1
            at = self.skip(self.comma(at))

    def comma(self, at: int) -> int:
        if self.text[at : at + 1] != ",":
            raise self.bad("a comma is missing", at)
        return at + 1
