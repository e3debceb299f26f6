"""The interview: few questions, recordable ones first, doubt allowed, back possible, the same answer at the end."""

from __future__ import annotations

import random
from datetime import date

import pytest

from brightline.law import BrightlineError, answer, ask

ON = date(2026, 6, 1)
DETAINER = {
    "actor_role": "jail_staff", "agency_type": "sheriff_office", "government_level": "county", "agency_operates_jail": True,
    "requester": "ice_ero", "request_kind": "hold", "instrument": "i247a_detainer", "accompanying_instrument": "none",
    "instrument_signed_by": "immigration_officer", "instrument_nature": "civil_immigration", "purpose": "civil_immigration",
    "custody_state": "jail", "release_due": True, "lawful_status_claim": "none", "information_public": False,
    "information_kind": "release_date_time", "conviction_category": "none", "conviction_grade": "none", "local_law_bars": False,
    "agency_policy_bars": False, "charge_category": "burglary", "charge_grade": "felony", "conviction_serious_or_violent": False,
    "charge_serious_or_violent": False,
}  # fmt: skip


def norm(when, modality="prohibited"):
    return f"- id: rule\n  action: open_gate\n  modality: {modality}\n  when: {when}\n  cites: § 1\n  says: A rule.\n"


def held(interview, world):
    """The interview answered from a world, "not sure" where the world does not say; and the facts it asked for."""
    asked = []
    while question := interview.question:
        asked.append(question.fact)
        assert len(asked) < 60
        value = world.get(question.fact)
        interview = interview.pass_over(question.fact) if value is None else interview.tell(question.fact, value)
    return interview, asked


def test_it_asks_only_what_can_matter_and_stops(small):
    small.authority("act", norm("guest and age >= 18"))
    start = ask(small.law(), "land", on=ON, actions=["open_gate"])
    assert held(start, {"guest": False, "age": 30})[1] in (["guest"], ["age", "guest"])
    assert held(start, {"guest": True, "age": 17})[1] in (["age"], ["guest", "age"])


def test_a_transient_fact_is_asked_last(small):
    small.authority("act", norm("secret and guest and age >= 18"))
    _, asked = held(ask(small.law(), "land", on=ON, actions=["open_gate"]), {"guest": True, "age": 20, "secret": True})
    assert asked[-1] == "secret"


def test_not_sure_leaves_the_fact_unknown_and_is_not_asked_again(small):
    small.authority("act", norm("guest"))
    end, asked = held(ask(small.law(), "land", on=ON, actions=["open_gate"]), {})
    assert asked == ["guest"]
    assert end.answers.answers[0].modality == "open"


def test_back_undoes_the_last_answer_or_doubt(small):
    small.authority("act", norm("guest and age >= 18"))
    start = ask(small.law(), "land", on=ON, actions=["open_gate"])
    first = start.question.fact
    value = {"guest": True, "age": 20}[first]
    assert start.tell(first, value).back().question == start.question
    assert start.pass_over(first).back().question == start.question
    assert start.back() is start


def test_a_presumption_that_could_reverse_the_answer_is_confirmed_before_the_end(small):
    small.authority("act", norm("guest and not emergency"))
    start = ask(small.law(), "land", on=ON, actions=["open_gate"])
    end, asked = held(start, {"guest": True, "emergency": True})
    assert asked == ["guest", "emergency"]
    assert end.answers.answers[0].modality == "permitted"
    _, asked = held(start, {"guest": False})
    assert asked == ["guest"]


def test_a_wrong_value_is_refused_and_the_interview_stands(small):
    small.authority("act", norm("guest"))
    start = ask(small.law(), "land", on=ON, actions=["open_gate"])
    with pytest.raises(BrightlineError):
        start.tell("guest", "perhaps")
    assert start.question.fact == "guest"


@pytest.mark.parametrize(
    "profile", ["us/mn/hennepin/sheriff", "us/tx/dallas/sheriff", "us/ca/los-angeles/sheriff", "us/nj", "us/wa"]
)
def test_on_real_law_it_ends_in_the_answer_that_all_the_facts_give(law, profile):
    full = {a.action: a.modality for a in answer(law, profile, DETAINER, on=ON).answers}
    end, asked = held(ask(law, profile, on=ON), DETAINER)
    told = {a.action: a.modality for a in end.answers.answers}
    assert len(asked) <= 30
    assert asked[0] == "request_kind"
    for action, modality in told.items():
        assert modality in (full[action], "open"), action


def test_it_asks_less_than_half_of_the_facts_that_release_notice_turns_on(law):
    """On average over random truths, an interview about release notice asks few of the facts that the chart knows."""
    rng = random.Random(7)
    stack = law.stack("us/ca/los-angeles/sheriff", ON)
    chart = law.chart(stack, "notify_release")
    names = [v for v in chart.variables if not v.is_reading]
    lengths = []
    for _ in range(40):
        world = {
            v.name: rng.choice(v.classes[rng.randrange(v.size)]) if not v.cuts else rng.choice((1, 7, 20))
            for v in names
        }
        try:
            _, asked = held(ask(law, "us/ca/los-angeles/sheriff", on=ON, actions=["notify_release"]), world)
        except BrightlineError:
            continue  # the random facts contradict each other
        lengths.append(len(asked))
    assert len(lengths) > 10
    assert sum(lengths) / len(lengths) < len(names) / 2
