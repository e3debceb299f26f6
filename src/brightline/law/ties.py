"""What the vocabulary's contradictions exclude: which of them bear on some facts, and the situations they leave."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import FALSE, TRUE, Diagram
from brightline.law.expressions import facts_in
from brightline.law.library import Law
from brightline.law.rewrite import Rewrite
from brightline.law.vocabulary import Contradiction, Expression

__all__ = ["exists", "possible_situations", "ties"]


def ties(law: Law, facts: Iterable[str]) -> list[Contradiction]:
    """The contradictions that bear on some facts, directly or through others."""
    known, found = set(facts), list[Contradiction]()
    left = list(law.vocabulary.contradictions)
    while touching := [c for c in left if facts_in(c.when) & known]:
        found += touching
        left = [c for c in left if c not in touching]
        known |= set().union(*(facts_in(c.when) for c in touching))
    return found


def exists(diagram: Diagram, node: int, variables: Iterable[int]) -> int:
    """The set with some variables left out: where some value of theirs is in it."""
    return Rewrite(diagram, gone=variables)(node)


def possible_situations(law: Law, chart: Chart) -> int:
    """The situations of a chart that no contradiction among its facts excludes.

    A class of values is excluded only if every value in it is: a chart that does not tell a contradiction's values
    apart keeps what may be so.
    """
    known = {v.name for v in chart.variables}
    found = TRUE
    for line in law.vocabulary.contradictions:
        if facts_in(line.when) <= known:
            found = chart.diagram.select(_surely(chart, line.when), FALSE, found)
    return found


def _surely(chart: Chart, expression: Expression) -> int:
    """Where a condition is true of every value of the classes."""
    word, diagram = expression[0], chart.diagram
    if word == "not":
        return diagram.opposite(_maybe(chart, expression[1]))  # type: ignore[arg-type]
    if word in ("and", "or"):
        join = diagram.both if word == "and" else diagram.either
        return reduce(join, (_surely(chart, part) for part in expression[1:]))  # type: ignore[arg-type]
    return _atom(chart, expression, every=True)


def _maybe(chart: Chart, expression: Expression) -> int:
    """Where a condition is true of some value of the classes."""
    word, diagram = expression[0], chart.diagram
    if word == "not":
        return diagram.opposite(_surely(chart, expression[1]))  # type: ignore[arg-type]
    if word in ("and", "or"):
        join = diagram.both if word == "and" else diagram.either
        return reduce(join, (_maybe(chart, part) for part in expression[1:]))  # type: ignore[arg-type]
    return _atom(chart, expression, every=False)


def _atom(chart: Chart, expression: Expression, *, every: bool) -> int:
    word = expression[0]
    if word in ("true", "false"):
        return TRUE if word == "true" else FALSE
    number = chart.number[str(expression[1])]
    variable = chart.variables[number]
    wanted = range(variable.size)
    if word == "lt":
        return chart.diagram.literal(number, [i for i in wanted if _below(variable, i, expression[2], every)])  # type: ignore[arg-type]
    chosen = set(expression[2])  # type: ignore[call-overload]
    test = chosen.issuperset if every else (lambda values: not chosen.isdisjoint(values))
    return chart.diagram.literal(number, [i for i in wanted if test(variable.classes[i])])


def _below(variable: Variable, position: int, bound: int, every: bool) -> bool:
    if every:
        return position < len(variable.cuts) and variable.cuts[position] <= bound
    return position == 0 or variable.cuts[position - 1] < bound
