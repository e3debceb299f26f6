"""Where the answers of a chart show which duty, as sets of situations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE, outcome_index
from brightline.law.duties import within_words
from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm, Within

__all__ = ["DutyKey", "duty_sets"]


@dataclass(frozen=True, slots=True)
class DutyKey:
    """A duty as an answer on `asked` shows it; `within` is None where only the duty counts, whatever its time."""

    asked: str
    duty: str
    within: Within | None


def duty_sets(chart: Chart) -> dict[DutyKey, int]:
    """The set of situations in which each duty is shown; a duty that never is has none."""
    return _Duties(chart).shown()


class _Duties:
    """Where a chart's answers show which duty: the times of the norms behind them, and the duties that go with an act."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.diagram = chart, chart.diagram
        self.levels = {norm.id: norm.level for norm in chart.norms}
        self.sets: dict[tuple[str, int], int] = {}

    def shown(self) -> dict[DutyKey, int]:
        found: dict[DutyKey, int] = {}
        for norm in self.chart.norms:
            for key, node in (*self.own(norm), *self.accompanying(norm)):
                found[key] = self.diagram.either(found.get(key, FALSE), node)
        return {key: node for key, node in found.items() if node != FALSE}

    def own(self, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
        if norm.within:
            for within, node in self.times(norm, self.in_basis(norm)):
                yield DutyKey(self.chart.action, self.chart.action, within), node

    def accompanying(self, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
        if norm.accompanies and norm.modality == "required":
            stands = self.diagram.both(self.answered("required"), self.chart.standing[norm.id])
            for asked in norm.accompanies:
                yield DutyKey(asked, self.chart.action, None), stands
                for within, node in self.times(norm, stands):
                    yield DutyKey(asked, self.chart.action, within), node

    def times(self, norm: Norm, shown: int) -> Iterator[tuple[Within, int]]:
        longer = self.chart.condition_of(norm.extends.when) if norm.extends else FALSE
        if norm.extends:
            yield _as_stated(norm.extends.within), self.diagram.both(longer, shown)
        if norm.within:
            yield _as_stated(norm.within), self.diagram.select(longer, FALSE, shown)

    def in_basis(self, norm: Norm) -> int:
        """Where a norm is behind the answer, or limits in time what is required."""
        word = answer_word(norm.modality)
        other = self.answered("required") if word == "permitted" else self.answered("unsettled", norm.level)
        return self.diagram.both(self.chart.standing[norm.id], self.diagram.either(self.answered(word), other))

    def answered(self, word: str, level: int = 0) -> int:
        """Where the answer is a word; for `unsettled`, where norms of a level clash."""
        if (word, level) not in self.sets:
            self.sets[word, level] = self.diagram.map_outcomes(self.chart.root, partial(self.tells, word, level))
        return self.sets[word, level]

    def tells(self, word: str, level: int, terminal: int) -> int:
        found = self.chart.outcomes[outcome_index(terminal)]
        return TRUE if found.modality == word and (not level or self.levels[found.norms[0]] == level) else FALSE


def _as_stated(within: Within) -> Within:
    """A length of time as a scenario tells it from others: by its words, which name no calendar."""
    bare = Within(0, within.unit)
    return bare if within_words(bare) == within_words(within) else replace(within, calendar="")
