"""The distinct situations of some rows: what is worked out once for each and given to all rows that share it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from brightline.law.expressions import facts_in
from brightline.law.library import Law, Stack
from brightline.replay.engine.columns import Column, Columns

__all__ = ["distinct_situations", "facts_that_matter"]

_BITS = 62


def distinct_situations(
    columns: Columns, names: Iterable[str] | None = None
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first row of each distinct situation, and for every row the number of its situation; by some facts only."""
    chosen = [column for name, column in columns.facts.items() if names is None or name in set(names)]
    key, bits = np.zeros(columns.rows, np.int64), 0
    for column in chosen:
        codes, size = _codes(column)
        width = max(1, int(size - 1).bit_length())
        if bits + width > _BITS:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            bits = max(1, columns.rows.bit_length())
        key, bits = key << width | codes, bits + width
    _, first, of_row = np.unique(key, return_index=True, return_inverse=True)
    return first, of_row


def _codes(column: Column) -> tuple[npt.NDArray[np.int64], int]:
    """Small numbers that tell the values of a column apart, 0 for what is not known; and how many there are."""
    values = column.values.astype(np.int64)
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if high - low > 1 << 20:
        values, low = np.unique(values, return_inverse=True)[1].astype(np.int64), 0
        high = int(values.max())
    codes = values - low + 1
    return codes if column.known is None else np.where(column.known, codes, 0), high - low + 2


def facts_that_matter(law: Law, stack: Stack, action: str) -> set[str]:
    """The facts on which an answer, its reasons and its question can turn.

    They are those of the law on the action, and those that a contradiction ties to them.
    """
    found = {variable.name for variable in law.chart(stack, action).variables}
    tied = [facts_in(line.when) for line in law.vocabulary.contradictions]
    while more := {name for names in tied if names & found for name in names - found}:
        found |= more
    return found
