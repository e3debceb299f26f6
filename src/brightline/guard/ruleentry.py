"""One rule of a pack, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable

from brightline.guard.compiled import Pattern
from brightline.guard.finding import LABELS, TIERS
from brightline.guard.packfields import RULE_FIELDS, Entry, one_of, texts_of
from brightline.guard.rules import Example, Rule
from brightline.law.errors import BrightlineError, shown
from brightline.law.yamlfile import Listing

__all__ = ["read_rule"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_MARK = re.compile(r"\[\[|\]\]")


def read_rule(entry: Entry, language: str, patterns: Callable[[str], tuple[Pattern, ...]]) -> Rule:
    """The rule that a table says. Raises: BrightlineError `pack`, `pattern`, `unknown-field`."""
    table = entry.table
    table.reject_unknown(RULE_FIELDS, "a rule")
    name = str(table.get("rule") or "")
    if not _NAME.match(name):
        raise entry.fault("rule", f"{shown(name)} is no name for a rule", "use small letters, digits and `-`")
    one_of(entry, "edges", ("word", "open"), "word")
    find = patterns("find")
    why, hits = table.get("why"), _examples(entry, "hits")
    for found, key, help in (
        (find, "find", "add patterns"),
        (why, "why", "say in words what the rule finds"),
        (hits, "hits", "add a text with the span in [[ ]]"),
    ):
        if not found:
            raise entry.fault(key, f"`{key}` is missing", help)
    return Rule(
        name=f"{language}.{name}",
        label=one_of(entry, "label", LABELS),
        tier=one_of(entry, "tier", TIERS),
        why=str(why),
        find=find,
        needs=_needs(entry),
        unless=_names(entry, "unless"),
        raises=_names(entry, "raise"),
        lowers=_names(entry, "lower"),
        over=_over(entry, language),
        hide=one_of(entry, "hide", ("span", "value", "clause"), "span"),
        hits=hits,
        misses=_examples(entry, "misses"),
        where=table.where("rule"),
    )  # fmt: skip


def _names(entry: Entry, key: str) -> tuple[str, ...]:
    return tuple(text for text, _ in texts_of(entry, key))


def _over(entry: Entry, language: str) -> tuple[str, ...]:
    """Rules and labels; a rule of the same language may be named without it."""
    return tuple(name if "." in name or name in LABELS else f"{language}.{name}" for name in _names(entry, "over"))


def _needs(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """Lists of contexts, one of each of which must hold."""
    found = entry.table.get("needs")
    if not isinstance(found, Listing):
        return tuple((name,) for name in _names(entry, "needs"))
    needs: list[tuple[str, ...]] = []
    for one in found:
        names = tuple(one) if isinstance(one, Listing) else (one,)
        if not names or not all(isinstance(name, str) for name in names):
            raise entry.fault(
                "needs",
                "`needs` holds something that is no name",
                "write names, or lists of names of which one must hold",
            )
        needs.append(names)
    return tuple(needs)


def _examples(entry: Entry, key: str) -> tuple[Example, ...]:
    return tuple(_example(entry, key, text, where) for text, where in texts_of(entry, key))


def _example(entry: Entry, key: str, text: str, where: str) -> Example:
    """Takes the marks out of an example. Raises: BrightlineError `pack`."""
    plain, spans, start, last = "", list[tuple[int, int]](), -1, 0
    for mark in _MARK.finditer(text):
        plain += text[last : mark.start()]
        last = mark.end()
        if (mark[0] == "[[") == (start >= 0):
            raise BrightlineError(
                "pack", f"{entry.called}: the marks of an example do not match", "write [[ and ]] in pairs", where
            )
        if mark[0] == "]]":
            spans.append((start, len(plain)))
        start = len(plain) if mark[0] == "[[" else -1
    if start >= 0 or (key == "hits") != bool(spans):
        raise BrightlineError(
            "pack",
            f"{entry.called}: an example of `{key}` has {'no' if key == 'hits' else 'a'} span",
            "mark what is to be found in `hits` with [[ and ]], and nothing in `misses`",
            where,
        )
    return Example(plain + text[last:], tuple(spans), where)
