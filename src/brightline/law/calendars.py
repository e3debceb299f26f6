"""Legal holidays of any year, worked out from rules that each carry their citation.

A holiday falls on its own date and, where the law says so, is observed on a neighbouring day as well.
Which day of the week it is, is a matter of dates alone: no time zone takes part here.
"""

from __future__ import annotations

import re
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
    "calendar_from",
    "easter",
    "holiday_on",
    "holidays",
    "keeping",
    "on_their_dates",
]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_OBSERVED = {"day before": -1, "day after": 1}
_EVIDENCE = ("read", "secondary", "memory")
_NTH = re.compile(rf"(day after )?({'|'.join(_ORDINALS)}) ({'|'.join(_WEEKDAYS)}) in ({'|'.join(_MONTHS)})\Z")
_FIXED = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})\Z")
_EASTER = re.compile(r"(\d{1,2}) days? (before|after) easter\Z")
_CALENDAR_FIELDS = (
    "calendar",
    "title",
    "citation",
    "source",
    "evidence",
    "verified_on",
    "note",
    "observed",
    "holidays",
)
_HOLIDAY_FIELDS = ("id", "name", "rule", "cites", "evidence", "in_force", "observed", "choice", "note")


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


def calendar_from(mapping: object, where: str) -> Calendar:
    """The calendar that a parsed calendar file holds. `where` is the file, used if the mapping knows no line.

    Raises: BrightlineError `calendar` for a missing or malformed part, `unknown-field`, `unknown-value`.
    """
    row = _Row.of(mapping, "the calendar", where)
    row.reject_unknown(_CALENDAR_FIELDS)
    evidence = row.evidence("")
    shifts = _shifts(row.get("observed"), where)
    rules = tuple(_holiday(entry, shifts, evidence, where) for entry in row.entries("holidays"))
    _check_ids_differ(rules, row.place("holidays"))
    texts = (row.text("calendar"), row.text("title"), row.text("citation"), row.text("source"))
    return Calendar(*texts, evidence, str(row.get("verified_on") or ""), rules, str(row.get("note") or ""))


def _holiday(entry: object, shifts: Mapping[str, Shift], evidence: str, where: str) -> HolidayRule:
    row = _Row.of(entry, "a holiday", where)
    row.reject_unknown(_HOLIDAY_FIELDS)
    first_year, last_year, every = _years(row)
    is_kept, decided_by = _choice(row)
    return HolidayRule(
        row.text("id"),
        row.text("name"),
        _rule(row),
        row.text("cites"),
        row.evidence(evidence),
        first_year,
        last_year,
        tuple(_observed(row, shifts)),
        is_kept,
        decided_by,
        str(row.get("note") or ""),
        every,
    )


def _rule(row: _Row) -> Rule:
    text = str(row.get("rule") or "")
    words = text.lower()
    if found := _NTH.match(words):
        after, nth, weekday, month = found.groups()
        return NthWeekday(_ORDINALS[nth], _WEEKDAYS.index(weekday), _MONTHS.index(month) + 1, 1 if after else 0)
    if found := _EASTER.match(words):
        return EasterOffset(int(found[1]) * (-1 if found[2] == "before" else 1))
    try:
        if found := _FIXED.match(words):
            leap_day = date(2000, _MONTHS.index(found[1]) + 1, int(found[2]))
            return FixedDate(leap_day.month, leap_day.day)
        return SingleDay(date.fromisoformat(text))
    except ValueError:
        advice = "write `June 19`, `third Monday in January`, `last Monday in May`, `day after fourth Thursday in November`, `2 days before Easter` or `2026-01-02`"
        raise BrightlineError(
            "calendar", f"{shown(text)} is not a rule for a date", advice, row.place("rule")
        ) from None


def _years(row: _Row) -> tuple[int | None, int | None, int]:
    if row.get("in_force") is None:
        return None, None, 1
    years = _Row.of(row.get("in_force"), "`in_force`", row.place("in_force"))
    years.reject_unknown(("from", "to", "every"))
    first, last = years.year("from"), years.year("to")
    if first and last and last < first:
        raise BrightlineError(
            "calendar",
            f"`in_force` ends in {last}, before it starts in {first}",
            "swap the years",
            row.place("in_force"),
        )
    return first, last, _every(years, first)


def _every(years: _Row, first: int | None) -> int:
    every = years.get("every")
    if every is None:
        return 1
    if isinstance(every, bool) or not isinstance(every, int) or not 2 <= every <= 10 or first is None:
        message = f"{shown(every)} is not a number of years after `from`"
        raise BrightlineError("calendar", message, "write `in_force: {from: 2020, every: 2}`", years.place("every"))
    return every


