"""Scenarios beside a bill: cases that are answered as if the bill were law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from brightline.law.bill import Bill
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.overlay import apply_bills
from brightline.law.scenarios import Case, Result, read_cases, run_case

__all__ = ["bill_beside", "read_bill_cases", "run_bill_cases", "undecided_norms"]

_ENDING = ".scenarios.yaml"


def bill_beside(path: Path) -> Path | None:
    """The bill file that a scenario file tests: `X.yaml` for `X.scenarios.yaml`; None where it is no bill's.

    An authority's file has its version after an `@`, a bill's has none.
    """
    if not path.name.endswith(_ENDING) or "@" in path.name:
        return None
    bill = path.with_name(path.name.removesuffix(_ENDING) + ".yaml")
    return bill if bill.is_file() else None


def read_bill_cases(path: Path, bill: Bill, name: str = "") -> list[Case]:
    """The cases beside a bill, with the full names of the norms that decide.

    Raises: BrightlineError as `read_cases` does, or `unknown-norm` for a short name that is none of the bill's.
    """
    return [
        replace(case, decides=tuple(_full(bill, case, short) for short in case.decides))
        for case in read_cases(path, name)
    ]


def _full(bill: Bill, case: Case, short: str) -> str:
    if "#" in short:
        return short
    found = [name for name in dict.fromkeys(bill.norm_ids) if name.partition("#")[2] == short]
    if len(found) != 1:
        known = [name.partition("#")[2] for name in bill.norm_ids]
        raise BrightlineError(
            "unknown-norm",
            f"{shown(short)} is {'more than one norm' if found else 'no norm'} of `{bill.id}`",
            "write authority#id" if found else near_misses(short, known, "write authority#id"),
            case.where,
        )
    return found[0]


def run_bill_cases(law: Law, bill: Bill, cases: list[Case]) -> Iterator[Result]:
    """What each case gets with the bill in the law. Raises: BrightlineError as `apply_bills` does."""
    after = apply_bills(law, [bill])
    return (run_case(after, case) for case in cases)


def undecided_norms(bill: Bill, cases: list[Case]) -> Iterator[tuple[str, str]]:
    """The norms that a bill adds or changes and that no case names as deciding, each with its place."""
    named = {name for case in cases for name in case.decides}
    places = {n.id: n.where for a in bill.adds for n in a.norms} | {c.norm: c.where for c in bill.changes}
    return ((name, where) for name, where in places.items() if name not in named)
