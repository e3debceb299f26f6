"""Reading one law file into an `Authority`, type-checked against the vocabulary."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import FALSE, TRUE, Scope, parse
from brightline.law.norms import Authority, Context, Enjoined, Extension, InForce, Norm, Overrides, Within
from brightline.law.vocabulary import Expression, Vocabulary
from brightline.law.vocabularyfile import scope_at
from brightline.law.yamlfile import Listing, Table

__all__ = ["AUTHORITY_FIELDS", "EVIDENCE", "KINDS", "NORM_FIELDS", "parse_authority"]

AUTHORITY_FIELDS = (
    "authority", "title", "citation", "kind", "rank", "binding_in", "in_force", "enjoined", "supersedes", "source",
    "evidence", "verified_on", "definitions", "context", "note", "norms",
)  # fmt: skip
NORM_FIELDS = (
    "id", "action", "modality", "binds", "when", "unless", "reading", "overrides", "derogates", "within", "starts",
    "extends", "with", "in_force", "enjoined", "cites", "evidence", "source", "verified_on", "says", "note",
)  # fmt: skip
EVIDENCE = ("read", "secondary", "memory")
KINDS = (
    "constitution", "statute", "regulation", "treaty", "holding", "ordinance", "executive_order", "directive", "policy",
    "agreement", "opinion", "guidance", "form", "bill",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


def parse_authority(content: Any, path: str, file: str, vocabulary: Vocabulary) -> Authority:
    """The authority in the parsed content of `file`, which lies in the corpus folder `path`.

    Raises: BrightlineError with the file and line of the first thing that cannot be understood.
    """
    if not isinstance(content, Table):
        raise BrightlineError("law-file", "a law file is a mapping", "start with `authority: ...`", file)
    return _AuthorityParser(content, path, file, vocabulary).authority()


def _expected(row: Table, key: str, kinds: Any, what: str) -> Any:
    value = row.get(key)
    if not isinstance(value, kinds) or value == "":
        raise BrightlineError("missing-field" if value is None else "type", f"`{key}` must be {what}", f"write `{key}: ...`", row.where(key))
    return value


def _interval(value: Any, row: Table, key: str) -> InForce:
    if not isinstance(value, Table) or not isinstance(value.get("from"), date):
        raise BrightlineError("in-force", f"`{key}` needs a start date", f"write `{key}: {{from: 2025-02-06}}`", row.where(key))
    value.reject_unknown(("from", "to", "paths", "by"), f"`{key}`")
    to = value.get("to")
    if to is not None and (not isinstance(to, date) or to < value["from"]):
        raise BrightlineError("in-force", f"`{key}` ends before it begins", "`to` is the last day in force", row.where(key))
    return InForce(value["from"], to)


class _AuthorityParser:
    def __init__(self, table: Table, path: str, file: str, vocabulary: Vocabulary) -> None:
        self.table, self.path, self.file, self.vocabulary = table, path, file, vocabulary
        self.scope: Scope = scope_at(vocabulary, path)

    def authority(self) -> Authority:
        table = self.table
        table.reject_unknown(AUTHORITY_FIELDS, "an authority")
        name = _expected(table, "authority", str, "text")
        stem, _, version = self.file.rsplit("/", 1)[-1].removesuffix(".yaml").partition("@")
        if name != f"{self.path}/{stem}" or not version:
            raise BrightlineError("authority-name", f"{shown(name)} does not match the file", f"write `authority: {self.path}/{stem}` and name the file {stem}@DATE.yaml", table.where("authority"))
        self.scope = scope_at(self.vocabulary, self.path, self.definitions())
        rank, evidence = self.one_of(table, "rank", self.vocabulary.ranks), self.one_of(table, "evidence", EVIDENCE)
        circuits, paths = self.binding()
        interval = _interval(table.get("in_force"), table, "in_force")
        if not interval.start.isoformat().startswith(version[:10]):
            raise BrightlineError("authority-name", f"the version {shown(version)} is not the date in force", f"name the file {stem}@{interval.start}.yaml", table.where("in_force"))
        draft = Authority(
            name, version, self.path, _expected(table, "title", str, "text"), _expected(table, "citation", str, "text"),
            self.one_of(table, "kind", KINDS), rank, interval, _expected(table, "source", str, "text"), evidence,
            str(table.get("verified_on") or ""), (), circuits, paths, self.enjoined(table),
            self.texts(table, "supersedes"), self.context(), str(table.get("note") or ""), self.file,
            {k: str(v) for k, v in (table.get("definitions") or {}).items()},
        )  # fmt: skip
        norms = self.norms(draft)
        return Authority(**{f: getattr(draft, f) for f in draft.__dataclass_fields__ if f != "norms"}, norms=norms)

    def one_of(self, row: Table, key: str, known: Any) -> str:
        value = _expected(row, key, str, "text")
        if value not in known:
            raise BrightlineError("unknown-value", f"{shown(value)} is not a known `{key}`", near_misses(value, known), row.where(key))
        return str(value)

    def texts(self, row: Table, key: str) -> tuple[str, ...]:
        value = row.get(key)
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else tuple(str(v) for v in value)

    def definitions(self) -> dict[str, Expression]:
        entries = self.table.get("definitions")
        if entries is None:
            return {}
        if not isinstance(entries, Table):
            raise BrightlineError("law-file", "`definitions` must be a mapping", "write `name: condition`", self.table.where("definitions"))
        found: dict[str, Expression] = {}
        for name in entries:
            if name in self.scope.facts:
                raise BrightlineError("law-file", f"the definition `{name}` has the name of a fact", "choose another name", entries.where(name))
            scope = Scope(self.scope.facts, {**self.scope.definitions, **found}, self.scope.value_sets)
            found[name] = parse(str(entries[name]), scope, entries.where(name))
        return found

    def binding(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        value = self.table.get("binding_in")
        if value is None:
            return (), ()
        if not isinstance(value, Table) or not set(value) <= {"federal_circuit", "paths"} or not value:
            raise BrightlineError("law-file", "`binding_in` names circuits or paths", "write `binding_in: {federal_circuit: [8]}`", self.table.where("binding_in"))
        circuits = value.get("federal_circuit") or ()
        return tuple([circuits] if isinstance(circuits, int) else circuits), tuple(value.get("paths") or ())

    def enjoined(self, row: Table) -> tuple[Enjoined, ...]:
        rows = row.get("enjoined") or ()
        if not isinstance(rows, (Listing, tuple)):
            raise BrightlineError("law-file", "`enjoined` must be a list", "write `enjoined: [{from: DATE, by: ...}]`", row.where("enjoined"))
        return tuple(Enjoined(_interval(e, row, "enjoined"), self.texts(e, "paths"), _expected(e, "by", str, "text")) for e in rows)

    def context(self) -> tuple[Context, ...]:
        rows = self.table.get("context") or ()
        return tuple(Context(_expected(r, "says", str, "text"), _expected(r, "cites", str, "text"), self.one_of(r, "evidence", EVIDENCE)) for r in rows)

    def norms(self, authority: Authority) -> tuple[Norm, ...]:
        rows = self.table.get("norms")
        if rows is None:
            rows = Listing(self.file, 1)
        if not isinstance(rows, Listing):
            raise BrightlineError("law-file", "`norms` must be a list", "start each norm with `- id: ...`", self.table.where("norms"))
        found: dict[str, Norm] = {}
        for index, row in enumerate(rows):
            if not isinstance(row, Table):
                raise BrightlineError("law-file", "a norm is a mapping", "start it with `- id: ...`", rows.where(index))
            norm = self.norm(row, authority)
            if norm.id in found:
                raise BrightlineError("law-file", f"the norm {shown(row['id'])} is written twice", "give each norm its own id", row.where("id"))
            found[norm.id] = norm
        return tuple(found.values())

    def norm(self, row: Table, authority: Authority) -> Norm:
        row.reject_unknown(NORM_FIELDS, "a norm")
        short = _expected(row, "id", str, "text")
        if not _ID.match(short):
            raise BrightlineError("law-file", f"{shown(short)} is not an id", "use small letters, digits and hyphens", row.where("id"))
        modality = self.one_of(row, "modality", self.vocabulary.modalities)
        return Norm(
            f"{authority.id}#{short}", self.actions(row, "action"), modality, authority.rank,
            self.vocabulary.ranks[authority.rank].level, self.condition(row, "binds", TRUE),
            self.condition(row, "when", TRUE), self.condition(row, "unless", FALSE), self.reading(row),
            self.overrides(row, modality, authority), self.names(row, "derogates", authority), self.within(row, "within"),
            self.start(row), self.extension(row), self.actions(row, "with") if row.get("with") else (),
            _interval(row["in_force"], row, "in_force") if row.get("in_force") else authority.in_force,
            authority.enjoined + self.enjoined(row), self.cites(row),
            self.one_of(row, "evidence", EVIDENCE) if row.get("evidence") else authority.evidence,
            str(row.get("source") or authority.source), str(row.get("verified_on") or authority.verified_on),
            self.says(row), str(row.get("note") or ""), row.where("id"),
        )  # fmt: skip

    def cites(self, row: Table) -> str:
        if not row.get("cites"):
            raise BrightlineError("no-citation", f"the norm {shown(row['id'])} cites nothing", "add `cites:` with the pinpoint", row.where("id"))
        return str(row["cites"])

    def says(self, row: Table) -> str:
        if not row.get("says"):
            raise BrightlineError("no-says", f"the norm {shown(row['id'])} has no `says`", "add one plain sentence of your own", row.where("id"))
        return " ".join(str(row["says"]).split())

    def actions(self, row: Table, key: str) -> tuple[str, ...]:
        names = self.texts(row, key)
        if not names:
            raise BrightlineError("missing-field", f"the norm {shown(row['id'])} names no {key}", "see `actions` in corpus/vocabulary.yaml", row.where(key))
        for name in names:
            if name not in self.vocabulary.actions:
                raise BrightlineError("unknown-name", f"unknown action {shown(name)}", near_misses(name, self.vocabulary.actions), row.where(key))
        return names

    def condition(self, row: Table, key: str, otherwise: Expression) -> Expression:
        value = row.get(key)
        if value is None:
            return otherwise
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return parse(" ".join(text.split()), self.scope, row.where(key))

    def reading(self, row: Table) -> dict[str, tuple[str, ...]]:
        value = row.get("reading")
        if value is None:
            return {}
        found = {}
        for name in _expected(row, "reading", Table, "a mapping of readings"):
            values = self.texts(value, name)
            reading = self.vocabulary.readings.get(name)
            if reading is None:
                raise BrightlineError("unknown-name", f"unknown reading {shown(name)}", near_misses(name, self.vocabulary.readings), value.where(name))
            for word in values:
                if word not in reading.values:
                    raise BrightlineError("unknown-value", f"{shown(word)} is not a value of `{name}`", near_misses(word, reading.values), value.where(name))
            found[name] = values
        return found

    def names(self, row: Table, key: str, authority: Authority) -> tuple[str, ...]:
        return tuple(n if "#" in n else f"{authority.id}#{n}" for n in self.texts(row, key))

    def overrides(self, row: Table, modality: str, authority: Authority) -> Overrides | None:
        value = row.get("overrides")
        if value is None:
            return Overrides(("prohibited",)) if modality == "may_not_restrict" else None
        if isinstance(value, Table):
            value.reject_unknown(("modalities", "norms"), "`overrides`")
            return Overrides(self.overridden(value, "modalities"), self.names(value, "norms", authority))
        return Overrides(self.overridden(row, "overrides"))

    def overridden(self, row: Table, key: str) -> tuple[str, ...]:
        found = self.texts(row, key) or ("prohibited", "required")
        for word in found:
            if word not in ("prohibited", "required", "permitted"):
                raise BrightlineError("unknown-value", f"{shown(word)} cannot be taken away", "write `overrides: [prohibited]`", row.where(key))
        return found

    def within(self, row: Table, key: str) -> Within | None:
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, Table):
            raise BrightlineError("law-file", f"`{key}` must be a mapping", "write `within: {amount: 48, unit: hours, excludes: []}`", row.where(key))
        value.reject_unknown(("amount", "unit", "excludes", "calendar"), f"`{key}`")
        excludes = self.texts(value, "excludes")
        for word in excludes:
            if word not in self.vocabulary.excludes:
                raise BrightlineError("unknown-value", f"{shown(word)} cannot be excluded", near_misses(word, self.vocabulary.excludes), value.where("excludes"))
        amount = _expected(value, "amount", int, "a whole number")
        return Within(amount, self.one_of(value, "unit", self.vocabulary.units), excludes, str(value.get("calendar") or ""))

    def start(self, row: Table) -> str:
        name = row.get("starts")
        if row.get("within") is None and name is None:
            return ""
        if name is None:
            raise BrightlineError("no-start", f"the deadline of {shown(row['id'])} has no start", "add `starts: request_received_at` or another date or time", row.where("within"))
        fact = self.scope.facts.get(str(name))
        if fact is None or fact.kind not in ("datetime", "date"):
            moments = [f.name for f in self.scope.facts.values() if f.kind in ("datetime", "date")]
            raise BrightlineError("no-start", f"{shown(name)} is not a date or a time", near_misses(name, moments, "known: " + ", ".join(moments)), row.where("starts"))
        return fact.name

    def extension(self, row: Table) -> Extension | None:
        value = row.get("extends")
        if value is None:
            return None
        table = _expected(row, "extends", Table, "a mapping")
        table.reject_unknown(("when", "within", "cites"), "`extends`")
        within = self.within(table, "within")
        if within is None:
            raise BrightlineError("law-file", "`extends` needs `within`", "write the longer time", table.where("within"))
        return Extension(self.condition(table, "when", TRUE), within, str(table.get("cites") or row.get("cites") or ""))
