"""A packed population: written whole or not at all, never with what may not be kept, and refused when it is not whole."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec

import numpy as np
import pytest

from brightline.law.errors import BrightlineError
from brightline.replay.engine.columns import MODALITIES, Column, Columns, Question
from brightline.replay.engine.onebyone import answer_one_by_one
from brightline.replay.packed import packer as packing
from brightline.replay.packed.packer import Packer
from brightline.replay.packed.population import Packed

NUMBA = pytest.param(
    "numba", marks=[pytest.mark.slow, pytest.mark.skipif(find_spec("numba") is None, reason="numba is an extra")]
)
ON = date(2024, 1, 1)
NORMS = """
- {id: writ, action: open_gate, modality: required, when: paper == writ, cites: "1", says: Open it.}
- {id: guest, action: open_gate, modality: permitted, when: guest, cites: "2", says: Guests may come in.}
- {id: shut, action: open_gate, modality: prohibited, when: emergency or age < 18, cites: "3", says: Shut.}
"""
EXECUTORS = ["numpy", NUMBA]


@pytest.fixture
def law(small):
    return small.authority("book", NORMS).authority("later", NORMS.replace("18", "21"), since="2025-01-01").law()


@pytest.fixture
def place(tmp_path):
    """An empty folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def told(results):
    return [
        (MODALITIES[m], int(marks), r.norms[n])
        for r in results
        for m, marks, n in zip(r.modality, r.marks, r.norm, strict=True)
    ]


def some_columns(rows, seed=1):
    rng = np.random.default_rng(seed)
    return Columns(
        rows,
        {
            "paper": Column("paper", rng.integers(0, 3, rows).astype(np.uint8), rng.random(rows) < 0.9),
            "guest": Column("guest", rng.integers(0, 2, rows).astype(np.bool_)),
            "age": Column("age", rng.integers(0, 60, rows)),
        },
    )


def part(columns, start, stop):
    facts = {
        name: Column(name, c.values[start:stop], None if c.known is None else c.known[start:stop])
        for name, c in columns.facts.items()
    }
    return Columns(stop - start, facts)


def packed_in(path, law, *batches, **given):
    with Packer(path, law.vocabulary, **given) as packer:
        for batch in batches:
            packer.append(batch)
    return Packed(path)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_other_days_profiles_and_readings_are_asked_of_the_same_planes(place, law, executor):
    columns = some_columns(5000)
    packed = packed_in(place / "p", law, columns, cuts={"age": [18]})
    for profile, on in (("land", ON), ("land/castle", ON), ("land", date(2025, 6, 1)), ("land", date(2019, 1, 1))):
        question = Question(law, profile, on, ("open_gate", "write_down"), {"moat": "dry"})
        assert told(packed.answer(question, executor)) == told(answer_one_by_one(question, columns))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_rows_keep_their_order_over_batches_and_segments(place, law, executor, monkeypatch):
    monkeypatch.setattr(packing, "SEGMENT", 8192)
    columns = some_columns(20_000)
    batches = [part(columns, a, b) for a, b in ((0, 1), (1, 9000), (9000, 9001), (9001, 20_000))]
    packed = packed_in(place / "p", law, *batches)
    assert [s.rows for s in packed.directory.segments] == [8192, 8192, 3616]
    question = Question(law, "land", ON, ("open_gate",))
    assert told(packed.answer(question, executor)) == told(answer_one_by_one(question, columns))


def test_a_fact_may_come_and_go_from_batch_to_batch(place, law):
    one = Columns(2, {"age": Column("age", np.array([12, 30]))}, {"paper": "letter"})
    two = Columns(1, {"guest": Column("guest", np.array([1], np.uint8))})
    packed = packed_in(place / "p", law, one, two)
    question = Question(law, "land", ON, ("open_gate",))
    alone = [told(answer_one_by_one(question, each)) for each in (one, two)]
    assert told(packed.answer(question, "numpy")) == alone[0] + alone[1]


