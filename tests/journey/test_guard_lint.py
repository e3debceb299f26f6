"""`brightline guard lint` as a team meets it: a folder, a registry, CI."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("sqlglot", reason="needs the extra `guard`")


LINE = {"id": "one", "kind": "csv_header", "name": "x", "context": "", "content": "case_no,POB\n1,MX\n"}


def test_a_folder_fails_until_the_field_is_gone(brightline, tmp_path):
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "a.html").write_text("<form><label>Country of birth <input name=q1></label></form>")
    run = brightline("guard", "lint", str(forms), "--sarif", str(tmp_path / "out.sarif"))
    assert run.returncode == 1, run.stderr
    assert "q1" in run.stdout
    assert json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    (forms / "a.html").write_text("<form><label>Country of manufacture <input name=q1></label></form>")
    run = brightline("guard", "lint", str(forms))
    assert run.returncode == 0, run.stdout


def test_the_contract_of_lines_is_kept_and_the_output_is_whole(brightline, tmp_path):
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(json.dumps(LINE) + "\n" + json.dumps({**LINE, "id": "two", "content": "a,b\n"}) + "\n")
    run = brightline("guard", "lint", "--jsonl", str(given), "--out", str(out), "--fail-on", "never")
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["id"] for line in lines] == ["one", "two"]
    assert [(field["field"], field["severity"]) for field in lines[0]["fields"]] == [("POB", "prohibited")]
    assert lines[0]["fields"][0]["why"]
    assert lines[1]["fields"] == []
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_line_that_cannot_be_read_is_a_skip_with_its_place_and_an_exit_code(brightline, tmp_path):
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(json.dumps({**LINE, "content": "a,b\n"}) + "\nnot json\n")
    words = ("guard", "lint", "--jsonl", str(given), "--out", str(out))
    run = brightline(*words)
    assert run.returncode == 2
    assert "in.jsonl:2" in run.stdout
    assert json.loads(out.read_text().splitlines()[1])["skipped"] == "guard-unreadable"
    assert brightline(*words, "--allow-skips").returncode == 0


def test_bad_use_is_told_in_a_line_without_a_traceback(brightline, tmp_path):
    for words in ([], ["--jsonl", "x", "y"], [str(tmp_path / "none")], [str(tmp_path), "--out", "x"]):
        run = brightline("guard", "lint", *words)
        assert run.returncode == 2
        assert run.stderr.startswith("error: ")
        assert "Traceback" not in run.stderr


def test_an_output_that_cannot_be_written_leaves_nothing(brightline, tmp_path):
    given = tmp_path / "in.jsonl"
    given.write_text(json.dumps(LINE) + "\n")
    run = brightline("guard", "lint", "--jsonl", str(given), "--out", str(tmp_path / "no" / "out.jsonl"))
    assert run.returncode == 2
    assert "guard-out" in run.stderr
    assert brightline("guard", "lint", "--jsonl", str(given), "--out", str(given)).returncode == 2
    assert json.loads(given.read_text()) == LINE
