"""Reading the vocabulary and the jurisdiction files into one `Vocabulary`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import Scope, parse
from brightline.law.rows import SEE_VOCABULARY, check_name, expected, is_day, mapping, optional, tables, texts
from brightline.law.vocabulary import (
    UNDECIDED,
    Action,
    Contradiction,
    Derivation,
    Expression,
    Fact,
    InPlay,
    Jurisdiction,
    Modality,
    Offer,
    Presumption,
    Profile,
    Rank,
    Reading,
    Vocabulary,
    prefixes,
)
from brightline.law.yamlfile import Listing, Table

__all__ = ["build_vocabulary", "extended", "scope_at"]

_FACT_FIELDS = (
    "name",
    "group",
    "type",
    "values",
    "value_notes",
    "handling",
    "question",
    "unit",
    "presumed",
    "derived",
    "note",
)
_SECTIONS = (
    "facts", "actions", "value_sets", "definitions", "readings", "profiles", "in_play", "contradictions", "offered",
)  # fmt: skip
_LISTS = ("in_play", "contradictions", "offers")
_ROOT_SECTIONS = (
    *_SECTIONS, "version", "groups", "modalities", "ranks", "deadline_units", "deadline_excludes", "deadline_rolls",
)  # fmt: skip
_KINDS = ("bool", "enum", "int", "datetime", "date")


def scope_at(vocabulary: Vocabulary, path: str, local: Mapping[str, Expression] | None = None) -> Scope:
    """The names that a law file in a folder may use: the root's, its jurisdictions', and its own definitions."""
    folders = {"", *prefixes(path)} if path else {""}
    definitions: dict[str, Expression] = {}
    value_sets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for folder in sorted(folders, key=len):
        if folder in vocabulary.jurisdictions:
            definitions.update(vocabulary.jurisdictions[folder].definitions)
            value_sets.update(vocabulary.jurisdictions[folder].value_sets)
    definitions.update(local or {})
    return Scope({n: f for n, f in vocabulary.facts.items() if f.scope in folders}, definitions, value_sets)


class _Draft:
    """The vocabulary while its files are being added, the widest folder first."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.actions: dict[str, Action] = {}
        self.readings: dict[str, Reading] = {}
        self.profiles: dict[str, Profile] = {}
        self.in_play: list[InPlay] = []
        self.contradictions: list[Contradiction] = []
        self.jurisdictions: dict[str, Jurisdiction] = {}
        self.modalities: dict[str, Modality] = {}
        self.ranks: dict[str, Rank] = {}
        self.units: tuple[str, ...] = ()
        self.excludes: tuple[str, ...] = ()
        self.rolls: tuple[str, ...] = ()
        self.offers: list[Offer] = []

    def finished(self) -> Vocabulary:
        return Vocabulary(
            self.facts, self.actions, self.modalities, self.ranks, self.readings, self.profiles, self.units,
            self.excludes, tuple(self.in_play), tuple(self.contradictions), self.jurisdictions,
            self.rolls, tuple(self.offers),
        )  # fmt: skip


def build_vocabulary(files: list[tuple[str, Any]]) -> Vocabulary:
    """The vocabulary of parsed files, given as (folder, content) with the root's folder empty.

    Raises: BrightlineError at the first thing that cannot be understood.
    """
    draft = _Draft()
    for folder, content in sorted(files, key=lambda pair: (pair[0].count("/") + bool(pair[0]), pair[0])):
        _add(draft, folder, content)
    return draft.finished()


def _add(draft: _Draft, folder: str, content: Any) -> None:
    table = _table(content, "the vocabulary file")
    table.reject_unknown((*_ROOT_SECTIONS, "jurisdiction", "name", "note"), "a vocabulary file")
    if folder and table.get("jurisdiction") != folder:
        raise BrightlineError(
            "jurisdiction",
            f"{shown(table.get('jurisdiction'))} is not this folder",
            f"write `jurisdiction: {folder}`",
            table.where("jurisdiction"),
        )
    if not folder:
        _add_root(draft, table)
    _add_words(draft, folder, table)


def extended(vocabulary: Vocabulary, folder: str, table: Table) -> Vocabulary:
    """The vocabulary with the words of one more file, seen in and below a folder.

    Raises: BrightlineError at the first thing that cannot be understood.
    """
    draft = _Draft()
    for name in vars(draft):
        held = getattr(vocabulary, name)
        setattr(
            draft,
            name,
            dict(held) if isinstance(held, Mapping) else list(held) if name in _LISTS else held,
        )
    _add_words(draft, folder, table)
    return draft.finished()


