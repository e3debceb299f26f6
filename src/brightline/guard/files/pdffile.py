"""The text layer of a PDF: pages, form fields, notes, bookmarks and properties; redacted, it becomes plain text.

A PDF is never written: text under a black box stays readable, and a page may hold it in many ways at once.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.files.done import PICTURES, Done
from brightline.guard.files.judging import Judge
from brightline.guard.files.textfile import rewrite as rewrite_text
from brightline.law.errors import BrightlineError

__all__ = ["rewrite"]

_LARGEST_PAGE = 64 << 20


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """The text of a PDF, redacted, page by page.

    Raises: BrightlineError `guard-unreadable` for a PDF that is broken or locked, `missing-extra`.
    """
    pypdf = needs("pypdf")
    with _quiet(pypdf, file):
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _unreadable("the file is locked with a password", "save it without one", file)
        parts = [
            f"[{name}]\n".encode()
            + rewrite_text(text.encode("utf-8", "replace"), file, judge, done, f"{place}{name}, ")
            for name, text in _texts(reader, done, place)
        ]
        parts += [*_attached(reader, judge, done, place)]
    return b"\n\n".join(parts) + b"\n"


@contextmanager
def _quiet(pypdf: Any, file: str) -> Iterator[None]:
    """Whatever goes wrong in a PDF is told without its words."""
    logger = logging.getLogger("pypdf")
    was = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except BrightlineError:
        raise
    except ImportError:
        raise _unreadable(
            "the file is locked in a way that needs `cryptography`", "save it without a lock", file
        ) from None
    except Exception:
        raise _unreadable("the PDF is broken", "open it in its own program and save it again", file) from None
    finally:
        logger.setLevel(was)


def _unreadable(message: str, help: str, file: str) -> BrightlineError:
    return BrightlineError("guard-unreadable", message, help, file)


def _texts(reader: Any, done: Done, place: str) -> Iterator[tuple[str, str]]:
    """Each page and each other part that has words."""
    if not len(reader.pages):
        raise _unreadable("the PDF has no pages", "open it in its own program and save it again", done.file)
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text() or ""
        if any(map(str.isalnum, text)):
            yield f"page {number}", text
            if count := sum(1 for _ in _pictures(page)):
                done.notes[PICTURES] += count
        elif _shows_something(page):
            done.skip(f"{place}page {number}", "a picture without a text layer")
        if notes := [*_notes(page)]:
            yield f"page {number} notes", "\n\n".join(notes)
    for name, lines in (
        ("properties", _properties(reader)),
        ("fields", _fields(reader)),
        ("bookmarks", _bookmarks(reader)),
    ):
        if lines:
            yield name, "\n\n".join(lines)


def _pictures(page: Any) -> Iterator[Any]:
    """The pictures that a page names."""
    resources = page.get("/Resources")
    named = resources.get_object().get("/XObject") if resources is not None else None
    for one in named.get_object().values() if named is not None else ():
        if one.get_object().get("/Subtype") == "/Image":
            yield one


def _shows_something(page: Any) -> bool:
    """Whether a page without text shows a picture, or a drawing that may hold one."""
    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    return b"BI" in data or b" Do" in data or any(True for _ in _pictures(page))


def _notes(page: Any) -> Iterator[str]:
    for note in page.get("/Annots") or []:
        held = note.get_object()
        for key in ("/Contents", "/RC", "/Subj", "/TU", "/T"):
            if isinstance(held.get(key), str) and held.get(key).strip():
                yield str(held[key])
        link = (held.get("/A") or {}).get("/URI") if held.get("/A") else None
        if isinstance(link, str):
            yield link


def _properties(reader: Any) -> list[str]:
    found = [f"{key.strip('/')}: {value}" for key, value in (reader.metadata or {}).items() if isinstance(value, str)]
    metadata = reader.trailer["/Root"].get("/Metadata")
    if metadata is not None:
        found.append(metadata.get_object().get_data()[:_LARGEST_PAGE].decode("utf-8", "replace"))
    return found


def _fields(reader: Any) -> list[str]:
    fields = reader.get_fields() or {}
    return [f"{field.get('/TU') or name}: {field.get('/V')}" for name, field in fields.items() if field.get("/V")]


def _bookmarks(reader: Any) -> list[str]:
    waiting, found = list(reader.outline), []
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one
        elif getattr(one, "title", None):
            found.append(str(one.title))
    return found


def _attached(reader: Any, judge: Judge, done: Done, place: str) -> Iterator[bytes]:
    from brightline.guard.files.documents import rewritten

    for number, (name, versions) in enumerate(reader.attachments.items(), 1):
        for data in versions:
            where = f"{place}attachment {number}"
            again = rewritten(name, data, judge, done, f"{where}, ")
            if again is None:
                done.skip(where, "an attachment of a kind that is not read")
            else:
                yield f"[attachment {number}]\n".encode() + again
