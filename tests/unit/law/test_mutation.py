"""Mutation testing of the law: every verdict on a mutant checked against trying every situation by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from brightline.cli.edgefile import edge_rows, edge_text
from brightline.cli.main import main
from brightline.law.answering import answer
from brightline.law.check import check_corpus
from brightline.law.corpusfiles import CORPUS, edge_cases, edges_name, scenario_files, written_cases
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import evaluate
from brightline.law.layout import formatted
from brightline.law.library import Law
from brightline.law.mutants import dated_mutants, norm_mutants, written
from brightline.law.mutation import _Judge, mutants_of, mutate
from brightline.law.scenarios import read_cases, run_case
from brightline.law.yamlfile import load_yaml
from brightline.publish.wording import Words

DOMAIN = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "age": (16, 17, 18, 19),
}
WORLDS = [dict(zip(DOMAIN, values, strict=True)) for values in product(*DOMAIN.values())]


def norm(name, modality, action="open_gate", **fields):
    lines = [f"- id: {name}", f"  action: {action}", f"  modality: {modality}"]
    lines += [f"  {key.rstrip('_')}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


def case(name, expect, facts="{}", **fields):
    lines = [f"- id: {name}", "  profile: land", "  as_of: 2024-06-01", f"  facts: {facts}", f"  expect: {expect}"]
    fields.setdefault("action", "open_gate")
    return "\n".join([*lines, *(f"  {key}: {value}" for key, value in fields.items()), ""])


def with_cases(small, text, stem="land/act@2020-01-01"):
    (small.root / f"{stem}.scenarios.yaml").write_text(text)
    return small


BASE = norm("ever", "permitted", when="age >= 18 or age < 18 or paper == none or emergency or secret")
LAWS = {
    "one prohibition": norm(
        "shut", "prohibited", when="guest and paper in [letter, writ]", unless="emergency or age >= 18"
    ),
    "command and exception by rank": norm(
        "shut", "prohibited", when="guest or secret", unless="not emergency and age < 18"
    )
    + norm("may", "permitted", when="paper == writ", derogates="[shut]"),
    "a clash of one rank": norm("must", "required", when="paper != none and guest")
    + norm("shut", "prohibited", when="secret or age >= 18"),
    "a rule under a reading": norm("shut", "prohibited", when="guest", reading="{moat: dry}")
    + norm("must", "required", when="paper == letter", unless="guest"),
    "two that say the same": norm("shut", "prohibited", when="guest")
    + norm("shut-too", "prohibited", when="guest and paper == writ"),
    "a file's own words": norm("shut", "prohibited", when="stranger and not emergency"),
}
CASES = {
    "none": "",
    "two": case("a", "prohibited", "{guest: true, paper: letter, age: 3, secret: false}")
    + case("b", "permitted", "{guest: false, paper: none, secret: false, age: 40}"),
    "strict and open": case("a", "open", "{guest: true}", strict="true")
    + case(
        "b",
        "required",
        "{guest: true, paper: letter, secret: false, age: 2}",
        accept="[{answer: unsettled, reason: it may be}]",
    ),
}


def a_law(small, norms, cases=""):
    extra = "definitions: {stranger: guest or paper == none}\n" if "stranger" in norms else ""
    small.authority("base", BASE + norm("low", "required", when="secret and guest"), rank="low", since="2000-01-01")
    small.authority("high", norm("top", "required", when="paper == writ and secret"), rank="high", since="2000-01-01")
    small.authority("act", norms, extra=extra)
    return with_cases(small, cases).law()


def act_of(law):
    return next(a for a in law.everything() if a.id == "land/act")


def mutants(small, law):
    return mutants_of(law, small.root, act_of(law))


def report_of(small, law, authority=None):
    """The report with the scenarios and the edge cases beside the act."""
    act = authority or act_of(law)
    cases = [*written_cases(small.root, act.file), *edge_cases(small.root, act.file)]
    return mutate(law, small.root, act, cases)


def law_where(law, act):
    return Law(
        law.vocabulary,
        {p: tuple(act if a.file == act.file else a for a in found) for p, found in law.authorities.items()},
        law.calendars,
    )


def law_with(law, mutant):
    act = act_of(law)
    norms = [mutant.changed if n.id == mutant.norm.id else n for n in act.norms]
    return law_where(law, replace(act, norms=tuple(n for n in norms if n)))


def answers(law):
    """The naive evaluator's answer in every situation, under every reading, for both profiles, and on a day before."""
    found = []
    for profile, day in (("land", date(2019, 6, 1)), ("land", date(2024, 6, 1)), ("land/castle", date(2024, 6, 1))):
        try:
            norms = law.stack(profile, day).by_action.get("open_gate", ())
        except BrightlineError:
            continue
        standing = law.vocabulary.standing_facts(profile, day)
        for world, moat in product(WORLDS, ("wet", "dry")):
            found.append(evaluate(norms, {**world, **standing}, {"moat": moat}).modality)
    return found


