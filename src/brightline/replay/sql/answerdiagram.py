"""Every answer on one action, holes and all, as one diagram: what a row's columns say leads to exactly one full answer.

A chart's variables are the facts; here each fact also has *holes*, the ways in which a row may not say it. Below a
hole lies what all the values that it leaves open agree on. So a table of rows with holes is answered without sets:
each row takes one way down, and the way ends in modality, marks and norm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome_index
from brightline.replay.engine.columns import CONTESTED, PRESUMED, UNVERIFIED
from brightline.replay.sql.ends import MANY, Choices, Ends, Told
from brightline.replay.sql.reasons import Reasons

__all__ = ["Axis", "Hole", "Told", "answer_diagram"]

_SEVERAL = -(1 << 29) - 1  # undecided readings lead to several answers, each of them settled


@dataclass(frozen=True, slots=True)
class Hole:
    """The classes that a fact may have where a row does not say it; `loose` without what is presumed."""

    tight: tuple[int, ...]
    loose: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What a row can say of one variable: the classes of what is stated, one position each, then the holes.

    A reading has no holes: its one position holds every value that the question leaves open.
    """

    stated: tuple[tuple[int, ...], ...]
    holes: tuple[Hole, ...] = ()

    @property
    def size(self) -> int:
        """The number of positions."""
        return len(self.stated) + len(self.holes)

    @property
    def tight(self) -> tuple[tuple[int, ...], ...]:
        """For each position the classes it leaves possible."""
        return (*self.stated, *(hole.tight for hole in self.holes))

    @property
    def loose(self) -> tuple[tuple[int, ...], ...]:
        """For each position the classes it leaves possible if nothing is presumed."""
        return (*self.stated, *(hole.loose for hole in self.holes))


def answer_diagram(
    chart: Chart, axes: Sequence[Axis], applying: Iterable[str], budget: int
) -> tuple[Diagram, int, tuple[Told, ...]]:
    """The answers on a chart's action over axes, one for each of its variables, and what each terminal tells.

    `applying` are the readings that are contested where the profile is. The diagram's store, its root and the answers,
    of which a terminal is the `outcome`. Raises: BrightlineError `node-budget`.
    """
    return _Builder(chart, axes, frozenset(applying), budget).answers()


class _Builder:
    """Builds over one store, whose variables are the chart's and whose values are the positions on their axes."""

    def __init__(self, chart: Chart, axes: Sequence[Axis], applying: frozenset[str], budget: int) -> None:
        self.chart, self.axes, self.applying = chart, axes, applying
        self.ends = Ends(chart, [axis.size for axis in axes], budget)
        self.store = self.ends.store
        self.level = {norm.id: norm.level for norm in chart.norms}

    def answers(self) -> tuple[Diagram, int, tuple[Told, ...]]:
        """The store, the root and what its terminals tell."""
        tight = [axis.tight for axis in self.axes]
        trials = list(self._decided(tight))
        modal = [self.ends.sole(self.chart.modal, trial) for trial in trials]
        settled = self.ends.applied(_alike, *modal) if len(modal) > 1 else modal[0]
        root = self._open(tight)
        if len(modal) > 1:
            root = self.store.select(self.ends.is_(settled, _SEVERAL), self._undecided(trials, modal), root)
        given = self._marked(self._given(settled, tight), tight)
        root = self.store.select(self._is_given(settled), given, root)
        return self.store, root, tuple(self.ends.every)

    def _is_given(self, settled: int) -> int:
        return self.store.map_outcomes(settled, lambda t: FALSE if t in (MANY, _SEVERAL) else TRUE)

    def _decided(self, tight: Choices) -> Iterator[Choices]:
        """The choices once for each way to decide the undecided readings."""
        undecided = [i for i, v in enumerate(self.chart.variables) if v.is_reading and len(tight[i][0]) > 1]
        for positions in product(*(tight[i][0] for i in undecided)):
            trial = list(tight)
            for number, position in zip(undecided, positions, strict=True):
                trial[number] = ((position,),)
            yield trial

    def _open(self, tight: Choices) -> int:
        """An open answer names the first norm that stands whatever the unknown facts are."""
        node = self.ends.terminal("open", "")
        for norm in reversed(self.chart.norms):
            stands = self.ends.is_(self.ends.sole(self.chart.standing[norm.id], tight), TRUE)
            node = self.store.select(stands, self.ends.terminal("open", norm.id), node)
        return node

    def _given(self, settled: int, choices: Choices) -> int:
        """The answer where one modality can be reached: by what certainly decides, else by what may."""
        reasons = Reasons(self.ends, choices, whole=False)
        return self._by_word(settled, reasons)

    def _by_word(self, settled: int, reasons: Reasons) -> int:
        words = self.chart.modal_words
        node = self.ends.terminal("open", "")
        for number in {t for t in self.ends.terminals(settled) if t not in (MANY, _SEVERAL)}:
            node = self.store.select(
                self.ends.is_(settled, number), reasons.for_word(words[outcome_index(number)]), node
            )
        return node

    def _undecided(self, trials: Sequence[Choices], modal: Sequence[int]) -> int:
        """Unsettled, since readings are not decided: the strongest first norm of all the outcomes."""
        each = [self._by_word(m, Reasons(self.ends, trial, whole=True)) for trial, m in zip(trials, modal, strict=True)]
        return self.ends.applied(self._strongest, *each)

    def _strongest(self, *terminals: int) -> int | None:
        if max(terminals) >= 0:
            return None
        told = [self.ends.answer_of(t) for t in terminals]
        norm = max((t.norm for t in told), key=lambda name: self.level.get(name, -1))
        unverified = UNVERIFIED if any(t.marks & UNVERIFIED for t in told) else 0
        return self.ends.terminal("unsettled", norm, CONTESTED | unverified)

    def _marked(self, given: int, tight: Choices) -> int:
        """Contested where another reading answers otherwise, presumed where the answer leans on what is presumed."""
        variables = self.chart.variables
        free = [
            (tuple(range(v.size)),) if v.is_reading and v.name in self.applying else t
            for v, t in zip(variables, tight, strict=True)
        ]  # fmt: skip
        contested = self.ends.sole(self.chart.modal, free)
        leaning = self.ends.sole(self.chart.modal, [axis.loose for axis in self.axes])
        marked: dict[tuple[int, int], int] = {}

        def join(answer: int, contest: int, lean: int) -> int | None:
            if max(answer, contest, lean) >= 0:
                return None
            marks = (CONTESTED if contest == MANY else 0) | (PRESUMED if lean == MANY else 0)
            if (answer, marks) not in marked:
                told = self.ends.answer_of(answer)
                marked[answer, marks] = self.ends.terminal(told.modality, told.norm, told.marks | marks)
            return marked[answer, marks]

        return self.ends.applied(join, given, contested, leaning)


def _alike(*modal: int) -> int | None:
    """What the ways to decide the readings lead to: open if one of them is, several answers if they differ."""
    if MANY in modal:
        return MANY
    if max(modal) >= 0:
        return None
    return modal[0] if len(set(modal)) == 1 else _SEVERAL
