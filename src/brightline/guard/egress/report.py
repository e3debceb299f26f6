"""What an export removed and why: names of columns and counts, never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from brightline.guard.egress.decision import Decision

__all__ = ["Report"]

_LISTED = 40


@dataclass(slots=True)
class Report:
    """Counts of an export. `found` is by (column, class, tier, rule, action)."""

    source: str = ""
    out: str = ""
    rows: int = 0
    columns: dict[str, Decision] = field(default_factory=dict)
    found: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)

    @property
    def hidden(self) -> int:
        """Findings that were hidden in texts."""
        return sum(count for key, count in self.found.items() if key[4] == "redacted")

    def by_action(self) -> Counter[str]:
        """How many columns were passed, read, masked and dropped."""
        return Counter("pass" if one.unread else one.action for one in self.columns.values())

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "input": self.source,
            "output": self.out,
            "rows": self.rows,
            "columns": [self._column(name, one) for name, one in self.columns.items()],
            "found": [
                {"column": column, "class": label, "tier": tier, "rule": rule, "action": action, "count": count}
                for (column, label, tier, rule, action), count in sorted(self.found.items())
            ],
        }

    def _column(self, name: str, one: Decision) -> dict[str, Any]:
        row: dict[str, Any] = {"column": name, "action": "pass" if one.unread else one.action, "why": one.why}
        row |= {"severity": one.severity, "class": one.label, "rule": one.rule} if one.rule else {}
        row |= {"basis": one.norm} if one.norm else {}
        return row | {"cells_changed": self.cells[name]} if one.action == "scan" else row

    def lines(self) -> Iterator[str]:
        """The report as a page."""
        many = self.by_action()
        yield f"{self.rows:,} rows, {len(self.columns):,} columns: {many['drop']:,} dropped, {many['mask']:,} masked, {many['scan']:,} read, {many['pass']:,} passed unread"
        yield from self._tags()
        yield from self._counts()
        if self.out:
            yield f"written: {self.out}"
        yield "An aid with known misses: it does not replace a reader."

    def _tags(self) -> Iterator[str]:
        told = [(name, one) for name, one in self.columns.items() if one.rule or one.action != "scan" or one.unread]
        if told:
            yield ""
            yield f"  {'column':<32} {'action':<6} why"
        for name, one in told[:_LISTED]:
            basis = f" ({one.norm})" if one.norm else ""
            yield f"  {name[:32]:<32} {'pass' if one.unread else one.action:<6} {one.why}{basis}"
        if len(told) > _LISTED:
            yield f"  and {len(told) - _LISTED:,} more: see --report"

    def _counts(self) -> Iterator[str]:
        by: Counter[tuple[str, str, str]] = Counter()
        for (column, label, _, _, action), count in self.found.items():
            by[column, label, action] += count
        if by:
            yield ""
            yield f"  {'column':<32} {'class':<28} {'action':<10}{'found':>9}"
        for (column, label, action), count in sorted(by.items())[:_LISTED]:
            yield f"  {column[:32]:<32} {label:<28} {action:<10}{count:>9,}"
        if len(by) > _LISTED:
            yield f"  and {len(by) - _LISTED:,} more: see --report"