def is_killed(law, mutated, cases):
    """Whether a case that passes today fails: its answer or a duty."""
    return any(passes(law, one) and not passes(mutated, one) for one in cases)


def passes(law, one):
    result = run_case(law, one, "land/act")
    return not result.duties_missed and result.got in (one.expect, *one.accept)


@pytest.mark.parametrize("cases", CASES.values(), ids=CASES)
@pytest.mark.parametrize("norms", LAWS.values(), ids=LAWS)
def test_the_verdict_on_every_mutant_is_what_trying_every_situation_gives(small, norms, cases):
    law = a_law(small, norms, cases)
    act, today = act_of(law), answers(law)
    stated = written_cases(small.root, act.file)
    report = report_of(small, law)
    by_hand = {"killed": 0, "equivalent": 0, "survivors": set()}
    for mutant in mutants(small, law):
        mutated = law_with(law, mutant)
        if is_killed(law, mutated, stated):
            by_hand["killed"] += 1
            assert answers(mutated) != today
        elif answers(mutated) == today:
            by_hand["equivalent"] += 1
        else:
            by_hand["survivors"].add((mutant.norm.id, mutant.words))
    conditions_only = {(s.norm, s.words) for s in report.survivors if not s.words.startswith("`in_force`")}
    assert conditions_only == by_hand["survivors"]
    assert report.killed == by_hand["killed"]
    assert report.equivalent == by_hand["equivalent"]
    assert len(by_hand["survivors"]) > 5 or cases


@pytest.mark.parametrize("norms", LAWS.values(), ids=LAWS)
def test_a_mutant_is_judged_alone_as_it_is_among_the_others(small, norms):
    """Only where a mutant matters is the law looked at; with one mutant, that is as narrow as it gets."""
    law = a_law(small, norms)
    today = answers(law)
    for mutant in mutants(small, law):
        report = _Judge(law, act_of(law), [mutant], []).report()
        is_survivor = any(s.words == mutant.words for s in report.survivors)
        assert is_survivor == (answers(law_with(law, mutant)) != today), mutant.words


@pytest.mark.parametrize("norms", LAWS.values(), ids=LAWS)
def test_each_scenario_written_passes_today_and_fails_under_its_mutant(small, norms):
    law = a_law(small, norms)
    report, by_words = report_of(small, law), {(m.norm.id, m.words): m for m in mutants(small, law)}
    dated = {m.words: m for m in dated_mutants(act_of(law))}
    for survivor in report.survivors:
        mutant = by_words.get((survivor.norm, survivor.words))
        mutated = law_with(law, mutant) if mutant else law_where(law, dated[survivor.words].changed)
        result = run_case(law, survivor.case, "land/act")
        assert result.is_ok and not result.duties_missed
        assert not passes(mutated, survivor.case), survivor.words


