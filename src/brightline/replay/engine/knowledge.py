"""What is known of each row, as functions over planes: what a fact is or may still be, and where the facts cannot be so.

Row for row it is what `situation` and `possible_values` find for one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from brightline.law.chart import Chart, Variable
from brightline.law.errors import BrightlineError
from brightline.law.expressions import facts_in
from brightline.law.situation import Situation, situation
from brightline.law.vocabulary import UNDECIDED, Contradiction, Expression, Presumption, Value
from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.columns import Question
from brightline.replay.engine.planes import Shape, Sources

__all__ = ["Knowledge", "Possible"]

# For each variable of a chart, and each class of its values, where a row may be in that class.
Possible = list[Sequence[int]]


class Knowledge:
    """The facts of rows of one shape under one question, with what the profile and the constants add to every row.

    Raises: BrightlineError as `situation` does for the constants, but for a contradiction.
    """

    def __init__(
        self, circuit: Circuit, question: Question, shape: Shape, constants: Mapping[str, object] | None = None
    ) -> None:
        self.circuit, self.question, self.shape = circuit, question, shape
        self.vocabulary = question.law.vocabulary
        self.sources = Sources(circuit, self.vocabulary.facts, shape)
        self.base = _base(question, constants or {})
        self._holds: dict[Expression, int] = {}

    # What is known ------------------------------------------------------------------------------
    def known(self, fact: str) -> int:
        """Where a fact is stated, standing or worked out."""
        return ALL if self.base is not None and self.base.is_known(fact) else self.sources.known(fact)

    def is_in(self, fact: str, values: Iterable[Value]) -> int:
        """Where a fact that is known has one of the values."""
        chosen = frozenset(values)
        value = self._otherwise(fact)
        column = self.sources.is_in(fact, chosen) if self._has_column(fact) else NONE
        return column if value is None else self._either_way(fact, column, ALL if value in chosen else NONE)

    def is_below(self, fact: str, number: int) -> int:
        """Where a number that is known is below another."""
        value = self._otherwise(fact)
        column = self.sources.is_below(fact, number) if self._has_column(fact) else NONE
        return column if value is None else self._either_way(fact, column, ALL if int(value) < number else NONE)

    def _has_column(self, fact: str) -> bool:
        return fact in self.shape.whole or fact in self.shape.partial

    def _otherwise(self, fact: str) -> Value | None:
        """What a fact is in rows that do not state it."""
        return None if self.base is None else self.base.value(fact)

    def _either_way(self, fact: str, stated: int, otherwise: int) -> int:
        return self.circuit.choose(self.sources.known(fact), stated, otherwise)

    def holds(self, expression: Expression) -> int:
        """Where a condition holds, if all its facts are known."""
        found = self._holds.get(expression)
        if found is None:
            found = self._holds[expression] = self._built(expression)
        return found

    def _built(self, expression: Expression) -> int:
        word = expression[0]
        if word in ("and", "or"):
            join = self.circuit.all_of if word == "and" else self.circuit.any_of
            return join(self.holds(part) for part in expression[1:])  # type: ignore[arg-type]
        if word == "not":
            return ~self.holds(expression[1])  # type: ignore[arg-type]
        if word == "in":
            return self.is_in(str(expression[1]), expression[2])  # type: ignore[arg-type]
        if word == "lt":
            return self.is_below(str(expression[1]), expression[2])  # type: ignore[arg-type]
        return ALL if word == "true" else NONE

    # What cannot be -----------------------------------------------------------------------------
    @cached_property
    def contradictory(self) -> int:
        """Where the facts contradict each other, a time ends before it starts, or nothing is left for a fact."""
        if self.base is None:
            return ALL
        lines = [self._truth(line.when)[0] for line in self.vocabulary.contradictions]
        early = [
            self.circuit.both(self.sources.known(fact.name), self.sources.is_below(fact.name, 0))
            for fact in self.vocabulary.facts.values()
            if fact.derived is not None and self._has_column(fact.name)
        ]
        nothing = [self.circuit.all_of(self.ruled_out(fact, v) for v in self._domain(fact)) for fact in self._lines]
        return self.circuit.any_of([*lines, *early, *nothing])

    def _truth(self, expression: Expression) -> tuple[int, int]:
        """Where a condition is true and where it is false; elsewhere it is not settled (strong Kleene logic)."""
        word, circuit = expression[0], self.circuit
        if word == "not":
            yes, no = self._truth(expression[1])  # type: ignore[arg-type]
            return no, yes
        if word in ("and", "or"):
            parts = [self._truth(part) for part in expression[1:]]  # type: ignore[arg-type]
            sides = [p[0] for p in parts], [p[1] for p in parts]
            if word == "and":
                return circuit.all_of(sides[0]), circuit.any_of(sides[1])
            return circuit.any_of(sides[0]), circuit.all_of(sides[1])
        if word in ("true", "false"):
            return (ALL, NONE) if word == "true" else (NONE, ALL)
        known, holds = self.known(str(expression[1])), self.holds(expression)
        return circuit.both(known, holds), circuit.without(known, holds)

    @cached_property
    def _lines(self) -> Mapping[str, tuple[Contradiction, ...]]:
        """For each fact of finitely many values that a row may lack, the contradictions that name it."""
        found: dict[str, list[Contradiction]] = {}
        for line in self.vocabulary.contradictions:
            for name in facts_in(line.when):
                if self._domain(name) and self.known(name) != ALL:
                    found.setdefault(name, []).append(line)
        return {name: tuple(lines) for name, lines in found.items()}

    def _domain(self, name: str) -> tuple[Value, ...]:
        return self.vocabulary.facts[name].domain

    def ruled_out(self, fact: str, value: Value) -> int:
        """Where a fact that is not known cannot have a value, given what is; a transient fact rules nothing out."""
        return self.circuit.any_of(self._ruled_by(line, fact)[value] for line in self._lines.get(fact, ()))

    def _ruled_by(self, line: Contradiction, fact: str) -> Mapping[Value, int]:
        key = (line, fact)
        if key not in self._ruled:
            self._ruled[key] = self._ruling(line, fact)
        return self._ruled[key]

    @cached_property
    def _ruled(self) -> dict[tuple[Contradiction, str], Mapping[Value, int]]:
        return {}

    def _ruling(self, line: Contradiction, fact: str) -> Mapping[Value, int]:
        """Where a line rules out each value: the rest of its facts is known, and it leaves the fact some other value."""
        circuit, facts = self.circuit, self.vocabulary.facts
        others = [name for name in facts_in(line.when) if name != fact]
        applies = ~self.known(fact)
        for name in others:
            applies = NONE if facts[name].is_transient else circuit.both(applies, self.known(name))
        impossible = {value: self._with_value(line.when, fact, value) for value in self._domain(fact)}
        applies = circuit.without(applies, circuit.all_of(impossible.values()))
        return {value: circuit.both(applies, cannot) for value, cannot in impossible.items()}

    def _with_value(self, expression: Expression, fact: str, value: Value) -> int:
        """Where a condition holds if a fact has a value."""
        word = expression[0]
        if word in ("and", "or", "not"):
            parts = [self._with_value(part, fact, value) for part in expression[1:]]  # type: ignore[arg-type]
            return (
                ~parts[0] if word == "not" else (self.circuit.all_of if word == "and" else self.circuit.any_of)(parts)
            )
        if word == "in" and expression[1] == fact:
            return ALL if value in expression[2] else NONE  # type: ignore[operator]
        return self.holds(expression)

    # What may still be --------------------------------------------------------------------------
    def possible(self, chart: Chart) -> Possible:
        """For each variable of a chart, where a row may be in each of its classes, as readings are chosen."""
        return [self._reading(v) if v.is_reading else self._classes(v, self._presumed(v.name)) for v in chart.variables]

    def loose(self, chart: Chart, possible: Possible) -> Possible:
        """The same, with nothing presumed."""
        return [p if v.is_reading else self._classes(v, None) for v, p in zip(chart.variables, possible, strict=True)]

    def free(self, chart: Chart, possible: Possible) -> Possible:
        """The same, with every reading that is contested where the profile is open to each of its values."""
        here = self.vocabulary.applying_readings(self.question.profile)
        return [
            (ALL,) * v.size if v.is_reading and v.name in here else p
            for v, p in zip(chart.variables, possible, strict=True)
        ]

    def chosen(self, reading: str) -> str:
        """The value of a reading for every row."""
        assert self.base is not None
        return self.base.readings.get(reading, self.vocabulary.readings[reading].default)

    def _reading(self, variable: Variable) -> Sequence[int]:
        chosen = self.chosen(variable.name)
        if chosen == UNDECIDED:
            return (ALL,) * variable.size
        at = variable.position(chosen)
        return tuple(ALL if i == at else NONE for i in range(variable.size))

    def _presumed(self, fact: str) -> Presumption | None:
        return None if self.question.strict else self.vocabulary.facts[fact].presumed

    def _classes(self, variable: Variable, presumed: Presumption | None) -> Sequence[int]:
        known = self.known(variable.name)
        stated = self.stated(variable) if known != NONE else (NONE,) * variable.size
        if known == ALL:
            return stated
        left = self._left(variable, presumed)
        return tuple(self.circuit.choose(known, s, may) for s, may in zip(stated, left, strict=True))

    def stated(self, variable: Variable) -> Sequence[int]:
        """For each class of a variable, where its fact, if known, is in it."""
        if not variable.cuts:
            return tuple(self.is_in(variable.name, values) for values in variable.classes)
        below = [*(self.is_below(variable.name, cut) for cut in variable.cuts), ALL]
        return (below[0], *(self.circuit.without(b, a) for a, b in pairwise(below)))

    def _left(self, variable: Variable, presumed: Presumption | None) -> Sequence[int]:
        """For each class, where a fact that is not known may be in it: as presumed, or anywhere it is not ruled out."""
        if variable.cuts:
            chosen = _presumed_classes(variable, presumed)
            return tuple(ALL if i in chosen else NONE for i in range(variable.size))
        anything = [self._some_left(variable.name, values) for values in variable.classes]
        if presumed is None:
            return anything
        ordinary = [
            self._some_left(variable.name, [v for v in values if v in presumed.values]) for values in variable.classes
        ]
        is_presumed = self.circuit.any_of(ordinary)
        return [self.circuit.choose(is_presumed, o, a) for o, a in zip(ordinary, anything, strict=True)]

    def _some_left(self, fact: str, values: Sequence[Value]) -> int:
        return self.circuit.any_of(~self.ruled_out(fact, value) for value in values)


def _presumed_classes(variable: Variable, presumed: Presumption | None) -> Iterable[int]:
    if presumed is None:
        return range(variable.size)
    if presumed.at_most is not None:
        return variable.at_most(presumed.at_most)
    return {variable.position(value) for value in presumed.values}


def _base(question: Question, constants: Mapping[str, object]) -> Situation | None:
    """What every row has; None where a time of it ends before it starts. Contradictions are a matter of each row."""
    law = question.law
    silent = replace(law, vocabulary=replace(law.vocabulary, contradictions=()))
    try:
        return situation(
            silent, question.profile, constants, on=question.on, strict=question.strict, readings=question.readings
        )
    except BrightlineError as error:
        if error.code != "contradiction":
            raise
        return None
