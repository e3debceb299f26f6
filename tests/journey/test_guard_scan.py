"""`brightline guard scan` and `guard redact` as a person uses them, with the rules that ship."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("hyperscan", reason="needs the extra `guard`")

SAID = "Her husband was taken by ICE agents on Tuesday."
ROWS = [
    {"id": f"r{n}", "text": f"Call {n}. {SAID if n % 50 == 0 else 'A dog barked at the ice rink.'}"}
    for n in range(20_000)
]


@pytest.fixture
def reports(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_lines_go_in_and_spans_come_out_in_the_same_order_with_one_process_or_two(brightline, reports, tmp_path):
    for workers in ("1", "2"):
        run = brightline(
            "guard", "scan", str(reports), "--out", str(tmp_path / f"{workers}.jsonl"), "--workers", workers
        )
        assert run.returncode == 0 and run.stderr == ""
    one, two = (tmp_path / "1.jsonl").read_bytes(), (tmp_path / "2.jsonl").read_bytes()
    assert one == two
    found = read(tmp_path / "1.jsonl")
    assert [row["id"] for row in found] == [row["id"] for row in ROWS]
    assert {row["id"] for row in found if row["spans"]} == {row["id"] for n, row in enumerate(ROWS) if n % 50 == 0}
    for row, given in zip(found, ROWS, strict=True):
        for span in row["spans"]:
            assert set(span) == {"start", "end", "label", "tier", "rule"}
            assert "taken by ICE" in given["text"][span["start"] : span["end"]]


@pytest.mark.parametrize("mode", ["mask", "tag"])
def test_redacting_twice_changes_nothing(brightline, reports, tmp_path, mode):
    once, twice = tmp_path / "once.jsonl", tmp_path / "twice.jsonl"
    assert brightline("guard", "redact", str(reports), "--out", str(once), "--mode", mode).returncode == 0
    assert brightline("guard", "redact", str(once), "--out", str(twice), "--mode", mode).returncode == 0
    assert "ICE agents" not in once.read_text(encoding="utf-8")
    assert [row["text"] for row in read(once)] == [row["text"] for row in read(twice)]
    assert not any(row["spans"] for row in read(twice))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_leaves_no_file(tmp_path):
    big = tmp_path / "big.txt"
    big.write_text((SAID + " A dog barked. ") * 2_000_000)
    words = [
        sys.executable,
        "-m",
        "brightline",
        "guard",
        "redact",
        str(big),
        "--out",
        str(tmp_path / "o.txt"),
        "--workers",
        "2",
    ]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        for _ in range(600):
            if any(path.stat().st_size for path in tmp_path.glob("*.unfinished")) or any(tmp_path.glob(".o.txt*")):
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 2 and "stopped: nothing was kept" in told and "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["big.txt"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_told(brightline, reports):
    run = brightline("guard", "redact", str(reports), "--out", "/dev/full")
    assert run.returncode == 2 and "no space left" in run.stderr and "Traceback" not in run.stderr
