"""The plain layout of past detainers, the extract that ships, and how a comparison weighs by them."""

from __future__ import annotations

from datetime import date

import pytest

from brightline.law import BrightlineError, Law
from brightline.law.comparison import Side

pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra `replay`")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.history import EXTRACT, difference  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import find_map  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

ON = date(2026, 1, 16)


def replayed(law, path, profile, on=ON, **more):
    mapped = find_map("detainers", law)
    return run(Job(find_sources([str(path)], mapped), mapped, Asked(law, profile, on, mapped.actions), **more))


def test_the_extract_that_ships_holds_no_person_and_no_reason_of_status():
    header = EXTRACT.read_text().splitlines()[0]
    assert header == "date,det_facility,detainer_type"


def test_every_request_of_the_extract_is_answered_for_every_action(law):
    tally = replayed(law, EXTRACT, "us/mn/hennepin/sheriff").tally
    assert tally.rows == tally.answered == 2092
    for action in ("hold_beyond_release", "notify_release", "transfer_custody"):
        assert sum(tally.modalities(action).values()) == 2092
    assert tally.modalities("hold_beyond_release") == {"prohibited": 2092}


def test_the_form_of_each_row_is_read(law, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "Date,date,detainer_type\n,2015-07-01,I247N - Request for Notification\n,2014-01-01,\n,2018-01-01,\n"
        ",2016-01-01,I247D\n,2016-01-01,I-247A\n,2016-01-01 10:30:00,letter of notification\n"
    )
    from brightline.replay.files.stream import units_of
    from brightline.replay.maps.cells import Cells
    from brightline.replay.maps.mappedrows import map_rows

    mapped = find_map("detainers", law)
    (unit,) = units_of(find_sources([str(path)], mapped), mapped, ["prepared", "form"], ["prepared", "form"])
    rows = map_rows(mapped, law.vocabulary, Cells(unit.rows, unit.arrays, mapped), asks_day=True, asks_profile=False)
    (column,) = [c for c in rows.columns if c.fact == "instrument"]
    values = law.vocabulary.facts["instrument"].values
    assert column.known is None and [values[v] for v in column.values] == [
        "notification_request", "i247_detainer", "i247a_detainer", "i247_detainer", "i247a_detainer", "notification_request",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("when,what\n1,2\n", "replay-columns", "`date` or `received_on`"),
        ("date\n2015-01-01\nsoon\n", "replay-values", "the day: `soon` once"),
        ("date\n\xff\n", "unreadable", "not utf-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(law, tmp_path, text, code, says):
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BrightlineError) as caught:
        replayed(law, path, "us/mn", on=None)
    assert caught.value.code == code and says in caught.value.message


def test_rows_older_than_the_law_are_counted_apart(law, tmp_path):
    (recent,) = [a for a in law.authorities["us/mn"] if a.id == "us/mn/attorney-general-opinion-detainers"]
    only = Law(law.vocabulary, {"us/mn": (recent,)}, law.calendars)
    path = tmp_path / "x.csv"
    path.write_text("date\n2015-07-01\n2026-07-01\n")
    tally = replayed(only, path, "us/mn", on=None).tally
    assert tally.modalities("hold_beyond_release") == {"too_early": 1, "prohibited": 1}
    assert tally.by_year["2026", "hold_beyond_release", "prohibited"] == 1


def test_a_difference_counts_the_requests_with_another_answer(law):
    before, after = (Side.of(law, p, ON) for p in ("us/mn/hennepin/sheriff", "us/tx/dallas/sheriff"))
    found = difference(before, after, [str(EXTRACT)])
    apart = [replayed(law, EXTRACT, side.profile).tally for side in (before, after)]
    assert found.requests == 2092 >= found.any_changed > 0
    for action in ("hold_beyond_release", "notify_release"):
        lost = sum(n for (a, _, _), n in found.changed.items() if a == action)
        assert lost <= 2092
        for word in apart[0].modalities(action):
            gone = sum(n for (a, b, _), n in found.changed.items() if (a, b) == (action, word))
            come = sum(n for (a, _, b), n in found.changed.items() if (a, b) == (action, word))
            assert apart[0].modalities(action)[word] - gone + come == apart[1].modalities(action)[word]
    assert difference(before, before, [str(EXTRACT)]).any_changed == 0


def test_the_whole_pennsylvania_file_is_answered(law, shared):
    path = shared / "data" / "pa-ice-detainers" / "pa_detainers_2007_2015.parquet"
    tally = replayed(law, path, "us/tx/dallas/sheriff").tally
    assert tally.rows == 32_757 == sum(tally.modalities("notify_release").values()) == sum(tally.years.values())
