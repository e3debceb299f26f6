"""The kinds of columns that a query tells apart, as far as a table's columns are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Present", "kind_of_arrow"]

# The columns of a table by name, each with its kind: `text`, `bool`, `whole` for an integer, `number` for a number that
# may have a fraction, `day` for a date, `time` for a moment on the clock of the place, `instant` for one in UTC.
Present = Mapping[str, str]


def kind_of_arrow(kind: Any) -> str:
    """The kind of a column of an Arrow type."""
    import pyarrow.types as t

    value = kind.value_type if t.is_dictionary(kind) else kind
    if t.is_timestamp(value):
        return "instant" if value.tz else "time"
    tests = {"bool": t.is_boolean, "whole": t.is_integer, "day": t.is_date}
    for name, test in tests.items():
        if test(value):
            return name
    return "number" if t.is_floating(value) or t.is_decimal(value) else "text"
