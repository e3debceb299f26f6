"""Writing the scenario that is missing: the smallest situation in which a mutant answers otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from brightline.law.answering import Answer
from brightline.law.chart import Chart
from brightline.law.comparison import Side, usual_values
from brightline.law.cover import Cube, smallest_example
from brightline.law.deadlines import count
from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.library import Law
from brightline.law.norms import Norm, Within
from brightline.law.places import Place
from brightline.law.possible import possible_values
from brightline.law.scenarios import Case, run_case
from brightline.law.situation import situation
from brightline.law.trial import Difference
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = ["CaseWriter"]

_MOST_TRIES = 40
Example = tuple[dict[str, Any], dict[str, str]]
Habits = Mapping[tuple[str, object], int]


class CaseWriter:
    """Writes the scenarios that are missing beside an authority. `cases` are those that it has."""

    def __init__(self, law: Law, authority: str, cases: Sequence[Case]) -> None:
        self.law, self.authority = law, authority
        self.habits = Counter((name, value) for case in cases for name, value in case.facts.items())

    def case_in(
        self, difference: Difference, node: int, norm: Norm, place: Place, changed: Callable[[], Law]
    ) -> Case | None:
        """A scenario for a norm, in a part of a difference, that passes today and sees the mutant; None where there is none.

        `changed` gives the law with the mutant in it. The case has no name yet.
        """
        asked = _Asked(self, difference, norm, place.profile, place.on, changed)
        stated = (asked.stated(facts, readings) for facts, readings in asked.candidates(node))
        return next(filter(None, stated), None)

    def shortened(self, case: Case, is_enough: Callable[[Case], bool]) -> Case:
        """A scenario without the facts that are not needed to get its answer and duties, and to be still enough."""
        for name in reversed(list(case.facts)):
            fewer = replace(case, facts={k: v for k, v in case.facts.items() if k != name})
            result = run_case(self.law, fewer, self.authority)
            case = fewer if result.is_ok and not result.duties_missed and is_enough(fewer) else case
        return case


@dataclass(frozen=True, eq=False)
class _Asked:
    writer: CaseWriter
    difference: Difference
    norm: Norm
    profile: str
    on: date
    changed: Callable[[], Law]

    def candidates(self, node: int) -> Iterator[Example]:
        """Situations of a set; where a duty is shown on another action, also with facts that settle that one."""
        law, chart, asked = self.writer.law, self.difference.trial.chart, self.difference.asked
        for part in self.difference.parts(node):
            for facts, readings in _examples(law, chart, part, self.profile, self.on, self.writer.habits):
                yield facts, readings
                if asked != chart.action:
                    for more in _settling(law, asked, self.profile, self.on, facts, readings):
                        yield more, readings

    def stated(self, facts: Mapping[str, Any], readings: Mapping[str, str]) -> Case | None:
        """The scenario that these facts make; None where today's answer is open, or the mutant gives the same."""
        law, difference = self.writer.law, self.difference
        try:
            found = situation(law, self.profile, facts, on=self.on, readings=readings)
        except BrightlineError:
            return None
        if not difference.shows_at(possible_values(found, difference.trial.chart)):
            return None
        case = self.case(dict(facts), dict(readings))
        result = run_case(law, case, self.writer.authority)
        if result.answer is None or result.got == "open":
            return None
        case = self.with_duty(case, result.answer)
        # With facts unknown an answer shows the duties of every norm that may be behind it: try it for real.
        if difference.duty and (self.misses(law, case) or not self.misses(self.changed(), case)):
            return None
        behind = {*(b.norm for b in result.answer.basis), *(d.norm for d in result.answer.duties)}
        decides = (self.norm.id.partition("#")[2],) if self.norm.id in behind else ()
        return replace(case, expect=result.got, decides=decides)

    def case(self, facts: dict[str, Any], readings: dict[str, str]) -> Case:
        asked = self.difference.asked
        return Case("edge", self.profile, self.on, facts, asked, "open", (), (), (), readings, False, "", "")

    def with_duty(self, case: Case, today: Answer) -> Case:
        """The case with the duty that the mutant takes away; or, where it adds one, with the word that it is absent."""
        duty = self.difference.duty
        if duty is None:
            return case
        row = {"action": duty.duty, **({"within": _within(duty.within)} if duty.within else {})}
        if not self.difference.adds:
            return replace(case, duties=(row,))
        # The whole duty is absent, not its time only, unless it is there with another time.
        is_there = duty.duty == case.action or any(shown.action == duty.duty for shown in today.duties)
        return replace(case, no_duties=(row if is_there else {"action": duty.duty},))

    def misses(self, law: Law, case: Case) -> bool:
        return bool(run_case(law, case, self.writer.authority).duties_missed)


