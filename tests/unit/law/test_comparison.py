"""The exact difference of two laws, checked against counting every situation by hand."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from brightline.law.comparison import Side, compare
from brightline.law.cover import cover
from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import evaluate

OLD, NEW = date(2021, 1, 1), date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "age": (0, 17, 18, 40),
}


def norm(name, modality, **fields):
    lines = [f"- id: {name}", "  action: open_gate", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


def two_versions(small, before, after):
    small.authority("base", norm("ever", "permitted", when="age >= 18 or age < 18"), since="2000-01-01")
    small.authority("act", before, extra="in_force: {from: 2020-01-01, to: 2021-12-31}\n")
    small.authority("act", after, since="2022-01-01")
    return small.law()


CASES = [
    (norm("shut", "prohibited", when="guest"), norm("shut", "prohibited", when="guest and paper != writ")),
    (
        norm("shut", "prohibited", when="paper in [letter, writ]"),
        norm("must", "required", when="paper == writ and not emergency"),
    ),
    (norm("shut", "prohibited", unless="emergency"), norm("shut", "prohibited", unless="emergency or age >= 18")),
    (
        norm("a", "required", when="guest") + norm("b", "prohibited", when="secret"),
        norm("b", "prohibited", when="secret"),
    ),
]


def by_hand(law):
    """Every situation, one by one: what the naive evaluator answers before and after."""
    sides = [law.stack("land", day).by_action["open_gate"] for day in (OLD, NEW)]
    readings = law.vocabulary.chosen_readings("land", NEW)
    for values in product(*DOMAIN.values()):
        facts = dict(zip(DOMAIN, values, strict=True))
        yield facts, *(evaluate(norms, facts, readings).modality for norms in sides)


@pytest.mark.parametrize(("before", "after"), CASES)
def test_the_changed_set_is_exactly_what_counting_by_hand_gives(small, before, after):
    law = two_versions(small, before, after)
    (change,) = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW), ["open_gate"]).actions
    chart = change.transitions[0].chart
    for facts, was, now in by_hand(law):
        values = [0 if v.is_reading else v.position(facts[v.name]) for v in chart.variables]
        hits = [t for t in change.transitions if chart.diagram.at(t.node, values) == TRUE]
        assert [(t.before.modality, t.after.modality) for t in hits] == ([(was, now)] if was != now else [])


@pytest.mark.parametrize(("before", "after"), CASES)
def test_the_numbers_add_up_to_the_situations_the_facts_allow(small, before, after):
    law = two_versions(small, before, after)
    (change,) = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW), ["open_gate"]).actions
    names = [v.name for v in change.transitions[0].chart.variables]
    distinct = {}
    for facts, was, now in by_hand(law):
        # Ages on one side of a cut are one situation.
        key = tuple(facts[n] if n != "age" else facts[n] >= 18 for n in names if n in facts)
        distinct[key] = was != now
    assert change.total == len(distinct)
    assert change.changed == sum(distinct.values())


@pytest.mark.parametrize(("before", "after"), CASES)
def test_prime_cubes_cover_the_set_exactly_and_none_can_be_widened(small, before, after):
    law = two_versions(small, before, after)
    (change,) = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW), ["open_gate"]).actions
    for transition in change.transitions:
        diagram = transition.chart.diagram
        cubes = cover(diagram, transition.node)
        union = FALSE
        for cube in cubes:
            union = diagram.either(union, cube.node(diagram))
            for variable, positions in cube.literals:
                for extra in set(range(diagram.sizes[variable])) - set(positions):
                    wider = cube.possible(diagram.sizes)
                    wider[variable] = (*positions, extra)
                    assert diagram.reach(transition.node, wider) != {TRUE}
        assert union == transition.node


def test_a_law_compared_with_itself_has_no_difference(small):
    law = two_versions(small, CASES[0][0], CASES[0][0])
    found = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW))
    assert (found.actions, found.unchanged) == ((), ("open_gate",))


def test_the_lines_are_in_the_language_of_conditions(small):
    law = two_versions(
        small, norm("shut", "prohibited", when="guest"), norm("shut", "prohibited", when="guest and age >= 18")
    )
    (change,) = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW)).actions
    (transition,) = change.transitions
    assert transition.lines() == ("guest and age <= 17",) or transition.lines() == ("age <= 17 and guest",)
    assert (transition.before.modality, transition.after.modality) == ("prohibited", "permitted")
    assert dict(transition.example) == {"guest": True, "age": 17}


def test_standing_facts_are_not_counted_and_not_named(small):
    law = two_versions(
        small, norm("shut", "prohibited", when="guest"), norm("shut", "prohibited", when="not guest and age >= 18")
    )
    (change,) = compare(Side.of(law, "land/castle", OLD), Side.of(law, "land/castle", NEW)).actions
    assert [t.lines() for t in change.transitions] == [("age >= 18",)]
    assert (change.total, change.changed) == (2, 1)


def test_a_fact_that_only_one_profile_brings_is_open_on_the_other_and_counted(small):
    small.authority("act", norm("shut", "prohibited", when="guest and age >= 18") + norm("ever", "permitted"))
    law = small.law()
    for sides in (("land/castle", "land"), ("land", "land/castle")):
        (change,) = compare(*(Side.of(law, profile, NEW) for profile in sides)).actions
        (transition,) = change.transitions
        # The castle says that nobody is a guest; what it says of the other profile's guests is nothing.
        assert (change.changed, change.total) == (1, 4)
        assert dict(transition.example) == {"guest": True, "age": 18}
        assert transition.lines() in (("guest and age >= 18",), ("age >= 18 and guest",))


def test_a_situation_must_be_possible_on_both_sides(small):
    vocabulary = small.root / "vocabulary.yaml"
    text = vocabulary.read_text().replace("facts: {guest: false}", "facts: {guest: false, paper: letter}")
    text = text.replace("name: The Land, facts: {}", "name: The Land, facts: {paper: writ}")
    vocabulary.write_text(text + 'contradictions:\n- {when: "paper == writ and secret", says: "No."}\n')
    small.authority("act", norm("shut", "prohibited", when="secret or paper == letter or age >= 18"))
    (change,) = compare(Side.of(small.law(), "land", NEW), Side.of(small.law(), "land/castle", NEW)).actions
    # With the land's writ there is no secret: two ages are left, of which one is open in the land alone.
    assert (change.changed, change.total) == (1, 2)


@pytest.mark.parametrize("folder", ["land/forest", "land/lake"])
def test_profiles_with_words_of_their_own_are_compared_over_all_of_them(small, folder):
    for name in ("forest", "lake"):
        (small.root / "land" / name).mkdir(parents=True, exist_ok=True)
        (small.root / "land" / name / "jurisdiction.yaml").write_text(
            f"jurisdiction: land/{name}\n"
            f"facts:\n- {{name: {name}_permit, type: bool, handling: recordable, question: A permit?}}\n"
            f"profiles:\n- {{id: land/{name}, name: The {name}, facts: {{}}}}\n"
        )
        small.authority("act", norm("shut", "prohibited", unless=f"{name}_permit"), folder=f"land/{name}")
    law, other = small.law(), {"land/forest": "land/lake", "land/lake": "land/forest"}[folder]
    (change,) = compare(Side.of(law, folder, NEW), Side.of(law, other, NEW)).actions
    mine, theirs = (f"{path.rpartition('/')[2]}_permit" for path in (folder, other))
    # Each law turns on its own word and knows nothing of the other's.
    assert (change.changed, change.total) == (2, 4)
    found = {(t.before.modality, t.after.modality): (t.lines(), dict(t.example)) for t in change.transitions}
    assert set(found) == {("prohibited", "permitted"), ("permitted", "prohibited")}
    assert found["prohibited", "permitted"][1] == {mine: False, theirs: True}
    assert (change.questions_added, change.questions_removed) == ((theirs,), (mine,))


def test_one_word_defined_in_two_places_is_refused(small):
    for name in ("forest", "lake"):
        (small.root / "land" / name).mkdir(parents=True, exist_ok=True)
        (small.root / "land" / name / "jurisdiction.yaml").write_text(
            f"jurisdiction: land/{name}\nfacts:\n- {{name: permit, type: bool, handling: recordable, question: A permit?}}\n"
        )
    with pytest.raises(BrightlineError) as error:
        small.law()
    assert (error.value.code, "`permit` is defined twice" in error.value.message) == ("vocabulary", True)


def test_another_reading_is_a_side_like_any_other(small):
    law = two_versions(small, "", norm("shut", "prohibited", when="guest", reading="{moat: dry}"))
    (change,) = compare(Side.of(law, "land", NEW), Side.of(law, "land", NEW, {"moat": "dry"})).actions
    assert [(t.before.modality, t.after.modality, t.lines()) for t in change.transitions] == [
        ("permitted", "prohibited", ("guest",))
    ]


def test_a_contradiction_excludes_only_the_values_it_names(small):
    vocabulary = small.root / "vocabulary.yaml"
    vocabulary.write_text(
        vocabulary.read_text()
        + 'contradictions:\n- {when: "paper == none and guest", says: "A guest brings a paper."}\n'
    )
    law = two_versions(small, "", norm("shut", "prohibited", when="paper != writ and guest"))
    (change,) = compare(Side.of(law, "land", OLD), Side.of(law, "land", NEW)).actions
    # Five combinations of paper and guest can be, each with two ages; a guest's letter is what changes.
    assert (change.changed, change.total) == (2, 10)


def test_an_undecided_reading_is_compared_as_unsettled(small):
    law = two_versions(small, "", norm("shut", "prohibited", when="guest", reading="{moat: dry}"))
    (change,) = compare(Side.of(law, "land", NEW), Side.of(law, "land", NEW, {"moat": "undecided"})).actions
    assert [(t.before.modality, t.after.modality, t.lines()) for t in change.transitions] == [
        ("permitted", "unsettled", ("guest",))
    ]
