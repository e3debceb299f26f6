"""When something is due, with the working in words; how many hours, days or midnights lie between two times.

Hours and minutes are elapsed time, so a change to daylight saving time moves the hour on the wall. While a local day
that does not count lasts, the clock stands still. Days, business days and months leave out the first day, count
the last, and end with it: one second before the next local midnight. A last day that falls on a weekend or holiday
moves only where the law of the deadline says that it rolls: otherwise the earlier day is the safe one to show.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from brightline.law.calendars import Calendar
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.norms import Rolls, Within
from brightline.law.working import (
    AT_ONCE,
    CLOCKS,
    EXCLUDES,
    Days,
    clock_words,
    dates,
    day_name,
    day_words,
    midnight,
    roll_words,
    stamp,
)  # fmt: skip

__all__ = [
    "EXCLUDES", "ROLLING", "UNITS", "Due", "Rolls", "Within", "check_within", "count", "due", "earliest", "extended",
    "needs_calendar",
]  # fmt: skip

UNITS = (*AT_ONCE, *CLOCKS, "days", "business_days", "months")
ROLLING = ("days", "months")
_COUNTS = ("hours", "days", "business_days", "midnights")

_LARGEST_AMOUNT = 100_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)

Counts = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: `due_at` in UTC, and `working`, the same in words and local time.

    `rolled_from` is the local day on which it would have been due if its last day had not rolled; None if it has not.
    """

    due_at: datetime
    working: str
    rolled_from: date | None = None


def due(
    start: datetime | date,
    within: Within,
    calendar: Calendar | None,
    zone: tzinfo | None,
    *,
    began: str = "started",
    cites: str = "",
) -> Due:
    """When a deadline ends that starts at an aware time or on a date, and why.

    `zone` is the local time zone; None takes the start's own offset. `calendar` may be None if no holidays are
    excluded or rolled over. `immediately` and its like are due at the start, or by the end of it if the start is a
    date. `began` and `cites` go into the working: `received`, `8 CFR 287.7(d)`.

    Raises: BrightlineError `deadline` if the length of time makes no sense, the start is a time without an offset
    or lacks a needed time of day, or the years are out of range.
    """
    check_within(within)
    local = _zone(start, zone)
    _check_years(start)
    begun, cited = f"{began} {stamp(start, local)}", f", {cites}" if cites else ""
    if within.unit in AT_ONCE:
        due_at = _moment(start) if isinstance(start, datetime) else _end_of(start, local)
        return Due(due_at, f"{begun}; due {AT_ONCE[within.unit]}{cited}")
    days = _days(within.unit, within.excludes, calendar)
    if within.unit not in CLOCKS:
        return _due_on(_on(start, local), within, days, local, begun, cited)
    began_at = _moment(start)
    due_at = _after_clock(began_at, within.amount * CLOCKS[within.unit], days.count_on, local)
    return Due(due_at, f"{begun}; {clock_words(began_at, due_at, within, days, local, cited)}")


def _due_on(first: date, within: Within, days: Days, zone: tzinfo, begun: str, cited: str) -> Due:
    """When a deadline in days or months ends: with its last day, or with the day to which that rolls."""
    if within.amount == 0:
        return Due(_end_of(first, zone), f"{begun}; due by the end of the same day{cited}")
    last = to = _last_day(first, within, days.count_on)
    words = f"{begun}; {day_words(first, last, within, days, cited)}; "
    if within.rolls:
        over = _days(within.unit, (*within.excludes, *within.rolls.over), days.calendar)
        to = _rolled(last, over.count_on)
        words += f"{roll_words(last, to, over, within.rolls.cites)}; " if to != last else ""
    return Due(_end_of(to, zone), f"{words}due by the end of {day_name(to)}", last if to != last else None)


def _rolled(last: date, counts: Counts) -> date:
    while not counts(last):
        last += _DAY
    return last


