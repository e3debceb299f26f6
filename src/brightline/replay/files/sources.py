"""Where requests come from: files, folders, globs and tables, opened as streams of batches with bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.extras import needs
from brightline.replay.maps.factmap import FactMap, MappedColumn

__all__ = ["Source", "Wanted", "find_sources", "identity_of", "kind_of", "wanted_of"]

_SUFFIXES = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".csv.gz": "csv", ".tsv": "csv", ".tsv.gz": "csv",
    ".txt": "csv", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".duckdb": "duckdb", ".ddb": "duckdb",
}  # fmt: skip
_MAGIC = ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"\xff\xff\xff\xff", "arrow"), (b"\x1f\x8b", "csv"))
POSTGRES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns to read: for each name of the map, its name in the source; `words` are worth reading as codes."""

    columns: Mapping[str, str]
    words: frozenset[str] = frozenset()

    @property
    def in_source(self) -> list[str]:
        """The names in the source, each once, in order."""
        return list(dict.fromkeys(self.columns.values()))


class Source(Protocol):
    """One file or table. `rows` is None where counting them would cost a reading; `size` is in bytes."""

    label: str
    rows: int | None
    size: int
    can_resume: bool

    def fields(self) -> Mapping[str, Any]:
        """The columns with their Arrow types; None where every column is text. Raises: BrightlineError."""

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Arrow tables of about so many rows, with the columns as they are named in the source.

        Raises: BrightlineError, with the place.
        """

    def place(self) -> float:
        """How much of the source was read, 0 to 1."""

    def identity(self) -> list[Any]:
        """What tells that the source is still the same."""


def find_sources(words: Sequence[str], mapped: FactMap) -> list[Source]:
    """The sources that the words name, in order; a folder or a glob gives its files by name.

    Raises: BrightlineError `unreadable`, `replay-source`, `missing-extra`.
    """
    needs("pyarrow", "replay")
    found: list[Source] = []
    for word in words:
        found.extend(_sources_of(word, mapped))
    return found


def _sources_of(word: str, mapped: FactMap) -> Iterator[Source]:
    from brightline.replay.files.tablesource import DuckSource, PostgresSource

    base, _, table = word.partition("#")
    if word.startswith(POSTGRES):
        yield PostgresSource.at(base, table)
    elif kind_of(Path(base), is_quiet=True) == "duckdb" and Path(base).is_file():
        yield DuckSource.at(Path(base), table)
    else:
        yield from (_file(path, mapped) for path in _files(word))


def _files(word: str) -> list[Path]:
    path = Path(word)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p) and not _is_hidden(p, path))
    else:
        found = _globbed(word)
    if not found:
        known = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        advice = near_misses(path.name, known) if path.name not in known and len(known) > 12 else ""
        what = "a folder without files that can be read" if path.is_dir() else "no such file"
        raise BrightlineError(
            "unreadable",
            f"cannot read {shown(word)}: {what}",
            advice
            or "name a Parquet, CSV or Arrow file, a folder or glob of them, `FILE.duckdb#TABLE` or `postgresql://...#TABLE`",
            "IN",
        )
    return found


def _globbed(word: str) -> list[Path]:
    from glob import glob, has_magic

    found = glob(word, recursive=True) if has_magic(word) else []  # noqa: PTH207 - the pattern may be absolute
    return sorted(path for path in map(Path, found) if path.is_file())


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _suffix(path: Path) -> str:
    name = path.name.lower()
    return next((kind for end, kind in _SUFFIXES.items() if name.endswith(end)), "")


def kind_of(path: Path, *, is_quiet: bool = False) -> str:
    """What a file is, by its name or else by how it begins: parquet, csv, arrow or duckdb; empty if it says nothing.

    Raises: BrightlineError `replay-source` unless `is_quiet`.
    """
    kind = _suffix(path)
    if not kind and path.is_file():
        with path.open("rb") as stream:
            head = stream.read(16)
        kind = next((k for magic, k in _MAGIC if head.startswith(magic)), "duckdb" if head[8:12] == b"DUCK" else "")
    if not kind and not is_quiet:
        raise BrightlineError(
            "replay-source",
            f"{shown(path.name)} is of no kind that can be read",
            "name it .parquet, .csv, .csv.gz, .arrow or .duckdb after what it is",
            "IN",
        )
    return kind


def _file(path: Path, mapped: FactMap) -> Source:
    from brightline.replay.files.csvsource import CsvSource
    from brightline.replay.files.filesource import ArrowSource, ParquetSource

    kind = kind_of(path)
    if kind == "csv":
        return CsvSource(path, _delimiter(path, mapped), mapped.encoding)
    return ParquetSource(path) if kind == "parquet" else ArrowSource(path)


def _delimiter(path: Path, mapped: FactMap) -> str:
    return "\t" if ".tsv" in path.name.lower() and mapped.delimiter == "," else mapped.delimiter


def wanted_of(mapped: FactMap, names: Iterable[str], words: Iterable[str], source: Source) -> Wanted:
    """Where the columns of a map stand in a source; an optional one that is absent is left out.

    Raises: BrightlineError `replay-columns` with all that are missing, or what `fields` raises.
    """
    fields = source.fields()
    found: dict[str, str] = {}
    missing: list[MappedColumn] = []
    for name in dict.fromkeys(names):
        column = mapped.column(name)
        there = next((one for one in column.sources if one in fields), None)
        if there is not None:
            found[name] = there
        elif not column.is_optional:
            missing.append(column)
    if missing:
        raise _missing(missing, list(fields), source.label)
    return Wanted(found, frozenset(found[name] for name in words if name in found))


def _missing(columns: Sequence[MappedColumn], there: Sequence[str], label: str) -> BrightlineError:
    lower = {name.lower(): name for name in there}
    sentences = []
    for column in columns:
        wanted = " or ".join(shown(one) for one in column.sources)
        same = next((lower[one.lower()] for one in column.sources if one.lower() in lower), "")
        near = f"did you mean {shown(same)}?" if same else near_misses(column.sources[0], there)
        sentences.append(f"{wanted} is not there" + (f" ({near.rstrip('?')}?)" if near.startswith("did") else ""))
    listed = ", ".join(shown(name) for name in there[:12]) + (", ..." if len(there) > 12 else "")
    return BrightlineError(
        "replay-columns",
        f"{shown(label)} lacks columns of the map: " + "; ".join(dict.fromkeys(sentences)),
        f"the columns are {listed or 'none'}",
        columns[0].where or "--map",
    )


def identity_of(sources: Iterable[Source]) -> str:
    """What tells one set of inputs from another: a hash over their names, sizes, times and schemas."""
    return hashlib.sha256(repr([source.identity() for source in sources]).encode()).hexdigest()
