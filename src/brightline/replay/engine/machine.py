"""The machine that runs programs: compiled by numba once for every law, and kept.

It reads a program as numbers: where each plane comes from, which planes a step takes, where an answer goes. A new law
is a new list of numbers. Planes are addressed one by one, so that those of a packed file are used where they lie. It
needs no lock of Python while it runs.

numba keeps machine code as long as this file is not changed: change it too when `vectors` changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from brightline.replay.engine import vectors as v

__all__ = [
    "BELOW_32",
    "BELOW_64",
    "BYTES",
    "HALVES",
    "PLANE",
    "ROWS",
    "THERE",
    "Numbers",
    "answer_blocks",
    "count_blocks",
    "kept",
]

ROWS = 64 * v.WORDS  # of a block
PLANE = 8 * v.WORDS  # bytes
# How a plane is found: where it lies, or from a column of bytes, of 16-bit codes, or of numbers of a width.
THERE, BYTES, HALVES, BELOW_32, BELOW_64 = range(5)
Numbers = npt.NDArray[np.int64]


def kept(function: Callable[..., Any]) -> Any:
    """Machine code kept beside the source or in the user's cache; made anew where neither can be written."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@kept
def _fill(how: int, address: int, number: int, target: int, words: Numbers) -> None:
    """One plane of a block from 4,096 values of a column."""
    for i in range(v.WORDS):
        if how == BYTES:
            words[target + i] = v.bits_of_bytes(address + 64 * i, number)
        elif how == HALVES:
            words[target + i] = v.bits_of_halves(address + 128 * i, number)
        elif how == BELOW_32:
            words[target + i] = v.bits_below_32(address + 256 * i, number)
        else:
            words[target + i] = v.bits_below_64(address + 512 * i, number)


@kept
def _find(block: int, inputs: Numbers, at: Numbers) -> None:
    """Where the planes of a block are that need not be made."""
    for i in range(len(inputs)):
        if inputs[i, 0] == THERE:
            at[i] = inputs[i, 1] + block * inputs[i, 3]


@kept
def _ask(number: int, inputs: Numbers, at: Numbers) -> None:
    """One plane of the next block is asked for; all at once would keep the processor waiting."""
    if number < len(inputs) and inputs[number, 0] == THERE:
        for line in range(0, PLANE, 64):
            v.soon(at[number] + inputs[number, 3] + line)


@kept
def _is_outside(column: Numbers, block: int) -> bool:
    """Whether a known row of a block has what its fact cannot be; the next block is asked for on the way.

    `column`: its address, the bytes of a value, the address of what is known or 0, what is added, and the highest.
    """
    size, outside = column[1], np.uint64(0)
    address = column[0] + block * size * ROWS
    for i in range(v.WORDS):
        here = address + 64 * size * i
        for j in range(size):
            v.soon(here + size * ROWS + 64 * j)
        if size == 1:
            found = v.bits_above_8(here, column[3], column[4])
        elif size == 2:
            found = v.bits_above_16(here, column[3], column[4])
        elif size == 4:
            found = v.bits_above_32(here, column[3], column[4])
        else:
            found = v.bits_above_64(here, column[3], column[4])
        if column[2]:
            found &= v.bits_of_bytes(column[2] + block * ROWS + 64 * i, 1)
        outside |= found
    return bool(outside != 0)


@kept
def _product(code: Numbers, start: int, at: Numbers) -> Any:
    lanes = v.every_row()
    for i in range(start + 1, start + 1 + code[start]):
        lanes = v.meet(lanes, at[code[i] >> 1], -(code[i] & 1))
    return lanes


@kept
def _run(code: Numbers, inputs: Numbers, at: Numbers) -> None:
    """The steps over one block; see `Program.code`. On the way the next block's planes are asked for."""
    here, number = 0, 0
    while here < len(code):
        _ask(number, inputs, at)
        number += 1
        target, opposite, groups = code[here], code[here + 1], code[here + 2]
        here += 3
        lanes = _product(code, here, at)
        here += 1 + code[here]
        for _ in range(groups):
            lanes = v.less(lanes, _product(code, here, at))
            here += 1 + code[here]
        v.put_lanes(lanes, at[target], opposite)
    for rest in range(number, len(inputs)):
        _ask(rest, inputs, at)


@kept
def _spread(out: Numbers, row: int, digits: Numbers, at: Numbers) -> None:
    """One column of answers of a block: `out` is its address, the bytes of a value, the digits, a number for all rows.

    Whole lines are written past the cache: nobody reads the answers of a block before the next is begun.
    """
    is_aligned = out[0] % 64 == 0
    for i in range(0, v.WORDS, v.STRETCH):
        if out[1] == 1:
            found = v.all_bytes(out[4])
            for j in range(out[2], out[3]):
                found = v.join_bytes(found, at[digits[j, 0]] + 8 * i, digits[j, 1])
            address = out[0] + row + 64 * i
            if is_aligned:
                v.stream_bytes(found, address)
            else:
                v.put_bytes(found, address)
        else:
            halves = v.all_halves(out[4])
            for j in range(out[2], out[3]):
                halves = v.join_halves(halves, at[digits[j, 0]] + 8 * i, digits[j, 1])
            address = out[0] + 2 * (row + 64 * i)
            if is_aligned:
                v.stream_halves(halves, address)
            else:
                v.put_halves(halves, address)


@kept
def count_blocks(blocks: int, inputs: Numbers, code: Numbers, places: Numbers, at: Numbers, counts: Numbers) -> None:
    """Every block of planes that are there: its steps, and in how many rows each output is true."""
    for block in range(blocks):
        _find(block, inputs, at)
        _run(code, inputs, at)
        for i in range(len(places)):
            counts[i] += v.rows_in(at[places[i]])


@kept
def answer_blocks(
    blocks: int,
    columns: Numbers,
    inputs: Numbers,
    code: Numbers,
    outs: Numbers,
    digits: Numbers,
    at: Numbers,
    words: Any,
) -> int:
    """Every block: its values checked, its planes, its steps, its answers. The number of a bad column, or -1."""
    for block in range(blocks):
        for i in range(len(columns)):
            if _is_outside(columns[i], block):
                return i
        _find(block, inputs, at)
        for i in range(len(inputs)):
            how, address, number, size = inputs[i, 0], inputs[i, 1], inputs[i, 2], inputs[i, 3]
            if how != THERE:
                _fill(how, address + block * size, number, i * v.WORDS, words)
        _run(code, inputs, at)
        for i in range(len(outs)):
            _spread(outs[i], block * ROWS, digits, at)
    return -1
