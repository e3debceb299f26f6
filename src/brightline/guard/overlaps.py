"""Findings that overlap: the one that is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace

from brightline.guard.finding import LABELS, TIERS, Finding

__all__ = ["apart"]


def apart(found: Iterable[Finding], over: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """The findings that stay, in order of the text, none overlapping another.

    A rule that is `over` another or over a label beats it; then the surer tier, then the longer, then the order of
    the labels, then the earlier. What a beaten finding would have masked stays masked with the one that beat it.
    """
    kept: list[Finding] = []
    for group in _touching(found):
        kept += _best(group, over) if len(group) > 1 else group
    return tuple(kept)


def _touching(found: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Groups of findings that hang together by overlaps."""
    group: list[Finding] = []
    end = -1
    for finding in sorted(set(found), key=lambda f: (f.start, f.end, f.rule)):
        if finding.start >= end and group:
            yield group
            group = []
        group.append(finding)
        end = max(end if len(group) > 1 else -1, finding.end)
    if group:
        yield group


def _best(group: list[Finding], over: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    beaten = {
        loser
        for winner in group
        if over.get(winner.rule)
        for loser in group
        if loser is not winner and _overlap(winner, loser) and {loser.rule, loser.label} & set(over[winner.rule])
    }
    kept: list[Finding] = []
    for finding in sorted(group, key=lambda f: (f in beaten, *_order(f))):
        at = bisect_left([k.start for k in kept], finding.start)
        near = kept[max(at - 1, 0) : at + 1]
        if not any(_overlap(finding, other) for other in near):
            kept.insert(at, finding)
    return _hiding(kept, group)


def _hiding(kept: list[Finding], group: list[Finding]) -> list[Finding]:
    """Each kept finding masks also what those it beat would mask, but never what another masks."""
    found = []
    for at, finding in enumerate(kept):
        low = kept[at - 1].end if at else -1
        high = kept[at + 1].start if at + 1 < len(kept) else max(f.hide_end for f in group)
        touched = [f for f in group if _overlap(f, finding)]
        first = max(low, min(f.hide_start for f in touched))
        last = min(high, max(f.hide_end for f in touched))
        found.append(replace(finding, hide_start=min(first, finding.start), hide_end=max(last, finding.end)))
    return found


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _order(finding: Finding) -> tuple[int, int, int, int, str]:
    length = finding.end - finding.start
    return TIERS.index(finding.tier), -length, LABELS.index(finding.label), finding.start, finding.rule
