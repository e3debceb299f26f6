"""The scanner: texts in, findings out, by the rules of some packs and one engine."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

from brightline.guard.compiled import Pattern, finder, swift
from brightline.guard.contexts import Page
from brightline.guard.engine import Engine, Places, PlainEngine
from brightline.guard.finding import Finding, at_least
from brightline.guard.fold import Folded, fold
from brightline.guard.hyperscanengine import HyperscanEngine
from brightline.guard.judge import Judge, against, matches
from brightline.guard.looks import Looks, Numbering
from brightline.guard.overlaps import apart
from brightline.guard.re2engine import Re2Engine
from brightline.guard.rulecache import load_rules
from brightline.guard.rulepack import SHIPPED
from brightline.guard.rules import Rule, Rules
from brightline.law.errors import BrightlineError, shown

__all__ = ["ENGINES", "Scanner"]

ENGINES = ("auto", "hyperscan", "re2", "plain")
BLOCK = 16_384
# A block with more matches than this, and one more for each so many characters, is masked whole: reading each match
# would let a hostile text take any time. Ordinary text has one match in hundreds of characters.
CROWD = 32
_CROWDED = "holds more telling words in one place than can be read one by one"


class Scanner:
    """Scans texts. The same findings with every engine."""

    def __init__(self, rules: Rules, engine: str = "auto") -> None:
        self.rules = rules
        judges = [Judge(rule, rules.contexts) for rule in rules.rules]
        self._owners = [(judge, pattern) for judge in judges for pattern in judge.rule.find]
        self._over = {rule.name: rule.over for rule in rules.rules}
        self._read = finder if engine == "plain" else swift
        self._numbering = Numbering(rules.contexts.values())
        self.engine = _engine(engine, [pattern for _, pattern in self._owners], self._numbering.patterns)

    @classmethod
    def shipped(cls, engine: str = "auto") -> Scanner:
        """With the rule packs that ship with Brightline."""
        return _shipped(engine)

    @classmethod
    def reading(cls, packs: Iterable[Path], engine: str = "auto") -> Scanner:
        """With the rule packs of some folders or files. Raises: BrightlineError for the first fault of a pack."""
        return cls(load_rules(tuple(packs)), engine)

    def scan(self, text: str, least: str = "probable") -> tuple[Finding, ...]:
        """The findings that are at least as sure as `least`, in order of the text, none overlapping another."""
        folded = fold(text)
        return self._settled(folded, self._candidates(folded.text), least)

    def scan_many(self, texts: Sequence[str], least: str = "probable") -> list[tuple[Finding, ...]]:
        """The findings of each text, as `scan` gives them; small texts are read together, which is faster."""
        found: list[tuple[Finding, ...]] = []
        for batch in _batches(texts):
            found += self._scan_batch(batch, least) if len(batch) > 1 else [self.scan(batch[0], least)]
        return found

    def _scan_batch(self, texts: Sequence[str], least: str) -> list[tuple[Finding, ...]]:
        folded = [fold(text) for text in texts]
        found = self.engine.many([one.text for one in folded])
        return [
            self._settled(one, self._judged(self._page(one.text), 0, len(one.text), places), least)
            for one, places in zip(folded, found, strict=True)
        ]

    def candidates(self, text: str, names: frozenset[str]) -> tuple[Finding, ...]:
        """What some rules find by themselves, of any tier, overlapping or not; for tests of rules."""
        folded = fold(text)
        page = Page(folded.text)
        found = (judge.judged(page, m, self._numbering.everything) for judge, m in self._alone(folded.text, names))
        return tuple(_back(folded, finding) for finding in found if finding)

    def explained(self, text: str, rule: Rule) -> str:
        """In words, why a rule does not report in a text; for tests of rules."""
        folded = fold(text)
        page = Page(folded.text)
        found = list(self._alone(folded.text, frozenset({rule.name})))
        said = dict.fromkeys(word for _, match in found for word in against(self.rules, rule, page, match))
        return "; ".join(said) if found else "no pattern fits"

    def _alone(self, text: bytes, names: frozenset[str]) -> Iterator[tuple[Judge, re.Match[bytes]]]:
        for judge, pattern in self._owners:
            if judge.rule.name in names:
                yield from ((judge, match) for match in matches(pattern, text, 0, len(text)))

    def _page(self, text: bytes) -> Page:
        return Page(text, Looks(text, self._numbering, self.engine.looker))

    def _candidates(self, text: bytes) -> Iterator[Finding]:
        page = self._page(text)
        for low in range(0, len(text), BLOCK):
            high = min(low + BLOCK, len(text))
            yield from self._judged(page, low, high, self.engine.places(text, low, high))

    def _judged(self, page: Page, low: int, high: int, places: Places) -> Iterator[Finding]:
        """What is found in a block of a text; one finding for the whole block where it is crowded."""
        most = CROWD + (high - low) // CROWD
        shift = places.shift
        stretches = sorted(((n, first + shift, last + shift) for n, first, last in places.stretches), key=itemgetter(1))
        if places.most > most and self._crowded(page.text, stretches, most):
            yield Finding(low, high, "status_assertion", "probable", "any.crowded", _CROWDED)
            return
        ends: dict[int, int] = {}
        for number, first, last in stretches:
            judge, pattern = self._owners[number]
            for match in matches(pattern, page.text, max(first, ends.get(number, 0)), last, self._read):
                ends[number] = match.end()
                if finding := judge.judged(page, match, self._present(page, judge, *match.span())):
                    yield finding

    def _crowded(self, text: bytes, stretches: Iterable[tuple[int, int, int]], most: int) -> bool:
        """Whether more matches than that begin in some stretches."""
        found = (
            m
            for number, first, last in stretches
            for m in matches(self._owners[number][1], text, first, last, self._read)
        )
        return next(itertools.islice(found, most, None), None) is not None

    def _present(self, page: Page, judge: Judge, first: int, last: int) -> frozenset[str]:
        """The contexts that may hold round a match."""
        if not judge.asks or page.looks is None:
            return self._numbering.everything
        return page.looks.present(first - judge.reach, last + judge.reach)

    def _settled(self, folded: Folded, found: Iterable[Finding], least: str) -> tuple[Finding, ...]:
        kept = apart((f for f in found if at_least(f.tier, least)), self._over)
        return kept if not folded.is_shifted else tuple(_back(folded, finding) for finding in kept)


def _back(folded: Folded, finding: Finding) -> Finding:
    start, end = folded.back(finding.start, finding.end)
    low, high = folded.back(finding.hide_start, finding.hide_end)
    return replace(finding, start=start, end=end, hide_start=low, hide_end=high)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Texts in their order, many small ones or a single large one at a time."""
    first = size = 0
    for at, text in enumerate(texts):
        if at > first and size + len(text) > BLOCK:
            yield texts[first:at]
            first, size = at, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]


def _engine(name: str, patterns: Sequence[Pattern], contexts: Sequence[Pattern]) -> Engine:
    """An engine by its name; `auto` takes the fastest that is installed. Raises: BrightlineError `missing-extra`."""
    made: dict[str, Callable[[], Engine]] = {
        "hyperscan": lambda: HyperscanEngine(patterns, contexts),
        "re2": lambda: Re2Engine(patterns, contexts),
        "plain": lambda: PlainEngine(patterns, contexts),
    }
    if name != "auto" and name not in made:
        raise BrightlineError("engine", f"no engine is named {shown(name)}", f"known: {', '.join(ENGINES)}")
    for known in made if name == "auto" else (name,):
        try:
            return made[known]()
        except ImportError:
            continue
    raise BrightlineError("missing-extra", f"the engine `{name}` is not installed", "pip install 'brightline[guard]'")


@functools.lru_cache(maxsize=len(ENGINES))
def _shipped(engine: str) -> Scanner:
    return Scanner.reading([SHIPPED], engine)
