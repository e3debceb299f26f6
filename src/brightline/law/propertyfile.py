"""Property files: statements about the law that must hold, in the language of conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.evaluate import ANSWERS
from brightline.law.expressions import parse
from brightline.law.library import Law
from brightline.law.rows import expected, is_day, texts
from brightline.law.vocabulary import Expression, Vocabulary
from brightline.law.vocabularyfile import scope_at
from brightline.law.yamlfile import Listing, Table, load_yaml

__all__ = [
    "PROPERTY_FIELDS",
    "Property",
    "condition_for",
    "profiles_of",
    "property_files",
    "read_properties",
    "rests_on",
]

PROPERTY_FIELDS = ("id", "says", "profiles", "on", "action", "when", "never", "only", "by", "readings", "strict")
ANY = "any"
EVERY_ACTION = "*"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class Property:
    """Something that must hold of the law. `barred` are the answers that the action may never get where `when` is true.

    `profiles` are paths, or paths ending in `/*` for a profile and all below it; `by` limits it to answers that rest
    on these norms or authorities; `readings` are chosen for it, or are `any`: it must hold under each.
    """

    id: str
    says: str
    profiles: tuple[str, ...]
    on: tuple[date, ...]
    actions: tuple[str, ...]
    when: str
    barred: tuple[str, ...]
    by: tuple[str, ...]
    readings: Mapping[str, str] | str
    strict: bool
    where: str


def property_files(root: Path) -> list[Path]:
    """The property files that come with a corpus."""
    return sorted((root / "properties").glob("*.yaml"))


def read_properties(path: Path, law: Law, name: str = "") -> list[Property]:
    """The properties of a file. Raises: BrightlineError with the file and line of the first that cannot be used."""
    content = load_yaml(path, name)
    label = name or str(path)
    if isinstance(content, Table):
        content.reject_unknown(("must_hold",), "a property file")
        content = content.get("must_hold")
    if not isinstance(content, Listing):
        raise BrightlineError(
            "property-file",
            "a property file is a list under `must_hold`",
            "start each property with `- id: ...`",
            label,
        )
    found = [_PropertyParser(row, content.where(i), law).parsed() for i, row in enumerate(content)]
    for number, one in enumerate(found):
        if one.id in {other.id for other in found[:number]}:
            raise BrightlineError(
                "property-file", f"the property {shown(one.id)} is written twice", "give each its own id", one.where
            )
    return found


class _PropertyParser:
    def __init__(self, row: Any, where: str, law: Law) -> None:
        if not isinstance(row, Table):
            raise BrightlineError("property-file", "a property is a mapping", "start it with `- id: ...`", where)
        row.reject_unknown(PROPERTY_FIELDS, "a property")
        self.row, self.where, self.law = row, where, law

    def parsed(self) -> Property:
        row, short = self.row, str(expected(self.row, "id", str, "text"))
        if not _ID.match(short):
            raise self.malformed("id", f"{shown(short)} is not an id", "use small letters, digits and hyphens")
        strict = row.get("strict", True)
        if not isinstance(strict, bool):
            raise BrightlineError(
                "type", "`strict` must be true or false", "leave it out to presume nothing", row.where("strict")
            )
        says = " ".join(str(expected(row, "says", str, "text")).split())
        when = row.get("when", True)
        if not isinstance(when, (str, bool)):
            raise BrightlineError(
                "type", "`when` must be a condition", "see Conditions in docs/reference/law-files.md", row.where("when")
            )
        found = Property(
            short,
            says,
            self.profiles(),
            self.days(),
            self.actions(),
            str(when),
            self.barred(),
            self.by(),
            self.readings(),
            strict,
            self.where,
        )
        for profile in profiles_of(found, self.law.vocabulary):
            condition_for(found, self.law.vocabulary, profile)
        return found

    def malformed(self, key: str, message: str, help: str) -> BrightlineError:
        return BrightlineError("property-file", message, help, self.row.where(key))

    def words(self, key: str, what: str) -> tuple[str, ...]:
        found = texts(self.row, key)
        if not found:
            raise BrightlineError(
                "missing-field", f"a property names {what} in `{key}`", f"write `{key}: [...]`", self.where
            )
        return found

    def profiles(self) -> tuple[str, ...]:
        known = self.law.vocabulary.profiles
        for pattern in self.words("profiles", "its profiles"):
            if not any(_matches(pattern, p) for p in known):
                raise BrightlineError(
                    "unknown-profile",
                    f"unknown profile {shown(pattern)}",
                    near_misses(pattern, known, "run `brightline law show` for the list"),
                    self.row.where("profiles"),
                )
        return texts(self.row, "profiles")

    def days(self) -> tuple[date, ...]:
        value = self.row.get("on")
        days: list[Any] = list(value) if isinstance(value, Listing) else [value]
        if not days or not all(is_day(d) for d in days):
            raise BrightlineError(
                "date",
                "`on` names no dates",
                "write `on: [2026-01-16]`, the dates of the law that it speaks of",
                self.row.where("on"),
            )
        return tuple(days)

    def actions(self) -> tuple[str, ...]:
        names, known = self.words("action", "its action"), self.law.vocabulary.actions
        for name in names:
            if name not in known and name != EVERY_ACTION:
                raise BrightlineError(
                    "unknown-action",
                    f"unknown action {shown(name)}",
                    near_misses(name, known, "see docs/reference/vocabulary.md"),
                    self.row.where("action"),
                )
        return tuple(known) if EVERY_ACTION in names else names

    def barred(self) -> tuple[str, ...]:
        given = [key for key in ("never", "only") if self.row.get(key) is not None]
        if len(given) != 1:
            raise self.malformed(
                "id",
                "a property says either what the answer is `never`, or what it is `only`",
                "write one of `never: [...]` and `only: [...]`",
            )
        named = self.words(given[0], "answers")
        for word in named:
            if word not in ANSWERS:
                raise BrightlineError(
                    "unknown-value",
                    f"{shown(word)} is not an answer",
                    near_misses(word, ANSWERS),
                    self.row.where(given[0]),
                )
        return named if given == ["never"] else tuple(w for w in ANSWERS if w not in named)

    def by(self) -> tuple[str, ...]:
        named, known = texts(self.row, "by"), {n.id for a in self.law.everything() for n in a.norms}
        for name in named:
            if not any(rests_on(n, name) for n in known):
                raise BrightlineError(
                    "unknown-norm",
                    f"unknown norm or authority {shown(name)}",
                    near_misses(
                        name, {*known, *(n.partition("#")[0] for n in known)}, "write authority#id, or authority"
                    ),
                    self.row.where("by"),
                )
        return named

    def readings(self) -> Mapping[str, str] | str:
        value = self.row.get("readings")
        if value is None or value == ANY:
            return ANY if value else {}
        known = self.law.vocabulary.readings
        for name, choice in expected(self.row, "readings", Table, f"`{ANY}` or a mapping of readings").items():
            if name not in known or choice not in known[name].values:
                raise BrightlineError(
                    "unknown-reading",
                    f"unknown reading {shown(f'{name}: {choice}')}",
                    near_misses(str(choice), known[name].values)
                    if name in known
                    else near_misses(name, known, "see docs/reference/vocabulary.md"),
                    value.where(name),
                )
        return dict(value)


def _matches(pattern: str, profile: str) -> bool:
    stem = pattern.removesuffix("/*")
    return profile == stem or (stem != pattern and profile.startswith(stem + "/"))


def rests_on(norm: str, name: str) -> bool:
    """Whether a norm is the one named, or of the authority named."""
    return norm == name or norm.partition("#")[0] == name


def profiles_of(stated: Property, vocabulary: Vocabulary) -> list[str]:
    """The profiles that a property speaks of, in order."""
    return sorted(p for p in vocabulary.profiles if any(_matches(pattern, p) for pattern in stated.profiles))


def condition_for(stated: Property, vocabulary: Vocabulary, profile: str) -> Expression:
    """A property's condition in the words of a profile's jurisdictions. Raises: BrightlineError as `parse` does."""
    return parse(stated.when, scope_at(vocabulary, profile), stated.where)
