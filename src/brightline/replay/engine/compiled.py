"""Many requests answered at once: a question compiled for the rows it meets, and run over their planes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.situation import known_fact
from brightline.law.vocabulary import Fact
from brightline.replay.engine.columns import Column, Columns, Question, Result, norm_kind
from brightline.replay.engine.compiler import Digits, Plan, planned
from brightline.replay.engine.packing import check_values
from brightline.replay.engine.planes import Shape

__all__ = ["EXECUTORS", "Compiled", "chosen_executor", "empty_results", "room_of", "shape_of", "usable_columns"]

EXECUTORS = ("auto", "numpy", "numba")
_MANY = 200_000  # rows from which loading numba pays
_MOST_PLANS = 64


class Runner(Protocol):
    """Runs a plan over columns."""

    def __call__(self, plan: Plan, columns: Columns, facts: Mapping[str, Fact], results: Sequence[Result]) -> None: ...


class Compiled:
    """A question ready for many rows. Programs are made for the shapes of rows that come, once each.

    `executor` is `numpy`, `numba`, or `auto`: numba where it is installed and there are enough rows.
    Raises: BrightlineError `unknown-executor`, `missing-extra`.
    """

    def __init__(self, question: Question, executor: str = "auto") -> None:
        chosen_executor(executor, 0)
        self.question, self.executor = question, executor
        self._plans: dict[tuple[Shape, tuple[tuple[str, object], ...]], Plan] = {}

    def answer(self, columns: Columns, out: Sequence[Result] | None = None) -> tuple[Result, ...]:
        """The answers to every row, one result for each action asked, in the order asked.

        `out` is room for as many answers, such as those of a batch before that are no longer needed.

        Raises: BrightlineError `unknown-fact`, `unknown-value`, `replay-column-type`, and as `planned` does.
        """
        facts = self.question.law.vocabulary.facts
        columns = usable_columns(facts, columns)
        plan = self.plan(shape_of(columns), columns.constants)
        results = empty_results(plan, columns.rows, out)
        if columns.rows:
            _runner(chosen_executor(self.executor, columns.rows))(plan, columns, facts, results)
        return results

    def plan(self, shape: Shape, constants: Mapping[str, object]) -> Plan:
        """The program for rows of one shape that have these constants."""
        key = (shape, tuple(sorted((k, v) for k, v in constants.items() if v is not None)))
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.pop(next(iter(self._plans)), None)
            plan = self._plans[key] = planned([self.question], shape, constants)
        return plan


def chosen_executor(executor: str, rows: int) -> str:
    """`numpy` or `numba`: as asked, or what is faster for so many rows. Raises: as `Compiled` does."""
    if executor not in EXECUTORS:
        raise BrightlineError(
            "unknown-executor", f"unknown executor {shown(executor)}", near_misses(executor, EXECUTORS), "executor"
        )
    has_numba = find_spec("numba") is not None
    if executor == "numba" and not has_numba:
        raise BrightlineError(
            "missing-extra", "numba is not installed", "install it: pip install 'brightline[fast]'", "executor"
        )
    if executor == "auto":
        return "numba" if has_numba and rows >= _MANY else "numpy"
    return executor


def _runner(executor: str) -> Runner:
    if executor == "numba":
        from brightline.replay.engine.numbaexecutor import answer_columns
    else:
        from brightline.replay.engine.numpyexecutor import answer_columns
    return answer_columns


def usable_columns(facts: Mapping[str, Fact], columns: Columns) -> Columns:
    """The columns as the executors take them. Raises: BrightlineError `unknown-fact`, `replay-column-type`."""
    usable = {}
    for name, column in columns.facts.items():
        fact = known_fact(name, facts, facts)
        _check_column(fact, column, columns.rows)
        usable[name] = _laid_out(fact, column)
    return Columns(columns.rows, usable, columns.constants)


def _check_column(fact: Fact, column: Column, rows: int) -> None:
    if fact.kind in ("date", "datetime") or column.values.dtype.kind not in "biu":
        raise BrightlineError(
            "replay-column-type",
            f"the column of `{fact.name}` does not hold positions or numbers",
            "give the position of a value in its domain, or a whole number",
            "facts",
        )
    if len(column.values) != rows or (column.known is not None and len(column.known) != rows):
        raise BrightlineError(
            "replay-column-type", f"the column of `{fact.name}` has not one value for each row", "", "facts"
        )


def _laid_out(fact: Fact, column: Column) -> Column:
    """The column as the executors take it: values side by side, of a width they know."""
    values = column.values
    if values.dtype not in ((np.bool_, np.uint8, np.uint16) if fact.domain else (np.int32, np.int64)):
        check_values(column, fact, slice(None))
        values = values.astype(np.uint16 if fact.domain else np.int64)
    known = None if column.known is None else np.ascontiguousarray(column.known, dtype=np.bool_)
    return Column(fact.name, np.ascontiguousarray(values), known)


def shape_of(columns: Columns) -> Shape:
    """Which facts the rows have; a column in which nothing is known is as if it were not there."""
    whole, partial = set(), set()
    for name, column in columns.facts.items():
        if column.known is None or column.known.all():
            whole.add(name)
        elif column.known.any():
            partial.add(name)
    return Shape(frozenset(whole), frozenset(partial))


def empty_results(plan: Plan, rows: int, out: Sequence[Result] | None = None) -> tuple[Result, ...]:
    """Room for the answers of a plan, that of `out` taken again where it is as large; 0 for parts that it does not give."""
    rooms = [*(out or ()), *[None] * len(plan.digits)][: len(plan.digits)]
    return tuple(_room(plan, each, rows, old) for each, old in zip(plan.digits, rooms, strict=True))


def room_of(rows: int, kind: type[Any]) -> npt.NDArray[Any]:
    """Room for a column of answers, on a boundary of 64 bytes, where it is written past the cache."""
    size = rows * np.dtype(kind).itemsize
    room = np.empty(size + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + size].view(kind)


def _room(plan: Plan, each: Digits, rows: int, old: Result | None) -> Result:
    def part(name: str, kind: type[Any]) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] | None = getattr(old, name, None)
        if name not in plan.parts:
            return np.broadcast_to(kind(0), rows)
        if values is not None and len(values) == rows and values.dtype == kind and values.flags.writeable:
            return values
        return room_of(rows, kind)

    return Result(
        each.action,
        part("modality", np.uint8),
        part("marks", np.uint8),
        part("norm", norm_kind(each.norms)),
        each.norms,
    )
