"""What is asked of every row, each under the law of its own profile and day: rows are answered group by group."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError
from brightline.law.library import Law
from brightline.replay.engine.columns import Column, Columns, Question, Result
from brightline.replay.engine.compiled import Compiled, shape_of, usable_columns
from brightline.replay.maps.factmap import ConstantRule, FactMap
from brightline.replay.maps.mappedrows import MappedRows
from brightline.replay.maps.zones import elapsed, in_utc

__all__ = ["NOT_ASKED", "Answered", "Asked", "Asker", "Group"]

NOT_ASKED = 255  # the modality of a rejected row
_EPOCH = date(1970, 1, 1)
_MOST_COMPILED = 256


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked: `profile` is empty where a column names it, `on` None where a column gives the day."""

    law: Law
    profile: str
    on: date | None
    actions: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    label: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Group:
    """Rows under one law: their numbers in the batch (None for all), what is asked of them, and their facts."""

    rows: npt.NDArray[np.intp] | None
    question: Question
    columns: Columns


@dataclass(frozen=True, eq=False, repr=False)
class Answered:
    """The answers on one action for a batch. `norm` is a position in `norms`, whose first is empty."""

    action: str
    modality: npt.NDArray[np.uint8]
    marks: npt.NDArray[np.uint8]
    norm: npt.NDArray[np.int32]
    norms: tuple[str, ...]


