"""Conditions over columns: the same small part of Python's expression grammar as the law's, and a few words about text.

Normal form, as in `law.expressions`, with unknown for an empty cell (Kleene):

    ("true",) ("false",) ("and", e, ...) ("or", e, ...) ("not", e)
    ("known", column)                        there is something in the cell
    ("in", column, (value, ...))             text is folded; numbers are int or float; days and times are date, datetime
    ("lt", column, value)                    a number, day or time is below the value
    ("starts_with" | "ends_with" | "contains", column, text)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import NoReturn

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import FALSE, TRUE, all_of, any_of, negate
from brightline.law.vocabulary import Expression
from brightline.replay.maps.factmap import MappedColumn

__all__ = ["TEXT_TESTS", "columns_in", "fold", "parse_condition"]

TEXT_TESTS = ("starts_with", "ends_with", "contains")
_LANGUAGE = "use columns, `and or not == != < <= > >= in`, `known(column)`, `starts_with(column, 'text')` and the like"
_MAX_CHARACTERS, _MAX_DEPTH, _MAX_NUMBER = 4000, 40, 2**53
_TOKEN = re.compile(
    r"\s*(?:'[^'\\\n]*'|\"[^\"\\\n]*\"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.])|[=!<>]=|[<>,()\[\]-])"
)


def fold(text: str) -> str:
    """A word as it is compared: without capitals and without blanks at the ends."""
    return text.strip().lower()


def parse_condition(text: str, columns: Mapping[str, MappedColumn], where: str) -> Expression:
    """The normal form of a condition; a column that `columns` does not hold is text.

    Raises: BrightlineError `replay-map` with the place.
    """
    return _Parser(" ".join(text.split("\n")).strip(), columns, where).parsed()


def columns_in(condition: Expression) -> Iterator[str]:
    """The columns that a condition looks at, with repeats."""
    if condition[0] in ("and", "or", "not"):
        for part in condition[1:]:
            yield from columns_in(part)  # type: ignore[arg-type]
    elif condition[0] not in ("true", "false"):
        yield str(condition[1])


class _Parser:
    def __init__(self, text: str, columns: Mapping[str, MappedColumn], where: str) -> None:
        self.text, self.columns, self.where = text, columns, where

    def refuse(self, message: str, help: str = _LANGUAGE) -> NoReturn:
        raise BrightlineError("replay-map", message, help, self.where)

    def parsed(self) -> Expression:
        self.refuse_foreign()
        try:
            return self.visit(ast.parse(self.text, mode="eval").body, 0)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            self.refuse(f"cannot read the condition {shown(self.text)}")

    def refuse_foreign(self) -> None:
        """Only names, quoted text, numbers, comparisons and brackets reach Python's parser."""
        at, depth = 0, 0
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            if not token or len(self.text) > _MAX_CHARACTERS or depth > _MAX_DEPTH:
                self.refuse(f"{shown(self.text[at:].strip()[:20])} is outside the language of conditions")
            depth += token[0].count("(") + token[0].count("[") if token[0].strip() in "([" else 0
            at = token.end()

    def visit(self, node: ast.expr, depth: int) -> Expression:  # noqa: RET503 - `refuse` never returns
        if depth > _MAX_DEPTH:
            self.refuse("the condition is too deeply nested", "write it with fewer parts")
        if isinstance(node, ast.BoolOp):
            joined = all_of if isinstance(node.op, ast.And) else any_of
            return joined(*(self.visit(value, depth + 1) for value in node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return negate(self.visit(node.operand, depth + 1))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self.comparison(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Name) and node.id in ("true", "True", "false", "False"):
            return TRUE if node.id in ("true", "True") else FALSE
        self.refuse(f"{shown(ast.get_source_segment(self.text, node) or self.text)} is not a condition")

    def call(self, node: ast.Call) -> Expression:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or name not in ("known", *TEXT_TESTS):
            self.refuse(f"unknown word {shown(name)}", near_misses(name, ("known", *TEXT_TESTS), _LANGUAGE))
        if len(node.args) != (1 if name == "known" else 2) or not isinstance(node.args[0], ast.Name):
            self.refuse(f"cannot read `{name}`", "write `known(column)` or `contains(column, 'text')`")
        column = self.column(node.args[0])
        if name == "known":
            return ("known", column.name)
        if column.type != "text":
            self.refuse(f"`{column.name}` is a {column.type}", f"`{name}` looks into text")
        return (name, column.name, self.literal(column, node.args[1]))

    def column(self, node: ast.Name) -> MappedColumn:
        return self.columns.get(node.id) or MappedColumn(node.id, (node.id,))

    def comparison(self, node: ast.Compare) -> Expression:
        op, right = node.ops[0], node.comparators[0]
        if not isinstance(node.left, ast.Name):
            self.refuse(f"cannot read the comparison in {shown(self.text)}", "write `column == 'word'`")
        column = self.column(node.left)
        if isinstance(op, (ast.In, ast.NotIn)):
            if not isinstance(right, (ast.List, ast.Tuple)) or not right.elts:
                self.refuse(f"`in` needs a list in {shown(self.text)}", "write `column in ['word', 'word']`")
            found: Expression = ("in", column.name, tuple(self.literal(column, one) for one in right.elts))
            return found if isinstance(op, ast.In) else negate(found)
        return self.ordered(column, op, self.literal(column, right))

    def ordered(self, column: MappedColumn, op: ast.cmpop, value: object) -> Expression:
        same: Expression = ("in", column.name, (value,))
        below: Expression = ("lt", column.name, value)
        table: dict[type, Callable[[], Expression]] = {
            ast.Eq: lambda: same,
            ast.NotEq: lambda: negate(same),
            ast.Lt: lambda: below,
            ast.LtE: lambda: any_of(below, same),
            ast.Gt: lambda: negate(any_of(below, same)),
            ast.GtE: lambda: negate(below),
        }
        if type(op) not in table:
            self.refuse(f"cannot read the comparison in {shown(self.text)}")
        if column.type == "text" and not isinstance(op, (ast.Eq, ast.NotEq)):
            self.refuse(
                f"`{column.name}` is text and has no order", "give it `type: number`, `date` or `time` in `columns`"
            )
        return table[type(op)]()

    def literal(self, column: MappedColumn, node: ast.expr) -> object:
        negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
        value = inner.value if isinstance(inner, ast.Constant) else None
        if column.type == "number":
            if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _MAX_NUMBER:
                return -value if negative else value
            self.refuse(f"`{column.name}` is a number", "compare it with a number, without quotes")
        if not isinstance(value, str) or negative:
            self.refuse(f"`{column.name}` is compared with text in quotes", f"write `{column.name} == 'word'`")
        return fold(value) if column.type == "text" else self.moment(column, value)

    def moment(self, column: MappedColumn, text: str) -> date:
        try:
            return date.fromisoformat(text) if column.type == "date" else datetime.fromisoformat(text)
        except ValueError:
            example = "2026-01-16" if column.type == "date" else "2026-01-16T18:05:00"
            self.refuse(f"{shown(text)} is not a {column.type}", f"write it as '{example}'")
