"""Past requests from files, and their summary."""

from __future__ import annotations

from datetime import date

import pytest

from brightline.law import BrightlineError, Law
from brightline.replay import EXTRACT, read_requests, replay
from brightline.replay.summary import ACTIONS


def test_the_extract_that_ships_holds_no_person_and_no_reason_of_status():
    header = EXTRACT.read_text().splitlines()[0]
    assert header == "date,det_facility,detainer_type"


def test_every_request_of_the_extract_is_answered_for_every_action(law):
    tally = replay(law, "us/mn/hennepin/sheriff", read_requests(EXTRACT), on=date(2026, 1, 16))
    assert tally.total == 2092
    assert all(sum(n for (_, a, _), n in tally.counts.items() if a == action) == 2092 for action in ACTIONS)
    assert sum(n for (_, a, w), n in tally.counts.items() if (a, w) == ("hold_beyond_release", "prohibited")) == 2092


def test_the_whole_pennsylvania_file_is_answered(law, shared):
    path = shared / "data" / "pa-ice-detainers" / "pa_detainers_2007_2015.parquet"
    pytest.importorskip("duckdb", reason="Parquet needs the replay extra")
    tally = replay(law, "us/tx/dallas/sheriff", read_requests(path), on=date(2026, 1, 16))
    assert tally.total == 32_757
    assert sum(tally.requests.values()) == sum(n for (_, a, _), n in tally.counts.items() if a == "notify_release")


def test_the_form_of_each_row_is_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "date,detainer_type\n2015-07-01,I247N - Request for Notification\n2014-01-01,\n2018-01-01,\n2016-01-01,I247D\n"
    )
    assert [r.instrument for r in read_requests(path)] == [
        "notification_request",
        "i247_detainer",
        "i247a_detainer",
        "i247_detainer",
    ]


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("when,what\n1,2\n", "replay-columns", "--file"),
        ("date\n2015-01-01\nsoon\n", "replay-row", "x.csv:3"),
        ("date\n\xff\n", "unreadable", "--file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(tmp_path, text, code, where):
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BrightlineError) as caught:
        list(read_requests(path))
    assert (caught.value.code, caught.value.where) == (code, where)


def test_rows_older_than_the_law_are_counted_and_not_answered(law, tmp_path):
    (recent,) = [a for a in law.authorities["us/mn"] if a.id == "us/mn/attorney-general-opinion-detainers"]
    only = Law(law.vocabulary, {"us/mn": (recent,)}, law.calendars)
    path = tmp_path / "x.csv"
    path.write_text("date\n2015-07-01\n2026-07-01\n")
    tally = replay(only, "us/mn", read_requests(path))
    assert (tally.total, tally.before_the_law) == (2, 1)
    assert {year for year, _, _ in tally.counts} == {2026}
    assert tally.counts[2026, "hold_beyond_release", "prohibited"] == 1
