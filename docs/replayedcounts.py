"""Counting the answers for docs/replayed.py: how many requests get which answer, which stay open, and for want of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from replayedrows import Row

from brightline.law.answering import answer_situation
from brightline.law.library import Law
from brightline.law.situation import situation
from brightline.replay.maps.mapfile import find_map

ON = date(2026, 1, 16)
ACTIONS = ("hold_beyond_release", "notify_release", "transfer_custody")
HOLD = ACTIONS[:1]


@dataclass
class Tally:
    """How many requests got which answer: keys are (group, action, modality), and for open ones (action, fact, possible)."""

    answers: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    opened: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    contested: Counter[tuple[str, str]] = field(default_factory=Counter)
    presumed: Counter[tuple[str, str]] = field(default_factory=Counter)


def tally(
    law: Law, profile: str, rows: Iterable[tuple[str, Row, int]], more: Mapping[str, object] | None = None
) -> Tally:
    """The answers of a profile to groups of rows. `more` are facts supposed for all."""
    found = Tally()
    for group, row, count in rows:
        for one in answered(law, profile, tuple(sorted({**row.facts, **(more or {})}.items(), key=str)), row.fallback):
            found.answers[group, one.action, one.modality] += count
            found.contested[one.action, one.modality] += count * ("contested" in one.marks)
            found.presumed.update({(one.action, each.fact): count for each in one.presumed})
            if one.modality == "open" and one.question:
                found.opened[one.action, one.question.fact, one.possible] += count
    return found


@cache
def answered(
    law: Law, profile: str, facts: tuple[tuple[str, object], ...], fallback: tuple[tuple[str, object], ...]
) -> Any:
    """The answers to one situation, with their working."""
    given = {**dict(fallback), **law.vocabulary.standing_facts(profile, ON), **dict(facts)}
    return answer_situation(situation(law, profile, given, on=ON), ACTIONS).answers


def word(action: str) -> str:
    """An action in words."""
    return action.replace("_", " ")


def listed(counts: Mapping[str, int]) -> str:
    """Answers with their counts, the most frequent first; the word alone where there is only one."""
    some = sorted(((n, w) for w, n in counts.items() if n), reverse=True)
    return some[0][1] if len(some) == 1 else ", ".join(f"{w} {n:,}" for n, w in some) or "-"


def of(found: Tally, action: str, group: str | None = None) -> Counter[str]:
    """The answers on an action, of one group or of all."""
    counts: Counter[str] = Counter()
    for (g, a, modality), n in found.answers.items():
        counts[modality] += n * (a == action and group in (None, g))
    return counts


def cannot_tell(law: Law, name: str) -> Iterator[str]:
    """What the columns of a map cannot say, as the map has it."""
    yield "\nWhat the columns cannot tell:\n\n"
    for sentence in find_map(name, law).cannot_tell:
        fact, _, why = sentence.partition(": ")
        yield f"- `{fact}`: {why}\n"


def open_table(tallies: Mapping[str, Tally], law: Law, actions: Iterable[str]) -> Iterator[str]:
    """How many answers stay open, and for which fact."""
    yield "\n| policy | action | stay open | may be | for want of | the question |\n|---|---|---|---|---|---|\n"
    for policy, found in tallies.items():
        for action in actions:
            rows = sorted(((n, f, p) for (a, f, p), n in found.opened.items() if a == action), key=str)
            for n, fact, possible in rows:
                yield f"| {policy} | {word(action)} | {n:,} | {' or '.join(possible)} | `{fact}` | {law.vocabulary.facts[fact].question} |\n"
            if not rows:
                yield f"| {policy} | {word(action)} | 0 | | | |\n"


def leanings(tallies: Mapping[str, Tally], law: Law) -> Iterator[str]:
    """What the answers on holding presume, where they are given."""
    yield "\nThe answers that are given presume the ordinary case where no column speaks:\n\n"
    facts = sorted({fact for found in tallies.values() for action, fact in found.presumed if action == HOLD[0]})
    for fact in facts:
        why = law.vocabulary.facts[fact].presumed
        number = sum(found.presumed[HOLD[0], fact] for found in tallies.values())
        yield f"- `{fact}`, in {number:,} answers on holding: {why.because if why else ''}\n"
