"""`brightline replay` as a person uses it: a file, a map, a law, and what comes out."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

MAP = """
map: county
about: One row for each detainer.
noun: detainers
keys: [case]
actions: [hold_beyond_release, notify_release]
columns: {prepared: {from: Prepared, type: date, format: "%m/%d/%Y"}}
date: prepared
facility: jail
facts:
  actor_role: jail_staff
  requester: ice_ero
  custody_state: jail
  release_due: true
  request_kind: hold
  purpose: civil_immigration
  instrument_signed_by: immigration_officer
  instrument_nature: civil_immigration
  instrument: {from: form, values: {"I-247A*": i247a_detainer, "*order*": judicial_arrest_warrant}}
  accompanying_instrument: {from: second}
  release_due_at: {from: out, zone: America/Chicago}
  hold_until_at: {from: until, zone: America/Chicago}
"""
COLUMNS = ["case", "Prepared", "jail", "agency", "form", "second", "out", "until"]
ROWS = [
    ["1", "01/05/2026", "North", "us/mn/hennepin/sheriff", "I-247A", "none", "2026-01-16 18:05", "2026-01-18 18:05"],
    ["2", "02/07/2026", "North", "us/tx/dallas/sheriff", "I-247A", "none", "2026-01-16 18:05", "2026-01-16 20:00"],
    ["3", "03/09/2025", "South", "us/mn/hennepin/sheriff", "court order", "none", "", ""],
    ["4", "04/11/2025", "South", "us/tx/dallas/sheriff", "fax", "", "2026-01-18 18:05", "2026-01-16 18:05"],
]


@pytest.fixture
def county(tmp_path):
    (tmp_path / "county.yaml").write_text(MAP)
    write(tmp_path / "in.csv", ROWS)
    return tmp_path


def write(path: Path, rows) -> None:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])


def told(run):
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def one_by_one(brightline, row, action, profile, on, folder):
    """The same question, asked as one request."""
    facts = {
        "actor_role": "jail_staff", "requester": "ice_ero", "custody_state": "jail", "release_due": True, "request_kind": "hold",
        "purpose": "civil_immigration", "instrument_signed_by": "immigration_officer", "instrument_nature": "civil_immigration",
        "instrument": {"I-247A": "i247a_detainer", "court order": "judicial_arrest_warrant"}.get(row[4]),
        "accompanying_instrument": row[5] or None, "release_due_at": f"{row[6]}:00-06:00" if row[6] else None,
        "hold_until_at": f"{row[7]}:00-06:00" if row[7] else None,
    }  # fmt: skip
    (folder / "facts.json").write_text(json.dumps({k: v for k, v in facts.items() if v is not None}))
    run = brightline(
        "answer", "--profile", profile, "--on", on, "--action", action, "--facts", str(folder / "facts.json"), "--json"
    )
    if run.returncode == 2:
        assert "contradiction" in run.stderr
        return {"modality": "contradictory", "norm": "", "due": None}
    (one,) = json.loads(run.stdout)["answers"]
    due = sorted(d["due_at"] for d in one["duties"] if d["due_at"])
    return {
        "modality": one["modality"],
        "norm": one["basis"][0]["norm"] if one["basis"] else "",
        "due": due[0] if due else None,
    }


def test_each_row_is_answered_under_its_own_law_with_reasons_and_due_times(brightline, county):
    run = brightline(
        "replay", str(county / "in.csv"), "--map", str(county / "county.yaml"), "--profile", "agency", "--out",
        str(county / "out.csv"), "--why", "--due", "--json",
    )  # fmt: skip
    summary = told(run)
    out = list(csv.DictReader((county / "out.csv").read_text().splitlines()))
    assert [row["case"] for row in out] == ["1", "2", "3", "4"]
    for row, line in zip(ROWS, out, strict=True):
        month, day, year = row[1].split("/")
        for action in ("hold_beyond_release", "notify_release"):
            wanted = one_by_one(brightline, row, action, row[3], f"{year}-{month}-{day}", county)
            assert (line[action], line[f"{action}_norm"]) == (wanted["modality"], wanted["norm"])
            due = line[f"{action}_due_at"]
            assert (due or None) == (wanted["due"] and wanted["due"].replace("T", " ").replace("+00:00", ".000000Z"))
    assert out[3]["hold_beyond_release"] == "contradictory", "row 4 is held until a time before its release"
    assert any(line["hold_beyond_release_defeated"] for line in out)
    assert summary["unmapped"] == {"instrument": [{"word": "fax", "count": 1}]}
    assert (summary["requests"], summary["answered"], summary["profile"]) == (4, 4, None)
    assert {f["facility"]: f["requests"] for f in summary["facilities"]} == {"North": 2, "South": 2}
    assert {y["year"]: y["requests"] for y in summary["years"]} == {2025: 2, 2026: 2}


def test_the_page_names_what_is_unmapped_what_is_open_and_what_the_columns_cannot_tell(brightline, county):
    (county / "county.yaml").write_text(MAP + "cannot_tell: [The file has no convictions.]\n")
    run = brightline(
        "replay", str(county / "in.csv"), "--map", str(county / "county.yaml"), "--profile", "us/tx/dallas/sheriff"
    )
    words = " ".join(run.stdout.split())
    assert "4 detainers under Dallas County Sheriff, the law of each one's own day" in words
    assert "instrument: `fax` 1" in words and "The file has no convictions." in words
    assert run.stderr == "", "nothing is shown on standard error where it is no terminal"


def test_two_policies_are_compared_row_by_row(brightline, county):
    words = [
        "replay",
        str(county / "in.csv"),
        "--map",
        str(county / "county.yaml"),
        "--profile",
        "us/tx/dallas/sheriff",
    ]
    words += ["--on", "2026-01-16"]
    summary = told(
        brightline(*words, "--versus", "us/mn/hennepin/sheriff", "--out", str(county / "changed.csv"), "--json")
    )
    rows = list(csv.DictReader((county / "changed.csv").read_text().splitlines()))
    assert summary["versus"]["changed"] == len(rows) > 0
    before = {r["case"]: r for r in rows_of(brightline, words, county / "a.csv")}
    after = {
        r["case"]: r for r in rows_of(brightline, [*words[:5], "us/mn/hennepin/sheriff", *words[6:]], county / "b.csv")
    }
    for row in rows:
        assert row["notify_release_before"] == before[row["case"]]["notify_release"]
        assert row["notify_release_after"] == after[row["case"]]["notify_release"]
    differ = [c for c in before if any(before[c][a] != after[c][a] for a in ("hold_beyond_release", "notify_release"))]
    assert [row["case"] for row in rows] == differ
    page = brightline(*words, "--versus", "bill:us/119/hr-32")
    assert "would get another answer" in page.stdout and "with bill:us/119/hr-32" in " ".join(page.stdout.split())


def rows_of(brightline, words, out):
    assert brightline(*words, "--out", str(out)).returncode == 0
    return list(csv.DictReader(out.read_text().splitlines()))


def test_a_packed_population_answers_under_another_law_as_its_columns_do(brightline, county):
    plain = MAP.replace(
        '  instrument: {from: form, values: {"I-247A*"', '  instrument: {from: form, blank: none, values: {"I-247A*"'
    )
    (county / "county.yaml").write_text(plain)
    words = ["--map", str(county / "county.yaml"), "--on", "2026-01-16"]
    packed, texas, minnesota = str(county / "rows.packed"), "us/tx/dallas/sheriff", "us/mn/hennepin/sheriff"
    told(brightline("replay", str(county / "in.csv"), *words, "--profile", minnesota, "--pack", packed, "--json"))
    for profile in (texas, minnesota):
        columns = rows_of(
            brightline, ["replay", str(county / "in.csv"), *words, "--profile", profile], county / "a.csv"
        )
        again = rows_of(brightline, ["replay", packed, *words, "--profile", profile], county / "b.csv")
        for one, other in zip(columns, again, strict=True):
            for action in ("hold_beyond_release", "notify_release"):
                assert (one[action], one[f"{action}_norm"]) == (other[action], other[f"{action}_norm"])
    own = rows_of(brightline, ["replay", packed, *words[:2]], county / "c.csv")
    columns = rows_of(
        brightline, ["replay", str(county / "in.csv"), *words[:2], "--profile", minnesota], county / "d.csv"
    )
    for one, other in zip(columns, own, strict=True):
        assert (one["hold_beyond_release"], one["notify_release"]) == (
            other["hold_beyond_release"],
            other["notify_release"],
        )
    run = brightline("replay", packed, *words[:2], "--profile", "agency")
    assert run.returncode == 2 and "[unknown-profile]" in run.stderr


@pytest.mark.parametrize("kind", ["svg", "png", "html"])
def test_a_chart_is_drawn_and_says_in_words_what_it_shows(brightline, county, kind):
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    path = county / f"chart.{kind}"
    run = brightline(
        "replay",
        str(county / "in.csv"),
        "--map",
        str(county / "county.yaml"),
        "--profile",
        "agency",
        "--chart",
        str(path),
    )
    assert run.returncode == 0, run.stderr
    if kind == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
        return
    text = path.read_text()
    assert "<title" in text and "hold beyond release: " in text and 'role="img"' in text
    assert ("<table>" in text and "<th scope=row>hold beyond release" in text) == (kind == "html")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--profile", "us/tx/dalas/sheriff"], "unknown-profile", "us/tx/dallas/sheriff"),
        ([], "replay-asked", "--profile"),
        (["--profile", "agency", "--on", "tomorrow"], "date", "2026-01-16"),
        (["--profile", "agency", "--action", "hold_beyond"], "unknown-action", "hold_beyond_release"),
        (["--profile", "agency", "--reading", "x=y"], "unknown-reading", "unknown reading"),
        (["--profile", "agency", "--overlay", "us/119/hr-33"], "unknown-bill", "hr-32"),
        (["--profile", "agency", "--out", "out.xlsx"], "replay-out", ".parquet"),
        (["--profile", "agency", "--out", "nowhere/out.csv"], "replay-out", "no folder"),
        (["--profile", "agency", "--out", "in.csv"], "replay-out", "also an input"),
        (["--profile", "agency", "--keys", "caze", "--out", "out.csv"], "replay-columns", "`case`"),
        (["--profile", "agency", "--keys", "case,rejected", "--out", "out.csv"], "replay-keys", "rejected"),
        (["--profile", "agency", "--why"], "option", "--out FILE"),
        (["--profile", "agency", "--versus", "bill:us/119/hr-33"], "unknown-bill", "hr-32"),
        (["--profile", "agency", "--chart", "chart.gif"], "replay-out", ".svg"),
        (["--profile", "agency", "--map", "countee"], "unreadable", "no map"),
        (["--profile", "us/tx/dallas/sheriff", "--on", "agency"], "replay-values", "the day"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_next_step(brightline, county, words, code, says):
    asked = ["--map", "county.yaml", *words] if "--map" not in words else words
    run = brightline("replay", "in.csv", *asked, cwd=county)
    assert run.returncode == 2 and f"[{code}]" in run.stderr and says in run.stderr, run.stderr
    assert "Traceback" not in run.stderr
    assert sorted(p.name for p in county.iterdir()) == ["county.yaml", "in.csv"] or (county / "cache").exists()
    assert not [p for p in county.iterdir() if p.name.startswith(("out", "chart"))]


def test_a_word_that_is_never_kept_is_in_no_output_and_no_message(brightline, county):
    """A transient fact is mapped and used; its words are looked for in everything that the command leaves."""
    secret = "  lawful_status_claim: {from: papers, values: {ZEMBLAN PASSPORT: shows_proof, NOTHING: none}}\n"
    (county / "county.yaml").write_text(MAP + secret)
    COLUMNS_ = [*COLUMNS, "papers"]
    papers = ["ZEMBLAN PASSPORT", "NOTHING", "RURITANIAN CARD", "ZEMBLAN PASSPORT"]
    with (county / "in.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS_, *([*row, p] for row, p in zip(ROWS, papers, strict=True))])
    words = ["replay", "in.csv", "--map", "county.yaml", "--profile", "us/tx/dallas/sheriff", "--on", "2026-01-16"]
    runs = [
        brightline(*words, *more, cwd=county)
        for more in (
            ["--out", "a.csv", "--why", "--due", "--json"],
            ["--out", "b.parquet", "--keys", "case,jail"],
            ["--versus", "us/mn/hennepin/sheriff", "--out", "c.csv", "--chart", "d.html"],
            ["--keys", "papers", "--out", "e.csv"],
            ["--pack", "f.packed"],
        )
    ]
    assert [run.returncode for run in runs] == [0, 0, 0, 2, 2]
    assert "[replay-transient]" in runs[3].stderr and "[transient-packed]" in runs[4].stderr
    written = [
        p.read_bytes()
        for p in county.rglob("*")
        if p.is_file() and p.name not in ("in.csv", "county.yaml") and "cache" not in p.parts
    ]
    written += [(run.stdout + run.stderr).encode() for run in runs]
    everything = b"".join(written).lower()
    assert len(written) == 9 and not [w for w in (b"zembl", b"ruritan", b"shows_proof") if w in everything]
    bad = MAP + "  lawful_status_claim: {from: papers}\n"
    (county / "county.yaml").write_text(bad)
    refused = brightline(*words, cwd=county)
    assert refused.returncode == 2 and "4 (not shown)" in refused.stderr and "zembl" not in refused.stderr.lower()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_replay_that_was_cut_off_leaves_no_output_and_is_gone_on_with(brightline, county, how):
    rows = [[str(i), *ROWS[i % 4][1:]] for i in range(1_200_000)]
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)})
    pq.write_table(table, county / "in.parquet")
    words = [
        "replay",
        "in.parquet",
        "--map",
        "county.yaml",
        "--profile",
        "us/tx/dallas/sheriff",
        "--out",
        "out.parquet",
    ]
    environment = {**os.environ, "BRIGHTLINE_CACHE": str(county / "cache")}
    process = subprocess.Popen(
        [sys.executable, "-m", "brightline", *words],
        cwd=county,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    notes = county / "out.parquet.unfinished" / "checkpoint"
    while process.poll() is None and not (notes.exists() and len(notes.read_text().splitlines()) > 1):
        time.sleep(0.01)
    process.send_signal(how)
    said = process.communicate()[1]
    if process.returncode == 0:
        pytest.skip("the machine was too quick: the replay was done before it was killed")
    assert not (county / "out.parquet").exists()
    assert how == signal.SIGKILL or b"go on with --resume" in said
    assert brightline(*words, "--resume", cwd=county).returncode == 0
    assert brightline(*words[:-1], "whole.parquet", cwd=county).returncode == 0
    assert (county / "out.parquet").read_bytes() == (county / "whole.parquet").read_bytes()
    assert not notes.parent.exists()


def test_a_terminal_sees_a_bar_with_rate_and_time_left(county):
    pytest.importorskip("tqdm", reason="needs the extra `replay`")
    write(county / "in.csv", [[str(i), *ROWS[i % 4][1:]] for i in range(3000)])
    words = ["replay", "in.csv", "--map", "county.yaml", "--profile", "us/tx/dallas/sheriff"]
    main, side = pty.openpty()
    environment = {**os.environ, "BRIGHTLINE_CACHE": str(county / "cache")}
    process = subprocess.Popen(
        [sys.executable, "-m", "brightline", *words],
        cwd=county,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=side,
    )
    os.close(side)
    shown = b""
    while True:
        try:
            block = os.read(main, 4096)
        except OSError:
            break
        if not block:
            break
        shown += block
    os.close(main)
    assert process.wait() == 0
    assert b"rows" in shown and b"%" in shown


def test_the_words_sql_and_map_are_commands_of_their_own(brightline, county):
    assert "map: " in brightline("replay", "map", "suggest", str(county / "in.csv")).stdout
    assert "--dialect" in brightline("replay", "sql", "--help").stdout
