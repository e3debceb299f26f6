"""The figures of the guard are those that the passages' own definitions give, counted by hand."""

from __future__ import annotations

import json

import pytest

from brightline.cli.main import main
from brightline.guard.finding import Finding
from brightline.guard.scoring import Passage, read_passages, score
from brightline.law.errors import BrightlineError

STATUS, CONTACT = "status_assertion", "immigration_contact"


def found(start, end, label=STATUS, hide=None):
    return Finding(
        start,
        end,
        label,
        "certain",
        "en.test",
        "a test",
        hide_start=(hide or (start, end))[0],
        hide_end=(hide or (start, end))[1],
    )


def test_an_overlap_of_one_character_counts_and_the_label_only_where_it_is_asked():
    told = score([Passage("0123456789", ((2, 5, STATUS),))], [[found(4, 8, CONTACT)]])
    assert told.any_label.f1 == 1.0
    assert told.strict.f1 == 0.0
    assert told.labels[STATUS].recall == 0.0
    assert told.labels[CONTACT].precision == 0.0


def test_spans_that_only_touch_do_not_count():
    assert score([Passage("0123456789", ((2, 5, STATUS),))], [[found(5, 8)]]).any_label.right == 0


def test_characters_are_those_that_redaction_hides():
    told = score([Passage("0123456789", ((2, 6, STATUS),))], [[found(2, 4, hide=(0, 4))]])
    assert told.hidden == pytest.approx(2 / 4)
    assert told.hidden_besides == pytest.approx(2 / 6)


def test_false_alarms_are_counted_where_a_trap_stands_alone():
    passages = [
        Passage("ice", (), traps=("ice",)),
        Passage("ice", (), traps=("ice", "road")),
        Passage("clean", ()),
        Passage("ice and status", ((8, 14, STATUS),), traps=("ice",)),
    ]
    told = score(passages, [[found(0, 1)], [], [found(0, 1)], [found(8, 9)]])
    assert told.alarms == pytest.approx(1 / 2)
    assert told.traps == {"ice": (1, 2), "road": (0, 1)}


def test_recall_is_told_by_language_and_by_action():
    passages = [Passage("aa", ((0, 1, STATUS),), "en", "redact"), Passage("bb", ((0, 1, STATUS),), "es", "redact")]
    assert score(passages, [[found(0, 1)], []]).recall == {"en": (1, 1), "redact": (1, 2), "es": (0, 1)}


def test_nothing_found_and_nothing_marked_is_zero_not_an_error():
    told = score([Passage("clean", ())], [[]])
    assert (told.any_label.f1, told.passages.precision, told.hidden) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not json", "not a passage"),
        ('{"text": "a"}', "not a passage"),
        ('{"text": "a", "spans": [{"start": 0, "end": 9, "label": "birthplace"}]}', "outside its text"),
        ('{"text": "a", "spans": [{"start": 0, "end": 1, "label": "colour"}]}', "label that is not known"),
    ],
)
def test_a_line_that_is_no_passage_is_refused_with_its_place(tmp_path, line, words):
    file = tmp_path / "marked.jsonl"
    file.write_text('{"text": "fine", "spans": []}\n' + line + "\n")
    with pytest.raises(BrightlineError, match=words) as error:
        read_passages(file)
    assert error.value.where == "marked.jsonl:2"


def test_the_command_prints_figures_and_no_text(tmp_path, capsys):
    text = "Mr. Quillfeather says he is undocumented."
    start = text.index("undocumented")
    line = {"text": text, "spans": [{"start": start, "end": start + 12, "label": STATUS}], "lang": "en"}
    (tmp_path / "marked.jsonl").write_text(json.dumps(line) + "\n")
    assert main(["guard", "score", str(tmp_path / "marked.jsonl")]) == 0
    shown = capsys.readouterr()
    assert "status_assertion" in shown.out
    assert "Quillfeather" not in shown.out + shown.err
    assert main(["guard", "score", str(tmp_path / "marked.jsonl"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["marked.jsonl"]
    assert told["labels"][STATUS]["recall"] == 1.0
    assert told["passages"]["f1"] == 1.0
