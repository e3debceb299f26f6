"""What a proof about one action starts from: its chart, what its profile fixes, and the situations that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from brightline.law.chart import Chart
from brightline.law.comparison import MOST_LINES, Side, beside, fixed, standing_facts, usual_values
from brightline.law.cover import Weights, cover, cube_words, sizes_of, smallest_example, weighted_count
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome_index
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.norms import Norm
from brightline.law.rewrite import Rewrite
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
        return self._without_open(self.within(node, chosen), chosen)

    def _without_open(self, node: int, chosen: Mapping[str, str]) -> int:
        """A set without the readings that are not chosen."""
        if self.readings.keys() <= chosen.keys():
            self._plain.add(node)
        return self.without_readings(node)

    @cached_property
    def _plain(self) -> set[int]:
        """Sets that turn on no reading."""
        return set()

    def within(self, node: int, chosen: Mapping[str, str]) -> int:
        """The possible part of a set of the chart with standing facts and some readings fixed; other readings stay."""
        return self.diagram.both(self._fixing(chosen)(node), self.possible)

    def some(self, *nodes: int) -> bool:
        """Whether a possible situation lies in every one of some sets of the chart, as `set_of` has it."""
        chosen = {k: v for k, v in self.readings.items() if v != UNDECIDED}
        return self.diagram.meets((*nodes, self.possible), self._positions({**self.standing, **chosen}))

    def _positions(self, known: Mapping[str, Value]) -> dict[int, int]:
        return {i: v.position(known[v.name]) for i, v in enumerate(self.chart.variables) if v.name in known}

    def _fixing(self, chosen: Mapping[str, str]) -> Rewrite:
        """What standing facts and some readings make of diagrams."""
        at = self._positions({**self.standing, **chosen})
        return self._rewrite(("fixed", *at.items()), lambda: Rewrite(self.diagram, at))

    def _rewrite(self, key: object, make: Callable[[], Rewrite]) -> Rewrite:
        if key not in self._rewrites:
            self._rewrites[key] = make()
        return self._rewrites[key]

    def forget(self) -> None:
        """Let go of what is remembered on the way; the sets found stay. A proof of much law holds one store for each action."""
        self.diagram.forget()
        self._rewrites.clear()

    @cached_property
    def _rewrites(self) -> dict[object, Rewrite]:
        return {}

    def without_readings(self, node: int) -> int:
        """The situations in a set under some value of the readings that it still turns on."""
        return node if node in self._plain else self.without(node, self.readings)

    def ever(self, node: int) -> bool:
        """Whether a set of the chart could be met by anyone, under any reading, standing facts aside."""
        return self.diagram.meets((node, self._anyones))

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
        some = self._under({k: v for k, v in {**self.readings, **readings}.items() if v != UNDECIDED})
        if not any(v == UNDECIDED for v in {**self.readings, **readings}.values()):
            return {**some, "unsettled": some.get("unsettled", FALSE)}
        split = overlap(self.diagram, some.values())
        found = {word: self.diagram.select(split, FALSE, node) for word, node in some.items()}
        return {**found, "unsettled": self.diagram.either(found.get("unsettled", FALSE), split)}

    def some_answers(self, free: Iterable[str]) -> dict[str, int]:
        """The situations that can get each answer when the readings named may have any value."""
        free = set(free)
        return self._under({k: v for k, v in self.readings.items() if k not in free and v != UNDECIDED})

    def _under(self, chosen: Mapping[str, str]) -> dict[str, int]:
        root = self._fixing(chosen)(self.chart.modal)
        return {
            w: self._without_open(self.diagram.both(self.where(root, w), self.possible), chosen)
            for w in self.chart.modal_words
        }

    def answer_at(self, point: Sequence[int], readings: Mapping[str, str]) -> str:
        """The answer in a complete situation, by classes, with some readings chosen otherwise."""
        chosen = {**self.readings, **readings}
        if UNDECIDED in chosen.values():
            return next(w for w, node in self.answers_under(readings).items() if self.diagram.at(node, point) == TRUE)
        values = [*point]
        for number, position in self._positions({**self.standing, **chosen}).items():
            values[number] = position
        return self.chart.modal_words[outcome_index(self.diagram.at(self.chart.modal, values))]

    def turning(self, free: Iterable[str]) -> int:
        """The situations whose answer turns on the readings named.

        # INVARIANT: readings are the last variables, so where facts lead to one of them, the answer turns on readings.
        """
        free = set(free)
        root = self._fixing({k: v for k, v in self.readings.items() if k not in free and v != UNDECIDED})(
            self.chart.modal
        )
        first = next((i for i, v in enumerate(self.chart.variables) if v.is_reading), len(self.chart.variables))
        turns = self._rewrite("turns", lambda: Rewrite(self.diagram, name=lambda _: FALSE, most=first))
        return self.diagram.both(turns(root), self.possible)

    def is_tied(self, name: str) -> bool:
        """Whether a contradiction bears on a fact."""
        return self.chart.number[name] in self.diagram.support(self.possible)

    def turning_on(self, name: str) -> int:
        """The situations, without a fact that nothing ties, whose answer under the decided readings turns on it alone."""
        number, diagram = self.chart.number[name], self.diagram
        variable, children = diagram.variable, diagram.children
        known: dict[int, int] = {}

        def visit(node: int) -> int:
            if node < 0 or variable[node] > number:
                return FALSE
            if node not in known:
                first, *others = children[node]
                known[node] = (
                    diagram.union(diagram.unequal(first, kid) for kid in others)
                    if variable[node] == number
                    else diagram.node(variable[node], tuple(map(visit, children[node])))
                )
            return known[node]

        return diagram.both(visit(self._fixing(dict(self.readings))(self.chart.modal)), self.possible)

    def where(self, root: int, word: str) -> int:
        """Where the answer is a word, in a diagram of answers."""
        words = self.chart.modal_words
        return self._rewrite(
            ("where", word),
            lambda: Rewrite(self.diagram, name=lambda t: TRUE if words[outcome_index(t)] == word else FALSE),
        )(root)

    def decides(self, norm: Norm) -> int:
        """Where a norm is in the basis of the answer; a diagram of the chart, readings included."""
        if norm.id not in self._deciding:
            self._deciding[norm.id] = self._decides(norm)
        return self._deciding[norm.id]

    @cached_property
    def _deciding(self) -> dict[str, int]:
        return {}

    def _decides(self, norm: Norm) -> int:
        return self.diagram.both(self.chart.standing[norm.id], self.rests_on(norm))

    def rests_on(self, norm: Norm) -> int:
        """Where the answer rests on norms of the same modality and rank as a norm, if they stand."""
        if norm.modality not in ("required", "prohibited"):
            return self._answer("permitted")
        key = norm.modality, norm.level
        if key not in self._rested:
            self._rested[key] = self.diagram.either(
                self._answer(norm.modality), self.topmost(norm.level, self._answer("unsettled"))
            )
        return self._rested[key]

    @cached_property
    def _rested(self) -> dict[tuple[str, int], int]:
        """The situations whose answer rests on the commands of a rank that stand, by their modality and level."""
        return {}

    def _answer(self, word: str) -> int:
        return self._by_word.get(word, FALSE)

    @cached_property
    def _by_word(self) -> Mapping[str, int]:
        """Where the chart has each answer, readings included."""
        return {word: self.where(self.chart.modal, word) for word in self.chart.modal_words}

    def topmost(self, level: int, node: int) -> int:
        """The part of a set of the chart where no command of a rank above a level stands."""
        if node == FALSE:
            return FALSE
        return self.diagram.select(self._commanded_above(level), FALSE, node)

    def _commanded_above(self, level: int) -> int:
        """Where a command of a rank above a level stands."""
        if level not in self._above:
            higher = min((n.level for n in commands(self.chart) if n.level > level), default=None)
            if higher is None:
                return FALSE
            here = [self.chart.standing[n.id] for n in commands(self.chart) if n.level == higher]
            self._above[level] = self.diagram.union([*here, self._commanded_above(higher)])
        return self._above[level]

    @cached_property
    def _above(self) -> dict[int, int]:
        return {}

    def situations(self, node: int, over: Iterable[str] = ()) -> Situations:
        """A set with its number, share and example; facts named in `over` are not counted (the set leaves them out)."""
        over = tuple(over)
        counted = self.without_readings(node)
        weights, whole, total = self._whole(over)
        number = weighted_count(self.diagram, counted, weights).get(TRUE, 0)
        example = smallest_example(self.chart, node, TRUE, self.usual)
        return Situations(number, total, self._shortened(example, node, whole), self._point(example), self, counted)

    def union(self, nodes: Iterable[int]) -> int:
        """The situations in one of some sets."""
        nodes = list(nodes)
        found = self.diagram.union(nodes)
        if self._plain.issuperset(nodes):
            self._plain.add(found)
        return found

    def _whole(self, over: tuple[str, ...]) -> tuple[Weights, int, int]:
        """What each class weighs, all the situations that can be, and their number."""
        if over not in self._wholes:
            weights = sizes_of(self.chart.variables, (*self.standing, *self.beyond, *over))
            whole = self.without(self.possible, over)
            self._wholes[over] = weights, whole, weighted_count(self.diagram, whole, weights).get(TRUE, 0)
        return self._wholes[over]

    @cached_property
    def _wholes(self) -> dict[tuple[str, ...], tuple[Weights, int, int]]:
        return {}

    def _shortened(self, example: Mapping[str, Value], node: int, whole: int) -> dict[str, Value]:
        """An example without the facts that its other facts and the usual ones make needless."""
        inside, kept, region = self.diagram.select(whole, node, TRUE), dict(example), self._region(example)
        for name in sorted(example, key=lambda n: -self.chart.number[n]):
            number = self.chart.number[name]
            named, region[number] = region[number], self._usual_region[number]
            if self.diagram.always(inside, region) and TRUE in self.diagram.reach(whole, region):
                del kept[name]
            else:
                region[number] = named
        return kept

    def _region(self, known: Mapping[str, Value]) -> list[Sequence[int]]:
        """The classes of each variable that some known facts leave, with the rest as usual or as presumed."""
        region = list(self._usual_region)
        for number, position in self._positions(known).items():
            region[number] = (position,)
        return region

    @cached_property
    def _usual_region(self) -> list[Sequence[int]]:
        """The classes of each variable that are as usual or as presumed."""
        facts, found = self.side.law.vocabulary.facts, list[Sequence[int]]()
        for variable in self.chart.variables:
            value = self.usual.get(variable.name)
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
        numbers = frozenset(self._numbers(names))
        return self._rewrite(("gone", numbers), lambda: Rewrite(self.diagram, gone=numbers))(node)

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
