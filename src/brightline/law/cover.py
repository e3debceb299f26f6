"""Sets of situations in words: prime cubes that cover a set exactly, and the smallest example of it.

A set is a diagram with the terminals TRUE and FALSE over a chart's variables. A cube fixes some variables to some of
their classes; it is prime in a set if no condition can be dropped or widened without leaving the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import FALSE, TRUE, Diagram
from brightline.law.vocabulary import Value, Vocabulary

__all__ = ["Cube", "Weights", "cover", "cube_words", "sizes_of", "smallest_example", "weighted_count"]

Weights = Sequence[Sequence[int]]
_NEVER = 1 << 30


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
    depth, left = {TRUE: 0, FALSE: 1 << 30}, node
    while left != FALSE:
        if len(cubes) >= most:
            return []
        cube = _expanded(diagram, larger, _shortest_path(diagram, left, depth))
        cubes.append(cube)
        left = diagram.select(cube.node(diagram), FALSE, left)
    return sorted(_needed(diagram, node, cubes), key=lambda c: (len(c.literals), c.literals))


def _shortest_path(diagram: Diagram, node: int, depth: dict[int, int]) -> Cube:
    """The path to TRUE with the fewest conditions, its last choice as wide as the node allows."""
    _measure(diagram, node, depth)
    literals = []
    while node >= 0:
        children = diagram.children[node]
        best = min(children, key=depth.__getitem__)
        literals.append((diagram.variable[node], tuple(i for i, c in enumerate(children) if c == best)))
        node = best
    return Cube(tuple(literals))


def _measure(diagram: Diagram, node: int, depth: dict[int, int]) -> None:
    """Fill in how many conditions lead to TRUE from each node at least; what is known already is not visited again."""
    children, todo = diagram.children, [node]
    while todo:
        here = todo[-1]
        if here not in depth:
            missing = [kid for kid in children[here] if kid not in depth]
            if missing:
                todo.extend(missing)
                continue
            depth[here] = 1 + min([depth[kid] for kid in children[here]])
        todo.pop()


def _expanded(diagram: Diagram, node: int, cube: Cube) -> Cube:
    literals = dict(cube.literals)
    possible = cube.possible(diagram.sizes)
    for variable in sorted(literals, reverse=True):
        possible[variable] = range(diagram.sizes[variable])
        if diagram.always(node, possible):
            del literals[variable]
        else:
            possible[variable] = literals[variable]
    for variable in literals:
        for position in range(diagram.sizes[variable]):
            if position not in literals[variable]:
                wider = tuple(sorted((*literals[variable], position)))
                possible[variable] = (position,)
                if diagram.always(node, possible):
                    literals[variable] = wider
                possible[variable] = literals[variable]
    return Cube(tuple(sorted(literals.items())))


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
    variable, children, totals = diagram.variable, diagram.children, [sum(w) for w in weights]
    # What flows into a node is the number of situations that come by it, so each part of it is a whole number.
    flow = {node: prod(totals)}
    for n in reversed(diagram.inner(node)):
        number = variable[n]
        each = flow.pop(n, 0) // totals[number]
        for kid, weight in zip(children[n], weights[number], strict=True):
            if weight:
                flow[kid] = flow.get(kid, 0) + each * weight
    return flow


def smallest_example(chart: Chart, node: int, target: int, usual: Mapping[str, Value]) -> dict[str, Value]:
    """A situation that leads to a terminal, named by few facts out of the usual, none of them needless; empty if there is none.

    `usual` gives the standing or presumed value of a fact, which costs nothing to name and is left out. What is neither
    named nor usual may be anything. Of several, the one that keeps to the usual longest, from the first variable on.
    """
    diagram, top = chart.diagram, node
    kept = [v.position(usual[v.name]) if v.name in usual else -1 for v in chart.variables]
    costs = _costs(diagram, node, target, kept)
    named: dict[int, int] = {}
    while node >= 0 and costs[node] < _NEVER:
        number, kids, cost = diagram.variable[node], diagram.children[node], costs[node]
        position = kept[number]
        if position < 0 or costs.get(kids[position], _NEVER) != cost:
            position = named[number] = next(
                i for i, k in enumerate(kids) if costs.get(k, _NEVER) == cost - 1 and i != position
            )
        node = kids[position]
    return _without_needless(chart, top, target, kept, named)


def _without_needless(
    chart: Chart, node: int, target: int, kept: Sequence[int], named: dict[int, int]
) -> dict[str, Value]:
    """An example without the facts that its other facts and the usual ones make needless."""
    sizes = chart.diagram.sizes
    region: list[Sequence[int]] = [(k,) if k >= 0 else range(size) for k, size in zip(kept, sizes, strict=True)]
    for number, position in named.items():
        region[number] = (position,)
    for number in sorted(named, reverse=True):
        told, region[number] = region[number], (kept[number],) if kept[number] >= 0 else range(sizes[number])
        if chart.diagram.sole(node, region) == target:
            del named[number]
        else:
            region[number] = told
    return {chart.variables[i].name: chart.variables[i].example(position) for i, position in named.items()}


def _costs(diagram: Diagram, node: int, target: int, kept: Sequence[int]) -> dict[int, int]:
    """How many facts out of the usual (by class, -1 for none) a path from each node to a terminal names at least."""
    costs = {target: 0}
    for n in diagram.inner(node):
        kids, usual = diagram.children[n], kept[diagram.variable[n]]
        least = 1 + min([costs.get(kid, _NEVER) for kid in kids])
        costs[n] = least if usual < 0 else min(least, costs.get(kids[usual], _NEVER))
    return costs


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
