"""The questions that lead to the answer on one action: a small diagram, the facts it asks for in a readable order.

Under usual circumstances the standing and presumed facts are fixed. Nothing is approximated: on every situation that
can be, the diagram gives the answer the law gives; situations that the vocabulary excludes are merged away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from brightline.law.chart import Variable
from brightline.law.comparison import possible_situations
from brightline.law.cover import Cube, cover
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome, outcome_index
from brightline.law.evaluate import ANSWERS
from brightline.law.possible import offered
from brightline.law.situation import Situation
from brightline.publish.footing import asked

__all__ = ["Branch", "Decision", "Step", "decision"]

# Above this, the facts keep the order of the chart: trying others would cost more than it gains.
MOST_REORDERED = 120


@dataclass(frozen=True, slots=True)
class Branch:
    """What may be answered to a question, as classes of the fact, and where it leads: a step's number or an answer."""

    positions: tuple[int, ...]
    target: int | str


@dataclass(frozen=True, slots=True)
class Step:
    """One question. Steps are numbered from 1; every branch leads to an answer or to a later step."""

    number: int
    variable: Variable
    branches: tuple[Branch, ...]


@dataclass(frozen=True, eq=False)
class Decision:
    """The diagram of an action's answer over the facts that it still turns on."""

    action: str
    variables: tuple[Variable, ...]
    diagram: Diagram
    root: int

    @property
    def answer(self) -> str | None:
        """The one answer, if no question is needed."""
        return ANSWERS[outcome_index(self.root)] if self.root < 0 else None

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer that can come out, the commands first."""
        return tuple(word for word in ANSWERS if self.reaches(word))

    def reaches(self, word: str) -> bool:
        """Whether an answer can come out."""
        target = outcome(ANSWERS.index(word))
        return self.root == target or any(target in self.diagram.children[n] for n in self.diagram.below(self.root))

    @property
    def variables_used(self) -> tuple[Variable, ...]:
        """The facts that some question asks for."""
        return tuple(self.variables[i] for i in sorted(self.diagram.support(self.root)))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The questions, the first one first; none if the answer is settled."""
        nodes = self.diagram.below(self.root)
        number = {node: i for i, node in enumerate(nodes, 1)}
        return tuple(self._step(node, number) for node in nodes)

    def _step(self, node: int, number: dict[int, int]) -> Step:
        groups: dict[int, list[int]] = {}
        for position, child in enumerate(self.diagram.children[node]):
            groups.setdefault(child, []).append(position)
        variable = self.variables[self.diagram.variable[node]]
        branches = [
            Branch(tuple(found), number[child] if child >= 0 else ANSWERS[outcome_index(child)])
            for child, found in groups.items()
        ]
        branches.sort(key=lambda b: (_weight(variable, b.positions), b.positions))
        return Step(number[node], variable, tuple(branches))

    def lines(self, word: str) -> list[Cube]:
        """Prime cubes that together are exactly the situations with an answer, the shortest first."""
        target = outcome(ANSWERS.index(word))
        node = self.diagram.map_outcomes(self.root, lambda t: TRUE if t == target else FALSE)
        return cover(self.diagram, node)

    @property
    def shape(self) -> tuple[object, ...]:
        """What two actions have in common if the same questions lead to the same answers."""
        return tuple((s.variable.name, s.variable.classes, s.variable.cuts, s.branches) for s in self.steps) or (
            self.answer,
        )


def _weight(variable: Variable, positions: Sequence[int]) -> int:
    """Order of answers: fewer values first; of yes and no, yes first."""
    if not variable.classes:
        return 0
    values = [v for p in positions for v in variable.classes[p]]
    return int(values == [False]) if all(isinstance(v, bool) for v in values) else len(values)


def decision(found: Situation, action: str) -> Decision:
    """The questions for an action in a situation; a strict situation presumes nothing.

    Raises: BrightlineError `node-budget`.
    """
    chart, possible = asked(found, action)
    diagram = chart.diagram
    joint = diagram.select(possible_situations(found.law, chart), chart.modal, FALSE)
    left, root = diagram.narrowed(joint, possible)
    names = chart.modal_words
    terminals = {outcome(i): outcome(ANSWERS.index(name)) for i, name in enumerate(names)}
    readings = [i for i, v in enumerate(chart.variables) if v.is_reading]
    root = _undecided(left, left.map_outcomes(root, lambda t: terminals.get(t, t)), set(readings))
    variables = [_narrowed(found, v, p) for v, p in zip(chart.variables, possible, strict=True)]
    return _ordered(found, action, variables, left, root)


def _narrowed(found: Situation, variable: Variable, possible: Sequence[int]) -> Variable:
    """A fact with only the classes that it may have, and in them only the values to name here."""
    cuts = variable.cuts[possible[0] : possible[-1]] if variable.cuts else ()
    classes = tuple(variable.classes[p] for p in possible) if variable.classes else ()
    if classes and not variable.is_reading:
        named = offered(found, variable.name)
        classes = tuple(tuple(v for v in values if v in named) or values for values in classes)
    positions = {value: i for i, values in enumerate(classes) for value in values}
    return Variable(variable.name, variable.is_reading, classes, cuts, positions, variable.mentions)


