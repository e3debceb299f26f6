"""The Hyperscan engine: all patterns in one database, one pass over the text.

The database tells where a word ends that every match of a pattern must hold. It is compiled once and kept, under the
words, the version of the library and the processor.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from brightline.guard.compiled import Pattern
from brightline.guard.engine import Places
from brightline.guard.looks import Looker
from brightline.guard.squeeze import squeezed
from brightline.guard.store import keep, kept
from brightline.guard.triggers import Triggers

__all__ = ["HyperscanEngine"]

_EVENTS = 64  # ends told before a stretch of text counts as crowded, and for each 16 bytes one more
_BYTES = 16
_BETWEEN = b"\x1b"  # stands in no folded text, and is neither a blank nor part of a word


class HyperscanEngine:
    """Scans with one database, and where a text is crowded with one that tells of each pattern once."""

    name = "hyperscan"

    def __init__(self, patterns: Sequence[Pattern], contexts: Sequence[Pattern]) -> None:
        import hyperscan

        self._triggers, looked = Triggers(patterns), Triggers(contexts)
        flags = hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_CASELESS
        ends = _database(hyperscan, self._triggers.expressions, flags)
        once = _database(hyperscan, self._triggers.expressions, flags | hyperscan.HS_FLAG_SINGLEMATCH)
        self._ends, self._once = _Pass(hyperscan, ends), _Pass(hyperscan, once)
        self.looker: Looker | None = _Looks(_Pass(hyperscan, _database(hyperscan, looked.expressions, flags)), looked)

    def places(self, text: bytes, low: int, high: int) -> Places:
        """Where matches may begin: so far before the end of a trigger as its pattern says."""
        first, last = max(0, low - 1), min(len(text), high + self._triggers.reach)
        window = text[first:last] if first or last < len(text) else text
        ends = self._ends.run(window, _EVENTS + len(window) // _BYTES)
        if ends is None:
            seen = {number for number, _ in self._once.run(window, None) or ()}
            return Places(self._triggers.whole(seen, window, low - first, high - first), shift=first)
        return self._near(window, ends, low - first, high - first, first)

    def many(self, texts: Sequence[bytes]) -> Iterator[Places]:
        """The same for each of many small texts, scanned in one call."""
        ends = self._ends.run(_BETWEEN.join(texts), _EVENTS + sum(map(len, texts)) // _BYTES)
        if ends is None:
            yield from (self.places(text, 0, len(text)) for text in texts)
            return
        ends.sort(key=itemgetter(1))
        first = at = 0
        for text in texts:
            begin = at
            while at < len(ends) and ends[at][1] <= first + len(text):
                at += 1
            own = [(number, end - first) for number, end in ends[begin:at]]
            yield self._near(text, own, 0, len(text), 0)
            first += len(text) + len(_BETWEEN)

    def _near(self, text: bytes, ends: list[tuple[int, int]], low: int, high: int, shift: int) -> Places:
        if not ends:
            return Places((), 0)
        found = list(self._triggers.near(ends, text, low, high))
        return Places(found, sum(last - first + 1 for _, first, last in found), shift)


class _Pass:
    """One database with a scratch space for each thread."""

    def __init__(self, hyperscan: Any, database: Any) -> None:
        self._hyperscan, self._database, self._local = hyperscan, database, threading.local()

    def run(self, text: bytes, most: int | None) -> list[tuple[int, int]] | None:
        """The number of each pattern with the place of each end; None where there are more than `most`."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = self._hyperscan.Scratch(self._database)
        small, found = squeezed(text), list[tuple[int, int]]()
        add = found.append
        if most is None:
            self._database.scan(small.text, lambda number, start, end, *_: add((number, end)), scratch=scratch)
            return small.back(found)

        def told(number: int, start: int, end: int, *_: Any) -> bool | None:
            add((number, end))
            return True if len(found) > most else None

        try:
            self._database.scan(small.text, told, scratch=scratch)
        except self._hyperscan.ScanTerminated:
            return None
        return None if len(found) > most else small.back(found)


class _Looks:
    def __init__(self, database: _Pass, triggers: Triggers) -> None:
        self._database, self._triggers = database, triggers

    def seen(self, text: bytes, low: int, high: int) -> tuple[Iterable[int], Mapping[int, Sequence[int]]]:
        """The patterns of contexts in a stretch, and where each or a word of it ends."""
        first, ends = max(0, low - 1), dict[int, list[int]]()
        owners = self._triggers.owners
        for expression, end in sorted(self._database.run(text[first : high + 1], None) or (), key=itemgetter(1)):
            for number, _, _ in owners[expression]:
                ends.setdefault(number, []).append(first + end)
        return ends, ends


def _database(hyperscan: Any, expressions: Sequence[str], flags: int) -> Any:
    texts = [expression.encode("ascii") for expression in expressions]
    key = _key(hyperscan, texts, flags)
    if (body := kept("hs", key)) is not None:
        try:
            return hyperscan.loadb(body, mode=hyperscan.HS_MODE_BLOCK)
        except hyperscan.error:
            pass
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=texts, ids=list(range(len(texts))), flags=[flags] * len(texts))
    keep("hs", key, hyperscan.dumpb(database))
    return database


def _key(hyperscan: Any, texts: Sequence[bytes], flags: int) -> str:
    said = f"{hyperscan.__version__} {flags} {_processor()}\n".encode() + _BETWEEN.join(texts)
    return hashlib.sha256(said).hexdigest()


@functools.cache
def _processor() -> str:
    """What tells one processor from another, as far as a database depends on it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    named = sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    return f"{platform.machine()} {platform.processor()} {named}"