def _examples(law: Law, chart: Chart, node: int, profile: str, on: date, habits: Habits) -> Iterator[Example]:
    """Situations of a set as facts and readings to state, the one with the fewest facts first.

    A situation comes twice: with what is presumed left out, and with it stated, since a presumption may cover more.
    Of values that the law does not tell apart, the one is named that `habits` (how often a scenario names it) prefers.
    """
    side = Side.of(law, profile, on)
    held = {**law.vocabulary.standing_facts(profile, on), **{k: v for k, v in side.readings.items() if v != UNDECIDED}}
    usual = {**usual_values(side, chart), **held}
    for _ in range(_MOST_TRIES):
        if node == FALSE:
            return
        for taken in (usual, held):
            example = smallest_example(chart, node, TRUE, {k: v for k, v in taken.items() if k in chart.number})
            if (stated := _stated(law, chart, _habitual(chart, example, habits), profile, on)) is not None:
                yield stated
        literals = tuple(
            sorted((chart.number[k], (chart.variables[chart.number[k]].position(v),)) for k, v in example.items())
        )
        node = chart.diagram.select(Cube(literals).node(chart.diagram), FALSE, node)


def _settling(
    law: Law, action: str, profile: str, on: date, facts: Mapping[str, Any], readings: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Facts with the fewest more that settle the answer on another action, once for each answer it can have."""
    try:
        found = situation(law, profile, facts, on=on, readings=readings)
    except BrightlineError:
        return
    chart = law.chart(law.stack(profile, on), action)
    possible = possible_values(found, chart)
    node = chart.diagram.restrict(chart.modal, {i: values[0] for i, values in enumerate(possible) if len(values) == 1})
    usual = usual_values(Side.of(law, profile, on), chart)
    for terminal in sorted(chart.diagram.reach(node, possible)):
        yield {**smallest_example(chart, node, terminal, usual), **facts}


def _habitual(chart: Chart, example: Mapping[str, Value], habits: Habits) -> dict[str, Value]:
    found = {}
    for name, value in example.items():
        variable = chart.variables[chart.number[name]]
        alike = variable.classes[variable.position(value)] if variable.classes else (value,)
        found[name] = max(alike, key=lambda v: habits.get((name, v), 0))
    return found


def _stated(law: Law, chart: Chart, example: Mapping[str, Value], profile: str, on: date) -> Example | None:
    """An example as a person would state it: numbers that are worked out become two moments."""
    vocabulary = law.vocabulary
    readings = {k: str(v) for k, v in example.items() if k in vocabulary.readings}
    derived = {k: v for k, v in example.items() if k in vocabulary.facts and vocabulary.facts[k].derived}
    facts: dict[str, Any] = {k: v for k, v in example.items() if k not in readings and k not in derived}
    if derived:
        moments = _moments(law, chart, derived, profile, on)
        if moments is None:
            return None
        facts.update(moments)
    return facts, readings


def _moments(
    law: Law, chart: Chart, derived: Mapping[str, Value], profile: str, on: date
) -> dict[str, datetime] | None:
    """Moments from which the wanted numbers are worked out: one end for all, and a start for each; None if none fit."""
    zone = ZoneInfo(law.vocabulary.time_zone(profile)) if law.vocabulary.time_zone(profile) else UTC

    def fits(name: str, start: datetime, end: datetime) -> bool:
        rule, variable = _rule(law, name), chart.variables[chart.number[name]]
        calendar = law.calendar(rule.calendar, profile) if rule.excludes else None
        counted = count(start, end, rule.unit, rule.excludes, calendar, zone)
        return variable.position(counted) == variable.position(derived[name])

    starts: dict[str, list[str]] = {}
    for name in derived:
        starts.setdefault(_rule(law, name).start, []).append(name)
    for days in range(7):
        end = datetime.combine(on + timedelta(days=days), time(18), zone)
        found = {_rule(law, name).end: end for name in derived}
        for start, names in starts.items():
            before = (end - timedelta(hours=hours) for hours in _lengths([int(derived[n]) for n in names]))
            chosen = next((m for m in before if all(fits(n, m, end) for n in names)), None)
            if chosen is not None:
                found[start] = chosen
        if len(found) == len({_rule(law, n).end for n in derived}) + len(starts):
            return found
    return None


def _lengths(numbers: Sequence[int]) -> list[int]:
    """Hours to try for numbers of hours or days, with room for weekends and holidays in between."""
    around = {number * unit + more for number in numbers for unit in (1, 24) for more in range(-24, 121, 3)}
    return sorted({length for length in around if length >= 0} | set(numbers))


def _rule(law: Law, name: str) -> Any:
    return law.vocabulary.facts[name].derived


def _within(within: Within) -> dict[str, Any]:
    return {
        "amount": within.amount,
        "unit": within.unit,
        **({"excludes": list(within.excludes)} if within.excludes else {}),
        **({"rolls": list(within.rolls.over)} if within.rolls else {}),
    }
