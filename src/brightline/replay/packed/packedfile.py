"""The file of a packed population: a head, segments of planes, and at the end a directory that the head points to.

    head        64 bytes: MAGIC, then three little-endian numbers: where the directory begins, its length, its CRC-32
    segments    up to SEGMENT rows: for each block of 4,096 rows the planes one after the other, 512 bytes each
    directory   JSON: version, rows, facts with their values, planes, and of each segment which planes are where

A plane that is the same in every row of a segment is not stored. Nothing is ever half-written: a file gets its name
when it is whole.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np

from brightline.law.errors import BrightlineError, shown
from brightline.replay.engine.packing import Words
from brightline.replay.engine.planes import Plane
from brightline.replay.packed.owncolumns import OWN

__all__ = ["BLOCK_ROWS", "SEGMENT", "Directory", "PlaneFile", "Segment", "check_planes", "read_directory"]

SEGMENT = 1 << 19  # rows
BLOCK_ROWS = 4096
_VERSIONS = (1, 2)  # 2: rows have a profile, a day or a weight of their own
_MAGIC = b"Brightline packed population 1\n\0"
_HEAD = struct.Struct("<32sQQQ8x")
Facts = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Segment:
    """Some rows of a population. `stored` are the numbers of the planes that follow each other from `start` (bytes).

    `ones` are those that are true of every row; the rest are true of none. `check` tells whether the planes are whole.
    """

    rows: int
    start: int
    stored: tuple[int, ...]
    ones: tuple[int, ...]
    check: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """The blocks, the planes of each, and the words of each plane."""
        return -(-self.rows // BLOCK_ROWS), len(self.stored), BLOCK_ROWS // 64


@dataclass(frozen=True)
class Directory:
    """What a packed population holds. `facts` gives for each fact its kind and values, as the vocabulary had them.

    `profiles` are those that rows may have, by number; planes of `owncolumns` say which row has which, and its day.
    """

    rows: int
    facts: Facts
    planes: tuple[Plane, ...]
    segments: tuple[Segment, ...]
    notes: Mapping[str, str]
    profiles: tuple[str, ...] = ()

    @property
    def own(self) -> frozenset[str]:
        """What is kept of each row besides its facts."""
        return frozenset(plane.fact for plane in self.planes if plane.fact in OWN)

    @property
    def fingerprint(self) -> str:
        """The facts and their values in 16 characters: populations of one fingerprint mean the same by the same bits."""
        return sha256(json.dumps(self.facts, sort_keys=True).encode()).hexdigest()[:16]


def checksum(planes: Words) -> int:
    """A number that changes when planes are cut, swapped or damaged."""
    sums = np.add.reduce(planes, axis=2, dtype=np.uint64), np.bitwise_xor.reduce(planes, axis=2)
    return crc32(sums[1].tobytes(), crc32(sums[0].tobytes()))


class PlaneFile:
    """A packed population that is being written: segments, then `finish`. Without it nothing remains.

    Raises: BrightlineError `unwritable`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        except OSError as error:
            raise _unwritable(path, error) from None
        self.draft = Path(name)
        self.stream: BinaryIO = os.fdopen(number, "wb")
        self.stream.write(bytes(_HEAD.size))

    def add(self, rows: int, numbers: Sequence[int], ones: Sequence[int], planes: Words) -> Segment:
        """Write the planes of a segment: by block, by plane in the order of the numbers, by word."""
        start = self.stream.tell()
        self._write(planes.tobytes())
        return Segment(rows, start, tuple(numbers), tuple(ones), checksum(planes))

    def finish(self, directory: Directory) -> None:
        """Write the directory and give the file its name."""
        text = json.dumps(_plain(directory)).encode()
        start = self.stream.tell()
        self._write(text)
        self.stream.seek(0)
        self._write(_HEAD.pack(_MAGIC, start, len(text), crc32(text)))
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()
            self.draft.chmod(0o666 & ~_umask())
            self.draft.replace(self.path)
        except OSError as error:
            self.discard()
            raise _unwritable(self.path, error) from None

    def discard(self) -> None:
        """Leave nothing behind."""
        self.stream.close()
        self.draft.unlink(missing_ok=True)

    def _write(self, content: bytes) -> None:
        try:
            self.stream.write(content)
        except OSError as error:
            self.discard()
            raise _unwritable(self.path, error) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> BrightlineError:
    why = (error.strerror or "it cannot be written").lower()
    return BrightlineError(
        "unwritable", f"cannot write {shown(path)}: {why}", "choose another place with room", "--out"
    )


def _plain(directory: Directory) -> dict[str, Any]:
    return {
        "version": 2 if directory.own else 1,
        "rows": directory.rows,
        "fingerprint": directory.fingerprint,
        "facts": {name: [kind, list(values)] for name, (kind, values) in directory.facts.items()},
        "planes": [list(plane) for plane in directory.planes],
        "segments": [[s.rows, s.start, list(s.stored), list(s.ones), s.check] for s in directory.segments],
        "notes": dict(directory.notes),
        **({"profiles": list(directory.profiles)} if directory.own else {}),
    }


def read_directory(path: Path) -> Directory:
    """The directory of a packed population. Raises: BrightlineError `unreadable`, `packed-file`."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD.size)
            magic, start, length, check = _HEAD.unpack(head) if len(head) == _HEAD.size else (b"", 0, 0, 0)
            if magic != _MAGIC:
                raise _damaged(path, "is not a packed population")
            stream.seek(min(start, 1 << 62))
            text = stream.read(min(length, 1 << 30))
            size = stream.seek(0, os.SEEK_END)
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise BrightlineError(
            "unreadable", f"cannot read {shown(path)}: {why}", "name a packed population", "IN"
        ) from None
    if len(text) != length or crc32(text) != check or start + length != size:
        raise _damaged(path, "is cut or damaged")
    try:
        plain = json.loads(text)
        if plain["version"] not in _VERSIONS:
            raise _damaged(path, "was packed by a later version of Brightline")
        return _checked(_parsed(plain), start)
    except (ValueError, KeyError, TypeError, IndexError):
        raise _damaged(path, "has a directory that cannot be read") from None


def _parsed(plain: Mapping[str, Any]) -> Directory:
    return Directory(
        int(plain["rows"]),
        {str(name): (str(kind), tuple(map(str, values))) for name, (kind, values) in plain["facts"].items()},
        tuple(Plane(str(fact), str(kind), int(number)) for fact, kind, number in plain["planes"]),
        tuple(Segment(r, s, tuple(stored), tuple(ones), check) for r, s, stored, ones, check in plain["segments"]),
        dict(plain["notes"]),
        tuple(map(str, plain.get("profiles", ()))),
    )


def _checked(directory: Directory, end: int) -> Directory:
    """The directory, if its segments lie within the file one after the other and hold as many rows as it says."""
    at = _HEAD.size
    for segment in directory.segments:
        numbers = [*segment.stored, *segment.ones]
        if segment.start != at or segment.rows <= 0 or any(n not in range(len(directory.planes)) for n in numbers):
            raise ValueError
        at += 8 * prod(segment.shape)
    if at != end or sum(segment.rows for segment in directory.segments) != directory.rows:
        raise ValueError
    return directory


def _damaged(path: Path, what: str) -> BrightlineError:
    return BrightlineError("packed-file", f"{shown(path)} {what}", "pack the population again from its columns", "IN")


def check_planes(path: Path, segment: Segment, planes: Words) -> None:
    """Refuse planes that are not as they were written. Raises: BrightlineError `packed-file`."""
    if checksum(planes) != segment.check:
        raise _damaged(path, "is cut or damaged")
