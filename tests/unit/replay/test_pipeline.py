"""The stream as a whole: every row answered as one request is, in its place; nothing lost, nothing half written."""

from __future__ import annotations

import csv
import gzip
import json
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightline.law import BrightlineError, answer
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

NORMS = """
- {id: shut, action: open_gate, modality: prohibited, unless: guest or emergency, cites: § 1, says: Shut.}
- {id: letter, action: open_gate, modality: required, when: paper == letter and age >= 18, cites: § 2, says: Open.}
- {id: spies, action: open_gate, modality: prohibited, when: secret and paper != writ, cites: § 3, says: No.}
"""
LATER = "- {id: writ, action: open_gate, modality: required, when: paper == writ, cites: § 4, says: Open., evidence: memory}\n"
CASTLE = "- {id: moat, action: open_gate, modality: no_duty, when: age < 12, cites: § 5, says: Not for children.}\n"
MAP = """
map: m
about: A row.
keys: [id, note]
actions: [open_gate, write_down]
date: day
profile: {from: who}
facility: place
facts:
  paper: {from: paper, values: {L: letter, W: writ, N: none}}
  emergency: {from: alarm}
  secret: {from: hush}
  age: {from: age}
  guest: {expression: "kind == 'guest'"}
"""


@pytest.fixture
def gate(small):
    small.authority("act", NORMS).authority("later", LATER, rank="high", since="2022-01-01")
    return small.authority("castle", CASTLE, rank="low", folder="land/castle", since="2021-06-01").law()


@pytest.fixture
def mapped(gate):
    return parse_map(load_text(MAP, "m.yaml"), gate, "m.yaml")


ROW = st.fixed_dictionaries(
    {
        "day": st.sampled_from(["2019-12-31", "2020-06-01", "2021-07-01", "2022-01-01", "2024-02-29", None]),
        "who": st.sampled_from(["land", "land/castle", None]),
        "paper": st.sampled_from(["L", "w", "N", "?", "", None]),
        "alarm": st.sampled_from(["yes", "no", None]),
        "hush": st.sampled_from(["yes", "no", None]),
        "age": st.sampled_from(["5", "12", "40", None]),
        "kind": st.sampled_from(["guest", "other", None]),
        "place": st.sampled_from(["North Gate", "South Gate", None]),
    }
)


def table_of(rows):
    names = ["day", "who", "paper", "alarm", "hush", "age", "kind", "place"]
    data = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
    return pa.table({"id": range(len(rows)), "note": [f"row {i}" for i in range(len(rows))], **data})


def expected(law, row, action):
    """The answer to one such request, asked as a person asks it: modality and first norm."""
    facts = {
        "paper": {"L": "letter", "W": "writ", "N": "none"}.get((row["paper"] or "").upper()),
        "emergency": row["alarm"], "secret": row["hush"], "age": row["age"],
        "guest": None if row["kind"] is None else row["kind"] == "guest",
    }  # fmt: skip
    try:
        one = answer(law, row["who"], facts, on=date.fromisoformat(row["day"]), actions=[action]).answers[0]
    except BrightlineError as error:
        assert error.code == "too-early"
        return "too_early", None
    return one.modality, one.basis[0].norm if one.basis else None


def job_of(law, mapped, path, out, **more):
    asked = Asked(law, "", None, mapped.actions)
    return Job(
        find_sources([str(path)], mapped), mapped, asked, keys=mapped.keys, out=out, is_bad_an_error=False, **more
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, min_size=1, max_size=40), unit=st.sampled_from([3, 7, 1000]))
def test_every_row_is_answered_as_one_request_is_and_stands_in_its_place(gate, mapped, tmp_path_factory, rows, unit):
    folder = tmp_path_factory.mktemp("stream")
    pq.write_table(table_of(rows), folder / "in.parquet", row_group_size=5)
    report = run(job_of(gate, mapped, folder / "in.parquet", folder / "out.parquet", unit_rows=unit))
    told = pq.read_table(folder / "out.parquet").to_pylist()
    assert [(t["id"], t["note"]) for t in told] == [(i, f"row {i}") for i in range(len(rows))]
    for row, one in zip(rows, told, strict=True):
        if row["day"] is None or row["who"] is None:
            assert one["rejected"] == ("no day" if row["day"] is None else "no profile")
            assert one["open_gate"] is None and one["open_gate_norm"] is None
            continue
        assert one["rejected"] is None
        for action in mapped.actions:
            assert (one[action], one[f"{action}_norm"]) == expected(gate, row, action)
    assert report.tally.rows == len(rows) == report.tally.answered + sum(report.findings.rejected.values())
    counted = Counter(one["open_gate"] for one in told if one["open_gate"])
    assert report.tally.modalities("open_gate") == counted
    assert report.findings.unmapped.get("paper", {}) == (
        {"?": n} if (n := sum(r["paper"] == "?" for r in rows)) else {}
    )


