"""From a question and the shape of its rows to a program: the modality, the marks and the first norm of each answer.

Where every fact that matters is known, an action's program follows the norms; where some row may lack one, it walks
the diagram. Row for row it is what `answer_action` says of one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import facts_in
from brightline.law.library import Stack
from brightline.law.norms import Norm
from brightline.law.vocabulary import UNDECIDED
from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.columns import MARKS, MODALITIES, Question
from brightline.replay.engine.knowledge import Knowledge
from brightline.replay.engine.openly import answered_openly
from brightline.replay.engine.planes import Shape
from brightline.replay.engine.program import Program, program
from brightline.replay.engine.reaching import words_reached
from brightline.replay.engine.said import Said
from brightline.replay.engine.verdicts import Verdict, decided, first_named, is_command, is_unverified

__all__ = ["PARTS", "Digits", "Plan", "planned", "planned_counts"]

_MOST_CHOICES = 16
# What an answer consists of. What is not asked for costs nothing.
PARTS = frozenset({"modality", "marks", "norm"})
_PartsOf = Callable[[Circuit, Said, int], Iterator[list[int]]]


@dataclass(frozen=True, slots=True)
class Digits:
    """Where the answers on one action stand in a program's outputs, as binary digits, the lowest first."""

    action: str
    modality: slice
    marks: slice
    norm: slice
    norms: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """A program, and where in its outputs the answers to each action are. `parts` are those of PARTS that it gives."""

    program: Program
    digits: tuple[Digits, ...]
    parts: frozenset[str] = PARTS

    def listing(self) -> str:
        """The program, for a person to read."""
        names: list[str] = []
        for each in self.digits:
            names += [f"{each.action}.modality{i}" for i in range(each.modality.stop - each.modality.start)]
            names += [f"{each.action}.{mark}" for mark in MARKS]
            names += [f"{each.action}.norm{i}" for i in range(each.norm.stop - each.norm.start)]
        return self.program.listing(names)


def planned(
    questions: Sequence[Question],
    shape: Shape,
    constants: Mapping[str, object] | None = None,
    parts: frozenset[str] = PARTS,
) -> Plan:
    """The program that answers questions for rows of a shape, one after the other; what they share is made once.

    `parts` are those of each answer that are wanted.

    Raises: BrightlineError `unknown-profile`, `unknown-action`, `unknown-reading`, `node-budget`, and what is wrong with
    a constant.
    """

    def wanted(circuit: Circuit, said: Said, contradictory: int) -> Iterator[list[int]]:
        for name, part in zip(("modality", "marks", "norm"), _digits(circuit, said, contradictory), strict=True):
            yield part if name in parts else []

    return replace(_planned(questions, shape, constants, wanted), parts=parts)


def planned_counts(questions: Sequence[Question], shape: Shape) -> Plan:
    """The program that marks rows for counting: for each action a plane for each modality, one for each mark."""
    return _planned(questions, shape, None, _one_each)


def _planned(
    questions: Sequence[Question], shape: Shape, constants: Mapping[str, object] | None, parts_of: _PartsOf
) -> Plan:
    circuit = Circuit()
    outputs: list[int] = []
    digits = []
    for question in questions:
        knowledge = Knowledge(circuit, question, shape, constants)
        stack = _stack(question)
        for action in _checked(question):
            said = _said(knowledge, stack, action)
            ends = [len(outputs)]
            for part in parts_of(circuit, said, knowledge.contradictory):
                outputs.extend(part)
                ends.append(len(outputs))
            modality, marks, norm = (slice(a, b) for a, b in pairwise(ends))
            digits.append(Digits(action, modality, marks, norm, ("", *(each.id for each in said.norms))))
    return Plan(program(circuit, outputs), tuple(digits))


def _stack(question: Question) -> Stack | None:
    """The law in force; None where there is none yet."""
    try:
        return question.law.stack(question.profile, question.on)
    except BrightlineError as error:
        if error.code != "too-early":
            raise
        return None


def _checked(question: Question) -> Iterable[str]:
    known = question.law.vocabulary.actions
    for name in question.actions:
        if name not in known:
            advice = near_misses(name, known, "see docs/reference/vocabulary.md")
            raise BrightlineError("unknown-action", f"unknown action {shown(name)}", advice, "--action")
    return question.actions


def _said(knowledge: Knowledge, stack: Stack | None, action: str) -> Said:
    if stack is None:
        return Said((), {"too_early": ALL})
    if knowledge.contradictory == ALL:
        return Said(stack.by_action.get(action, ()), {})
    norms = stack.by_action.get(action, ())
    if _all_known(knowledge, norms) and not _in_a_circle(norms):
        return _answered_directly(knowledge, stack, action, norms)
    return answered_openly(knowledge, knowledge.question.law.chart(stack, action))


