"""What a program may ask of rows: planes, one bit for each row, of what a fact is and whether it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from brightline.law.vocabulary import Fact, Value
from brightline.replay.engine.circuit import ALL, NONE, Circuit

__all__ = ["BELOW", "BIT", "KNOWN", "Plane", "Shape", "Sources"]

BIT, BELOW, KNOWN = "bit", "below", "known"


class Plane(NamedTuple):
    """Where a fact's value has a bit (`bit`), is below a number (`below`), or is known (`known`).

    The value of a yes-or-no fact or an enum is its position in the fact's domain. Only `known` planes mean anything
    in rows that do not have the fact.
    """

    fact: str
    kind: str
    number: int = 0

    def __str__(self) -> str:
        if self.kind == KNOWN:
            return f"{self.fact}?"
        return f"{self.fact}<{self.number}" if self.kind == BELOW else f"{self.fact}.{self.number}"


@dataclass(frozen=True)
class Shape:
    """Which facts the rows of a block have: `whole` in every row, `partial` in some. The others are in none.

    `digits` are the numbers kept as binary digits, with how many; `cuts` are the planes `below` kept as well. A number
    without digits has a plane for whatever is asked. `fixed` are planes that are the same in every row.
    """

    whole: frozenset[str]
    partial: frozenset[str] = frozenset()
    digits: frozenset[tuple[str, int]] = frozenset()
    cuts: frozenset[Plane] = frozenset()
    fixed: frozenset[tuple[Plane, bool]] = frozenset()


class Sources:
    """The facts of rows as functions in a circuit."""

    def __init__(self, circuit: Circuit, facts: Mapping[str, Fact], shape: Shape) -> None:
        self.circuit, self.facts, self.shape = circuit, facts, shape
        self.digits, self.fixed = dict(shape.digits), dict(shape.fixed)

    def _plane(self, fact: str, kind: str, number: int = 0) -> int:
        plane = Plane(fact, kind, number)
        same = self.fixed.get(plane)
        return self.circuit.input(plane) if same is None else ALL if same else NONE

    def known(self, fact: str) -> int:
        """Where a row has the fact."""
        if fact in self.shape.whole:
            return ALL
        return self._plane(fact, KNOWN) if fact in self.shape.partial else NONE

    def is_in(self, fact: str, values: Sequence[Value] | frozenset[Value]) -> int:
        """Where the fact has one of the values; means nothing where a row does not have the fact."""
        domain, chosen = self.facts[fact].domain, set(values)
        bits = [self._plane(fact, BIT, bit) for bit in range((len(domain) - 1).bit_length())]
        return self.circuit.table(bits, [value in chosen for value in domain])

    def is_below(self, fact: str, number: int) -> int:
        """Where the fact is below a number; means nothing where a row does not have the fact."""
        width = self.digits.get(fact)
        if width is None or Plane(fact, BELOW, number) in self.shape.cuts:
            return self._plane(fact, BELOW, number)
        if number <= 0:
            return NONE
        if number >> width:
            return ALL
        below = NONE
        for bit in range(width):
            digit = self._plane(fact, BIT, bit)
            below = self.circuit.either(~digit, below) if number >> bit & 1 else self.circuit.both(~digit, below)
        return below
