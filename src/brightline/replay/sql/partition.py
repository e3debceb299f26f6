"""A fact's values as small numbers: those that no norm and no contradiction tells apart share one code."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from brightline.law.chart import Variable
from brightline.law.expressions import atoms
from brightline.law.vocabulary import Contradiction, Expression, Fact, Value

__all__ = ["Partition", "partition_of"]


@dataclass(frozen=True, slots=True)
class Partition:
    """The codes of a fact: `groups` of values that share one, or for a number the `cuts` at which the code goes up by one."""

    fact: Fact
    groups: tuple[tuple[Value, ...], ...]
    cuts: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number of codes."""
        return len(self.groups) if self.fact.domain else len(self.cuts) + 1

    def code(self, value: Value) -> int:
        """The code of a value."""
        if not self.fact.domain:
            return bisect_right(self.cuts, int(value))
        return next(i for i, group in enumerate(self.groups) if value in group)

    def example(self, code: int) -> Value:
        """One value with a code."""
        if self.fact.domain:
            return self.groups[code][0]
        return self.cuts[code - 1] if code else self.cuts[0] - 1 if self.cuts else 0

    def codes_where(self, atom: Expression) -> list[int]:
        """The codes of the values for which a part of a condition holds."""
        if atom[0] == "in":
            return [i for i in range(self.size) if self.example(i) in atom[2]]  # type: ignore[operator]
        return [i for i in range(self.size) if self.example(i) < atom[2]]  # type: ignore[operator]

    def codes_in(self, variable: Variable, position: int) -> list[int]:
        """The codes of a class of a chart's variable."""
        return [i for i in range(self.size) if variable.position(self.example(i)) == position]

    def words(self, code: int) -> str:
        """What a code stands for, in words."""
        if self.fact.domain:
            return ", ".join(
                {True: "yes", False: "no"}.get(v, str(v)) if isinstance(v, bool) else str(v) for v in self.groups[code]
            )
        low = f"{self.cuts[code - 1]} or more" if code else ""
        high = f"below {self.cuts[code]}" if code < len(self.cuts) else ""
        return " and ".join(filter(None, (low, high))) or "any number"


def partition_of(fact: Fact, variables: Iterable[Variable], lines: Sequence[Contradiction]) -> Partition:
    """The coarsest codes that tell apart what these variables and contradictions do."""
    tested = [atom for line in lines for atom in atoms(line.when) if atom[1] == fact.name]
    if not fact.domain:
        cuts = {cut for v in variables for cut in v.cuts} | {int(a[2]) for a in tested if a[0] == "lt"}  # type: ignore[call-overload]
        return Partition(fact, (), tuple(sorted(cuts)))
    listed = list(variables)
    groups: dict[tuple[object, ...], list[Value]] = {}
    for value in fact.domain:
        key = (*(v.position(value) for v in listed), *(value in a[2] for a in tested))  # type: ignore[operator]
        groups.setdefault(key, []).append(value)
    return Partition(fact, tuple(map(tuple, groups.values())), ())
