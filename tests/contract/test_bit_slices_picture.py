"""The picture of the bit-slices is right: its bits are those of its columns, and its instructions give its answers."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

PICTURE = Path(__file__).parent.parent.parent / "docs" / "images" / "bit-slices.svg"
SVG = "{http://www.w3.org/2000/svg}"


def drawn():
    """The columns, and the rows of bits by their labels."""
    texts = [(int(float(t.get("y"))), t.get("class"), t.text) for t in ElementTree.parse(PICTURE).iter(f"{SVG}text")]
    cells = {y: [t for at, kind, t in texts if at == y and kind == "cell"] for y in sorted({y for y, _, _ in texts})}
    columns = [row for row in cells.values() if row]
    planes = {
        label: [int(t) for at, kind, t in texts if at == y and kind in ("on", "off")]
        for y, kind, label in texts
        if kind == "label"
    }
    return columns, {label: bits for label, bits in planes.items() if bits}


def test_the_planes_are_the_bits_of_the_columns():
    (papers, warrants), planes = drawn()
    number = {"none": 0, "detainer": 1, "writ": 2}
    assert planes["paper, low bit"] == [number[p] & 1 for p in papers]
    assert planes["paper, high bit"] == [number[p] >> 1 for p in papers]
    assert planes["judge's warrant"] == [int(w == "yes") for w in warrants]


def test_the_instructions_give_the_answers_that_are_drawn():
    (papers, _), planes = drawn()
    bits = zip(planes["paper, low bit"], planes["paper, high bit"], planes["judge's warrant"], strict=True)
    detainer = [low & ~high & 1 for low, high, _ in bits]
    assert planes["a detainer"] == detainer == [int(p == "detainer") for p in papers]
    assert planes["hold required"] == planes["judge's warrant"]
    assert planes["hold prohibited"] == [a & ~w & 1 for a, w in zip(detainer, planes["judge's warrant"], strict=True)]
    answers = zip(*(planes[f"hold {word}"] for word in ("required", "prohibited", "permitted")), strict=True)
    assert all(sum(one) == 1 for one in answers)


def test_the_picture_says_in_words_what_it_shows():
    text = PICTURE.read_text(encoding="utf-8")
    assert re.search(r'role="img" aria-labelledby="title desc"', text)
    assert len(re.search(r"<desc[^>]*>(.*?)</desc>", text)[1]) > 100