@pytest.mark.parametrize("norms", LAWS.values(), ids=LAWS)
def test_with_the_scenarios_written_beside_it_no_mutant_survives(small, norms):
    law = a_law(small, norms)
    first = with_edges(small, law)
    again = small.law()
    second = report_of(small, again)
    assert second.survivors == ()
    assert (second.mutants, second.equivalent) == (first.mutants, first.equivalent)
    assert second.killed == first.killed + len(first.survivors)


def with_edges(small, law):
    """Write the edge cases of the act; the report that they come from."""
    report, name = report_of(small, law), edges_name(act_of(law).file)
    (small.root / name).write_text(edge_text(rows_of(report, law), name))
    return report


def rows_of(report, law):
    return edge_rows([(s.case, s.words) for s in report.survivors], Words(law.vocabulary))


def words_of(small, norms):
    law = a_law(small, norms)
    return [m.words for m in mutants(small, law)]


def test_the_mutants_of_a_norm_are_the_changes_that_a_hand_could_make(small):
    assert words_of(
        small, norm("shut", "prohibited", when="guest and age <= 17 and paper in [letter, writ]", unless="emergency")
    ) == [
        "`when`: `or` for `and` in `guest and age < 18 and paper in [letter, writ]`",
        "`when`: `guest` dropped",
        "`when`: `guest` negated",
        "`when`: `age < 18` dropped",
        "`when`: `age < 18` negated",
        "`when`: the cut of `age` at 18 moved to 19",
        "`when`: the cut of `age` at 18 moved to 17",
        "`when`: `paper in [letter, writ]` dropped",
        "`when`: `paper in [letter, writ]` negated",
        "`when`: `letter` dropped from the list of `paper`",
        "`when`: `writ` dropped from the list of `paper`",
        "`unless`: `emergency` negated",
        "`unless`: the exception dropped",
        "`modality`: required",
        "`modality`: permitted",
        "`rank`: high",
        "`rank`: low",
        "the norm dropped",
    ]


def test_the_means_to_beat_another_norm_are_mutated_too(small):
    found = words_of(
        small,
        norm("may", "permitted", overrides="[prohibited]", reading="{moat: dry}")
        + norm("shut", "prohibited", derogates="[may]"),
    )
    assert {"`overrides` dropped", "`reading`: `moat` dropped", "`derogates`: `land/act#may` dropped"} <= set(found)


def test_a_named_condition_of_the_vocabulary_is_one_word_and_a_files_own_is_opened(small):
    text = (small.root / "vocabulary.yaml").read_text()
    (small.root / "vocabulary.yaml").write_text(
        f"{text}definitions: {{intruder: guest and secret}}\nvalue_sets:\n- {{name: papers, of: [paper], values: [letter, writ]}}\n"
    )
    small.authority(
        "act",
        norm("shut", "prohibited", when="intruder and dressed"),
        extra="definitions: {dressed: paper in papers or emergency}\n",
    )
    law = small.law()
    found = [m for m in mutants(small, law) if m.words.startswith("`when`")]
    assert [m.words for m in found if "intruder" in m.words and "`and`" not in m.words] == [
        "`when`: `intruder` dropped",
        "`when`: `intruder` negated",
    ]
    assert not [m.words for m in found if "from the list" in m.words]
    assert "`when`: `emergency` dropped" in [m.words for m in found]


TIMED = norm("write", "required", "write_down", when="guest", within="{amount: 2, unit: hours}", starts="asked_at")


def test_a_deadline_that_no_scenario_states_survives_and_its_scenario_states_it(small):
    law = with_cases(small.authority("act", TIMED), case("a", "required", "{guest: true}", action="write_down")).law()
    survivors = [s for s in report_of(small, law).survivors if "within" in s.words]
    assert [s.words for s in survivors] == [
        "`within` dropped",
        "`within`: 3 hours",
        "`within`: 1 hour",
        "`within`: 2 days",
    ]
    assert len({s.case.id for s in survivors}) == 1
    assert survivors[0].case.duties == ({"action": "write_down", "within": {"amount": 2, "unit": "hours"}},)


