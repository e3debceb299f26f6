"""The rows that a map leaves out: read from the map, and found in a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.yamlfile import Listing, Table
from brightline.replay.maps.cells import Cells
from brightline.replay.maps.condition import columns_in, parse_condition
from brightline.replay.maps.factmap import FactMap, LeftOut, MappedColumn
from brightline.replay.maps.truth import truth_of

__all__ = [
    "LEFT_OUT",
    "NO_WEIGHT",
    "REJECTED",
    "blanked",
    "columns_of_left_out",
    "left_out_of",
    "read_leave_out",
]

REJECTED = ("", "no day", "day not read", "no profile", "profile not known", "weight not read")
NO_WEIGHT = REJECTED.index("weight not read")
LEFT_OUT = "what is left out"
_BY_THE_MAP = "left out by the map"
_BAD_VALUE = "bad value"  # why a row is rejected that was answered as SQL
_FIELDS, _MOST_REASONS, _LONGEST = ("when", "because"), 200, 200
_PAGE = "see docs/reference/replay-maps.md"


def read_leave_out(top: Table, columns: Mapping[str, MappedColumn]) -> tuple[LeftOut, ...]:
    """What `leave_out` of a map says. Raises: BrightlineError `replay-map` with the place."""
    spec, where = top.get("leave_out"), top.where("leave_out")
    if spec is None:
        return ()
    if isinstance(spec, str):
        return (_line(spec, _BY_THE_MAP, columns, where),)
    if not isinstance(spec, Listing) or not 0 < len(spec) <= _MOST_REASONS:
        _refuse("`leave_out` is not a condition or a list", where, "write `- {when: CONDITION, because: a reason}`")
    return tuple(_read_line(each, columns, where) for each in spec)


def _read_line(spec: Any, columns: Mapping[str, MappedColumn], where: str) -> LeftOut:
    if not isinstance(spec, Table):
        _refuse("a line of `leave_out` is not a mapping", where, "write `- {when: CONDITION, because: a reason}`")
    for key in spec:
        if key not in _FIELDS:
            _refuse(f"{shown(key)} is not a field of `leave_out`", spec.where(key), near_misses(key, _FIELDS, _PAGE))
    for key in _FIELDS:
        if not isinstance(spec.get(key), str):
            _refuse(f"a line of `leave_out` has no `{key}`", spec.where(), "write a condition and a reason, in quotes")
    because = " ".join(spec["because"].split())
    if because in (*REJECTED, _BAD_VALUE) or len(because) > _LONGEST or not because.isprintable():
        _refuse(
            f"{shown(because[:40])} cannot be a reason",
            spec.where("because"),
            "say in a few words why such rows are not asked about",
        )
    return _line(spec["when"], because, columns, spec.where("when"))


def _line(text: str, because: str, columns: Mapping[str, MappedColumn], where: str) -> LeftOut:
    return LeftOut(parse_condition(text, columns, where), because, where)


def _refuse(message: str, where: str, help: str) -> NoReturn:
    raise BrightlineError("replay-map", message, help, where)


def columns_of_left_out(mapped: FactMap) -> Iterator[str]:
    """The columns that decide what is left out, with repeats."""
    for each in mapped.leave_out:
        yield from columns_in(each.when)


def left_out_of(mapped: FactMap, cells: Cells) -> npt.NDArray[np.uint8]:
    """Why each row is left out, as a position in REJECTED followed by the reasons of the map; 0 for rows that stay.

    A row stays where a condition is not known.
    """
    found = np.zeros(cells.rows, np.uint8)
    reasons = mapped.left_out_reasons
    for each in reversed(mapped.leave_out):
        found[truth_of(each.when, cells) == 2] = len(REJECTED) + reasons.index(each.because)
    return found


def blanked(cells: Cells, rows: npt.NDArray[np.bool_]) -> Cells:
    """The same cells with nothing in some rows, so that nothing of these is counted."""
    import pyarrow as pa

    if not rows.any():
        return cells
    places = pa.array(np.arange(cells.rows), mask=rows)
    arrays = {name: None if array is None else array.take(places) for name, array in cells.arrays.items()}
    return Cells(cells.rows, arrays, cells.map)
