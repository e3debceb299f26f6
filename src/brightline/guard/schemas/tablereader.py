"""The headers of CSV and Parquet files, with values from their first rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.content import decoded, refused
from brightline.guard.schemas.field import Field, Schema
from brightline.law.errors import BrightlineError

__all__ = ["read_csv", "read_csv_file", "read_parquet_file"]

_ROWS = 200
_FIRST_BYTES = 2_000_000
_DELIMITERS = ",;\t|"
_LONGEST = 200


def read_csv_file(path: Path) -> Schema:
    """The columns of a CSV file, plain or gzipped, of any size: its first rows are read.

    Raises: BrightlineError `unreadable`, `guard-unreadable`.
    """
    import gzip

    is_packed = path.suffix.lower() == ".gz"
    try:
        with gzip.open(path) if is_packed else path.open("rb") as stream:
            content = stream.read(_FIRST_BYTES)
    except (OSError, EOFError) as error:
        raise BrightlineError(
            "unreadable", "the file cannot be read", "check the path and its permissions", str(path)
        ) from error
    if len(content) == _FIRST_BYTES:
        content = content[: content.rfind(b"\n") + 1] or content
    return read_csv(decoded(content, str(path)), str(path), path.name.partition(".")[0])


def read_csv(text: str, place: str, name: str = "") -> Schema:
    """The columns of CSV text; lines that begin with # are notes. Raises: BrightlineError `guard-unreadable`."""
    lines = text.splitlines()
    notes = tuple(line.lstrip("# ") for line in lines if line.startswith("#"))
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if first is None:
        raise refused("the file has no header", place)
    delimiter = max(_DELIMITERS, key=lambda mark: lines[first].count(mark))
    rows = csv.reader(io.StringIO("\n".join(lines[first : first + _ROWS + 1])), delimiter=delimiter)
    try:
        header = next(rows)
        samples = [row for row in rows if not row or not row[0].startswith("#")]
    except csv.Error:
        raise refused("a cell is too long or a quote has no end", f"{place}:{first + 1}") from None
    fields = _columns([one.strip() for one in header], samples, place, first + 1)
    return Schema("csv_header", name or place, tuple(fields), notes=notes)


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]], place: str, line: int) -> Iterator[Field]:
    for index, name in enumerate(header):
        if name:
            values = (row[index].strip() for row in rows if index < len(row))
            yield Field(name, "column", f"{place}:{line}", samples=tuple(v[:_LONGEST] for v in values if v))


def read_parquet_file(path: Path) -> Schema:
    """The columns of a Parquet file, nested ones too. Raises: BrightlineError `guard-unreadable`."""
    parquet = needs("pyarrow.parquet")
    arrow = needs("pyarrow")
    try:
        opened = parquet.ParquetFile(path)
        batch = next(opened.iter_batches(batch_size=_ROWS), None)
        schema = opened.schema_arrow
    except (arrow.ArrowException, OSError, ValueError):
        raise refused("the Parquet file is broken or encrypted", str(path)) from None
    fields = [one for index, part in enumerate(schema) for one in _arrow(part, path, (), _values(batch, index))]
    return Schema("parquet", path.stem, tuple(fields), notes=_remarks(schema.metadata))


def _values(batch: Any, index: int) -> tuple[str, ...]:
    if batch is None:
        return ()
    return tuple(
        str(v)[:_LONGEST] for v in batch.column(index).to_pylist() if v is not None and not isinstance(v, (dict, list))
    )


def _arrow(part: Any, path: Path, within: tuple[str, ...], samples: tuple[str, ...]) -> Iterator[Field]:
    yield Field(
        part.name, "column", str(path), "", within, comments="\n".join(_remarks(part.metadata)), samples=samples
    )
    for index in range(part.type.num_fields):
        child = part.type.field(index)
        if child.name not in ("element", "item", "list", "key_value", "key", "value", "entries"):
            yield from _arrow(child, path, (*within, part.name), ())
        else:
            for deeper in range(child.type.num_fields):
                yield from _arrow(child.type.field(deeper), path, (*within, part.name), ())


def _remarks(metadata: Any) -> tuple[str, ...]:
    """What the writer of a file said in it, under the names that are used for that."""
    wanted = (b"comment", b"description", b"title", b"label", b"doc")
    return tuple(value.decode("utf-8", "replace") for key, value in (metadata or {}).items() if key.lower() in wanted)
