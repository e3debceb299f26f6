"""What a few ask for besides the answer: the norms that lost, and when duties are due; once for each distinct situation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brightline.law.answering import Answer, answer_situation
from brightline.law.errors import BrightlineError
from brightline.replay.answers.asking import Group
from brightline.replay.answers.duetimes import due_texts
from brightline.replay.answers.outcome import texts
from brightline.replay.engine.columns import Question
from brightline.replay.engine.distinct import distinct_situations, facts_that_matter
from brightline.replay.engine.onebyone import facts_of, situation_of
from brightline.replay.maps.mappedrows import MappedRows

__all__ = ["defeated_columns", "defeated_norms", "due_columns"]


def defeated_columns(rows: int, groups: Sequence[Group]) -> dict[str, Any]:
    """For each action, the norms that lost in each row, as `norm to norm (why)`."""
    found = {}
    for action in groups[0].question.actions if groups else ():
        words: dict[str, int] = {"": 0}
        codes = np.zeros(rows, np.int32)
        for group in groups:
            told, of_row = _answers(group, action)
            table = np.array([words.setdefault(_lost(one), len(words)) for one in told], dtype=np.int32)
            codes[slice(None) if group.rows is None else group.rows] = table[of_row]
        order = {word: i for i, word in enumerate(sorted(words))}
        place = np.array([order[word] for word in words], dtype=np.int32)
        found[f"{action}_defeated"] = texts(place[codes], list(order))
    return found


def _answers(group: Group, action: str) -> tuple[list[Answer | None], Any]:
    """The answer to each distinct situation, None where there is none; and which situation each row is."""
    question = replace(group.question, actions=(action,))
    try:
        stack = question.law.stack(question.profile, question.on)
    except BrightlineError as error:
        if error.code != "too-early":
            raise
        return [None], np.zeros(group.columns.rows, np.intp)
    first, of_row = distinct_situations(group.columns, facts_that_matter(question.law, stack, action))
    told: list[Answer | None] = []
    for row in first.tolist():
        told.append(_answered(question, facts_of(question, group.columns, row)))
    return told, of_row


def _answered(question: Question, facts: Mapping[str, object]) -> Answer | None:
    try:
        situation = situation_of(question, facts)
    except BrightlineError as error:
        if error.code != "contradiction":
            raise
        return None
    return answer_situation(situation, question.actions).answers[0]


def defeated_norms(question: Question, action: str, facts: Mapping[str, object]) -> str:
    """The norms that lose in one such request, as `norm to norm (why)`; empty for none, and where the facts cannot be."""
    return _lost(_answered(replace(question, actions=(action,)), facts))


def _lost(answer: Answer | None) -> str:
    return "; ".join(f"{one.norm} to {one.by} ({one.why})" for one in answer.defeated) if answer else ""


def due_columns(rows: MappedRows, groups: Sequence[Group]) -> dict[str, Any]:
    """For each action, the earliest time at which a duty of the answer is due, and all duties with their times."""
    import pyarrow as pa

    found: dict[str, Any] = {}
    for action in groups[0].question.actions if groups else ():
        at = np.full(rows.rows, np.iinfo(np.int64).max)
        words = np.full(rows.rows, None, dtype=object)
        for group in groups:
            where = slice(None) if group.rows is None else group.rows
            at[where], words[where] = due_texts(rows, group, action)
        none = at == np.iinfo(np.int64).max
        found[f"{action}_due_at"] = pa.array(np.where(none, 0, at), pa.timestamp("us", "UTC"), mask=none)
        found[f"{action}_due"] = pa.array(words, pa.string())
    return found
