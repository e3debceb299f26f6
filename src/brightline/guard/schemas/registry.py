"""The register of what is lawfully kept: which field, for what purpose, under which norm, where, and until when.

It is the file that `guard scan --basis` reads. The linter asks for more of it: retention, and where the field is
isolated. An entry that does not hold is a finding of its own; it permits nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Any

from brightline.guard.schemas.verdict import Verdict
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.yamlfile import load_yaml

__all__ = ["Entry", "Registry", "Remark", "read_registry"]

_FIELDS = ("purpose", "norm", "data", "covers", "expires", "retention", "isolated", "note")
_MUST = ("purpose", "retention", "isolated")


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about an entry of the registry itself."""

    code: str
    place: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One declaration. `data` are globs of `FIELD`, `FILE#FIELD` or `FILE#TABLE.FIELD`."""

    place: str
    purpose: str
    norm: str
    data: tuple[str, ...]
    covers: tuple[str, ...]
    retention: str
    isolated: str
    expires: date | None

    def names(self, verdict: Verdict) -> bool:
        """Whether it speaks of a field."""
        if self.covers and verdict.label not in self.covers:
            return False
        return any(_matches(glob, verdict) for glob in self.data)


def _matches(glob: str, verdict: Verdict) -> bool:
    file, _, field = glob.rpartition("#")
    fields = {verdict.field, f"{verdict.table}.{verdict.field}"}
    if not any(fnmatchcase(one, field) for one in fields):
        return False
    path = verdict.place.partition("#")[0]
    path = PurePath(path.rpartition(":")[0] if path.rpartition(":")[2].isdigit() else path).as_posix()
    return not file or fnmatchcase(path, file) or fnmatchcase(path, f"*/{file}")


@dataclass(frozen=True)
class Registry:
    """The entries of a file, and what is wrong with some of them on a day."""

    entries: tuple[Entry, ...] = ()
    remarks: tuple[Remark, ...] = ()
    broken: frozenset[str] = frozenset()

    def applied(self, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
        """The verdicts, with those that a sound entry declares as permitted with basis."""
        return tuple(self._one(verdict) for verdict in verdicts)

    def _one(self, verdict: Verdict) -> Verdict:
        for entry in self.entries:
            if entry.place not in self.broken and verdict.severity != "review" and entry.names(verdict):
                why = f"{verdict.why}; permitted with basis: {entry.purpose}"
                return replace(verdict, severity="permitted", why=why, norm=entry.norm)
        return verdict

    def unmatched(self, verdicts: Iterable[Verdict]) -> tuple[Remark, ...]:
        """Entries that name no field that was found."""
        verdicts = tuple(verdicts)
        return tuple(
            Remark(
                "registry-unmatched",
                entry.place,
                "the entry matches no field that was found",
                "mend `data`, or take the entry out",
            )
            for entry in self.entries
            if not any(entry.names(verdict) for verdict in verdicts)
        )


def read_registry(path: Path, law: Law, on: date) -> Registry:
    """The registry of a file, judged on a day. Raises: BrightlineError `guard-basis` for one of the wrong form."""
    found = load_yaml(path, str(path))
    rows = found.get("basis") if isinstance(found, Mapping) else None
    if not isinstance(rows, list):
        raise _wrong("there is no list `basis`", "write `basis:` and below it one `- purpose: ...` for each", str(path))
    entries = tuple(
        _entry(row, f"{path}:{rows.lines[i] if hasattr(rows, 'lines') else i + 1}") for i, row in enumerate(rows)
    )
    remarks = tuple(remark for entry in entries for remark in _remarks(entry, law, on))
    return Registry(entries, remarks, frozenset(one.place for one in remarks))


def _entry(row: Any, place: str) -> Entry:
    if not isinstance(row, Mapping):
        raise _wrong("an entry is a mapping", "write `purpose:`, `norm:`, `data:` and so on", place)
    for key in row:
        if key not in _FIELDS:
            raise _wrong(f"unknown field {shown(key)}", near_misses(key, _FIELDS), place)
    expires = row.get("expires")
    if expires is not None and not isinstance(expires, date):
        raise _wrong(f"{shown(expires)} is no date", "write `expires: 2027-06-30`", place)
    data = _words(row.get("data"))
    if not data:
        raise _wrong("`data` is missing", "name fields: `FILE#FIELD`, or a glob", place)
    said = {key: str(row.get(key) or "").strip() for key in ("purpose", "norm", "retention", "isolated")}
    return Entry(
        place,
        said["purpose"],
        said["norm"],
        data,
        _words(row.get("covers")),
        said["retention"],
        said["isolated"],
        expires,
    )


def _words(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in listed if one)


def _wrong(message: str, help: str, place: str) -> BrightlineError:
    return BrightlineError("guard-basis", message, help, place)


def _remarks(entry: Entry, law: Law, on: date) -> Iterator[Remark]:
    yield from _of_norm(entry, law, on)
    missing = [name for name in _MUST if not getattr(entry, name)]
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        advice = "say why, for how long and where it is kept apart"
        yield Remark("registry-incomplete", entry.place, f"the entry lacks {listed}", advice)
    if entry.expires is None:
        yield Remark("registry-no-expiry", entry.place, "the entry has no last day", "write `expires: 2027-06-30`")
    elif entry.expires < on:
        said = f"the entry ended on {entry.expires}"
        yield Remark("registry-expired", entry.place, said, "renew it, or take the field out")


def _of_norm(entry: Entry, law: Law, on: date) -> Iterator[Remark]:
    if not entry.norm:
        yield Remark("registry-uncited", entry.place, "the entry cites no norm", "name one of `brightline law show`")
        return
    versions = [(one, norm) for one in law.everything() for norm in one.norms if norm.id == entry.norm]
    if not versions:
        known = {norm.id for one in law.everything() for norm in one.norms}
        advice = near_misses(entry.norm, known, "see `brightline law show`")
        yield Remark("registry-unknown-norm", entry.place, f"there is no norm {shown(entry.norm)}", advice)
    elif not any(one.in_force.on(on) and norm.in_force.on(on) for one, norm in versions):
        said = f"the norm {shown(entry.norm)} is not in force on {on}"
        yield Remark("registry-norm-not-in-force", entry.place, said, "cite the law that is in force")
