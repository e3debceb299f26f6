"""The columns that are kept: of one type in every input, and counted where a key comes twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown
from brightline.law.extras import needs
from brightline.replay.files.sources import Source
from brightline.replay.maps.factmap import FactMap

__all__ = ["COUNTED_ROWS", "check_key_types", "count_duplicates"]

# Beyond so many rows, keys that come twice are counted only where somebody asks for it.
COUNTED_ROWS = 5_000_000


def check_key_types(sources: Sequence[Source], mapped: FactMap, keys: Sequence[str]) -> None:
    """Refuse a key of one type in one input and of another in the next, or of a type that no file can hold.

    Raises: BrightlineError `replay-column-type`.
    """
    for key in keys:
        first: tuple[Any, str] | None = None
        for source in sources:
            fields = source.fields()
            there = next((name for name in mapped.column(key).sources if name in fields), None)
            if there is None:
                raise BrightlineError(
                    "replay-columns",
                    f"{shown(source.label)} lacks the key {shown(key)}",
                    "a key is in every input: name others with --keys",
                    "--keys",
                )
            kind = _plain(fields[there])
            if first and first[0] != kind:
                raise BrightlineError(
                    "replay-column-type",
                    f"the key {shown(key)} is of the type {first[0]} in {shown(first[1])} and {kind} in {shown(source.label)}",
                    "replay them apart, or write them with one type",
                    "--keys",
                )
            first = first or (kind, source.label)


def _plain(kind: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as t

    if kind is None:
        return pa.string()
    value = kind.value_type if t.is_dictionary(kind) else kind
    if t.is_nested(value):
        raise BrightlineError(
            "replay-column-type", f"a key of the type {shown(kind)} cannot be kept", "choose another column", "--keys"
        )
    return value


def count_duplicates(path: Path, name: str, keys: Sequence[str], rows: int, is_refused: bool) -> int | None:
    """How many rows of an output have a key that came before; None for a large one that nobody asked to count.

    Raises: BrightlineError `replay-duplicates` if there are any and `is_refused`.
    """
    if rows > COUNTED_ROWS and not is_refused:
        return None
    duckdb = needs("duckdb", "replay")
    listed = ", ".join('"' + key.replace('"', '""') + '"' for key in keys)
    with duckdb.connect(
        config={"memory_limit": "384MB", "threads": 2, "temp_directory": str(path.parent)}
    ) as connection:
        table = _table(name)
        query = f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {table} GROUP BY {listed})"  # noqa: S608
        found = int(connection.execute(query, [str(path)]).fetchall()[0][0])
    if found and is_refused:
        raise BrightlineError(
            "replay-duplicates",
            f"{found:,} rows have a key that came before",
            "name more columns with --keys, or leave out --unique-keys: each row is then answered",
            "--unique-keys",
        )
    return found


def _table(name: str) -> str:
    if name.lower().endswith(".parquet"):
        return "read_parquet(?)"
    packed = "gzip" if name.lower().endswith(".gz") else "none"
    return f"read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"', compression = '{packed}')"
