"""When something is due, with the working in words; how many hours, days or midnights lie between two times.

Hours and minutes are elapsed time, so a change to daylight saving time moves the hour on the wall. While a local day
that does not count lasts, the clock stands still. Days, business days and months leave out the first day, count
the last, and end with it: one second before the next local midnight. Nothing moves a last day that falls on a weekend
or holiday unless the deadline excludes such days: the earlier day is the safe one to show.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from brightline.law.calendars import Calendar, holiday_on
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.norms import Within

__all__ = ["EXCLUDES", "UNITS", "Due", "Within", "check_within", "count", "due", "earliest", "extended"]

_AT_ONCE = {"immediately": "at once", "promptly": "promptly", "as_soon_as_practicable": "as soon as practicable"}
_CLOCKS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
UNITS = (*_AT_ONCE, *_CLOCKS, "days", "business_days", "months")
EXCLUDES = ("saturdays", "sundays", "holidays")
_COUNTS = ("hours", "days", "business_days", "midnights")

_LARGEST_AMOUNT = 100_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST_NAMED = 4
_DAY, _SECOND, _INSTANT = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Counts = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: `due_at` in UTC, and `working`, the same in words and local time."""

    due_at: datetime
    working: str


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
    excluded. `immediately` and its like are due at the start, or by the end of it if the start is a date.
    `began` and `cites` go into the working: `received`, `8 CFR 287.7(d)`.

    Raises: BrightlineError `deadline` if the length of time makes no sense, the start is a time without an offset
    or lacks a needed time of day, or the years are out of range.
    """
    check_within(within)
    local = _zone(start, zone)
    _check_years(start)
    days = _days(within.unit, within.excludes, calendar)
    if within.unit in _CLOCKS:
        due_at = _after_clock(_moment(start), within.amount * _CLOCKS[within.unit], days.count_on, local)
    elif within.unit in _AT_ONCE:
        due_at = _moment(start) if isinstance(start, datetime) else _end_of(start, local)
    else:
        due_at = _end_of(_last_day(_on(start, local), within, days.count_on), local)
    return Due(due_at, _working(start, due_at, within, days, local, began, f", {cites}" if cites else ""))


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
        return -(-_elapsed(_moment(start), _moment(end), days, local) // _CLOCKS["hours"])
    first, last = _on(start, local), _on(end, local)
    return (
        sum(1 for day in _dates(first + _DAY, last) if days.count_on(day))
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
    (by the end of the same day) and is 1 or more otherwise; months exclude nothing.
    """
    amount, unit = within.amount, within.unit
    if unit not in UNITS:
        raise BrightlineError("deadline", f"{shown(unit)} is not a unit of a deadline", near_misses(unit, UNITS), where)
    _check_excludes(unit, within.excludes, where)
    least = 0 if unit in _AT_ONCE or (unit == "days" and not within.excludes) else 1
    most = 0 if unit in _AT_ONCE else _LARGEST_AMOUNT
    if isinstance(amount, bool) or not isinstance(amount, int) or not least <= amount <= most:
        advice = "write `amount: 0`" if unit in _AT_ONCE else f"write a whole number from {least} to {most}"
        raise BrightlineError("deadline", f"{shown(amount)} is not an amount of `{unit}`", advice, where)


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


def _days(unit: str, excludes: Sequence[str], calendar: Calendar | None) -> _Days:
    excluded = frozenset(EXCLUDES if unit == "business_days" else excludes)
    if calendar is None and "holidays" in excluded:
        raise BrightlineError(
            "deadline", "holidays are excluded and no calendar says which they are", "name one with `calendar: us`"
        )
    return _Days(excluded, calendar)


@dataclass(frozen=True, slots=True)
class _Days:
    """Which local days count, and what to call those that do not."""

    excludes: frozenset[str]
    calendar: Calendar | None

    def reason(self, day: date) -> str:
        """The first of `EXCLUDES` that leaves a day out, empty if it counts."""
        if day.weekday() >= 5 and (weekend := EXCLUDES[day.weekday() - 5]) in self.excludes:
            return weekend
        return "holidays" if self.holiday(day) else ""

    def count_on(self, day: date) -> bool:
        """Whether a day counts."""
        return not self.reason(day)

    def holiday(self, day: date) -> str:
        """The name of the holiday that leaves a day out, empty on other days."""
        if self.calendar is None or "holidays" not in self.excludes:
            return ""
        found = holiday_on(self.calendar, day)
        return "" if found is None else found.name + (", observed" if found.observed_for else "")


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a local day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return _midnight(day + _DAY, zone) - _SECOND


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


