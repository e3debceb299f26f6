"""The bills that ship: what each would change for real profiles, told in sentences that a lawyer can check."""

from __future__ import annotations

import json
from datetime import date

import pytest

from brightline.law.answering import answer
from brightline.law.billcases import read_bill_cases, run_bill_cases, undecided_norms
from brightline.law.billfile import find_bill, read_bills
from brightline.law.corpusfiles import CORPUS, bill_scenario_files, law_files, scenario_files
from brightline.law.effect import effect_of, is_usual
from brightline.law.errors import BrightlineError
from brightline.law.overlay import apply_bills
from brightline.replay.history import EXTRACT

ON = date(2026, 11, 24)
HENNEPIN, MINNEAPOLIS, DALLAS = "us/mn/hennepin/sheriff", "us/mn/minneapolis/police", "us/tx/dallas/sheriff"
# The federal bills, and those of the Minnesota legislature, that the corpus carries.
ON_FILE = {
    *(f"us/119/{n}" for n in ("hr-1061", "hr-32", "hr-205", "hr-7640", "s-3805", "hr-7423", "s-4316", "hr-1680", "hr-4213", "pl-119-86", "pl-119-98")),
    *(f"us/mn/94/{n}" for n in ("sf-3699", "sf-4992", "hf-3413", "hf-16")),
}  # fmt: skip
OTHER_NUMBERS = (
    "us/119/s-455",
    "us/119/s-707",
    "us/119/hr-7612",
    "us/119/hr-7147",
    "us/mn/94/hf-3924",
    "us/mn/94/sf-4176",
)
OFFICER = {
    "acting_under_287g": True,
    "actor_role": "sheriff_deputy",
    "requester": "ice_ero",
    "purpose": "civil_immigration",
}


@pytest.fixture(scope="module")
def bills(law):
    return {bill.id: bill for bill in read_bills(CORPUS, law)}


def effect(law, bills, profile, *names, on=ON):
    return effect_of(law, [bills[n] for n in names], profile, on)


def changes(found):
    return {(c.action, t.before.modality, t.after.modality) for c in found.comparison.actions for t in c.transitions}


def test_every_bill_is_on_file_under_each_of_its_numbers(law, bills):
    assert set(bills) == ON_FILE
    for number in OTHER_NUMBERS:
        assert number in find_bill(CORPUS, number, law).also


def test_every_bill_says_where_it_stands_when_and_by_which_source(bills):
    for bill in bills.values():
        assert all(s.on <= ON and s.says and s.source for s in bill.statuses)
        assert bill.starts_says or bill.start
        assert bill.is_encoded or bill.not_established


def test_no_bill_is_law_unless_it_is_applied(law, bills):
    files = [p.relative_to(CORPUS).parts[0] for p in (*law_files(CORPUS), *scenario_files(CORPUS))]
    assert "bills" not in files
    inside = {n.id for profile in (HENNEPIN, DALLAS) for n in law.stack(profile, ON).norms}
    assert not inside & {name for bill in bills.values() for a in bill.adds for name in (n.id for n in a.norms)}
    assert not {"came_forward_as", "premeditated_arrest_approved"} & set(law.vocabulary.facts)


@pytest.mark.parametrize("path", list(bill_scenario_files(CORPUS)), ids=lambda path: path.name.partition(".")[0])
def test_every_scenario_beside_a_bill_gets_its_answer_with_the_bill_in_the_law(law, path):
    bill = find_bill(CORPUS, path.relative_to(CORPUS / "bills").as_posix().removesuffix(".scenarios.yaml"), law)
    cases = read_bill_cases(path, bill, path.name)
    results = list(run_bill_cases(law, bill, cases))
    assert {r.case.id: r.missed + r.duties_missed for r in results if r.missed or r.duties_missed} == {}
    assert list(undecided_norms(bill, cases)) == []
    assert len({case.id for case in cases}) == len(cases)


def test_every_bill_with_something_encoded_has_scenarios_beside_it(bills):
    beside = {
        p.relative_to(CORPUS / "bills").as_posix().removesuffix(".scenarios.yaml") for p in bill_scenario_files(CORPUS)
    }
    assert beside == {name for name, bill in bills.items() if bill.is_encoded}


