"""Reading one law file into an `Authority`, type-checked against the vocabulary."""

from __future__ import annotations

import re
from typing import Any

from brightline.law.deadlines import check_within
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import FALSE, TRUE, Scope, parse
from brightline.law.norms import Authority, Context, Enjoined, Extension, InForce, Norm, Overrides, Rolls, Within
from brightline.law.rows import (
    SEE_VOCABULARY,
    check_name,
    day,
    expected,
    is_day,
    mapping,
    one_of,
    optional,
    tables,
    texts,
)
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
MAX_AMOUNT = 100_000
EVIDENCE = ("read", "secondary", "memory")
KINDS = (
    "constitution", "statute", "regulation", "treaty", "holding", "ordinance", "executive_order", "directive", "policy",
    "agreement", "opinion", "guidance", "form", "bill",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


def parse_authority(
    content: Any, path: str, file: str, vocabulary: Vocabulary, faults: list[BrightlineError] | None = None
) -> Authority:
    """The authority in the parsed content of `file`, which lies in the corpus folder `path`.

    With a list for `faults`, norms that cannot be understood are left out and what is wrong with each is added to it.

    Raises: BrightlineError with the file and line of the first thing that cannot be understood.
    """
    if not isinstance(content, Table):
        raise BrightlineError("law-file", "a law file is a mapping", "start with `authority: ...`", file)
    return _AuthorityParser(content, path, file, vocabulary, faults).authority()


def _interval(value: Any, row: Table, key: str, fields: tuple[str, ...] = ("from", "to")) -> InForce:
    if not isinstance(value, Table) or not is_day(value.get("from")):
        raise BrightlineError(
            "in-force",
            f"`{key}` needs a start date",
            f"write `{key}: {{from: 2025-02-06}}`, with a date and no time",
            row.where(key),
        )
    value.reject_unknown(fields, f"`{key}`")
    to = value.get("to")
    if to is not None and (not is_day(to) or to < value["from"]):
        raise BrightlineError(
            "in-force",
            f"`{key}` has no last day, or ends before it begins",
            "`to` is the last day in force, a date",
            value.where("to"),
        )
    return InForce(value["from"], to)


class _AuthorityParser:
    def __init__(
        self, table: Table, path: str, file: str, vocabulary: Vocabulary, faults: list[BrightlineError] | None = None
    ) -> None:
        self.table, self.path, self.file, self.vocabulary = table, path, file, vocabulary
        self.faults = faults
        self.scope: Scope = scope_at(vocabulary, path)

    def authority(self) -> Authority:
        table = self.table
        table.reject_unknown(AUTHORITY_FIELDS, "an authority")
        name = expected(table, "authority", str, "text")
        stem, _, version = self.file.rsplit("/", 1)[-1].removesuffix(".yaml").partition("@")
        if name != f"{self.path}/{stem}" or not version:
            raise BrightlineError(
                "authority-name",
                f"{shown(name)} does not match the file",
                f"write `authority: {self.path}/{stem}` and name the file {stem}@DATE.yaml",
                table.where("authority"),
            )
        self.scope = scope_at(self.vocabulary, self.path, self.definitions())
        rank, evidence = one_of(table, "rank", self.vocabulary.ranks), one_of(table, "evidence", EVIDENCE)
        circuits, paths = self.binding()
        interval = _interval(table.get("in_force"), table, "in_force")
        if not interval.start.isoformat().startswith(version[:10]):
            raise BrightlineError(
                "authority-name",
                f"the version {shown(version)} is not the date in force",
                f"name the file {stem}@{interval.start}.yaml",
                table.where("in_force"),
            )
        draft = Authority(
            name, version, self.path, expected(table, "title", str, "text"), expected(table, "citation", str, "text"),
            one_of(table, "kind", KINDS), rank, interval, expected(table, "source", str, "text"), evidence,
            day(table, "verified_on"), (), circuits, paths, self.enjoined(table),
            texts(table, "supersedes"), self.context(), optional(table, "note"), self.file,
            {k: str(v) for k, v in mapping(table, "definitions").items()},
        )  # fmt: skip
        norms = self.norms(draft)
        return Authority(**{f: getattr(draft, f) for f in draft.__dataclass_fields__ if f != "norms"}, norms=norms)

    def definitions(self) -> dict[str, Expression]:
        entries = mapping(self.table, "definitions")
        found: dict[str, Expression] = {}
        for name in entries:
            if name in self.scope.facts:
                raise BrightlineError(
                    "law-file",
                    f"the definition `{name}` has the name of a fact",
                    "choose another name",
                    entries.where(name),
                )
            check_name(name, "a definition", entries.where(name))
            scope = Scope(self.scope.facts, {**self.scope.definitions, **found}, self.scope.value_sets)
            found[name] = self.parsed(entries, name, scope)
        return found

    def binding(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        value = self.table.get("binding_in")
        if value is None:
            return (), ()
        if not isinstance(value, Table) or not set(value) <= {"federal_circuit", "paths"} or not value:
            raise BrightlineError(
                "law-file",
                "`binding_in` names circuits or paths",
                "write `binding_in: {federal_circuit: [8]}`",
                self.table.where("binding_in"),
            )
        circuits = value.get("federal_circuit")
        numbers = tuple(circuits if isinstance(circuits, Listing) else () if circuits is None else (circuits,))
        if any(type(n) is not int or not 1 <= n <= 13 for n in numbers) or not (numbers or value.get("paths")):
            raise BrightlineError(
                "law-file",
                "`binding_in` names no circuit by its number",
                "write `binding_in: {federal_circuit: [8]}`",
                value.where("federal_circuit"),
            )
        return numbers, texts(value, "paths")

    def enjoined(self, row: Table) -> tuple[Enjoined, ...]:
        fields = ("from", "to", "paths", "by")
        return tuple(
            Enjoined(_interval(e, e, "enjoined", fields), texts(e, "paths"), expected(e, "by", str, "text"))
            for e in tables(row, "enjoined")
        )

    def context(self) -> tuple[Context, ...]:
        rows = tables(self.table, "context")
        for row in rows:
            row.reject_unknown(("says", "cites", "evidence"), "`context`")
        return tuple(
            Context(
                expected(r, "says", str, "text"),
                expected(r, "cites", str, "text"),
                one_of(r, "evidence", EVIDENCE),
            )
            for r in rows
        )

    def norms(self, authority: Authority) -> tuple[Norm, ...]:
        rows = self.table.get("norms")
        if rows is None:
            rows = Listing(self.file, 1)
        if not isinstance(rows, Listing):
            raise BrightlineError(
                "law-file", "`norms` must be a list", "start each norm with `- id: ...`", self.table.where("norms")
            )
        found: dict[str, Norm] = {}
        for index, row in enumerate(rows):
            try:
                norm = self.new_norm(row, rows.where(index), authority, found)
            except BrightlineError as error:
                if self.faults is None:
                    raise
                self.faults.append(error)
            else:
                found[norm.id] = norm
        return tuple(found.values())

    def new_norm(self, row: Any, where: str, authority: Authority, found: dict[str, Norm]) -> Norm:
        if not isinstance(row, Table):
            raise BrightlineError("law-file", "a norm is a mapping", "start it with `- id: ...`", where)
        norm = self.norm(row, authority)
        if norm.id in found:
            raise BrightlineError(
                "law-file",
                f"the norm {shown(row['id'])} is written twice",
                "give each norm its own id",
                row.where("id"),
            )
        return norm

    def norm(self, row: Table, authority: Authority) -> Norm:
        row.reject_unknown(NORM_FIELDS, "a norm")
        short = expected(row, "id", str, "text")
        if not _ID.match(short):
            raise BrightlineError(
                "law-file", f"{shown(short)} is not an id", "use small letters, digits and hyphens", row.where("id")
            )
        modality = one_of(row, "modality", self.vocabulary.modalities)
        return Norm(
            f"{authority.id}#{short}", self.actions(row, "action"), modality, authority.rank,
            self.vocabulary.ranks[authority.rank].level, self.condition(row, "binds", TRUE),
            self.condition(row, "when", TRUE), self.condition(row, "unless", FALSE), self.reading(row),
            self.overrides(row, modality, authority), self.names(row, "derogates", authority), self.within(row, "within"),
            self.start(row), self.extension(row), self.actions(row, "with") if row.get("with") is not None else (),
            _interval(row["in_force"], row, "in_force") if row.get("in_force") is not None else authority.in_force,
            authority.enjoined + self.enjoined(row), self.cites(row),
            one_of(row, "evidence", EVIDENCE) if row.get("evidence") is not None else authority.evidence,
            optional(row, "source", authority.source), day(row, "verified_on", authority.verified_on),
            self.says(row), optional(row, "note"), row.where("id"),
        )  # fmt: skip

    def cites(self, row: Table) -> str:
        if not row.get("cites"):
            raise BrightlineError(
                "no-citation",
                f"the norm {shown(row['id'])} cites nothing",
                "add `cites:` with the pinpoint",
                row.where("id"),
            )
        return str(expected(row, "cites", str, "text"))

    def says(self, row: Table) -> str:
        if not row.get("says"):
            raise BrightlineError(
                "no-says",
                f"the norm {shown(row['id'])} has no `says`",
                "add one plain sentence of your own",
                row.where("id"),
            )
        return " ".join(str(expected(row, "says", str, "text")).split())

    def actions(self, row: Table, key: str) -> tuple[str, ...]:
        names = texts(row, key)
        if not names:
            raise BrightlineError(
                "missing-field",
                f"the norm {shown(row['id'])} names no {key}",
                "see `actions` in corpus/vocabulary.yaml",
                row.where(key),
            )
        for name in names:
            if name not in self.vocabulary.actions:
                raise BrightlineError(
                    "unknown-name",
                    f"unknown action {shown(name)}",
                    near_misses(name, self.vocabulary.actions, SEE_VOCABULARY),
                    row.where(key),
                )
        return names

    def condition(self, row: Table, key: str, otherwise: Expression) -> Expression:
        return otherwise if row.get(key) is None else self.parsed(row, key, self.scope)

    def parsed(self, row: Table, key: str, scope: Scope) -> Expression:
        if not isinstance(row[key], (str, bool)):
            raise BrightlineError(
                "type", f"`{key}` must be a condition", "see Conditions in docs/reference/law-files.md", row.where(key)
            )
        return parse(str(row[key]), scope, row.where(key))

    def reading(self, row: Table) -> dict[str, tuple[str, ...]]:
        value = row.get("reading")
        if value is None:
            return {}
        found = {}
        for name in expected(row, "reading", Table, "a mapping of readings"):
            values = texts(value, name)
            reading = self.vocabulary.readings.get(name)
            if reading is None:
                raise BrightlineError(
                    "unknown-name",
                    f"unknown reading {shown(name)}",
                    near_misses(name, self.vocabulary.readings, SEE_VOCABULARY),
                    value.where(name),
                )
            if not values:
                raise BrightlineError(
                    "missing-field",
                    f"the reading `{name}` has no value",
                    near_misses("", reading.values, SEE_VOCABULARY),
                    value.where(name),
                )
            for word in values:
                if word not in reading.values:
                    raise BrightlineError(
                        "unknown-value",
                        f"{shown(word)} is not a value of `{name}`",
                        near_misses(word, reading.values, SEE_VOCABULARY),
                        value.where(name),
                    )
            found[name] = values
        return found

    def names(self, row: Table, key: str, authority: Authority) -> tuple[str, ...]:
        return tuple(n if "#" in n else f"{authority.id}#{n}" for n in texts(row, key))

    def overrides(self, row: Table, modality: str, authority: Authority) -> Overrides | None:
        value = row.get("overrides")
        if value is None:
            return Overrides(("prohibited",)) if modality == "may_not_restrict" else None
        if isinstance(value, Table):
            value.reject_unknown(("modalities", "norms"), "`overrides`")
            return Overrides(self.overridden(value, "modalities"), self.names(value, "norms", authority))
        return Overrides(self.overridden(row, "overrides"))

    def overridden(self, row: Table, key: str) -> tuple[str, ...]:
        found = texts(row, key) or ("prohibited", "required")
        for word in found:
            if word not in ("prohibited", "required", "permitted"):
                raise BrightlineError(
                    "unknown-value",
                    f"{shown(word)} cannot be taken away",
                    "write `overrides: [prohibited]`",
                    row.where(key),
                )
        return found

    def within(self, row: Table, key: str) -> Within | None:
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, Table):
            raise BrightlineError(
                "law-file",
                f"`{key}` must be a mapping",
                "write `within: {amount: 48, unit: hours, excludes: []}`",
                row.where(key),
            )
        value.reject_unknown(("amount", "unit", "excludes", "calendar", "rolls"), f"`{key}`")
        excludes = texts(value, "excludes")
        for word in excludes:
            if word not in self.vocabulary.excludes:
                raise BrightlineError(
                    "unknown-value",
                    f"{shown(word)} cannot be excluded",
                    near_misses(word, self.vocabulary.excludes, SEE_VOCABULARY),
                    value.where("excludes"),
                )
        amount = expected(value, "amount", int, "a whole number")
        if not 0 <= amount <= MAX_AMOUNT:
            raise BrightlineError(
                "type",
                f"{shown(amount)} is not a length of time",
                f"write a whole number from 0 to {MAX_AMOUNT}",
                value.where("amount"),
            )
        unit, calendar = one_of(value, "unit", self.vocabulary.units), optional(value, "calendar")
        found = Within(amount, unit, excludes, calendar, self.rolls(value))
        check_within(found, row.where(key))
        return found

    def rolls(self, within: Table) -> Rolls | None:
        if within.get("rolls") is None:
            return None
        value = expected(within, "rolls", Table, "a mapping")
        value.reject_unknown(("over", "cites"), "`rolls`")
        over = texts(value, "over")
        for word in over:
            if word not in self.vocabulary.rolls:
                raise BrightlineError(
                    "unknown-value",
                    f"no last day rolls over {shown(word)}",
                    near_misses(word, self.vocabulary.rolls, SEE_VOCABULARY),
                    value.where("over"),
                )
        return Rolls(over, expected(value, "cites", str, "text"))

    def start(self, row: Table) -> str:
        name = row.get("starts")
        if row.get("within") is None and name is None:
            return ""
        moments = [f.name for f in self.scope.facts.values() if f.kind in ("datetime", "date")]
        if name is None:
            raise BrightlineError(
                "no-start",
                f"the deadline of {shown(row['id'])} has no start",
                f"add `starts:` with one of {', '.join(moments)}",
                row.where("within"),
            )
        fact = self.scope.facts.get(str(name))
        if fact is None or fact.kind not in ("datetime", "date"):
            raise BrightlineError(
                "no-start",
                f"{shown(name)} is not a date or a time",
                near_misses(name, moments, "known: " + ", ".join(moments)),
                row.where("starts"),
            )
        return fact.name

    def extension(self, row: Table) -> Extension | None:
        value = row.get("extends")
        if value is None:
            return None
        table = expected(row, "extends", Table, "a mapping")
        table.reject_unknown(("when", "within", "cites"), "`extends`")
        within = self.within(table, "within")
        if within is None:
            raise BrightlineError(
                "law-file", "`extends` needs `within`", "write the longer time", table.where("within")
            )
        return Extension(self.condition(table, "when", TRUE), within, optional(table, "cites", self.cites(row)))
