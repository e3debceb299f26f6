"""Answers with their full working: the norms behind them, the defeated, the contested, what would change them, what they presume."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import date

from benchmarks.policy import ACTION, ON, PROFILE, SEED, Facts
from benchmarks.report import Report
from brightline.law.answering import answer, answer_action
from brightline.law.corpusfiles import load_law
from brightline.law.library import Law
from brightline.law.situation import situation

TODAY = date(2026, 6, 1)
DETAINER = {
    "request_kind": "hold", "requester": "ice_ero", "instrument": "i247a_detainer", "accompanying_instrument": "none",
    "actor_role": "jail_staff", "agency_type": "sheriff_office", "government_level": "county", "custody_state": "jail",
    "release_due": True,
}  # fmt: skip


def measure(report: Report, law: Law, cases: Sequence[Facts]) -> None:
    """On the policy with every fact known and with some unknown; on the shipped law, a detainer in Minnesota."""
    report.head("An answer with its full working, from raw facts")
    some = cases[:1000]
    answer(law, PROFILE, some[0], on=ON, actions=[ACTION])
    taken = [_seconds(law, PROFILE, case, ON, ACTION) for case in some]
    figure = report.times("policy, all 27 facts known", taken)
    report.target("full working on the policy, mean", figure, "ms", 0.5)
    rng = random.Random(SEED)
    partial = [{name: value for name, value in case.items() if rng.random() < 0.9} for case in some]
    report.times("policy, one fact in ten unknown", [_seconds(law, PROFILE, case, ON, ACTION) for case in partial])
    shipped = load_law(cached=False)
    for profile in ("us/mn", "us/mn/hennepin/sheriff", "us/ca/los-angeles/sheriff"):
        repeats = [_seconds(shipped, profile, DETAINER, TODAY, "hold_beyond_release") for _ in range(200)][1:]
        figure = report.times(f"shipped law, a detainer, {profile}", repeats)
        if profile == "us/mn":
            report.target("full working on a Minnesota detainer, mean", figure, "ms", 0.5)
    found = situation(shipped, "us/mn", DETAINER, on=TODAY)
    stack = shipped.stack("us/mn", TODAY)
    started = time.perf_counter()
    for _ in range(200):
        answer_action(found, stack, "hold_beyond_release")
    report.line("  of which, the facts being read already", (time.perf_counter() - started) / 200 * 1e3, "ms")


def _seconds(law: Law, profile: str, facts: Facts, on: date, action: str) -> float:
    started = time.perf_counter()
    answer(law, profile, facts, on=on, actions=[action])
    return time.perf_counter() - started
