"""`brightline guard table` from the command line, with a scanner of invented words."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from brightline.cli.main import main
from brightline.guard.files import judging
from brightline.guard.finding import Finding

TABLE = "id,note,citizenship,origin\n1,She is quux today,Ruritania,Utopia\n2,fine,x,y\n"
BASIS = """
basis:
- purpose: the visa certification of a victim
  norm: {norm}
  data: ["cases.csv#{column}"]
  covers: [{label}]
  expires: {expires}
"""


class Scanner:
    def scan(self, text, least="probable"):
        at = text.find("quux")
        found = Finding(at, at + 4, "status_assertion", "certain", "fake.rule", "an invented rule")
        return (found,) if at >= 0 else ()

    def scan_many(self, texts, least="probable"):
        return [self.scan(text, least) for text in texts]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(judging, "_scanner", lambda engine: Scanner())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.csv").write_text(TABLE)
    return tmp_path


def run(*words):
    return main(["guard", "table", *map(str, words)])


def test_a_table_leaves_with_a_report_and_neither_holds_status(folder, capsys):
    assert run("cases.csv", "--out", "out.csv", "--report", "report.json") == 0
    assert (folder / "out.csv").read_text() == "id,note,origin\n1,She is ████ today,Utopia\n2,fine,y\n"
    told = json.loads((folder / "report.json").read_text())
    assert told["rows"] == 2 and [c["action"] for c in told["columns"]] == ["scan", "scan", "drop", "scan"]
    assert told["found"] == [
        {
            "column": "note",
            "class": "status_assertion",
            "tier": "certain",
            "rule": "fake.rule",
            "action": "redacted",
            "count": 1,
        }
    ]
    printed = capsys.readouterr()
    everything = printed.out + printed.err + (folder / "report.json").read_text() + (folder / "out.csv").read_text()
    assert "quux" not in everything and "Ruritania" not in everything
    assert "2 rows, 4 columns: 1 dropped, 0 masked, 3 read" in printed.out


def test_json_is_the_report(folder, capsys):
    assert run("cases.csv", "--out", "out.csv", "--format", "json", "--mask", "id", "--on-status", "mask") == 0
    told = json.loads(capsys.readouterr().out)
    assert [c["action"] for c in told["columns"]] == ["mask", "scan", "mask", "scan"]


def test_a_policy_file_and_options_go_together_and_may_not_contradict(folder, capsys):
    (folder / "policy.yaml").write_text("columns: {origin: drop}\n")
    assert run("cases.csv", "--out", "out.csv", "--policy", "policy.yaml", "--drop", "id") == 0
    assert (folder / "out.csv").read_text().startswith("note\n")
    assert run("cases.csv", "--out", "other.csv", "--policy", "policy.yaml", "--mask", "origin") == 2
    assert run("cases.csv", "--out", "other.csv", "--drop", "id", "--mask", "id") == 2
    assert "[guard-policy]" in capsys.readouterr().err and not (folder / "other.csv").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["missing.csv", "--out", "o.csv"], "guard-source"),
        (["cases.csv", "--out", "o.parquet"], "guard-out"),
        (["cases.csv", "--out", "cases.csv"], "guard-out"),
        (["cases.csv", "--out", "o.csv", "--report", "o.csv"], "guard-out"),
        (["cases.csv", "--out", "nowhere/o.csv"], "guard-out"),
        (["cases.csv", "--out", "o.csv", "--drop", "nota"], "guard-column"),
        (["cases.csv", "--out", "o.csv", "--pass", "citizenship"], "guard-policy"),
        (["cases.csv", "--out", "o.csv", "--query", "SELECT 1"], "option"),
        (["cases.csv", "--out", "o.csv", "--encoding", "klingon"], "option"),
        (["cases.csv", "--out", "o.csv", "--delimiter", "ab"], "option"),
        (["bad.csv", "--out", "o.csv", "--report", "r.json"], "guard-unreadable"),
        (["bad.parquet", "--out", "o.parquet"], "guard-unreadable"),
    ],
)
def test_what_is_refused_leaves_no_file_and_says_no_word_of_the_table(folder, capsys, words, code):
    (folder / "bad.csv").write_bytes(b"id,note\n1,she is quux\n2,\xff\n")
    (folder / "bad.parquet").write_bytes(b"PAR1quuxPAR1")
    before = sorted(folder.iterdir())
    assert run(*words) == 2
    printed = capsys.readouterr()
    assert f"[{code}]" in printed.err and "quux" not in printed.err + printed.out
    assert sorted(folder.iterdir()) == before


def basis(folder, law, column, label, expires):
    norm = next(
        norm.id
        for one in law.everything()
        for norm in one.norms
        if one.in_force.on(date(2026, 1, 16)) and norm.in_force.on(date(2026, 1, 16))
    )
    (folder / "basis.yaml").write_text(BASIS.format(norm=norm, column=column, label=label, expires=expires))
    return norm


def test_a_declared_basis_lets_its_class_leave_and_is_told(folder, law, capsys):
    norm = basis(folder, law, "citizenship", "citizenship_or_nationality", date(2027, 1, 1))
    assert (
        run("cases.csv", "--out", "out.csv", "--basis", "basis.yaml", "--on", "2026-01-16", "--report", "r.json") == 0
    )
    assert (folder / "out.csv").read_text().splitlines()[1] == "1,She is ████ today,Ruritania,Utopia"
    column = json.loads((folder / "r.json").read_text())["columns"][2]
    assert column["basis"] == norm and "permitted with basis" in column["why"]


def test_a_basis_for_a_text_keeps_what_it_covers_and_counts_it_as_permitted(folder, law):
    basis(folder, law, "note", "status_assertion", date(2027, 1, 1))
    assert (
        run("cases.csv", "--out", "out.csv", "--basis", "basis.yaml", "--on", "2026-01-16", "--report", "r.json") == 0
    )
    assert "She is quux today" in (folder / "out.csv").read_text()
    assert json.loads((folder / "r.json").read_text())["found"][0]["action"] == "permitted"


def test_an_expired_basis_lets_nothing_leave(folder, law, capsys):
    basis(folder, law, "citizenship", "citizenship_or_nationality", date(2026, 1, 16) - timedelta(days=1))
    assert run("cases.csv", "--out", "out.csv", "--basis", "basis.yaml", "--on", "2026-01-16") == 2
    assert "[guard-basis]" in capsys.readouterr().err and not (folder / "out.csv").exists()
