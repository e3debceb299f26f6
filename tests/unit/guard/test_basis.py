from __future__ import annotations

from datetime import date

import pytest
from guardfake import SECRET, judge

from brightline.guard.basis import read_basis
from brightline.law.corpusfiles import read_law
from brightline.law.errors import BrightlineError

ON = date(2024, 6, 1)
ROW = """
basis:
- purpose: verify the right to work
  norm: act#shut
  data: ["hr/*.txt#*", "hr/*.txt"]
  covers: [status_assertion]
  expires: 2024-12-31
"""


@pytest.fixture
def corpus(small):
    small.authority("act", "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: A rule.}\n")
    return small.root


def read(corpus, tmp_path, text=ROW, on=ON):
    path = tmp_path / "basis.yaml"
    path.write_text(text)
    law = read_law(corpus)
    (norm,) = [n.id for a in law.everything() for n in a.norms]
    path.write_text(text.replace("act#shut", norm))
    return read_basis(path, law, on)


def test_what_a_basis_covers_is_kept_and_still_reported(corpus, tmp_path):
    judging = judge(basis=read(corpus, tmp_path))
    (verdict,) = judging.judge([f"{SECRET} No. N123456."], ("hr/i9.txt",))
    assert [(f.label, bool(norm)) for f, norm in verdict.found] == [
        ("status_assertion", True),
        ("status_number", False),
    ]
    assert "quux" in verdict.redacted.text and "N123456" not in verdict.redacted.text


def test_elsewhere_it_is_hidden(corpus, tmp_path):
    (verdict,) = judge(basis=read(corpus, tmp_path)).judge([SECRET], ("police/report.txt",))
    assert "quux" not in verdict.redacted.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("act#shut", "act#open"), "no norm"),
        (("2024-12-31", "2024-05-31"), "expired"),
        (("2024-12-31", "soon"), "no date"),
        (("[status_assertion]", "[status]"), "no class"),
        (("  purpose", "  purpse"), "unknown field"),
        (("  covers: [status_assertion]\n", ""), "`covers` is missing"),
        (("basis:", "bases:"), "no list `basis`"),
    ],
)
def test_a_declaration_that_does_not_hold_is_refused(corpus, tmp_path, change, says):
    text = ROW.replace("- purpose", "-\n  purpose").replace(*change)
    with pytest.raises(BrightlineError) as caught:
        read(corpus, tmp_path, text)
    assert caught.value.code == "guard-basis" and says in caught.value.message


def test_a_norm_that_is_not_in_force_on_the_day_is_refused(corpus, tmp_path):
    with pytest.raises(BrightlineError, match="not in force"):
        read(corpus, tmp_path, on=date(1800, 1, 1))
