"""Yes-or-no functions over planes, built once each: equal parts are the same gate, and what is constant folds away.

A function is a number, and `~number` is its opposite. Everything is made of `and` and `opposite`; ALL is true of every
row and NONE of none.

Source: and-inverter graphs with structural hashing and the two-level rules of Brummayer and Biere, Local Two-Level
And-Inverter Graph Minimization without Blowup, MEMICS 2006.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

__all__ = ["ALL", "NONE", "Circuit"]

ALL = 0
NONE = ~0


class Circuit:
    """A store of gates. `gates` holds the two inputs of each; inputs of the circuit have none and a name instead."""

    def __init__(self) -> None:
        self.gates: list[tuple[int, int] | None] = [None]
        self.names: dict[int, Hashable] = {}
        self._inputs: dict[Hashable, int] = {}
        self._unique: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.gates)

    def input(self, name: Hashable) -> int:
        """The function that a named plane is."""
        found = self._inputs.get(name)
        if found is None:
            found = self._inputs[name] = len(self.gates)
            self.gates.append(None)
            self.names[found] = name
        return found

    def both(self, a: int, b: int) -> int:
        """True where both are."""
        if a == b or b == ALL:
            return a
        if a == ALL:
            return b
        if a == ~b or a == NONE or b == NONE:
            return NONE
        if (a if a >= 0 else ~a) > (b if b >= 0 else ~b):
            a, b = b, a
        found = self._unique.get((a, b))
        return self._both(a, b) if found is None else found

    def _both(self, a: int, b: int) -> int:
        shorter = self._shorter(a, b)
        if shorter is None:
            shorter = self._shorter(b, a)
        if shorter is None:
            shorter = len(self.gates)
            self.gates.append((a, b))
        self._unique[a, b] = shorter
        return shorter

    def _shorter(self, a: int, b: int) -> int | None:
        """What `a and b` is where `b` is, or is the opposite of, a gate over `a`."""
        gate = self.gates[b if b >= 0 else ~b]
        if gate is None:
            return None
        one, two = gate
        if b >= 0:
            return b if a in gate else NONE if ~a in gate else None
        if ~a in gate:
            return a
        return self.both(a, ~two) if a == one else self.both(a, ~one) if a == two else None

    def either(self, a: int, b: int) -> int:
        """True where one of the two is."""
        return ~self.both(~a, ~b)

    def without(self, a: int, b: int) -> int:
        """True where the first is and the second is not."""
        return self.both(a, ~b)

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition is true, `otherwise` where it is not."""
        if then == otherwise:
            return then
        return self.either(self.both(condition, then), self.both(~condition, otherwise))

    def all_of(self, parts: Iterable[int]) -> int:
        """True where every part is; ALL if there is none. Halved again and again, so that most lists alike share much."""
        left = list(parts)
        while len(left) > 1:
            pairs = [self.both(a, b) for a, b in zip(left[::2], left[1::2], strict=False)]
            left = pairs + left[len(pairs) * 2 :]
        return left[0] if left else ALL

    def any_of(self, parts: Iterable[int]) -> int:
        """True where some part is; NONE if there is none."""
        return ~self.all_of(~part for part in parts)

    def several_of(self, parts: Sequence[int]) -> int:
        """True where two parts or more are."""
        one, two = NONE, NONE
        for part in parts:
            two = self.either(two, self.both(one, part))
            one = self.either(one, part)
        return two

    def table(self, bits: Sequence[int], values: Sequence[bool | None]) -> int:
        """The function with these values for the codes that `bits`, the lowest first, spell; None may be either."""
        known = set(values) - {None}
        if len(known) < 2:
            return ALL if True in known else NONE
        middle = 1 << (len(bits) - 1)
        low, high = values[:middle], [*values[middle:], *[None] * (2 * middle - len(values))]
        if all(a is None or b is None or a == b for a, b in zip(low, high, strict=True)):
            return self.table(bits[:-1], [b if a is None else a for a, b in zip(low, high, strict=True)])
        return self.choose(bits[-1], self.table(bits[:-1], high), self.table(bits[:-1], low))
