"""Where redacted rows go: a CSV or Parquet file, a new table, or the table itself where that is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brightline.guard.files.output import whole, whole_path
from brightline.guard.files.parquetfile import ParquetSink
from brightline.guard.files.tables import Table, quoted, quoted_column
from brightline.law.errors import BrightlineError, shown

__all__ = ["csv_sink", "in_place_sink", "parquet_sink", "table_sink"]


@contextmanager
def csv_sink(out: Path) -> Iterator[Any]:
    """Rows as a CSV file."""
    with whole(out) as stream:
        is_first = True

        def write(body: Any) -> None:
            nonlocal is_first
            names, rows, _ = body
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerows([names, *rows] if is_first else rows)
            is_first = False
            stream.write(text.getvalue().encode("utf-8", "replace"))

        yield write


@contextmanager
def parquet_sink(out: Path) -> Iterator[Any]:
    """Tables as a Parquet file."""
    with whole_path(out) as path:
        sink = ParquetSink(path)
        try:
            yield sink.write
        finally:
            sink.close()


@contextmanager
def table_sink(source: Table, name: str, address: str) -> Iterator[Any]:
    """Rows as a new table of a SQLite or DuckDB file, of the same columns. All or nothing.

    Raises: BrightlineError `guard-out` if there is such a table.
    """
    target = Table("duckdb" if address.lower().endswith((".duckdb", ".ddb")) else "sqlite", address, name)
    if source.database == target.database == "duckdb" and Path(address).resolve() == Path(source.address).resolve():
        raise BrightlineError(
            "guard-out", "a DuckDB file is not read and written at once", "write the table to another file", "--out"
        )
    was_there = Path(address).exists()
    done = False
    try:
        with target.opened(to_write=True) as connection:
            _check_new(connection, target)
            connection.execute("BEGIN")
            yield lambda body: _insert(connection, target, body)
            connection.execute("COMMIT")
            done = True
    finally:
        if not done and not was_there:
            for path in (Path(address), Path(f"{address}.wal"), Path(f"{address}-journal")):
                path.unlink(missing_ok=True)


def _check_new(connection: Any, target: Table) -> None:
    master = "sqlite_master" if target.database == "sqlite" else "duckdb_tables()"
    column = "name" if target.database == "sqlite" else "table_name"
    query = f"SELECT count(*) FROM {master} WHERE {column} = ?"  # noqa: S608
    if connection.execute(query, [target.name]).fetchone()[0]:
        raise BrightlineError("guard-out", f"there is a table {shown(target.name)}", "name a new one", "--out")


def _insert(connection: Any, target: Table, body: Any) -> None:
    names, rows, _ = body
    columns = ", ".join(quoted_column(name) for name in names)
    typed = columns if target.database == "sqlite" else ", ".join(f"{quoted_column(name)} VARCHAR" for name in names)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {quoted(target.name)} ({typed})")
    if rows:
        marks = ", ".join("?" * len(names))
        query = f"INSERT INTO {quoted(target.name)} ({columns}) VALUES ({marks})"  # noqa: S608
        connection.executemany(query, [_plain(row) for row in rows])


def _plain(row: Any) -> list[Any]:
    return [cell if isinstance(cell, str | int | float | bytes | None) else str(cell) for cell in row]


def in_place_sink(table: Table, connection: Any) -> Any:
    """What changes the rows of a table by their numbers, within the connection's transaction."""
    mark = "%s" if table.database == "postgres" else "?"

    def write(body: Any) -> None:
        for id, cells in body[2]:
            sets = ", ".join(f"{quoted_column(name)} = {mark}" for name in cells)
            query = f"UPDATE {quoted(table.name)} SET {sets} WHERE {table.row_id} = {mark}"  # noqa: S608
            connection.execute(query, [*cells.values(), id])

    return write