def _add_words(draft: _Draft, folder: str, table: Table) -> None:
    _each(table, "facts", lambda row: _add_fact(draft, folder, row))
    _each(table, "actions", lambda row: _add_action(draft, folder, row))
    known = draft.jurisdictions.get(folder, Jurisdiction(folder))
    sets = dict(known.value_sets)
    draft.jurisdictions[folder] = Jurisdiction(folder, known.definitions, sets)
    _each(table, "value_sets", lambda row: _add_set(draft, row, sets))
    visible = scope_at(draft.finished(), folder).value_sets
    for fact in [f for f in draft.facts.values() if f.scope == folder and f.presumed_name and f.presumed is None]:
        draft.facts[fact.name] = _with_set_presumed(fact, visible, table)
    definitions = {**known.definitions, **_definitions(draft, folder, table)}
    draft.jurisdictions[folder] = Jurisdiction(folder, definitions, sets)
    _each(table, "readings", lambda row: _add_reading(draft, row))
    _each(table, "profiles", lambda row: _add_profile(draft, row))
    scope = scope_at(draft.finished(), folder)
    _each(
        table,
        "in_play",
        lambda row: draft.in_play.append(
            InPlay(parse(_text(row, "when"), scope, row.where("when")), _known_actions(draft, row))
        ),
    )
    _each(
        table,
        "contradictions",
        lambda row: draft.contradictions.append(
            Contradiction(parse(_text(row, "when"), scope, row.where("when")), _text(row, "says"))
        ),
    )
    _each(table, "offered", lambda row: draft.offers.append(_offer(draft, row, scope)))


def _add_root(draft: _Draft, table: Table) -> None:
    draft.units, draft.excludes = texts(table, "deadline_units"), texts(table, "deadline_excludes")
    draft.rolls = texts(table, "deadline_rolls")
    for row in tables(table, "modalities"):
        name = _text(row, "name")
        if "norm" in texts(row, "use"):
            draft.modalities[name] = Modality(name, optional(row, "answer_as", name), optional(row, "meaning"))
    for row in tables(table, "ranks"):
        name = _text(row, "name")
        draft.ranks[name] = Rank(name, expected(row, "level", int, "a whole number"), optional(row, "meaning"))


def _each(table: Table, section: str, add: Callable[[Table], None]) -> None:
    rows = table.get(section)
    if rows is None or section == "definitions":
        return
    if not isinstance(rows, Listing):
        raise BrightlineError(
            "vocabulary", f"`{section}` must be a list", "start each entry with `- `", table.where(section)
        )
    for index, row in enumerate(rows):
        add(_table(row, f"an entry of `{section}`", rows.where(index)))


def _table(value: Any, what: str, where: str = "") -> Table:
    if not isinstance(value, Table):
        raise BrightlineError("vocabulary", f"{what} must be a mapping", "write `name: value` lines", where)
    return value


