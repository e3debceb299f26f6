"""The same question put to Z3: is there a situation in which two versions of the law answer differently?

Z3 is given the sentences of the design over the same norms in normal form, and answers with a first witness or with
"none". Brightline's time is that of the whole comparison, built from nothing: every situation that differs, counted.
They agree where both find a difference or neither does, in the same actions and from and to the same answers, and
where the naive evaluator confirms each witness; the checks are not clocked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import z3

from benchmarks.chapters import ONE_CHAPTER, REWORDED, load
from benchmarks.policy import NORMS, ON, PROFILE
from benchmarks.report import Report
from brightline.law.comparison import Comparison, Side, compare
from brightline.law.evaluate import evaluate
from brightline.law.expressions import atoms
from brightline.law.library import Law
from brightline.law.norms import Norm
from brightline.law.vocabulary import Expression

_WORDS = ("required", "prohibited", "permitted", "unsettled")


class Encoding:
    """Conditions as Z3 terms over one constant for each fact: Bool, or Int (for an enum the place of its value)."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.facts: dict[str, Any] = {}
        self.bounds: list[Any] = []
        self._terms: dict[Expression, Any] = {}

    def answer(self, norms: Sequence[Norm], readings: Mapping[str, str]) -> Any:
        """The answer as a number, by the sentences of the design; no norm of the corpus derogates from another."""
        taking_part = [n for n in norms if all(readings[name] in values for name, values in n.reading.items())]
        stands: dict[str, Any] = {}
        for norm in taking_part:
            over = [stands[s.id] for s in taking_part if s.level > norm.level and _takes_away(s, norm)]
            stands[norm.id] = z3.And(self.term(norm.condition), *(z3.Not(s) for s in over))
        result = z3.IntVal(2)
        for level in sorted({n.level for n in taking_part}):
            required, prohibited = (
                z3.Or(*(stands[n.id] for n in taking_part if n.level == level and n.modality == word))
                for word in _WORDS[:2]
            )
            result = z3.If(z3.And(required, prohibited), 3, z3.If(required, 0, z3.If(prohibited, 1, result)))
        return result

    def term(self, expression: Expression) -> Any:
        """A condition in normal form as a term, each made once."""
        if expression not in self._terms:
            self._terms[expression] = self._made(expression)
        return self._terms[expression]

    def _made(self, expression: Any) -> Any:
        word = expression[0]
        if word in ("true", "false"):
            return z3.BoolVal(word == "true")
        if word == "not":
            return z3.Not(self.term(expression[1]))
        if word in ("and", "or"):
            return (z3.And if word == "and" else z3.Or)(*map(self.term, expression[1:]))
        fact = self._fact(expression[1])
        if word == "lt":
            return fact < expression[2]
        domain = self.law.vocabulary.facts[expression[1]].domain
        if domain == (False, True):
            return z3.Or(*(fact if value else z3.Not(fact) for value in expression[2]))
        return z3.Or(*(fact == domain.index(value) for value in expression[2]))

    def _fact(self, name: str) -> Any:
        if name not in self.facts:
            domain = self.law.vocabulary.facts[name].domain
            self.facts[name] = z3.Bool(name) if domain == (False, True) else z3.Int(name)
            if domain and domain != (False, True):
                self.bounds.append(z3.And(self.facts[name] >= 0, self.facts[name] < len(domain)))
        return self.facts[name]

    def situation(self, model: Any) -> dict[str, Any]:
        """A model as facts."""
        case: dict[str, Any] = {}
        for name, constant in self.facts.items():
            value = model.eval(constant, model_completion=True)
            domain = self.law.vocabulary.facts[name].domain
            if z3.is_bool(constant):
                case[name] = z3.is_true(value)
            else:
                case[name] = domain[value.as_long()] if domain else value.as_long()
        return case


def _takes_away(strong: Norm, weak: Norm) -> bool:
    return strong.overrides is not None and weak.modality in strong.overrides.modalities


def measure(report: Report, chapters: int) -> bool:
    """An amended version, and one that is only worded differently; whether both say the same of them."""
    law, size = load(chapters), f"{chapters * len(NORMS):,} norms"
    answers = [_versions(report, law, load(chapters, v), f"{size}, {v.name}") for v in (ONE_CHAPTER, REWORDED)]
    return all(answers)


