"""Answers as JSON: the contract that the command, the API and the tests share. Documented in docs/reference/answer-json.md."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brightline.law.answering import Answer, Answers, Basis
from brightline.law.duties import Duty
from brightline.law.question import Question
from brightline.law.sensitivity import Change

__all__ = ["FORMAT_VERSION", "answer_to_json", "answers_to_json"]

FORMAT_VERSION = 1


def answers_to_json(answers: Answers) -> dict[str, Any]:
    """Plain dicts and lists; times are UTC in ISO 8601. No value of a transient fact is in it."""
    return {
        "version": FORMAT_VERSION,
        "profile": answers.profile,
        "on": answers.on.isoformat(),
        "answers": [answer_to_json(one) for one in answers.answers],
        "question": _question(answers.question),
    }


def answer_to_json(one: Answer) -> dict[str, Any]:
    """One action's answer."""
    return {
        "action": one.action,
        "modality": one.modality,
        "marks": list(one.marks),
        "basis": [_basis(b) for b in one.basis],
        "defeated": [{"norm": d.norm, "by": d.by, "why": d.why} for d in one.defeated],
        "duties": [_duty(d) for d in one.duties],
        "contested": [{"reading": c.reading, "value": c.value, "modality": c.modality} for c in one.contested],
        "would_change_if": [_change(c) for c in one.would_change_if],
        "presumed": [{"fact": p.fact, "value": p.value, "because": p.because} for p in one.presumed],
        "question": _question(one.question),
        "possible": list(one.possible),
    }


def _basis(basis: Basis) -> dict[str, str]:
    names = ("norm", "cites", "rank", "evidence", "says", "source", "verified_on", "note")
    return {name: getattr(basis, name) for name in names}


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "action": duty.action,
        "due_at": _moment(duty.due_at),
        "within": duty.within,
        "working": duty.working,
        "cites": duty.cites,
        "norm": duty.norm,
        "says": duty.says,
        "keep": duty.keep,
        "rolled_from": duty.rolled_from.isoformat() if duty.rolled_from else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _change(change: Change) -> dict[str, Any]:
    plain: dict[str, Any] = {"fact": change.fact, "to": change.to, "modality": change.modality}
    if change.together:
        plain["together"] = [{"fact": name, "to": to} for name, to in change.together]
    if change.or_like:
        plain["or_like"] = list(change.or_like)
    return plain


def _question(question: Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    return {
        "fact": question.fact,
        "asks": question.asks,
        "kind": question.kind,
        "values": list(question.values),
        "unit": question.unit,
        "transient": question.is_transient,
        "why": question.why,
    }
