"""The answers to every row of a table as one SQL query, for databases that have no Brightline.

What the columns say, which code each fact has, and for each action a CASE that tells the answer, one part after the
other. Whatever comes from a person, a map or the law goes through sqlglot as a literal or a quoted name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brightline.replay.sql.answers import SqlAnswers
from brightline.replay.sql.codes import SqlCodes
from brightline.replay.sql.head import head
from brightline.replay.sql.misfits import misfits
from brightline.replay.sql.query import (
    CONTRADICTORY,
    DIALECTS,
    FACILITY,
    REASON,
    REGIME,
    SAID,
    WEIGHT,
    YEAR,
    SqlQuery,
    check_query,
    profiles_of,
)
from brightline.replay.sql.regimes import regimes
from brightline.replay.sql.rows import SqlRows
from brightline.replay.sql.said import SqlSaid

if TYPE_CHECKING:
    from sqlglot.expressions import Select

__all__ = ["DIALECTS", "FACILITY", "WEIGHT", "YEAR", "SqlQuery", "codes_of", "write_misfits", "write_sql"]

_NODES = 200_000


def write_sql(query: SqlQuery) -> str:
    """The query with its head, in the words of a dialect; the same question gives the same text.

    Raises: BrightlineError `missing-extra`, `unknown-dialect`, `replay-keys`, `replay-columns`, `replay-transient`,
    `sql-refused`, `sql-budget`, `node-budget`.
    """
    from sqlglot import exp

    rows = _rows(query)
    said = [f"{SAID}_{place}" for place in range(len(query.said))]
    kept = [*rows.keys, *((YEAR, FACILITY, WEIGHT, *said) if query.is_counted else ())]
    law = [REGIME] if query.said and len(rows.laws) > 1 else []
    answers = SqlAnswers(rows.codes, rows.laws, query.most_flat, query.most_cases)
    names = list(zip(rows.keys, rows.own_keys, strict=True))
    whole = answers.words(names, [*kept[len(rows.keys) :], *law])
    for name, select in _parts(rows, answers, kept, law):
        if query.dialect == "postgres":
            # PostgreSQL puts each part into the next, and works out an expression once for every time it is named.
            select.offset(0, copy=False)
        whole = whole.with_(exp.to_identifier(name), as_=select, copy=False)
    return head(query.asked, query.map, query.dialect, rows.laws) + _text(whole, query)


def write_misfits(query: SqlQuery) -> str:
    """A query for the words that do not fit the map, with their counts: `kind`, `what`, `word`, `number`; for Spark."""
    return _text(misfits(_rows(query)), query)


def codes_of(query: SqlQuery) -> SqlCodes:
    """The laws of a query, and the codes that its facts have. Raises: as `write_sql` does."""
    return _rows(query).codes


def _text(select: Select, query: SqlQuery) -> str:
    return str(select.sql(dialect=query.dialect, pretty=True)) + "\n"


def _rows(query: SqlQuery) -> SqlRows:
    keys, profiles = check_query(query), profiles_of(query)
    laws = regimes(query.asked, query.map, profiles, _NODES)
    return SqlRows(query, keys, profiles, SqlCodes(query.asked, query.map, laws))


def _parts(rows: SqlRows, answers: SqlAnswers, kept: list[str], law: list[str]) -> Iterator[tuple[str, Select]]:
    """The parts of the query, each over the one before."""
    coded, said = rows.coded(), SqlSaid(rows.codes, kept)
    yield "cells", rows.read()
    yield "coded", coded
    yield "placed", rows.placed()
    if said.has_usual:
        yield "filled", said.filled()
    yield "said", said.said()
    last = "said"
    for name, select in answers.levels("said", [*said.kept, CONTRADICTORY, *rows.codes.with_holes]):
        yield name, select
        last = name
    yield "told", answers.told(last, [*kept, REASON, *law])
