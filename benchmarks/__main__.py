"""`python -m benchmarks`: first that all engines give the same answers, then how long they take, side by side.

Exit 1 if an engine disagrees. Times are printed and never asserted: a busy machine is no defect. Ratios are taken
within a round, in which the engines take turns, so that a slow moment is slow for all.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import chapters, guard_speed, interviews, processes, replay, sparksql, working
from benchmarks.engines import ENGINES
from benchmarks.policy import ACTION, INTS, NORMS, ON, PROFILE, Facts, Short, clashes, load, random_cases
from benchmarks.report import Report
from brightline.law.evaluate import evaluate
from brightline.law.library import Law

CASES = 10_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run everything; exit 1 when two engines disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds in which the engines take turns (default: 9)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to a file")
    args = parser.parse_args(argv)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        law = load(Path(folder))
    cases = random_cases(CASES)
    engines = [make(law) for make in ENGINES]
    if not agreement(report, law, engines, cases):
        return 1
    warm_answers(report, engines, cases, args.rounds)
    working.measure(report, law, cases)
    interviews.measure(report, law, cases)
    processes.measure(report)
    solver_agrees = chapters.measure(report)
    rows_agree = replay.measure(report)
    rows_agree &= sparksql.measure(report)
    guards_agree = guard_speed.measure(report)
    report.summary()
    if args.json:
        args.json.write_text(json.dumps(report.figures, indent=1) + "\n", encoding="utf-8")
    return 0 if solver_agrees and rows_agree and guards_agree else 1


def agreement(report: Report, law: Law, engines: Iterable[Any], cases: Sequence[Facts]) -> bool:
    """Whether every engine gives the modality and the deciding norm of the naive evaluator, on every case."""
    facts = 18 + 5 + len(INTS)
    report.head(f"One policy of {facts} facts and {len(NORMS)} norms on 4 ranks; {len(cases):,} random cases")
    if found := clashes(law):
        print(f"  norms of one rank clash: {found[0]}")
        return False
    expected = reference(law, cases)
    words = Counter(modality for modality, _ in expected)
    deciders = Counter(norm for _, norm in expected)
    spread = ", ".join(f"{n:,} {word}" for word, n in words.most_common())
    print(
        f"  {spread}; each of the {len(deciders) - ('' in deciders)} norms decides {min(deciders.values())} to {max(deciders.values()):,} of them\n"
    )
    all_agree = len(deciders) == len(NORMS) + 1
    for engine in engines:
        given = engine.many(cases)
        same = sum(a == b for a, b in zip(given, expected, strict=True))
        print(f"  {engine.name:<18}{same:>7,} of {len(cases):,} agree in modality and deciding norm")
        if same < len(cases):
            n = next(i for i, (a, b) in enumerate(zip(given, expected, strict=True)) if a != b)
            print(f"    case {n}: {given[n]}, not {expected[n]}: {cases[n]}")
            all_agree = False
    return all_agree


def reference(law: Law, cases: Sequence[Facts]) -> list[Short]:
    """What the naive evaluator says, sentence by sentence: the specification."""
    norms = law.stack(PROFILE, ON).by_action[ACTION]
    readings = {name: reading.default for name, reading in law.vocabulary.readings.items()}
    verdicts = (evaluate(norms, case, readings) for case in cases)
    return [(v.modality, v.basis[0] if v.basis else "") for v in verdicts]


def warm_answers(report: Report, engines: Sequence[Any], cases: Sequence[Facts], rounds: int) -> None:
    """One answer at a time, everything prepared; the engines take turns."""
    report.head("One warm answer: facts in, modality and deciding norm out")
    counts = {engine.name: _enough(engine.one, cases) for engine in engines}
    taken: dict[str, list[float]] = {engine.name: [] for engine in engines}
    gc.disable()
    for _ in range(rounds):
        for engine in engines:
            taken[engine.name].append(_seconds_each(engine.one, cases[: counts[engine.name]]))
    gc.enable()
    by_hand, ours = taken["if-chain by hand"], taken["Brightline"]
    rows = [
        (name, median(times) * 1e6, median(t / b for t, b in zip(times, ours, strict=True)))
        for name, times in taken.items()
    ]
    report.bars(
        [
            (name, micros, "µs", f"{ratio:8.2f} x Brightline" if ratio < 10 else f"{ratio:8,.0f} x Brightline")
            for name, micros, ratio in rows
        ]
    )
    report.target(
        "one warm answer, times the if-chain by hand",
        median(o / b for o, b in zip(ours, by_hand, strict=True)),
        "x",
        2.0,
    )
    report.target(
        "one warm answer, times faster than Cedar", {r[0]: r[2] for r in rows}["Cedar"], "x", 50.0, at_least=True
    )
    print()
    many = {
        engine.name: median(_many_seconds(engine, cases) for _ in range(3))
        for engine in engines
        if engine.name != "Zen"
    }
    report.bars(
        [
            (f"{name}, {len(cases):,} at once", seconds / len(cases) * 1e6, "µs", "for each")
            for name, seconds in many.items()
        ]
    )


def _enough(answer: Callable[[Facts], Short], cases: Sequence[Facts]) -> int:
    """As many cases as take about a twentieth of a second."""
    deque(map(answer, cases[:50]), maxlen=0)
    return max(20, min(len(cases), int(0.05 / _seconds_each(answer, cases[:50]))))


def _seconds_each(answer: Callable[[Facts], Short], cases: Sequence[Facts]) -> float:
    started = time.perf_counter()
    deque(map(answer, cases), maxlen=0)
    return (time.perf_counter() - started) / len(cases)


def _many_seconds(engine: Any, cases: Sequence[Facts]) -> float:
    started = time.perf_counter()
    engine.many(cases)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
