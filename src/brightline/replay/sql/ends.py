"""What rows are told, as diagrams over what they say: the one store in which all of them are built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome, outcome_index

__all__ = ["MANY", "Choices", "Ends", "Told"]

MANY = -(1 << 29)  # several terminals can be reached
# For each variable of a chart, and each position on its axis, the classes that it leaves possible.
Choices = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What one row is told: the modality, the marks as bits, and the norm named first, or an empty name."""

    modality: str
    marks: int
    norm: str


class Ends:
    """A store whose variables are a chart's and whose values are positions on axes, with what its terminals tell."""

    def __init__(self, chart: Chart, sizes: Sequence[int], budget: int) -> None:
        self.chart = chart
        self.store = Diagram(sizes, budget, chart.action)
        self.every: list[Told] = []
        self._told: dict[Told, int] = {}
        self._unions: dict[tuple[int, int], int] = {}

    def sole(self, node: int, choices: Choices) -> int:
        """The one terminal of the chart that each row leads to, or MANY."""
        variable, children = self.chart.diagram.variable, self.chart.diagram.children
        known: dict[int, int] = {}

        def visit(here: int) -> int:
            if here < 0:
                return here
            if here not in known:
                number, below = variable[here], children[here]
                ends = [self.union(visit(below[i]) for i in classes) for classes in choices[number]]
                known[here] = self.store.node(number, tuple(ends))
            return known[here]

        return visit(node)

    def union(self, nodes: Iterable[int]) -> int:
        """The terminal that all of them lead to, or MANY."""
        left, *others = dict.fromkeys(nodes)
        for right in others:
            left = self._union(left, right)
        return left

    def _union(self, left: int, right: int) -> int:
        if left == right:
            return left
        if (left < 0 and right < 0) or left == MANY or right == MANY:
            return MANY
        key = (left, right) if left < right else (right, left)
        found = self._unions.get(key)
        if found is None:
            top, sides = self._split(key)
            found = self._unions[key] = self.store.node(
                top, tuple([self._union(a, b) for a, b in zip(*sides, strict=True)])
            )
        return found

    def _split(self, nodes: Sequence[int]) -> tuple[int, list[Sequence[int]]]:
        """The topmost variable of some nodes, and what lies below each of them at each of its positions."""
        variable, children = self.store.variable, self.store.children
        top = min(variable[node] for node in nodes if node >= 0)
        width = self.store.sizes[top]
        return top, [children[n] if n >= 0 and variable[n] == top else (n,) * width for n in nodes]

    def applied(self, join: Callable[..., int | None], *nodes: int) -> int:
        """One diagram from several. `join` gives the terminal, or None while more must be known; it is asked on the way."""
        memo: dict[tuple[int, ...], int] = {}

        def visit(here: tuple[int, ...]) -> int:
            found = memo.get(here)
            if found is None:
                found = join(*here)
                if found is None:
                    top, sides = self._split(here)
                    found = self.store.node(top, tuple([visit(below) for below in zip(*sides, strict=True)]))
                memo[here] = found
            return found

        return visit(nodes)

    def is_(self, node: int, terminal: int) -> int:
        """Where a diagram leads to a terminal and to no other."""
        return self.store.map_outcomes(node, lambda t: TRUE if t == terminal else FALSE)

    def terminal(self, modality: str, norm: str, marks: int = 0) -> int:
        """The terminal that tells an answer."""
        told = Told(modality, marks, norm)
        if told not in self._told:
            self._told[told] = len(self.every)
            self.every.append(told)
        return outcome(self._told[told])

    def answer_of(self, terminal: int) -> Told:
        """What a terminal tells."""
        return self.every[outcome_index(terminal)]

    def terminals(self, node: int) -> set[int]:
        """The terminals that a diagram leads to."""
        if node < 0:
            return {node}
        return {c for n in self.store.below(node) for c in self.store.children[n] if c < 0}
