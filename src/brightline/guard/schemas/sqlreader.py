"""Table definitions in SQL, of whatever dialect reads the most of them."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.sqlcomments import Comments
from brightline.guard.schemas.sqltokens import token_columns

__all__ = ["read_sql"]

_DIALECTS = ("", "postgres", "mysql", "tsql", "oracle", "sqlite", "snowflake", "bigquery", "duckdb", "spark")
_MOST_SAMPLES = 50


def read_sql(text: str, place: str, name: str = "") -> Schema:
    """The columns of the tables and views that a script makes. Raises: BrightlineError `guard-unreadable`."""
    sqlglot = needs("sqlglot")
    with _quiet():
        statements = _statements(sqlglot, text, place)
        comments = Comments(sqlglot, text)
    script = _Script(sqlglot.exp, place, comments)
    for statement in statements:
        script.take(statement)
    if not script.columns:
        script.columns = token_columns(sqlglot, text, place, comments)
    notes = {table: tuple(said) for table, said in script.table_notes.items()}
    return Schema("sql_ddl", name or place, tuple(script.fields()), table_notes=notes)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the parser's own log, which would show the text."""
    log = logging.getLogger("sqlglot")
    before = log.disabled
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = before


def _statements(sqlglot: Any, text: str, place: str) -> list[Any]:
    """The statements as the dialect reads them that leaves the fewest not understood."""
    best: list[Any] | None = None
    fewest, problem = None, None
    for dialect in _DIALECTS:
        try:
            parsed = [one for one in sqlglot.parse(text, read=dialect or None) if one is not None]
        except (sqlglot.errors.SqlglotError, RecursionError, ValueError) as error:
            problem = problem or error
            continue
        missed = sum(isinstance(one, sqlglot.exp.Command) and _makes_something(one) for one in parsed)
        if fewest is None or missed < fewest:
            best, fewest = parsed, missed
        if not missed:
            break
    if best is not None:
        return best
    try:
        sqlglot.tokenize(text)
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        raise refused("the SQL cannot be read", f"{place}:{_line(problem)}", "check the quotes and brackets") from None
    return []


def _makes_something(command: Any) -> bool:
    words = f"{command.this} {command.expression}".upper().split()
    return bool(words) and words[0] in ("CREATE", "ALTER") and bool({"TABLE", "TYPE"} & set(words[:4]))


def _line(problem: Any) -> int:
    errors = getattr(problem, "errors", None) or [{}]
    return int(errors[0].get("line") or 1)


