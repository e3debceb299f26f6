"""`brightline law mutate`: whether the scenarios beside the law see each change that alters an answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from brightline.cli.edgefile import edge_rows, edge_text
from brightline.cli.lawcommands import _below, _replace
from brightline.cli.layout import Page
from brightline.cli.workers import worked_out
from brightline.law.corpusfiles import CORPUS, edge_cases, edges_name, load_law, scenario_files, stem_of, written_cases
from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.law.mutation import Report, mutate
from brightline.law.norms import Authority
from brightline.publish.wording import Words

__all__ = ["mutate_command"]

_HELD: dict[Path, tuple[Law, dict[str, Authority]]] = {}


def mutate_command(args: argparse.Namespace) -> int:
    """Print the report for each authority, and write the edge cases anew where that is asked for."""
    root = args.corpus or CORPUS
    below = _below(root, args.path)
    files = _files(root, below)
    words, reports = Words(_held(root)[0].vocabulary), []
    for report in _reports(root, files, args.jobs or os.cpu_count() or 1, writes=args.write):
        if args.write:
            _write(root, report, words)
        reports.append(report)
        if not args.json:
            print("\n".join(_lines(report, words, with_scenarios=not args.write)), flush=True)
    if args.write:
        _drop_strays(root, below)
    if args.json:
        print(json.dumps([_plain(report, words) for report in reports], indent=2, ensure_ascii=False, default=str))
    else:
        print(_sum(reports, args.write))
    missing = sum(1 for r in reports for s in r.survivors if s.case is None or not args.write)
    return 1 if missing else 0


def _files(root: Path, below: str) -> list[str]:
    named = f"{stem_of(below)}.yaml" if "@" in below else below
    found = sorted(a.file for a in _held(root)[0].everything() if a.file == named or a.file.startswith(_folder(named)))
    if not found:
        raise BrightlineError(
            "unreadable", f"{shown(below)} holds no law file", "name a folder or a law file, such as us/mn", "PATH"
        )
    return found


def _folder(named: str) -> str:
    return f"{named.rstrip('/')}/" if named else ""


def _reports(root: Path, files: list[str], jobs: int, *, writes: bool) -> Iterator[Report]:
    """The reports in the order of the files, worked out by several processes where there are several files."""
    work = partial(_report_as_written if writes else _report, root)
    found = map(work, files) if jobs == 1 or len(files) == 1 else worked_out(work, files, jobs)
    for number, report in enumerate(found, 1):
        _show_progress(number, len(files), report.file)
        yield report


def _report(root: Path, file: str) -> Report:
    """The report for a law file with all the scenarios beside it."""
    law, authorities = _held(root)
    return mutate(law, root, authorities[file], [*written_cases(root, file), *edge_cases(root, file)])


def _report_as_written(root: Path, file: str) -> Report:
    """The report for a law file with the scenarios that a person wrote: what they miss is to be the edge cases."""
    law, authorities = _held(root)
    return mutate(law, root, authorities[file], written_cases(root, file))


def _held(root: Path) -> tuple[Law, dict[str, Authority]]:
    if root not in _HELD:
        law = load_law(root)
        _HELD[root] = (law, {authority.file: authority for authority in law.everything()})
    return _HELD[root]


def _show_progress(number: int, total: int, file: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{number} of {total} law files ({file[:60]})\x1b[K", end="\r", file=sys.stderr)


def _rows(report: Report, words: Words) -> list[dict[str, Any]]:
    """The missing scenarios of a report, each once."""
    return edge_rows([(s.case, s.words) for s in report.survivors if s.case], words)


def _write(root: Path, report: Report, words: Words) -> None:
    """Write the file of edge cases anew; where none is needed there is no such file."""
    rows, name = _rows(report, words), edges_name(report.file)
    if rows:
        _replace(root / name, edge_text(rows, name))
    else:
        (root / name).unlink(missing_ok=True)


def _drop_strays(root: Path, below: str) -> None:
    """Drop the edge cases of law files that are there no more."""
    for path in scenario_files(root):
        name = path.relative_to(root).as_posix()
        if name == edges_name(name) and name.startswith(below) and not (root / f"{stem_of(name)}.yaml").exists():
            path.unlink()


def _lines(report: Report, words: Words, *, with_scenarios: bool) -> Iterator[str]:
    page, survivors = Page.for_output(), len(report.survivors)
    counted = f"{report.killed} killed, {report.equivalent} equivalent"
    yield f"{report.file}: {report.mutants} mutants, {counted}, {survivors} survive{'' if survivors != 1 else 's'}"
    for survivor in report.survivors:
        seen = f"; seen by {survivor.case.id}" if survivor.case else "; no case could be stated"
        yield page.wrapped(
            "", f"{survivor.where.rpartition(':')[2]}: {survivor.norm.partition('#')[2]}, {survivor.words}{seen}", 2, 0
        )
    if with_scenarios and (rows := _rows(report, words)):
        yield f"\n{edge_text(rows, report.file, has_head=False)}"


def _sum(reports: list[Report], wrote: bool) -> str:
    mutants, killed = sum(r.mutants for r in reports), sum(r.killed for r in reports)
    equivalent, survivors = sum(r.equivalent for r in reports), sum(len(r.survivors) for r in reports)
    cases = sum(len({s.case.id for s in r.survivors if s.case}) for r in reports)
    files = f"{len(reports):,} law file{'' if len(reports) == 1 else 's'}"
    counted = f"{killed:,} killed, {equivalent:,} equivalent, {survivors:,} survivor{'' if survivors == 1 else 's'}"
    word = "edge case" if wrote else "scenario"
    return f"{mutants:,} mutants of {files}: {counted}; {cases:,} {word}{'' if cases == 1 else 's'} {'written' if wrote else 'missing'}"


def _plain(report: Report, words: Words) -> dict[str, Any]:
    return {
        "file": report.file,
        "mutants": report.mutants,
        "killed": report.killed,
        "equivalent": report.equivalent,
        "survivors": [
            {"norm": s.norm, "changed": s.words, "where": s.where, "scenario": s.case.id if s.case else None}
            for s in report.survivors
        ],
        "scenarios": _rows(report, words),
    }
