"""A watch over columns that were let through: a later part that looks like status stops the export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from brightline.guard.egress.decision import GRAVE, Decision, Path, tagged
from brightline.law.errors import BrightlineError, shown

__all__ = ["SAMPLES", "Watch", "sampled"]

SAMPLES = 48
_SHORT = 60
_FIRST = 4096


def sampled(values: Iterable[str] | Mapping[str, int], most: int = SAMPLES) -> tuple[str, ...]:
    """Some different short values, those that occur most often first: the words of a category occur again and again."""
    counts = Counter(values)
    short = [value for value in counts if 0 < len(value) <= _SHORT]
    return tuple(sorted(short, key=lambda value: -counts[value])[:most])


class Watch:
    """Holds a few values of each column as they leave, and judges the columns again as rows double and at the end."""

    def __init__(self, name: str, decisions: Mapping[Path, Decision]) -> None:
        self.name, self.decisions = name, decisions
        self.watched = frozenset(
            path for path, one in decisions.items() if one.action == "scan" and one.severity not in GRAVE
        )
        self._seen: dict[Path, dict[str, None]] = {}
        self._fresh: set[Path] = set()
        self._rows, self._next = 0, _FIRST

    def saw(self, path: Path, values: Mapping[str, int]) -> None:
        """Note values as they leave, with how often: of each part those that are new and occur most often."""
        if path not in self.watched:
            return
        seen = self._seen.setdefault(path, {})
        for value in sampled({v: count for v, count in values.items() if v not in seen}, SAMPLES // 2):
            if len(seen) >= 2 * SAMPLES:
                del seen[next(iter(seen))]
            seen[value] = None
            self._fresh.add(path)

    def rows(self, count: int) -> None:
        """Note rows, and judge the columns again where that many have passed."""
        self._rows += count
        if self._rows >= self._next:
            self._next = 2 * self._rows
            self.check()

    def check(self) -> None:
        """Raises: BrightlineError `guard-changed` for a column that looks like status now and did not at first."""
        if not self._fresh:
            return
        samples = {path: tuple(self._seen[path]) for path in self._fresh}
        found = tagged(self.name, list(self.decisions), samples)
        for path in sorted(self._fresh):
            verdict = found.get(path)
            if verdict is not None and verdict.severity in GRAVE:
                name = shown(".".join(path))
                raise BrightlineError(
                    "guard-changed",
                    f"within the first {self._rows:,} rows the column {name} begins to look like status: {verdict.why}",
                    f"run it again with --drop or --mask for {name}, or say in the policy file why it is not status",
                    self.name,
                )
        self._fresh = set()
