"""Unpacking: the planes of a segment as columns again, for what is asked row by row."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.replay.engine.columns import Column
from brightline.replay.engine.planes import BELOW, BIT, KNOWN, Plane
from brightline.replay.packed.packedfile import Segment
from brightline.replay.packed.population import Packed

__all__ = ["columns_of", "numbers_kept"]


def columns_of(packed: Packed, segment: Segment) -> tuple[Column, ...]:
    """Every fact of the rows of a segment; those that are known of no row as well. Raises: BrightlineError `packed-file`."""
    return tuple(_column(packed, segment, name, kind) for name, (kind, _) in packed.directory.facts.items())


def numbers_kept(packed: Packed, segment: Segment, name: str) -> npt.NDArray[np.int64] | None:
    """What is kept of each row besides its facts, by a name of `owncolumns`; None where nothing is."""
    return _values(packed, segment, name, np.int64) if name in packed.directory.own else None


def _column(packed: Packed, segment: Segment, name: str, kind: str) -> Column:
    values = _values(packed, segment, name, np.int64 if kind == "int" else np.uint16)
    if kind == "int":  # a number that ran back has no digits
        values = np.where(packed.bits(segment, Plane(name, BELOW, 0)), -1, values)
    known = packed.bits(segment, Plane(name, KNOWN))
    if isinstance(known, bool):
        return Column(name, values, None if known else np.zeros(segment.rows, np.bool_))
    return Column(name, values, known.astype(np.bool_))


def _values(packed: Packed, segment: Segment, name: str, kind: type[Any]) -> npt.NDArray[Any]:
    digits = [plane for plane in packed.directory.planes if plane.fact == name and plane.kind == BIT]
    parts = [np.asarray(packed.bits(segment, digit)).astype(kind) << digit.number for digit in digits]
    return reduce(or_, parts, np.zeros(segment.rows, kind))
