"""The lexicon of fields, read once from `packs/fields.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from brightline.guard.schemas.expressions import Expressions, Kinds
from brightline.law.errors import BrightlineError, shown
from brightline.law.yamlfile import load_yaml

__all__ = ["Answer", "Concept", "Context", "Duty", "Lexicon", "Trap", "read_lexicon"]

FIELDS = Path(__file__).parent.parent / "packs" / "fields.yaml"


@dataclass(frozen=True)
class Trap:
    """The same words meaning something else. `silences` are kinds of words; without any, what it matched."""

    name: str
    why: str
    where: str
    least: int
    says: Expressions
    but: Expressions
    silences: re.Pattern[str] | None


@dataclass(frozen=True)
class Context:
    """What stands round a field."""

    name: str
    why: str
    where: str
    says: Expressions


@dataclass(frozen=True)
class Concept:
    """What makes a field one that collects status.

    `guess` are names that say so only where no label, comment or choice says otherwise. `needs`: each inner tuple is a
    choice of contexts.
    """

    name: str
    label: str
    severity: str
    why: str
    together: tuple[tuple[str, ...], ...]
    says: Expressions
    names: Expressions
    labels: Expressions
    guess: Expressions
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """Choices and sampled values that betray a field."""

    name: str
    label: str
    why: str
    sure: Expressions
    two: Expressions
    enough: Expressions
    field_name: Expressions
    codes: frozenset[str]
    shapes: tuple[re.Pattern[str], ...]
    needs: tuple[tuple[str, ...], ...]
    unless_of_things: bool

    @property
    def is_named(self) -> bool:
        """Whether it counts only under a name of a kind."""
        return bool(self.field_name)


@dataclass(frozen=True)
class Duty:
    """Law that may require a field. `evidence` says how its text was checked: `read`, `memory`; empty without a citation."""

    name: str
    why: str
    cites: str
    evidence: str
    says: Expressions


@dataclass(frozen=True)
class Lexicon:
    """Everything by which a field is judged."""

    kinds: Kinds
    traps: tuple[Trap, ...]
    contexts: Mapping[str, Context]
    concepts: tuple[Concept, ...]
    answers: tuple[Answer, ...]
    things: Expressions
    disclaimers: Expressions
    duties: tuple[Duty, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        """The words into which a run-together identifier may be parted."""
        return self.kinds.vocabulary


@lru_cache(maxsize=4)
def read_lexicon(path: Path = FIELDS) -> Lexicon:
    """The lexicon of a file, the shipped one by default. Raises: BrightlineError `pack`."""
    return _Reader(load_yaml(path, path.name), path.name).lexicon()


class _Reader:
    def __init__(self, table: Any, label: str) -> None:
        self.label = label
        if not isinstance(table, dict):
            raise self.wrong("the file is not a mapping")
        self.table = table
        self.kinds = Kinds(
            {
                name: (self.words(kind, "words"), self.words(kind, "short"))
                for name, kind in self.table.get("words", {}).items()
            }
        )

    def words(self, kind: Any, key: str) -> tuple[str, ...]:
        """The words of a list. YAML reads some plain words as truth values; they are to stand in quotes."""
        listed = kind.get(key, ())
        if not all(isinstance(one, str) for one in listed):
            raise self.wrong(f"a word of {shown(key)} is no word", kind.where(key))
        return tuple(listed)

    def wrong(self, message: str, where: str = "") -> BrightlineError:
        return BrightlineError("pack", message, "see the head of packs/fields.yaml", where or self.label)

    def lexicon(self) -> Lexicon:
        listed = self.table.get
        return Lexicon(
            self.kinds,
            tuple(map(self.trap, listed("traps", ()))),
            {entry["context"]: self.context(entry) for entry in listed("contexts", ())},
            tuple(map(self.concept, listed("concepts", ()))),
            tuple(map(self.answer, listed("answers", ()))),
            self.expressions(self.table, "choices-of-things"),
            self.expressions(self.table, "disclaimers"),
            tuple(map(self.duty, listed("duties", ()))),
        )

    def expressions(self, entry: Any, key: str) -> Expressions:
        try:
            return Expressions(tuple(map(str, entry.get(key, ()))), self.kinds)
        except (re.error, KeyError) as error:
            where = entry.where(key) if hasattr(entry, "where") else ""
            raise self.wrong(f"an expression of {shown(key)} cannot be read: {shown(error)}", where) from None

    def trap(self, entry: Any) -> Trap:
        silenced = "|".join(self.kinds.pattern(kind, True) for kind in entry.get("silences", ()))
        return Trap(
            entry["trap"],
            entry.get("why", ""),
            entry.get("where", "field"),
            int(entry.get("least", 1)),
            self.expressions(entry, "says"),
            self.expressions(entry, "but"),
            re.compile(rf"\b(?:{silenced})\b") if silenced else None,
        )

    def context(self, entry: Any) -> Context:
        return Context(
            entry["context"], entry.get("why", ""), entry.get("where", "field"), self.expressions(entry, "says")
        )

    def concept(self, entry: Any) -> Concept:
        return Concept(
            entry["concept"],
            entry["label"],
            entry.get("severity", "prohibited"),
            entry["why"],
            tuple(tuple(part.strip() for part in line.split("+")) for line in entry.get("together", ())),
            self.expressions(entry, "says"),
            self.expressions(entry, "names"),
            self.expressions(entry, "labels"),
            self.expressions(entry, "guess"),
            self.choices(entry.get("needs", ()), entry),
            self.named(entry.get("unless", ()), entry),
        )

    def answer(self, entry: Any) -> Answer:
        return Answer(
            entry["answer"],
            entry["label"],
            entry["why"],
            self.expressions(entry, "sure"),
            self.expressions(entry, "two"),
            self.expressions(entry, "enough"),
            self.expressions(entry, "name"),
            frozenset(map(str, entry.get("codes", ()))),
            tuple(re.compile(shape) for shape in entry.get("shapes", ())),
            self.choices(entry.get("needs", ()), entry),
            bool(entry.get("unless")),
        )

    def duty(self, entry: Any) -> Duty:
        return Duty(
            entry["duty"],
            entry["why"],
            entry.get("cites", ""),
            entry.get("evidence", ""),
            self.expressions(entry, "says"),
        )

    def choices(self, listed: Any, entry: Any) -> tuple[tuple[str, ...], ...]:
        return tuple(self.named(part if isinstance(part, list) else [part], entry) for part in listed)

    def named(self, names: Any, entry: Any) -> tuple[str, ...]:
        known = {context["context"] for context in self.table.get("contexts", ())}
        for name in names:
            if name not in known:
                raise self.wrong(f"there is no context {shown(name)}", entry.where())
        return tuple(names)
