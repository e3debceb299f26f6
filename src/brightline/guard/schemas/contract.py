"""Schemas one to a line of JSON, as the corpus of schemas has them: text in, fields out."""

from __future__ import annotations

from typing import Any

from brightline.guard.schemas.content import refused
from brightline.guard.schemas.djangoreader import read_django
from brightline.guard.schemas.field import Schema
from brightline.guard.schemas.htmlreader import read_html
from brightline.guard.schemas.jsonschema import read_json_schema, read_openapi
from brightline.guard.schemas.jsontext import load_json
from brightline.guard.schemas.pdfreader import read_pdf_list
from brightline.guard.schemas.sqlreader import read_sql
from brightline.guard.schemas.tablereader import read_csv
from brightline.guard.schemas.xsdreader import read_xsd
from brightline.guard.schemas.yamltext import load_structured
from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["KINDS", "read_content"]

KINDS = {
    "sql_ddl": read_sql,
    "json_schema": lambda text, place, name: read_json_schema(load_json(text, place), place, name),
    "openapi": lambda text, place, name: read_openapi(load_structured(text, place), place, name),
    "csv_header": read_csv,
    "html_form": read_html,
    "django_model": read_django,
    "pdf_fields": read_pdf_list,
    "niem_xsd": lambda text, place, name: read_xsd(text.encode("utf-8"), place, name),
}


def read_content(kind: str, text: str, place: str, name: str = "", context: str = "") -> Schema:
    """The fields of a text of a kind. Raises: BrightlineError `schema-kind`, `guard-unreadable`."""
    if kind not in KINDS:
        raise BrightlineError("schema-kind", f"unknown kind of schema {shown(kind)}", near_misses(kind, KINDS), place)
    if "\0" in text:
        raise refused("the text holds a NUL", place)
    found: Any = KINDS[kind](text, place, name)
    return Schema(found.kind, name or found.name, found.fields, context, found.notes, found.table_notes)
