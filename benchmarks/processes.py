"""Whole processes: the corpus read, checked and compiled cold, and the command answering from its cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from benchmarks.report import Report
from benchmarks.working import DETAINER

# Structure is checked as `brightline law check` checks it; scenarios are tests and run apart.
COLD = """
import json, time
began = time.perf_counter()
from datetime import date
from brightline.law import check
from brightline.law.corpusfiles import CORPUS, read_law
on = date(2026, 6, 1)
imported = time.perf_counter()
law = read_law(CORPUS)
read = time.perf_counter()
findings = sum(1 for part in (check._overlaps, check._references, check._reaches, check._derogations, check._clock_calendars) for _ in part(law))
checked = time.perf_counter()
pairs = 0
for profile in law.vocabulary.profiles:
    stack = law.stack(profile, on)
    for action in stack.by_action:
        law.chart(stack, action)
        pairs += 1
done = time.perf_counter()
nodes = sum(len(chart.diagram) for chart in law._charts.values())
norms = sum(len(authority.norms) for authority in law.everything())
print(json.dumps([imported - began, read - imported, checked - read, done - checked, len(law._charts), pairs, nodes, norms, findings]))
"""


def measure(report: Report) -> None:
    """Wall time of each, as a person waits for it."""
    report.head("The whole corpus, cold")
    runs = [_cold() for _ in range(3)]
    wall, parts = sorted(runs)[1]
    imported, read, checked, compiled, charts, pairs, nodes, norms, findings = parts
    report.line("read every law file", read, "s", f"{norms:,} norms")
    report.line("check the structure of the law", checked, "s", f"{findings:.0f} findings")
    report.line(
        "compile every action of every profile",
        compiled,
        "s",
        f"{pairs:,} pairs, {charts:,} different diagrams, {nodes:,} nodes",
    )
    report.line("the whole process", wall, "s", f"of which {imported:.3f} s imports")
    report.target("corpus read, checked and compiled cold", wall, "s", 3.0)
    report.head("The command, from its cache")
    with tempfile.TemporaryDirectory() as cache:
        # As installed: with compiled bytecode, here in a folder of its own, even where the shell forbids writing it.
        environment = {**os.environ, "BRIGHTLINE_CACHE": cache, "PYTHONPYCACHEPREFIX": f"{cache}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        words = [
            word
            for name, value in DETAINER.items()
            for word in ("--fact", f"{name}={str(value).lower() if value is True else value}")
        ]
        command = [
            sys.executable,
            "-m",
            "brightline",
            "answer",
            "--profile",
            "us/mn",
            "--on",
            "2026-06-01",
            "--action",
            "hold_beyond_release",
            *words,
        ]
        first = _wall(command, environment)
        bare = {**os.environ, "BRIGHTLINE_CACHE": cache, "PYTHONDONTWRITEBYTECODE": "1"}
        times, floors, without = [], [], []
        for _ in range(10):
            times.append(_wall(command, environment))
            floors.append(_wall([sys.executable, "-c", "pass"], environment))
            without.append(_wall(command, bare))
    report.line("brightline answer, first run: reads the law files", first, "s")
    report.line("brightline answer, from the cache, median of 10", median(times), "s", f"least {min(times):.3f}")
    report.line("the same where Brightline's bytecode is not kept", median(without), "s", f"least {min(without):.3f}")
    report.line(
        "the floor: python -c pass, median of 10",
        median(floors),
        "s",
        f"the command is {median(times) / median(floors):.1f} x the floor",
    )
    report.target("the command from its cache", median(times), "s", 0.25)


def _cold() -> tuple[float, list[float]]:
    """Wall time and parts of one cold process; a law file that is being written is waited for."""
    for _ in range(5):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return time.perf_counter() - started, json.loads(done.stdout)
        time.sleep(5)
    raise SystemExit(done.stderr)


def _wall(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return time.perf_counter() - started
