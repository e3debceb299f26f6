"""Runs programs with NumPy alone: each step over a block of rows whose planes stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from brightline.law.vocabulary import Fact
from brightline.replay.engine.columns import Columns, Result
from brightline.replay.engine.compiler import Plan
from brightline.replay.engine.packing import Words, check_values, fill_plane, spare_room, spread
from brightline.replay.engine.planes import Plane
from brightline.replay.engine.program import Program, Step

__all__ = ["BLOCK", "Bench", "answer_columns", "unpack"]

BLOCK = 1 << 19  # rows: a plane of a block is 64 KiB, so that its steps outweigh the calls
_SPARE = 4
Call = tuple[np.ufunc, tuple[int, ...], int]


class Bench:
    """A program laid out for NumPy, with room for its planes over one block, taken again for each block."""

    def __init__(self, program: Program, words: int = BLOCK // 64) -> None:
        self.program = program
        self.calls = [call for step in program.steps for call in _calls(step, program.planes)]
        self.spare = spare_room(64 * words)
        self.room = np.empty((program.planes + _SPARE, words), dtype=np.uint64)

    def output_planes(self, inputs: Sequence[Words], words: int) -> list[Words | bool]:
        """The output planes of one block, good until the next. Every input has `words` words, at most a block's."""
        planes = [*inputs, *self.room[len(inputs) :, :words]]
        for ufunc, operands, target in self.calls:
            ufunc(*[planes[operand] for operand in operands], out=planes[target])
        return [place if isinstance(place, bool) else planes[place] for place in self.program.outputs]


def _calls(step: Step, spare: int) -> Iterator[Call]:
    """One step: the product of what stands straight, less the sum of what stands opposite and of the further groups."""
    first, *others = step.groups
    made: list[Call] = []
    product = _joined(made, np.bitwise_and, [o for o in first if o >= 0], spare)
    against = [~o for o in first if o < 0]
    for group in others:
        inside = _group(made, group, spare + 2 if against else spare + 1, spare + 3)
        against = [_joined(made, np.bitwise_or, [*against, inside], spare + 1)]
    minus = _joined(made, np.bitwise_or, against, spare + 1)
    if step.is_opposite:
        _join_opposite(made, np.bitwise_or, minus, product, step.target, spare)
    else:
        _join_opposite(made, np.bitwise_and, product, minus, step.target, spare)
    yield from made


def _join_opposite(made: list[Call], join: np.ufunc, straight: int, opposite: int, target: int, spare: int) -> None:
    """Into the target: one operand joined with the opposite of the other; either may be missing (-1)."""
    if opposite < 0:
        if made and made[-1][2] == straight and straight >= spare:
            made[-1] = (*made[-1][:2], target)
        else:
            made.append((np.positive, (straight,), target))
    elif straight < 0:
        made.append((np.invert, (opposite,), target))
    else:
        made.append((np.invert, (opposite,), spare + 3))
        made.append((join, (straight, spare + 3), target))


def _group(made: list[Call], group: Sequence[int], target: int, spare: int) -> int:
    product = _joined(made, np.bitwise_and, [o for o in group if o >= 0], target)
    minus = _joined(made, np.bitwise_or, [~o for o in group if o < 0], spare)
    if minus < 0:
        return product
    made.append((np.invert, (minus,), spare if product >= 0 else target))
    if product >= 0:
        made.append((np.bitwise_and, (product, spare), target))
    return target


def _joined(made: list[Call], join: np.ufunc, operands: Sequence[int], target: int) -> int:
    """Where the operands joined stand: in the target, or where the only one is; -1 if there is none."""
    if len(operands) < 2:
        return operands[0] if operands else -1
    made.append((join, tuple(operands[:2]), target))
    made.extend((join, (target, operand), target) for operand in operands[2:])
    return target


def answer_columns(plan: Plan, columns: Columns, facts: Mapping[str, Fact], results: Sequence[Result]) -> None:
    """Answer every row, block by block. Raises: BrightlineError `unknown-value`."""
    block = min(BLOCK, -(-columns.rows // 64) * 64)
    bench = Bench(plan.program, block // 64)
    packed = np.empty((len(plan.program.inputs), block // 64), dtype=np.uint64)
    wanted: dict[str, list[tuple[int, Plane]]] = {}
    for number, plane in enumerate(plan.program.inputs):
        wanted.setdefault(plane.fact, []).append((number, plane))
    for start in range(0, columns.rows, block):
        rows = slice(start, min(start + block, columns.rows))
        words = -(-(rows.stop - start) // 64)
        for name, column in columns.facts.items():  # a column is checked and used while it is at hand
            check_values(column, facts[name], rows)
            for number, plane in wanted.get(name, ()):
                fill_plane(plane, column, rows, packed[number, :words], bench.spare)
        outputs = bench.output_planes([*packed[:, :words]], words)
        unpack(plan, outputs, results, rows, bench.spare)


def unpack(
    plan: Plan, outputs: Sequence[Words | bool], results: Sequence[Result], rows: slice, spare: Words | None = None
) -> None:
    """Write the answers of one block, those parts that the plan gives."""
    for digits, result in zip(plan.digits, results, strict=True):
        for part in sorted(plan.parts):
            spread(outputs[getattr(digits, part)], getattr(result, part)[rows], spare)
