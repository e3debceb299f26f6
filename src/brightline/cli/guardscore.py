"""`brightline guard score`: how well the guard finds what people have marked in passages of their own."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brightline.cli.guardfirst import tell_of_first_reading
from brightline.guard.scanner import Scanner
from brightline.guard.scoring import Ratio, Score, read_passages, score

__all__ = ["score_command", "table_of"]


def score_command(args: argparse.Namespace) -> int:
    """Print the figures of each file. No text of a passage is printed."""
    tell_of_first_reading()
    scanner = Scanner.shipped()
    told = {}
    for path in map(Path, args.files):
        passages = read_passages(path)
        told[path.name] = score(passages, scanner.scan_many([p.text for p in passages], args.least))
        if args.format == "table":
            print("\n".join([f"{path.name}: {len(passages)} passages", *table_of(told[path.name])]))
    if args.format == "json":
        print(json.dumps({name: _plain(each) for name, each in told.items()}, indent=2))
    return 0


def table_of(told: Score) -> Iterator[str]:
    """The figures as lines for a terminal."""
    yield f"  {'':28}{'found':>7}{'marked':>8}{'precision':>11}{'recall':>8}{'F1':>7}"
    rows = {**told.labels, "any label": told.any_label, "right label": told.strict, "passages": told.passages}
    for name, ratio in rows.items():
        yield f"  {name:28}{ratio.found:7}{ratio.marked:8}{ratio.precision:11.3f}{ratio.recall:8.3f}{ratio.f1:7.3f}"
    yield f"  status characters hidden {told.hidden:.3f}, other characters hidden {told.hidden_besides:.4f}"
    yield f"  false alarms on hard negatives {told.alarms:.3f}" + _listed({n: v for n, v in told.traps.items() if v[0]})
    yield "  passages found" + _listed(told.recall)


def _listed(counts: Any) -> str:
    return "".join(f"{', ' if i else ': '}{name} {a} of {b}" for i, (name, (a, b)) in enumerate(counts.items()))


def _plain(told: Score) -> dict[str, Any]:
    def ratio(each: Ratio) -> dict[str, float]:
        return {
            "found": each.found,
            "marked": each.marked,
            "precision": each.precision,
            "recall": each.recall,
            "f1": each.f1,
        }

    return {
        "labels": {name: ratio(each) for name, each in told.labels.items()},
        "any_label": ratio(told.any_label),
        "strict": ratio(told.strict),
        "passages": ratio(told.passages),
        "hidden": told.hidden,
        "hidden_besides": told.hidden_besides,
        "alarms": told.alarms,
        "traps": {name: list(each) for name, each in told.traps.items()},
        "recall": {name: list(each) for name, each in told.recall.items()},
    }
