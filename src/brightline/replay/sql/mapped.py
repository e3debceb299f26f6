"""A map's facts as SQL: which code each gets from the columns. A value of the map is only ever a literal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from brightline.law.vocabulary import Fact
from brightline.replay.maps.condition import fold
from brightline.replay.maps.factmap import CasesRule, ColumnRule, FactRule, Recode
from brightline.replay.sql.cells import SqlCells
from brightline.replay.sql.conditions import condition
from brightline.replay.sql.partition import Partition
from brightline.replay.sql.words import any_of, either, is_in, is_null, matches, noted, number, text, text_test, unless

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["BAD", "SqlMap", "recoded"]

BAD = -1
_YES, _NO = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
_WHOLE = r"^[0-9]{1,9}(\.0{1,30})?$"
_DECIMAL = r"^[0-9]{1,9}(\.[0-9]{1,18})?$"
Branch = tuple["Expr", int | None]


class SqlMap:
    """What the rules of a map make of the cells of a table."""

    def __init__(self, cells: SqlCells) -> None:
        self.cells = cells

    def code(self, fact: Fact, rule: FactRule, partition: Partition, *, bad_is_null: bool) -> Expr:
        """The code of a fact, NULL where it is not known, BAD for a value outside its domain."""
        from sqlglot import exp

        branches, otherwise = self._branches(fact, rule, partition)
        case = exp.case()
        merged: list[tuple[list[Expr], int | None]] = []
        for when, code in branches:
            if merged and merged[-1][1] == code:
                merged[-1][0].append(when)
            else:
                merged.append(([when], code))
        for whens, code in merged:
            case = case.when(any_of(whens), number(None if code == BAD and bad_is_null else code), copy=False)
            if code is not None and code >= 0:
                noted(case.args["ifs"][-1].args["true"], partition.words(code))
        return case.else_(number(None if otherwise == BAD and bad_is_null else otherwise), copy=False)

    def misfit(self, fact: Fact, rule: FactRule) -> tuple[str, Expr] | None:
        """Where a word is `unmapped` or `bad`; None where none can be."""
        from sqlglot import exp

        if not isinstance(rule, ColumnRule) or (rule.recode and rule.recode.otherwise not in ("unmapped", "error")):
            return None
        kind = "unmapped" if rule.recode and rule.recode.otherwise == "unmapped" else "bad"
        if rule.recode:
            rule = replace(rule, recode=replace(rule.recode, otherwise="error"))
        whole = Partition(fact, (fact.domain,) if fact.domain else (), ())
        code = self.code(fact, rule, whole, bad_is_null=False)
        return kind, exp.EQ(this=exp.Paren(this=code), expression=number(BAD))

    def _branches(self, fact: Fact, rule: FactRule, partition: Partition) -> tuple[list[Branch], int | None]:
        if isinstance(rule, CasesRule):
            return self._cases(rule, partition), None
        assert isinstance(rule, ColumnRule)
        blank = None if rule.blank is None else partition.code(rule.blank)
        if fact.kind == "bool" and rule.recode is None and self.cells.type_of(rule.column) == "bool":
            return self._plain_bool(rule.column, blank, partition), None
        if fact.kind == "int" and rule.recode is None:
            return self._whole(rule, partition, blank), BAD
        word = self.cells.cell(rule.column)
        empty = [(is_null(word), blank)]
        if rule.recode is not None:
            return empty + recoded(word, rule.recode, partition.code), _otherwise(rule.recode, partition.code)
        words = {v: [fold(str(v))] for v in fact.domain} if fact.kind == "enum" else {True: _YES, False: _NO}
        by_code: dict[int, list[str]] = {}
        for value, named in words.items():
            by_code.setdefault(partition.code(value), []).extend(named)
        return empty + [(is_in(word, named), code) for code, named in sorted(by_code.items())], BAD

    def _plain_bool(self, name: str, blank: int | None, partition: Partition) -> list[Branch]:
        from sqlglot import exp

        cell = self.cells.cell(name, "raw")
        return [(cell, partition.code(True)), (exp.not_(cell), partition.code(False)), (is_null(cell), blank)]

    def _whole(self, rule: ColumnRule, partition: Partition, blank: int | None) -> list[Branch]:
        """A whole number of 0 to 999,999,999 by the cuts it lies between."""
        from sqlglot import exp

        cell, value, bad = self.whole(rule)
        found = [(exp.LT(this=value.copy(), expression=number(cut)), code) for code, cut in enumerate(partition.cuts)]
        return [(is_null(cell), blank), (bad, BAD), *found, (exp.true(), len(partition.cuts))]

    def whole(self, rule: ColumnRule) -> tuple[Expr, Expr, Expr]:
        """A column read as a whole number of 0 to 999,999,999: its cell, the number, and where it says none."""
        from sqlglot import exp

        is_whole = self.cells.type_of(rule.column) == "whole" and rule.times == 1
        cell = self.cells.cell(rule.column, "raw" if is_whole else "word")
        if is_whole:
            value: Expr = cell
            bad: Expr = exp.or_(
                exp.LT(this=cell, expression=number(0)), exp.GT(this=cell, expression=number(999_999_999))
            )
        else:
            value, bad = self._scaled(cell, rule)
        return cell, value, bad

    def _scaled(self, word: Expr, rule: ColumnRule) -> tuple[Expr, Expr]:
        """The number that a word says, and where it says none."""
        from sqlglot import exp

        is_plain = rule.times == 1 and not rule.round
        fits = matches(word, _WHOLE if is_plain else _DECIMAL)
        kind = "int" if is_plain else "bigdecimal(38, 18)" if self.cells.dialect == "bigquery" else "decimal(38, 18)"
        safe = exp.case().when(fits, self._digits(word) if is_plain else word).else_(text("0"))
        value: Expr = exp.cast(safe, kind)
        if rule.times != 1:
            value = exp.Mul(this=value, expression=number(rule.times))
        floor = exp.Floor(this=value.copy())
        bad: list[Expr] = [exp.not_(fits.copy())]
        if not rule.round and not is_plain:
            bad.append(exp.NEQ(this=value.copy(), expression=floor))
        value = {"up": exp.Ceil(this=value), "down": floor}.get(rule.round, value)
        bad.append(exp.GT(this=value.copy(), expression=number(999_999_999)))
        return value, any_of(bad)

    def _digits(self, word: Expr) -> Expr:
        from sqlglot import exp

        return exp.RegexpReplace(this=word.copy(), expression=text(r"\..*$"), replacement=text(""))

    def _cases(self, rule: CasesRule, partition: Partition) -> list[Branch]:
        """For each value, where the first case that holds gives it; where one may hold, only if the rest gives it too."""
        from sqlglot import exp

        whens = [
            (condition(self.cells, case.when), None if case.value is None else partition.code(case.value))
            for case in rule.cases
        ]
        found: list[Branch] = []
        for code in dict.fromkeys(code for _, code in whens if code is not None):
            given: Expr = exp.false()
            for when, own in reversed(whens):
                given = either(when, given) if own == code else unless(when, given)
            found.append((given, code))
        return found


def recoded(word: Expr, recode: Recode, code: Callable[[Any], int]) -> list[Branch]:
    """A line of the map for each branch, in its order."""
    found = []
    for line, value in recode.values:
        if line.startswith("*") and line.endswith("*"):
            when = text_test("contains", word, line.strip("*"))
        elif line.endswith("*") or line.startswith("*"):
            when = text_test("starts_with" if line.endswith("*") else "ends_with", word, line.strip("*"))
        else:
            when = is_in(word, [line])
        found.append((when, None if value is None else code(value)))
    return found


def _otherwise(recode: Recode, code: Callable[[Any], int]) -> int | None:
    if recode.otherwise == "value":
        return None if recode.other is None else code(recode.other)
    return BAD if recode.otherwise == "error" else None
