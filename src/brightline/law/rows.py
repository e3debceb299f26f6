"""Reading the fields of one mapping of a YAML file: the type that was asked for, or a refusal with its line."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.yamlfile import Listing, Table

__all__ = [
    "SEE_VOCABULARY",
    "check_name",
    "day",
    "expected",
    "is_day",
    "mapping",
    "one_of",
    "optional",
    "tables",
    "texts",
    "wrong_type",
]

SEE_VOCABULARY = "see corpus/vocabulary.yaml and the jurisdiction.yaml of the folder"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def wrong_type(key: str, what: str, where: str) -> BrightlineError:
    """Make the error for a value of another type than the field has."""
    advice = "put it in quotes if it looks like a number, a date or a yes" if what == "text" else f"write `{key}: ...`"
    return BrightlineError("type", f"`{key}` must be {what}", advice, where)


def expected(row: Table, key: str, kind: type, what: str) -> Any:
    """Return the value of a field that must be there. Raises: BrightlineError `missing-field` or `type`."""
    value = row.get(key)
    if value is None or value == "":
        raise BrightlineError("missing-field", f"`{key}` must be {what}", f"write `{key}: ...`", row.where(key))
    if not isinstance(value, kind) or isinstance(value, bool):
        raise wrong_type(key, what, row.where(key))
    return value


def optional(row: Table, key: str, otherwise: str = "") -> str:
    """Return the text of a field that may be left out. Raises: BrightlineError `type`."""
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise wrong_type(key, "text", row.where(key))
    return value or otherwise


def is_day(value: object) -> bool:
    """Tell a date from a date with a time, which Python calls a date too."""
    return isinstance(value, date) and not isinstance(value, datetime)


def day(row: Table, key: str, otherwise: str = "") -> str:
    """Return a date, as text, of a field that may be left out. Raises: BrightlineError `type`."""
    value = row.get(key)
    if value is not None and not isinstance(value, str) and not is_day(value):
        raise wrong_type(key, "a date", row.where(key))
    return str(value or otherwise)


def mapping(row: Table, key: str) -> Table:
    """Return the mapping under a key; an empty one if it is left out. Raises: BrightlineError `type`."""
    value = row.get(key)
    if value is None:
        return Table(row.file, row.lines.get(key, row.line))
    if not isinstance(value, Table):
        raise wrong_type(key, "a mapping", row.where(key))
    return value


def tables(row: Table, key: str) -> list[Table]:
    """Return the mappings listed under a key; none if it is left out. Raises: BrightlineError `type`."""
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, Listing):
        raise BrightlineError("type", f"`{key}` must be a list", "start each entry with `- `", row.where(key))
    for index, entry in enumerate(value):
        if not isinstance(entry, Table):
            raise BrightlineError(
                "type", f"an entry of `{key}` must be a mapping", "write `- name: value` lines", value.where(index)
            )
    return list(value)


def texts(row: Table, key: str) -> tuple[str, ...]:
    """Return one word or a list of words; none if they are left out. Raises: BrightlineError `type`."""
    value = row.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Listing):
        raise wrong_type(key, "text", row.where(key))
    for index, word in enumerate(value):
        if not isinstance(word, str):
            raise wrong_type(key, "text", value.where(index))
    return tuple(value)


def check_name(name: str, what: str, where: str) -> None:
    """Refuse a name that a condition could not say. Raises: BrightlineError `name`."""
    if not _NAME.match(name) or keyword.iskeyword(name):
        raise BrightlineError(
            "name",
            f"{shown(name)} cannot name {what}",
            "use small letters, digits and underscores, a letter first",
            where,
        )


def one_of(row: Table, key: str, known: Iterable[str]) -> str:
    """The word at a key, which must be a known one. Raises: BrightlineError `unknown-value` with near misses."""
    value = expected(row, key, str, "text")
    if value not in known:
        raise BrightlineError(
            "unknown-value",
            f"{shown(value)} is not a known `{key}`",
            near_misses(value, known, SEE_VOCABULARY),
            row.where(key),
        )
    return str(value)
