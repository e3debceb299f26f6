"""A question as a program: steps over planes, each a product of planes and of opposites of products, registers reused.

A step is written as a person would: `r3 = sealed & ~official` or `r4 = r3 | (copy & ~paid)`. Both executors run the
same steps in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import cast

import numpy as np
import numpy.typing as npt

from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.planes import Plane

__all__ = ["Program", "Step", "program"]


# A gate over n planes used m times is made again each time if (n - 1) * (m - 1) is at most this: keeping it costs more.
_MOST_AGAIN = 1
_MOST = 64  # planes of a step, or little more
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """`target` becomes the first group and not the others, or the opposite of that if `is_opposite`.

    A group is true where all its operands are; an operand is the number of a plane, or `~number` for its opposite.
    """

    target: int
    is_opposite: bool
    groups: tuple[Group, ...]


@dataclass(frozen=True, eq=False)
class Program:
    """Steps over numbered planes: first the inputs, then the registers, then a plane for each output that needs one.

    `outputs` are plane numbers, or True or False where an output is the same for every row.
    """

    inputs: tuple[Plane, ...]
    registers: int
    planes: int
    steps: tuple[Step, ...]
    outputs: tuple[int | bool, ...]

    def __repr__(self) -> str:
        operands = sum(len(group) for step in self.steps for group in step.groups)
        return f"Program({len(self.inputs)} inputs, {len(self.steps)} steps over {operands} operands, {self.registers} registers)"

    @cached_property
    def code(self) -> npt.NDArray[np.int64]:
        """The steps as numbers: target, -1 if opposite, further groups; of each group its length and its operands.

        An operand is twice the number of a plane, and one more for its opposite.
        """
        code: list[int] = []
        for step in self.steps:
            code += [step.target, -step.is_opposite, len(step.groups) - 1]
            for group in step.groups:
                code += [len(group), *(2 * o if o >= 0 else 2 * ~o + 1 for o in group)]
        return np.array(code, dtype=np.int64)

    def listing(self, names: Sequence[str] = ()) -> str:
        """The steps, one on a line; `names` are those of the outputs, in their order."""
        shown = {place: name for place, name in zip(self.outputs, names, strict=False) if not isinstance(place, bool)}
        return "\n".join(_line(step, lambda place: shown.get(place) or self._name(place)) for step in self.steps)

    def _name(self, place: int) -> str:
        if place < len(self.inputs):
            return str(self.inputs[place])
        register = place - len(self.inputs)
        return f"r{register}" if register < self.registers else f"out{register - self.registers}"


def _line(step: Step, name: Callable[[int], str]) -> str:
    """A step as text; the opposite of a product is written as the sum that it is."""
    first, *others = step.groups
    parts = [_word(~operand if step.is_opposite else operand, name) for operand in first]
    for group in others:
        words = [_word(operand if step.is_opposite else ~operand, name) for operand in group]
        text = (" & " if step.is_opposite else " | ").join(words)
        parts.append(f"({text})" if len(words) > 1 else text)
    return f"{name(step.target)} = {(' | ' if step.is_opposite else ' & ').join(parts)}"


def _word(operand: int, name: Callable[[int], str]) -> str:
    return name(operand) if operand >= 0 else f"~{name(~operand)}"


def program(circuit: Circuit, outputs: Sequence[int]) -> Program:
    """The program that gives these functions of a circuit, in this order; nothing that no output needs is left."""
    return _Lowering(circuit, outputs).lowered()


class _Lowering:
    """Gates that are used once melt into the step that uses them; every other gate is a step of its own."""

    def __init__(self, circuit: Circuit, outputs: Sequence[int]) -> None:
        self.gates, self.names, self.outputs = circuit.gates, circuit.names, outputs
        self.order = list(_needed(circuit, outputs))
        self.groups = self._groups()
        self.is_opposite = self._polarity()

    def _groups(self) -> dict[int, tuple[Group, ...]]:
        """The gates that are steps of their own, with their operands; the rest has melted into those that use it."""
        uses, negative = self._uses()
        kept: dict[int, tuple[Group, ...]] = {}
        melted: dict[int, tuple[Group, ...]] = {}
        for node in self.order:
            gate = self.gates[node]
            if gate is None:
                continue
            groups = _joined([melted.get(_node(ref)) for ref in gate], gate)
            size = sum(map(len, groups))
            if (uses[node] - 1) * (size - 1) > _MOST_AGAIN or (len(groups) > 1 and node in negative) or size > _MOST:
                kept[node] = groups
            else:
                melted[node] = groups
        return kept

    def _uses(self) -> tuple[dict[int, int], set[int]]:
        """How often each gate is used, an output more than often enough to be kept; and which are used as opposites."""
        uses, negative = dict.fromkeys(self.order, 0), set[int]()
        for ref in (ref for node in self.order for ref in self.gates[node] or ()):
            uses[_node(ref)] += 1
            if ref < 0:
                negative.add(~ref)
        for ref in self.outputs:
            if ref not in (ALL, NONE):
                uses[_node(ref)] += _MOST_AGAIN + 2
        return uses, negative

    def _polarity(self) -> dict[int, bool]:
        """Which of a gate and its opposite is kept: what an output needs, or what is asked more often."""
        asked = dict.fromkeys(self.groups, 0)
        for groups in self.groups.values():
            for ref in (ref for group in groups for ref in group):
                node = _node(ref)
                if node in asked:
                    asked[node] += 1 if ref >= 0 else -1
        kept = {node: count < 0 for node, count in asked.items()}
        kept.update({_node(ref): ref < 0 for ref in self.outputs if _node(ref) in asked})
        return kept

    def lowered(self) -> Program:
        inputs = [node for node in self.order if node in self.names]
        wanted = {ref: i for i, ref in enumerate(dict.fromkeys(r for r in self.outputs if r not in (ALL, NONE)))}
        places, width = self._places(inputs, wanted)
        first = len(inputs) + width
        steps = [
            Step(
                places[node], self.is_opposite[node], tuple(tuple(self._operand(r, places) for r in g) for g in groups)
            )
            for node, groups in self.groups.items()
        ]
        for ref, i in wanted.items():
            if places[_node(ref)] != first + i:
                steps.append(Step(first + i, False, ((self._operand(ref, places),),)))
        outputs = tuple(first + wanted[ref] if ref in wanted else ref == ALL for ref in self.outputs)
        return Program(
            tuple(cast(Plane, self.names[n]) for n in inputs), width, first + len(wanted), tuple(steps), outputs
        )

    def _operand(self, ref: int, places: dict[int, int]) -> int:
        place = places[_node(ref)]
        return ~place if (ref < 0) != self.is_opposite.get(_node(ref), False) else place

    def _places(self, inputs: Sequence[int], wanted: dict[int, int]) -> tuple[dict[int, int], int]:
        """A plane for every step: that of an output, or a register, taken again once nothing needs it any more."""
        kept = {_node(ref): i for ref, i in wanted.items() if (ref < 0) == self.is_opposite.get(_node(ref))}
        last = {_node(ref): node for node, groups in self.groups.items() for group in groups for ref in group}
        last.update(dict.fromkeys((_node(ref) for ref in wanted), -1))
        registers, free, width = dict[int, int](), list[int](), 0
        for node, groups in self.groups.items():
            for operand in {_node(ref) for group in groups for ref in group}:
                if last[operand] == node and operand in registers:
                    heappush(free, registers[operand])
            if node not in kept:
                registers[node] = heappop(free) if free else width
                width = max(width, registers[node] + 1)
        places = {node: i for i, node in enumerate(inputs)}
        places.update({node: len(inputs) + register for node, register in registers.items()})
        places.update({node: len(inputs) + width + i for node, i in kept.items()})
        return places, width


def _joined(inside: Sequence[tuple[Group, ...] | None], gate: tuple[int, int]) -> tuple[Group, ...]:
    """The groups of a gate, with what is inside its operands where they have melted."""
    first: dict[int, None] = {}
    others: list[Group] = []
    for ref, groups in zip(gate, inside, strict=True):
        if groups is None:
            first[ref] = None
        elif ref >= 0:
            first.update(dict.fromkeys(groups[0]))
            others.extend(groups[1:])
        else:
            others.append(groups[0])
    return (tuple(sorted(first, key=_node)), *dict.fromkeys(others))


def _node(ref: int) -> int:
    return ref if ref >= 0 else ~ref


def _needed(circuit: Circuit, outputs: Sequence[int]) -> Iterator[int]:
    """The gates and inputs that the outputs need, each after what it is made of."""
    seen: set[int] = {0}
    for output in outputs:
        trail = [(_node(output), False)]
        while trail:
            node, is_done = trail.pop()
            if is_done:
                yield node
            elif node not in seen:
                seen.add(node)
                trail.append((node, True))
                trail.extend((_node(ref), False) for ref in reversed(circuit.gates[node] or ()))