def some_rows(number):
    cycle = [
        {"day": d, "who": w, "paper": p, "alarm": a, "hush": h, "age": g, "kind": k, "place": b}
        for d, w, p, a, h, g, k, b in zip(
            ["2020-06-01", "2022-03-01", "2024-02-29", None] * 25, ["land", "land/castle", "land"] * 34,
            ["L", "W", "N", None, "?"] * 20, ["yes", None] * 50, ["yes", "no", None] * 34, ["5", "40", None, "12"] * 25,
            ["guest", None, "other"] * 34, ["North Gate", "South Gate"] * 50, strict=False,
        )
    ]  # fmt: skip
    return [cycle[i % len(cycle)] for i in range(number)]


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "arrow", "stream.arrow", "parquet", "folder", "duckdb"])
def test_every_kind_of_input_gives_the_same_answers(gate, mapped, tmp_path, kind):
    rows = some_rows(60)
    table = table_of(rows)
    pq.write_table(table, tmp_path / "plain.parquet")
    source = tmp_path / f"in.{kind}"
    if kind.startswith("csv"):
        with gzip.open(source, "wt", newline="") if kind.endswith("gz") else source.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, table.column_names)
            writer.writeheader()
            writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in table.to_pylist())
    elif kind.endswith("arrow"):
        opened = pa.ipc.new_stream if kind.startswith("stream") else pa.ipc.new_file
        with opened(str(source), table.schema) as writer:
            writer.write_table(table, max_chunksize=7)
    elif kind == "folder":
        source.mkdir()
        for number in range(4):
            pq.write_table(table.slice(number * 15, 15), source / f"part-{number}.parquet")
        (source / "_SUCCESS").write_text("")
    elif kind == "duckdb":
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect(str(source)) as connection:
            connection.register("rows_in", table)
            connection.execute("CREATE TABLE gate AS SELECT * FROM rows_in")
    else:
        pq.write_table(table, source, row_group_size=7)
    run(job_of(gate, mapped, tmp_path / "plain.parquet", tmp_path / "a.csv"))
    run(job_of(gate, mapped, source, tmp_path / "b.csv", unit_rows=8))
    told = [list(csv.reader((tmp_path / f"{name}.csv").read_text().splitlines())) for name in "ab"]
    assert told[0] == told[1] and len(told[0]) == 61


def test_the_same_rows_are_the_same_bytes_however_they_were_read(gate, mapped, tmp_path):
    pq.write_table(table_of(some_rows(100)), tmp_path / "a.parquet", row_group_size=9)
    pq.write_table(table_of(some_rows(100)), tmp_path / "b.parquet")
    for name in "ab":
        run(job_of(gate, mapped, tmp_path / f"{name}.parquet", tmp_path / f"{name}.out.parquet", unit_rows=30))
    assert (tmp_path / "a.out.parquet").read_bytes() == (tmp_path / "b.out.parquet").read_bytes()


KILLED = """
import os, signal, sys
from pathlib import Path
from brightline.law.corpusfiles import read_law
from brightline.law.yamlfile import load_yaml
from brightline.replay.answers.asking import Asked
from brightline.replay.maps.mapfile import parse_map
from brightline.replay.job import Job
from brightline.replay.pipeline import run
from brightline.replay.files.sources import find_sources
root, source, out, how, resume = sys.argv[1:]
law = read_law(Path(root))
mapped = parse_map(load_yaml(Path(root) / "m.map"), law, "m.yaml")
units = 0
def progress(rows, share):
    global units
    units += 1
    if units == 3 and how != "none":
        os.kill(os.getpid(), getattr(signal, how))
run(Job(find_sources([source], mapped), mapped, Asked(law, "", None, mapped.actions), keys=mapped.keys, out=Path(out),
        is_bad_an_error=False, unit_rows=50, resume=resume == "resume"), progress)
print(units)
"""


@pytest.mark.parametrize("suffix", ["parquet", "csv", "csv.gz"])
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_run_that_was_cut_off_leaves_no_output_and_goes_on_to_the_same_bytes(small, gate, tmp_path, how, suffix):
    (small.root / "m.map").write_text(MAP)
    source, out, whole = tmp_path / "in.parquet", tmp_path / f"out.{suffix}", tmp_path / f"whole.{suffix}"
    pq.write_table(table_of(some_rows(500)), source, row_group_size=60)

    def went(out, how="none", resume="new"):
        words = [sys.executable, "-c", KILLED, str(small.root), str(source), str(out), how, resume]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)

    cut = went(out, how)
    assert cut.returncode == -getattr(signal, how), cut.stderr
    assert not out.exists() and (tmp_path / f"out.{suffix}.unfinished").is_dir()
    again = went(out, resume="resume")
    assert again.returncode == 0, again.stderr
    assert 0 < int(again.stdout) < 10, "the parts that were written are not answered again"
    assert went(whole).returncode == 0
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("out")) == [out.name]


