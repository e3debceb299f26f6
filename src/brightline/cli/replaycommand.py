"""`brightline replay`: past requests answered again, summed up by year."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from brightline.cli.layout import Page, action_words
from brightline.cli.request import read_date
from brightline.law.corpusfiles import load_law
from brightline.law.library import Law
from brightline.replay import EXTRACT, PastRequest, Tally, read_requests, replay
from brightline.replay.summary import ACTIONS

__all__ = ["replay_command"]

_WORDS = ("required", "prohibited", "permitted", "unsettled", "open")
_BAR = 24


def replay_command(args: argparse.Namespace) -> int:
    """Answer every request of a file and print the table."""
    law = load_law(args.corpus)
    law.profile(args.profile)
    path = args.file or EXTRACT
    on = read_date(args.on) if args.on else None
    started = time.perf_counter()
    tally = replay(law, args.profile, _with_progress(read_requests(path)), on=on)
    seconds = time.perf_counter() - started
    if args.json:
        print(json.dumps(_plain(args.profile, tally), indent=2))
        return 0
    print("\n".join(_table(Page.for_output(), law, args, tally, seconds)))
    return 0


def _with_progress(requests: Iterable[PastRequest]) -> Iterator[PastRequest]:
    for number, request in enumerate(requests, 1):
        if number % 5000 == 0 and sys.stderr.isatty():
            print(f" {number:,} requests", end="\r", file=sys.stderr)
        yield request


def _plain(profile: str, tally: Tally) -> dict[str, Any]:
    years = [
        {
            "year": year,
            "requests": tally.requests[year],
            "answers": {a: {w: tally.counts[year, a, w] for w in _WORDS} for a in ACTIONS},
        }
        for year in sorted(tally.requests)
    ]
    return {
        "profile": profile,
        "requests": tally.total,
        "before_the_law": tally.before_the_law,
        "contested": dict(tally.contested),
        "unverified": dict(tally.unverified),
        "years": years,
    }


def _table(page: Page, law: Law, args: argparse.Namespace, tally: Tally, seconds: float) -> Iterator[str]:
    when = f"the law of {args.on}" if args.on else "the law of each request's own day"
    yield page.rule("=")
    yield (
        page.paint(f" {tally.total:,} detainers under {law.profile(args.profile).name}, {when}", "1")
        + f"   ({seconds:.2f} s)"
    )
    yield page.rule("=")
    for action in ACTIONS:
        yield from _action_rows(page, tally, action)
    if tally.before_the_law:
        yield f" {tally.before_the_law:,} are older than any law of the corpus for this profile and are not answered."
    yield page.wrapped(
        "",
        "Each row asks about the moment of release, with the detainer alone in hand; the files say nothing of a judge's warrant or of convictions. Not legal advice.",
        1,
        0,
    )


def _action_rows(page: Page, tally: Tally, action: str) -> Iterator[str]:
    shown = [w for w in _WORDS if any(tally.counts[y, action, w] for y in tally.requests)]
    contested = (
        f"   another reading would answer {tally.contested[action]:,} of them differently"
        if tally.contested[action]
        else ""
    )
    yield ""
    yield page.paint(f" {action_words(action)}", "1") + contested
    yield "   year  requests" + "".join(w.rjust(12) for w in shown)
    most = max(tally.requests.values(), default=1)
    for year in sorted(tally.requests):
        bar = "#" * max(1, round(_BAR * tally.requests[year] / most))
        yield (
            f"   {year}  {tally.requests[year]:>8,}"
            + "".join(f"{tally.counts[year, action, w]:>12,}" for w in shown)
            + f"   {bar}"
        )
    for word in shown:
        example = tally.examples[action, word]
        reason = example.basis[0] if example.basis else None
        words = (
            f"{reason.says} -- {reason.cites}"
            if reason
            else (
                "needs: " + example.question.asks
                if example.question
                else "the law is silent: the agency's own decision"
            )
        )
        yield page.wrapped(word, words, 3, 12)
