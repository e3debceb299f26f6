"""Charts of random laws, of every shape that norms can have, against the naive evaluator in every situation."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from brightline.law.chart import Chart
from brightline.law.comparison import beside
from brightline.law.diagram import TRUE
from brightline.law.evaluate import decide, evaluate, takes_part
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import all_of, any_of, facts_in, holds, negate
from brightline.law.norms import Overrides
from brightline.law.region import differing
from brightline.law.variables import variables_of

MODALITIES = (
    "required",
    "required",
    "prohibited",
    "prohibited",
    "permitted",
    "permitted",
    "no_duty",
    "may_not_restrict",
)
WORDS = (("prohibited",), ("required",), ("required", "prohibited"), ("required", "prohibited", "permitted"))
ATOMS = (
    ("in", "guest", (True,)), ("in", "secret", (True,)), ("in", "emergency", (True,)), ("in", "paper", ("writ",)),
    ("in", "paper", ("letter", "writ")), ("lt", "age", 18),
)  # fmt: skip
WORLDS = [
    dict(zip(("paper", "guest", "emergency", "secret", "age", "moat"), values, strict=True))
    for values in product(
        ("none", "letter", "writ"), (False, True), (False, True), (False, True), (17, 18), ("wet", "dry")
    )
]


@pytest.fixture
def one(small):
    """A vocabulary, and a norm to make others from."""
    small.authority("act", "- {id: n, action: open_gate, modality: required, cites: § 1, says: A rule.}\n")
    law = small.law()
    return law.vocabulary, law.authorities["land"][0].norms[0]


def random_condition(draw):
    parts = [part if draw.random() < 0.6 else negate(part) for part in draw.sample(ATOMS, draw.randint(1, 3))]
    return (all_of if draw.random() < 0.7 else any_of)(*parts)


def random_norm(draw, base, name, names):
    """A norm of any kind: it may override by modality or by name, derogate (even in a circle), and turn on a reading."""
    return replace(
        base,
        id=name,
        modality=draw.choice(MODALITIES),
        level=draw.choice((90, 50, 50, 10)),
        when=random_condition(draw) if draw.random() < 0.9 else ALWAYS,
        unless=random_condition(draw) if draw.random() < 0.3 else NEVER,
        overrides=Overrides(draw.choice(WORDS), tuple(draw.sample(names, 2)) if draw.random() < 0.3 else ())
        if draw.random() < 0.4
        else None,
        derogates=tuple(draw.sample(names, draw.randint(1, 2))) if draw.random() < 0.3 else (),
        reading={"moat": (draw.choice(("wet", "dry")),)} if draw.random() < 0.2 else {},
    )


def random_norms(draw, base):
    names = [f"land/act#n{i}" for i in range(draw.randint(1, 8))]
    names = names if len(names) > 1 else [*names, "land/act#other"]
    found = [random_norm(draw, base, name, names) for name in names]
    return sorted(found, key=lambda n: -n.level)


def first_of_the_basis(norms, verdict):
    """The norms that a chart names: the first that decides; where two clash, the first of each."""
    if verdict.modality != "unsettled":
        return verdict.basis[:1]
    by_id = {n.id: n for n in norms}
    return tuple(next(b for b in verdict.basis if by_id[b].modality == word) for word in ("required", "prohibited"))


def at(chart, world):
    return [v.position(world[v.name]) for v in chart.variables]


@pytest.mark.parametrize("seed", range(120))
def test_a_chart_decides_as_the_naive_evaluator_and_names_the_same_norms(one, seed):
    vocabulary, base = one
    norms = random_norms(random.Random(seed), base)
    chart = Chart("open_gate", norms, vocabulary.facts, vocabulary.readings)
    for world in WORLDS:
        verdict, place = evaluate(norms, world, world), at(chart, world)
        found = chart.outcome_at(place)
        assert (found.modality, found.norms) == (verdict.modality, first_of_the_basis(norms, verdict))
        assert chart.only_modality([[p] for p in place]) == verdict.modality
        assert (chart.diagram.at(chart.silent, place) == TRUE) == (not verdict.basis)


@pytest.mark.parametrize("seed", range(60))
def test_a_norm_takes_part_and_stands_where_the_naive_evaluator_says(one, seed):
    vocabulary, base = one
    norms = random_norms(random.Random(seed), base)
    chart = Chart("open_gate", norms, vocabulary.facts, vocabulary.readings)
    for world in WORLDS:
        taking = [n for n in norms if takes_part(n, world, world)]
        lost = {d.norm for d in decide(taking).defeated if d.why in ("taken away", "special rule")}
        for norm in norms:
            active, stands = (
                chart.diagram.at(which[norm.id], at(chart, world)) for which in (chart.active, chart.standing)
            )
            assert (active == TRUE) == (norm in taking)
            assert (stands == TRUE) == (norm in taking and norm.id not in lost)


def amended(draw, base, norms):
    """Another version of a law: a norm changed, dropped, added or moved."""
    found = list(norms)
    names = [*(n.id for n in norms), "land/act#new"]
    for _ in range(draw.randint(1, 2)):
        place = draw.randrange(len(found) + 1)
        if place == len(found):
            found.append(random_norm(draw, base, "land/act#new", names))
        elif draw.random() < 0.3 and len(found) > 1:
            del found[place]
        elif draw.random() < 0.6:
            other = random_norm(draw, base, found[place].id, names)
            field = draw.choice(("when", "unless", "modality", "level", "overrides", "derogates", "reading"))
            found[place] = replace(found[place], **{field: getattr(other, field)})
        else:
            found[place] = random_norm(draw, base, found[place].id, names)
    unique = {n.id: n for n in found}
    return sorted(unique.values(), key=lambda n: -n.level)


@pytest.mark.parametrize("seed", range(150))
def test_outside_the_region_two_laws_answer_alike_and_inside_charts_hold_the_law(one, seed):
    vocabulary, base = one
    draw = random.Random(seed)
    before = random_norms(draw, base)
    after = amended(draw, base, before)
    region = differing(before, after, vocabulary.readings)
    variables = variables_of([*before, *after], vocabulary.facts, vocabulary.readings)
    given = "open_gate", before, vocabulary.facts, vocabulary.readings
    left = Chart(*given, variables=variables, within=region)
    right = Chart("open_gate", after, *given[2:], variables=variables, beside=left, within=region)
    for world in WORLDS:
        verdicts = [evaluate(norms, world, world) for norms in (before, after)]
        said = [(v.modality, first_of_the_basis(n, v)) for v, n in zip(verdicts, (before, after), strict=True)]
        outcomes = [chart.outcome_at(at(chart, world)) for chart in (left, right)]
        if holds(region, world):
            assert [(o.modality, o.norms) for o in outcomes] == said
        else:
            assert said[0] == said[1]
            assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("seed", range(150))
def test_with_a_reading_undecided_the_region_holds_whatever_some_value_of_it_changes(one, seed):
    _, base = one
    draw = random.Random(seed)
    before = random_norms(draw, base)
    after = amended(draw, base, before)
    region = differing(before, after, ())
    assert "moat" not in facts_in(region)
    for world in WORLDS:
        if not holds(region, world):
            verdicts = [evaluate(norms, world, world) for norms in (before, after)]
            assert verdicts[0].basis == verdicts[1].basis
            assert verdicts[0].modality == verdicts[1].modality


def test_norms_in_another_order_may_differ_everywhere(one):
    _, base = one
    pair = [replace(base, id="land/act#a"), replace(base, id="land/act#b")]
    assert differing(pair, pair, {}) == NEVER
    assert differing(pair, pair[::-1], {}) == ALWAYS


@pytest.mark.parametrize(
    "change",
    [
        {"modality": "prohibited"}, {"level": 10}, {"overrides": Overrides(("required",))}, {"derogates": ("land/act#b",)},
        {"when": ("in", "secret", (True,))}, {"unless": ("in", "secret", (True,))}, {"binds": ("in", "secret", (True,))},
        {"reading": {"moat": ("dry",)}},
    ],
)  # fmt: skip
def test_whatever_of_a_norm_changes_is_looked_at_and_its_words_alone_are_not(one, change):
    vocabulary, base = one
    norm, other = replace(base, when=("in", "guest", (True,))), replace(base, id="land/act#b")
    assert differing([norm, other], [replace(norm, **change), other], vocabulary.readings) != NEVER
    assert differing([norm, other], [replace(norm, says="Other words."), other], vocabulary.readings) == NEVER


def test_facts_of_the_first_norms_come_first_and_readings_last(one):
    vocabulary, base = one
    norms = [
        replace(base, id="land/act#a", level=90, when=("in", "paper", ("writ",)), reading={"moat": ("wet",)}),
        replace(base, id="land/act#b", level=50, modality="permitted", when=("in", "guest", (True,))),
        replace(base, id="land/act#c", level=50, when=("in", "secret", (True,))),
    ]
    for shuffled in (norms, norms[::-1]):
        names = [v.name for v in variables_of(shuffled, vocabulary.facts, vocabulary.readings, [("lt", "age", 9)])]
        assert names == ["paper", "secret", "guest", "age", "moat"]


def test_a_permission_says_less_than_a_command_in_its_place(one):
    vocabulary, base = one
    rest = [replace(base, id=f"land/act#n{i}", level=10, when=("in", "paper", ("writ",))) for i in range(40)]
    first = replace(base, id="land/act#a", level=90, modality="permitted", when=("in", "guest", (True,)))
    then = replace(base, id="land/act#b", level=50, when=("in", "secret", (True,)))
    names = [v.name for v in variables_of([first, then, *rest], vocabulary.facts, vocabulary.readings)]
    assert names.index("secret") < names.index("guest")


def test_a_law_laid_out_twice_in_one_store_is_the_same_node(small):
    small.authority("act", "- {id: n, action: open_gate, modality: required, when: guest, cites: § 1, says: A rule.}\n")
    from datetime import date

    from brightline.law.comparison import Side

    side = Side.of(small.law(), "land", date(2023, 1, 1))
    left, right = beside("open_gate", [side, side])
    assert (left.root, left.modal) == (right.root, right.modal)


def test_a_chart_can_be_sent_to_another_process_before_and_after_it_is_asked(one):
    import pickle

    vocabulary, base = one
    norms = random_norms(random.Random(3), base)
    chart = Chart("open_gate", norms, vocabulary.facts, vocabulary.readings)
    fresh = pickle.loads(pickle.dumps(chart))
    found = [chart.outcome_at(at(chart, world)) for world in WORLDS]
    asked = pickle.loads(pickle.dumps(chart))
    for sent in (fresh, asked):
        assert [sent.outcome_at(at(sent, world)) for world in WORLDS] == found
        for world, norm in product(WORLDS, norms):
            stands = sent.diagram.at(sent.standing[norm.id], at(sent, world))
            assert stands == chart.diagram.at(chart.standing[norm.id], at(chart, world))
