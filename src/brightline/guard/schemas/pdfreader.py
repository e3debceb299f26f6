"""The fields of a PDF form: names, tooltips, options; and the plain list `name | tooltip` of such a form."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema

__all__ = ["read_pdf", "read_pdf_list"]

_PARTS = " /|;,[]"


def read_pdf_list(text: str, place: str, name: str = "") -> Schema:
    """One field a line: its name, its tooltip and perhaps its options, parted by `|`."""
    fields, notes = [], []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) < 2 or not parts[0] or parts[0].startswith("#"):
            notes.append(line.strip("# "))
            continue
        options = tuple(part.strip(_PARTS) for part in "|".join(parts[2:]).replace(";", "|").split("|") if part.strip())
        fields.append(Field(parts[0], "form field", f"{place}:{number}", label=parts[1], choices=options))
    return Schema("pdf_fields", name or place, tuple(fields), notes=tuple(filter(None, notes)))


def read_pdf(content: bytes, place: str, name: str = "") -> Schema:
    """The fields of a PDF form. A PDF without fields gives none.

    Raises: BrightlineError `guard-unreadable` for one that is broken or cannot be opened without a password.
    """
    pypdf = needs("pypdf")
    log = logging.getLogger("pypdf")
    before, log.disabled = log.disabled, True
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refused("the PDF is encrypted", place, "save it without a password, or leave it out")
        found = reader.get_fields() or {}
        title = str((reader.metadata or {}).get("/Title") or "")
        fields = tuple(_fields(found, place))
    except pypdf.errors.DependencyError:
        raise refused("the PDF is encrypted", place, "save it without a password, or leave it out") from None
    except (
        pypdf.errors.PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OSError,
        IndexError,
    ):
        raise refused("the PDF is broken", place) from None
    finally:
        log.disabled = before
    return Schema("pdf_fields", name or place, fields, notes=(title,) if title else ())


def _fields(found: dict[str, Any], place: str) -> Iterator[Field]:
    for full, entry in found.items():
        if "/Kids" in entry and "/FT" not in entry:
            continue
        *within, last = str(full).split(".")
        yield Field(
            str(full),
            "form field",
            f"{place}#{full}",
            within=tuple(within),
            label=str(entry.get("/TU") or ""),
            help=str(entry.get("/TM") or "") if entry.get("/TM") != last else "",
            choices=tuple(_options(entry)),
        )


def _options(entry: Any) -> Iterator[str]:
    for one in entry.get("/Opt") or ():
        yield from (str(part) for part in one) if isinstance(one, list) else (str(one),)
    for state in entry.get("/_States_") or ():
        yield from (str(part).lstrip("/") for part in state) if isinstance(state, list) else (str(state).lstrip("/"),)
