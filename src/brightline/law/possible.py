"""What the facts of a request may still be, class by class: known, presumed or open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from brightline.law.chart import Chart, Variable
from brightline.law.situation import Situation, truth
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = ["Possible", "decided", "is_open", "not_ruled_out", "offered", "possible_values"]

Possible = list[Sequence[int]]


def possible_values(found: Situation, chart: Chart) -> Possible:
    """For each variable of a chart, the classes of values that are known, presumed or left open."""
    possible: Possible = []
    for variable in chart.variables:
        if variable.is_reading:
            chosen = found.readings.get(variable.name, found.law.vocabulary.readings[variable.name].default)
            possible.append(range(variable.size) if chosen == UNDECIDED else (variable.position(chosen),))
            continue
        value = found.value(variable.name)
        presumed = found.presumption(variable.name) if value is None else None
        if value is not None:
            possible.append((variable.position(value),))
        elif presumed is None:
            possible.append(not_ruled_out(found, variable))
        elif presumed.at_most is not None:
            possible.append(variable.at_most(presumed.at_most))
        else:
            possible.append(tuple(sorted({variable.position(v) for v in presumed.values})))
    return possible


def not_ruled_out(found: Situation, variable: Variable) -> Sequence[int]:
    """The classes of an unknown fact that no contradiction with what is known rules out."""
    out = found.ruled_out.get(variable.name)
    if not out:
        return range(variable.size)
    return tuple(i for i, values in enumerate(variable.classes) if not out.issuperset(values))


def offered(found: Situation, name: str) -> frozenset[Value]:
    """The values of an enum fact to name to a person in this situation: those whose condition may hold, or all.

    It tells what to print, not what is true: an answer never depends on it.
    """
    domain = found.law.vocabulary.facts[name].domain
    rules = [offer.values for offer in found.law.vocabulary.offers if offer.fact == name]
    if not rules or found.strict or found.is_known(name):
        return frozenset(domain)
    conditions = {value: [rule[value] for rule in rules if value in rule] for value in map(str, domain)}
    kept = {
        v for v in domain if not conditions[str(v)] or any(truth(c, found) is not False for c in conditions[str(v)])
    }
    return frozenset(kept or domain)


def is_open(chart: Chart, possible: Possible) -> bool:
    """Whether an unknown fact can change the answer, under the chosen readings or under a value of an undecided one."""
    return any(len(chart.modalities(trial)) > 1 for trial in decided(chart, possible))


def decided(chart: Chart, possible: Possible) -> Iterator[Possible]:
    """The possible values once for each way to decide the undecided readings."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    for positions in product(*(possible[i] for i in undecided)):
        trial = list(possible)
        for number, position in zip(undecided, positions, strict=True):
            trial[number] = (position,)
        yield trial
