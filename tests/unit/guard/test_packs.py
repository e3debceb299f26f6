"""The packs that ship: without faults, each rule with examples, and every example holds."""

import functools

import pytest

from brightline.guard.packtest import failures
from brightline.guard.rulepack import SHIPPED, read_packs
from brightline.guard.scanner import Scanner

LANGUAGES = sorted(path.name for path in SHIPPED.iterdir() if path.is_dir() and any(path.glob("*.yaml")))


@functools.cache
def read():
    faults = []
    return read_packs([SHIPPED], faults), faults


@functools.cache
def scanner():
    return Scanner(read()[0])


def test_english_spanish_and_what_is_the_same_everywhere_ship():
    assert {"any", "en", "es"} <= set(LANGUAGES)
    assert {rule.name.partition(".")[0] for rule in read()[0].rules} == set(LANGUAGES)


def test_no_shipped_pack_has_a_fault():
    assert [str(fault) for fault in read()[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_rule_of_a_language_holds_by_its_examples(language):
    names = frozenset(rule.name for rule in read()[0].rules if rule.name.startswith(f"{language}."))
    told = [f"{f.where}: {f.rule} {f.message}: {f.text}" for f in failures(scanner(), names)]
    assert names and not told, f"{len(told)} examples do not hold\n" + "\n".join(told[:20])


def test_no_shipped_rule_reports_in_a_clean_text():
    clean = read()[0].clean
    found = scanner().scan_many([example.text for example in clean])
    told = [f"{e.where}: {f.rule}: {e.text}" for e, each in zip(clean, found, strict=True) for f in each]
    assert clean and not told, f"{len(told)} findings in clean texts\n" + "\n".join(told[:20])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_rule_has_texts_to_find_and_most_have_texts_to_leave(language):
    rules = [rule for rule in read()[0].rules if rule.name.startswith(f"{language}.")]
    assert not [rule.name for rule in rules if not rule.hits]
    assert sum(bool(rule.misses) for rule in rules) > len(rules) / 2


def test_every_context_of_the_shipped_packs_says_what_it_is():
    assert not [context.parts[0].where for context in read()[0].contexts.values() if not context.why]
