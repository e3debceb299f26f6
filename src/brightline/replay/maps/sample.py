"""A look into a file of requests: its columns, their types, and the words in them. For proposing a map, and nothing else.

What is read here stays in memory: whoever prints from it must first ask `suggestwords` if a column tells of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown

__all__ = ["SampledColumn", "sampled_columns"]

ROWS, WORDS = 200_000, 400
_KINDS = {"DATE": "date", "BOOLEAN": "yes or no", "VARCHAR": "text"}


@dataclass(frozen=True, slots=True, repr=False)
class SampledColumn:
    """One column: its name, its kind (`text`, `number`, `date`, `time`, `yes or no`), and its commonest words with counts.

    `rows` were looked at, `blank` of them empty; `distinct` words were found, of which `words` has the first 400.
    """

    name: str
    kind: str
    rows: int
    blank: int
    distinct: int
    words: tuple[tuple[str, int], ...]


def sampled_columns(path: Path) -> tuple[SampledColumn, ...]:
    """The columns of a Parquet, CSV, compressed CSV or Arrow file, from its first 200,000 rows.

    Raises: BrightlineError `unreadable`, `missing-extra`.
    """
    if not path.is_file():
        raise BrightlineError("unreadable", f"cannot read {shown(path)}: no such file", "name a CSV or Parquet file")
    try:
        import duckdb
    except ImportError:
        raise BrightlineError(
            "missing-extra", "looking into a file needs DuckDB", "install it: pip install 'brightline[replay]'"
        ) from None
    try:
        with duckdb.connect() as connection:
            _open(connection, path)
            columns = connection.sql("DESCRIBE sampled").fetchall()
            return tuple(_column(connection, str(name), str(kind)) for name, kind, *_ in columns)
    except (duckdb.Error, UnicodeDecodeError, ValueError, OSError):
        # The reader's own words may hold a line of the file: they are not passed on.
        raise BrightlineError(
            "unreadable", f"cannot read {shown(path.name)} as a table", "save it as UTF-8 CSV or as Parquet"
        ) from None


def _open(connection: Any, path: Path) -> None:
    """A table of the first rows; all text, for a file that has no types."""
    name = str(path).replace("'", "''")
    if path.suffix in (".arrow", ".feather"):
        import pyarrow.feather

        table = pyarrow.feather.read_table(str(path)).slice(0, ROWS)
        connection.register("given", table)
        source = "given"
    elif path.suffix == ".parquet":
        source = f"read_parquet('{name}')"
    else:
        source = f"read_csv('{name}', all_varchar=true, header=true)"
    connection.execute(f"CREATE TABLE sampled AS SELECT * FROM {source} LIMIT {ROWS}")  # noqa: S608 - a file name, quoted


def _column(connection: Any, name: str, kind: str) -> SampledColumn:
    quoted = '"' + name.replace('"', '""') + '"'
    found = connection.sql(
        f"SELECT trim(CAST({quoted} AS VARCHAR)) AS word, count(*) FROM sampled GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
    ).fetchall()
    words = [(str(word), int(count)) for word, count in found if word]
    rows = sum(int(count) for _, count in found)
    blank = rows - sum(count for _, count in words)
    return SampledColumn(name, _kind(kind), rows, blank, len(words), tuple(words[:WORDS]))


def _kind(kind: str) -> str:
    if kind.startswith("TIMESTAMP"):
        return "time"
    return _KINDS.get(kind, "number" if kind.endswith("INT") or kind in ("INTEGER", "DOUBLE", "FLOAT") else "text")
