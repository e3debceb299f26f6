"""The card for the wall: what it asks and answers, and that it is one page that a screen reader can follow."""

from __future__ import annotations

import re
import sys
from datetime import date

import pytest

from brightline.law import answer
from brightline.law.corpusfiles import CORPUS
from brightline.law.errors import BrightlineError
from brightline.publish.card import MOST_STEPS, card
from brightline.publish.cardpage import card_html, card_pdf

ON = date(2023, 1, 1)
IN_PLAY = """
in_play:
- {when: "paper in [letter, writ]", actions: [open_gate, write_down]}
"""
NORMS = """
- id: shut
  action: open_gate
  modality: prohibited
  when: guest and paper == letter
  unless: emergency
  cites: § 1
  says: Keep guests with a letter out.
- id: must
  action: open_gate
  modality: required
  when: paper == writ and secret
  within: {amount: 2, unit: hours}
  starts: asked_at
  cites: § 2
  says: Open for a writ.
- id: note
  action: write_down
  modality: required
  with: [open_gate]
  cites: § 3
  says: Write it down.
"""


@pytest.fixture
def land(small):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + IN_PLAY)
    return small.authority("act", NORMS, extra="").law()


def made(land, small, topic):
    return card(land, "land", topic, ON, small.root)


def test_a_request_is_answered_for_every_action_it_puts_in_play(land, small):
    one = made(land, small, "letter")
    assert [(s.title, s.word, [c.cites for c in s.law]) for s in one.settled] == [("Write down", "required", ["§ 3"])]
    (turns,) = one.turns
    assert (turns.title, turns.count) == ("Open gate", 1)
    assert [(q.asks, q.rows) for q in turns.questions] == [("A guest?", (("yes", "prohibited"), ("no", "permitted")))]
    assert [(word, c.says) for word, c in turns.law] == [("prohibited", "Keep guests with a letter out.")]
    assert one.presumed == ("emergency: no",)
    assert [word for word, _ in one.say] == ["prohibited", "permitted"]


def test_an_action_is_asked_in_order_with_its_deadlines_and_duties(land, small):
    one = made(land, small, "open_gate")
    assert one.turns[0].title == "Ask in this order"
    assert next(q.asks for q in one.turns[0].questions) == "Which paper?"
    assert [q.asks for q in one.turns[0].questions if q.is_transient] == ["The secret?"]
    assert [(d.what, d.within, d.start, d.cites) for d in one.deadlines] == [
        ("Open gate", "2 hours", "asked", "§ 2"),
        ("Write down", "no set time", "", "§ 3"),
    ]


def test_a_deadline_that_belongs_to_no_answer_here_is_left_out(small):
    limit = "- {id: may, action: open_gate, modality: permitted, within: {amount: 48, unit: hours}, starts: asked_at, cites: § 4, says: At most two days.}\n"
    shut = "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: Never.}\n"
    must = "- {id: must, action: open_gate, modality: required, when: guest, cites: § 2, says: Open for guests.}\n"
    law = small.authority("act", limit + shut).law()
    assert card(law, "land", "open_gate", ON, small.root).deadlines == ()
    law = small.authority("act", limit + must).law()
    assert [d.within for d in card(law, "land", "open_gate", ON, small.root).deadlines] == ["at most 48 hours"]


def test_the_page_says_whom_to_call_the_date_and_that_it_is_not_advice(land, small):
    text = card_html(made(land, small, "open_gate"))
    for said in (
        "Counsel: <span",
        "01 January 2023",
        "edition",
        "Not legal advice",
        "Never write this down",
        '<html lang="en">',
        "The Land",
    ):
        assert said in text
    assert not re.search(r'(?:src|href)="(?!#)', text)


def test_what_a_law_file_says_cannot_break_the_card(small):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text().replace("A guest?", "'A <script>guest</script> #panic() $x$ \\ *?'") + IN_PLAY)
    law = small.authority("act", NORMS.replace("Keep guests", "Keep <b>#guests</b> $x$ @them")).law()
    one = card(law, "land", "letter", ON, small.root)
    assert "<script>guest" not in card_html(one) and "<b>#guests" not in card_html(one)
    pytest.importorskip("typst", reason="the extra `reports` is not installed")
    assert card_pdf(one).startswith(b"%PDF")


def test_a_topic_that_is_neither_action_nor_request_is_refused_with_near_misses(land, small):
    with pytest.raises(BrightlineError) as error:
        made(land, small, "lettre")
    assert (error.value.code, error.value.help) == ("unknown-action", "did you mean `letter`?")


