"""From inputs to outputs: blocks are read, judged and written in order, and outputs appear whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Setting
from brightline.guard.files.output import PRIVATE, whole
from brightline.guard.files.sinks import sink_of
from brightline.guard.files.sources import Source
from brightline.guard.files.summary import Summary
from brightline.guard.files.workers import judged
from brightline.law.errors import BrightlineError, shown

__all__ = ["Job", "run"]

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Job:
    """What is to be read and written. `out` is a file or, for several inputs that are redacted, a new folder."""

    sources: Sequence[Source]
    setting: Setting
    out: Path | None = None
    out_table: str = ""
    aside: Path | None = None
    workers: int = 1
    allows_skips: bool = False
    into_folder: bool = False


def run(job: Job, progress: Progress = lambda size: None) -> Summary:
    """Read, judge and write.

    Raises: BrightlineError `guard-skipped` if something was not read and that is not allowed; others as reading does.
    Nothing is written then.
    """
    summary = Summary(files=len(job.sources))
    results = judged(_all_blocks(job, summary), job.setting, job.workers)
    with ExitStack() as stack:
        aside = stack.enter_context(whole(job.aside, PRIVATE)) if job.aside else None
        write = stack.enter_context(
            _report(job) if job.setting.mode in ("scan", "review") else _rewritten(job, summary)
        )
        for number, done in results:
            progress(done.size)
            _refuse(done, job, summary)
            summary.add(done)
            write(number, done)
            if aside and done.aside:
                aside.writelines(done.aside)
        if not job.allows_skips:
            summary.refuse_skips()
        write(len(job.sources), Done(""))
    return summary


def _all_blocks(job: Job, summary: Summary) -> Iterator[tuple[int, Block]]:
    for number, source in enumerate(job.sources):
        try:
            for block in source.blocks():
                yield number, block
        except BrightlineError as error:
            yield number, Block("failed", source.label, error)


def _refuse(done: Done, job: Job, summary: Summary) -> None:
    """Raises: the error of a source that cannot be read, unless it is one of several: then it is left out."""
    if done.error is None:
        return
    if len(job.sources) == 1 or done.error.code in ("missing-extra", "guard-column"):
        raise done.error
    done.skip("", done.error.message)


@contextmanager
def _report(job: Job) -> Iterator[Callable[[int, Done], None]]:
    """One file of lines for all inputs."""
    if job.out is None:
        yield lambda number, done: None
        return
    with whole(job.out) as stream:
        yield lambda number, done: stream.writelines(done.review if job.setting.mode == "review" else done.lines)


@contextmanager
def _rewritten(job: Job, summary: Summary) -> Iterator[Callable[[int, Done], None]]:
    """One output for each input; a source that fails half way leaves none."""
    assert job.out is not None
    with _folder(job.out) if job.into_folder else _nothing(job.out) as folder:
        writer = _Outputs(job, folder, summary)
        try:
            yield writer.write
        except BaseException:
            writer.drop()
            raise


@contextmanager
def _nothing(out: Path) -> Iterator[Path]:
    yield out


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """A folder that appears when all that belongs in it is there."""
    if out.exists():
        raise BrightlineError("guard-out", f"{shown(out.name)} is there already", "name a new folder", "--out")
    unfinished = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name[:80]}.", suffix=".unfinished"))
    try:
        yield unfinished
        unfinished.chmod(0o755)
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


class _Failed(Exception):
    """Ends the output of one source without keeping it."""


class _Outputs:
    """The output that is being written, and those that are done."""

    def __init__(self, job: Job, folder: Path, summary: Summary) -> None:
        self.job, self.folder, self.summary = job, folder, summary
        self.number = -1
        self.sink: AbstractContextManager[Any] | None = None
        self.put: Callable[[Any], None] = lambda body: None
        self.is_failed = False

    def write(self, number: int, done: Done) -> None:
        """Add what came of a block; with another source, another output begins."""
        if number != self.number:
            self.finish()
            self.number, self.is_failed = number, False
        if number == len(self.job.sources) or self.is_failed:
            return
        if done.error is not None or done.body is None or self.job.sources[number].refused:
            self._leave_out(done)
            return
        if not done.body and not done.passages and self.sink is not None:
            return
        if self.sink is None:
            self._begin(number)
        if len(done.body) or hasattr(done.body, "schema"):
            self.put(done.body)

    def _leave_out(self, done: Done) -> None:
        self.drop()
        self.is_failed = True
        self.summary.withheld.append(done.file)

    def _begin(self, number: int) -> None:
        source = self.job.sources[number]
        out = self.folder
        if self.job.into_folder:
            out = out / _output_name(source.relative)
            out.parent.mkdir(parents=True, exist_ok=True)
        self.sink = sink_of(source, out, self.job.out_table)
        self.put = self.sink.__enter__()

    def finish(self) -> None:
        """Keep the output that was written."""
        sink, self.sink = self.sink, None
        if sink is not None:
            sink.__exit__(None, None, None)

    def drop(self) -> None:
        """Leave nothing of the output that was being written."""
        sink, self.sink = self.sink, None
        if sink is not None:
            try:
                sink.__exit__(_Failed, _Failed(), None)
            except _Failed:
                return


def _output_name(relative: Path) -> Path:
    """A PDF becomes text; every other file keeps its name."""
    return relative.with_name(f"{relative.name}.txt") if relative.suffix.lower() == ".pdf" else relative