@pytest.mark.parametrize("profile", [HENNEPIN, MINNEAPOLIS, DALLAS, "us/ca"])
def test_the_no_bailout_act_changes_no_answer_in_any_situation(law, bills, profile):
    assert effect(law, bills, profile, "us/119/hr-32").comparison.actions == ()


def test_the_no_bailout_act_makes_a_sanctuary_of_minnesota_and_not_of_texas(law, bills):
    (here,) = effect(law, bills, HENNEPIN, "us/119/hr-32").kinds
    assert here.holds
    assert {
        "us/mn/chapter-629#no-hold-past-release",
        "us/mn/hennepin/sheriff/immigration-policy#no-notice-of-release",
    } <= {c.norm.id for c in here.caught if c.is_chosen}
    (there,) = effect(law, bills, DALLAS, "us/119/hr-32").kinds
    assert (there.holds, there.caught) == (False, ())


def test_money_is_at_risk_only_where_the_bill_says_so(law, bills):
    assert [r.applies for r in effect(law, bills, HENNEPIN, "us/119/hr-32").funds] == [True]
    assert [r.applies for r in effect(law, bills, DALLAS, "us/119/hr-32").funds] == [False]


def test_the_sensitive_locations_act_binds_only_officers_with_287g_powers(law, bills):
    for profile in (MINNEAPOLIS, DALLAS):
        found = effect(law, bills, profile, "us/119/hr-1061")
        assert {b.reach for b in found.bound} == {"unusual"}
        assert all(dict(b.example) == {"acting_under_287g": True} for b in found.bound)
        assert not any(is_usual(t) for c in found.comparison.actions for t in c.transitions)
        assert {after for _, _, after in changes(found)} == {"prohibited", "required"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"distance_to_sensitive_place_feet": 1000, "exigency": "none"}, "prohibited"),
        (
            {"distance_to_sensitive_place_feet": 1001, "place_kind": "street_or_sidewalk", "exigency": "none"},
            "permitted",
        ),
        ({"place_kind": "school", "exigency": "none"}, "prohibited"),
        ({"place_kind": "school", "exigency": "threat_to_life_or_safety"}, "permitted"),
        ({"place_kind": "school", "exigency": "claimed_by_officers"}, "prohibited"),
        ({"place_kind": "school", "exigency": "none", "premeditated_arrest_approved": True}, "permitted"),
    ],
)
def test_a_287g_officer_may_not_act_within_a_thousand_feet_save_in_an_emergency(law, bills, facts, expected):
    after = apply_bills(law, [bills["us/119/hr-1061"]])
    asked = {**OFFICER, "agreement_kind": "section_287g_task_force", "agreement_status": "signed", **facts}
    assert answer(after, DALLAS, asked, on=ON, actions=["perform_287g_function"]).answers[0].modality == expected


def test_read_to_the_letter_the_distance_doubles(law, bills):
    after = apply_bills(law, [bills["us/119/hr-1061"]])
    asked = {
        **OFFICER,
        "distance_to_sensitive_place_feet": 1500,
        "place_kind": "street_or_sidewalk",
        "exigency": "none",
    }
    found = answer(after, DALLAS, asked, on=ON, actions=["perform_287g_function"]).answers[0]
    assert "contested" in found.marks
    (dispute,) = effect(law, bills, DALLAS, "us/119/hr-1061").disputes
    assert dispute.value == "two_thousand_feet"


def test_a_command_to_give_notice_beats_the_sheriffs_policy_and_a_command_to_hold_does_not_beat_the_constitution(
    law, bills
):
    after = apply_bills(law, [bills["us/119/hr-7423"]])
    asked = {
        "actor_role": "jail_staff", "requester": "ice_ero", "request_kind": "hold", "instrument": "i247a_detainer", "accompanying_instrument": "none",
        "purpose": "civil_immigration", "custody_state": "jail", "release_due": True, "release_basis": "recognizance",
    }  # fmt: skip
    found = {
        a.action: a.modality
        for a in answer(after, HENNEPIN, asked, on=ON, actions=["notify_release", "hold_beyond_release"]).answers
    }
    assert found == {"notify_release": "required", "hold_beyond_release": "prohibited"}
    how = {(c.norm.id, c.how) for c in effect(law, bills, HENNEPIN, "us/119/hr-7423").clashes}
    assert ("us/mn/hennepin/sheriff/immigration-policy#no-notice-of-release", "yields") in how
    assert ("us/fourth-amendment#hold-is-a-new-seizure", "prevails") in how


