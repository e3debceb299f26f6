"""Blocks judged by several processes, in order, with few of them in memory at a time."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Any

from brightline.guard.files import csvfile, documents, jsonlines, mail, parquetfile, tables, textfile
from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge, Setting
from brightline.law.errors import BrightlineError

__all__ = ["judged", "judged_block"]

_WORK = {
    textfile.KIND: textfile.work, jsonlines.KIND: jsonlines.work, csvfile.KIND: csvfile.work,
    parquetfile.KIND: parquetfile.work, tables.KIND: tables.work, mail.KIND: mail.work, documents.KIND: documents.work,
}  # fmt: skip
_AHEAD = 3
_judge: Judge | None = None
# Why a process cannot work: told when it is first asked to, so that it is told like every other fault.
_fault: BrightlineError | None = None


def judged(blocks: Iterable[tuple[int, Block]], setting: Setting, workers: int) -> Iterator[tuple[int, Done]]:
    """What came of each block, in the order of the blocks, each with the number of its source.

    Raises: BrightlineError as reading does, or `worker` if a process ended before its work was done.
    """
    if workers <= 1:
        judge = Judge(setting)
        yield from ((number, judged_block(block, judge)) for number, block in blocks)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (setting,))
    try:
        yield from _in_order(pool, blocks, workers * _AHEAD)
    except BrokenProcessPool:
        raise BrightlineError(
            "worker", "a process ended before its work was done", "memory may be short: try with `--workers 1`"
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, blocks: Iterable[tuple[int, Block]], ahead: int) -> Iterator[tuple[int, Done]]:
    waiting: deque[tuple[int, Future[Done]]] = deque()
    for number, block in blocks:
        waiting.append((number, pool.submit(_work, block)))
        if len(waiting) >= ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    for number, future in waiting:
        yield number, future.result()


def _begin(setting: Setting) -> None:
    """Make a process ready: it leaves Ctrl-C to the command, and ends when the command has ended in whatever way."""
    global _judge, _fault
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, daemon=True).start()
    try:
        _judge = Judge(setting)
    except BrightlineError as error:
        _fault = error


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(block: Block) -> Done:
    if _fault is not None:
        raise _fault
    assert _judge is not None
    return judged_block(block, _judge)


def judged_block(block: Block, judge: Judge) -> Done:
    """What came of a block. Whatever goes wrong is told without words of the text."""
    if block.kind == "failed":
        return Done(block.file, error=block.payload)
    if block.kind in ("skip", "note"):
        done: Any = Done(block.file, block.size)
        if block.kind == "note":
            done.notes[block.payload] += block.more
        else:
            done.skip(f"line {block.first}" if block.first else "", block.payload)
        return done
    try:
        worked: Done = _WORK[block.kind](block, judge)
        return worked
    except BrightlineError as error:
        return Done(block.file, block.size, error=error)
    except Exception:
        where = f" at {block.first}" if block.first else ""
        return Done(block.file, block.size, error=BrightlineError(
            "guard-unreadable", f"the file is broken, or of a form that is not known{where}",
            "open it in its own program and save it again", block.file,
        ))  # fmt: skip
