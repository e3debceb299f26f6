"""What is to become of columns: what was asked for by name, what follows from a tag, what a basis permits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from brightline.guard.basis import Declaration
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.yamlfile import load_yaml

__all__ = ["CHOICES", "Policy", "read_policy"]

CHOICES = ("pass", "drop", "mask")
_FIELDS = ("on-status", "on-review", "columns")


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of columns.

    `choices` are by name or glob: `pass`, `drop` or `mask`. `not_status` says why a column that looks like status is
    none; its texts are read all the same. `on_status` is what becomes of columns that are tagged, `on_review` of
    weak proxies. `basis` are the declarations that hold today.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    not_status: Mapping[str, str] = field(default_factory=dict)
    on_status: str = "drop"
    on_review: str = "pass"
    basis: tuple[Declaration, ...] = ()

    def choice(self, path: Sequence[str]) -> str:
        """What was asked for a column or key, or nothing. Raises: BrightlineError where two globs disagree."""
        return _named(self.choices, path)

    def reason(self, path: Sequence[str]) -> str:
        """Why a column that looks like status is none, where that is declared."""
        return _named(self.not_status, path)

    def norm(self, label: str, places: Sequence[str]) -> str:
        """The norm under which a class may leave in one of these places, or nothing."""
        return next((d.norm for d in self.basis if label in d.covers and _covers(d, places)), "")

    def with_choices(self, choices: Mapping[str, str]) -> Policy:
        """The same, with what was asked for on the command line; it may not contradict the file."""
        for name, choice in choices.items():
            if self.choices.get(name, choice) != choice:
                raise _wrong(f"{shown(name)} is to {choice} here and to {self.choices[name]} in the policy", "--policy")
        return replace(self, choices={**self.choices, **choices})

    def check_names(self, paths: Sequence[Sequence[str]], file: str) -> None:
        """Raises: BrightlineError `guard-column` for a name that no column has: a slip of the pen would let it out."""
        for name in (*self.choices, *self.not_status):
            if not any(_fits(name, path) for path in paths):
                known = [".".join(path) for path in paths[:500]]
                advice = near_misses(name, known, "name a column of the input, or a glob such as `*_notes`")
                raise BrightlineError("guard-column", f"there is no column {shown(name)}", advice, file)


def _covers(declaration: Declaration, places: Sequence[str]) -> bool:
    return any(fnmatchcase(place, glob) for place in places for glob in declaration.data)


def _fits(name: str, path: Sequence[str]) -> bool:
    known = _names(path)
    return name in known or any(fnmatchcase(one, name) for one in known)


def _names(path: Sequence[str]) -> tuple[str, ...]:
    """The names of a column or key: with all it is nested in, and alone."""
    return (".".join(path), *path[-1:])


def _named(known: Mapping[str, str], path: Sequence[str]) -> str:
    if not known:
        return ""
    for name in _names(path):
        if name in known:
            return known[name]
    found = {value for name, value in known.items() if _fits(name, path)}
    if len(found) > 1:
        raise _wrong(f"two globs disagree about {shown('.'.join(path))}", "--policy")
    return next(iter(found), "")


def _wrong(message: str, where: str, help: str = "see docs/reference/guard-egress.md") -> BrightlineError:
    return BrightlineError("guard-policy", message, help, where)


def read_policy(path: Path) -> Policy:
    """The policy of a YAML file. Raises: BrightlineError `guard-policy` for one of the wrong form."""
    found = load_yaml(path, path.name)
    if not isinstance(found, Mapping):
        raise _wrong("it is not a mapping", path.name)
    for key in found:
        if key not in _FIELDS:
            raise _wrong(f"unknown field {shown(key)}", path.name, near_misses(key, _FIELDS))
    columns = found.get("columns") or {}
    if not isinstance(columns, Mapping):
        raise _wrong("`columns` is not a mapping", path.name, "write `columns:` and below it `NAME: drop`")
    choices = {str(name): _choice(value, str(name), path.name) for name, value in columns.items()}
    reasons = {str(name): str(value["pass"]) for name, value in columns.items() if isinstance(value, Mapping)}
    return Policy(choices, reasons, _default(found, "on-status", path.name), _default(found, "on-review", path.name))


def _default(found: Mapping[str, Any], key: str, file: str) -> str:
    known = ("drop", "mask") if key == "on-status" else CHOICES
    value = found.get(key, "drop" if key == "on-status" else "pass")
    if value not in known:
        raise _wrong(f"`{key}` cannot be {shown(value)}", file, f"known: {', '.join(known)}")
    return str(value)


def _choice(value: Any, name: str, file: str) -> str:
    """`drop`, `mask`, `pass`, or `{pass: REASON}` for what looks like status and is none."""
    if isinstance(value, Mapping):
        if list(value) == ["pass"] and isinstance(value["pass"], str) and value["pass"].strip():
            return "pass"
    elif value in CHOICES:
        return str(value)
    help = "write `drop`, `mask`, `pass`, or `{pass: WHY IT IS NOT STATUS}`"
    raise _wrong(f"what is to become of {shown(name)} cannot be read", file, help)
