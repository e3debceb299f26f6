"""What is missing beside an authority: the smallest situation in which a mutant answers otherwise, as a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from brightline.law.chart import Chart
from brightline.law.comparison import Side, usual_values
from brightline.law.cover import Cube, smallest_example
from brightline.law.deadlines import count
from brightline.law.diagram import FALSE, TRUE
from brightline.law.layout import formatted
from brightline.law.library import Law
from brightline.law.norms import Within
from brightline.law.scalars import inline
from brightline.law.scenarios import Case
from brightline.law.trial import DutyKey
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = ["NOTE", "Survivor", "appended", "examples", "new_case", "scenario_row"]

NOTE = "made by law mutate; counsel to confirm"
_MOST_TRIES = 40
Example = tuple[dict[str, Any], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that changes an answer unseen, and the scenario that would see it; None where no case can be stated."""

    norm: str
    words: str
    where: str
    case: Case | None


def examples(law: Law, chart: Chart, node: int, profile: str, on: date) -> Iterator[Example]:
    """Situations of a set as facts and readings to state, the one with the fewest facts first.

    A situation comes twice: with what is presumed left out, and with it stated, since a presumption may cover more.
    """
    side = Side.of(law, profile, on)
    held = {**law.vocabulary.standing_facts(profile, on), **{k: v for k, v in side.readings.items() if v != UNDECIDED}}
    usual = {**usual_values(side, chart), **held}
    for _ in range(_MOST_TRIES):
        if node == FALSE:
            return
        for taken in (usual, held):
            example = smallest_example(chart, node, TRUE, {k: v for k, v in taken.items() if k in chart.number})
            if (stated := _stated(law, chart, example, profile, on)) is not None:
                yield stated
        literals = tuple(sorted((chart.number[k], (chart.variables[chart.number[k]].position(v),)) for k, v in example.items()))
        node = chart.diagram.select(Cube(literals).node(chart.diagram), FALSE, node)


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


def _moments(law: Law, chart: Chart, derived: Mapping[str, Value], profile: str, on: date) -> dict[str, datetime] | None:
    """Moments from which the wanted numbers are worked out: one end for all, and a start for each; None if none fit."""
    zone = ZoneInfo(law.vocabulary.time_zone(profile)) if law.vocabulary.time_zone(profile) else UTC
    for days in range(7):
        end = datetime.combine(on + timedelta(days=days), time(18), zone)
        found: dict[str, datetime] = {}
        for start, names in _by_start(law, derived).items():
            lengths = sorted({max(0, int(derived[n]) * unit + more) for n in names for unit in (1, 24) for more in range(-24, 121, 3)} | {int(derived[n]) for n in names})
            fits = (end - timedelta(hours=h) for h in lengths)
            chosen = next((m for m in fits if all(_fits(law, chart, n, derived[n], m, end, profile, zone) for n in names)), None)
            if chosen is None:
                break
            found[start] = chosen
        else:
            ends = {str(_rule(law, n).end) for n in derived}
            return {**found, **dict.fromkeys(ends, end)}
    return None


def _rule(law: Law, name: str) -> Any:
    return law.vocabulary.facts[name].derived


def _by_start(law: Law, derived: Mapping[str, Value]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in derived:
        found.setdefault(_rule(law, name).start, []).append(name)
    return found


def _fits(law: Law, chart: Chart, name: str, wanted: Value, start: datetime, end: datetime, profile: str, zone: Any) -> bool:
    rule, variable = _rule(law, name), chart.variables[chart.number[name]]
    calendar = law.calendar(rule.calendar, profile) if rule.excludes else None
    return variable.position(count(start, end, rule.unit, rule.excludes, calendar, zone)) == variable.position(wanted)


def new_case(law: Law, name: str, profile: str, on: date, action: str, example: Example, expect: str, duty: DutyKey | None, decides: Sequence[str]) -> Case:
    """The scenario that states an example and today's answer to it."""
    facts, readings = example
    duties = ({"action": duty.duty, **({"within": _within(duty.within)} if duty.within else {})},) if duty else ()
    return Case(name, profile, on, facts, action, expect, (), duties, tuple(decides), readings, False, _in_words(action, facts), "")


def _within(within: Within) -> dict[str, Any]:
    return {"amount": within.amount, "unit": within.unit, **({"excludes": list(within.excludes)} if within.excludes else {})}


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


def scenario_row(case: Case, note: str) -> dict[str, Any]:
    """A case in the form of a scenario file."""
    row: dict[str, Any] = {"id": case.id, "profile": case.profile, "as_of": case.as_of, "facts": dict(case.facts)}
    optional = {"readings": dict(case.readings), "duties": [dict(d) for d in case.duties], "decides": list(case.decides)}
    row.update({"action": case.action, "expect": case.expect}, **{k: v for k, v in optional.items() if v})
    return {**row, "situation": case.situation, "note": note}


def appended(text: str, rows: Sequence[Mapping[str, Any]], label: str) -> str:
    """A scenario file with further cases at its end, in the canonical layout."""
    lines = [f"- {inline(dict(row))}" for row in rows]
    return formatted("\n".join([text.rstrip("\n"), *lines, ""]).lstrip("\n"), label)
