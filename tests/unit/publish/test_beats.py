"""Every pair of norms that the book says can meet does meet, and every defeat that can happen is listed."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from brightline.law.evaluate import decide, takes_part
from brightline.law.situation import situation
from brightline.publish.beats import meetings

ON = date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "age": (0, 40),
}


def norm(name, modality, **fields):
    lines = [f"- id: {name}", "  action: open_gate", f"  modality: {modality}"]
    lines += [f"  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, "  cites: § 1", "  says: A rule.", ""])


LAWS = [
    (
        norm("may", "may_not_restrict", when="guest", overrides="[prohibited]")
        + norm("must", "required", when="guest"),
        norm("shut", "prohibited", when="guest"),
    ),
    (norm("must", "required", when="paper == writ"), norm("shut", "prohibited", when="guest")),
    (
        norm("may", "may_not_restrict", when="guest", overrides="[prohibited]"),
        norm("shut", "prohibited", when="guest or secret"),
    ),
    (norm("may", "permitted", when="guest"), norm("shut", "prohibited", when="guest and paper == letter")),
    (norm("must", "required", when="paper == writ"), norm("shut", "prohibited", when="paper == letter")),
    (
        norm("a", "required", when="guest")
        + norm("b", "prohibited", when="secret", derogates="[a]")
        + norm("c", "prohibited", when="emergency"),
        "",
    ),
]


@pytest.mark.parametrize(("high", "low"), LAWS)
def test_meetings_are_the_defeats_that_some_situation_shows(small, high, low):
    small.authority("above", high, rank="high")
    if low:
        small.authority("below", low, rank="low")
    law = small.law()
    found = situation(law, "land", {}, on=ON, strict=True)
    norms = law.stack("land", ON).by_action["open_gate"]
    defeats, unsettled = set(), set()
    for values in product(*DOMAIN.values()):
        active = [n for n in norms if takes_part(n, dict(zip(DOMAIN, values, strict=True)), found.readings)]
        verdict = decide(active)
        defeats |= {(d.by, d.norm) for d in verdict.defeated}
        unsettled |= {verdict.basis} if verdict.modality == "unsettled" else set()
    shown = meetings(found, "open_gate")
    assert {(m.winner, m.loser) for m in shown if "unsettled" not in m.why} == defeats
    assert {frozenset((m.winner, m.loser)) for m in shown if "unsettled" in m.why} == {
        frozenset(pair) for pair in unsettled
    }