def _undecided(diagram: Diagram, node: int, readings: set[int]) -> int:
    """The diagram without readings: where one that nobody decided changes the answer, it is `unsettled`."""
    memo: dict[int, int] = {}

    def visit(n: int) -> int:
        if n < 0:
            return n
        if n not in memo:
            below = [visit(c) for c in diagram.children[n]]
            if diagram.variable[n] in readings:
                words = set(below) - {FALSE}
                memo[n] = words.pop() if len(words) == 1 else outcome(ANSWERS.index("unsettled"))
            else:
                memo[n] = diagram.node(diagram.variable[n], tuple(below))
        return memo[n]

    return visit(node)


def _ordered(found: Situation, action: str, variables: Sequence[Variable], left: Diagram, root: int) -> Decision:
    """The diagram in the order of facts that needs the fewest questions, facts that must not be kept last."""
    facts = found.law.vocabulary.facts
    place = {name: i for i, name in enumerate(facts)}
    first = sorted(left.support(root), key=lambda i: (facts[variables[i].name].is_transient, place[variables[i].name]))
    hidden = {i for i in first if facts[variables[i].name].is_transient}
    best = _built(action, variables, left, root, first)
    for _ in range(2 if len(first) > 1 and len(left.below(root)) <= MOST_REORDERED else 0):
        before = _size(best)
        for moved in list(first):
            for order in _moves(first, moved, hidden):
                tried = _built(action, variables, left, root, order)
                if _size(tried) < _size(best):
                    best, first = tried, order
        if _size(best) == before:
            break
    return best


def _moves(order: Sequence[int], moved: int, hidden: Collection[int]) -> Iterator[list[int]]:
    """An order with one fact at every other place; facts that must not be kept stay last."""
    others = [i for i in order if i != moved]
    for place in range(len(order)):
        found = [*others[:place], moved, *others[place:]]
        if found != list(order) and sorted(found, key=hidden.__contains__) == found:
            yield found


def _size(one: Decision) -> tuple[int, int]:
    nodes = one.diagram.below(one.root)
    return len(nodes), sum(len(set(one.diagram.children[n])) for n in nodes)


def _built(action: str, variables: Sequence[Variable], left: Diagram, root: int, order: Sequence[int]) -> Decision:
    chosen = tuple(variables[i] for i in order)
    diagram = Diagram([v.size for v in chosen], left.budget, action)
    level = {number: i for i, number in enumerate(order)}
    new = {root: root} if root < 0 else {}
    for node in reversed(left.below(root)):
        place = level[left.variable[node]]
        children = [new.get(child, child) for child in left.children[node]]
        found = children[0]
        for child in dict.fromkeys(children[1:]):
            found = diagram.select(
                diagram.literal(place, [i for i, c in enumerate(children) if c == child]), child, found
            )
        new[node] = found
    return Decision(action, chosen, diagram, _merged(diagram, new[root]))


def _merged(diagram: Diagram, root: int) -> int:
    """The diagram without the situations that cannot be (FALSE): branches that agree on all others become one."""
    joins: dict[tuple[int, int], int | None] = {}
    memo: dict[int, int] = {}

    def join(a: int | None, b: int) -> int | None:
        """What agrees with both; None if nothing does."""
        if a is None or a == b or b == FALSE:
            return a
        if a == FALSE:
            return b
        if a < 0 and b < 0:
            return None
        if (a, b) not in joins:
            top = min(diagram.variable[n] for n in (a, b) if n >= 0)
            pairs = zip(_below(diagram, a, top), _below(diagram, b, top), strict=True)
            parts = [join(x, y) for x, y in pairs]
            joins[a, b] = None if None in parts else diagram.node(top, tuple(p for p in parts if p is not None))
        return joins[a, b]

    def visit(n: int) -> int:
        if n < 0:
            return n
        if n not in memo:
            below = [visit(c) for c in diagram.children[n]]
            whole = reduce(join, below[1:], below[0] if below else None)
            memo[n] = diagram.node(diagram.variable[n], tuple(grouped(below))) if whole is None else whole
        return memo[n]

    def grouped(below: Sequence[int]) -> list[int]:
        groups: list[int] = []
        member = []
        for child in below:
            joined = next(((i, j) for i, g in enumerate(groups) for j in [join(g, child)] if j is not None), None)
            if joined is None:
                groups.append(child)
                member.append(len(groups) - 1)
            else:
                groups[joined[0]] = joined[1]
                member.append(joined[0])
        return [groups[i] for i in member]

    return visit(root)


def _below(diagram: Diagram, node: int, top: int) -> tuple[int, ...]:
    if node >= 0 and diagram.variable[node] == top:
        return diagram.children[node]
    return (node,) * diagram.sizes[top]
