"""The eight sentences, one by one, on a small invented law. The naive evaluator and the diagram must both obey."""

from __future__ import annotations

from datetime import date

import pytest

from brightline.law.answering import answer
from brightline.law.evaluate import evaluate

ON = date(2024, 6, 1)
COMPLETE = {"paper": "none", "guest": False, "emergency": False, "secret": False, "age": 30}


def told(small, *, on=ON, profile="land", readings=None, strict=False, **facts):
    """The answer on opening the gate, checked to be the same by the naive evaluator."""
    law = small.law()
    one = answer(
        law, profile, {**COMPLETE, **facts}, on=on, actions=["open_gate"], readings=readings, strict=strict
    ).answers[0]
    complete = {**COMPLETE, **facts}
    if None not in complete.values() and "undecided" not in (readings or {}).values():
        stack = law.stack(profile, on)
        chosen = {**law.vocabulary.chosen_readings(profile, on), **(readings or {})}
        verdict = evaluate(stack.by_action.get("open_gate", ()), complete, chosen)
        assert verdict.modality == one.modality
        assert list(verdict.basis) == [b.norm for b in one.basis]
    return one


def norm(name, modality, **fields):
    lines = [f"- id: {name}", "  action: open_gate", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


def test_sentence_1_a_norm_not_in_force_takes_no_part(small):
    small.authority("base", norm("ever", "permitted"), since="2000-01-01")
    small.authority("act", norm("shut", "prohibited"), extra="in_force: {from: 2020-01-01, to: 2023-12-31}\n")
    assert told(small, on=date(2023, 12, 31)).modality == "prohibited"
    assert told(small, on=date(2024, 1, 1)).modality == "permitted"


def test_sentence_1_a_norm_outside_the_profiles_path_takes_no_part(small):
    small.authority("act", norm("shut", "prohibited"), folder="land/castle").authority(
        "base", norm("ever", "permitted")
    )
    assert told(small, profile="land/castle").modality == "prohibited"
    assert told(small, profile="land").modality == "permitted"


def test_sentence_1_a_norm_that_does_not_bind_this_actor_takes_no_part(small):
    small.authority("act", norm("shut", "prohibited", binds="guest"))
    assert told(small, guest=True).modality == "prohibited"
    assert told(small, guest=False).marks == ("robust", "silent")


def test_sentence_1_an_enjoined_norm_takes_no_part_where_the_injunction_reaches(small):
    small.authority("base", norm("ever", "permitted"))
    small.authority(
        "act",
        norm("shut", "prohibited"),
        extra="enjoined: [{from: 2024-01-01, to: 2024-12-31, paths: [land/castle], by: a court}]\n",
    )
    assert told(small, profile="land/castle").modality == "permitted"
    assert told(small, profile="land").modality == "prohibited"
    assert told(small, profile="land/castle", on=date(2025, 1, 1)).modality == "prohibited"


def test_sentence_2_a_true_exception_takes_the_norm_out(small):
    small.authority("act", norm("shut", "prohibited", when="paper != writ", unless="emergency"))
    assert told(small).modality == "prohibited"
    assert told(small, emergency=True).modality == "permitted"
    assert told(small, paper="writ").modality == "permitted"


def test_sentence_3_an_override_takes_lower_norms_away_and_obliges_nobody(small):
    small.authority("crown", norm("free", "may_not_restrict"), rank="high")
    small.authority("act", norm("shut", "prohibited"))
    found = told(small)
    assert found.modality == "permitted"
    assert [(d.norm, d.by, d.why) for d in found.defeated] == [("land/act#shut", "land/crown#free", "taken away")]


def test_sentence_3_an_override_on_a_contested_reading_acts_only_under_it(small):
    small.authority("crown", norm("free", "may_not_restrict", reading="{moat: wet}"), rank="high")
    small.authority("act", norm("shut", "prohibited"))
    wet = told(small)
    assert (wet.modality, wet.marks) == ("permitted", ("contested",))
    assert [(c.reading, c.value, c.modality) for c in wet.contested] == [("moat", "dry", "prohibited")]
    assert told(small, readings={"moat": "dry"}).modality == "prohibited"


def test_sentence_3_an_override_that_was_itself_taken_away_takes_nothing(small):
    small.authority(
        "crown", norm("stop", "permitted", overrides="{modalities: [permitted], norms: [land/act#free]}"), rank="high"
    )
    small.authority("act", norm("free", "may_not_restrict"))
    small.authority("rule", norm("shut", "prohibited"), rank="low")
    assert told(small).modality == "prohibited"


def test_sentence_4_the_higher_rank_beats_the_lower(small):
    small.authority("crown", norm("must", "required"), rank="high").authority(
        "rule", norm("shut", "prohibited"), rank="low"
    )
    found = told(small)
    assert found.modality == "required"
    assert [(d.norm, d.why) for d in found.defeated] == [("land/rule#shut", "lower rank")]


def test_sentence_4_a_permission_of_higher_rank_does_not_lift_a_lower_prohibition(small):
    small.authority("crown", norm("may", "permitted"), rank="high").authority(
        "rule", norm("shut", "prohibited"), rank="low"
    )
    assert told(small).modality == "prohibited"


def test_sentence_5_the_special_rule_beats_the_general_one_of_its_rank(small):
    small.authority("act", norm("shut", "prohibited") + norm("feast", "required", when="guest", derogates="[shut]"))
    assert told(small).modality == "prohibited"
    assert told(small, guest=True).modality == "required"


def test_sentence_5_a_permission_that_derogates_lifts_a_prohibition_of_its_rank(small):
    small.authority("act", norm("shut", "prohibited") + norm("feast", "permitted", when="guest", derogates="[shut]"))
    found = told(small, guest=True)
    assert found.modality == "permitted"
    assert [d.why for d in found.defeated] == ["special rule"]


def test_sentence_5_a_beaten_special_rule_gives_the_general_one_back(small):
    rules = (
        norm("shut", "prohibited")
        + norm("feast", "permitted", derogates="[shut]")
        + norm("plague", "permitted", when="emergency", derogates="[feast]")
    )
    small.authority("act", rules)
    assert told(small).modality == "permitted"
    assert told(small, emergency=True).modality == "prohibited"


def test_sentence_5_in_a_circle_of_special_rules_none_is_beaten_because_another_was_looked_at(small):
    circle = (
        norm("rock", "required", derogates="[scissors]")
        + norm("scissors", "prohibited", derogates="[paper]")
        + norm("paper", "required", derogates="[rock]")
    )
    small.authority("act", circle)
    law = small.law()
    stack = law.stack("land", ON)
    chart = law.chart(stack, "open_gate")
    assert told(small).modality == "unsettled"
    assert chart.modalities([range(v.size) for v in chart.variables]) == {"unsettled"}


def test_sentence_5_a_norm_beaten_by_its_own_exception_takes_nothing_away(small):
    small.authority(
        "crown",
        norm("free", "may_not_restrict") + norm("chapel", "permitted", when="guest", derogates="[free]"),
        rank="high",
    )
    small.authority("rule", norm("shut", "prohibited"), rank="low")
    assert told(small).modality == "permitted"
    assert told(small, guest=True).modality == "prohibited"


def test_sentence_5_two_commands_of_one_rank_that_neither_yields_are_unsettled(small):
    small.authority("act", norm("must", "required")).authority("other", norm("shut", "prohibited")).authority(
        "rule", norm("low", "required"), rank="low"
    )
    found = told(small)
    assert found.modality == "unsettled"
    assert {b.norm for b in found.basis} == {"land/act#must", "land/other#shut"}


def test_sentence_6_no_norm_is_permitted_and_silent(small):
    small.authority("act", norm("shut", "prohibited", when="emergency"))
    found = told(small)
    assert (found.modality, found.basis, "silent" in found.marks) == ("permitted", (), True)


def test_sentence_7_the_same_answer_under_every_reading_is_robust(small):
    small.authority("act", norm("shut", "prohibited", reading="{moat: wet}") + norm("also", "prohibited"))
    assert told(small).marks == ("robust",)


def test_sentence_7_readings_that_matter_only_together_are_named_together(small):
    vocabulary = small.root / "vocabulary.yaml"
    vocabulary.write_text(
        vocabulary.read_text().replace(
            "profiles:",
            "- {name: wall, applies_to: land, values: [high, broken], default: high, issue: Is it high?}\nprofiles:",
        )
    )
    small.authority(
        "act", norm("moat", "prohibited", reading="{moat: wet}") + norm("wall", "prohibited", reading="{wall: high}")
    )
    assert [(c.reading, c.value, c.modality) for c in told(small).contested] == [
        ("moat, wall", "dry, broken", "permitted")
    ]


def test_sentence_8_an_unknown_fact_that_cannot_matter_is_not_asked(small):
    small.authority("act", norm("shut", "prohibited") + norm("more", "prohibited", when="guest"))
    assert told(small, guest=None).modality == "prohibited"


def test_sentence_8_an_unknown_fact_that_matters_leaves_it_open_with_a_question(small):
    small.authority("act", norm("shut", "prohibited", when="guest"))
    found = told(small, guest=None)
    assert (found.modality, found.question.fact, found.possible) == ("open", "guest", ("prohibited", "permitted"))


def test_sentence_8_no_transient_fact_is_asked_while_a_recordable_one_can_settle_it(small):
    small.authority("act", norm("shut", "prohibited", when="secret and age >= 18"))
    assert told(small, secret=None, age=None).question.fact == "age"
    assert told(small, secret=None, age=17).modality == "permitted"
    assert told(small, secret=None, age=18).question.fact == "secret"


def test_sentence_8_a_presumption_is_named_changes_when_corrected_and_is_gone_when_strict(small):
    small.authority("act", norm("shut", "prohibited", unless="emergency"))
    presuming = told(small, emergency=None)
    assert (presuming.modality, [p.fact for p in presuming.presumed]) == ("prohibited", ["emergency"])
    assert told(small, emergency=True).modality == "permitted"
    assert told(small, emergency=False).presumed == ()
    assert told(small, emergency=None, strict=True).modality == "open"


def test_a_presumption_the_answer_does_not_need_is_not_named(small):
    small.authority("act", norm("shut", "prohibited", unless="emergency and guest"))
    assert told(small, emergency=None, guest=False).presumed == ()


def test_what_would_change_the_answer_is_the_fewest_facts(small):
    small.authority("act", norm("shut", "prohibited", when="not (emergency and age < 18)"))
    change = told(small).would_change_if[0]
    assert {change.fact, *(name for name, _ in change.together)} == {"emergency", "age"}
    one = told(small, emergency=True).would_change_if[0]
    assert (one.fact, one.to, one.modality, one.together) == ("age", 17, "permitted", ())


def test_what_would_change_never_shows_the_other_value_of_a_known_transient_fact(small):
    small.authority("act", norm("shut", "prohibited", when="not secret"))
    assert [(c.fact, c.to) for c in told(small, secret=False).would_change_if] == [("secret", "(another answer)")]


def test_a_holding_binds_in_its_circuit_and_persuades_elsewhere(small):
    vocabulary = small.root / "vocabulary.yaml"
    vocabulary.write_text(vocabulary.read_text().replace("name: The Castle,", "name: The Castle, federal_circuit: 8,"))
    small.authority("case", norm("shut", "prohibited"), rank="high", extra="binding_in: {federal_circuit: [8]}\n")
    small.authority("act", norm("must", "required"))
    assert told(small, profile="land/castle").modality == "prohibited"
    assert told(small, profile="land").modality == "required"


@pytest.mark.parametrize(
    ("age", "modality"), [(17, "permitted"), (18, "prohibited"), (64, "prohibited"), (65, "permitted")]
)
def test_numbers_are_cut_exactly_where_the_law_cuts_them(small, age, modality):
    small.authority("act", norm("shut", "prohibited", when="age >= 18 and age < 65"))
    assert told(small, age=age).modality == modality


def test_a_reading_left_undecided_makes_differing_outcomes_unsettled_with_each_shown(small):
    small.authority("act", norm("shut", "prohibited", when="guest", reading="{moat: wet}"))
    found = told(small, guest=True, readings={"moat": "undecided"})
    assert (found.modality, found.marks) == ("unsettled", ("contested",))
    assert {(c.reading, c.value, c.modality) for c in found.contested} == {
        ("moat", "wet", "prohibited"),
        ("moat", "dry", "permitted"),
    }
    assert [b.norm for b in found.basis] == ["land/act#shut"]
    assert told(small, guest=False, readings={"moat": "undecided"}).modality == "permitted"


def test_an_undecided_reading_does_not_hide_a_fact_that_is_needed(small):
    small.authority("act", norm("shut", "prohibited", when="guest", reading="{moat: wet}"))
    found = told(small, guest=None, readings={"moat": "undecided"})
    assert (found.modality, found.question.fact) == ("open", "guest")
