"""Many requests at once: what a person would check by hand, and what is refused."""

from __future__ import annotations

import sys
from datetime import date
from importlib.util import find_spec

import numpy as np
import pytest

from brightline.law.errors import BrightlineError
from brightline.replay.engine.columns import MODALITIES, PRESUMED, SILENT, Column, Columns, Question
from brightline.replay.engine.compiled import Compiled, shape_of
from brightline.replay.engine.onebyone import answer_one_by_one

NUMBA = pytest.param(
    "numba", marks=[pytest.mark.slow, pytest.mark.skipif(find_spec("numba") is None, reason="numba is an extra")]
)
ON = date(2024, 1, 1)
NORMS = """
- {id: writ, action: open_gate, modality: required, when: paper == writ, cites: "1", says: Open it.}
- {id: guest, action: open_gate, modality: permitted, when: guest, cites: "2", says: Guests may come in.}
- {id: shut, action: open_gate, modality: prohibited, when: emergency or age < 18, cites: "3", says: Shut.}
"""


def asked(law, **given):
    return Question(law, given.pop("profile", "land"), given.pop("on", ON), ("open_gate",), **given)


def column(law, name, values):
    """A column from values as the law writes them, None where nothing is known."""
    domain = law.vocabulary.facts[name].domain
    numbers = [0 if v is None else domain.index(v) if domain else v for v in values]
    known = np.array([v is not None for v in values])
    return Column(name, np.array(numbers, np.uint8 if domain else np.int32), None if known.all() else known)


def rows(law, **facts):
    return Columns(len(next(iter(facts.values()))), {name: column(law, name, values) for name, values in facts.items()})


def told(results):
    return [
        (MODALITIES[m], int(marks), r.norms[n])
        for r in results
        for m, marks, n in zip(r.modality, r.marks, r.norm, strict=True)
    ]


def same(question, columns):
    """What columns are told, once it is sure that one request at a time is told the same."""
    expected = told(answer_one_by_one(question, columns))
    assert told(Compiled(question, "numpy").answer(columns)) == expected
    return expected


def with_contradiction(small, when):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + f'contradictions:\n- {{when: "{when}", says: It cannot be.}}\n')
    return small.authority("book", NORMS).law()


def test_a_null_leaves_an_answer_open_exactly_where_it_matters(small):
    law = small.authority("book", NORMS).law()
    found = same(asked(law), rows(law, paper=["none", None, None], age=[30, 30, 12], guest=[True, True, True]))
    assert found[0] == ("permitted", PRESUMED, "land/book#guest")
    assert found[1][0] == "open"
    assert found[2][0] == "open"


def test_a_presumption_is_marked_and_a_stated_fact_is_not(small):
    law = small.authority("book", NORMS).law()
    columns = rows(law, paper=["none"] * 3, age=[30] * 3, guest=[False] * 3, emergency=[None, False, True])
    assert same(asked(law), columns) == [
        ("permitted", SILENT | PRESUMED, ""),
        ("permitted", SILENT, ""),
        ("prohibited", 0, "land/book#shut"),
    ]
    assert same(asked(law, strict=True), columns)[0][0] == "open"


def test_a_row_that_states_a_fact_wins_over_what_stands_for_the_profile(small):
    law = small.authority("book", NORMS).law()
    columns = rows(law, paper=["none"] * 2, age=[30] * 2, emergency=[False] * 2, guest=[True, None])
    assert [norm for _, _, norm in same(asked(law, profile="land/castle"), columns)] == ["land/book#guest", ""]


def test_before_any_law_every_row_is_too_early_unless_it_contradicts_itself(small):
    law = with_contradiction(small, "paper == none and guest")
    columns = rows(law, paper=["none", "none"], guest=[True, False])
    assert same(asked(law, on=date(2019, 1, 1)), columns) == [("contradictory", 0, ""), ("too_early", 0, "")]


def test_a_contradiction_rules_out_what_is_not_known(small):
    law = with_contradiction(small, "paper in [none, letter] and guest")
    columns = rows(law, paper=[None, None], guest=[True, False], age=[30, 30], emergency=[False, False])
    assert [word for word, _, _ in same(asked(law), columns)] == ["required", "open"]


def test_facts_that_leave_another_nothing_contradict_each_other(small):
    law = with_contradiction(small, "paper == none and guest")
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + '- {when: "paper in [letter, writ] and emergency", says: Nor can this.}\n')
    law = small.law()
    columns = rows(law, paper=[None, None], guest=[True, True], emergency=[True, False], age=[30, 12])
    assert [word for word, _, _ in same(asked(law), columns)] == ["contradictory", "open"]


