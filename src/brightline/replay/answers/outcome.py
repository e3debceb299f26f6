"""The answers of a batch as the columns of a table: keys as they stood, then what was answered on each action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from brightline.law.errors import BrightlineError, shown
from brightline.replay.answers.asking import NOT_ASKED, Answered
from brightline.replay.engine.columns import MARKS, MODALITIES
from brightline.replay.maps.leaveout import REJECTED

__all__ = ["MARK_WORDS", "ROW", "changed_table", "check_names", "outcome_table", "row_numbers", "texts"]

ROW = "row"
MARK_WORDS = tuple(" ".join(word for i, word in enumerate(MARKS) if bits >> i & 1) for bits in range(1 << len(MARKS)))


def check_names(keys: Sequence[str], actions: Sequence[str]) -> None:
    """Refuse keys that are named as a column of the output is. Raises: BrightlineError `replay-keys`."""
    for key in keys:
        if key in ("rejected", ROW) or any(key == action or key.startswith(f"{action}_") for action in actions):
            raise BrightlineError(
                "replay-keys",
                f"the key {shown(key)} is the name of a column of the output",
                "give it another name in `columns`",
                "--keys",
            )


def outcome_table(
    keys: Mapping[str, Any],
    first: int,
    rejected: Any,
    answers: Sequence[Answered],
    more: Mapping[str, Any],
    reasons: Sequence[str] = REJECTED,
) -> Any:
    """The table of a batch, row for row; `more` are further columns by name, each after those of its action.

    `first` is how many rows came before, where there are no keys. `rejected` are positions in `reasons`.
    """
    import pyarrow as pa

    columns: dict[str, Any] = dict(_kept(keys, first, len(rejected)))
    columns["rejected"] = texts(rejected, reasons)
    for each in answers:
        columns[each.action] = texts(each.modality, MODALITIES)
        columns[f"{each.action}_marks"] = texts(each.marks, MARK_WORDS)
        columns[f"{each.action}_norm"] = _norm_texts(each)
        columns.update({name: array for name, array in more.items() if name.startswith(f"{each.action}_")})
    return pa.table(columns)


def _kept(keys: Mapping[str, Any], first: int, rows: int) -> Mapping[str, Any]:
    return keys or {ROW: row_numbers(first, rows)}


def row_numbers(first: int, rows: int) -> Any:
    """The numbers of some rows, counted from 1 over all inputs."""
    import pyarrow as pa

    return pa.array(np.arange(first + 1, first + rows + 1))


def texts(codes: Any, words: Sequence[str]) -> Any:
    """An Arrow column of words from their positions; an empty word, or a position beyond them, is null."""
    import pyarrow as pa

    codes = np.asarray(codes)
    empty = codes >= len(words) if "" not in words else (codes >= len(words)) | (codes == words.index(""))
    indices = pa.array(np.where(empty, 0, codes).astype(np.int32), mask=empty if empty.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _norm_texts(each: Answered) -> Any:
    """The norms of a batch: only those that come, by name, so that equal answers are equal bytes."""
    counts = np.bincount(each.norm, minlength=len(each.norms))
    used = sorted(each.norms[i] for i in np.flatnonzero(counts))
    place = {name: i for i, name in enumerate(used)}
    table = np.array([place.get(name, 0) for name in each.norms], dtype=np.int32)
    return texts(table[each.norm], used or [""])


def changed_table(
    keys: Mapping[str, Any], first: int, before: Sequence[Answered], after: Sequence[Answered]
) -> tuple[Any, Any]:
    """The rows with another answer on some action, both answers beside each other; and which rows they are."""
    import pyarrow as pa

    rows = len(before[0].modality)
    changed = np.zeros(rows, bool)
    for old, new in zip(before, after, strict=True):
        changed |= (old.modality != new.modality) & (old.modality != NOT_ASKED)
    columns: dict[str, Any] = dict(_kept(keys, first, rows))
    for old, new in zip(before, after, strict=True):
        columns[f"{old.action}_before"] = texts(old.modality, MODALITIES)
        columns[f"{old.action}_after"] = texts(new.modality, MODALITIES)
        columns[f"{old.action}_before_norm"] = _norm_texts(old)
        columns[f"{old.action}_after_norm"] = _norm_texts(new)
    return pa.table(columns).filter(pa.array(changed)), changed
