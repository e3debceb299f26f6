"""`python -m benchmarks.guardscore FILE...`: what the guard misses and finds in error, for those who write its rules.

The figures are those of `brightline guard score`. `--show` lists the passages, which are invented, with what was missed
(MISS), found under another label (LABEL), or found without cause (ALARM); `--rules` how often each rule is right. Never
run it with `--show` on real text.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from brightline.cli.guardscore import table_of
from brightline.guard.finding import LABELS, TIERS, Finding
from brightline.guard.rulepack import SHIPPED, read_packs
from brightline.guard.scanner import ENGINES, Scanner
from brightline.guard.scoring import Passage, Stretch, read_passages, same, score, touch
from brightline.law.errors import BrightlineError


def main(argv: Sequence[str] | None = None) -> int:
    """Score each file with the packs, faulty rules left out and named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guardscore", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--least", default="probable", choices=TIERS)
    parser.add_argument("--engine", default="auto", choices=ENGINES)
    parser.add_argument("--packs", action="append", type=Path, metavar="FOLDER", help="a folder of languages")
    parser.add_argument("--show", action="store_true", help="list misses and false alarms")
    parser.add_argument("--label", choices=LABELS, help="list only those of one label")
    parser.add_argument("--lang", help="score only passages of one language")
    parser.add_argument("--rules", action="store_true", help="list how often each rule is right and wrong")
    args = parser.parse_args(argv)
    faults: list[BrightlineError] = []
    scanner = Scanner(read_packs(args.packs or [SHIPPED], faults), args.engine)
    for fault in faults:
        print(f"left out: {fault}")
    for path in args.files:
        passages = [p for p in read_passages(path) if args.lang in (None, p.language)]
        found = scanner.scan_many([p.text for p in passages], args.least)
        print("\n".join([f"{path.name}: {len(passages)} passages", *table_of(score(passages, found))]))
        if args.rules:
            print("\n".join(by_rule(passages, found)))
        if args.show:
            print("\n".join(listed(passages, found, args.label)))
    return 0


def _span(finding: Finding) -> Stretch:
    return finding.start, finding.end, finding.label


def by_rule(passages: Sequence[Passage], found: Sequence[Sequence[Finding]]) -> Iterator[str]:
    """For each rule how often it found what is marked, marked otherwise, or not marked; the worst first."""
    counts: dict[str, Counter[str]] = {}
    for passage, findings in zip(passages, found, strict=True):
        for finding in findings:
            fits = [s for s in passage.spans if touch(_span(finding), s)]
            kind = "right" if any(s[2] == finding.label for s in fits) else "other label" if fits else "wrong"
            counts.setdefault(finding.rule, Counter())[kind] += 1
    for rule, each in sorted(counts.items(), key=lambda item: (-item[1]["wrong"], -item[1]["other label"], item[0])):
        yield f"  {rule:40s} right {each['right']:4d}  other label {each['other label']:3d}  wrong {each['wrong']:3d}"


def listed(passages: Sequence[Passage], found: Sequence[Sequence[Finding]], label: str | None) -> Iterator[str]:
    """What was missed, found under another label, or found without cause; one line each."""
    for passage, findings in zip(passages, found, strict=True):
        for span in (s for s in passage.spans if label in (None, s[2])):
            if not any(touch(span, _span(f)) for f in findings):
                yield f"MISS  {span[2]}: {_within(passage.text, span)}"
            elif not any(same(span, _span(f)) for f in findings):
                yield f"LABEL {span[2]}: {_within(passage.text, span)}"
        for finding in (f for f in findings if label in (None, f.label)):
            if not any(touch(_span(finding), s) for s in passage.spans):
                yield f"ALARM {finding.rule}: {_within(passage.text, _span(finding))}  traps {passage.traps}"


def _within(text: str, span: Stretch) -> str:
    return f"{text[: span[0]]}[[{text[span[0] : span[1]]}]]{text[span[1] :]}"


if __name__ == "__main__":
    sys.exit(main())
