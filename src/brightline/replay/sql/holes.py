"""What a row that does not say a fact leaves open: what is presumed, and what other facts of the row rule out.

A hole in one column is not always the same: where no paper came, none can look complete. Each such *ruling* is a
condition over the row's other columns; a hole is known by the set of its rulings that hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from brightline.law.chart import Chart, Variable
from brightline.law.errors import BrightlineError
from brightline.law.expressions import FALSE, TRUE, all_of, any_of, facts_in, negate
from brightline.law.vocabulary import UNDECIDED, Expression, Fact, Presumption, Value
from brightline.replay.engine.columns import Question
from brightline.replay.sql.answerdiagram import Axis, Hole

__all__ = ["Ruling", "Saying", "narrowed", "surely"]

_MOST_RULINGS = 6


@dataclass(frozen=True, slots=True)
class Ruling:
    """Values of a fact that cannot be, where `when` holds and every one of `others` is said by the row."""

    line: int
    values: frozenset[Value]
    when: Expression
    others: tuple[str, ...]


class Saying:
    """What rows can say under a question: the facts that are `columns`, and `known`, which every row has.

    A fact in neither is said by no row.
    """

    def __init__(self, question: Question, columns: Collection[str], constants: Mapping[str, Value]) -> None:
        self.question, self.vocabulary = question, question.law.vocabulary
        standing = self.vocabulary.standing_facts(question.profile, question.on)
        self.columns = frozenset(columns)
        self.usual = {name: value for name, value in standing.items() if name in self.columns}
        self.known = {**{n: v for n, v in standing.items() if n not in self.columns}, **constants}
        self.readings = {**self.vocabulary.chosen_readings(question.profile, question.on), **question.readings}
        self._rulings: dict[str, tuple[Ruling, ...]] = {}
        self._holes: dict[str, tuple[frozenset[Value], ...]] = {}

    def contradiction(self) -> Expression:
        """Where a row's facts cannot all be so, as a condition over columns that never counts an unknown as true."""
        lines = [surely(narrowed(line.when, self.known), self.columns) for line in self.vocabulary.contradictions]
        return any_of(*lines)

    def rulings(self, fact: str) -> tuple[Ruling, ...]:
        """What can be ruled out of a fact that a row does not say."""
        if fact not in self._rulings:
            self._rulings[fact] = tuple(self._found_rulings(self.vocabulary.facts[fact]))
        return self._rulings[fact]

    def _found_rulings(self, fact: Fact) -> Iterator[Ruling]:
        for number, line in enumerate(self.vocabulary.contradictions):
            others = sorted(facts_in(line.when) - {fact.name})
            if fact.name not in facts_in(line.when) or not all(self._may_rule(other) for other in others):
                continue
            conditions: dict[Expression, set[Value]] = {}
            for value in fact.domain:
                when = narrowed(line.when, {**self.known, fact.name: value})
                conditions.setdefault(when, set()).add(value)
            conditions.pop(FALSE, None)
            for when, values in conditions.items():
                yield Ruling(number, frozenset(values), when, tuple(o for o in others if o in self.columns))

    def _may_rule(self, other: str) -> bool:
        """A known transient fact rules nothing out; an unknown one even less."""
        return not self.vocabulary.facts[other].is_transient and (other in self.columns or other in self.known)

    def hole_kinds(self, fact: str) -> tuple[tuple[Ruling, ...], ...]:
        """The sets of rulings that may hold in a hole, the largest first, so that the first that holds is the whole set.

        Raises: BrightlineError `sql-budget` where there are too many.
        """
        return tuple(kind for kind in self._kinds(fact) if not self._leaves_nothing(fact, kind))

    def holes(self, fact: str) -> tuple[frozenset[Value], ...]:
        """What may be ruled out in a hole, one entry for each different set of values."""
        if fact not in self._holes:
            self._holes[fact] = tuple(dict.fromkeys(self.ruled_out(fact, kind) for kind in self.hole_kinds(fact)))
        return self._holes[fact]

    def dead_ends(self) -> Iterator[tuple[str, tuple[Ruling, ...]]]:
        """The facts of which the rest of a row may leave no value, and by which rulings: such a row contradicts itself."""
        for fact in sorted({name for line in self.vocabulary.contradictions for name in facts_in(line.when)}):
            if fact not in self.known and fact not in self.usual:
                yield from ((fact, kind) for kind in self._kinds(fact) if self._leaves_nothing(fact, kind))

    def _leaves_nothing(self, fact: str, rulings: Sequence[Ruling]) -> bool:
        domain = self.vocabulary.facts[fact].domain
        return bool(domain) and self.ruled_out(fact, rulings).issuperset(domain)

    def _kinds(self, fact: str) -> tuple[tuple[Ruling, ...], ...]:
        rulings = self.rulings(fact)
        always = tuple(r for r in rulings if r.when == TRUE and not r.others)
        sometimes = [r for r in rulings if r not in always]
        if len(sometimes) > _MOST_RULINGS:
            raise BrightlineError(
                "sql-budget",
                f"what may be ruled out of `{fact}` turns on {len(sometimes)} conditions; {_MOST_RULINGS} can be written as SQL",
                "map fewer of the facts that contradict each other, or replay with another engine",
            )
        sizes = range(len(sometimes), -1, -1)
        return tuple((*always, *chosen) for size in sizes for chosen in combinations(sometimes, size))

    def ruled_out(self, fact: str, rulings: Sequence[Ruling]) -> frozenset[Value]:
        """The values that cannot be where some rulings hold. A line that rules out every value rules out none."""
        domain = self.vocabulary.facts[fact].domain
        out: set[Value] = set()
        for number in {r.line for r in rulings}:
            impossible = {v for r in rulings if r.line == number for v in r.values}
            if len(impossible) < len(domain):
                out |= impossible
        return frozenset(out)

    # Axes ---------------------------------------------------------------------------------------
    def axes(self, chart: Chart) -> list[Axis]:
        """What a row can say of each variable of a chart."""
        return [self._reading_axis(v) if v.is_reading else self._fact_axis(v) for v in chart.variables]

    def _reading_axis(self, variable: Variable) -> Axis:
        chosen = self.readings.get(variable.name, self.vocabulary.readings[variable.name].default)
        is_undecided = chosen == UNDECIDED
        return Axis((tuple(range(variable.size)) if is_undecided else (variable.position(chosen),),))

    def _fact_axis(self, variable: Variable) -> Axis:
        name = variable.name
        if name in self.known:
            return Axis(((variable.position(self.known[name]),),))
        stated = tuple((i,) for i in range(variable.size)) if name in self.columns else ()
        if name in self.usual:
            return Axis(stated)
        return Axis(stated, tuple(self._hole(variable, out) for out in self.holes(name)))

    def _hole(self, variable: Variable, out: frozenset[Value]) -> Hole:
        loose = tuple(i for i in range(variable.size) if not out or not out.issuperset(variable.classes[i]))
        presumed = None if self.question.strict else self.vocabulary.facts[variable.name].presumed
        return Hole(_presumed_classes(variable, presumed, out) or loose, loose)


