"""Reading the vocabulary and the jurisdiction files into one `Vocabulary`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import Scope, parse
from brightline.law.vocabulary import (
    Action,
    Contradiction,
    Derivation,
    Expression,
    Fact,
    InPlay,
    Jurisdiction,
    Modality,
    Presumption,
    Profile,
    Rank,
    Reading,
    Value,
    Vocabulary,
    prefixes,
)
from brightline.law.yamlfile import Listing, Table

__all__ = ["build_vocabulary", "scope_at"]

_FACT_FIELDS = ("name", "group", "type", "values", "value_notes", "handling", "question", "unit", "presumed", "derived", "note")
_SECTIONS = ("facts", "actions", "value_sets", "definitions", "readings", "profiles", "in_play", "contradictions")
_ROOT_SECTIONS = (*_SECTIONS, "version", "groups", "modalities", "ranks", "deadline_units", "deadline_excludes")
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

    def finished(self) -> Vocabulary:
        return Vocabulary(
            self.facts, self.actions, self.modalities, self.ranks, self.readings, self.profiles, self.units,
            self.excludes, tuple(self.in_play), tuple(self.contradictions), self.jurisdictions,
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
        raise BrightlineError("jurisdiction", f"{shown(table.get('jurisdiction'))} is not this folder", f"write `jurisdiction: {folder}`", table.where("jurisdiction"))
    if not folder:
        _add_root(draft, table)
    _each(table, "facts", lambda row: _add_fact(draft, folder, row))
    _each(table, "actions", lambda row: _add_action(draft, folder, row))
    draft.jurisdictions[folder] = Jurisdiction(folder)
    sets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    draft.jurisdictions[folder] = Jurisdiction(folder, {}, sets)
    _each(table, "value_sets", lambda row: _add_set(draft, row, sets))
    for fact in list(draft.facts.values()):
        if fact.presumed_name and fact.presumed is None:
            draft.facts[fact.name] = _with_set_presumed(fact, sets)
    definitions = _definitions(draft, folder, table)
    draft.jurisdictions[folder] = Jurisdiction(folder, definitions, sets)
    _each(table, "readings", lambda row: _add_reading(draft, row))
    _each(table, "profiles", lambda row: _add_profile(draft, row))
    scope = scope_at(draft.finished(), folder)
    _each(table, "in_play", lambda row: draft.in_play.append(InPlay(parse(_text(row, "when"), scope, row.where("when")), _known_actions(draft, row))))
    _each(table, "contradictions", lambda row: draft.contradictions.append(Contradiction(parse(_text(row, "when"), scope, row.where("when")), _text(row, "says"))))


def _add_root(draft: _Draft, table: Table) -> None:
    draft.units = tuple(table.get("deadline_units") or ())
    draft.excludes = tuple(table.get("deadline_excludes") or ())
    for row in table.get("modalities") or ():
        name = _text(row, "name")
        if "norm" in (row.get("use") or ()):
            draft.modalities[name] = Modality(name, row.get("answer_as", name), row.get("meaning", ""))
    for row in table.get("ranks") or ():
        draft.ranks[row["name"]] = Rank(row["name"], row["level"], row.get("meaning", ""))


def _each(table: Table, section: str, add: Callable[[Table], None]) -> None:
    rows = table.get(section)
    if rows is None or section == "definitions":
        return
    if not isinstance(rows, Listing):
        raise BrightlineError("vocabulary", f"`{section}` must be a list", "start each entry with `- `", table.where(section))
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
        raise BrightlineError("vocabulary", f"{shown(kind)} is not a type of fact", near_misses(kind, _KINDS), row.where("type"))
    if row.get("handling") not in ("recordable", "transient"):
        raise BrightlineError("vocabulary", f"`{name}` must say `handling: recordable` or `handling: transient`", "a fact that reveals immigration status is transient", row.where("handling"))
    fact = Fact(
        name, row.get("group", ""), kind, row["handling"], _text(row, "question"), tuple(row.get("values") or ()),
        row.get("unit", ""), dict(row.get("value_notes") or {}), scope=folder, derived=_derivation(row),
    )  # fmt: skip
    draft.facts[name] = _with_presumption(fact, row)


def _derivation(row: Table) -> Derivation | None:
    table = row.get("derived")
    if not table:
        return None
    return Derivation(table["from"], table["to"], table["unit"], tuple(table.get("excludes") or ()), table.get("calendar", ""))


def _with_presumption(fact: Fact, row: Table) -> Fact:
    table = row.get("presumed")
    if table is None:
        return fact
    because = _text(table, "because")
    if "at_most" in table:
        return replace(fact, presumed=Presumption(because, at_most=table["at_most"]), presumed_name=f"at most {table['at_most']}")
    if "not_in" in table:
        return replace(fact, presumed_name=f"not in {table['not_in']}", notes={**fact.notes, "": because})
    value: Value = table.get("value")
    if value not in fact.domain:
        raise BrightlineError("vocabulary", f"{shown(value)} is not a value of `{fact.name}`", near_misses(value, map(str, fact.domain)), row.where("presumed"))
    return replace(fact, presumed=Presumption(because, (value,)), presumed_name=str(value).lower())


def _with_set_presumed(fact: Fact, sets: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> Fact:
    named = fact.presumed_name.removeprefix("not in ")
    if named not in sets:
        return fact
    kept = tuple(v for v in fact.values if v not in sets[named][1])
    notes = {k: v for k, v in fact.notes.items() if k}
    return replace(fact, presumed=Presumption(fact.notes[""], kept), notes=notes)


def _add_action(draft: _Draft, folder: str, row: Table) -> None:
    name = _text(row, "name")
    if name in draft.actions:
        raise BrightlineError("vocabulary", f"the action `{name}` is defined twice", "keep one", row.where("name"))
    draft.actions[name] = Action(name, _text(row, "kind"), _text(row, "meaning"), folder)


def _add_set(draft: _Draft, row: Table, sets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    of = row.get("of")
    of_names = (of,) if isinstance(of, str) else tuple(of or ())
    for name in of_names:
        if name not in draft.facts:
            raise BrightlineError("unknown-name", f"unknown fact {shown(name)}", near_misses(name, draft.facts), row.where("of"))
    known = {v for name in of_names for v in draft.facts[name].domain}
    for value in row.get("values") or ():
        if value not in known:
            raise BrightlineError("unknown-value", f"{shown(value)} is not a value of {', '.join(of_names)}", near_misses(value, map(str, known)), row.where("values"))
    sets[_text(row, "name")] = (of_names, tuple(row["values"]))


def _definitions(draft: _Draft, folder: str, table: Table) -> dict[str, Expression]:
    found: dict[str, Expression] = {}
    entries = table.get("definitions") or {}
    for name in entries:
        if name in draft.facts:
            raise BrightlineError("vocabulary", f"the definition `{name}` has the name of a fact", "choose another name", entries.where(name))
        found[name] = parse(_text(entries, name), scope_at(draft.finished(), folder, found), entries.where(name))
    return found


def _add_reading(draft: _Draft, row: Table) -> None:
    name, values = _text(row, "name"), tuple(row.get("values") or ())
    if name in draft.readings:
        raise BrightlineError("vocabulary", f"the reading `{name}` is defined twice", "keep one", row.where("name"))
    if row.get("default") not in values or len(values) < 2:
        raise BrightlineError("vocabulary", f"the reading `{name}` needs two values or more and a default among them", "a question with one answer is a norm", row.where("default"))
    draft.readings[name] = Reading(name, _text(row, "applies_to"), values, row["default"], _text(row, "issue"))


def _add_profile(draft: _Draft, row: Table) -> None:
    row.reject_unknown(("id", "name", "facts", "readings", "federal_circuit", "time_zone", "note"), "a profile")
    name = _text(row, "id")
    if name in draft.profiles:
        raise BrightlineError("vocabulary", f"the profile `{name}` is defined twice", "keep one", row.where("id"))
    facts = row.get("facts") or {}
    for key, value in facts.items():
        if key not in draft.facts:
            raise BrightlineError("unknown-name", f"unknown fact {shown(key)}", near_misses(key, draft.facts), facts.where(key))
        if draft.facts[key].domain and value not in draft.facts[key].domain:
            raise BrightlineError("unknown-value", f"{shown(value)} is not a value of `{key}`", near_misses(value, map(str, draft.facts[key].domain)), facts.where(key))
    readings = row.get("readings") or {}
    for key, value in readings.items():
        if key not in draft.readings or value not in draft.readings[key].values:
            raise BrightlineError("unknown-name", f"unknown reading {shown(key)} or value {shown(value)}", near_misses(key, draft.readings), readings.where(key))
    draft.profiles[name] = Profile(name, _text(row, "name"), dict(facts), dict(readings), row.get("federal_circuit"), row.get("time_zone", ""), row.get("note", ""))


def _known_actions(draft: _Draft, row: Table) -> tuple[str, ...]:
    for name in row.get("actions") or ():
        if name not in draft.actions:
            raise BrightlineError("unknown-name", f"unknown action {shown(name)}", near_misses(name, draft.actions), row.where("actions"))
    return tuple(row["actions"])
