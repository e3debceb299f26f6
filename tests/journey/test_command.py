"""The command as a person meets it: its own process, real files, plain words."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

DETAINER = {
    "actor_role": "jail_staff",
    "requester": "ice_ero",
    "request_kind": "hold",
    "instrument": "i247a_detainer",
    "accompanying_instrument": "i200_warrant",
    "instrument_signed_by": "immigration_officer",
    "instrument_nature": "civil_immigration",
    "purpose": "civil_immigration",
    "custody_state": "jail",
    "release_due": True,
}


def options(facts):
    return [word for name, value in facts.items() for word in ("--fact", f"{name}={str(value).lower()}")]


def test_a_sergeant_at_two_in_the_morning_is_told_not_to_hold_and_why(brightline):
    run = brightline(
        "answer", "--profile", "us/mn/hennepin/sheriff", "--at", "2026-01-17T02:00:00-06:00", *options(DETAINER)
    )
    assert run.returncode == 0, run.stderr
    assert "PROHIBITED: hold beyond release" in run.stdout
    assert "Minn. Stat. §§ 629.30" in run.stdout
    assert "Not legal advice" in run.stdout
    assert run.stdout.index("PROHIBITED") < run.stdout.index("PERMITTED, NOT REQUIRED")


def test_both_detainer_clocks_are_shown_and_the_shorter_is_the_one_to_keep(brightline):
    facts = {**DETAINER, "release_due_at": "2026-01-16T18:05:00-06:00", "lawful_status_claim": "none"}
    run = brightline(
        "answer",
        "--profile",
        "us/tx/dallas/sheriff",
        "--on",
        "2026-01-16",
        "--action",
        "hold_beyond_release",
        "--facts",
        "-",
        "--json",
        stdin=json.dumps(facts),
    )
    assert run.returncode == 0, run.stderr
    clocks = {
        d["due_at"]: d for d in json.loads(run.stdout)["answers"][0]["duties"] if d["action"] == "hold_beyond_release"
    }
    assert set(clocks) == {"2026-01-19T00:05:00Z", "2026-01-22T00:05:00Z"}
    assert [due for due, d in clocks.items() if d["keep"]] == ["2026-01-19T00:05:00Z"]
    working = clocks["2026-01-22T00:05:00Z"]["working"]
    assert "Saturday, Sunday and Monday (holiday" in working
    assert "due Wed 2026-01-21 18:05" in working


def test_the_answer_from_the_cache_is_the_answer_from_the_files(brightline):
    facts = {**DETAINER, "release_due_at": "2026-01-16T18:05:00-06:00", "lawful_status_claim": "none"}
    words = [
        "answer",
        "--profile",
        "us/tx/dallas/sheriff",
        "--on",
        "2026-01-16",
        "--facts",
        "-",
        "--json",
        "--reading",
        "detainer_force=command",
    ]
    first, second = (brightline(*words, stdin=json.dumps(facts)) for _ in range(2))
    assert first.returncode == second.returncode == 0, second.stderr
    assert first.stdout == second.stdout
    assert "holiday" in first.stdout


def test_facts_come_from_a_yaml_file_a_json_file_and_standard_input_alike(brightline, tmp_path):
    yaml_file, json_file = tmp_path / "f.yaml", tmp_path / "f.json"
    yaml_file.write_text("\n".join(f"{k}: {str(v).lower()}" for k, v in DETAINER.items()))
    json_file.write_text(json.dumps({"facts": DETAINER}))
    common = ["answer", "--profile", "us/ca/los-angeles/sheriff", "--on", "2026-01-16", "--json"]
    outputs = {brightline(*common, "--facts", str(f)).stdout for f in (yaml_file, json_file)}
    outputs.add(brightline(*common, "--facts", "-", stdin=yaml_file.read_text()).stdout)
    outputs.add(brightline(*common, *options(DETAINER)).stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["profile"] == "us/ca/los-angeles/sheriff"


def test_strict_presumes_nothing(brightline):
    common = [
        "answer",
        "--profile",
        "us/mn/minneapolis/police",
        "--on",
        "2026-01-16",
        "--action",
        "refer_to_immigration",
        "--json",
        *options(DETAINER),
    ]
    strict = json.loads(brightline(*common, "--strict").stdout)["answers"][0]
    assert strict["presumed"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["answer", "--profile", "us/mn/hennepn"], "`us/mn/hennepin`"),
        (["answer", "--profile", "us/mn", "--fact", "instrumnt=none"], "`instrument`"),
        (["answer", "--profile", "us/mn", "--fact", "instrument=i247a"], "`i247a_detainer`"),
        (["answer", "--profile", "us/mn", "--fact", "instrument"], "NAME=VALUE"),
        (["answer", "--profile", "us/mn", "--action", "hold_beyond"], "`hold_beyond_release`"),
        (["answer", "--profile", "us/mn", "--on", "yesterday"], "2026-01-16"),
        (["answer", "--profile", "us/mn", "--at", "2 a.m."], "2026-01-16T18:05:00-06:00"),
        (["answer", "--profile", "us/mn", "--on", "1492-10-12"], "later date"),
        (["answer", "--profile", "us/mn", "--fact", "release_due=yes", "--fact", "release_due=no"], "given twice"),
        (["answer", "--profile", "us/mn", "--fact", "release_due=yes", "--fact", "custody_state=none"], "contradict"),
        (["answer", "--profile", "us/mn", "--reading", "moat=dry"], "unknown reading"),
        (["answer", "--profile", "us/mn", "--facts", "nowhere.yaml"], "no such file"),
        (["answer", "--profile", "us/mn", "--corpus", "nowhere"], "holds no vocabulary.yaml"),
        (["law", "show", "us/mars"], "unknown profile"),
        (["law", "test", "nowhere.yaml"], "no such file"),
        (["law", "check", "nowhere"], "not in the corpus"),
        (["replay", "--profile", "us/mn", "--file", "nowhere.csv"], "no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_ends_in_exit_2_with_the_next_step(brightline, words, says, tmp_path):
    run = brightline(*words, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert "help:" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"\xff\xfe",
        b"a: &a [*a]",
        b"a: " + b"[" * 5000,
        b"- 1\n- 2",
        b"a: b: c",
        b"a: !!python/object:os.system x",
    ],
)
def test_a_hostile_facts_file_is_refused_without_a_traceback(brightline, tmp_path, content):
    path = tmp_path / "facts.yaml"
    path.write_bytes(content)
    run = brightline("answer", "--profile", "us/mn", "--facts", str(path))
    assert run.returncode == 2
    assert "error:" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_hundred_megabytes_of_facts_are_refused_without_being_read(brightline, tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    run = brightline("answer", "--profile", "us/mn", "--facts", str(path))
    assert run.returncode == 2
    assert "larger than" in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to stand for a full disk")
def test_a_full_disk_is_said_and_not_a_traceback(tmp_path):
    import subprocess

    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "brightline", "law", "show", "us/mn"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 2
    assert "no space left" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_cache_that_cannot_be_written_is_not_missed(tmp_path):
    import subprocess

    blocked = tmp_path / "file"
    blocked.write_text("")
    environment = {**os.environ, "BRIGHTLINE_CACHE": str(blocked / "below")}
    run = subprocess.run(
        [sys.executable, "-m", "brightline", "answer", "--profile", "us/mn", "--action", "certify_victim"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_a_damaged_cache_is_made_anew(brightline, tmp_path):
    words = [
        "answer",
        "--profile",
        "us/mn",
        "--on",
        "2026-01-16",
        "--action",
        "hold_beyond_release",
        "--json",
        *options(DETAINER),
    ]
    first = brightline(*words).stdout
    (kept,) = (tmp_path / "cache").glob("law-*.json")
    kept.write_text(kept.read_text()[: len(kept.read_text()) // 2])
    assert brightline(*words).stdout == first


def test_the_transient_fact_is_in_no_byte_that_is_left_behind(brightline, tmp_path):
    facts = {**DETAINER, "lawful_status_claim": "claims_us_citizenship", "unlawful_presence_basis": "stated_by_person"}
    run = brightline("answer", "--profile", "us/tx/dallas/sheriff", "--facts", "-", stdin=json.dumps(facts))
    assert run.returncode == 0, run.stderr
    assert "lawful_status_claim (known, not shown)" in " ".join(run.stdout.split())
    # The vocabulary is in the cache with its words; no file may hold them as a fact's value.
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    for value in ("claims_us_citizenship", "stated_by_person"):
        assert value not in run.stdout + run.stderr
        assert f'"{value}"}}'.encode() not in left
    again = json.loads(
        brightline(
            "answer", "--profile", "us/tx/dallas/sheriff", "--facts", "-", "--json", stdin=json.dumps(facts)
        ).stdout
    )
    told = json.dumps([{k: v for k, v in one.items() if k != "question"} for one in again["answers"]])
    assert "claims_us_citizenship" not in told
    assert "stated_by_person" not in told


def test_a_transient_fact_on_the_command_line_brings_a_word_about_history(brightline):
    run = brightline(
        "answer",
        "--profile",
        "us/mn",
        "--action",
        "notify_consulate",
        "--fact",
        "foreign_nationality=not_foreign_national",
    )
    assert run.returncode == 0
    assert "history" in run.stderr
    assert "not_foreign_national" not in run.stdout + run.stderr


def test_the_interview_ends_in_the_answer_that_the_facts_give(brightline):
    told = "civil_immigration\n?\nno\nno\nno\nno\nno\nno\nno\nno\nno\nno\n"
    run = brightline(
        "ask",
        "--profile",
        "us/mn/minneapolis/police",
        "--on",
        "2026-01-16",
        "--action",
        "ask_status",
        "--fact",
        "actor_role=police_officer",
        stdin=told,
    )
    assert run.returncode == 0, run.stderr
    assert "PROHIBITED: ask status" in run.stdout


def test_the_interview_takes_numbers_words_not_sure_back_and_stop(brightline):
    run = brightline(
        "ask", "--profile", "us/mn/hennepin/sheriff", "--on", "2026-01-16", stdin="2\n<\nhold\nno such paper\n?\nq\n"
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("What are they asking for?") == 2
    assert "is not a value" in run.stdout
    assert "Stopped" in run.stdout
    assert "PROHIBITED: hold beyond release" in run.stdout or "OPEN" in run.stdout


def test_law_show_prints_the_stack_and_the_list_of_profiles(brightline):
    stack = brightline("law", "show", "us/mn/minneapolis/police", "--on", "2026-01-16")
    assert "Minneapolis" in stack.stdout
    assert "norms of" in stack.stdout
    profiles = brightline("law", "show")
    assert "us/tx/dallas/sheriff" in profiles.stdout


def test_law_test_reports_each_case_and_exits_1_on_a_miss(brightline, tmp_path):
    path = tmp_path / "cases.yaml"
    case = "- {id: %s, profile: %s, as_of: 2026-01-16, facts: {request_kind: hold, instrument: i247a_detainer, release_due: true, agency_type: sheriff_office, requester: ice_ero, actor_role: jail_staff, custody_state: jail}, action: hold_beyond_release, expect: %s}\n"
    path.write_text(
        case % ("good", "us/mn", "prohibited")
        + case % ("bad", "us/mn", "required")
        + case % ("nowhere", "us/mars", "permitted")
    )
    run = brightline("law", "test", str(path), "--json")
    told = json.loads(run.stdout)
    assert (run.returncode, told["passed"], told["failed"]) == (1, 1, 2)
    assert [c["ok"] for c in told["cases"]] == [True, False, False]
    assert told["cases"][0]["got"] == "prohibited"
    assert "unknown profile" in told["cases"][2]["missed"][0]
    text = brightline("law", "test", str(path))
    assert "MISS bad" in text.stdout
    assert "1 passed, 2 failed" in text.stdout


def test_replay_sums_up_by_year(brightline):
    run = brightline("replay", "--profile", "us/tx/dallas/sheriff", "--on", "2026-01-16", "--json")
    told = json.loads(run.stdout)
    assert told["requests"] == 2092
    assert sum(y["requests"] for y in told["years"]) == 2092
