"""A packed population answered again: as its columns are, each row under its own law of its own day."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date

import pytest

from brightline.law import BrightlineError
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.packed import packedfile, packer  # noqa: E402
from brightline.replay.packed.population import Packed  # noqa: E402
from brightline.replay.packedrun import packed_map, run_packed  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

NORMS = """
- {id: shut, action: open_gate, modality: prohibited, unless: guest or emergency, cites: § 1, says: Shut.}
- {id: letter, action: open_gate, modality: required, when: paper == letter and age >= 18, cites: § 2, says: Open.}
"""
LATER = "- {id: writ, action: open_gate, modality: required, when: paper == writ, cites: § 4, says: Open., evidence: memory}\n"
CASTLE = "- {id: moat, action: open_gate, modality: no_duty, when: age < 12, cites: § 5, says: Not for children.}\n"
MAP = """
map: m
about: A row.
actions: [open_gate, write_down]
date: day
profile: {from: who, values: {land: land, castle: land/castle}PROFILE}
WEIGHT
facts:
  paper: {from: paper, values: {L: letter, W: writ, N: none}}
  emergency: {from: alarm}
  age: {from: age}
  guest: {expression: "kind == 'guest'"}
leave_out:
  - {when: "kind == 'ghost'", because: a ghost}
"""
WORDS = {
    "day": [
        "2019-12-31",
        "2020-06-01",
        "2021-07-01",
        "2022-01-01",
        "2024-02-29",
        "1900-01-01",
        "2200-12-31",
        None,
        "soon",
    ],
    "who": ["land", "castle", "land", "castle", None, "nobody"],
    "paper": ["L", "w", "N", "?", None],
    "alarm": ["yes", "no", None],
    "age": ["5", "12", "40", None],
    "kind": ["guest", "other", "other", None, "ghost"],
    "requests": ["1", "0", "17", "3", "250", None, "many"],
}
SIDES = {
    "own law of the own day": ("", None),
    "one law of the own day": ("land", None),
    "own law of one day": ("", date(2023, 1, 1)),
    "one law of one day": ("land/castle", date(2023, 1, 1)),
}


@pytest.fixture
def gate(small):
    small.authority("act", NORMS).authority("later", LATER, rank="high", since="2022-01-01")
    return small.authority("castle", CASTLE, rank="low", folder="land/castle", since="2021-06-01").law()


@pytest.fixture(params=["plain", "weighed"])
def mapped(request, gate):
    return map_of(gate, "weight: requests" if request.param == "weighed" else "")


def map_of(gate, weight="", profile=""):
    return parse_map(load_text(MAP.replace("WEIGHT", weight).replace("PROFILE", profile), "m.yaml"), gate, "m.yaml")


@pytest.fixture
def columns(tmp_path):
    """Rows of all kinds in a file; and the same without those that the map leaves out, which no packed file holds."""
    rng = random.Random(3)
    rows = [{name: rng.choice(words) for name, words in WORDS.items()} for _ in range(700)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "all.parquet")
    stay = [row for row in rows if row["kind"] != "ghost"]
    pq.write_table(pa.Table.from_pylist(stay), tmp_path / "stay.parquet")
    return tmp_path


def asked_of(gate, side, label="x"):
    profile, on = SIDES[side]
    return Asked(gate, profile, on, ("open_gate", "write_down"), {}, label=label)


def columns_job(folder, mapped, asked, name="stay", **more):
    source = find_sources([str(folder / f"{name}.parquet")], mapped)
    return Job(source, mapped, asked, is_bad_an_error=False, unit_rows=199, **more)


def packed_of(folder, mapped, asked, monkeypatch):
    monkeypatch.setattr(packer, "SEGMENT", 256)
    run(columns_job(folder, mapped, asked, "all", pack=folder / "p.packed"))
    return folder / "p.packed"


def again(path, mapped, asked, **more):
    return run_packed(path, Job([], packed_map(path, mapped), asked, **{"is_bad_an_error": False, **more}))


def plain(table):
    return table.to_pylist()


@pytest.mark.parametrize("side", SIDES)
def test_rows_are_answered_under_the_law_that_their_columns_are(gate, mapped, columns, monkeypatch, side):
    path = packed_of(columns, mapped, asked_of(gate, "own law of the own day"), monkeypatch)
    asked = asked_of(gate, side)
    here = run(columns_job(columns, mapped, asked, out=columns / "a.parquet"))
    there = again(path, mapped, asked, out=columns / "b.parquet")
    drop = ["requests"] if mapped.weight else []  # what a weight is called in words, `many`, is not kept
    one, other = (pq.read_table(columns / f"{name}.parquet") for name in "ab")
    assert plain(one.drop_columns(drop)) == plain(other.drop_columns(drop))
    assert there.tally == here.tally and there.findings.rejected == here.findings.rejected
    assert there.waiting == here.waiting and sum(here.waiting.values()) > 0
    assert (
        sum(n for (a, _), n in there.waiting.items() if a == "open_gate") == there.tally.modalities("open_gate")["open"]
    )


@pytest.mark.parametrize(("first", "second"), [("own law of the own day", "one law of one day"), ("one law of the own day", "own law of one day")])  # fmt: skip
def test_two_laws_are_compared_as_those_of_the_columns_are(gate, mapped, columns, monkeypatch, first, second):
    path = packed_of(columns, mapped, asked_of(gate, "own law of the own day"), monkeypatch)
    sides = {"versus": asked_of(gate, second)}
    here = run(columns_job(columns, mapped, asked_of(gate, first), out=columns / "a.csv", **sides))
    there = again(path, mapped, asked_of(gate, first), out=columns / "b.csv", **sides)
    assert there.tally == here.tally and there.tally.changed > 0
    if not mapped.weight:
        assert (columns / "a.csv").read_bytes() == (columns / "b.csv").read_bytes()


def test_rows_without_a_day_are_refused_when_they_are_asked_about_their_own(gate, columns, monkeypatch):
    mapped = map_of(gate)
    path = packed_of(columns, mapped, asked_of(gate, "own law of one day"), monkeypatch)
    with pytest.raises(BrightlineError) as raised:
        again(path, mapped, asked_of(gate, "own law of the own day"), is_bad_an_error=True, out=columns / "o.csv")
    assert raised.value.code == "replay-values" and "the day" in str(raised.value) and not (columns / "o.csv").exists()
    assert again(path, mapped, asked_of(gate, "own law of one day"), is_bad_an_error=True).tally.rows > 0


@pytest.mark.parametrize(("line", "code"), [("", ""), (", other: error", "replay-values")])
def test_a_profile_that_is_not_known_counts_as_the_map_said(gate, columns, monkeypatch, line, code):
    mapped = map_of(gate, profile=line)
    path = packed_of(columns, mapped, asked_of(gate, "own law of one day"), monkeypatch)
    if not code:
        found = again(path, mapped, asked_of(gate, "own law of one day"), is_bad_an_error=True).findings
        assert set(found.unmapped) == {"the profile"} and not found.bad
        return
    with pytest.raises(BrightlineError) as raised:
        again(path, mapped, asked_of(gate, "own law of one day"), is_bad_an_error=True)
    assert raised.value.code == code and "nobody" not in str(raised.value)


def test_a_file_without_days_is_refused_for_its_own_and_answers_for_a_given_one(gate, columns, monkeypatch):
    mapped = replace(map_of(gate), date="")
    path = packed_of(columns, mapped, asked_of(gate, "own law of one day"), monkeypatch)
    with pytest.raises(BrightlineError) as raised:
        again(path, mapped, asked_of(gate, "own law of the own day"))
    assert raised.value.code == "replay-asked" and "--on" in raised.value.help
    assert again(path, mapped, asked_of(gate, "own law of one day")).tally.years[""] > 0


def test_an_earlier_file_is_read_and_a_later_one_refused(gate, columns, monkeypatch):
    mapped = replace(map_of(gate), date="")
    monkeypatch.setattr("brightline.replay.packable._own", lambda job, rows: ())
    path = packed_of(columns, mapped, asked_of(gate, "one law of one day"), monkeypatch)
    assert b'"version": 1' in path.read_bytes() and Packed(path).directory.own == frozenset()
    assert again(path, mapped, asked_of(gate, "one law of one day")).tally.rows > 0
    with pytest.raises(BrightlineError, match="holds no profile and no day"):
        again(path, mapped, asked_of(gate, "own law of the own day"))
    monkeypatch.setattr(packedfile, "_VERSIONS", (0,))
    with pytest.raises(BrightlineError) as raised:
        Packed(path)
    assert raised.value.code == "packed-file" and "later version" in str(raised.value)


def test_a_profile_that_the_law_has_lost_is_refused_by_name(gate, columns, monkeypatch, small):
    mapped = map_of(gate)
    path = packed_of(columns, mapped, asked_of(gate, "own law of one day"), monkeypatch)
    profiles = {name: each for name, each in gate.vocabulary.profiles.items() if name != "land/castle"}
    less = replace(gate, vocabulary=replace(gate.vocabulary, profiles=profiles))
    with pytest.raises(BrightlineError) as raised:
        again(path, mapped, replace(asked_of(gate, "own law of one day"), law=less))
    assert raised.value.code == "packed-vocabulary" and "`land/castle`" in str(raised.value)


def test_no_word_of_a_row_is_in_the_file(gate, columns, monkeypatch):
    path = packed_of(columns, map_of(gate), asked_of(gate, "own law of the own day"), monkeypatch)
    content = path.read_bytes()
    assert not any(word in content for word in (b"nobody", b"soon", b"ghost", b"2024-02-29", b'castle": '))
    assert json.dumps(Packed(path).directory.profiles)


def test_situations_beyond_the_cap_are_counted_and_not_asked_about(gate, columns, monkeypatch):
    mapped = map_of(gate)
    path = packed_of(columns, mapped, asked_of(gate, "own law of the own day"), monkeypatch)
    monkeypatch.setattr("brightline.replay.answers.openquestions._MOST", (1,))
    monkeypatch.setattr("brightline.replay.packedrun.LOOKED_AT", 1)
    for side in ("own law of the own day", "one law of one day"):
        found = again(path, mapped, asked_of(gate, side))
        assert found.waiting["open_gate", ""] > 0
        mine = sum(n for (a, _), n in found.waiting.items() if a == "open_gate")
        assert mine == found.tally.modalities("open_gate")["open"]


@pytest.mark.parametrize(("zone", "is_refused"), [("", True), (", zone: America/Chicago", False)])
def test_hours_counted_on_the_clock_of_one_profile_are_not_told_of_another(law, tmp_path, zone, is_refused):
    text = f"""
map: m
about: A row.
actions: [hold_beyond_release]
facts:
  release_due_at: {{from: out{zone}}}
  hold_until_at: {{from: until{zone}}}
"""
    mapped = parse_map(load_text(text, "m.yaml"), law, "m.yaml")
    (tmp_path / "in.csv").write_text("out,until\n2026-03-07T18:05:00,2026-03-09T18:05:00\n")
    east, west = (Asked(law, name, date(2026, 1, 16), mapped.actions, label="x") for name in ("us/pa", "us/mn"))
    run(Job(find_sources([str(tmp_path / "in.csv")], mapped), mapped, east, pack=tmp_path / "p.packed"))
    assert again(tmp_path / "p.packed", mapped, east).tally.rows == 1
    if not is_refused:
        assert again(tmp_path / "p.packed", mapped, west).tally.rows == 1
        return
    with pytest.raises(BrightlineError) as raised:
        again(tmp_path / "p.packed", mapped, west)
    assert raised.value.code == "packed-clock"
