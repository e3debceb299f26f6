"""How a deadline was counted, in words and local time: which days did not count, where its last day went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from brightline.law.calendars import Calendar, holiday_on
from brightline.law.norms import Within

__all__ = [
    "AT_ONCE", "CLOCKS", "EXCLUDES", "Days", "clock_words", "dates", "day_name", "day_words", "midnight", "roll_words", "stamp",
]  # fmt: skip

AT_ONCE = {"immediately": "at once", "promptly": "promptly", "as_soon_as_practicable": "as soon as practicable"}
CLOCKS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
EXCLUDES = ("saturdays", "sundays", "holidays")

_MOST_NAMED = 4
_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Days:
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


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a local day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def dates(first: date, last: date) -> Iterable[date]:
    """The days from the first to the last, both included; none if the last is before the first."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def clock_words(start: datetime, due_at: datetime, within: Within, days: Days, zone: tzinfo, cites: str) -> str:
    """The working of hours and minutes, after how the clock began."""
    first, last = start.astimezone(zone).date(), (due_at - _INSTANT).astimezone(zone).date()
    middle = _left_out(first, last, days) or _all_count(within, days)
    return f"{middle}{cites}; due {stamp(due_at, zone)}{_clock_change(start, due_at, days, zone)}"


def day_words(first: date, last: date, within: Within, days: Days, cites: str) -> str:
    """The working of days and months up to the last one, after how the clock began."""
    return f"{_left_out(first + _DAY, last, days) or _all_count(within, days)}{cites}"


def roll_words(last: date, to: date, over: Days, cites: str) -> str:
    """Why a last day is not the one that counts, and where it moved: `the last day (2026-05-24) is a Sunday; ...`."""
    holiday = over.holiday(last)
    kind = f"a holiday ({holiday})" if over.reason(last) == "holidays" else f"a {_WEEKDAYS[last.weekday()]}"
    passed = [_named(day, over) for day in dates(last + _DAY, to - _DAY)]
    past = f", past {_listed(passed)}" if passed else ""
    return f"the last day ({last}) is {kind}; moved to {_WEEKDAYS[to.weekday()]}{past}" + (
        f": {cites}" if cites else ""
    )


def _all_count(within: Within, days: Days) -> str:
    if within.unit == "months":
        return "a month runs to the same date, or to the last day of a shorter month"
    if not days.excludes:
        return (
            f"every {within.unit.rstrip('s')} counts"
            if within.unit in CLOCKS
            else "the day after is day 1 and every day counts"
        )
    return f"no {_listed([word[:-1].title() for word in EXCLUDES if word in days.excludes], 'or').replace('Holiday', 'holiday')} falls in between"


def _left_out(first: date, last: date, days: Days) -> str:
    skipped = [day for day in dates(first, last) if not days.count_on(day)] if days.excludes else []
    if not skipped:
        return ""
    verb = "does not count" if len(skipped) == 1 else "do not count"
    if len(skipped) <= _MOST_NAMED and (last - first).days <= 7:
        return f"{_listed([_named(day, days) for day in skipped])} {verb}"
    return f"{_listed(_summed(skipped, days))} {verb}"


def _named(day: date, days: Days) -> str:
    holiday = days.holiday(day) if days.reason(day) == "holidays" else ""
    return _WEEKDAYS[day.weekday()] + (f" (holiday: {holiday})" if holiday else "")


def _summed(skipped: Sequence[date], days: Days) -> list[str]:
    parts = []
    for reason, word in (("saturdays", "Saturday"), ("sundays", "Sunday"), ("holidays", "holiday")):
        found = [day for day in skipped if days.reason(day) == reason]
        if found:
            names = (
                [f"{day_name(day)} {days.holiday(day)}" for day in found]
                if reason == "holidays" and len(found) <= _MOST_NAMED
                else []
            )
            parts.append(
                f"{len(found):,} {word}{'s' if len(found) > 1 else ''}" + (f" ({'; '.join(names)})" if names else "")
            )
    return parts


def _listed(words: Sequence[str], joint: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def day_name(day: date) -> str:
    """A day as the working writes it: `Sun 2026-05-24`."""
    return f"{_WEEKDAYS[day.weekday()][:3]} {day:%Y-%m-%d}"


def stamp(moment: date, zone: tzinfo) -> str:
    """A local time to the minute; with the name of the zone's time where the wall clock shows it twice."""
    if not isinstance(moment, datetime):
        return day_name(moment)
    local = moment.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{day_name(local)} {local:%H:%M}" + (f" {local.tzname()}" if twice else "")


def _clock_change(start: datetime, due_at: datetime, days: Days, zone: tzinfo) -> str:
    begun = start.astimezone(UTC)
    if _offset(begun, zone) == _offset(due_at, zone):
        return ""
    for day in dates(begun.astimezone(zone).date(), due_at.astimezone(zone).date()):
        first, last = max(begun, midnight(day, zone)), min(due_at, midnight(day + _DAY, zone))
        if days.count_on(day) and _offset(first, zone) != _offset(last, zone):
            return f" (the clocks change on {day_name(day)})"
    return ""


def _offset(moment: datetime, zone: tzinfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