class Asker:
    """Answers batches under one `Asked`; compiled questions are kept for the batches to come.

    Days between which nothing changes that is asked about are answered together, unless `is_each_day_apart`: what goes
    with an answer, such as its duties, may change with other norms.
    """

    def __init__(
        self,
        asked: Asked,
        mapped: FactMap,
        executor: str = "auto",
        lock: Lock | None = None,
        *,
        is_each_day_apart: bool = False,
    ) -> None:
        self.asked, self.map, self.executor = asked, mapped, executor
        self.compiled: OrderedDict[tuple[str, date], Compiled] = OrderedDict()
        self.changes: dict[str, npt.NDArray[np.int64]] = {}
        self.same: dict[tuple[str, date], date] = {}
        self.first_day: dict[tuple[str, object], date] = {}
        self.is_each_day_apart = is_each_day_apart
        # What the law keeps for later is not made for two threads at once.
        self.lock = lock or Lock()

    def answer(self, rows: MappedRows) -> tuple[tuple[Answered, ...], list[Group]]:
        """The answers to a batch, one for each action, and the groups that it fell into."""
        groups = list(self.groups(rows))
        told = [(group, self._answer(group)) for group in groups]
        if len(told) == 1 and told[0][0].rows is None:
            return tuple(_alone(result) for result in told[0][1]), groups
        return tuple(
            _together(action, rows.rows, [(group, results[number]) for group, results in told])
            for number, action in enumerate(self.asked.actions)
        ), groups

    def _answer(self, group: Group) -> tuple[Result, ...]:
        columns = usable_columns(group.question.law.vocabulary.facts, group.columns)
        with self.lock:
            compiled = self._compiled(group.question)
            compiled.plan(shape_of(columns), columns.constants)
        return compiled.answer(columns)

    def _compiled(self, question: Question) -> Compiled:
        key = (question.profile, question.on)
        if key not in self.compiled:
            if len(self.compiled) >= _MOST_COMPILED:
                self.compiled.popitem(last=False)
            self.compiled[key] = Compiled(question, self.executor)
        self.compiled.move_to_end(key)
        return self.compiled[key]

    def groups(self, rows: MappedRows) -> Iterator[Group]:
        """The rows of a batch by profile and by the law of their day, rejected rows left out."""
        for profile, day, chosen in self._laws(rows):
            question = Question(
                self.asked.law, profile, day, self.asked.actions, self.asked.readings, self.asked.strict
            )
            yield Group(chosen, question, self.facts(rows, question, chosen))

    def _laws(self, rows: MappedRows) -> Iterator[tuple[str, date, npt.NDArray[np.intp] | None]]:
        lost = rows.rejected != 0
        names, profile = self._profiles(rows)
        laws, law = self._numbered(names, profile, self._days(rows))
        if not lost.any() and isinstance(law, int):
            yield *laws[law], None
            return
        law = np.broadcast_to(np.asarray(law, np.uint16), (rows.rows,))
        law = np.where(lost, len(laws), law) if lost.any() else law
        counts = np.bincount(law, minlength=len(laws) + 1)
        if counts.max() == rows.rows and not lost.any():
            yield *laws[int(counts.argmax())], None
            return
        order = np.argsort(law, kind="stable")
        ends = np.cumsum(counts)
        for number in np.flatnonzero(counts[: len(laws)]).tolist():
            yield *laws[number], order[ends[number] - counts[number] : ends[number]]

    def _profiles(self, rows: MappedRows) -> tuple[tuple[str, ...], Any]:
        if self.asked.profile or rows.profiles is None:
            return (self.asked.profile,), 0
        return rows.profiles

    def _days(self, rows: MappedRows) -> Any:
        if self.asked.on is not None:
            return (self.asked.on - _EPOCH).days
        assert rows.days is not None
        return rows.days

    def _numbered(self, names: tuple[str, ...], profile: Any, days: Any) -> tuple[list[tuple[str, date]], Any]:
        """The laws that rows are under, each a profile and a day, and for each row which; one number if all are alike."""
        laws: list[tuple[str, date]] = []
        if isinstance(profile, int):
            return laws, self._of_days(names[profile], days, laws)
        found = np.zeros(len(profile), np.uint16)
        for number in np.flatnonzero(np.bincount(profile[profile >= 0], minlength=1)).tolist():
            here = np.flatnonzero(profile == number)
            found[here] = self._of_days(names[number], days if np.ndim(days) == 0 else days[here], laws)
        return laws, found

    def _of_days(self, profile: str, days: Any, laws: list[tuple[str, date]]) -> Any:
        """For each day, the number of the law of that day; laws that say the same of what is asked are one."""
        changes = self._changes(profile)
        if np.ndim(days) == 0:
            return self._number(profile, int(np.searchsorted(changes, days, "right")), laws)
        known = days > np.iinfo(np.int64).min
        if not known.any():
            return np.zeros(len(days), np.uint16)
        first, last = int(days[known].min()), int(days[known].max())
        table = np.searchsorted(changes, np.arange(first, last + 1), "right")
        there = np.bincount(np.where(known, days - first, 0), minlength=last - first + 1) > 0
        numbers = {int(e): self._number(profile, int(e), laws) for e in np.unique(table[there])}
        of_epoch = np.zeros(len(changes) + 1, np.uint16)
        of_epoch[list(numbers)] = list(numbers.values())
        return of_epoch[table][np.where(known, days - first, 0)]

    def _number(self, profile: str, epoch: int, laws: list[tuple[str, date]]) -> int:
        law = (profile, self._same_law(profile, epoch))
        if law not in laws:
            laws.append(law)
        return laws.index(law)

    def _same_law(self, profile: str, epoch: int) -> date:
        """The first day met of a law that says the same as that of an epoch, of all that is asked."""
        day = self._day(profile, epoch)
        if self.is_each_day_apart:
            return day
        if (profile, day) not in self.same:
            with self.lock:
                key = (profile, self._says(profile, day))
                self.same[profile, day] = self.first_day.setdefault(key, day)
        return self.same[profile, day]

    def _says(self, profile: str, day: date) -> object:
        """What answers can depend on: the norms on each action, the standing facts and the readings."""
        law = self.asked.law
        try:
            stack = law.stack(profile, day)
        except BrightlineError as error:
            if error.code != "too-early":
                raise
            return None
        norms = tuple(tuple((n.where, n.level) for n in stack.by_action.get(a, ())) for a in self.asked.actions)
        standing, readings = law.vocabulary.standing_facts(profile, day), law.vocabulary.chosen_readings(profile, day)
        return norms, tuple(sorted(standing.items())), tuple(sorted(readings.items()))

    def _changes(self, profile: str) -> npt.NDArray[np.int64]:
        """The days, since 1970, on which the law of a profile changes."""
        if profile not in self.changes:
            with self.lock:
                found: list[int] = []
                day = self.asked.law.epoch(profile, date.max)
                while day > date.min:
                    found.append((day - _EPOCH).days)
                    day = self.asked.law.epoch(profile, day - timedelta(days=1))
                self.changes[profile] = np.array(found[::-1], dtype=np.int64)
        return self.changes[profile]

    def _day(self, profile: str, epoch: int) -> date:
        """A day of the law after so many changes: its first."""
        return _EPOCH + timedelta(days=int(self.changes[profile][epoch - 1])) if epoch else date.min

    def facts(self, rows: MappedRows, question: Question, chosen: npt.NDArray[np.intp] | None) -> Columns:
        """The facts of some rows: mapped, constant, worked out from two times, and for want of a standing one."""
        count = rows.rows if chosen is None else len(chosen)
        facts = {column.fact: _taken(column, chosen) for column in rows.columns}
        vocabulary = question.law.vocabulary
        zone = vocabulary.time_zone(question.profile)
        for fact in vocabulary.facts.values():
            rule = fact.derived
            if rule is not None and rule.start in rows.moments and rule.end in rows.moments:
                facts[fact.name] = _derived(fact, rows, chosen, zone, question)
        standing = vocabulary.standing_facts(question.profile, question.on)
        constants = {
            name: rule.value
            for name, rule in self.map.facts.items()
            if isinstance(rule, ConstantRule) and name not in rows.moments
        }
        constants.update({name: value for name, value in self.map.fallback.items() if name not in standing})
        return Columns(count, facts, constants)


