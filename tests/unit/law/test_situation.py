"""What is known about a request, and that what must never be kept has no way out."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from dataclasses import asdict
from datetime import date

import pytest

from brightline.law import BrightlineError, answer, situation
from brightline.law.answerjson import answers_to_json
from brightline.law.corpusfiles import CORPUS, read_law
from brightline.law.situation import Transient, parse_value

ON = date(2026, 1, 16)
KINDS = {f.name: f.kind for f in read_law(CORPUS).vocabulary.facts.values() if f.is_transient}
TRANSIENT = sorted(KINDS)
MARK = "zq-marked-value-zq"


def marked(name, law):
    """A law whose transient fact has a value that could not appear by chance, and that value."""
    from dataclasses import replace

    fact = law.vocabulary.facts[name]
    facts = {**law.vocabulary.facts, name: replace(fact, kind="enum", values=(*map(str, fact.domain), MARK))}
    return replace(law, vocabulary=replace(law.vocabulary, facts=facts), _stacks={}, _changes={}, _charts={})


def test_the_vocabulary_has_transient_facts():
    assert {"unlawful_presence_basis", "foreign_nationality", "lawful_status_claim"} <= set(TRANSIENT)


@pytest.mark.parametrize("name", TRANSIENT)
def test_a_transient_fact_has_no_serializer(name, law, caplog):
    found = situation(marked(name, law), "us/mn", {name: MARK}, on=ON)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("test").warning(
        "known: %s %r %s", found, found.transient, vars(found) if hasattr(found, "__dict__") else ""
    )
    shown = [repr(found), str(found), f"{found}", repr(found.transient), str(list(found.transient)), caplog.text]
    assert all(MARK not in text for text in shown)
    assert name in repr(found.transient)
    for keep in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be copied"):
            keep(found.transient)
    for keep in (pickle.dumps, copy.deepcopy, asdict):
        with pytest.raises(TypeError):
            keep(found)
    with pytest.raises(TypeError):
        json.dumps(found.transient)
    with pytest.raises(TypeError):
        vars(found.transient)


@pytest.mark.parametrize("name", [n for n in TRANSIENT if KINDS[n] == "enum"])
def test_an_answer_never_carries_the_value_of_a_transient_fact(name, law):
    changed = marked(name, law)
    found = answer(
        changed, "us/mn/hennepin/sheriff", {name: MARK, "request_kind": "hold", "instrument": "i247a_detainer"}, on=ON
    )
    assert MARK not in json.dumps(answers_to_json(found)) + repr(found)


@pytest.mark.parametrize("name", TRANSIENT)
def test_an_error_about_a_transient_fact_does_not_repeat_what_was_written(name, law):
    with pytest.raises(BrightlineError) as caught:
        situation(law, "us/mn", {name: MARK}, on=ON)
    assert MARK not in str(caught.value) + repr(caught.value) + repr(caught.value.__cause__)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", TRANSIENT)
def test_would_change_does_not_tell_a_known_transient_fact_by_its_opposite(name, law):
    fact = law.vocabulary.facts[name]
    for value in fact.domain:
        found = answer(
            law, "us/tx/dallas/sheriff", {name: value, "request_kind": "hold", "instrument": "i247a_detainer"}, on=ON
        )
        told = [c.to for one in found.answers for c in one.would_change_if if c.fact == name]
        assert set(told) <= {"(another answer)"}


def test_transient_facts_show_their_names_only():
    held = Transient({"secret": True})
    assert (repr(held), list(held), "secret" in held, len(held)) == (
        "<transient facts known: secret>",
        ["secret"],
        True,
        1,
    )


def test_a_fact_given_as_none_is_unknown(law):
    assert not situation(law, "us/mn", {"custody_state": None}, on=ON).is_known("custody_state")


def test_stated_facts_win_over_standing_ones(law):
    assert situation(law, "us/mn/hennepin/sheriff", {"agency_type": "court"}, on=ON).value("agency_type") == "court"


@pytest.mark.parametrize(
    ("facts", "code", "words"),
    [
        ({"instrumnt": "none"}, "unknown-fact", "`instrument`"),
        ({"instrument": "i247a_detainr"}, "unknown-value", "`i247a_detainer`"),
        ({"release_due": "perhaps"}, "unknown-value", "true or false"),
        ({"years_since_conviction": "-1"}, "unknown-value", "whole number"),
        ({"years_since_conviction": True}, "unknown-value", "whole number"),
        ({"request_received_at": "yesterday"}, "unknown-value", "with its offset"),
        ({"response_due_on": "2026-02-30"}, "unknown-value", "2026-01-16"),
        ({"instrument": "none", "instrument_facially_valid": True}, "contradiction", "check the facts"),
        ({"release_due": True, "custody_state": "none"}, "contradiction", "check the facts"),
        ({"charge_category": "none", "charge_serious_or_violent": True}, "contradiction", "`charge_grade`"),
        ({"release_due_at": "2026-01-16T18:00:00-06:00", "hold_until_at": "2026-01-16T17:00:00-06:00"}, "contradiction", "two times"),
        ({"hold_hours_flat": 3}, "derived-fact", "release_due_at"),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_are_refused_with_the_next_step(law, facts, code, words):
    with pytest.raises(BrightlineError) as caught:
        situation(law, "us/mn", facts, on=ON)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_time_without_an_offset_is_taken_in_the_profiles_zone(law):
    fact = law.vocabulary.facts["request_received_at"]
    assert parse_value(fact, "2026-01-16T18:05", "America/Chicago").isoformat() == "2026-01-16T18:05:00-06:00"
    with pytest.raises(BrightlineError):
        parse_value(fact, "2026-01-16T18:05", "")


def test_a_derived_fact_is_worked_out_by_the_calendar(law):
    facts = {"release_due_at": "2017-09-01T17:00:00-05:00", "hold_until_at": "2017-09-06T17:00:00-05:00"}
    found = situation(law, "us", facts, on=date(2017, 9, 1))
    assert (found.value("hold_hours_counted"), found.value("hold_hours_flat"), found.value("hold_midnights")) == (
        48,
        120,
        5,
    )


def test_a_contradiction_rules_out_values_of_facts_nobody_stated(law):
    found = situation(law, "us/ca", {"conviction_category": "none"}, on=ON)
    assert found.ruled_out["conviction_grade"] == frozenset(law.vocabulary.facts["conviction_grade"].values) - {"none"}
    assert (
        "conviction_grade"
        not in situation(law, "us/ca", {"conviction_category": "none", "conviction_grade": "none"}, on=ON).ruled_out
    )


def test_a_fact_whose_other_values_are_ruled_out_settles_the_answer(law):
    facts = {
        "actor_role": "jail_staff", "agency_type": "sheriff_office", "government_level": "county", "requester": "ice_ero",
        "instrument": "notification_request", "purpose": "civil_immigration", "custody_state": "jail", "information_public": False,
        "information_kind": "release_date_time", "conviction_category": "none", "judicial_probable_cause": "none",
    }  # fmt: skip
    assert answer(law, "us/ca", facts, on=ON, actions=["notify_release"]).answers[0].modality == "prohibited"
