"""The RE2 engine: all patterns in one set, asked of one block of text after the other; linear on any input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from brightline.guard.compiled import Pattern
from brightline.guard.engine import Places
from brightline.guard.looks import Looker
from brightline.guard.squeeze import squeezed
from brightline.guard.triggers import Triggers, joined

__all__ = ["Re2Engine"]

_BLOCK = 1024
_MEMORY = 1 << 28
_MARK = b"\n\x1b"  # no folded text holds it: a set that does not find it ran out of memory, and says nothing else


class Re2Engine:
    """Asks which patterns are in a block, and takes the whole block as the stretch."""

    name = "re2"

    def __init__(self, patterns: Sequence[Pattern], contexts: Sequence[Pattern]) -> None:
        import re2

        self._triggers, looked = Triggers(patterns), Triggers(contexts)
        self._set = _Set(re2, self._triggers.expressions)
        self.looker: Looker | None = _Looks(_Set(re2, looked.expressions), looked)

    def places(self, text: bytes, low: int, high: int) -> Places:
        """Where matches may begin: blocks of which the set says that a trigger is in them, joined where they touch."""
        return Places(self._stretches(text, low, high))

    def many(self, texts: Sequence[bytes]) -> Iterable[Places]:
        """One text after the other."""
        return (self.places(text, 0, len(text)) for text in texts)

    def _stretches(self, text: bytes, low: int, high: int) -> Iterator[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        for first in range(low, high, _BLOCK):
            last, begin = min(first + _BLOCK, high), max(0, first - 1)
            window = text[begin : last + self._triggers.reach]
            seen = self._set.numbers(window)
            found += (
                (n, a + begin, b + begin) for n, a, b in self._triggers.whole(seen, window, first - begin, last - begin)
            )
        return joined(sorted(found))


class _Set:
    """The numbers of the expressions that are in a text; all of them where the set ran out of memory."""

    def __init__(self, re2: Any, expressions: Sequence[str]) -> None:
        options = re2.Options()
        options.max_mem, options.log_errors = _MEMORY, False
        options.encoding = re2.Options.Encoding.LATIN1
        self._all, self._set = range(len(expressions)), re2.Set.SearchSet(options)
        for expression in expressions:
            self._set.Add(f"(?im:{expression})".encode("ascii"))
        self._set.Add(b"\\x1b")
        self._set.Compile()

    def numbers(self, text: bytes) -> Iterable[int]:
        """Those that are in a text."""
        found: list[int] = self._set.Match(squeezed(text).text + _MARK) or []
        if len(self._all) not in found:
            return self._all
        return (number for number in found if number < len(self._all))


class _Looks:
    def __init__(self, found: _Set, triggers: Triggers) -> None:
        self._set, self._triggers = found, triggers

    def seen(self, text: bytes, low: int, high: int) -> tuple[Iterable[int], None]:
        """The patterns of contexts that are in a stretch."""
        seen = self._set.numbers(text[max(0, low - 1) : high + 1])
        return {number for expression in seen for number, _, _ in self._triggers.owners[expression]}, None
