"""A population packed once: the planes of every recordable fact, kept in a file and asked again without its columns.

Codes of enums, digits of numbers (so that any cut can be asked for later), what is known, and planes for the cuts known
when it was packed. The law is no part of it: any day, profile, reading or bill is asked of the same planes.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, shown
from brightline.law.vocabulary import Vocabulary
from brightline.replay.engine.columns import Question, Result
from brightline.replay.engine.compiled import chosen_executor, empty_results
from brightline.replay.engine.compiler import PARTS, Plan, planned, planned_counts
from brightline.replay.engine.packing import Words, true_rows
from brightline.replay.engine.planes import BELOW, BIT, KNOWN, Plane, Shape
from brightline.replay.engine.program import Program
from brightline.replay.packed.owncolumns import OWN
from brightline.replay.packed.packedfile import BLOCK_ROWS, SEGMENT, Segment, check_planes, read_directory

__all__ = ["Counts", "Packed"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows have each answer on an action (as in MODALITIES), and each mark (as in MARKS)."""

    action: str
    modality: tuple[int, ...]
    marks: tuple[int, ...]


class Packed:
    """A packed population, its planes where the file holds them. Raises: BrightlineError `unreadable`, `packed-file`."""

    def __init__(self, path: Path) -> None:
        self.path, self.directory = path, read_directory(path)
        with path.open("rb") as stream:
            self.memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._whole: set[int] = set()
        self._numbers = {plane: number for number, plane in enumerate(self.directory.planes)}
        # A plane that is the same in every row of a segment.
        self._same = np.zeros(BLOCK_ROWS // 64, np.uint64), np.full(BLOCK_ROWS // 64, ~np.uint64(0))

    def __repr__(self) -> str:
        return f"Packed({self.path.name}, {self.directory.rows} rows, {len(self.directory.facts)} facts)"

    @property
    def rows(self) -> int:
        """The number of requests."""
        return self.directory.rows

    @cached_property
    def shape(self) -> Shape:
        """What the rows have: the same for all segments."""
        planes, digits = [p for p in self.directory.planes if p.fact not in OWN], dict[str, int]()
        for plane in planes:
            if plane.kind == BIT and self.directory.facts[plane.fact][0] == "int":
                digits[plane.fact] = max(digits.get(plane.fact, 0), plane.number + 1)
        fixed = self._fixed()
        whole = frozenset(plane.fact for plane, same in fixed if plane.kind == KNOWN and same)
        cuts = frozenset(plane for plane in planes if plane.kind == BELOW)
        return Shape(whole, frozenset(self.directory.facts) - whole, frozenset(digits.items()), cuts, frozenset(fixed))

    def _fixed(self) -> set[tuple[Plane, bool]]:
        """The planes that are the same in every row of every segment."""
        segments = self.directory.segments
        found = set()
        for number, plane in enumerate(self.directory.planes):
            if plane.fact in OWN:
                continue
            said = {None if number in s.stored else number in s.ones for s in segments}
            if len(said) == 1 and (same := said.pop()) is not None:
                found.add((plane, same))
        return found

    def answer(self, question: Question, executor: str = "auto") -> tuple[Result, ...]:
        """The answers to every row, one result for each action asked. Raises: as `answer_all`."""
        return self.answer_all([question], executor)[0]

    def answer_all(
        self,
        questions: Sequence[Question],
        executor: str = "auto",
        out: Sequence[Result] | None = None,
        parts: frozenset[str] = PARTS,
    ) -> list[tuple[Result, ...]]:
        """The answers to several questions in one pass: what they share is worked out once.

        `out` is room for the answers of all questions, such as those of an earlier pass that are no longer needed.
        `parts` are those of an answer that are wanted: `modality`, `marks`, `norm`; the others are 0.
        Raises: BrightlineError `packed-vocabulary`, `packed-file`, and as `planned` does.
        """
        plan = self.plan(questions, parts)
        results = empty_results(plan, self.rows, out)
        if self.rows:
            run = _run_numba if chosen_executor(executor, self.rows) == "numba" else _run_numpy
            run(self, plan, results)
        ends = accumulate((len(question.actions) for question in questions), initial=0)
        return [results[a:b] for a, b in pairwise(ends)]

    def count_all(self, questions: Sequence[Question], executor: str = "auto") -> list[tuple[Counts, ...]]:
        """The answers to several questions, only counted: no column of answers is made. Raises: as `answer_all`."""
        self._check_vocabularies(questions)
        plan = planned_counts(questions, self.shape)
        count = _count_numba if chosen_executor(executor, self.rows) == "numba" else _count_numpy
        nothing = [0] * len(plan.program.outputs)
        found = [sum(each) for each in zip(nothing, *count(self, plan), strict=True)]
        counts = [Counts(d.action, tuple(found[d.modality]), tuple(found[d.marks])) for d in plan.digits]
        ends = accumulate((len(question.actions) for question in questions), initial=0)
        return [tuple(counts[a:b]) for a, b in pairwise(ends)]

    def plan(self, questions: Sequence[Question], parts: frozenset[str] = PARTS) -> Plan:
        """The program that answers the questions from these planes."""
        self._check_vocabularies(questions)
        return planned(questions, self.shape, parts=parts)

    def _check_vocabularies(self, questions: Sequence[Question]) -> None:
        for question in questions:
            self.check_vocabulary(question.law.vocabulary)

    def check_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Refuse a vocabulary in which a packed fact means something else. Raises: BrightlineError `packed-vocabulary`."""
        for name, (kind, values) in self.directory.facts.items():
            fact = vocabulary.facts.get(name)
            if fact is None or fact.is_transient or (fact.kind, fact.values) != (kind, values):
                raise BrightlineError(
                    "packed-vocabulary",
                    f"{shown(self.path.name)} was packed with another vocabulary: `{name}` has changed",
                    "pack the population again from its columns",
                    "IN",
                )

    def inputs(self, segment: Segment, program: Program) -> list[Words]:
        """The planes of a segment that a program needs, as one row of words each. Raises: BrightlineError `packed-file`."""
        planes, place = self._planes(segment), {number: i for i, number in enumerate(segment.stored)}
        blocks = segment.shape[0]
        found = []
        for number in (self._numbers[plane] for plane in program.inputs):
            if number in place:
                found.append(np.ascontiguousarray(planes[:, place[number]]).reshape(-1))
            else:
                found.append(np.tile(self._same[number in segment.ones], blocks))
        return found

    def addresses(self, segment: Segment, program: Program) -> list[tuple[int, int]]:
        """Where those planes lie in memory, and how many bytes it is from a block of each to the next; 0 if all are one.

        Raises: BrightlineError `packed-file`.
        """
        at = self._planes(segment).ctypes.data
        place = {number: i for i, number in enumerate(segment.stored)}
        _, stored, words = segment.shape
        same = [words.ctypes.data for words in self._same]
        return [
            (at + 8 * words * place[number], 8 * words * stored)
            if number in place
            else (same[number in segment.ones], 0)
            for number in (self._numbers[plane] for plane in program.inputs)
        ]

    def bits(self, segment: Segment, plane: Plane) -> npt.NDArray[np.uint8] | bool:
        """A plane of a segment as one 0 or 1 for each row; True or False where it is the same in all of them.

        Raises: BrightlineError `packed-file`.
        """
        number = self._numbers.get(plane)
        if number is None or number not in segment.stored:
            return number in segment.ones
        words = np.ascontiguousarray(self._planes(segment)[:, segment.stored.index(number)])
        return np.unpackbits(words.view(np.uint8).reshape(-1), bitorder="little")[: segment.rows]

    def _planes(self, segment: Segment) -> Words:
        """The stored planes of a segment, checked when they are first asked for."""
        found = np.frombuffer(self.memory, dtype=np.uint64, count=prod(segment.shape), offset=segment.start)
        found = found.reshape(segment.shape)
        if segment.start not in self._whole:
            check_planes(self.path, segment, found)
            self._whole.add(segment.start)
        return found


def _run_numpy(packed: Packed, plan: Plan, results: Sequence[Result]) -> None:
    from brightline.replay.engine.numpyexecutor import Bench, unpack

    bench, start = Bench(plan.program, SEGMENT // 64), 0
    for segment in packed.directory.segments:
        inputs = packed.inputs(segment, plan.program)
        rows = slice(start, start + segment.rows)
        unpack(plan, bench.output_planes(inputs, segment.shape[0] * segment.shape[2]), results, rows, bench.spare)
        start = rows.stop


def _count_numpy(packed: Packed, plan: Plan) -> Iterator[list[int]]:
    from brightline.replay.engine.numpyexecutor import Bench

    bench = Bench(plan.program, SEGMENT // 64)
    for segment in packed.directory.segments:
        inputs = packed.inputs(segment, plan.program)
        outputs = bench.output_planes(inputs, segment.shape[0] * segment.shape[2])
        rows = segment.rows
        yield [int(p) * rows if isinstance(p, bool) else true_rows(p, rows) for p in outputs]


def _count_numba(packed: Packed, plan: Plan) -> Iterator[list[int]]:
    from brightline.replay.engine.numbaexecutor import Machine

    machine = Machine(plan)
    for segment in packed.directory.segments:
        yield machine.count_planes(packed.addresses(segment, plan.program), segment.rows)


def _run_numba(packed: Packed, plan: Plan, results: Sequence[Result]) -> None:
    from brightline.replay.engine.numbaexecutor import Machine

    machine, start = Machine(plan), 0
    for segment in packed.directory.segments:
        machine.answer_planes(packed.addresses(segment, plan.program), results, slice(start, start + segment.rows))
        start += segment.rows
