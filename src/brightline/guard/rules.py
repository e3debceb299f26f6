"""A rule: what is looked for, what it means, and which contexts decide; and a set of them that is judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from brightline.guard.compiled import Pattern
from brightline.guard.contexts import Context

__all__ = ["Example", "Rule", "Rules"]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the stretches that are to be found in it, and where it is written."""

    text: str
    spans: tuple[tuple[int, int], ...]
    where: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack. `needs` holds lists of which one context each must hold; `over` names what it beats."""

    name: str
    label: str
    tier: str
    why: str
    find: tuple[Pattern, ...]
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    over: tuple[str, ...]
    hide: str
    hits: tuple[Example, ...]
    misses: tuple[Example, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of some packs, with the contexts they name; `clean` texts in which no rule may report."""

    rules: tuple[Rule, ...]
    contexts: Mapping[str, Context]
    clean: tuple[Example, ...]
    digest: str
