"""Many requests answered one at a time, as a single request is: the specification that every faster way must agree with.

Slow on purpose: each distinct situation is read and answered with its full working, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from brightline.law.answering import Answer, answer_situation
from brightline.law.errors import BrightlineError
from brightline.law.situation import Situation, check_contradictions, ruled_out_of, situation
from brightline.replay.engine.columns import (
    CONTESTED,
    MODALITIES,
    PRESUMED,
    SILENT,
    UNVERIFIED,
    Column,
    Columns,
    Question,
    Result,
    norm_kind,
)

__all__ = ["answer_one_by_one", "distinct_rows", "facts_of", "norm_names", "situation_of"]

_BITS = {"contested": CONTESTED, "silent": SILENT, "unverified": UNVERIFIED}
Told = tuple[int, int, str]


def answer_one_by_one(question: Question, columns: Columns) -> tuple[Result, ...]:
    """The answers to every row, one result for each action asked, in the order asked.

    A row whose facts contradict each other, leave nothing that another fact could be, or whose derived number is below
    zero (its end lies before its start), is `contradictory`; where no law of the corpus is in force yet, rows are `too_early`. Neither has marks or a norm.

    Raises: BrightlineError as `situation` and `answer_situation` do, for anything else.
    """
    first, row_of = distinct_rows(columns)
    told = [_told(question, facts_of(question, columns, int(row))) for row in first]
    return tuple(_result(question, action, [each[action] for each in told], row_of) for action in question.actions)


def distinct_rows(columns: Columns) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first row of each distinct situation, and for every row the number of its situation."""
    situations = np.zeros(columns.rows, dtype=np.int64)
    for column in columns.facts.values():
        found = np.unique(_filled(column), return_inverse=True)[1].astype(np.int64)
        situations = np.unique(situations * (int(found.max(initial=0)) + 1) + found, return_inverse=True)[1]
    _, first, row_of = np.unique(situations, return_index=True, return_inverse=True)
    return first, row_of


def _filled(column: Column) -> npt.NDArray[np.int64]:
    """The values, with one value of its own for what is not known."""
    values = column.values.astype(np.int64)
    return values if column.known is None else np.where(column.known, values, np.iinfo(np.int64).min)


def facts_of(question: Question, columns: Columns, row: int) -> dict[str, object]:
    """What is known of one row, as a law file writes it. For use within one answer only: facts may be transient."""
    facts = {name: value for name, value in columns.constants.items() if value is not None}
    for name, column in columns.facts.items():
        if column.known is None or column.known[row]:
            number = int(column.values[row])
            domain = question.law.vocabulary.facts[name].domain
            facts[name] = domain[number] if domain else number
    return facts


def situation_of(question: Question, facts: Mapping[str, object]) -> Situation:
    """One row as a situation; a derived fact may be stated as a number. Raises: BrightlineError as `situation` does."""
    every = question.law.vocabulary.facts
    worked_out = {n: int(v) for n, v in facts.items() if n in every and every[n].derived is not None}  # type: ignore[call-overload]
    stated = {n: v for n, v in facts.items() if n not in worked_out}
    found = situation(
        question.law, question.profile, stated, on=question.on, strict=question.strict, readings=question.readings
    )
    return _with_numbers(found, worked_out) if worked_out else found


def _with_numbers(found: Situation, worked_out: Mapping[str, int]) -> Situation:
    if min(worked_out.values()) < 0:
        raise BrightlineError("contradiction", "a time ends before it starts", "check the two times", "facts")
    full = replace(found, derived={**found.derived, **worked_out}, ruled_out={})
    check_contradictions(full)
    return replace(full, ruled_out=ruled_out_of(full))


def _told(question: Question, facts: Mapping[str, object]) -> dict[str, Told]:
    try:
        found = situation_of(question, facts)
        answers = answer_situation(found, question.actions).answers
    except BrightlineError as error:
        word = {"contradiction": "contradictory", "too-early": "too_early"}.get(error.code)
        if word is None:
            raise
        return dict.fromkeys(question.actions, (MODALITIES.index(word), 0, ""))
    return {each.action: _short(each) for each in answers}


def _short(answer: Answer) -> Told:
    marks = sum(_BITS[mark] for mark in answer.marks if mark in _BITS) | (PRESUMED if answer.presumed else 0)
    return MODALITIES.index(answer.modality), marks, answer.basis[0].norm if answer.basis else ""


def norm_names(question: Question, action: str) -> tuple[str, ...]:
    """The names that a result's norm numbers stand for: empty first, then the norms on the action, strongest first."""
    try:
        stack = question.law.stack(question.profile, question.on)
    except BrightlineError as error:
        if error.code != "too-early":
            raise
        return ("",)
    return ("", *(norm.id for norm in stack.by_action.get(action, ())))


def _result(question: Question, action: str, told: list[Told], row_of: npt.NDArray[np.intp]) -> Result:
    norms = norm_names(question, action)
    table = np.array([(word, marks, norms.index(norm)) for word, marks, norm in told], dtype=np.int64).reshape(-1, 3)
    modality, marks, norm = table[row_of].T
    return Result(action, modality.astype(np.uint8), marks.astype(np.uint8), norm.astype(norm_kind(norms)), norms)
