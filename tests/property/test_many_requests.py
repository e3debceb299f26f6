"""Every way to answer many requests agrees with one request at a time, on invented laws and on the shipped one."""

from __future__ import annotations

import random
from datetime import date
from importlib.util import find_spec
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightline.law.corpusfiles import CORPUS, read_law
from brightline.law.evaluate import evaluate
from brightline.law.expressions import all_of, any_of, facts_in, negate
from brightline.law.library import Law
from brightline.law.norms import Authority, InForce, Norm, Overrides
from brightline.law.vocabulary import (
    UNDECIDED,
    Action,
    Contradiction,
    Derivation,
    Fact,
    Modality,
    Presumption,
    Profile,
    Rank,
    Reading,
    Vocabulary,
)
from brightline.replay.engine.columns import MODALITIES, Column, Columns, Question
from brightline.replay.engine.compiled import Compiled
from brightline.replay.engine.onebyone import answer_one_by_one, facts_of
from brightline.replay.packed.packer import Packer
from brightline.replay.packed.population import Packed

LAW: Law = read_law(CORPUS)
NUMBA = pytest.param(
    "numba", marks=[pytest.mark.slow, pytest.mark.skipif(find_spec("numba") is None, reason="numba is an extra")]
)
ON = date(2024, 1, 1)
ACTIONS = ("open_gate", "ring_bell")
WORDS = ("required", "required", "prohibited", "prohibited", "permitted", "no_duty")
EXECUTORS = ["numpy", NUMBA]


# An invented law ----------------------------------------------------------------------------------
def some_facts(rng):
    def presumed(values):
        return Presumption("Mostly so.", tuple(values)) if rng.random() < 0.4 else None

    def handling():
        return "transient" if rng.random() < 0.2 else "recordable"

    facts = [Fact(f"b{i}", "asked", "bool", handling(), "?", presumed=presumed([rng.random() < 0.5])) for i in range(3)]
    for name, size in (("e", 3), ("f", 5), ("wide", 300)):
        values = tuple(f"{name}{i}" for i in range(size))
        some = rng.sample(values, rng.randint(1, size - 1))
        facts.append(Fact(name, "asked", "enum", handling(), "?", values, presumed=presumed(some)))
    few = Presumption("Few.", at_most=rng.randint(0, 12)) if rng.random() < 0.4 else None
    facts.append(Fact("n", "asked", "int", "recordable", "?", presumed=few))
    facts += [Fact(name, "asked", "datetime", "recordable", "?") for name in ("came", "went")]
    facts.append(
        Fact("stay", "asked", "int", "recordable", "?", presumed=few, derived=Derivation("came", "went", "hours"))
    )
    return {fact.name: fact for fact in facts}


def some_condition(rng, facts, depth=2):
    if depth and rng.random() < 0.6:
        join = rng.choice((all_of, any_of))
        found = join(*(some_condition(rng, facts, depth - 1) for _ in range(rng.randint(2, 3))))
    else:
        fact = rng.choice([f for f in facts.values() if f.kind in ("bool", "enum", "int")])
        if fact.kind == "int":
            found = ("lt", fact.name, rng.randint(0, 20))
        else:
            values = rng.sample(fact.domain, rng.randint(1, len(fact.domain) - 1))
            found = ("in", fact.name, tuple(v for v in fact.domain if v in values))
    return negate(found) if rng.random() < 0.3 else found


def some_norm(rng, number, facts, readings, names):
    modality = rng.choice(WORDS)
    overrides = None
    if rng.random() < 0.3:
        words = tuple(rng.sample(("required", "prohibited", "permitted"), rng.randint(1, 2)))
        overrides = Overrides(words, tuple(rng.sample(names, 2)) if rng.random() < 0.4 else ())
    reading = {}
    if rng.random() < 0.4:
        chosen = rng.choice(list(readings.values()))
        reading = {chosen.name: tuple(rng.sample(chosen.values, rng.randint(1, len(chosen.values) - 1)))}
    derogates = tuple(rng.sample(names, rng.randint(1, 2))) if rng.random() < 0.3 else ()
    rank, level = rng.choice((("high", 90), ("middle", 50), ("low", 10)))
    condition = some_condition(rng, facts) if rng.random() < 0.9 else ("true",)
    return Norm(
        names[number], tuple(rng.sample(ACTIONS, rng.randint(1, 2))), modality, rank, level, ("true",), condition, (),
        reading, overrides, derogates, None, "", None, (), InForce(date(2020, 1, 1)), (), "1",
        rng.choice(("read", "memory")), "", "", "Says so.", where=f"{number}",
    )  # fmt: skip


def some_contradiction(rng, facts):
    """Facts that exclude each other; sometimes a fact that is ruled out whatever it is, in two ways."""
    if rng.random() < 0.3:
        one = some_condition(rng, facts, 0)
        return any_of(
            all_of(one, some_condition(rng, facts, 0), some_condition(rng, facts, 0)),
            all_of(negate(one), some_condition(rng, facts, 0), some_condition(rng, facts, 0)),
        )
    return all_of(*(some_condition(rng, facts, 0) for _ in range(rng.randint(2, 3))))


