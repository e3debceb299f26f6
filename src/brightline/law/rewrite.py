"""A change made to diagrams, node by node: what became of a node is remembered from one diagram to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from brightline.law.diagram import TRUE, Diagram

__all__ = ["Rewrite"]


class Rewrite:
    """Diagrams of one store with some variables `fixed` to a value, some `gone`, and terminals renamed.

    With `most`, what still turns on a variable from that number on is TRUE.

    A set with a variable gone holds what some value of that variable is in it. Sets of one law have most of their nodes
    in common, so that the first is rewritten whole and the next ones only where they are new.
    """

    def __init__(
        self,
        diagram: Diagram,
        fixed: Mapping[int, int] | None = None,
        gone: Iterable[int] = (),
        name: Callable[[int], int] | None = None,
        most: int | None = None,
    ) -> None:
        self._diagram, self._fixed, self._gone, self._name = diagram, fixed or {}, frozenset(gone), name
        self._last = len(diagram.sizes) if name else max((*self._fixed, *self._gone), default=-1)
        self._most = len(diagram.sizes) if most is None else most
        self._place: dict[int, int] = {}

    def __call__(self, node: int) -> int:
        """What a diagram becomes."""
        found = self._place.get(node)
        return self._made(node) if found is None else found

    def _made(self, node: int) -> int:
        diagram = self._diagram
        if node < 0 or diagram.variable[node] > self._last:
            made = self._name(node) if self._name and node < 0 else node
        elif diagram.variable[node] >= self._most:
            made = TRUE
        elif (number := diagram.variable[node]) in self._fixed:
            made = self(diagram.children[node][self._fixed[number]])
        else:
            place, kids, kept = self._place.get, diagram.children[node], list[int]()
            for kid in kids:
                known = place(kid)
                kept.append(self._made(kid) if known is None else known)
            below = tuple(kept)
            if number in self._gone:
                made = diagram.union(below)
            else:
                made = node if below == kids else diagram.node(number, below)
        self._place[node] = made
        return made