def test_a_part_whose_bytes_are_gone_is_answered_again(gate, mapped, tmp_path):
    pq.write_table(table_of(some_rows(300)), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"

    def stop(rows, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job_of(gate, mapped, tmp_path / "in.parquet", out, unit_rows=50), stop)
    (tmp_path / "out.parquet.unfinished" / "rows").write_bytes(b"PAR1xx")
    report = run(job_of(gate, mapped, tmp_path / "in.parquet", out, unit_rows=50, resume=True))
    assert pq.read_table(out).num_rows == report.tally.rows == 300


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda job, path: replace(job, settings="another"), "map or option"),
        (lambda job, path: pq.write_table(table_of(some_rows(299)), path), "input"),
    ],
)
def test_another_input_or_map_is_not_gone_on_with(gate, mapped, tmp_path, change, words):
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(table_of(some_rows(300)), path)

    def stop(rows, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job_of(gate, mapped, path, out, unit_rows=50), stop)
    changed = change(job_of(gate, mapped, path, out, unit_rows=50), path)
    job = replace(changed, resume=True) if changed else job_of(gate, mapped, path, out, unit_rows=50, resume=True)
    with pytest.raises(BrightlineError) as caught:
        run(job)
    assert caught.value.code == "replay-resume" and words in caught.value.message
    assert not out.exists()


def test_nothing_unfinished_is_nothing_to_go_on_with(gate, mapped, tmp_path):
    pq.write_table(table_of(some_rows(3)), tmp_path / "in.parquet")
    with pytest.raises(BrightlineError) as caught:
        run(job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / "out.csv", resume=True))
    assert caught.value.code == "replay-resume"


def test_values_outside_a_domain_are_all_counted_before_the_input_is_refused(gate, mapped, tmp_path):
    rows = [
        {**row, "alarm": "perhaps" if i % 10 == 0 else row["alarm"], "day": "2024-01-01"}
        for i, row in enumerate(some_rows(100))
    ]
    pq.write_table(table_of(rows), tmp_path / "in.parquet")
    job = replace(
        job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / "out.csv", unit_rows=20), is_bad_an_error=True
    )
    with pytest.raises(BrightlineError) as caught:
        run(job)
    assert caught.value.code == "replay-values" and "`perhaps` 10 times" in caught.value.message
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("out")] == []
    report = run(replace(job, is_bad_an_error=False))
    assert report.findings.bad == {"emergency": {"perhaps": 10}}
    assert report.tally.answered == 100


def test_a_transient_value_is_used_and_lands_nowhere(gate, tmp_path):
    """The word that the transient fact is read from is looked for in every byte that a run writes or says."""
    text = MAP.replace("secret: {from: hush}", "secret: {from: hush, values: {ZEMBLAN: true, RURITANIAN: false}}")
    found = parse_map(load_text(text, "m.yaml"), gate, "m.yaml")
    rows = [
        {**r, "hush": ["ZEMBLAN", "RURITANIAN", "GRAUSTARKIAN"][i % 3], "day": "2024-01-01"}
        for i, r in enumerate(some_rows(200))
    ]
    pq.write_table(table_of(rows), tmp_path / "in.parquet")
    written = []
    for suffix in ("parquet", "csv"):
        job = job_of(
            gate, found, tmp_path / "in.parquet", tmp_path / f"out.{suffix}", unit_rows=50, has_why=True, has_due=True
        )
        halves = []

        def keep(rows, share, job=job, halves=halves):
            folder = job.out.with_name(job.out.name + ".unfinished")
            halves.extend(p.read_bytes() for p in folder.iterdir())

        report = run(job, keep)
        written += [*halves, job.out.read_bytes(), repr(report).encode(), json.dumps(report.findings.plain()).encode()]
    answers = {(r["open_gate"], r["open_gate_norm"]) for r in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    assert ("prohibited", "land/act#spies") in answers, "the fact was used"
    assert len(written) > 8
    everything = b"".join(written).lower()
    assert not [word for word in (b"zembl", b"ruritan", b"graustark") if word in everything]


def test_a_key_that_comes_twice_is_counted_or_refused(gate, mapped, tmp_path):
    table = table_of(some_rows(40))
    pq.write_table(pa.concat_tables([table, table.slice(0, 5)]), tmp_path / "in.parquet")
    for suffix in ("parquet", "csv", "csv.gz"):
        job = job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / f"out.{suffix}")
        report = run(job)
        assert (report.tally.rows, report.duplicates) == (45, 5)
        job.out.unlink()
        with pytest.raises(BrightlineError) as caught:
            run(replace(job, unique_keys=True))
        assert caught.value.code == "replay-duplicates" and "5 rows" in caught.value.message
        assert not job.out.exists()


