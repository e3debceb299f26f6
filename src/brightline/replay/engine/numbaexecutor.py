"""Runs programs with numba, 4,096 rows at a time: lays columns, planes and answers out for the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.vocabulary import Fact
from brightline.replay.engine.columns import Column, Columns, Result
from brightline.replay.engine.compiler import Plan
from brightline.replay.engine.machine import (
    BELOW_32,
    BELOW_64,
    BYTES,
    HALVES,
    PLANE,
    ROWS,
    THERE,
    Numbers,
    answer_blocks,
    count_blocks,
)
from brightline.replay.engine.packing import limits, out_of_domain, true_rows
from brightline.replay.engine.planes import BELOW, KNOWN, Plane

__all__ = ["Machine", "answer_columns", "copy_answers", "part_of", "room_for_a_block"]

Lies = tuple[int, int]  # the address of a plane, and the bytes from one block of it to the next


def answer_columns(plan: Plan, columns: Columns, facts: Mapping[str, Fact], results: Sequence[Result]) -> None:
    """Answer every row, block by block; the rows of a last block that is not full are copied to where there is room.

    Raises: BrightlineError `unknown-value`.
    """
    machine = Machine(plan)
    if whole := columns.rows // ROWS:
        machine.answer_columns(whole, columns, facts, results)
    if columns.rows % ROWS:
        rows = slice(whole * ROWS, columns.rows)
        padded = Columns(ROWS, {name: _padded(column, rows) for name, column in columns.facts.items()})
        room = room_for_a_block(results)
        machine.answer_columns(1, padded, facts, room)
        copy_answers(room, results, rows)


def _padded(column: Column, rows: slice) -> Column:
    def full(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([values[rows], np.zeros(ROWS - len(values[rows]), values.dtype)])

    return Column(column.fact, full(column.values), None if column.known is None else full(column.known))


def room_for_a_block(results: Sequence[Result]) -> tuple[Result, ...]:
    """Room for the answers of one block."""
    return tuple(
        Result(r.action, np.empty(ROWS, np.uint8), np.empty(ROWS, np.uint8), np.empty(ROWS, r.norm.dtype), r.norms)
        for r in results
    )


def part_of(results: Sequence[Result], rows: slice) -> tuple[Result, ...]:
    """The answers of some rows, in the same place."""
    return tuple(Result(r.action, r.modality[rows], r.marks[rows], r.norm[rows], r.norms) for r in results)


def copy_answers(room: Sequence[Result], results: Sequence[Result], rows: slice) -> None:
    """Write the first answers of a block to the rows where they belong."""
    for found, result in zip(room, results, strict=True):
        for part in (result.modality, found.modality), (result.marks, found.marks), (result.norm, found.norm):
            if part[0].flags.writeable:
                part[0][rows] = part[1][: rows.stop - rows.start]


class Machine:
    """A plan as numbers, with room for the planes of one block."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.code = plan, plan.program.code
        room = np.empty(plan.program.planes * PLANE // 8 + 8, dtype=np.uint64)
        self.words = room[-(room.ctypes.data // 8) % 8 :]  # on a boundary of 64 bytes
        self.at = self.words.ctypes.data + np.arange(plan.program.planes, dtype=np.int64) * PLANE

    def answer_columns(
        self, blocks: int, columns: Columns, facts: Mapping[str, Fact], results: Sequence[Result]
    ) -> None:
        """Answer whole blocks of rows of columns. Raises: BrightlineError `unknown-value`."""
        names = list(columns.facts)
        checks = [_checked(columns.facts[name], facts[name]) for name in names]
        inputs = [_source(plane, columns.facts[plane.fact]) for plane in self.plan.program.inputs]
        bad = self._run(blocks, checks, inputs, results)
        if bad >= 0:
            raise out_of_domain(names[bad])

    def answer_planes(self, inputs: Sequence[Lies], results: Sequence[Result], rows: slice) -> None:
        """Answer rows whose planes are there."""
        whole, rest = divmod(rows.stop - rows.start, ROWS)
        end = rows.start + whole * ROWS
        if whole:
            self._answer_there(whole, 0, inputs, part_of(results, slice(rows.start, end)))
        if rest:
            room = room_for_a_block(results)
            self._answer_there(1, whole, inputs, room)
            copy_answers(room, results, slice(end, rows.stop))

    def _answer_there(self, blocks: int, first: int, inputs: Sequence[Lies], results: Sequence[Result]) -> None:
        self._run(blocks, [], _there(inputs, first), results)

    def count_planes(self, inputs: Sequence[Lies], rows: int) -> list[int]:
        """In how many of the first rows each output is true."""
        whole, rest = divmod(rows, ROWS)
        counts = self._count_there(whole, 0, inputs)
        if rest:
            self._count_there(1, whole, inputs)
            for i, place in enumerate(self.plan.program.outputs):
                if not isinstance(place, bool):
                    counts[i] += true_rows(self.words[place * PLANE // 8 : (place + 1) * PLANE // 8], rest)
        return [rows if place is True else counts[i] for i, place in enumerate(self.plan.program.outputs)]

    def _count_there(self, blocks: int, first: int, inputs: Sequence[Lies]) -> list[int]:
        planes = [place for place in self.plan.program.outputs if not isinstance(place, bool)]
        found = np.zeros(len(planes), dtype=np.int64)
        count_blocks(blocks, _there(inputs, first), self.code, np.array(planes, dtype=np.int64), self.at, found)
        counts = iter(found.tolist())
        return [0 if isinstance(place, bool) else next(counts) for place in self.plan.program.outputs]

    def _run(self, blocks: int, checks: Sequence[Any], inputs: Any, results: Sequence[Result]) -> int:
        outs, digits = _answers(self.plan, results)
        tables = _table(checks, 5), _table(inputs, 4), self.code, _table(outs, 5), _table(digits, 2)
        return int(answer_blocks(blocks, *tables, self.at, self.words))


def _there(inputs: Sequence[Lies], first: int) -> Numbers:
    """Where planes lie from a block on, and how far it is from each block to the next."""
    return _table([(THERE, address + first * size, 0, size) for address, size in inputs], 4)


def _table(rows: Any, width: int) -> Numbers:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def _checked(column: Column, fact: Fact) -> tuple[int, int, int, int, int]:
    values, (least, most) = column.values, limits(fact)
    known = 0 if column.known is None else column.known.ctypes.data
    if values.dtype == np.bool_:
        return values.ctypes.data, 1, known, 0, 255
    width = np.iinfo(values.dtype)
    low, high = max(least, int(width.min)), min(most, int(width.max))
    return values.ctypes.data, values.itemsize, known, -low, high - low


def _source(plane: Plane, column: Column) -> tuple[int, int, int, int]:
    """How a plane is made: the way, the address of the column, the number to look for, and the bytes of a block."""
    values = column.known if plane.kind == KNOWN else column.values
    assert values is not None
    address, size = values.ctypes.data, values.itemsize
    if plane.kind == KNOWN or values.dtype == np.bool_:
        return BYTES, address, 1, ROWS
    if plane.kind == BELOW:
        return {4: BELOW_32, 8: BELOW_64}[size], address, plane.number, size * ROWS
    return {1: BYTES, 2: HALVES}[size], address, 1 << plane.number, size * ROWS


def _answers(plan: Plan, results: Sequence[Result]) -> tuple[list[Any], list[Any]]:
    """Where each column of answers goes, and the planes of its digits with the number that each adds."""
    outs: list[tuple[int, ...]] = []
    digits: list[tuple[int, int]] = []
    for each, result in zip(plan.digits, results, strict=True):
        for part in sorted(plan.parts):
            values, places = getattr(result, part), getattr(each, part)
            first, always = len(digits), 0
            for digit, place in enumerate(plan.program.outputs[places]):
                if place is True:
                    always |= 1 << digit
                elif place is not False:
                    digits.append((place, 1 << digit))
            outs.append((values.ctypes.data, values.itemsize, first, len(digits), always))
    return outs, digits
