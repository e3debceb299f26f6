"""Lines of a stream of bytes, each of a bounded length: one line of a gigabyte does not fill the memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

from brightline.guard.files.decoding import decoded

__all__ = ["LONGEST", "blocks_of_bytes", "bounded_lines", "recoded"]

LONGEST = 64 << 20
_READ = 1 << 20


def blocks_of_bytes(stream: IO[bytes], size: int = _READ) -> Iterator[bytes]:
    """The bytes of a stream, block by block."""
    while block := stream.read(size):
        yield block


def bounded_lines(stream: IO[bytes], longest: int = LONGEST) -> Iterator[tuple[bytes, int]]:
    """Each line with its ending, and its length; of a line that is too long, nothing but the length."""
    while line := stream.readline(longest + 1):
        if len(line) <= longest or line.endswith(b"\n"):
            yield line, len(line)
            continue
        size = len(line)
        while rest := stream.readline(_READ):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield b"", size


def recoded(stream: IO[bytes], encoding: str) -> IO[bytes]:
    """A stream in some encoding as one of UTF-8, without its mark."""
    return io.BufferedReader(_Recoded(stream, encoding), _READ)


class _Recoded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.texts = decoded(blocks_of_bytes(stream), encoding)
        self.left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.left:
            text = next(self.texts, None)
            if text is None:
                return 0
            self.left = text.removeprefix("\ufeff").encode("utf-8", "replace")
        size = min(len(buffer), len(self.left))
        buffer[:size], self.left = self.left[:size], self.left[size:]
        return size
