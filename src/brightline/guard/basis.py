"""A declared legal basis: which status may be kept, where, for what purpose, under which norm, and until when.

A declaration never hides a finding. It turns it from *redact* into *permitted*, and the finding goes on being
reported, with its basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from brightline.guard.finding import LABELS, Finding
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.yamlfile import load_yaml

__all__ = ["Declaration", "read_basis"]

_FIELDS = ("purpose", "norm", "data", "covers", "expires", "retention", "isolated", "note")
_NEEDED = ("purpose", "norm", "data", "covers", "expires")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What may be kept. `data` are globs of `FILE`, `FILE#COLUMN` or, for lines with an id, `FILE#ID`."""

    purpose: str
    norm: str
    data: tuple[str, ...]
    covers: tuple[str, ...]
    expires: date

    def allows(self, finding: Finding, places: tuple[str, ...]) -> bool:
        """Whether a finding in one of these places (`FILE`, `FILE#COLUMN`, `FILE#ID`) is permitted."""
        return finding.label in self.covers and any(fnmatchcase(place, glob) for place in places for glob in self.data)


def read_basis(path: Path, law: Law, on: date) -> tuple[Declaration, ...]:
    """The declarations of a YAML file that hold on a day.

    Raises: BrightlineError `guard-basis` for a form that cannot be read, a norm that the law does not have or that is
    not in force, and a declaration that has expired: what was kept under it is to be redacted.
    """
    found = load_yaml(path, path.name)
    rows = found.get("basis") if isinstance(found, Mapping) else None
    if not isinstance(rows, list) or not rows:
        raise _wrong("there is no list `basis`", "write `basis:` and below it one `- purpose: ...` for each", path.name)
    return tuple(_declaration(row, f"{path.name}: basis {number}", law, on) for number, row in enumerate(rows, 1))


def _declaration(row: Any, where: str, law: Law, on: date) -> Declaration:
    _check_form(row, where)
    covers, data = _words(row, "covers", where), _words(row, "data", where)
    for label in covers:
        if label not in LABELS:
            raise _wrong(f"{shown(label)} is no class", near_misses(label, LABELS), where)
    expires = row["expires"]
    if not isinstance(expires, date):
        raise _wrong(f"{shown(expires)} is no date", "write `expires: 2027-06-30`", where)
    if expires < on:
        raise _wrong(f"it expired on {expires}", "renew it, or take it out: what it covered is then redacted", where)
    _check_norm(str(row["norm"]), where, law, on)
    return Declaration(str(row["purpose"]), str(row["norm"]), data, covers, expires)


def _check_form(row: Any, where: str) -> None:
    if not isinstance(row, Mapping):
        raise _wrong("it is not a mapping", "write `purpose:`, `norm:`, `data:`, `covers:`, `expires:`", where)
    for key in row:
        if key not in _FIELDS:
            raise _wrong(f"unknown field {shown(key)}", near_misses(key, _FIELDS), where)
    for key in _NEEDED:
        if not row.get(key):
            raise _wrong(f"`{key}` is missing", "a basis needs " + ", ".join(f"`{name}`" for name in _NEEDED), where)


def _words(row: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = row[key] if isinstance(row[key], list) else [row[key]]
    if not all(isinstance(word, str) for word in value):
        raise _wrong(f"`{key}` is not a list of words", f"write `{key}: [ONE, TWO]`", where)
    return tuple(value)


def _check_norm(name: str, where: str, law: Law, on: date) -> None:
    """Raises: BrightlineError unless the norm is in force on the day somewhere."""
    versions = list(_versions(name, law))
    if not versions:
        known = {norm.id for authority in law.everything() for norm in authority.norms}
        advice = near_misses(name, known, "write `AUTHORITY#NORM` as `brightline answer --json` does")
        raise _wrong(f"there is no norm {shown(name)}", advice, where)
    if not any(holds.on(on) and own.on(on) for holds, own in versions):
        raise _wrong(f"the norm {shown(name)} is not in force on {on}", "cite the law that is in force", where)


def _versions(name: str, law: Law) -> Iterator[tuple[Any, Any]]:
    for authority in law.everything():
        for norm in authority.norms:
            if norm.id == name:
                yield authority.in_force, norm.in_force


def _wrong(message: str, help: str, where: str) -> BrightlineError:
    return BrightlineError("guard-basis", message, help, where)
