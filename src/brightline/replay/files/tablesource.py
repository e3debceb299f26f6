"""Tables of DuckDB and PostgreSQL as streams of batches: read only, in the database's own order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.extras import needs
from brightline.replay.files.filesource import stat_of
from brightline.replay.files.sources import Wanted

__all__ = ["DuckSource", "PostgresSource"]

_INTEGERS = (20, 21, 23)


def quoted(name: str) -> str:
    """A name as SQL writes it, so that nothing in it is read as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _choose(table: str, tables: list[str], label: str) -> str:
    """The table that is named, or the only one. Raises: BrightlineError `replay-source`."""
    if table in tables:
        return table
    if not table and len(tables) == 1:
        return tables[0]
    what = (
        f"there is no table {shown(table)} in {shown(label)}" if table else f"{shown(label)} holds {len(tables)} tables"
    )
    listed = ", ".join(shown(name) for name in tables[:12])
    raise BrightlineError("replay-source", what, near_misses(table, tables) or f"write `{label}#TABLE`: {listed}", "IN")


class DuckSource:
    """A table or view of a DuckDB database."""

    can_resume = True

    def __init__(self, path: Path, table: str) -> None:
        self.path, self.table, self.label = path, table, f"{path.name}#{table}"
        self.size, self.read = path.stat().st_size, 0
        with self._connected() as connection:
            self.rows: int | None = connection.execute(f"SELECT count(*) FROM {self._name}").fetchall()[0][0]  # noqa: S608
            self.schema = self._reader(connection, "*", 1, " LIMIT 0").schema

    @classmethod
    def at(cls, path: Path, table: str) -> DuckSource:
        """The table of a database file. Raises: BrightlineError `unreadable`, `replay-source`, `missing-extra`."""
        with cls._open(path) as connection:
            rows = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL"
            ).fetchall()
        names = [name if schema == "main" else f"{schema}.{name}" for schema, name in rows]
        return cls(path, _choose(table, names, path.name))

    @property
    def _name(self) -> str:
        return ".".join(map(quoted, self.table.split(".", 1)))

    @staticmethod
    @contextmanager
    def _open(path: Path) -> Iterator[Any]:
        duckdb = needs("duckdb", "replay")
        try:
            with duckdb.connect(
                str(path), read_only=True, config={"memory_limit": "256MB", "threads": 1}
            ) as connection:
                yield connection
        except duckdb.Error:
            raise BrightlineError(
                "unreadable",
                f"{shown(path.name)} is not a DuckDB database that can be read",
                "check that it is whole, and that no program is writing to it",
                path.name,
            ) from None

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        with self._open(self.path) as connection:
            yield connection

    def _reader(self, connection: Any, columns: str, rows: int, end: str = "") -> Any:
        return connection.sql(f"SELECT {columns} FROM {self._name}{end}").to_arrow_reader(rows)  # noqa: S608

    def fields(self) -> Mapping[str, Any]:
        """The columns with their Arrow types."""
        return {field.name: field.type for field in self.schema}

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Tables in the order in which the rows were put in."""
        import pyarrow as pa

        with self._connected() as connection:
            names = ", ".join(map(quoted, wanted.in_source)) or "1"
            for batch in self._reader(connection, names, min(rows, 122_880)):
                self.read += batch.num_rows
                yield pa.Table.from_batches([batch])

    def place(self) -> float:
        """How much was read, 0 to 1."""
        return self.read / self.rows if self.rows else 1.0

    def identity(self) -> list[Any]:
        """Table, and the name, size and time of the file."""
        return [self.table, *stat_of(self.path)]


class PostgresSource:
    """A table or view of a PostgreSQL database, copied out as text within one read-only transaction."""

    can_resume = False
    rows: int | None = None
    size = 0

    def __init__(self, address: str, table: str) -> None:
        self.address, self.table = address, table
        self.label = f"{re.sub(r'//[^/]*@', '//', address).partition('?')[0]}#{table}"
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self._name} LIMIT 0")  # noqa: S608
            self.types = {column.name: column.type_code for column in cursor.description}

    @classmethod
    def at(cls, address: str, table: str) -> PostgresSource:
        """The table at an address. Raises: BrightlineError `unreadable`, `replay-source`, `missing-extra`."""
        with cls._open(address) as connection:
            rows = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
            ).fetchall()
        names = [name if schema == "public" else f"{schema}.{name}" for schema, name in rows]
        return cls(address, _choose(table, names, "postgresql://..."))

    @property
    def _name(self) -> str:
        return ".".join(map(quoted, self.table.split(".", 1)))

    @staticmethod
    @contextmanager
    def _open(address: str) -> Iterator[Any]:
        psycopg = needs("psycopg", "postgres")
        try:
            with psycopg.connect(address, connect_timeout=15) as connection:
                connection.read_only = True
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                connection.execute("SET LOCAL DateStyle = 'ISO, YMD'")
                yield connection
        except psycopg.Error as error:
            # What the server says can hold the address with its password: only the kind of failure is told.
            code = getattr(error, "sqlstate", None)
            raise BrightlineError(
                "unreadable",
                "the PostgreSQL database cannot be read" + (f" (SQLSTATE {code})" if code else ""),
                "check the address, the user's right to SELECT, and that the server runs",
                "IN",
            ) from None

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        with self._open(self.address) as connection:
            yield connection

    def fields(self) -> Mapping[str, Any]:
        """The columns; a type of None is text."""
        import pyarrow as pa

        return {name: pa.int64() if code in _INTEGERS else None for name, code in self.types.items()}

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Tables in the order in which the server gives the rows."""
        import pyarrow as pa
        import pyarrow.csv as reader

        names = wanted.in_source or list(self.types)[:1]
        listed = ", ".join(map(quoted, names))
        kinds = {name: kind or pa.string() for name, kind in self.fields().items() if name in names}
        options = reader.ConvertOptions(
            column_types=kinds, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        )
        query = f"COPY (SELECT {listed} FROM {self._name}) TO STDOUT (FORMAT csv, HEADER)"  # noqa: S608
        with self._connected() as connection, connection.cursor() as cursor, cursor.copy(query) as copy:
            opened = reader.open_csv(
                pa.PythonFile(_Blocks(copy), mode="r"),
                reader.ReadOptions(block_size=4 << 20),
                reader.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
                options,
            )
            for batch in opened:
                yield pa.Table.from_batches([batch])

    def place(self) -> float:
        """Not known."""
        return 0.0

    def identity(self) -> list[Any]:
        """Nothing tells whether a table is still the same."""
        return [self.label]


class _Blocks:
    """The blocks of a COPY as a file to read."""

    closed = False

    def __init__(self, copy: Any) -> None:
        self.copy, self.left = copy, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, have = [self.left], len(self.left)
        while size < 0 or have < size:
            block = bytes(self.copy.read())
            if not block:
                break
            parts.append(block)
            have += len(block)
        whole = b"".join(parts)
        size = len(whole) if size < 0 else size
        self.left = whole[size:]
        return whole[:size]

    def close(self) -> None:
        self.closed = True
