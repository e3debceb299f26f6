"""One export: a table in, the cleaned table out, whole or not at all."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from brightline.guard.egress.arrowtable import clean_batches, parquet_batches
from brightline.guard.egress.cells import Cells
from brightline.guard.egress.csvtable import clean_csv
from brightline.guard.egress.databasetable import Asked, asked_of, clean_rows_of
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.rows import Cleaner
from brightline.guard.files.output import check_out, whole_path
from brightline.guard.files.tables import is_table
from brightline.law.errors import BrightlineError, shown

__all__ = ["Export", "export"]

_CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
_PARQUET = (".parquet", ".pq")
_INEXACT = ("HUGEINT", "UHUGEINT", "BIGNUM", "BIT")
_Progress = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be exported. `source` is a file or a database; `query` is for a database."""

    source: str
    out: Path
    policy: Policy
    query: str = ""
    encoding: str = ""
    delimiter: str = ""
    least: str = "probable"
    scanner: Any = None


def export(job: Export, progress: _Progress = lambda size: None) -> Report:
    """Write the table cleaned; the output appears when all of it is known to be clean.

    `progress` is told bytes of a CSV file, rows of anything else.
    Raises: BrightlineError, and then there is no output.
    """
    source, out = job.source.lower(), job.out.name.lower()
    is_database = is_table(job.source)
    if job.query and not is_database:
        raise BrightlineError("option", "a query is for a database", "name a database, or leave out --query", "--query")
    if not is_database and not Path(job.source).is_file():
        raise BrightlineError("guard-source", f"there is no file {shown(job.source)}", "check the name", "IN")
    check_out(job.out, [] if job.source.lower().startswith("postgres") else [Path(job.source.partition("#")[0])])
    if source.endswith(_CSV) and out.endswith(_CSV):
        return _csv(job, progress)
    if source.endswith(_PARQUET) and out.endswith(_PARQUET):
        return _parquet(job, progress)
    if is_database and out.endswith(_CSV):
        return _database(job, progress)
    if is_database and out.endswith(_PARQUET) and _duck(source):
        return _duckdb(job, progress)
    raise _wrong(job, is_database, source)


def _duck(source: str) -> bool:
    return source.partition("#")[0].endswith((".duckdb", ".ddb"))


def _wrong(job: Export, is_database: bool, source: str) -> BrightlineError:
    if not is_database and not source.endswith((*_CSV, *_PARQUET)):
        help = "name .csv, .csv.gz, .tsv, .parquet, FILE.duckdb#TABLE, FILE.sqlite#TABLE or postgresql://...#TABLE"
        return BrightlineError("guard-source", f"{shown(job.source)} is of no kind that is exported", help, "IN")
    fitting = "a .csv or .csv.gz file" if is_database else "a file of the kind of the input"
    fitting += ", or .parquet" if is_database and _duck(source) else ""
    return BrightlineError(
        "guard-out", f"{shown(job.out.name)} is of another kind than what is written", f"name {fitting}", "--out"
    )


def _started(job: Export, file: str) -> tuple[Report, Cells]:
    report = Report(file, str(job.out))
    return report, Cells(job.policy, report, file, job.scanner, job.least)


def _csv(job: Export, progress: _Progress) -> Report:
    path = Path(job.source)
    report, cells = _started(job, path.name)
    with whole_path(job.out) as unfinished, path.open("rb") as raw, _written(unfinished, job.out) as write:
        text, mark = _text(_counted(raw, progress), job.encoding, path.name)
        if mark:
            write("\ufeff")
        delimiter = job.delimiter or ("\t" if ".tsv" in path.name.lower()[-7:] else "")
        clean_csv(text, write, job.policy, report, path.name, cells, delimiter)
    return report


def _counted(raw: IO[bytes], progress: _Progress) -> IO[bytes]:
    """The same stream, telling how much of it is read."""

    class Counted(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            size = raw.readinto(buffer)  # type: ignore[attr-defined]
            progress(size)
            return int(size)

    return io.BufferedReader(Counted(), 1 << 20)


def _text(stream: IO[bytes], encoding: str, file: str) -> tuple[IO[str], bool]:
    """The stream as text, unpacked where it is packed, and whether it began with the mark of UTF-8."""
    head = stream.peek(4)[:4]  # type: ignore[attr-defined]
    if head[:2] == b"\x1f\x8b":
        stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
        head = _peeked(stream, file)
    name = encoding or ("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    try:
        return io.TextIOWrapper(stream, name, errors="strict", newline=""), head[:3] == b"\xef\xbb\xbf" and not encoding
    except LookupError:
        raise BrightlineError(
            "option", f"no encoding is called {shown(name)}", "such as utf-8 or cp1252", "--encoding"
        ) from None


def _peeked(stream: Any, file: str) -> bytes:
    try:
        return bytes(stream.peek(4)[:4])
    except (OSError, EOFError):
        raise BrightlineError("guard-unreadable", "the packed file is cut or damaged", "pack it again", file) from None


@contextmanager
def _written(unfinished: Path, out: Path) -> Iterator[Callable[[str], object]]:
    """What writes text as UTF-8, packed where the output's name says so."""
    with unfinished.open("wb") as stream:
        if out.name.lower().endswith(".gz"):
            with gzip.GzipFile("", "wb", 6, stream, 0) as packed:
                yield lambda text: packed.write(text.encode())
        else:
            yield lambda text: stream.write(text.encode())


def _parquet(job: Export, progress: _Progress) -> Report:
    path = Path(job.source)
    report, cells = _started(job, path.name)
    schema, batches = parquet_batches(path, path.name)
    with whole_path(job.out) as unfinished:
        for rows in clean_batches(schema, batches, unfinished, job.policy, report, path.name, cells):
            progress(rows)
    return report


def _database(job: Export, progress: _Progress) -> Report:
    asked = asked_of(job.source, job.query)
    cleaner = Cleaner(job.policy, asked.label, job.scanner, job.least)
    cleaner.report.out = str(job.out)
    with asked.opened() as connection, whole_path(job.out) as unfinished, _written(unfinished, job.out) as write:
        names, rows = asked.rows(connection)
        for count in clean_rows_of(names, rows, write, job.policy, cleaner):
            progress(count)
    return cleaner.report


def _duckdb(job: Export, progress: _Progress) -> Report:
    """A table or query of DuckDB as Parquet, of the same kinds."""
    asked = asked_of(job.source, job.query)
    report, cells = _started(job, asked.label)
    with asked.opened() as connection, whole_path(job.out) as unfinished:
        batches = _batches(asked, connection)
        schema = batches.schema
        for rows in clean_batches(schema, iter(batches), unfinished, job.policy, report, asked.label, cells):
            progress(rows)
    return report


def _batches(asked: Asked, connection: Any) -> Any:
    """Raises: BrightlineError `guard-cell` for a kind that Parquet cannot hold exactly."""
    found = connection.sql(asked.query)
    if found is None:
        raise BrightlineError(
            "guard-source", "the query gives no rows", "write one that begins with SELECT", asked.label
        )
    kinds = [str(kind).upper() for kind in found.types]
    wide = [name for name, kind in zip(found.columns, kinds, strict=True) if kind in _INEXACT]
    if wide:
        message = f"the column {shown(wide[0])} is of a kind that Parquet does not hold exactly"
        raise BrightlineError("guard-cell", message, "cast it to BIGINT, DECIMAL or VARCHAR in a query", asked.label)
    size = max(1, min(4096, 400_000 // max(1, len(kinds))))
    return found.to_arrow_reader(size) if hasattr(found, "to_arrow_reader") else found.fetch_arrow_reader(size)
