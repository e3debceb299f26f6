"""What a proof about one action starts from: its chart, what its profile fixes, and the situations that can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from brightline.law.chart import Chart
from brightline.law.comparison import MOST_LINES, Side, beside, fixed, standing_facts, usual_values
from brightline.law.cover import cover, cube_words, sizes_of, smallest_example, weighted_count
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome_index
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.norms import Norm
from brightline.law.ties import exists, ties
from brightline.law.vocabulary import UNDECIDED, Expression, Value

__all__ = ["Premises", "Situations", "commands", "exists", "overlap"]


@dataclass(frozen=True, eq=False)
class Situations:
    """A set of situations of one action. `number` counts them exactly, `total` all that can be; `point` is one, by classes.

    A situation is one combination of values of the facts that the law on the action mentions; a number fact has one
    value for each range that the law tells apart. `example` names some of them by the fewest facts: whatever the facts
    that it does not name, with the standing and presumed ones as usual, the situation is in the set, if it can be at
    all. It also names the readings that it needs other than the chosen ones.
    """

    number: int
    total: int
    example: Mapping[str, Value]
    point: Sequence[int]
    premises: Premises
    node: int

    @property
    def share(self) -> float:
        """The part of all situations, 0 to 1."""
        return self.number / self.total if self.total else 0.0

    def lines(self, most: int = MOST_LINES) -> tuple[str, ...]:
        """Conditions that together are exactly the set, the shortest first; empty if more than `most` are needed."""
        chart = self.premises.chart
        cubes = cover(chart.diagram, self.node, most)
        return tuple(cube_words(self.premises.side.law.vocabulary, chart.variables, cube) for cube in cubes)


@dataclass(frozen=True, eq=False)
class Premises:
    """One action of one side, ready for proofs. Sets are diagrams over facts with the terminals TRUE and FALSE.

    `standing` is what the profile fixes: its facts, and readings of questions that do not arise in it; `readings` are
    those that do, with the chosen values; `beyond` are facts that only contradictions name.

    INVARIANT: no presumption takes part: an unknown fact may be anything that the contradictions allow.
    """

    side: Side
    chart: Chart
    standing: Mapping[str, Value]
    readings: Mapping[str, str]
    beyond: frozenset[str]

    @classmethod
    def of(cls, side: Side, action: str, mentions: Sequence[Expression] = ()) -> Premises:
        """The premises for an action. `mentions` are further conditions whose facts and cuts are told apart.

        Raises: BrightlineError `unknown-profile`, `too-early` or `node-budget`.
        """
        norms = side.law.stack(side.profile, side.on).by_action.get(action, ())
        told = set().union(*(facts_in(n.condition) for n in norms), *map(facts_in, mentions))
        tied_lines = ties(side.law, told)
        (chart,) = beside(action, [side], (*mentions, *(c.when for c in tied_lines)))
        chosen = {
            n: side.readings.get(n, r.default) for n, r in side.law.vocabulary.readings.items() if n in chart.number
        }
        applying = side.law.vocabulary.applying_readings(side.profile)
        settled = {n: v for n, v in chosen.items() if n not in applying and v != UNDECIDED}
        open_readings = {n: v for n, v in chosen.items() if n not in settled}
        tied = set().union(*(facts_in(c.when) for c in tied_lines))
        return cls(side, chart, {**standing_facts(side), **settled}, open_readings, frozenset(tied - told))

    @property
    def diagram(self) -> Diagram:
        """The store of the action's sets."""
        return self.chart.diagram

    @cached_property
    def possible(self) -> int:
        """The situations that the contradictions and the standing facts leave."""
        return self._possible(self.standing)

    def _possible(self, known: Mapping[str, Value]) -> int:
        tied_lines = ties(self.side.law, {v.name for v in self.chart.variables})
        node = fixed(self.chart, self.chart.condition_of(all_of(*(negate(c.when) for c in tied_lines))), known)
        return exists(self.diagram, node, self._numbers(self.beyond))

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """The readings of the action that the profile leaves undecided."""
        return tuple(name for name, value in self.readings.items() if value == UNDECIDED)

    def set_of(self, node: int, readings: Mapping[str, str] | None = None) -> int:
        """The possible situations in a set of the chart, under some value of each undecided reading.

        `readings` are chosen in place of the side's own.
        """
        chosen = {k: v for k, v in {**self.readings, **(readings or {})}.items() if v != UNDECIDED}
        return self.without_readings(self.within(node, chosen))

    def within(self, node: int, chosen: Mapping[str, str]) -> int:
        """The possible part of a set of the chart with standing facts and some readings fixed; other readings stay."""
        return self.diagram.both(fixed(self.chart, node, {**self.standing, **chosen}), self.possible)

    def without_readings(self, node: int) -> int:
        """The situations in a set under some value of the readings that it still turns on."""
        return exists(self.diagram, node, self._numbers(self.readings))

    def ever(self, node: int) -> bool:
        """Whether a set of the chart could be met by anyone, under any reading, standing facts aside."""
        return self.diagram.both(node, self._anyones) != FALSE

    @cached_property
    def _anyones(self) -> int:
        return self._possible({})

    @cached_property
    def answers(self) -> Mapping[str, int]:
        """The situations that get each answer under the chosen readings."""
        return self.answers_under({})

    def answers_under(self, readings: Mapping[str, str]) -> dict[str, int]:
        """The situations that get each answer with some readings chosen otherwise.

        Where the values of undecided readings lead to different answers, the answer is unsettled.
        """
        chosen = {k: v for k, v in {**self.readings, **readings}.items() if v != UNDECIDED}
        root = fixed(self.chart, self.chart.modal, {**self.standing, **chosen})
        some = {
            w: self.without_readings(self.diagram.both(self.where(root, w), self.possible))
            for w in self.chart.modal_words
        }
        split = overlap(self.diagram, some.values())
        found = {word: self.diagram.select(split, FALSE, node) for word, node in some.items()}
        return {**found, "unsettled": self.diagram.either(found.get("unsettled", FALSE), split)}

    def some_answers(self, free: Iterable[str]) -> dict[str, int]:
        """The situations that can get each answer when the readings named may have any value."""
        free = set(free)
        chosen = {k: v for k, v in self.readings.items() if k not in free and v != UNDECIDED}
        root = fixed(self.chart, self.chart.modal, {**self.standing, **chosen})
        return {
            w: self.without_readings(self.diagram.both(self.where(root, w), self.possible))
            for w in self.chart.modal_words
        }

    def where(self, root: int, word: str) -> int:
        """Where the answer is a word, in a diagram of answers."""
        words = self.chart.modal_words
        return self.diagram.map_outcomes(root, lambda t: TRUE if words[outcome_index(t)] == word else FALSE)

    def decides(self, norm: Norm) -> int:
        """Where a norm is in the basis of the answer; a diagram of the chart, readings included."""
        if norm.id not in self._deciding:
            self._deciding[norm.id] = self._decides(norm)
        return self._deciding[norm.id]

    @cached_property
    def _deciding(self) -> dict[str, int]:
        return {}

    def _decides(self, norm: Norm) -> int:
        diagram, standing = self.diagram, self.chart.standing[norm.id]
        if norm.modality not in ("required", "prohibited"):
            return diagram.both(standing, self._answer("permitted"))
        clash = self.topmost(norm.level, self._answer("unsettled"))
        return diagram.both(standing, diagram.either(self._answer(norm.modality), clash))

    def _answer(self, word: str) -> int:
        return self._by_word.get(word, FALSE)

    @cached_property
    def _by_word(self) -> Mapping[str, int]:
        """Where the chart has each answer, readings included."""
        return {word: self.where(self.chart.modal, word) for word in self.chart.modal_words}

    def topmost(self, level: int, node: int) -> int:
        """The part of a set of the chart where no command of a rank above a level stands."""
        above = [self.chart.standing[n.id] for n in commands(self.chart) if n.level > level]
        return self.diagram.select(reduce(self.diagram.either, above, FALSE), FALSE, node)

    def situations(self, node: int, over: Iterable[str] = ()) -> Situations:
        """A set with its number, share and example; facts named in `over` are not counted (the set leaves them out)."""
        counted = self.without_readings(node)
        weights = sizes_of(self.chart.variables, (*self.standing, *self.beyond, *over))
        whole = exists(self.diagram, self.possible, self._numbers(over))
        number, total = (weighted_count(self.diagram, n, weights).get(TRUE, 0) for n in (counted, whole))
        example = smallest_example(self.chart, node, TRUE, self.usual)
        return Situations(number, total, self._shortened(example, node, whole), self._point(example), self, counted)

    def _shortened(self, example: Mapping[str, Value], node: int, whole: int) -> dict[str, Value]:
        """An example without the facts that its other facts and the usual ones make needless."""
        inside, kept = self.diagram.select(whole, node, TRUE), dict(example)
        for name in sorted(example, key=lambda n: -self.chart.number[n]):
            fewer = {k: v for k, v in kept.items() if k != name}
            region = self._region(fewer)
            if self.diagram.reach(inside, region) == {TRUE} and TRUE in self.diagram.reach(whole, region):
                kept = fewer
        return kept

    def _region(self, known: Mapping[str, Value]) -> list[Sequence[int]]:
        """The classes of each variable that some known facts leave, with the rest as usual or as presumed."""
        facts, found = self.side.law.vocabulary.facts, list[Sequence[int]]()
        for variable in self.chart.variables:
            value = known.get(variable.name, self.usual.get(variable.name))
            presumed = None if variable.is_reading else facts[variable.name].presumed
            if value is not None:
                found.append((variable.position(value),))
            elif presumed and presumed.values:
                found.append(sorted({variable.position(v) for v in presumed.values}))
            else:
                found.append(range(variable.size))
        return found

    @cached_property
    def usual(self) -> Mapping[str, Value]:
        """What an example does not name: standing and presumed values, and the chosen readings."""
        chosen = {k: v for k, v in self.readings.items() if v != UNDECIDED}
        return {**usual_values(self.side, self.chart), **self.standing, **chosen}

    def without(self, node: int, names: Iterable[str]) -> int:
        """The situations of a set, with some facts left out: those where some value of them is in the set."""
        return exists(self.diagram, node, self._numbers(names))

    def _point(self, example: Mapping[str, Value]) -> list[int]:
        """A complete situation, by classes: the example, and the usual or first value of what it does not name."""
        known = {**self.usual, **example}
        return [v.position(known[v.name]) if v.name in known else 0 for v in self.chart.variables]

    def _numbers(self, names: Iterable[str]) -> set[int]:
        return {self.chart.number[name] for name in names if name in self.chart.number}


def commands(chart: Chart) -> list[Norm]:
    """The norms of a chart that require or prohibit."""
    return [norm for norm in chart.norms if norm.modality in ("required", "prohibited")]


def overlap(diagram: Diagram, sets: Iterable[int]) -> int:
    """What lies in two of the sets or more."""
    seen = twice = FALSE
    for node in sets:
        twice = diagram.either(twice, diagram.both(seen, node))
        seen = diagram.either(seen, node)
    return twice
