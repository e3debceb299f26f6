"""CSV: the cells of all columns, or of those that are named; the others stay as they are, and so do the separators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from brightline.guard.files.decoding import SAMPLE_BYTES, decode, encoding_of
from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge
from brightline.guard.files.lines import LONGEST, bounded_lines, recoded
from brightline.guard.files.rows import Rows, judged_rows
from brightline.law.errors import BrightlineError

__all__ = ["KIND", "blocks", "rewrite", "work"]

KIND = "csv"
_BLOCK = 1 << 19


def blocks(path: Path, file: str) -> Iterator[Block]:
    """Blocks of rows, of about half a megabyte."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
        stream.seek(0)
        yield from _blocks(stream, sample, file)


def _blocks(stream: IO[bytes], sample: bytes, file: str) -> Iterator[Block]:
    encoding = encoding_of(sample)
    form = _form(decode(sample[:65_536], encoding))
    csv.field_size_limit(LONGEST)
    reader = csv.reader(_lines(recoded(stream, encoding), file), delimiter=form[0], strict=False)
    try:
        header = next(reader, [])
        yield from _gathered(reader, header, form, file)
    except csv.Error:
        raise BrightlineError(
            "guard-unreadable",
            f"line {reader.line_num} cannot be read as CSV",
            "look for a quotation mark that is not closed",
            file,
        ) from None


def _lines(stream: IO[bytes], file: str) -> Iterator[str]:
    for number, (line, _) in enumerate(bounded_lines(stream), 1):
        if not line:
            raise BrightlineError(
                "guard-unreadable",
                f"line {number} is longer than {LONGEST >> 20} MiB",
                "scan it as plain text: name it .txt",
                file,
            )
        yield line.decode("utf-8", "replace")


def _gathered(reader: Iterator[list[str]], header: list[str], form: tuple[str, str], file: str) -> Iterator[Block]:
    held: list[list[str]] = []
    size, number, first, is_head = 0, 1, 2, True
    for row in reader:
        number += 1
        held.append(row)
        size += sum(map(len, row)) + len(row)
        if size >= _BLOCK:
            yield Block(KIND, file, (header, held), first, size, (form, is_head))
            held, size, first, is_head = [], 0, number + 1, False
    if held or is_head:
        yield Block(KIND, file, (header, held), first, size, (form, is_head))


def _form(sample: str) -> tuple[str, str]:
    """The separator and the line ending of a file, by its first line."""
    line = sample.split("\n", 1)[0]
    bare = "".join(part for i, part in enumerate(line.split('"')) if i % 2 == 0)
    separator = max(",;\t|", key=lambda c: (bare.count(c), c == ","))
    return separator, "\r\n" if line.endswith("\r") else "\n"


def work(block: Block, judge: Judge, within: str = "") -> Done:
    """Judge the cells of a block of rows."""
    header, cells = block.payload
    (separator, ending), is_head = block.more
    done = Done(block.file, block.size, within=within)
    rows = Rows(tuple(header), cells, block.first)
    kept = judged_rows(rows, judge, done)
    if is_head:
        kept = [judged_header(header, judge, done), *kept]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=ending).writerows(kept)
    done.body = out.getvalue().encode("utf-8", "replace")
    return done


def judged_header(header: Sequence[str], judge: Judge, done: Done) -> list[str]:
    """The names of the columns; a file without a header has its first row there."""
    verdicts = judge.judge(header, (done.file,))
    for number, verdict in enumerate(verdicts, 1):
        if verdict.found:
            done.tell(f"row 1, column {number}", verdict)
    return [verdict.redacted.text for verdict in verdicts]


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A CSV file that stands within another one, redacted."""
    parts = []
    for block in _blocks(io.BytesIO(data), data[:SAMPLE_BYTES], file):
        part = work(block, judge, place)
        done.take(part)
        parts.append(bytes(part.body))
    return b"".join(parts)