def test_one_contradiction_that_would_leave_nothing_rules_out_nothing(small):
    law = with_contradiction(small, "paper == none and guest or paper in [letter, writ] and guest")
    columns = rows(law, paper=[None], guest=[True], age=[30], emergency=[False])
    assert same(asked(law), columns)[0][0] == "open"


def test_norms_that_take_turns_are_all_behind_an_unsettled_answer(small):
    norms = """
- {id: one, action: open_gate, modality: required, when: guest, cites: "1", says: Open.}
- {id: two, action: open_gate, modality: required, when: not guest, cites: "2", says: Open.}
- {id: shut, action: open_gate, modality: prohibited, when: age < 99, cites: "3", says: Shut.}
"""
    law = small.authority("book", norms).law()
    assert same(asked(law), rows(law, age=[30])) == [("unsettled", 0, "land/book#one")]


def test_norms_that_derogate_in_a_circle_are_answered_as_one_request_is(small):
    norms = """
- {id: a, action: open_gate, modality: prohibited, when: guest, derogates: b, cites: "1", says: A.}
- {id: b, action: open_gate, modality: prohibited, when: guest, derogates: c, cites: "2", says: B.}
- {id: c, action: open_gate, modality: required, when: guest, derogates: a, cites: "3", says: C.}
- {id: d, action: open_gate, modality: required, when: age < 18, cites: "4", says: D.}
"""
    law = small.authority("book", norms).law()
    same(asked(law), rows(law, guest=[True, True, False, None], age=[12, 30, 12, 12]))
    same(asked(law), rows(law, guest=[True, True, False], age=[12, 30, 12]))


def test_an_undecided_reading_is_unsettled_and_names_the_strongest_norm(small):
    norms = """
- {id: wet, action: open_gate, modality: prohibited, when: guest, reading: {moat: wet}, cites: "1", says: No.}
- {id: dry, action: open_gate, modality: required, when: guest, reading: {moat: dry}, cites: "2", says: Yes.}
"""
    law = small.authority("book", norms).law()
    columns = rows(law, guest=[True, False])
    assert same(asked(law, readings={"moat": "undecided"}), columns)[0] == ("unsettled", 1, "land/book#wet")
    assert same(asked(law), columns)[0] == ("prohibited", 1, "land/book#wet")


@pytest.mark.parametrize("executor", ["numpy", NUMBA])
@pytest.mark.parametrize("width", [np.uint8, np.uint16, np.int64])
def test_an_enum_of_more_than_256_values_may_come_in_any_width(small, executor, width):
    path = small.root / "vocabulary.yaml"
    words = ", ".join(f"w{i}" for i in range(300))
    path.write_text(path.read_text().replace("[none, letter, writ]", f"[{words}]"))
    norms = "- {id: some, action: open_gate, modality: required, when: 'paper in [w3, w200, w259, w299]', cites: '1', says: So.}\n"
    law = small.authority("book", norms).law()
    values = np.arange(250 if width == np.uint8 else 300).astype(width)
    columns = Columns(len(values), {"paper": Column("paper", values)})
    assert told(Compiled(asked(law), executor).answer(columns)) == told(answer_one_by_one(asked(law), columns))


