"""Hash-consed multi-valued decision diagrams: equal functions are the same node, so equality is identity.

A node is a number. Inner nodes are 0, 1, 2 ...; terminals are negative: FALSE is -1, TRUE is -2 and outcome k is
-(k + 3); UNDECIDED stands in layers that are still to be laid over others. Variables are numbered in their order
from the top; a node's children stand one for each value, and a node is made after its children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat

from brightline.law.errors import BrightlineError

__all__ = ["FALSE", "NODE_BUDGET", "TRUE", "UNDECIDED", "Diagram", "outcome", "outcome_index"]

FALSE = -1
TRUE = -2
UNDECIDED = -(1 << 30)
NODE_BUDGET = 200_000
NOTHING_FIXED: Mapping[int, int] = {}


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
        self.unique: list[dict[tuple[int, ...], int]] = [{} for _ in self.sizes]
        self._selected: dict[tuple[int, int, int], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._either: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.variable)

    def forget(self) -> None:
        """Let go of what is remembered of joining diagrams; the diagrams stay."""
        for known in (self._selected, self._both, self._either):
            known.clear()

    def node(self, variable: int, children: tuple[int, ...]) -> int:
        """The node with these children; the child itself where they are all the same.

        Raises: BrightlineError `node-budget` when the diagram would outgrow its budget.
        """
        first = children[0]
        if children.count(first) == len(children):
            return first
        unique = self.unique[variable]
        found = unique.get(children)
        if found is None:
            found = len(self.variable)
            if found >= self.budget:
                raise BrightlineError(
                    "node-budget",
                    f"the diagram of `{self.name}` needs more than {self.budget} nodes",
                    "split the action, or name fewer facts in one norm; the answer is refused, never approximated",
                )
            unique[children] = found
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
            made = self.unique[top].get(kept)
            result = self.node(top, kept) if made is None else made
        known[condition, then, otherwise] = result
        return result

    def split(self, left: int, right: int, visit: Callable[[int, int], int]) -> tuple[int, tuple[int, ...]]:
        """The topmost variable of two diagrams, at least one of which is no terminal, and what a visit to each branch gives."""
        one = self.variable[left] if left >= 0 else len(self.sizes)
        other = self.variable[right] if right >= 0 else len(self.sizes)
        top = min(one, other)
        here = self.children[left] if one == top else (left,) * self.sizes[top]
        there = self.children[right] if other == top else (right,) * self.sizes[top]
        return top, tuple(map(visit, here, there))

    def both(self, left: int, right: int) -> int:
        """Conjunction."""
        return self._paired(left, right, FALSE, TRUE, self._both)

    def either(self, left: int, right: int) -> int:
        """Disjunction."""
        return self._paired(left, right, TRUE, FALSE, self._either)

    def _paired(self, left: int, right: int, wins: int, yields: int, known: dict[tuple[int, int], int]) -> int:
        """Two sets joined: `wins` is the terminal that settles the result, `yields` the one that leaves it to the other."""
        if left == wins or right == wins:
            return wins
        if left in (yields, right):
            return right
        if right == yields:
            return left
        found = known.get((left, right))
        return self._pair(left, right, wins, yields, known) if found is None else found

    def _pair(self, left: int, right: int, wins: int, yields: int, known: dict[tuple[int, int], int]) -> int:
        """`_paired` where none of its short cuts applies; they stand in the loop again, to spare it most calls."""
        top, other = self.variable[left], self.variable[right]
        if top == other:
            pairs = zip(self.children[left], self.children[right], strict=True)
        elif top < other:
            pairs = zip(self.children[left], repeat(right))
        else:
            top, pairs = other, zip(repeat(left), self.children[right])
        below = []
        for a, b in pairs:
            if a == wins or b == wins:
                below.append(wins)
            elif a in (yields, b):
                below.append(b)
            elif b == yields:
                below.append(a)
            else:
                found = known.get((a, b))
                below.append(self._pair(a, b, wins, yields, known) if found is None else found)
        first = below[0]
        if below.count(first) == len(below):
            result = first
        else:
            kept = tuple(below)
            made = self.unique[top].get(kept)
            result = self.node(top, kept) if made is None else made
        known[left, right] = known[right, left] = result
        return result

    def union(self, nodes: Iterable[int]) -> int:
        """The disjunction of any number of sets."""
        left = list(nodes) or [FALSE]
        while len(left) > 1:
            pairs = zip(left[::2], left[1::2], strict=False)
            left = [self.either(a, b) for a, b in pairs] + ([left[-1]] if len(left) % 2 else [])
        return left[0]

    def unequal(self, left: int, right: int) -> int:
        """The set in which two diagrams have different terminals."""
        known: dict[tuple[int, int], int] = {}

        def visit(a: int, b: int) -> int:
            if a == b:
                return FALSE
            if a < 0 and b < 0:
                return TRUE
            found = known.get((a, b))
            if found is None:
                found = known[a, b] = self.node(*self.split(a, b, visit))
            return found

        return visit(left, right)

    def meets(self, nodes: Iterable[int], fixed: Mapping[int, int] = NOTHING_FIXED) -> bool:
        """Whether some situation lies in every one of the sets, with some variables fixed. Nothing is made."""
        variable, children, sizes = self.variable, self.children, self.sizes
        empty = set[tuple[int, ...]]()

        def visit(left: tuple[int, ...]) -> bool:
            if left in empty:
                return False
            top = min([variable[n] for n in left])
            for i in (fixed[top],) if top in fixed else range(sizes[top]):
                below = {children[n][i] if variable[n] == top else n for n in left}
                below.discard(TRUE)
                if FALSE not in below and (not below or visit(tuple(sorted(below)))):
                    return True
            empty.add(left)
            return False

        first = {*nodes} - {TRUE}
        return FALSE not in first and (not first or visit(tuple(sorted(first))))

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

    def restrict(self, node: int, fixed: Mapping[int, int]) -> int:
        """The diagram with some variables fixed to a value."""
        variable, children = self.variable, self.children
        place: dict[int, int] = {}
        at = place.get
        for n in self.inner(node, fixed):
            number, kids = variable[n], children[n]
            if number in fixed:
                kid = kids[fixed[number]]
                place[n] = at(kid, kid)
            elif place:
                kept = tuple([at(kid, kid) for kid in kids])
                if kept != kids:
                    place[n] = self.node(number, kept)
        return at(node, node)

    def map_outcomes(self, node: int, name: Callable[[int], int]) -> int:
        """The diagram with each terminal replaced."""
        variable, children, nodes = self.variable, self.children, self.inner(node)
        place = {terminal: name(terminal) for terminal in sorted(self.terminals(node), reverse=True)}
        for n in nodes:
            place[n] = self.node(variable[n], tuple([place[kid] for kid in children[n]]))
        return place[node]

    def support(self, node: int) -> set[int]:
        """The variables a diagram depends on."""
        return {self.variable[n] for n in self.inner(node)}

    def terminals(self, node: int) -> set[int]:
        """The terminals that a diagram leads to."""
        return {kid for n in self.inner(node) for kid in self.children[n] if kid < 0} if node >= 0 else {node}

    def inner(self, node: int, fixed: Mapping[int, int] = NOTHING_FIXED) -> list[int]:
        """The inner nodes of a diagram, children before parents; those that fixed variables lead to."""
        variable, children = self.variable, self.children
        seen = {node} if node >= 0 else set[int]()
        open_nodes = list(seen)
        while open_nodes:
            here = open_nodes.pop()
            kids = children[here]
            for kid in (kids[fixed[variable[here]]],) if fixed and variable[here] in fixed else kids:
                if kid >= 0 and kid not in seen:
                    seen.add(kid)
                    open_nodes.append(kid)
        return sorted(seen)

    def below(self, node: int) -> list[int]:
        """The inner nodes of a diagram, parents before children, a variable's together."""
        return sorted(self.inner(node), key=self.variable.__getitem__)

    def always(self, node: int, possible: Sequence[Sequence[int]]) -> bool:
        """Whether a set holds every situation that the possible values allow."""
        variable, children = self.variable, self.children
        seen: set[int] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            if here == FALSE:
                return False
            if here >= 0 and here not in seen:
                seen.add(here)
                kids = children[here]
                open_nodes.extend([kids[i] for i in possible[variable[here]]])
        return True

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
