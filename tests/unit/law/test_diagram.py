"""Diagrams asked with partly known values: what each way of asking says is what trying every value says."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest

from brightline.law.diagram import FALSE, TRUE, UNDECIDED, Diagram, outcome
from brightline.law.layers import met, overlaid
from brightline.law.question import gains
from brightline.law.rewrite import Rewrite
from brightline.law.ways import Known, ways

SIZES = (2, 3, 2, 4, 2)


def random_node(rng, diagram, terminals):
    """A diagram over all variables with terminals at random."""
    node = rng.choice(terminals)
    for _ in range(6):
        variable = rng.randrange(len(SIZES))
        condition = diagram.literal(variable, [v for v in range(SIZES[variable]) if rng.random() < 0.5])
        other = diagram.literal(rng.randrange(len(SIZES)), [0])
        node = diagram.select(diagram.both(condition, diagram.opposite(other)), rng.choice(terminals), node)
    return node


def random_possible(rng):
    return [sorted(rng.sample(range(size), rng.randint(1, size))) for size in SIZES]


@pytest.mark.parametrize("seed", range(40))
def test_sole_is_the_one_terminal_that_every_possible_value_leads_to(seed):
    rng = random.Random(seed)
    diagram = Diagram(SIZES)
    node, possible = random_node(rng, diagram, [outcome(k) for k in range(3)]), random_possible(rng)
    reached = {diagram.at(node, values) for values in product(*possible)}
    assert diagram.reach(node, possible) == reached
    assert diagram.sole(node, possible) == (reached.pop() if len(reached) == 1 else None)


@pytest.mark.parametrize("seed", range(40))
def test_a_narrowed_diagram_says_the_same_and_keeps_only_what_matters(seed):
    rng = random.Random(seed)
    diagram = Diagram(SIZES)
    node, possible = random_node(rng, diagram, [outcome(k) for k in range(3)]), random_possible(rng)
    left, root = diagram.narrowed(node, possible)
    places = [range(len(values)) for values in possible]
    said = {
        place: diagram.at(node, [values[i] for values, i in zip(possible, place, strict=True)])
        for place in product(*places)
    }
    assert all(left.at(root, place) == terminal for place, terminal in said.items())
    turned_on = {
        number for number in range(len(SIZES)) for place in said for i in places[number]
        if said[place] != said[(*place[:number], i, *place[number + 1 :])]
    }  # fmt: skip
    assert set(left.variable) == turned_on


@pytest.mark.parametrize("seed", range(40))
def test_the_ways_hold_every_change_that_settles_another_terminal(seed):
    """With single changes first, a change that settles something lies on a way, or its parts on a way each."""
    rng = random.Random(seed)
    diagram = Diagram(SIZES)
    node, possible = random_node(rng, diagram, [outcome(k) for k in range(3)]), random_possible(rng)
    stays = diagram.sole(node, possible)
    if stays is None:
        return
    settled = {
        tuple(zip(chosen, positions, strict=True))
        for most in (1, 2)
        for chosen in combinations(range(len(SIZES)), most)
        for positions in product(*([p for p in range(SIZES[i]) if p not in possible[i]] for i in chosen))
        if diagram.sole(node, [(dict(zip(chosen, positions, strict=True)).get(i, None),) if i in chosen else p for i, p in enumerate(possible)])
        not in (None, stays)
    }  # fmt: skip
    known: Known = {}
    assert {way for way in ways(diagram, node, possible, range(len(SIZES)), 1, known) if len(way) > 1} == set()
    found = ways(diagram, node, possible, range(len(SIZES)), 2, known)
    assert found == ways(diagram, node, possible, range(len(SIZES)), 2, {})
    single = {way for way in found if len(way) == 1}
    for change in settled:
        parts_settle = any((part,) in settled for part in change)
        assert (len(change) == 2 and parts_settle) or change in found or all((part,) in single for part in change)


def test_layers_decide_from_the_top():
    rng = random.Random(3)
    diagram = Diagram(SIZES)
    for _ in range(40):
        layers = [random_node(rng, diagram, [outcome(k), UNDECIDED]) for k in range(5)] + [outcome(9)]
        over = overlaid(diagram, layers)
        for values in product(*map(range, SIZES)):
            said = [diagram.at(layer, values) for layer in layers]
            assert diagram.at(over, values) == next(terminal for terminal in said if terminal != UNDECIDED)


def test_of_two_layers_the_one_that_decides_counts_and_where_both_do_what_is_said_of_both():
    rng = random.Random(5)
    diagram = Diagram(SIZES)
    for _ in range(40):
        left, right = (random_node(rng, diagram, [outcome(k), UNDECIDED]) for k in (0, 1))
        joint = met(diagram, left, right, lambda a, b: outcome(7))
        for values in product(*map(range, SIZES)):
            said = {diagram.at(layer, values) for layer in (left, right)} - {UNDECIDED}
            expected = UNDECIDED if not said else outcome(7) if len(said) == 2 else said.pop()
            assert diagram.at(joint, values) == expected


@pytest.mark.parametrize("seed", range(40))
def test_sets_are_joined_met_and_told_apart_as_their_situations_are(seed):
    rng = random.Random(seed)
    diagram = Diagram(SIZES)
    sets = [random_node(rng, diagram, [TRUE, FALSE]) for _ in range(3)]
    inside = {v: [diagram.at(s, v) == TRUE for s in sets] for v in product(*map(range, SIZES))}
    union, unlike = diagram.union(sets), diagram.unequal(sets[0], sets[1])
    both, either = diagram.both(*sets[:2]), diagram.either(*sets[:2])
    for values, (first, second, third) in inside.items():
        assert (diagram.at(union, values) == TRUE) == (first or second or third)
        assert (diagram.at(both, values) == TRUE) == (first and second)
        assert (diagram.at(either, values) == TRUE) == (first or second)
        assert (diagram.at(unlike, values) == TRUE) == (first != second)
    assert diagram.meets(sets) == any(map(all, inside.values()))
    fixed = {1: 2, 3: 0}
    assert diagram.meets(sets, fixed) == any(all(i) for v, i in inside.items() if v[1] == 2 and v[3] == 0)
    possible = random_possible(rng)
    assert diagram.always(union, possible) == all(diagram.at(union, v) == TRUE for v in product(*possible))


@pytest.mark.parametrize("seed", range(40))
def test_a_rewritten_diagram_says_what_it_says_with_variables_fixed_or_gone(seed):
    rng = random.Random(seed)
    diagram = Diagram(SIZES)
    fix, leave = Rewrite(diagram, {0: 1, 3: 2}), Rewrite(diagram, gone=[1, 4])
    for _ in range(3):  # one rewrite serves several diagrams
        node, some = random_node(rng, diagram, [outcome(k) for k in range(3)]), random_node(rng, diagram, [TRUE, FALSE])
        renamed = diagram.map_outcomes(node, lambda t: TRUE if t == outcome(1) else FALSE)
        assert fix(node) == diagram.restrict(node, {0: 1, 3: 2})
        for values in product(*map(range, SIZES)):
            assert diagram.at(fix(node), values) == diagram.at(node, [1, *values[1:3], 2, values[4]])
            assert (diagram.at(renamed, values) == TRUE) == (diagram.at(node, values) == outcome(1))
            others = ([values[0], b, *values[2:4], e] for b, e in product(range(SIZES[1]), range(SIZES[4])))
            assert (diagram.at(leave(some), values) == TRUE) == any(diagram.at(some, v) == TRUE for v in others)


def test_a_gain_is_the_expected_loss_of_entropy(law):
    """Against the definition, by counting every situation of a small chart."""
    from datetime import date
    from math import log2, prod

    def entropy(words):
        return -sum(words.count(w) / len(words) * log2(words.count(w) / len(words)) for w in set(words))

    checked = 0
    stack = law.stack("us/mn", date(2026, 6, 1))
    for action in stack.by_action:
        chart = law.chart(stack, action)
        sizes = [v.size for v in chart.variables]
        if prod(sizes) > 3000:
            continue
        worlds = list(product(*map(range, sizes)))
        words = [chart.outcome_at(w).modality for w in worlds]
        found = gains(chart, [range(size) for size in sizes])
        for i, variable in enumerate(chart.variables):
            parts = [
                [word for world, word in zip(worlds, words, strict=True) if world[i] == k] for k in range(sizes[i])
            ]
            expected = entropy(words) - sum(entropy(part) for part in parts) / sizes[i]
            assert found.get(variable.name, 0.0) == pytest.approx(expected, abs=1e-9)
            checked += 1
    assert checked > 10


def test_true_and_false_are_not_outcomes():
    assert len({TRUE, FALSE, UNDECIDED, outcome(0), outcome(1)}) == 5
