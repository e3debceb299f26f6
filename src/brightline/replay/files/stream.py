"""The rows of all inputs as units: batches of a fixed number of rows, the same however often an input is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brightline.replay.files.sources import Source, Wanted, wanted_of
from brightline.replay.maps.cells import check_type
from brightline.replay.maps.factmap import FactMap

__all__ = ["MOST_ROWS", "Unit", "units_of"]

MOST_ROWS = 1 << 19
_READ_ROWS = 1 << 17
_UNIT_BYTES = 48 << 20
_LEAST_ROWS = 1 << 12


@dataclass(frozen=True, eq=False, repr=False)
class Unit:
    """Some rows of the inputs: `number` counts units from 0, `first` rows. `arrays` are named as in the map."""

    number: int
    first: int
    rows: int
    arrays: Mapping[str, Any]


def units_of(
    sources: Sequence[Source], mapped: FactMap, names: Sequence[str], words: Sequence[str], unit_rows: int = 0
) -> Iterator[Unit]:
    """The units of all sources in order. A unit ends where the next source has other columns or types.

    Raises: BrightlineError `replay-columns`, `replay-column-type`, before anything is read of that source, and what
    the sources raise.
    """
    number = first = 0
    for unit in _chunks(_tables(sources, mapped, names, words), unit_rows):
        yield Unit(number, first, unit.num_rows, dict(zip(unit.column_names, map(_whole, unit.columns), strict=True)))
        number, first = number + 1, first + unit.num_rows


def check_sources(
    sources: Sequence[Source], mapped: FactMap, names: Sequence[str], words: Sequence[str]
) -> list[Wanted]:
    """Where the columns stand in each source. Raises: BrightlineError `replay-columns`, `replay-column-type`."""
    found = []
    for source in sources:
        wanted, fields = wanted_of(mapped, names, words, source), source.fields()
        for name in words:
            kind = fields.get(wanted.columns.get(name, ""))
            if kind is not None:
                check_type(mapped.column(name), kind, source.label)
        found.append(wanted)
    return found


def _tables(sources: Sequence[Source], mapped: FactMap, names: Sequence[str], words: Sequence[str]) -> Iterator[Any]:
    """Tables with the columns named as in the map."""
    import pyarrow as pa

    every = check_sources(sources, mapped, names, words)
    for source, wanted in zip(sources, every, strict=True):
        for table in source.batches(wanted, _READ_ROWS):
            chosen = {name: table[there] for name, there in wanted.columns.items()}
            yield pa.table(chosen) if chosen else table.select(table.column_names[:1]).rename_columns(["\0"])


def _chunks(tables: Iterator[Any], unit_rows: int) -> Iterator[Any]:
    held: list[Any] = []
    have = 0
    for table in tables:
        if not table.num_rows:
            continue
        unit_rows = unit_rows or _rows_of(table)
        if held and held[0].schema != table.schema:
            yield _joined(held)
            held, have = [], 0
        while have + table.num_rows >= unit_rows:
            part, table = table.slice(0, unit_rows - have), table.slice(unit_rows - have)
            yield _joined([*held, part])
            held, have = [], 0
        if table.num_rows:
            held.append(table)
            have += table.num_rows
    if held:
        yield _joined(held)


def _rows_of(table: Any) -> int:
    """As many rows as fit into the bytes of a unit, a power of two."""
    fitting = _UNIT_BYTES * table.num_rows // max(1, table.get_total_buffer_size())
    return int(max(_LEAST_ROWS, min(MOST_ROWS, 1 << max(0, fitting.bit_length() - 1))))


def _joined(tables: list[Any]) -> Any:
    import pyarrow as pa

    return (pa.concat_tables(tables) if len(tables) > 1 else tables[0]).unify_dictionaries()


def _whole(column: Any) -> Any:
    """One array of a column's chunks."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
