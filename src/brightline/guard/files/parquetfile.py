"""Parquet: the texts of all columns, or of those that are named; every other column goes through unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge, Verdict
from brightline.guard.files.rows import chosen, label_of
from brightline.law.errors import BrightlineError

__all__ = ["KIND", "ParquetSink", "blocks", "judged_table", "work"]

KIND = "parquet"
_ROWS = 4096


def blocks(path: Path, file: str) -> Iterator[Block]:
    """Blocks of rows. Raises: BrightlineError `guard-unreadable`, `missing-extra`."""
    pq, pa = needs("pyarrow.parquet"), needs("pyarrow")
    try:
        with pq.ParquetFile(path, pre_buffer=False) as source:
            rows = max(1, min(_ROWS, (1 << 20) // max(1, len(source.schema_arrow))))
            share, first = path.stat().st_size / max(1, source.metadata.num_rows), 1
            for batch in source.iter_batches(rows):
                yield Block(KIND, file, pa.Table.from_batches([batch]), first, int(share * batch.num_rows))
                first += batch.num_rows
            if first == 1:
                yield Block(KIND, file, source.schema_arrow.empty_table(), 1)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise BrightlineError(
            "guard-unreadable", "the file is not Parquet, or is cut or damaged", "write it again", file
        ) from None


def work(block: Block, judge: Judge) -> Done:
    """Judge the texts of a block of rows."""
    done = Done(block.file, block.size)
    done.body = judged_table(block.payload, block.first, judge, done)
    return done


def judged_table(table: Any, first: int, judge: Judge, done: Done) -> Any:
    """The table redacted; with `quarantine`, without the rows in which something was found."""
    spoiled: set[int] = set()
    names = table.column_names
    for number in chosen(names, judge.setting.columns, done.file):
        column = table.column(number)
        if not _holds_text(column.type):
            _note_binary(column.type, names[number], judge, done)
            continue
        values = column.to_pylist()
        changed = _values(values, names[number], number, first, judge, done, spoiled)
        if changed and judge.setting.writes:
            table = table.set_column(number, table.field(number), _array(values, column.type))
    return _without(table, first, spoiled, done) if judge.setting.mode == "quarantine" else table


def _note_binary(kind: Any, name: str, judge: Judge, done: Done) -> None:
    import pyarrow.types as t

    if (t.is_binary(kind) or t.is_large_binary(kind)) and not judge.setting.columns:
        done.notes["blocks of binary columns, which are not read"] += 1


def _array(values: list[Any], kind: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as t

    return pa.array(values, kind.value_type).dictionary_encode() if t.is_dictionary(kind) else pa.array(values, kind)


def _holds_text(kind: Any) -> bool:
    """Whether texts stand in a column, at any depth."""
    import pyarrow.types as t

    if t.is_dictionary(kind):
        return _holds_text(kind.value_type)
    if t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind):
        return True
    return any(_holds_text(kind.field(i).type) for i in range(kind.num_fields))


def _values(values: list[Any], name: str, number: int, first: int, judge: Judge, done: Done, spoiled: set[int]) -> bool:
    """Judge the texts of a column and put the redacted ones in their places; whether any changed."""
    slots = [(row, slot) for row in range(len(values)) for slot in _slots(values, row)]
    texts = [_held(slot) for _, slot in slots]
    verdicts = judge.judge(texts, (done.file, f"{done.file}#{name}"), label_of(name))
    is_changed = False
    column = number + 1 if judge.judge([name])[0].found else f"`{name[:60]}`"
    for (row, slot), verdict in zip(slots, verdicts, strict=True):
        if verdict.found:
            done.tell(f"row {first + row}, column {column}", verdict)
            is_changed = _put(slot, verdict) or is_changed
            if verdict.is_open:
                spoiled.add(row)
        else:
            done.passages += 1
    return is_changed


def _slots(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a text in a value: itself, or in lists and records within it; maps are lists of pairs."""
    value = holder[key]
    if isinstance(value, str):
        yield holder, key
    elif isinstance(value, tuple):
        holder[key] = list(value)
        yield from _slots(holder, key)
    elif isinstance(value, list | dict):
        for inner in value if isinstance(value, dict) else range(len(value)):
            yield from _slots(value, inner)


def _held(slot: tuple[Any, Any]) -> str:
    return str(slot[0][slot[1]])


def _put(slot: tuple[Any, Any], verdict: Verdict) -> bool:
    holder, key = slot
    is_changed = bool(holder[key] != verdict.redacted.text)
    holder[key] = verdict.redacted.text
    return is_changed


def _without(table: Any, first: int, spoiled: set[int], done: Done) -> Any:
    for row in sorted(spoiled):
        cells = {name: str(column[row].as_py()) for name, column in zip(table.column_names, table.columns, strict=True)}
        done.keep_aside(f"row {first + row}", cells)
    return table.take([row for row in range(table.num_rows) if row not in spoiled]) if spoiled else table


class ParquetSink:
    """A Parquet file in the making."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: Any = None

    def write(self, table: Any) -> None:
        """Add rows."""
        pq = needs("pyarrow.parquet")
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema)
        if table.num_rows:
            self.writer.write_table(table)

    def close(self) -> None:
        """Write what ends the file."""
        if self.writer is not None:
            self.writer.close()
