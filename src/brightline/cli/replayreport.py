"""The summary of a replay as plain values: what `--json` prints, and what the page and the chart are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brightline.law.library import Law
from brightline.replay.answers.openquestions import NOT_ASKED_FOR
from brightline.replay.answers.tally import NO_YEAR
from brightline.replay.engine.columns import MODALITIES
from brightline.replay.job import Job, Report

__all__ = ["report_json"]

_ALWAYS = MODALITIES[:5]


def report_json(law: Law, job: Job, report: Report) -> dict[str, Any]:
    """A replay as plain dicts; documented in docs/reference/answer-json.md."""
    tally, asked = report.tally, job.asked
    found = report.findings.plain()
    first = asked.actions[0]
    plain = {
        "version": 1,
        "map": job.mapped.name,
        "noun": job.mapped.noun,
        "profile": asked.profile or None,
        "on": asked.on.isoformat() if asked.on else None,
        "law": asked.label,
        "rows": tally.rows,
        "requests": tally.requests,
        "answered": tally.answered,
        "rejected": found["rejected"],
        "left_out": found["left_out"],
        "before_the_law": tally.modalities(first)["too_early"],
        "contested": {action: _marked(report, action, "contested") for action in asked.actions},
        "unverified": {action: _marked(report, action, "unverified") for action in asked.actions},
        "actions": [_action(report, action) for action in asked.actions],
        "years": _years(job, report),
        "facilities": _facilities(job, report),
        "unmapped": found["unmapped"],
        "bad_values": found["bad_values"],
        "duplicate_keys": report.duplicates,
        "cannot_tell": list(job.mapped.cannot_tell),
        "out": str(job.out) if job.out else None,
    }
    return {**plain, "versus": _versus(job, report)} if job.versus else plain


def _marked(report: Report, action: str, mark: str) -> int:
    return sum(number for (name, _, word), number in report.tally.marks.items() if (name, word) == (action, mark))


def _words(counts: dict[str, int]) -> dict[str, int]:
    """The five answers in order, and the two exceptions where they came."""
    return {word: counts.get(word, 0) for word in MODALITIES if word in _ALWAYS or counts.get(word)}


def _action(report: Report, action: str) -> dict[str, Any]:
    norms = [(word, norm, n) for (name, word, norm), n in report.tally.norms.items() if name == action]
    waiting = [(fact, n) for (name, fact), n in report.waiting.items() if name == action]
    return {
        "action": action,
        "answers": _words(dict(report.tally.modalities(action))),
        "norms": [
            {"modality": word, "norm": norm or None, "requests": n} for word, norm, n in sorted(norms, key=_by_number)
        ],
        "waiting_for": [
            {"fact": fact or None, "requests": n}
            for fact, n in sorted(waiting, key=lambda w: (w[0] == NOT_ASKED_FOR, -w[1], w[0]))
        ],
    }


def _by_number(line: tuple[str, str, int]) -> tuple[int, int, str]:
    return MODALITIES.index(line[0]), -line[2], line[1]


def _years(job: Job, report: Report) -> list[dict[str, Any]]:
    tally = report.tally
    return [
        {
            "year": int(year) if year != NO_YEAR else None,
            "requests": tally.years[year],
            "answers": {a: _words(_of(tally.by_year, year, a)) for a in job.asked.actions},
        }
        for year in sorted(tally.years)
    ]


def _of(counter: Any, group: str, action: str) -> dict[str, int]:
    return {word: counter[group, action, word] for word in MODALITIES if counter[group, action, word]}


def _facilities(job: Job, report: Report) -> list[dict[str, Any]]:
    """Each facility with its answers, those with most rows first."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (place, action, word), number in report.tally.by_facility.items():
        found.setdefault(place, {}).setdefault(action, {})[word] = number
    told = [
        {
            "facility": place or None,
            "requests": max(sum(counts.values()) for counts in answers.values()),
            "answers": {a: _words(answers.get(a, {})) for a in job.asked.actions},
        }
        for place, answers in found.items()
    ]
    return sorted(told, key=lambda one: (-one["requests"], one["facility"] or ""))


def _versus(job: Job, report: Report) -> dict[str, Any]:
    assert job.versus is not None
    return {"law": job.versus.label, "changed": report.tally.changed, "changes": list(_changes(report))}


def _changes(report: Report) -> Iterator[dict[str, Any]]:
    for (action, before, after), number in sorted(report.tally.changes.items()):
        yield {"action": action, "before": before, "after": after, "requests": number}
