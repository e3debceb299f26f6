"""Hash-consed multi-valued decision diagrams: equal functions are the same node, so equality is identity.

A node is a number. Inner nodes are 0, 1, 2 ...; terminals are negative: FALSE is -1, TRUE is -2 and outcome k is
-(k + 3); UNDECIDED stands in layers that are still to be laid over others. Variables are numbered in their order
from the top; a node's children stand one for each value, and a node is made after its children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from brightline.law.errors import BrightlineError

__all__ = ["FALSE", "NODE_BUDGET", "TRUE", "UNDECIDED", "Diagram", "outcome", "outcome_index"]

FALSE = -1
TRUE = -2
UNDECIDED = -(1 << 30)
NODE_BUDGET = 200_000
Way = tuple[tuple[int, int], ...]
_NO_WAY: frozenset[Way] = frozenset()
_ARRIVED: frozenset[Way] = frozenset({()})


def outcome(index: int) -> int:
    """The terminal of outcome `index`."""
    return -(index + 3)


def outcome_index(terminal: int) -> int:
    """The outcome of a terminal."""
    return -terminal - 3


class Diagram:
    """A store of nodes over variables of the given sizes. `budget` bounds the nodes it may hold."""

    def __init__(self, sizes: Sequence[int], budget: int = NODE_BUDGET, name: str = "") -> None:
        self.sizes = tuple(sizes)
        self.budget, self.name = budget, name
        self.variable: list[int] = []
        self.children: list[tuple[int, ...]] = []
        self._unique: dict[tuple[int, tuple[int, ...]], int] = {}
        self._selected: dict[tuple[int, int, int], int] = {}

    def __len__(self) -> int:
        return len(self.variable)

    def node(self, variable: int, children: tuple[int, ...]) -> int:
        """The node with these children; the child itself where they are all the same.

        Raises: BrightlineError `node-budget` when the diagram would outgrow its budget.
        """
        first = children[0]
        if children.count(first) == len(children):
            return first
        key = (variable, children)
        found = self._unique.get(key)
        if found is None:
            found = len(self.variable)
            if found >= self.budget:
                raise BrightlineError(
                    "node-budget",
                    f"the diagram of `{self.name}` needs more than {self.budget} nodes",
                    "split the action, or name fewer facts in one norm; the answer is refused, never approximated",
                )
            self._unique[key] = found
            self.variable.append(variable)
            self.children.append(children)
        return found

    def literal(self, variable: int, values: Iterable[int]) -> int:
        """True where the variable has one of the values (by position)."""
        chosen = set(values)
        return self.node(variable, tuple(TRUE if i in chosen else FALSE for i in range(self.sizes[variable])))

    def select(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition is true, `otherwise` where it is false."""
        if condition == TRUE or then == otherwise:
            return then
        if condition == FALSE:
            return otherwise
        if then == TRUE and otherwise == FALSE:
            return condition
        found = self._selected.get((condition, then, otherwise))
        return self._select(condition, then, otherwise) if found is None else found

    def _select(self, condition: int, then: int, otherwise: int) -> int:
        """`select` where none of its short cuts applies; they stand in the loop again, to spare it most calls."""
        variable, children, known = self.variable, self.children, self._selected
        top = variable[condition]
        if then >= 0 and variable[then] < top:
            top = variable[then]
        if otherwise >= 0 and variable[otherwise] < top:
            top = variable[otherwise]
        width = self.sizes[top]
        below = []
        for c, t, o in zip(
            children[condition] if variable[condition] == top else (condition,) * width,
            children[then] if then >= 0 and variable[then] == top else (then,) * width,
            children[otherwise] if otherwise >= 0 and variable[otherwise] == top else (otherwise,) * width,
            strict=True,
        ):
            if c == TRUE or t == o:
                below.append(t)
            elif c == FALSE:
                below.append(o)
            elif t == TRUE and o == FALSE:
                below.append(c)
            else:
                found = known.get((c, t, o))
                below.append(self._select(c, t, o) if found is None else found)
        first = below[0]
        if below.count(first) == width:
            result = first
        else:
            kept = tuple(below)
            made = self._unique.get((top, kept))
            result = self.node(top, kept) if made is None else made
        known[condition, then, otherwise] = result
        return result

    def overlaid(self, layers: Sequence[int]) -> int:
        """The first layer where it decides, the next where it is UNDECIDED, and so on; at least one layer."""
        known: dict[tuple[int, int], int] = {}

        def laid(some: Sequence[int]) -> int:
            middle = len(some) // 2
            return self._over(laid(some[:middle]), laid(some[middle:]), known) if middle else some[0]

        return laid(layers)

    def _over(self, upper: int, lower: int, known: dict[tuple[int, int], int]) -> int:
        if upper == UNDECIDED or lower == UNDECIDED or upper < 0:
            return lower if upper == UNDECIDED else upper
        found = known.get((upper, lower))
        if found is not None:
            return found
        top, above, under = self.variable[upper], self.children[upper], (lower,) * len(self.children[upper])
        if lower >= 0 and self.variable[lower] == top:
            under = self.children[lower]
        elif lower >= 0 and self.variable[lower] < top:
            top, under = self.variable[lower], self.children[lower]
            above = (upper,) * len(under)
        below = []
        for a, b in zip(above, under, strict=True):
            if a == UNDECIDED:
                below.append(b)
            elif a < 0 or b == UNDECIDED:
                below.append(a)
            else:
                found = known.get((a, b))
                below.append(self._over(a, b, known) if found is None else found)
        result = known[upper, lower] = self.node(top, tuple(below))
        return result

    def both(self, left: int, right: int) -> int:
        """Conjunction."""
        return self.select(left, right, FALSE)

    def either(self, left: int, right: int) -> int:
        """Disjunction."""
        return self.select(left, TRUE, right)

    def opposite(self, node: int) -> int:
        """Negation."""
        return self.select(node, FALSE, TRUE)

    def at(self, node: int, values: Sequence[int]) -> int:
        """The terminal for complete values (one position for each variable)."""
        variable, children = self.variable, self.children
        while node >= 0:
            node = children[node][values[variable[node]]]
        return node

    def reach(self, node: int, possible: Sequence[Sequence[int]]) -> set[int]:
        """The terminals that can be reached when each variable has one of its possible values."""
        variable, children = self.variable, self.children
        seen: set[int] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            while here >= 0 and len(possible[variable[here]]) == 1:
                here = children[here][possible[variable[here]][0]]
            if here in seen:
                continue
            seen.add(here)
            if here >= 0:
                below = children[here]
                open_nodes.extend({below[i] for i in possible[variable[here]]})
        return {n for n in seen if n < 0}

    def sole(self, node: int, possible: Sequence[Sequence[int]]) -> int | None:
        """The one terminal that can be reached; None as soon as there is a second."""
        variable, children = self.variable, self.children
        found: int | None = None
        seen: set[int] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            while here >= 0:
                values = possible[variable[here]]
                if len(values) > 1:
                    break
                here = children[here][values[0]]
            if here >= 0:
                if here not in seen:
                    seen.add(here)
                    below = children[here]
                    open_nodes.extend([below[i] for i in values])
            elif found is None:
                found = here
            elif found != here:
                return None
        return found

    def narrowed(self, node: int, possible: Sequence[Sequence[int]]) -> tuple[Diagram, int]:
        """What is left of a diagram when each variable has only its possible values, as a store of its own, and its root.

        Variables keep their numbers; their values are renumbered in the order of the possible ones. Every node is
        made after its children, and a variable has a node only if the terminal still turns on it.
        """
        variable, children = self.variable, self.children
        fixed = [values[0] if len(values) == 1 else -1 for values in possible]
        free = [len(values) == size for values, size in zip(possible, self.sizes, strict=True)]
        left = Diagram([len(values) for values in possible], self.budget, self.name)
        place: dict[int, int] = {}
        known = place.get

        def visit(here: int) -> int:
            number, below = variable[here], children[here]
            if fixed[number] >= 0:
                child = below[fixed[number]]
                at = known(child) if child >= 0 else child
                found = place[here] = visit(child) if at is None else at
                return found
            if not free[number]:
                below = tuple([below[i] for i in possible[number]])
            kept = []
            for child in below:
                at = known(child) if child >= 0 else child
                kept.append(visit(child) if at is None else at)
            found = place[here] = left.node(number, tuple(kept))
            return found

        return left, visit(node) if node >= 0 else node

    def ways(self, node: int, possible: Sequence[Sequence[int]], movable: Iterable[int], most: int) -> frozenset[Way]:
        """The ways to a terminal that the possible values do not lead to, with at most `most` other values on them.

        A way is the other values of `movable` variables that it takes, as (variable, value) pairs from the top down;
        the possible values must lead to one terminal.
        """
        variable, children, free = self.variable, self.children, set(movable)
        stays = self.sole(node, possible)
        memos: list[dict[int, frozenset[Way]]] = [{} for _ in range(most + 1)]

        def visit(here: int, left: int) -> frozenset[Way]:
            number, below = variable[here], children[here]
            values, memo = possible[number], memos[left]
            found = _NO_WAY
            for i in values:
                on = follow(below[i], left)
                if on and on is not found:
                    found = found | on if found else on
            if left and number in free:
                others = [(i, follow(child, left - 1)) for i, child in enumerate(below) if i not in values]
                turned = [((number, i), *way) for i, on in others for way in on]
                found = found.union(turned) if turned else found
            memo[here] = found
            return found

        def follow(child: int, left: int) -> frozenset[Way]:
            if child < 0:
                return _NO_WAY if child == stays else _ARRIVED
            known = memos[left].get(child)
            return visit(child, left) if known is None else known

        return follow(node, most)

    def restrict(self, node: int, fixed: dict[int, int]) -> int:
        """The diagram with some variables fixed to a value."""
        memo: dict[int, int] = {}

        def visit(n: int) -> int:
            if n < 0:
                return n
            if n not in memo:
                v, below = self.variable[n], self.children[n]
                memo[n] = visit(below[fixed[v]]) if v in fixed else self.node(v, tuple(visit(c) for c in below))
            return memo[n]

        return visit(node)

    def map_outcomes(self, node: int, name: Callable[[int], int]) -> int:
        """The diagram with each terminal replaced."""
        memo: dict[int, int] = {}

        def visit(n: int) -> int:
            if n < 0:
                return name(n)
            if n not in memo:
                memo[n] = self.node(self.variable[n], tuple(visit(c) for c in self.children[n]))
            return memo[n]

        return visit(node)

    def support(self, node: int) -> set[int]:
        """The variables a diagram depends on."""
        return {self.variable[n] for n in self.below(node)}

    def below(self, node: int) -> list[int]:
        """The inner nodes of a diagram, parents before children."""
        seen: set[int] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            if here >= 0 and here not in seen:
                seen.add(here)
                open_nodes.extend(self.children[here])
        return sorted(seen, key=lambda n: (self.variable[n], n))

    def count(self, node: int) -> dict[int, int]:
        """The exact number of situations (of all variables) that lead to each terminal."""
        total = 1
        for size in self.sizes:
            total *= size
        memo: dict[int, dict[int, int]] = {}
        for n in reversed(self.below(node)):
            summed: dict[int, int] = {}
            width = self.sizes[self.variable[n]]
            for child in self.children[n]:
                for terminal, share in ({child: total} if child < 0 else memo[child]).items():
                    summed[terminal] = summed.get(terminal, 0) + share // width
            memo[n] = summed
        return {node: total} if node < 0 else memo[node]