def test_a_deadline_that_a_scenario_states_is_killed(small):
    stated = case(
        "a",
        "required",
        "{guest: true}",
        action="write_down",
        duties="[{action: write_down, within: {amount: 2, unit: hours}}]",
    )
    law = with_cases(small.authority("act", TIMED), stated).law()
    assert not [s for s in report_of(small, law).survivors if "within" in s.words]


def test_how_a_last_day_rolls_is_mutated_and_its_scenario_states_it(small):
    rolls = "{amount: 9, unit: days, rolls: {over: [saturdays, sundays], cites: § 2}}"
    small.authority("act", norm("write", "required", "write_down", within=rolls, starts="asked_at"))
    law = small.law()
    survivors = [s for s in with_edges(small, law).survivors if "within" in s.words and "9 days" in s.words]
    assert [s.words.partition(": ")[2] for s in survivors] == [
        "9 days",
        "9 days; a last day on a Sunday moves to the next day that is none (§ 2)",
        "9 days; a last day on a Saturday moves to the next day that is none (§ 2)",
    ]
    assert survivors[0].case.duties[0]["within"]["rolls"] == ["saturdays", "sundays"]
    assert report_of(small, small.law()).survivors == ()


def test_a_deadline_that_is_never_shown_is_equivalent(small):
    small.authority("act", TIMED)
    small.authority("high", norm("never", "prohibited", "write_down", overrides="[required]"), rank="high")
    law = small.law()
    assert not [s for s in report_of(small, law).survivors if "within" in s.words]


def test_a_duty_that_goes_with_an_act_is_stated_with_that_act(small):
    """The duty is required either way, so only the answer on the act shows that it no longer comes with it."""
    small.authority("act", norm("log", "required", "write_down", when="guest", with_="[open_gate]"))
    small.authority("act-too", norm("log", "required", "write_down"))
    law = small.law()
    survivors = {s.words: s.case for s in report_of(small, law).survivors}
    found = survivors["the norm dropped"]
    assert (found.action, found.expect, found.duties) == ("open_gate", "permitted", ({"action": "write_down"},))
    assert passes(law, found)


def test_a_permission_that_limits_a_duty_in_time_is_tested_too(small):
    limit = norm("wait", "no_duty", when="guest", within="{amount: 3, unit: hours}", starts="asked_at")
    small.authority("act", norm("must", "required") + limit)
    law = small.law()
    survivors = {s.words: s.case for s in report_of(small, law).survivors if "#wait" in s.norm}
    assert survivors["`within`: 4 hours"].duties == ({"action": "open_gate", "within": {"amount": 3, "unit": "hours"}},)
    assert survivors["`when`: `guest` negated"].expect == "required"


def test_a_time_shown_with_an_unsettled_answer_is_tested_too(small):
    timed = norm("must", "required", when="guest", within="{amount: 3, unit: hours}", starts="asked_at")
    small.authority("act", timed + norm("shut", "prohibited"))
    law = small.law()
    survivors = {s.words: s.case for s in report_of(small, law).survivors if "#must" in s.norm}
    assert survivors["`within`: 4 hours"].expect == "unsettled"


def test_a_change_that_only_adds_a_time_is_seen_by_a_case_that_says_it_is_absent(small):
    """Everyone must write; a guest's writing has a time. Without the condition, others get the time too."""
    small.authority("act", norm("always", "required", "write_down") + TIMED)
    law = small.law()
    survivors = {s.words: s.case for s in with_edges(small, law).survivors}
    found = survivors["`when`: `guest` dropped"]
    assert found.no_duties == ({"action": "write_down", "within": {"amount": 2, "unit": "hours"}},)
    assert found.expect == "required" and not found.facts.get("guest")
    assert report_of(small, small.law()).survivors == ()


