"""The corpus of chapters that the benchmark measures on: the same everywhere, and answered alike by every reading of it."""

import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def chapters():
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks import chapters

        return chapters
    finally:
        sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def law(chapters):
    return chapters.load(2)


def test_a_chapter_is_the_same_each_time_it_is_written(chapters, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        chapters.write_corpus(tmp_path / name, 2, chapters.BASE)
    files = [p.relative_to(tmp_path / "one") for p in sorted((tmp_path / "one").rglob("*.yaml"))]
    assert len(files) == 9
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_a_chapter_has_42_norms_over_11_shared_and_16_own_facts(chapters, law):
    stack = law.stack("archive", chapters.ON)
    assert {name: len(norms) for name, norms in stack.by_action.items()} == {
        "hand_over_000": 42,
        "hand_over_001": 42,
    }
    assert len(chapters.SHARED) == 11
    assert len(law.vocabulary.facts) == 11 + 2 * 16
    assert chapters.chapter(0) != chapters.chapter(1)


def test_the_versions_amend_as_many_norms_as_they_say(chapters):
    base = {(line.rank, line.name): line for line in chapters.chapter(0)}
    amended = {(line.rank, line.name): line for line in chapters.chapter(0, chapters.ONE_CHAPTER)}
    assert sum(amended.get(key) != line for key, line in base.items()) == 4
    assert len(chapters.one_percent(1).amended) == 1
    assert len(chapters.one_percent(100).amended) == 42


def test_charts_answer_as_the_naive_evaluator_on_random_cases(chapters, law):
    from brightline.law.evaluate import evaluate

    rng = random.Random(7)
    readings = {name: reading.default for name, reading in law.vocabulary.readings.items()}
    stack = law.stack("archive", chapters.ON)
    for action, norms in stack.by_action.items():
        chart = law.chart(stack, action)
        for _ in range(300):
            case = {
                v.name: rng.choice(law.vocabulary.facts[v.name].domain or range(400))
                for v in chart.variables
                if not v.is_reading
            }
            values = [v.position({**case, **readings}[v.name]) for v in chart.variables]
            expected = evaluate(norms, case, readings)
            found = chart.outcome_at(values)
            assert found.modality == expected.modality
            assert set(found.norms) <= set(expected.basis)
