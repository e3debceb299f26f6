"""The law on one action as a decision diagram: compiled once, asked many ways.

Variables are the facts that the norms mention, each cut down to the classes of values that the norms tell
apart, and the readings of law they turn on. Terminals are outcomes: a modality and the norm that decides
(two norms where the answer is unsettled).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from brightline.law.diagram import FALSE, NODE_BUDGET, TRUE, UNDECIDED, Diagram, outcome, outcome_index
from brightline.law.evaluate import answer_word
from brightline.law.expressions import atoms
from brightline.law.norms import Norm
from brightline.law.vocabulary import Expression, Fact, Reading, Value

__all__ = ["Chart", "Outcome", "Variable", "variables_of"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered, and the norms that decide it; no norm means the law is silent."""

    modality: str
    norms: tuple[str, ...]


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


class Chart:
    """The compiled law on one action. `norms` are those of a stack, the strongest rank first.

    A chart made `beside` another shares its store, so that equal parts of two laws are the same node; both then
    need the same `variables`.
    """

    def __init__(
        self,
        action: str,
        norms: Sequence[Norm],
        facts: Mapping[str, Fact],
        readings: Mapping[str, Reading],
        budget: int = NODE_BUDGET,
        *,
        variables: tuple[Variable, ...] | None = None,
        beside: Chart | None = None,
    ) -> None:
        self.action, self.norms = action, tuple(norms)
        self.variables = variables_of(norms, facts, readings) if variables is None else variables
        self.number = {variable.name: i for i, variable in enumerate(self.variables)}
        self.shown_order = sorted(
            range(len(self.variables)), key=lambda i: (-self.variables[i].mentions, self.variables[i].name)
        )
        self.diagram: Diagram = beside.diagram if beside else Diagram([v.size for v in self.variables], budget, action)
        self.outcomes: list[Outcome] = beside.outcomes if beside else []
        self._outcome_ids: dict[Outcome, int] = beside._outcome_ids if beside else {}
        self._conditions: dict[Expression, int] = beside._conditions if beside else {}
        self.active = {norm.id: self._takes_part(norm) for norm in norms}
        self.standing = self._standing()
        self.root = self._root()
        self.modal_words: list[str] = beside.modal_words if beside else []
        self.modal = self.diagram.map_outcomes(self.root, self._modal_terminal)
        self.first_gains: dict[tuple[tuple[int, ...], ...], dict[str, float]] = {}

    # Building -----------------------------------------------------------------------------------
    def _takes_part(self, norm: Norm) -> int:
        node = self._condition(norm.condition)
        for name, values in norm.reading.items():
            number = self.number.get(name)
            if number is not None:
                chosen = [self.variables[number].position(value) for value in values]
                node = self.diagram.both(node, self.diagram.literal(number, chosen))
        return node

    def _condition(self, expression: Expression) -> int:
        found = self._conditions.get(expression)
        if found is None:
            found = self._conditions[expression] = self._built(expression)
        return found

    def _built(self, expression: Expression) -> int:
        word, diagram = expression[0], self.diagram
        if word == "true":
            return TRUE
        if word == "false":
            return FALSE
        if word == "not":
            return diagram.opposite(self._condition(expression[1]))  # type: ignore[arg-type]
        if word in ("and", "or"):
            join = diagram.both if word == "and" else diagram.either
            node = TRUE if word == "and" else FALSE
            for part in reversed(expression[1:]):
                node = join(self._condition(part), node)  # type: ignore[arg-type]
            return node
        number = self.number[str(expression[1])]
        variable = self.variables[number]
        if word == "lt":
            return diagram.literal(number, range(bisect_right(variable.cuts, expression[2] - 1) + 1))  # type: ignore[operator]
        return diagram.literal(number, {variable.positions[v] for v in expression[2]})  # type: ignore[attr-defined]

    def _standing(self) -> dict[str, int]:
        """For each norm, where it takes part and is neither taken away nor beaten by a special rule."""
        diagram, standing = self.diagram, dict[str, int]()
        for level in sorted({n.level for n in self.norms}, reverse=True):
            here = [n for n in self.norms if n.level == level]
            left = {}
            for norm in here:
                node = self.active[norm.id]
                for strong in self.norms:
                    if strong.level > level and _names(strong, norm):
                        node = diagram.select(standing[strong.id], FALSE, node)
                left[norm.id] = node
            for norm in here:
                standing[norm.id] = self._unbeaten(norm, here, left, ())
        return standing

    def _unbeaten(self, norm: Norm, here: Sequence[Norm], left: Mapping[str, int], path: tuple[str, ...]) -> int:
        node = left[norm.id]
        for special in here:
            if norm.id in special.derogates and special.id != norm.id and special.id not in path:
                stands = self._unbeaten(special, here, left, (*path, norm.id))
                node = self.diagram.select(stands, FALSE, node)
        return node

    def _outcome(self, modality: str, norms: tuple[str, ...]) -> int:
        found = Outcome(modality, norms)
        if found not in self._outcome_ids:
            self._outcome_ids[found] = len(self.outcomes)
            self.outcomes.append(found)
        return outcome(self._outcome_ids[found])

    def _root(self) -> int:
        """Sentences 4 to 6 as a diagram: what decides, where it stands, laid over what would decide without it."""
        diagram = self.diagram
        layers = [diagram.select(node, terminal, UNDECIDED) for node, terminal in self._deciders() if node != FALSE]
        return diagram.overlaid(layers)

    def _deciders(self) -> Iterator[tuple[int, int]]:
        """Where something decides and its outcome, the strongest first; at the end the law's silence, everywhere."""
        for level in sorted({n.level for n in self.norms}, reverse=True):
            here = [n for n in self.norms if n.level == level and n.modality in ("required", "prohibited")]
            for first, second in product(here, here):
                if (first.modality, second.modality) == ("required", "prohibited"):
                    clash = self.diagram.both(self.standing[first.id], self.standing[second.id])
                    yield clash, self._outcome("unsettled", (first.id, second.id))
            for norm in here:
                yield self.standing[norm.id], self._outcome(norm.modality, (norm.id,))
        for norm in self.norms:
            if answer_word(norm.modality) == "permitted":
                yield self.standing[norm.id], self._outcome("permitted", (norm.id,))
        yield TRUE, self._outcome("permitted", ())

    def _modal_terminal(self, terminal: int) -> int:
        word = self.outcomes[outcome_index(terminal)].modality
        if word not in self.modal_words:
            self.modal_words.append(word)
        return outcome(self.modal_words.index(word))

    def condition_of(self, expression: Expression) -> int:
        """The diagram of a condition over the facts this chart knows."""
        return self._condition(expression)

    def joined(self, left: int, right: int) -> int:
        """Two roots as one: the left outcome where both answer alike, unsettled by the norms of both where they differ."""
        memo: dict[tuple[int, int], int] = {}

        def visit(a: int, b: int) -> int:
            if a == b:
                return a
            if a < 0 and b < 0:
                one, two = self.outcomes[outcome_index(a)], self.outcomes[outcome_index(b)]
                alike = one.modality == two.modality
                return a if alike else self._outcome("unsettled", tuple(dict.fromkeys((*one.norms, *two.norms))))
            if (a, b) not in memo:
                top = min(self.diagram.variable[n] for n in (a, b) if n >= 0)
                width = self.diagram.sizes[top]
                sides = [
                    self.diagram.children[n] if n >= 0 and self.diagram.variable[n] == top else (n,) * width
                    for n in (a, b)
                ]
                memo[a, b] = self.diagram.node(top, tuple(map(visit, *sides)))
            return memo[a, b]

        return visit(left, right)

    # Asking -------------------------------------------------------------------------------------
    def modalities(self, possible: Sequence[Sequence[int]]) -> set[str]:
        """The answers that the possible values allow."""
        return {self.modal_words[outcome_index(t)] for t in self.diagram.reach(self.modal, possible)}

    def only_modality(self, possible: Sequence[Sequence[int]]) -> str | None:
        """The one answer that the possible values allow; None where they allow several."""
        terminal = self.diagram.sole(self.modal, possible)
        return None if terminal is None else self.modal_words[outcome_index(terminal)]

    def outcome_at(self, values: Sequence[int]) -> Outcome:
        """The outcome for complete values, given as one class for each variable."""
        return self.outcomes[outcome_index(self.diagram.at(self.root, values))]


