"""What is handed to a worker and what it gives back: blocks of a source, and what came of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brightline.guard.files.decoding import BadBytes
from brightline.guard.files.judging import Verdict
from brightline.guard.finding import Finding
from brightline.law.errors import BrightlineError

__all__ = ["PICTURES", "STRAYS", "Block", "Done", "encoded"]

PICTURES = "pictures, which are not read"
STRAYS = "bytes that are no text in the file's encoding, read as Windows would"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a source, to be judged by itself. `first` is the number of its first line, row or character."""

    kind: str
    file: str
    payload: Any
    first: int = 0
    size: int = 0
    more: Any = None


@dataclass(slots=True)
class Done:
    """What came of a block: the redacted part, what was found where, what could not be read."""

    file: str
    size: int = 0
    body: Any = b""
    # The place of what is read here, where it stands within another file.
    within: str = ""
    # Lines of the scan, of the review file and of what is set aside whole.
    lines: list[bytes] = field(default_factory=list)
    review: list[bytes] = field(default_factory=list)
    aside: list[bytes] = field(default_factory=list)
    # (label, tier, rule, whether permitted) -> how many
    counts: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    skips: list[tuple[str, str]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    is_open: bool = False
    # Why the whole source cannot be read.
    error: BrightlineError | None = None

    def tell(self, place: str, verdict: Verdict, shift: int = 0, id: Any = None) -> None:
        """Count what was found in a passage, and write its lines; a passage with an id is always written."""
        self.passages += 1
        place = self.within + place
        if verdict.found or id is not None:
            self.lines.append(self._line(place, verdict, shift, id))
        for finding, norm in verdict.found:
            self._count(place, finding, norm)

    def _count(self, place: str, finding: Finding, norm: str) -> None:
        """Count a finding, and write its line of the review file: never its words."""
        self.counts[finding.label, finding.tier, finding.rule, bool(norm)] += 1
        self.is_open = self.is_open or not norm
        row: dict[str, Any] = {
            "file": self.file,
            "place": place,
            "label": finding.label,
            "tier": finding.tier,
            "rule": finding.rule,
        }
        row |= {"why": finding.why, "raised": list(finding.raised), "lowered": list(finding.lowered)}
        self.review.append(encoded(row | ({"basis": norm} if norm else {})))

    def _line(self, place: str, verdict: Verdict, shift: int, id: Any) -> bytes:
        spans = [_span(finding, norm, shift) for finding, norm in verdict.found]
        head = {"id": id} if id is not None else {"id": self.file, "place": place}
        return encoded({**head, "spans": spans})

    def skip(self, place: str, why: str) -> None:
        """Note a place that could not be read."""
        self.skips.append((self.within + place, why))

    def take(self, part: Done) -> None:
        """Count what came of a part of a file as of the file."""
        self.lines += part.lines
        self.review += part.review
        self.aside += part.aside
        self.skips += part.skips
        self.counts.update(part.counts)
        self.notes.update(part.notes)
        self.passages += part.passages
        self.is_open = self.is_open or part.is_open

    def counting(self, read: Callable[[bytes], str], data: bytes) -> str:
        """Bytes as text; those that are none are counted."""
        before = BadBytes.count
        text = read(data)
        if BadBytes.count > before:
            self.notes[STRAYS] += BadBytes.count - before
        return text

    def keep_aside(self, place: str, text: Any, id: Any = None) -> None:
        """Set a text aside whole."""
        self.aside.append(encoded({"id": self.file if id is None else id, "place": self.within + place, "text": text}))


def _span(finding: Finding, norm: str, shift: int) -> dict[str, Any]:
    span = {"start": finding.start + shift, "end": finding.end + shift, "label": finding.label}
    span |= {"tier": finding.tier, "rule": finding.rule}
    return {**span, "basis": norm} if norm else span


def encoded(row: Mapping[str, Any]) -> bytes:
    """One line of JSON; halves of characters are written as escapes, since no encoding has them."""
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row).encode() + b"\n"
