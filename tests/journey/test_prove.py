"""`brightline law prove` as an attorney meets it: theorems, counterexamples, and properties of one's own."""

from __future__ import annotations

import json

HOLDS = "must_hold:\n- {id: one, says: It holds., profiles: [us/mn/minneapolis/police], on: [2026-01-16], action: obstruct_or_conceal, only: [prohibited]}\n"


RULE = "- id: {0}\n  action: open_gate\n  modality: {1}\n  when: guest\n  cites: § 1\n  says: A rule.\n"


def test_the_page_says_what_holds_and_shows_what_does_not_with_norms_numbers_and_an_example(brightline, small):
    small.authority("act", RULE.format("must", "required")).authority("ban", RULE.format("shut", "prohibited"))
    run = brightline("law", "prove", "land", "--on", "2026-01-16", "--corpus", str(small.root))
    assert run.returncode == 0, run.stderr
    assert "The Land: 1 action" in run.stdout
    assert "[=] holds  complete: every situation has an answer" in run.stdout
    assert "[x] fails  consistent" in run.stdout
    words = " ".join(run.stdout.split())
    assert "land/act#must requires it, land/ban#shut of the same rank prohibits it" in words
    assert "for instance guest = yes" in words
    assert "Not legal advice" in words


def test_no_two_norms_of_one_rank_clash_in_the_profiles_that_were_proved(brightline):
    for profile in ("us/mn/hennepin/sheriff", "us/ca/los-angeles/sheriff"):
        run = brightline("law", "prove", profile, "--on", "2026-01-16")
        assert "[=] holds  consistent" in run.stdout, run.stdout[:2000]


def test_the_json_of_a_profile_has_every_theorem_of_every_action(brightline):
    run = brightline("law", "prove", "us/tx/dallas/sheriff", "--on", "2026-01-16", "--json")
    found = json.loads(run.stdout)
    assert (found["version"], found["profile"], found["on"]) == (1, "us/tx/dallas/sheriff", "2026-01-16")
    assert len(found["actions"]) > 30
    assert {len(action["theorems"]) for action in found["actions"]} == {7}
    failing = [t for a in found["actions"] for t in a["theorems"] if not t["holds"]]
    assert failing
    assert all(t["theorem"] != "consistent" for t in failing)
    assert any(c["where"]["number"] > 0 for t in failing for c in t["counterexamples"])
    assert all(check["holds"] for check in found["properties"])


def test_a_property_of_ones_own_is_proved_from_a_file(brightline, tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(HOLDS)
    run = brightline("law", "prove", str(path))
    assert run.returncode == 0, run.stderr
    assert "[=] holds  one: It holds." in run.stdout
    assert "1 holds, 0 fail" in run.stdout


def test_a_property_that_fails_ends_with_one_and_shows_where(brightline, tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(HOLDS.replace("only: [prohibited]", "never: [prohibited]"))
    run = brightline("law", "prove", str(path))
    assert run.returncode == 1
    assert "[x] fails  one: It holds." in run.stdout
    assert "prohibited, from us/" in " ".join(run.stdout.split())
    again = brightline("law", "prove", str(path), "--json")
    assert again.returncode == 1
    (check,) = json.loads(again.stdout)["properties"]
    assert (check["holds"], check["answers"]) == (False, ["prohibited"])


def test_a_reading_can_be_chosen_for_the_proofs_and_for_a_file(brightline, small, tmp_path):
    rule = "- {id: shut, action: open_gate, modality: prohibited, when: guest, reading: {moat: dry}, cites: § 1, says: Shut.}\n"
    small.authority("act", rule)
    corpus = ("--on", "2026-01-16", "--corpus", str(small.root))
    path = tmp_path / "ours.yaml"
    path.write_text(
        "must_hold:\n- {id: open, says: Open., profiles: [land], on: [2026-01-16], action: open_gate, never: [prohibited]}\n"
        "- {id: any, says: Open., profiles: [land], on: [2026-01-16], action: open_gate, never: [prohibited], readings: any}\n"
    )
    holds = {}
    for moat in ("wet", "dry"):
        run = brightline("law", "prove", "land", "--reading", f"moat={moat}", *corpus)
        assert ("moat read as dry" in run.stdout) == (moat == "dry")
        assert ("turns on moat (chosen: dry)" in " ".join(run.stdout.split())) == (moat == "dry")
        told = json.loads(brightline("law", "prove", str(path), "--reading", f"moat={moat}", "--json", *corpus).stdout)
        holds[moat] = [check["holds"] for check in told["properties"]]
    assert holds == {"wet": [True, False], "dry": [False, False]}
    for word, code in (("moat=damp", "unknown-reading"), ("mote=dry", "unknown-reading"), ("moat", "option")):
        run = brightline("law", "prove", "land", "--reading", word, *corpus)
        assert (run.returncode, f"[{code}]" in run.stderr) == (2, True)


def test_another_date_can_be_asked_of_a_file(brightline, tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(HOLDS)
    run = brightline("law", "prove", str(path), "--on", "2024-06-01", "--json")
    assert [check["on"] for check in json.loads(run.stdout)["properties"]] == ["2024-06-01"]


def test_bad_input_ends_with_two_and_the_next_step(brightline, tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(HOLDS.replace("obstruct_or_conceal", "obstruct_or_conceel"))
    for words, code in (
        ([str(path)], "unknown-action"),
        (["us/mn/minneapolis/polise"], "unknown-profile"),
        (["missing.yaml"], "unreadable"),
        ([str(tmp_path / "missing.yaml")], "unreadable"),
        (["us/mn", "--on", "soon"], "date"),
        (["us/mn", "--action", "hold_on"], "unknown-action"),
    ):
        run = brightline("law", "prove", *words)
        assert (run.returncode, run.stdout) == (2, "")
        assert f"[{code}]" in run.stderr
        assert "help:" in run.stderr
