"""What must hold of the shipped law does, for every situation; and what the proofs say of it is what the law answers."""

from __future__ import annotations

from datetime import date

import pytest

from brightline.law import answer
from brightline.law.comparison import Side
from brightline.law.corpusfiles import CORPUS
from brightline.law.proof import prove
from brightline.law.properties import check_property
from brightline.law.propertyfile import property_files, read_properties

ON = date(2026, 1, 16)
PROFILES = (
    "us/mn/minneapolis/police",
    "us/mn/hennepin/sheriff",
    "us/tx/dallas/sheriff",
    "us/ca/los-angeles/sheriff",
    "us/nj",
)


@pytest.fixture(scope="module")
def stated(law):
    return [
        one
        for path in property_files(CORPUS)
        for one in read_properties(path, law, path.relative_to(CORPUS).as_posix())
    ]


@pytest.fixture(scope="module")
def proofs(law):
    return {profile: prove(Side.of(law, profile, ON)) for profile in PROFILES}


def test_every_shipped_property_holds_for_every_profile_and_date(law, stated):
    assert len(stated) >= 12
    assert len({one.id for one in stated}) == len(stated)
    failed = [
        f"{c.stated.id}: {c.profile} on {c.on}, {c.action}: {c.answers} from {c.norms}, as {dict(c.situations.example) if c.situations else c.refused}"
        for one in stated
        for c in check_property(law, one)
        if not c.holds
    ]
    assert failed == []


def test_no_shipped_property_speaks_of_nothing(law, stated):
    assert [one.id for one in stated if not any(c.covers for c in check_property(law, one))] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_every_action_is_proved_and_every_situation_has_an_answer(proofs, profile):
    assert [a.action for a in proofs[profile].actions if a.refused] == []
    assert proofs[profile].failing("complete") == ()
    assert proofs[profile].failing("no-empty-exception") == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_the_strongest_norm_is_always_the_answer(proofs, profile):
    wrong = [
        c.says for a in proofs[profile].failing("supremacy-safe") for c in a.theorem("supremacy-safe").counterexamples
    ]
    assert not [says for says in wrong if says.startswith("the answer is not")]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_example_of_a_clash_is_answered_unsettled_by_both_norms(law, proofs, profile):
    for action in proofs[profile].failing("consistent"):
        for found in action.theorem("consistent").counterexamples:
            (one,) = answer(law, profile, found.where.example, on=ON, actions=[action.action]).answers
            assert one.modality == "unsettled"
            assert set(found.norms) <= {b.norm for b in one.basis}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_example_of_a_contested_reading_is_answered_contested(law, proofs, profile):
    checked = 0
    for action in proofs[profile].failing("robust"):
        for found in action.theorem("robust").counterexamples:
            if any(law.vocabulary.facts[name].derived for name in found.where.example):
                continue  # a number of hours is worked out from two times, not stated
            (one,) = answer(law, profile, found.where.example, on=ON, actions=[action.action]).answers
            if one.modality not in ("open", "unsettled"):
                assert "contested" in one.marks
                checked += 1
    assert checked


@pytest.mark.parametrize("profile", PROFILES)
def test_an_action_that_is_called_status_blind_never_asks_for_a_transient_fact(law, proofs, profile):
    """The theorem is about the modality under the chosen readings: so is the interview's next question."""
    blind = [a for a in proofs[profile].actions if a.theorem("status-blind").holds]
    assert blind
    for action in blind:
        (one,) = answer(law, profile, {}, on=ON, actions=[action.action], strict=True).answers
        assert one.question is None or not one.question.is_transient


def test_a_wrong_property_is_found_out(law, tmp_path):
    """What Texas requires, a property for Minnesota's law must not say of Texas."""
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "must_hold:\n- {id: no-hold, says: No hold., profiles: [us/tx/dallas/sheriff, us/mn/hennepin/sheriff], on: [2026-01-16],\n"
        "   action: hold_beyond_release, when: detainer and custody_state == jail and accompanying_instrument == none, never: [required]}\n"
    )
    checks = [c for one in read_properties(path, law) for c in check_property(law, one)]
    assert {c.profile: c.holds for c in checks} == {"us/tx/dallas/sheriff": False, "us/mn/hennepin/sheriff": True}
