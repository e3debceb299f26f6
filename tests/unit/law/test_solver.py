"""Z3 in place of a diagram that outgrew its budget: the same verdicts, and situations that the naive evaluator confirms."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from conftest import VOCABULARY, SmallLaw
from hypothesis import given
from hypothesis import strategies as st

from brightline.law.comparison import Side, compare
from brightline.law.diagram import TRUE, Diagram
from brightline.law.evaluate import answer_word, decide, evaluate, takes_part
from brightline.law.expressions import holds
from brightline.law.proof import prove_action
from brightline.law.properties import check_property
from brightline.law.propertyfile import read_properties
from brightline.law.solver import terms as solver_terms
from brightline.law.solver.difference import compare_or_solve
from brightline.law.theorem import OTHER_READING, THEOREMS
from brightline.law.vocabulary import UNDECIDED

pytest.importorskip("z3", reason="the extra `solver` is not installed")

ON = date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"), "guest": (False, True), "emergency": (False, True),
    "secret": (False, True), "age": (0, 17, 18, 40),
}  # fmt: skip
USUAL = {"emergency": False}
READINGS = ("wet", "dry")
CONDITIONS = (
    "guest", "not guest", "secret", "emergency", "paper == writ", "paper != none", "age >= 18",
    "age < 18 and guest", "secret or guest", "paper == letter and not secret", "guest and not guest",
)  # fmt: skip
IMPOSSIBLE = (
    "",
    "- {when: guest and secret, says: No.}\n",
    "- {when: paper == none and guest, says: No.}\n- {when: not guest and emergency, says: No.}\n",
)


@contextmanager
def tight(budget=3):
    """Diagrams that hold almost nothing, so that Z3 takes over."""
    original = Diagram.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Diagram, "__init__", lambda self, sizes, _=0, name="": original(self, sizes, budget, name))
        yield


def norm(name, modality, **fields):
    lines = [f"- id: {name}", "  action: open_gate", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


@st.composite
def drawn_norms(draw, rank):
    rows = []
    for number in range(draw(st.integers(1, 3))):
        fields = {"when": draw(st.sampled_from(CONDITIONS))}
        if draw(st.booleans()):
            fields["unless"] = draw(st.sampled_from(CONDITIONS))
        if draw(st.integers(0, 2)) == 0:
            fields["reading"] = f"{{moat: {draw(st.sampled_from(READINGS))}}}"
        if rank != "low" and draw(st.integers(0, 2)) == 0:
            fields["overrides"] = draw(st.sampled_from(("[prohibited]", "[required]")))
        if number and draw(st.booleans()):
            fields["derogates"] = "[n0]"
        kinds = ("required", "required", "prohibited", "prohibited", "permitted", "no_duty", "may_not_restrict")
        rows.append(norm(f"n{number}", draw(st.sampled_from(kinds)), **fields))
    return "".join(rows)


RANKS = ("high", "middle", "low")
LAWS = st.tuples(*(drawn_norms(rank) for rank in RANKS), st.sampled_from(IMPOSSIBLE))
MOATS = st.sampled_from((*READINGS, UNDECIDED))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("laws")


def law_of(folder: Path, drawn, since="2020-01-01"):
    *norms, impossible = drawn
    for path in folder.rglob("*.yaml"):
        path.unlink()
    small = SmallLaw(folder)
    (folder / "vocabulary.yaml").write_text(VOCABULARY + (f"contradictions:\n{impossible}" if impossible else ""))
    for rank, rows in zip(RANKS, norms, strict=True):
        small.authority(f"act-{rank}", rows, rank=rank, since=since)
    return small.law()


def name_of(found):
    """What a counterexample says, whichever way it was found; of readings that only matter together, how many."""
    return (found.kind, found.norms, len(found.names) if "together" in found.kind else found.names, found.marks)


def both_ways(side):
    """The proof of a diagram, and that of Z3."""
    by_diagram = prove_action(side, "open_gate")
    with tight(0):
        by_solver = prove_action(side, "open_gate")
    assert "needs more than" in by_solver.solved and not by_diagram.solved
    return by_diagram, by_solver


def completions(law, example, free=()):
    """Every situation that an example stands for: it, the usual, and anything that can be for the rest."""
    named = {**USUAL, **{k: v for k, v in example.items() if k not in READINGS}}
    values = [(named[n],) if n in named and n not in free else DOMAIN[n] for n in DOMAIN]
    for row in product(*values):
        facts = dict(zip(DOMAIN, row, strict=True))
        if not any(holds(c.when, facts) for c in law.vocabulary.contradictions):
            yield facts


def answer_in(norms, facts, moat):
    """The answer as the naive evaluator has it; where the values of an undecided reading differ, unsettled."""
    words = {evaluate(norms, facts, {"moat": m}).modality for m in (READINGS if moat == UNDECIDED else (moat,))}
    return words.pop() if len(words) == 1 else "unsettled"


def standing_in(norms, facts, moat):
    taking = [n for n in norms if takes_part(n, facts, {"moat": moat})]
    lost = {d.norm for d in decide(taking).defeated if d.why in ("taken away", "special rule")}
    return {n.id for n in taking}, {n.id for n in taking if n.id not in lost}


def is_confirmed(found, law, norms, moat):
    """Whether the naive evaluator finds what a counterexample says, in every situation that it stands for."""
    cases = list(completions(law, found.witness.example, found.names))
    moats = (found.witness.example.get("moat", moat),)
    moats = READINGS if moats == (UNDECIDED,) else moats
    assert cases
    if found.kind == "turns on a transient fact":
        rest = {}
        for facts in cases:
            rest.setdefault(tuple(v for k, v in facts.items() if k != "secret"), []).append(facts)
        told = [{answer_in(norms, f, moat) for f in alike} for alike in rest.values()]
        # With another value that cannot be, a situation is not one of the set's, and cannot be.
        return any(len(words) > 1 for words in told) and all(
            len(w) > 1 for w, f in zip(told, rest.values(), strict=True) if len(f) > 1
        )
    if found.kind in ("turns on a reading", "turns on readings together"):
        return all(len({answer_in(norms, facts, m) for m in READINGS}) > 1 for facts in cases)
    return all(any(_shows(found, norms, facts, m) for m in moats) for facts in cases)


def _shows(found, norms, facts, moat):
    verdict, (taking, standing) = evaluate(norms, facts, {"moat": moat}), standing_in(norms, facts, moat)
    if found.kind == "clash":
        return verdict.modality == "unsettled" and set(found.norms) <= set(verdict.basis)
    if found.kind == "never stands":
        return found.norms[0] in taking - standing
    if found.kind == "never decides":
        return found.norms[0] in standing - set(verdict.basis)
    if found.kind == "taken away":
        return found.norms[0] in standing and found.norms[1] in taking - standing
    return "against" in found.kind and set(found.norms) <= standing


@given(drawn=LAWS, moat=MOATS)
def test_z3_proves_what_the_diagram_proves_and_its_situations_are_so(folder, drawn, moat):
    law = law_of(folder, drawn)
    side = Side.of(law, "land", ON, {"moat": moat})
    norms = law.stack("land", ON).by_action["open_gate"]
    by_diagram, by_solver = both_ways(side)
    assert dict(by_solver.idle) == dict(by_diagram.idle)
    for one, other in zip(by_diagram.theorems, by_solver.theorems, strict=True):
        assert (other.name, other.holds) == (one.name, one.holds)
        assert sorted(map(name_of, other.counterexamples)) == sorted(map(name_of, one.counterexamples))
        for found in other.counterexamples:
            assert found.where is None
            assert found.witness is None or is_confirmed(found, law, norms, moat)


@given(drawn=LAWS, moat=MOATS)
def test_z3_finds_the_silence_of_the_law_and_tells_exactly_where_it_is(folder, drawn, moat):
    law = law_of(folder, drawn)
    side = Side.of(law, "land", ON, {"moat": moat})
    by_diagram, by_solver = both_ways(side)
    where, found = by_diagram.theorem("complete").where, by_solver.theorem("complete").witness
    assert (found is not None) == bool(where.number)
    if found is not None:
        lines = found.lines(50)
        assert lines
        chart, vocabulary = where.premises.chart, law.vocabulary
        for facts in completions(law, {}, ("emergency",)):
            inside = chart.diagram.at(
                where.node, [0 if v.is_reading else v.position(facts[v.name]) for v in chart.variables]
            )
            assert any(_is_so(line, facts, vocabulary) for line in lines) == (inside == TRUE)


def _is_so(line, facts, vocabulary):
    from brightline.law.expressions import parse
    from brightline.law.vocabularyfile import scope_at

    return line == "always" or holds(parse(line, scope_at(vocabulary, "land")), facts)


@given(before=LAWS, after=LAWS, moats=st.tuples(MOATS, MOATS))
def test_z3_finds_the_changes_that_the_diagram_counts(folder, before, after, moats):
    law = law_of(folder / "before", before) if (folder / "before").mkdir(exist_ok=True) is None else None
    (folder / "after").mkdir(exist_ok=True)
    other = law_of(folder / "after", (*after[:3], before[3]))
    sides = Side.of(law, "land", ON, {"moat": moats[0]}), Side.of(other, "land", ON, {"moat": moats[1]})
    counted = compare(*sides, ["open_gate"]).actions
    with tight(0):
        every = compare_or_solve(*sides, ["open_gate"])
    if not every.solved:  # the two laws are alike, and no diagram was needed
        assert counted == every.counted.actions == ()
        return
    (change,) = every.solved
    norms = [s.law.stack("land", ON).by_action["open_gate"] for s in sides]
    found = {(t.before.modality, t.after.modality): t for t in change.transitions}
    expected = {(t.before.modality, t.after.modality): t for c in counted for t in c.transitions}
    assert set(found) == set(expected)
    assert change.same_answer_other_norms == any(c.reason_only for c in counted)
    for words, transition in found.items():
        cases = list(completions(law, transition.example))
        assert cases
        assert all(tuple(map(answer_in, norms, (facts, facts), moats)) == words for facts in cases)
        if UNDECIDED not in moats:
            assert set(transition.before.norms) == set(expected[words].before.norms)
            assert set(transition.after.norms) == set(expected[words].after.norms)
    if counted:
        assert change.questions_added == counted[0].questions_added
        assert change.questions_removed == counted[0].questions_removed


PROPERTY = """must_hold:
- {id: one, says: One., profiles: [land], on: [2023-01-01], action: open_gate, when: WHEN, never: [WORD], READINGS, STRICT}
"""


@given(
    drawn=LAWS,
    when=st.sampled_from(("true", *CONDITIONS)),
    word=st.sampled_from(("required", "prohibited", "permitted", "unsettled")),
    readings=st.sampled_from(("readings: any", "readings: {moat: dry}", "note_free: true")),
    strict=st.sampled_from(("strict: true", "strict: false")),
    by=st.sampled_from(("", "by: [land/act-high], ")),
)
def test_a_property_holds_for_z3_exactly_where_it_holds_for_the_diagram(
    folder, drawn, when, word, readings, strict, by
):
    law = law_of(folder, drawn)
    text = PROPERTY.replace("WHEN", when).replace("WORD", word).replace("STRICT", strict)
    path = folder / "ours.yml"
    path.write_text(text.replace("READINGS, ", by + (readings + ", " if readings.startswith("readings") else "")))
    (stated,) = read_properties(path, law)
    (by_diagram,) = check_property(law, stated)
    with tight(0):
        (by_solver,) = check_property(law, stated)
    assert by_solver.solved
    assert (by_solver.holds, by_solver.is_empty) == (by_diagram.holds, by_diagram.is_empty)
    if by_solver.witness is not None:
        assert word in by_solver.answers
        norms = law.stack("land", ON).by_action["open_gate"]
        moats = READINGS if "any" in readings else ("dry",) if "dry" in readings else ("wet",)
        for facts in completions(law, by_solver.witness.example):
            assert any(evaluate(norms, facts, {"moat": moat}).modality == word for moat in moats)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["us/mn/minneapolis/police", "us/tx/dallas/sheriff", "us/ca/los-angeles/sheriff"])
def test_z3_agrees_with_the_diagram_on_every_action_of_shipped_law(law, profile):
    from brightline.law.solver.proofs import solved_theorems

    side = Side.of(law, profile, date(2026, 1, 16))
    for action in law.stack(profile, side.on).by_action:
        by_diagram, (theorems, idle) = prove_action(side, action), solved_theorems(side, action)
        assert dict(idle) == dict(by_diagram.idle)
        for one, other in zip(by_diagram.theorems, theorems, strict=True):
            assert (action, other.name, other.holds) == (action, one.name, one.holds)
            assert sorted(map(name_of, other.counterexamples)) == sorted(map(name_of, one.counterexamples))
            sets = {name_of(found): found.where for found in one.counterexamples}
            assert all(_stands_inside(sets[name_of(f)], f) for f in other.counterexamples if f.witness)


def _stands_inside(where, found):
    """Whether all that an example stands for, and that can be, is in the set that the diagram counted."""
    premises = where.premises
    apart = found.names if "transient" in found.kind else ()
    whole = premises.without(premises.possible, apart)
    inside = premises.diagram.select(whole, where.node, TRUE)
    return premises.diagram.reach(inside, premises._region(found.witness.example)) == {TRUE}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("us/mn/minneapolis/police", date(2025, 12, 1)), ("us/mn/minneapolis/police", date(2026, 1, 16))),
        (("us/mn/hennepin/sheriff", date(2026, 1, 16)), ("us/tx/dallas/sheriff", date(2026, 1, 16))),
    ],
)
def test_z3_finds_the_changes_of_shipped_law(law, before, after):
    from brightline.law.solver.difference import solved_change

    sides = Side.of(law, *before), Side.of(law, *after)
    found = compare(*sides)
    for change in random.Random(7).sample(found.actions, min(12, len(found.actions))):
        solved = solved_change(*sides, change.action, "")
        assert {(t.before.modality, t.after.modality) for t in solved.transitions} == {
            (t.before.modality, t.after.modality) for t in change.transitions
        }
        assert (solved.questions_added, solved.questions_removed) == (change.questions_added, change.questions_removed)
        for mine, its in product(solved.transitions, change.transitions):
            if (mine.before.modality, mine.after.modality) == (its.before.modality, its.after.modality):
                assert set(mine.before.norms) == set(its.before.norms)
                assert set(mine.after.norms) == set(its.after.norms)


def test_a_strict_property_is_tried_in_unusual_situations_too(small, tmp_path):
    small.authority("act", norm("shut", "prohibited", when="emergency and secret"))
    path = tmp_path / "ours.yml"
    told = {}
    for strict in ("true", "false"):
        path.write_text(
            "must_hold:\n- {id: one, says: One., profiles: [land], on: [2023-01-01], action: open_gate, "
            f"never: [prohibited], strict: {strict}}}\n"
        )
        law = small.law()
        with tight(0):
            (check,) = check_property(law, read_properties(path, law)[0])
        told[strict] = check.holds
    assert told == {"true": False, "false": True}


def test_standing_numbers_and_undecided_readings_are_compared_as_the_diagram_does(small):
    vocabulary = small.root / "vocabulary.yaml"
    text = vocabulary.read_text().replace("facts: {guest: false}", "facts: {guest: false, age: 18}")
    vocabulary.write_text(text.replace("name: The Land, facts: {}", "name: The Land, facts: {age: 17}"))
    small.authority("act", norm("shut", "prohibited", when="age < 18 and secret", reading="{moat: wet}"))
    small.authority("rule", norm("must", "required", when="age >= 18 and paper == writ", reading="{moat: dry}"))
    law = small.law()
    sides = [Side.of(law, place, ON, {"moat": UNDECIDED}) for place in ("land", "land/castle")]
    expected = {
        (t.before.modality, t.after.modality): (set(t.before.norms), set(t.after.norms), dict(t.example))
        for change in compare(*sides).actions
        for t in change.transitions
    }
    with tight(0):
        (change,) = compare_or_solve(*sides).solved
    assert expected == {
        (t.before.modality, t.after.modality): (set(t.before.norms), set(t.after.norms), dict(t.example))
        for t in change.transitions
    }
    assert ("unsettled", "permitted") in expected and ("permitted", "unsettled") in expected


def test_the_same_question_gets_the_same_situation(small):
    small.authority(
        "act", norm("shut", "prohibited", when="guest or secret") + norm("must", "required", when="age < 18")
    )
    side = Side.of(small.law(), "land", ON)
    told = []
    for _ in range(2):
        with tight():
            proof = prove_action(side, "open_gate")
        told.append([(c.kind, dict(c.witness.example)) for t in proof.theorems for c in t.counterexamples if c.witness])
    assert told[0] == told[1] and told[0]


def test_an_example_names_nothing_that_can_be_left_out(small):
    small.authority(
        "act", norm("shut", "prohibited", when="guest") + norm("must", "required", when="guest and age < 18")
    )
    with tight():
        proof = prove_action(Side.of(small.law(), "land", ON), "open_gate")
    (clash,) = proof.theorem("consistent").counterexamples
    assert dict(clash.witness.example) == {"guest": True, "age": 17}
    assert not clash.witness.is_fewest  # of two facts it is not proved that no one fact is enough
    silent = proof.theorem("complete").witness
    assert (dict(silent.example), silent.is_fewest) == ({"guest": False}, True)


def test_without_z3_an_action_is_refused_and_how_to_install_it_is_said(small, monkeypatch):
    monkeypatch.setattr(solver_terms, "has_solver", lambda: False)
    small.authority("act", norm("shut", "prohibited", when="guest or secret"))
    side = Side.of(small.law(), "land", ON)
    with tight():
        proof = prove_action(side, "open_gate")
        every = compare_or_solve(side, Side.of(small.law(), "land/castle", ON))
    assert proof.theorems == () and not proof.solved
    for why in (proof.refused, every.refused["open_gate"]):
        assert "needs more than 3 nodes" in why and "pip install 'brightline[solver]'" in why


def test_a_question_that_takes_too_much_work_is_refused_with_the_reason(small, monkeypatch):
    monkeypatch.setattr(solver_terms, "MOST_WORK", 1)
    small.authority(
        "act", norm("shut", "prohibited", when="guest or secret") + norm("must", "required", when="age < 18")
    )
    side = Side.of(small.law(), "land", ON)
    with tight():
        proof = prove_action(side, "open_gate")
        every = compare_or_solve(side, Side.of(small.law(), "land/castle", ON))
    assert (proof.theorems, every.solved) == ((), ())
    assert "Z3 reached its limit of work" in proof.refused
    assert "Z3 reached its limit of work" in every.refused["open_gate"]


def test_every_theorem_has_a_verdict(small):
    small.authority("act", norm("shut", "prohibited", when="guest or secret", reading="{moat: dry}"))
    with tight():
        proof = prove_action(Side.of(small.law(), "land", ON), "open_gate")
    assert [t.name for t in proof.theorems] == list(THEOREMS)
    (found,) = proof.theorem("robust").counterexamples
    assert dict(found.outcomes) == {"wet": "permitted", "dry": "prohibited"}
    assert all(answer_word(word) == word for _, word in found.outcomes)
    assert OTHER_READING in proof.idle.values()
