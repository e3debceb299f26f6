"""The text of a file in whatever encoding it was saved, or a clear refusal."""

from __future__ import annotations

from pathlib import Path

from brightline.guard.extras import needs
from brightline.law.errors import BrightlineError, shown
from brightline.law.yamlfile import read_bytes

__all__ = ["MAX_BYTES", "decoded", "refused", "text_of"]

MAX_BYTES = 16_000_000
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What a file in the encoding of old Western programs holds; anything else is left to the detector.
_WESTERN = frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡çÇàèìòùâêîôûäëïößåøæÀÈÖÄÅØÆ§°ºª«»–—‘’“”…•€£©®±½¼\xa0")


def refused(message: str, place: str, help: str = "mend the file, or leave it out with --exclude") -> BrightlineError:
    """The refusal of a file that cannot be read as what it claims to be."""
    return BrightlineError("guard-unreadable", message, help, place)


def text_of(path: Path) -> str:
    """The text of a file of at most 16 MB. Raises: BrightlineError `unreadable`, `guard-too-large`, `guard-unreadable`."""
    return decoded(bytes_of(path), str(path))


def bytes_of(path: Path) -> bytes:
    """The bytes of a file of at most 16 MB. Raises: BrightlineError `unreadable`, `guard-too-large`."""
    try:
        return read_bytes(path, MAX_BYTES)
    except BrightlineError as error:
        if error.code != "too-large":
            raise
        raise BrightlineError(
            "guard-too-large",
            f"{shown(path)} is larger than {MAX_BYTES // 1_000_000} MB",
            "a schema is small; if this is an export, name it .csv, or lint its database",
            str(path),
        ) from None


def decoded(content: bytes, place: str) -> str:
    """The text of bytes: by their mark, as UTF-8, or in the encoding that they most look like.

    Raises: BrightlineError `guard-unreadable` where the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, place)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise refused("the file holds a NUL byte: it is not text", f"{place}:{line}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        western = content.decode("cp1252", "replace")
        if all(letter in _WESTERN for letter in western if letter > "\x7f"):
            return western
        best = needs("charset_normalizer").from_bytes(content).best()
        if best is None:
            raise refused("the encoding of the file cannot be told", place, "save it as UTF-8") from None
        return str(best)


def _decoded(content: bytes, encoding: str, place: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise refused(f"the file is not {encoding}, though its mark says so", place, "save it as UTF-8") from None
    if "\0" in text:
        raise refused("the file holds a NUL: it is not text", place)
    return text
