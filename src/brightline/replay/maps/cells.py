"""The cells of one batch, column by column: as folded words with codes, as numbers, or as moments. Never row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, shown
from brightline.replay.maps.factmap import FactMap, MappedColumn
from brightline.replay.maps.moments import DAY_US, Moments, parse_words

__all__ = ["Cells", "Words", "check_type"]

Known = npt.NDArray[np.bool_]
_FLOAT = r"^\d{1,9}(\.\d{1,30})?$"


@dataclass(frozen=True, eq=False, repr=False)
class Words:
    """A column as distinct words and, for each row, which of them; -1 where there is nothing.

    `folded` and `as_written` are Arrow arrays of text, one entry for each distinct word.
    """

    as_written: Any
    codes: npt.NDArray[np.int32]

    @cached_property
    def folded(self) -> Any:
        """The words as they are compared."""
        import pyarrow.compute as pc

        return pc.utf8_lower(pc.utf8_trim_whitespace(self.as_written))

    def spread(self, of_word: npt.NDArray[Any], of_nothing: Any) -> npt.NDArray[Any]:
        """What each row gets, from what each word and an empty cell get."""
        table = np.empty(len(of_word) + 1, dtype=of_word.dtype)
        table[:-1], table[-1] = of_word, of_nothing
        return table[self.codes]

    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows have each word."""
        return np.bincount(self.codes + 1, minlength=len(self.as_written) + 1)[1:]


def check_type(column: MappedColumn, kind: Any, where: str) -> None:
    """Whether a column of this Arrow type can be read. Raises: BrightlineError `replay-column-type`."""
    import pyarrow.types as t

    value = kind.value_type if t.is_dictionary(kind) else kind
    plain = (t.is_string, t.is_large_string, t.is_string_view, t.is_null, t.is_boolean, t.is_integer, t.is_floating, t.is_decimal)  # fmt: skip
    moment = t.is_timestamp(value) or t.is_date(value)
    fits = moment or any(check(value) for check in plain)
    if column.type in ("date", "time"):
        fits = moment or any(check(value) for check in plain[:4])
    if column.type == "time" and t.is_date(value):
        fits = False
    if not fits:
        raise BrightlineError(
            "replay-column-type",
            f"the column {shown(column.name)} is of the type {shown(kind)}, not {column.type}",
            "map a column of text, numbers, dates or yes-or-no values, or give it another type in `columns`",
            where,
        )


class Cells:
    """The columns of one batch. `arrays` holds them under the names of the map; an absent optional column is None."""

    def __init__(self, rows: int, arrays: Mapping[str, Any], mapped: FactMap) -> None:
        self.rows, self.arrays, self.map = rows, arrays, mapped
        self._words: dict[str, Words] = {}
        self._moments: dict[str, tuple[Moments, Known]] = {}

    def words(self, name: str) -> Words:
        """A column as words; what `nulls` lists is nothing."""
        if name not in self._words:
            array = self.arrays.get(name)
            self._words[name] = _nothing(self.rows) if array is None else _as_words(array, self.map.nulls)
        return self._words[name]

    def numbers(self, name: str) -> tuple[npt.NDArray[np.float64], Known, Known]:
        """A column as numbers, to compare; which are known, and which rows hold something else."""
        import pyarrow as pa
        import pyarrow.compute as pc

        words = self.words(name)
        fits = np.asarray(pc.match_substring_regex(words.folded, r"^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$"))
        values = pc.if_else(pa.array(fits), words.folded, "0").cast(pa.float64())
        known = words.spread(fits, False)
        return words.spread(np.asarray(values), 0.0), known, (words.codes >= 0) & ~known

    def whole(self, name: str, times: int, rounding: str) -> tuple[npt.NDArray[np.int64], Known, Known]:
        """A column as whole numbers of 0 or more, exact; which are known, and which rows hold something else."""
        array = self.arrays.get(name)
        if array is not None and times == 1 and _is_integer(array):
            values, known = _plain_integers(array)
            fits = known & (values >= 0) & (values <= 999_999_999)
            return values, fits, known & ~fits
        words = self.words(name)
        values, fits = _whole_words(words.folded, times, rounding)
        known = words.spread(fits, False)
        return words.spread(values, 0), known, (words.codes >= 0) & ~known

    def moments(self, name: str) -> tuple[Moments, Known]:
        """A column as dates or times, and which rows hold something else."""
        if name not in self._moments:
            self._moments[name] = self._read_moments(name)
        return self._moments[name]

    def _read_moments(self, name: str) -> tuple[Moments, Known]:
        column, array = self.map.column(name), self.arrays.get(name)
        zone = column.zone or self.map.zone
        is_day = column.type == "date"
        if array is not None and _is_moment(array):
            return _typed_moments(array, is_day, zone)
        words = self.words(name)
        micros, fits, offset, has = parse_words(words.folded, column.format, is_day=is_day)
        known = words.spread(fits, False)
        some = bool(has.any())
        found = Moments(
            words.spread(micros, 0), known, zone,
            words.spread(offset, 0) if some else None, words.spread(has, False) if some else None,
        )  # fmt: skip
        return found, (words.codes >= 0) & ~known


