"""What must be done with an answer, and by when, with the clock's working in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from brightline.law.deadlines import due, needs_calendar
from brightline.law.diagram import TRUE
from brightline.law.library import Stack
from brightline.law.norms import Norm, Rolls, Within
from brightline.law.possible import possible_values
from brightline.law.situation import Situation, truth

__all__ = ["Duty", "duties_of", "time_allowed", "time_words", "within_words"]

_BEGAN = {"request_received_at": "received", "release_due_at": "released", "custody_started_at": "custody began"}
_UNIT_WORDS = {"immediately": "at once", "promptly": "promptly", "as_soon_as_practicable": "as soon as practicable"}


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do or stop doing. `due_at` is UTC, None while the start is unknown or no time is set.

    `keep` marks the earliest of several clocks on the same action: the one to keep. `rolls` says whether and over which
    days the last day rolls, `rolled_from` is the day on which it fell if it did.
    """

    action: str
    due_at: datetime | None
    within: str
    working: str
    cites: str
    norm: str
    says: str
    keep: bool = False
    rolls: Rolls | None = None
    rolled_from: date | None = None


def within_words(within: Within) -> str:
    """A length of time in words: `48 hours, without Saturdays, Sundays and holidays`."""
    if within.unit in _UNIT_WORDS:
        return _UNIT_WORDS[within.unit]
    unit = within.unit.replace("_", " ")
    unit = unit.removesuffix("s") if within.amount == 1 else unit
    left_out = [word.capitalize() if word != "holidays" else word for word in within.excludes]
    listed = " and ".join([", ".join(left_out[:-1]), left_out[-1]] if len(left_out) > 1 else left_out)
    return f"{within.amount} {unit}" + (f", without {listed}" if listed else "")


def time_words(within: Within) -> str:
    """A length of time with what becomes of its last day, for a reader who does not know the start yet."""
    if within.rolls is None:
        return within_words(within)
    days = [word.removesuffix("s").capitalize() if word != "holidays" else "holiday" for word in within.rolls.over]
    listed = f"{', '.join(days[:-1])} or {days[-1]}" if len(days) > 1 else "".join(days)
    return f"{within_words(within)}; a last day on a {listed} moves to the next day that is none ({within.rolls.cites})"


def duties_of(found: Situation, stack: Stack, action: str, basis: Sequence[Norm]) -> tuple[Duty, ...]:
    """The deadlines of the norms behind an answer, and the duties that accompany the act in this situation."""
    duties = [_duty(found, norm, action) for norm in basis if norm.within]
    for name in stack.accompanying.get(action, ()):
        duties.extend(_duty(found, norm, name) for norm in _required(found, stack, name) if action in norm.accompanies)
    return tuple(_with_the_one_to_keep(duties))


def _required(found: Situation, stack: Stack, action: str) -> list[Norm]:
    chart = found.law.chart(stack, action)
    possible = possible_values(found, chart)
    if chart.only_modality(possible) != "required":
        return []
    return [
        n
        for n in chart.norms
        if n.modality == "required" and chart.diagram.sole(chart.standing[n.id], possible) == TRUE
    ]


def _duty(found: Situation, norm: Norm, action: str) -> Duty:
    within, cites = time_allowed(found, norm)
    if within is None:
        return Duty(action, None, "", norm.says, cites, norm.id, norm.says)
    start = found.moments.get(norm.starts)
    if start is None:
        words = within_words(within)
        working = f"{time_words(within)}; the clock starts at `{norm.starts}`, which is not known yet, {cites}"
        return Duty(action, None, words, working, cites, norm.id, norm.says, rolls=within.rolls)
    zone = found.law.vocabulary.time_zone(found.profile)
    is_day_only = not zone and not isinstance(start, datetime)
    calendar = (
        found.law.calendar(within.calendar, norm.authority.rpartition("/")[0]) if needs_calendar(within) else None
    )
    local = ZoneInfo(zone) if zone else UTC if is_day_only else None
    ends = due(start, within, calendar, local, began=_BEGAN.get(norm.starts, "started"), cites=cites)
    # A day without a time zone has no instant: the working names the day, and no moment is made up.
    due_at = None if is_day_only else ends.due_at.astimezone(UTC)
    return Duty(
        action, due_at, within_words(within), ends.working, cites, norm.id, norm.says,
        rolls=within.rolls, rolled_from=ends.rolled_from,
    )  # fmt: skip


def time_allowed(found: Situation, norm: Norm) -> tuple[Within | None, str]:
    """The time that a norm sets, longer where it says so of this situation; and what is cited for it."""
    longer = norm.extends
    if longer is not None and truth(longer.when, found) is True:
        return longer.within, longer.cites
    return norm.within, norm.cites


def _with_the_one_to_keep(duties: Sequence[Duty]) -> Iterable[Duty]:
    for duty in duties:
        rivals = [d for d in duties if d.action == duty.action and d.due_at is not None]
        is_first = len(rivals) > 1 and duty is min(rivals, key=lambda d: d.due_at or datetime.max.replace(tzinfo=UTC))
        yield replace(duty, keep=True) if is_first else duty
