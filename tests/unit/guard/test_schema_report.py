"""The findings as a table, as JSON and as SARIF; none shows a value."""

from __future__ import annotations

import json

import pytest

from brightline.guard.schemas.lint import Lint, lint
from brightline.guard.schemas.registry import Remark
from brightline.guard.schemas.report import json_of, sarif_of, table_of
from brightline.guard.schemas.verdict import Verdict

pytest.importorskip("sqlglot", reason="needs the extra `guard`")


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("id,ref,lang\n1,A 208 441 902,es\n2,A 219 003 117,en\n")
    (tmp_path / "b.sql").write_text("CREATE TABLE t (\n pob TEXT\n);")
    (tmp_path / "c.pdf").write_bytes(b"none")
    return lint(["."])


def test_the_table_is_aligned_and_says_what_was_read_and_skipped(found):
    lines = list(table_of(found))
    assert [line.split()[0] for line in lines[:5]] == ["SEVERITY", "prohibited", "review", "prohibited", "skipped"]
    assert len({line.index(word) for line, word in zip(lines[1:3], ("a.csv", "a.csv"), strict=True)}) == 1
    assert "4 fields of 2 schemas read, 0 other files passed over, 1 skipped" in lines[-1]


def test_json_has_every_finding_and_the_counts(found):
    value = json_of(found)
    assert {one["field"] for one in value["findings"]} == {"ref", "lang", "pob"}
    assert value["counts"] == {"prohibited": 2, "basis": 0, "review": 1, "permitted": 0}
    assert value["read"] == {"schemas": 2, "fields": 4, "passed_over": 0}
    assert value["skipped"][0]["where"].endswith("c.pdf")


def test_sarif_has_what_version_2_1_0_requires(found):
    log = json.loads(json.dumps(sarif_of(found, "1.2.3")))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    rules = [rule["id"] for rule in driver["rules"]]
    assert driver["name"] and len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        physical = result["locations"][0]["physicalLocation"]
        assert not physical["artifactLocation"]["uri"].startswith("/")
        assert physical["region"]["startLine"] >= 1
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["level"] == "error"


def test_sarif_of_permitted_fields_is_suppressed_and_addresses_with_blanks_are_quoted():
    verdict = Verdict("a", "t", "my forms/x y.sql:3", "birthplace", "permitted", "birthplace", "why")
    remark = Remark("registry-expired", "basis.yaml:2", "it ended", "renew it")
    (run,) = sarif_of(Lint((verdict,), (remark,)), "1")["runs"]
    first, second = run["results"]
    assert first["suppressions"] == [{"kind": "external", "status": "accepted"}]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "my%20forms/x%20y.sql"},
        "region": {"startLine": 3},
    }
    assert second["ruleId"] == "registry-expired"


def test_no_output_shows_a_value(found):
    said = "\n".join(table_of(found)) + json.dumps(json_of(found)) + json.dumps(sarif_of(found, "1"))
    assert "208" not in said
    assert "441" not in said
