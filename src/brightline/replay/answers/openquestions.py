"""For which fact open answers wait: the next question that one such request would be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from brightline.law.answering import answer_action
from brightline.replay.answers.asking import Group
from brightline.replay.engine.columns import MODALITIES, Column, Columns
from brightline.replay.engine.distinct import distinct_situations, facts_that_matter
from brightline.replay.engine.onebyone import facts_of, situation_of

__all__ = ["NOT_ASKED_FOR", "open_questions"]

NOT_ASKED_FOR = ""
_OPEN = MODALITIES.index("open")
# How many distinct situations are looked at, in the first batch and in the few after it: the rest is counted apart.
_MOST = (1000, 100, 100, 100)


def open_questions(number: int, told: Sequence[tuple[Group, Sequence[object]]]) -> Counter[tuple[str, str]]:
    """How many open answers on each action wait for which fact; an empty fact for those not looked at.

    `number` counts batches from 0; `told` are the modalities of each group, action by action.
    """
    found: Counter[tuple[str, str]] = Counter()
    left = {
        action: _MOST[number] if number < len(_MOST) else 0 for group, _ in told for action in group.question.actions
    }
    for group, modalities in told:
        for action, modality in zip(group.question.actions, modalities, strict=True):
            rows = np.flatnonzero(np.asarray(modality) == _OPEN)
            if len(rows):
                left[action] -= _ask(group, action, rows, left[action], found)
    return found


def _ask(group: Group, action: str, rows: np.ndarray, most: int, found: Counter[tuple[str, str]]) -> int:
    """Ask for the most frequent situations; returns how many were asked about."""
    question = replace(group.question, actions=(action,))
    if most <= 0:
        found[action, NOT_ASKED_FOR] += len(rows)
        return 0
    stack = question.law.stack(question.profile, question.on)
    columns = _some(group.columns, rows)
    first, of_row = distinct_situations(columns, facts_that_matter(question.law, stack, action))
    counts = np.bincount(of_row, minlength=len(first))
    order = np.lexsort((first, -counts))
    for at in order[:most].tolist():
        situation = situation_of(question, facts_of(question, columns, int(first[at])))
        asked = answer_action(situation, stack, action).question
        found[action, asked.fact if asked else NOT_ASKED_FOR] += int(counts[at])
    rest = int(counts[order[most:]].sum())
    if rest:
        found[action, NOT_ASKED_FOR] += rest
    return min(most, len(order))


def _some(columns: Columns, rows: np.ndarray) -> Columns:
    facts = {
        name: Column(name, column.values[rows], None if column.known is None else column.known[rows])
        for name, column in columns.facts.items()
    }
    return Columns(len(rows), facts, columns.constants)
