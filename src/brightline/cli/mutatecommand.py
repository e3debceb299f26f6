"""`brightline law mutate`: whether the scenarios beside the law see each change that alters an answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from brightline.cli.lawcommands import _below, _replace
from brightline.cli.layout import Page
from brightline.law.casewriter import appended, scenario_row
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.law.mutation import Report, mutate
from brightline.law.norms import Authority

__all__ = ["mutate_command"]

_HELD: dict[Path, tuple[Law, dict[str, Authority]]] = {}


def mutate_command(args: argparse.Namespace) -> int:
    """Print the report for each authority, and write the missing scenarios where that is asked for."""
    root = args.corpus or CORPUS
    files = _files(root, _below(root, args.path))
    reports = []
    for report in _reports(root, files, args.jobs or os.cpu_count() or 1):
        if args.write:
            _write(root, report)
        reports.append(report)
        if not args.json:
            print("\n".join(_lines(report, with_scenarios=not args.write)), flush=True)
    if args.json:
        print(json.dumps([_plain(report) for report in reports], indent=2, ensure_ascii=False, default=str))
    else:
        print(_sum(reports, args.write))
    missing = sum(1 for r in reports for s in r.survivors if s.case is None or not args.write)
    return 1 if missing else 0


def _files(root: Path, below: str) -> list[str]:
    named = below.replace(".scenarios.yaml", ".yaml")
    found = sorted(a.file for a in load_law(root).everything() if a.file == named or a.file.startswith(_folder(named)))
    if not found:
        raise BrightlineError(
            "unreadable", f"{shown(below)} holds no law file", "name a folder or a law file, such as us/mn", "PATH"
        )
    return found


def _folder(named: str) -> str:
    return f"{named.rstrip('/')}/" if named else ""


def _reports(root: Path, files: list[str], jobs: int) -> Iterator[Report]:
    """The reports in the order of the files, worked out by several processes where there are several files."""
    if jobs == 1 or len(files) == 1:
        for number, file in enumerate(files):
            _show_progress(number, len(files), file)
            yield _report(root, file)
        return
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=get_context("spawn")) as pool:
        for number, found in enumerate(pool.map(_report_or_error, [root] * len(files), files)):
            if not isinstance(found, Report):
                pool.shutdown(cancel_futures=True)
                code, message, help, where = found
                raise BrightlineError(code, message, help, where)
            _show_progress(number + 1, len(files), found.file)
            yield found


def _report_or_error(root: Path, file: str) -> Report | tuple[str, str, str, str]:
    """The report, or the parts of an error: an error cannot be handed from one process to another."""
    try:
        return _report(root, file)
    except BrightlineError as error:
        return error.code, error.message, error.help, error.where


def _report(root: Path, file: str) -> Report:
    if root not in _HELD:
        law = load_law(root)
        _HELD[root] = (law, {authority.file: authority for authority in law.everything()})
    law, by_file = _HELD[root]
    return mutate(law, root, by_file[file])


def _show_progress(number: int, total: int, file: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{number} of {total} law files ({file[:60]})\x1b[K", end="\r", file=sys.stderr)


def _rows(report: Report) -> list[dict[str, Any]]:
    """The missing scenarios of a report, each once, told from the first mutant that it sees."""
    found: dict[str, dict[str, Any]] = {}
    for survivor in report.survivors:
        if survivor.case and survivor.case.id not in found:
            found[survivor.case.id] = scenario_row(survivor.case, survivor.words)
    return list(found.values())


def _write(root: Path, report: Report) -> None:
    rows, name = _rows(report), report.file.removesuffix(".yaml") + ".scenarios.yaml"
    path = root / name
    if rows:
        _replace(path, appended(path.read_text(encoding="utf-8") if path.exists() else "", rows, name))


def _lines(report: Report, *, with_scenarios: bool) -> Iterator[str]:
    page, survivors = Page.for_output(), len(report.survivors)
    counted = f"{report.killed} killed, {report.equivalent} equivalent, {_adding(report.adding)}"
    yield f"{report.file}: {report.mutants} mutants, {counted}{survivors} survive{'' if survivors != 1 else 's'}"
    for survivor in report.survivors:
        seen = f"; seen by {survivor.case.id}" if survivor.case else "; no case could be stated"
        yield page.wrapped(
            "", f"{survivor.where.rpartition(':')[2]}: {survivor.norm.partition('#')[2]}, {survivor.words}{seen}", 2, 0
        )
    if report.survivors and with_scenarios:
        yield f"\n{appended('', _rows(report), report.file)}"


def _sum(reports: list[Report], wrote: bool) -> str:
    mutants, killed = sum(r.mutants for r in reports), sum(r.killed for r in reports)
    equivalent, survivors = sum(r.equivalent for r in reports), sum(len(r.survivors) for r in reports)
    files = f"{len(reports):,} law file{'' if len(reports) == 1 else 's'}"
    counted = f"{killed:,} killed, {equivalent:,} equivalent, {_adding(sum(r.adding for r in reports))}"
    scenarios = f"{sum(len(_rows(r)) for r in reports):,} scenarios {'written' if wrote else 'missing'}"
    return f"{mutants:,} mutants of {files}: {counted}{survivors:,} survivors; {scenarios}"


def _adding(number: int) -> str:
    return f"{number:,} only add{'' if number != 1 else 's'} a duty, " if number else ""


def _plain(report: Report) -> dict[str, Any]:
    return {
        "file": report.file,
        "mutants": report.mutants,
        "killed": report.killed,
        "equivalent": report.equivalent,
        "adding": report.adding,
        "survivors": [
            {"norm": s.norm, "changed": s.words, "where": s.where, "scenario": s.case.id if s.case else None}
            for s in report.survivors
        ],
        "scenarios": _rows(report),
    }
