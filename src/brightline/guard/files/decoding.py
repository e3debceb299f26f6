"""Bytes as text, whatever program wrote them; bytes that are no text are counted, never dropped.

A byte that does not belong to its encoding is read as Windows would read it (cp1252), one character for one byte,
so that `nació` in an old export is found though the rest of the file is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

__all__ = ["BadBytes", "decode", "decoded", "encoding_of", "plain"]

SAMPLE_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings that offices have used; charset-normalizer chooses among them.
_OLD = ["cp1252", "latin_1", "mac_roman", "cp850", "cp437"]
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadBytes:
    """How many bytes had no place in their encoding."""

    count = 0


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    BadBytes.count += error.end - error.start
    return "".join(_WINDOWS[byte] for byte in error.object[error.start : error.end]), error.end


_WINDOWS = [bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256)]
_MAPPED = "brightline-as-windows"
codecs.register_error(_MAPPED, _as_windows)


def encoding_of(sample: bytes) -> str:
    """The encoding of a file by its first bytes: its mark, else UTF-8 if it is, else what it looks most like."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    wide = _wide(sample)
    if wide:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample[:SAMPLE_BYTES])
    except UnicodeDecodeError:
        return _older(sample[:SAMPLE_BYTES])
    return "utf-8"


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte is zero."""
    part = sample[: 4096 - len(sample) % 2] if len(sample) > 1 else b""
    even, odd = part[::2].count(0), part[1::2].count(0)
    if odd > 0.35 * len(part) / 2 and even < odd / 10:
        return "utf-16-le"
    return "utf-16-be" if even > 0.35 * len(part) / 2 and odd < even / 10 else ""


def _older(sample: bytes) -> str:
    """UTF-8 with strays if most of its long characters are whole, else an old encoding of an office."""
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    high = sum(1 for _ in re.finditer(rb"[\x80-\xff]", sample))
    if whole and whole * 2 >= high - whole * 2:
        return "utf-8"
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return "cp1252"
    found = from_bytes(_around_high(sample), cp_isolation=_OLD, explain=False).best()
    # Mac and DOS pages differ from Windows in every accent: they are believed only where Windows has no letter.
    name = found.encoding if found else "cp1252"
    return "cp1252" if name in ("cp1252", "latin_1") or _reads_as_words(sample) else name


def _around_high(sample: bytes) -> bytes:
    """The lines that hold more than ASCII, which alone tell encodings apart; at most 64 KB."""
    lines = [line for line in sample.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[: 1 << 16]


def _reads_as_words(sample: bytes) -> bool:
    """Whether, read as Windows, nearly every high byte is a letter, a quotation mark or a dash."""
    high = [_WINDOWS[byte] for byte in _around_high(sample) if byte >= 0x80]
    good = sum(c in "áéíóúñüÁÉÍÓÚÑÜ¿¡àèìòùçâêîôûãõäöß“”‘’–—…•°§©®" for c in high)
    return good > 0.7 * len(high)


def decode(data: bytes, encoding: str = "") -> str:
    """A whole file as text, without its mark."""
    return data.decode(encoding or encoding_of(data), _MAPPED).removeprefix("\ufeff")


def decoded(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Blocks of bytes as blocks of text; a character across a border comes whole."""
    reader = codecs.getincrementaldecoder(encoding)(_MAPPED)
    for block in blocks:
        yield reader.decode(block)
    yield reader.decode(b"", final=True)


def plain(text: str) -> str:
    """The text as it is read: halves of characters, which no encoding can write, are as if not there."""
    return text if text.isascii() else _SURROGATE.sub("\u200b", text)
