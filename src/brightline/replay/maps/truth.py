"""Conditions over columns, for all rows of a batch at once, in Kleene's logic: 0 is false, 1 not known, 2 true."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.vocabulary import Expression
from brightline.replay.maps.cells import Cells
from brightline.replay.maps.moments import Moments
from brightline.replay.maps.zones import in_utc

__all__ = ["truth_of"]

Truth = npt.NDArray[np.uint8]


def truth_of(condition: Expression, cells: Cells) -> Truth:
    """Whether a condition holds, row for row."""
    word = condition[0]
    if word in ("and", "or"):
        parts = [truth_of(part, cells) for part in condition[1:]]  # type: ignore[arg-type]
        return reduce(np.minimum if word == "and" else np.maximum, parts)
    if word == "not":
        return 2 - truth_of(condition[1], cells)  # type: ignore[arg-type]
    if word in ("true", "false"):
        return np.full(cells.rows, 2 if word == "true" else 0, np.uint8)
    return _atom(condition, cells)


def _atom(condition: Expression, cells: Cells) -> Truth:
    name = str(condition[1])
    column = cells.map.column(name)
    if condition[0] == "known":
        return _known(name, column.type, cells)
    if column.type == "text":
        return _of_text(condition, cells)
    if column.type == "number":
        values, known, _ = cells.numbers(name)
        return _compared(condition, values, known, lambda value: value)
    found, _ = cells.moments(name)
    micros, known = _comparable(found, column.type)
    return _compared(condition, micros, known, lambda value: _micros(value, found))


def _known(name: str, kind: str, cells: Cells) -> Truth:
    if kind in ("date", "time"):
        return np.where(cells.moments(name)[0].known, 2, 0).astype(np.uint8)
    return np.where(cells.words(name).codes >= 0, 2, 0).astype(np.uint8)


def _of_text(condition: Expression, cells: Cells) -> Truth:
    import pyarrow as pa
    import pyarrow.compute as pc

    words = cells.words(str(condition[1]))
    if condition[0] == "in":
        hits = pc.is_in(words.folded, pa.array(condition[2], pa.string()))
    else:
        test = {"starts_with": pc.starts_with, "ends_with": pc.ends_with, "contains": pc.match_substring}
        hits = test[str(condition[0])](words.folded, condition[2])
    return words.spread(np.where(np.asarray(hits), 2, 0).astype(np.uint8), 1)


def _compared(condition: Expression, values: Any, known: Any, plain: Any) -> Truth:
    if condition[0] == "lt":
        hits = values < plain(condition[2])
    else:
        hits = np.isin(values, [plain(value) for value in condition[2]])  # type: ignore[attr-defined]
    return np.where(known, np.where(hits, 2, 0), 1).astype(np.uint8)


def _comparable(found: Moments, kind: str) -> tuple[Any, Any]:
    """Days as they stand; times in UTC where a zone or an offset says so, else on the clock of the place."""
    if kind == "date" or not (found.zone or found.has_offset is not None):
        return found.micros, found.known
    micros, known, _ = in_utc(found, "")
    return micros, known


def _micros(value: object, found: Moments) -> int:
    if not isinstance(value, datetime):
        assert isinstance(value, date)
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day as it stands
    if value.tzinfo is None and found.zone:
        from zoneinfo import ZoneInfo

        value = value.replace(tzinfo=ZoneInfo(found.zone))
    return round((value.replace(tzinfo=value.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6)