def _text(row: Table, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BrightlineError("vocabulary", f"`{key}` is missing or is not text", f"write `{key}: ...`", row.where(key))
    return value


def _add_fact(draft: _Draft, folder: str, row: Table) -> None:
    row.reject_unknown(_FACT_FIELDS, "a fact")
    name, kind = _text(row, "name"), _text(row, "type")
    if name in draft.facts:
        raise BrightlineError("vocabulary", f"the fact `{name}` is defined twice", "keep one", row.where("name"))
    if kind not in _KINDS:
        raise BrightlineError(
            "vocabulary",
            f"{shown(kind)} is not a type of fact",
            near_misses(kind, _KINDS, SEE_VOCABULARY),
            row.where("type"),
        )
    check_name(name, "a fact", row.where("name"))
    values = texts(row, "values")
    for value in values:
        check_name(value, f"a value of `{name}`", row.where("values"))
    if bool(values) != (kind == "enum") or len(set(values)) != len(values):
        raise BrightlineError(
            "vocabulary",
            f"`{name}` must have values if it is an enum, each once, and none if it is not",
            "write `values: [...]`",
            row.where("values"),
        )
    if row.get("handling") not in ("recordable", "transient"):
        raise BrightlineError(
            "vocabulary",
            f"`{name}` must say `handling: recordable` or `handling: transient`",
            "a fact that reveals immigration status is transient",
            row.where("handling"),
        )
    fact = Fact(
        name, optional(row, "group"), kind, row["handling"], _text(row, "question"), values,
        optional(row, "unit"), _notes(row), scope=folder, derived=_derivation(row),
    )  # fmt: skip
    draft.facts[name] = _with_presumption(fact, row)


def _notes(row: Table) -> dict[str, str]:
    notes = mapping(row, "value_notes")
    return {name: _text(notes, name) for name in notes}


def _derivation(row: Table) -> Derivation | None:
    if row.get("derived") is None:
        return None
    table = mapping(row, "derived")
    return Derivation(
        _text(table, "from"),
        _text(table, "to"),
        _text(table, "unit"),
        texts(table, "excludes"),
        optional(table, "calendar"),
    )


def _with_presumption(fact: Fact, row: Table) -> Fact:
    if row.get("presumed") is None:
        return fact
    table = mapping(row, "presumed")
    because = _text(table, "because")
    if "at_most" in table and fact.kind == "int":
        most = expected(table, "at_most", int, "a whole number")
        return replace(fact, presumed=Presumption(because, at_most=most), presumed_name=f"at most {most}")
    if "not_in" in table and fact.kind == "enum":
        return replace(fact, presumed_name=f"not in {_text(table, 'not_in')}", notes={**fact.notes, "": because})
    value: Any = table.get("value")
    if not _in_domain(value, fact):
        raise BrightlineError(
            "unknown-value",
            f"{shown(value)} is not a value of `{fact.name}`",
            near_misses(value, map(str, fact.domain), SEE_VOCABULARY),
            row.where("presumed"),
        )
    return replace(fact, presumed=Presumption(because, (value,)), presumed_name=str(value).lower())


def _in_domain(value: object, fact: Fact) -> bool:
    """Tell whether a fact may have a value. A 0 is not a `false` here, though Python says they are equal."""
    if fact.kind == "int":
        return type(value) is int
    return type(value) in (bool, str) and value in fact.domain


def _with_set_presumed(fact: Fact, sets: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], table: Table) -> Fact:
    named = fact.presumed_name.removeprefix("not in ")
    if named not in sets:
        raise BrightlineError(
            "unknown-name",
            f"the presumption of `{fact.name}` names the unknown set {shown(named)}",
            near_misses(named, sets, SEE_VOCABULARY),
            table.where("facts"),
        )
    kept = tuple(v for v in fact.values if v not in sets[named][1])
    notes = {k: v for k, v in fact.notes.items() if k}
    return replace(fact, presumed=Presumption(fact.notes[""], kept), notes=notes)


def _add_action(draft: _Draft, folder: str, row: Table) -> None:
    name = _text(row, "name")
    if name in draft.actions:
        raise BrightlineError("vocabulary", f"the action `{name}` is defined twice", "keep one", row.where("name"))
    draft.actions[name] = Action(name, _text(row, "kind"), _text(row, "meaning"), folder)