def _choice(row: _Row) -> tuple[bool, str]:
    if row.get("choice") is None:
        return True, ""
    choice = _Row.of(row.get("choice"), "`choice`", row.place("choice"))
    choice.reject_unknown(("by", "presumed"))
    if not isinstance(choice.get("presumed"), bool):
        raise BrightlineError(
            "calendar",
            "`presumed` is missing or is not true or false",
            "write `presumed: true` or `presumed: false`",
            choice.place("presumed"),
        )
    return choice.get("presumed") is True, choice.text("by")


def _shifts(mapping: object, where: str) -> dict[str, Shift]:
    if mapping is None:
        return {}
    row = _Row.of(mapping, "`observed`", where)
    row.reject_unknown(_WEEKDAYS)
    return {weekday: _shift(weekday, row, where) for weekday in row.fields}


def _shift(weekday: str, parent: _Row, where: str) -> Shift:
    row = _Row.of(parent.get(weekday), f"`{weekday}`", where)
    row.reject_unknown(("moves_to", "cites"))
    to = row.text("moves_to")
    if to not in _OBSERVED:
        raise BrightlineError(
            "unknown-value",
            f"{shown(to)} is not a day to move a holiday to",
            near_misses(to, _OBSERVED),
            row.place("moves_to"),
        )
    return Shift(_WEEKDAYS.index(weekday), _OBSERVED[to], row.text("cites"))


def _observed(row: _Row, shifts: Mapping[str, Shift]) -> Iterator[Shift]:
    weekdays = row.get("observed")
    if not isinstance(weekdays, (list, type(None))):
        raise BrightlineError(
            "calendar",
            "`observed` must be a list of weekdays",
            "write `observed: [saturday, sunday]`",
            row.place("observed"),
        )
    for weekday in weekdays or ():
        if weekday not in shifts:
            message = f"the calendar does not say where a holiday on {shown(weekday)} is observed"
            raise BrightlineError(
                "unknown-value", message, near_misses(weekday, shifts, "add it under `observed`"), row.place("observed")
            )
        yield shifts[weekday]


def _check_ids_differ(rules: tuple[HolidayRule, ...], place: str) -> None:
    ids = [rule.id for rule in rules]
    for name in ids:
        if ids.count(name) > 1:
            raise BrightlineError(
                "calendar", f"the holiday {shown(name)} is listed twice", "give each rule its own `id`", place
            )


@dataclass(frozen=True, slots=True)
class _Row:
    """A mapping of the file with its name in messages; knows its lines if the mapping does."""

    fields: Mapping[str, object]
    what: str
    file: str

    @classmethod
    def of(cls, value: object, what: str, where: str) -> _Row:
        if not isinstance(value, Mapping):
            raise BrightlineError("calendar", f"{what} must be a mapping", "write `name: value` lines", where)
        return cls(value, what, where)

    def get(self, key: str) -> object:
        return self.fields.get(key)

    def place(self, key: str = "") -> str:
        lines = getattr(self.fields, "where", None)
        return str(lines(key)) if callable(lines) else self.file

    def reject_unknown(self, known: tuple[str, ...]) -> None:
        for key in self.fields:
            if key not in known:
                raise BrightlineError(
                    "unknown-field",
                    f"{shown(key)} is not a field of {self.what}",
                    near_misses(key, known),
                    self.place(str(key)),
                )

    def text(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            name = f" of {shown(self.get('id'))}" if self.get("id") else ""
            raise BrightlineError(
                "calendar", f"`{key}`{name} is missing or is not text", f"write `{key}: ...`", self.place(key)
            )
        return value

    def evidence(self, otherwise: str) -> str:
        value = self.get("evidence") or otherwise
        if value not in _EVIDENCE:
            raise BrightlineError(
                "unknown-value",
                f"{shown(value)} does not say how well the source was checked",
                near_misses(value, _EVIDENCE),
                self.place("evidence"),
            )
        return str(value)

    def year(self, key: str) -> int | None:
        value = self.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1600 <= value <= 9000):
            return value
        raise BrightlineError("calendar", f"{shown(value)} is not a year", f"write `{key}: 2023`", self.place(key))

    def entries(self, key: str) -> list[object]:
        value = self.get(key)
        if not isinstance(value, list) or not value:
            raise BrightlineError(
                "calendar",
                f"`{key}` must be a list with at least one entry",
                "start each entry with `- `",
                self.place(key),
            )
        return value
