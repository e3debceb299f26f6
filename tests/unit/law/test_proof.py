"""Theorems about small invented laws, checked against trying every situation by hand."""

from __future__ import annotations

import random
from datetime import date
from itertools import product

import pytest
from conftest import VOCABULARY

from brightline.law.comparison import Side
from brightline.law.diagram import TRUE
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import answer_word, decide, evaluate, takes_part
from brightline.law.expressions import holds
from brightline.law.premises import Premises
from brightline.law.proof import prove, prove_action
from brightline.law.theorem import OTHER_READING, THEOREMS

ON = date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"), "guest": (False, True), "emergency": (False, True),
    "secret": (False, True), "age": (0, 17, 18, 40),
}  # fmt: skip
READINGS = ("wet", "dry")
CONDITIONS = (
    "guest",
    "not guest",
    "secret",
    "emergency",
    "paper == writ",
    "paper != none",
    "age >= 18",
    "age < 18 and guest",
    "secret or guest",
    "paper == letter and not secret",
)


def norm(name, modality, action="open_gate", **fields):
    lines = [f"- id: {name}", f"  action: {action}", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


def proof_of(small, *laws, contradictions="", profile="land", action="open_gate", readings=None):
    """The proof about one action of a law given as (rank, norms) or (rank, norms, folder)."""
    if contradictions:
        (small.root / "vocabulary.yaml").write_text(f"{VOCABULARY}contradictions:\n{contradictions}")
    for number, (rank, norms, *folder) in enumerate(laws):
        small.authority(f"act-{number}", norms, rank=rank, folder=folder[0] if folder else "land")
    return prove_action(Side.of(small.law(), profile, ON, readings), action)


def random_law(small, seed):
    """Three authorities of three ranks with norms of every kind, and sometimes facts that cannot both be so."""
    draw = random.Random(seed)
    kinds = ("required", "required", "prohibited", "prohibited", "permitted", "no_duty", "may_not_restrict")
    laws = []
    for rank in ("high", "middle", "low"):
        rows = []
        for number in range(draw.randint(1, 3)):
            fields = {"when": draw.choice(CONDITIONS)}
            if draw.random() < 0.4:
                fields["unless"] = draw.choice(CONDITIONS)
            if draw.random() < 0.3:
                fields["reading"] = f"{{moat: {draw.choice(READINGS)}}}"
            if draw.random() < 0.3 and rank != "low":
                fields["overrides"] = draw.choice(("[prohibited]", "[required]"))
            if number and draw.random() < 0.5:
                fields["derogates"] = "[n0]"
            rows.append(norm(f"n{number}", draw.choice(kinds), **fields))
        laws.append((rank, "".join(rows)))
    out = draw.choice(
        (
            "",
            "- {when: guest and secret, says: No.}\n",
            "- {when: paper == none and guest, says: No.}\n- {when: not guest and emergency, says: No.}\n",
        )
    )
    return proof_of(small, *laws, contradictions=out)


def worlds(law):
    """Every situation that the contradictions allow."""
    for values in product(*DOMAIN.values()):
        facts = dict(zip(DOMAIN, values, strict=True))
        if not any(holds(c.when, facts) for c in law.vocabulary.contradictions):
            yield facts


def inside(where, facts):
    """Whether a situation is in a set that a proof found."""
    chart = where.premises.chart
    return (
        chart.diagram.at(where.node, [0 if v.is_reading else v.position(facts[v.name]) for v in chart.variables])
        == TRUE
    )


def standing(norms, facts, reading):
    taking = [n for n in norms if takes_part(n, facts, {"moat": reading})]
    lost = {d.norm for d in decide(taking).defeated if d.why in ("taken away", "special rule")}
    return [n for n in taking if n.id not in lost]


def law_and_norms(proof):
    premises = proof.theorem("complete").where.premises
    return premises.side.law, premises.chart.norms


SEEDS = range(30)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_law_is_silent_exactly_where_no_norm_is_in_the_basis(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    theorem = proof.theorem("complete")
    assert theorem.holds
    for facts in worlds(law):
        verdict = evaluate(norms, facts, {"moat": "wet"})
        assert inside(theorem.where, facts) == (verdict.modality == "permitted" and not verdict.basis)


@pytest.mark.parametrize("seed", SEEDS)
def test_norms_clash_exactly_where_the_answer_is_unsettled_and_both_are_its_basis(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    theorem = proof.theorem("consistent")
    found = {c.norms: c.where for c in theorem.counterexamples}
    seen = set()
    for facts in worlds(law):
        verdict = evaluate(norms, facts, {"moat": "wet"})
        assert inside(theorem.where, facts) == (verdict.modality == "unsettled")
        if verdict.modality == "unsettled":
            words = {n.id: n.modality for n in norms if n.id in verdict.basis}
            pairs = {(a, b) for a, b in product(words, words) if (words[a], words[b]) == ("required", "prohibited")}
            assert {names for names, where in found.items() if inside(where, facts)} == pairs
            seen |= pairs
    assert seen == set(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dead_norm_is_one_that_no_situation_gives_any_effect(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    takes, stands, acts = set(), set(), set()
    for facts in worlds(law):
        verdict = evaluate(norms, facts, {"moat": "wet"})
        takes |= {n.id for n in norms if takes_part(n, facts, {"moat": "wet"})}
        stands |= {n.id for n in standing(norms, facts, "wet")}
        acts |= {*verdict.basis, *(d.by for d in verdict.defeated if d.why in ("taken away", "special rule"))}
    found = {c.norms[0]: c.kind for c in proof.theorem("no-dead-norm").counterexamples}
    idle = {n.id for n in norms} - takes
    assert {n for n, kind in found.items() if kind == "never stands"} == takes - stands
    assert {n for n, kind in found.items() if kind == "never takes part"} == idle - set(proof.idle)
    # A norm that stands may also take away one that another norm has taken away already: it is not called dead.
    assert {n for n, kind in found.items() if kind == "never decides"} <= stands - acts


def by_hand_collisions(law, norms, reading):
    """The pairs of a higher norm and a lower command that go against each other, with the situations."""
    for facts in worlds(law):
        stands = standing(norms, facts, reading)
        taking = [n for n in norms if takes_part(n, facts, {"moat": reading})]
        for high, low in product(norms, norms):
            if high.level > low.level and high in stands and low.modality in ("required", "prohibited"):
                if low in stands and {high.modality, low.modality} == {"required", "prohibited"}:
                    yield (f"{low.modality} against {high.modality}", high.id, low.id), facts
                if low in taking and high.overrides and answer_word(low.modality) in high.overrides.modalities:
                    yield ("taken away", high.id, low.id), facts


@pytest.mark.parametrize("seed", SEEDS)
def test_supremacy_is_safe_exactly_where_no_standing_norm_goes_against_a_higher_one(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    by_hand = {reading: list(by_hand_collisions(law, norms, reading)) for reading in READINGS}
    here, there = ({name for name, _ in by_hand[reading]} for reading in READINGS)
    found = {(c.kind, *c.norms): c for c in proof.theorem("supremacy-safe").counterexamples}
    assert {name for name, c in found.items() if OTHER_READING not in c.marks} == here
    assert {name for name, c in found.items() if OTHER_READING in c.marks} == there - here
    for reading, names in (("wet", here), ("dry", there - here)):
        for name in names:
            hits = [facts for hit, facts in by_hand[reading] if hit == name]
            assert [f for f in worlds(law) if inside(found[name].where, f)] == hits


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_is_status_blind_exactly_where_the_transient_fact_changes_nothing(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    theorem = proof.theorem("status-blind")
    answers = {}
    for facts in worlds(law):
        rest = tuple((k, v) for k, v in facts.items() if k != "secret")
        answers.setdefault(rest, set()).add(evaluate(norms, facts, {"moat": "wet"}).modality)
    for rest, words in answers.items():
        assert inside(theorem.where, {**dict(rest), "secret": False}) == (len(words) > 1)
    assert theorem.holds == all(len(words) == 1 for words in answers.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_is_robust_exactly_where_both_readings_give_it(small, seed):
    proof = random_law(small, seed)
    law, norms = law_and_norms(proof)
    theorem = proof.theorem("robust")
    for facts in worlds(law):
        words = {evaluate(norms, facts, {"moat": reading}).modality for reading in READINGS}
        assert inside(theorem.where, facts) == (len(words) > 1)
    assert [c.names for c in theorem.counterexamples] in ([], [("moat",)])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_that_of_counting_by_hand(small, seed):
    proof = random_law(small, seed)
    law, _ = law_and_norms(proof)
    for theorem in proof.theorems:
        for where in [theorem.where, *(c.where for c in theorem.counterexamples)]:
            if where is None or theorem.name == "status-blind":
                continue
            variables = [
                v for v in where.premises.chart.variables if not v.is_reading and v.name not in where.premises.beyond
            ]
            # Ages on one side of a cut are one situation.
            keys = {
                tuple(v.position(f[v.name]) if v.cuts else f[v.name] for v in variables): inside(where, f)
                for f in worlds(law)
            }
            assert (where.number, where.total) == (sum(keys.values()), len(keys))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_example_with_the_usual_facts_is_enough_to_be_in_the_set(small, seed):
    proof = random_law(small, seed)
    law, _ = law_and_norms(proof)
    for theorem in proof.theorems:
        for where in [theorem.where, *(c.where for c in theorem.counterexamples)]:
            if where is None or not where.number or theorem.name == "status-blind":
                continue
            said = {k: v for k, v in where.example.items() if k != "moat"}
            like = [
                f
                for f in worlds(law)
                if all(f[k] == v for k, v in said.items()) and (f["emergency"] is False or "emergency" in said)
            ]
            # Where no ordinary situation is in the set, the example says so by naming the fact out of the usual.
            assert like
            assert all(inside(where, f) for f in like)


def test_a_clash_names_both_norms_the_set_and_the_smallest_example(small):
    proof = proof_of(
        small, ("middle", norm("must", "required", when="paper == writ") + norm("shut", "prohibited", when="age < 18"))
    )
    (found,) = proof.theorem("consistent").counterexamples
    assert found.norms == ("land/act-0#must", "land/act-0#shut")
    assert dict(found.where.example) == {"paper": "writ", "age": 17}
    assert found.where.lines() in (("paper == writ and age <= 17",), ("age <= 17 and paper == writ",))
    assert (found.where.number, found.where.total) == (1, 6)


def test_a_norm_that_a_higher_one_always_takes_away_never_stands(small):
    proof = proof_of(
        small, ("high", norm("free", "may_not_restrict")), ("low", norm("shut", "prohibited", when="guest"))
    )
    (found,) = proof.theorem("no-dead-norm").counterexamples
    assert (found.kind, found.norms) == ("never stands", ("land/act-1#shut", "land/act-0#free"))


def test_a_norm_that_lives_on_another_of_its_actions_is_not_dead(small):
    shut = norm("shut", "prohibited", action="[open_gate, write_down]")
    small.authority("top", norm("must", "required"), rank="high").authority("act", shut, rank="low")
    proofs = prove(Side.of(small.law(), "land", ON))
    assert [a.action for a in proofs.failing("no-dead-norm")] == ["open_gate"]
    assert proofs.dead == ()


def test_a_norm_with_no_effect_on_any_action_is_dead(small):
    small.authority("top", norm("must", "required"), rank="high").authority(
        "act", norm("shut", "prohibited"), rank="low"
    )
    assert prove(Side.of(small.law(), "land", ON)).dead == ("land/act#shut",)


def test_a_norm_that_binds_others_is_idle_and_not_dead(small):
    proof = proof_of(small, ("high", norm("host", "required", when="guest")), profile="land/castle")
    assert proof.theorem("no-dead-norm").holds
    assert proof.idle == {"land/act-0#host": "binds others"}


def test_a_norm_of_another_reading_is_idle_and_not_dead(small):
    proof = proof_of(small, ("high", norm("dig", "required", reading="{moat: dry}")))
    assert proof.theorem("no-dead-norm").holds
    assert proof.idle == {"land/act-0#dig": OTHER_READING}


def test_an_exception_that_what_cannot_be_keeps_from_applying_is_empty(small):
    row = norm("shut", "prohibited", when="paper == writ", unless="guest")
    never = "- {when: paper == writ and guest, says: A writ is not served on guests.}\n"
    assert proof_of(small, ("high", row)).theorem("no-empty-exception").holds
    assert not proof_of(small, ("high", row), contradictions=never).theorem("no-empty-exception").holds


def test_facts_tied_through_a_third_that_no_norm_mentions_are_tied(small):
    """No guest without a writ, and no writ by day: a guest comes in an emergency only, though no norm speaks of paper."""
    ties = "- {when: guest and paper != writ, says: No.}\n- {when: paper == writ and not emergency, says: No.}\n"
    proof = proof_of(
        small,
        ("high", norm("must", "required", when="guest") + norm("shut", "prohibited", when="not emergency")),
        contradictions=ties,
    )
    assert proof.theorem("consistent").holds
    assert proof.situations == 3


def test_a_contradiction_that_names_one_value_of_a_class_rules_out_no_other(small):
    """The norm does not tell `none` from `letter`; the contradiction does, and only `none` is impossible."""
    proof = proof_of(
        small,
        ("high", norm("must", "required", when="paper != writ and guest")),
        contradictions="- {when: paper == none and guest, says: No.}\n",
    )
    where = proof.theorem("complete").where
    assert (where.total - where.number, where.total) == (1, 5)


def test_the_transient_fact_is_named_with_the_norm_it_comes_through_and_the_answer_to_each_value(small):
    rows = norm("shut", "prohibited", when="secret and paper == writ") + norm("may", "permitted")
    (found,) = proof_of(small, ("middle", rows)).theorem("status-blind").counterexamples
    assert (found.names, found.norms) == (("secret",), ("land/act-0#shut",))
    assert dict(found.outcomes) == {"no": "permitted", "yes": "prohibited"}
    assert dict(found.where.example) == {"paper": "writ"}


def test_a_transient_fact_that_never_changes_the_answer_is_no_counterexample(small):
    rows = norm("shut", "prohibited", when="secret and guest") + norm("shut-too", "prohibited", when="guest")
    assert proof_of(small, ("middle", rows)).theorem("status-blind").holds


def test_an_undecided_reading_is_a_counterexample_to_robustness_and_no_clash(small):
    proof = proof_of(
        small,
        ("middle", norm("shut", "prohibited", when="guest", reading="{moat: dry}")),
        readings={"moat": "undecided"},
    )
    (found,) = proof.theorem("robust").counterexamples
    assert found.says == "turns on moat (left undecided)"
    assert dict(found.outcomes) == {"wet": "permitted", "dry": "prohibited"}
    assert proof.theorem("consistent").holds
    assert found.where.lines() == ("guest",)


def test_readings_that_matter_only_together_are_named_together(small):
    text = VOCABULARY.replace(
        "profiles:", "- {name: tide, applies_to: land, values: [low, flood], default: low, issue: High?}\nprofiles:"
    )
    (small.root / "vocabulary.yaml").write_text(text)
    proof = proof_of(small, ("middle", norm("shut", "prohibited", when="guest", reading="{moat: dry, tide: flood}")))
    (found,) = proof.theorem("robust").counterexamples
    assert (found.kind, found.names) == ("turns on readings together", ("moat", "tide"))
    assert found.where.lines() == ("guest",)


def test_beside_an_undecided_reading_another_is_counted_where_it_changes_what_is_then_unsettled_or_not(small):
    """Each answer by hand: unsettled where the values of the undecided `moat` lead to different ones."""
    text = VOCABULARY.replace(
        "profiles:", "- {name: tide, applies_to: land, values: [low, flood], default: low, issue: High?}\nprofiles:"
    )
    (small.root / "vocabulary.yaml").write_text(text)
    rows = norm("shut", "prohibited", when="guest", reading="{moat: dry}")
    rows += norm("closed", "prohibited", when="paper == writ or age < 18", reading="{tide: flood}")
    proof = proof_of(small, ("middle", rows), readings={"moat": "undecided", "tide": "low"})
    law, norms = law_and_norms(proof)
    found = {c.names: c for c in proof.theorem("robust").counterexamples}
    assert set(found) == {("moat",), ("tide",)}
    for facts in worlds(law):
        words = {
            tide: {evaluate(norms, facts, {"moat": moat, "tide": tide}).modality for moat in READINGS}
            for tide in ("low", "flood")
        }
        answers = {tide: said.pop() if len(said) == 1 else "unsettled" for tide, said in words.items()}
        assert inside(found["tide",].where, facts) == (answers["low"] != answers["flood"])
    assert dict(found["tide",].outcomes)["flood"] == "prohibited"


def test_a_collision_with_a_narrower_place_is_marked_local(small):
    proof = proof_of(
        small,
        ("high", norm("must", "required")),
        ("low", norm("shut", "prohibited"), "land/castle"),
        profile="land/castle",
    )
    assert [c.marks for c in proof.theorem("supremacy-safe").counterexamples] == [("local",)]


def test_an_action_beyond_the_budget_is_refused_without_z3_and_the_others_are_proved(small, monkeypatch):
    monkeypatch.setattr("brightline.law.solver.terms.has_solver", lambda: False)
    small.authority("act", norm("shut", "prohibited", when="guest") + norm("note", "required", action="write_down"))
    whole = Premises.of

    def refuse(side, action, mentions=()):
        if action == "open_gate":
            raise BrightlineError("node-budget", "the diagram of `open_gate` needs more than 9 nodes")
        return whole(side, action, mentions)

    monkeypatch.setattr(Premises, "of", refuse)
    proofs = prove(Side.of(small.law(), "land", ON))
    assert [(a.action, bool(a.refused), len(a.theorems)) for a in proofs.actions] == [
        ("open_gate", True, 0),
        ("write_down", False, len(THEOREMS)),
    ]
    assert all(a.action == "write_down" for name in THEOREMS for a in proofs.failing(name))
    assert "pip install 'brightline[solver]'" in proofs.actions[0].refused


def test_an_unknown_action_is_refused_with_near_misses(small):
    small.authority("act", norm("shut", "prohibited"))
    with pytest.raises(BrightlineError) as error:
        prove(Side.of(small.law(), "land", ON), ["open_gat"])
    assert error.value.code == "unknown-action"
    assert "open_gate" in error.value.help