def count(
    start: datetime | date,
    end: datetime | date,
    unit: str,
    excludes: Sequence[str],
    calendar: Calendar | None,
    zone: tzinfo | None,
) -> int:
    """How many counted hours, days, business days or midnights lie between; 0 if the end is not after the start.

    An hour counts as soon as it has begun: 48 h 00 m 00 s is 48, one second more is 49. Days leave out the first
    day and count the last. A midnight at the start is not between, one at the end is; midnights exclude nothing.
    `zone` and `calendar` are as for `due`; two dates need no zone.

    Raises: BrightlineError `deadline`, as for `due`.
    """
    _check_count(unit, excludes)
    times = [moment for moment in (start, end) if isinstance(moment, datetime)]
    local = _zone(times[0], zone) if times else UTC
    _check_years(start)
    _check_years(end)
    days = _days(unit, excludes, calendar)
    if unit == "hours":
        return -(-_elapsed(_moment(start), _moment(end), days, local) // CLOCKS["hours"])
    first, last = _on(start, local), _on(end, local)
    return (
        sum(1 for day in dates(first + _DAY, last) if days.count_on(day))
        if days.excludes
        else max(0, (last - first).days)
    )


def extended(within: Within, extension: Within | None) -> Within:
    """The time that applies: the extension where there is one, in place of the ordinary time."""
    return extension or within


def earliest(dues: Iterable[Due]) -> Due | None:
    """The deadline to keep where several apply: the first of the earliest. None if there are none."""
    return min(dues, key=lambda one: one.due_at, default=None)


def check_within(within: Within, where: str = "") -> None:
    """Refuse a length of time that cannot be counted.

    Raises: BrightlineError `deadline`. The amount is 0 for `immediately` and its like, may be 0 for plain `days`
    (by the end of the same day) and is 1 or more otherwise; months exclude nothing. A last day rolls only where days
    or months are counted: a clock has no last day, a business day is never one to move, a day that is set stays.
    """
    amount, unit = within.amount, within.unit
    if unit not in UNITS:
        raise BrightlineError("deadline", f"{shown(unit)} is not a unit of a deadline", near_misses(unit, UNITS), where)
    _check_excludes(unit, within.excludes, where)
    _check_rolls(within, where)
    least = 0 if unit in AT_ONCE or (unit == "days" and not within.excludes) else 1
    most = 0 if unit in AT_ONCE else _LARGEST_AMOUNT
    if isinstance(amount, bool) or not isinstance(amount, int) or not least <= amount <= most:
        advice = "write `amount: 0`" if unit in AT_ONCE else f"write a whole number from {least} to {most}"
        raise BrightlineError("deadline", f"{shown(amount)} is not an amount of `{unit}`", advice, where)


def needs_calendar(within: Within) -> bool:
    """Whether a length of time can be counted only by someone who knows the holidays."""
    rolled_over = within.rolls.over if within.rolls else ()
    return within.unit == "business_days" or "holidays" in (*within.excludes, *rolled_over)


def _check_rolls(within: Within, where: str) -> None:
    if within.rolls is None:
        return
    for word in within.rolls.over:
        if word not in EXCLUDES:
            raise BrightlineError(
                "deadline", f"no last day rolls over {shown(word)}", near_misses(word, EXCLUDES), where
            )
    if within.unit not in ROLLING or within.amount == 0 or not within.rolls.over:
        raise BrightlineError(
            "deadline",
            f"the last day of {shown(within.amount)} `{within.unit}` does not roll over {', '.join(within.rolls.over) or 'any day'}",
            "`rolls` is for `days` and `months`, 1 or more, and names the days to roll over",
            where,
        )


def _check_excludes(unit: str, excludes: Sequence[str], where: str = "") -> None:
    for word in excludes:
        if word not in EXCLUDES:
            raise BrightlineError("deadline", f"{shown(word)} cannot be excluded", near_misses(word, EXCLUDES), where)
    if excludes and unit in ("months", "midnights"):
        raise BrightlineError(
            "deadline", f"`{unit}` are counted whole and exclude nothing", "write `excludes: []`", where
        )


def _check_count(unit: str, excludes: Sequence[str]) -> None:
    if unit not in _COUNTS:
        raise BrightlineError(
            "deadline", f"{shown(unit)} cannot be counted between two times", near_misses(unit, _COUNTS)
        )
    _check_excludes(unit, excludes)


def _check_years(moment: date) -> None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise BrightlineError(
            "deadline", f"the year {moment.year} is out of range", f"give a date from {_FIRST_YEAR} to {_LAST_YEAR}"
        )


def _zone(start: date, zone: tzinfo | None) -> tzinfo:
    found = zone
    if isinstance(start, datetime):
        _check_offset(start)
        found = zone or start.tzinfo
    if found is None:
        raise BrightlineError(
            "deadline", "a date alone does not say in which time zone it is", "set `time_zone` in the profile"
        )
    return found


def _check_offset(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise BrightlineError(
            "deadline", f"{shown(moment)} has no UTC offset", "write the offset: 2026-01-16T18:05:00-06:00"
        )


def _moment(start: date) -> datetime:
    if not isinstance(start, datetime):
        raise BrightlineError(
            "deadline", f"{shown(start)} has no time of day", "hours are counted from a time: 2026-01-16T18:05:00-06:00"
        )
    _check_offset(start)
    return start.astimezone(UTC)


def _on(start: date, zone: tzinfo) -> date:
    return _moment(start).astimezone(zone).date() if isinstance(start, datetime) else start


def _days(unit: str, excludes: Sequence[str], calendar: Calendar | None) -> Days:
    excluded = frozenset(EXCLUDES if unit == "business_days" else excludes)
    if calendar is None and "holidays" in excluded:
        raise BrightlineError(
            "deadline", "holidays are excluded and no calendar says which they are", "name one with `calendar: us`"
        )
    return Days(excluded, calendar)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return midnight(day + _DAY, zone) - _SECOND


def _after_clock(start: datetime, left: timedelta, counts: Counts, zone: tzinfo) -> datetime:
    day, begins = start.astimezone(zone).date(), start
    while True:
        ends = midnight(day + _DAY, zone)
        if counts(day):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day, begins = day + _DAY, ends


def _elapsed(start: datetime, end: datetime, days: Days, zone: tzinfo) -> timedelta:
    if not days.excludes:
        return max(end - start, timedelta(0))
    total, day, begins = timedelta(0), start.astimezone(zone).date(), start
    while begins < end:
        ends = midnight(day + _DAY, zone)
        total += min(ends, end) - begins if days.count_on(day) else timedelta(0)
        day, begins = day + _DAY, ends
    return total


def _last_day(first: date, within: Within, counts: Counts) -> date:
    if within.unit == "months":
        return _months_later(first, within.amount)
    day, left = first, within.amount
    while left:
        day += _DAY
        left -= counts(day)
    return day


def _months_later(first: date, amount: int) -> date:
    years, month = divmod(first.month - 1 + amount, 12)
    if first.year + years > 9000:
        raise BrightlineError("deadline", f"{amount} months run out of the calendar", "check the amount")
    last = _months.monthrange(first.year + years, month + 1)[1]
    return date(first.year + years, month + 1, min(first.day, last))
