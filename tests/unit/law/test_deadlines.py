"""When something is due: worked examples, and properties against an oracle that steps minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import brightline.law.calendars as calendars
from brightline.law.calendarfile import calendar_from
from brightline.law.calendars import Calendar, holiday_on, keeping, on_their_dates
from brightline.law.deadlines import (
    EXCLUDES,
    ROLLING,
    UNITS,
    Due,
    Rolls,
    Within,
    check_within,
    count,
    due,
    earliest,
    extended,
    needs_calendar,
)
from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import load_yaml

FOLDER = Path(calendars.__file__).parent.parent / "corpus" / "calendars"
US, MN = (calendar_from(load_yaml(FOLDER / f"{name}.yaml"), name) for name in ("us", "us-mn"))
CHICAGO = ZoneInfo("America/Chicago")
ALL = EXCLUDES
HOLD = Within(48, "hours", ALL)
FLAT = Within(48, "hours")


def at(text: str, zone: tzinfo = CHICAGO, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def local(found: Due, zone: tzinfo = CHICAGO) -> str:
    return f"{found.due_at.astimezone(zone):%a %Y-%m-%d %H:%M:%S}"


def due_here(start: datetime | date, within: Within, calendar: Calendar | None = US) -> Due:
    return due(start, within, calendar, CHICAGO)


# Hours ------------------------------------------------------------------------------------------


def test_a_hold_before_a_long_weekend_ends_on_wednesday_with_the_working_shown() -> None:
    found = due(at("2026-01-16T18:05"), HOLD, US, CHICAGO, began="received", cites="8 CFR 287.7(d)")
    assert local(found) == "Wed 2026-01-21 18:05:00"
    assert found.due_at.tzinfo is UTC
    assert found.working == (
        "received Fri 2026-01-16 18:05; Saturday, Sunday and Monday (holiday: Birthday of Martin Luther King, Jr.) "
        "do not count, 8 CFR 287.7(d); due Wed 2026-01-21 18:05"
    )


def test_a_clock_stops_on_the_weekend() -> None:
    assert local(due_here(at("2026-01-09T17:00"), HOLD)) == "Tue 2026-01-13 17:00:00"


def test_a_flat_clock_runs_through_the_weekend() -> None:
    found = due(at("2020-03-27T17:00"), FLAT, None, CHICAGO, began="released", cites="Form I-247A")
    assert local(found) == "Sun 2020-03-29 17:00:00"
    assert found.working == "released Fri 2020-03-27 17:00; every hour counts, Form I-247A; due Sun 2020-03-29 17:00"


def test_a_clock_that_starts_on_the_weekend_waits_for_monday() -> None:
    found = due_here(at("2026-01-10T11:30"), Within(2, "hours", ALL))
    assert local(found) == "Mon 2026-01-12 02:00:00"
    assert found.working == "started Sat 2026-01-10 11:30; Saturday and Sunday do not count; due Mon 2026-01-12 02:00"


def test_a_clock_that_runs_out_at_midnight_is_not_carried_over_the_weekend() -> None:
    found = due_here(at("2026-01-09T22:00"), Within(2, "hours", ALL))
    assert local(found) == "Sat 2026-01-10 00:00:00"
    assert "no Saturday, Sunday or holiday falls in between" in found.working


def test_a_clock_stops_only_on_the_days_the_law_leaves_out() -> None:
    start = at("2026-01-16T18:05")
    assert local(due_here(start, Within(48, "hours", ("sundays",)))) == "Mon 2026-01-19 18:05:00"
    assert local(due_here(start, Within(96, "hours", ("holidays",)))) == "Wed 2026-01-21 18:05:00"
    assert local(due_here(start, Within(48, "hours", ("saturdays",)))) == "Mon 2026-01-19 18:05:00"


def test_a_clock_stops_on_an_observed_holiday_and_not_when_it_is_read_by_date() -> None:
    start = at("2026-07-02T09:00")
    assert local(due_here(start, HOLD)) == "Tue 2026-07-07 09:00:00"
    assert local(due_here(start, HOLD, on_their_dates(US))) == "Mon 2026-07-06 09:00:00"
    assert (
        "Friday (holiday: Independence Day, observed), Saturday and Sunday do not count"
        in due_here(start, HOLD).working
    )


def test_a_clock_over_new_year_knows_the_holiday_of_the_next_year() -> None:
    assert local(due_here(at("2021-12-30T12:00"), Within(24, "hours", ALL))) == "Mon 2022-01-03 12:00:00"
    assert local(due_here(at("2026-12-31T12:00"), Within(24, "hours", ALL))) == "Mon 2027-01-04 12:00:00"


def test_the_calendar_decides_what_a_holiday_is() -> None:
    start = at("2026-11-25T12:00")
    city = keeping(MN, {"friday-after-thanksgiving": True})
    assert local(due_here(start, Within(24, "hours", ALL), MN)) == "Fri 2026-11-27 12:00:00"
    assert local(due_here(start, Within(24, "hours", ALL), city)) == "Mon 2026-11-30 12:00:00"


def test_minutes_count_like_hours() -> None:
    found = due_here(at("2026-01-09T23:30"), Within(90, "minutes", ("saturdays",)))
    assert local(found) == "Sun 2026-01-11 01:00:00"
    assert "every minute counts" in due_here(at("2026-01-09T23:30"), Within(30, "minutes")).working


def test_seconds_of_the_start_are_kept() -> None:
    assert local(due_here(at("2026-01-09T17:00:59"), HOLD)) == "Tue 2026-01-13 17:00:59"


# Daylight saving time ---------------------------------------------------------------------------


def test_in_march_a_flat_clock_ends_an_hour_later_on_the_wall() -> None:
    found = due_here(at("2026-03-07T18:00"), FLAT)
    assert local(found) == "Mon 2026-03-09 19:00:00"
    assert found.working.endswith("due Mon 2026-03-09 19:00 (the clocks change on Sun 2026-03-08)")
    assert found.due_at - at("2026-03-07T18:00").astimezone(UTC) == timedelta(hours=48)


def test_in_november_a_flat_clock_ends_an_hour_earlier_on_the_wall() -> None:
    assert local(due_here(at("2026-10-31T18:00"), FLAT)) == "Mon 2026-11-02 17:00:00"


@pytest.mark.parametrize(
    ("start", "end"), [("2026-03-06T18:00", "Tue 2026-03-10 18:00:00"), ("2026-10-30T18:00", "Tue 2026-11-03 18:00:00")]
)
def test_a_clock_that_stops_on_sunday_does_not_feel_the_change(start: str, end: str) -> None:
    found = due_here(at(start), HOLD)
    assert local(found) == end
    assert "clocks change" not in found.working


def test_the_day_the_clocks_go_forward_has_23_hours() -> None:
    assert local(due_here(at("2026-03-08T00:00"), Within(23, "hours"))) == "Mon 2026-03-09 00:00:00"
    assert local(due_here(at("2026-03-08T01:30"), Within(1, "hours"))) == "Sun 2026-03-08 03:30:00"


def test_the_day_the_clocks_go_back_has_25_hours() -> None:
    assert local(due_here(at("2026-11-01T00:00"), Within(25, "hours"))) == "Mon 2026-11-02 00:00:00"


def test_an_hour_that_comes_twice_is_named_with_its_time() -> None:
    first, second = (due_here(at("2026-10-31T23:30"), Within(n, "hours")) for n in (2, 3))
    assert second.due_at - first.due_at == timedelta(hours=1)
    assert "due Sun 2026-11-01 01:30 CDT" in first.working
    assert "due Sun 2026-11-01 01:30 CST" in second.working


def test_of_two_deadlines_in_the_hour_that_comes_twice_the_first_is_kept() -> None:
    first, second = (due_here(at("2026-10-31T23:30"), Within(n, "hours")) for n in (2, 3))
    assert earliest([second, first]) is first


def test_a_start_in_the_hour_that_comes_twice_is_told_by_its_fold() -> None:
    first, second = (due_here(at("2026-11-01T01:30", fold=fold), Within(1, "hours")) for fold in (0, 1))
    assert (local(first), local(second)) == ("Sun 2026-11-01 01:30:00", "Sun 2026-11-01 02:30:00")


def test_the_time_zone_decides_which_day_it_is() -> None:
    start = datetime(2026, 1, 10, 5, 30, tzinfo=UTC)
    assert due(start, Within(1, "hours", ALL), US, CHICAGO).due_at == datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
    assert due(start, Within(1, "hours", ALL), US, UTC).due_at == datetime(2026, 1, 12, 1, tzinfo=UTC)


def test_without_a_zone_the_offset_of_the_start_is_used() -> None:
    central = timezone(timedelta(hours=-6))
    found = due(datetime(2026, 1, 16, 18, 5, tzinfo=central), HOLD, US, None)
    assert found == due_here(at("2026-01-16T18:05"), HOLD)


# Days, business days, months --------------------------------------------------------------------


def test_days_leave_out_the_first_day_and_end_with_the_last() -> None:
    found = due(at("2026-01-16T18:05"), Within(30, "days"), None, CHICAGO, began="received", cites="X § 1")
    assert local(found) == "Sun 2026-02-15 23:59:59"
    assert found.working == (
        "received Fri 2026-01-16 18:05; the day after is day 1 and every day counts, X § 1; due by the end of Sun 2026-02-15"
    )


def test_a_date_and_any_time_on_it_give_the_same_day_count() -> None:
    assert (
        due_here(date(2026, 1, 16), Within(30, "days")).due_at
        == due_here(at("2026-01-16T23:59"), Within(30, "days")).due_at
    )


def test_the_last_day_ends_at_local_midnight_whatever_the_clocks_did() -> None:
    assert local(due_here(date(2026, 3, 6), Within(2, "days"))) == "Sun 2026-03-08 23:59:59"
    assert local(due_here(date(2026, 10, 30), Within(2, "days"))) == "Sun 2026-11-01 23:59:59"
    havana = ZoneInfo("America/Havana")  # where midnight itself is skipped in March and comes twice in November
    assert local(due(date(2026, 3, 6), Within(1, "days"), None, havana), havana) == "Sat 2026-03-07 23:59:59"
    assert local(due(date(2026, 10, 31), Within(1, "days"), None, havana), havana) == "Sun 2026-11-01 23:59:59"


def test_no_days_is_the_end_of_the_same_day() -> None:
    found = due(
        at("2026-01-16T09:00"), Within(0, "days"), None, CHICAGO, began="released", cites="N.J. Directive 2018-6"
    )
    assert local(found) == "Fri 2026-01-16 23:59:59"
    assert found.working == "released Fri 2026-01-16 09:00; due by the end of the same day, N.J. Directive 2018-6"


def test_business_days_leave_out_weekends_and_holidays() -> None:
    found = due(at("2026-01-14T09:00"), Within(3, "business_days"), MN, CHICAGO, began="received")
    assert local(found) == "Tue 2026-01-20 23:59:59"
    assert found.working == (
        "received Wed 2026-01-14 09:00; Saturday, Sunday and Monday (holiday: Martin Luther King's Birthday) do not count; "
        "due by the end of Tue 2026-01-20"
    )


def test_business_days_need_no_list_of_what_they_exclude() -> None:
    start = at("2026-01-14T09:00")
    assert due_here(start, Within(3, "business_days")) == due_here(start, Within(3, "business_days", ALL))


def test_one_business_day_from_friday_is_monday() -> None:
    assert local(due_here(at("2026-01-09T09:00"), Within(1, "business_days"))) == "Mon 2026-01-12 23:59:59"


def test_business_days_over_the_year_end() -> None:
    assert local(due_here(date(2021, 12, 30), Within(1, "business_days"))) == "Mon 2022-01-03 23:59:59"


def test_days_can_leave_out_sundays_only() -> None:
    found = due_here(date(2026, 1, 9), Within(2, "days", ("sundays",)))
    assert local(found) == "Mon 2026-01-12 23:59:59"
    assert "; Sunday does not count;" in found.working


def test_a_plain_last_day_on_a_weekend_is_not_moved() -> None:
    assert local(due_here(date(2026, 1, 9), Within(1, "days"))) == "Sat 2026-01-10 23:59:59"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, "2026-02-28"),
        (date(2024, 1, 31), 1, "2024-02-29"),
        (date(2024, 2, 29), 12, "2025-02-28"),
        (date(2024, 2, 29), 48, "2028-02-29"),
        (date(2026, 8, 31), 1, "2026-09-30"),
        (date(2026, 10, 15), 3, "2027-01-15"),
        (date(2026, 12, 31), 2, "2027-02-28"),
        (date(2026, 12, 1), 1, "2027-01-01"),
        (date(2026, 1, 15), 6, "2026-07-15"),
    ],
)
def test_months_run_to_the_same_date_or_the_last_of_a_shorter_month(start: date, months: int, end: str) -> None:
    found = due_here(start, Within(months, "months"), None)
    assert local(found)[4:] == f"{end} 23:59:59"
    assert "or to the last day of a shorter month" in found.working


def test_a_leap_day_is_a_day() -> None:
    assert local(due_here(date(2024, 2, 28), Within(1, "days"))) == "Thu 2024-02-29 23:59:59"
    assert local(due_here(date(2026, 2, 28), Within(1, "days"))) == "Sun 2026-03-01 23:59:59"


# At once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "words"),
    [("immediately", "at once"), ("promptly", "promptly"), ("as_soon_as_practicable", "as soon as practicable")],
)
def test_what_is_due_at_once_is_due_at_the_start_and_says_so(unit: str, words: str) -> None:
    found = due(
        at("2026-01-16T18:05"), Within(0, unit), None, CHICAGO, began="received", cites="Cal. Gov't Code § 7283.1(b)"
    )
    assert found.due_at == at("2026-01-16T18:05")
    assert found.working == f"received Fri 2026-01-16 18:05; due {words}, Cal. Gov't Code § 7283.1(b)"


def test_what_is_due_at_once_from_a_date_is_due_by_its_end() -> None:
    assert local(due_here(date(2026, 1, 16), Within(0, "promptly"))) == "Fri 2026-01-16 23:59:59"


# Words ------------------------------------------------------------------------------------------


def test_a_long_run_is_summed_and_its_few_holidays_are_named() -> None:
    assert due_here(at("2026-01-16T18:05"), Within(21, "business_days"), MN).working == (
        "started Fri 2026-01-16 18:05; 5 Saturdays, 5 Sundays and 2 holidays (Mon 2026-01-19 Martin Luther King's Birthday; "
        "Mon 2026-02-16 Washington's and Lincoln's Birthday) do not count; due by the end of Wed 2026-02-18"
    )


def test_a_very_long_run_only_counts_its_holidays() -> None:
    working = due_here(date(2026, 1, 2), Within(240, "business_days")).working
    assert "50 Saturdays, 50 Sundays and 9 holidays do not count" in working


def test_one_holiday_in_a_long_run_has_its_date() -> None:
    working = due_here(date(2026, 2, 2), Within(20, "days", ("holidays",))).working
    assert "; 1 holiday (Mon 2026-02-16 Washington's Birthday) does not count; " in working


def test_a_holiday_on_an_excluded_weekend_is_not_counted_twice() -> None:
    working = due_here(at("2026-07-02T09:00"), Within(200, "hours", ALL)).working
    assert "2 Saturdays, 2 Sundays and 1 holiday (Fri 2026-07-03 Independence Day, observed) do not count" in working


def test_a_weekend_holiday_is_named_where_only_holidays_are_excluded() -> None:
    working = due_here(at("2026-07-02T09:00"), Within(48, "hours", ("holidays",))).working
    assert (
        "Friday (holiday: Independence Day, observed) and Saturday (holiday: Independence Day) do not count" in working
    )


@given(
    st.integers(1, 400),
    st.sampled_from(["hours", "business_days", "days"]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_the_working_stays_short_enough_to_read(amount: int, unit: str, day: date) -> None:
    working = due(
        datetime(day.year, day.month, day.day, 9, tzinfo=CHICAGO),
        Within(amount, unit, ALL),
        US,
        CHICAGO,
        cites="8 CFR 287.7(d)",
    ).working
    assert len(working) < 400
    assert working.count(";") >= 2
    assert "  " not in working


# Counting ---------------------------------------------------------------------------------------


def hours(start: str, end: str, excludes: tuple[str, ...] = ALL) -> int:
    return count(at(start), at(end), "hours", excludes, US, CHICAGO)


def test_exactly_48_hours_is_48_and_a_second_more_is_49() -> None:
    assert hours("2026-01-16T18:05", "2026-01-21T18:05") == 48
    assert hours("2026-01-16T18:05", "2026-01-21T18:05:01") == 49
    assert hours("2026-01-16T18:05", "2026-01-21T18:04:59") == 48


def test_flat_hours_count_through_weekends_and_clock_changes() -> None:
    assert hours("2020-03-27T17:00", "2020-03-29T18:00", ()) == 49
    assert hours("2026-03-07T18:00", "2026-03-09T18:00", ()) == 47
    assert hours("2026-10-31T18:00", "2026-11-02T18:00", ()) == 49


def test_hours_on_excluded_days_count_nothing() -> None:
    assert hours("2026-01-10T00:00", "2026-01-12T00:00") == 0
    assert hours("2026-01-09T23:00", "2026-01-12T01:00") == 2


@pytest.mark.parametrize("unit", ["hours", "days", "business_days", "midnights"])
def test_a_hold_that_ends_before_it_starts_counts_nothing(unit: str) -> None:
    assert count(at("2026-01-16T18:05"), at("2026-01-14T18:05"), unit, (), US, CHICAGO) == 0
    assert count(at("2026-01-16T18:05"), at("2026-01-16T18:05"), unit, (), US, CHICAGO) == 0


@pytest.mark.parametrize(
    ("start", "end", "midnights"),
    [
        ("2026-01-16T18:05", "2026-01-16T23:59:59", 0),
        ("2026-01-16T18:05", "2026-01-17T00:00", 1),
        ("2026-01-16T00:00", "2026-01-16T23:59", 0),
        ("2026-01-16T23:59", "2026-01-18T00:01", 2),
        ("2026-03-07T23:00", "2026-03-09T01:00", 2),
        ("2025-12-31T12:00", "2026-01-01T12:00", 1),
    ],
)
def test_midnights_are_those_after_the_start_up_to_the_end(start: str, end: str, midnights: int) -> None:
    assert count(at(start), at(end), "midnights", (), None, CHICAGO) == midnights


def test_midnights_are_those_of_the_local_clock() -> None:
    start, end = datetime(2026, 1, 16, 23, tzinfo=UTC), datetime(2026, 1, 17, 1, tzinfo=UTC)
    assert count(start, end, "midnights", (), None, CHICAGO) == 0
    assert count(start, end, "midnights", (), None, None) == 1


def test_without_a_zone_two_offsets_are_read_by_the_start() -> None:
    start = datetime(2026, 1, 16, 22, tzinfo=timezone(timedelta(hours=-6)))
    end = datetime(2026, 1, 17, 5, 30, tzinfo=UTC)
    assert count(start, end, "midnights", (), None, None) == 0
    assert count(start, end, "hours", (), None, None) == 2


def test_days_between_dates_need_no_zone() -> None:
    assert count(date(2026, 1, 16), date(2026, 1, 21), "days", (), None, None) == 5
    assert count(date(2026, 1, 16), date(2026, 1, 21), "business_days", (), US, None) == 2
    assert count(date(2026, 1, 16), date(2026, 1, 21), "days", ("sundays",), None, None) == 4
    assert count(date(2026, 1, 16), at("2026-01-21T09:00"), "days", (), None, None) == 5


# Extensions and several deadlines ---------------------------------------------------------------


def test_an_extension_takes_the_place_of_the_ordinary_time() -> None:
    assert extended(Within(30, "days"), Within(90, "days")) == Within(90, "days")
    assert extended(Within(30, "days"), None) == Within(30, "days")


def test_the_earliest_deadline_is_kept_and_the_first_of_equals() -> None:
    one, two, three = (due_here(at("2026-01-16T18:05"), w) for w in (HOLD, FLAT, Within(48 * 60, "minutes")))
    assert earliest([one, two, three]) is two
    assert earliest([]) is None


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "within",
    [
        Within(48, "hour"),
        Within(0, "hours"),
        Within(0, "business_days"),
        Within(0, "days", ALL),
        Within(-1, "days"),
        Within(1, "promptly"),
        Within(48, "hours", ("weekends",)),
        Within(1, "months", ("holidays",)),
        Within(100_001, "hours"),
        Within(True, "hours"),
        Within("48", "hours"),
        Within(1.5, "hours"),  # type: ignore[arg-type]
    ],
)
def test_a_length_of_time_that_makes_no_sense_is_refused(within: Within) -> None:
    with pytest.raises(BrightlineError) as caught:
        check_within(within, "law.yaml:7")
    assert (caught.value.code, caught.value.where) == ("deadline", "law.yaml:7")
    assert caught.value.help
    with pytest.raises(BrightlineError):
        due_here(at("2026-01-16T18:05"), within)


@pytest.mark.parametrize("within", [HOLD, FLAT, Within(0, "promptly"), Within(5, "days"), Within(1, "months")])
def test_a_time_without_an_offset_is_refused(within: Within) -> None:
    for zone in (CHICAGO, None):
        with pytest.raises(BrightlineError, match="has no UTC offset"):
            due(datetime(2026, 1, 16, 18, 5), within, US, zone)  # noqa: DTZ001
    with pytest.raises(BrightlineError, match="has no UTC offset"):
        count(at("2026-01-16T18:05"), datetime(2026, 1, 17), "hours", (), US, CHICAGO)  # noqa: DTZ001


def test_hours_from_a_date_alone_are_refused() -> None:
    with pytest.raises(BrightlineError, match="has no time of day"):
        due_here(date(2026, 1, 16), HOLD)
    with pytest.raises(BrightlineError, match="has no time of day"):
        count(date(2026, 1, 16), date(2026, 1, 17), "hours", (), US, CHICAGO)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(BrightlineError, match="in which time zone"):
        due(date(2026, 1, 16), Within(5, "days"), US, None)


def test_holidays_without_a_calendar_are_refused() -> None:
    for within in (HOLD, Within(5, "business_days")):
        with pytest.raises(BrightlineError, match="no calendar"):
            due_here(at("2026-01-16T18:05"), within, None)


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_a_year_out_of_range_is_refused(year: int) -> None:
    with pytest.raises(BrightlineError, match="out of range"):
        due_here(date(year, 6, 1), Within(5, "days"))
    with pytest.raises(BrightlineError, match="out of range"):
        count(date(2026, 1, 1), date(year, 6, 1), "days", (), None, None)


def test_months_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(BrightlineError, match="out of the calendar"):
        due_here(date(2026, 1, 16), Within(100_000, "months"))


@pytest.mark.parametrize(
    ("unit", "excludes"), [("minutes", ()), ("months", ()), ("midnights", ALL), ("hours", ("weekends",))]
)
def test_what_cannot_be_counted_is_refused(unit: str, excludes: tuple[str, ...]) -> None:
    with pytest.raises(BrightlineError) as caught:
        count(at("2026-01-16T18:05"), at("2026-01-17T18:05"), unit, excludes, US, CHICAGO)
    assert caught.value.code == "deadline"


def test_every_unit_has_an_amount_that_is_accepted() -> None:
    for unit in UNITS:
        check_within(Within(0 if unit in UNITS[:3] else 1, unit))


# Properties -------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    [
        CHICAGO,
        ZoneInfo("America/New_York"),
        ZoneInfo("America/Los_Angeles"),
        ZoneInfo("Pacific/Honolulu"),
        ZoneInfo("America/Havana"),
        timezone(timedelta(hours=-6)),
    ]
)
EXCLUDED = st.lists(st.sampled_from(ALL), unique=True).map(tuple)
STARTS = st.datetimes(datetime(2019, 1, 1), datetime(2032, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
# Weeks of the clock changes and around holidays, where mistakes would be.
HARD = st.sampled_from(
    ["2026-03-06", "2026-10-30", "2021-12-29", "2022-12-23", "2026-07-01", "2024-02-27", "2026-11-24", "2027-12-30"]
)
HARD_STARTS = st.builds(
    lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    HARD,
    st.integers(0, 6 * 1440),
)
ANY_START = STARTS | HARD_STARTS


def is_excluded(day: date, excludes: tuple[str, ...]) -> bool:
    """Written apart from the code under test: the sentence of the law itself."""
    if "saturdays" in excludes and day.isoweekday() == 6:
        return True
    if "sundays" in excludes and day.isoweekday() == 7:
        return True
    return "holidays" in excludes and holiday_on(US, day) is not None


@settings(max_examples=60, deadline=None)
@given(HARD_STARTS, st.integers(1, 50), EXCLUDED, ZONES)
def test_stepping_minute_by_minute_gives_the_same_hour(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    moment, left = start, amount * 60
    while left:
        if not is_excluded(moment.astimezone(zone).date(), excludes):
            left -= 1
        moment += timedelta(minutes=1)
    assert due(start, Within(amount, "hours", excludes), US, zone).due_at == moment


@settings(max_examples=60, deadline=None)
@given(HARD_STARTS, st.integers(-600, 6000), EXCLUDED, ZONES)
def test_stepping_minute_by_minute_counts_the_same_hours(
    start: datetime, minutes: int, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    steps = (start + timedelta(minutes=n) for n in range(max(0, minutes)))
    counted = sum(not is_excluded(step.astimezone(zone).date(), excludes) for step in steps)
    assert count(start, start + timedelta(minutes=minutes), "hours", excludes, US, zone) == (counted + 59) // 60


@given(ANY_START, st.integers(1, 500), EXCLUDED, ZONES)
def test_counting_to_the_deadline_gives_the_amount_back(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    for unit in ("hours", "days"):
        ends = due(start, Within(amount, unit, excludes), US, zone).due_at
        assert count(start, ends, unit, excludes, US, zone) == amount
        assert count(start, ends + timedelta(seconds=1), unit, excludes, US, zone) >= amount
    assert (
        count(start, due(start, Within(amount, "business_days"), US, zone).due_at, "business_days", (), US, zone)
        == amount
    )


@given(ANY_START, st.integers(1, 500), EXCLUDED, ZONES, st.sampled_from(["minutes", "hours", "days", "business_days"]))
def test_more_time_is_never_due_earlier(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo, unit: str
) -> None:
    less, more = (due(start, Within(n, unit, excludes), US, zone).due_at for n in (amount, amount + 1))
    assert start < less or unit in ("days", "business_days")
    assert less < more


@given(ANY_START, st.integers(1, 1200), ZONES)
def test_more_months_are_never_due_earlier(start: datetime, amount: int, zone: tzinfo) -> None:
    less, more = (due(start, Within(n, "months"), None, zone).due_at for n in (amount, amount + 1))
    assert start < less < more


@given(ANY_START, st.integers(1, 500), EXCLUDED, ZONES, st.sampled_from(["minutes", "hours", "days", "business_days"]))
def test_nothing_is_due_on_an_excluded_day_except_at_its_very_start(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo, unit: str
) -> None:
    ends = due(start, Within(amount, unit, excludes), US, zone).due_at
    just_before = (ends - timedelta(microseconds=1)).astimezone(zone).date()
    assert not is_excluded(just_before, ALL if unit == "business_days" else excludes)


@given(ANY_START, st.integers(1, 500), EXCLUDED, ZONES)
def test_leaving_days_out_never_brings_a_deadline_forward(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    for unit in ("hours", "days"):
        assert (
            due(start, Within(amount, unit, excludes), US, zone).due_at
            >= due(start, Within(amount, unit), None, zone).due_at
        )


@given(
    ANY_START,
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    EXCLUDED,
    ZONES,
    st.sampled_from(["hours", "days", "business_days"]),
)
def test_a_later_end_never_counts_less(
    start: datetime, first: int, more: int, excludes: tuple[str, ...], zone: tzinfo, unit: str
) -> None:
    sooner = start + timedelta(minutes=first)
    assert count(start, sooner, unit, excludes, US, zone) <= count(
        start, sooner + timedelta(minutes=more), unit, excludes, US, zone
    )


@given(ANY_START, st.integers(1, 500), EXCLUDED, ZONES)
def test_the_way_a_start_is_written_changes_nothing(
    start: datetime, amount: int, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    within = Within(amount, "hours", excludes)
    written = start.astimezone(timezone(timedelta(hours=3)))
    assert due(written, within, US, zone) == due(start, within, US, zone)


@given(ANY_START, st.integers(0, 20_000), ZONES)
def test_midnights_are_as_many_as_times_the_date_changes(start: datetime, minutes: int, zone: tzinfo) -> None:
    end = start + timedelta(minutes=minutes)
    assert (
        count(start, end, "midnights", (), None, zone)
        == (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    )


# A last day that rolls --------------------------------------------------------------------------

OVER = Rolls(ALL, "Minn. Stat. § 645.15")


def rolling(amount: int, unit: str = "days", over: Rolls = OVER, excludes: tuple[str, ...] = ()) -> Within:
    return Within(amount, unit, excludes, rolls=over)


def test_a_last_day_on_a_sunday_rolls_to_monday_with_the_law_that_moves_it() -> None:
    found = due(at("2026-01-12T09:00"), rolling(90), MN, CHICAGO, began="received", cites="X § 1")
    assert (local(found), found.rolled_from) == ("Mon 2026-04-13 23:59:59", date(2026, 4, 12))
    assert found.working == (
        "received Mon 2026-01-12 09:00; the day after is day 1 and every day counts, X § 1; the last day (2026-04-12) is a "
        "Sunday; moved to Monday: Minn. Stat. § 645.15; due by the end of Mon 2026-04-13"
    )


def test_a_last_day_rolls_past_every_day_in_a_row_that_it_rolls_over() -> None:
    found = due(date(2026, 2, 22), rolling(90), MN, CHICAGO)
    assert (local(found), found.rolled_from) == ("Tue 2026-05-26 23:59:59", date(2026, 5, 23))
    assert "is a Saturday; moved to Tuesday, past Sunday and Monday (holiday: Memorial Day): " in found.working


def test_a_last_day_on_a_holiday_names_it() -> None:
    found = due(date(2026, 11, 10), rolling(1), MN, CHICAGO)
    assert local(found) == "Thu 2026-11-12 23:59:59"
    assert "the last day (2026-11-11) is a holiday (Veterans Day); moved to Thursday: " in found.working


def test_a_last_day_that_counts_stays_and_nothing_is_said() -> None:
    plain, rolled = (due(date(2026, 1, 16), w, MN, CHICAGO) for w in (Within(5, "days"), rolling(5)))
    assert plain == rolled
    assert rolled.rolled_from is None


def test_a_last_day_rolls_only_over_the_days_that_the_law_names() -> None:
    sundays = Rolls(("sundays",), "X")
    assert local(due_here(date(2026, 1, 9), rolling(1, over=sundays), None)) == "Sat 2026-01-10 23:59:59"
    assert local(due_here(date(2026, 1, 9), rolling(2, over=sundays), None)) == "Mon 2026-01-12 23:59:59"


def test_a_last_day_does_not_roll_onto_a_day_that_is_not_counted() -> None:
    within = rolling(1, over=Rolls(("holidays",), "X"), excludes=("saturdays",))
    city = keeping(MN, {"friday-after-thanksgiving": True})
    assert local(due_here(date(2026, 11, 26), within, city)) == "Sun 2026-11-29 23:59:59"


def test_months_roll_as_days_do() -> None:
    assert local(due_here(date(2026, 1, 28), rolling(1, "months"))) == "Mon 2026-03-02 23:59:59"


def test_a_roll_over_the_year_end_knows_the_holidays_of_both_years() -> None:
    assert local(due_here(date(2021, 12, 30), rolling(1))) == "Mon 2022-01-03 23:59:59"
    assert local(due_here(date(2022, 12, 30), rolling(1))) == "Tue 2023-01-03 23:59:59"


@pytest.mark.parametrize(
    "within",
    [
        rolling(48, "hours"),
        rolling(1, "business_days"),
        rolling(0),
        rolling(0, "promptly"),
        rolling(1, over=Rolls((), "X")),
        rolling(1, over=Rolls(("mondays",), "X")),
    ],
)
def test_a_time_without_a_last_day_to_move_does_not_roll(within: Within) -> None:
    with pytest.raises(BrightlineError) as caught:
        check_within(within, "law.yaml:7")
    assert (caught.value.code, caught.value.where) == ("deadline", "law.yaml:7")


def test_rolling_over_holidays_needs_a_calendar() -> None:
    assert needs_calendar(rolling(1))
    assert not needs_calendar(rolling(1, over=Rolls(("sundays",), "X")))
    with pytest.raises(BrightlineError, match="no calendar"):
        due_here(date(2026, 1, 16), rolling(1), None)


ROLLED = st.lists(st.sampled_from(ALL), unique=True, min_size=1).map(lambda over: Rolls(tuple(over), "X"))
CENTURY = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(CENTURY, st.integers(1, 400), ROLLED, EXCLUDED, ZONES)
def test_a_rolled_day_is_the_first_from_the_last_day_on_that_is_none_of_the_days(
    start: date, amount: int, over: Rolls, excludes: tuple[str, ...], zone: tzinfo
) -> None:
    plain = due(start, Within(amount, "days", excludes), US, zone)
    found = due(start, rolling(amount, over=over, excludes=excludes), US, zone)
    day = last = (plain.due_at - timedelta(microseconds=1)).astimezone(zone).date()
    while is_excluded(day, (*over.over, *excludes)):
        day += timedelta(days=1)
    assert found.due_at == due(day, Within(0, "days"), None, zone).due_at
    assert found.rolled_from == (last if day != last else None)
    assert (found.rolled_from is None) == ("moved to" not in found.working)
    assert timedelta(0) <= day - last <= timedelta(days=5)


@given(CENTURY, st.integers(1, 60), ROLLED, ZONES)
def test_more_days_are_never_due_earlier_when_the_last_one_rolls(
    start: date, amount: int, over: Rolls, zone: tzinfo
) -> None:
    for unit in ROLLING:
        less, more = (due(start, rolling(n, unit, over), US, zone).due_at for n in (amount, amount + 1))
        assert less <= more


@given(ANY_START, st.integers(1, 60), ROLLED, ZONES)
def test_a_rolled_deadline_ends_a_second_before_a_local_midnight_whatever_the_clocks_do(
    start: datetime, amount: int, over: Rolls, zone: tzinfo
) -> None:
    ends = due(start, rolling(amount, over=over), US, zone).due_at.astimezone(zone)
    assert f"{ends:%H:%M:%S}" == "23:59:59"
