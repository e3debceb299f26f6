"""Judging: from a match of a rule to a finding, or to nothing, by what stands round it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from brightline.guard.compiled import Pattern, finder
from brightline.guard.contexts import Context, Page
from brightline.guard.finding import TIERS, Finding
from brightline.guard.rules import Rule, Rules

__all__ = ["Judge", "against", "matches"]

_WIDENED = 32  # how far a scope is widened to a whole word
_TRIED = 6  # places that are tried one by one rather than searched from the first
_CLAUSE = 60  # characters that masking a clause or a value adds on a side at most
_AROUND = b" \t\r\n,;:!?\"'()[]{}<>"
_VALUE_END = re.compile(rb"[,;|\n\t\"}\]<]|\s{2}|\.(?=\s|$)")
_CLAUSE_END = re.compile(rb"[,;:()!?\"\n]|\.(?=\s|$)| -{1,2} ")


def matches(
    pattern: Pattern, text: bytes, low: int, last: int, read: Callable[[str], re.Pattern[bytes]] = finder
) -> Iterator[re.Match[bytes]]:
    """The matches that begin from one place to another, as if the text were read from the first on.

    INVARIANT: what lies behind is seen far enough that each match and the edge of its last word are whole.
    """
    found_by, at, limit = read(pattern.exact), low, last + pattern.most + 2
    if last - low < _TRIED:
        while at <= last:
            if found := found_by.match(text, at, limit):
                yield found
            at = found.end() if found else at + 1
        return
    while (found := found_by.search(text, at, limit)) and found.start() <= last:
        yield found
        at = found.end()


class Judge:
    """A rule made ready to judge its matches."""

    def __init__(self, rule: Rule, contexts: Mapping[str, Context]) -> None:
        self.rule, self._contexts = rule, contexts
        self._unless, self._needs = frozenset(rule.unless), tuple(map(frozenset, rule.needs))
        self._raises, self._lowers = frozenset(rule.raises), frozenset(rule.lowers)
        named = self._unless.union(self._raises, self._lowers, *self._needs)
        self.reach = max((part.reach for name in named for part in contexts[name].parts), default=0) + _WIDENED
        self.asks = bool(named)

    def hopeless(self, present: frozenset[str]) -> bool:
        """Whether a context that is needed is nowhere near."""
        return any(present.isdisjoint(names) for names in self._needs)

    def judged(self, page: Page, match: re.Match[bytes], present: frozenset[str]) -> Finding | None:
        """The finding of a match, in places of the folded text; None where a context is against it.

        `present` names the contexts that may hold round it.
        """
        rule = self.rule
        start, end = _span(page.text, match)
        if start >= end or self.hopeless(present):
            return None

        def holds(name: str) -> bool:
            return self._contexts[name].holds(page, start, end)

        if any(map(holds, self._unless & present)) or not all(any(map(holds, n & present)) for n in self._needs):
            return None
        raised, lowered = (tuple(filter(holds, sorted(names & present))) for names in (self._raises, self._lowers))
        step = TIERS.index(rule.tier) - len(raised) + len(lowered)
        tier = TIERS[min(max(step, 0), len(TIERS) - 1)]
        low, high = _hidden(rule.hide, page.text, start, end)
        return Finding(start, end, rule.label, tier, rule.name, rule.why, raised, lowered, low, high)


def against(rules: Rules, rule: Rule, page: Page, match: re.Match[bytes]) -> tuple[str, ...]:
    """In words, what kept a match from being a finding of at least probable."""
    start, end = _span(page.text, match)
    held = {name: context.holds(page, start, end) for name, context in rules.contexts.items()}
    return (
        *(f"vetoed by {name}" for name in rule.unless if held[name]),
        *(f"needs {' or '.join(names)}" for names in rule.needs if not any(held[name] for name in names)),
        *(f"lowered by {name}" for name in rule.lowers if held[name]),
    )


def _span(text: bytes, match: re.Match[bytes]) -> tuple[int, int]:
    """The span of a match without the blanks and signs at its edges."""
    start, end = match.span(1) if match.re.groups and match.start(1) >= 0 else match.span()
    return _trimmed(text, start, end)


def _trimmed(text: bytes, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return start, end


def _hidden(hide: str, text: bytes, start: int, end: int) -> tuple[int, int]:
    """What redaction masks: the span itself, the rest of the field value, or the clause."""
    if hide == "span":
        return start, end
    stop = _VALUE_END if hide == "value" else _CLAUSE_END
    limit = min(len(text), end + _CLAUSE)
    after = stop.search(text, end, limit)
    high = after.start() if after else limit
    low = start
    if hide == "clause":
        first = max(0, start - _CLAUSE)
        before = [found.end() for found in stop.finditer(text, first, start)]
        low = before[-1] if before else first
    return _trimmed(text, low, high)
