"""Many requests at once: Brightline's bit-slices beside other engines on the same policy and the same rows.

Times are the processor time of this process, the least of the rounds, in which the engines take turns. First it is
checked that every engine names the same norm for every row; the packed population must give the same answers too.
`python -m benchmarks.replay` runs this part alone; `--rows` and `--growth` choose how many rows.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import policy
from benchmarks.chapters import BASE, action, write_corpus
from benchmarks.columnengines import (
    BrightlineColumns,
    DuckCase,
    FiscaColumns,
    NumpySelect,
    OneAtATime,
    PolarsWhen,
    Scan,
    as_columns,
    norm_numbers,
    raw_columns,
)
from benchmarks.engines import Cedar, Zen
from benchmarks.policy import ACTION, BOOLS, ENUMS, INTS, NORMS, ON, PROFILE, SEED, load
from benchmarks.report import Report
from brightline.law.chart import variables_of
from brightline.law.corpusfiles import read_law
from brightline.law.library import Law
from brightline.replay.engine.columns import Columns, Question, Result
from brightline.replay.engine.compiled import Compiled, empty_results, shape_of
from brightline.replay.engine.compiler import planned, planned_counts
from brightline.replay.packed.packer import Packer
from brightline.replay.packed.population import Packed, _count_numba, _run_numba

ROWS, SOME = 1_000_000, 2_000
GROWTH = (100_000, 1_000_000, 10_000_000)
POLICIES = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Run this part alone; exit 1 when two engines disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows to compare on (default: {ROWS})")
    parser.add_argument("--rounds", type=int, default=7, help="rounds in which the engines take turns (default: 7)")
    parser.add_argument(
        "--growth", type=int, nargs="*", default=list(GROWTH), help="rows for the growth (100000000 takes 8 GB)"
    )
    args = parser.parse_args(argv)
    report = Report()
    agrees = measure(report, args.rows, args.rounds, args.growth)
    report.summary()
    return 0 if agrees else 1


def measure(report: Report, rows: int = ROWS, rounds: int = 5, growth: Sequence[int] = GROWTH[:2]) -> bool:
    """Everything; whether all engines agree."""
    with tempfile.TemporaryDirectory() as folder:
        law = load(Path(folder))
        report.head(
            f"Many requests: {len(NORMS)} norms over {len(BOOLS) + len(ENUMS) + len(INTS)} facts, {rows:,} rows"
        )
        raw = raw_columns(rows, SEED)
        packed = _packed(law, as_columns(raw), Path(folder) / "rows.packed")
        if not _measure_engines(report, law, raw, packed, rounds):
            return False
        agrees = _measure_policies(report, law, as_columns(raw), packed, rounds)
    _measure_growth(report, law, growth)
    _measure_norms(report)
    return agrees


def _packed(law: Law, columns: Columns, path: Path) -> Packed:
    """The rows packed, with a plane for each cut that the policy knows."""
    norms = law.stack(PROFILE, ON).by_action[ACTION]
    cuts = {v.name: v.cuts for v in variables_of(norms, law.vocabulary.facts, law.vocabulary.readings) if v.cuts}
    with Packer(path, law.vocabulary, cuts=cuts) as packer:
        packer.append(columns)
    return Packed(path)


def _seconds(run: Callable[[], Any]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _least(rounds: int, **runs: Callable[[], Any]) -> dict[str, float]:
    """The least seconds of each, in rounds in which they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    gc.disable()
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(_seconds(run))
    gc.enable()
    return {name: min(times) for name, times in taken.items()}


