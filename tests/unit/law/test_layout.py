"""The canonical layout: it settles at once, changes no value, loses no comment, and quotes only where YAML must."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightline.law import layout
from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS
from brightline.law.corpusfiles import CORPUS
from brightline.law.errors import BrightlineError
from brightline.law.layout import formatted
from brightline.law.scalars import WIDTH, inline
from brightline.law.yamlfile import load_text

FILES = sorted(CORPUS.rglob("*.yaml"))


def typed(value: Any) -> Any:
    """A value in which 1, True and "1" differ, and the order of keys does not count."""
    if isinstance(value, dict):
        return {key: typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [typed(part) for part in value]
    return type(value).__name__, str(value)


def whole_line_comments(text: str) -> list[str]:
    return sorted(line.strip(" ") for line in text.split("\n") if line.strip(" ").startswith("#"))


def laid_out(text: str) -> str:
    found = formatted(text, "f")
    assert typed(load_text(found, "f")) == typed(load_text(text, "f"))
    assert formatted(found, "f") == found
    return found


LAW = """\
authority: us/x
norms:
- {id: a, says: "One.", action: [b, c], in_force: {from: 2025-01-01}}
- says: Two.
  id: b
title: "X"
"""


def test_a_law_file_gets_its_keys_in_order_and_a_blank_line_before_each_norm_but_the_first():
    assert laid_out(LAW) == (
        "authority: us/x\ntitle: X\n\nnorms:\n"
        "  - id: a\n    action: [b, c]\n    in_force: {from: 2025-01-01}\n    says: One.\n\n"
        "  - id: b\n    says: Two.\n"
    )


def test_a_scenario_file_gets_its_keys_in_order_and_a_blank_line_between_cases():
    text = "- {expect: permitted, id: a, facts: {x: true, y: 3}, zeal: 1}\n- {id: b, accept: [{reason: r, answer: a}], decides: [n]}\n"
    assert laid_out(text) == (
        "- id: a\n  facts: {x: true, y: 3}\n  expect: permitted\n  zeal: 1\n\n"
        "- id: b\n  accept:\n    - reason: r\n      answer: a\n  decides: [n]\n"
    )


def test_a_mapping_too_long_for_one_line_is_written_a_key_a_line():
    facts = {f"fact_number_{n}": "value" for n in range(8)}
    found = laid_out(f"- id: a\n  facts: {inline(facts)}\n")
    assert found.startswith("- id: a\n  facts:\n    fact_number_0: value\n    fact_number_1: value\n")


def test_a_long_text_is_folded_plain_under_its_key():
    says = "A jail may not keep someone past release on a detainer alone, " * 4
    lines = laid_out(f'authority: us/x\nnorms:\n- id: a\n  says: "{says.strip()}"\n').splitlines()[3:]
    assert lines[1].startswith("    says: A jail may not")
    assert all(line.startswith("      ") and len(line) <= WIDTH for line in lines[2:])
    assert not any('"' in line for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(CORPUS).as_posix())
def test_every_shipped_file_keeps_its_meaning_and_settles_at_once(path):
    text = path.read_text(encoding="utf-8")
    found = laid_out(text)
    assert whole_line_comments(found) == whole_line_comments(text)
    assert "@" in path.name or found == text


@pytest.mark.parametrize(
    "text", ["jurisdiction: us/mn\n# c\nfacts: []   # x\n", "", "# only a comment\n", "a word\n", "[]\n", "- a\n- b\n"]
)
def test_text_that_is_neither_law_nor_scenarios_comes_back_as_it_is(text):
    assert formatted(text, "f") == text


@pytest.mark.parametrize("word", [
    "yes", "no", "on", "off", "true", "null", "~", "12", "0x1f", "1_000", "1.5", ".inf", "2025-02-06", "12:30", "=", "<<", "",
    " a", "a ", "a: b", "a #b", "a:", "- a", "-a", "? a", "[a", "{a", "'a", '"a', "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a",
    "...", "--- a", "a\nb", "a\n", "\ta", "a\tb", "\x85", "\u2028", "\ufeff", "\x00", "\x7f", 'a"b: c', "\U0001f512: x",
])  # fmt: skip
def test_a_text_that_plain_yaml_would_misread_is_quoted(word):
    quoted = inline([word])
    assert quoted.startswith('["')
    text = f"authority: us/x\ntitle: {inline(word)}\nnote: {quoted}\n{inline(word or 'x')}: 1\n"
    assert load_text(laid_out(text), "f")["title"] == word


@pytest.mark.parametrize(
    "word", ["Minn. Stat. §§ 629.30, 629.34", "a:b", "a#b", "it's", 'say "no"', "a - b", "don't (at all)", "a\\b", "Æ"]
)
def test_a_text_that_plain_yaml_reads_rightly_is_not_quoted(word):
    assert f"title: {word}\n" in laid_out(f"authority: us/x\ntitle: {inline(word)}\n")


COMMENTED = """\
# about the file
authority: us/x
# about the norms
norms:
  # about a
  - id: a
    # about the words
    # in two lines
    says: One.
    reading: {x: y,
      # about z
      z: w}
    # about b
  - says: Two.
    # about the id
    id: b
title:
  # about the title
  X
