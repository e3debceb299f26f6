"""Reading a map: one YAML file that says how columns become facts, checked against the vocabulary before a row is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.yamlfile import Listing, Table, load_yaml
from brightline.replay.maps.condition import fold
from brightline.replay.maps.factmap import NULLS, FactMap, FactRule, MappedColumn, Recode
from brightline.replay.maps.leaveout import read_leave_out
from brightline.replay.maps.mapcheck import check_secrets
from brightline.replay.maps.mappedfact import fact_of, read_constant, read_rule
from brightline.replay.maps.moments import check_format, check_zone

__all__ = ["MAPS", "MAP_FIELDS", "find_map", "parse_map", "read_map", "shipped_maps"]

MAPS = Path(__file__).parent / "shipped"
MAP_FIELDS = (
    "map", "about", "noun", "source", "csv", "zone", "nulls", "keys", "actions", "columns", "date", "profile", "facility",
    "weight", "facts", "fallback", "leave_out", "cannot_tell",
)  # fmt: skip
COLUMN_FIELDS = ("from", "type", "format", "zone", "optional")
_TYPES = ("text", "number", "date", "time")
_PAGE = "see docs/reference/replay-maps.md"


def shipped_maps() -> dict[str, Path]:
    """The maps that ship with Brightline, by name."""
    return {path.stem: path for path in sorted(MAPS.glob("*.yaml"))}


def find_map(word: str, law: Law) -> FactMap:
    """The map that a word names: a YAML file, or one that ships. Raises: BrightlineError."""
    path = Path(word)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_map(path, law)
    known = shipped_maps()
    if word in known:
        return read_map(known[word], law, known[word].name)
    raise BrightlineError(
        "unreadable",
        f"there is no map {shown(word)}",
        near_misses(word, known, "name a YAML file, or a map that ships: " + ", ".join(f"`{k}`" for k in known)),
        "--map",
    )


def read_map(path: Path, law: Law, name: str = "") -> FactMap:
    """The map in a file; `name` is what errors call it. Raises: BrightlineError."""
    label = name or str(path)
    return parse_map(load_yaml(path, label), law, label)


def parse_map(content: Any, law: Law, label: str) -> FactMap:
    """The map in the content of a YAML file, checked.

    Raises: BrightlineError `replay-map`, `unknown-fact`, `unknown-value`, `unknown-profile`, `unknown-action`,
    `derived-fact`, `replay-transient`, each with `file:line`.
    """
    if not isinstance(content, Table):
        raise BrightlineError("replay-map", f"{shown(label)} is not a mapping", _PAGE, label)
    return _Reader(content, law).read()


class _Reader:
    def __init__(self, top: Table, law: Law) -> None:
        self.top, self.law = top, law
        self.columns: dict[str, MappedColumn] = {}

    def refuse(self, message: str, help: str = _PAGE, where: str = "") -> NoReturn:
        raise BrightlineError("replay-map", message, help, where or self.top.where())

    def read(self) -> FactMap:
        top = self.top
        self.known(top, MAP_FIELDS, "a map")
        for needed in ("map", "about", "facts"):
            if not top.get(needed):
                self.refuse(f"the map has no `{needed}`")
        zone = self.zone(top)
        self.columns.update(self.read_columns())
        facts = self.read_facts()
        profile, column, recode, blank = self.read_profile()
        csv = self.table("csv")
        self.known(csv, ("delimiter", "encoding"), "`csv`")
        found = FactMap(
            name=self.text("map"), about=self.text("about"), columns=self.columns, facts=facts, keys=self.names("keys"),
            actions=self.read_actions(), date=self.read_date(), profile=profile, profile_column=column,
            profile_recode=recode, profile_blank=blank, facility=self.text("facility"), weight=self.text("weight"), fallback=self.read_fallback(facts),
            cannot_tell=self.read_cannot_tell(), nulls=self.read_nulls(), zone=zone,
            delimiter=self.delimiter(csv), encoding=self.encoding(csv), source=self.text("source"), noun=self.text("noun") or "requests",
            leave_out=read_leave_out(top, self.columns), where=top.where(),
        )  # fmt: skip
        return check_secrets(found, self.law.vocabulary, top)

    def known(self, table: Table, names: Iterable[str], what: str) -> None:
        for key in table:
            if key not in names:
                self.refuse(f"{shown(key)} is not a field of {what}", near_misses(key, names, _PAGE), table.where(key))

    def text(self, key: str, table: Table | None = None) -> str:
        table = self.top if table is None else table
        value = table.get(key)
        if value is None:
            return ""
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            self.refuse(f"`{key}` is not a word", "put it in quotes", table.where(key))
        return str(value)

    def table(self, key: str) -> Table:
        value = self.top.get(key)
        if value is None:
            return Table(self.top.file, self.top.line)
        if not isinstance(value, Table):
            self.refuse(f"`{key}` is not a mapping", _PAGE, self.top.where(key))
        return value

    def names(self, key: str, table: Table | None = None) -> tuple[str, ...]:
        table = self.top if table is None else table
        value = table.get(key)
        listed = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in listed):
            self.refuse(f"`{key}` is not a list of words", "put each in quotes", table.where(key))
        if len(set(map(str, listed))) < len(listed):
            self.refuse(f"`{key}` names one column twice", "keep one of them", table.where(key))
        return tuple(map(str, listed))

    def zone(self, table: Table) -> str:
        return check_zone(self.text("zone", table), table.where("zone"))

    def read_columns(self) -> dict[str, MappedColumn]:
        table = self.table("columns")
        return {name: self.read_column(name, spec, table.where(name)) for name, spec in table.items()}

    def read_column(self, name: str, spec: Any, where: str) -> MappedColumn:
        if isinstance(spec, str):
            return MappedColumn(name, (spec,), where=where)
        if not isinstance(spec, Table):
            self.refuse(f"the column {shown(name)} is not a mapping", "write `name: {from: COLUMN, type: date}`", where)
        self.known(spec, COLUMN_FIELDS, "a column")
        kind = self.text("type", spec) or "text"
        if kind not in _TYPES:
            self.refuse(f"{shown(kind)} is not a type", near_misses(kind, _TYPES), spec.where("type"))
        if spec.get("optional") not in (None, True, False):
            self.refuse("`optional` is yes or no", "write `optional: true`", spec.where("optional"))
        written = check_format(self.text("format", spec), spec.where("format"))
        sources = self.names("from", spec) or (name,)
        return MappedColumn(name, sources, kind, written, self.zone(spec), bool(spec.get("optional")), where)

    def read_facts(self) -> Mapping[str, FactRule]:
        table = self.table("facts")
        facts = {}
        for name, spec in table.items():
            fact = fact_of(self.law, name, table.where(name))
            facts[name] = read_rule(fact, spec, table.where(name), self.columns)
        return facts

    def read_fallback(self, facts: Mapping[str, FactRule]) -> Mapping[str, object]:
        table = self.table("fallback")
        for name in table:
            if name in facts:
                self.refuse(f"`{name}` is in `facts` and in `fallback`", "keep one of them", table.where(name))
        return {
            name: read_constant(fact_of(self.law, name, table.where(name)), raw, table.where(name))
            for name, raw in table.items()
        }

    def read_actions(self) -> tuple[str, ...]:
        names = self.names("actions")
        for name in names:
            if name not in self.law.vocabulary.actions:
                raise BrightlineError(
                    "unknown-action",
                    f"unknown action {shown(name)}",
                    near_misses(name, self.law.vocabulary.actions, "see docs/reference/vocabulary.md"),
                    self.top.where("actions"),
                )
        return names

    def read_date(self) -> str:
        name = self.text("date")
        if name and name not in self.columns:
            self.columns[name] = MappedColumn(name, (name,), "date", where=self.top.where("date"))
        if name and self.columns[name].type not in ("date", "time"):
            self.refuse(f"`{name}` is not a date", "give it `type: date` in `columns`", self.top.where("date"))
        return name

    def read_profile(self) -> tuple[str, str, Recode | None, str]:
        """The constant profile, or the column with its recode and the profile of an empty cell."""
        spec, where = self.top.get("profile"), self.top.where("profile")
        if spec is None or isinstance(spec, str):
            if spec and ("/" in spec or spec in self.law.vocabulary.profiles):
                return self.profile(spec, where), "", None, ""
            return "", spec or "", None, ""
        if not isinstance(spec, Table):
            self.refuse("`profile` is not a profile or a column", _PAGE, where)
        self.known(spec, ("from", "values", "other", "blank"), "`profile`")
        column, values, other = self.text("from", spec), spec.get("values"), self.text("other", spec)
        if not column:
            self.refuse("`profile` names no column", "add `from`", where)
        blank = self.profile(self.text("blank", spec), spec.where("blank")) if spec.get("blank") else ""
        if values is None:
            return "", column, None, blank
        if not isinstance(values, Table):
            self.refuse("`values` is not a mapping", _PAGE, spec.where("values"))
        lines = tuple((fold(word), self.profile(str(p), values.where(word))) for word, p in values.items())
        if other in ("", "error", "unknown"):
            return "", column, Recode(lines, other or "unmapped"), blank
        return "", column, Recode(lines, "value", self.profile(other, spec.where("other"))), blank

    def profile(self, name: str, where: str) -> str:
        try:
            return self.law.profile(name).id
        except BrightlineError as error:
            raise BrightlineError(error.code, error.message, error.help, where) from None

    def read_nulls(self) -> tuple[str, ...]:
        if self.top.get("nulls") is None:
            return tuple(map(fold, NULLS))
        listed = self.top["nulls"]
        if not isinstance(listed, Listing) or not all(isinstance(one, str) for one in listed):
            self.refuse("`nulls` is not a list of words", "put each in quotes", self.top.where("nulls"))
        return tuple(dict.fromkeys(["", *map(fold, listed)]))

    def read_cannot_tell(self) -> tuple[str, ...]:
        spec = self.top.get("cannot_tell")
        if isinstance(spec, Table):
            return tuple(f"{fact_of(self.law, name, spec.where(name)).name}: {why}" for name, why in spec.items())
        if spec is not None and not isinstance(spec, Listing):
            self.refuse("`cannot_tell` is not a list", "write `- a sentence`", self.top.where("cannot_tell"))
        return tuple(map(str, spec or ()))

    def delimiter(self, csv: Table) -> str:
        word = {"tab": "\t"}.get(self.text("delimiter", csv), self.text("delimiter", csv)) or ","
        if len(word) != 1 or not word.isascii() or word in '\n\r"':
            self.refuse("`delimiter` is one character", 'write `delimiter: ";"`', csv.where("delimiter"))
        return word

    def encoding(self, csv: Table) -> str:
        word = self.text("encoding", csv) or "utf-8"
        try:
            "".encode(word)
        except LookupError:
            self.refuse(f"unknown encoding {shown(word)}", "write utf-8 or latin-1", csv.where("encoding"))
        return word
