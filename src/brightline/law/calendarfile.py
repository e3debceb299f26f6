"""Calendar files: holidays as a file writes them, read into rules. See docs/reference/calendars.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from brightline.law.calendars import Calendar, EasterOffset, FixedDate, HolidayRule, NthWeekday, Rule, Shift, SingleDay
from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["calendar_from"]

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
