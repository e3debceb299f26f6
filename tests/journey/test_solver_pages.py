"""What an attorney reads where Z3 decided: the pages and the JSON of `law prove` and `compare`."""

from __future__ import annotations

import json

import pytest

from brightline.cli.main import main
from brightline.law.diagram import Diagram

pytest.importorskip("z3", reason="the extra `solver` is not installed")

RULES = (
    "- {id: shut, action: open_gate, modality: prohibited, when: guest or secret, cites: § 1, says: No guests.}\n"
    "- {id: must, action: open_gate, modality: required, when: guest and age < 18, cites: § 2, says: Let children in.}\n"
    "- {id: note, action: write_down, modality: required, cites: § 3, says: Write it down.}\n"
)
NEVER = "must_hold:\n- {id: kept, says: A guest is never let in., profiles: [land], on: [2023-01-01], action: open_gate, when: guest, never: [WORD]}\n"


@pytest.fixture
def shown(small, monkeypatch, capsys):
    """Runs a command on a small law with diagrams that hold almost nothing; returns its code and what it printed."""
    monkeypatch.setenv("COLUMNS", "96")
    monkeypatch.setenv("BRIGHTLINE_CACHE", "")
    small.authority("act", RULES)

    def run(*words):
        original = Diagram.__init__
        with monkeypatch.context() as patch:
            patch.setattr(Diagram, "__init__", lambda self, sizes, _=0, name="": original(self, sizes, 2, name))
            code = main([*words, "--corpus", str(small.root)])
        return code, capsys.readouterr().out

    return run


def test_the_page_of_proofs_says_which_actions_z3_decided_and_that_nothing_is_counted(shown):
    code, out = shown("law", "prove", "land", "--on", "2023-01-01")
    words = " ".join(out.split())
    assert code == 0
    assert "by Z3 open gate: decided by Z3, which finds situations and does not count them" in words
    assert "open gate not counted" in words
    assert "the diagram of `open_gate` needs more than 2 nodes" in words
    assert "land/act#must requires it, land/act#shut of the same rank prohibits it" in words
    assert "for instance guest = yes and age = 17 (none of them can be left out; fewer others might do)" in words
    assert "silent in: - not guest and not secret" in words.replace(
        "not secret and not guest", "not guest and not secret"
    )
    assert "write down (1)" in words  # the other action is still counted


def test_the_json_of_proofs_has_null_for_every_number_that_z3_does_not_give(shown):
    _, out = shown("law", "prove", "land", "--on", "2023-01-01", "--json")
    by_name = {action["action"]: action for action in json.loads(out)["actions"]}
    solved, counted = by_name["open_gate"], by_name["write_down"]
    assert (solved["decided_by"], counted["decided_by"]) == ("z3", "diagram")
    assert solved["situations"] is None and counted["situations"] == 1
    assert "needs more than 2 nodes" in solved["not_counted"] and counted["not_counted"] == ""
    (clash,) = next(t for t in solved["theorems"] if t["theorem"] == "consistent")["counterexamples"]
    assert clash["where"] is None
    assert clash["situation"] == {"example": {"guest": True, "age": 17}, "fewest_facts": False}


@pytest.mark.parametrize(("word", "code"), [("unsettled", 1), ("permitted", 0)])
def test_a_property_that_z3_decided_holds_or_fails_with_a_situation(shown, tmp_path, word, code):
    path = tmp_path / "ours.yaml"
    path.write_text(NEVER.replace("WORD", word))
    found, out = shown("law", "prove", str(path))
    assert found == code
    words = " ".join(out.split())
    assert "by Z3 open gate: decided by Z3" in words
    assert ("for instance guest = yes and age = 17" in words) == bool(code)
    _, plain = shown("law", "prove", str(path), "--json")
    (check,) = json.loads(plain)["properties"]
    assert (check["decided_by"], check["covers"], check["says_nothing"]) == ("z3", None, False)
    assert check["holds"] == (not code)


def test_the_page_of_a_comparison_shows_each_change_that_z3_found(shown):
    code, out = shown("compare", "land", "land/castle", "--on", "2023-01-01")
    words = " ".join(out.split())
    assert code == 0
    assert "open gate not counted" in words and "decided by Z3, which finds situations" in words
    assert "prohibited -> permitted" in words and "was No guests. -- § 1" in words
    assert "No answer changes" not in words
    _, plain = shown("compare", "land", "land/castle", "--on", "2023-01-01", "--json")
    told = json.loads(plain)
    (change,) = [a for a in told["actions"] if a["decided_by"] == "z3"]
    assert (change["changed"], change["situations"], told["refused"]) == (None, None, {})
    (shut,) = [t for t in change["transitions"] if t["before"]["modality"] == "prohibited"]
    assert shut["after"] == {"modality": "permitted", "norms": []} and shut["situations"] is None
    assert shut["lines"] and shut["example"]["guest"] is True


def test_an_action_that_cannot_be_decided_is_said_and_ends_with_one(shown, monkeypatch, tmp_path):
    monkeypatch.setattr("brightline.law.solver.terms.has_solver", lambda: False)
    out_file = tmp_path / "all.txt"
    code, out = shown("compare", "land", "land/castle", "--on", "2023-01-01", "--out", str(out_file))
    assert code == 1
    assert "[?] not compared" in out and "pip install 'brightline[solver]'" in " ".join(out.split())
    assert "No answer changes" not in out
    assert "# open_gate: not compared" in out_file.read_text()
    code, out = shown("law", "prove", "land", "--on", "2023-01-01")
    assert code == 0 and "[?] not proved" in out
