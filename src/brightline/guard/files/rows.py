"""Rows of any table: the texts of their columns judged, each read after the name of its column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brightline.guard.files.done import Done
from brightline.guard.files.judging import Judge, Verdict
from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["Rows", "chosen", "judged_rows", "label_of"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with the names of their columns; `first` is the number of the first row."""

    columns: tuple[str, ...]
    cells: Sequence[Sequence[Any]]
    first: int


def chosen(columns: Sequence[str], wanted: Sequence[str], file: str) -> list[int]:
    """The numbers of the columns that are read: those that are named, else all. Raises: BrightlineError."""
    for name in wanted:
        if name not in columns:
            raise BrightlineError(
                "guard-column",
                f"there is no column {shown(name)}",
                near_misses(name, columns, "`--column` takes the name of a column"),
                file,
            )
    return [number for number, name in enumerate(columns) if not wanted or name in wanted]


def label_of(column: str) -> str:
    """The name of a column as words."""
    return " ".join(column.replace("_", " ").split())[:60]


def judged_rows(rows: Rows, judge: Judge, done: Done) -> list[list[Any]]:
    """The rows redacted; with `quarantine`, without those in which something was found."""
    kept = [list(row) for row in rows.cells]
    spoiled: dict[int, None] = {}
    if not judge.setting.columns and (count := sum(isinstance(cell, bytes) for row in kept for cell in row)):
        done.notes["cells of bytes, which are not read"] += count
    width = max((len(row) for row in kept), default=0)
    names = [*rows.columns, *(f"column {n}" for n in range(len(rows.columns) + 1, width + 1))]
    for number in chosen(names, judge.setting.columns, done.file):
        for index, verdict in _column(kept, number, names[number], judge, done):
            done.tell(f"row {rows.first + index}, column {_named(names[number], number, judge)}", verdict)
            kept[index][number] = verdict.redacted.text
            if verdict.is_open:
                spoiled[index] = None
    if judge.setting.mode == "quarantine":
        for index in sorted(spoiled):
            cells = [cell if isinstance(cell, str | int | float | bool | None) else str(cell) for cell in kept[index]]
            done.keep_aside(f"row {rows.first + index}", dict(zip(names, cells, strict=False)))
        return [row for index, row in enumerate(kept) if index not in spoiled]
    return kept


def _column(rows: list[list[Any]], number: int, name: str, judge: Judge, done: Done) -> list[tuple[int, Verdict]]:
    """The verdicts on the texts of a column in which something was found, with the numbers of their rows."""
    places = [i for i, row in enumerate(rows) if number < len(row) and isinstance(row[number], str) and row[number]]
    texts = [rows[i][number] for i in places]
    done.passages += len(texts)
    verdicts = judge.judge(texts, (done.file, f"{done.file}#{name}"), label_of(name))
    found = [(i, verdict) for i, verdict in zip(places, verdicts, strict=True) if verdict.found]
    done.passages -= len(found)
    return found


def _named(name: str, number: int, judge: Judge) -> str:
    """A column as a report names it: by its name, unless the name itself gives something away."""
    return str(number + 1) if judge.judge([name])[0].found else f"`{name[:60]}`"
