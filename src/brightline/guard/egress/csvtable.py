"""CSV cleaned on the way out: rows in which nothing changes leave byte for byte."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from brightline.guard.egress.cells import LONGEST, MASKED, Cells
from brightline.guard.egress.columns import Columns
from brightline.guard.egress.decision import Path
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.watch import sampled
from brightline.law.errors import BrightlineError

__all__ = ["clean_csv"]

_CELLS, _SIZE, _ROWS = 400_000, 8 << 20, 4096


@dataclass(slots=True)
class _Part:
    """Rows with the text in which each was written."""

    rows: list[list[str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    size: int = 0


def clean_csv(
    text: IO[str],
    write: Callable[[str], object],
    policy: Policy,
    report: Report,
    file: str,
    cells: Cells,
    delimiter: str = "",
    *,
    is_strict: bool = True,
) -> None:
    """Read CSV from a stream that keeps line ends as they are, and write it cleaned, part by part.

    With `is_strict` a name in the policy that no column has is refused.
    Raises: BrightlineError `guard-unreadable`, `guard-header`, `guard-changed`, `guard-policy`, `guard-column`.
    """
    reader = _Reader(text, file, delimiter)
    parts = reader.parts()
    first = next(parts, _Part())
    samples: dict[Path, tuple[str, ...]] = {
        (name,): sampled(row[n] for row in first.rows if row) for n, name in enumerate(reader.header)
    }
    columns = Columns(reader.header, samples, policy, report, file, cells, is_strict=is_strict)
    out = _Writer(reader, columns, cells, report)
    write(out.head())
    while True:
        write(out.part(first))
        report.rows += len(first.rows)
        columns.watch.rows(len(first.rows))
        following = next(parts, None)
        if following is None:
            break
        first = following
    columns.watch.check()


class _Reader:
    """Reads rows of one width. A row of another width, an open quotation mark or a NUL byte ends the reading."""

    def __init__(self, text: IO[str], file: str, delimiter: str) -> None:
        self.file, self.text, self.line = file, text, 0
        self.held: list[str] = []
        csv.field_size_limit(LONGEST)
        head = self._line()
        self.delimiter = delimiter or _delimiter(head)
        self.held.clear()
        first = [head] if head else []
        self.rows = csv.reader(_chained(first, self.held, self._lines()), delimiter=self.delimiter, strict=True)
        self.header = self._next() or []
        self.raw_header = self._taken()
        if not self.header:
            raise BrightlineError(
                "guard-header", "the first line holds no names of columns", "give the file a header", file
            )

    def parts(self) -> Iterator[_Part]:
        """Rows, some thousands at a time."""
        part, most = _Part(), max(1, min(_ROWS, _CELLS // len(self.header)))
        while (row := self._next()) is not None:
            raw = self._taken()
            if row and len(row) != len(self.header):
                raise self._refused(
                    f"a row that ends in line {self.line} has {len(row)} cells, the header {len(self.header)}"
                )
            part.rows.append(row)
            part.raw.append(raw)
            part.size += len(raw)
            if len(part.rows) >= most or part.size >= _SIZE:
                yield part
                part = _Part()
        if part.rows:
            yield part

    def _next(self) -> list[str] | None:
        try:
            return next(self.rows, None)
        except csv.Error:
            raise self._refused(f"what ends in line {self.line} cannot be read as CSV") from None

    def _taken(self) -> str:
        raw = "".join(self.held)
        self.held.clear()
        return raw

    def _lines(self) -> Iterator[str]:
        while line := self._line():
            yield line

    def _line(self) -> str:
        try:
            line = self.text.readline(LONGEST + 1)
        except UnicodeError:
            raise self._refused(
                f"after line {self.line} there are bytes that are no text in this encoding",
                "name it with --encoding, such as cp1252",
            ) from None
        except (EOFError, OSError):
            raise self._refused(f"after line {self.line} the file is cut or damaged", "write it again") from None
        self.line += 1 if line else 0
        if len(line) > LONGEST:
            raise self._refused(f"line {self.line} is longer than {LONGEST >> 20} MiB")
        if "\0" in line:
            raise self._refused(f"line {self.line} holds a NUL")
        self.held.append(line)
        return line

    def _refused(self, message: str, help: str = "mend the file; nothing was written") -> BrightlineError:
        return BrightlineError("guard-unreadable", message, help, self.file)


def _chained(first: Sequence[str], held: list[str], rest: Iterator[str]) -> Iterator[str]:
    """The line that was looked at, and then the rest."""
    for line in first:
        held.append(line)
        yield line
    yield from rest


def _delimiter(line: str) -> str:
    bare = "".join(part for i, part in enumerate(line.split('"')) if i % 2 == 0)
    return max(",;\t|", key=lambda c: (bare.count(c), c == ","))


class _Writer:
    """Writes rows: as they were where nothing changes, else in the manner of the header."""

    def __init__(self, reader: _Reader, columns: Columns, cells: Cells, report: Report) -> None:
        self.columns, self.cells, self.report, self.raw_header = columns, cells, report, reader.raw_header
        ending = "\r\n" if reader.raw_header.endswith("\r\n") else "\r" if reader.raw_header.endswith("\r") else "\n"
        bare = reader.raw_header.strip()
        all_quoted = bare.count('"') >= 2 * len(reader.header) and bare.startswith('"') and bare.endswith('"')
        self.buffer = io.StringIO()
        self.writer = csv.writer(
            self.buffer,
            delimiter=reader.delimiter,
            lineterminator=ending,
            quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL,
        )

    def head(self) -> str:
        """The names of the columns that are left."""
        return self.raw_header if self.columns.is_whole else self._written(self.columns.kept_names)

    def part(self, part: _Part) -> str:
        """Rows cleaned."""
        changed = {n: self._column(part.rows, n, name) for n, name in self.columns.read}
        touched = self._touched(part.rows, changed)
        if self.columns.is_whole and not touched:
            return "".join(part.raw)
        return "".join(
            raw if not row or (self.columns.is_whole and i not in touched) else self._row(row, changed)
            for i, (row, raw) in enumerate(zip(part.rows, part.raw, strict=True))
        )

    def _column(self, rows: Sequence[Sequence[str]], number: int, name: str) -> dict[str, str]:
        texts = Counter(row[number] for row in rows if row)
        changed = self.cells.cleaned(texts, name, self.columns.shown[number])
        self.columns.watch.saw((name,), {changed.get(text, text): count for text, count in texts.items()})
        return changed

    def _touched(self, rows: Sequence[Sequence[str]], changed: dict[int, dict[str, str]]) -> set[int]:
        some = [(n, texts) for n, texts in changed.items() if texts]
        return {i for i, row in enumerate(rows) if row and any(row[n] in texts for n, texts in some)} if some else set()

    def _row(self, row: Sequence[str], changed: dict[int, dict[str, str]]) -> str:
        return self._written(
            [MASKED if n in self.columns.masked else changed[n].get(row[n], row[n]) for n in self.columns.kept]
        )

    def _written(self, row: Sequence[str]) -> str:
        self.buffer.seek(0)
        self.buffer.truncate()
        self.writer.writerow(row)
        return self.buffer.getvalue()
