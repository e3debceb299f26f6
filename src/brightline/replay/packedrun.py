"""A packed population answered again: part by part, so that memory stays bounded, and written like any other replay.

Where one law is asked of all rows the planes answer as they are. Where each row is asked about under the law of its own
profile or day, the facts of a part are unpacked and answered group by group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from brightline.law.errors import BrightlineError, shown
from brightline.replay.answers.asking import Answered, Asked, Asker, Group
from brightline.replay.answers.openquestions import LOOKED_AT, open_questions
from brightline.replay.answers.outcome import ROW, changed_table, outcome_table, row_numbers
from brightline.replay.answers.tally import changes_in, tally_of
from brightline.replay.engine.columns import MODALITIES, Columns, Question, Result
from brightline.replay.engine.compiler import PARTS, Plan, planned
from brightline.replay.files.sinks import Sink, encoder_of
from brightline.replay.job import Job, Report
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.findings import refuse_bad
from brightline.replay.maps.mappedrows import MappedRows
from brightline.replay.packed.owncolumns import DAY, OF_THE_PROFILE, PROFILE
from brightline.replay.packed.packedfile import Segment
from brightline.replay.packed.packedrows import mapped_rows
from brightline.replay.packed.population import Packed
from brightline.replay.packed.unpacking import columns_of
from brightline.replay.pipeline import Progress, modalities_of

__all__ = ["is_packed", "packed_map", "run_packed"]

_HEAD = b"Brightline packed population"
_OPEN = MODALITIES.index("open")
Answers = tuple[Answered, ...]


def is_packed(path: Path) -> bool:
    """Whether a file is a packed population, by how it begins."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def packed_map(path: Path, mapped: FactMap) -> FactMap:
    """A map as a packed population is asked with it: the rows' own profile and day, where the file holds them.

    Raises: BrightlineError `unreadable`, `packed-file`.
    """
    return _asked_with(Packed(path), mapped)


def _asked_with(packed: Packed, mapped: FactMap) -> FactMap:
    own = packed.directory.own
    whose = {"profile": "", "profile_column": packed.path.name} if PROFILE in own else {}
    return replace(
        mapped, columns={}, facts={}, keys=(), facility="", weight=packed.directory.notes.get("weight", ""),
        date=DAY if DAY in own else "", profile_recode=None, leave_out=(), **whose,
        fallback={n: v for n, v in mapped.fallback.items() if n not in packed.directory.facts},
    )  # fmt: skip


def run_packed(path: Path, job: Job, progress: Progress | None = None) -> Report:
    """Answer a packed population, as `packed_map` asks it. Raises: BrightlineError, and leaves no output then."""
    return _Run(path, job, progress or (lambda rows, share: None)).whole()


class _Run:
    def __init__(self, path: Path, job: Job, progress: Progress) -> None:
        self.packed, self.progress, self.report = Packed(path), progress, Report()
        self.job = job = replace(job, mapped=_asked_with(self.packed, job.mapped))
        self.sides = [asked for asked in (job.asked, job.versus) if asked]
        for asked in self.sides:
            _check_asked(asked, self.packed)
            self.packed.check_vocabulary(asked.law.vocabulary)
            _check_clock(asked, self.packed)
        self.asks_day = any(asked.on is None for asked in self.sides)
        self.asks_profile = any(not asked.profile for asked in self.sides)
        self.planes = None if self.asks_day or self.asks_profile else _Planes.of(self.packed, job, self.sides)
        self.askers = [Asker(asked, job.mapped, job.executor) for asked in self.sides]
        self.encode = encoder_of(job.out) if job.out else None

    def whole(self) -> Report:
        fingerprint = self.packed.directory.fingerprint
        sink = Sink(self.job.out, {"input": fingerprint}, resume=False) if self.job.out else None
        try:
            first = 0
            for number, segment in enumerate(self.packed.directory.segments):
                self._answer(number, first, segment, sink)
                first += segment.rows
            if self.job.is_bad_an_error:
                refuse_bad(self.report.findings, self.packed.path.name)
            if not self.report.tally.rows:
                raise BrightlineError(
                    "replay-empty", "the input holds no rows", "check that it is the right file", "IN"
                )
            if sink:
                sink.finish()
        except BaseException:
            if sink:
                sink.discard()
            raise
        return self.report

    def _answer(self, number: int, first: int, segment: Segment, sink: Sink | None) -> None:
        rows = mapped_rows(
            self.packed, segment, self.job.asked.law, asks_day=self.asks_day, asks_profile=self.asks_profile
        )
        answers, groups = self._told(number, rows, segment)
        told = [(group, modalities_of(group, answers[0])) for group in groups]
        self.report.waiting += open_questions(number, told, rows.weights)
        tally = tally_of(rows, answers[0])
        kept = _kept(self.job, first, rows)
        if len(answers) == 2:
            table, changed = changed_table(kept, first, answers[0], answers[1])
            tally.changes, tally.changed = changes_in(answers[0], answers[1], rows.weights), rows.requests(changed)
        elif sink:
            table = outcome_table(kept, first, rows.rejected, answers[0], {})
        self.report.tally.add(tally)
        self.report.findings.add(rows.findings)
        if sink and self.encode:
            sink.append(self.encode(table, first == 0), {})
        self.progress(rows.rows, 0.0)

    def _told(self, number: int, rows: MappedRows, segment: Segment) -> tuple[list[Answers], list[Group]]:
        """The answers of each side, and the groups that the first fell into."""
        if self.planes and not rows.rejected.any():
            answers = self.planes.answer(segment)
            return answers, self.planes.groups(number, segment, answers[0])
        unpacked = replace(rows, columns=columns_of(self.packed, segment))
        told = [asker.answer(unpacked) for asker in self.askers]
        return [each for each, _ in told], told[0][1]