def _versions(report: Report, law: Law, other: Law, name: str) -> bool:
    before, after = Side.of(law, PROFILE, ON), Side.of(other, PROFILE, ON)
    started = time.perf_counter()
    found = compare(before, after)
    ours = time.perf_counter() - started
    asked = Asked(before, after)
    theirs = asked.encoding + asked.solving
    differs = any(change.changed for change in found.actions)
    agree = (
        differs == (asked.witness is not None)
        and _confirmed(before, after, found, asked)
        and asked.changes()
        == {(c.action, t.before.modality, t.after.modality) for c in found.actions for t in c.transitions}
    )
    says = f"both say they {'differ' if differs else 'never differ'}, and in the same ways" if agree else "DISAGREE"
    print(f"  {name}: {says}")
    report.line("  Brightline", ours, "s", f"built from nothing; {_situations(found):,} situations, exactly")
    witness = "a first witness" if asked.witness else "no witness"
    report.line(
        "  Z3", theirs, "s", f"of which {asked.encoding:.3f} encoding; {witness}; {theirs / ours:.2f} x Brightline"
    )
    report.figures.update({f"{name}: Brightline": ours, f"{name}: Z3": theirs})
    return agree


def _situations(found: Comparison) -> int:
    return sum(change.changed for change in found.actions)


class Asked:
    """The question put to Z3: seconds of encoding and of solving, and a situation of difference or None."""

    def __init__(self, before: Side, after: Side) -> None:
        started = time.perf_counter()
        self.terms = Encoding(before.law)
        first, second = (side.law.stack(PROFILE, ON).by_action for side in (before, after))
        self.answers = {
            name: (self.terms.answer(first[name], before.readings), self.terms.answer(second[name], after.readings))
            for name in first
        }
        solver = z3.Solver()
        solver.add(z3.Or(*(was != now for was, now in self.answers.values())), *self.terms.bounds)
        encoded = time.perf_counter()
        answered = solver.check()
        self.encoding, self.solving = encoded - started, time.perf_counter() - encoded
        if answered == z3.unknown:
            raise SystemExit("Z3 gave up")
        self.model = solver.model() if answered == z3.sat else None
        self.witness = self.terms.situation(self.model) if self.model is not None else None

    def changes(self) -> set[tuple[str, str, str]]:
        """Every action and pair of different answers that Z3 finds some situation for. Not clocked."""
        found = set()
        for name, (was, now) in self.answers.items():
            solver = z3.Solver()
            solver.add(was != now, *self.terms.bounds)
            while solver.check() == z3.sat:
                one, two = (solver.model().eval(t, model_completion=True) for t in (was, now))
                found.add((name, _WORDS[one.as_long()], _WORDS[two.as_long()]))
                solver.add(z3.Or(was != one, now != two))
        return found


def _confirmed(before: Side, after: Side, found: Comparison, asked: Asked) -> bool:
    """Whether the naive evaluator answers as Z3 on its witness, and differently on every example of Brightline's."""
    if asked.witness is not None:
        for name, terms in asked.answers.items():
            said = [_WORDS[asked.model.eval(t, model_completion=True).as_long()] for t in terms]
            if said != _answers(before, after, asked.witness, name):
                return False
    return all(
        _answers(before, after, {**t.usual, **t.example}, change.action) == [t.before.modality, t.after.modality]
        for change in found.actions
        for t in change.transitions
    )


def _answers(before: Side, after: Side, stated: Mapping[str, Any], action: str) -> list[str]:
    case = {**_complete(before.law, stated, action), **_complete(after.law, stated, action)}
    sides = [(side, side.law.stack(PROFILE, ON).by_action[action]) for side in (before, after)]
    return [evaluate(norms, case, side.readings).modality for side, norms in sides]


def _complete(law: Law, stated: Mapping[str, Any], action: str) -> dict[str, Any]:
    """A situation completed: any fact of the action that is not stated has its first value."""
    names = {str(atom[1]) for n in law.stack(PROFILE, ON).by_action[action] for atom in atoms(n.condition)}
    firsts = {name: (*law.vocabulary.facts[name].domain, 0)[0] for name in names}
    return {**firsts, **{name: value for name, value in stated.items() if name in names}}
