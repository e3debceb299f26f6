"""The page on rule packs says what packs may hold, and its example holds."""

import re
from pathlib import Path

import pytest

from brightline.guard.compiled import MOST
from brightline.guard.contexts import REACH, SCOPES
from brightline.guard.finding import LABELS, TIERS
from brightline.guard.packfields import CONTEXT_FIELDS, FILE_FIELDS, RULE_FIELDS
from brightline.guard.packtest import failures
from brightline.guard.patterns import MANY
from brightline.guard.rulepack import read_packs
from brightline.guard.scanner import BLOCK, CROWD, Scanner

PAGE = (Path(__file__).parent.parent.parent / "docs" / "reference" / "guard-rules.md").read_text(encoding="utf-8")


def rows(heading):
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    first = re.findall(r"^\| (`[^|]*) \|", section[1], re.MULTILINE)
    return {word for row in first for word in re.findall(r"`(\w+)", row)}


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("A pack", FILE_FIELDS),
        ("Contexts", (*CONTEXT_FIELDS, *SCOPES)),
        ("Rules", RULE_FIELDS),
        ("Tiers", TIERS),
        ("What is masked", ("span", "value", "clause")),
    ],
)
def test_the_page_lists_every_word_that_a_pack_may_hold_and_no_other(heading, known):
    assert rows(heading) == set(known)


def test_the_page_names_every_label():
    assert not [label for label in LABELS if f"`{label}`" not in PAGE]


def test_the_whole_pack_of_the_page_holds_by_its_own_examples(tmp_path):
    (pack,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "contact.yaml").write_text(pack, encoding="utf-8")
    rules = read_packs([tmp_path])
    assert len(rules.rules) == 1 and rules.clean
    assert list(failures(Scanner(rules, "plain"))) == []


def test_the_page_says_how_far_each_scope_reaches_and_how_long_a_match_may_be():
    for scope, reach in REACH.items():
        (row,) = re.findall(rf"^\| `{scope}` \|.*$", PAGE.partition("## Rules")[0], re.MULTILINE)
        assert f"at most {reach}" in row
    assert f"a match of more than {MOST} characters" in PAGE and f"at most {MANY} times" in PAGE
    assert f"in blocks of {BLOCK:,} characters" in PAGE
    assert f"begin than {CROWD}, and one more for each {CROWD} characters" in PAGE
