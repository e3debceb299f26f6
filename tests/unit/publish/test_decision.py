"""The questions of a picture or card lead to the law's own answer, in every situation that can be."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from brightline.law.chart import Variable
from brightline.law.comparison import possible_situations
from brightline.law.diagram import FALSE, outcome, outcome_index
from brightline.law.evaluate import evaluate
from brightline.law.expressions import holds
from brightline.law.situation import situation
from brightline.publish.decision import decision
from brightline.publish.footing import asked, deciders, disputed, leans_on

ON = date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"), "guest": (False, True), "emergency": (False, True), "secret": (False, True),
    "age": (0, 17, 18, 40),
}  # fmt: skip
CONTRADICTIONS = 'contradictions:\n- {when: "paper == none and guest", says: A guest has a paper.}\n'


def norm(name, modality, **fields):
    lines = [f"- id: {name}", "  action: open_gate", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


LAWS = [
    norm("shut", "prohibited", when="guest and age < 18", unless="emergency"),
    norm("must", "required", when="paper == writ")
    + norm("shut", "prohibited", when="guest or secret", derogates="[must]"),
    norm("must", "required", when="paper in [letter, writ] and age >= 18") + norm("shut", "prohibited", when="secret"),
    norm("shut", "prohibited", when="(guest and secret) or (not guest and age >= 18 and paper != letter)"),
    norm("shut", "prohibited", unless="paper == none and guest"),
]


def with_contradictions(small):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + CONTRADICTIONS)
    return small


def reached(one, facts):
    """Where a person gets who answers the questions one by one."""
    if one.answer:
        return one.answer
    number = 1
    while True:
        step = one.steps[number - 1]
        position = step.variable.position(facts[step.variable.name])
        target = next(b.target for b in step.branches if position in b.positions)
        if isinstance(target, str):
            return target
        assert target > number, "a branch leads back"
        number = target


@pytest.mark.parametrize("norms", LAWS)
@pytest.mark.parametrize("strict", [True, False])
def test_every_situation_that_can_be_gets_the_answer_of_the_law(small, norms, strict):
    law = with_contradictions(small).authority("act", norms).law()
    found = situation(law, "land", {}, on=ON, strict=strict)
    one = decision(found, "open_gate")
    in_force = law.stack("land", ON).by_action["open_gate"]
    tried = 0
    for values in product(*DOMAIN.values()):
        facts = dict(zip(DOMAIN, values, strict=True))
        if (facts["emergency"] and not strict) or any(holds(c.when, facts) for c in law.vocabulary.contradictions):
            continue
        tried += 1
        assert reached(one, facts) == evaluate(in_force, facts, found.readings).modality
    assert tried == (80 if strict else 40)


@pytest.mark.parametrize("profile", ["us/mn/minneapolis/police", "us/tx/dallas/sheriff", "us/mn/saint-paul/police"])
def test_on_the_shipped_law_every_line_leads_to_its_answer_and_to_no_other(law, profile):
    found = situation(law, profile, {}, on=date(2026, 1, 16))
    several = 0
    for action in law.vocabulary.actions:
        one = decision(found, action)
        chart, possible = asked(found, action)
        joint = chart.diagram.select(possible_situations(law, chart), chart.modal, FALSE)
        several += len(one.answers) > 1
        for word in one.answers:
            for cube in one.lines(word):
                box = list(possible)
                for number, positions in cube.literals:
                    place = chart.number[one.variables[number].name]
                    box[place] = [possible[place][p] for p in positions]
                words = {chart.modal_words[outcome_index(t)] for t in chart.diagram.reach(joint, box) if t != FALSE}
                assert words <= {word} or word == "unsettled"
    assert several > 10


def test_a_fact_that_must_not_be_kept_is_asked_last(small):
    law = small.authority(
        "act", norm("shut", "prohibited", when="(secret and guest) or (not secret and paper == writ)")
    ).law()
    one = decision(situation(law, "land", {}, on=ON), "open_gate")
    assert [v.name for v in one.variables][-1] == "secret"
    assert {b.target for s in one.steps if s.variable.name == "secret" for b in s.branches} == {
        "prohibited",
        "permitted",
    }


def test_what_cannot_be_is_not_asked_about(small):
    law = with_contradictions(small).authority("act", norm("shut", "prohibited", when="guest and paper != none")).law()
    one = decision(situation(law, "land", {}, on=ON), "open_gate")
    assert [s.variable.name for s in one.steps] == ["guest"]


def test_a_reading_that_nobody_decided_is_unsettled_where_it_matters(small):
    law = small.authority("act", norm("shut", "prohibited", when="guest", reading="{moat: dry}")).law()
    free = decision(situation(law, "land", {}, on=ON, readings={"moat": "undecided"}), "open_gate")
    assert [(b.positions, b.target) for b in free.steps[0].branches] == [((1,), "unsettled"), ((0,), "permitted")]
    assert decision(situation(law, "land", {}, on=ON), "open_gate").answer == "permitted"


def test_a_standing_fact_is_not_asked(small):
    law = small.authority("act", norm("shut", "prohibited", when="guest or age >= 18")).law()
    assert [s.variable.name for s in decision(situation(law, "land/castle", {}, on=ON), "open_gate").steps] == ["age"]


def test_presumptions_and_readings_are_named_only_where_they_can_turn_the_answer(small):
    norms = norm("shut", "prohibited", when="guest", unless="emergency") + norm(
        "more", "prohibited", when="paper == writ", reading="{moat: dry}"
    )
    law = small.authority("act", norms).law()
    found = situation(law, "land", {}, on=ON)
    assert leans_on(found, "open_gate") == ("emergency",)
    assert disputed(found, "open_gate") == ("moat",)
    assert disputed(situation(law, "land", {"guest": True}, on=ON), "open_gate") == ()
    assert deciders(found, "open_gate") == {"prohibited": ("land/act#shut",), "permitted": ()}


def test_two_actions_with_the_same_questions_have_the_same_shape(small):
    norms = norm("shut", "prohibited", when="guest").replace("open_gate", "[open_gate, write_down]")
    law = small.authority("act", norms).law()
    found = situation(law, "land", {}, on=ON)
    assert decision(found, "open_gate").shape == decision(found, "write_down").shape
    assert isinstance(decision(found, "open_gate").steps[0].variable, Variable)
    assert decision(found, "open_gate").reaches("required") is False
    assert outcome(0) not in decision(found, "open_gate").diagram.children[0]
