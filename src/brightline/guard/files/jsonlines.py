"""JSON lines: `{"id", "text"}` in, `{"id", "spans"}` out, or `{"id", "text", "spans"}` with the text redacted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brightline.guard.files.decoding import SAMPLE_BYTES, decode, encoding_of
from brightline.guard.files.done import Block, Done, encoded
from brightline.guard.files.judging import Judge, Verdict
from brightline.guard.files.lines import LONGEST, bounded_lines, recoded
from brightline.guard.redaction import Stretch

__all__ = ["KIND", "blocks", "rewrite", "work"]

KIND = "jsonl"
_BLOCK = 1 << 20


def blocks(path: Path, file: str) -> Iterator[Block]:
    """Blocks of whole lines, of about a megabyte; a line that is too long is a block by itself, without its bytes."""
    with path.open("rb") as stream:
        encoding = encoding_of(stream.read(SAMPLE_BYTES))
        stream.seek(0)
        yield from _gathered(bounded_lines(stream if encoding == "utf-8" else recoded(stream, encoding)), file)


def _gathered(lines: Iterator[tuple[bytes, int]], file: str) -> Iterator[Block]:
    held: list[bytes] = []
    size, first = 0, 1
    for number, (line, length) in enumerate(lines, 1):
        held.append(line or b"\n")
        size += length
        if not line:
            yield Block("skip", file, f"longer than {LONGEST >> 20} MiB", number)
        if size >= _BLOCK:
            yield Block(KIND, file, b"".join(held), first, size)
            held, size, first = [], 0, number + 1
    yield Block(KIND, file, b"".join(held), first, size)


def work(block: Block, judge: Judge, within: str = "") -> Done:
    """Judge the texts of a block of lines."""
    done = Done(block.file, block.size, within=within)
    rows = list(_rows(block, judge, done))
    verdicts = judge.judge([text for _, _, text in rows], [(block.file, f"{block.file}#{id}") for _, id, _ in rows])
    body = []
    for (number, id, text), verdict in zip(rows, verdicts, strict=True):
        done.tell(f"line {number}", verdict, id=id)
        if judge.setting.mode == "quarantine" and verdict.is_open:
            done.keep_aside(f"line {number}", text, id)
        elif judge.setting.mode != "scan":
            body.append(_line(id, verdict))
    done.body = b"".join(body)
    return done


def _line(id: Any, verdict: Verdict) -> bytes:
    return encoded({"id": id, "text": verdict.redacted.text, "spans": [_span(s) for s in verdict.redacted.spans]})


def _span(one: Stretch) -> dict[str, Any]:
    return {"start": one.start, "end": one.end, "label": one.label, "tier": one.tier, "rule": one.rule}


def _rows(block: Block, judge: Judge, done: Done) -> Iterator[tuple[int, Any, str]]:
    """The number, id and text of each line; what is none is noted as not read."""
    column = judge.setting.columns[0] if judge.setting.columns else "text"
    for number, line in enumerate(block.payload.split(b"\n"), block.first):
        if not line.strip():
            continue
        row = _parsed(line, done)
        text = row.get(column, ...) if isinstance(row, dict) else ...
        if not isinstance(text, str | None):
            why = "is not a JSON object" if not isinstance(row, dict) else f"has no text `{column}`"
            done.skip(f"line {number}", why)
            continue
        yield number, row.get("id", number), text or ""


def _parsed(line: bytes, done: Done) -> Any:
    try:
        return json.loads(done.counting(lambda data: decode(data, "utf-8"), line))
    except (ValueError, RecursionError):
        return None


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """JSON lines that stand within another file, redacted."""
    text = done.counting(decode, data)
    part = work(Block(KIND, file, text.encode("utf-8", "replace"), 1), judge, place)
    done.take(part)
    return bytes(part.body)
