"""What a list of norms answers, as sets: checked against the naive evaluator in every situation."""

from __future__ import annotations

from itertools import product

import pytest

from brightline.law.chart import Chart, variables_of
from brightline.law.decisions import Decisions, word_of
from brightline.law.diagram import TRUE
from brightline.law.evaluate import decide, takes_part

FACTS = {
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "paper": ("none", "letter", "writ"),
}
LAWS = {
    "silence": "",
    "three ranks": "high top required guest\nmiddle must required emergency\nmiddle shut prohibited secret\nlow ban prohibited paper == letter",
    "clashes of two ranks": "high must required guest\nhigh shut prohibited secret\nlow go required emergency\nlow stay prohibited guest or paper == writ",
    "a permission takes away": "high free permitted guest [prohibited]\nmiddle shut prohibited emergency\nlow go required secret",
    "the special rule": "middle shut prohibited guest or secret\nmiddle may permitted emergency - middle#shut\nmiddle never prohibited paper == writ - middle#may",
    "a circle of special rules": "middle shut prohibited guest - middle#go\nmiddle go required guest - middle#shut",
    "a beaten norm takes nothing away": "high free permitted guest [prohibited]\nhigh not no_duty emergency - high#free\nlow shut prohibited true",
}  # fmt: skip


def law_of(small, text):
    rows = {}
    for line in text.splitlines():
        rank, name, modality, *rest = line.split(" ")
        when, _, derogates = " ".join(rest).partition(" - ")
        when, _, overrides = when.partition(" [")
        row = f"- id: {name}\n  action: open_gate\n  modality: {modality}\n  cites: § 1\n  says: A rule.\n"
        row += f"  when: {when}\n" if when != "true" else ""
        row += f"  derogates: [land/{derogates}]\n" if derogates else ""
        row += f"  overrides: [{overrides}\n" if overrides else ""
        rows[rank] = rows.get(rank, "") + row
    for rank, norms in rows.items():
        small.authority(rank, norms, rank=rank)
    return small.law()


@pytest.mark.parametrize("text", LAWS.values(), ids=LAWS)
def test_each_situation_gets_the_answer_of_the_naive_evaluator_and_each_norm_stands_where_it_does(small, text):
    law = law_of(small, text)
    norms = [n for a in law.everything() for n in a.norms]
    norms.sort(key=lambda n: -n.level)
    facts, readings = law.vocabulary.facts, law.vocabulary.readings
    known = [("in", name, values[:1]) for name, values in FACTS.items()]
    variables = variables_of(norms, facts, readings, [*known, ("in", "paper", ("letter",)), ("in", "paper", ("writ",))])
    chart = Chart("open_gate", (), facts, readings, variables=variables)
    found = Decisions(chart, norms, {n.id: chart.condition_of(n.condition) for n in norms})
    for values in product(*FACTS.values()):
        world = dict(zip(FACTS, values, strict=True))
        at = [variable.position(world[variable.name]) for variable in variables]
        active = [n for n in norms if takes_part(n, world, {})]
        verdict = decide(active)
        lost = {d.norm for d in verdict.defeated if d.why in ("taken away", "special rule")}
        assert word_of(chart.diagram.at(found.modal, at)) == verdict.modality
        for norm in norms:
            stands = chart.diagram.at(found.standing[norm.id], at) == TRUE
            assert stands == (norm in active and norm.id not in lost), norm.id
        top = next((n.level for n in norms if n.id in verdict.basis), 0)
        for word, level in product(("required", "prohibited", "permitted", "unsettled"), (0, *found.levels)):
            is_answer = word == verdict.modality and level == (top if word == "unsettled" else 0)
            assert (chart.diagram.at(found.answered(word, level), at) == TRUE) == is_answer, (word, level)
