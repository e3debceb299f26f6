"""The exact difference of two laws: the set of situations that get another answer, counted and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from brightline.law.chart import Chart, Outcome, variables_of
from brightline.law.cover import cover, cube_words, sizes_of, smallest_example, weighted_count
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome, outcome_index
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import facts_in
from brightline.law.library import Law
from brightline.law.region import differing
from brightline.law.ties import exists, possible_situations, ties
from brightline.law.vocabulary import UNDECIDED, Expression, Value

__all__ = [
    "MOST_LINES",
    "ActionChange",
    "Comparison",
    "Side",
    "Transition",
    "beside",
    "compare",
    "fixed",
    "possible_situations",
    "settled",
    "standing_facts",
    "usual_values",
]

MOST_LINES = 10


@dataclass(frozen=True, eq=False)
class Side:
    """One of two laws compared: a corpus (with its bills), a profile, a date and chosen readings."""

    law: Law
    profile: str
    on: date
    readings: Mapping[str, str]
    label: str = ""

    @classmethod
    def of(cls, law: Law, profile: str, on: date, readings: Mapping[str, str] | None = None, label: str = "") -> Side:
        """A side with the profile's own readings where none are given. Raises: BrightlineError for an unknown profile."""
        law.profile(profile)
        chosen = {**law.vocabulary.chosen_readings(profile, on), **(readings or {})}
        return cls(law, profile, on, chosen, label or f"{profile} on {on}")


@dataclass(frozen=True, eq=False)
class Transition:
    """One way the answer changes: from one modality to another, with all the situations where it does.

    `before` and `after` name the norms that decide in some of them, those of the most situations first.
    `situations` is their exact number; `example` names some of them by facts out of the usual, none of them needless.
    """

    before: Outcome
    after: Outcome
    situations: int
    example: Mapping[str, Value]
    law: Law
    chart: Chart
    node: int
    usual: Mapping[str, Value]

    def lines(self, most: int = 5000) -> tuple[str, ...]:
        """Conditions that together are exactly the set, the shortest first; empty if more than `most` are needed."""
        return self._worded(self.node, most)

    def usual_lines(self, most: int = 5000) -> tuple[str, ...]:
        """The same among the usual situations, where standing and presumed facts are as usual and are not repeated."""
        usual = usual_situations(self.law, self.chart, self.usual)
        diagram = self.chart.diagram
        inside = fixed(self.chart, self.node, self.usual)
        return self._worded(diagram.both(inside, usual), most, diagram.either(inside, diagram.opposite(usual)))

    def _worded(self, node: int, most: int, within: int | None = None) -> tuple[str, ...]:
        cubes = cover(self.chart.diagram, node, most, within)
        return tuple(cube_words(self.law.vocabulary, self.chart.variables, cube) for cube in cubes)


@dataclass(frozen=True, slots=True)
class ActionChange:
    """What changes for one action. `total` counts all situations; `reason_only` those with the same answer on other norms."""

    action: str
    total: int
    changed: int
    reason_only: int
    transitions: tuple[Transition, ...]
    questions_added: tuple[str, ...]
    questions_removed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The changed part of all situations, 0 to 1."""
        return self.changed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every action whose answer changes in some situation, the most required and prohibited first."""

    before: str
    after: str
    actions: tuple[ActionChange, ...]
    unchanged: tuple[str, ...]


def compare(before: Side, after: Side, actions: Iterable[str] | None = None) -> Comparison:
    """The exact difference of two sides, action by action.

    Raises: BrightlineError `too-early`, `unknown-profile` or `node-budget`.
    """
    first, second = before.law.stack(before.profile, before.on), after.law.stack(after.profile, after.on)
    names = list(actions) if actions is not None else sorted({*first.by_action, *second.by_action})
    regions = {name: _differing(before, after, name) for name in names}
    changes = [_action_change(before, after, name, region) for name, region in regions.items() if region != NEVER]
    kept = [c for c in changes if c.changed or c.reason_only]
    kept.sort(key=lambda c: (-c.changed, c.action))
    changed = {c.action for c in kept}
    return Comparison(before.label, after.label, tuple(kept), tuple(name for name in names if name not in changed))


def _differing(before: Side, after: Side, action: str) -> Expression:
    """A condition outside which two sides answer an action alike."""
    first, second = (side.law.stack(side.profile, side.on).by_action.get(action, ()) for side in (before, after))
    read = {name for norm in (*first, *second) for name in norm.reading}
    if standing_facts(before) != standing_facts(after) or any(
        before.readings.get(name) != after.readings.get(name) for name in read
    ):
        return ALWAYS
    decided = {name for name, value in before.readings.items() if value != UNDECIDED}
    return differing(first, second, decided)


