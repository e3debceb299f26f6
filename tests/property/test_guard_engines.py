"""The three engines find the same, and no finding depends on what is left out of a text."""

import functools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightline.guard.rulepack import SHIPPED, read_packs
from brightline.guard.scanner import BLOCK, Scanner


@functools.cache
def rules():
    return read_packs([SHIPPED])


@functools.cache
def scanner(engine):
    return Scanner(rules(), engine)


@functools.cache
def pieces():
    texts = [e.text for rule in rules().rules for e in rule.hits + rule.misses]
    return texts, [word for text in texts for word in text.split()]


@st.composite
def noisy(draw):
    """Parts of examples in any order, with blanks, line breaks and signs between them."""
    rng = random.Random(draw(st.integers(0, 1 << 30)))
    texts, words = pieces()
    parts = [rng.choice(texts) if rng.random() < 0.2 else rng.choice(words) for _ in range(draw(st.integers(1, 30)))]
    return "".join(part + rng.choice([" ", "  ", "\n", ", ", "\n\n", "\u200b ", " (", ") ", "-", ""]) for part in parts)


@settings(max_examples=40, deadline=None)
@given(noisy())
@pytest.mark.parametrize("engine", ["hyperscan", "re2"])
def test_an_engine_finds_what_the_plain_one_finds(engine, text):
    assert scanner(engine).scan(text, "possible") == scanner("plain").scan(text, "possible")


def test_every_example_is_judged_alike_by_every_engine():
    texts, _ = pieces()
    texts = random.Random(5).sample(texts, min(120, len(texts)))
    plain = [scanner("plain").scan(text, "possible") for text in texts]
    assert [scanner("re2").scan(text, "possible") for text in texts] == plain
    assert scanner("hyperscan").scan_many(texts, "possible") == plain
    assert any(plain)


def test_a_match_across_the_edge_of_a_block_is_found_by_every_engine():
    texts, _ = pieces()
    text = next(t for t in texts if scanner("plain").scan(t))
    (first, *_) = scanner("plain").scan(text)
    for shift in (-1, 0, 1, 7):
        # Numbers that say nothing, so that the telling words straddle the edge.
        long = ("0 " * BLOCK)[: BLOCK - (first.start + first.end) // 2 + shift] + "\n\n\n" + text
        found = [scanner(e).scan(long) for e in ("plain", "re2", "hyperscan")]
        assert found[0] and found[0] == found[1] == found[2]


def test_a_crowded_text_is_masked_whole_by_every_engine():
    text = "He was arrested by ICE. " * 4_000
    for engine in ("re2", "hyperscan"):
        found = scanner(engine).scan(text)
        assert {f.rule for f in found} == {"any.crowded"}
        assert found[0].start == 0 and found[-1].end == len(text)
