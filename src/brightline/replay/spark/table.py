"""The inputs of a replay as one table of Spark, read strictly: a line of another length stops it."""

from __future__ import annotations

import csv
import glob
import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError, shown
from brightline.replay.files.tabletypes import Present
from brightline.replay.maps.factmap import FactMap, MappedColumn

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["address_of", "read_table"]

_KINDS = {
    "string": "text", "boolean": "bool", "tinyint": "whole", "smallint": "whole", "int": "whole", "bigint": "whole",
    "float": "number", "double": "number", "date": "day", "timestamp_ntz": "time", "timestamp": "instant", "void": "text",
}  # fmt: skip
_PARQUET, _CSV = (".parquet", ".pq"), (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")


def read_table(session: SparkSession, inputs: Sequence[str], mapped: FactMap) -> tuple[DataFrame, Present]:
    """The rows of all inputs, and the columns that they have. Raises: BrightlineError `unreadable`, `replay-source`, `sql-refused`."""
    tables = [table for word in inputs for table in _tables(session, word, mapped)]
    names = [{column: _named(column, table.columns) for column in _columns(mapped)} for table in tables]
    if any(each != names[0] for each in names):
        raise BrightlineError(
            "sql-refused",
            "the inputs name one column in two ways",
            "replay them one at a time, or without --engine spark",
            "IN",
        )
    whole = tables[0]
    for table in tables[1:]:
        whole = whole.unionByName(table, allowMissingColumns=True)
    return whole, {name: _kind(name, kind, mapped) for name, kind in whole.dtypes}


def _columns(mapped: FactMap) -> list[MappedColumn]:
    return list(mapped.columns.values())


def _named(column: MappedColumn, names: Sequence[str]) -> str | None:
    return next((name for name in column.sources if name in names), None)


def _kind(name: str, kind: str, mapped: FactMap) -> str:
    return "number" if kind.startswith("decimal") else _KINDS.get(kind, "text")


def _tables(session: SparkSession, word: str, mapped: FactMap) -> list[DataFrame]:
    """The table of one input. A file with a scheme, such as hdfs://, is left to Spark."""
    paths = [word] if "://" in word else [address_of(Path(path), is_read=True) for path in _files(word)]
    kinds = {_kind_of(path) for path in paths}
    found = []
    for kind in sorted(kinds):
        chosen = [path for path in paths if _kind_of(path) == kind]
        found.append(
            session.read.option("mergeSchema", "true").parquet(*chosen)
            if kind == "parquet"
            else _csv(session, chosen, mapped)
        )
    return found


def address_of(path: Path, *, is_read: bool = False) -> str:
    """A path of this machine as Spark takes it: not quoted as in a URL; where it is read, a `*` in it stands for itself."""
    text = str(path.absolute())
    return "file://" + ("".join(f"\\{c}" if c in "*?[]{}\\" else c for c in text) if is_read else text)


def _files(word: str) -> list[str]:
    path = Path(word)
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "_")))
        found = [str(p) for p in inside if p.name.lower().endswith((*_PARQUET, *_CSV))]
    else:
        found = [word] if path.is_file() else sorted(glob.glob(word, recursive=True))  # noqa: PTH207 - as a person writes it, from anywhere
    if not found:
        raise BrightlineError(
            "unreadable",
            f"cannot read {shown(word)}: no such file",
            "name Parquet or CSV files, a folder or a glob of them",
            "IN",
        )
    return found


def _kind_of(path: str) -> str:
    name = path.rstrip("/").lower()
    if name.endswith(_PARQUET):
        return "parquet"
    if name.endswith(_CSV):
        return "csv"
    raise BrightlineError(
        "replay-source", f"Spark does not read {shown(path.rsplit('/', 1)[-1])}", "name Parquet or CSV files", "IN"
    )


def _csv(session: SparkSession, paths: Sequence[str], mapped: FactMap) -> DataFrame:
    """CSV files of the same columns, every cell as text."""
    tables = [_csv_file(session, path, mapped) for path in paths]
    whole = tables[0]
    for table in tables[1:]:
        whole = whole.unionByName(table, allowMissingColumns=True)
    return whole


def _csv_file(session: SparkSession, path: str, mapped: FactMap) -> DataFrame:
    reader = session.read.options(
        header="true", sep=mapped.delimiter, encoding=mapped.encoding, quote='"', escape='"', multiLine="true",
        mode="FAILFAST", enforceSchema="false", inferSchema="false", nullValue="", emptyValue="",
    )  # fmt: skip
    if path.startswith("file://"):
        # Spark would look for the columns itself, but not in a path that holds a bracket.
        names = _header(Path(re.sub(r"\\(.)", r"\1", path.removeprefix("file://"))), mapped)
        reader = reader.schema(", ".join(f"`{name.replace('`', '``')}` STRING" for name in names))
    return reader.csv(path)


def _header(path: Path, mapped: FactMap) -> list[str]:
    """The names of a file's columns. Raises: BrightlineError `unreadable`, `replay-empty`."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    encoding = "utf-8-sig" if mapped.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else mapped.encoding
    try:
        with opened(path, "rt", encoding=encoding, newline="") as stream:
            names = next(csv.reader(stream, delimiter=mapped.delimiter), [])
    except (OSError, EOFError, UnicodeError, csv.Error):
        raise BrightlineError(
            "unreadable",
            f"{shown(path.name)} is not a CSV file",
            "save it as UTF-8 CSV, or name its encoding in the map",
            "IN",
        ) from None
    if not names:
        raise BrightlineError("replay-empty", f"{shown(path.name)} is empty", "check that it is the right file", "IN")
    return names
