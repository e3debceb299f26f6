"""What writes the redacted form of each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from brightline.guard.files.output import whole
from brightline.guard.files.sources import Source
from brightline.guard.files.tablesinks import csv_sink, parquet_sink, table_sink
from brightline.law.errors import BrightlineError, shown

__all__ = ["check_form", "sink_of"]


def sink_of(source: Source, out: Path, table: str) -> AbstractContextManager[Callable[[Any], None]]:
    """What writes the bodies of a source's blocks."""
    if source.table is not None:
        return table_sink(source.table, table, str(out)) if table else csv_sink(out)
    if source.path is not None and source.path.suffix.lower() in (".parquet", ".pq"):
        return parquet_sink(out)
    return _bytes(out)


@contextmanager
def _bytes(out: Path) -> Iterator[Callable[[Any], None]]:
    with whole(out) as stream:

        def write(body: Any) -> None:
            stream.write(body)

        yield write


def check_form(source: Source, out: Path, table: str) -> None:
    """Raises: BrightlineError `guard-out` for an output of a form in which a source is not written."""
    name = out.name.lower()
    if source.table is not None:
        if not table and not name.endswith(".csv"):
            raise _wrong(out, "name a .csv file, or FILE.sqlite#TABLE or FILE.duckdb#TABLE")
    elif table:
        raise _wrong(out, "name a file of the kind of the input")
    elif name.endswith(".pdf"):
        raise _wrong(out, "a PDF is written as text, so that nothing stays under a black box: name it .txt")
    elif (
        source.path is not None
        and source.path.suffix.lower() in (".parquet", ".pq")
        and not name.endswith((".parquet", ".pq"))
    ):
        raise _wrong(out, "name it .parquet")


def _wrong(out: Path, help: str) -> BrightlineError:
    return BrightlineError(
        "guard-out", f"{shown(out.name)} is not of a form in which the input is written", help, "--out"
    )
