"""Of findings that overlap one stays, in an order that is known, and nothing that would be masked is uncovered."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brightline.guard.finding import LABELS, TIERS, Finding
from brightline.guard.overlaps import apart

RULES = ("en.a", "en.b", "en.c", "en.d")
OVER = {"en.a": ("en.b",), "en.c": ("birthplace",), "en.d": ()}


def find(start, end, rule="en.d", tier="probable", label="status_number", hide=None):
    low, high = hide or (start, end)
    return Finding(start, end, label, tier, rule, "why", (), (), low, high)


@st.composite
def finding(draw):
    start, length = draw(st.integers(0, 40)), draw(st.integers(1, 12))
    more = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    return find(
        start,
        start + length,
        draw(st.sampled_from(RULES)),
        draw(st.sampled_from(TIERS)),
        draw(st.sampled_from(LABELS)),
        (max(0, start - more[0]), start + length + more[1]),
    )


MANY = st.lists(finding(), max_size=12)


@pytest.mark.parametrize(
    ("stays", "goes"),
    [
        (find(0, 5, tier="certain"), find(0, 9, tier="probable")),
        (find(0, 9), find(0, 5)),
        (find(0, 5, label="status_assertion"), find(2, 7, label="birthplace")),
        (find(0, 5), find(2, 7)),
        (find(3, 5, "en.a", "possible"), find(0, 9, "en.b", "certain")),
        (find(3, 5, "en.c", "possible"), find(0, 9, "en.d", "certain", "birthplace")),
    ],
    ids=["surer", "longer", "label", "earlier", "over a rule", "over a label"],
)
def test_of_two_that_overlap_this_one_stays(stays, goes):
    for found in itertools.permutations((stays, goes)):
        (kept,) = apart(found, OVER)
        assert (kept.start, kept.end, kept.rule, kept.tier) == (stays.start, stays.end, stays.rule, stays.tier)


def test_what_touches_does_not_overlap():
    both = (find(0, 5), find(5, 9))
    assert apart(both, OVER) == both


def test_what_is_kept_masks_what_the_other_would_have_masked():
    (kept,) = apart([find(5, 9, tier="certain"), find(3, 7, hide=(1, 12))], OVER)
    assert (kept.start, kept.end, kept.hide_start, kept.hide_end) == (5, 9, 1, 12)


def test_a_rule_does_not_beat_what_lies_beside_it():
    assert len(apart([find(0, 5, "en.a"), find(5, 9, "en.b"), find(9, 12, "en.b")], OVER)) == 3


def test_a_finding_beaten_by_one_that_is_beaten_itself_may_stay():
    # b loses to a; d overlaps b alone, and is surer than nothing that stays beside it.
    kept = apart([find(0, 4, "en.a"), find(3, 9, "en.b", "certain"), find(8, 12, "en.d", "possible")], OVER)
    assert [f.rule for f in kept] == ["en.a", "en.d"]


def test_two_rules_that_beat_each_other_leave_one():
    over = {"en.a": ("en.b",), "en.b": ("en.a",)}
    assert [f.rule for f in apart([find(0, 5, "en.a"), find(0, 9, "en.b")], over)] == ["en.b"]


@given(MANY)
def test_what_stays_is_in_order_and_apart_and_was_found(found):
    kept = apart(found, OVER)
    assert all(one.end <= other.start for one, other in itertools.pairwise(kept))
    known = {(f.start, f.end, f.rule, f.tier, f.label) for f in found}
    assert {(f.start, f.end, f.rule, f.tier, f.label) for f in kept} <= known
    assert bool(kept) == bool(found)


@given(MANY, st.randoms())
def test_the_order_in_which_rules_find_is_of_no_regard(found, rng):
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert apart(shuffled, OVER) == apart(found, OVER)


@given(MANY)
def test_what_stays_is_masked(found):
    assert all(f.hide_start <= f.start and f.end <= f.hide_end for f in apart(found, OVER))


@given(MANY, st.sampled_from([OVER, {}]))
@example([find(0, 3, tier="certain"), find(0, 4, "en.a", "possible"), find(3, 9, "en.b", "certain")], OVER)
def test_nothing_that_was_found_is_left_unmasked(found, over):
    masked = {at for f in apart(found, over) for at in range(f.hide_start, f.hide_end)}
    assert {at for f in found for at in range(f.start, f.end)} <= masked


@given(MANY)
def test_what_has_been_set_apart_stays_as_it_is(found):
    kept = apart(found, {})
    again = apart(kept, {})
    assert [(f.start, f.end, f.rule) for f in again] == [(f.start, f.end, f.rule) for f in kept]
