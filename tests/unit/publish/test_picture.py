"""The picture of an answer shows every question and every answer, and nothing lies on anything else."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from brightline.law.situation import situation
from brightline.publish.decision import decision
from brightline.publish.page import template
from brightline.publish.picture import MOST_NODES, picture
from brightline.publish.wording import Words

ON = date(2026, 1, 16)
SVG = "{http://www.w3.org/2000/svg}"


def pictures(law, profile):
    words = Words(law.vocabulary)
    found = situation(law, profile, {}, on=ON)
    for action in law.vocabulary.actions:
        one = decision(found, action)
        if 0 < len(one.steps) <= MOST_NODES:
            # The tests parse what this program has made itself.
            yield one, ElementTree.fromstring(picture(one, words, action, "p"))


@pytest.mark.parametrize("profile", ["us/mn/minneapolis/police", "us/tx/dallas/sheriff"])
def test_boxes_never_lie_on_each_other_and_the_picture_holds_them_all(law, profile):
    count = 0
    for one, root in pictures(law, profile):
        boxes = [
            tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
            for r in root.iter(f"{SVG}rect")
            if r.get("rx") == "4"
        ]
        count += len(boxes)
        assert len(boxes) == len(one.steps)
        width, height = float(root.get("width")), float(root.get("height"))
        for i, (x, y, w, h) in enumerate(boxes):
            assert x >= 0 and x + w <= width and y >= 0 and y + h <= height
            assert not [
                b for b in boxes[i + 1 :] if b[0] < x + w and x < b[0] + b[2] and b[1] < y + h and y < b[1] + b[3]
            ]
    assert count > 20


def test_the_picture_says_every_question_and_answer_in_words(law):
    for one, root in pictures(law, "us/tx/dallas/sheriff"):
        said = " ".join(
            "".join(t.itertext()) if len(t) == 0 else " ".join(s.text for s in t) for t in root.iter(f"{SVG}text")
        )
        for step in one.steps:
            assert law.vocabulary.facts[step.variable.name].question in said
        for word in one.answers:
            assert word in said


def test_the_picture_has_a_title_and_a_description_that_are_its_name(small):
    norms = "- {id: shut, action: open_gate, modality: prohibited, when: guest and secret, cites: § 1, says: A rule.}\n"
    law = small.authority("act", norms).law()
    root = ElementTree.fromstring(
        picture(decision(situation(law, "land", {}, on=ON), "open_gate"), Words(law.vocabulary), "A <title>", "one")
    )
    assert root.get("role") == "img"
    names = {e.get("id"): e.text for e in root if e.get("id")}
    assert root.get("aria-labelledby").split() == list(names) == ["one-title", "one-desc"]
    assert names["one-title"] == "A <title>"
    assert "never write it down" in "".join(root.itertext())


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return sum(
        w * (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4)
        for w, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True)
    )


@pytest.mark.parametrize("name", ["style.css", "card.css", "card.typ"])
def test_every_ink_has_a_contrast_of_seven_to_one(name):
    inks = dict(
        re.findall(
            r"(?:--)?(ink|soft|link|required|prohibited|permitted|unsettled): (?:rgb\(\")?(#[0-9a-f]{6})",
            template(name),
        )
    )
    assert {"required", "prohibited", "permitted", "unsettled"} <= set(inks)
    for paper in ("#ffffff", "#f0f3f7"):
        assert not [ink for ink, colour in inks.items() if (luminance(paper) + 0.05) / (luminance(colour) + 0.05) < 7]