def some_law(rng):
    facts = some_facts(rng)
    readings = {
        name: Reading(name, place, tuple(f"{name}{i}" for i in range(size)), f"{name}0", "?")
        for name, size, place in (("moat", 2, "land"), ("wall", 3, "land"), ("sea", 2, "elsewhere"))
    }
    recordable = {k: v for k, v in facts.items() if v.kind in ("bool", "enum") and not v.is_transient}
    standing = {
        f.name: rng.choice(f.domain)
        for f in rng.sample(list(recordable.values()), min(len(recordable), rng.randint(0, 1)))
    }
    undecided = {name: UNDECIDED for name in readings if rng.random() < 0.2}
    contradictions = [
        Contradiction(some_contradiction(rng, facts), "It cannot be.") for _ in range(rng.choice((0, 0, 1, 2, 3)))
    ]
    vocabulary = Vocabulary(
        facts, {a: Action(a, "act", "?") for a in ACTIONS}, {w: Modality(w, w, "?") for w in WORDS},
        {name: Rank(name, level, "?") for name, level in (("high", 90), ("middle", 50), ("low", 10))},
        readings, {"land": Profile("land", "Land", standing, undecided)}, (), (), (), tuple(contradictions), {},
    )  # fmt: skip
    names = [f"land/book#{i}" for i in range(8)]
    norms = tuple(some_norm(rng, i, facts, readings, names) for i in range(rng.randint(0, 8)))
    book = Authority(
        "land/book", "1", "land", "Book", "1", "statute", "high", InForce(date(2020, 1, 1)), "", "read", "", norms
    )
    return Law(vocabulary, {"land": (book,)}, {})


def some_rows(rng, law, rows=60):
    """Rows with holes, whole columns, columns in which nothing is known, facts that all rows share, and none at all."""
    facts, constants = {}, {}
    has_holes = rng.random() < 0.6
    for fact in law.vocabulary.facts.values():
        kind = rng.random() if has_holes else rng.uniform(0.2, 0.6)
        if fact.kind not in ("bool", "enum", "int") or kind < 0.2:
            continue
        if kind < 0.3 and fact.domain:
            constants[fact.name] = rng.choice(fact.domain)
            continue
        top = len(fact.domain) - 1 if fact.domain else 25
        low = -1 if fact.derived and rng.random() < 0.3 else 0
        values = np.array([rng.randint(low, top) for _ in range(rows)])
        known = None if kind < 0.6 else np.array([kind < 0.95 and rng.random() < 0.7 for _ in range(rows)])
        width = (
            rng.choice((np.uint8, np.uint16)) if top < 256 and fact.domain else np.uint16 if fact.domain else np.int64
        )
        width = rng.choice((np.int32, np.int64)) if not fact.domain else width
        facts[fact.name] = Column(fact.name, values.astype(width), known)
    return Columns(rows, facts, constants)


def told(results):
    return [
        (r.action, [MODALITIES[m] for m in r.modality], r.marks.tolist(), [r.norms[n] for n in r.norm]) for r in results
    ]


def some_question(rng, law):
    readings = {
        r.name: rng.choice((*r.values, UNDECIDED)) for r in law.vocabulary.readings.values() if rng.random() < 0.2
    }
    return Question(law, "land", rng.choice((ON, ON, ON, ON, date(2019, 1, 1))), ACTIONS, readings, rng.random() < 0.2)


@pytest.mark.parametrize("executor", EXECUTORS)
@given(rng=st.randoms(use_true_random=False))
def test_columns_are_answered_as_one_request_at_a_time_is(executor, rng):
    law = some_law(rng)
    question, columns = some_question(rng, law), some_rows(rng, law)
    assert told(Compiled(question, executor).answer(columns)) == told(answer_one_by_one(question, columns))


@pytest.mark.parametrize("executor", EXECUTORS)
@given(rng=st.randoms(use_true_random=False))
def test_a_packed_population_is_answered_as_its_columns_are(executor, rng, tmp_path_factory):
    law = some_law(rng)
    columns = some_rows(rng, law)
    hidden = {name for name, fact in law.vocabulary.facts.items() if fact.is_transient}
    kept = Columns(
        columns.rows,
        {name: column for name, column in columns.facts.items() if name not in hidden},
        {name: value for name, value in columns.constants.items() if name not in hidden},
    )
    path = tmp_path_factory.mktemp("packed") / "rows.packed"
    with Packer(path, law.vocabulary, cuts={"n": [rng.randint(0, 20)]}) as packer:
        packer.append(kept)
    questions = [some_question(rng, law) for _ in range(2)]
    packed = Packed(path)
    expected = [told(answer_one_by_one(question, kept)) for question in questions]
    assert [told(results) for results in packed.answer_all(questions, executor)] == expected
    for counts, one in zip(packed.count_all(questions, executor), expected, strict=True):
        for count, (action, words, marks, _) in zip(counts, one, strict=True):
            assert count.action == action
            assert count.modality == tuple(words.count(word) for word in MODALITIES)
            assert count.marks == tuple(sum(m >> bit & 1 for m in marks) for bit in range(4))