# the end
"""


def test_a_comment_stays_with_the_line_that_follows_it():
    assert laid_out(COMMENTED) == (
        "# about the file\nauthority: us/x\n# about the title\ntitle: X\n\n# about the norms\nnorms:\n"
        "  # about a\n  - id: a\n    reading:\n      x: y\n      # about z\n      z: w\n"
        "    # about the words\n    # in two lines\n    says: One.\n\n"
        "  # about b\n  # about the id\n  - id: b\n    says: Two.\n# the end\n"
    )


@pytest.mark.parametrize("text, line", [
    ("authority: us/x  # why\n", 1),
    ("authority: us/x\nnote: >- # why\n  words\n", 2),
    ("authority: us/x\nnorms: # why\n- id: a\n", 2),
    ("authority: us/x\nnorms:\n- # why\n  id: a\n", 3),
    ("--- # why\nauthority: us/x\n", 1),
    ('authority: us/x\nnote: "a # b" # why\n', 2),
    ("authority: us/x\r\nnote: [a,#b\r\n  c]\r\n", 2),
])  # fmt: skip
def test_a_comment_beside_content_is_refused_with_its_line(text, line):
    with pytest.raises(BrightlineError) as caught:
        formatted(text, "f")
    assert (caught.value.code, caught.value.where) == ("comment", f"f:{line}")
    assert "own line" in caught.value.help


def test_a_hash_inside_a_text_is_no_comment():
    text = "authority: us/x#y\nnote: \"a\n  # b\"\ncitation: |\n  # c\n  d\n# real\ntitle: '#e'\n"
    assert whole_line_comments(laid_out(text)) == ["# real"]


def test_a_byte_order_mark_does_not_shift_the_comments():
    assert formatted("\ufeff# c\nauthority: us/x\n", "f") == "# c\nauthority: us/x\n"


@pytest.mark.parametrize(
    "text", ["authority: [", "authority: us/x\nauthority: us/y\n", "authority: &a x\n", "authority: us/x\nnote: *a\n"]
)
def test_text_that_cannot_be_read_is_refused(text):
    with pytest.raises(BrightlineError) as caught:
        formatted(text, "f")
    assert caught.value.code == "yaml"


def test_a_key_too_long_for_one_line_is_refused():
    with pytest.raises(BrightlineError) as caught:
        formatted(f"authority: us/x\n? {'k' * 2000}\n: 1\n", "f")
    assert caught.value.code == "layout"


def test_a_layout_that_would_lose_a_comment_or_a_value_is_refused(monkeypatch):
    monkeypatch.setattr(layout, "text_lines", lambda head, value, indent: iter([f"{head} other"]))
    with pytest.raises(BrightlineError) as caught:
        formatted("authority: us/x\n", "f")
    assert caught.value.code == "layout"


NASTY = st.one_of(
    st.text(),
    st.text(alphabet=" :#-[]{},'\"\\\n\t&*!|>?%@`~=<.0123456789aeynos\x85\u2028\ufeff\xa0", max_size=30),
    st.sampled_from(["yes", "null", "1e3", "2025-02-30", "0o7", "1:30", "# x", "a: # b", "---", "\U0001f512"]),
    st.lists(st.text(alphabet=string.ascii_letters + ":#- §", max_size=9), max_size=60).map(" ".join),
)
SCALARS = st.one_of(
    NASTY, st.booleans(), st.none(), st.integers(-(10**20), 10**20), st.dates(), st.datetimes(timezones=st.none())
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4), max_leaves=12
)
COMMENTS = st.lists(
    st.text(alphabet=string.printable, max_size=20).map(lambda t: "# " + " ".join(t.split())), max_size=2
)


def rows(fields: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(fields) | NASTY, VALUES, max_size=6)


@st.composite
def law_texts(draw) -> tuple[str, list[str]]:
    """An authority file written carelessly: keys in any order, texts in double quotes, comments between keys."""
    comments: list[str] = []

    def block(row: dict[str, Any], pad: str) -> list[str]:
        lines = []
        for key, value in row.items():
            above = [c.strip() for c in draw(COMMENTS)]
            comments.extend(above)
            lines += [f"{pad}{c}" for c in above] + [f"{pad}{inline([key])[1:-1]}: {inline(value)}"]
        return lines

    lines = block({**draw(rows(AUTHORITY_FIELDS)), "authority": draw(NASTY)}, "")
    norms = draw(st.lists(rows(NORM_FIELDS).filter(bool), max_size=3))
    lines = [line for line in lines if not line.startswith("norms:")]
    if norms:
        lines.append("norms:")
    for norm in norms:
        lines += ["  -", *block(norm, "      ")]
    return "\n".join(lines) + "\n", comments


@settings(max_examples=200)
@given(law_texts())
def test_any_authority_file_keeps_its_values_and_comments_and_settles_at_once(drawn):
    text, comments = drawn
    try:
        before = load_text(text, "f")
    except BrightlineError:
        return
    found = formatted(text, "f")
    assert typed(load_text(found, "f")) == typed(before)
    assert formatted(found, "f") == found
    assert set(comments) <= set(whole_line_comments(found))


@settings(max_examples=200)
@given(st.text(alphabet="ab:#-[]{},'\"\\\n |>?&! ", max_size=60))
def test_any_text_is_laid_out_with_the_same_meaning_or_refused(tail):
    text = f"authority: us/x\n{tail}"
    try:
        found = formatted(text, "f")
    except BrightlineError:
        return
    assert typed(load_text(found, "f")) == typed(load_text(text, "f"))
    assert formatted(found, "f") == found


def test_dates_times_and_numbers_stay_what_they_are():
    found = laid_out(
        "- id: a\n  as_of: 2025-01-01\n  facts: {at: 2026-01-16T18:05:00-06:00, n: 0012, m: +3, b: No, e: , f: 0x1F}\n"
    )
    assert 'facts: {at: 2026-01-16T18:05:00-06:00, n: 12, m: 3, b: false, e: null, f: "0x1F"}' in found
    assert load_text(found, "f")[0]["as_of"] == date(2025, 1, 1)


def test_a_key_that_starts_with_a_hard_space_and_a_hash_is_no_comment():
    assert laid_out("authority: us/x\nnorms:\n- \xa0#: 1\n").endswith("  - \xa0#: 1\n")
