"""What is kept in the user's cache folder between runs: bytes under a key, checked when they are read.

A store that is damaged, of another key or not readable counts as missing; one that cannot be written is not missed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

__all__ = ["keep", "kept"]

_MAGIC = b"brightline guard 1\n"
_KEPT = 4  # files of one kind that stay


def kept(kind: str, key: str) -> bytes | None:
    """The bytes that were kept, whole; None if there are none."""
    path = _path(kind, key)
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[len(_head(kind, key, b"")) :]
    return body if content == _head(kind, key, body) + body else None


def keep(kind: str, key: str, body: bytes) -> None:
    """Keep bytes. Writers at the same time each write a file of their own and put it in place whole."""
    path = _path(kind, key)
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".guard-", delete=False) as stream:
            stream.write(_head(kind, key, body) + body)
        Path(stream.name).replace(path)
        for old in sorted(path.parent.glob(f"guard-{kind}-*"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


def _head(kind: str, key: str, body: bytes) -> bytes:
    return _MAGIC + f"{kind} {key} ".encode() + hashlib.sha256(body).hexdigest().encode() + b"\n"


def _path(kind: str, key: str) -> Path | None:
    named = os.environ.get("BRIGHTLINE_CACHE")
    if named == "":
        return None
    base = os.environ.get("XDG_CACHE_HOME")
    home = Path(named) if named else (Path(base) if base else Path("~/.cache").expanduser()) / "brightline"
    return home / f"guard-{kind}-{key[:24]}"
