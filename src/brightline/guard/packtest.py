"""Testing rule packs by the examples that stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from brightline.guard.finding import Finding, at_least
from brightline.guard.rules import Example, Rule
from brightline.guard.scanner import Scanner

__all__ = ["Failure", "failures"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not do what it says: the rule, where it stands, what is wrong, and its invented text."""

    rule: str
    where: str
    message: str
    text: str


def failures(scanner: Scanner, names: frozenset[str] = frozenset()) -> Iterator[Failure]:
    """Every example of the rules, or of those named, that does not hold, and every clean text that is found."""
    for rule in scanner.rules.rules:
        if not names or rule.name in names:
            yield from _of_rule(scanner, rule)
    for example in scanner.rules.clean if not names else ():
        for finding in scanner.scan(example.text):
            yield Failure(finding.rule, example.where, "reports in a clean text", _marked(example.text, [finding]))


def _of_rule(scanner: Scanner, rule: Rule) -> Iterator[Failure]:
    least = "possible" if rule.tier == "possible" else "probable"
    for example in rule.hits:
        found = _found(scanner, rule, example, least)
        for start, end in example.spans:
            if not any(f.start < end and start < f.end for f in found):
                yield Failure(rule.name, example.where, "does not find what is marked", _why(scanner, rule, example))
        for f in found:
            if not any(f.start < end and start < f.end for start, end in example.spans):
                yield Failure(rule.name, example.where, "finds more than is marked", _marked(example.text, [f]))
    for example in rule.misses:
        if found := _found(scanner, rule, example, "probable"):
            yield Failure(rule.name, example.where, "finds what it should leave", _marked(example.text, found))


def _found(scanner: Scanner, rule: Rule, example: Example, least: str) -> list[Finding]:
    return [f for f in scanner.candidates(example.text, frozenset({rule.name})) if at_least(f.tier, least)]


def _marked(text: str, found: list[Finding]) -> str:
    for finding in sorted(found, key=lambda f: -f.start):
        text = f"{text[: finding.start]}[[{text[finding.start : finding.end]}]]{text[finding.end :]}"
    return text


def _why(scanner: Scanner, rule: Rule, example: Example) -> str:
    """The text, with what kept the rule from reporting."""
    return f"{example.text}\n    {scanner.explained(example.text, rule)}"
