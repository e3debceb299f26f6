"""`python -m benchmarks.guardscore FILE...`: how well the guard finds what a corpus of passages has marked.

The figures are those of the corpus' own scorer: an overlap of one character counts. `--show` lists what is missed and
what is found in error, with the passages, which are invented. Never run it with `--show` on real text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from brightline.guard.finding import LABELS
from brightline.guard.rulepack import SHIPPED, read_packs
from brightline.guard.scanner import ENGINES, Scanner
from brightline.law.errors import BrightlineError

Span = tuple[int, int, str, str]


def main(argv: Sequence[str] | None = None) -> int:
    """Score each file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guardscore", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--least", default="probable", choices=("certain", "probable", "possible"))
    parser.add_argument("--engine", default="auto", choices=ENGINES)
    parser.add_argument(
        "--packs",
        action="append",
        type=Path,
        metavar="FOLDER",
        help="a folder of languages (default: the packs that ship)",
    )
    parser.add_argument("--show", action="store_true", help="list misses and false alarms")
    parser.add_argument("--label", choices=LABELS, help="list only those of one label")
    parser.add_argument("--style", help="score only passages of one style")
    parser.add_argument("--lang", help="score only passages of one language")
    parser.add_argument("--rules", action="store_true", help="list for each rule how often it is right and wrong")
    args = parser.parse_args(argv)
    faults: list[BrightlineError] = []
    scanner = Scanner(read_packs(args.packs or [SHIPPED], faults), args.engine)
    for fault in faults:
        print(f"left out: {fault}")
    for path in args.files:
        gold = [
            r
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and _wanted(r := json.loads(line), args)
        ]
        found = scanner.scan_many([row["text"] for row in gold], args.least)
        spans = [[(f.start, f.end, f.label, f.rule) for f in row] for row in found]
        print(f"{path.name}: {len(gold)} passages")
        score(gold, spans)
        characters(gold, [[(f.hide_start, f.hide_end) for f in row] for row in found], "by redaction")
        if args.rules:
            by_rule(gold, spans)
        if args.show:
            show(gold, spans, args.label)
    return 0


def _wanted(row: dict[str, Any], args: argparse.Namespace) -> bool:
    return (not args.style or row["style"] == args.style) and (not args.lang or row["lang"] == args.lang)


def marked(row: dict[str, Any]) -> list[Span]:
    return [(s["start"], s["end"], s["label"], "") for s in row["spans"]]


def touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def same(one: Span, other: Span) -> bool:
    return touch(one, other) and one[2] == other[2]


def score(gold: Sequence[dict[str, Any]], found: Sequence[Sequence[Span]]) -> None:
    """Print the table of the scorer."""
    for name in (*LABELS, "STRICT", "ANY"):
        rows = [(marked(r), list(f)) for r, f in zip(gold, found, strict=True)]
        if name in LABELS:
            rows = [([g for g in gs if g[2] == name], [p for p in ps if p[2] == name]) for gs, ps in rows]
        _line(name, rows, same if name == "STRICT" else touch)
    hits = sum(bool(r["spans"]) and bool(f) for r, f in zip(gold, found, strict=True))
    _ratios("PASSAGE", hits, sum(map(bool, found)), hits, sum(bool(r["spans"]) for r in gold))
    characters(gold, [[s[:2] for s in f] for f in found], "by findings")
    traps(gold, found)
    for key in ("lang", "action", "style"):
        print(f"  recall by {key}: " + _recall(gold, found, key))


def _line(name: str, rows: Iterable[tuple[list[Span], list[Span]]], fits: Callable[[Span, Span], bool]) -> None:
    predicted = wanted = right = reached = 0
    for gs, ps in rows:
        predicted, wanted = predicted + len(ps), wanted + len(gs)
        right += sum(any(fits(p, g) for g in gs) for p in ps)
        reached += sum(any(fits(p, g) for p in ps) for g in gs)
    _ratios(name, right, predicted, reached, wanted)


def _ratios(name: str, right: int, predicted: int, reached: int, wanted: int) -> None:
    precision, recall = right / max(1, predicted), reached / max(1, wanted)
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    print(f"  {name:28s} P {precision:.3f} R {recall:.3f} F1 {both:.3f}  (found {predicted}, marked {wanted})")


def characters(gold: Sequence[dict[str, Any]], spans: Sequence[Sequence[tuple[int, ...]]], what: str) -> None:
    covered = total = over = clean = 0
    for row, found in zip(gold, spans, strict=True):
        status = {at for s in row["spans"] for at in range(s["start"], s["end"])}
        hidden = {at for s in found for at in range(s[0], s[1])}
        total, covered = total + len(status), covered + len(status & hidden)
        clean, over = clean + len(row["text"]) - len(status), over + len(hidden - status)
    print(f"  {what}: status characters {covered / max(1, total):.3f}, other characters {over / max(1, clean):.4f}")


def traps(gold: Sequence[dict[str, Any]], found: Sequence[Sequence[Span]]) -> None:
    hard = [(r, bool(f)) for r, f in zip(gold, found, strict=True) if not r["spans"] and r["traps"]]
    all_, sprung = Counter[str](), Counter[str]()
    for row, alarm in hard:
        all_.update(row["traps"])
        sprung.update(row["traps"] if alarm else ())
    rate = sum(alarm for _, alarm in hard) / max(1, len(hard))
    told = ", ".join(f"{trap} {n}/{all_[trap]}" for trap, n in sprung.most_common())
    print(f"  false alarms on hard negatives {rate:.3f} of {len(hard)}; {told}")


def _recall(gold: Sequence[dict[str, Any]], found: Sequence[Sequence[Span]], key: str) -> str:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row, spans in zip(gold, found, strict=True):
        if row["spans"]:
            counts[row[key]][0] += bool(spans)
            counts[row[key]][1] += 1
    return ", ".join(f"{name} {a}/{b}" for name, (a, b) in counts.items())


def by_rule(gold: Sequence[dict[str, Any]], found: Sequence[Sequence[Span]]) -> None:
    right, wrong, other = Counter[str](), Counter[str](), Counter[str]()
    for row, spans in zip(gold, found, strict=True):
        for span in spans:
            fits = [g for g in marked(row) if touch(span, g)]
            (right if any(g[2] == span[2] for g in fits) else other if fits else wrong)[span[3]] += 1
    for rule in sorted({*right, *wrong, *other}, key=lambda r: (-wrong[r], -other[r], r)):
        print(f"  {rule:40s} right {right[rule]:4d}  other label {other[rule]:3d}  wrong {wrong[rule]:3d}")


def show(gold: Sequence[dict[str, Any]], found: Sequence[Sequence[Span]], label: str | None) -> None:
    for row, spans in zip(gold, found, strict=True):
        for span in marked(row):
            if not any(touch(span, f) for f in spans) and label in (None, span[2]):
                print(f"MISS  {row['id']} {span[2]}: {_within(row['text'], span)}")
            elif not any(same(span, f) for f in spans) and label in (None, span[2]):
                print(
                    f"LABEL {row['id']} {span[2]}: {_within(row['text'], span)}  found as {[f[2:] for f in spans if touch(span, f)]}"
                )
        for f in spans:
            if not any(touch(f, g) for g in marked(row)) and label in (None, f[2]):
                print(f"ALARM {row['id']} {f[3]}: {_within(row['text'], f)}  traps {row['traps']}")


def _within(text: str, span: Span) -> str:
    return f"{text[: span[0]]}[[{text[span[0] : span[1]]}]]{text[span[1] :]}"


if __name__ == "__main__":
    sys.exit(main())
