"""The parsed content of a bill file as a `Bill`, type-checked against the vocabulary and the law it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from brightline.law.authorityfile import EVIDENCE, NORM_FIELDS, parse_authority
from brightline.law.bill import Bill, Change, Companion, Defined, Exemption, Fund, Limb, Removal, Status
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import TRUE, Scope, parse
from brightline.law.library import Law
from brightline.law.norms import Authority, Context
from brightline.law.overlay import norms_named
from brightline.law.rows import SEE_VOCABULARY, day, expected, is_day, mapping, one_of, optional, tables, texts
from brightline.law.vocabulary import Expression, Vocabulary
from brightline.law.vocabularyfile import extended, scope_at
from brightline.law.yamlfile import Listing, Table

__all__ = ["BILL_FIELDS", "parse_bill"]

BILL_FIELDS = (
    "bill", "also", "title", "citation", "sponsors", "companions", "status", "applies_to", "in_force", "source",
    "evidence", "verified_on", "facts", "actions", "value_sets", "definitions", "readings", "adds", "removes",
    "changes", "defines", "funds", "exceptions", "context", "unchanged", "not_established", "note",
)  # fmt: skip
# What a change may replace, and the attributes of a norm that hold it.
_REPLACED = {
    "action": ("actions",), "modality": ("modality", "overrides"), "binds": ("binds",), "when": ("when",),
    "unless": ("unless",), "reading": ("reading",), "overrides": ("overrides",), "derogates": ("derogates",),
    "within": ("within",), "starts": ("starts",), "extends": ("extends",), "with": ("accompanies",), "cites": ("cites",),
    "evidence": ("evidence",), "source": ("source",), "verified_on": ("verified_on",), "says": ("says",), "note": ("note",),
}  # fmt: skip
_SEE = "see Bills in docs/reference/law-files.md"


def parse_bill(content: Any, law: Law, file: str) -> Bill:
    """The bill in the parsed content of a file.

    Raises: BrightlineError with the file and line of the first thing that cannot be understood.
    """
    if not isinstance(content, Table):
        raise BrightlineError("bill-file", "a bill file is a mapping", "start with `bill: us/119/hr-32`", file)
    return _BillParser(content, law, file).bill()


class _BillParser:
    def __init__(self, table: Table, law: Law, file: str) -> None:
        table.reject_unknown(BILL_FIELDS, "a bill")
        self.table, self.law, self.file = table, law, file
        self.path = expected(table, "applies_to", str, "the path of a jurisdiction")
        if self.path not in law.vocabulary.jurisdictions and self.path not in law.vocabulary.profiles:
            raise BrightlineError(
                "bill-file",
                f"{shown(self.path)} is not a jurisdiction",
                near_misses(self.path, law.vocabulary.profiles, SEE_VOCABULARY),
                table.where("applies_to"),
            )
        self.vocabulary: Vocabulary = extended(law.vocabulary, self.path, table)
        self.scope: Scope = scope_at(self.vocabulary, self.path)
        self.start, self.starts_says = self.starts()
        self.evidence = one_of(table, "evidence", EVIDENCE)

    def bill(self) -> Bill:
        table, old, new = self.table, self.law.vocabulary, self.vocabulary
        exemptions = tuple(
            Exemption(expected(r, "id", str, "text"), self.condition(r), self.sentence(r), self.cites(r))
            for r in self.rows("exceptions", ("id", "when", "says", "cites"))
        )
        defines = tuple(
            self.defined(r, exemptions)
            for r in self.rows("defines", ("name", "says", "cites", "ranks", "when_law_prohibits", "unless_only"))
        )
        here = new.jurisdictions[self.path].value_sets
        known = old.jurisdictions[self.path].value_sets if self.path in old.jurisdictions else {}
        return Bill(
            expected(table, "bill", str, "text"), expected(table, "title", str, "text"), expected(table, "citation", str, "text"),
            self.path, self.start, self.starts_says, self.statuses(), expected(table, "source", str, "text"), self.evidence,
            day(table, "verified_on"), texts(table, "sponsors"), texts(table, "also"), self.companions(),
            _added(old.facts, new.facts), _added(old.actions, new.actions), _added(old.readings, new.readings), _added(known, here),
            tuple(map(self.added, self.rows("adds", None))), self.removals(), tuple(map(self.change, self.rows("changes", None))),
            defines, self.funds(defines), exemptions, self.context(), texts(table, "unchanged"), texts(table, "not_established"),
            optional(table, "note"), self.file,
        )  # fmt: skip

    def rows(self, key: str, fields: Iterable[str] | None) -> list[Table]:
        found = tables(self.table, key)
        for row in found:
            if fields is not None:
                row.reject_unknown(fields, f"`{key}`")
        return found

    def starts(self) -> tuple[date | None, str]:
        """A fixed first day, or none and the words of the bill on when it starts."""
        row = mapping(self.table, "in_force")
        row.reject_unknown(("from", "after_enactment"), "`in_force`")
        first = row.get("from")
        if first is not None and not is_day(first):
            raise BrightlineError(
                "in-force", "`in_force` has no first day", "write `in_force: {from: 2026-08-01}`", row.where("from")
            )
        if first is None and not row.get("after_enactment"):
            raise BrightlineError(
                "in-force",
                "`in_force` does not say when the bill starts",
                "write `in_force: {from: 2026-08-01}` or `in_force: {after_enactment: 90 days after enactment}`",
                self.table.where("in_force"),
            )
        return first, optional(row, "after_enactment")

    def statuses(self) -> tuple[Status, ...]:
        found = [
            Status(r["on"], self.sentence(r), optional(r, "source"))
            for r in self.rows("status", ("on", "says", "source"))
            if self.dated(r)
        ]
        if not found:
            raise BrightlineError(
                "missing-field",
                "the bill has no `status`",
                "write `status: [{on: 2025-01-03, says: ..., source: ...}]`",
                self.table.where("status"),
            )
        return tuple(sorted(found, key=lambda s: s.on))

    def dated(self, row: Table) -> bool:
        if not is_day(row.get("on")):
            raise BrightlineError("bill-file", "a `status` has no date", "write `on: 2025-01-03`", row.where("on"))
        return True

    def companions(self) -> tuple[Companion, ...]:
        return tuple(
            Companion(expected(r, "citation", str, "text"), optional(r, "says"), optional(r, "source"))
            for r in self.rows("companions", ("citation", "says", "source"))
        )

    def condition(self, row: Table) -> Expression:
        value = row.get("when")
        if value is None:
            return TRUE
        if not isinstance(value, (str, bool)):
            raise BrightlineError(
                "type", "`when` must be a condition", "see Conditions in docs/reference/law-files.md", row.where("when")
            )
        return parse(str(value), self.scope, row.where("when"))

    def sentence(self, row: Table) -> str:
        return " ".join(str(expected(row, "says", str, "text")).split())

    def cites(self, row: Table) -> str:
        if not row.get("cites"):
            raise BrightlineError(
                "no-citation", "a part of the bill cites nothing", "add `cites:` with the section", row.where()
            )
        return str(expected(row, "cites", str, "text"))

    def added(self, row: Table) -> Authority:
        """An authority that the bill adds, with the bill's own title, source and dates where it gives none."""
        name = expected(row, "authority", str, "text")
        folder, _, stem = name.rpartition("/")
        if folder != self.path and not folder.startswith(f"{self.path}/"):
            raise BrightlineError(
                "authority-name",
                f"{shown(name)} is not below `{self.path}`",
                f"write `authority: {self.path}/{stem}`",
                row.where("authority"),
            )
        given: Any = mapping(row, "in_force").get("from")
        start: date = given if is_day(given) else self.start or date.min
        filled = _filled(row, {**self.defaults(), "in_force": _table(row, {"from": start})})
        found = parse_authority(filled, folder, f"{stem}@{start.isoformat()}.yaml", self.vocabulary)
        return replace(found, file=self.file)

    def defaults(self) -> dict[str, Any]:
        table = self.table
        return {
            "title": table.get("title"),
            "citation": table.get("citation"),
            "kind": "bill",
            "source": table.get("source"),
            "evidence": self.evidence,
            "verified_on": table.get("verified_on"),
        }

    def removals(self) -> tuple[Removal, ...]:
        """Norms by their full names, alone or each with the section that removes it."""
        value = self.table.get("removes")
        if value is None:
            return ()
        if not isinstance(value, Listing):
            raise BrightlineError(
                "type",
                "`removes` must be a list",
                "start each entry with `- authority#id`",
                self.table.where("removes"),
            )
        return tuple(self.removal(row, value.where(i)) for i, row in enumerate(value))

    def removal(self, row: Any, where: str) -> Removal:
        if isinstance(row, Table):
            row.reject_unknown(("norm", "cites"), "`removes`")
            return Removal(expected(row, "norm", str, "text"), self.cites(row), where)
        if not isinstance(row, str):
            raise BrightlineError("type", "an entry of `removes` must be text", "write `- authority#id`", where)
        return Removal(row, "", where)

    def change(self, row: Table) -> Change:
        row.reject_unknown(("norm", *_REPLACED), "`changes`")
        name = expected(row, "norm", str, "text")
        found = norms_named(self.law, name)
        if not found:
            known = [
                n.id for a in self.law.authorities.get(name.partition("#")[0].rpartition("/")[0], ()) for n in a.norms
            ]
            raise BrightlineError(
                "unknown-norm",
                f"unknown norm {shown(name)}",
                near_misses(name, known, "write authority#id"),
                row.where("norm"),
            )
        base, (authority, _, short) = found[-1], name.partition("#")
        version = next(
            a
            for a in reversed(self.law.authorities[authority.rpartition("/")[0]])
            if a.id == authority and base in a.norms
        )
        needed = {
            "id": short,
            "action": _listing(row, base.actions),
            "modality": base.modality,
            "cites": base.cites,
            "says": base.says,
        }
        norm = _filled(
            row, {**needed, **({"starts": base.starts} if row.get("within") is not None and base.starts else {})}
        )
        norm.pop("norm")
        whole = _table(row, {
            **self.defaults(), "authority": authority, "rank": version.rank, "in_force": _table(row, {"from": version.in_force.start}),
            "definitions": _table(row, version.definitions), "norms": _listing(row, [norm]),
        })  # fmt: skip
        stem = authority.rpartition("/")[2]
        (draft,) = parse_authority(whole, version.path, f"{stem}@{version.in_force.start}.yaml", self.vocabulary).norms
        fields = tuple(dict.fromkeys(attribute for key in row if key != "norm" for attribute in _REPLACED[key]))
        if not fields:
            raise BrightlineError(
                "bill-file",
                f"the change of {shown(name)} changes nothing",
                f"name one of {', '.join(f for f in NORM_FIELDS if f in _REPLACED)}",
                row.where("norm"),
            )
        return Change(name, fields, draft, row.where("norm"))

    def defined(self, row: Table, exemptions: tuple[Exemption, ...]) -> Defined:
        exempt = optional(row, "unless_only")
        if exempt and exempt not in {e.id for e in exemptions}:
            raise BrightlineError(
                "unknown-exception",
                f"{shown(exempt)} is not an exception of the bill",
                near_misses(exempt, [e.id for e in exemptions], _SEE),
                row.where("unless_only"),
            )
        ranks = texts(row, "ranks")
        for rank in ranks:
            if rank not in self.vocabulary.ranks:
                raise BrightlineError(
                    "unknown-value",
                    f"{shown(rank)} is not a rank",
                    near_misses(rank, self.vocabulary.ranks, SEE_VOCABULARY),
                    row.where("ranks"),
                )
        limbs = tuple(self.limb(part) for part in tables(row, "when_law_prohibits"))
        return Defined(expected(row, "name", str, "text"), self.sentence(row), self.cites(row), ranks, limbs, exempt)

    def limb(self, row: Table) -> Limb:
        row.reject_unknown(("action", "when", "cites"), "`when_law_prohibits`")
        actions = texts(row, "action")
        for action in actions or ("",):
            if action not in self.vocabulary.actions:
                raise BrightlineError(
                    "unknown-name",
                    f"unknown action {shown(action)}",
                    near_misses(action, self.vocabulary.actions, SEE_VOCABULARY),
                    row.where("action"),
                )
        return Limb(actions, self.condition(row), self.cites(row))

    def funds(self, defines: tuple[Defined, ...]) -> tuple[Fund, ...]:
        names = [d.name for d in defines]
        found = []
        for row in self.rows("funds", ("says", "cites", "when")):
            when = optional(row, "when")
            if when and when not in names:
                raise BrightlineError(
                    "unknown-name",
                    f"{shown(when)} is not defined by the bill",
                    near_misses(when, names, "name one of its `defines`"),
                    row.where("when"),
                )
            found.append(Fund(self.sentence(row), self.cites(row), when))
        return tuple(found)

    def context(self) -> tuple[Context, ...]:
        return tuple(
            Context(
                self.sentence(r),
                self.cites(r),
                one_of(r, "evidence", EVIDENCE) if r.get("evidence") else self.evidence,
            )
            for r in self.rows("context", ("says", "cites", "evidence"))
        )


def _added(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in new.items() if name not in old}


def _table(near: Table, values: Mapping[str, Any]) -> Table:
    """A mapping made up, with the place of another for errors."""
    made = Table(near.file, near.line)
    made.update(values)
    return made


def _listing(near: Table, values: Iterable[Any]) -> Listing:
    made = Listing(near.file, near.line)
    made.extend(values)
    made.lines = [near.line] * len(made)
    return made


def _filled(row: Table, defaults: Mapping[str, Any]) -> Table:
    made = _table(row, {**{k: v for k, v in defaults.items() if v is not None}, **row})
    made.lines = row.lines
    return made
