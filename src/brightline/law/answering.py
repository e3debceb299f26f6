"""From a situation to answers: what the law says on each action, why, by when, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, product

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import TRUE, outcome_index
from brightline.law.duties import Duty, duties_of
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.evaluate import Defeat, answer_word, decide
from brightline.law.library import Law, Stack
from brightline.law.norms import Norm
from brightline.law.question import Question, next_question
from brightline.law.situation import Situation, situation, truth
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = [
    "Answer",
    "Answers",
    "Basis",
    "Change",
    "Contest",
    "Presumed",
    "actions_in_play",
    "answer",
    "answer_action",
    "possible_values",
]

Possible = list[Sequence[int]]
_ORDER = {"required": 0, "prohibited": 1, "unsettled": 2, "open": 3, "permitted": 4}
NOT_SHOWN = "(another answer)"


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
class Contest:
    """Another reading under which the answer differs."""

    reading: str
    value: str
    modality: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one fact that changes the answer.

    `together` are the further facts it needs; `or_like` the other values of the fact that do the same.
    """

    fact: str
    to: Value | str
    modality: str
    together: tuple[tuple[str, Value | str], ...] = ()
    or_like: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Presumed:
    """A presumption that an answer leans on."""

    fact: str
    value: Value | str
    because: str


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


def possible_values(found: Situation, chart: Chart) -> Possible:
    """For each variable of a chart, the classes of values that are known, presumed or left open."""
    possible: Possible = []
    for variable in chart.variables:
        if variable.is_reading:
            chosen = found.readings.get(variable.name, found.law.vocabulary.readings[variable.name].default)
            possible.append(range(variable.size) if chosen == UNDECIDED else (variable.position(chosen),))
            continue
        value = found.value(variable.name)
        presumed = found.presumption(variable.name) if value is None else None
        if value is not None:
            possible.append((variable.position(value),))
        elif presumed is None:
            possible.append(_not_ruled_out(found, variable))
        elif presumed.at_most is not None:
            possible.append(variable.at_most(presumed.at_most))
        else:
            possible.append(tuple(sorted({variable.position(v) for v in presumed.values})))
    return possible


def _not_ruled_out(found: Situation, variable: Variable) -> Sequence[int]:
    out = found.ruled_out.get(variable.name)
    if not out:
        return range(variable.size)
    return tuple(i for i, values in enumerate(variable.classes) if not out.issuperset(values))


def answer_action(found: Situation, stack: Stack, action: str) -> Answer:
    """The answer on one action, with its full working."""
    chart = found.law.chart(stack, action)
    possible = possible_values(found, chart)
    words = chart.modalities(possible)
    if len(words) > 1:
        return _open(found, chart, possible, words) if is_open(chart, possible) else _undecided(found, chart, possible)
    modality = next(iter(words))
    basis, defeated = _reasons(chart, possible, modality)
    contested = _contests(found, chart, possible, modality)
    silent = modality == "permitted" and not basis
    marks = [
        *(["contested"] if contested else ["robust"] if modality != "unsettled" else []),
        *(["silent"] if silent else []),
        *(["unverified"] if any(n.evidence == "memory" for n in _deciding(basis, modality)) else []),
    ]
    return Answer(
        action, modality, tuple(marks), tuple(map(_cited, basis)), tuple(defeated), duties_of(found, stack, action, _timed(chart, possible, modality, basis)),
        contested, _changes(found, chart, possible, modality), _leans_on(found, chart, possible), None,
    )  # fmt: skip


def is_open(chart: Chart, possible: Possible) -> bool:
    """Whether an unknown fact can change the answer, under the chosen readings or under a value of an undecided one."""
    return any(len(chart.modalities(trial)) > 1 for trial in _decided(chart, possible))


def _decided(chart: Chart, possible: Possible) -> Iterator[Possible]:
    """The possible values once for each way to decide the undecided readings."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    for positions in product(*(possible[i] for i in undecided)):
        trial = list(possible)
        for number, position in zip(undecided, positions, strict=True):
            trial[number] = (position,)
        yield trial


def _undecided(found: Situation, chart: Chart, possible: Possible) -> Answer:
    """Officials or courts differ and the profile does not decide: unsettled, with every outcome and its norms."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    matters = [i for i in undecided if _makes_a_difference(chart, possible, i)] or undecided
    contests: dict[Contest, None] = {}
    basis: dict[str, Norm] = {}
    for trial in _decided(chart, possible):
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


def _contests(found: Situation, chart: Chart, possible: Possible, modality: str) -> tuple[Contest, ...]:
    """The readings under which the answer differs: one switch at a time, or the fewest together."""
    here = found.law.vocabulary.applying_readings(found.profile)
    readings = [i for i, v in enumerate(chart.variables) if v.is_reading and v.name in here]
    if not readings:
        return ()
    free: Possible = [
        range(v.size) if i in readings else p for i, (v, p) in enumerate(zip(chart.variables, possible, strict=True))
    ]
    left, root = chart.diagram.narrowed(chart.modal, free)
    readings = [i for i in readings if i in set(left.variable)] if root >= 0 else []
    for together in range(1, len(readings) + 1):
        contests = [
            c for chosen in combinations(readings, together) for c in _switches(chart, possible, modality, chosen)
        ]
        if contests:
            return tuple(contests)
    return ()


