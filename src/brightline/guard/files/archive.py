"""A zip archive read with a limit: what it says of its own size is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO

from brightline.law.errors import BrightlineError

__all__ = ["LARGEST", "read_archive", "write_archive"]

LARGEST = 256 << 20
_MOST_FILES = 10_000
_READ = 1 << 20


def read_archive(data: bytes, file: str) -> dict[str, bytes]:
    """The files of an archive, in its order. Raises: BrightlineError `guard-unreadable`, `guard-too-large`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise BrightlineError(
            "guard-unreadable",
            "the file is broken, locked with a password, or not what its name says",
            "open it in its own program and save it again without a password",
            file,
        ) from None


def _files(archive: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = LARGEST
    entries = archive.infolist()
    if len(entries) > _MOST_FILES:
        raise _too_large(file)
    for entry in entries:
        if entry.is_dir():
            continue
        with archive.open(entry) as stream:
            found[entry.filename] = _bounded(stream, left, file)
        left -= len(found[entry.filename])
    return found


def _bounded(stream: IO[bytes], left: int, file: str) -> bytes:
    parts, size = [], 0
    while block := stream.read(_READ):
        size += len(block)
        if size > left:
            raise _too_large(file)
        parts.append(block)
    return b"".join(parts)


def _too_large(file: str) -> BrightlineError:
    return BrightlineError(
        "guard-too-large",
        f"the file unpacks to more than {LARGEST >> 20} MiB or {_MOST_FILES:,} parts",
        "check where it comes from; such a file can be made to fill a computer",
        file,
    )


def write_archive(files: dict[str, bytes]) -> bytes:
    """An archive of files, with no dates of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