def beside(
    action: str, sides: Sequence[Side], mentions: Sequence[Expression] = (), within: Expression = ALWAYS
) -> list[Chart]:
    """The charts of an action for several sides, in one store over the same variables.

    With `within`, a chart holds the law where that condition is true, and no law elsewhere.
    """
    stacks = [side.law.stack(side.profile, side.on).by_action.get(action, ()) for side in sides]
    vocabulary = sides[0].law.vocabulary
    variables = variables_of([n for norms in stacks for n in norms], vocabulary.facts, vocabulary.readings, mentions)
    charts: list[Chart] = []
    for norms in stacks:
        charts.append(
            Chart(
                action,
                norms,
                vocabulary.facts,
                vocabulary.readings,
                variables=variables,
                beside=charts[0] if charts else None,
                within=within,
            )
        )
    return charts


def standing_facts(side: Side) -> dict[str, Value]:
    """The facts that a side's profile brings to every request on its date."""
    return side.law.vocabulary.standing_facts(side.profile, side.on)


def fixed(chart: Chart, node: int, values: Mapping[str, Value]) -> int:
    """A diagram of a chart with some facts or readings fixed; names that the chart does not know are left out."""
    positions = {i: v.position(values[v.name]) for i, v in enumerate(chart.variables) if v.name in values}
    return chart.diagram.restrict(node, positions)


def settled(side: Side, chart: Chart, root: int) -> int:
    """A root with the side's readings and its profile's standing facts fixed; an undecided reading stays a variable."""
    readings = {k: v for k, v in side.readings.items() if v != UNDECIDED}
    return fixed(chart, root, {**readings, **standing_facts(side)})


def _action_change(before: Side, after: Side, action: str, region: Expression) -> ActionChange:
    tied, beyond = _ties_of(action, before, after)
    left, right = beside(action, [before, after], tied, region)
    diagram = left.diagram
    fixed_facts = [standing_facts(side) for side in (before, after)]
    # A fact that only one side fixes is open on the other: it is counted, and no example takes it for granted.
    standing = fixed_facts[0].keys() & fixed_facts[1].keys()
    can_be = possible_situations(before.law, left)
    possible = diagram.both(*(fixed(left, can_be, facts) for facts in fixed_facts))
    possible = exists(diagram, possible, [left.number[name] for name in beyond])
    pairs: list[tuple[int, int]] = []
    product = _product(diagram, _decided_root(before, left), _decided_root(after, right), pairs)
    counted = diagram.select(possible, product, _SAME_TERMINAL)
    weights = sizes_of(left.variables, (*standing, *beyond))
    numbers = weighted_count(diagram, counted, weights)
    total = weighted_count(diagram, possible, weights).get(TRUE, 0)
    groups: dict[tuple[str, str], list[int]] = {}
    for i, (a, b) in enumerate(pairs):
        if numbers.get(outcome(i)):
            groups.setdefault((left.outcomes[a].modality, left.outcomes[b].modality), []).append(i)
    same = [i for (was, now), group in groups.items() if was == now for i in group]
    usual = _usual_to_both(before, after, left)
    transitions = [
        _transition(before, left, counted, [(i, pairs[i], numbers[outcome(i)]) for i in group], usual)
        for (was, now), group in groups.items()
        if was != now
    ]
    transitions.sort(key=lambda t: (-t.situations, t.before.modality))
    asked = [_questions(side, action) for side in (before, after)]
    return ActionChange(
        action, total, sum(t.situations for t in transitions),
        sum(numbers[outcome(i)] for i in same),
        tuple(transitions), tuple(sorted(asked[1] - asked[0])), tuple(sorted(asked[0] - asked[1])),
    )  # fmt: skip


def _ties_of(action: str, *sides: Side) -> tuple[list[Expression], list[str]]:
    """The contradictions that bear on an action's facts, and the facts that only they name."""
    norms = [n for side in sides for n in side.law.stack(side.profile, side.on).by_action.get(action, ())]
    told = set().union(*(facts_in(n.condition) for n in norms))
    tied = [c.when for c in ties(sides[0].law, told)]
    return tied, sorted(set().union(*map(facts_in, tied)) - told)