def _presumed_classes(variable: Variable, presumed: Presumption | None, out: frozenset[Value]) -> tuple[int, ...]:
    """The classes that are presumed; empty where nothing is."""
    if presumed is None:
        return ()
    if presumed.at_most is not None:
        return tuple(variable.at_most(presumed.at_most))
    return tuple(sorted({variable.position(v) for v in presumed.values if v not in out}))


def narrowed(expression: Expression, known: Mapping[str, Value]) -> Expression:
    """What is left of a condition once some facts are known."""
    word = expression[0]
    if word in ("and", "or"):
        parts = [narrowed(part, known) for part in expression[1:]]  # type: ignore[arg-type]
        return all_of(*parts) if word == "and" else any_of(*parts)
    if word == "not":
        return negate(narrowed(expression[1], known))  # type: ignore[arg-type]
    if word not in ("in", "lt") or expression[1] not in known:
        return expression
    value = known[str(expression[1])]
    holds = value in expression[2] if word == "in" else value < expression[2]  # type: ignore[operator]
    return TRUE if holds else FALSE


def surely(expression: Expression, said: Collection[str], *, is_denied: bool = False) -> Expression:
    """Where a condition is true whatever is not said: strong Kleene logic, with negations at the atoms."""
    word = expression[0]
    if word == "not":
        return surely(expression[1], said, is_denied=not is_denied)  # type: ignore[arg-type]
    if word in ("and", "or"):
        parts = [surely(part, said, is_denied=is_denied) for part in expression[1:]]  # type: ignore[arg-type]
        return all_of(*parts) if (word == "and") != is_denied else any_of(*parts)
    if word in ("in", "lt") and expression[1] not in said:
        return FALSE
    return negate(expression) if is_denied else expression
