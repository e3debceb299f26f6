"""Tables of DuckDB, SQLite and PostgreSQL: read without changing them; in place only where that is asked for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.files.decoding import decode
from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge
from brightline.guard.files.rows import Rows, judged_rows
from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["KIND", "Table", "is_table", "quoted", "quoted_column", "table_at", "work"]

KIND = "table"
_ROWS = 2000
_CELLS = 200_000
_DUCK = (".duckdb", ".ddb")
_LITE = (".sqlite", ".sqlite3", ".db", ".db3")


def quoted(name: str) -> str:
    """A name as SQL writes it, so that nothing in it is read as SQL."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split(".", 1))


def is_table(word: str) -> bool:
    """Whether an input names a database."""
    head = word.partition("#")[0].lower()
    return head.startswith(("postgresql://", "postgres://")) or head.endswith((*_DUCK, *_LITE))


def quoted_column(name: str) -> str:
    """The name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class Table:
    """A table of some database. `connection` speaks the same few words for all three."""

    def __init__(self, database: str, address: str, name: str) -> None:
        self.database, self.address, self.name = database, address, name
        shown_as = (
            re.sub(r"//[^/]*@", "//", address).partition("?")[0] if database == "postgres" else Path(address).name
        )
        self.label = f"{shown_as}#{name}"
        self.row_id = "ctid" if database == "postgres" else "rowid"

    @contextmanager
    def opened(self, *, to_write: bool = False) -> Iterator[Any]:
        """A connection; what fails is told without the words of the database, which may be those of a row."""
        with _failures(self.database, self.label or self.address), closing(self._connect(to_write)) as connection:
            yield connection

    def _connect(self, to_write: bool) -> Any:
        if self.database == "sqlite":
            address = f"{Path(self.address).absolute().as_uri()}?mode={'rwc' if to_write else 'ro'}"
            connection = sqlite3.connect(address, uri=True, timeout=5)
            connection.text_factory = lambda data: decode(data, "utf-8")
            return connection
        if self.database == "duckdb":
            settings = {"memory_limit": "256MB", "threads": 1}
            return needs("duckdb").connect(self.address, read_only=not to_write, config=settings)
        return needs("psycopg", "postgres").connect(self.address, connect_timeout=15)

    def blocks(self, *, with_ids: bool = False) -> Iterator[Block]:
        """Blocks of rows in the database's own order, within one reading."""
        with self.opened() as connection:
            yield from self.read(connection, with_ids=with_ids)

    def read(self, connection: Any, *, with_ids: bool = False) -> Iterator[Block]:
        """Blocks of rows by an open connection; with the number by which each row is found again."""
        query = f"SELECT {f'{self.row_id}, ' * with_ids}* FROM {quoted(self.name)}"  # noqa: S608
        with self._cursor(connection, query) as cursor:
            yield from self._fetched(cursor, with_ids)

    def _fetched(self, cursor: Any, with_ids: bool) -> Iterator[Block]:
        """A table without rows is one block without rows."""
        names = tuple(column[0] for column in cursor.description or ())
        size, first = max(1, min(_ROWS, _CELLS // max(1, len(names)))), 1
        while (rows := cursor.fetchmany(size)) or first == 1:
            ids = [row[0] for row in rows] if with_ids else []
            held = [row[1:] for row in rows] if with_ids else rows
            yield Block(KIND, self.label, (names[with_ids:], held), first, len(rows), ids)
            first += max(1, len(rows))

    @contextmanager
    def _cursor(self, connection: Any, query: str) -> Iterator[Any]:
        """A cursor that keeps few rows in memory; that of DuckDB is its connection."""
        if self.database == "postgres":
            with connection.cursor(name="brightline_guard") as cursor:
                cursor.itersize = _ROWS
                yield cursor.execute(query)
            return
        yield connection.execute(query)

    def count(self) -> int:
        """How many rows there are."""
        with self.opened() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {quoted(self.name)}").fetchone()[0])  # noqa: S608


@contextmanager
def _failures(database: str, label: str) -> Iterator[None]:
    duck = needs("duckdb").Error if database == "duckdb" else sqlite3.Error
    post = needs("psycopg", "postgres").Error if database == "postgres" else sqlite3.Error
    try:
        yield
    except (duck, post, sqlite3.Error) as error:
        what = str(error).lower()
        is_locked = "lock" in what or "being used" in what
        raise BrightlineError(
            "guard-database",
            "the database is locked by another program" if is_locked else "the database cannot be read or written",
            "close the other program, or copy the file"
            if is_locked
            else "check that it is whole and that you may use it",
            label,
        ) from None


def table_at(word: str) -> Table:
    """The table that an input names: `FILE#TABLE` or `postgresql://...#TABLE`; the only one if none is named.

    Raises: BrightlineError `guard-database`, `guard-source`, `missing-extra`.
    """
    address, _, name = word.partition("#")
    low = address.lower()
    kind = "duckdb" if low.endswith(_DUCK) else "sqlite" if low.endswith(_LITE) else "postgres"
    if kind != "postgres" and not Path(address).is_file():
        raise BrightlineError("guard-source", f"there is no file {shown(address)}", "check the name", "IN")
    table = Table(kind, address, name)
    with table.opened() as connection:
        names = _names(connection, kind)
    if name in names or (not name and len(names) == 1):
        return Table(kind, address, name or names[0])
    what = f"there is no table {shown(name)}" if name else f"the database holds {len(names)} tables"
    listed = ", ".join(shown(one) for one in names[:12])
    raise BrightlineError(
        "guard-source", what, near_misses(name, names) or f"write `FILE#TABLE`: {listed}", table.label
    )


def _names(connection: Any, kind: str) -> list[str]:
    if kind == "sqlite":
        query = (
            "SELECT '', name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 2"
        )
    else:
        query = (
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        )
    rows: Sequence[Any] = connection.execute(query).fetchall()
    return [name if schema in ("", "main", "public") else f"{schema}.{name}" for schema, name in rows]


def work(block: Block, judge: Judge) -> Done:
    """Judge the texts of a block of rows; the body keeps the names, the rows and their numbers."""
    names, rows = block.payload
    done = Done(block.file, block.size)
    kept = judged_rows(Rows(names, rows, block.first), judge, done)
    changed = (
        [
            (id, {n: new for n, new, old in zip(names, row, before, strict=True) if new is not old and new != old})
            for id, row, before in zip(block.more, kept, rows, strict=bool(block.more))
            if row != list(before)
        ]
        if block.more
        else []
    )
    done.body = (names, kept, changed)
    return done