def test_a_change_that_only_adds_a_duty_to_an_act_is_seen_by_a_case_that_says_it_is_absent(small):
    small.authority("act", norm("log", "required", "write_down", when="guest", with_="[open_gate]"))
    small.authority("act-too", norm("log", "required", "write_down"))
    law = small.law()
    survivors = {s.words: s.case for s in with_edges(small, law).survivors}
    found = survivors["`when`: `guest` dropped"]
    assert (found.action, found.no_duties) == ("open_gate", ({"action": "write_down"},))
    assert not found.facts.get("guest")
    assert report_of(small, small.law()).survivors == ()


def test_a_second_time_of_a_duty_is_said_to_be_absent_by_its_time(small):
    """The duty is there with another time, so the case cannot say that there is none."""
    slow = norm("slow", "required", "write_down", within="{amount: 9, unit: days}", starts="asked_at")
    small.authority("act", slow + TIMED)
    law = small.law()
    survivors = {s.words: s.case for s in with_edges(small, law).survivors if s.norm.endswith("#write")}
    found = survivors["`when`: `guest` dropped"]
    assert found.no_duties == ({"action": "write_down", "within": {"amount": 2, "unit": "hours"}},)
    assert report_of(small, small.law()).survivors == ()


def test_a_change_that_matters_only_in_the_past_is_found(small):
    small.authority("act", norm("shut", "prohibited", when="guest"))
    small.authority("later", norm("must", "required"), rank="high", since="2022-01-01")
    law = small.law()
    survivors = {s.words: s.case for s in report_of(small, law).survivors}
    assert survivors["the norm dropped"].as_of == date(2020, 1, 1)


def test_a_change_that_matters_only_for_one_profile_is_found(small):
    small.authority("act", norm("may", "permitted", overrides="[required]"))
    small.authority("here", norm("must", "required"), rank="low", folder="land/castle")
    law = small.law()
    survivors = {s.words: s.case for s in report_of(small, law).survivors}
    assert survivors["the norm dropped"].profile == "land/castle"


def test_a_date_moved_by_a_day_is_killed_on_that_day_only(small):
    small.authority("base", norm("ever", "permitted"), since="2000-01-01", rank="low")
    small.authority("act", norm("shut", "prohibited"), extra="in_force: {from: 2020-01-01, to: 2020-12-31}\n")
    days = ("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")
    stated = [
        case(day, "prohibited" if day.startswith("2020") else "permitted").replace("2024-06-01", day) for day in days
    ]
    law = with_cases(small, "".join(stated)).law()
    assert not [s for s in report_of(small, law).survivors if "in_force" in s.words]
    for number, moved in (
        (0, "begins a day earlier"),
        (1, "begins a day later"),
        (2, "ends a day earlier"),
        (3, "ends a day later"),
    ):
        law = with_cases(small, "".join(stated[:number] + stated[number + 1 :])).law()
        survivors = [s for s in report_of(small, law).survivors if "in_force" in s.words]
        assert [(s.words, str(s.case.as_of)) for s in survivors] == [(f"`in_force` {moved}", days[number])]


def test_a_date_on_which_the_version_before_says_the_same_is_equivalent(small):
    small.authority("act", norm("shut", "prohibited"), extra="in_force: {from: 2020-01-01, to: 2020-12-31}\n")
    small.authority("act", norm("shut", "prohibited"), since="2021-01-01")
    law = small.law()
    later = next(a for a in law.everything() if a.version == "2021-01-01")
    survivors = [s.words for s in report_of(small, law, later).survivors]
    assert "`in_force` begins a day earlier" not in survivors
    assert "`in_force` begins a day later" in survivors


def test_situations_that_contradict_each_other_kill_nothing_and_are_not_written(small):
    text = (small.root / "vocabulary.yaml").read_text()
    (small.root / "vocabulary.yaml").write_text(
        text + "contradictions:\n- {when: guest and paper == writ, says: A guest has no writ.}\n"
    )
    small.authority("act", norm("shut", "prohibited", when="guest and paper != writ"))
    law = small.law()
    survivors = [s.words for s in report_of(small, law).survivors]
    assert "`when`: `guest` dropped" in survivors
    assert "`when`: `not paper == writ` dropped" not in survivors