def test_if_congress_may_not_command_the_notice_the_bill_only_takes_limits_away(law, bills):
    disputes = {(d.reading, d.value): d for d in effect(law, bills, HENNEPIN, "us/119/hr-7423").disputes}
    found = disputes["release_notice_power", "invalid_anticommandeering"].comparison
    assert "required" not in {
        t.after.modality for c in found.actions if c.action == "notify_release" for t in c.transitions
    }


def test_taking_limits_away_requires_nothing_of_anybody(law, bills):
    found = changes(effect(law, bills, MINNEAPOLIS, "us/119/hr-7640"))
    assert ("support_operation", "prohibited", "permitted") in found
    assert not {
        c
        for c in found
        if c[0] in ("support_operation", "notify_release", "transfer_custody", "ask_status") and c[2] == "required"
    }
    assert ("adopt_restrictive_policy", "permitted", "prohibited") in found


def test_no_bill_lifts_a_ban_on_acting_because_of_origin(law, bills):
    lifted = {
        c.norm.id
        for name in ("us/119/hr-7640", "us/119/hr-1680")
        for profile in (MINNEAPOLIS, DALLAS)
        for c in effect(law, bills, profile, name).clashes
        if c.how == "taken away"
    }
    assert not {n for n in lifted if "profiling" in n or "discrimination" in n or "birthplace" in n}


def test_a_repeal_in_minnesota_takes_the_duty_to_report_away(law, bills):
    found = effect(law, bills, HENNEPIN, "us/mn/94/sf-4992")
    assert ("refer_to_immigration", "required", "permitted") in changes(found)
    assert {c.norm.id for c in found.clashes if c.how == "removed"} >= {
        "us/mn/chapter-631#notify-immigration-on-commitment"
    }


def test_a_state_bill_reaches_nobody_in_another_state(law, bills):
    found = effect(law, bills, DALLAS, "us/mn/94/sf-4992")
    assert found.comparison.actions == ()
    assert {b.reach for b in found.bound} == {"never"}


def test_two_opposite_bills_meet_and_the_federal_one_ranks_higher(law, bills):
    both = effect(law, bills, HENNEPIN, "us/119/hr-7423", "us/mn/94/sf-4992")
    assert ("notify_release", "prohibited", "required") in changes(both)
    alone = {name: changes(effect(law, bills, HENNEPIN, name)) for name in ("us/119/hr-7423", "us/mn/94/sf-4992")}
    assert changes(both) >= {
        c for found in alone.values() for c in found if c[0] in ("notify_release", "support_operation")
    }


def test_a_bill_on_a_day_to_come_stands_on_the_law_of_that_day(law, bills):
    found = effect(law, bills, HENNEPIN, "us/mn/94/hf-3413", on=date(2031, 1, 1))
    assert ("end_287g", "permitted", "required") in changes(found)
    assert effect(law, bills, HENNEPIN, "us/119/pl-119-98", on=date(2020, 1, 1)).comparison.actions == ()


def test_a_bill_with_its_status_only_concludes_nothing(brightline):
    run = brightline("bill", "effect", "us/119/pl-119-98", "--profile", MINNEAPOLIS, "--on", str(ON))
    assert run.returncode == 0
    words = " ".join(run.stdout.split())
    assert "Nothing of the text is encoded" in words
    assert "No answer changes for" not in words
    assert "Only its opening was read" in words


