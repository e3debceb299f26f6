"""The diagram as straight-line Python: it answers as the specification does, and never guesses a missing fact."""

from __future__ import annotations

import random
from datetime import date

import pytest

from brightline.law.chart import Chart
from brightline.law.evaluate import evaluate, worlds
from brightline.law.straight import Answerers, _Writer, straight

ON = date(2026, 6, 1)


def complete_facts(rng, law, chart):
    facts = {}
    for variable in chart.variables:
        if not variable.is_reading:
            near = [max(0, cut + step) for cut in variable.cuts for step in (-1, 0, 1)]
            facts[variable.name] = rng.choice(near or law.vocabulary.facts[variable.name].domain)
    return facts


def readings_for(rng, law, chart):
    return {v.name: rng.choice(law.vocabulary.readings[v.name].values) for v in chart.variables if v.is_reading}


def agrees(short, verdict):
    modality, norm = short
    return modality == verdict.modality and (norm in verdict.basis if verdict.basis else norm == "")


def test_short_answers_are_those_of_the_specification_on_the_shipped_law(law):
    rng = random.Random(8)
    answerers, checked = Answerers(law), 0
    for profile in law.vocabulary.profiles:
        stack = law.stack(profile, ON)
        for action in rng.sample(sorted(stack.by_action), 4):
            chart = law.chart(stack, action)
            for _ in range(2):
                readings = readings_for(rng, law, chart)
                short = answerers.on_action(profile, ON, action, readings)
                for _ in range(15):
                    facts = complete_facts(rng, law, chart)
                    assert agrees(short.modality_and_norm(facts), evaluate(stack.by_action[action], facts, readings))
                    checked += 1
    assert checked > 1000


def test_short_answers_of_an_invented_law_are_right_in_every_situation(small):
    small.authority(
        "charter",
        """
- {id: writ, action: open_gate, modality: required, when: paper == writ and not secret, cites: "1", says: Open for a writ.}
- {id: child, action: open_gate, modality: prohibited, when: "age < 12 or age in [40]", cites: "2", says: Not for a child.}
- {id: old, action: open_gate, modality: permitted, when: age >= 90, overrides: [prohibited], cites: "3", says: The old may.}
""",
        rank="high",
    )
    small.authority(
        "custom",
        """
- {id: dry, action: open_gate, modality: prohibited, when: not guest, reading: {moat: dry}, cites: "1", says: Not on land.}
- {id: any, action: open_gate, modality: permitted, cites: "2", says: Else you may.}
""",
        rank="low",
    )
    law = small.law()
    norms = law.stack("land", ON).by_action["open_gate"]
    known = {
        "paper": ("none", "letter", "writ"),
        "guest": (False, True),
        "secret": (False, True),
        "age": (0, 11, 12, 39, 40, 41, 89, 90, 99),
    }
    seen = set()
    for reading in ("wet", "dry"):
        short = Answerers(law).on_action("land", ON, "open_gate", {"moat": reading})
        for world in worlds(known, known):
            found = short.modality_and_norm(world)
            assert agrees(found, evaluate(norms, world, {"moat": reading}))
            seen.add(found)
    assert {modality for modality, _ in seen} == {"required", "prohibited", "permitted", "unsettled"}
    assert {norm for modality, norm in seen if modality == "unsettled"} == {"land/charter#writ"}
    assert ("prohibited", "land/custom#dry") in seen and ("permitted", "land/custom#any") in seen


@pytest.fixture
def gate(small):
    small.authority(
        "charter",
        '- {id: never, action: open_gate, modality: prohibited, when: guest or secret, cites: "1", says: Never.}\n',
    )
    return small.law()


def test_a_missing_fact_that_matters_is_never_guessed(gate):
    short = Answerers(gate).on_action("land", ON, "open_gate")
    assert short.modality_and_norm({}) == ("open", "")
    assert short.modality_and_norm({"guest": False}) == ("open", "")
    assert short.modality_and_norm({"secret": True}) == ("prohibited", "land/charter#never")
    with pytest.raises(KeyError):
        straight(gate.chart(gate.stack("land", ON), "open_gate"), {})({})


def test_where_only_the_deciding_norm_is_unknown_the_modality_stands(small):
    small.authority(
        "charter",
        """
- {id: a, action: open_gate, modality: prohibited, when: guest, cites: "1", says: Never.}
- {id: b, action: open_gate, modality: prohibited, unless: guest, cites: "2", says: Never.}
""",
    )
    assert Answerers(small.law()).on_action("land", ON, "open_gate").modality_and_norm({}) == ("prohibited", "")


def test_a_silent_law_permits_and_names_no_norm(gate):
    assert Answerers(gate).on_action("land", ON, "write_down").modality_and_norm({}) == ("permitted", "")


def test_one_function_is_kept_for_each_epoch_and_choice_of_readings(law):
    answerers = Answerers(law)
    first = answerers.on_action("us/mn", ON, "hold_beyond_release")
    assert answerers.on_action("us/mn", date(2026, 6, 2), "hold_beyond_release") is first
    assert (
        answerers.on_action("us/mn", ON, "hold_beyond_release", {"hold_fourth_amendment": "ice_paper_suffices"})
        is not first
    )
    assert answerers.on_action("us/mn", date(2013, 5, 1), "hold_beyond_release") is not first


def test_names_and_values_are_written_as_literals_only():
    """A fact whose name and values are code does nothing but fail to be equal."""
    from brightline.law.norms import InForce, Norm
    from brightline.law.vocabulary import Fact

    evil = '"] or __import__("os")#'
    fact = Fact(evil, "", "enum", "recordable", "", (evil, "b\n\\"))
    norm = Norm(
        f"x#{evil}",
        ("act",),
        "prohibited",
        "r",
        1,
        ("true",),
        ("in", evil, (evil,)),
        ("false",),
        {},
        None,
        (),
        None,
        "",
        None,
        (),
        InForce(ON),
        (),
        "",
        "read",
        "",
        "",
        "",
    )
    short = straight(Chart("act'", [norm], {evil: fact}, {}), {})
    assert short({evil: evil}) == ("prohibited", f"x#{evil}")
    assert short({evil: "b\n\\"}) == ("permitted", "")


def test_nesting_is_cut_where_it_would_be_too_deep_and_the_answers_stay(law, monkeypatch):
    from brightline.law import straight as module

    chart = law.chart(law.stack("us/mn", ON), "hold_beyond_release")
    readings = {v.name: law.vocabulary.readings[v.name].default for v in chart.variables if v.is_reading}
    rng = random.Random(2)
    cases = [complete_facts(rng, law, chart) for _ in range(200)]
    expected = [straight(chart, readings)(case) for case in cases]
    monkeypatch.setattr(module, "_MAX_DEPTH", 2)
    lines = _Writer(chart, readings).text().splitlines()
    assert max(len(line) - len(line.lstrip(" ")) for line in lines) == 2
    assert [straight(chart, readings)(case) for case in cases] == expected


def test_deep_law_is_written_without_deep_nesting(law):
    deepest = 0
    for profile in ("us/ca/los-angeles/sheriff", "us/ny/new-york-city", "us/mn/minneapolis"):
        chart = law.chart(law.stack(profile, ON), "disclose_record")
        readings = {v.name: law.vocabulary.readings[v.name].default for v in chart.variables if v.is_reading}
        lines = _Writer(chart, readings).text().splitlines()
        deepest = max(deepest, *(len(line) - len(line.lstrip(" ")) for line in lines))
    assert 3 < deepest <= 25
