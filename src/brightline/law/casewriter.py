"""Writing the scenario that is missing: the smallest situation in which a mutant answers otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as count_from
from typing import Any
from zoneinfo import ZoneInfo

from brightline.law.chart import Chart
from brightline.law.comparison import Side, usual_values
from brightline.law.cover import Cube, smallest_example
from brightline.law.deadlines import count
from brightline.law.diagram import FALSE, TRUE
from brightline.law.dutysets import DutyKey
from brightline.law.errors import BrightlineError
from brightline.law.layout import formatted
from brightline.law.library import Law
from brightline.law.norms import Norm, Within
from brightline.law.places import Place
from brightline.law.possible import possible_values
from brightline.law.scalars import inline
from brightline.law.scenarios import Case, run_case
from brightline.law.situation import situation
from brightline.law.trial import Difference
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = ["CaseWriter", "appended", "scenario_row"]

_NOTE = "made by law mutate; counsel to confirm"
_MOST_TRIES = 40
Example = tuple[dict[str, Any], dict[str, str]]
Habits = Mapping[tuple[str, object], int]


class CaseWriter:
    """Writes the scenarios that are missing beside an authority. `cases` are those that it has."""

    def __init__(self, law: Law, authority: str, cases: Sequence[Case]) -> None:
        self.law, self.authority = law, authority
        self.names = {case.id for case in cases}
        self.habits = Counter((name, value) for case in cases for name, value in case.facts.items())

    def case_in(
        self, difference: Difference, node: int, norm: Norm, place: Place, changed: Callable[[], Law]
    ) -> Case | None:
        """A scenario for a norm, in a part of a difference, that passes today; None where none can be stated.

        Facts that change nothing are left out again. `changed` gives the law with the mutant in it.
        """
        draft = _Draft(self, difference, norm, place.profile, place.on, changed)
        for facts, readings in draft.candidates(node):
            if case := draft.stated(facts, readings):
                case = draft.without_needless(case)
                self.names.add(case.id)
                return case
        return None

    def free_name(self, norm: Norm) -> str:
        """A name that no case of the file has yet."""
        name = f"edge-of-{norm.id.partition('#')[2]}"
        return next(f"{name}-{n}" for n in count_from(1) if f"{name}-{n}" not in self.names)


@dataclass(frozen=True, eq=False)
class _Draft:
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
        if result.answer is None or result.got == "open" or result.duties_missed:
            return None
        # With facts unknown an answer shows the duties of every norm that may be behind it: try it for real.
        if difference.duty and not run_case(self.changed(), case, self.writer.authority).duties_missed:
            return None
        behind = {*(b.norm for b in result.answer.basis), *(d.norm for d in result.answer.duties)}
        decides = (self.norm.id.partition("#")[2],) if self.norm.id in behind else ()
        return replace(case, expect=result.got, decides=decides)

    def case(self, facts: dict[str, Any], readings: dict[str, str]) -> Case:
        duty, asked = self.difference.duty, self.difference.asked
        duties = (_duty_row(duty),) if duty else ()
        name, told = self.writer.free_name(self.norm), _in_words(asked, facts)
        return Case(name, self.profile, self.on, facts, asked, "open", (), duties, (), readings, False, told, "")

    def without_needless(self, case: Case) -> Case:
        for name in reversed(list(case.facts)):
            fewer = self.stated({k: v for k, v in case.facts.items() if k != name}, case.readings)
            case = fewer if fewer and fewer.expect == case.expect else case
        return case


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


def _duty_row(duty: DutyKey) -> dict[str, Any]:
    return {"action": duty.duty, **({"within": _within(duty.within)} if duty.within else {})}


def _within(within: Within) -> dict[str, Any]:
    return {
        "amount": within.amount,
        "unit": within.unit,
        **({"excludes": list(within.excludes)} if within.excludes else {}),
    }


def _in_words(action: str, facts: Mapping[str, Any]) -> str:
    """A plain sentence that names the facts."""
    known = [_fact_words(name.replace("_", " "), value) for name, value in facts.items()]
    about = action.replace("_", " ").capitalize()
    if not known:
        return f"{about}, with nothing else known."
    return f"{about}, where {', '.join(known[:-1])}{' and ' if len(known) > 1 else ''}{known[-1]}."


def _fact_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return name if value else f"not {name}"
    shown = f"{value:%Y-%m-%d %H.%M}" if isinstance(value, datetime) else str(value).replace("_", " ")
    return f"{name} is {shown}"


def scenario_row(case: Case, told_from: str = "") -> dict[str, Any]:
    """A case in the form of a scenario file; `told_from` says what the mutant changed that it sees."""
    row: dict[str, Any] = {"id": case.id, "profile": case.profile, "as_of": case.as_of, "facts": dict(case.facts)}
    optional = {
        "readings": dict(case.readings),
        "duties": [dict(d) for d in case.duties],
        "decides": list(case.decides),
    }
    row.update({"action": case.action, "expect": case.expect}, **{k: v for k, v in optional.items() if v})
    return {**row, "situation": case.situation, "note": f"{_NOTE} ({told_from})" if told_from else _NOTE}


def appended(text: str, rows: Sequence[Mapping[str, Any]], label: str) -> str:
    """A scenario file with further cases at its end, in the canonical layout."""
    lines = [f"- {inline(dict(row))}" for row in rows]
    return formatted("\n".join([text.rstrip("\n"), *lines, ""]).lstrip("\n"), label)
