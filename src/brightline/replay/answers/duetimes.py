"""When the duties of an answer are due, for all rows: by the law's own clocks, once for each distinct start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from brightline.law.answering import answer_situation
from brightline.law.deadlines import due, needs_calendar
from brightline.law.duties import time_allowed
from brightline.law.errors import BrightlineError
from brightline.law.norms import Within
from brightline.law.working import CLOCKS
from brightline.replay.answers.asking import Group
from brightline.replay.engine.distinct import distinct_situations
from brightline.replay.engine.onebyone import facts_of, situation_of
from brightline.replay.maps.mappedrows import MappedRows
from brightline.replay.maps.zones import in_utc

__all__ = ["due_texts"]

NEVER = np.iinfo(np.int64).max
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Duties = tuple[tuple[str, str, str, Within | None, str], ...]


def due_texts(rows: MappedRows, group: Group, action: str) -> tuple[Any, Any]:
    """For each row of a group, the earliest time (microseconds in UTC, NEVER for none) and the duties in words."""
    situations, of_row = _duties(group, action)
    at = np.full(group.columns.rows, NEVER)
    words = np.full(group.columns.rows, None, dtype=object)
    every = np.arange(group.columns.rows) if group.rows is None else group.rows
    order = np.argsort(of_row, kind="stable")
    ends = np.cumsum(np.bincount(of_row, minlength=len(situations)))
    for number, duties in enumerate(situations):
        here = order[ends[number - 1] if number else 0 : ends[number]]
        for duty in duties:
            when = _when(rows, group, duty, every[here])
            at[here] = np.minimum(at[here], when)
            words[here] = _joined(words[here], duty, when)
    return at, words


def _duties(group: Group, action: str) -> tuple[list[Duties], Any]:
    """The duties of each distinct situation: the act, the norm, the fact that starts it, the time, and its words."""
    question = group.question
    first, of_row = distinct_situations(group.columns)
    found: list[Duties] = []
    for row in first.tolist():
        try:
            situation = situation_of(question, facts_of(question, group.columns, row))
            answer = answer_situation(situation, [action]).answers[0]
        except BrightlineError as error:
            if error.code not in ("contradiction", "too-early"):
                raise
            found.append(())
            continue
        norms = question.law.stack(question.profile, question.on).by_id
        found.append(
            tuple(
                (d.action, d.norm, norms[d.norm].starts, time_allowed(situation, norms[d.norm])[0], d.within)
                for d in answer.duties
            )
        )
    return found, of_row


def _when(rows: MappedRows, group: Group, duty: tuple[str, str, str, Within | None, str], here: Any) -> Any:
    """When a duty is due in some rows; NEVER where its start is not known or no time is set."""
    _, norm, starts, within, _ = duty
    found = np.full(len(here), NEVER)
    if within is None or starts not in rows.moments:
        return found
    law, profile = group.question.law, group.question.profile
    zone = law.vocabulary.time_zone(profile)
    moments = rows.moments[starts].at(here)
    is_day = law.vocabulary.facts[starts].kind == "date"
    micros, known, own = (moments.micros, moments.known, zone) if is_day else in_utc(moments, zone)
    if is_day and not zone:
        return found
    if not known.any():
        return found
    if within.unit in CLOCKS and not within.excludes and not is_day:
        found[known] = micros[known] + within.amount * (CLOCKS[within.unit] // timedelta(microseconds=1))
        return found
    calendar = (
        law.calendar(within.calendar, norm.partition("#")[0].rpartition("/")[0]) if needs_calendar(within) else None
    )
    offsets = np.zeros_like(micros) if own or moments.offset_s is None else moments.offset_s
    distinct, of_row = np.unique(np.stack((micros, offsets))[:, known], axis=1, return_inverse=True)
    local = ZoneInfo(own) if own else None
    table = [
        (due(_start(at, offset, is_day), within, calendar, local).due_at - _EPOCH) // timedelta(microseconds=1)
        for at, offset in distinct.T.tolist()
    ]
    found[known] = np.array(table, dtype=np.int64)[of_row.reshape(-1)]
    return found


def _start(micros: int, offset_s: int, is_day: bool) -> date:
    moment = _EPOCH + timedelta(microseconds=micros)
    return moment.date() if is_day else moment.astimezone(timezone(timedelta(seconds=offset_s)))


def _joined(words: Any, duty: tuple[str, str, str, Within | None, str], when: Any) -> Any:
    """The duties so far and one more, with its time where it has one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    action, norm, _, _, within = duty
    none = when == NEVER
    at = pc.strftime(
        pa.array(np.where(none, 0, when), pa.timestamp("us")).cast(pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%SZ"
    )
    open_words = f"{action}" + (f" within {within}" if within else "") + f" ({norm})"
    timed = pc.binary_join_element_wise(f"{action} by ", at, f" ({norm})", "")
    text = pc.if_else(pa.array(none), open_words, timed)
    before = pa.array(words, pa.string())
    return pc.coalesce(pc.binary_join_element_wise(before, text, "; "), text).to_numpy(zero_copy_only=False)