def _decided_root(side: Side, chart: Chart) -> int:
    """The side's outcomes as a diagram over facts; where undecided readings lead to different answers, unsettled."""
    root = settled(side, chart, chart.root)
    for number, variable in enumerate(chart.variables):
        if variable.is_reading and number in chart.diagram.support(root):
            values = [chart.diagram.restrict(root, {number: position}) for position in range(variable.size)]
            root = reduce(lambda a, b: chart.joined(a, b), values)
    return root


_SAME_TERMINAL = FALSE


def _product(diagram: Diagram, left: int, right: int, pairs: list[tuple[int, int]]) -> int:
    """A diagram whose terminals are pairs of outcomes (by index in `pairs`), FALSE where both sides are the same."""
    memo: dict[tuple[int, int], int] = {}
    ids: dict[tuple[int, int], int] = {}

    def visit(a: int, b: int) -> int:
        if a == b:
            return _SAME_TERMINAL
        if a < 0 and b < 0:
            key = (outcome_index(a), outcome_index(b))
            if key not in ids:
                ids[key] = len(pairs)
                pairs.append(key)
            return outcome(ids[key])
        found = memo.get((a, b))
        if found is None:
            top = min(diagram.variable[n] for n in (a, b) if n >= 0)
            width = diagram.sizes[top]
            aa = diagram.children[a] if a >= 0 and diagram.variable[a] == top else (a,) * width
            bb = diagram.children[b] if b >= 0 and diagram.variable[b] == top else (b,) * width
            found = memo[a, b] = diagram.node(top, tuple(map(visit, aa, bb)))
        return found

    return visit(left, right)


def _transition(
    side: Side,
    chart: Chart,
    counted: int,
    group: Sequence[tuple[int, tuple[int, int], int]],
    usual: Mapping[str, Value],
) -> Transition:
    """The transition that a group of outcome pairs makes, all with the same two modalities; the commonest norms first."""
    ordered = sorted(group, key=lambda one: -one[2])
    targets = {outcome(i) for i, _, _ in group}
    changed = chart.diagram.map_outcomes(counted, lambda t: TRUE if t in targets else FALSE)
    sides = []
    for which in (0, 1):
        outcomes = [chart.outcomes[pair[which]] for _, pair, _ in ordered]
        sides.append(Outcome(outcomes[0].modality, tuple(dict.fromkeys(norm for o in outcomes for norm in o.norms))))
    example = smallest_example(chart, changed, TRUE, usual)
    return Transition(sides[0], sides[1], sum(n for _, _, n in group), example, side.law, chart, changed, usual)


def _questions(side: Side, action: str) -> set[str]:
    """The facts that the answer of a side turns on."""
    chart = side.law.chart(side.law.stack(side.profile, side.on), action)
    support = chart.diagram.support(settled(side, chart, chart.modal))
    return {chart.variables[i].name for i in support if not chart.variables[i].is_reading}


def usual_situations(law: Law, chart: Chart, usual: Mapping[str, Value]) -> int:
    """The set of situations that no presumption on a part of a domain excludes; facts with one usual value are free."""
    found = TRUE
    for number, variable in enumerate(chart.variables):
        presumed = None if variable.is_reading else law.vocabulary.facts[variable.name].presumed
        if presumed is not None and presumed.at_most is None and variable.name not in usual:
            found = chart.diagram.both(
                found, chart.diagram.literal(number, {variable.position(v) for v in presumed.values})
            )
    return found


def _usual_to_both(before: Side, after: Side, chart: Chart) -> dict[str, Value]:
    """The standing and presumed values that an example need not name: those that both sides have or fix."""
    first, second = usual_values(before, chart), usual_values(after, chart)
    both_fix = standing_facts(before).keys() & standing_facts(after).keys()
    return {name: value for name, value in first.items() if name in both_fix or second.get(name) == value}


def usual_values(side: Side, chart: Chart) -> dict[str, Value]:
    """The standing or presumed value of each fact of a chart that has one."""
    found: dict[str, Value] = {}
    standing = side.law.vocabulary.standing_facts(side.profile, side.on)
    for variable in chart.variables:
        if variable.is_reading:
            continue
        presumed = side.law.vocabulary.facts[variable.name].presumed
        if variable.name in standing:
            found[variable.name] = standing[variable.name]
        elif presumed is not None and len(presumed.values) == 1:
            found[variable.name] = presumed.values[0]
        elif presumed is not None and presumed.at_most is not None:
            found[variable.name] = presumed.at_most
    return found
