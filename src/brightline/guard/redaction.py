"""Hiding what was found: each stretch becomes a mask or a tag, and every other character stays what it was.

A mask is as long as what it hides, so an offset into the text as given is an offset into the redacted text. A tag
is shorter or longer; `Offsets` leads from one text to the other. Hiding goes on until the redacted text holds
nothing more to find, so redacting twice changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from brightline.guard.finding import LABELS, TIERS, Finding

__all__ = ["MASK", "MODES", "Offsets", "Redacted", "Stretch", "hide", "is_blank", "redact", "without_tags"]

MASK = "█"
MODES = ("mask", "tag")
# What stands where something was hidden. It tells nothing, so it is never a finding by itself.
_HIDDEN = re.compile(rf"{MASK}+|\[(?:{'|'.join(LABELS)})\]")
# Each pass hides something more; few texts need a second one.
_PASSES = 12
_TAG = re.compile(rf"\[(?:{'|'.join(LABELS)})\]")
_Scan = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the text as given that is hidden: code points, end exclusive."""

    start: int
    end: int
    label: str
    tier: str
    rule: str


@dataclass(frozen=True, slots=True)
class Offsets:
    """Where a place of one text is in the other. `edges` are (start, end, start after, end after), in order."""

    edges: tuple[tuple[int, int, int, int], ...] = ()

    def to_redacted(self, offset: int) -> int:
        """The place after hiding; within a hidden stretch of another length, the start of what stands for it."""
        return _moved(offset, self.edges)

    def to_original(self, offset: int) -> int:
        """The place before hiding; within what stands for a stretch of another length, the start of the stretch."""
        return _moved(offset, tuple((c, d, a, b) for a, b, c, d in self.edges))


def _moved(offset: int, edges: tuple[tuple[int, int, int, int], ...]) -> int:
    index = bisect_right(edges, offset, key=lambda edge: edge[0]) - 1
    if index < 0:
        return offset
    start, end, there, there_end = edges[index]
    if offset >= end:
        return there_end + offset - end
    return there + (offset - start if end - start == there_end - there else 0)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with stretches hidden; `spans` are offsets into the text as given."""

    text: str
    spans: tuple[Stretch, ...] = ()
    offsets: Offsets = Offsets()

    def part(self, low: int, high: int) -> str:
        """What stands for the text as given from `low` to `high`; a tag stands where its stretch begins."""
        parts, at = [], low
        for start, end, there, there_end in self.offsets.edges:
            if end <= low or start >= high:
                continue
            if start > at:
                parts.append(self.text[there - (start - at) : there])
            stands = self.text[there:there_end]
            if len(stands) == end - start:
                stands = stands[max(0, low - start) : len(stands) - max(0, end - high)]
            elif start < low:
                stands = ""
            parts.append(stands)
            at = min(end, high)
        rest = self.offsets.to_redacted(at)
        return "".join([*parts, self.text[rest : rest + high - at] if at < high else ""])


def redact(text: str, findings: Iterable[Finding], mode: str = "mask") -> Redacted:
    """The text with what was found hidden once, from `hide_start` to `hide_end` of each finding."""
    return _written(text, _stretches(text, findings), mode)


def hide(text: str, findings: Sequence[Finding], scan: _Scan, mode: str = "mask") -> Redacted:
    """The text with what was found hidden, and whatever is then still found, until nothing is.

    `scan` gives the findings of a text that are to be hidden.
    """
    stretches = _stretches(text, findings)
    done = _written(text, stretches, mode)
    for _ in range(_PASSES):
        more = [finding for finding in scan(done.text) if not is_blank(done.text, finding)]
        if not more:
            return done
        stretches = _joined([*stretches, *(_back(one, done.offsets) for one in _stretches(done.text, more))])
        done = _written(text, stretches, mode)
    first = stretches[0]
    return _written(text, (Stretch(0, len(text), first.label, first.tier, first.rule),), mode)


def is_blank(text: str, finding: Finding) -> bool:
    """Whether nothing is left to hide: only masks, tags and signs stand where the finding is or hides."""
    parts = (text[finding.start : finding.end], text[finding.hide_start : finding.hide_end])
    return any(not any(map(str.isalnum, _HIDDEN.sub("", part))) for part in parts)


def without_tags(text: str) -> str:
    """The text as it is read: a tag is as silent as a mask, and as long as it is."""
    return _TAG.sub(lambda found: MASK * len(found[0]), text) if "[" in text else text


def _back(stretch: Stretch, offsets: Offsets) -> Stretch:
    """A stretch of the redacted text as one of the text as given; a tag that it touches is taken whole."""
    start = offsets.to_original(stretch.start)
    last = stretch.end - 1
    end = offsets.to_original(last) + 1
    for before, after, there, there_end in offsets.edges:
        if there <= last < there_end:
            end = max(end, after)
        if there <= stretch.start < there_end:
            start = min(start, before)
    return Stretch(start, max(end, start), stretch.label, stretch.tier, stretch.rule)


def _stretches(text: str, findings: Iterable[Finding]) -> tuple[Stretch, ...]:
    """What the findings hide, without blanks at the ends."""
    found = []
    for one in findings:
        start, end = max(0, min(one.start, one.hide_start)), min(len(text), max(one.end, one.hide_end))
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Stretch(start, end, one.label, one.tier, one.rule))
    return _joined(found)


def _joined(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Stretches that do not overlap: those of one class are one where they touch, of two classes the later is cut."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda s: (s.start, TIERS.index(s.tier), -s.end)):
        last = found[-1] if found else None
        if last is None or one.start > last.end or (one.start == last.end and one.label != last.label):
            found.append(one)
        elif one.label == last.label:
            found[-1] = Stretch(last.start, max(last.end, one.end), last.label, last.tier, last.rule)
        elif one.end > last.end:
            found.append(Stretch(last.end, one.end, one.label, one.tier, one.rule))
    return tuple(found)


def _written(text: str, stretches: Sequence[Stretch], mode: str) -> Redacted:
    parts, edges, at, length = [], [], 0, 0
    for one in stretches:
        parts.append(text[at : one.start])
        length += one.start - at
        stands = f"[{one.label}]" if mode == "tag" else masked(text[one.start : one.end])
        parts.append(stands)
        edges.append((one.start, one.end, length, length + len(stands)))
        at, length = one.end, length + len(stands)
    return Redacted("".join([*parts, text[at:]]), tuple(stretches), Offsets(tuple(edges)))


def masked(text: str) -> str:
    """A mask of the same length; line breaks stay, so that lines keep their numbers."""
    return "".join(c if c in "\r\n" else MASK for c in text)
