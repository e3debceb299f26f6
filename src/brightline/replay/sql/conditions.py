"""Conditions of a map as SQL. Their logic needs no translation: an unknown is a NULL, and SQL's logic of three values is Kleene's."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError, shown
from brightline.law.vocabulary import Expression
from brightline.replay.sql.cells import SqlCells
from brightline.replay.sql.words import is_in, is_said, matches, text, text_test

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["condition", "unread"]

_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?$"


def condition(cells: SqlCells, expression: Expression) -> Expr:
    """Whether a condition holds: true, false, or NULL where it is not known. Raises: BrightlineError `sql-refused`."""
    from sqlglot import exp

    word = expression[0]
    if word in ("and", "or"):
        parts = [condition(cells, part) for part in expression[1:]]  # type: ignore[arg-type]
        return (exp.and_ if word == "and" else exp.or_)(*parts)
    if word == "not":
        return exp.not_(condition(cells, expression[1]))  # type: ignore[arg-type]
    if word in ("true", "false"):
        return exp.true() if word == "true" else exp.false()
    return _atom(cells, expression)


def _atom(cells: SqlCells, expression: Expression) -> Expr:
    from sqlglot import exp

    word, name = str(expression[0]), str(expression[1])
    kind = cells.map.column(name).type
    if kind == "time":
        raise BrightlineError(
            "sql-refused",
            f"a condition over the times of {shown(name)} cannot be written as SQL",
            "give the column `type: date` in the map, or replay with another engine",
            cells.map.where,
        )
    cell = cells.cell(name, "day" if kind == "date" else "word")
    if kind == "date":
        cell = exp.Nullif(this=cell, expression=text(""))
    if word == "known":
        return is_said(cell)
    if kind == "number":
        return _number_atom(expression, cell)
    if word == "lt":
        return exp.LT(this=cell, expression=text(_plain(expression[2])))
    if word == "in":
        return is_in(cell, [_plain(value) for value in expression[2]])  # type: ignore[attr-defined]
    return text_test(word, cell, str(expression[2]))


def _number_atom(expression: Expression, cell: Expr) -> Expr:
    from sqlglot import exp

    value = exp.cast(exp.case().when(matches(cell, _NUMBER), cell.copy()), "double")
    if expression[0] == "lt":
        return exp.LT(this=value, expression=_float(expression[2]))
    return exp.In(this=value, expressions=[_float(one) for one in expression[2]])  # type: ignore[attr-defined]


def _float(value: object) -> Expr:
    from sqlglot import exp

    return exp.cast(exp.convert(value), "double")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def unread(cells: SqlCells, name: str) -> Expr:
    """Where a column of numbers, days or times holds something that is none."""
    from sqlglot import exp

    if cells.map.column(name).type == "number":
        return exp.not_(matches(cells.cell(name), _NUMBER))
    return exp.EQ(this=cells.cell(name, "day"), expression=text(""))