def test_no_number_is_below_nothing(small):
    """`age == 0` is below 1 and not below 0; that nobody is younger than 0 is no missing scenario."""
    small.authority("act", norm("shut", "prohibited", when="age == 0 and guest"))
    law = small.law()
    survivors = report_of(small, law).survivors
    assert survivors and all(s.case for s in survivors)
    assert "`when`: `age >= 0` dropped" not in [s.words for s in survivors]


WORKED_OUT = """- {name: done_at, type: datetime, handling: recordable, question: When done?}
- name: wait_hours
  type: int
  unit: hours
  handling: recordable
  derived: {from: asked_at, to: done_at, unit: hours}
  question: How long?
  presumed: {at_most: 48, because: The gate is quick.}
actions:"""


def test_numbers_that_are_worked_out_are_stated_as_moments(small):
    """The hours of a wait cannot be stated; the two moments can."""
    text = (small.root / "vocabulary.yaml").read_text()
    (small.root / "vocabulary.yaml").write_text(text.replace("actions:", WORKED_OUT, 1))
    small.authority("act", norm("shut", "prohibited", when="wait_hours > 48 and guest"))
    law = small.law()
    survivors = report_of(small, law).survivors
    moved = {s.words: s.case for s in survivors if "cut" in s.words}
    later, earlier = (moved[f"`when`: the cut of `wait_hours` at 49 moved to {hour}"] for hour in (50, 48))
    assert (later.facts["done_at"] - later.facts["asked_at"]).total_seconds() / 3600 == 49
    assert earlier.facts == {}  # the presumption covers 48 hours, and would no longer settle the answer
    assert all(passes(law, one) for one in moved.values())


@pytest.mark.parametrize("stem", ["us/mn/minneapolis/police/immigration-memo", "us/tx/local-immigration-enforcement"])
def test_a_sample_of_the_shipped_law_agrees_with_running_its_scenarios_against_each_mutant(law, stem):
    """Killed and surviving mutants of shipped law, each run for real; the equivalent ones kill none of the scenarios."""
    authority = next(a for a in law.everything() if a.file.startswith(stem))
    conditions = written(load_yaml(CORPUS / authority.file, authority.file), authority, law.vocabulary)
    cases = written_cases(CORPUS, authority.file)
    report = mutate(law, CORPUS, authority, cases)
    survivors = {(s.norm, s.words): s.case for s in report.survivors}
    killed = 0
    for mutant in [m for one in authority.norms for m in norm_mutants(one, conditions, law.vocabulary)]:
        norms = [mutant.changed if n.id == mutant.norm.id else n for n in authority.norms]
        mutated = law_where(law, replace(authority, norms=tuple(n for n in norms if n)))
        seen = any(not passes_in(mutated, one, authority) for one in cases)
        killed += seen
        if written_case := survivors.get((mutant.norm.id, mutant.words)):
            assert not seen
            assert passes_in(law, written_case, authority) and not passes_in(mutated, written_case, authority)
    assert killed == report.killed - sum(is_dated_kill(law, authority, cases))


def passes_in(law, one, authority):
    result = run_case(law, one, authority.id)
    return not result.duties_missed and result.got in (one.expect, *one.accept)


def is_dated_kill(law, authority, cases):
    for mutant in dated_mutants(authority):
        other = law_where(law, mutant.changed)
        yield any(one.as_of == mutant.day and not passes_in(other, one, authority) for one in cases)


def test_every_condition_of_the_shipped_law_is_the_same_read_word_by_word(law):
    """What mutants are made from is what the norms mean: opened up, each condition is the norm's own."""
    for authority in law.everything():
        if authority.path in ("us", "us/mn", "us/tx"):
            conditions = written(load_yaml(CORPUS / authority.file, authority.file), authority, law.vocabulary)
            for one in authority.norms:
                for part, expression in conditions.parts[one.id].items():
                    assert conditions.opened(expression) == getattr(one, part)


