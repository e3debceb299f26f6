"""A context looks where its scope says and no further, and each way to name one does what it says."""

import pytest
from smallpacks import scanner_of

from brightline.guard.contexts import REACH, Page


def pack(context, rule):
    return f"""
    contexts:
      near: {{why: near, {context}}}
      far: {{why: far, scope: passage, find: [distant]}}
    rules:
    - rule: mark
      label: status_number
      tier: probable
      why: a mark
      find: ["mark (?P<span>quux)(?: indeed)?"]
      {rule}
      hits: ["mark [[quux]]"]
    """


@pytest.fixture
def holds(tmp_path):
    """Whether a context holds round `quux` in a text."""

    def asked(context, text):
        scanner = scanner_of(tmp_path, pack(context, "needs: [near]"))
        return bool(scanner.scan(text))

    return asked


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ("match", "mark quux", "hint mark quux hint"),
        ("before 9", "hint mark quux", "mark quux hint"),
        ("after 9", "mark quux a hint", "hint mark quux"),
        ("around 9", "mark quux a hint", "mark quux a b c d e hint"),
        ("clause", "a hint, b hint mark quux, c", "a hint, b mark quux, hint"),
        ("clause", "hint - b hint mark quux", "hint -- b mark quux; hint"),
        ("clause", "a hint:b mark quux", "a hint) b mark quux? hint"),
        ("line", "hint. mark quux", "hint\nmark quux\nhint"),
        ("sentence", "A hint, mark quux.", "A hint. The mark quux. A hint."),
        ("sentence", "hint\nmark quux", "hint\n\nmark quux\n\nhint"),
        ("sentence", "A hint of Dr. Who, mark quux", "Name: hint\nOther: mark quux\nName: hint"),
        ("sentence", "A hint of the U.S. navy, mark quux", "- hint\n- mark quux\n- hint"),
        ("passage", "hint. A.\n\nB. mark quux", "hint\n\n\nmark quux\n \n \nhint"),
    ],
)
def test_a_scope_ends_where_it_says(holds, scope, inside, outside):
    word = "quux" if scope == "match" else "hint"
    assert holds(f"scope: {scope}, find: [{word}]", inside)
    assert not holds(f"scope: {scope}, find: [hint]", outside)


def test_the_scope_is_a_sentence_where_none_is_named(holds):
    assert holds("find: [hint]", "A hint, mark quux.") and not holds("find: [hint]", "A hint. The mark quux.")


@pytest.mark.parametrize("scope", sorted(REACH))
def test_a_scope_is_bounded_where_no_stop_comes(holds, scope):
    noise = "zzzz " * (REACH[scope] // 5)
    assert holds(f"scope: {scope}, find: [hint]", f"mark quux {noise[:-20]}hint")
    assert not holds(f"scope: {scope}, find: [hint]", f"mark quux {noise}zzzz hint")
    assert holds(f"scope: {scope}, find: [hint]", f"hint {noise[:-20]}mark quux")
    assert not holds(f"scope: {scope}, find: [hint]", f"hint zzzz {noise}mark quux")


@pytest.mark.parametrize(("n", "found"), [(2, False), (3, True), (6, True), (7, True)])
def test_a_word_that_the_scope_cuts_is_seen_whole(holds, n, found):
    assert holds(f"scope: after {n}, find: [hinting]", "mark quux  hinting") == found


def test_what_a_scope_cuts_off_is_not_taken_for_a_word(holds):
    assert not holds("scope: after 5, find: [hint]", "mark quux hinting")


def test_a_word_is_not_found_within_another_unless_edges_are_open(holds):
    assert not holds("find: [hint]", "A chint mark quux")
    assert holds("find: [hint], edges: open", "A chint mark quux")


def test_but_stops_a_context_in_its_own_scope_alone(holds):
    context = "scope: line, find: [hint], but: [no hint]"
    assert holds(context, "a hint mark quux")
    assert not holds(context, "a hint, no hint mark quux")
    assert holds(context, "no hint\na hint mark quux")


@pytest.mark.parametrize(
    ("rule", "text", "tier"),
    [
        ("needs: [near]", "hint mark quux", "probable"),
        ("needs: [near]", "mark quux", None),
        ("needs: [near, far]", "hint mark quux", None),
        ("needs: [near, far]", "distant hint mark quux", "probable"),
        ("needs: [[near, far]]", "distant. A mark quux", "probable"),
        ("needs: [[near, far]]", "mark quux", None),
        ("unless: [near]", "hint mark quux", None),
        ("unless: [near, far]", "distant. A mark quux", None),
        ("unless: [near]", "mark quux", "probable"),
        ("raise: [near]", "hint mark quux", "certain"),
        ("raise: [near, far]", "distant hint mark quux", "certain"),
        ("lower: [near]", "hint mark quux", "possible"),
        ("lower: [near, far]", "distant hint mark quux", "possible"),
        ("raise: [near], lower: [far]", "distant hint mark quux", "probable"),
        ("raise: [near], lower: [far]", "distant. A mark quux", "possible"),
    ],
)
def test_contexts_decide_whether_a_match_counts_and_how_sure_it_is(tmp_path, rule, text, tier):
    lines = rule.replace("], ", "]\n      ")
    found = scanner_of(tmp_path, pack("find: [hint]", lines)).scan(text, "possible")
    assert [f.tier for f in found] == ([tier] if tier else [])


def test_a_finding_names_what_raised_and_lowered_it(tmp_path):
    scanner = scanner_of(tmp_path, pack("find: [hint]", "raise: [near]\n      lower: [far]"))
    (found,) = scanner.scan("distant hint mark quux")
    assert (found.raised, found.lowered, found.rule) == (("near",), ("far",), "qq.mark")


def test_a_context_is_asked_once_for_each_stretch():
    page = Page(b"hint mark quux quux")
    assert page.scope("clause", 160, 10, 14) == page.scope("clause", 160, 15, 19) == (0, 19)
