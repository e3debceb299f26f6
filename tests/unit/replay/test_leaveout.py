"""Rows that a map leaves out: in their place, unanswered, with the reason, and counted apart wherever rows are counted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date

import pytest

from brightline.cli.main import main
from brightline.law import BrightlineError
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.leaveout import REJECTED  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.packedrun import run_packed  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

NORMS = """
- {id: shut, action: open_gate, modality: prohibited, unless: guest or emergency, cites: § 1, says: Shut.}
- {id: letter, action: open_gate, modality: required, when: paper == letter, cites: § 2, says: Open.}
"""
LATER = "- {id: writ, action: open_gate, modality: required, when: paper == writ, cites: § 4, says: Open.}\n"
MAP = """
map: m
about: A row.
keys: [id]
actions: [open_gate, write_down]
columns:
  weight: {type: number}
  day: {type: date}
date: day
profile: {from: who, values: {land: land, castle: land/castle}, other: error}
facility: place
facts:
  paper: {from: paper, values: {L: letter, W: writ}, other: error}
  emergency: {from: alarm}
  guest: {expression: "kind == 'guest'"}
leave_out:
  - {when: "contains(place, 'royal')", because: a royal gate}
  - {when: "weight > 100 or day < '2021-01-01'", because: too heavy or too old}
  - {when: "kind == 'ghost'", because: a royal gate}
