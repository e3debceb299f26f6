"""Where answers are written: one file that appears whole or not at all, and goes on after it was cut off.

Until it is whole, its bytes lie in a folder beside it, with a checkpoint: one line for each part, with what was
counted. A part is used again only if its bytes are still those that were written.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown
from brightline.replay.files.footer import MAGIC, body_and_footer, joined_footer

__all__ = ["Encoded", "Sink", "encoder_of", "unfinished"]

FORMATS = (".parquet", ".csv", ".csv.gz")
Encoded = tuple[bytes, bytes]


def encoder_of(path: Path) -> Callable[[Any, bool], Encoded]:
    """How a table becomes bytes, and a footer to keep; the second argument says whether it is the first of the file.

    Raises: BrightlineError `replay-out` for a file of another kind, or where it cannot be written.
    """
    name = path.name.lower()
    if not name.endswith(FORMATS) or path.is_dir():
        raise BrightlineError(
            "replay-out",
            f"{shown(path)} is not a file that can be written",
            "name it .parquet, .csv or .csv.gz",
            "--out",
        )
    if not path.parent.is_dir():
        raise BrightlineError("replay-out", f"there is no folder {shown(path.parent)}", "make it first", "--out")
    if name.endswith(".parquet"):
        return _parquet
    return (
        _csv
        if name.endswith(".csv")
        else lambda table, is_first: (gzip.compress(_csv(table, is_first)[0], 6, mtime=0), b"")
    )


def unfinished(path: Path) -> Path:
    """The folder in which an output lies until it is whole."""
    return path.with_name(f"{path.name}.unfinished")


def _parquet(table: Any, is_first: bool) -> Encoded:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import pyarrow.types as t

    coded = [field.name for field in table.schema if t.is_dictionary(field.type)]
    out = pa.BufferOutputStream()
    with pq.ParquetWriter(
        out, table.schema, compression="snappy", use_dictionary=coded, write_statistics=True
    ) as writer:
        if table.num_rows:
            writer.write_table(table, row_group_size=table.num_rows)
    body, footer = body_and_footer(memoryview(out.getvalue()).tobytes())
    return bytes(body), footer


def _csv(table: Any, is_first: bool) -> Encoded:
    import pyarrow as pa
    import pyarrow.csv as writer
    import pyarrow.types as t

    plain = pa.table(
        {
            name: column.cast(column.type.value_type) if t.is_dictionary(column.type) else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )
    out = io.BytesIO()
    writer.write_csv(plain, out, writer.WriteOptions(include_header=is_first, quoting_style="needed"))
    return out.getvalue(), b""


class Sink:
    """One output file in the making. `state` is what the checkpoint's lines told, where work goes on."""

    def __init__(self, path: Path, identity: Mapping[str, Any], *, resume: bool) -> None:
        self.path, self.identity = path, dict(identity)
        self.folder = unfinished(path)
        self.is_parquet = path.name.lower().endswith(".parquet")
        self.parts: list[tuple[int, bytes]] = []
        self.state: list[dict[str, Any]] = []
        self.size = len(MAGIC) if self.is_parquet else 0
        if resume:
            self._go_on()
        else:
            self._begin()
        self.rows = open(self.folder / "rows", "r+b")  # noqa: SIM115, PTH123 - open until `close`
        self.rows.truncate(self.size)
        self.rows.seek(self.size)
        self.notes = open(self.folder / "checkpoint", "a", encoding="utf-8")  # noqa: SIM115, PTH123

    def _begin(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        (self.folder / "rows").write_bytes(MAGIC if self.is_parquet else b"")
        (self.folder / "checkpoint").write_text(json.dumps(self.identity) + "\n", encoding="utf-8")

    def _go_on(self) -> None:
        """Read the checkpoint, as far as its parts are there. Raises: BrightlineError `replay-resume`."""
        notes = self.folder / "checkpoint"
        if not notes.is_file() or not (self.folder / "rows").is_file():
            raise BrightlineError(
                "replay-resume",
                f"there is nothing unfinished of {shown(self.path.name)}",
                "run without --resume",
                "--resume",
            )
        lines = notes.read_text(encoding="utf-8").splitlines()
        began = _plain(lines[0]) if lines else None
        if began != self.identity:
            other = sorted(k for k in self.identity if not began or began.get(k) != self.identity[k])
            raise BrightlineError(
                "replay-resume",
                f"what is unfinished was begun with another {' and '.join(other)}",
                "give the same inputs and options, or run without --resume",
                "--resume",
            )
        kept = [lines[0]]
        with (self.folder / "rows").open("rb") as rows:
            rows.seek(self.size)
            for text, note in _whole_notes(lines[1:], rows):
                self._count(note)
                kept.append(text)
        notes.write_text("\n".join(kept) + "\n", encoding="utf-8")

    def _count(self, note: dict[str, Any]) -> None:
        if note["footer"]:
            self.parts.append((self.size, base64.b64decode(note["footer"])))
        self.size += note["bytes"]
        self.state.append(note["state"])

    def append(self, encoded: Encoded, state: Mapping[str, Any]) -> None:
        """Write a part, and then that it was written."""
        body, footer = encoded
        self.rows.write(body)
        self.rows.flush()
        note = {
            "bytes": len(body), "crc": zlib.crc32(body), "footer": base64.b64encode(footer).decode(), "state": state,
        }  # fmt: skip
        self.notes.write(json.dumps(note) + "\n")
        self.notes.flush()
        self._count({**note, "state": None})
        self.state.pop()

    def finish(self, check: Callable[[Path], None] | None = None) -> None:
        """Make the file whole and put it in its place; `check` may refuse it first."""
        if self.is_parquet:
            self.rows.write(joined_footer(self.parts))
        self.rows.flush()
        os.fsync(self.rows.fileno())
        self.close()
        if check:
            check(self.folder / "rows")
        (self.folder / "rows").replace(self.path)
        shutil.rmtree(self.folder, ignore_errors=True)
        _sync_folder(self.path.parent)

    def close(self) -> None:
        """Let the files go; what is unfinished stays for `--resume`."""
        self.rows.close()
        self.notes.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _plain(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _whole_notes(lines: list[str], rows: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for text in lines:
        note = _plain(text)
        if not isinstance(note, dict):
            return
        body = rows.read(note["bytes"])
        if len(body) != note["bytes"] or zlib.crc32(body) != note["crc"]:
            return
        yield text, note


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
