"""The brightline command: reads arguments, calls the engine, prints. Every error ends in exit 2 and a next step."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from brightline.law import BrightlineError

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit code is 0, 1 for a miss or finding, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(prog="brightline")
    sub = parser.add_subparsers(dest="command", required=True)
    law = sub.add_parser("law").add_subparsers(dest="law_command", required=True)
    check = law.add_parser("check")
    check.add_argument("path", nargs="?", default="")
    test = law.add_parser("test")
    test.add_argument("files", nargs="+", type=Path)
    test.add_argument("--json", action="store_true")
    test.add_argument("-v", action="store_true")
    args = parser.parse_args(argv)
    try:
        return {"check": _check, "test": _test}[args.law_command](args)
    except BrightlineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _check(args: argparse.Namespace) -> int:
    from brightline.law.check import check_corpus
    from brightline.law.corpusfiles import CORPUS

    below = args.path
    if below and Path(below).exists():
        below = Path(below).resolve().relative_to(CORPUS.resolve()).as_posix()
    findings = check_corpus(CORPUS, below)
    for f in findings:
        print(f"{f.where}: {f.message} [{f.code}]\n  help: {f.help}")
    print(f"{len(findings)} findings")
    return 1 if findings else 0


def _test(args: argparse.Namespace) -> int:
    from brightline.law import load_law
    from brightline.law.corpusfiles import CORPUS
    from brightline.law.scenarios import read_cases, run_case

    law = _lenient()
    passed = failed = 0
    rows = []
    for path in args.files:
        authority = ""
        if path.name.endswith(".scenarios.yaml"):
            try:
                authority = path.resolve().relative_to(CORPUS.resolve()).as_posix().partition("@")[0]
            except ValueError:
                authority = ""
        for case in read_cases(path):
            r = run_case(law, case, authority)
            passed += r.is_ok
            failed += not r.is_ok
            rows.append({"id": case.id, "expect": case.expect, "accept": list(case.accept), "got": r.got, "ok": r.is_ok, "missed": list(r.missed)})
            if args.json or (r.is_ok and not args.v):
                continue
            print(f"{'ok  ' if r.is_ok else 'MISS'} {case.id} {case.profile} {case.action}: expected {case.expect} {case.accept or ''}, got {r.got}; {'; '.join(r.missed)}")
            if r.answer:
                a = r.answer
                for b in a.basis:
                    print(f"       basis {b.norm} ({b.rank}, {b.evidence})")
                for d in a.defeated:
                    print(f"       defeated {d.norm} by {d.by}: {d.why}")
                for d in a.duties:
                    print(f"       duty {d.action} {d.within}: {d.working}")
                for c in a.contested:
                    print(f"       contested {c.reading}={c.value}: {c.modality}")
                if a.presumed:
                    print("       presumed " + ", ".join(f"{p.fact}={p.value}" for p in a.presumed))
                if a.question:
                    print(f"       open between {a.possible}; question {a.question.fact}")
    if args.json:
        print(json.dumps({"cases": rows, "passed": passed, "failed": failed}))
    else:
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _lenient():
    from brightline.law.authorityfile import parse_authority
    from brightline.law.corpusfiles import CORPUS, law_files, read_calendars, read_vocabulary
    from brightline.law.library import Law
    from brightline.law.yamlfile import load_yaml

    vocabulary = read_vocabulary(CORPUS)
    found = {}
    for path in law_files(CORPUS):
        folder, name = path.parent.relative_to(CORPUS).as_posix(), path.relative_to(CORPUS).as_posix()
        try:
            found.setdefault(folder, []).append(parse_authority(load_yaml(path, name), folder, name, vocabulary))
        except BrightlineError as error:
            print(f"skipped: {error}", file=sys.stderr)
    return Law(vocabulary, {k: tuple(v) for k, v in found.items()}, read_calendars(CORPUS))
