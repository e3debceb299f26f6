"""`brightline guard test`: rule packs tested by the examples that stand in them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from brightline.guard.packtest import Failure, failures
from brightline.guard.rulepack import SHIPPED, read_packs
from brightline.guard.rules import Rules
from brightline.guard.scanner import Scanner
from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["test_command"]


def test_command(args: argparse.Namespace) -> int:
    """Print what does not hold, then a count. Examples are invented, so their text may be shown."""
    faults: list[BrightlineError] = []
    roots, files = _places(args.packs)
    rules = read_packs(roots, faults)
    for fault in faults:
        print(f"error: {fault}")
    names = _chosen(rules, args.rule, files)
    found = list(failures(Scanner(rules, "plain"), names))
    for failure in found:
        print(f"{failure.where}: {failure.rule} {failure.message}\n    {failure.text}")
    if args.jsonl:
        _write(args.jsonl, found)
    tested = [rule for rule in rules.rules if not names or rule.name in names]
    examples = sum(len(rule.hits) + len(rule.misses) for rule in tested)
    print(f"{len(tested)} rules, {examples} examples: {len(found)} do not hold, {len(faults)} faults in the packs")
    return 1 if found or faults else 0


def _places(packs: Sequence[str]) -> tuple[list[Path], list[str]]:
    """The folders to read, and the files, as rules name them, whose rules alone are tested."""
    paths = [Path(pack) for pack in packs]
    files = [path for path in paths if path.is_file()]
    roots = [path for path in paths if not path.is_file()]
    roots += dict.fromkeys(path.resolve().parents[1] for path in files)
    labels = ["/".join(path.resolve().parts[-3:]) for path in files]
    if files and SHIPPED not in roots:
        roots.append(SHIPPED)
    return roots or [SHIPPED], labels


def _chosen(rules: Rules, asked: Sequence[str], files: Sequence[str]) -> frozenset[str]:
    """The names of the rules to test; none for all. Raises: BrightlineError `no-rule`."""
    known = {rule.name for rule in rules.rules}
    named = set[str]()
    for word in asked:
        fits = {name for name in known if name == word or name.partition(".")[2] == word}
        if not fits:
            raise BrightlineError("no-rule", f"no rule is named {shown(word)}", near_misses(word, known), "--rule")
        named |= fits
    named |= {rule.name for rule in rules.rules if rule.where.rpartition(":")[0] in files}
    return frozenset(named)


def _write(path: Path, found: Sequence[Failure]) -> None:
    path.write_text("".join(json.dumps(asdict(failure)) + "\n" for failure in found), encoding="utf-8")
