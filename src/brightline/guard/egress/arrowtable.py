"""Parquet, and tables of DuckDB written as Parquet, cleaned batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from brightline.guard.egress.arrowcells import ArrowCells
from brightline.guard.egress.arrowkinds import children, is_known, is_number, leaves, refuse_kind
from brightline.guard.egress.cells import Cells
from brightline.guard.egress.columns import check_header, decisions_of, shown_names
from brightline.guard.egress.decision import Decision, Path
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.watch import Watch, sampled
from brightline.guard.extras import needs
from brightline.law.errors import BrightlineError

__all__ = ["clean_batches", "parquet_batches"]

_ROWS, _CELLS, _SIZE = 4096, 400_000, 16 << 20
_GROUP_ROWS, _GROUP_SIZE = 65_536, 48 << 20


def parquet_batches(path: FilePath, file: str) -> tuple[Any, Iterator[Any]]:
    """The schema of a Parquet file, and its batches. Raises: BrightlineError `guard-unreadable`, `missing-extra`."""
    pq, pa = needs("pyarrow.parquet"), needs("pyarrow")
    try:
        source = pq.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowException, OSError):
        raise _broken(file) from None
    return source.schema_arrow, _read(source, file)


def _read(source: Any, file: str) -> Iterator[Any]:
    pa, meta = needs("pyarrow"), source.metadata
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)) / max(1, meta.num_rows)
    rows = max(1, min(_ROWS, _CELLS // max(1, len(source.schema_arrow)), int(_SIZE / max(1.0, size))))
    try:
        with source:
            yield from source.iter_batches(rows)
    except (pa.ArrowException, OSError):
        raise _broken(file) from None


def _broken(file: str) -> BrightlineError:
    help = "write it again; nothing was let out"
    return BrightlineError("guard-unreadable", "the file is not Parquet, or is cut, damaged or encrypted", help, file)


def clean_batches(
    schema: Any, batches: Iterator[Any], out: FilePath, policy: Policy, report: Report, file: str, cells: Cells
) -> Iterator[int]:
    """Write batches cleaned as Parquet, and give how many rows each had.

    Metadata of the file and of its columns is not carried over: nobody has read it.
    Raises: BrightlineError `guard-cell`, `guard-changed`, `guard-policy`, `guard-column`.
    """
    pa = needs("pyarrow")
    first = next(batches, None)
    table = _Table(schema, first, policy, report, file, cells)
    with _Sink(out, table.schema()) as sink:
        if first is not None:
            for batch in _chained(first, batches):
                if batch.schema.types != schema.types or batch.schema.names != schema.names:
                    raise BrightlineError(
                        "guard-changed", "a later part has other columns", "export the parts one by one", file
                    )
                sink.write(pa.Table.from_batches([table.batch(batch)]))
                report.rows += batch.num_rows
                table.watch.rows(batch.num_rows)
                yield batch.num_rows
        table.watch.check()


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


class _Table:
    """What becomes of the columns of an Arrow table."""

    def __init__(self, schema: Any, first: Any, policy: Policy, report: Report, file: str, cells: Cells) -> None:
        self.given, self.cells, self.file = schema, cells, file
        check_header(schema.names, file)
        kinds = dict(pair for field in schema for pair in leaves(field.name, field.type))
        policy.check_names(list(kinds), file)
        samples = {path: _samples(first, path) for path in kinds if first is not None}
        numbers = {path for path, kind in kinds.items() if is_number(kind)}
        decisions = decisions_of(list(kinds), samples, policy, file, cells, numbers)
        self.decisions = {path: self._of_kind(path, kinds[path], one, policy) for path, one in decisions.items()}
        self._inherit()
        top = shown_names(schema.names, self.decisions, cells, file)
        self.shown = {path: ".".join((top[schema.names.index(path[0])], *path[1:])) for path in kinds}
        report.columns = {self.shown[path]: one for path, one in self.decisions.items()}
        self.kept = [name for name in schema.names if self.decisions[(name,)].action != "drop"]
        if not self.kept:
            raise BrightlineError(
                "guard-policy", "every column would be dropped", "mask some, or declare a basis", file
            )
        self.watch = Watch(file, self.decisions)
        self.arrays = ArrowCells(self.decisions, self._clean, file)

    def _of_kind(self, path: Path, kind: Any, decision: Decision, policy: Policy) -> Decision:
        """A kind that cannot be read passes only where that is asked for. Within a column, to drop is to mask."""
        if len(path) == 1 and decision.action == "scan" and not is_known(kind):
            if policy.choice(path) != "pass" or children(kind):
                raise refuse_kind(path, kind, self.file)
            return Decision("scan", "passed unread, as asked for", unread=True)
        if len(path) > 1 and decision.action == "drop":
            return Decision("mask", decision.why, decision.severity, decision.label, decision.rule)
        return decision

    def _inherit(self) -> None:
        for path in self.decisions:
            above = self.decisions.get(path[:-1])
            if above is not None and above.action != "scan":
                self.decisions[path] = Decision(above.action, "stands within a column that is")

    def _clean(self, path: Path, texts: Mapping[str, int]) -> dict[str, str]:
        changed = self.cells.cleaned(texts, ".".join(path), self.shown[path], path[-1])
        self.watch.saw(path, {changed.get(text, text): count for text, count in texts.items()})
        return changed

    def batch(self, batch: Any) -> Any:
        """A batch cleaned."""
        pa = needs("pyarrow")
        arrays = [self.arrays.column((name,), batch.column(name)) for name in self.kept]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema())

    def schema(self) -> Any:
        """The columns that are left, of the same kinds; a masked one may be empty."""
        pa = needs("pyarrow")
        return pa.schema([pa.field(name, _bare(self.given.field(name).type)) for name in self.kept])


def _bare(kind: Any) -> Any:
    """A kind whose nested fields carry no metadata and may be empty."""
    pa = needs("pyarrow")
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _bare(f.type)) for f in (kind.field(i) for i in range(kind.num_fields))])
    if pa.types.is_map(kind):
        return pa.map_(_bare(kind.key_type), _bare(kind.item_type))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(pa.field("element", _bare(kind.value_type)), kind.list_size)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        field = pa.field("element", _bare(kind.value_type))
        return pa.large_list(field) if pa.types.is_large_list(kind) else pa.list_(field)
    return kind


def _samples(batch: Any, path: Path) -> tuple[str, ...]:
    """Some values of a column that is not nested. Bytes that are no text are met when the column is read."""
    if len(path) > 1:
        return ()
    column = batch.column(path[0])
    if children(column.type):
        return ()
    try:
        return sampled(str(value) for value in column.to_pylist() if value is not None and not isinstance(value, bytes))
    except (UnicodeDecodeError, ValueError):
        return ()


class _Sink:
    """A Parquet file in the making; small batches are gathered into row groups."""

    def __init__(self, path: FilePath, schema: Any) -> None:
        self.writer = needs("pyarrow.parquet").ParquetWriter(path, schema)
        self.held: list[Any] = []
        self.rows = self.size = 0

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, *raised: object) -> None:
        if raised[0] is None:
            self._flush()
        self.writer.close()

    def write(self, table: Any) -> None:
        """Add rows."""
        self.held.append(table)
        self.rows += table.num_rows
        self.size += table.nbytes
        if self.rows >= _GROUP_ROWS or self.size >= _GROUP_SIZE:
            self._flush()

    def _flush(self) -> None:
        if self.held:
            self.writer.write_table(needs("pyarrow").concat_tables(self.held))
        self.held, self.rows, self.size = [], 0, 0
