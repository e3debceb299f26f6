from __future__ import annotations

import json

import pytest
from guardfake import SECRET, judge, of

from brightline.guard.files import textfile
from brightline.guard.files.decoding import BadBytes, decode, decoded, encoding_of
from brightline.law.errors import BrightlineError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_text_is_read_in_the_encoding_it_was_written_in(tmp_path, encoding):
    text = f"La niña nació allí, según dijo. {SECRET} " + "Más palabras aquí. " * 20
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    done, out = of(tmp_path / "a.txt")
    assert sum(done.counts.values()) == 1
    assert out.decode() == text.replace("is quux since May", "█" * 17)


def test_a_stray_byte_is_read_as_windows_would_and_counted(tmp_path):
    (tmp_path / "a.txt").write_bytes("Niño. ".encode() + b"\xf3\x81 " + SECRET.encode())
    done, out = of(tmp_path / "a.txt")
    assert out.decode().startswith("Niño. ó\x81 She ███")
    assert sum(done.notes.values()) == 2


def test_a_character_across_two_blocks_is_whole():
    data = "ñ".encode()
    before = BadBytes.count
    assert "".join(decoded([data[:1], data[1:]], "utf-8")) == "ñ"
    assert BadBytes.count == before


def test_old_encodings_are_told_apart():
    assert encoding_of("El niño nació en 1990, según él".encode("cp1252")) == "cp1252"
    assert decode("Señor".encode("cp1252")) == "Señor"
    assert encoding_of(b"plain") == "utf-8"


@pytest.mark.parametrize(
    "size", [0, 100, textfile.WINDOW - 12, textfile.BLOCK - 9, textfile.BLOCK + textfile.MARGIN - 9]
)
@pytest.mark.parametrize("mode", ["mask", "tag"])
def test_a_finding_across_a_border_is_found_once_and_hidden_whole(tmp_path, size, mode):
    text = "x " * (size // 2) + SECRET + " y" * 4000 + " N123456"
    (tmp_path / "a.txt").write_text(text)
    done, out = of(tmp_path / "a.txt", judge(mode))
    (whole,) = judge(mode).judge([text])
    assert out.decode() == whole.redacted.text
    spans = [span for line in done.lines for span in json.loads(line)["spans"]]
    assert [(s["start"], s["end"]) for s in spans] == [(f.start, f.end) for f, _ in whole.found]


def test_a_finding_is_told_with_its_line(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n" + "pad\n" * 20_000 + SECRET + "\n")
    done, _ = of(tmp_path / "a.txt")
    assert json.loads(done.lines[0])["place"] == "line 20003"


def test_a_quarantined_passage_is_left_out_whole(tmp_path):
    (tmp_path / "a.txt").write_text(f"First.\n\n{SECRET}\nMore of it.\n\nLast.\n")
    done, out = of(tmp_path / "a.txt", judge("quarantine"))
    assert out == b"First.\n\n\n\nLast.\n"
    assert json.loads(done.aside[0])["text"] == f"{SECRET}\nMore of it."


def test_a_file_that_is_no_text_is_refused_whatever_its_name(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(BrightlineError, match="a PDF, not text"):
        of(tmp_path / "a.txt")


def test_half_a_character_is_read_as_if_it_were_not_there():
    from brightline.guard.files.decoding import plain
    from brightline.guard.fold import fold

    assert fold(plain("qu\ud800ux")).text == b"quux"


def test_csv_cells_are_read_after_their_column_and_the_rest_stays(tmp_path):
    text = 'id;origin;note\r\n1;Ruritania;"a ""b""\nc"\r\n2;;x\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    done, out = of(tmp_path / "a.csv")
    assert out.decode() == text.replace("Ruritania", "█████████")
    assert json.loads(done.review[0])["place"] == "row 2, column `origin`"


def test_named_columns_alone_are_read(tmp_path):
    (tmp_path / "a.csv").write_text(f"a,b\n{SECRET},{SECRET}\n")
    done, out = of(tmp_path / "a.csv", judge(columns=["b"]))
    assert sum(done.counts.values()) == 1 and out.decode().count("quux") == 1
    with pytest.raises(BrightlineError) as caught:
        of(tmp_path / "a.csv", judge(columns=["c"]))
    assert caught.value.code == "guard-column"


def test_a_row_that_is_longer_than_its_header_is_read(tmp_path):
    (tmp_path / "a.csv").write_text(f"a,b\n1,2,{SECRET}\n")
    done, out = of(tmp_path / "a.csv")
    assert "quux" not in out.decode() and sum(done.counts.values()) == 1


def test_a_file_without_a_header_has_its_first_row_read(tmp_path):
    (tmp_path / "a.csv").write_text(f"1,{SECRET}\n2,ok\n")
    _, out = of(tmp_path / "a.csv")
    assert out.decode() == "1,She █████████████████.\n2,ok\n"


def test_five_thousand_columns_are_read(tmp_path):
    (tmp_path / "a.csv").write_text(",".join(f"c{i}" for i in range(5000)) + "\n" + "x," * 4999 + SECRET + "\n")
    done, _ = of(tmp_path / "a.csv")
    assert "column `c4999`" in json.loads(done.review[0])["place"]


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_json_lines_give_spans_in_the_text_as_given(tmp_path):
    rows = [{"id": "a", "text": SECRET}, {"id": 7, "text": "ok", "more": 1}, {"id": "c", "text": None}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done, out = of(tmp_path / "a.jsonl")
    assert [row["id"] for row in lines(out)] == ["a", 7, "c"]
    assert lines(out)[0] == {
        "id": "a", "text": "She █████████████████.",
        "spans": [{"start": 4, "end": 21, "label": "status_assertion", "tier": "certain", "rule": "fake.status_assertion"}],
    }  # fmt: skip
    scanned = [json.loads(line) for line in done.lines]
    assert scanned[0]["spans"] == [
        {"start": 7, "end": 11, "label": "status_assertion", "tier": "certain", "rule": "fake.status_assertion"}
    ]
    assert scanned[1] == {"id": 7, "spans": []}


def test_lines_that_cannot_be_read_are_listed_with_their_numbers(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id":1,"text":"ok"}\n\n{bad\n[1]\n{"id":2}\n{"id":3,"text":4}\n' + "[" * 20_000)
    done, out = of(tmp_path / "a.jsonl")
    assert [place for place, _ in done.skips] == ["line 3", "line 4", "line 5", "line 6", "line 7"]
    assert len(lines(out)) == 1


def test_a_line_that_is_too_long_is_noted_and_the_others_are_read(tmp_path, monkeypatch):
    from brightline.guard.files import jsonlines
    from brightline.guard.files import lines as bounded

    monkeypatch.setattr(jsonlines, "bounded_lines", lambda stream: bounded.bounded_lines(stream, 200))
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"id": 1, "text": "x" * 500}) + "\n" + json.dumps({"id": 2, "text": SECRET}) + "\n"
    )
    done, out = of(tmp_path / "a.jsonl")
    assert [place for place, _ in done.skips] == ["line 1"]
    assert [row["id"] for row in lines(out)] == [2]


def test_halves_of_characters_in_json_are_kept(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "a \\ud800 b"}\n')
    _, out = of(tmp_path / "a.jsonl")
    assert lines(out)[0]["text"] == "a \ud800 b"
