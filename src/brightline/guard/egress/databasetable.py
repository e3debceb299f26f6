"""Tables and queries of DuckDB, SQLite and PostgreSQL, read without changing anything, cleaned and written as CSV."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from brightline.guard.egress.columns import check_header, shown_names
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.rows import Cleaner
from brightline.guard.egress.tree import gathered
from brightline.guard.egress.watch import Watch
from brightline.guard.files.tables import Table, quoted, table_at
from brightline.law.errors import BrightlineError, shown

__all__ = ["Asked", "asked_of", "clean_rows_of"]

_ROWS, _CELLS = 2000, 200_000


class Asked:
    """A table, or the rows of a query, of some database."""

    def __init__(self, table: Table, query: str) -> None:
        self.table, self.query = table, query
        self.label = table.label if table.name else f"{table.label}query"
        self._after = ExitStack()

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """A connection that cannot write, and what it was asked."""
        with self.table.opened() as connection, ExitStack() as self._after:
            _lock(connection, self.table.database)
            yield connection

    def rows(self, connection: Any) -> tuple[tuple[str, ...], Iterator[Sequence[Any]]]:
        """The names of the columns, and the rows in the database's own order."""
        if self.table.database == "postgres":
            cursor = self._after.enter_context(connection.cursor(name="brightline_guard"))
            cursor.itersize = _ROWS
            cursor.execute(self.query)
        else:
            cursor = connection.execute(self.query)
        first = cursor.fetchmany(1) if self.table.database == "postgres" else []
        names = tuple(str(column[0]) for column in cursor.description or ())
        if not names:
            raise BrightlineError(
                "guard-source", "the query gives no rows", "write one that begins with SELECT", self.label
            )
        return names, self._fetched(cursor, first, max(1, min(_ROWS, _CELLS // len(names))))

    def _fetched(self, cursor: Any, first: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
        yield from first
        try:
            while rows := cursor.fetchmany(size):
                yield from rows
        except UnicodeDecodeError:
            raise BrightlineError(
                "guard-cell",
                "a cell holds bytes that are no text",
                "mend it, or leave the column out of a query",
                self.label,
            ) from None


def asked_of(word: str, query: str) -> Asked:
    """What an input and an option ask for. Raises: BrightlineError `guard-source`, `guard-database`, `missing-extra`."""
    if not query:
        table = table_at(word)
        return Asked(table, f"SELECT * FROM {quoted(table.name)}")  # noqa: S608 - the name is quoted
    address, _, name = word.partition("#")
    if name:
        raise BrightlineError("option", "a query names its tables itself", "leave out `#TABLE`", "--query")
    kind = _kind(address)
    if kind != "postgres" and not Path(address).is_file():
        raise BrightlineError("guard-source", f"there is no file {shown(address)}", "check the name", "IN")
    return Asked(Table(kind, address, ""), query)


def _kind(address: str) -> str:
    low = address.lower()
    return "duckdb" if low.endswith((".duckdb", ".ddb")) else "postgres" if low.startswith("postgres") else "sqlite"


def _lock(connection: Any, database: str) -> None:
    """So that a query reads this database and nothing else, and text that is none is refused."""
    if database == "duckdb":
        connection.execute("SET enable_external_access = false")
    elif database == "sqlite":
        connection.text_factory = lambda data: data.decode("utf-8")
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK
        )
    else:
        connection.read_only = True


def clean_rows_of(
    names: Sequence[str],
    rows: Iterator[Sequence[Any]],
    write: Callable[[str], object],
    policy: Policy,
    cleaner: Cleaner,
) -> Iterator[int]:
    """Write rows cleaned as CSV, and give how many each part had.

    Raises: BrightlineError `guard-cell`, `guard-changed`, `guard-header`, `guard-policy`, `guard-column`.
    """
    check_header(names, cleaner.name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    kept: list[str] | None = None
    watch: Watch | None = None
    for part in _parts(names, rows):
        clean = cleaner.cleaned([_readable(row, cleaner, policy) for row in part])
        if kept is None:
            kept, watch = _kept(names, policy, cleaner), Watch(cleaner.name, cleaner.decisions)
            writer.writerow(kept)
        writer.writerows([_cell(row[name]) for name in kept] for row in clean)
        write(text.getvalue())
        text.seek(0)
        text.truncate()
        cleaner.report.rows += _seen(clean, len(part), names, watch)
        yield len(part)
    if watch is not None:
        watch.check()
    else:
        cleaner.cleaned([dict.fromkeys(names)])
        writer.writerow(_kept(names, policy, cleaner))
        write(text.getvalue())


def _parts(names: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[list[dict[str, Any]]]:
    """Some hundreds of rows at a time."""
    part: list[dict[str, Any]] = []
    most = max(1, min(_ROWS, _CELLS // len(names)))
    for row in rows:
        part.append(dict(zip(names, row, strict=True)))
        if len(part) >= most:
            yield part
            part = []
    if part:
        yield part


def _kept(names: Sequence[str], policy: Policy, cleaner: Cleaner) -> list[str]:
    policy.check_names(list(cleaner.decisions), cleaner.name)
    shown_names(names, cleaner.decisions, cleaner.cells, cleaner.name)
    kept = [name for name in names if cleaner.decisions[(name,)].action != "drop"]
    if not kept:
        raise BrightlineError(
            "guard-policy", "every column would be dropped", "mask some, or declare a basis", cleaner.name
        )
    return kept


def _readable(row: dict[str, Any], cleaner: Cleaner, policy: Policy) -> dict[str, Any]:
    """A row without bytes, which are refused unless their column is dropped, masked or let through unread."""
    if not any(isinstance(value, bytes | bytearray | memoryview) for value in row.values()):
        return row
    kept = dict(row)
    for name, value in row.items():
        if isinstance(value, bytes | bytearray | memoryview):
            if policy.choice((name,)) not in ("drop", "mask"):
                raise BrightlineError(
                    "guard-cell",
                    f"the column {shown(name)} holds bytes",
                    "drop or mask it: CSV has no bytes",
                    cleaner.name,
                )
            kept[name] = None
    return kept


def _seen(clean: list[dict[str, Any]], rows: int, names: Sequence[str], watch: Watch | None) -> int:
    if watch is not None:
        held: dict[tuple[str, ...], list[str]] = {}
        for path, value in gathered(clean):
            if isinstance(value, str):
                held.setdefault(path, []).append(value)
        for path, values in held.items():
            watch.saw(path, Counter(values))
        watch.rows(rows)
    return rows


def _cell(value: Any) -> Any:
    """A value as CSV holds it. Nothing is empty; lists and records are JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return "" if value is None else value
