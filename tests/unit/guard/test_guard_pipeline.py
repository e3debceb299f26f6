from __future__ import annotations

import json
import stat

import pytest
from guardfake import SECRET, FakeScanner
from guardpages import pdf, run, word

from brightline.cli.main import main
from brightline.guard.files import judging, pipeline

NUMBER = "N123456"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with one file of each kind, and the invented rules."""
    monkeypatch.setattr(judging, "_scanner", lambda engine: FakeScanner())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(f"One.\n\n{SECRET} {NUMBER}\n")
    (tmp_path / "in" / "b.csv").write_text(f"id,note\n1,{SECRET}\n2,ok\n")
    (tmp_path / "in" / "c.jsonl").write_text(json.dumps({"id": "x", "text": SECRET}) + "\n")
    (tmp_path / "in" / "sub" / "d.docx").write_bytes(word(f"<w:p>{run(SECRET)}</w:p>"))
    (tmp_path / "in" / "sub" / "e.pdf").write_bytes(pdf([SECRET]))
    (tmp_path / "in" / "f.html").write_text(f"<p>{SECRET}</p>")
    (tmp_path / "in" / "g.eml").write_text(f"Subject: x\n\n{SECRET}\n")
    return tmp_path


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_is_redacted_into_a_new_folder(desk, capsys):
    assert main(["guard", "redact", "in", "--out", "out"]) == 0
    assert names(desk / "out") == ["a.txt", "b.csv", "c.jsonl", "f.html", "g.eml", "sub/d.docx", "sub/e.pdf.txt"]
    assert "7 files" in capsys.readouterr().out
    assert main(["guard", "scan", "out", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["found"] == 0


def test_a_folder_that_is_there_is_not_written_into(desk, capsys):
    (desk / "out").mkdir()
    assert main(["guard", "redact", "in", "--out", "out"]) == 2
    assert "[guard-out]" in capsys.readouterr().err and not names(desk / "out")


@pytest.mark.parametrize(
    "words", [[], ["--mode", "tag"], ["--mode", "quarantine"], ["--mode", "review"], ["--format", "json"]]
)
@pytest.mark.parametrize("command", ["scan", "redact"])
def test_no_word_of_a_finding_reaches_a_report_or_a_terminal(desk, capfd, command, words, monkeypatch, caplog):
    if command == "scan" and "--mode" in words:
        return
    monkeypatch.setenv("TMPDIR", str(desk / "tmp"))
    (desk / "tmp").mkdir()
    assert main(["guard", command, "in", "--out", "out", *words]) == 0
    shown = "".join(capfd.readouterr()) + caplog.text
    assert "quux" not in shown and NUMBER not in shown
    for name in names(desk):
        if not name.startswith("in/") and not name.endswith(".quarantine.jsonl"):
            content = (desk / name).read_bytes()
            assert b"quux" not in content and NUMBER.encode() not in content, name


def test_a_review_file_lists_place_class_tier_rule_and_why(desk):
    assert main(["guard", "redact", "in/a.txt", "--out", "review.jsonl", "--mode", "review"]) == 0
    rows = [json.loads(line) for line in (desk / "review.jsonl").read_text().splitlines()]
    assert rows[0] == {
        "file": "a.txt", "place": "line 3", "label": "status_assertion", "tier": "certain", "rule": "fake.status_assertion",
        "why": "an invented rule", "raised": [], "lowered": [],
    }  # fmt: skip
    assert len(rows) == 2


def test_what_is_set_aside_is_for_its_owner_alone(desk):
    assert main(["guard", "redact", "in/c.jsonl", "--out", "o.jsonl", "--mode", "quarantine"]) == 0
    aside = desk / "o.jsonl.quarantine.jsonl"
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert json.loads(aside.read_text())["text"] == SECRET
    assert (desk / "o.jsonl").read_text() == ""


def test_a_document_with_findings_is_withheld_whole(desk, capsys):
    assert main(["guard", "redact", "in/g.eml", "--out", "o.eml", "--mode", "quarantine"]) == 0
    assert not (desk / "o.eml").exists()
    assert "left out of the output: g.eml" in capsys.readouterr().out


def test_what_cannot_be_read_is_listed_and_nothing_is_written(desk, capsys):
    (desk / "in" / "photo.png").write_bytes(b"\x89PNG")
    (desk / "in" / "broken.docx").write_bytes(b"PK")
    (desk / "in" / "c.jsonl").write_text('{"id":1,"text":"ok"}\n{bad\n')
    for command in ("scan", "redact"):
        assert main(["guard", command, "in", "--out", "out"]) == 2
        told = capsys.readouterr().err
        assert "3 places could not be read" in told and "[guard-skipped]" in told
        for place in (
            "photo.png: of no kind",
            "broken.docx: the file is broken",
            "c.jsonl, line 2: is not a JSON object",
        ):
            assert place in told
        assert names(desk) == [name for name in names(desk) if name.startswith("in/")]


def test_with_leave_the_rest_is_written_and_the_skips_are_counted(desk, capsys):
    (desk / "in" / "photo.png").write_bytes(b"\x89PNG")
    (desk / "in" / "broken.docx").write_bytes(b"PK")
    assert main(["guard", "redact", "in", "--out", "out", "--allow-skips", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {skip["file"] for skip in told["skips"]} == {"photo.png", "broken.docx"} == set(told["withheld"])
    assert "broken.docx" not in names(desk / "out") and "a.txt" in names(desk / "out")


def test_a_csv_that_breaks_half_way_leaves_no_half_of_itself(desk, capsys):
    text = "id,note\n" + f"1,{'x' * 200}\n" * 9000 + "2," + "y" * 70_000_000 + "\n"
    (desk / "in" / "b.csv").write_text(text)
    assert main(["guard", "redact", "in/b.csv", "--out", "o.csv"]) == 2
    assert "line 9002 is longer than 64 MiB" in capsys.readouterr().err
    assert main(["guard", "redact", "in", "--out", "out", "--allow-skips"]) == 0
    assert "b.csv" not in names(desk / "out") and "c.jsonl" in names(desk / "out")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device"), MemoryError])
def test_what_is_stopped_leaves_no_file(desk, monkeypatch, error, capsys):
    def stop(done, job, summary):
        raise error

    monkeypatch.setattr(pipeline, "_refuse", stop)
    for words in (
        ["in/a.txt", "--out", "o.txt"],
        ["in", "--out", "out"],
        ["in/c.jsonl", "--out", "o.jsonl", "--mode", "quarantine"],
    ):
        before = names(desk)
        try:
            assert main(["guard", "redact", *words]) == 2
        except MemoryError:
            assert error is MemoryError
        assert names(desk) == before and not [name for name in desk.iterdir() if "unfinished" in name.name]


def test_a_fault_of_the_program_is_told_without_words_of_the_text(desk, monkeypatch, capsys):
    def fail(self, texts, least="probable"):
        raise ValueError(texts[0])

    monkeypatch.setattr(FakeScanner, "scan_many", fail)
    assert main(["guard", "scan", "in/a.txt"]) == 2
    told = "".join(capsys.readouterr())
    assert "quux" not in told and "a.txt" in told and "[guard-unreadable]" in told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["scan", "nowhere.txt"], "guard-source"),
        (["scan", "in/photo.xyz"], "guard-source"),
        (["redact", "in/a.txt"], "option"),
        (["redact", "in/a.txt", "--out", "in/a.txt"], "guard-out"),
        (["redact", "in/a.txt", "--out", "nowhere/a.txt"], "guard-out"),
        (["redact", "in/sub/e.pdf", "--out", "e.pdf"], "guard-out"),
        (["redact", "in/a.txt", "--in-place"], "option"),
        (["redact", "in/a.txt", "in/../in/a.txt", "--out", "out"], "guard-out"),
        (["scan", "in/a.txt", "--workers", "0"], "option"),
        (["scan", "in/b.csv", "--column", "nope"], "guard-column"),
        (["scan", "in/a.txt", "--basis", "nowhere.yaml"], "unreadable"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_code(desk, capsys, words, code):
    (desk / "in" / "photo.xyz").write_bytes(b"x")
    before = names(desk)
    assert main(["guard", *words]) == 2
    assert f"[{code}]" in capsys.readouterr().err
    assert names(desk) == before


def test_a_glob_names_files_and_ends_with_one_if_asked_to(desk, capsys):
    assert main(["guard", "scan", "in/*.csv", "--fail-on", "certain", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["files"] == 1
    assert main(["guard", "scan", "in/*.csv", "--fail-on", "certain", "--column", "id"]) == 0


def test_the_least_tier_decides_what_is_found(desk, capsys):
    (desk / "p.txt").write_text("perhaps. origin: Ruritania.")
    for least, count in (("possible", 2), ("probable", 1), ("certain", 0)):
        assert main(["guard", "scan", "p.txt", "--least", least, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["found"] == count
