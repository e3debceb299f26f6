"""`brightline guard scan` and `guard redact`: status in files and tables found, counted, and hidden in copies."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from brightline.cli.guardfirst import tell_of_first_reading
from brightline.cli.guardpage import summary_json, summary_lines
from brightline.cli.request import read_date
from brightline.guard.basis import Declaration, read_basis
from brightline.guard.extras import needs
from brightline.guard.files.inplace import redact_in_place
from brightline.guard.files.judging import Setting
from brightline.guard.files.output import check_out
from brightline.guard.files.pipeline import Job, run
from brightline.guard.files.sinks import check_form
from brightline.guard.files.sources import Source, find_sources
from brightline.guard.files.summary import Summary
from brightline.guard.files.tables import is_table
from brightline.guard.finding import at_least
from brightline.law.errors import BrightlineError, shown

__all__ = ["redact_command", "scan_command"]


def scan_command(args: argparse.Namespace) -> int:
    """Find, write where, and print how much. Exit code 1 with --fail-on if something as sure was found."""
    sources = find_sources(args.inputs)
    setting = _setting(args)
    tell_of_first_reading()
    if args.out:
        check_out(args.out, [source.path for source in sources if source.path])
    job = Job(sources, setting, args.out, workers=_workers(args), allows_skips=args.allow_skips)
    told = _run(job)
    _print(told, str(args.out or ""), args)
    is_failed = args.fail_on and any(at_least(key[2], args.fail_on) and not key[4] for key in told.counts)
    return 1 if is_failed else 0


def redact_command(args: argparse.Namespace) -> int:
    """Write copies with what was found hidden, and print how much."""
    sources = find_sources(args.inputs)
    setting = _setting(args)
    tell_of_first_reading()
    if args.in_place:
        told = _in_place(sources, setting, args)
        _print(told, told.withheld.pop() if told.withheld else sources[0].label, args)
        return 0
    job = _job(sources, setting, args)
    told = _run(job)
    _print(told, args.out, args)
    return 0


def _in_place(sources: list[Source], setting: Setting, args: argparse.Namespace) -> Summary:
    """Raises: BrightlineError `option` unless one table of a database is to be masked or tagged."""
    table = sources[0].table
    if args.out or len(sources) != 1 or table is None or not setting.writes:
        raise BrightlineError(
            "option",
            "`--in-place` is for one table, masked or tagged",
            "leave out --out, and name FILE.sqlite#TABLE or another database",
            "--in-place",
        )
    return redact_in_place(table, setting)


def _job(sources: list[Source], setting: Setting, args: argparse.Namespace) -> Job:
    """What is to be written, once that is known to be possible. Raises: BrightlineError `option`, `guard-out`."""
    if not args.out:
        raise BrightlineError("option", "nothing says where the copy goes", "add --out OUT", "--out")
    name, _, table = args.out.partition("#") if is_table(args.out) else (args.out, "", "")
    if args.out.lower().startswith(("postgres://", "postgresql://")) or (is_table(args.out) and not table):
        raise BrightlineError(
            "guard-out",
            "no table is named that can be written",
            "write FILE.sqlite#TABLE, or name a .csv file",
            "--out",
        )
    out = Path(name)
    into_folder = setting.mode != "review" and (
        len(sources) > 1 or not (sources[0].table or Path(args.inputs[0]).is_file())
    )
    _check_apart(sources if into_folder else [])
    if not table:
        check_out(out, [source.path for source in sources if source.path])
    if setting.mode != "review" and not into_folder:
        check_form(sources[0], out, table)
    if into_folder and any(source.table for source in sources):
        raise BrightlineError("option", "a table is redacted by itself", "name one input", "IN")
    aside = (args.aside or out.with_name(f"{out.name}.quarantine.jsonl")) if setting.mode == "quarantine" else None
    if aside:
        check_out(aside, [out, *(source.path for source in sources if source.path)])
    return Job(sources, setting, out, table, aside, _workers(args), args.allow_skips, into_folder)


def _check_apart(sources: list[Source]) -> None:
    """Raises: BrightlineError `guard-out` if two inputs would be written to one file."""
    names = [source.relative for source in sources]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        raise BrightlineError(
            "guard-out", f"two inputs are called {shown(twice)}", "redact them one after the other", "IN"
        )


def _setting(args: argparse.Namespace) -> Setting:
    return Setting(args.mode, args.least, args.engine, tuple(args.column), _basis(args))


def _basis(args: argparse.Namespace) -> tuple[Declaration, ...]:
    if not args.basis:
        return ()
    from brightline.law.corpusfiles import load_law

    on = read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the reader's own day
    return read_basis(args.basis, load_law(args.corpus), on)


def _workers(args: argparse.Namespace) -> int:
    if not 1 <= args.workers <= 256:
        raise BrightlineError("option", f"{args.workers} processes cannot work", "write a number from 1", "--workers")
    return int(args.workers)


def _print(told: Summary, out: str, args: argparse.Namespace) -> None:
    if args.format == "json":
        print(json.dumps(summary_json(told, out), indent=2, ensure_ascii=False))
    else:
        print("\n".join(summary_lines(told, out)))


def _run(job: Job) -> Summary:
    with _progress(job) as progress:
        return run(job, progress)


@contextmanager
def _progress(job: Job) -> Iterator[Callable[[int], None]]:
    """A bar with the rate and the time left; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda size: None
        return
    has_tables = any(source.table for source in job.sources)
    total = sum(source.size for source in job.sources)
    width, height = shutil.get_terminal_size()
    bar = needs("tqdm", "replay").tqdm(
        total=total,
        unit=" rows" if has_tables else "B",
        unit_scale=True,
        leave=False,
        file=sys.stderr,
        ncols=width,
        nrows=height,
    )
    with bar:
        yield bar.update