def test_an_action_with_too_many_questions_is_refused_and_named_with_its_number(law):
    with pytest.raises(BrightlineError, match=r"`disclose_record` turns on (\d+) questions") as error:
        card(law, "us/mn/minneapolis/police", "disclose_record", date(2026, 1, 16), CORPUS)
    assert error.value.code == "card-too-long"
    one = card(law, "us/mn/minneapolis/police", "information", date(2026, 1, 16), CORPUS)
    long = next(t for t in one.turns if not t.questions)
    assert long.count > MOST_STEPS
    assert f"{long.count} questions: too many for this card" in card_html(one)


def test_a_pdf_without_typst_says_what_to_install(land, small, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(BrightlineError) as error:
        card_pdf(made(land, small, "letter"))
    assert error.value.code == "missing-extra"


@pytest.mark.parametrize(
    ("profile", "topic"),
    [
        ("us/tx/dallas/sheriff", "hold"),
        ("us/mn/minneapolis/police", "hold"),
        ("us/mn/minneapolis/police", "ask_status"),
    ],
)
def test_the_pdf_is_one_tagged_page_and_the_same_bytes_each_time(law, profile, topic):
    pytest.importorskip("typst", reason="the extra `reports` is not installed")
    one = card(law, profile, topic, date(2026, 1, 16), CORPUS)
    made = card_pdf(one)
    assert made == card_pdf(one)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made and b"/Lang" in made
    assert b"/MarkInfo" in made or b"/Marked true" in made
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_a_request_with_too_many_questions_for_one_page_names_the_longest_instead(law):
    pytest.importorskip("typst", reason="the extra `reports` is not installed")
    made = card_pdf(card(law, "us/tx/dallas/sheriff", "release_notice", date(2026, 1, 16), CORPUS))
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


OFFERED = """
offered:
- fact: paper
  says: a paper that this house takes
  values: {writ: guest, letter: guest or age < 18}
"""


def with_offers(small, norms):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + OFFERED)
    return small.authority("act", norms, extra="").law()


PAPERS = """
- {id: must, action: open_gate, modality: required, when: paper == writ, cites: § 2, says: Open for a writ.}
- {id: shut, action: open_gate, modality: prohibited, when: paper == letter and age < 18, cites: § 1, says: Never.}
"""


def test_a_card_names_only_the_values_that_the_vocabulary_offers_there_and_says_so(small):
    law = with_offers(small, PAPERS)
    castle = card(law, "land/castle", "open_gate", ON, small.root)
    assert [q.rows for q in castle.turns[0].questions if q.asks == "Which paper?"] == [
        (("none", "permitted"), ("letter", 2)),
    ]
    assert castle.presumed == ("paper: a paper that this house takes",)
    everywhere = card(law, "land", "open_gate", ON, small.root)
    assert [label for q in everywhere.turns[0].questions for label, _ in q.rows][:3] == ["none", "letter", "writ"]
    assert everywhere.presumed == ()


def test_a_card_for_a_paper_that_is_not_offered_there_is_still_the_card_of_that_paper(small):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + IN_PLAY)
    one = card(with_offers(small, PAPERS), "land/castle", "writ", ON, small.root)
    assert [(s.title, s.word) for s in one.settled] == [("Open gate", "required")]
    assert one.presumed == ()


def test_a_value_that_is_not_offered_may_still_be_stated_and_is_answered_as_the_law_says(small):
    law = with_offers(small, PAPERS)
    answers = answer(law, "land/castle", {"paper": "writ"}, on=ON, actions=["open_gate"]).answers
    assert answers[0].modality == "required"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("fact: paper", "fact: papers", "unknown-name"),
        ("fact: paper", "fact: guest", "unknown-name"),
        ("writ: guest", "writs: guest", "unknown-value"),
        ("writ: guest", "writ: gust", "unknown-name"),
        ("says: a paper that this house takes", "note: x", "unknown-field"),
    ],
)
def test_an_offer_that_names_what_is_not_there_is_refused(small, before, after, code):
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text() + OFFERED.replace(before, after))
    with pytest.raises(BrightlineError) as error:
        small.law()
    assert error.value.code == code
    assert error.value.where


def test_the_jobs_on_the_card_of_a_sheriff_are_those_of_a_sheriff(law):
    one = card(law, "us/tx/dallas/sheriff", "hold", date(2026, 11, 24), CORPUS)
    labels = {label for t in one.turns for q in t.questions for label, _ in q.rows}
    assert not any("judge" in label for label in labels)
    assert "actor role: a job that the agency has" in one.presumed
    assert any("ICE ERO, ICE HSI" in label for label in labels)
