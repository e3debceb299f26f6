"""Times on the clock of a place, and time that counts: as the law counts hours and midnights, for many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from brightline.law.calendars import Calendar
from brightline.law.vocabulary import Derivation
from brightline.law.working import EXCLUDES, Days
from brightline.replay.maps.moments import DAY_US, Moments

__all__ = ["elapsed", "in_utc", "local_days"]

Numbers = npt.NDArray[np.int64]
_HOUR_US = 3_600_000_000
_EPOCH = date(1970, 1, 1)


def in_utc(moments: Moments, profile_zone: str) -> tuple[Numbers, npt.NDArray[np.bool_], str]:
    """Microseconds in UTC, which are known, and the zone that days are counted in: empty for each row's own offset.

    A time without an offset, where neither its column nor the profile has a zone, is not known.
    """
    zone = moments.zone or profile_zone
    has = moments.has_offset
    if has is not None and bool(has[moments.known].all()):
        return moments.micros, moments.known, profile_zone or (moments.zone if moments.offset_s is None else "")
    if not zone:
        none = np.zeros(len(moments.micros), bool)
        return moments.micros, moments.known & (has if has is not None else none), ""
    utc = _local_to_utc(moments.micros, zone)
    return (utc if has is None else np.where(has, moments.micros, utc)), moments.known, profile_zone or zone


def _local_to_utc(micros: Numbers, zone: str) -> Numbers:
    """As Python reads a time on a wall clock: the first of two, and in a gap by the clock before it."""
    distinct, where = np.unique(micros, return_inverse=True)
    slots, of_slot = np.unique(distinct // 60_000_000, return_inverse=True)
    offsets = np.array([_offset_us(int(slot), zone) for slot in slots], dtype=np.int64)
    return (distinct - offsets[of_slot])[where]


@lru_cache(maxsize=1_000_000)
def _offset_us(minute: int, zone: str) -> int:
    local = datetime(1970, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001 - the clock of the place
    offset = local.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0)
    return round(offset.total_seconds() * 1_000_000)


def elapsed(rule: Derivation, start: Numbers, end: Numbers, zone: str, calendar: Calendar | None) -> Numbers:
    """Hours or midnights from start to end, as `law.deadlines.count` counts them; -1 where the end lies before the start.

    `start` and `end` are microseconds in UTC; an empty `zone` counts days in UTC.
    """
    before = end < start
    if rule.unit == "midnights":
        found = np.maximum(0, local_days(end, zone) - local_days(start, zone))
    elif not rule.excludes and rule.unit == "hours":
        found = -(-(end - start) // _HOUR_US)
    else:
        found = _counted(rule, start, end, zone, calendar)
    return np.where(before, -1, found)


def _counted(rule: Derivation, start: Numbers, end: Numbers, zone: str, calendar: Calendar | None) -> Numbers:
    excluded = frozenset(EXCLUDES if rule.unit == "business_days" else rule.excludes)
    counts = Days(excluded, calendar).count_on
    first, opens = _midnights(start, end, zone)
    counted = _which_count(first, len(opens) - 1, counts)
    if rule.unit != "hours":
        through = np.concatenate(([0], np.cumsum(counted)))
        a, b = (np.searchsorted(opens, moment, "right") - 1 for moment in (start, end))
        return np.maximum(0, through[b + 1] - through[a + 1])
    before = np.concatenate(([0], np.cumsum(np.diff(opens) * counted)))

    def passed(moment: Numbers) -> Numbers:
        day = np.searchsorted(opens, moment, "right") - 1
        return before[day] + counted[day] * (moment - opens[day])

    return -(-(passed(end) - passed(start)) // _HOUR_US)


def _which_count(first: int, days: int, counts: Callable[[date], bool]) -> Numbers:
    return np.array([counts(_EPOCH + timedelta(days=first + i)) for i in range(days)], dtype=np.int64)


def local_days(moment: Numbers, zone: str) -> Numbers:
    """The day of each moment on the clock of the place, as days since 1970."""
    if not zone:
        return moment // DAY_US
    first, opens = _midnights(moment, moment, zone)
    return np.searchsorted(opens, moment, "right") - 1 + first


def _midnights(start: Numbers, end: Numbers, zone: str) -> tuple[int, Numbers]:
    """The first day, and when each day begins in UTC, from the first of them to two days after the last."""
    if not len(start):
        return 0, np.array([0, DAY_US], dtype=np.int64)
    first = int(min(start.min(), end.min()) // DAY_US) - 1
    last = int(max(start.max(), end.max()) // DAY_US) + 3
    return first, np.array([_midnight_us(day, zone) for day in range(first, last + 1)], dtype=np.int64)


@lru_cache(maxsize=500_000)
def _midnight_us(day: int, zone: str) -> int:
    """When a local day begins; where the clock skips midnight, the first moment of the day."""
    if not zone:
        return day * DAY_US
    from brightline.law.working import midnight

    at = midnight(_EPOCH + timedelta(days=day), ZoneInfo(zone)).astimezone(UTC)
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
