"""CSV files, packed or not, as streams of batches of text; what is wrong in one is told with its line."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown
from brightline.replay.files.filesource import stat_of
from brightline.replay.files.sources import Wanted

__all__ = ["CsvSource"]

_BLOCK = 4 << 20


class CsvSource:
    """A CSV file with a header, plain or packed with gzip. Every cell is text."""

    can_resume = True
    rows: int | None = None

    def __init__(self, path: Path, delimiter: str, encoding: str) -> None:
        self.path, self.label = path, path.name
        self.delimiter, self.encoding = delimiter, encoding
        self.size = path.stat().st_size
        self.raw: Any = None
        self.names = self._header()

    def _is_packed(self) -> bool:
        with self.path.open("rb") as stream:
            return stream.read(2) == b"\x1f\x8b"

    def _text(self) -> io.TextIOWrapper:
        stream: Any = gzip.open(self.path, "rb") if self._is_packed() else self.path.open("rb")  # noqa: SIM115
        encoding = "utf-8-sig" if self.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else self.encoding
        return io.TextIOWrapper(stream, encoding=encoding, newline="")

    def _header(self) -> list[str]:
        csv.field_size_limit(1 << 30)
        try:
            with self._text() as stream:
                names = next((row for row in csv.reader(stream, delimiter=self.delimiter) if row), [])
        except UnicodeDecodeError:
            raise self._refusal() from None
        except (OSError, EOFError, csv.Error):
            raise BrightlineError(
                "unreadable", f"{shown(self.label)} is not a CSV file", "save it as CSV", self.label
            ) from None
        if not names:
            raise BrightlineError(
                "replay-empty", f"{shown(self.label)} is empty", "a CSV file begins with a header", self.label
            )
        return names

    def fields(self) -> Mapping[str, Any]:
        """The columns; a type of None is text. Raises: BrightlineError `replay-columns` for a name that comes twice."""
        twice = next((name for name in self.names if self.names.count(name) > 1), None)
        if twice is not None:
            raise BrightlineError(
                "replay-columns",
                f"{shown(self.label)} has the column {shown(twice)} twice",
                "rename one of them",
                f"{self.label}:1",
            )
        return dict.fromkeys(self.names)

    def batches(self, wanted: Wanted, rows: int) -> Iterator[Any]:
        """Tables of text. Raises: BrightlineError `unreadable` with the line."""
        import pyarrow as pa
        import pyarrow.csv as reader

        columns = wanted.in_source or self.names[:1]
        with self.path.open("rb") as self.raw:
            counted = _Counted(gzip.GzipFile(fileobj=self.raw) if self._is_packed() else self.raw)
            try:
                for batch in reader.open_csv(pa.PythonFile(counted, mode="r"), *self._options(columns)):
                    yield pa.Table.from_batches([batch])
            except (pa.ArrowException, OSError, UnicodeError, EOFError, ValueError):
                raise self._refusal() from None
        if counted.quotes % 2:
            # A quote that is never closed swallows all that follows it: read again, strictly, to tell.
            self._check_strictly()

    def _options(self, columns: list[str]) -> tuple[Any, Any, Any]:
        import pyarrow as pa
        import pyarrow.csv as reader

        return (
            reader.ReadOptions(block_size=_BLOCK, encoding=self.encoding),
            reader.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, ignore_empty_lines=len(self.names) > 1
            ),
            reader.ConvertOptions(
                include_columns=columns,
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
            ),
        )

    def _check_strictly(self) -> None:
        line = 1
        try:
            with self._text() as stream:
                lines = csv.reader(stream, delimiter=self.delimiter, strict=True)
                for _ in lines:
                    line = lines.line_num
        except csv.Error as error:
            if "end of data" in str(error):
                raise self._broken("a quote that is not closed", "mend the line", line + 1) from None

    def _refusal(self) -> BrightlineError:
        """What is wrong, and on which line: the file is read once more, to the first row that does not fit."""
        line = 1
        try:
            with self._text() as stream:
                lines = csv.reader(stream, delimiter=self.delimiter, strict=True)
                width = len(next((row for row in lines if row), []))
                for row in lines:
                    if row and len(row) != width:
                        return self._broken(f"{len(row)} cells where the header has {width}", "mend the line", line + 1)
                    line = lines.line_num
        except UnicodeDecodeError:
            return self._broken(
                f"not {self.encoding} text",
                "save it as UTF-8, or write `csv: {encoding: latin-1}` in the map",
                self._undecoded(),
            )
        except csv.Error:
            return self._broken("a quote that is not closed, or text after one", "mend the line", line + 1)
        except (OSError, EOFError):
            return BrightlineError(
                "unreadable", f"{shown(self.label)} is not a whole gzip file", "copy it again", self.label
            )
        return BrightlineError(
            "unreadable", f"{shown(self.label)} is not a CSV file", "save it as UTF-8 CSV", self.label
        )

    def _broken(self, what: str, help: str, line: int) -> BrightlineError:
        return BrightlineError("unreadable", f"{shown(self.label)} has {what}", help, f"{self.label}:{line}")

    def _undecoded(self) -> int:
        """The first line that is not text in the encoding."""
        opened: Any = gzip.open(self.path, "rb") if self._is_packed() else self.path.open("rb")  # noqa: SIM115
        with opened as stream:
            for number, line in enumerate(stream, 1):
                try:
                    line.decode(self.encoding)
                except UnicodeDecodeError:
                    return number
        return 1

    def place(self) -> float:
        """How much was read, 0 to 1."""
        try:
            return float(self.raw.tell() / self.size) if self.raw and self.size else 0.0
        except ValueError:
            return 1.0

    def identity(self) -> list[Any]:
        """Name, size and time."""
        return stat_of(self.path)


class _Counted:
    """A file to read that counts the quotes that went by."""

    closed = False

    def __init__(self, stream: Any) -> None:
        self.stream, self.quotes = stream, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = bytes(self.stream.read(size))
        self.quotes += block.count(b'"')
        return block

    def close(self) -> None:
        self.closed = True
