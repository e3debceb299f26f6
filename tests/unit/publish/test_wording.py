"""Names and conditions in words that a reader of the book knows."""

from __future__ import annotations

import pytest

from brightline.law.chart import Variable
from brightline.law.vocabularyfile import scope_at
from brightline.publish.wording import Words, listed


@pytest.fixture
def words(small):
    return Words(small.law().vocabulary, ["Ask the FBI or a U.S. court", "Is IT there? it is"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("open_gate", "open gate"),
        ("i247a_letter", "I-247A letter"),
        ("section_287g", "section 287(g)"),
        ("yields_to_s1373", "yields to § 1373"),
        ("fbi_us_court", "FBI U.S. court"),
        ("it", "it"),
    ],
)
def test_names_are_written_as_the_texts_write_them(words, name, shown):
    assert words.name(name) == shown


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ("guest", "guest"),
        ("not guest", "not guest"),
        ("paper == writ", "paper is writ"),
        ("paper != writ", "paper is not writ"),
        ("paper in [letter, writ]", "paper is letter or writ"),
        ("paper not in [letter, writ]", "paper is neither letter nor writ"),
        ("not paper == writ", "not: paper is writ"),
        ("age >= 18", "age is at least 18"),
        ("10 <= age <= 17", "age is between 10 and 17"),
        ("guest and (age < 18 or emergency)", "guest and (age is below 18 or emergency)"),
        ("not (guest or emergency)", "none of: guest; emergency"),
        ("not (guest and emergency)", "not all of: guest; emergency"),
    ],
)
def test_a_condition_reads_as_a_sentence(small, words, condition, shown):
    assert words.condition(condition, scope_at(small.law().vocabulary, "land")).plain() == shown


def test_a_range_of_numbers_joins_its_neighbours(words):
    age = Variable("age", False, (), (10, 18, 65), {})
    assert words.branch(age, (0,)) == "at most 9 years"
    assert words.branch(age, (1, 2)) == "10 to 64 years"
    assert words.branch(age, (0, 3)) == "at most 9 or 65 or more years"


def test_a_long_rest_is_anything_else_and_a_short_one_is_named(words):
    paper = Variable("paper", False, (("none",), ("letter",), ("writ",)), (), {"none": 0, "letter": 1, "writ": 2})
    assert words.branch(paper, (1, 2), is_rest=True) == "letter or writ"
    long = Variable("paper", False, (tuple("abcdef"),), (), {})
    assert words.branch(long, (0,), is_rest=True) == "anything else"
    assert words.branch(long, (0,)) == "a, b, c, d, e or f"


def test_a_list_ends_with_its_last_word():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "and")] == [
        "",
        "a",
        "a or b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ice_ero", "ICE ERO"),
        ("ice_hsi", "ICE HSI"),
        ("cbp", "CBP"),
        ("ncic_immigration_hit", "NCIC immigration hit"),
        ("fire_or_ems", "fire or EMS"),
        ("mn_hold_authority", "Minnesota hold authority"),
        ("or_consular_question", "Oregon consular question"),
        ("hold_fourth_amendment", "hold fourth amendment"),
        ("in_custody", "in custody"),
    ],
)
def test_the_shipped_names_have_the_capitals_and_places_that_a_reader_expects(law, name, shown):
    assert Words(law.vocabulary).name(name) == shown