def _switches(chart: Chart, possible: Possible, modality: str, chosen: Sequence[int]) -> Iterable[Contest]:
    others = [[p for p in range(chart.variables[i].size) if p not in possible[i]] for i in chosen]
    for positions in product(*others):
        trial = list(possible)
        for number, position in zip(chosen, positions, strict=True):
            trial[number] = (position,)
        words = chart.modalities(trial)
        if words != {modality}:
            names = ", ".join(chart.variables[i].name for i in chosen)
            values = ", ".join(str(chart.variables[i].example(p)) for i, p in zip(chosen, positions, strict=True))
            yield Contest(names, values, words.pop() if len(words) == 1 else "open")


def _changes(found: Situation, chart: Chart, possible: Possible, modality: str) -> tuple[Change, ...]:
    """The smallest changes of known or presumed facts that would change the answer; who the asker is stays."""
    movable = [
        i for i in chart.shown_order
        if not chart.variables[i].is_reading and len(possible[i]) < chart.variables[i].size
        and chart.variables[i].name not in found.standing and _is_of_the_request(found, chart.variables[i].name)
    ]  # fmt: skip
    for together in (1, 2):
        changes: list[Change] = []
        for chosen, positions in _tries(chart, possible, movable, together).items():
            changes.extend(_flips(found, chart, possible, modality, chosen, positions))
            if len(changes) >= 8:
                break
        if changes:
            return tuple(changes)
    return ()


def _tries(
    chart: Chart, possible: Possible, movable: Sequence[int], together: int
) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """The changes worth a try, by the variables they change: those that lead to another answer in some situation.

    Two changes that settle another answer only together lie on one way to it, or each on a way of its own.
    """
    ways = {way for way in chart.diagram.ways(chart.modal, possible, movable, together) if way}
    single = [way for way in ways if len(way) == 1]
    if together == 2:
        ways = {w for w in ways if len(w) == 2} | {a + b for a, b in product(single, single) if a[0][0] < b[0][0]}
    rank = {number: i for i, number in enumerate(movable)}
    tries: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for way in sorted(
        (sorted((rank[number], position) for number, position in way) for way in ways),
        key=lambda way: list(zip(*way, strict=True)),
    ):
        tries.setdefault(tuple(movable[i] for i, _ in way), []).append(tuple(position for _, position in way))
    return tries


def _is_of_the_request(found: Situation, name: str) -> bool:
    return found.law.vocabulary.facts[name].group not in ("actor", "agency") or not found.is_known(name)


def _flips(
    found: Situation,
    chart: Chart,
    possible: Possible,
    modality: str,
    chosen: Sequence[int],
    tries: Iterable[Sequence[int]],
) -> Iterable[Change]:
    seen: set[str] = set()
    trial = list(possible)
    for positions in tries:
        for number, position in zip(chosen, positions, strict=True):
            trial[number] = (position,)
        word = chart.only_modality(trial)
        if word is not None and word != modality and word not in seen:
            seen.add(word)
            named = [
                (chart.variables[i].name, _shown_value(found, chart, i, p))
                for i, p in zip(chosen, positions, strict=True)
            ]
            yield Change(
                named[0][0], named[0][1], word, tuple(named[1:]), _others_alike(found, chart, chosen[0], positions[0])
            )


def _shown_value(found: Situation, chart: Chart, number: int, position: int) -> Value | str:
    """The value to change to; of a transient fact that is known, nothing is shown, since it would tell what is known."""
    variable = chart.variables[number]
    if variable.name in found.transient:
        return NOT_SHOWN
    return variable.example(position)


def _others_alike(found: Situation, chart: Chart, number: int, position: int) -> tuple[Value, ...]:
    variable = chart.variables[number]
    return () if variable.cuts or variable.name in found.transient else variable.classes[position][1:]


def _leans_on(found: Situation, chart: Chart, possible: Possible) -> tuple[Presumed, ...]:
    """A smallest set of presumptions without which the answer would not stand, found by letting go one at a time."""
    facts = found.law.vocabulary.facts
    leaning = [
        i
        for i in chart.shown_order
        if not chart.variables[i].is_reading and found.presumption(chart.variables[i].name) is not None
    ]
    if not leaning:
        return ()
    loose = list(possible)
    for number in leaning:
        loose[number] = _not_ruled_out(found, chart.variables[number])
    left, root = chart.diagram.narrowed(chart.modal, loose)
    trial: Possible = [
        [i for i, p in enumerate(every) if p in some] for some, every in zip(possible, loose, strict=True)
    ]
    mattering, kept = set(left.variable), []
    for number in sorted(leaning, key=lambda i: not facts[chart.variables[i].name].is_transient):
        if number in mattering:
            before, trial[number] = trial[number], range(len(loose[number]))
            if left.sole(root, trial) is None:
                trial[number] = before
                kept.append(number)
    return tuple(_presumed(found, chart.variables[i].name) for i in leaning if i in kept)


def _presumed(found: Situation, name: str) -> Presumed:
    fact = found.law.vocabulary.facts[name]
    assert fact.presumed is not None
    value: Value | str = fact.presumed.values[0] if len(fact.presumed.values) == 1 else fact.presumed_name
    return Presumed(name, value, fact.presumed.because)


def deciding_outcome(chart: Chart, possible: Possible) -> tuple[str, tuple[str, ...]] | None:
    """The modality and deciding norm when the known facts settle both; None otherwise."""
    reached = chart.diagram.reach(chart.root, possible)
    if len(reached) != 1:
        return None
    found = chart.outcomes[outcome_index(reached.pop())]
    return found.modality, found.norms


def moment_of(found: Situation, name: str) -> datetime | date | None:
    """The stated date or time of a fact."""
    return found.moments.get(name)
