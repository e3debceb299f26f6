"""Legal holidays: the shipped calendars against lists kept by hand, and the refusals of a malformed file."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import brightline.law.calendars as calendars
from brightline.law.calendarfile import calendar_from
from brightline.law.calendars import Calendar, easter, holiday_on, holidays, keeping, on_their_dates
from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import load_text, load_yaml

FOLDER = Path(calendars.__file__).parent.parent / "corpus" / "calendars"
FILES = sorted(FOLDER.glob("*.yaml"))


def shipped(name: str) -> Calendar:
    return calendar_from(load_yaml(FOLDER / f"{name}.yaml"), f"{name}.yaml")


US, MN, TX, IL = shipped("us"), shipped("us-mn"), shipped("us-tx"), shipped("us-il")

# The days on which federal offices were closed, as the Office of Personnel Management listed them.
FEDERAL_OFFICES_CLOSED = """
2021-12-31 2022-01-17 2022-02-21 2022-05-30 2022-06-20 2022-07-04 2022-09-05 2022-10-10 2022-11-11 2022-11-24 2022-12-26
2023-01-02 2023-01-16 2023-02-20 2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-10-09 2023-11-10 2023-11-23 2023-12-25
2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 2024-11-28 2024-12-25
2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25
2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
"""


def days(text: str) -> list[date]:
    return [date.fromisoformat(word) for word in text.split()]


def name_on(calendar: Calendar, day: str) -> str:
    found = holiday_on(calendar, date.fromisoformat(day))
    return "" if found is None else found.name


def test_federal_holidays_on_weekdays_are_the_days_offices_were_closed() -> None:
    found = [day for year in range(2021, 2027) for day in holidays(US, year) if day.weekday() < 5]
    assert [day for day in found if day >= date(2021, 12, 31)] == days(FEDERAL_OFFICES_CLOSED)


def test_new_years_day_on_a_saturday_is_observed_in_the_year_before() -> None:
    found = holidays(US, 2021)[date(2021, 12, 31)]
    assert (found.name, found.observed_for) == ("New Year's Day", date(2022, 1, 1))
    assert found.cites == "5 U.S.C. § 6103(b)(1)"
    assert date(2021, 12, 31) not in holidays(US, 2022)


def test_a_holiday_on_a_sunday_is_observed_on_monday_by_the_executive_order() -> None:
    found = holidays(US, 2023)[date(2023, 1, 2)]
    assert found.observed_for == date(2023, 1, 1)
    assert "11582" in found.cites


def test_a_holiday_observed_elsewhere_stays_a_holiday_on_its_own_date() -> None:
    assert holidays(US, 2026)[date(2026, 7, 4)].observed_for is None
    assert holidays(US, 2026)[date(2026, 7, 3)].observed_for == date(2026, 7, 4)


def test_juneteenth_is_a_federal_holiday_from_2021_and_a_minnesota_holiday_from_2023() -> None:
    assert not name_on(US, "2020-06-19")
    assert name_on(US, "2021-06-18") == name_on(US, "2021-06-19") == "Juneteenth National Independence Day"
    assert not name_on(MN, "2022-06-19")
    assert not name_on(MN, "2022-06-20")
    assert name_on(MN, "2023-06-19") == "Juneteenth"


def test_federal_holidays_begin_in_the_year_their_act_took_effect() -> None:
    assert not name_on(US, "1985-01-21")
    assert name_on(US, "1986-01-20") == "Birthday of Martin Luther King, Jr."
    assert not name_on(US, "1977-11-11")
    assert name_on(US, "1978-11-11") == "Veterans Day"


def test_inauguration_day_is_not_a_holiday_of_the_whole_country() -> None:
    assert not name_on(US, "2021-01-20")


def test_minnesota_lists_eleven_holidays_and_moves_the_five_it_names() -> None:
    rules = {rule.id: rule for rule in MN.rules if rule.is_kept and rule.last_year is None}
    assert len(rules) == 11
    moved = {"new-years-day", "juneteenth", "independence-day", "veterans-day", "christmas-day"}
    assert {name for name, rule in rules.items() if rule.shifts} == moved


def test_minnesota_moves_a_saturday_to_friday_and_a_sunday_to_monday() -> None:
    assert name_on(MN, "2023-11-10") == "Veterans Day"
    assert name_on(MN, "2027-06-18") == "Juneteenth"
    assert name_on(MN, "2022-12-26") == "Christmas Day"
    assert name_on(MN, "2027-12-31") == "New Year's Day"


def test_the_second_monday_in_october_has_the_name_of_its_time_in_minnesota() -> None:
    assert name_on(MN, "2022-10-10") == "Christopher Columbus Day"
    assert name_on(MN, "2023-10-09") == "Indigenous Peoples Day"


def test_the_friday_after_thanksgiving_is_kept_in_minnesota_only_where_that_was_decided() -> None:
    assert not name_on(MN, "2026-11-27")
    city = keeping(MN, {"friday-after-thanksgiving": True})
    assert name_on(city, "2026-11-27") == "Friday after Thanksgiving"
    assert name_on(city, "2026-10-12") == "Indigenous Peoples Day"


def test_the_executive_branch_of_minnesota_can_be_written_as_its_choices() -> None:
    state = keeping(MN, {"friday-after-thanksgiving": True, "indigenous-peoples-day": False})
    assert name_on(state, "2026-11-27")
    assert not name_on(state, "2026-10-12")


def test_the_friday_after_thanksgiving_can_be_the_fifth_friday() -> None:
    city = keeping(MN, {"friday-after-thanksgiving": True})
    assert name_on(city, "2024-11-29") == "Friday after Thanksgiving"
    assert not name_on(city, "2024-11-22")


def test_a_choice_of_a_holiday_that_the_law_fixes_is_refused() -> None:
    with pytest.raises(BrightlineError, match="not an optional holiday") as caught:
        keeping(MN, {"christmas-day": False})
    assert caught.value.code == "unknown-name"
    with pytest.raises(BrightlineError) as caught:
        keeping(MN, {"friday-after-thanksgivin": True})
    assert "friday-after-thanksgiving" in caught.value.help


def test_texas_moves_no_holiday_and_keeps_no_columbus_day() -> None:
    assert not name_on(TX, "2026-07-03")
    assert name_on(TX, "2026-07-04")
    assert not name_on(TX, "2026-10-12")
    assert name_on(TX, "2026-11-27")


def test_two_holidays_on_one_day_take_the_name_of_the_first_listed() -> None:
    assert name_on(TX, "2026-01-19") == "Martin Luther King, Jr., Day"
    assert name_on(TX, "2027-01-19") == "Confederate Heroes Day"


def test_read_without_observed_days_only_the_dates_themselves_are_left() -> None:
    plain = on_their_dates(US)
    assert not name_on(plain, "2026-07-03")
    assert name_on(plain, "2026-07-04") == "Independence Day"
    assert all(found.observed_for is None for year in range(2020, 2040) for found in holidays(plain, year).values())


def test_changing_the_returned_days_changes_nothing_else() -> None:
    holidays(US, 2026).clear()
    assert holidays(US, 2026)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_calendar_reads_and_cites(path: Path) -> None:
    calendar = calendar_from(load_yaml(path), path.name)
    assert calendar.id.replace("/", "-") == path.stem
    assert calendar.verified_on
    assert all(rule.cites and rule.first_year for rule in calendar.rules)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_calendar_comes_through_json_unchanged(path: Path) -> None:
    parsed = load_yaml(path)
    assert calendar_from(json.loads(json.dumps(parsed, default=str)), path.name) == calendar_from(parsed, path.name)


@given(st.integers(1990, 2150), st.sampled_from([US, MN, TX]))
def test_holidays_are_in_their_year_in_order_and_near_the_date_they_stand_for(year: int, calendar: Calendar) -> None:
    found = holidays(calendar, year)
    assert list(found) == sorted(found)
    for day, holiday in found.items():
        assert day.year == year
        assert day == holiday.on
        if holiday.observed_for:
            assert abs(day - holiday.observed_for) == timedelta(1)
            assert holiday.observed_for.weekday() >= 5
            assert day.weekday() in (0, 4)


@given(st.integers(1990, 2150))
def test_rules_agree_with_looking_at_every_day_of_the_year(year: int) -> None:
    every = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    mondays_in_may = [day for day in every if day.month == 5 and day.weekday() == 0]
    thursdays_in_november = [day for day in every if day.month == 11 and day.weekday() == 3 and day.year == year]
    mondays_in_september = [day for day in every if day.month == 9 and day.weekday() == 0]
    found = {holiday.name: day for day, holiday in holidays(on_their_dates(US), year).items()}
    assert found["Memorial Day"] == mondays_in_may[-1]
    assert found["Thanksgiving Day"] == thursdays_in_november[3]
    assert found["Labor Day"] == mondays_in_september[0]


SMALL: dict[str, Any] = {
    "calendar": "us/xx",
    "title": "Holidays",
    "citation": "X § 1",
    "source": "x.gov",
    "evidence": "read",
    "observed": {"sunday": {"moves_to": "day after", "cites": "X § 2"}},
    "holidays": [{"id": "a-day", "name": "A Day", "rule": "May 1", "cites": "X § 1", "observed": ["sunday"]}],
}


def changed(**parts: Any) -> dict[str, Any]:
    """`SMALL` with parts of its one holiday changed."""
    copied = copy.deepcopy(SMALL)
    copied["holidays"][0] |= parts
    return copied


def test_a_holiday_without_years_is_one_in_every_year() -> None:
    calendar = calendar_from(SMALL, "xx.yaml")
    assert name_on(calendar, "1900-05-01") == name_on(calendar, "2100-05-01") == "A Day"


@pytest.mark.parametrize(
    ("rule", "on"),
    [
        ("last Friday in April", "2026-04-24"),
        ("last Thursday in April", "2026-04-30"),
        ("Second Sunday in May", "2026-05-10"),
    ],
)
def test_rules_hold_for_every_weekday(rule: str, on: str) -> None:
    assert list(holidays(calendar_from(changed(rule=rule, observed=[]), "xx.yaml"), 2026)) == [date.fromisoformat(on)]


def test_a_holiday_on_february_29_falls_in_leap_years_only() -> None:
    calendar = calendar_from(changed(rule="February 29"), "xx.yaml")
    assert list(holidays(calendar, 2024)) == [date(2024, 2, 29)]
    assert holidays(calendar, 2026) == {}


@pytest.mark.parametrize("rule", [date(2026, 1, 2), "2026-01-02"])
def test_a_day_that_is_appointed_once_falls_once(rule: object) -> None:
    calendar = calendar_from(changed(rule=rule), "xx.yaml")
    assert list(holidays(calendar, 2026)) == [date(2026, 1, 2)]
    assert holidays(calendar, 2027) == {}


def test_a_holiday_ends_after_its_last_year() -> None:
    calendar = calendar_from(changed(in_force={"from": 2001, "to": 2002}), "xx.yaml")
    assert [year for year in range(1999, 2005) if holidays(calendar, year)] == [2001, 2002]


def test_a_holiday_proper_names_the_day_before_one_that_is_only_observed_there() -> None:
    both = copy.deepcopy(SMALL)
    both["holidays"].append({"id": "b-day", "name": "B Day", "rule": "May 2", "cites": "X § 3"})
    calendar = calendar_from(both, "xx.yaml")
    assert date(2022, 5, 1).weekday() == 6
    assert name_on(calendar, "2022-05-02") == "B Day"
    assert name_on(calendar, "2033-05-02") == "B Day"


def test_a_holiday_takes_its_evidence_from_the_calendar_unless_it_has_its_own() -> None:
    assert calendar_from(SMALL, "xx.yaml").rules[0].evidence == "read"
    assert calendar_from(changed(evidence="memory"), "xx.yaml").rules[0].evidence == "memory"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"rule": "May 32"}, "calendar"),
        ({"rule": "fifth Monday in May"}, "calendar"),
        ({"rule": "third Monday of May"}, "calendar"),
        ({"rule": None}, "calendar"),
        ({"name": ""}, "calendar"),
        ({"cites": None}, "calendar"),
        ({"cities": "X § 1"}, "unknown-field"),
        ({"evidence": "sure"}, "unknown-value"),
        ({"observed": "sunday"}, "calendar"),
        ({"observed": ["saturday"]}, "unknown-value"),
        ({"in_force": 2021}, "calendar"),
        ({"in_force": {"from": "2021-06-17"}}, "calendar"),
        ({"in_force": {"from": True}}, "calendar"),
        ({"in_force": {"since": 2021}}, "unknown-field"),
        ({"in_force": {"from": 2022, "to": 2021}}, "calendar"),
        ({"in_force": {"every": 2}}, "calendar"),
        ({"in_force": {"from": 2022, "every": 1}}, "calendar"),
        ({"in_force": {"from": 2022, "every": True}}, "calendar"),
        ({"in_force": {"from": 2022, "every": "two"}}, "calendar"),
        ({"rule": "2 days near Easter"}, "calendar"),
        ({"choice": True}, "calendar"),
        ({"choice": {"by": "the council"}}, "calendar"),
        ({"choice": {"by": "the council", "presumed": "no"}}, "calendar"),
        ({"choice": {"presumed": False}}, "calendar"),
    ],
)
def test_a_malformed_holiday_is_refused_with_place_and_advice(parts: dict[str, Any], code: str) -> None:
    with pytest.raises(BrightlineError) as caught:
        calendar_from(changed(**parts), "xx.yaml")
    assert caught.value.code == code
    assert caught.value.where == "xx.yaml"
    assert caught.value.help


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"calendar": None}, "calendar"),
        ({"citation": 6103}, "calendar"),
        ({"evidence": None}, "unknown-value"),
        ({"holidays": []}, "calendar"),
        ({"holidays": {"a": 1}}, "calendar"),
        ({"holidays": ["May 1"]}, "calendar"),
        ({"holidays": SMALL["holidays"] * 2}, "calendar"),
        ({"observed": ["sunday"]}, "calendar"),
        ({"observed": {"sonday": {"moves_to": "day after", "cites": "X"}}}, "unknown-field"),
        ({"observed": {"sunday": {"moves_to": "monday", "cites": "X"}}}, "unknown-value"),
        ({"observed": {"sunday": {"moves_to": "day after"}}}, "calendar"),
        ({"holiday": []}, "unknown-field"),
    ],
)
def test_a_malformed_calendar_is_refused_with_place_and_advice(parts: dict[str, Any], code: str) -> None:
    with pytest.raises(BrightlineError) as caught:
        calendar_from({**SMALL, **parts}, "xx.yaml")
    assert caught.value.code == code
    assert caught.value.where == "xx.yaml"
    assert caught.value.help


@pytest.mark.parametrize("content", [None, [], "us", 5])
def test_a_file_that_holds_no_mapping_is_refused(content: object) -> None:
    with pytest.raises(BrightlineError, match="must be a mapping"):
        calendar_from(content, "xx.yaml")


def test_a_mistake_is_found_on_its_own_line() -> None:
    text = json.dumps(changed(rule="Mai 1"), indent=1)
    line = 1 + next(n for n, row in enumerate(text.splitlines()) if "Mai" in row)
    with pytest.raises(BrightlineError) as caught:
        calendar_from(load_text(text, "xx.yaml"), "xx.yaml")
    assert caught.value.where == f"xx.yaml:{line}"


# Easter and each second year --------------------------------------------------------------------

EASTERS = (
    "1818-03-22", "1900-04-15", "1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "2000-04-23", "2008-03-23",
    "2011-04-24", "2016-03-27", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31",
    "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25", "2049-04-18",
    "2076-04-19", "2100-03-28",
)  # fmt: skip


@pytest.mark.parametrize("day", EASTERS)
def test_easter_falls_where_the_almanac_has_it(day: str) -> None:
    assert easter(date.fromisoformat(day).year).isoformat() == day


@given(st.integers(1600, 3000))
def test_easter_is_the_sunday_after_the_full_moon_of_the_church(year: int) -> None:
    """Gauss's rule, with Clavius's corrections worked out century by century."""
    century = year // 100
    shift = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    moon = (19 * (year % 19) + shift) % 30
    days = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + (4 + century - century // 4) % 7) % 7
    late = (days == 6 and moon == 29) or (days == 6 and moon == 28 and (11 * shift + 11) % 30 < 19)
    assert easter(year) == date(year, 3, 22) + timedelta(moon + days - (7 if late else 0))


def test_illinois_keeps_good_friday_pulaskis_birthday_and_election_days() -> None:
    assert name_on(IL, "2026-04-03") == "Good Friday"
    assert name_on(IL, "2026-03-02") == "Casimir Pulaski's Birthday"
    assert name_on(IL, "2026-02-12") == "Abraham Lincoln's Birthday"
    assert [year for year in range(2019, 2029) if "General Election Day" in {h.name for h in holidays(IL, year).values()}] == [
        2020, 2022, 2024, 2026, 2028,
    ]  # fmt: skip
    assert name_on(IL, "2026-11-03") == "General Election Day"
    assert not name_on(IL, "2021-06-19")
    assert name_on(IL, "2022-06-19") == "Juneteenth National Freedom Day"
    assert not name_on(IL, "2022-06-20")


def test_a_day_after_easter_is_read_too() -> None:
    calendar = calendar_from(changed(rule="1 day after Easter", in_force={"from": 2020}), "xx.yaml")
    assert list(holidays(calendar, 2026)) == [date(2026, 4, 6)]