def _after_clock(start: datetime, left: timedelta, counts: Counts, zone: tzinfo) -> datetime:
    day, begins = start.astimezone(zone).date(), start
    while True:
        ends = _midnight(day + _DAY, zone)
        if counts(day):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day, begins = day + _DAY, ends


def _elapsed(start: datetime, end: datetime, days: _Days, zone: tzinfo) -> timedelta:
    if not days.excludes:
        return max(end - start, timedelta(0))
    total, day, begins = timedelta(0), start.astimezone(zone).date(), start
    while begins < end:
        ends = _midnight(day + _DAY, zone)
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


def _working(start: date, due_at: datetime, within: Within, days: _Days, zone: tzinfo, began: str, cites: str) -> str:
    begun = f"{began} {_stamp(start, zone)}"
    if within.amount == 0 and within.unit == "days":
        return f"{begun}; due by the end of the same day{cites}"
    if within.unit in _AT_ONCE:
        return f"{begun}; due {_AT_ONCE[within.unit]}{cites}"
    first, last = _on(start, zone), (due_at - _INSTANT).astimezone(zone).date()
    if within.unit in _CLOCKS:
        middle = _left_out(first, last, days) or _all_count(within, days)
        return f"{begun}; {middle}{cites}; due {_stamp(due_at, zone)}{_clock_change(start, due_at, days, zone)}"
    middle = _left_out(first + _DAY, last, days) or _all_count(within, days)
    return f"{begun}; {middle}{cites}; due by the end of {_day(last)}"


def _all_count(within: Within, days: _Days) -> str:
    if within.unit == "months":
        return "a month runs to the same date, or to the last day of a shorter month"
    if not days.excludes:
        return (
            f"every {within.unit.rstrip('s')} counts"
            if within.unit in _CLOCKS
            else "the day after is day 1 and every day counts"
        )
    return f"no {_listed([word[:-1].title() for word in EXCLUDES if word in days.excludes], 'or').replace('Holiday', 'holiday')} falls in between"


def _left_out(first: date, last: date, days: _Days) -> str:
    skipped = [day for day in _dates(first, last) if not days.count_on(day)] if days.excludes else []
    if not skipped:
        return ""
    verb = "does not count" if len(skipped) == 1 else "do not count"
    if len(skipped) <= _MOST_NAMED and (last - first).days <= 7:
        return f"{_listed([_named(day, days) for day in skipped])} {verb}"
    return f"{_listed(_summed(skipped, days))} {verb}"


def _named(day: date, days: _Days) -> str:
    holiday = days.holiday(day) if days.reason(day) == "holidays" else ""
    return _WEEKDAYS[day.weekday()] + (f" (holiday: {holiday})" if holiday else "")


def _summed(skipped: Sequence[date], days: _Days) -> list[str]:
    parts = []
    for reason, word in (("saturdays", "Saturday"), ("sundays", "Sunday"), ("holidays", "holiday")):
        found = [day for day in skipped if days.reason(day) == reason]
        if found:
            names = (
                [f"{_day(day)} {days.holiday(day)}" for day in found]
                if reason == "holidays" and len(found) <= _MOST_NAMED
                else []
            )
            parts.append(
                f"{len(found):,} {word}{'s' if len(found) > 1 else ''}" + (f" ({'; '.join(names)})" if names else "")
            )
    return parts


def _listed(words: Sequence[str], joint: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()][:3]} {day:%Y-%m-%d}"


def _stamp(moment: date, zone: tzinfo) -> str:
    """A local time to the minute; with the name of the zone's time where the wall clock shows it twice."""
    if not isinstance(moment, datetime):
        return _day(moment)
    local = moment.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{_day(local)} {local:%H:%M}" + (f" {local.tzname()}" if twice else "")


def _clock_change(start: date, due_at: datetime, days: _Days, zone: tzinfo) -> str:
    begun = _moment(start)
    if _offset(begun, zone) == _offset(due_at, zone):
        return ""
    for day in _dates(_on(begun, zone), _on(due_at, zone)):
        first, last = max(begun, _midnight(day, zone)), min(due_at, _midnight(day + _DAY, zone))
        if days.count_on(day) and _offset(first, zone) != _offset(last, zone):
            return f" (the clocks change on {_day(day)})"
    return ""


def _offset(moment: datetime, zone: tzinfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