# Engines ------------------------------------------------------------------------------------------
def _measure_engines(report: Report, law: Law, raw: Any, packed: Packed, rounds: int) -> bool:
    rows = packed.rows
    ours = [BrightlineColumns(law, raw, executor) for executor in ("numba", "numpy")]
    peers = [make(law, raw) for make in (FiscaColumns, DuckCase, PolarsWhen, NumpySelect)]
    single = [OneAtATime(engine, law, raw, SOME) for engine in (Cedar, Zen)]
    plan = packed.plan([Question(law, PROFILE, ON, (ACTION,))])
    room = empty_results(plan, rows)
    only = packed.plan([Question(law, PROFILE, ON, (ACTION,))], frozenset({"norm"}))
    only_room = empty_results(only, rows)
    scan = Scan(law, raw)
    least = _least(
        rounds,
        **{e.name: e.run for e in (scan, *ours, *peers)},
        **{
            "Brightline, packed": lambda: _run_numba(packed, plan, room),
            "Brightline, packed, norm alone": lambda: _run_numba(packed, only, only_room),
        },
    )
    each = {name: seconds / rows * 1e9 for name, seconds in least.items()}
    each.update({e.name: s / SOME * 1e9 for e in single for s in _least(1, one=e.run).values()})
    expected = ours[0].norms()
    agrees = [np.array_equal(expected[: len(e.norms())], e.norms()) for e in (*ours, *peers, *single)]
    agrees.append(np.array_equal(expected, norm_numbers(law, room[0])))
    agrees.append(np.array_equal(expected, norm_numbers(law, only_room[0])))
    agrees.append(np.array_equal(ours[0].results[0].modality, room[0].modality))
    print(f"  {sum(agrees)} of {len(agrees)} checks: the same norm for every row\n")
    order = sorted(each, key=lambda name: each[name])
    report.bars([(name, each[name], "ns", f"{each[name] / each[scan.name]:10,.1f} x the scan") for name in order])
    _targets(report, each, scan.name)
    return all(agrees)


def _targets(report: Report, each: dict[str, float], scan: str) -> None:
    raw, packed, numpy = (each[f"Brightline, {name}"] for name in ("numba", "packed", "numpy"))
    fisca, alone = each["OpenFisca"], each["Brightline, packed, norm alone"]
    report.target("raw columns, times faster than OpenFisca", fisca / raw, "x", 15, at_least=True)
    report.target("raw columns, times faster than DuckDB CASE", each["DuckDB CASE"] / raw, "x", 15, at_least=True)
    report.target("raw columns, times the scan", raw / each[scan], "x", 8)
    report.target("packed, norm alone as the others, times OpenFisca", fisca / alone, "x", 100, at_least=True)
    report.target(
        "packed, norm alone, answers while one row is scanned", each[scan] / alone, "", 1 / 1.2, at_least=True
    )
    report.target("packed, modality, marks and norm, times OpenFisca", fisca / packed, "x", 100, at_least=True)
    report.target(
        "packed, all three, answers while one row is scanned", each[scan] / packed, "", 1 / 1.2, at_least=True
    )
    report.target("NumPy only, times faster than OpenFisca", fisca / numpy, "x", 10, at_least=True)


# Ten policies -------------------------------------------------------------------------------------
def variant(number: int) -> Law:
    """The policy with one more condition in one of its norms."""
    rng = random.Random(SEED + number)
    lines, place = list(NORMS), rng.randrange(len(NORMS))
    fact = rng.choice([b for b in BOOLS if b not in lines[place].when])
    lines[place] = replace(lines[place], when=f"({lines[place].when}) and not {fact}")
    kept, policy.NORMS = policy.NORMS, tuple(lines)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return load(Path(folder))
    finally:
        policy.NORMS = kept


