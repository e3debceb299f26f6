"""`brightline law ...`: checking, testing, showing and formatting the law files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from brightline.cli.layout import Page
from brightline.cli.request import read_date
from brightline.law.answerjson import answer_to_json
from brightline.law.billcases import bill_beside, read_bill_cases, run_bill_cases
from brightline.law.billfile import read_bill
from brightline.law.corpusfiles import CORPUS, load_law, relative_name
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import FALSE, TRUE, words
from brightline.law.library import Law, Stack
from brightline.law.norms import Authority, Norm
from brightline.law.scenarios import Result, read_cases, run_case

__all__ = ["check_command", "fmt_command", "schema_command", "show_command", "test_command"]


def check_command(args: argparse.Namespace) -> int:
    """Print the findings for the corpus or a part of it."""
    from brightline.law.check import check_corpus

    root = args.corpus or CORPUS
    findings = check_corpus(root, _below(root, args.path))
    if args.json:
        print(
            json.dumps(
                [{"code": f.code, "where": f.where, "message": f.message, "help": f.help} for f in findings], indent=2
            )
        )
        return 1 if findings else 0
    for finding in findings:
        print(f"{finding.where}: {finding.message} [{finding.code}]\n  help: {finding.help}")
    print(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}" if findings else "no findings")
    return 1 if findings else 0


def _below(root: Path, named: str) -> str:
    if not named:
        return ""
    for path in (Path(named), root / named):
        if path.exists():
            try:
                return path.resolve().relative_to(root.resolve()).as_posix().removesuffix(".")
            except ValueError:
                continue
    raise BrightlineError(
        "unreadable", f"{shown(named)} is not in the corpus", "name a folder or file of it, such as us/mn", "PATH"
    )


def test_command(args: argparse.Namespace) -> int:
    """Run scenario files."""
    law = load_law(args.corpus)
    results = [r for path in args.files for r in _results(law, path, args.corpus or CORPUS)]
    failed = sum(not r.is_ok for r in results)
    if args.json:
        print(
            json.dumps(
                {"cases": [_result_json(r) for r in results], "passed": len(results) - failed, "failed": failed},
                ensure_ascii=False,
                indent=2,
            )
        )
        return 1 if failed else 0
    page = Page.for_output()
    for result in results:
        if args.verbose or not result.is_ok or result.duties_missed:
            print("\n".join(_result_lines(page, result)))
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _results(law: Law, path: Path, root: Path) -> Iterator[Result]:
    name = relative_name(path, [root])
    beside = bill_beside(path)
    if beside:
        bill = read_bill(beside, law, relative_name(beside, [root]))
        cases = read_bill_cases(path, bill, name)
        results = run_bill_cases(law, bill, cases)
    else:
        cases = read_cases(path)
        authority = name.partition("@")[0] if name.endswith(".scenarios.yaml") else ""
        results = (run_case(law, case, authority) for case in cases)
    for number, result in enumerate(results, 1):
        if sys.stderr.isatty() and number % 50 == 0:
            print(f"\r{number} of {len(cases)} cases", end="\r", file=sys.stderr)
        yield result


def _result_json(result: Result) -> dict[str, Any]:
    case = result.case
    return {
        "id": case.id,
        "profile": case.profile,
        "action": case.action,
        "expect": case.expect,
        "accept": list(case.accept),
        "got": result.got,
        "ok": result.is_ok,
        "missed": list(result.missed),
        "duties_missed": list(result.duties_missed),
        "answer": answer_to_json(result.answer) if result.answer else None,
    }


def _result_lines(page: Page, result: Result) -> Iterator[str]:
    case, one = result.case, result.answer
    accepted = f" (or {', '.join(case.accept)})" if case.accept else ""
    yield f"{'ok  ' if result.is_ok else 'MISS'} {case.id}  {case.profile}  {case.action}: expected {case.expect}{accepted}, got {result.got}"
    for missed in (*result.missed, *result.duties_missed):
        yield page.wrapped("missed", missed)
    if one is None:
        return
    for basis in one.basis:
        yield page.wrapped("basis", f"{basis.norm} ({basis.rank}, {basis.evidence})")
    for defeat in one.defeated:
        yield page.wrapped("lost", f"{defeat.norm} to {defeat.by}: {defeat.why}")
    for duty in one.duties:
        yield page.wrapped("duty", f"{duty.action} {duty.within}: {duty.working}")
    for contest in one.contested:
        yield page.wrapped("disputed", f"{contest.reading} = {contest.value}: {contest.modality}")
    if one.presumed:
        yield page.wrapped("presuming", ", ".join(f"{p.fact} = {p.value}" for p in one.presumed))
    if one.question:
        yield page.wrapped("open", f"{' or '.join(one.possible)}; it would ask {one.question.fact}")


def show_command(args: argparse.Namespace) -> int:
    """Print the law that binds a profile."""
    law, page = load_law(args.corpus), Page.for_output()
    if not args.profile:
        for profile in sorted(law.vocabulary.profiles.values(), key=lambda p: p.id):
            print(f"{profile.id:<42} {profile.name}")
        return 0
    on = read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the clerk's own day
    if args.action and args.action not in law.vocabulary.actions:
        raise BrightlineError(
            "unknown-action",
            f"unknown action {shown(args.action)}",
            near_misses(args.action, law.vocabulary.actions, "see docs/reference/vocabulary.md"),
            "--action",
        )
    stack = law.stack(args.profile, on)
    print("\n".join(_stack_lines(page, law, stack, on, args.action)))
    return 0


def _stack_lines(page: Page, law: Law, stack: Stack, on: date, action: str | None) -> Iterator[str]:
    yield page.rule("=")
    yield f" {law.profile(stack.profile).name}: {len(stack.norms)} norms of {len(stack.authorities)} authorities in force on {on}"
    yield page.rule("=")
    ranks = {norm.id: norm.level for norm in stack.norms}
    ordered = sorted(stack.authorities, key=lambda a: -max((ranks.get(n.id, 0) for n in a.norms), default=0))
    for authority in ordered:
        norms = [
            stack.by_id[n.id]
            for n in authority.norms
            if n.id in stack.by_id and (action is None or action in n.actions)
        ]
        if norms or (action is None and authority.context):
            yield from _authority_lines(page, authority, norms)


def _authority_lines(page: Page, authority: Authority, norms: list[Norm]) -> Iterator[str]:
    rank = norms[0].rank if norms else authority.rank
    yield ""
    yield page.paint(f" {authority.title}", "1") + f"  [{rank.replace('_', ' ')}]"
    yield f"   {authority.citation}; in force from {authority.in_force.start}; {authority.id}"
    for norm in norms:
        yield page.wrapped(
            norm.modality, f"{', '.join(norm.actions)}: {norm.says} ({norm.cites}; {norm.evidence})", 3, 17
        )
        condition = [words(norm.binds)] if norm.binds != TRUE else []
        condition += [words(norm.when)] if norm.when != TRUE else []
        if condition:
            yield page.wrapped("when", " and ".join(condition), 20, 8)
        if norm.unless != FALSE:
            yield page.wrapped("unless", words(norm.unless), 20, 8)
        for name, values in norm.reading.items():
            yield page.wrapped("reading", f"{name} = {' or '.join(values)}", 20, 8)
    for context in authority.context:
        yield page.wrapped("context", f"{context.says} ({context.cites}; {context.evidence})", 3, 17)


def fmt_command(args: argparse.Namespace) -> int:
    """Write law files in the canonical layout, or say which are not."""
    from brightline.law.layout import formatted

    root = args.corpus or CORPUS
    changed = []
    for path in _yaml_files(args.paths or [root]):
        before = path.read_text(encoding="utf-8")
        after = formatted(before, str(path))
        if after != before:
            changed.append(path)
            if not args.check:
                _replace(path, after)
    for path in changed:
        print(f"{'not in the layout' if args.check else 'rewritten'}: {path}")
    return 1 if changed and args.check else 0


def _yaml_files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*@*.yaml"))
        elif path.exists():
            yield path
        else:
            raise BrightlineError("unreadable", f"cannot read {shown(path)}: no such file", "check the path", "PATH")


def _replace(path: Path, text: str) -> None:
    """Write beside the file first, so that a full disk loses nothing."""
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def schema_command(args: argparse.Namespace) -> int:
    """Print the JSON Schema of law files."""
    from brightline.law.schema import law_file_schema

    print(json.dumps(law_file_schema(load_law(args.corpus).vocabulary), indent=2))
    return 0
