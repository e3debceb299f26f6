"""The columns of a live database, with comments, allowed values and a few values of each."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.sqlreader import read_sql
from brightline.law.errors import BrightlineError

__all__ = ["is_database", "is_server", "read_database"]

_ROWS = 100
_LONGEST = 200
_SERVERS = ("postgresql://", "postgres://")
_SQLITE = (".sqlite", ".sqlite3", ".db")
_DUCK = (".duckdb", ".ddb")


def is_server(word: str) -> bool:
    """Whether a word is the address of a database server."""
    return word.startswith(_SERVERS)


def is_database(path: Path) -> bool:
    """Whether a file is a database, by its name."""
    return path.suffix.lower() in (*_SQLITE, *_DUCK)


def read_database(address: str) -> Schema:
    """The columns of every table. Nothing is written, and no value is shown.

    Raises: BrightlineError `guard-database` where it is locked, broken or out of reach; `missing-extra`.
    """
    if is_server(address):
        return _postgres(address)
    path = Path(address)
    if path.suffix.lower() in _DUCK:
        return _duckdb(path)
    return _sqlite(path)


@contextlib.contextmanager
def _told(kinds: tuple[type[Exception], ...], place: str) -> Iterator[None]:
    try:
        yield
    except kinds as error:
        is_locked = "lock" in str(error).lower()
        message = "the database is locked" if is_locked else "the database cannot be opened or read"
        advice = "close the program that uses it, or lint a copy" if is_locked else "check the address and your rights"
        raise BrightlineError("guard-database", message, advice, place) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sampled(query: Callable[[str], list[Any]], table: str, columns: int) -> list[tuple[str, ...]]:
    rows = query(f"SELECT * FROM {table} LIMIT {_ROWS}")  # noqa: S608 - names are quoted
    return [
        tuple(str(row[i])[:_LONGEST] for row in rows if row[i] is not None and not isinstance(row[i], bytes))
        for i in range(columns)
    ]


def _sqlite(path: Path) -> Schema:
    place = str(path)
    with _told((sqlite3.Error,), place):
        opened = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)
        with contextlib.closing(opened) as connection:
            made = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            fields = [one for name, sql in made for one in _sqlite_table(connection, name, sql or "", place)]
    return Schema("database", path.stem, tuple(fields))


def _sqlite_table(connection: Any, table: str, sql: str, place: str) -> Iterator[Field]:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
    said: dict[str, Field] = {}
    with contextlib.suppress(BrightlineError):
        said = {field.name: field for field in read_sql(sql + ";", place).fields}
    samples = _sampled(lambda query: connection.execute(query).fetchall(), _quoted(table), len(names))
    for name, values in zip(names, samples, strict=True):
        known = said.get(name)
        comments, choices = (known.comments, known.choices) if known else ("", ())
        yield Field(name, "column", f"{place}#{table}", table, comments=comments, choices=choices, samples=values)


def _duckdb(path: Path) -> Schema:
    duckdb = needs("duckdb")
    place = str(path)
    with _told((duckdb.Error,), place), contextlib.closing(duckdb.connect(place, read_only=True)) as connection:
        query = lambda text: connection.execute(text).fetchall()  # noqa: E731
        rows = query(
            "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()"
            " WHERE NOT internal ORDER BY schema_name, table_name, column_index"
        )
        notes = dict(query("SELECT table_name, comment FROM duckdb_tables() WHERE comment IS NOT NULL"))
        fields = tuple(_of_rows(rows, query, place))
    return Schema("database", path.stem, fields, table_notes={table: (said,) for table, said in notes.items()})


def _of_rows(rows: list[Any], query: Callable[[str], list[Any]], place: str) -> Iterator[Field]:
    tables: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, comment, *_ in rows:
        tables.setdefault((schema, table), []).append((column, comment or ""))
    for (schema, table), columns in tables.items():
        samples = _sampled(query, f"{_quoted(schema)}.{_quoted(table)}", len(columns))
        for (name, comment), values in zip(columns, samples, strict=True):
            yield Field(name, "column", f"{place}#{schema}.{table}", table, comments=comment, samples=values)


def _postgres(address: str) -> Schema:
    psycopg = needs("psycopg", "postgres")
    place = _without_password(address)
    with _told((psycopg.Error,), place), psycopg.connect(address, connect_timeout=10) as connection:
        connection.read_only = True
        query = lambda text: connection.execute(text).fetchall()  # noqa: E731
        rows = query(_POSTGRES_COLUMNS)
        choices = _postgres_choices(query)
        notes = dict(query(_POSTGRES_NOTES))
        fields = tuple(_of_rows(rows, query, place))
    with_choices = tuple(
        Field(
            f.name,
            f.kind,
            f.place,
            f.table,
            comments=f.comments,
            choices=choices.get((f.table, f.name), ()),
            samples=f.samples,
        )
        for f in fields
    )
    return Schema("database", place, with_choices, table_notes={table: (said,) for table, said in notes.items()})


_NOT_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'"
_POSTGRES_COLUMNS = f"""
SELECT n.nspname, c.relname, a.attname, col_description(c.oid, a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {_NOT_OURS}
ORDER BY n.nspname, c.relname, a.attnum"""  # noqa: S608
_POSTGRES_NOTES = f"""
SELECT c.relname, obj_description(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE obj_description(c.oid) IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_NOT_OURS}"""  # noqa: S608
_POSTGRES_ENUMS = f"""
SELECT c.relname, a.attname, e.enumlabel
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_enum e ON e.enumtypid = a.atttypid WHERE {_NOT_OURS}"""  # noqa: S608
_POSTGRES_CHECKS = f"""
SELECT c.relname, a.attname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
WHERE k.contype = 'c' AND {_NOT_OURS}"""  # noqa: S608


def _postgres_choices(query: Callable[[str], list[Any]]) -> dict[tuple[str, str], tuple[str, ...]]:
    import re

    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for table, column, label in query(_POSTGRES_ENUMS):
        found[table, column] = (*found.get((table, column), ()), label)
    for table, column, text in query(_POSTGRES_CHECKS):
        allowed = tuple(re.findall(r"'((?:[^']|'')*)'", text))
        found[table, column] = (*found.get((table, column), ()), *allowed)
    return found


def _without_password(address: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    except ValueError:
        raise refused("the address of the database cannot be read", "PATH") from None
