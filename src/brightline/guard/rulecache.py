"""Rules as JSON text and back: what is kept between runs, so that a start need not read the packs anew.

Examples are left out: only tests of rules need them. Data only; nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brightline.guard.compiled import Pattern
from brightline.guard.contexts import Context, Part
from brightline.guard.rulepack import read_packs
from brightline.guard.rules import Rule, Rules
from brightline.guard.store import keep, kept

__all__ = ["are_kept", "load_rules"]


def load_rules(roots: Sequence[Path]) -> Rules:
    """The rules of the packs under some folders, without examples. Raises: BrightlineError as `read_packs`."""
    key = _key(roots)
    if (body := kept("rules", key)) is not None:
        try:
            return _from_json(json.loads(body))
        except (ValueError, KeyError, TypeError, IndexError):
            pass
    rules = read_packs(roots)
    keep("rules", key, json.dumps(_to_json(rules), separators=(",", ":")).encode())
    return rules


def are_kept(roots: Sequence[Path]) -> bool:
    """Whether the packs were read before, so that a start takes no time worth a word."""
    return kept("rules", _key(roots)) is not None


def _key(roots: Sequence[Path]) -> str:
    """A digest of every pack and of the engine that reads them."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *(p for r in roots for p in sorted(r.glob("*/*.yaml")))):
        digest.update(f"{path.parent.name}/{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _to_json(rules: Rules) -> dict[str, Any]:
    patterns: dict[Pattern, int] = {}

    def numbers(found: Sequence[Pattern]) -> list[int]:
        return [patterns.setdefault(pattern, len(patterns)) for pattern in found]

    contexts = [
        [c.name, c.why, [[p.scope, p.reach, numbers(p.find), numbers(p.but), p.where] for p in c.parts]]
        for c in rules.contexts.values()
    ]
    listed = [
        [
            r.name,
            r.label,
            r.tier,
            r.why,
            numbers(r.find),
            r.needs,
            r.unless,
            r.raises,
            r.lowers,
            r.over,
            r.hide,
            r.where,
        ]
        for r in rules.rules
    ]
    return {
        "contexts": contexts,
        "rules": listed,
        "patterns": [_row(p) for p in patterns],
        "digest": rules.digest,
    }


def _from_json(kept_: dict[str, Any]) -> Rules:
    patterns = [_pattern(*row) for row in kept_["patterns"]]

    def named(numbers: Sequence[int]) -> tuple[Pattern, ...]:
        return tuple(patterns[number] for number in numbers)

    contexts = {
        name: Context(name, why, tuple(Part(s, r, named(find), named(but), where) for s, r, find, but, where in parts))
        for name, why, parts in kept_["contexts"]
    }
    return Rules(tuple(_rule(row, named(row[4])) for row in kept_["rules"]), contexts, (), kept_["digest"])


def _rule(row: list[Any], find: tuple[Pattern, ...]) -> Rule:
    name, label, tier, why, _, needs, unless, raises, lowers, over, hide, where = row
    return Rule(
        name, label, tier, why, find, tuple(map(tuple, needs)), tuple(unless), tuple(raises), tuple(lowers), tuple(over), hide, (), (), where
    )  # fmt: skip


def _row(pattern: Pattern) -> list[Any]:
    others = [[word.decode() for word in words] for words in pattern.others]
    p = pattern
    return [p.exact, p.most, p.triggers, p.nearest, p.farthest, others, p.is_whole]


def _pattern(
    exact: str, most: int, triggers: list[str], nearest: int, farthest: int, others: Any, whole: bool
) -> Pattern:
    lists = tuple(tuple(word.encode() for word in words) for words in others)
    return Pattern(exact, most, tuple(triggers), nearest, farthest, lists, whole)
