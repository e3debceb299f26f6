"""From a situation to answers: what the law says on each action, why, by when, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from brightline.law.chart import Chart
from brightline.law.diagram import TRUE
from brightline.law.duties import Duty, duties_of
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.evaluate import Defeat, answer_word, decide
from brightline.law.library import Law, Stack
from brightline.law.norms import Norm
from brightline.law.possible import Possible, decided, is_open, possible_values
from brightline.law.question import Question, next_question
from brightline.law.sensitivity import Change, Contest, Presumed, changes_of, contests_of, leans_on
from brightline.law.situation import Situation, situation, truth

__all__ = [
    "Answer",
    "Answers",
    "Basis",
    "actions_in_play",
    "answer",
    "answer_action",
]

_ORDER = {"required": 0, "prohibited": 1, "unsettled": 2, "open": 3, "permitted": 4}


@dataclass(frozen=True, slots=True)
class Basis:
    """A norm behind an answer, as it is cited."""

    norm: str
    cites: str
    rank: str
    evidence: str
    says: str
    source: str = ""
    verified_on: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the law says on one action."""

    action: str
    modality: str
    marks: tuple[str, ...]
    basis: tuple[Basis, ...]
    defeated: tuple[Defeat, ...]
    duties: tuple[Duty, ...]
    contested: tuple[Contest, ...]
    would_change_if: tuple[Change, ...]
    presumed: tuple[Presumed, ...]
    question: Question | None
    possible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one request, the commands first."""

    profile: str
    on: date
    answers: tuple[Answer, ...]
    question: Question | None = None


def answer(
    law: Law,
    profile: str,
    facts: Mapping[str, object],
    *,
    on: date,
    actions: Iterable[str] | None = None,
    strict: bool = False,
    readings: Mapping[str, str] | None = None,
) -> Answers:
    """The law's answers for a profile on a date, given what is known.

    `facts` maps fact names to values as a person or a file wrote them; what is absent or None is unknown.
    Without `actions`, every action that the request puts in play is answered. `strict` presumes nothing.

    >>> from datetime import date
    >>> from brightline import answer, load_law
    >>> facts = {"actor_role": "jail_staff", "agency_type": "sheriff_office", "government_level": "county",
    ...          "requester": "ice_ero", "request_kind": "hold", "instrument": "i247a_detainer",
    ...          "accompanying_instrument": "none", "custody_state": "jail", "release_due": True}
    >>> answer(load_law(), "us/mn", facts, on=date(2026, 1, 16), actions=["hold_beyond_release"]).answers[0].modality
    'prohibited'

    Raises: BrightlineError for an unknown profile, fact, value, reading or action, for contradictory facts and
    for a date before the law begins.
    """
    return answer_situation(situation(law, profile, facts, on=on, strict=strict, readings=readings), actions)


def answer_situation(found: Situation, actions: Iterable[str] | None = None) -> Answers:
    """The answers for a situation already read. Raises: BrightlineError `unknown-action`, `too-early`."""
    stack = found.law.stack(found.profile, found.on)
    names = _checked_actions(found.law, actions) if actions is not None else actions_in_play(found)
    answers = [answer_action(found, stack, name) for name in names]
    answers.sort(key=lambda a: _ORDER[a.modality])
    charts = [
        (found.law.chart(stack, a.action), possible_values(found, found.law.chart(stack, a.action)))
        for a in answers
        if a.modality == "open"
    ]
    question = (
        next_question(found, charts) if len(charts) > 1 else next((a.question for a in answers if a.question), None)
    )
    return Answers(found.profile, found.on, tuple(answers), question)


def _checked_actions(law: Law, actions: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(actions))
    for name in names:
        if name not in law.vocabulary.actions:
            raise BrightlineError(
                "unknown-action",
                f"unknown action {shown(name)}",
                near_misses(name, law.vocabulary.actions, "see docs/reference/vocabulary.md"),
                "--action",
            )
    return names


def actions_in_play(found: Situation) -> list[str]:
    """The actions that the request puts in play; all that some norm is about, if nothing says what is asked.

    A duty on which the law is silent is left out.
    """
    stack = found.law.stack(found.profile, found.on)
    named: dict[str, None] = {}
    for line in found.law.vocabulary.in_play:
        if truth(line.when, found) is True:
            named.update(dict.fromkeys(line.actions))
    actions = found.law.vocabulary.actions
    candidates = named or dict.fromkeys(a for a in actions if a in stack.by_action)
    return [a for a in candidates if actions[a].kind == "act" or a in stack.by_action]


def answer_action(found: Situation, stack: Stack, action: str) -> Answer:
    """The answer on one action, with its full working."""
    chart = found.law.chart(stack, action)
    possible = possible_values(found, chart)
    words = chart.modalities(possible)
    if len(words) > 1:
        return _open(found, chart, possible, words) if is_open(chart, possible) else _undecided(found, chart, possible)
    modality = next(iter(words))
    basis, defeated = _reasons(chart, possible, modality)
    contested = contests_of(found, chart, possible, modality)
    silent = modality == "permitted" and not basis
    marks = [
        *(["contested"] if contested else ["robust"] if modality != "unsettled" else []),
        *(["silent"] if silent else []),
        *(["unverified"] if any(n.evidence == "memory" for n in _deciding(basis, modality)) else []),
    ]
    return Answer(
        action, modality, tuple(marks), tuple(map(_cited, basis)), tuple(defeated), duties_of(found, stack, action, _timed(chart, possible, modality, basis)),
        contested, changes_of(found, chart, possible, modality), leans_on(found, chart, possible), None,
    )  # fmt: skip


def _undecided(found: Situation, chart: Chart, possible: Possible) -> Answer:
    """Officials or courts differ and the profile does not decide: unsettled, with every outcome and its norms."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    matters = [i for i in undecided if _makes_a_difference(chart, possible, i)] or undecided
    contests: dict[Contest, None] = {}
    basis: dict[str, Norm] = {}
    for trial in decided(chart, possible):
        word = next(iter(chart.modalities(trial)))
        basis.update((n.id, n) for n in _reasons(chart, trial, word)[0])
        names = ", ".join(chart.variables[i].name for i in matters)
        contests[Contest(names, ", ".join(str(chart.variables[i].example(trial[i][0])) for i in matters), word)] = None
    norms = sorted(basis.values(), key=lambda n: -n.level)
    marks = ("contested", "unverified") if any(n.evidence == "memory" for n in norms) else ("contested",)
    return Answer(chart.action, "unsettled", marks, tuple(map(_cited, norms)), (), (), tuple(contests), (), (), None)


