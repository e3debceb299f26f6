"""The footer of a Parquet file, read and written: parts that were encoded apart become one file without encoding anew.

Source: Apache Parquet, parquet.thrift, in Thrift's compact protocol. Only offsets, counts and the list of row groups
are changed; everything else is passed on as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["MAGIC", "body_and_footer", "joined_footer"]

MAGIC = b"PAR1"
_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(13)
Struct = dict[int, tuple[int, Any]]
# FileMetaData, RowGroup, ColumnChunk and ColumnMetaData: the numbers of their fields.
_NUM_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSETS, _META = (2, 4, 6), 3
_META_OFFSETS = (9, 10, 11, 14)


def body_and_footer(file: bytes) -> tuple[memoryview, bytes]:
    """A whole Parquet file as its pages and its footer."""
    length = int.from_bytes(file[-8:-4], "little")
    end = len(file) - 8 - length
    return memoryview(file)[len(MAGIC) : end], file[end:-8]


def joined_footer(parts: Sequence[tuple[int, bytes]]) -> bytes:
    """The end of a file whose parts begin at these offsets: the footer, its length and the last magic.

    All parts must have been written with one schema; the first gives the schema and the settings.
    """
    whole = _Reader(parts[0][1]).struct()
    groups: list[Struct] = []
    for start, footer in parts:
        for group in _Reader(footer).struct()[_ROW_GROUPS][1][1]:
            _move(group, start - len(MAGIC))
            group[_ORDINAL] = (_I16, len(groups)) if len(groups) < 1 << 15 else group[_ORDINAL]
            groups.append(group)
    whole[_NUM_ROWS] = (_I64, sum(group[3][1] for group in groups))
    whole[_ROW_GROUPS] = (_LIST, (_STRUCT, groups))
    written = _Writer().struct(whole)
    return written + len(written).to_bytes(4, "little") + MAGIC


def _move(group: Struct, by: int) -> None:
    _add(group, (_GROUP_OFFSET,), by)
    for chunk in group[_COLUMNS][1][1]:
        _add(chunk, _CHUNK_OFFSETS, by)
        _add(chunk[_META][1], _META_OFFSETS, by)


def _add(struct: Struct, fields: tuple[int, ...], by: int) -> None:
    for field in fields:
        if field in struct and struct[field][1] > 0:
            kind, value = struct[field]
            struct[field] = (kind, value + by)


class _Reader:
    def __init__(self, text: bytes) -> None:
        self.text, self.at = text, 0

    def varint(self) -> int:
        found = shift = 0
        while True:
            byte = self.text[self.at]
            self.at += 1
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7

    def signed(self) -> int:
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def taken(self, size: int) -> bytes:
        self.at += size
        return self.text[self.at - size : self.at]

    def struct(self) -> Struct:
        found: Struct = {}
        field = 0
        while True:
            head = self.text[self.at]
            self.at += 1
            kind = head & 15
            if kind == _STOP:
                return found
            field = field + (head >> 4) if head >> 4 else self.signed()
            found[field] = (kind, None if kind in (_TRUE, _FALSE) else self.value(kind))

    def value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self.signed()
        if kind == _BINARY:
            return self.taken(self.varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self.listed()
        if kind in (_BYTE, _DOUBLE):
            return self.taken(1 if kind == _BYTE else 8)
        raise ValueError(f"a footer with a field of the kind {kind}")

    def listed(self) -> tuple[int, list[Any]]:
        head = self.text[self.at]
        self.at += 1
        size, kind = head >> 4, head & 15
        size = self.varint() if size == 15 else size
        if kind in (_TRUE, _FALSE):
            return kind, [self.taken(1) for _ in range(size)]
        return kind, [self.value(kind) for _ in range(size)]


class _Writer:
    def varint(self, value: int) -> bytes:
        out = bytearray()
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
        return bytes(out)

    def signed(self, value: int) -> bytes:
        return self.varint(value << 1 ^ value >> 63)

    def struct(self, struct: Struct) -> bytes:
        out, last = bytearray(), 0
        for field in sorted(struct):
            kind, value = struct[field]
            step = field - last
            out += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + self.signed(field)
            out += b"" if kind in (_TRUE, _FALSE) else self.value(kind, value)
            last = field
        return bytes(out) + b"\0"

    def value(self, kind: int, value: Any) -> bytes:
        if kind in (_I16, _I32, _I64):
            return self.signed(value)
        if kind == _BINARY:
            return self.varint(len(value)) + bytes(value)
        if kind == _STRUCT:
            return self.struct(value)
        if kind in (_LIST, _SET):
            inner, members = value
            head = (
                bytes([len(members) << 4 | inner])
                if len(members) < 15
                else bytes([240 | inner]) + self.varint(len(members))
            )
            plain = inner in (_TRUE, _FALSE)
            return head + b"".join(bytes(one) if plain else self.value(inner, one) for one in members)
        return bytes(value)
