"""`brightline guard table`: a table written again without status, and a report of what was removed."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from brightline.cli.guardfirst import tell_of_first_reading
from brightline.cli.request import read_date
from brightline.guard.basis import Declaration, read_basis
from brightline.guard.egress.export import Export, export
from brightline.guard.egress.policy import Policy, read_policy
from brightline.guard.egress.report import Report
from brightline.guard.extras import needs
from brightline.guard.files.output import check_out, whole
from brightline.law.errors import BrightlineError, shown

__all__ = ["table_command"]


def table_command(args: argparse.Namespace) -> int:
    """Write the table cleaned and print what was removed. Without an error, all of it was read."""
    job = Export(
        args.input, args.out, _policy(args), args.query, args.encoding, _delimiter(args), args.least, _scanner(args)
    )
    with ExitStack() as after:
        # The report's place is taken first, so that a table without its report is never left.
        stream = after.enter_context(_reported(args))
        tell_of_first_reading()
        with _progress(args) as progress:
            report = export(job, progress)
        stream(report)
    _print(report, args)
    return 0


@contextmanager
def _reported(args: argparse.Namespace) -> Iterator[Callable[[Report], object]]:
    if args.report is None:
        yield lambda report: None
        return
    check_out(args.report, [args.out, Path(args.input)])
    with whole(args.report) as stream:
        yield lambda report: stream.write(json.dumps(report.as_json(), indent=2, ensure_ascii=False).encode() + b"\n")


def _print(report: Report, args: argparse.Namespace) -> None:
    if args.format == "json":
        print(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(report.lines()))


def _policy(args: argparse.Namespace) -> Policy:
    """What the policy file says, and what the options add to it."""
    given = read_policy(args.policy) if args.policy else Policy()
    policy = given.with_choices(_choices(args))
    return Policy(
        policy.choices,
        policy.not_status,
        args.on_status or policy.on_status,
        args.on_review or policy.on_review,
        _basis(args),
    )


def _choices(args: argparse.Namespace) -> dict[str, str]:
    """Raises: BrightlineError `guard-policy` for a column that two options name."""
    choices: dict[str, str] = {}
    for choice, names in (("drop", args.drop), ("mask", args.mask), ("pass", args.let_pass)):
        for name in names:
            if choices.setdefault(name, choice) != choice:
                message = f"{shown(name)} is to {choices[name]} and to {choice}"
                raise BrightlineError("guard-policy", message, "name it once", f"--{choice}")
    return choices


def _basis(args: argparse.Namespace) -> tuple[Declaration, ...]:
    if not args.basis:
        return ()
    from brightline.law.corpusfiles import load_law

    on = read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the reader's own day
    return read_basis(args.basis, load_law(args.corpus), on)


def _scanner(args: argparse.Namespace) -> Any:
    """The scanner of an engine that was asked for by name."""
    if args.engine == "auto":
        return None
    from brightline.guard.scanner import Scanner

    return Scanner.shipped(args.engine)


def _delimiter(args: argparse.Namespace) -> str:
    given = "\t" if args.delimiter in ("\\t", "tab") else args.delimiter
    if len(given) > 1 or given in ('"', "\n", "\r"):
        raise BrightlineError(
            "option", f"{shown(given)} cannot part columns", "write one sign, or `tab`", "--delimiter"
        )
    return str(given)


@contextmanager
def _progress(args: argparse.Namespace) -> Iterator[Callable[[int], object]]:
    """A bar with the rate; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda size: None
        return
    path = Path(args.input)
    is_csv = path.is_file() and path.name.lower().endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz"))
    total, unit = (path.stat().st_size, "B") if is_csv else (None, " rows")
    width, height = shutil.get_terminal_size()
    bar = needs("tqdm", "replay").tqdm(
        total=total, unit=unit, unit_scale=True, leave=False, file=sys.stderr, ncols=width, nrows=height
    )
    with bar:
        yield bar.update
