"""What a run did: counts by class, sureness, rule and file, and what could not be read; never a word of a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from brightline.guard.files.done import Done
from brightline.law.errors import BrightlineError

__all__ = ["Summary"]

_LISTED = 20


@dataclass(slots=True)
class Summary:
    """Counts of a run. `counts` is by (file, class, tier, rule, whether permitted)."""

    files: int = 0
    passages: int = 0
    counts: Counter[tuple[str, str, str, str, bool]] = field(default_factory=Counter)
    skips: list[tuple[str, str, str]] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    withheld: list[str] = field(default_factory=list)

    def add(self, done: Done) -> None:
        """Count what came of a block."""
        self.passages += done.passages
        self.counts.update({(done.file, *key): count for key, count in done.counts.items()})
        self.skips += [(done.file, place, why) for place, why in done.skips]
        self.notes.update({(done.file, note): count for note, count in done.notes.items()})

    @property
    def found(self) -> int:
        """All findings."""
        return sum(self.counts.values())

    def by(self, *fields: int) -> Counter[tuple[Any, ...]]:
        """Findings by some of the fields of `counts`."""
        found: Counter[tuple[Any, ...]] = Counter()
        for key, count in self.counts.items():
            found[tuple(key[n] for n in fields)] += count
        return found

    def refuse_skips(self) -> None:
        """Raises: BrightlineError `guard-skipped` if something was not read."""
        if not self.skips:
            return
        listed = "".join(
            f"\n  {file}{', ' if place else ''}{place}: {why}" for file, place, why in self.skips[:_LISTED]
        )
        more = f"\n  and {len(self.skips) - _LISTED:,} more" if len(self.skips) > _LISTED else ""
        raise BrightlineError(
            "guard-skipped",
            f"{len(self.skips):,} {'places' if len(self.skips) > 1 else 'place'} could not be read, so nothing was written:{listed}{more}",
            "mend or take out what is listed, or go on without it with --allow-skips",
        )