def _nothing(rows: int) -> Words:
    import pyarrow as pa

    return Words(pa.array([], pa.string()), np.full(rows, -1, np.int32))


def _is_integer(array: Any) -> bool:
    import pyarrow.types as t

    return bool(t.is_integer(array.type))


def _is_moment(array: Any) -> bool:
    import pyarrow.types as t

    value = array.type.value_type if t.is_dictionary(array.type) else array.type
    return bool(t.is_timestamp(value) or t.is_date(value))


def _plain_integers(array: Any) -> tuple[npt.NDArray[np.int64], Known]:
    import pyarrow as pa
    import pyarrow.types as t

    if t.is_uint64(array.type):
        array = array.cast(pa.decimal128(20, 0)).cast(pa.float64())
    known = np.asarray(array.is_valid())
    return np.asarray(array.fill_null(0)).astype(np.int64), known


def _as_words(array: Any, nulls: tuple[str, ...]) -> Words:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as t

    encoded = array if t.is_dictionary(array.type) else _narrow(array).dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1)).astype(np.int32, copy=False)
    found = Words(pc.fill_null(_text(encoded.dictionary), ""), codes)
    nothing = np.asarray(pc.is_in(found.folded, pa.array(nulls, pa.string())))
    nothing |= np.asarray(encoded.dictionary.is_null())
    return (
        Words(
            found.as_written,
            found.spread(np.where(nothing, -1, np.arange(len(nothing), dtype=np.int32)), -1).astype(
                np.int32, copy=False
            ),
        )
        if nothing.any()
        else found
    )


def _narrow(array: Any) -> Any:
    """Text of one kind, so that one kind of dictionary is made of it."""
    import pyarrow as pa
    import pyarrow.types as t

    return array.cast(pa.string()) if t.is_string_view(array.type) or t.is_large_string(array.type) else array


def _text(values: Any) -> Any:
    """Distinct values as words: whole numbers without a point, yes and no as true and false, days as ISO 8601."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as t

    if t.is_null(values.type):
        return pa.nulls(len(values), pa.string())
    text = values.cast(pa.string())
    if t.is_floating(values.type):
        return pc.if_else(
            pc.is_nan(values), pa.scalar(None, pa.string()), pc.replace_substring_regex(text, r"\.0$", "")
        )
    if t.is_decimal(values.type):
        return pc.replace_substring_regex(text, r"\.0*$", "")
    return text


def _whole_words(folded: Any, times: int, rounding: str) -> tuple[npt.NDArray[np.int64], Known]:
    """Each word as a whole number, and which are one: multiplied first, then rounded, without any floating point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    fits = pc.match_substring_regex(folded, _FLOAT)
    wide = pc.if_else(fits, folded, "0").cast(pa.decimal256(40, 30))
    product = pc.multiply(wide, pa.scalar(Decimal(times), pa.decimal256(10, 0)))
    whole = {"up": pc.ceil, "down": pc.floor}.get(rounding, pc.floor)(product)
    exact = np.asarray(pc.equal(whole, product)) | (rounding != "")
    values = np.asarray(whole.cast(pa.decimal256(40, 0)).cast(pa.int64()))
    return values, np.asarray(fits) & exact & (values <= 999_999_999)


def _typed_moments(array: Any, is_day: bool, zone: str) -> tuple[Moments, Known]:
    """Dates and times that the file holds as such."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as t

    if t.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    kept = getattr(array.type, "tz", None) or ""
    if kept and is_day:
        array = pc.local_timestamp(array.cast(pa.timestamp("us", zone or kept)))
    valid = np.asarray(array.is_valid())
    plain = array.cast(pa.timestamp("us", kept if t.is_timestamp(array.type) and array.type.tz else None), safe=False)
    micros = np.asarray(plain.cast(pa.int64()).fill_null(0))
    if is_day:
        micros = micros // DAY_US * DAY_US
    known = valid & (micros >= -25_567 * DAY_US) & (micros < 84_371 * DAY_US)
    has = np.ones(len(micros), bool) if kept and not is_day else None
    return Moments(micros, known, zone or (kept if has is not None else ""), None, has), valid & ~known