def test_two_laws_are_set_beside_each_other(gate, mapped, tmp_path):
    rows = [{**row, "day": "2024-01-01", "who": "land"} for row in some_rows(90)]
    pq.write_table(table_of(rows), tmp_path / "in.parquet")
    job = job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / "out.parquet", unit_rows=20)
    report = run(replace(job, versus=replace(job.asked, on=date(2021, 1, 1))))
    changed = {}
    for number, row in enumerate(rows):
        both = [
            (expected(gate, {**row, "day": day}, a)[0]) for day in ("2024-01-01", "2021-01-01") for a in ("open_gate",)
        ]
        if both[0] != both[1]:
            changed[number] = tuple(both)
    told = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert {one["id"]: (one["open_gate_before"], one["open_gate_after"]) for one in told} == changed
    assert report.tally.changed == len(changed) > 0
    counts = {(b, a): n for (action, b, a), n in report.tally.changes.items() if action == "open_gate"}
    assert sum(counts.values()) == 90
    assert {pair: n for pair, n in counts.items() if pair[0] != pair[1]} == Counter(changed.values())


def test_two_laws_that_agree_write_a_file_without_rows(gate, mapped, tmp_path):
    pq.write_table(table_of(some_rows(9)), tmp_path / "in.parquet")
    for suffix in ("parquet", "csv"):
        job = job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / f"out.{suffix}", unit_rows=4)
        report = run(replace(job, versus=job.asked))
        assert report.tally.changed == 0 and job.out.exists()
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0
    assert (tmp_path / "out.csv").read_text().count("\n") == 1


def test_open_answers_say_which_fact_they_wait_for(gate, mapped, tmp_path):
    row = {
        "day": "2024-01-01",
        "who": "land",
        "paper": "L",
        "alarm": "no",
        "hush": "no",
        "age": None,
        "kind": "guest",
        "place": "N",
    }
    pq.write_table(table_of([row] * 6), tmp_path / "in.parquet")
    report = run(job_of(gate, mapped, tmp_path / "in.parquet", None))
    assert report.tally.modalities("open_gate") == {"open": 6}
    assert report.waiting == {("open_gate", "age"): 6}


def test_years_and_facilities_are_counted(gate, mapped, tmp_path):
    rows = some_rows(100)
    pq.write_table(table_of(rows), tmp_path / "in.parquet")
    tally = run(job_of(gate, mapped, tmp_path / "in.parquet", None, unit_rows=30)).tally
    assert tally.years == Counter((row["day"] or "")[:4] for row in rows)
    asked = [row for row in rows if row["day"]]
    for place in ("North Gate", "South Gate"):
        counted = sum(n for (p, a, _), n in tally.by_facility.items() if (p, a) == (place, "open_gate"))
        assert counted == sum(row["place"] == place for row in asked)


def test_the_norms_that_lost_are_written_where_asked_for(gate, mapped, tmp_path):
    row = {
        "day": "2024-01-01",
        "who": "land",
        "paper": "w",
        "alarm": "no",
        "hush": "no",
        "age": "40",
        "kind": "other",
        "place": "N",
    }
    pq.write_table(table_of([row, {**row, "paper": "N"}]), tmp_path / "in.parquet")
    run(job_of(gate, mapped, tmp_path / "in.parquet", tmp_path / "out.parquet", has_why=True))
    first, second = pq.read_table(tmp_path / "out.parquet").to_pylist()
    facts = {"paper": "writ", "emergency": False, "secret": False, "age": 40, "guest": False}
    one = answer(gate, "land", facts, on=date(2024, 1, 1), actions=["open_gate"]).answers[0]
    assert first["open_gate_defeated"] == "; ".join(f"{d.norm} to {d.by} ({d.why})" for d in one.defeated) != ""
    assert second["open_gate_defeated"] is None


def test_an_output_larger_than_the_room_is_refused_and_leaves_nothing_in_its_place(small, gate, tmp_path):
    (small.root / "m.map").write_text(MAP)
    pq.write_table(table_of(some_rows(4000)), tmp_path / "in.parquet")
    limit = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)); from brightline.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["replay", str(tmp_path / "in.parquet"), "--map", str(small.root / "m.map"), "--corpus", str(small.root)]
    words += ["--out", str(tmp_path / "out.csv"), "--on-bad", "null"]
    ran = subprocess.run([sys.executable, "-c", limit, *words], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 2 and "[io]" in ran.stderr and "Traceback" not in ran.stderr
    assert not (tmp_path / "out.csv").exists()
    assert main_again(words) == 0 and len((tmp_path / "out.csv").read_text().splitlines()) == 4001


def main_again(words):
    from brightline.cli.main import main

    return main([*words, "--resume", "--json"])
