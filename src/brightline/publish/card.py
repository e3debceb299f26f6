"""The card for the wall: on one page, the few questions, the answers, what to say, whom to call and by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from brightline.law.answering import actions_in_play
from brightline.law.duties import time_words
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.evaluate import answer_word
from brightline.law.expressions import atoms
from brightline.law.library import Law
from brightline.law.norms import Norm
from brightline.law.situation import Situation, situation
from brightline.law.vocabulary import Vocabulary
from brightline.publish.actionpage import presumed_words
from brightline.publish.decision import Decision, decision
from brightline.publish.footing import deciders, disputed, may_stand
from brightline.publish.page import EVIDENCE, NOT_ADVICE
from brightline.publish.picture import branch_words
from brightline.publish.volume import Volume
from brightline.publish.wording import listed

__all__ = ["Card", "Cited", "Deadline", "Question", "Settled", "Turns", "card"]

# More questions than this are no card: the action is then named with where to ask instead.
MOST_STEPS = 14
_SAY = {
    "required": "“I have read your request. The rules I work under tell me to do this, and I will.”",
    "prohibited": "“I have read your request. The rules I work under do not let me do this. Our counsel can tell you more.”",
    "permitted": "“I have read your request. The law leaves this to my agency. I will ask my supervisor and tell you.”",
    "unsettled": "“I have read your request. I cannot answer it myself. Our counsel will.”",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A norm behind an answer: what it says, where, and how well that was verified."""

    says: str
    cites: str
    evidence: str
    verified: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """An action whose usual answer needs no question."""

    title: str
    word: str
    law: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what may be answered to it, each with an answer word or the number of the next question."""

    number: int
    asks: str
    is_transient: bool
    rows: tuple[tuple[str, int | str], ...]


@dataclass(frozen=True, slots=True)
class Turns:
    """Actions whose usual answer turns on questions; `questions` is empty if there are too many for a card."""

    title: str
    count: int
    questions: tuple[Question, ...]
    law: tuple[tuple[str, Cited], ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something with a time: what, within how long, from when, and where that stands."""

    what: str
    within: str
    start: str
    cites: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything on the card, as plain text."""

    title: str
    about: str
    profile: str
    on: date
    edition: str
    software: str
    settled: tuple[Settled, ...]
    turns: tuple[Turns, ...]
    free: tuple[str, ...]
    say: tuple[tuple[str, str], ...]
    deadlines: tuple[Deadline, ...]
    presumed: tuple[str, ...]
    disputed: tuple[str, ...]
    not_advice: str = NOT_ADVICE


def card(law: Law, profile: str, topic: str, on: date, root: Path) -> Card:
    """The card of an action, or of a kind of request: a value of a fact that puts actions in play.

    Raises: BrightlineError `unknown-action`, `unknown-profile`, `too-early`, or `card-too-long` where one page cannot
    hold the questions.
    """
    volume = Volume(law, profile, on, root)
    if topic in law.vocabulary.actions:
        made = _made(volume, volume.usual, volume.words.title(topic), law.vocabulary.actions[topic].meaning, [topic])
        if any(not t.questions for t in made.turns):
            raise BrightlineError(
                "card-too-long",
                f"{shown(topic)} turns on {made.turns[0].count} questions: one page cannot hold them",
                "make the card of a kind of request, or the book: `brightline law book`",
                "ACTION",
            )
        return replace(made, turns=tuple(replace(t, title="Ask in this order") for t in made.turns))
    name, value = _request(law.vocabulary, topic)
    found = situation(law, profile, {name: value}, on=on)
    about = law.vocabulary.facts[name].notes.get(value, "")
    return _made(volume, found, f"Request: {volume.words.name(value)}", about, actions_in_play(found))


def _request(vocabulary: Vocabulary, topic: str) -> tuple[str, str]:
    """The fact and value that a kind of request is. Raises: BrightlineError `unknown-action`."""
    kinds: dict[str, str] = {}
    for line in vocabulary.in_play:
        for atom in atoms(line.when):
            if atom[0] == "in":
                kinds.update({str(value): str(atom[1]) for value in atom[2] if str(value) not in kinds})  # type: ignore[attr-defined]
    if topic not in kinds:
        raise BrightlineError(
            "unknown-action",
            f"unknown action or request type {shown(topic)}",
            near_misses(topic, [*vocabulary.actions, *kinds], "see docs/reference/vocabulary.md"),
            "ACTION",
        )
    return kinds[topic], topic


def _made(volume: Volume, found: Situation, title: str, about: str, actions: list[str]) -> Card:
    decided = {action: decision(found, action) for action in actions}
    kinds = volume.law.vocabulary.actions
    settled = [_settled(volume, found, d) for d in decided.values() if d.answer and d.answer != "permitted"]
    turning = [d for d in decided.values() if not d.answer]
    words = dict.fromkeys(
        w for a, d in decided.items() if kinds[a].kind == "act" or len(actions) == 1 for w in d.answers
    )
    presumed = presumed_words(volume, found, actions)
    return Card(
        title, about, volume.law.profile(volume.profile).name, volume.on, volume.frame.edition, volume.frame.software,
        tuple(sorted(settled, key=lambda s: list(_SAY).index(s.word))), tuple(_grouped(volume, found, turning)),
        tuple(volume.words.name(a) for a, d in decided.items() if d.answer == "permitted"),
        tuple((w, _SAY[w]) for w in _SAY if w in words), tuple(_deadlines(volume, found, decided)),
        tuple(f"{volume.words.name(name)}: {value}" for name, _, value in presumed), tuple(_disputed(volume, found, actions)),
    )  # fmt: skip


def _disputed(volume: Volume, found: Situation, actions: list[str]) -> Iterator[str]:
    """The questions of law that could turn an answer on the card, each with how the card reads it."""
    for name in dict.fromkeys(name for action in actions for name in disputed(found, action)):
        chosen = found.readings.get(name, volume.law.vocabulary.readings[name].default)
        yield f"{volume.words.name(name)} (read here as: {volume.words.name(chosen)})"


def _settled(volume: Volume, found: Situation, one: Decision) -> Settled:
    assert one.answer is not None
    return Settled(volume.words.title(one.action), one.answer, tuple(_law(volume, found, one.action, one.answer)))


def _law(volume: Volume, found: Situation, action: str, word: str) -> Iterator[Cited]:
    """The norm that decides an answer in most situations here; of an unsettled one, both."""
    names = deciders(found, action).get(word, ())
    shown_here = names[: 2 if word == "unsettled" else 1]
    more = len(names) - len(shown_here)
    for name in shown_here:
        norm = volume.stack.by_id[name]
        verified = f"{EVIDENCE[norm.evidence][1]}{f', {norm.verified_on}' if norm.verified_on else ''}"
        others = (
            f"In other cases: {'another norm' if more == 1 else f'{more} other norms'}."
            if more and name == shown_here[-1]
            else ""
        )
        yield Cited(norm.says, norm.cites, norm.evidence, verified, others)


def _grouped(volume: Volume, found: Situation, turning: Iterable[Decision]) -> Iterator[Turns]:
    """Actions that turn on the same questions stand together."""
    groups: dict[tuple[object, ...], list[Decision]] = {}
    for one in turning:
        groups.setdefault(one.shape, []).append(one)
    for alike in groups.values():
        first = alike[0]
        title = listed([volume.words.name(one.action) for one in alike], "and")
        law = tuple(
            (word, cited)
            for one in alike[:1]
            for word in one.answers
            if word != "permitted"
            for cited in _law(volume, found, one.action, word)
        )
        questions = tuple(_questions(volume, first)) if len(first.steps) <= MOST_STEPS else ()
        yield Turns(title[:1].upper() + title[1:], len(first.steps), questions, law)


def _questions(volume: Volume, one: Decision) -> Iterator[Question]:
    facts = volume.law.vocabulary.facts
    for step in one.steps:
        fact = facts[step.variable.name]
        yield Question(step.number, fact.question, fact.is_transient, tuple(branch_words(step, volume.words)))


def _deadlines(volume: Volume, found: Situation, decided: dict[str, Decision]) -> Iterator[Deadline]:
    """The times that norms on these actions set, and the duties that go with them; the same time of two norms once."""
    cites: dict[tuple[str, str, str], dict[str, None]] = {}
    for norm, action in _timed(volume, found, decided):
        cites.setdefault(_time(volume, norm, action), {})[norm.cites] = None
    for (what, within, start), found_at in cites.items():
        yield Deadline(what, within, start, "; ".join(found_at))


def _timed(volume: Volume, found: Situation, decided: dict[str, Decision]) -> Iterator[tuple[Norm, str]]:
    for action, one in decided.items():
        for norm in volume.stack.by_action.get(action, ()):
            if norm.within and _matters(norm, one) and may_stand(found, action, norm.id):
                yield norm, action
        for duty in volume.stack.accompanying.get(action, ()):
            for norm in volume.stack.by_action.get(duty, ()) if duty not in decided else ():
                if norm.modality == "required" and action in norm.accompanies and may_stand(found, duty, norm.id):
                    yield norm, duty


def _matters(norm: Norm, one: Decision) -> bool:
    """Whether an answer that a norm's time belongs to can come out; a permission limits what is required too."""
    word = answer_word(norm.modality)
    return word in one.answers or (word == "permitted" and "required" in one.answers)


def _time(volume: Volume, norm: Norm, action: str) -> tuple[str, str, str]:
    within = time_words(norm.within) if norm.within else "no set time"
    longest = "at most " if norm.within and norm.modality != "required" and norm.within.amount else ""
    start = (
        volume.words.name(norm.starts.removesuffix("_at")) if norm.starts and norm.within and norm.within.amount else ""
    )
    return volume.words.title(action), longest + within, start
