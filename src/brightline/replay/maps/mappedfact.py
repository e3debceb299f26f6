"""One line of a map: which values a fact gets, from a constant, a column, an expression or cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import TRUE, negate
from brightline.law.library import Law
from brightline.law.situation import parse_value
from brightline.law.vocabulary import Fact, Value
from brightline.law.yamlfile import Listing, Table
from brightline.replay.maps.condition import fold, parse_condition
from brightline.replay.maps.factmap import Case, CasesRule, ColumnRule, ConstantRule, FactRule, MappedColumn, Recode
from brightline.replay.maps.moments import check_format, check_zone

__all__ = ["FACT_FIELDS", "fact_of", "read_constant", "read_rule"]

FACT_FIELDS = (
    "constant", "from", "values", "other", "blank", "times", "round", "format", "zone", "expression", "cases",
)  # fmt: skip
_ONE_OF = ("constant", "from", "expression", "cases")
_TYPE_OF = {"datetime": "time", "date": "date"}
_PAGE = "see docs/reference/replay-maps.md"
_MOST_TIMES = 1_000_000


def fact_of(law: Law, name: str, where: str) -> Fact:
    """A fact that may be mapped. Raises: BrightlineError `unknown-fact`, `derived-fact`."""
    fact = law.vocabulary.facts.get(name)
    if fact is None:
        advice = near_misses(name, law.vocabulary.facts, "see docs/reference/vocabulary.md")
        raise BrightlineError("unknown-fact", f"unknown fact {shown(name)}", advice, where)
    if fact.derived is not None:
        help = f"map `{fact.derived.start}` and `{fact.derived.end}` instead"
        raise BrightlineError("derived-fact", f"`{name}` is worked out, not mapped", help, where)
    return fact


def read_constant(fact: Fact, raw: object, where: str) -> object:
    """A value for every row, as the law reads it. Raises: BrightlineError `unknown-value`."""
    try:
        return parse_value(fact, raw)
    except BrightlineError as error:
        raise BrightlineError(error.code, error.message, error.help, where) from None


def read_rule(fact: Fact, spec: Any, where: str, columns: dict[str, MappedColumn]) -> FactRule:
    """The rule that a line of `facts` writes; a column of dates or times is added to `columns`.

    Raises: BrightlineError `replay-map`, `unknown-value`.
    """
    if not isinstance(spec, (Table, Listing)):
        if spec is None:
            _refuse(f"`{fact.name}` has no value", where, "leave the line out: the fact is then not known")
        return ConstantRule(read_constant(fact, spec, where), where)
    if isinstance(spec, Listing):
        _refuse(f"`{fact.name}` is a list", where, "write `cases:` above it")
    for key in spec:
        if key not in FACT_FIELDS:
            _refuse(f"{shown(key)} is not a field of a fact", spec.where(key), near_misses(key, FACT_FIELDS, _PAGE))
    given = [key for key in _ONE_OF if key in spec]
    if len(given) != 1:
        _refuse(f"`{fact.name}` needs one of `constant`, `from`, `expression` and `cases`", where)
    return _Line(fact, spec, where, columns).read(given[0])


def _refuse(message: str, where: str, help: str = _PAGE) -> NoReturn:
    raise BrightlineError("replay-map", message, help, where)


class _Line:
    def __init__(self, fact: Fact, spec: Table, where: str, columns: dict[str, MappedColumn]) -> None:
        self.fact, self.spec, self.where, self.columns = fact, spec, where, columns

    def read(self, given: str) -> FactRule:
        if given != "from":
            extra = next((key for key in self.spec if key != given), None)
            if extra:
                _refuse(f"`{extra}` does not go with `{given}`", self.spec.where(extra))
        if given == "constant":
            return ConstantRule(
                read_constant(self.fact, self.spec["constant"], self.spec.where("constant")), self.where
            )
        if given == "expression":
            return self.expression()
        return self.cases() if given == "cases" else self.column()

    def expression(self) -> CasesRule:
        if self.fact.kind != "bool":
            _refuse(f"`{self.fact.name}` is not a yes-or-no fact", self.where, "write `cases` with a value for each")
        when = parse_condition(str(self.spec["expression"]), self.columns, self.spec.where("expression"))
        return CasesRule((Case(when, True), Case(negate(when), False)), self.where)

    def cases(self) -> CasesRule:
        listed = self.spec["cases"]
        if not isinstance(listed, Listing) or not listed:
            _refuse("`cases` is not a list", self.spec.where("cases"), "write `- {when: CONDITION, is: VALUE}`")
        self.finite("cases")
        return CasesRule(tuple(self.read_cases(listed)), self.where)

    def finite(self, key: str) -> None:
        if self.fact.kind in _TYPE_OF:
            _refuse(f"`{self.fact.name}` is a {self.fact.kind}", self.spec.where(key), "read it from a column")

    def read_cases(self, listed: Listing) -> Iterator[Case]:
        for number, one in enumerate(listed):
            where = listed.where(number)
            fields = set(one) if isinstance(one, Table) else set()
            if fields == {"otherwise"} and number == len(listed) - 1:
                yield Case(TRUE, self.value(one["otherwise"], where))
            elif fields == {"when", "is"}:
                when = parse_condition(str(one["when"]), self.columns, one.where("when"))
                yield Case(when, self.value(one["is"], one.where("is")))
            else:
                _refuse(
                    "a case has a condition and a value",
                    where,
                    "write `{when: CONDITION, is: VALUE}`, at the end `{otherwise: VALUE}`",
                )

    def value(self, raw: object, where: str) -> Value | None:
        """A value of the fact; None for `unknown`, unless that is a value of it."""
        if raw == "unknown" and "unknown" not in self.fact.values:
            return None
        value = read_constant(self.fact, raw, where)
        assert not isinstance(value, date)
        return value  # type: ignore[return-value]

    def column(self) -> ColumnRule:
        name = self.spec["from"]
        if not isinstance(name, str):
            _refuse("`from` is not the name of a column", self.spec.where("from"), "put it in quotes")
        if self.fact.kind in _TYPE_OF:
            return ColumnRule(self.moment_column(name), where=self.where)
        for key in ("format", "zone"):
            if key in self.spec:
                _refuse(f"`{key}` is for dates and times", self.spec.where(key), "give the column a type in `columns`")
        times, rounded = self.number()
        blank = self.value(self.spec["blank"], self.spec.where("blank")) if "blank" in self.spec else None
        return ColumnRule(name, self.recode(), blank, times, rounded, self.where)

    def moment_column(self, name: str) -> str:
        for key in ("values", "other", "blank", "times", "round"):
            if key in self.spec:
                _refuse(f"`{key}` does not go with a {self.fact.kind}", self.spec.where(key))
        base, written = self.columns.get(name), self.spec.get("format")
        if base is not None and base.type == _TYPE_OF[self.fact.kind] and written is None and "zone" not in self.spec:
            return name
        base = base or MappedColumn(name, (name,))
        form = check_format(str(written or base.format), self.spec.where("format"))
        zone = check_zone(str(self.spec.get("zone") or base.zone), self.spec.where("zone"))
        own = f"{self.fact.name} from {name}"
        self.columns[own] = MappedColumn(
            own, base.sources, _TYPE_OF[self.fact.kind], form, zone, base.is_optional, self.where
        )
        return own

    def number(self) -> tuple[int, str]:
        times, rounded = self.spec.get("times", 1), self.spec.get("round", "")
        if ("times" in self.spec or "round" in self.spec) and (self.fact.kind != "int" or "values" in self.spec):
            _refuse("`times` and `round` are for numbers", self.where)
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= _MOST_TIMES:
            _refuse("`times` is a whole number from 1", self.spec.where("times"), "write `times: 24`")
        if rounded not in ("", "up", "down"):
            _refuse(f"{shown(rounded)} is not a way to round", self.spec.where("round"), "write `up` or `down`")
        return times, rounded

    def recode(self) -> Recode | None:
        values = self.spec.get("values")
        if values is None:
            if "other" in self.spec:
                _refuse("`other` goes with `values`", self.spec.where("other"))
            return None
        if not isinstance(values, Table) or not values:
            _refuse("`values` is not a mapping", self.spec.where("values"), "write `WORD: VALUE` lines")
        lines: dict[str, Value | None] = {}
        for word, raw in values.items():
            if fold(word) in lines or fold(word).strip("*") == "":
                _refuse(
                    f"the word {shown(word)} stands twice or says nothing", values.where(word), "capitals do not count"
                )
            lines[fold(word)] = self.value(raw, values.where(word))
        other = self.spec.get("other")
        if other is None or (other in ("unknown", "error") and other not in self.fact.values):
            return Recode(tuple(lines.items()), str(other or "unmapped"))
        return Recode(tuple(lines.items()), "value", self.value(other, self.spec.where("other")))
