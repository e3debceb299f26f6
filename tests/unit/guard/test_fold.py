import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightline.guard.fold import OTHER, fold, fold_pattern

_SIGNS = st.sampled_from(
    [
        "a",
        "é",
        "\u200b",
        "&amp;",
        "&#x41;",
        "&ngE;",
        "&",
        "\\u00e9",
        "\\u00",
        "\x00",
        "\U0001f600",
        "\ud800",
        "ß",
        " ",
        "n\u0303",
        "І",
    ]
)


@pytest.mark.parametrize(
    ("given_", "folded"),
    [
        ("inmigración", b"inmigracion"),
        ("ІСЕ", b"ICE"),
        ("I\u200bC\u200bE", b"ICE"),
        ("I\x00C\x00E", b"ICE"),
        ("n\u0303", b"n"),
        ("&eacute;l", b"el"),
        ("&#73;CE", b"ICE"),
        ("\\u00e9l", b"el"),
        ("‘papers’ – “no”", b"'papers' - \"no\""),
        ("¿tiene?", b"?tiene?"),
        ("a\u00a0b", b"a b"),
        ("ＩＣＥ", b"ICE"),
        ("𝐈𝐂𝐄", b"ICE"),
        ("漢", bytes([OTHER])),
    ],
)
def test_what_looks_alike_reads_alike(given_, folded):
    assert fold(given_).text == folded


def test_capitals_stay():
    assert fold("ICE ice Éa").text == b"ICE ice Ea"


def test_a_place_leads_back_over_what_was_left_out():
    text = "x&eacute;y\u200bz"
    folded = fold(text)
    assert folded.text == b"xeyz"
    assert [text[slice(*folded.back(at, at + 1))] for at in range(4)] == ["x", "&eacute;", "y", "z"]


@given(st.lists(_SIGNS, max_size=30))
def test_every_place_leads_back_into_the_text_in_order(signs):
    text = "".join(signs)
    folded = fold(text)
    places = [folded.back(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] or one == other for one, other in itertools.pairwise(places))
    assert folded.text.isascii()


@given(st.text(max_size=200))
def test_a_folded_text_holds_no_sign_that_the_engines_keep_for_themselves(text):
    assert not set(fold(text).text) & {0x00, 0x0B, 0x0C, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F}


@given(st.text(st.characters(exclude_characters="&\\"), max_size=200))
def test_one_byte_stands_for_each_character_that_is_not_dropped(text):
    folded = fold(text)
    assert len(folded.text) <= len(text)
    assert folded.is_shifted or len(folded.text) == len(text)
    kept = [text[slice(*folded.back(at, at + 1))] for at in range(len(folded.text))]
    assert all(len(sign) == 1 for sign in kept)
    assert "".join(fold(sign).text.decode() for sign in kept) == folded.text.decode()


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_characters="&\\\x00\xad"), max_size=200))
def test_letters_of_the_west_keep_their_places(text):
    folded = fold(text)
    assert not folded.is_shifted and len(folded.text) == len(text)
    assert len(text) < 2 or folded.back(0, len(text)) == (0, len(text))


@pytest.mark.parametrize("size", [4_095, 4_096, 4_097, 8_193])
def test_parts_that_are_read_together_join_without_a_seam(size):
    text = "é" * size + "\u200b" + "a" * size + "&eacute;" + "ñ"
    folded = fold(text)
    assert folded.text == b"e" * size + b"a" * size + b"en"
    assert folded.back(2 * size, 2 * size + 2) == (2 * size + 1, len(text))


@pytest.mark.parametrize(
    "said", ["&", "&&", "&;", "&amp", "&nosuch;", "&#;", "&#x;", "\\u", "\\u00g9", "\\x41", "\\", "&#99999999;"]
)
def test_what_is_no_escape_stays_as_it_is(said):
    folded = fold(said)
    assert folded.text.decode() == said and folded.back(0, len(said)) == (0, len(said))


@pytest.mark.parametrize(
    ("text", "part", "start", "end"),
    [
        ("&lt;b&gt; ICE", b"ICE", 10, 13),
        ("I\u200bC\u200bE.", b"ICE", 0, 5),
        ("\u200b\u200bICE\u200b", b"ICE", 2, 5),
        ("x&#73;CEy", b"ICE", 1, 8),
        ("\\u0049CE", b"ICE", 0, 8),
        ("n\u0303o", b"no", 0, 3),
        ("&fjlig;ord", b"fjord", 0, 10),
    ],
)
def test_a_passage_leads_back_with_what_was_left_out_within_it_and_not_beside_it(text, part, start, end):
    folded = fold(text)
    at = folded.text.index(part)
    assert folded.back(at, at + len(part)) == (start, end)


def test_a_pattern_is_folded_as_the_text_is():
    for sign in "éñÑІСЕ’“–¿ªŁß":
        text = fold(sign).text
        assert fold_pattern(sign).encode() == (b"" if text == bytes([OTHER]) else text)
    assert fold_pattern("漢") == fold_pattern("\u200b") == ""
