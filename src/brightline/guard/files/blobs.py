"""Text written in base64 within a text: read, and found as if it stood there in the clear."""

from __future__ import annotations

import base64
import binascii
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from brightline.guard.finding import TIERS, Finding

__all__ = ["has_blob", "with_blobs"]

_LEAST = 24
_RUN = r"[A-Za-z0-9+/_-]{24}"
_BLOB = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{20,})*(?:\r?\n[A-Za-z0-9+/_-]{2,}(?==))?={0,2}"
)
_LARGEST = 16 << 20


@functools.cache
def _finder() -> Any:
    """What looks for a run of the letters of base64, at the speed of memory where RE2 is there."""
    try:
        import re2
    except ImportError:
        return re.compile(_RUN)
    return re2.compile(_RUN)


def has_blob(text: str) -> bool:
    """Whether a text may hold something in base64."""
    return len(text) >= _LEAST and _finder().search(text.encode("ascii", "replace").decode()) is not None


def with_blobs(text: str, found: Sequence[Finding], scan: Callable[[str], Sequence[Finding]]) -> tuple[Finding, ...]:
    """What was found in a text, and the blobs that hold something, each whole; sorted, not overlapping."""
    blobs = [one for match in _BLOB.finditer(text) for one in _within(match, scan)]
    clear = [one for one in found if not any(b.start < one.end and one.start < b.end for b in blobs)]
    return tuple(sorted([*clear, *blobs], key=lambda one: one.start))


def _within(match: re.Match[str], scan: Callable[[str], Sequence[Finding]]) -> Iterator[Finding]:
    inner = _read(match[0])
    found = scan(inner) if inner else ()
    if found:
        first = min(found, key=lambda one: TIERS.index(one.tier))
        start, end = match.span()
        yield replace(
            first, start=start, end=end, hide_start=start, hide_end=end, why=f"written in base64: {first.why}"
        )


def _read(blob: str) -> str:
    """What a blob says, or nothing if it is no text."""
    body = re.sub(r"[\r\n=]", "", blob)[:_LARGEST].translate(str.maketrans("-_", "+/"))
    body = body[:-1] if len(body) % 4 == 1 else body
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return ""
    text = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-8", "replace")
    good = sum(c.isprintable() or c.isspace() for c in text) - 2 * text.count("\ufffd")
    return text if good > 0.85 * len(text) else ""
