"""For which fact open answers wait: the next question that one such request would be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.answering import answer_action
from brightline.replay.answers.asking import Group
from brightline.replay.answers.tally import numbers_of
from brightline.replay.engine.columns import MODALITIES, Column, Columns, Question
from brightline.replay.engine.distinct import distinct_situations, facts_that_matter
from brightline.replay.engine.onebyone import facts_of, situation_of

__all__ = ["LOOKED_AT", "MOST_SITUATIONS", "NOT_ASKED_FOR", "awaited", "open_questions"]

NOT_ASKED_FOR = ""
_OPEN = MODALITIES.index("open")
# How many distinct situations are looked at, in the first batch and in the few after it: the rest is counted apart.
MOST_SITUATIONS = 1000
_MOST = (MOST_SITUATIONS, 100, 100, 100)
LOOKED_AT = len(_MOST)  # batches


def open_questions(
    number: int, told: Sequence[tuple[Group, Sequence[object]]], weights: npt.NDArray[np.int64] | None = None
) -> Counter[tuple[str, str]]:
    """How many open answers on each action wait for which fact; an empty fact for those not looked at.

    `number` counts batches from 0; `told` are the modalities of each group, action by action. `weights` are how many
    requests each row of the batch stands for.
    """
    found: Counter[tuple[str, str]] = Counter()
    left = {
        action: _MOST[number] if number < len(_MOST) else 0 for group, _ in told for action in group.question.actions
    }
    for group, modalities in told:
        mine = weights if weights is None or group.rows is None else weights[group.rows]
        for action, modality in zip(group.question.actions, modalities, strict=True):
            rows = np.flatnonzero(np.asarray(modality) == _OPEN)
            if len(rows):
                own = None if mine is None else mine[rows]
                left[action] -= _ask(group, action, rows, own, left[action], found)
    return found


def _ask(group: Group, action: str, rows: np.ndarray, weights: Any, most: int, found: Counter[tuple[str, str]]) -> int:
    """Ask for the most frequent situations; returns how many were asked about."""
    if most <= 0:
        found[action, NOT_ASKED_FOR] += len(rows) if weights is None else int(weights.sum())
        return 0
    stack = group.question.law.stack(group.question.profile, group.question.on)
    columns = _some(group.columns, rows)
    first, of_row = distinct_situations(columns, facts_that_matter(group.question.law, stack, action))
    counts = numbers_of(of_row, weights, len(first))
    order = np.lexsort((first, -counts))
    for at in order[:most].tolist():
        facts = facts_of(group.question, columns, int(first[at]))
        found[action, awaited(group.question, action, facts)] += int(counts[at])
    rest = int(counts[order[most:]].sum())
    if rest:
        found[action, NOT_ASKED_FOR] += rest
    return min(most, len(order))


def awaited(question: Question, action: str, facts: Mapping[str, object]) -> str:
    """The fact that one such request, whose answer is open, would be asked for; empty where nothing is asked."""
    alone = replace(question, actions=(action,))
    stack = question.law.stack(question.profile, question.on)
    asked = answer_action(situation_of(alone, facts), stack, action).question
    return asked.fact if asked else NOT_ASKED_FOR


def _some(columns: Columns, rows: np.ndarray) -> Columns:
    facts = {
        name: Column(name, column.values[rows], None if column.known is None else column.known[rows])
        for name, column in columns.facts.items()
    }
    return Columns(len(rows), facts, columns.constants)
