"""What a map did not fit: unmapped words, values outside a domain, rejected rows and rows left out, all counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from brightline.law.errors import BrightlineError, shown

__all__ = ["DAY", "HIDDEN", "PROFILE", "WEIGHT", "Findings", "refuse_bad"]

DAY, PROFILE, WEIGHT = "the day", "the profile", "the weight"
# The word of a column that feeds a transient fact: it is counted, and never said.
HIDDEN = "(not shown)"
MORE = "(other words)"
_MOST_WORDS = 1000
_LISTED = 10
Counts = dict[str, Counter[str]]


@dataclass
class Findings:
    """Words and how often they came, under the fact that they were read for, or under `the day` and `the profile`."""

    unmapped: Counts = field(default_factory=dict)
    bad: Counts = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, what: str, words: Iterable[tuple[str, int]]) -> None:
        """Count words of a kind, `unmapped` or `bad`; beyond a thousand different ones they are summed."""
        counts = getattr(self, kind).setdefault(what, Counter())
        for word, number in words:
            counts[word if word in counts or len(counts) < _MOST_WORDS else MORE] += number

    def add(self, more: Findings) -> None:
        """Count what another batch did not fit."""
        for kind in ("unmapped", "bad"):
            for what, counts in getattr(more, kind).items():
                self.count(kind, what, counts.items())
        self.rejected.update(more.rejected)
        self.left_out.update(more.left_out)

    def plain(self) -> dict[str, Any]:
        """As JSON: words with their counts, the most frequent first."""
        return {
            "unmapped": _plain(self.unmapped),
            "bad_values": _plain(self.bad),
            "rejected": dict(sorted(self.rejected.items())),
            "left_out": dict(sorted(self.left_out.items())),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Findings:
        """What `plain` told."""
        found = cls(rejected=Counter(plain["rejected"]), left_out=Counter(plain["left_out"]))
        for kind, key in (("unmapped", "unmapped"), ("bad", "bad_values")):
            for what, listed in plain[key].items():
                found.count(kind, what, ((one["word"], one["count"]) for one in listed))
        return found


def _plain(counts: Counts) -> dict[str, list[dict[str, Any]]]:
    return {
        what: [{"word": word, "count": number} for word, number in sorted(words.items(), key=lambda e: (-e[1], e[0]))]
        for what, words in sorted(counts.items())
        if words
    }


def refuse_bad(found: Findings, where: str) -> None:
    """Refuse an input with values outside their domain. Raises: BrightlineError `replay-values`, with all of them."""
    lines = [f"{what}: {listed}" for what, listed in _sentences(found.bad)]
    if lines:
        number = sum(sum(words.values()) for words in found.bad.values())
        raise BrightlineError(
            "replay-values",
            ("1 value is" if number == 1 else f"{number:,} values are")
            + " not among those that the law knows: "
            + "; ".join(lines),
            "mend them in the file, list them under `values` in the map, or take them as not known with --on-bad null",
            where,
        )


def _sentences(counts: Counts) -> Iterator[tuple[str, str]]:
    for what, words in sorted(counts.items()):
        first = words.most_common(_LISTED)
        text = ", ".join(
            f"{shown(word)} {'once' if number == 1 else f'{number:,} times'}"
            if word != HIDDEN
            else f"{number:,} {HIDDEN}"
            for word, number in first
        )
        more = len(words) - len(first)
        yield what, text + (f" and {more} other words" if more > 0 else "")