"""
WORDS = {
    "day": ["2020-06-01", "2021-07-01", "2022-03-01", None, "soon", "2024-02-29", "2022-03-01"],
    "who": ["land", "castle", None, "land", "nobody"],
    "paper": ["L", "W", None, "?", "l "],
    "alarm": ["yes", None, "no", "maybe"],
    "kind": ["guest", None, "ghost", "other", "other", "guest", "other", "other", "guest"],
    "place": [
        "North Gate",
        "ROYAL Gate",
        None,
        "South Gate",
        "North Gate",
        "South Gate",
        "East",
        "West",
        "x",
        "y",
        "z",
    ],
    "weight": ["5", "400", None, "heavy", "7", "8", "9", "10", "11", "12", "13", "99", "100.5"],
}


@pytest.fixture
def gate(small):
    small.authority("act", NORMS).authority("later", LATER, rank="high", since="2022-01-01")
    return small.law()


def map_of(law, text=MAP):
    return parse_map(load_text(text, "m.yaml"), law, "m.yaml")


def some_rows(number):
    return [{"id": str(i), **{name: words[i % len(words)] for name, words in WORDS.items()}} for i in range(number)]


def reason(row):
    """Why a row is left out, as a person reads the map; empty for a row that stays."""
    weight = float(row["weight"]) if row["weight"] and row["weight"] != "heavy" else None
    if "royal" in (row["place"] or "").lower():
        return "a royal gate"
    if (weight is not None and weight > 100) or (row["day"] not in (None, "soon") and row["day"] < "2021-01-01"):
        return "too heavy or too old"
    return "a royal gate" if row["kind"] == "ghost" else ""


@pytest.fixture
def written(tmp_path):
    """Six hundred rows with words of all kinds in a file, and which of them stay in another."""
    rows = some_rows(600)
    schema = pa.schema([(name, pa.string()) for name in ("id", *WORDS)])
    pq.write_table(pa.Table.from_pylist(rows, schema), tmp_path / "in.parquet", row_group_size=70)
    pq.write_table(pa.Table.from_pylist([r for r in rows if not reason(r)], schema), tmp_path / "stay.parquet")
    return rows


def job_of(law, mapped, path, out=None, **more):
    asked = more.pop("asked", Asked(law, "", None, mapped.actions))
    return Job(
        find_sources([str(path)], mapped), mapped, asked, keys=mapped.keys, out=out, is_bad_an_error=False, **more
    )


def plain_map(law):
    return map_of(law, MAP[: MAP.index("leave_out")])


def test_a_row_left_out_stands_in_its_place_with_the_reason_and_all_others_are_answered_as_without(
    gate, written, tmp_path
):
    run(job_of(gate, map_of(gate), tmp_path / "in.parquet", tmp_path / "a.parquet", unit_rows=64))
    run(job_of(gate, plain_map(gate), tmp_path / "stay.parquet", tmp_path / "b.parquet"))
    told = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [one["id"] for one in told] == [row["id"] for row in written]
    left = [(one, reason(row)) for one, row in zip(told, written, strict=True) if reason(row)]
    assert len(left) > 100 and all(one["rejected"] == why for one, why in left)
    assert not [v for one, _ in left for name, v in one.items() if name.startswith(("open_gate", "write_down")) and v]
    stay = [one for one, row in zip(told, written, strict=True) if not reason(row)]
    assert stay == pq.read_table(tmp_path / "b.parquet").to_pylist()


def test_rows_left_out_are_counted_apart_and_nothing_in_them_is_counted_but_their_year(gate, written, tmp_path):
    report = run(job_of(gate, map_of(gate), tmp_path / "in.parquet", unit_rows=64))
    alone = run(job_of(gate, plain_map(gate), tmp_path / "stay.parquet"))
    assert report.findings.left_out == Counter(filter(None, map(reason, written)))
    lost = sum(report.findings.rejected.values()) + sum(report.findings.left_out.values())
    assert report.tally.rows == len(written) == report.tally.answered + lost
    # What decides is read too, so that what cannot be read there is told; all else is as if the rows were not there.
    heavy = sum(row["weight"] == "heavy" and not reason(row) for row in written)
    assert report.findings.bad.pop("what is left out") == {"heavy": heavy}
    report.findings.left_out.clear()
    assert report.findings == alone.findings and report.findings.bad and report.findings.rejected
    for name in ("answered", "norms", "by_year", "by_facility", "marks"):
        assert getattr(report.tally, name) == getattr(alone.tally, name)
    years = Counter(row["day"][:4] if row["day"] and row["day"] != "soon" else "" for row in written)
    assert report.tally.years == years


def test_a_bad_value_stops_the_run_only_in_a_row_that_stays(gate, tmp_path):
    schema = pa.schema([(name, pa.string()) for name in ("id", *WORDS)])
    row = {
        "id": "1",
        "day": "2022-03-01",
        "who": "land",
        "paper": "?",
        "kind": "other",
        "place": "Royal",
        "weight": "1",
    }
    pq.write_table(pa.Table.from_pylist([row], schema), tmp_path / "in.parquet")
    mapped = map_of(gate)
    job = Job(find_sources([str(tmp_path / "in.parquet")], mapped), mapped, Asked(gate, "", None, mapped.actions))
    assert run(job).findings.left_out == {"a royal gate": 1}
    pq.write_table(pa.Table.from_pylist([{**row, "place": "North"}], schema), tmp_path / "in.parquet")
    with pytest.raises(BrightlineError, match="not among those that the law knows") as caught:
        run(job)
    assert caught.value.code == "replay-values"


def test_a_run_that_was_cut_off_goes_on_to_the_same_bytes_and_counts(gate, written, tmp_path):
    def stop(rows, share):
        raise KeyboardInterrupt

    source, mapped = tmp_path / "in.parquet", map_of(gate)
    with pytest.raises(KeyboardInterrupt):
        run(job_of(gate, mapped, source, tmp_path / "a.csv", unit_rows=50), stop)
    again = run(job_of(gate, mapped, source, tmp_path / "a.csv", unit_rows=50, resume=True))
    whole = run(job_of(gate, mapped, source, tmp_path / "b.csv", unit_rows=50))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert again.findings == whole.findings and again.findings.left_out and again.tally == whole.tally


def test_of_two_laws_only_rows_that_stay_are_compared(gate, written, tmp_path):
    new, old = (Asked(gate, "land", day, ("open_gate",)) for day in (date(2024, 1, 1), date(2021, 7, 1)))
    sides = {"asked": old, "versus": new}
    found = run(job_of(gate, map_of(gate), tmp_path / "in.parquet", tmp_path / "a.csv", **sides))
    alone = run(job_of(gate, plain_map(gate), tmp_path / "stay.parquet", tmp_path / "b.csv", **sides))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert found.tally.changes == alone.tally.changes and found.tally.changed == alone.tally.changed > 0


def test_a_packed_population_holds_the_rows_that_stay(gate, written, tmp_path):
    asked = Asked(gate, "land", date(2024, 1, 1), ("open_gate",))
    for name, mapped, source in (("a", map_of(gate), "in"), ("b", plain_map(gate), "stay")):
        run(
            job_of(
                gate,
                mapped,
                tmp_path / f"{source}.parquet",
                asked=asked,
                pack=tmp_path / f"{name}.packed",
                unit_rows=64,
            )
        )
    found, alone = (
        run_packed(tmp_path / f"{name}.packed", job_of(gate, map_of(gate), tmp_path / "in.parquet", asked=asked)).tally
        for name in "ab"
    )
    assert found == alone and found.rows == sum(not reason(row) for row in written)


def test_a_part_of_which_no_row_stays_can_be_packed_and_an_input_of_which_none_stays_is_answered(gate, tmp_path):
    rows = [{"id": str(i), "place": "Royal", "day": "2022-01-01", "who": "land"} for i in range(10)]
    rows[7]["place"] = "North"
    schema = pa.schema([(name, pa.string()) for name in ("id", *WORDS)])
    asked = Asked(gate, "land", date(2024, 1, 1), ("open_gate",))
    for number, some in enumerate((rows, rows[:7])):
        pq.write_table(pa.Table.from_pylist(some, schema), tmp_path / "in.parquet")
        packed = tmp_path / f"{number}.packed"
        report = run(job_of(gate, map_of(gate), tmp_path / "in.parquet", tmp_path / "a.csv", asked=asked, pack=packed, unit_rows=3))  # fmt: skip
        assert (report.tally.rows, report.tally.answered) == (len(some), 1 - number)
        assert len((tmp_path / "a.csv").read_text().splitlines()) == len(some) + 1


def test_sql_leaves_the_same_rows_out_for_the_same_reasons(gate, written, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("sqlglot")
    from brightline.replay.sql.writer import SqlQuery, write_sql

    mapped = map_of(gate)
    run(job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / "a.parquet"))
    here = pq.read_table(tmp_path / "a.parquet").to_pylist()
    query = write_sql(SqlQuery(Asked(gate, "", None, mapped.actions), mapped, "duckdb", is_bad_null=True))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE requests AS SELECT * FROM '{tmp_path / 'in.parquet'}'")
        there = connection.sql(query).to_arrow_table().to_pylist()
    assert sorted(there, key=lambda one: int(one["id"])) == here
    assert {"a royal gate", "too heavy or too old"} < {one["rejected"] for one in here}


BEGIN = "map: m\nabout: A row.\nfacts: {paper: {from: paper}}\n"


def test_a_condition_alone_is_a_reason_of_its_own(gate):
    (one,) = map_of(gate, BEGIN + "leave_out: known(place)\n").leave_out
    assert (one.when, one.because) == (("known", "place"), "left out by the map")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("leave_out: 3", "`leave_out` is not a condition or a list"),
        ("leave_out: []", "`leave_out` is not a condition or a list"),
        ("leave_out: {when: known(x), because: y}", "`leave_out` is not a condition or a list"),
        ("leave_out: [known(x)]", "a line of `leave_out` is not a mapping"),
        ("leave_out: [{when: known(x)}]", "a line of `leave_out` has no `because`"),
        ("leave_out: [{because: y}]", "a line of `leave_out` has no `when`"),
        ("leave_out: [{when: known(x), because: y, is: z}]", "`is` is not a field of `leave_out`"),
        ("leave_out: [{when: import os, because: y}]", "cannot read the condition `import os`"),
        ('leave_out: [{when: known(x), because: "  "}]', "`` cannot be a reason"),
        *(
            (f"leave_out: [{{when: known(x), because: {word}}}]", f"`{word}` cannot be a reason")
            for word in REJECTED[1:]
        ),
        (f"leave_out: [{{when: known(x), because: {'y' * 201}}}]", "cannot be a reason"),
        ('leave_out: [{when: known(x), because: "a\\e[31mb"}]', "cannot be a reason"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(gate, text, message):
    with pytest.raises(BrightlineError) as caught:
        map_of(gate, BEGIN + text + "\n")
    assert (caught.value.code, caught.value.where) == ("replay-map", "m.yaml:4") and message in caught.value.message


def test_no_row_is_left_out_by_what_is_never_kept(gate, small):
    """Which rows are left out is in the output: it must not tell what a secret column says."""
    secret = next(f.name for f in gate.vocabulary.facts.values() if f.is_transient)
    for facts, column in ((f"{{{secret}: {{from: hush}}}}", "hush"), ("{paper: {from: paper}}", "Country_of_Birth")):
        text = f"map: m\nabout: A row.\nfacts: {facts}\nleave_out: known(kind) and known({column})\n"
        with pytest.raises(BrightlineError, match=column) as caught:
            map_of(gate, text)
        assert (caught.value.code, caught.value.where) == ("replay-transient", "m.yaml:4")


def test_the_command_says_how_many_rows_were_left_out_and_why(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("case,date,place\n1,2025-01-02,County\n2,2025-01-03,Federal\n3,2025-01-04,\n")
    (tmp_path / "map.yaml").write_text(
        "map: ours\nabout: A detainer.\ncolumns: {day: {from: date, type: date}}\ndate: day\nkeys: [case]\n"
        "actions: [hold_beyond_release]\nfacts: {instrument: i247a_detainer, custody_state: jail}\n"
        "leave_out: [{when: place == 'federal', because: no local policy binds there}]\n"
    )
    words = [
        "replay", str(tmp_path / "in.csv"), "--map", str(tmp_path / "map.yaml"), "--profile", "us/mn/hennepin/sheriff",
        "--out", str(tmp_path / "out.csv"),
    ]  # fmt: skip
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["requests"], told["answered"], told["rejected"]) == (3, 2, {})
    assert told["left_out"] == {"no local policy binds there": 1}
    with (tmp_path / "out.csv").open(newline="") as stream:
        lines = list(csv.reader(stream))
    assert [line[:2] for line in lines[1:]] == [["1", ""], ["2", "no local policy binds there"], ["3", ""]]
    assert main(words) == 0
    assert "left out  1 rows: no local policy binds there" in capsys.readouterr().out