def test_a_scenario_written_can_be_pasted_and_says_what_it_sees(small):
    law = a_law(small, LAWS["one prohibition"])
    report = report_of(small, law)
    survivor = report.survivors[0]
    path = small.root / "pasted.yaml"
    path.write_text(edge_text(rows_of(report, law), "test"))
    again = read_cases(path)[0]
    assert (again.facts, again.expect, again.decides) == (
        survivor.case.facts,
        survivor.case.expect,
        survivor.case.decides,
    )
    row = load_yaml(path)[0]
    assert row["note"].startswith(f"sees {survivor.words}")
    assert row["situation"].startswith("Open gate, where ")
    assert (
        answer(law, again.profile, again.facts, on=again.as_of, actions=[again.action]).answers[0].modality
        == again.expect
    )


# What a fact of one case shows, another case of this law shows too.
OVERLAP = norm("bar", "prohibited", when="paper != none and emergency", unless="paper == letter") + norm(
    "shut", "prohibited", when="age >= 18", unless="guest"
)


@pytest.mark.parametrize("norms", [*LAWS.values(), OVERLAP], ids=[*LAWS, "overlap"])
def test_no_edge_case_and_no_fact_of_one_is_needless(small, norms):
    """Without any one case a mutant survives; without any one fact too, or the case no longer passes."""
    law = a_law(small, norms)
    act, cases = act_of(law), {s.case.id: s.case for s in report_of(small, law).survivors}
    for one in cases.values():
        others = [other for other in cases.values() if other is not one]
        assert mutate(law, small.root, act, others).survivors
        for name in one.facts:
            fewer = replace(one, facts={k: v for k, v in one.facts.items() if k != name})
            passes_still = run_case(law, fewer, "land/act").is_ok
            assert not passes_still or mutate(law, small.root, act, [*others, fewer]).survivors, (one.id, name)


def run(capsys, *words):
    code = main(["law", "mutate", *words])
    return code, capsys.readouterr().out


def test_the_command_reports_each_file_and_writes_out_what_is_missing(small, capsys):
    a_law(small, LAWS["one prohibition"])
    code, shown = run(capsys, "land/act@2020-01-01.yaml", "--corpus", str(small.root), "--jobs", "1")
    assert code == 1
    assert "land/act@2020-01-01.yaml: 22 mutants, 0 killed, 0 equivalent, 22 survive" in shown
    assert "- id: edge-of-shut-1" in shown
    assert shown.endswith("scenarios missing\n")


def test_what_the_command_writes_leaves_no_survivor_and_no_finding(small, capsys):
    a_law(
        small,
        LAWS["two that say the same"] + LAWS["a rule under a reading"].replace("id: shut", "id: shut-dry"),
        CASES["two"],
    )
    assert run(capsys, "--corpus", str(small.root), "--write", "--jobs", "1")[0] == 0
    code, shown = run(capsys, "--corpus", str(small.root), "--jobs", "1")
    assert code == 0 and " 0 survivors; 0 scenarios missing" in shown
    assert [f for f in check_corpus(small.root) if f.code == "scenario"] == []
    assert (small.root / "land" / "act@2020-01-01.scenarios.yaml").read_text() == CASES["two"]
    made = (small.root / "land" / "act@2020-01-01.edges.scenarios.yaml").read_text()
    assert made.startswith("# Made by `brightline law mutate --write`")
    assert formatted(made, "cases") == made


def edges_of(small):
    return {p.name: p.read_text() for p in scenario_files(small.root) if ".edges." in p.name}


