"""Diagrams that decide in some situations, laid over one another: the strongest law on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from brightline.law.diagram import UNDECIDED, Diagram

__all__ = ["met", "overlaid"]

Known = dict[tuple[int, int], int]


def overlaid(diagram: Diagram, layers: Sequence[int], known: Known | None = None) -> int:
    """The first layer where it decides, the next where it is UNDECIDED, and so on; at least one layer.

    What was laid over what is kept in `known`, if that is given.
    """
    over = _over(diagram, {} if known is None else known)

    def laid(some: Sequence[int]) -> int:
        first = max(1, len(some) // 4)
        return over(laid(some[:first]), laid(some[first:])) if len(some) > 1 else some[0]

    return laid(layers)


def _over(diagram: Diagram, known: Known) -> Callable[[int, int], int]:
    """A way to lay one diagram over another; it remembers what it laid. Most of the time of compiling is spent here."""
    variable, children, unique, make = diagram.variable, diagram.children, diagram.unique, diagram.node
    seen = known.get

    def laid(upper: int, lower: int) -> int:
        # INVARIANT: `upper` is no terminal, and `lower` is not UNDECIDED.
        top = variable[upper]
        under = variable[lower] if lower >= 0 else top + 1
        below = []
        if under > top:
            for a in children[upper]:
                if a < 0:
                    below.append(lower if a == UNDECIDED else a)
                else:
                    found = seen((a, lower))
                    below.append(laid(a, lower) if found is None else found)
        elif under == top:
            for a, b in zip(children[upper], children[lower], strict=True):
                if a < 0:
                    below.append(b if a == UNDECIDED else a)
                elif b == UNDECIDED:
                    below.append(a)
                else:
                    found = seen((a, b))
                    below.append(laid(a, b) if found is None else found)
        else:
            top = under
            for b in children[lower]:
                if b == UNDECIDED:
                    below.append(upper)
                else:
                    found = seen((upper, b))
                    below.append(laid(upper, b) if found is None else found)
        first = below[0]
        if below.count(first) == len(below):
            result = first
        else:
            kept = tuple(below)
            found = unique[top].get(kept)
            result = make(top, kept) if found is None else found
        known[upper, lower] = result
        return result

    def over(upper: int, lower: int) -> int:
        if upper < 0 or lower == UNDECIDED:
            return lower if upper == UNDECIDED else upper
        return laid(upper, lower)

    return over


def met(diagram: Diagram, left: int, right: int, both: Callable[[int, int], int]) -> int:
    """The one of two layers that decides, and `both` of their terminals where both do."""
    known: Known = {}

    def visit(a: int, b: int) -> int:
        if a == UNDECIDED or b == UNDECIDED:
            return b if a == UNDECIDED else a
        if a < 0 and b < 0:
            return both(a, b)
        if (a, b) not in known:
            known[a, b] = diagram.node(*diagram.split(a, b, visit))
        return known[a, b]

    return visit(left, right)
