"""Dates and times as they stand in files, read in one pass over the distinct words: strict, and never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["DAY_US", "Moments", "check_format", "check_zone", "has_clock", "parse_words"]

DAY_US = 86_400_000_000
_FIRST_DAY, _LAST_DAY = -25567, 84370  # from the first of January 1900 to the last of December 2200
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_OFFSET = r"z|utc|[+-]\d{2}(?::?\d{2})?"
_PARTS = {
    "Y": r"\d{4}", "m": r"\d{1,2}", "d": r"\d{1,2}", "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{1,2}", "S": r"\d{1,2}",
    "y": r"\d{2}", "b": "|".join(_MONTHS), "B": "|".join(_FULL), "p": "am|pm", "f": r"\d{1,6}", "z": _OFFSET,
}  # fmt: skip
_ISO = (
    rf"^(?P<Y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})"
    rf"(?:[t ](?P<H>\d{{2}}):(?P<M>\d{{2}})(?::(?P<S>\d{{2}})(?:\.(?P<f>\d{{1,9}}))?)?)?(?: ?(?P<z>{_OFFSET}))?$"
)
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Moments:
    """Times: microseconds since 1970 on the clock of the place, or in UTC where `offset_s` says how far that clock is.

    `offset_s` (seconds east of UTC) is None where the words carry none; `has_offset` says which are in UTC. `zone` is the IANA
    zone of the column, or empty for that of the row's profile. Where `known` is False the rest means nothing.
    """

    micros: Numbers
    known: npt.NDArray[np.bool_]
    zone: str = ""
    offset_s: Numbers | None = None
    has_offset: npt.NDArray[np.bool_] | None = None

    def at(self, rows: Any) -> Moments:
        """The moments of some rows."""
        return Moments(
            self.micros[rows],
            self.known[rows],
            self.zone,
            None if self.offset_s is None else self.offset_s[rows],
            None if self.has_offset is None else self.has_offset[rows],
        )


def check_zone(name: str, where: str) -> str:
    """An IANA time zone, or nothing. Raises: BrightlineError `replay-map`."""
    try:
        return ZoneInfo(name).key if name else ""
    except (OSError, ValueError, KeyError):
        raise BrightlineError(
            "replay-map", f"unknown time zone {shown(name)}", "write `America/Chicago`", where
        ) from None


def check_format(written: str, where: str) -> str:
    """A format of dates or times, or nothing for ISO 8601. Raises: BrightlineError `replay-map`."""
    letters = re.findall(r"%(.)", written.replace("%%", ""))
    for letter in letters:
        if letter not in _PARTS:
            raise BrightlineError(
                "replay-map",
                f"{shown('%' + letter)} is not a part of a format",
                near_misses(letter, _PARTS, "use " + " ".join(f"%{k}" for k in _PARTS)),
                where,
            )
    days = {"Y", "y"}.intersection(letters) and {"m", "b", "B"}.intersection(letters) and "d" in letters
    if written and not (days and len(set(letters)) == len(letters)):
        raise BrightlineError(
            "replay-map", f"{shown(written)} does not name a year, a month and a day", "write such as `%m/%d/%Y`", where
        )
    return written


def has_clock(written: str) -> bool:
    """Whether a format tells the time of day."""
    return not written or "%H" in written or "%I" in written


@cache
def _pattern(written: str) -> str:
    if not written:
        return _ISO
    parts = re.split(r"%(.)", written)
    text = "".join(
        (("%" if part == "%" else f"(?P<{part}>{_PARTS[part]})") if number % 2 else re.escape(part.lower()))
        for number, part in enumerate(parts)
    )
    return f"^{text}$"


def parse_words(
    words: Any, written: str, *, is_day: bool
) -> tuple[Numbers, npt.NDArray[np.bool_], Numbers, npt.NDArray[np.bool_]]:
    """Microseconds, which words are such a moment, offsets in seconds, and which words carry one.

    `words` is an Arrow array of folded text. With `is_day`, the time of day and the offset are left out. Otherwise a
    word without a time of day is not a moment.
    """
    import pyarrow.compute as pc

    found = pc.extract_regex(words, _pattern(written))
    is_match = np.asarray(found.is_valid())
    names = {found.type.field(i).name for i in range(found.type.num_fields)}
    get = lambda name: pc.struct_field(found, name) if name in names else None  # noqa: E731
    days, ok = _days(get)
    ok &= is_match
    zeros = np.zeros(len(ok), np.int64)
    if is_day:
        return days * DAY_US, ok, zeros, np.zeros(len(ok), bool)
    clock, clock_ok = _clock(get, written)
    offset, has = _offset(get("z"), len(ok))
    return days * DAY_US + clock - offset * 1_000_000, ok & clock_ok, offset, has & is_match


def _number(column: Any, empty: int = 0) -> Numbers:
    """Digits as numbers; no digits at all are `empty`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.fill_null(column, "")
    return np.asarray(pc.if_else(pc.equal(text, ""), str(empty), text).cast(pa.int64()))


def _days(get: Any) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Days since 1970, and which exist. Source: the proleptic Gregorian calendar, counted from the first of March."""
    if get("Y") is not None:
        year = _number(get("Y"))
    else:
        short = _number(get("y"))
        year = np.where(short < 69, 2000 + short, 1900 + short)
    month = _month(get)
    day = _number(get("d"))
    length = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.clip(month, 0, 12)]
    length = length + ((month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    ok = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return days, ok & (days >= _FIRST_DAY) & (days <= _LAST_DAY)


def _month(get: Any) -> Numbers:
    import pyarrow as pa
    import pyarrow.compute as pc

    if get("m") is not None:
        return _number(get("m"))
    names, column = (_MONTHS, get("b")) if get("b") is not None else (_FULL, get("B"))
    return np.asarray(pc.fill_null(pc.index_in(column, pa.array(names)), -1)).astype(np.int64) + 1


def _clock(get: Any, written: str) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Microseconds since midnight, and which words tell them."""
    minute, second = (_number(get(k)) if get(k) is not None else np.int64(0) for k in ("M", "S"))
    micros = _fraction(get("f"))
    if get("H") is not None:
        hour = _number(get("H"), empty=-1)
        ok = (hour >= 0) & (hour <= 23)
    else:
        twelve = _number(get("I"), empty=-1)
        ok = (twelve >= 1) & (twelve <= 12)
        hour = twelve % 12 + 12 * _is_afternoon(get("p"))
    ok = ok & (minute <= 59) & (second <= 59)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros, ok


def _is_afternoon(column: Any) -> Any:
    import pyarrow.compute as pc

    return np.int64(0) if column is None else np.asarray(pc.fill_null(pc.equal(column, "pm"), False)).astype(np.int64)


def _fraction(column: Any) -> Any:
    import pyarrow.compute as pc

    if column is None:
        return np.int64(0)
    return _number(pc.utf8_slice_codeunits(pc.utf8_rpad(pc.fill_null(column, ""), 6, "0"), 0, 6))


def _offset(column: Any, size: int) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Seconds east of UTC, and which words say so."""
    import pyarrow.compute as pc

    if column is None:
        return np.zeros(size, np.int64), np.zeros(size, bool)
    text = pc.fill_null(column, "")
    has = np.asarray(pc.not_equal(text, ""))
    plain = pc.replace_substring_regex(pc.replace_substring(text, ":", ""), "^(z|utc)$", "+0000")
    hours, minutes = (_number(pc.utf8_slice_codeunits(plain, a, a + 2)) for a in (1, 3))
    sign = np.where(np.asarray(pc.starts_with(plain, "-")), -1, 1)
    return sign * (hours * 3600 + minutes * 60), has
