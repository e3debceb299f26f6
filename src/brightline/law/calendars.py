"""Legal holidays of any year, worked out from rules that each carry their citation.

A holiday falls on its own date and, where the law says so, is observed on a neighbouring day as well.
Which day of the week it is, is a matter of dates alone: no time zone takes part here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = [
    "Calendar",
    "EasterOffset",
    "FixedDate",
    "Holiday",
    "HolidayRule",
    "NthWeekday",
    "Rule",
    "Shift",
    "SingleDay",
    "easter",
    "holiday_on",
    "holidays",
    "keeping",
    "on_their_dates",
]


@dataclass(frozen=True, slots=True)
class FixedDate:
    """The same date every year; February 29 falls in leap years only."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth weekday of a month, or some days after it. `nth` is 1 to 4, -1 for the last; Monday is weekday 0."""

    nth: int
    weekday: int
    month: int
    days_after: int = 0


@dataclass(frozen=True, slots=True)
class SingleDay:
    """One day of one year, as a governor or president appoints it."""

    on: date


@dataclass(frozen=True, slots=True)
class EasterOffset:
    """Some days after Easter Sunday of the western churches, before it if negative: Good Friday is -2."""

    days: int


Rule = FixedDate | NthWeekday | SingleDay | EasterOffset


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a holiday that falls on `weekday` (Monday is 0) is observed: `days` later, or earlier if negative."""

    weekday: int
    days: int
    cites: str


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """One holiday as the law defines it. A year outside `first_year` to `last_year` (both included, None is open) has none.

    With `every` 2, only each second year from `first_year` on has one. `decided_by` names the body whose choice it is whether the day is kept; empty if the law decides.
    """

    id: str
    name: str
    rule: Rule
    cites: str
    evidence: str
    first_year: int | None = None
    last_year: int | None = None
    shifts: tuple[Shift, ...] = ()
    is_kept: bool = True
    decided_by: str = ""
    note: str = ""
    every: int = 1


@dataclass(frozen=True, slots=True)
class Holiday:
    """A legal holiday on one day. `observed_for` is the date that it stands in for, None on the date itself."""

    on: date
    name: str
    cites: str
    observed_for: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The legal holidays of one jurisdiction. On one date, the rule listed first gives the name."""

    id: str
    title: str
    citation: str
    source: str
    evidence: str
    verified_on: str
    rules: tuple[HolidayRule, ...]
    note: str = ""


def holidays(calendar: Calendar, year: int) -> dict[date, Holiday]:
    """Every day of a year that is a legal holiday, in order, days observed for a neighbouring year's holiday included.

    A holiday that is observed on another day stays a holiday on its own date. Empty if no rule is in force.
    """
    return dict(_of_year(calendar, year))


def holiday_on(calendar: Calendar, day: date) -> Holiday | None:
    """The holiday on a day, None on any other day."""
    return _of_year(calendar, day.year).get(day)


def keeping(calendar: Calendar, choices: Mapping[str, bool]) -> Calendar:
    """The calendar of a body that has decided which optional holidays it keeps.

    Raises: BrightlineError `unknown-name` for a holiday that is not there or is not a matter of choice.
    """
    optional = [rule.id for rule in calendar.rules if rule.decided_by]
    for name in choices:
        if name not in optional:
            message = f"{shown(name)} is not an optional holiday of `{calendar.id}`"
            raise BrightlineError(
                "unknown-name", message, near_misses(name, optional, "this calendar leaves no choice")
            )
    return replace(calendar, rules=tuple(replace(r, is_kept=choices.get(r.id, r.is_kept)) for r in calendar.rules))


def on_their_dates(calendar: Calendar) -> Calendar:
    """The calendar read without observed days, for law whose text does not reach them."""
    return replace(calendar, rules=tuple(replace(rule, shifts=()) for rule in calendar.rules))


@lru_cache(maxsize=1024)
def _of_year(calendar: Calendar, year: int) -> Mapping[date, Holiday]:
    near = [
        found
        for rule in calendar.rules
        if rule.is_kept
        for y in (year - 1, year, year + 1)
        for found in _falls(rule, y)
    ]
    near.sort(
        key=lambda holiday: holiday.observed_for is not None
    )  # a holiday proper names the day before an observed one
    days: dict[date, Holiday] = {}
    for holiday in near:
        if holiday.on.year == year:
            days.setdefault(holiday.on, holiday)
    return MappingProxyType(dict(sorted(days.items())))


def _falls(rule: HolidayRule, year: int) -> Iterator[Holiday]:
    if not (rule.first_year or year) <= year <= (rule.last_year or year):
        return
    if (year - (rule.first_year or year)) % rule.every:
        return
    on = _date_of(rule.rule, year)
    if on is None:
        return
    yield Holiday(on, rule.name, rule.cites)
    for shift in rule.shifts:
        if shift.weekday == on.weekday():
            yield Holiday(on + timedelta(shift.days), rule.name, shift.cites, observed_for=on)


def _date_of(rule: Rule, year: int) -> date | None:
    if isinstance(rule, SingleDay):
        return rule.on if rule.on.year == year else None
    if isinstance(rule, NthWeekday):
        return _nth_weekday(rule, year) + timedelta(rule.days_after)
    if isinstance(rule, EasterOffset):
        return easter(year) + timedelta(rule.days)
    try:
        return date(year, rule.month, rule.day)
    except ValueError:
        return None


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar.

    Source: the method of the Nature correspondent of 1876, as in J. Meeus, Astronomical Algorithms, ch. 8.
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leaps, leap_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - moon - leap_rest) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _nth_weekday(rule: NthWeekday, year: int) -> date:
    if rule.nth < 0:
        last = (date(year, rule.month, 28) + timedelta(4)).replace(day=1) - timedelta(1)
        return last - timedelta((last.weekday() - rule.weekday) % 7)
    first = date(year, rule.month, 1)
    return first + timedelta((rule.weekday - first.weekday()) % 7 + 7 * (rule.nth - 1))
