"""Arrow columns cleaned, nested ones too; what is no text keeps every bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from brightline.guard.egress.arrowkinds import is_text
from brightline.guard.egress.cells import MASKED
from brightline.guard.egress.decision import Decision, Path
from brightline.guard.extras import needs
from brightline.law.errors import BrightlineError

__all__ = ["ArrowCells"]

_Clean = Callable[[Path, Mapping[str, int]], dict[str, str]]


class ArrowCells:
    """Cleans arrays. `clean` gives what stands for the texts of a path that are to change."""

    def __init__(self, decisions: Mapping[Path, Decision], clean: _Clean, file: str) -> None:
        self.decisions, self.clean, self.file = decisions, clean, file

    def column(self, path: Path, array: Any) -> Any:
        """An array of a column that is kept. Raises: BrightlineError `guard-cell` for text that is none."""
        decision = self.decisions[path]
        if decision.unread:
            return array
        return masked(array) if decision.action in ("mask", "drop") else self._read(path, array)

    def _read(self, path: Path, array: Any) -> Any:
        t = needs("pyarrow.types")
        kind = array.type
        if is_text(kind):
            return self._texts(path, array)
        if t.is_dictionary(kind):
            return self._dictionary(path, array)
        if t.is_struct(kind):
            return self._struct(path, array)
        if t.is_list(kind) or t.is_large_list(kind) or t.is_map(kind) or t.is_fixed_size_list(kind):
            return self._list(path, _whole(array))
        return array

    def _texts(self, path: Path, array: Any) -> Any:
        """Each different text is read once."""
        pa = needs("pyarrow")
        plain = array.cast(pa.large_string()) if not pa.types.is_string(array.type) else array
        coded = plain.dictionary_encode()
        texts = self._different(coded.dictionary, path)
        counts = coded.indices.drop_null().value_counts()
        many = {texts[one["values"].as_py()]: one["counts"].as_py() for one in counts}
        changed = self.clean(path, many)
        if not changed:
            return array
        new = pa.array([changed.get(text, text) for text in texts], plain.type)
        return new.take(coded.indices).cast(array.type)

    def _different(self, dictionary: Any, path: Path) -> list[str]:
        """Raises: BrightlineError `guard-cell` for bytes that are no text, though the file says so."""
        try:
            return [str(text) for text in dictionary.to_pylist()]
        except UnicodeDecodeError:
            raise BrightlineError(
                "guard-cell",
                f"a cell of the column `{'.'.join(path)[:60]}` holds bytes that are no text",
                "mend the file, or drop the column",
                self.file,
            ) from None

    def _dictionary(self, path: Path, array: Any) -> Any:
        pa = needs("pyarrow")
        if not is_text(array.type.value_type):
            return array
        plain = array.cast(array.type.value_type)
        new = self._texts(path, plain)
        return array if new is plain else new.dictionary_encode().cast(pa.dictionary(array.type.index_type, new.type))

    def _struct(self, path: Path, array: Any) -> Any:
        pa = needs("pyarrow")
        fields = [array.type.field(i) for i in range(array.type.num_fields)]
        new = [self.column((*path, f.name), array.field(i)) for i, f in enumerate(fields)]
        if all(one is array.field(i) for i, one in enumerate(new)) or not fields:
            return array
        named = [f.with_type(one.type).with_nullable(True) for f, one in zip(fields, new, strict=True)]
        return pa.StructArray.from_arrays(new, fields=named, mask=array.is_null())

    def _list(self, path: Path, array: Any) -> Any:
        pa = needs("pyarrow")
        t = needs("pyarrow.types")
        gone = array.is_null()
        if t.is_map(array.type):
            keys, items = self._read(path, array.keys), self._read(path, array.items)
            return _map(array, keys, items)
        values = self._read(path, array.values)
        if t.is_fixed_size_list(array.type):
            return pa.FixedSizeListArray.from_arrays(values, array.type.list_size, mask=gone)
        made = pa.LargeListArray if t.is_large_list(array.type) else pa.ListArray
        return made.from_arrays(array.offsets, values, mask=gone).cast(_list_kind(array.type, values.type))


def _list_kind(kind: Any, inner: Any) -> Any:
    pa = needs("pyarrow")
    field = kind.value_field.with_type(inner).with_nullable(True)
    return pa.large_list(field) if pa.types.is_large_list(kind) else pa.list_(field)


def _map(array: Any, keys: Any, items: Any) -> Any:
    """A map with new keys and items; where a row is null its offsets say so."""
    pa = needs("pyarrow")
    offsets = array.offsets.to_pylist()
    for n, gone in enumerate(array.is_null().to_pylist()):
        if gone:
            offsets[n] = None
    return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), keys, items)


def _whole(array: Any) -> Any:
    """The same values in an array that begins at its beginning: the parts of a slice cannot be put together again."""
    pa = needs("pyarrow")
    return array.take(pa.array(range(len(array)), pa.int64()))


def masked(array: Any) -> Any:
    """The same mask for every value and for none: which rows had a value would tell as much."""
    pa = needs("pyarrow")
    kind = array.type
    if is_text(kind):
        return pa.array([MASKED], kind).take(pa.array([0] * len(array), pa.int32())) if len(array) else array
    if pa.types.is_dictionary(kind) and is_text(kind.value_type):
        return pa.array([MASKED] * len(array), kind.value_type).dictionary_encode().cast(kind)
    return pa.nulls(len(array), kind)
