"""Documents that are read whole: what reads each kind, alone or within another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from brightline.guard.files import csvfile, htmlfile, jsonlines, mail, pdffile, textfile, wordfile
from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge
from brightline.law.errors import BrightlineError

__all__ = ["KIND", "WHOLE", "rewritten", "work"]

KIND = "document"
LARGEST = 256 << 20
_DEEPEST = 8
_Rewrite = Callable[[bytes, str, Judge, Done, str], bytes]
WHOLE: dict[str, _Rewrite] = {
    ".docx": wordfile.rewrite, ".docm": wordfile.rewrite, ".dotx": wordfile.rewrite, ".pdf": pdffile.rewrite,
    ".eml": mail.rewrite, ".html": htmlfile.rewrite, ".htm": htmlfile.rewrite, ".xhtml": htmlfile.rewrite,
}  # fmt: skip
_WITHIN: dict[str, _Rewrite] = {
    **WHOLE, ".txt": textfile.rewrite, ".text": textfile.rewrite, ".md": textfile.rewrite, ".log": textfile.rewrite,
    ".json": textfile.rewrite, ".xml": textfile.rewrite, ".ics": textfile.rewrite, ".vcf": textfile.rewrite,
    ".csv": csvfile.rewrite, ".tsv": csvfile.rewrite, ".jsonl": jsonlines.rewrite, ".mbox": mail.rewrite_box,
}  # fmt: skip


def work(block: Block, judge: Judge) -> Done:
    """Judge one document, named by its path. Raises: BrightlineError for one that cannot be read."""
    path = Path(block.payload)
    if path.stat().st_size > LARGEST:
        raise BrightlineError("guard-too-large", f"the file is larger than {LARGEST >> 20} MiB", "split it", block.file)
    data = path.read_bytes()
    done = Done(block.file, block.size)
    done.body = WHOLE[path.suffix.lower()](data, block.file, judge.writing(), done, "")
    if judge.setting.mode == "quarantine" and done.is_open:
        done.body = None
    return done


def rewritten(name: str, data: bytes, judge: Judge, done: Done, place: str) -> bytes | None:
    """A file within a file, redacted; None if it is of a kind that is not read, or broken."""
    ending = Path(name).suffix.lower() or name.lower()
    rewrite = _WITHIN.get(ending)
    if rewrite is None or place.count(", ") > _DEEPEST or len(data) > LARGEST:
        return None
    part = Done(done.file)
    try:
        again = rewrite(data, done.file, judge, part, place)
    except BrightlineError:
        return None
    done.take(part)
    return again
