"""What an answer turns on that it should not, or that is disputed: transient facts and readings of law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from brightline.law.chart import Variable
from brightline.law.diagram import FALSE, TRUE
from brightline.law.expressions import facts_in
from brightline.law.norms import Norm
from brightline.law.premises import Premises, overlap
from brightline.law.theorem import Counterexample, Theorem
from brightline.law.vocabulary import UNDECIDED

__all__ = ["robust", "status_blind"]

_MOST_VALUES = 3


def status_blind(premises: Premises) -> Theorem:
    """The recordable facts alone settle the answer; `where` is every situation, of recordable facts, in which they do not.

    A counterexample for each transient fact: the situations, of all other facts, in which it alone changes the answer.
    """
    names = _transient(premises)
    joint = _turns_on(premises, names)
    where = premises.situations(joint, names)
    if joint == FALSE:
        return Theorem("status-blind", (), where)
    alone = [c for name in names for c in _on_fact(premises, name)]
    alone.sort(key=lambda c: -(c.where.share if c.where else 0))
    together = Counterexample(
        "turns on transient facts together", f"turns on {' and '.join(names)} together", where, (), tuple(names)
    )
    return Theorem("status-blind", tuple(alone) or (together,), where)


def _transient(premises: Premises) -> list[str]:
    facts = premises.side.law.vocabulary.facts
    return [
        v.name
        for v in premises.chart.variables
        if not v.is_reading and facts[v.name].is_transient and v.name not in premises.standing
    ]


def _turns_on(premises: Premises, names: Sequence[str]) -> int:
    """The situations, without some facts, in which those facts can lead to different answers."""
    if len(names) == 1 and not premises.undecided and not premises.is_tied(names[0]):
        return premises.turning_on(names[0])
    return overlap(premises.diagram, [premises.without(node, names) for node in premises.answers.values()])


def _on_fact(premises: Premises, name: str) -> Iterator[Counterexample]:
    node = _turns_on(premises, [name])
    if node != FALSE:
        where = premises.situations(node, [name])
        norms = tuple(n.id for n in premises.chart.norms if _brings_in(premises, n, name, node))
        outcomes = _outcomes(premises, name, where.point)
        yield Counterexample(
            "turns on a transient fact", f"turns on {name}, through {', '.join(norms)}", where, norms, (name,), outcomes
        )


def _brings_in(premises: Premises, norm: Norm, name: str, node: int) -> bool:
    """Whether a norm decides for one value of a fact and not for another, within a set."""
    if name not in facts_in(norm.condition):
        return False
    decides = premises.set_of(premises.decides(norm))
    rest = premises.diagram.select(decides, FALSE, premises.possible)
    both = premises.diagram.both(premises.without(decides, [name]), premises.without(rest, [name]))
    return premises.diagram.both(both, node) != FALSE


def _outcomes(premises: Premises, name: str, point: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """The answer for each value of a fact in a situation, values with the same answer together."""
    number = premises.chart.number[name]
    variable, by_answer = premises.chart.variables[number], dict[str, list[str]]()
    for position in range(variable.size):
        values = [*point[:number], position, *point[number + 1 :]]
        if premises.diagram.at(premises.possible, values) == TRUE:
            by_answer.setdefault(premises.answer_at(values, {}), []).extend(_values(variable, position))
    return tuple((_some(values), word) for word, values in by_answer.items())


def _values(variable: Variable, position: int) -> list[str]:
    if variable.cuts:
        return [str(variable.example(position))]
    return [
        {True: "yes", False: "no"}.get(v, str(v)) if isinstance(v, bool) else str(v) for v in variable.classes[position]
    ]


def _some(values: Sequence[str]) -> str:
    more = len(values) - _MOST_VALUES
    return " or ".join(values[:_MOST_VALUES]) + (f" or {more} more" if more > 0 else "")


def robust(premises: Premises) -> Theorem:
    """No reading changes the answer, alone or together; `where` is every situation in which some readings do.

    A counterexample for each reading that changes an answer alone, and one for what only several together change.
    """
    joint = premises.turning(premises.readings)
    where = premises.situations(joint)
    if joint == FALSE:
        return Theorem("robust", (), where)
    alone = {name: _on_reading(premises, name) for name in premises.readings}
    found = [_alone(premises, name, node) for name, node in alone.items() if node != FALSE]
    found.sort(key=lambda c: -(c.where.number if c.where else 0))
    rest = premises.diagram.select(premises.diagram.union(alone.values()), FALSE, joint)
    return Theorem("robust", (*found, *_together(premises, rest)), where)


def _on_reading(premises: Premises, name: str) -> int:
    """The situations whose answer differs under another value of one reading."""
    if all(chosen != UNDECIDED for other, chosen in premises.readings.items() if other != name):
        return premises.turning([name])
    chosen, values = premises.readings[name], premises.side.law.vocabulary.readings[name].values
    base = premises.answers if chosen != UNDECIDED else premises.answers_under({name: values[0]})
    others = [premises.answers_under({name: value}) for value in values if value != chosen]
    differing = [premises.diagram.select(other[w], FALSE, node) for other in others for w, node in base.items()]
    return premises.diagram.union(differing)


def _alone(premises: Premises, name: str, node: int) -> Counterexample:
    chosen, where = premises.readings[name], premises.situations(node)
    values = premises.side.law.vocabulary.readings[name].values
    outcomes = [(value, premises.answer_at(where.point, {name: value})) for value in values]
    left = "left undecided" if chosen == UNDECIDED else f"chosen: {chosen}"
    return Counterexample("turns on a reading", f"turns on {name} ({left})", where, (), (name,), tuple(outcomes))


def _together(premises: Premises, rest: int) -> Iterator[Counterexample]:
    """What no reading changes alone: the fewest that change an answer there together."""
    if rest == FALSE:
        return
    for size in range(2, len(premises.readings) + 1):
        sets = {
            names: premises.diagram.both(rest, premises.turning(names))
            for names in combinations(premises.readings, size)
        }
        found = {names: node for names, node in sets.items() if node != FALSE}
        if found:
            names = max(found, key=lambda n: premises.situations(found[n]).number)
            yield Counterexample(
                "turns on readings together",
                f"turns on {' with '.join(names)} only",
                premises.situations(rest),
                (),
                names,
            )
            return