def _measure_policies(report: Report, law: Law, columns: Columns, packed: Packed, rounds: int) -> bool:
    questions = [Question(each, PROFILE, ON, (ACTION,)) for each in (law, *map(variant, range(1, POLICIES)))]
    one, ten = packed.plan(questions[:1]), packed.plan(questions)
    count_one, count_ten = planned_counts(questions[:1], packed.shape), planned_counts(questions, packed.shape)
    rooms = empty_results(one, packed.rows), empty_results(ten, packed.rows)
    raw = Compiled(questions[0], "numba")
    room = raw.answer(columns)
    least = _least(
        rounds,
        raw=lambda: raw.answer(columns, room),
        one=lambda: _run_numba(packed, one, rooms[0]),
        ten=lambda: _run_numba(packed, ten, rooms[1]),
        count_one=lambda: list(_count_numba(packed, count_one)),
        count_ten=lambda: list(_count_numba(packed, count_ten)),
    )
    print()
    for name, words in (
        ("raw", "one policy from the columns"),
        ("one", "one policy over the packed population"),
        ("ten", f"{POLICIES} policies over it, every row answered"),
        ("count_one", "one policy over it, counted"),
        ("count_ten", f"{POLICIES} policies over it, counted"),
    ):
        report.line(words, least[name] / packed.rows * 1e9, "ns a row")
    report.line(f"{POLICIES} policies answered, times one", least["ten"] / least["one"], "x")
    report.target(f"{POLICIES} policies counted, times one answered", least["count_ten"] / least["one"], "x", 2)
    report.target(f"{POLICIES} policies counted, times one counted", least["count_ten"] / least["count_one"], "x", 2)
    alone = [Compiled(question, "numba").answer(columns)[0] for question in questions]
    counts = packed.count_all(questions, "numba")
    return all(
        np.array_equal(a.modality, t.modality)
        and np.array_equal(a.norm, t.norm)
        and tuple(np.bincount(a.modality, minlength=7)) == c.modality
        for a, t, (c,) in zip(alone, rooms[1], counts, strict=True)
    )


# Growth -------------------------------------------------------------------------------------------
def _measure_growth(report: Report, law: Law, growth: Sequence[int]) -> None:
    report.head("Growth")
    compiled = Compiled(Question(law, PROFILE, ON, (ACTION,)), "numba")
    for rows in growth:
        columns = as_columns(raw_columns(rows, SEED + 1))
        room = compiled.answer(columns)
        repeats = max(1, 2_000_000 // rows)
        least = _least(3, run=partial(_again, repeats, compiled, columns, room))["run"]
        report.line(f"{rows:,} rows, from the columns", least / rows / repeats * 1e9, "ns a row")


def _again(times: int, compiled: Compiled, columns: Columns, room: Sequence[Result]) -> None:
    for _ in range(times):
        compiled.answer(columns, room)


def _measure_norms(report: Report) -> None:
    """Chapters of 42 norms on an action of their own: how long a program takes to make and to run.

    With one of the 27 facts of a chapter known of no row, the program walks the diagrams.
    """
    rows = 200_000
    for chapters in (1, 10, 100):
        with tempfile.TemporaryDirectory() as folder:
            write_corpus(Path(folder), chapters, BASE)
            law = read_law(Path(folder))
        facts, rng = law.vocabulary.facts, np.random.default_rng(SEED)
        raw = {
            name: rng.integers(0, len(fact.domain) or 400, rows, dtype=np.uint8 if fact.domain else np.int32)
            for name, fact in facts.items()
        }
        question = Question(law, PROFILE, ON, tuple(action(n) for n in range(chapters)))
        norms = 42 * chapters
        holes = {name for name, fact in facts.items() if fact.is_transient}
        for words, kept in (
            ("every fact known", raw),
            ("a fact unknown", {n: c for n, c in raw.items() if n not in holes}),
        ):
            columns = as_columns(kept)
            made = _seconds(partial(planned, [question], shape_of(columns)))
            compiled = Compiled(question, "numba")
            room = compiled.answer(columns)
            run = _least(3, run=partial(compiled.answer, columns, room))["run"]
            report.line(f"{norms:,} norms, {words}: made", made * 1e3, "ms", f"{made / norms * 1e6:.0f} µs a norm")
            report.line(
                f"{norms:,} norms, {words}: a row", run / rows * 1e9, "ns", f"{run / rows / norms * 1e12:.0f} ps a norm"
            )


if __name__ == "__main__":
    sys.exit(main())
