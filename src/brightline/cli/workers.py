"""Work on many files by several processes, which end when the command ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from brightline.law.errors import BrightlineError

__all__ = ["worked_out"]

_Task = TypeVar("_Task")
_Found = TypeVar("_Found")


def worked_out(work: Callable[[_Task], _Found], tasks: Sequence[_Task], jobs: int) -> Iterator[_Found]:
    """What each task gives, in the order of the tasks.

    Raises: BrightlineError as `work` does, or `worker` if a process ended before its work was done.
    """
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield from pool.map(work, tasks)
    except BrokenProcessPool:
        raise BrightlineError(
            "worker", "a process ended before its work was done", "memory may be short: try again with `--jobs 1`"
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _end_with_parent() -> None:
    """End this process as soon as the command has ended, in whatever way.

    A process of a pool waits for work on a pipe that it can write to itself, so it would wait for ever, and with it
    whoever reads what the command prints.
    """
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