def _taken(column: Column, chosen: npt.NDArray[np.intp] | None) -> Column:
    if chosen is None:
        return column
    known = None if column.known is None else column.known[chosen]
    return Column(column.fact, column.values[chosen], None if known is None or known.all() else known)


def _derived(fact: Any, rows: MappedRows, chosen: Any, zone: str, question: Question) -> Column:
    """A number worked out from two times; -1, which no answer takes, where the second lies before the first."""
    rule = fact.derived
    every = slice(None) if chosen is None else chosen
    first, last = rows.moments[rule.start].at(every), rows.moments[rule.end].at(every)
    start, has_start, counted_in = in_utc(first, zone)
    end, has_end, _ = in_utc(last, zone)
    known = has_start & has_end
    if not counted_in and first.offset_s is not None:
        start, end = start + first.offset_s * 1_000_000, end + first.offset_s * 1_000_000
    calendar = question.law.calendar(rule.calendar, question.profile) if rule.excludes else None
    values = np.zeros(len(start), np.int64)
    values[known] = elapsed(rule, start[known], end[known], counted_in, calendar)
    return Column(fact.name, values, None if known.all() else known)


def _alone(result: Result) -> Answered:
    return Answered(result.action, result.modality, result.marks, result.norm.astype(np.int32), result.norms)


def _together(action: str, rows: int, told: list[tuple[Group, Result]]) -> Answered:
    """The answers of all groups, each row in its place."""
    names: dict[str, int] = {"": 0}
    modality, marks = np.full(rows, NOT_ASKED, np.uint8), np.zeros(rows, np.uint8)
    norm = np.zeros(rows, np.int32)
    for group, result in told:
        table = np.array([names.setdefault(name, len(names)) for name in result.norms], dtype=np.int32)
        where = slice(None) if group.rows is None else group.rows
        modality[where], marks[where], norm[where] = result.modality, result.marks, table[result.norm]
    return Answered(action, modality, marks, norm, tuple(names))