def _makes_a_difference(chart: Chart, possible: Possible, number: int) -> bool:
    """Whether deciding one reading narrows what the others leave."""
    every = chart.modalities(possible)
    return any(
        chart.modalities([(p,) if i == number else q for i, q in enumerate(possible)]) != every
        for p in possible[number]
    )


def _open(found: Situation, chart: Chart, possible: Possible, words: set[str]) -> Answer:
    basis = [n for n in chart.norms if chart.diagram.sole(chart.standing[n.id], possible) == TRUE]
    question = next_question(found, [(chart, possible)])
    return Answer(
        chart.action, "open", (), tuple(map(_cited, basis)), (), (), (), (), (), question,
        tuple(sorted(words, key=_ORDER.__getitem__)),
    )  # fmt: skip


def _cited(norm: Norm) -> Basis:
    return Basis(norm.id, norm.cites, norm.rank, norm.evidence, norm.says, norm.source, norm.verified_on, norm.note)


def _timed(chart: Chart, possible: Possible, modality: str, basis: Sequence[Norm]) -> list[Norm]:
    """The norms that set a time on the act: those behind the answer, and permissions that limit what is required."""
    limits = [
        n for n in chart.norms
        if modality == "required" and n.within and n not in basis and answer_word(n.modality) == "permitted"
        and chart.diagram.sole(chart.standing[n.id], possible) == TRUE
    ]  # fmt: skip
    return [*basis, *limits]


def _deciding(basis: Sequence[Norm], modality: str) -> list[Norm]:
    """The norms of the strongest rank in a basis: without them the answer would rest on something else."""
    return [norm for norm in basis if norm.level == basis[0].level] if basis else []


def _reasons(chart: Chart, possible: Possible, modality: str) -> tuple[list[Norm], list[Defeat]]:
    """The norms behind an answer and those that lost; where unknown facts leave it open which, all that may decide."""
    reach, sole = chart.diagram.reach, chart.diagram.sole
    active = [n for n in chart.norms if sole(chart.active[n.id], possible) == TRUE]
    verdict = decide(active)
    if verdict.modality == modality and (verdict.basis or modality == "permitted"):
        names = set(verdict.basis)
        return [n for n in chart.norms if n.id in names], list(verdict.defeated)
    wanted = ("required", "prohibited") if modality == "unsettled" else (modality,)
    maybe = [
        n for n in chart.norms if answer_word(n.modality) in wanted and TRUE in reach(chart.standing[n.id], possible)
    ]
    return maybe, []
