"""The law that rows are answered under: one regime for each profile and stretch of days in which no answer changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from brightline.law.chart import Chart
from brightline.law.diagram import Diagram
from brightline.law.errors import BrightlineError
from brightline.law.vocabulary import Fact, Value
from brightline.replay.answers.asking import Asked
from brightline.replay.engine.columns import Question
from brightline.replay.maps.factmap import ConstantRule, FactMap
from brightline.replay.sql.answerdiagram import Axis, Told, answer_diagram
from brightline.replay.sql.holes import Saying

__all__ = ["AnswerTable", "Regime", "constants_of", "facts_in_columns", "regimes"]

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """The answers on one action: a diagram over what rows say of its chart's variables."""

    chart: Chart
    axes: tuple[Axis, ...]
    store: Diagram
    root: int
    told: tuple[Told, ...]


@dataclass(frozen=True, eq=False)
class Regime:
    """One profile from a day to another, both included. `tables` has no action before the law begins."""

    profile: str
    start: date
    end: date
    saying: Saying
    tables: Mapping[str, AnswerTable]


def facts_in_columns(mapped: FactMap, facts: Mapping[str, Fact]) -> frozenset[str]:
    """The facts that columns tell; dates and times are not among them."""
    return frozenset(
        name for name, rule in mapped.facts.items()
        if not isinstance(rule, ConstantRule) and facts[name].kind not in ("date", "datetime")
    )  # fmt: skip


def constants_of(asked: Asked, mapped: FactMap, profile: str, on: date) -> dict[str, Value]:
    """The facts that every row of a profile has on a day, besides those that the profile brings."""
    standing = asked.law.vocabulary.standing_facts(profile, on)
    given = {n: v for n, v in mapped.fallback.items() if n not in standing}
    given |= {n: rule.value for n, rule in mapped.facts.items() if isinstance(rule, ConstantRule)}
    return {n: v for n, v in given.items() if not isinstance(v, date)}  # type: ignore[misc]


def regimes(asked: Asked, mapped: FactMap, profiles: Sequence[str], budget: int) -> list[Regime]:
    """The regimes of a question, by profile and day; where nothing changes, neighbours are one.

    Raises: BrightlineError `sql-budget`, and as `Law.chart` does.
    """
    return [regime for profile in profiles for regime in _Stretches(asked, mapped, profile, budget).regimes()]


class _Stretches:
    def __init__(self, asked: Asked, mapped: FactMap, profile: str, budget: int) -> None:
        self.asked, self.map, self.profile, self.budget = asked, mapped, profile, budget
        self.columns = facts_in_columns(mapped, asked.law.vocabulary.facts)
        self.known: dict[object, AnswerTable] = {}

    def regimes(self) -> Iterator[Regime]:
        last: tuple[object, Regime] | None = None
        for start, end in self.days():
            key, regime = self.regime(start, end)
            if last and last[0] == key:
                last = key, replace(last[1], end=end)
                continue
            if last:
                yield last[1]
            last = key, regime
        if last:
            yield last[1]

    def days(self) -> list[tuple[date, date]]:
        """The days between two changes of the profile's law, the earliest first."""
        if self.asked.on is not None:
            return [(self.asked.on, self.asked.on)]
        found, end = [], LAST_DAY
        while end >= FIRST_DAY:
            start = max(self.asked.law.epoch(self.profile, end), FIRST_DAY)
            found.append((start, end))
            end = start - timedelta(days=1)
        return found[::-1]

    def regime(self, start: date, end: date) -> tuple[object, Regime]:
        """A regime, and what tells it from another."""
        asked = self.asked
        question = Question(asked.law, self.profile, start, asked.actions, asked.readings, asked.strict)
        saying = Saying(question, self.columns, constants_of(asked, self.map, self.profile, start))
        tables = {action: self.table(chart, saying) for action, chart in _charts(question).items()}
        facts = sorted(saying.known.items()), sorted(saying.usual.items())
        key = repr((facts, [(action, id(table)) for action, table in tables.items()]))
        return key, Regime(self.profile, start, end, saying, tables)

    def table(self, chart: Chart, saying: Saying) -> AnswerTable:
        """The answers on a chart's action; charts and axes that came before are not built again."""
        axes = tuple(saying.axes(chart))
        key = (id(chart), axes)
        if key not in self.known:
            self.known[key] = AnswerTable(chart, axes, *self._diagram(chart, axes))
        return self.known[key]

    def _diagram(self, chart: Chart, axes: Sequence[Axis]) -> tuple[Diagram, int, tuple[Told, ...]]:
        applying = self.asked.law.vocabulary.applying_readings(self.profile)
        try:
            return answer_diagram(chart, axes, applying, self.budget)
        except BrightlineError as error:
            if error.code != "node-budget":
                raise
            raise BrightlineError(
                "sql-budget",
                f"what these columns may say about `{chart.action}` is too much to be written as SQL",
                "map fewer columns, or replay with another engine; the answer is refused, never approximated",
            ) from None


def _charts(question: Question) -> dict[str, Chart]:
    """The charts of the actions asked; none before the law begins."""
    try:
        stack = question.law.stack(question.profile, question.on)
    except BrightlineError as error:
        if error.code != "too-early":
            raise
        return {}
    return {action: question.law.chart(stack, action) for action in question.actions}
