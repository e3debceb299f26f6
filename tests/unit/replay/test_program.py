"""Circuits keep what they mean when they are made shorter, and a program gives what its circuit means."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.numpyexecutor import Bench
from brightline.replay.engine.program import program

NAMES = [f"x{i}" for i in range(5)]
EVERY = list(product((False, True), repeat=len(NAMES)))


def some_circuit(rng, gates):
    """A circuit and, beside each of its functions, the set of situations in which it is true."""
    circuit = Circuit()
    made = [(ALL, frozenset(EVERY))]
    made += [(circuit.input(name), frozenset(e for e in EVERY if e[i])) for i, name in enumerate(NAMES)]

    def one():
        ref, where = rng.choice(made)
        return (~ref, frozenset(EVERY) - where) if rng.random() < 0.5 else (ref, where)

    for _ in range(gates):
        (a, in_a), (b, in_b), (c, in_c) = one(), one(), one()
        made.append(
            rng.choice(
                (
                    (circuit.both(a, b), in_a & in_b),
                    (circuit.either(a, b), in_a | in_b),
                    (circuit.without(a, b), in_a - in_b),
                    (circuit.choose(c, a, b), (in_c & in_a) | (in_b - in_c)),
                    (circuit.several_of([a, b, c]), (in_a & in_b) | (in_a & in_c) | (in_b & in_c)),
                )
            )
        )
    return circuit, [one() for _ in range(5)]


def planes_of(names):
    """One word for each input: bit n is what situation n says."""
    return [
        np.array([sum(1 << n for n, e in enumerate(EVERY) if e[NAMES.index(name)])], dtype=np.uint64) for name in names
    ]


@pytest.mark.parametrize("seed", range(150))
def test_a_program_gives_what_its_circuit_means(seed):
    rng = random.Random(seed)
    circuit, wanted = some_circuit(rng, rng.randint(1, 60))
    found = program(circuit, [ref for ref, _ in wanted])
    outputs = Bench(found, 1).output_planes(planes_of(found.inputs), 1)
    for plane, (_, where) in zip(outputs, wanted, strict=True):
        expected = sum(1 << n for n, e in enumerate(EVERY) if e in where)
        assert (plane * (2**32 - 1) if isinstance(plane, bool) else int(plane[0]) & 2**32 - 1) == expected


def test_equal_parts_are_made_once_and_constants_fold_away():
    circuit = Circuit()
    a, b = circuit.input("a"), circuit.input("b")
    assert circuit.both(a, b) == circuit.both(b, a)
    assert circuit.both(a, ~a) == NONE
    assert circuit.either(a, ALL) == ALL
    assert circuit.both(a, circuit.both(a, b)) == circuit.both(a, b)
    assert circuit.both(a, ~circuit.both(~a, b)) == a
    assert circuit.choose(a, b, b) == b


def test_nothing_that_no_output_needs_is_in_a_program():
    circuit = Circuit()
    a, b, c = (circuit.input(name) for name in "abc")
    circuit.both(b, c)
    found = program(circuit, [circuit.both(a, b)])
    assert found.inputs == ("a", "b")
    assert len(found.steps) == 1
    assert found.registers == 0


def test_a_register_is_used_again_once_nothing_needs_it():
    circuit = Circuit()
    inputs = [circuit.input(f"i{n}") for n in range(40)]
    so_far = inputs[0]
    for one, two in zip(inputs[1::2], inputs[2::2], strict=False):
        both = circuit.both(so_far, one)
        so_far = circuit.choose(two, both, ~both)
    found = program(circuit, [so_far])
    assert len(found.steps) > 15
    assert found.registers <= 2


def test_a_long_chain_is_no_trouble():
    circuit = Circuit()
    so_far = circuit.input("start")
    for n in range(5000):
        so_far = circuit.both(so_far, circuit.input(n)) if n % 2 else circuit.either(so_far, circuit.input(n))
    assert program(circuit, [so_far]).steps


def test_the_listing_reads_as_a_person_would_write_it():
    circuit = Circuit()
    sealed, official, order = (circuit.input(n) for n in ("sealed", "official", "order"))
    found = program(circuit, [circuit.both(sealed, circuit.either(~official, circuit.both(order, official)))])
    assert found.listing(["closed"]) == "closed = sealed & (~official | order)"
    assert repr(found) == "Program(3 inputs, 1 steps over 3 operands, 0 registers)"


def test_a_table_may_leave_codes_open():
    circuit = Circuit()
    bits = [circuit.input(n) for n in "ab"]
    assert circuit.table(bits, [True, True, True]) == ALL
    assert circuit.table(bits, [False, True, False]) == bits[0]