def test_the_page_for_a_council_member_has_every_part(brightline):
    run = brightline(
        "bill",
        "effect",
        "us/119/hr-7423",
        "--profile",
        HENNEPIN,
        "--on",
        str(ON),
        "--funds-usd",
        "250000",
        "--history",
        str(EXTRACT),
    )
    words = " ".join(run.stdout.split())
    for part in (
        "In short",
        "Who is bound",
        "would fall or collide",
        "Followed or contested",
        "Duties and deadlines",
        "Money at risk",
        "Past requests",
        "does not change",
    ):
        assert part in words
    assert "$250,000" in words
    assert "Of 2,092 past requests in the file, 2,092 would get another answer" in words
    assert "notify release: 2,092 from prohibited to required" in words
    assert "hold beyond release: 2,092" not in words


def test_an_amount_is_named_only_if_the_user_gives_it(brightline):
    run = brightline("bill", "effect", "us/119/hr-32", "--profile", HENNEPIN, "--on", str(ON))
    assert "$" not in run.stdout
    assert "Give your own figure with --funds-usd" in " ".join(run.stdout.split())


def test_the_json_of_an_effect_has_what_the_page_has(brightline):
    found = json.loads(
        brightline(
            "bill", "effect", "us/119/hr-32", "us/119/hr-1061", "--profile", MINNEAPOLIS, "--on", str(ON), "--json"
        ).stdout
    )
    assert [b["bill"] for b in found["bills"]] == ["us/119/hr-32", "us/119/hr-1061"]
    assert {d["name"] for d in found["defined"]} == {"sanctuary_jurisdiction"}
    assert {a["action"] for a in found["comparison"]["actions"]} >= {"perform_287g_function"}
    assert found["page"][0]["title"] == "The bills"


def test_an_unknown_bill_is_refused_with_near_misses(law):
    with pytest.raises(BrightlineError) as caught:
        find_bill(CORPUS, "us/119/hr-33", law)
    assert (caught.value.code, "hr-32" in caught.value.help) == ("unknown-bill", True)


def test_the_exception_for_victims_who_come_forward_reaches_a_quarter_at_most(brightline, tmp_path):
    from brightline.replay.population import main

    path = tmp_path / "population.csv"
    assert main(["--out", str(path)]) == 0
    run = brightline(
        "bill",
        "reach",
        "us/119/hr-32",
        "--exception",
        "victim-or-witness",
        "--population",
        str(path),
        "--on",
        str(ON),
        "--json",
    )
    found = json.loads(run.stdout)
    assert found["draws"] == 200
    assert found["surely_covered"] == {"low": 0, "middle": 0, "high": 0}
    # 2,744 of 13,000 is 21.1 %, of 10,000 it is 27.4 %; the draws' interval lies about there.
    assert found["possibly_covered"]["low"] == pytest.approx(0.211, abs=0.01)
    assert found["possibly_covered"]["high"] == pytest.approx(0.274, abs=0.01)
    assert found["open_facts"] == ["came_forward_as"]


def test_a_release_notice_is_outside_that_exception(law, bills):
    from brightline.law.reach import Group, reach_of

    bill = bills["us/119/hr-32"]
    asked = {"came_forward_as": "victim", "instrument": "i247a_detainer"}
    shares = [
        reach_of(law, bill, "victim-or-witness", "us", ON, [Group({**asked, "request_kind": kind})]).surely.middle
        for kind in ("hold", "release_notice")
    ]
    assert shares == [1, 0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("came_forwrd_as\nvictim\n", "unknown-fact"),
        ("came_forward_as,weight\nvictim,many\n", "population"),
        ("came_forward_as\nmaybe\n", "unknown-value"),
        ("", "population"),
    ],
)
def test_a_population_that_cannot_be_read_is_refused(brightline, tmp_path, text, code):
    path = tmp_path / "cases.csv"
    path.write_text(text)
    run = brightline("bill", "reach", "us/119/hr-32", "--exception", "victim-or-witness", "--population", str(path))
    assert (run.returncode, f"[{code}]" in run.stderr) == (2, True)


def test_the_worked_page_is_current():
    import runpy

    made = runpy.run_path(str(CORPUS.parent.parent.parent / "docs" / "bills.py"))
    from brightline.law import load_law

    for path, text in made["pages"](load_law(cached=False)):
        assert path.read_text(encoding="utf-8") == text
