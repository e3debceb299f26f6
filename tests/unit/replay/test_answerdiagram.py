"""Holes in rows: what contradictions rule out, what is presumed, and readings that are not decided, in every row there is."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest

from brightline.law.expressions import parse
from brightline.law.vocabularyfile import scope_at
from brightline.replay.answers.asking import Asked
from brightline.replay.engine.columns import MODALITIES, Column, Columns, Question
from brightline.replay.engine.onebyone import answer_one_by_one
from brightline.replay.maps.factmap import ColumnRule, FactMap
from brightline.replay.sql.holes import Saying, narrowed, surely
from brightline.replay.sql.regimes import AnswerTable, answer_diagram
from brightline.replay.sql.writer import SqlQuery, write_sql

pytest.importorskip("duckdb", reason="SQL is written with the replay extra")

ON = date(2024, 1, 1)
FACTS = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
}
NORMS = """
- {id: shut, action: open_gate, modality: prohibited, when: paper == none, cites: "1", says: Shut.}
- {id: open, action: open_gate, modality: required, when: paper == writ and guest, unless: emergency, cites: "2", says: Open.}
- {id: may, action: open_gate, modality: permitted, when: guest or secret, cites: "3", says: May.}
"""


def every_row():
    """All rows over the facts, with every fact known or not."""
    situations = list(product(*([None, *values] for values in FACTS.values())))
    columns = {}
    for place, (name, values) in enumerate(FACTS.items()):
        said = [row[place] for row in situations]
        codes = np.array([0 if value is None else values.index(value) for value in said], np.uint8)
        columns[name] = Column(name, codes, np.array([value is not None for value in said]))
    return situations, Columns(len(situations), columns)


def law_with(small, lines="", norms=NORMS, extra=""):
    if lines:
        vocabulary = small.root / "vocabulary.yaml"
        vocabulary.write_text(vocabulary.read_text() + "contradictions:\n" + lines)
    return small.authority("rules", norms, extra=extra).law()


def walk(table: AnswerTable, saying: Saying, facts):
    """What one row is told by the diagram: the place on each axis is found as the SQL finds it."""
    places = []
    for variable, axis in zip(table.chart.variables, table.axes, strict=True):
        said = {**saying.usual, **facts}
        if axis.size == 1:
            places.append(0)
        elif variable.name in said:
            places.append(variable.position(said[variable.name]))
        else:
            kind = next(k for k in saying.hole_kinds(variable.name) if all(holds(r, said) for r in k))
            out = saying.ruled_out(variable.name, kind)
            places.append(len(axis.stated) + saying.holes(variable.name).index(out))
    return table.told[-table.store.at(table.root, places) - 3]


def holds(ruling, said):
    return all(other in said for other in ruling.others) and is_true(ruling.when, said)


def is_true(expression, said):
    return narrowed(surely(expression, said), said) == ("true",)


def check_every_row(law, question):
    """The diagram against one request at a time; how many rows contradict themselves."""
    situations, columns = every_row()
    saying = Saying(question, FACTS, {})
    chart = law.chart(law.stack(question.profile, ON), "open_gate")
    axes = tuple(saying.axes(chart))
    table = AnswerTable(chart, axes, *answer_diagram(chart, axes, law.vocabulary.applying_readings("land"), 10_000))
    (result,) = answer_one_by_one(question, columns)
    check_sql(question, situations, result)
    contradictory = 0
    for row, values in enumerate(situations):
        facts = {name: value for name, value in zip(FACTS, values, strict=True) if value is not None}
        ends = [kind for fact, kind in saying.dead_ends() if fact not in facts and all(holds(r, facts) for r in kind)]
        if ends or is_true(saying.contradiction(), facts):
            told = "contradictory", 0, ""
            contradictory += 1
        else:
            found = walk(table, saying, facts)
            told = found.modality, found.marks, found.norm
        word = MODALITIES[result.modality[row]]
        assert told == (word, int(result.marks[row]), result.norms[result.norm[row]]), facts
    return contradictory


def check_sql(question, situations, result):
    """The same rows in DuckDB."""
    import duckdb
    import pyarrow as pa

    mapped = FactMap("m", "One row.", {}, {name: ColumnRule(name) for name in FACTS}, keys=("id",), nulls=("",))
    asked = Asked(question.law, question.profile, ON, question.actions, question.readings, question.strict)
    words = {name: [None if row[i] is None else str(row[i]) for row in situations] for i, name in enumerate(FACTS)}
    with duckdb.connect() as connection:
        connection.register("requests", pa.table({"id": range(len(situations)), **words}))
        rows = sorted(connection.execute(write_sql(SqlQuery(asked, mapped, "duckdb"))).fetchall())
    assert [row[2] for row in rows] == [MODALITIES[word] for word in result.modality]
    assert [row[4] or "" for row in rows] == [result.norms[norm] for norm in result.norm]


@pytest.mark.parametrize(
    ("lines", "contradictory"),
    [
        ("", 0),
        ("- {when: paper == none and guest, says: No.}\n", 9),
        ("- {when: paper == none and (guest or emergency), says: No.}\n", 15),
        ("- {when: not (guest and emergency) and paper == writ, says: No.}\n", 15),
        ("- {when: paper == letter and guest, says: No.}\n- {when: paper == letter and not guest, says: No.}\n", 27),
        ("- {when: secret and paper == none, says: No.}\n", 9),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_contradictions_rule_out_is_answered_as_one_request_is(small, lines, contradictory, strict):
    law = law_with(small, lines)
    assert check_every_row(law, Question(law, "land", ON, ("open_gate",), {}, strict)) == contradictory


def test_an_answer_under_undecided_readings_is_marked_by_every_norm_behind_it(small):
    strong = (
        "- {id: wet, action: open_gate, modality: required, reading: {moat: wet}, when: guest, cites: '1', says: A.}\n"
    )
    strong += "- {id: dry, action: open_gate, modality: prohibited, reading: {moat: dry}, when: guest, cites: '2', says: B.}\n"
    weak = "- {id: too, action: open_gate, modality: required, cites: '3', evidence: memory, says: C.}\n"
    small.authority("old", weak, "low")
    law = law_with(small, norms=strong)
    for moat in ("wet", "dry", "undecided"):
        check_every_row(law, Question(law, "land", ON, ("open_gate",), {"moat": moat}))


def test_a_fact_that_the_profile_brings_fills_its_hole(small):
    law = law_with(small)
    check_every_row(law, Question(law, "land/castle", ON, ("open_gate",)))


@pytest.mark.parametrize(
    "text",
    [
        "not (guest and emergency)",
        "not (guest or not emergency)",
        "guest and (emergency or paper == writ)",
        "not guest",
    ],
)
def test_a_condition_surely_holds_where_it_is_true_in_kleenes_logic(small, text):
    law = law_with(small)
    condition = parse(text, scope_at(law.vocabulary, "land"))
    found = surely(condition, ("guest",))
    for guest in (False, True):
        said = {"guest": guest}
        both = {
            narrowed(condition, {**said, "emergency": e, "paper": p}) for e in (False, True) for p in FACTS["paper"]
        }
        if narrowed(found, said) == ("true",):
            assert both == {("true",)}
        elif text in ("not (guest and emergency)", "not guest"):
            assert both != {("true",)}