def test_edge_cases_are_written_from_the_law_and_the_written_scenarios_alone(small, capsys):
    """The same bytes again whatever lay there; what is no longer needed, or no longer passes, is gone."""
    a_law(small, LAWS["command and exception by rank"])
    command = ("--corpus", str(small.root), "--write", "--jobs", "1")
    assert run(capsys, *command)[0] == 0
    first = edges_of(small)
    path = small.root / "land" / "act@2020-01-01.edges.scenarios.yaml"
    path.write_text(path.read_text().replace("expect: prohibited", "expect: permitted"))
    assert run(capsys, *command)[0] == 0
    assert edges_of(small) == first
    path.write_text("- [")
    path.with_name("gone@2019-01-01.edges.scenarios.yaml").write_text("- [")
    assert run(capsys, *command)[0] == 0
    assert edges_of(small) == first


def test_where_no_edge_case_is_needed_there_is_no_such_file(small, capsys):
    a_law(small, LAWS["one prohibition"])
    assert run(capsys, "--corpus", str(small.root), "--write", "--jobs", "1")[0] == 0
    path = small.root / "land" / "act@2020-01-01.edges.scenarios.yaml"
    path.with_name("act@2020-01-01.scenarios.yaml").write_text(path.read_text())
    assert run(capsys, "--corpus", str(small.root), "--write", "--jobs", "1")[0] == 0
    assert not path.exists()
    code, shown = run(capsys, "land/act@2020-01-01.scenarios.yaml", "--corpus", str(small.root), "--jobs", "1")
    assert code == 0 and " 0 survivors" in shown


def test_the_same_edge_cases_are_written_whatever_the_order_of_sets(small, brightline, monkeypatch):
    a_law(small, LAWS["a clash of one rank"].replace("must", "log", 1) + TIMED)
    found = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        run = brightline("law", "mutate", "--write", "--jobs", "1", "--corpus", str(small.root))
        assert run.returncode == 0, run.stderr
        found.append(edges_of(small))
    assert found[0] == found[1] and found[0]


def test_an_edge_case_does_not_stand_for_the_scenario_that_a_person_has_to_write(small, capsys):
    a_law(small, LAWS["one prohibition"])
    assert run(capsys, "--corpus", str(small.root), "--write", "--jobs", "1")[0] == 0
    assert "land/act#shut" in "".join(f.message for f in check_corpus(small.root) if f.code == "no-scenario")


def test_the_command_tells_as_json_which_scenario_sees_which_change(small, capsys):
    a_law(small, LAWS["one prohibition"])
    _, shown = run(capsys, "land/act@2020-01-01.yaml", "--corpus", str(small.root), "--json", "--jobs", "1")
    (report,) = json.loads(shown)
    assert report["mutants"] == report["killed"] + report["equivalent"] + len(report["survivors"])
    assert {s["scenario"] for s in report["survivors"]} == {row["id"] for row in report["scenarios"]}


def test_several_files_in_several_processes_give_the_same_reports(small, capsys):
    a_law(small, LAWS["one prohibition"])
    alone = run(capsys, "--corpus", str(small.root), "--jobs", "1")
    assert run(capsys, "--corpus", str(small.root), "--jobs", "2") == alone


def test_a_path_without_law_is_refused(small, capsys):
    a_law(small, LAWS["one prohibition"])
    (small.root / "empty").mkdir()
    assert main(["law", "mutate", "empty", "--corpus", str(small.root)]) == 2
    assert "holds no law file [unreadable]" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1000", "1.5"])
def test_a_number_of_processes_that_is_none_is_refused(small, capsys, jobs):
    a_law(small, LAWS["one prohibition"])
    with pytest.raises(SystemExit) as caught:
        main(["law", "mutate", "--corpus", str(small.root), f"--jobs={jobs}"])
    assert caught.value.code == 2 and "a whole number from 1 to 999" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_scenario_file_that_cannot_be_read_is_a_clear_error_in_any_process(small, capsys, jobs):
    a_law(small, LAWS["one prohibition"], "- [")
    assert main(["law", "mutate", "--corpus", str(small.root), "--jobs", jobs]) == 2
    assert "land/act@2020-01-01.scenarios.yaml" in capsys.readouterr().err