class _Part(Packed):
    """Some segments of a population, asked with the plan that was made for all of them."""

    made: Plan

    def __init__(self, whole: Packed, segment: Segment, plan: Plan) -> None:
        self.__dict__.update(whole.__dict__, made=plan)
        self.directory = replace(whole.directory, rows=segment.rows, segments=(segment,))

    def plan(self, questions: Sequence[Question], parts: frozenset[str] = PARTS) -> Plan:
        return self.made


class _Planes:
    """One law asked of all rows, or two, in one pass over the planes."""

    def __init__(
        self, packed: Packed, job: Job, questions: Sequence[Question], constants: Mapping[str, object]
    ) -> None:
        self.packed, self.executor, self.questions, self.constants = packed, job.executor, questions, constants
        self.plan = planned(questions, packed.shape, constants)

    @classmethod
    def of(cls, packed: Packed, job: Job, sides: Sequence[Asked]) -> _Planes | None:
        """None where the two laws do not stand for the same facts, so that they are not asked together."""
        questions = list(map(_question, sides))
        first, *others = [_constants(job.mapped, question) for question in questions]
        return cls(packed, job, questions, first) if all(one == first for one in others) else None

    def answer(self, segment: Segment) -> list[Answers]:
        """The answers to a segment, for each law."""
        told = _Part(self.packed, segment, self.plan).answer_all(self.questions, self.executor)
        return [tuple(map(_alone, one)) for one in told]

    def groups(self, number: int, segment: Segment, answers: Answers) -> list[Group]:
        """The rows as one group, with their facts where some of them are looked at."""
        is_open = any((each.modality == _OPEN).any() for each in answers)
        columns = columns_of(self.packed, segment) if is_open and number < LOOKED_AT else ()
        facts = {column.fact: column for column in columns}
        return [Group(None, self.questions[0], Columns(segment.rows, facts, self.constants))]


def _check_asked(asked: Asked, packed: Packed) -> None:
    own = packed.directory.own
    lacks = [word for word, is_asked, name in (("profile", not asked.profile, PROFILE), ("day", asked.on is None, DAY)) if is_asked and name not in own]  # fmt: skip
    if lacks:
        raise BrightlineError(
            "replay-asked",
            f"{shown(packed.path.name)} holds no {' and no '.join(lacks)} of its rows",
            "name "
            + " and ".join({"profile": "whose law with --profile", "day": "a date with --on"}[w] for w in lacks),
            "--profile" if "profile" in lacks else "--on",
        )


def _check_clock(asked: Asked, packed: Packed) -> None:
    """Refuse hours that were counted otherwise than they would be for the profile that is asked about now."""
    facts = asked.law.vocabulary.facts
    rules = [rule for name in packed.directory.facts if (rule := facts[name].derived)]
    before = packed.directory.profiles if rules and asked.profile else ()
    for profile in (name for name in before if name in asked.law.vocabulary.profiles):
        clocks = {asked.law.vocabulary.time_zone(name) for name in (profile, asked.profile)}
        is_other = len(clocks) > 1 and packed.directory.notes.get("clock") == OF_THE_PROFILE
        calendars = ([asked.law.calendar(r.calendar, name) for name in (profile, asked.profile)] for r in rules if r.excludes)  # fmt: skip
        if is_other or any(one != other for one, other in calendars):
            raise BrightlineError(
                "packed-clock",
                f"{shown(packed.path.name)} holds hours counted for `{profile}`, whose clock or holidays are not those of `{asked.profile}`",
                "replay the columns, or give the times a `zone` in the map and pack them again",
                "--profile",
            )


def _question(asked: Asked) -> Question:
    assert asked.on is not None
    return Question(asked.law, asked.profile, asked.on, asked.actions, asked.readings, asked.strict)


def _constants(mapped: FactMap, question: Question) -> Mapping[str, object]:
    """The map's facts for want of a standing one."""
    standing = question.law.vocabulary.standing_facts(question.profile, question.on)
    return {n: v for n, v in mapped.fallback.items() if n not in standing}


def _kept(job: Job, first: int, rows: MappedRows) -> Mapping[str, Any]:
    """What the output keeps of rows that weigh something; without that, rows are numbered as always."""
    import pyarrow as pa

    if rows.weights is None:
        return {}
    return {ROW: row_numbers(first, rows.rows), job.mapped.weight: pa.array(rows.weights)}


def _alone(result: Result) -> Answered:
    return Answered(result.action, result.modality, result.marks, result.norm.astype(np.int32), result.norms)
