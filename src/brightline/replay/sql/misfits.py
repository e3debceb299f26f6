"""The words that do not fit a map, counted by the database. Only for Spark, which turns columns into rows in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brightline.replay.maps.findings import DAY, PROFILE
from brightline.replay.maps.findings import WEIGHT as THE_WEIGHT
from brightline.replay.maps.mappedrows import EMPTY
from brightline.replay.sql.conditions import unread
from brightline.replay.sql.rows import SqlRows
from brightline.replay.sql.words import is_null, no_text, number, text

if TYPE_CHECKING:
    from sqlglot.expressions import Expr, Select

__all__ = ["misfits"]


def misfits(rows: SqlRows) -> Select:
    """Rows of `kind`, `what`, `word` and `number`. A word of a column that feeds a transient fact is NULL."""
    from sqlglot import exp

    names = ("kind", "what", "word", "is_misfit")
    found = [*_found(rows), ("bad", "", "", exp.false())]
    given = [each for kind, what, of, when in found for each in (text(kind), text(what), _word(rows, of), when)]
    stacked = exp.Aliases(
        this=exp.Anonymous(this="STACK", expressions=[number(len(found)), *given]),
        expressions=[exp.to_identifier(name) for name in names],
    )
    inner = exp.select(stacked).from_(rows.read().subquery("cells"))
    counted = exp.select(*names[:3], exp.alias_(exp.Count(this=exp.Star()), "number"))
    return counted.from_(inner.subquery("misfits")).where("is_misfit").group_by(*names[:3])


def _word(rows: SqlRows, of: str) -> Expr:
    """The word as it is written; nothing of a column that feeds a transient fact."""
    if of in rows.map.secret:
        return no_text()
    return rows.cells.cell(of, "written") if of else text(EMPTY)


def _found(rows: SqlRows) -> Iterator[tuple[str, str, str, Expr]]:
    """What can fail to fit in rows that are not left out."""
    from sqlglot import exp

    for kind, what, of, when in _every(rows):
        stays = [is_null(exp.Paren(this=rows.why_left_out()))] if rows.map.leave_out else []
        yield kind, what, of, exp.and_(when, *stays)


def _every(rows: SqlRows) -> Iterator[tuple[str, str, str, Expr]]:
    """What can fail to fit: `unmapped` or `bad`, the fact, the column (none for an empty cell), and the condition."""
    from sqlglot import exp

    for name, rule in rows.map.facts.items():
        known = rows.asked.law.vocabulary.facts[name]
        found = rows.facts.misfit(known, rule) if name in rows.codes.columns else None
        if found:
            yield found[0], name, getattr(rule, "column", ""), found[1]
    for name, of in rows.compared():
        yield "bad", name, of, unread(rows.cells, of)
    for name, of in rows.moments():
        yield "bad", name, of, exp.EQ(this=rows.cells.cell(of, "day"), expression=text(""))
    if rows.map.weight:
        cell, _, bad = rows.weight()
        yield "bad", THE_WEIGHT, rows.map.weight, bad
        yield "bad", THE_WEIGHT, "", is_null(cell)
    if rows.asked.on is None:
        day = rows.cells.cell(rows.map.date, "day")
        yield "bad", DAY, rows.map.date, exp.EQ(this=day, expression=text(""))
        yield "bad", DAY, "", is_null(day)
    if not rows.asked.profile:
        yield from _profiles(rows)


def _profiles(rows: SqlRows) -> Iterator[tuple[str, str, str, Expr]]:
    from sqlglot import exp

    recode = rows.map.profile_recode
    kind = "unmapped" if recode and recode.otherwise != "error" else "bad"
    if recode is None or recode.otherwise in ("unmapped", "error"):
        yield kind, PROFILE, rows.map.profile_column, exp.EQ(this=rows.profile(), expression=number(-1))
    yield kind, PROFILE, "", is_null(rows.profile())
