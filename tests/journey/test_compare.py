"""`brightline compare` as an attorney meets it."""

from __future__ import annotations

import json

import pytest

ORDINANCE, POLICE = "us/mn/minneapolis/ordinance-19", ("--profile", "us/mn/minneapolis/police")
MINNEAPOLIS = ("2025-12-01", "2026-01-10", "--profile", "us/mn/minneapolis/police")


def test_two_dates_show_what_changed_with_norms_numbers_and_an_example(brightline):
    run = brightline("compare", *MINNEAPOLIS, "--action", "permit_property_use")
    assert run.returncode == 0, run.stderr
    words = " ".join(run.stdout.split())
    assert "permitted -> prohibited" in words
    assert "us/mn/minneapolis" not in words  # norms are cited in words, not by their file names
    assert "Minneapolis Code ch. 19, as amended Dec. 2025" in words
    assert "property_control == agency_owned_or_controlled" in words
    assert "Counts are exact" in words


def test_every_line_of_the_difference_is_written_on_demand(brightline, tmp_path):
    out = tmp_path / "all.txt"
    run = brightline("compare", *MINNEAPOLIS, "--action", "grant_database_access", "--out", str(out))
    assert run.returncode == 0, run.stderr
    lines = [line for line in out.read_text().splitlines() if line and not line.startswith("#")]
    assert f"needs {len(lines)} lines" in " ".join(run.stdout.split())


def test_past_requests_weigh_the_difference_of_two_profiles(brightline):
    from brightline.replay.history import EXTRACT

    run = brightline(
        "compare", "us/mn/hennepin/sheriff@2026-01-16", "us/mn/kandiyohi/sheriff@2026-01-16",
        "--action", "notify_release", "--history", str(EXTRACT), "--json",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["history"]["requests"] == 2092
    assert {(c["action"], c["before"], c["after"]) for c in told["history"]["by_action"]} >= {
        ("notify_release", "prohibited", "permitted")
    }


def test_a_bill_and_a_reading_are_sides(brightline):
    bill = brightline(
        "compare",
        "us/mn/hennepin/sheriff@2026-11-24",
        "bill:us/119/hr-7423",
        "--profile",
        "us/mn/hennepin/sheriff",
        "--on",
        "2026-11-24",
        "--action",
        "notify_release",
    )
    assert bill.returncode == 0, bill.stderr
    assert "-> required" in bill.stdout
    reading = brightline(
        "compare",
        "2026-01-16",
        "mn_hold_authority=via_287g",
        "--profile",
        "us/mn/freeborn/sheriff",
        "--on",
        "2026-01-16",
        "--action",
        "hold_beyond_release",
    )
    assert reading.returncode == 0, reading.stderr
    assert "situations" in reading.stdout


def test_two_versions_of_an_authority_are_sides_whatever_the_date(brightline):
    words = (f"{ORDINANCE}@2003-07-11", f"{ORDINANCE}@2025-12-26", *POLICE, "--action", "permit_property_use", "--json")
    by_date = {}
    for on in ("2020-01-01", "2026-01-16"):
        run = brightline("compare", *words, "--on", on)
        assert run.returncode == 0, run.stderr
        told = json.loads(run.stdout)
        assert "@2003-07-11" in told["before"] and "@2025-12-26" in told["after"]
        (change,) = told["actions"]
        by_date[on] = {
            (t["before"]["modality"], t["after"]["modality"], n)
            for t in change["transitions"]
            for n in t["after"]["norms"]
            if n.startswith(ORDINANCE)
        }
    # The later version would have forbidden it in 2020 already, by the same norms.
    assert by_date["2020-01-01"] == by_date["2026-01-16"]
    assert {(was, now) for was, now, _ in by_date["2020-01-01"]} == {("permitted", "prohibited")}


def test_a_bill_with_words_of_its_own_is_compared_over_them(brightline):
    run = brightline(
        "compare", "2026-11-24", "bill:us/119/hr-1061", "--profile", "us/mn/freeborn/sheriff", "--on", "2026-11-24",
        "--action", "stop_or_prolong_stop",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "not premeditated_arrest_approved" in " ".join(run.stdout.split())


def test_two_versions_in_force_at_once_are_refused_with_the_place(brightline, small):
    rule = "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: Shut.}\n"
    small.authority("act", rule).authority("act", rule, since="2022-01-01")
    for words in (
        ("compare", "2021-01-01", "2023-01-01", "--profile", "land"),
        ("law", "prove", "land", "--on", "2023-01-01"),
    ):
        run = brightline(*words, "--corpus", str(small.root))
        assert (run.returncode, run.stdout) == (2, "")
        assert (
            "the versions @2020-01-01 and @2022-01-01 of `land/act` are both in force on 2023-01-01 [overlap]"
            in run.stderr
        )
    # Named, each version stands alone.
    run = brightline(
        "compare", "land/act@2020-01-01", "land/act@2022-01-01", "--profile", "land", "--corpus", str(small.root)
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("2025-12-01", "2026-01-10"), "names no profile"),
        (("us/mn", "us/mars"), "unknown profile"),
        (("us/mn/minneapolis/polise", "us/mn"), "unknown profile"),
        ((f"{ORDINANCE}@2003-07-10", f"{ORDINANCE}@2025-12-26", *POLICE), "did you mean `2003-07-11`?"),
        ((f"{ORDINANCE}@2003-07-11", ORDINANCE, *POLICE), f"write one of `{ORDINANCE}@2003-07-11`"),
        ((f"{ORDINANCE}0@2003-07-11", f"{ORDINANCE}@2025-12-26", *POLICE), "unknown authority"),
        ((f"{ORDINANCE}@2003-07-11", "2026-01-16", "--profile", "us/tx/dallas/sheriff"), "does not bind"),
        ((f"{ORDINANCE}@2003-07-11", f"{ORDINANCE}@2025-12-26"), "names no profile"),
        (("2025-12-01", "2026-01-10", "--profile", "us/mn", "--action", "hold_on"), "unknown action"),
        (("2025-12-01", "moat=dry", "--profile", "us/mn"), "unknown reading"),
        (("2025-12-01", "bill:us/119/hr-9999", "--profile", "us/mn"), "bill"),
        (("2025-13-01", "2026-01-10", "--profile", "us/mn"), "is not a date"),
    ],
)
def test_sides_that_cannot_be_are_refused_with_the_next_step(brightline, words, says):
    run = brightline("compare", *words)
    assert run.returncode == 2
    assert says in run.stderr
    assert "help:" in run.stderr
