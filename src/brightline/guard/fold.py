"""Text as the rules see it: ASCII, one byte for each character, with the way back to the text as given.

Accents are off, look-alike letters and typographic signs are plain, every blank is a space; zero-width characters,
soft hyphens, combining marks and NUL are dropped, HTML and JSON escapes are read. Capitals stay.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

__all__ = ["Folded", "fold", "fold_pattern"]

OTHER = 0x1A  # what no ASCII character stands for: neither a letter nor a blank
DROPPED = 0xFF
_LOOKALIKES = dict(
    zip(
        "АВЕКМНОРСТУХІЈЅԚԜабеорсухіјѕԛԝһԁѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχıłŁøØđĐðÐþÞßæÆœŒħĦ",
        "ABEKMHOPCTYXIJSQWabeopcyxijsqwhdvABEZHIKMNOPTYXaikvoptuxilLoOdDdDpPsaAoOhH",
        strict=True,
    )
)
_SIGNS = {
    **dict.fromkeys("‘’‚‛′ʹʼʻ´`＇", "'"),
    **dict.fromkeys("“”„‟″«»‹›＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("…․", "."),
    **dict.fromkeys("·•●▪◦∙", "*"),
    **dict.fromkeys("⁄∕", "/"),
    "¿": "?",
    "¡": "!",
    "№": "#",
    "º": "o",
    "ª": "a",
    "×": "x",
}
# Where letters, signs and marks with an ASCII face stand; elsewhere every character is OTHER.
_RANGES = (
    (0x80, 0x250), (0x2B0, 0x530), (0x660, 0x66A), (0x6F0, 0x6FA), (0x1AB0, 0x1B00), (0x1DC0, 0x1F00), (0x2000, 0x2200),
    (0x2460, 0x2500), (0x25A0, 0x2600), (0x3000, 0x3001), (0xA700, 0xA7FF), (0xFB00, 0xFB07), (0xFE00, 0xFE70), (0xFEFF, 0xFF00),
    (0xFF00, 0xFF5F), (0x1D400, 0x1D800),
)  # fmt: skip
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});|\\u[0-9a-fA-F]{4}")
_PART = 4_096  # characters looked at together: a part that is plain costs less
# What an ASCII character becomes: control signs are OTHER but tab and line breaks, NUL is dropped.
_PLAIN = bytes(
    DROPPED
    if code == 0
    else 0x20
    if code in b"\x0b\x0c\x1c\x1d\x1e\x1f\x7f"
    else OTHER
    if code < 0x20 and code not in b"\t\n\r"
    else code
    for code in range(256)
)


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text, and what was left out of the text as given: None where the places agree.

    `gaps` tells before which byte a character was dropped; `escapes` where each escape stood.
    """

    text: bytes
    gaps: Any = None
    escapes: _Escapes | None = None

    @property
    def is_shifted(self) -> bool:
        """Whether a place here is another in the text as given."""
        return self.gaps is not None or self.escapes is not None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The same passage in the text as given. It has at least one character."""
        last = end - 1
        if self.gaps is not None:
            start += int(self.gaps.searchsorted(start, "right"))
            last += int(self.gaps.searchsorted(last, "right"))
        return (start, last + 1) if self.escapes is None else (self.escapes.back(start)[0], self.escapes.back(last)[1])


@dataclass(slots=True)
class _Escapes:
    """Where escapes stood: the place of what each stands for, how long that is, its place and its end before."""

    places: list[int]
    lengths: list[int]
    starts: list[int]
    ends: list[int]

    def back(self, at: int) -> tuple[int, int]:
        """Where a character began and ended before escapes were read."""
        number = bisect_right(self.places, at) - 1
        if number < 0:
            return at, at + 1
        beyond = at - self.places[number] - self.lengths[number]
        if beyond < 0:
            return self.starts[number], self.ends[number]
        return self.ends[number] + beyond, self.ends[number] + beyond + 1


def fold(text: str) -> Folded:
    """The text as the rules see it. Linear in its length."""
    escapes = None
    if ("&" in text or "\\u" in text) and _ESCAPE.search(text):
        text, escapes = _unescaped(text)
    parts = (text,) if text.isascii() else (text[at : at + _PART] for at in range(0, len(text), _PART))
    signs = b"".join(map(_signs, parts))
    if DROPPED not in signs:
        return Folded(signs, None, escapes)
    return Folded(signs.translate(None, bytes([DROPPED])), _gaps(signs), escapes)


def fold_pattern(character: str) -> str:
    """The ASCII character that stands for one character of a pattern; empty if it is dropped or has none."""
    if character.isascii():
        return character
    code = int(_table()[min(ord(character), _SIZE - 1)])
    return "" if code in (OTHER, DROPPED) else chr(code)


def _signs(text: str) -> bytes:
    """One byte for each character, `DROPPED` for those that are to be left out."""
    if text.isascii():
        return text.encode("ascii").translate(_PLAIN)
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    found: bytes = _table()[np.minimum(codes, _SIZE - 1)].tobytes()
    return found


def _gaps(signs: bytes) -> Any:
    """For each character left out the place of the next that stays."""
    import numpy as np

    places = np.flatnonzero(np.frombuffer(signs, dtype=np.uint8) == DROPPED)
    return places - np.arange(len(places))


def _unescaped(text: str) -> tuple[str, _Escapes]:
    """Reads each escape as the character it stands for, and keeps where it stood."""
    parts: list[str] = []
    escapes = _Escapes([], [], [], [])
    last = size = 0
    for found in _ESCAPE.finditer(text):
        said, at, end = found[0], found.start(), found.end()
        sign = _escaped(said)
        if sign == said:
            continue
        parts += (text[last:at], sign)
        size += at - last
        escapes.places.append(size)
        escapes.lengths.append(len(sign))
        escapes.starts.append(at)
        escapes.ends.append(end)
        size, last = size + len(sign), end
    parts.append(text[last:])
    return "".join(parts), escapes


@functools.lru_cache(maxsize=4_096)
def _escaped(said: str) -> str:
    return chr(int(said[2:], 16)) if said[0] == "\\" else html.unescape(said)


_SIZE = 0x1D801


@functools.cache
def _table() -> Any:
    """For each code point below `_SIZE` the byte that stands for it; the last is for all above."""
    import numpy as np

    table = np.full(_SIZE, OTHER, dtype=np.uint8)
    table[:128] = np.frombuffer(_PLAIN[:128], dtype=np.uint8)
    for first, last in _RANGES:
        for code in range(first, min(last, _SIZE - 1)):
            table[code] = _byte(chr(code))
    return table


def _byte(character: str) -> int:
    known = _LOOKALIKES.get(character) or _SIGNS.get(character)
    if known:
        return ord(known)
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character == "\u034f":
        return DROPPED
    if category in ("Zs", "Zl", "Zp") or character == "\x85":
        return 0x20
    return _decomposed(character, category)


def _decomposed(character: str, category: str) -> int:
    first = unicodedata.normalize("NFKD", character)[:1]
    if first in _LOOKALIKES:
        return ord(_LOOKALIKES[first])
    if first.isascii() and (first.isalnum() or category[0] in "PS") and first.isprintable() and first != " ":
        return ord(first)
    digit = unicodedata.digit(character, None)
    return OTHER if digit is None else 48 + digit
