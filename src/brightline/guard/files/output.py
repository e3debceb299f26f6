"""A file that appears whole or not at all: until it is whole its bytes lie beside it under another name."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from brightline.law.errors import BrightlineError, shown

__all__ = ["PRIVATE", "check_out", "is_stream", "whole", "whole_path"]

# What was set aside is for the person who set it aside.
PRIVATE = 0o600
_ENDING = ".unfinished"


def check_out(out: Path, inputs: list[Path]) -> None:
    """Raises: BrightlineError `guard-out` for an output in no folder, or one that is also an input."""
    if not out.absolute().parent.is_dir():
        raise BrightlineError("guard-out", f"there is no folder {shown(out.parent)}", "make it first", "--out")
    if any(_same(out, path) for path in inputs):
        raise BrightlineError("guard-out", f"{shown(out)} is also an input", "name another file", "--out")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def is_stream(path: Path) -> bool:
    """Whether a path is a device or a pipe, which nothing can take the place of."""
    return path.exists() and not stat.S_ISREG(path.stat().st_mode) and not path.is_dir()


@contextmanager
def whole_path(path: Path, mode: int = 0) -> Iterator[Path]:
    """A path beside the output to write to; it takes the output's place at the end, or is taken away."""
    number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name[:80]}.", suffix=_ENDING)
    os.close(number)
    unfinished = Path(name)
    try:
        yield unfinished
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        unfinished.chmod(mode or 0o666 & ~_umask())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def whole(path: Path, mode: int = 0) -> Iterator[IO[bytes]]:
    """A stream of bytes into a file that appears when the block ends without an error."""
    if is_stream(path):
        with path.open("wb") as stream:
            yield stream
        return
    with whole_path(path, mode) as unfinished, unfinished.open("wb") as stream:
        yield stream
        stream.flush()


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
