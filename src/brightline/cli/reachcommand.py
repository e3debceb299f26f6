"""`brightline bill reach`: how much of a population an exception of a bill covers."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from brightline.cli.layout import Page
from brightline.cli.request import read_date
from brightline.law.billfile import find_bill
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.overlay import apply_bills
from brightline.law.reach import Group, Interval, Reach, reach_of
from brightline.law.vocabulary import Vocabulary

__all__ = ["bill_reach_command", "reach_sentences", "read_population"]

# Columns of a population that are no facts.
_OWN_COLUMNS = ("weight", "draw", "note")
_MOST_ROWS = 2_000_000


def bill_reach_command(args: argparse.Namespace) -> int:
    """Print how much of a population an exception of a bill covers."""
    law = load_law(args.corpus)
    law.profile(args.profile)
    bill = find_bill(args.corpus or CORPUS, args.bill, law)
    words = apply_bills(law, [bill]).vocabulary
    on = read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the reader's own day
    found = reach_of(law, bill, args.exception, args.profile, on, read_population(args.population, words))
    if args.json:
        print(json.dumps(_reach_json(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_reach_lines(Page.for_output(), found)))
    return 0


def read_population(path: Path, words: Vocabulary) -> Iterator[Group]:
    """The groups of a CSV file: a column for each fact, and `weight`, `draw` and `note` if it has them.

    An empty field is a fact that is not known. Raises: BrightlineError `unreadable`, `population`, `unknown-fact`.
    """
    if not path.is_file():
        raise BrightlineError(
            "unreadable",
            f"cannot read {shown(path)}: no such file",
            "name a CSV file with --population",
            "--population",
        )
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            names = list(reader.fieldnames or ())
            _check_columns(names, words)
            for number, row in enumerate(reader, 2):
                if number > _MOST_ROWS:
                    raise BrightlineError(
                        "population",
                        f"the population has more than {_MOST_ROWS:,} rows",
                        "join rows that are alike, and give them a weight",
                        "--population",
                    )
                yield _group(row, f"{path.name}:{number}")
    except (UnicodeDecodeError, csv.Error):
        raise BrightlineError(
            "unreadable", f"{shown(path.name)} is not a CSV file", "save it as UTF-8 CSV", "--population"
        ) from None


def _check_columns(names: list[str], words: Vocabulary) -> None:
    if not names:
        raise BrightlineError(
            "population", "the population has no columns", "name one column for each fact", "--population"
        )
    for name in names:
        if name not in _OWN_COLUMNS and name not in words.facts:
            raise BrightlineError(
                "unknown-fact",
                f"the column {shown(name)} is no fact",
                near_misses(name, (*words.facts, *_OWN_COLUMNS), "see docs/reference/vocabulary.md"),
                "--population",
            )


def _group(row: dict[str, Any], where: str) -> Group:
    try:
        weight = float(row.get("weight") or 1)
    except ValueError:
        weight = -1.0
    if not 0 <= weight < 1e12 or None in row:
        raise BrightlineError(
            "population",
            "a row has a weight that is no number, or more fields than columns",
            "write how many cases the row stands for",
            where,
        )
    facts = {name: value for name, value in row.items() if name not in _OWN_COLUMNS and value not in (None, "")}
    return Group(facts, weight, row.get("draw") or "", row.get("note") or "", where)


def _reach_lines(page: Page, found: Reach) -> Iterator[str]:
    yield page.rule("=")
    yield page.paint(f" How far the exception `{found.exemption.id}` of {found.bill.citation} reaches", "1")
    yield page.rule("=")
    yield page.wrapped("", f"{found.exemption.says} -- {found.exemption.cites}", 1, 0)
    yield ""
    for text in reach_sentences(found):
        yield page.wrapped("", text, 1, 0)
    for note, (weight, surely, open_, never) in found.by_note.items():
        yield page.wrapped(
            "", f"{note}: {weight:,.0f} cases, {surely:.0%} covered, {open_:.0%} open, {never:.0%} not covered", 5, 0
        )
    yield page.rule("-")
    yield " An exception that covers a case on paper helps only if somebody claims it. Not legal advice."


def reach_sentences(found: Reach) -> Iterator[str]:
    """The share that the exception covers, and how sure it is, in plain words."""
    drawn = f", in {found.draws:,} draws of what is uncertain" if found.draws > 1 else ""
    yield f"The population stands for {found.cases:,.0f} cases{drawn}."
    if found.is_settled:
        yield f"The exception covers {_of_hundred(found.surely.middle)} of every 100: {_between(found.surely)}."
        return
    yield f"It surely covers {_of_hundred(found.surely.middle)} of every 100 ({_between(found.surely)})."
    yield f"It covers at most {_of_hundred(found.possibly.middle)} of every 100, if every case that is open were covered ({_between(found.possibly)})."
    yield f"What leaves the rest open is not in the table: {', '.join(found.open_facts)}."


def _between(interval: Interval) -> str:
    if interval.low == interval.high:
        return "the table leaves no doubt about it"
    return f"between {_of_hundred(interval.low)} and {_of_hundred(interval.high)}, with 95 % probability"


def _of_hundred(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


def _reach_json(found: Reach) -> dict[str, Any]:
    return {
        "bill": found.bill.id,
        "exception": found.exemption.id,
        "cases": found.cases,
        "draws": found.draws,
        "surely_covered": _interval_json(found.surely),
        "possibly_covered": _interval_json(found.possibly),
        "open_facts": list(found.open_facts),
        "groups": [
            {"note": n, "cases": w, "covered": c, "open": o, "not_covered": x}
            for n, (w, c, o, x) in found.by_note.items()
        ],
    }


def _interval_json(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "middle": interval.middle, "high": interval.high}