def _all_known(knowledge: Knowledge, norms: Sequence[Norm]) -> bool:
    facts = {name for norm in norms for name in facts_in(norm.condition)}
    return all(knowledge.known(fact) == ALL for fact in facts) and not any(
        knowledge.chosen(reading) == UNDECIDED for reading in _readings(knowledge, norms)
    )


def _readings(knowledge: Knowledge, norms: Sequence[Norm]) -> list[str]:
    named = dict.fromkeys(name for norm in norms for name in norm.reading)
    return [name for name in named if name in knowledge.vocabulary.readings]


def _in_a_circle(norms: Sequence[Norm]) -> bool:
    """Whether some norm derogates, over others, from itself: then only the diagram says what stands."""
    beats = {norm.id: {n for n in norm.derogates if n != norm.id} for norm in norms}
    while ends := [name for name, below in beats.items() if not below & beats.keys()]:
        for name in ends:
            del beats[name]
    return bool(beats)


def _answered_directly(knowledge: Knowledge, stack: Stack, action: str, norms: Sequence[Norm]) -> Said:
    """What is said where every fact that matters is known: which norms take part, and what `decide` makes of them."""
    circuit = knowledge.circuit
    verdict = decided(circuit, norms, _active(knowledge, norms, {}))
    marks = {
        "contested": _contested(knowledge, stack, action, norms, verdict),
        "silent": verdict.silent,
        "unverified": is_unverified(circuit, norms, {n.id: verdict.basis(circuit, n) for n in norms}),
    }
    commands_first = sorted(norms, key=lambda norm: not is_command(norm))
    return Said(commands_first, verdict.words, marks, verdict.standing.own, verdict.standing.open)


def _active(knowledge: Knowledge, norms: Sequence[Norm], readings: Mapping[str, str]) -> dict[str, int]:
    """Where each norm takes part, under the readings given and the chosen ones besides."""
    return {
        norm.id: knowledge.holds(norm.condition)
        if all(
            (readings.get(name) or knowledge.chosen(name)) in values
            for name, values in norm.reading.items()
            if name in knowledge.vocabulary.readings
        )
        else NONE
        for norm in norms
    }


def _contested(knowledge: Knowledge, stack: Stack, action: str, norms: Sequence[Norm], verdict: Verdict) -> int:
    """Where another value of the readings that are contested here gives another answer."""
    circuit, vocabulary = knowledge.circuit, knowledge.vocabulary
    here = vocabulary.applying_readings(knowledge.question.profile)
    names = [name for name in _readings(knowledge, norms) if name in here]
    choices = [dict(zip(names, values, strict=True)) for values in _choices(knowledge, names)]
    if len(choices) >= _MOST_CHOICES:
        return _contested_by_diagram(knowledge, stack, action, verdict)
    differs, seen = NONE, set()
    for choice in choices:
        active = _active(knowledge, norms, choice)
        if (key := tuple(active.values())) not in seen:
            seen.add(key)
            words = decided(circuit, norms, active).words
            alike = circuit.any_of(circuit.both(rows, verdict.words[word]) for word, rows in words.items())
            differs = circuit.either(differs, ~alike)
    return differs


def _choices(knowledge: Knowledge, names: Sequence[str]) -> Iterable[tuple[str, ...]]:
    every = product(*(knowledge.vocabulary.readings[name].values for name in names))
    return [choice for choice, _ in zip(every, range(_MOST_CHOICES), strict=False)]


def _contested_by_diagram(knowledge: Knowledge, stack: Stack, action: str, verdict: Verdict) -> int:
    chart = knowledge.question.law.chart(stack, action)
    words = words_reached(knowledge.circuit, chart, knowledge.free(chart, knowledge.possible(chart)))
    return knowledge.circuit.any_of(knowledge.circuit.without(rows, verdict.words[w]) for w, rows in words.items())


def _digits(circuit: Circuit, said: Said, contradictory: int) -> Iterator[list[int]]:
    """The digits of the modality, the marks, and the digits of the first norm; rows that contradict have only the first."""
    words, marks, _ = _one_each(circuit, said, contradictory)
    width = (len(MODALITIES) - 1).bit_length()
    yield [circuit.any_of(rows for number, rows in enumerate(words) if number >> bit & 1) for bit in range(width)]
    yield marks
    behind = {norm.id: said.first.get(norm.id, NONE) for norm in said.norms}
    yield [circuit.without(digit, contradictory) for digit in first_named(circuit, said.norms, behind, said.within)]


def _one_each(circuit: Circuit, said: Said, contradictory: int) -> Iterator[list[int]]:
    """A plane for each modality, one for each mark, and nothing of norms."""
    yield [
        contradictory if word == "contradictory" else circuit.without(said.words.get(word, NONE), contradictory)
        for word in MODALITIES
    ]
    yield [circuit.without(said.marks.get(mark, NONE), contradictory) for mark in MARKS]
    yield []
