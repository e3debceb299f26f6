"""Few that see what all see."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from brightline.law.fewest import fewest

SEEN = st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.integers(0, 6)), max_size=6)


@given(SEEN, st.integers(0, 3))
def test_few_see_all_and_none_of_them_is_needless(seen, base):
    costs = {name: (ord(name) + base) % 4 for name in seen}
    few = fewest(seen, costs)
    everything = frozenset().union(*seen.values())
    assert frozenset().union(*(seen[name] for name in few)) == everything
    for fewer in combinations(few, max(0, len(few) - 1)):
        assert not few or frozenset().union(*(seen[name] for name in fewer)) != everything


def test_one_that_sees_most_is_left_out_again_where_two_others_see_it_all():
    seen = {"most": {1, 2, 3, 4}, "left": {1, 2, 5}, "right": {3, 4, 6}}
    assert fewest(seen, dict.fromkeys(seen, 1)) == ["left", "right"]


def test_of_two_that_see_the_same_the_one_with_fewer_facts_is_kept():
    seen = {"long": {1, 2}, "short": {1, 2}, "other": {3}}
    assert fewest(seen, {"long": 3, "short": 1, "other": 1}) == ["short", "other"]
    assert fewest(seen, {"long": 1, "short": 1, "other": 1}) == ["long", "other"]
