"""What `guard scan` and `guard redact` print: counts by class, tier, rule and file, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from brightline.guard.files.summary import Summary
from brightline.guard.finding import TIERS

__all__ = ["summary_json", "summary_lines"]

_LISTED = 20


def summary_json(told: Summary, out: str) -> dict[str, Any]:
    """The summary as plain values."""
    return {
        "files": told.files, "passages": told.passages, "found": told.found,
        "permitted": sum(count for key, count in told.counts.items() if key[4]),
        "counts": [
            {"file": file, "label": label, "tier": tier, "rule": rule, "permitted": permitted, "count": count}
            for (file, label, tier, rule, permitted), count in sorted(told.counts.items())
        ],
        "skips": [{"file": file, "place": place, "why": why} for file, place, why in told.skips],
        "notes": [{"file": file, "what": what, "count": count} for (file, what), count in sorted(told.notes.items())],
        "withheld": told.withheld, "out": out,
    }  # fmt: skip


def summary_lines(told: Summary, out: str) -> Iterator[str]:
    """The summary as a page."""
    yield f"{told.files:,} {_s('file', told.files)}, {told.passages:,} {_s('passage', told.passages)}, {told.found:,} {_s('finding', told.found)}"
    permitted = sum(count for key, count in told.counts.items() if key[4])
    if permitted:
        yield f"  {permitted:,} permitted by a declared basis and kept"
    if told.counts:
        yield from _classes(told)
        yield from _listed("rule", told.by(3))
        yield from _listed("file", told.by(0))
    yield from _unread(told)
    if out:
        yield f"written: {out}"
    yield "An aid with known misses: it does not replace a reader."


def _s(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _classes(told: Summary) -> Iterator[str]:
    yield ""
    yield f"  {'class':<28}" + "".join(f"{tier:>10}" for tier in TIERS)
    by = told.by(1, 2)
    for label in sorted({label for label, _ in by}):
        yield f"  {label:<28}" + "".join(f"{by[label, tier]:>10,}" for tier in TIERS)


def _listed(title: str, counts: Counter[tuple[Any, ...]]) -> Iterator[str]:
    yield ""
    yield f"  {title:<48}{'found':>10}"
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for (name,), count in ordered[:_LISTED]:
        yield f"  {str(name)[:47]:<48}{count:>10,}"
    if len(ordered) > _LISTED:
        yield f"  and {len(ordered) - _LISTED:,} more"


def _unread(told: Summary) -> Iterator[str]:
    if told.skips:
        yield f"\nnot read: {len(told.skips):,}"
        for file, place, why in told.skips[:_LISTED]:
            yield f"  {file}{', ' if place else ''}{place}: {why}"
        if len(told.skips) > _LISTED:
            yield f"  and {len(told.skips) - _LISTED:,} more"
    for (file, what), count in sorted(told.notes.items())[:_LISTED]:
        yield f"  note: {file}: {count:,} {what}"
    if told.withheld:
        yield f"  left out of the output: {', '.join(told.withheld[:_LISTED])}"