def test_numbers_keep_every_digit_so_that_any_cut_can_be_asked(place, small):
    cuts = (1, 2, 7, 8, 9, 1000, 999_999_999)
    norms = "".join(
        f"- {{id: below-{cut}, action: open_gate, modality: prohibited, when: age < {cut}, cites: '1', says: No.}}\n"
        for cut in cuts
    )
    law = small.authority("book", norms).law()
    ages = sorted({0, 999_999_999, *(cut + d for cut in cuts for d in (-1, 0, 1) if cut + d <= 999_999_999)})
    columns = Columns(len(ages), {"age": Column("age", np.array(ages))})
    question = Question(law, "land", ON, ("open_gate",))
    assert told(packed_in(place / "p", law, columns).answer(question)) == told(answer_one_by_one(question, columns))


@pytest.mark.parametrize("kind", ["column", "constant"])
def test_a_transient_fact_is_refused_and_leaves_nothing(place, law, kind):
    column = {"secret": Column("secret", np.ones(3, np.uint8))} if kind == "column" else {}
    constant = {"secret": True} if kind == "constant" else {}
    with pytest.raises(BrightlineError) as raised:
        packed_in(place / "p", law, some_columns(3), Columns(3, column, constant))
    assert raised.value.code == "transient-packed"
    assert list(place.iterdir()) == []


def test_values_of_rows_that_do_not_have_a_fact_are_not_kept(place, law):
    known = np.zeros(64, np.bool_)
    known[0] = True
    here = Columns(64, {"age": Column("age", np.full(64, 1023), known)})
    there = Columns(64, {"age": Column("age", np.where(known, 1023, 0), known)})
    packed_in(place / "here", law, here)
    packed_in(place / "there", law, there)
    assert (place / "here").read_bytes() == (place / "there").read_bytes()


def test_an_interrupted_packing_leaves_nothing_and_an_earlier_file_as_it_was(place, law):
    path = place / "p"
    packed_in(path, law, some_columns(10))
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), Packer(path, law.vocabulary) as packer:
        packer.append(some_columns(20))
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert list(place.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_refused(place, law):
    with pytest.raises(BrightlineError) as raised:
        Packer(place / "absent" / "p", law.vocabulary)
    assert raised.value.code == "unwritable"


def test_a_file_cut_anywhere_is_refused(place, law):
    path = place / "p"
    packed_in(path, law, some_columns(5000))
    whole = path.read_bytes()
    for length in (0, 10, 63, 64, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BrightlineError) as raised:
            Packed(path)
        assert raised.value.code == "packed-file"


def test_one_wrong_bit_anywhere_is_refused(place, law):
    path = place / "p"
    packed_in(path, law, some_columns(300))
    whole = path.read_bytes()
    question = Question(law, "land", ON, ("open_gate",))
    rng = np.random.default_rng(1)
    for at in [*rng.integers(0, len(whole), 80), 33, 41, 49]:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(damaged)
        if 56 <= at < 64:
            continue  # room in the head that means nothing
        with pytest.raises(BrightlineError) as raised:
            Packed(path).answer(question, "numpy")
        assert raised.value.code == "packed-file"


def test_a_foreign_file_or_none_is_refused(place):
    (place / "foreign").write_bytes(b"PAR1" * 100)
    with pytest.raises(BrightlineError, match="is not a packed population"):
        Packed(place / "foreign")
    with pytest.raises(BrightlineError) as raised:
        Packed(place / "absent")
    assert raised.value.code == "unreadable"


def test_another_vocabulary_is_refused_by_the_fact_that_changed(place, small):
    packed = packed_in(place / "p", small.authority("book", NORMS).law(), some_columns(10))
    path = small.root / "vocabulary.yaml"
    path.write_text(path.read_text().replace("[none, letter, writ]", "[none, writ, letter]"))
    with pytest.raises(BrightlineError) as raised:
        packed.answer(Question(small.law(), "land", ON, ("open_gate",)))
    assert raised.value.code == "packed-vocabulary"
    assert "`paper`" in str(raised.value)


def test_an_empty_population_has_no_answers(place, law):
    packed = packed_in(place / "p", law)
    question = Question(law, "land", ON, ("open_gate",))
    assert packed.rows == 0
    assert len(packed.answer(question)[0].modality) == 0
    assert sum(packed.count_all([question])[0][0].modality) == 0


def test_the_same_rows_are_the_same_file(place, law):
    packed_in(place / "a", law, some_columns(700))
    packed_in(place / "b", law, *(part(some_columns(700), a, a + 100) for a in range(0, 700, 100)))
    assert (place / "a").read_bytes() == (place / "b").read_bytes()
