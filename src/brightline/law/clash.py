"""Where norms of a bill meet the law in force, and how it ends: decided by diagrams, counted exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from brightline.law.chart import Chart
from brightline.law.comparison import Side, beside, fixed, possible_situations, settled, standing_facts, usual_values
from brightline.law.cover import sizes_of, smallest_example, weighted_count
from brightline.law.diagram import FALSE, TRUE
from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm
from brightline.law.vocabulary import Value

__all__ = ["Clash", "clashes"]

_COMMANDS = ("required", "prohibited")


@dataclass(frozen=True, slots=True)
class Clash:
    """A norm of the law in force that meets a bill on an action, and how it ends.

    `removed`: the bill takes it out. `taken away`: the bill's norm overrides it. `yields`: both stand, and the bill's
    ranks higher. `prevails`: both stand, and the bill's ranks lower. `unsettled`: both stand, at one rank.
    `situations` counts exactly where.
    """

    action: str
    norm: Norm
    by: Norm | None
    how: str
    situations: int
    example: Mapping[str, Value]


def clashes(before: Side, after: Side, own: set[str], removed: set[str]) -> Iterator[Clash]:
    """Every meeting of the norms `own` to a bill, and of those it removes, with the rest of the law, by action."""
    first, second = (side.law.stack(side.profile, side.on) for side in (before, after))
    touched = {a for n in second.norms if n.id in own for a in n.actions} | {
        a for n in first.norms if n.id in removed for a in n.actions
    }
    for action in sorted(touched):
        yield from _Meeting(before, after, action).clashes(own, removed)


class _Meeting:
    """One action on which a bill's norms meet the law in force."""

    def __init__(self, before: Side, after: Side, action: str) -> None:
        self.before, self.after, self.action = before, after, action
        self.left, self.right = beside(action, [before, after])
        standing = {**standing_facts(before), **standing_facts(after)}
        self.possible = fixed(self.left, possible_situations(after.law, self.left), standing)
        self.weights = sizes_of(self.left.variables, tuple(standing))
        self.usual = usual_values(after, self.left)

    def clashes(self, own: set[str], removed: set[str]) -> Iterator[Clash]:
        mine = [n for n in self.right.norms if n.id in own]
        for norm in self.left.norms:
            if norm.id in own:
                continue
            if norm.id in removed:
                yield from self.clash(norm, None, "removed", self.stands(self.before, self.left, norm))
            else:
                yield from self.lost(norm, mine)
        for norm in mine:
            for other in self.right.norms:
                if other.id not in own and {norm.modality, other.modality} == set(_COMMANDS):
                    how = (
                        "unsettled"
                        if other.level == norm.level
                        else "yields"
                        if other.level < norm.level
                        else "prevails"
                    )
                    met = self.right.diagram.both(
                        self.stands(self.after, self.right, norm), self.stands(self.after, self.right, other)
                    )
                    yield from self.clash(other, norm, how, met)

    def lost(self, norm: Norm, mine: Sequence[Norm]) -> Iterator[Clash]:
        """Where a norm stood and no longer stands, by the bill's norm that takes it away there."""
        diagram = self.right.diagram
        gone = diagram.select(
            self.stands(self.after, self.right, norm), FALSE, self.stands(self.before, self.left, norm)
        )
        for by in mine:
            beats = (
                by.overrides is not None
                and by.level > norm.level
                and answer_word(norm.modality) in by.overrides.modalities
            ) or norm.id in by.derogates
            if beats and gone != FALSE:
                yield from self.clash(
                    norm, by, "taken away", diagram.both(gone, self.stands(self.after, self.right, by))
                )

    def stands(self, side: Side, chart: Chart, norm: Norm) -> int:
        return settled(side, chart, chart.standing[norm.id])

    def clash(self, norm: Norm, by: Norm | None, how: str, node: int) -> Iterator[Clash]:
        here = self.right.diagram.both(node, self.possible)
        number = weighted_count(self.right.diagram, here, self.weights).get(TRUE, 0)
        if number:
            yield Clash(self.action, norm, by, how, number, smallest_example(self.right, here, TRUE, self.usual))
