"""Parquet and Arrow files as streams of batches: only the columns that are wanted, text as codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown
from brightline.replay.files.sources import Wanted

__all__ = ["ArrowSource", "ParquetSource", "refuse_unreadable", "stat_of"]


@contextmanager
def refuse_unreadable(path: Path, kind: str) -> Iterator[None]:
    """Turn what a reader raises into a refusal. Raises: BrightlineError `unreadable`."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, EOFError) as error:
        if isinstance(error, MemoryError):
            raise
        raise BrightlineError(
            "unreadable",
            f"{shown(path.name)} is not a whole {kind} file",
            "check that it was copied or written to its end, and that its name tells its kind",
            path.name,
        ) from None


def stat_of(path: Path) -> list[Any]:
    """What tells a file from another: its name, size and time."""
    stat = path.stat()
    return [path.name, stat.st_size, stat.st_mtime_ns]


class ParquetSource:
    """A Parquet file."""

    can_resume = True

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.path, self.label = path, path.name
        with refuse_unreadable(path, "Parquet"), pq.ParquetFile(path) as file:
            self.rows = file.metadata.num_rows
            self.schema = file.schema_arrow
            self.footer = hashlib.sha256(str(file.metadata.to_dict()).encode()).hexdigest()
        self.size = path.stat().st_size
        self.read = 0

    def fields(self) -> Mapping[str, Any]:
        """The columns with their Arrow types. Raises: BrightlineError `replay-columns` for a name that comes twice."""
        return _once(self.schema, self.label)

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Tables of about `rows` rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq
        import pyarrow.types as t

        coded = [
            name
            for name in wanted.words
            if t.is_string(self.schema.field(name).type) or t.is_large_string(self.schema.field(name).type)
        ]
        with (
            refuse_unreadable(self.path, "Parquet"),
            pq.ParquetFile(self.path, read_dictionary=coded, buffer_size=1 << 20, pre_buffer=False) as file,
        ):
            for batch in file.iter_batches(rows, columns=wanted.in_source or None):
                self.read += batch.num_rows
                yield pa.Table.from_batches([batch])

    def place(self) -> float:
        """How much was read, 0 to 1."""
        return self.read / self.rows if self.rows else 1.0

    def identity(self) -> list[Any]:
        """Name, size, time and a hash of the footer."""
        return [*stat_of(self.path), self.footer]


def _once(schema: Any, label: str) -> Mapping[str, Any]:
    names = schema.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BrightlineError(
            "replay-columns", f"{shown(label)} has the column {shown(twice)} twice", "rename one of them", label
        )
    return {field.name: field.type for field in schema}


class ArrowSource:
    """An Arrow IPC file or stream."""

    can_resume = True
    rows: int | None = None

    def __init__(self, path: Path) -> None:
        self.path, self.label = path, path.name
        self.size = path.stat().st_size
        self.read = 0
        with refuse_unreadable(path, "Arrow"), self._opened() as (reader, _):
            self.schema = reader.schema

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        import pyarrow as pa

        with pa.memory_map(str(self.path)) as stream:
            is_file = stream.read(6) == b"ARROW1"
            stream.seek(0)
            if is_file:
                reader = pa.ipc.open_file(stream)
                yield reader, (reader.get_batch(i) for i in range(reader.num_record_batches))
            else:
                reader = pa.ipc.open_stream(stream)
                yield reader, iter(reader)

    def fields(self) -> Mapping[str, Any]:
        """The columns with their Arrow types. Raises: BrightlineError `replay-columns` for a name that comes twice."""
        return _once(self.schema, self.label)

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Tables as they were written."""
        import pyarrow as pa

        with refuse_unreadable(self.path, "Arrow"), self._opened() as (_, batches):
            for batch in batches:
                self.read += batch.nbytes
                yield pa.Table.from_batches([batch.select(wanted.in_source)])

    def place(self) -> float:
        """How much was read, 0 to 1."""
        return min(1.0, self.read / self.size) if self.size else 1.0

    def identity(self) -> list[Any]:
        """Name, size and time."""
        return stat_of(self.path)
