from __future__ import annotations

import pytest
from guardfake import SECRET, FakeScanner, judge
from hypothesis import given
from hypothesis import strategies as st

from brightline.guard.files.judging import Judge, Setting
from brightline.guard.finding import LABELS, Finding
from brightline.guard.redaction import MASK, redact

PIECES = st.lists(
    st.sampled_from(
        [
            "is quux since May",
            "zig",
            "zag",
            "N123456",
            "origin: Ruritania",
            " ",
            ". ",
            "\n",
            "ñ",
            "word",
            MASK,
            "[birthplace]",
        ]
    ),
    max_size=14,
)


def find(start, end, label="status_number", tier="certain", hide=None):
    return Finding(start, end, label, tier, "en.rule", "why", (), (), *(hide or (start, end)))


def test_a_mask_covers_the_clause_and_nothing_else():
    done = redact("He is gone. Next.", [find(6, 10, hide=(3, 10))], "mask")
    assert done.text == "He ███████. Next."
    assert [(s.start, s.end, s.label, s.tier, s.rule) for s in done.spans] == [
        (3, 10, "status_number", "certain", "en.rule")
    ]


def test_a_tag_names_the_class_and_offsets_lead_both_ways():
    text = "No. N123456 was filed."
    done = redact(text, [find(4, 11)], "tag")
    assert done.text == "No. [status_number] was filed."
    there = done.offsets.to_redacted(text.index("was"))
    assert done.text[there:].startswith("was filed")
    assert done.offsets.to_original(there) == text.index("was")
    assert done.offsets.to_original(done.text.index("number")) == 4


def test_masks_of_one_class_that_touch_are_one():
    done = redact("abcdef", [find(0, 2), find(2, 4)], "tag")
    assert done.text == "[status_number]ef"
    assert [(s.start, s.end) for s in done.spans] == [(0, 4)]


def test_stretches_of_two_classes_never_overlap():
    done = redact("abcdefgh", [find(0, 4), find(3, 6, "birthplace")], "mask")
    assert [(s.start, s.end, s.label) for s in done.spans] == [(0, 4, "status_number"), (4, 6, "birthplace")]
    assert done.text == "██████gh"


def test_line_breaks_stay_so_that_lines_keep_their_numbers():
    assert redact("ab\r\ncd", [find(0, 6)], "mask").text == "██\r\n██"


def test_what_a_mask_uncovers_is_hidden_in_the_same_run():
    (verdict,) = judge().judge(["zig is quux zag"])
    assert [f.label for f, _ in verdict.found] == ["status_assertion"], "`zag` explains `zig` away"
    assert verdict.redacted.text == "███ ███████████"
    assert [s.label for s in verdict.redacted.spans] == ["birthplace", "status_assertion"]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("before", ["origin: ", "", "She is "])
def test_a_tag_is_never_a_finding(label, before):
    (verdict,) = judge("tag").judge([f"{before}[{label}]"])
    assert not verdict.found and verdict.redacted.text == f"{before}[{label}]"


def test_the_rules_never_read_a_tag():
    read = []

    class Reading(FakeScanner):
        def scan(self, text, least="probable"):
            read.append(text)
            return super().scan(text, least)

    (verdict,) = Judge(Setting("tag"), Reading()).judge(["No. N123456, see [birthplace]."])
    assert verdict.redacted.text == "No. [status_number], see [birthplace]."
    assert len(read) > 1 and not [text for text in read if "[" in text]


@given(PIECES, st.sampled_from(["mask", "tag"]))
def test_redacting_twice_changes_nothing(pieces, mode):
    judging = judge(mode)
    (first,) = judging.judge(["".join(pieces)])
    (second,) = judging.judge([first.redacted.text])
    assert second.redacted.text == first.redacted.text
    assert not second.found


@given(PIECES, st.sampled_from(["mask", "tag"]))
def test_every_character_outside_the_stretches_stays_and_can_be_found_again(pieces, mode):
    text = "".join(pieces)
    (verdict,) = judge(mode).judge([text])
    done = verdict.redacted
    hidden = {i for span in done.spans for i in range(span.start, span.end)}
    for i, char in enumerate(text):
        if i not in hidden:
            there = done.offsets.to_redacted(i)
            assert done.text[there] == char
            assert done.offsets.to_original(there) == i
    assert len(done.text) == len(text) or mode == "tag"


@given(PIECES, st.sampled_from(["mask", "tag"]), st.integers(0, 60), st.integers(0, 60))
def test_parts_put_together_are_the_whole(pieces, mode, one, other):
    text = "".join(pieces)
    done = judge(mode).judge([text])[0].redacted
    low, high = sorted((min(one, len(text)), min(other, len(text))))
    assert done.part(0, low) + done.part(low, high) + done.part(high, len(text)) == done.text


def test_base64_that_holds_something_is_hidden_whole():
    import base64

    blob = base64.b64encode(f"Note: {SECRET}".encode()).decode()
    (verdict,) = judge().judge([f"see {blob} end"])
    assert verdict.redacted.text == f"see {MASK * len(blob)} end"
    assert "base64" in verdict.found[0][0].why
    assert not judge().judge(["see " + base64.b64encode(b"nothing of interest here at all").decode()])[0].found
