"""Columns as planes: 64 rows to a word, the first row in the lowest bit; and planes as columns again. With NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError
from brightline.law.vocabulary import Fact
from brightline.replay.engine.columns import Column
from brightline.replay.engine.planes import BELOW, KNOWN, Plane

__all__ = [
    "MOST",
    "Words",
    "check_values",
    "fill_plane",
    "limits",
    "out_of_domain",
    "spare_room",
    "spread",
    "true_rows",
]

Words = npt.NDArray[np.uint64]
MOST = 999_999_999  # the highest number that a fact may be


def spare_room(rows: int) -> Words:
    """Room for what comes between columns and planes, taken again and again: new memory costs more than the work."""
    return np.empty(2 * -(-rows // 8), dtype=np.uint64)


def fill_plane(plane: Plane, column: Column, rows: slice, out: Words, spare: Words | None = None) -> None:
    """Write one plane of some rows of a column; bits after the last row are 0."""
    bits = out.view(np.uint8)
    found = np.packbits(_is_so(plane, column, rows, spare), bitorder="little")
    bits[: len(found)] = found
    bits[len(found) :] = 0


def _is_so(plane: Plane, column: Column, rows: slice, spare: Words | None) -> npt.NDArray[Any]:
    """For each row something other than 0 where the plane is true."""
    if plane.kind == KNOWN:
        assert column.known is not None
        return column.known[rows]
    values = column.values[rows]
    room: npt.NDArray[Any] = spare_room(len(values)) if spare is None else spare
    if plane.kind == BELOW:
        return np.asarray(np.less(values, plane.number, out=room.view(np.bool_)[: len(values)]))
    if values.dtype == np.bool_:
        return values
    if plane.number >= 8 * values.itemsize:
        return np.zeros(len(values), dtype=np.bool_)
    if values.dtype == np.uint8:
        return np.asarray(np.bitwise_and(values, np.uint8(1 << plane.number), out=room.view(np.uint8)[: len(values)]))
    return np.asarray(values >> plane.number & 1, dtype=np.uint8)


def check_values(column: Column, fact: Fact, rows: slice) -> None:
    """Refuse a column that holds what its fact cannot be. Raises: BrightlineError `unknown-value`, without the value."""
    values = column.values[rows]
    least, most = limits(fact)
    if values.dtype == np.bool_ or not _is_outside(values, least, most):
        return
    if column.known is None or _is_outside(values[column.known[rows]], least, most):
        raise out_of_domain(fact.name)


def limits(fact: Fact) -> tuple[int, int]:
    """The lowest and the highest number that a column of a fact may hold; a derived number is below 0 if time ran back."""
    return (0 if fact.derived is None else -MOST), (len(fact.domain) - 1 if fact.domain else MOST)


def _is_outside(values: npt.NDArray[Any], least: int, most: int) -> bool:
    if values.dtype.kind == "i" and least == 0:  # as bits, a number below 0 is above every other
        values = values.view(values.dtype.str.replace("i", "u"))
    return bool(len(values)) and (int(values.max()) > most or (least < 0 and int(values.min()) < least))


def out_of_domain(fact: str) -> BrightlineError:
    """A column holds something that its fact cannot be."""
    return BrightlineError(
        "unknown-value",
        f"a row has something that is not a value of `{fact}`",
        "check the column, or drop the row",
        "facts",
    )


def true_rows(plane: Words, rows: int) -> int:
    """How many of the first rows of a plane are true."""
    whole, rest = divmod(rows, 64)
    count = int(np.bitwise_count(plane[:whole]).sum())
    return count + (int(plane[whole]) & (1 << rest) - 1).bit_count() if rest else count


# For each byte of a plane, eight rows, eight bytes with a 1 where it has a bit.
_EIGHT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").view(np.uint64).ravel()


def spread(
    planes: Sequence[Words | bool], out: npt.NDArray[np.uint8] | npt.NDArray[np.uint16], spare: Words | None = None
) -> None:
    """Write for each row the number whose binary digits the planes are, the lowest first."""
    room = spare_room(len(out)) if spare is None else spare
    out[:] = _byte(planes[:8], len(out), room)
    if len(planes) > 8:
        np.bitwise_or(out, _byte(planes[8:], len(out), room).astype(np.uint16) << 8, out=out)


def _byte(planes: Sequence[Words | bool], rows: int, room: Words) -> npt.NDArray[np.uint8]:
    count = -(-rows // 8)
    eights, one = room[:count], room[count : 2 * count]
    eights[:] = sum(1 << digit for digit, plane in enumerate(planes) if plane is True) * 0x0101010101010101
    for digit, plane in enumerate(planes):
        if not isinstance(plane, bool):
            np.take(_EIGHT << np.uint64(digit), plane.view(np.uint8)[:count], out=one, mode="clip")
            eights |= one
    return eights.view(np.uint8)[:rows]