def _names(strong: Norm, weak: Norm) -> bool:
    over = strong.overrides
    if over is None or answer_word(weak.modality) not in over.modalities:
        return False
    return not over.norms or weak.id in over.norms


def variables_of(
    norms: Sequence[Norm], facts: Mapping[str, Fact], readings: Mapping[str, Reading], more: Iterable[Expression] = ()
) -> tuple[Variable, ...]:
    """Facts in the order in which the law looks at them; readings last, so that the facts' part is shared.

    The norms that decide first come first, commands before permissions, and in each the most mentioned facts; that
    keeps a diagram a fifth smaller than the most mentioned fact of all first, and that of a list of rules half as large.
    `more` names further conditions whose facts and cuts the variables must tell apart.
    """
    conditions = [(norm, list(atoms(norm.condition))) for norm in norms]
    further = [atom for condition in more for atom in atoms(condition)]
    mentions: dict[str, list[Expression]] = {}
    for _, mentioned in conditions:
        for atom in mentioned:
            mentions.setdefault(str(atom[1]), []).append(atom)
    for atom in further:
        mentions.setdefault(str(atom[1]), []).append(atom)
    counts = Counter(name for _, mentioned in conditions for name in {str(atom[1]) for atom in mentioned})
    variables = {name: _fact_variable(facts[name], found, counts[name]) for name, found in mentions.items()}
    ordered: dict[str, Variable] = {}
    for _, mentioned in sorted(
        conditions, key=lambda pair: (-pair[0].level, answer_word(pair[0].modality) == "permitted")
    ):
        for variable in sorted((variables[str(atom[1])] for atom in mentioned), key=lambda v: (-v.mentions, v.name)):
            ordered.setdefault(variable.name, variable)
    for atom in further:
        ordered.setdefault(str(atom[1]), variables[str(atom[1])])
    named = sorted({name for norm in norms for name in norm.reading})
    return (*ordered.values(), *(_reading_variable(readings[name]) for name in named if name in readings))


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
