"""The ends of a diagram that rows can reach, when each row leaves open some values of each variable.

A node is reached if a node above it is, and a value that leads on is possible. That is exact and linear in the nodes:
no situation is tried one by one.
"""

from __future__ import annotations

from collections.abc import Mapping

from brightline.law.chart import Chart
from brightline.law.diagram import Diagram, outcome_index
from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.knowledge import Possible

__all__ = ["Reaching", "words_reached"]


def words_reached(circuit: Circuit, chart: Chart, possible: Possible) -> Mapping[str, int]:
    """For each modality, where the possible values allow it."""
    found = _ends_reached(circuit, chart.diagram, chart.modal, possible)
    return {chart.modal_words[outcome_index(end)]: rows for end, rows in found.items()}


def _ends_reached(circuit: Circuit, diagram: Diagram, root: int, possible: Possible) -> dict[int, int]:
    """From the top down: for each terminal, where it can be reached."""
    open_values = [[i for i, rows in enumerate(values) if rows != NONE] for values in possible]
    left, top = diagram.narrowed(root, open_values)
    reached = {top: ALL}
    for node in left.below(top):
        number, rows = left.variable[node], reached.pop(node)
        leads: dict[int, list[int]] = {}
        for value, child in zip(open_values[number], left.children[node], strict=True):
            leads.setdefault(child, []).append(possible[number][value])
        for child, ways in leads.items():
            on = circuit.both(rows, circuit.any_of(ways))
            reached[child] = circuit.either(reached.get(child, NONE), on)
    return reached


class Reaching:
    """Where rows can reach an end from any node of a diagram, found from the ends up, so that roots share their parts."""

    def __init__(self, circuit: Circuit, diagram: Diagram, possible: Possible) -> None:
        self.circuit, self.diagram, self.possible = circuit, diagram, possible
        self._found: dict[tuple[int, int], int] = {}

    def can_reach(self, root: int, end: int) -> int:
        """Where a terminal can be reached from a node."""
        if root < 0:
            return ALL if root == end else NONE
        if (root, end) not in self._found:
            for node in reversed(self.diagram.below(root)):
                if (node, end) not in self._found:
                    self._found[node, end] = self._from(node, end)
        return self._found[root, end]

    def _from(self, node: int, end: int) -> int:
        leads: dict[int, list[int]] = {}
        for value, child in enumerate(self.diagram.children[node]):
            rows = self.possible[self.diagram.variable[node]][value]
            if rows != NONE:
                leads.setdefault(child, []).append(rows)
        ways = []
        for child, rows_of in leads.items():
            on = self._found[child, end] if child >= 0 else ALL if child == end else NONE
            if on != NONE:
                ways.append(self.circuit.both(self.circuit.any_of(rows_of), on))
        return self.circuit.any_of(ways)