@given(rng=st.randoms(use_true_random=False))
def test_with_every_fact_known_the_modality_is_that_of_the_naive_evaluator(rng):
    law = some_law(rng)
    facts = {f.name: f for f in law.vocabulary.facts.values() if f.kind in ("bool", "enum", "int")}
    columns = Columns(
        40,
        {
            name: Column(
                name,
                np.array([rng.randrange(len(f.domain) or 25) for _ in range(40)], np.uint16 if f.domain else np.int64),
            )
            for name, f in facts.items()
        },
    )
    chosen = {r.name: rng.choice(r.values) for r in law.vocabulary.readings.values()}
    question = Question(law, "land", ON, ACTIONS, chosen)
    results = Compiled(question, "numpy").answer(columns)
    norms = law.stack("land", ON).by_action if law.authorities["land"][0].norms else {}
    for result, row in product(results, range(40)):
        word = MODALITIES[result.modality[row]]
        if word not in ("contradictory", "too_early") and not in_a_circle(norms.get(result.action, ())):
            values = facts_of(question, columns, row)
            assert word == evaluate(norms.get(result.action, ()), values, chosen).modality


def in_a_circle(norms):
    """Norms that derogate from each other in a circle: `law check` refuses them, and what beats what is not defined."""
    beats = {n.id: {d for d in n.derogates if d != n.id} for n in norms}
    while ends := [name for name, below in beats.items() if not below & beats.keys()]:
        for name in ends:
            del beats[name]
    return bool(beats)


# The shipped law ----------------------------------------------------------------------------------
def shipped_rows(rng, names, rows, most_unknown):
    facts = {}
    for name in names:
        fact = LAW.vocabulary.facts[name]
        top = len(fact.domain) - 1 if fact.domain else rng.choice((3, 100, 6000))
        values = np.array([rng.randint(0, top) for _ in range(rows)])
        unknown = rng.choice((0.0, 0.0, most_unknown, 1.0))
        known = None if unknown == 0 else np.array([rng.random() >= unknown for _ in range(rows)])
        facts[name] = Column(name, values.astype(np.uint8 if fact.domain else np.int32), known)
    return Columns(rows, facts)


def without_most_contradictions(rng, columns):
    """Drop a fact of most contradictions, or nearly every random row would contradict itself."""
    facts = dict(columns.facts)
    for line in LAW.vocabulary.contradictions:
        if rng.random() < 0.8:
            facts.pop(rng.choice(sorted(facts_in(line.when))), None)
    return Columns(columns.rows, facts)


ASKABLE = sorted(f.name for f in LAW.vocabulary.facts.values() if f.kind in ("bool", "enum", "int"))
PLACES = (
    "us/mn/minneapolis/police",
    "us/ca/los-angeles/sheriff",
    "us/tx/dallas/sheriff",
    "us/ny/new-york-city",
    "us/wa/king",
)
DAYS = (date(2013, 5, 1), date(2021, 6, 1), date(2026, 6, 1))


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("profile", PLACES)
def test_the_shipped_law_is_answered_as_one_request_at_a_time_is(profile, executor):
    rng = random.Random(profile)
    for on in DAYS:
        actions = tuple(rng.sample(sorted(LAW.stack(profile, on).by_action), 6))
        names = rng.sample(ASKABLE, rng.choice((8, 40, len(ASKABLE))))
        columns = without_most_contradictions(rng, shipped_rows(rng, names, 20, 0.4))
        readings = {
            r.name: rng.choice((*r.values, UNDECIDED)) for r in LAW.vocabulary.readings.values() if rng.random() < 0.3
        }
        question = Question(LAW, profile, on, actions, readings, strict=rng.random() < 0.3)
        assert told(Compiled(question, executor).answer(columns)) == told(answer_one_by_one(question, columns))


def test_every_action_of_a_profile_agrees_on_every_value_of_the_facts_of_a_request():
    """Exhaustively: every paper, every state of custody and whether release is due, each known or not."""
    facts = ("instrument", "custody_state", "release_due")
    sizes = [len(LAW.vocabulary.facts[name].domain) for name in facts]
    situations = list(product(*(range(-1, size) for size in sizes)))
    table = np.array(situations)
    columns = Columns(
        len(table),
        {
            name: Column(name, np.maximum(table[:, i], 0).astype(np.uint8), table[:, i] >= 0)
            for i, name in enumerate(facts)
        },
        {"request_kind": "hold", "requester": "ice_ero"},
    )
    question = Question(LAW, "us/mn/hennepin/sheriff", DAYS[-1], ("hold_beyond_release", "notify_release"))
    expected = told(answer_one_by_one(question, columns))
    assert told(Compiled(question, "numpy").answer(columns)) == expected
    assert {word for one in expected for word in one[1]} >= {"prohibited", "permitted", "open", "contradictory"}
