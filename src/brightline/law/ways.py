"""What would have to change, value by value, for a diagram to lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from brightline.law.diagram import Diagram

__all__ = ["Known", "Way", "ways"]

Way = tuple[tuple[int, int], ...]
Known = dict[int, dict[int, frozenset[Way]]]
_NO_WAY: frozenset[Way] = frozenset()
_ARRIVED: frozenset[Way] = frozenset({()})


def ways(
    diagram: Diagram, node: int, possible: Sequence[Sequence[int]], movable: Iterable[int], most: int, known: Known
) -> frozenset[Way]:
    """The ways to a terminal that the possible values do not lead to, with at most `most` other values on them.

    A way is the other values of `movable` variables that it takes, as (variable, value) pairs from the top down; the
    possible values must lead to one terminal. What is found is kept in `known`, for the same question with another
    `most`; it starts empty.
    """
    variable, children, free = diagram.variable, diagram.children, set(movable)
    stays = diagram.sole(node, possible)
    for left in range(most + 1):
        known.setdefault(left, {})

    def visit(here: int, left: int) -> frozenset[Way]:
        number, below, memo = variable[here], children[here], known[left]
        values, found, seen = possible[number], _NO_WAY, memo.get
        for i in values:
            child = below[i]
            if child < 0:
                on: frozenset[Way] | None = _NO_WAY if child == stays else _ARRIVED
            elif (on := seen(child)) is None:
                on = visit(child, left)
            if on and on is not found:
                found = found | on if found else on
        if left and number in free:
            others = [(i, child) for i, child in enumerate(below) if i not in values]
            turned = [((number, i), *way) for i, child in others for way in follow(child, left - 1)]
            found = found.union(turned) if turned else found
        memo[here] = found
        return found

    def follow(child: int, left: int) -> frozenset[Way]:
        if child < 0:
            return _NO_WAY if child == stays else _ARRIVED
        on = known[left].get(child)
        return visit(child, left) if on is None else on

    return follow(node, most)
