"""A packed population answered again: part by part, so that memory stays bounded, and written like any other replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from brightline.law.errors import BrightlineError
from brightline.replay.answers.asking import Answered, Asked
from brightline.replay.answers.outcome import changed_table, outcome_table
from brightline.replay.answers.tally import changes_in, tally_of
from brightline.replay.engine.columns import Question, Result
from brightline.replay.engine.compiler import PARTS, Plan, planned
from brightline.replay.files.sinks import Sink, encoder_of
from brightline.replay.job import Job, Report
from brightline.replay.maps.mappedrows import MappedRows
from brightline.replay.packed.packedfile import Segment
from brightline.replay.packed.population import Packed
from brightline.replay.pipeline import Progress

__all__ = ["is_packed", "run_packed"]

_HEAD = b"Brightline packed population"


def is_packed(path: Path) -> bool:
    """Whether a file is a packed population, by how it begins."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


class _Part(Packed):
    """Some segments of a population, asked with the plan that was made for all of them."""

    made: Plan

    def __init__(self, whole: Packed, segment: Segment, plan: Plan) -> None:
        self.__dict__.update(whole.__dict__, made=plan)
        self.directory = replace(whole.directory, rows=segment.rows, segments=(segment,))

    def plan(self, questions: Sequence[Question], parts: frozenset[str] = PARTS) -> Plan:
        return self.made


def run_packed(path: Path, job: Job, progress: Progress | None = None) -> Report:
    """Answer a packed population. Raises: BrightlineError, and leaves no output then."""
    packed, report = Packed(path), Report()
    sides = [asked for asked in (job.asked, job.versus) if asked]
    questions = [_question(asked) for asked in sides]
    constants = _constants(packed, job, questions)
    encode = encoder_of(job.out) if job.out else None
    sink = Sink(job.out, {"input": packed.directory.fingerprint}, resume=False) if job.out else None
    try:
        for first, told in _answers(packed, questions, constants):
            rows = len(told[0][0].modality)
            answers = [tuple(map(_alone, one)) for one in told]
            nothing = MappedRows(rows, (), {}, None, None, None, np.zeros(rows, np.uint8))
            tally = tally_of(nothing, answers[0])
            if len(answers) == 2:
                table, changed = changed_table({}, first, answers[0], answers[1])
                tally.changes, tally.changed_rows = changes_in(answers[0], answers[1]), int(changed.sum())
            elif sink:
                table = outcome_table({}, first, nothing.rejected, answers[0], {})
            report.tally.add(tally)
            if sink and encode:
                sink.append(encode(table, first == 0), {})
            if progress:
                progress(rows, 0.0)
        if not report.tally.rows:
            raise BrightlineError("replay-empty", "the input holds no rows", "check that it is the right file", "IN")
        if sink:
            sink.finish()
    except BaseException:
        if sink:
            sink.discard()
        raise
    return report


def _question(asked: Asked) -> Question:
    if not asked.profile or asked.on is None:
        raise BrightlineError(
            "replay-asked",
            "a packed population holds no profile and no day of its rows",
            "name both with --profile and --on",
            "--profile",
        )
    return Question(asked.law, asked.profile, asked.on, asked.actions, asked.readings, asked.strict)


def _constants(packed: Packed, job: Job, questions: Sequence[Question]) -> Mapping[str, object]:
    """The map's facts for want of a standing one; two laws of which only one has such a fact are not asked together."""
    every = []
    for question in questions:
        standing = question.law.vocabulary.standing_facts(question.profile, question.on)
        every.append(
            {n: v for n, v in job.mapped.fallback.items() if n not in standing and n not in packed.directory.facts}
        )
    if any(one != every[0] for one in every):
        raise BrightlineError(
            "replay-asked",
            "the two profiles do not stand for the same facts",
            "replay the columns, or leave `fallback` out of the map",
            "--versus",
        )
    return every[0]


def _answers(
    packed: Packed, questions: Sequence[Question], constants: Mapping[str, object]
) -> Iterator[tuple[int, list[tuple[Result, ...]]]]:
    """The answers to each segment, with the number of rows before it."""
    packed._check_vocabularies(questions)
    plan, first = planned(questions, packed.shape, constants), 0
    for segment in packed.directory.segments:
        yield first, _Part(packed, segment, plan).answer_all(questions)
        first += segment.rows


def _alone(result: Result) -> Answered:
    return Answered(result.action, result.modality, result.marks, result.norm.astype(np.int32), result.norms)
