"""Sets of situations in words: prime cubes that cover a set exactly, and the smallest example of it.

A set is a diagram with the terminals TRUE and FALSE over a chart's variables. A cube fixes some variables to some of
their classes; it is prime in a set if no condition can be dropped or widened without leaving the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import FALSE, TRUE, Diagram
from brightline.law.vocabulary import Value, Vocabulary

__all__ = ["Cube", "cover", "cube_words", "sizes_of", "smallest_example", "weighted_count"]

Weights = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Cube:
    """Conditions that must hold together: for each variable (by number) the classes it may have."""

    literals: tuple[tuple[int, tuple[int, ...]], ...]

    def possible(self, sizes: Sequence[int]) -> list[Sequence[int]]:
        """The classes of every variable, free ones included."""
        fixed = dict(self.literals)
        return [fixed.get(i, range(size)) for i, size in enumerate(sizes)]

    def node(self, diagram: Diagram) -> int:
        """The cube as a set."""
        found = TRUE
        for variable, positions in sorted(self.literals, reverse=True):
            found = diagram.both(diagram.literal(variable, positions), found)
        return found


def cover(diagram: Diagram, node: int, most: int = 5000, within: int | None = None) -> list[Cube]:
    """Prime cubes that together are exactly the set, none of them needless, the shortest first.

    With `within`, a larger set, they cover the set and stay inside the larger one: what lies between does not matter.
    Gives up with an empty list when more than `most` cubes would be needed, so that nothing is approximated.
    """
    larger = node if within is None else within
    cubes: list[Cube] = []
    left = node
    while left != FALSE:
        if len(cubes) >= most:
            return []
        cube = _expanded(diagram, larger, _shortest_path(diagram, left))
        cubes.append(cube)
        left = diagram.select(cube.node(diagram), FALSE, left)
    return sorted(_needed(diagram, node, cubes), key=lambda c: (len(c.literals), c.literals))


def _shortest_path(diagram: Diagram, node: int) -> Cube:
    """The path to TRUE with the fewest conditions, its last choice as wide as the node allows."""
    depth: dict[int, int] = {TRUE: 0, FALSE: 1 << 30}
    for n in reversed(diagram.below(node)):
        depth[n] = 1 + min(depth[c] for c in diagram.children[n])
    literals = []
    while node >= 0:
        children = diagram.children[node]
        best = min(children, key=depth.__getitem__)
        literals.append((diagram.variable[node], tuple(i for i, c in enumerate(children) if c == best)))
        node = best
    return Cube(tuple(literals))


def _expanded(diagram: Diagram, node: int, cube: Cube) -> Cube:
    literals = dict(cube.literals)
    for variable in sorted(literals, reverse=True):
        without = Cube(tuple((v, p) for v, p in literals.items() if v != variable))
        if _inside(diagram, without, node):
            del literals[variable]
    for variable in literals:
        for position in range(diagram.sizes[variable]):
            if position not in literals[variable]:
                wider = {**literals, variable: tuple(sorted((*literals[variable], position)))}
                if _inside(diagram, Cube(tuple(wider.items())), node):
                    literals = wider
    return Cube(tuple(sorted(literals.items())))


def _inside(diagram: Diagram, cube: Cube, node: int) -> bool:
    return diagram.reach(node, cube.possible(diagram.sizes)) == {TRUE}


def _needed(diagram: Diagram, node: int, cubes: list[Cube]) -> list[Cube]:
    """Without those that the others cover."""
    kept = list(cubes)
    if len(kept) > 200:
        return kept
    for cube in sorted(cubes, key=lambda c: -len(c.literals)):
        rest = FALSE
        for other in kept:
            if other is not cube:
                rest = diagram.either(rest, other.node(diagram))
        if diagram.select(node, rest, TRUE) == TRUE:
            kept.remove(cube)
    return kept


def sizes_of(variables: Sequence[Variable], fixed: Sequence[str] = ()) -> Weights:
    """How many values stand behind each class: the count for an enum, one for each range of numbers.

    Readings and the facts named in `fixed` weigh one: they are chosen, not counted.
    """
    return [
        [1] + [0] * (v.size - 1) if v.is_reading or v.name in fixed else [len(v.classes[i]) if v.classes else 1 for i in range(v.size)]
        for v in variables
    ]  # fmt: skip


def weighted_count(diagram: Diagram, node: int, weights: Weights) -> dict[int, int]:
    """The exact number of situations that lead to each terminal. Variables that weigh one are not in the diagram."""
    totals = [sum(w) for w in weights]
    after = [1] * (len(totals) + 1)
    for i in range(len(totals) - 1, -1, -1):
        after[i] = after[i + 1] * totals[i]
    counted: dict[int, dict[int, int]] = {}

    def below(n: int, level: int) -> dict[int, int]:
        """Counts over the variables from `level` on."""
        if n < 0:
            return {n: after[level]}
        skipped = after[level] // after[diagram.variable[n]]
        return {terminal: number * skipped for terminal, number in counted[n].items()}

    for n in reversed(diagram.below(node)):
        variable, summed = diagram.variable[n], dict[int, int]()
        for position, child in enumerate(diagram.children[n]):
            for terminal, number in below(child, variable + 1).items():
                summed[terminal] = summed.get(terminal, 0) + number * weights[variable][position]
        counted[n] = summed
    return below(node, 0)


def smallest_example(chart: Chart, node: int, target: int, usual: Mapping[str, Value]) -> dict[str, Value]:
    """The situation that leads to a terminal with the fewest facts out of the usual; empty if there is none.

    `usual` gives the standing or presumed value of a fact, which costs nothing to name and is left out.
    """
    diagram = chart.diagram
    best: dict[int, int] = {node: 0}
    queue: list[tuple[int, int, tuple[tuple[int, int], ...]]] = [(0, node, ())]
    while queue:
        cost, here, path = heappop(queue)
        if here == target:
            return {
                chart.variables[v].name: _natural(chart.variables[v], p, usual)
                for v, p in path
                if not _is_usual(chart.variables[v], p, usual)
            }
        if here < 0:
            continue
        variable = diagram.variable[here]
        for position, child in enumerate(diagram.children[here]):
            price = cost + (0 if _is_usual(chart.variables[variable], position, usual) else 1)
            if price < best.get(child, 1 << 30):
                best[child] = price
                heappush(queue, (price, child, (*path, (variable, position))))
    return {}


def _is_usual(variable: Variable, position: int, usual: Mapping[str, Value]) -> bool:
    return variable.name in usual and variable.position(usual[variable.name]) == position


def _natural(variable: Variable, position: int, usual: Mapping[str, Value]) -> Value:
    return usual[variable.name] if _is_usual(variable, position, usual) else variable.example(position)


def cube_words(vocabulary: Vocabulary, variables: Sequence[Variable], cube: Cube) -> str:
    """A cube in the language of conditions, with value sets by their names where they fit."""
    named = [
        words
        for number, positions in cube.literals
        for words in [_literal_words(vocabulary, variables[number], positions)]
    ]
    return " and ".join(named) or "always"


def _literal_words(vocabulary: Vocabulary, variable: Variable, positions: Sequence[int]) -> str:
    if variable.cuts:
        return _range_words(variable, positions)
    values = [v for p in positions for v in variable.classes[p]]
    others = [v for p in range(variable.size) if p not in positions for v in variable.classes[p]]
    if set(values) == {True}:
        return variable.name
    if set(values) == {False}:
        return f"not {variable.name}"
    return _set_words(vocabulary, variable.name, values, others)


def _set_words(vocabulary: Vocabulary, name: str, values: Sequence[Value], others: Sequence[Value]) -> str:
    for label in _set_names(vocabulary, name, values):
        return f"{name} in {label}"
    for label in _set_names(vocabulary, name, others):
        return f"{name} not in {label}"
    if len(values) == 1:
        return f"{name} == {values[0]}"
    if len(others) == 1:
        return f"{name} != {others[0]}"
    if len(others) < len(values):
        return f"{name} not in [{', '.join(map(str, others))}]"
    return f"{name} in [{', '.join(map(str, values))}]"


def _set_names(vocabulary: Vocabulary, name: str, values: Sequence[Value]) -> Iterator[str]:
    domain = set(vocabulary.facts[name].domain)
    for jurisdiction in vocabulary.jurisdictions.values():
        for label, (of, members) in jurisdiction.value_sets.items():
            if name in of and {m for m in members if m in domain} == set(values):
                yield label


def _range_words(variable: Variable, positions: Sequence[int]) -> str:
    parts = []
    for start, end in _runs(positions):
        low = None if start == 0 else variable.cuts[start - 1]
        high = None if end == len(variable.cuts) else variable.cuts[end] - 1
        if low is None:
            parts.append(f"{variable.name} <= {high}")
        elif high is None:
            parts.append(f"{variable.name} >= {low}")
        else:
            parts.append(f"{variable.name} == {low}" if low == high else f"{low} <= {variable.name} <= {high}")
    return parts[0] if len(parts) == 1 else "(" + " or ".join(parts) + ")"


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = previous = None
    for p in sorted(positions):
        if previous is None or p != previous + 1:
            if start is not None:
                yield start, previous  # type: ignore[misc]
            start = p
        previous = p
    if start is not None:
        yield start, previous  # type: ignore[misc]
