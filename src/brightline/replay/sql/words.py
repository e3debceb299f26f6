"""The small words of a query, each in a form that every dialect has. A text is only ever a literal, a name only ever quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = [
    "any_of", "blanks", "column", "either", "is_in", "is_null", "is_said", "matches", "no_text", "noted", "number", "text",
    "text_test", "unless",
]  # fmt: skip

_BLANKS = (9, 10, 11, 12, 13)  # besides the space: what Python and Arrow take off the ends of a word


def column(name: str) -> Expr:
    """A column by its name."""
    from sqlglot import exp

    return exp.column(name, quoted=True)


def text(words: str) -> Expr:
    """A text."""
    from sqlglot import exp

    return exp.Literal.string(words)


def number(value: int | None) -> Expr:
    """A whole number, or NULL."""
    from sqlglot import exp

    return exp.null() if value is None else exp.convert(int(value))


def no_text() -> Expr:
    """NULL where a text could be."""
    from sqlglot import exp

    return exp.cast(exp.null(), "text")


def is_null(cell: Expr) -> Expr:
    """Whether a cell says nothing."""
    from sqlglot import exp

    return exp.Is(this=cell.copy(), expression=exp.null())


def is_said(cell: Expr) -> Expr:
    """Whether a cell says something."""
    from sqlglot import exp

    return exp.not_(is_null(cell))


def any_of(parts: Iterable[Expr]) -> Expr:
    """Whether one of some conditions holds; at least one."""
    from sqlglot import exp

    return exp.or_(*parts)


def either(left: Expr, right: Expr) -> Expr:
    """Whether one of two conditions holds, without those that say nothing."""
    from sqlglot import exp

    return left.copy() if right == exp.false() or left == exp.true() else exp.or_(left, right)


def unless(denied: Expr, right: Expr) -> Expr:
    """Whether the first condition does not hold and the second does, without those that say nothing."""
    from sqlglot import exp

    if right == exp.false():
        return exp.false()
    return exp.not_(denied) if right == exp.true() else exp.and_(exp.not_(denied), right)


def is_in(cell: Expr, words: Sequence[object]) -> Expr:
    """Whether a cell is one of some words."""
    from sqlglot import exp

    literals = [text(str(word)) for word in words]
    if len(literals) == 1:
        return exp.EQ(this=cell.copy(), expression=literals[0])
    return exp.In(this=cell.copy(), expressions=literals)


def matches(cell: Expr, pattern: str) -> Expr:
    """Whether a cell matches a regular expression."""
    from sqlglot import exp

    return exp.RegexpLike(this=cell.copy(), expression=text(pattern))


def text_test(word: str, cell: Expr, part: str) -> Expr:
    """Whether a cell `starts_with`, `ends_with` or `contains` a text."""
    from sqlglot import exp

    length = number(len(part))
    if word == "contains":
        return exp.GT(this=exp.StrPosition(this=cell.copy(), substr=text(part)), expression=number(0))
    if word == "starts_with":
        return exp.EQ(this=exp.Substring(this=cell.copy(), start=number(1), length=length), expression=text(part))
    whole = exp.Length(this=cell.copy())
    start = exp.Add(this=exp.Sub(this=whole, expression=length), expression=number(1))
    tail = exp.EQ(this=exp.Substring(this=cell.copy(), start=start, length=length.copy()), expression=text(part))
    return exp.and_(exp.GTE(this=whole.copy(), expression=length.copy()), tail)


def blanks() -> Expr:
    """The characters that are taken off the ends of a word, written so that a person can read them."""
    from sqlglot import exp

    found = text(" ")
    for code in _BLANKS:
        found = exp.DPipe(this=found, expression=exp.Chr(expressions=[number(code)]), safe=True)
    return exp.Paren(this=found)


def noted(expression: Expr, remark: str) -> Expr:
    """The expression with a remark beside it, if there is one."""
    if remark:
        expression.add_comments([f" {remark.replace('*/', '* /').replace('/*', '/ *')} "])
    return expression