def _add_set(draft: _Draft, row: Table, sets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    of_names, values = texts(row, "of"), texts(row, "values")
    for name in of_names:
        if name not in draft.facts:
            raise BrightlineError(
                "unknown-name",
                f"unknown fact {shown(name)}",
                near_misses(name, draft.facts, SEE_VOCABULARY),
                row.where("of"),
            )
    known = {v for name in of_names for v in draft.facts[name].domain}
    for value in values:
        if value not in known:
            raise BrightlineError(
                "unknown-value",
                f"{shown(value)} is not a value of {', '.join(of_names)}",
                near_misses(value, map(str, known), SEE_VOCABULARY),
                row.where("values"),
            )
    check_name(_text(row, "name"), "a set of values", row.where("name"))
    sets[row["name"]] = (of_names, values)


def _definitions(draft: _Draft, folder: str, table: Table) -> dict[str, Expression]:
    found: dict[str, Expression] = {}
    entries = mapping(table, "definitions")
    for name in entries:
        if name in draft.facts or name in draft.readings:
            raise BrightlineError(
                "vocabulary",
                f"the definition `{name}` has the name of a {'fact' if name in draft.facts else 'reading'}",
                "choose another name",
                entries.where(name),
            )
        check_name(name, "a definition", entries.where(name))
        found[name] = parse(_text(entries, name), scope_at(draft.finished(), folder, found), entries.where(name))
    return found


def _add_reading(draft: _Draft, row: Table) -> None:
    name, values = _text(row, "name"), texts(row, "values")
    if name in draft.readings:
        raise BrightlineError("vocabulary", f"the reading `{name}` is defined twice", "keep one", row.where("name"))
    if any(name in jurisdiction.definitions for jurisdiction in draft.jurisdictions.values()):
        raise BrightlineError(
            "vocabulary",
            f"the reading `{name}` has the name of a definition",
            "choose another name for the definition",
            row.where("name"),
        )
    if row.get("default") not in values or len(values) < 2:
        raise BrightlineError(
            "vocabulary",
            f"the reading `{name}` needs two values or more and a default among them",
            "a question with one answer is a norm",
            row.where("default"),
        )
    draft.readings[name] = Reading(name, _text(row, "applies_to"), values, row["default"], _text(row, "issue"))


def _add_profile(draft: _Draft, row: Table) -> None:
    row.reject_unknown(
        ("id", "name", "facts", "readings", "federal_circuit", "time_zone", "since", "note"), "a profile"
    )
    name = _text(row, "id")
    if name in draft.profiles:
        raise BrightlineError("vocabulary", f"the profile `{name}` is defined twice", "keep one", row.where("id"))
    facts = mapping(row, "facts")
    for key, value in facts.items():
        if key not in draft.facts:
            raise BrightlineError(
                "unknown-name",
                f"unknown fact {shown(key)}",
                near_misses(key, draft.facts, SEE_VOCABULARY),
                facts.where(key),
            )
        if not _in_domain(value, draft.facts[key]):
            raise BrightlineError(
                "unknown-value",
                f"{shown(value)} is not a value of `{key}`",
                near_misses(value, map(str, draft.facts[key].domain), SEE_VOCABULARY),
                facts.where(key),
            )
    readings = mapping(row, "readings")
    for key, value in readings.items():
        if key not in draft.readings or value not in (*draft.readings[key].values, UNDECIDED):
            raise BrightlineError(
                "unknown-name",
                f"unknown reading {shown(key)} or value {shown(value)}",
                near_misses(key, draft.readings, SEE_VOCABULARY),
                readings.where(key),
            )
    draft.profiles[name] = Profile(
        name,
        _text(row, "name"),
        dict(facts),
        dict(readings),
        _circuit(row),
        optional(row, "time_zone"),
        optional(row, "note"),
        _since(row, {*facts, *readings}),
    )


def _circuit(row: Table) -> int | None:
    return (
        None
        if row.get("federal_circuit") is None
        else int(expected(row, "federal_circuit", int, "the number of a federal circuit"))
    )


def _since(row: Table, known: set[str]) -> dict[str, date]:
    entries = mapping(row, "since")
    for key, day in entries.items():
        if key not in known or not is_day(day):
            raise BrightlineError(
                "vocabulary",
                f"`since` dates the profile's own facts and readings; {shown(key)} is not one, or has no date",
                "write `since: {fact: 2017-09-01}`",
                row.where("since"),
            )
    return dict(entries)


def _offer(draft: _Draft, row: Table, scope: Scope) -> Offer:
    row.reject_unknown(("fact", "values", "says"), "an entry of `offered`")
    name, values = _text(row, "fact"), mapping(row, "values")
    enums = [fact.name for fact in draft.facts.values() if fact.kind == "enum"]
    if name not in enums:
        message = f"{shown(name)} is not a fact with values"
        raise BrightlineError("unknown-name", message, near_misses(name, enums, SEE_VOCABULARY), row.where("fact"))
    for value in values:
        if value not in draft.facts[name].values:
            raise BrightlineError(
                "unknown-value",
                f"{shown(value)} is not a value of `{name}`",
                near_misses(value, draft.facts[name].values, SEE_VOCABULARY),
                values.where(value),
            )
    offered = {value: parse(_text(values, value), scope, values.where(value)) for value in values}
    return Offer(name, offered, _text(row, "says"))


def _known_actions(draft: _Draft, row: Table) -> tuple[str, ...]:
    names = texts(row, "actions")
    for name in names:
        if name not in draft.actions:
            raise BrightlineError(
                "unknown-name",
                f"unknown action {shown(name)}",
                near_misses(name, draft.actions, SEE_VOCABULARY),
                row.where("actions"),
            )
    return names
