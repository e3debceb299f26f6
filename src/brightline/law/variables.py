"""What a diagram asks for: facts cut down to the values that the norms tell apart, and readings, in a good order."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from brightline.law.evaluate import answer_word
from brightline.law.expressions import atoms
from brightline.law.norms import Norm
from brightline.law.vocabulary import Expression, Fact, Reading, Value

__all__ = ["Variable", "variables_of"]

_HASTE = 20.0  # what decides first counts most: from the first norm to the last, weights fall by e to this power
_ALLOWING = 0.3  # a permission decides less than a command in the same place


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact or a reading, with the classes of values that the norms tell apart.

    An enum's `classes` hold values; a number's `cuts` are the points where some norm changes: class i holds the
    numbers with i cuts at or below them. `mentions` counts the norms that turn on it.
    """

    name: str
    is_reading: bool
    classes: tuple[tuple[Value, ...], ...]
    cuts: tuple[int, ...]
    positions: Mapping[Value, int]
    mentions: int = 0

    @property
    def size(self) -> int:
        """The number of classes."""
        return len(self.cuts) + 1 if self.cuts else len(self.classes)

    def position(self, value: Value) -> int:
        """The class of a value."""
        return bisect_right(self.cuts, value) if self.cuts else self.positions[value]

    def at_most(self, highest: int) -> range:
        """The classes of the numbers up to `highest`."""
        return range(bisect_right(self.cuts, highest) + 1)

    def example(self, position: int) -> Value:
        """One value of a class: the first named, or the number nearest to the next cut."""
        if not self.cuts:
            return self.classes[position][0]
        return self.cuts[position] - 1 if position < len(self.cuts) else self.cuts[-1]


def variables_of(
    norms: Sequence[Norm], facts: Mapping[str, Fact], readings: Mapping[str, Reading], more: Iterable[Expression] = ()
) -> tuple[Variable, ...]:
    """Facts in the order in which the law looks at them; readings last, so that the facts' part is shared.

    `more` names further conditions whose facts and cuts the variables must tell apart; what only they name comes
    after the rest.
    """
    conditions = [list(atoms(norm.condition)) for norm in norms]
    further = [atom for condition in more for atom in atoms(condition)]
    mentions: dict[str, list[Expression]] = {}
    for mentioned in (*conditions, further):
        for atom in mentioned:
            mentions.setdefault(str(atom[1]), []).append(atom)
    named = [{str(atom[1]) for atom in mentioned} for mentioned in conditions]
    counts = Counter(name for names in named for name in names)
    variables = [_fact_variable(facts[name], found, counts[name]) for name, found in mentions.items()]
    weights = _weights(norms, named)
    told = [v for v in variables if v.name in weights]
    told.sort(key=lambda v: (-round(weights[v.name], 9), v.name))
    chosen = sorted({name for norm in norms for name in norm.reading if name in readings})
    return (*told, *(v for v in variables if v.name not in weights), *(_reading_variable(readings[n]) for n in chosen))


def _weights(norms: Sequence[Norm], named: Sequence[set[str]]) -> dict[str, float]:
    """How much each fact has to say: the norms that turn on it, each the more the earlier it decides.

    Source: measured; see docs/adr/0009-order-of-variables.md.
    """
    order = sorted(range(len(norms)), key=lambda i: (-norms[i].level, answer_word(norms[i].modality) == "permitted"))
    found: dict[str, float] = {}
    for place, i in enumerate(order):
        weight = exp(-_HASTE * place / len(norms))
        if answer_word(norms[i].modality) == "permitted":
            weight *= _ALLOWING
        for name in named[i]:
            found[name] = found.get(name, 0.0) + weight
    return found


def _fact_variable(fact: Fact, found: Iterable[Expression], mentions: int) -> Variable:
    if fact.kind == "int":
        cuts = tuple(sorted({int(atom[2]) for atom in found}))  # type: ignore[call-overload]
        return Variable(fact.name, False, (), cuts, {}, mentions)
    sets = [frozenset(values) for values in {atom[2]: None for atom in found}]  # type: ignore[call-overload]
    classes: dict[tuple[bool, ...], list[Value]] = {}
    for value in fact.domain:
        classes.setdefault(tuple(value in s for s in sets), []).append(value)
    groups = tuple(tuple(values) for values in classes.values())
    return Variable(fact.name, False, groups, (), {v: i for i, values in enumerate(groups) for v in values}, mentions)


def _reading_variable(reading: Reading) -> Variable:
    groups = tuple((value,) for value in reading.values)
    return Variable(reading.name, True, groups, (), {value: i for i, value in enumerate(reading.values)})
