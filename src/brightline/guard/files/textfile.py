"""Plain text of any size, read in windows that overlap, so that what is found does not depend on where they end.

What lies across a border is read from both sides with the words around it, and counted where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from brightline.guard.files.decoding import SAMPLE_BYTES, BadBytes, decode, decoded, encoding_of
from brightline.guard.files.done import STRAYS, Block, Done
from brightline.guard.files.judging import Judge, Verdict
from brightline.guard.files.lines import blocks_of_bytes
from brightline.guard.redaction import Offsets, Redacted, Stretch

__all__ = ["KIND", "MARGIN", "blocks", "blocks_of_text", "rewrite", "work"]

KIND = "text"
BLOCK = 1 << 20
WINDOW = 1 << 15
# More than any rule looks back or ahead, and than any clause is long.
MARGIN = 1 << 11
_EMPTY_LINE = re.compile(r"\n[ \t\r\f\v]*\n")


@dataclass(frozen=True, slots=True)
class _Window:
    """What is read, as offsets into the block with its margins, and which part of it is its own."""

    start: int
    end: int
    low: int
    high: int


def blocks(path: Path, file: str) -> Iterator[Block]:
    """The blocks of a text file, and a note of the bytes that are no text."""
    with path.open("rb") as stream:
        encoding = encoding_of(stream.read(SAMPLE_BYTES))
        stream.seek(0)
        strays = BadBytes.count
        yield from blocks_of_text(decoded(blocks_of_bytes(stream), encoding), file)
        if BadBytes.count > strays:
            yield Block("note", file, STRAYS, more=BadBytes.count - strays)


def blocks_of_text(texts: Iterable[str], file: str) -> Iterator[Block]:
    """Blocks of about a megabyte. The payload is what stands before, the block itself, and what stands after."""
    held, before, offset, line = "", "", 0, 1
    for text in texts:
        held += text if offset or held else text.removeprefix("\ufeff")
        while len(held) > BLOCK + MARGIN:
            yield Block(KIND, file, (before, held[:BLOCK], held[BLOCK : BLOCK + MARGIN]), offset, BLOCK, line)
            before = held[BLOCK - MARGIN : BLOCK]
            offset, line, held = offset + BLOCK, line + held.count("\n", 0, BLOCK), held[BLOCK:]
    yield Block(KIND, file, (before, held, ""), offset, len(held), line)


def work(block: Block, judge: Judge, within: str = "") -> Done:
    """Judge the windows of a block, and put it together again."""
    before, own, after = block.payload
    text, first = before + own + after, len(before)
    done = Done(block.file, block.size, within=within)
    windows = list(_windows(first, first + len(own), len(text)))
    verdicts = judge.judge([text[w.start : w.end] for w in windows], (block.file,))
    parts, line, at = [], block.more, first
    for window, verdict in zip(windows, verdicts, strict=True):
        line, at = line + text.count("\n", at, window.low), window.low
        _tell(done, text, window, verdict, line, block.first - first)
        if judge.setting.mode == "quarantine" and verdict.is_open:
            verdict = _without_passages(done, text[window.start : window.end], verdict, line)
        parts.append(verdict.redacted.part(window.low - window.start, window.high - window.start))
    done.body = "".join(parts).encode("utf-8", "replace")
    return done


def _windows(first: int, last: int, length: int) -> Iterator[_Window]:
    for low in range(first, last, WINDOW):
        high = min(low + WINDOW, last)
        yield _Window(max(0, low - MARGIN), min(length, high + MARGIN), low, high)


def _tell(done: Done, text: str, window: _Window, verdict: Verdict, line: int, shift: int) -> None:
    """Count what begins in a window's own part, line by line."""
    passages = done.passages + 1
    own = [(f, norm) for f, norm in verdict.found if window.low <= f.start + window.start < window.high]
    numbered = [(line + text.count("\n", window.low, f.start + window.start), (f, norm)) for f, norm in own]
    for number, found in groupby(numbered, key=lambda pair: pair[0]):
        done.tell(f"line {number}", Verdict(tuple(one for _, one in found), Redacted("")), shift + window.start)
    done.passages = passages


def _without_passages(done: Done, text: str, verdict: Verdict, line: int) -> Verdict:
    """A window without the passages, from one empty line to the next, in which something was found."""
    stretches: list[Stretch] = []
    for finding, norm in verdict.found:
        if norm or (stretches and finding.start < stretches[-1].end):
            continue
        start = max((e.end() for e in _EMPTY_LINE.finditer(text, 0, finding.start + 1)), default=0)
        after = _EMPTY_LINE.search(text, finding.end)
        end = after.start() if after else len(text)
        stretches.append(Stretch(start, end, finding.label, finding.tier, finding.rule))
        done.keep_aside(f"near line {line}", text[start:end])
    return Verdict(verdict.found, _cut_out(text, stretches))


def _cut_out(text: str, stretches: list[Stretch]) -> Redacted:
    parts, edges, at, length = [], [], 0, 0
    for one in stretches:
        parts.append(text[at : one.start])
        length += one.start - at
        edges.append((one.start, one.end, length, length))
        at = one.end
    return Redacted("".join([*parts, text[at:]]), tuple(stretches), Offsets(tuple(edges)))


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A text file that stands within another one, redacted; what is found is told with its place."""
    parts = []
    text = done.counting(decode, data)
    for block in blocks_of_text(iter([text]), file):
        part = work(block, judge, place)
        done.take(part)
        parts.append(part.body)
    return b"".join(parts)
