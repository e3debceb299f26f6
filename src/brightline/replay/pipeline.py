"""The stream: batches are read, mapped, answered, counted and written, in order, with bounded memory."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Any

from brightline.law.errors import BrightlineError
from brightline.replay.answers.asking import Answered, Asker, Group
from brightline.replay.answers.details import defeated_columns, due_columns
from brightline.replay.answers.openquestions import open_questions
from brightline.replay.answers.outcome import ROW, changed_table, check_names, outcome_table, row_numbers
from brightline.replay.answers.tally import Tally, changes_in, tally_of
from brightline.replay.files.keys import check_key_types, count_duplicates
from brightline.replay.files.sinks import Encoded, Sink, encoder_of
from brightline.replay.files.sources import Source, identity_of
from brightline.replay.files.stream import Unit, check_sources, units_of
from brightline.replay.job import Job, Report
from brightline.replay.maps.cells import Cells
from brightline.replay.maps.factmap import ConstantRule
from brightline.replay.maps.findings import Findings, refuse_bad
from brightline.replay.maps.leaveout import columns_of_left_out
from brightline.replay.maps.mapcheck import check_kept, columns_of
from brightline.replay.maps.mappedrows import MappedRows, map_rows
from brightline.replay.packable import Packable, check_packable, packable_facts, packer_of
from brightline.replay.packed.packer import Packer

__all__ = ["modalities_of", "run"]

_AHEAD = 3
# A unit, what was counted of it, its bytes, and its facts where they are packed.
Done = tuple[Unit, dict[str, Any], Encoded | None, Packable | None]
Progress = Callable[[int, float], None]


def run(job: Job, progress: Progress | None = None) -> Report:
    """Answer every row of a job. Rows read are rows answered, rows rejected and rows left out.

    Raises: BrightlineError, and leaves no output then. What was written so far is kept for `resume` unless the input
    cannot be used.
    """
    return _Run(job, progress or (lambda rows, share: None)).whole()


class _Run:
    def __init__(self, job: Job, progress: Progress) -> None:
        self.job, self.progress, self.report = job, progress, Report()
        self.names, self.words = _columns(job)
        check_kept(job.mapped, job.keys, "--keys")
        check_names(job.kept, job.asked.actions)
        check_sources(job.sources, job.mapped, self.names, self.words)
        check_key_types(job.sources, job.mapped, job.kept if job.out else job.keys)
        self.lock = Lock()
        both = [asked for asked in (job.asked, job.versus) if asked]
        self.askers = [
            Asker(asked, job.mapped, job.executor, self.lock, is_each_day_apart=job.has_due) for asked in both
        ]
        self.encode = encoder_of(job.out) if job.out else None
        self.is_refused = Event()
        self.packer: Packer | None = None

    def whole(self) -> Report:
        if self.job.pack is None:
            return self._whole()
        check_packable(self.job)
        with packer_of(self.job, self.job.pack) as self.packer:
            return self._whole()

    def _whole(self) -> Report:
        sink = self._sink()
        try:
            self._stream(sink)
            if self.job.is_bad_an_error:
                refuse_bad(self.report.findings, self.job.mapped.where)
            if not self.report.tally.rows:
                raise BrightlineError(
                    "replay-empty", "the input holds no rows", "check that it is the right file", "IN"
                )
        except BrightlineError as error:
            if sink:
                sink.close() if error.code == "unreadable" and self.job.resume else sink.discard()
            raise
        except BaseException:
            if sink:
                sink.close()
            raise
        if sink:
            self._finish(sink)
        return self.report

    def _sink(self) -> Sink | None:
        job = self.job
        if job.out is None:
            return None
        if job.resume and not all(source.can_resume for source in job.sources):
            raise BrightlineError(
                "replay-resume",
                "the rows of a PostgreSQL table have no order to go on from",
                "run without --resume",
                "--resume",
            )
        identity = {"input": identity_of(job.sources), "map or option": job.settings}
        sink = Sink(job.out, identity, resume=job.resume)
        for state in sink.state:
            self.report.add(state)
        return sink

    def _finish(self, sink: Sink) -> None:
        try:
            sink.finish(self._check_keys)
        except BrightlineError:
            sink.discard()
            raise

    def _check_keys(self, path: Path) -> None:
        job = self.job
        if job.keys and not job.versus and job.out:
            self.report.duplicates = count_duplicates(
                path, job.out.name, job.keys, self.report.tally.rows, job.unique_keys
            )

    def _units(self) -> Iterator[Unit]:
        return units_of(self.job.sources, self.job.mapped, self.names, self.words, self.job.unit_rows)

    def _stream(self, sink: Sink | None) -> None:
        done = len(sink.state) if sink else 0
        waiting: deque[Future[Done]] = deque()
        with ThreadPoolExecutor(self.job.workers) as workers:
            try:
                for unit in self._units():
                    if unit.number >= done:
                        waiting.append(workers.submit(self._work, unit))
                    while len(waiting) >= _AHEAD:
                        self._take(waiting.popleft(), sink)
                while waiting:
                    self._take(waiting.popleft(), sink)
            finally:
                for left in waiting:
                    left.cancel()

    def _take(self, future: Future[Done], sink: Sink | None) -> None:
        unit, state, encoded, facts = future.result()
        self.report.add(state)
        if self.packer and facts is not None:
            self.packer.append(*facts)
        if sink and encoded is not None:
            sink.append(encoded, state)
        self.progress(unit.rows, _share(self.job.sources))

    def _work(self, unit: Unit) -> Done:
        """A unit mapped, answered, counted and encoded."""
        job = self.job
        cells = Cells(unit.rows, unit.arrays, job.mapped)
        vocabulary = job.asked.law.vocabulary
        asks = [asker.asked for asker in self.askers]
        rows = map_rows(
            job.mapped, vocabulary, cells,
            asks_day=any(a.on is None for a in asks), asks_profile=any(not a.profile for a in asks),
        )  # fmt: skip
        if job.is_bad_an_error and rows.findings.bad:
            self.is_refused.set()
        if self.is_refused.is_set():
            # Nothing will be written: the rest is read only to count all that does not fit.
            return unit, _state(Tally(rows.rows, rows.requests()), rows.findings, Counter()), None, None
        return self._answered(unit, rows)

    def _answered(self, unit: Unit, rows: MappedRows) -> Done:
        job = self.job
        answers, groups = self.askers[0].answer(rows)
        tally = tally_of(rows, answers)
        with self.lock:
            asked_for = open_questions(unit.number, [(g, modalities_of(g, answers)) for g in groups], rows.weights)
        keys = _kept(job, unit)
        if job.versus:
            others, _ = self.askers[1].answer(rows)
            table, changed = changed_table(keys, unit.first, answers, others)
            tally.changes, tally.changed = changes_in(answers, others, rows.weights), rows.requests(changed)
        elif self.encode:
            more = self._details(rows, answers, groups)
            table = outcome_table(keys, unit.first, rows.rejected, answers, more, rows.reasons)
        encoded = self.encode(table, unit.number == 0) if self.encode else None
        facts = packable_facts(job, self.askers[0], rows) if self.packer else None
        return unit, _state(tally, rows.findings, asked_for), encoded, facts

    def _details(self, rows: MappedRows, answers: Sequence[Answered], groups: Sequence[Group]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with self.lock:
            if self.job.has_why:
                found.update(defeated_columns(rows.rows, groups))
            if self.job.has_due:
                found.update(due_columns(rows, groups))
        return found


def _kept(job: Job, unit: Unit) -> dict[str, Any]:
    """The columns of a unit that the output keeps."""
    kept = {name: unit.arrays[name] for name in job.kept if name in unit.arrays}
    return kept if job.keys or not kept else {ROW: row_numbers(unit.first, unit.rows), **kept}


def modalities_of(group: Group, answers: Sequence[Answered]) -> list[Any]:
    """The modalities of a group's rows, action by action."""
    every = slice(None) if group.rows is None else group.rows
    return [each.modality[every] for each in answers]


def _state(tally: Tally, findings: Findings, waiting: Counter[tuple[str, str]]) -> dict[str, Any]:
    return {
        "tally": tally.plain(),
        "findings": findings.plain(),
        "waiting": [[action, fact, number] for (action, fact), number in sorted(waiting.items())],
    }


def _share(sources: Sequence[Source]) -> float:
    """How much of all inputs was read, 0 to 1, by their bytes."""
    size = sum(source.size for source in sources) or 1
    return float(sum(source.size * source.place() for source in sources) / size)


def _columns(job: Job) -> tuple[list[str], list[str]]:
    """The columns to read, and those of them that are mapped and not merely kept."""
    mapped = job.mapped
    rules = [rule for rule in mapped.facts.values() if not isinstance(rule, ConstantRule)]
    words = [column for rule in rules for column in columns_of(rule)]
    words += [name for name in (mapped.date, mapped.facility, mapped.weight, *columns_of_left_out(mapped)) if name]
    asks = [asked for asked in (job.asked, job.versus) if asked]
    if any(not asked.profile for asked in asks):
        words.append(mapped.profile_column)
    words = list(dict.fromkeys(words))
    return list(dict.fromkeys([*job.keys, *words])), words