class _Script:
    def __init__(self, exp: Any, place: str, comments: Comments) -> None:
        self.exp, self.place, self.comments = exp, place, comments
        self.columns: dict[tuple[str, str], dict[str, Any]] = {}
        self.table_notes: dict[str, list[str]] = {}
        self.types: dict[str, tuple[str, ...]] = {}

    def take(self, statement: Any) -> None:
        exp = self.exp
        if isinstance(statement, exp.Create):
            self.create(statement)
        elif isinstance(statement, exp.Alter):
            table = self.table(statement.this)
            for column in statement.find_all(exp.ColumnDef):
                self.column(table, column)
        elif isinstance(statement, exp.Comment):
            self.comment(statement)
        elif isinstance(statement, exp.Insert):
            self.insert(statement)

    def table(self, node: Any) -> str:
        found = node if isinstance(node, self.exp.Table) else node.find(self.exp.Table)
        parts = [part.name for part in found.parts if part.name] if found is not None else []
        return ".".join(parts)

    def create(self, statement: Any) -> None:
        kind = str(statement.args.get("kind") or "").upper()
        table = self.table(statement.this)
        if kind == "TYPE":
            self.types[table.lower()] = tuple(
                one.this for one in statement.find_all(self.exp.Literal) if one.args.get("is_string")
            )
            return
        self.note(table, self.comments.before(statement, self.exp))
        for found in statement.find_all(self.exp.SchemaCommentProperty):
            self.note(table, [found.this.name])
        if isinstance(statement.this, self.exp.Schema):
            for column in statement.this.expressions:
                self.definition(table, column)
        if statement.expression is not None and hasattr(statement.expression, "selects"):
            self.view(table, statement.expression)

    def definition(self, table: str, node: Any) -> None:
        if isinstance(node, self.exp.ColumnDef):
            self.column(table, node)
        elif isinstance(node, self.exp.Identifier):
            self.add(table, node, {})
        else:
            self.choices_in(table, node)

    def view(self, table: str, query: Any) -> None:
        for one in query.selects:
            identifier = one.args.get("alias") or getattr(one, "this", None)
            if isinstance(identifier, self.exp.Identifier):
                self.add(table, identifier, {"comments": list(one.comments or [])})

    def column(self, table: str, node: Any) -> None:
        entry = self.add(table, node.this, {})
        if entry is None:
            return
        if node.kind is not None:
            entry["type"] = str(node.kind.this if isinstance(node.kind.this, str) else node.kind.sql()).lower()
            entry["choices"] += [one.this for one in node.kind.find_all(self.exp.Literal) if one.args.get("is_string")]
        for constraint in node.constraints:
            kind = constraint.kind
            if isinstance(kind, self.exp.CommentColumnConstraint):
                entry["comments"].append(kind.this.name)
            elif isinstance(kind, self.exp.CheckColumnConstraint):
                self.choices_in(table, kind)

    def add(self, table: str, identifier: Any, extra: dict[str, Any]) -> dict[str, Any] | None:
        name = identifier.name
        if not name:
            return None
        line = int(identifier.meta.get("line") or 1)
        said = self.comments.beside(identifier.meta.get("start"))
        entry = self.columns.setdefault(
            (table, name), {"line": line, "comments": [], "choices": [], "samples": [], "type": ""}
        )
        entry["comments"] += [*said, *extra.get("comments", [])]
        return entry

    def choices_in(self, table: str, node: Any) -> None:
        """Take the values that a check allows as the choices of its column."""
        for check in node.find_all(self.exp.In, self.exp.EQ, self.exp.Any):
            column = check.find(self.exp.Column)
            literals = [one.this for one in check.find_all(self.exp.Literal) if one.args.get("is_string")]
            entry = self.columns.get((table, column.name)) if column is not None else None
            if entry is not None:
                entry["choices"] += literals

    def comment(self, statement: Any) -> None:
        said = statement.expression.name if statement.expression is not None else ""
        target = statement.this
        if isinstance(target, self.exp.Column):
            table, column = target.table, target.name
            for (known, name), entry in self.columns.items():
                if name.lower() == column.lower() and known.lower().split(".")[-1] == table.lower():
                    entry["comments"].append(said)
        elif str(statement.args.get("kind")).upper() in ("TABLE", "VIEW"):
            name = self.table(target).lower()
            tables = {known for known, _ in self.columns if known.lower() in (name, f"{name}")}
            for known in tables or {self.table(target)}:
                self.note(known, [said])
        else:
            self.note_all([said])

    def note_all(self, said: Iterable[str]) -> None:
        for table in {known for known, _ in self.columns}:
            self.note(table, said)

    def note(self, table: str, said: Iterable[str]) -> None:
        self.table_notes.setdefault(table, []).extend(one for one in said if one.strip())

    def insert(self, statement: Any) -> None:
        """Take the values that a script puts into its own tables as samples."""
        table = self.table(statement.this)
        names = [one.name for one in getattr(statement.this, "expressions", [])]
        names = names or [name for known, name in self.columns if known == table]
        rows = statement.expression.expressions if isinstance(statement.expression, self.exp.Values) else []
        for row in rows[:_MOST_SAMPLES]:
            for name, value in zip(names, row.expressions, strict=False):
                entry = self.columns.get((table, name))
                if entry is not None and isinstance(value, self.exp.Literal):
                    entry["samples"].append(value.this)

    def fields(self) -> Iterator[Field]:
        for (table, name), entry in self.columns.items():
            kinds = self.types.get(entry["type"].strip('"'), ())
            yield Field(
                name,
                "column",
                f"{self.place}:{entry['line']}",
                table,
                comments="\n".join(entry["comments"]),
                choices=tuple(dict.fromkeys((*entry["choices"], *kinds))),
                samples=tuple(entry["samples"]),
            )
