"""What an input names: a file, a folder, a glob, or a table of a database; and of which kind each is."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from brightline.guard.files import csvfile, jsonlines, mail, parquetfile, textfile
from brightline.guard.files.documents import KIND as DOCUMENT
from brightline.guard.files.documents import WHOLE
from brightline.guard.files.done import Block
from brightline.guard.files.tables import Table, is_table, table_at
from brightline.law.errors import BrightlineError, shown

__all__ = ["Source", "find_sources"]

_Blocks = Callable[[Path, str], Iterator[Block]]
_STREAMS: dict[str, _Blocks] = {
    **dict.fromkeys((".txt", ".text", ".md", ".rst", ".log", ".json", ".xml", ".ics", ".vcf", ""), textfile.blocks),
    **dict.fromkeys((".csv", ".tsv", ".psv"), csvfile.blocks),
    **dict.fromkeys((".jsonl", ".ndjson"), jsonlines.blocks),
    **dict.fromkeys((".parquet", ".pq"), parquetfile.blocks),
    ".mbox": mail.blocks,
}
_KINDS = ", ".join(name for name in (*_STREAMS, *WHOLE) if name)
# How files begin that are no text, whatever their name says.
_BINARY = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a zip archive or an office file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture", b"\x1f\x8b": "a compressed file", b"PAR1": "a Parquet file", b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old office file", b"II*\x00": "a picture", b"MM\x00*": "a picture", b"BZh": "a compressed file",
    b"\xfd7zXZ": "a compressed file", b"7z\xbc\xaf": "a compressed file", b"{\\rtf": "an RTF file",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One file or table. `label` is how it is named to the reader; `relative` where it stands below its folder."""

    label: str
    path: Path | None = None
    table: Table | None = None
    relative: Path = Path()
    # Why it is not read, for a file of a folder.
    refused: str = ""

    @property
    def size(self) -> int:
        """Bytes of a file; rows of a table."""
        return self.path.stat().st_size if self.path else self.table.count() if self.table else 0

    def blocks(self) -> Iterator[Block]:
        """Its blocks. Raises: BrightlineError for a file that cannot be read through."""
        if self.refused:
            yield Block("skip", self.label, self.refused)
        elif self.table:
            yield from self.table.blocks()
        elif self.path:
            yield from self._of_file(self.path, self.path.suffix.lower())

    def _of_file(self, path: Path, ending: str) -> Iterator[Block]:
        if ending in WHOLE:
            yield Block(DOCUMENT, self.label, str(path), size=path.stat().st_size)
            return
        if ending not in (".parquet", ".pq"):
            _check_text(path, self.label)
        yield from _STREAMS[ending](path, self.label)


def _check_text(path: Path, label: str) -> None:
    """Raises: BrightlineError `guard-unreadable` for a file that is no text, whatever it is called."""
    with path.open("rb") as stream:
        first = stream.read(16)
    for sign, what in _BINARY.items():
        if first.startswith(sign):
            raise BrightlineError(
                "guard-unreadable", f"the file is {what}, not text", "name it after its kind, or unpack it", label
            )


def find_sources(words: Sequence[str]) -> list[Source]:
    """The files and tables that inputs name, in order.

    Raises: BrightlineError `guard-source` for one that is not there or of no kind that is read.
    """
    found = [source for word in words for source in _sources(word)]
    if not found:
        raise BrightlineError("guard-source", "there are no files in the input", "check the name", "IN")
    return found


def _sources(word: str) -> Iterator[Source]:
    if is_table(word):
        table = table_at(word)
        yield Source(table.label, table=table)
        return
    path = Path(word)
    if path.is_dir():
        yield from (_in_folder(one, path) for one in sorted(path.rglob("*")) if one.is_file())
    elif path.is_file():
        yield _file(path)
    elif matches := sorted(one for one in glob.glob(word, recursive=True) if Path(one).is_file()):  # noqa: PTH207 - a path may be absolute
        yield from (_in_folder(Path(one), Path()) for one in matches)
    else:
        raise BrightlineError("guard-source", f"there is no file {shown(word)}", "check the name", "IN")


def _file(path: Path) -> Source:
    if path.suffix.lower() not in {**_STREAMS, **WHOLE}:
        raise BrightlineError(
            "guard-source", f"{shown(path.name)} is of no kind that is read", f"kinds: {_KINDS}", "IN"
        )
    return Source(path.name, path, relative=Path(path.name))


def _in_folder(path: Path, folder: Path) -> Source:
    below = path.relative_to(folder) if folder != Path() else path
    relative = Path(*(part for part in below.parts if part not in ("..", below.anchor)))
    label = relative.as_posix()
    if is_table(path.name):
        return Source(label, path, relative=relative, refused="a database: name it with its table, as FILE#TABLE")
    is_read = path.suffix.lower() in {**_STREAMS, **WHOLE}
    return Source(label, path, relative=relative, refused="" if is_read else "of no kind that is read")
