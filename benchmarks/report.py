"""Tables, bars and targets on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from statistics import mean

_WIDTH = 30


class Report:
    """Prints as it goes, and keeps the figures and the targets for the end."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}
        self._targets: list[tuple[str, str, str, bool]] = []

    def head(self, text: str) -> None:
        print(f"\n{text}\n{'-' * len(text)}")

    def bars(self, rows: Sequence[tuple[str, float, str, str]]) -> None:
        """Rows of (name, figure, unit, remark) with a bar each: a third longer is ten times as much."""
        least = min(figure for _, figure, _, _ in rows)
        most = max(figure for _, figure, _, _ in rows)
        decades = max(log10(most / least), 1.0)
        for name, figure, unit, remark in rows:
            self.figures[name] = figure
            bar = "#" * max(1, round(_WIDTH * (log10(figure / least) + 0.15) / (decades + 0.15)))
            print(f"  {name:<30}{figure:>11,.2f} {unit:<3} {bar:<{_WIDTH}} {remark}")

    def times(self, name: str, seconds: Sequence[float], remark: str = "") -> float:
        """One row: mean, median, 95th percentile and most, in milliseconds. Returns the mean in milliseconds."""
        ordered = sorted(s * 1e3 for s in seconds)
        average, middle, high = mean(ordered), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        self.figures[name] = average
        print(
            f"  {name:<52} mean {average:7.3f}  median {middle:7.3f}  95 % {high:7.3f}  most {ordered[-1]:7.3f} ms  {remark}"
        )
        return average

    def line(self, name: str, figure: float, unit: str, remark: str = "") -> None:
        self.figures[name] = figure
        print(f"  {name:<52} {figure:9,.3f} {unit}  {remark}")

    def target(self, name: str, figure: float, unit: str, bound: float, *, at_least: bool = False) -> None:
        """A target of the plan: noted now, shown at the end."""
        met = figure >= bound if at_least else figure <= bound
        limit = f"at {'least' if at_least else 'most'} {bound:g} {unit}"
        self.figures[f"target: {name}"] = figure
        self._targets.append((name, f"{figure:,.3g} {unit}" if figure < 1000 else f"{figure:,.0f} {unit}", limit, met))

    def summary(self) -> None:
        self.head("Targets")
        for name, figure, limit, met in self._targets:
            print(f"  {'met    ' if met else 'NOT MET'}  {name:<58} {figure:>12}   ({limit})")