@pytest.mark.parametrize("executor", ["numpy", NUMBA])
@pytest.mark.parametrize("width", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_a_number_may_come_in_any_width(small, executor, width):
    more = "- {id: far, action: open_gate, modality: required, when: age < 40000, cites: '4', says: Open.}\n"
    law = small.authority("book", NORMS.replace("18", "100") + more).law()
    most = min(int(np.iinfo(width).max), 999_999_999)
    values = np.array([0, 1, 99, 100, 101, most - 1, most]).astype(width)
    columns = Columns(len(values), {"age": Column("age", values)}, {"paper": "none", "emergency": False})
    assert told(Compiled(asked(law), executor).answer(columns)) == told(answer_one_by_one(asked(law), columns))


def test_no_rows_are_no_answers(small):
    law = small.authority("book", NORMS).law()
    (result,) = Compiled(asked(law)).answer(Columns(0, {"paper": Column("paper", np.empty(0, np.uint8))}))
    assert len(result.modality) == len(result.marks) == len(result.norm) == 0


@pytest.mark.parametrize("executor", ["numpy", NUMBA])
@pytest.mark.parametrize("count", [1, 63, 64, 65, 4095, 4096, 4097, 9000])
def test_every_number_of_rows_is_answered_to_the_last(small, executor, count):
    law = small.authority("book", NORMS).law()
    rng = np.random.default_rng(count)
    columns = Columns(
        count,
        {
            "paper": Column("paper", rng.integers(0, 3, count).astype(np.uint8), rng.random(count) < 0.8),
            "age": Column("age", rng.integers(0, 40, count)),
        },
    )
    assert told(Compiled(asked(law), executor).answer(columns)) == told(answer_one_by_one(asked(law), columns))


@pytest.mark.parametrize("executor", ["numpy", NUMBA])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("paper", np.array([0, 3], np.uint8)),
        ("paper", np.array([0, 300], np.uint16)),
        ("paper", np.array([0, -1])),
        ("guest", np.array([0, 2], np.uint8)),
        ("age", np.array([0, -1], np.int32)),
        ("age", np.array([0, 1_000_000_000])),
    ],
)
def test_what_a_fact_cannot_be_is_refused_and_never_repeated(small, executor, name, values):
    law = small.authority("book", NORMS).law()
    with pytest.raises(BrightlineError) as raised:
        Compiled(asked(law), executor).answer(Columns(2, {name: Column(name, values)}))
    assert raised.value.code == "unknown-value"
    assert str(values[1]) not in str(raised.value)
    hidden = Columns(2, {name: Column(name, values, np.array([True, False]))})
    assert told(Compiled(asked(law), executor).answer(hidden)) == told(answer_one_by_one(asked(law), hidden))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"colour": np.zeros(2, np.uint8)}, "unknown-fact"),
        ({"asked_at": np.zeros(2, np.int64)}, "replay-column-type"),
        ({"age": np.zeros(2)}, "replay-column-type"),
        ({"age": np.zeros(3, np.int64)}, "replay-column-type"),
    ],
)
def test_a_column_that_is_no_fact_is_refused(small, facts, code):
    law = small.authority("book", NORMS).law()
    with pytest.raises(BrightlineError) as raised:
        Compiled(asked(law)).answer(Columns(2, {name: Column(name, values) for name, values in facts.items()}))
    assert raised.value.code == code


def test_an_unknown_action_or_executor_is_refused(small):
    law = small.authority("book", NORMS).law()
    with pytest.raises(BrightlineError, match="unknown action `open_gates`"):
        Compiled(Question(law, "land", ON, ("open_gates",))).answer(Columns(1, {}))
    with pytest.raises(BrightlineError, match="unknown executor `numbas`"):
        Compiled(asked(law), "numbas")


def test_without_numba_the_extra_is_named(small, monkeypatch):
    law = small.authority("book", NORMS).law()
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(BrightlineError) as raised:
        Compiled(asked(law), "numba")
    assert raised.value.code == "missing-extra"
    assert told(Compiled(asked(law)).answer(rows(law, age=[30])))


def test_machine_code_that_cannot_be_kept_is_made_anew():
    machine = pytest.importorskip("brightline.replay.engine.machine")
    space = {}
    exec("def twice(n):\n    return 2 * n", space)  # from no file: there is nowhere to keep its code
    assert machine.kept(space["twice"])(21) == 42


def test_room_for_answers_is_taken_again(small):
    law = small.authority("book", NORMS).law()
    compiled = Compiled(asked(law))
    before = compiled.answer(rows(law, age=[30, 12]))
    after = compiled.answer(rows(law, age=[12, 30]), before)
    assert after[0].modality is before[0].modality
    assert told(after) == told(answer_one_by_one(asked(law), rows(law, age=[12, 30])))


def test_a_column_in_which_nothing_is_known_is_as_if_it_were_not_there(small):
    law = small.authority("book", NORMS).law()
    shape = shape_of(rows(law, age=[1, 2], guest=[None, None], paper=[None, "writ"]))
    assert (shape.whole, shape.partial) == (frozenset({"age"}), frozenset({"paper"}))


def test_a_program_can_be_read(small):
    law = small.authority("book", NORMS).law()
    plan = Compiled(asked(law)).plan(shape_of(rows(law, age=[1], guest=[True], paper=["writ"], emergency=[True])), {})
    assert "open_gate.modality0 = " in plan.listing()
    assert "age<18" in plan.listing()
