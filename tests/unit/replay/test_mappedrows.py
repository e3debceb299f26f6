"""What a map makes of columns: values, unknowns, and counts of what does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightline.law.deadlines import count
from brightline.law.vocabulary import Derivation
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
np = pytest.importorskip("numpy")

from brightline.replay.maps.cells import Cells  # noqa: E402
from brightline.replay.maps.leaveout import REJECTED  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.maps.mappedrows import map_rows  # noqa: E402
from brightline.replay.maps.moments import DAY_US, Moments, parse_words  # noqa: E402
from brightline.replay.maps.zones import elapsed, in_utc, local_days  # noqa: E402

# Times on the clock of a place carry no zone.
# ruff: noqa: DTZ001
HEAD = "map: m\nabout: A row.\n"


@pytest.fixture
def gate(small):
    return small.authority(
        "act", "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: Shut.}\n"
    ).law()


def mapped(law, text: str, columns, **asks):
    arrays = {name: values if isinstance(values, pa.Array) else pa.array(values) for name, values in columns.items()}
    found = parse_map(load_text(HEAD + text, "m.yaml"), law, "m.yaml")
    rows = len(next(iter(arrays.values())))
    return map_rows(
        found, law.vocabulary, Cells(rows, arrays, found), **{"asks_day": False, "asks_profile": False, **asks}
    )


def values_of(law, found, fact: str):
    (column,) = [c for c in found.columns if c.fact == fact]
    domain = law.vocabulary.facts[fact].domain
    known = column.known if column.known is not None else [True] * found.rows
    return [(domain[v] if domain else int(v)) if k else None for v, k in zip(column.values, known, strict=True)]


def test_words_are_recoded_without_regard_to_capitals_and_blanks_and_the_first_line_wins(gate):
    text = "facts: {paper: {from: f, values: {'I-2*': letter, 'I-247': writ, '*court*': writ, nothing: unknown}, blank: none}}\n"
    found = mapped(gate, text, {"f": ["i-247 ", "District COURT", "Nothing", None, "", "odd", "odd"]})
    assert values_of(gate, found, "paper") == ["letter", "writ", None, "none", "none", None, None]
    assert found.findings.unmapped == {"paper": {"odd": 2}}


@pytest.mark.parametrize(
    ("other", "value", "unmapped", "bad"),
    [
        ("writ", "writ", {}, {}),
        ("unknown", None, {}, {}),
        ("error", None, {}, {"paper": {"odd": 1}}),
    ],
)
def test_the_map_says_what_an_unlisted_word_is(gate, other, value, unmapped, bad):
    found = mapped(gate, f"facts: {{paper: {{from: f, values: {{A: letter}}, other: {other}}}}}\n", {"f": ["a", "odd"]})
    assert values_of(gate, found, "paper") == ["letter", value]
    assert (found.findings.unmapped, found.findings.bad) == (unmapped, bad)


def test_words_that_are_no_values_of_the_fact_are_counted(gate):
    found = mapped(
        gate,
        "facts: {guest: {from: g}, paper: {from: p}}\n",
        {"g": ["Yes", "N", "1", "maybe", "NA"], "p": ["WRIT", "x", None, "x", "none"]},
    )
    assert values_of(gate, found, "guest") == [True, False, True, None, None]
    assert values_of(gate, found, "paper") == ["writ", None, None, None, "none"]
    assert found.findings.bad == {"guest": {"maybe": 1}, "paper": {"x": 2}}


@pytest.mark.parametrize(
    ("rule", "column", "values", "bad"),
    [
        ("{from: a}", ["7", " 08", "-1", "1.5", "1.0", "ten", None], [7, 8, None, None, 1, None, None], {"-1": 1, "1.5": 1, "ten": 1}),
        ("{from: a}", [7, 0, -1, None], [7, 0, None, None], {"-1": 1}),
        ("{from: a}", [7.0, 1.5, None, float("nan")], [7, None, None, None], {"1.5": 1}),
        ("{from: a, times: 24, round: up}", ["1", "0.5", "2.04166666666666666666"], [24, 12, 49], {}),
        ("{from: a, times: 24, round: down}", ["2.04166666666666666666", "2.0416666666666666666666666667"], [48, 49], {}),
        ("{from: a, times: 30, round: up}", [1.1], [33], {}),
        ("{from: a, blank: 3}", ["1", None], [1, 3], {}),
    ],
)  # fmt: skip
def test_numbers_are_whole_exact_and_not_negative(gate, rule, column, values, bad):
    found = mapped(gate, f"facts: {{age: {rule}}}\n", {"a": column})
    assert values_of(gate, found, "age") == values
    assert found.findings.bad.get("age", {}) == bad


def test_cases_follow_the_first_that_holds_and_stay_unknown_where_that_is(gate):
    text = (
        "columns: {n: {from: n, type: number}}\nfacts:\n  paper:\n    cases:\n    - {when: \"f == 'w'\", is: writ}\n"
        "    - {when: n >= 2 and not n == 3, is: letter}\n    - {otherwise: none}\n"
    )
    found = mapped(gate, text, {"f": ["W", "x", "x", None, None, "x"], "n": ["1", "2", "3", "2", "1", None]})
    assert values_of(gate, found, "paper") == ["writ", "letter", "none", None, None, None]


def test_an_expression_is_yes_no_or_not_known(gate):
    text = "facts: {guest: {expression: \"a == 'x' or b in ['y', 'z']\"}}\n"
    found = mapped(gate, text, {"a": ["x", "q", "q", None, None], "b": [None, "Z", "q", "q", "y"]})
    assert values_of(gate, found, "guest") == [True, True, False, None, True]


def test_what_a_transient_fact_is_read_from_is_counted_and_never_said(gate):
    found = mapped(gate, "facts: {secret: {from: s}}\n", {"s": ["yes", "Ruritanian", "Ruritanian", "no"]})
    assert values_of(gate, found, "secret") == [True, None, None, False]
    assert found.findings.bad == {"secret": {"(not shown)": 2}}
    assert "ruritan" not in repr(found.findings).lower() + repr(found).lower()


def test_rows_without_a_day_or_a_profile_are_rejected_with_the_reason(gate):
    text = "date: d\nprofile: {from: p, values: {C: land/castle}}\nfacts: {guest: true}\n"
    found = mapped(
        gate, text, {"d": ["2024-01-01", None, "2024-02-30", "2024-01-01", "2024-01-01"], "p": ["C", "C", "C", None, "X"]},
        asks_day=True, asks_profile=True,
    )  # fmt: skip
    assert [REJECTED[r] for r in found.rejected] == ["", "no day", "day not read", "no profile", "profile not known"]
    assert sum(found.findings.rejected.values()) == 4


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("", "2015-07-18", date(2015, 7, 18)),
        ("", "2015-07-18 00:00:00", date(2015, 7, 18)),
        ("", "2015-02-29", None),
        ("", "2016-02-29", date(2016, 2, 29)),
        ("", "18.7.2015", None),
        ("%m/%d/%Y", "7/8/2015", date(2015, 7, 8)),
        ("%m/%d/%Y", "13/08/2015", None),
        ("%m/%d/%Y", "07/08/2015x", None),
        ("%d-%b-%y", "08-JUL-15", date(2015, 7, 8)),
        ("%d-%b-%y", "08-JUL-71", date(1971, 7, 8)),
        ("%B %d, %Y", "July 8, 2015", date(2015, 7, 8)),
        ("", "1899-12-31", None),
        ("", "2200-12-31", date(2200, 12, 31)),
    ],
)
def test_days_are_read_strictly(written, text, day):
    micros, ok, _, _ = parse_words(pa.array([text.lower()]), written, is_day=True)
    assert (date(1970, 1, 1) + timedelta(days=int(micros[0] // DAY_US)) if ok[0] else None) == day


@pytest.mark.parametrize(
    ("written", "text", "moment"),
    [
        ("", "2026-01-16T18:05:00-06:00", datetime(2026, 1, 17, 0, 5, tzinfo=UTC)),
        ("", "2026-01-16 18:05:00.25z", datetime(2026, 1, 16, 18, 5, 0, 250_000, tzinfo=UTC)),
        ("", "2026-01-16 18:05:00+01", datetime(2026, 1, 16, 17, 5, tzinfo=UTC)),
        ("", "2026-01-16", None),
        ("", "2026-01-16T24:00", None),
        ("%m/%d/%Y %I:%M %p", "01/16/2026 12:05 AM", datetime(2026, 1, 16, 0, 5, tzinfo=UTC)),
        ("%m/%d/%Y %I:%M %p", "01/16/2026 12:05 PM", datetime(2026, 1, 16, 12, 5, tzinfo=UTC)),
        ("%m/%d/%Y %H:%M", "01/16/2026 12:60", None),
    ],
)
def test_times_are_read_strictly(written, text, moment):
    micros, ok, _, _ = parse_words(pa.array([text.lower()]), written, is_day=False)
    assert (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros[0])) if ok[0] else None) == moment


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))
def test_a_time_on_a_wall_clock_is_read_as_python_reads_it(moment):
    zone = ZoneInfo("America/Chicago")
    micros = np.array([round((moment - datetime(1970, 1, 1)).total_seconds() * 1_000_000)])
    utc, known, _ = in_utc(Moments(micros, np.array([True])), "America/Chicago")
    expected = moment.replace(tzinfo=zone).astimezone(UTC)
    assert known[0] and datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(utc[0])) == expected


def test_a_time_without_any_zone_is_not_known():
    _, known, _ = in_utc(Moments(np.array([0]), np.array([True])), "")
    assert not known[0]


TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@given(
    TIMES,
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.sampled_from(["", "America/Chicago", "America/Phoenix"]),
    st.integers(0, 3),
)
def test_hours_and_midnights_are_counted_as_the_law_counts_them(law, start, length, zone, which):
    rule = (
        Derivation("a", "b", "hours"),
        Derivation("a", "b", "midnights"),
        Derivation("a", "b", "hours", ("saturdays", "sundays", "holidays"), "us"),
        Derivation("a", "b", "business_days", (), "us"),
    )[which]
    end = start + length
    calendar = law.calendar("us", "us") if rule.excludes or rule.unit == "business_days" else None
    expected = count(start, end, rule.unit, rule.excludes, calendar, ZoneInfo(zone) if zone else UTC)
    begin, finish = (
        np.array([round((t - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))]) for t in (start, end)
    )
    assert elapsed(rule, begin, finish, zone, calendar)[0] == expected
    assert (
        local_days(begin, zone)[0] == (start.astimezone(ZoneInfo(zone) if zone else UTC).date() - date(1970, 1, 1)).days
    )


def test_an_end_before_its_start_is_told_apart():
    rule = Derivation("a", "b", "hours")
    assert elapsed(rule, np.array([5]), np.array([4]), "", None)[0] == -1


def test_what_cannot_be_read_in_a_column_that_a_condition_compares_is_counted_once(gate):
    text = (
        "columns: {n: {from: n, type: number}, d: {from: d, type: date}}\n"
        "facts: {guest: {expression: n > 1}, emergency: {expression: \"n > 2 or d < '2024-01-01'\"}}\n"
    )
    found = mapped(gate, text, {"n": ["1", "many", None], "d": ["2020-01-01", "soon", None]})
    assert values_of(gate, found, "guest") == [False, None, None]
    assert found.findings.bad == {"guest": {"many": 1}, "emergency": {"soon": 1}}


def test_the_day_of_a_time_that_the_file_keeps_in_utc_is_that_of_the_clock_of_the_place(gate):
    late = [datetime(2024, 6, 2, 3, 30, tzinfo=UTC), None]  # half past ten in the evening of June 1 in Chicago
    kept = pa.array(late, pa.timestamp("us", "UTC"))
    text = "zone: America/Chicago\ncolumns: {at: {type: time}}\ndate: at\nfacts: {paper: {constant: none}}\n"
    found = mapped(gate, text, {"at": kept}, asks_day=True)
    assert found.days[0] == (date(2024, 6, 1) - date(1970, 1, 1)).days
    assert found.days[1] == np.iinfo(np.int64).min
