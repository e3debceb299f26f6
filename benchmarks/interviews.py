"""The next question of an interview: how long it takes to find, and how many are asked until the answer is settled."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from statistics import mean

from benchmarks.policy import ACTION, ON, PROFILE, SEED, Facts
from benchmarks.report import Report
from benchmarks.working import TODAY
from brightline.law.chart import Chart
from brightline.law.corpusfiles import load_law
from brightline.law.errors import BrightlineError
from brightline.law.interview import Interview, ask
from brightline.law.library import Law
from brightline.law.possible import possible_values
from brightline.law.question import next_question
from brightline.law.situation import Situation, situation

INTERVIEWS = 300
PROFILES = (
    "us/mn", "us/mn/hennepin/sheriff", "us/mn/minneapolis/police", "us/ca/los-angeles/sheriff", "us/tx", "us/ny/new-york-city/police",
    "us/il", "us/wa/king", "us/or/portland/police", "us/nj",
)  # fmt: skip


def measure(report: Report, law: Law, cases: Sequence[Facts]) -> None:
    """Whole interviews on the policy, from nothing known; and on the shipped law, over ten profiles."""
    report.head("The next question")
    chart = law.chart(law.stack(PROFILE, ON), ACTION)
    nothing = situation(law, PROFILE, {}, on=ON, strict=True)
    cold = []
    for _ in range(5):
        chart.first_gains.clear()
        started = time.perf_counter()
        next_question(nothing, [(chart, possible_values(nothing, chart))])
        cold.append(time.perf_counter() - started)
    report.times("policy, the first question, nothing kept from before", cold)
    taken: list[float] = []
    asked = [_interview(law, chart, case, _most_telling, taken) for case in cases[:INTERVIEWS]]
    in_order = [_interview(law, chart, case, _first_of_the_diagram, []) for case in cases[:INTERVIEWS]]
    figure = report.times("policy, all 27 facts unknown at the start", taken)
    report.target("next question on the policy, mean", figure, "ms", 1.0)
    report.line(
        "policy, questions until settled",
        mean(asked),
        "",
        f"most {max(asked)} of 27; in the diagram's own order {mean(in_order):.2f}, most {max(in_order)}",
    )
    shipped = load_law(cached=False)
    started = time.perf_counter()
    first = ask(shipped, "us/mn", {"request_kind": "hold", "instrument": "i247a_detainer"}, on=TODAY).question
    report.line(
        "shipped law, the first question, law not yet compiled",
        (time.perf_counter() - started) * 1e3,
        "ms",
        f"asks {first.fact if first else 'nothing'}",
    )
    for profile in PROFILES:
        stack = shipped.stack(profile, TODAY)
        for action in stack.by_action:
            shipped.chart(stack, action)
    seconds: list[float] = []
    counts = [
        _shipped_interview(shipped, profile, n, seconds)
        for profile in PROFILES
        if profile in shipped.vocabulary.profiles
        for n in range(12)
    ]
    figure = report.times("shipped law, whole interviews, every action in play", seconds)
    report.target("next question on the shipped law, mean", figure, "ms", 1.0)
    report.line(
        "shipped law, questions until all is settled",
        mean(counts),
        "",
        f"most {max(counts)}, with what is presumed confirmed",
    )


Chooser = Callable[[Situation, Chart, Sequence[Sequence[int]]], str | None]


def _interview(law: Law, chart: Chart, truth: Facts, choose: Chooser, taken: list[float]) -> int:
    """The number of questions until the modality is settled, each answered from `truth`; nothing is presumed."""
    known: Facts = {}
    while True:
        found = situation(law, PROFILE, known, on=ON, strict=True)
        started = time.perf_counter()
        possible = possible_values(found, chart)
        name = choose(found, chart, possible) if chart.only_modality(possible) is None else None
        if name is None:
            return len(known)
        taken.append(time.perf_counter() - started)
        known[name] = truth[name]


def _most_telling(found: Situation, chart: Chart, possible: Sequence[Sequence[int]]) -> str | None:
    question = next_question(found, [(chart, possible)])
    return question.fact if question else None


def _first_of_the_diagram(found: Situation, chart: Chart, possible: Sequence[Sequence[int]]) -> str | None:
    left, root = chart.diagram.narrowed(chart.modal, possible)
    return chart.variables[left.variable[root]].name if root >= 0 else None


def _shipped_interview(law: Law, profile: str, number: int, seconds: list[float]) -> int:
    """The number of questions of one interview with random answers; every question is timed."""
    rng = random.Random(f"{SEED} {profile} {number}")
    interview: Interview = ask(law, profile, on=TODAY)
    for asked in range(60):
        started = time.perf_counter()
        question = interview.question
        seconds.append(time.perf_counter() - started)
        if question is None:
            return asked
        if question.kind not in ("bool", "enum", "int"):
            interview = interview.pass_over(question.fact)
            continue
        value = rng.choice(question.values) if question.values else rng.randint(0, 100)
        try:
            interview = interview.tell(question.fact, value)
        except BrightlineError:  # the random facts contradict each other
            interview = interview.pass_over(question.fact)
    return 60
