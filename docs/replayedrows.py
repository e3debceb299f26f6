"""The rows that docs/replayed.py counts: what a query gives, read through a map, one situation each, in memory only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from brightline.law.library import Law
from brightline.replay.engine.columns import Column
from brightline.replay.maps.cells import Cells
from brightline.replay.maps.factmap import ConstantRule, FactMap
from brightline.replay.maps.leaveout import columns_of_left_out
from brightline.replay.maps.mapcheck import columns_of
from brightline.replay.maps.mapfile import find_map
from brightline.replay.maps.mappedrows import map_rows
from brightline.replay.maps.moments import Moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# One row for each booking: the last line that is not the immigration hold, and the gravest charge. A line that is
# recorded as ending after the person had left is taken to have ended then.
QUERY = """
SELECT any_value(booking_dt) AS booking_dt,
       any_value(release_dt) AS release_dt,
       max(least(charge_release_dt, release_dt)) FILTER (WHERE booking_charge_desc <> 'HOLD IMMIGRAT') AS local_end,
       arg_max(category, seriousness) FILTER (WHERE booking_charge_desc <> 'HOLD IMMIGRAT') AS category
FROM read_csv('{file}')
GROUP BY booking_id
ORDER BY booking_dt, release_dt
"""


@dataclass(frozen=True)
class Row:
    """One request: its day, its facts as the law writes them, and the facts for profiles that say nothing of them.

    `left_out` is why the map leaves it out, or empty.
    """

    on: date
    items: tuple[tuple[str, object], ...]
    fallback: tuple[tuple[str, object], ...]
    weight: int = 1
    left_out: str = ""

    @classmethod
    def of(cls, mapped: FactMap, on: date, more: Mapping[str, object], weight: int = 1, left_out: str = "") -> Row:
        """A row with the constants of a map and more facts."""
        constants = {n: rule.value for n, rule in mapped.facts.items() if isinstance(rule, ConstantRule)}
        items = tuple(sorted({**constants, **more}.items(), key=str))
        return cls(on, items, tuple(mapped.fallback.items()), weight, left_out)

    @property
    def facts(self) -> dict[str, object]:
        """The facts by name."""
        return dict(self.items)

    @property
    def hours(self) -> float | None:
        """The hours between release and the end of the hold, if both are known."""
        start, end = (self.facts.get(name) for name in ("release_due_at", "hold_until_at"))
        if not isinstance(start, str) or not isinstance(end, str):
            return None
        return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600


def rows_of_map(law: Law, name: str, query: str) -> Iterator[Row]:
    """The rows of a query, read through a shipped map."""
    mapped = find_map(name, law)
    with duckdb.connect() as connection:
        table = connection.sql(query).to_arrow_table().combine_chunks()
    arrays = {name: _array(table, mapped, name) for name in _names(mapped)}
    found = map_rows(mapped, law.vocabulary, Cells(len(table), arrays, mapped), asks_day=True, asks_profile=False)
    weights = [1] * len(table) if found.weights is None else found.weights.tolist()
    for i in range(len(table)):
        facts = {c.fact: _value(law, c, i) for c in found.columns if c.known is None or c.known[i]}
        facts |= {n: _time(m, i, mapped) for n, m in found.moments.items() if m.known[i]}
        day = date(1970, 1, 1) + timedelta(days=int(found.days[i]))
        yield Row.of(mapped, day, facts, weights[i], found.reasons[found.rejected[i]])


def _names(mapped: FactMap) -> set[str]:
    rules = {column for rule in mapped.facts.values() for column in columns_of(rule)}
    rules.update(columns_of_left_out(mapped))
    return {*rules, *(name for name in (mapped.date, mapped.facility, mapped.weight) if name)}


def _array(table: Any, mapped: FactMap, name: str) -> Any:
    source = next((s for s in mapped.column(name).sources if s in table.column_names), None)
    return None if source is None else table[source].combine_chunks()


def _value(law: Law, column: Column, row: int) -> object:
    domain = law.vocabulary.facts[column.fact].domain
    return domain[int(column.values[row])] if domain else int(column.values[row])


def _time(moments: Moments, row: int, mapped: FactMap) -> str:
    local = EPOCH + timedelta(microseconds=int(np.int64(moments.micros[row])))
    return local.replace(tzinfo=ZoneInfo(moments.zone or mapped.zone)).isoformat()
