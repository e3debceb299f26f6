"""Two laws on one action, side by side as Z3 terms over the same facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from brightline.law.chart import variables_of
from brightline.law.comparison import Side, standing_facts
from brightline.law.evaluate import ANSWERS
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.solver.lawterms import LawTerms
from brightline.law.solver.terms import Asker, Term, Terms
from brightline.law.solver.witness import Frame, Witness, witness
from brightline.law.solver.world import cases_of, usual_of
from brightline.law.ties import ties
from brightline.law.vocabulary import UNDECIDED, Value

__all__ = ["TwoSides"]

_OTHER = "'other"


class TwoSides:
    """One action of two sides, each with its own readings and standing facts fixed; what is left are facts that both share.

    A fact that only one side fixes is open on the other. Undecided readings whose values lead to different answers make
    the answer unsettled.

    Raises: BrightlineError `missing-extra`.
    """

    def __init__(self, before: Side, after: Side, action: str) -> None:
        self.sides, vocabulary = (before, after), before.law.vocabulary
        norms = [side.law.stack(side.profile, side.on).by_action.get(action, ()) for side in self.sides]
        both = [n for found in norms for n in found]
        told = set().union(*(facts_in(n.condition) for n in both))
        tied = [c.when for c in ties(before.law, told)]
        beyond = set().union(*map(facts_in, tied)) - told
        self.terms = Terms(vocabulary)
        self.asker = Asker(self.terms)
        self.variables = variables_of(both, vocabulary.facts, vocabulary.readings, tied)
        self.facts = [v for v in self.variables if not v.is_reading and v.name not in beyond]
        self.laws = [LawTerms(self.terms, found) for found in norms]
        self.standing = [standing_facts(side) for side in self.sides]
        possible = self.terms.condition(all_of(*(negate(when) for when in tied)))
        self.here = self.terms.every(self.terms.at(possible, self._known(which)) for which in (0, 1))

    def _known(self, which: int) -> dict[str, Value]:
        """What a side fixes: its profile's facts, and readings that are decided."""
        readings = {k: v for k, v in self.sides[which].readings.items() if v != UNDECIDED}
        return {**readings, **self.standing[which]}

    def _cases(self, which: int) -> list[dict[str, Value]]:
        """What a side fixes, for each choice of the readings that it leaves undecided."""
        named = [v.name for v in self.variables if v.is_reading]
        vocabulary, known = self.sides[which].law.vocabulary, self._known(which)
        chosen = {n: self.sides[which].readings.get(n, vocabulary.readings[n].default) for n in named}
        return [{**known, **case} for case in cases_of(vocabulary, chosen)]

    @cached_property
    def answers(self) -> Sequence[Mapping[str, Term]]:
        """For each side, where each word is the answer."""
        return [self._answers(which) for which in (0, 1)]

    def _answers(self, which: int) -> dict[str, Term]:
        terms, law = self.terms, self.laws[which]
        cases = self._cases(which)
        alike = {word: terms.every(terms.at(law.answers[word], case) for case in cases) for word in ANSWERS}
        others = [term for word, term in alike.items() if word != "unsettled"]
        return {**alike, "unsettled": terms.every(map(terms.no, others))}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every pair of answers, before and after."""
        return ((was, now) for was in ANSWERS for now in ANSWERS)

    def _both(self, was: str, now: str) -> Term:
        return self.terms.every([self.answers[0][was], self.answers[1][now]])

    def witness(self, was: str, now: str) -> Witness | None:
        """A situation that gets one answer before and another after, named by what is out of the usual to both sides."""
        usual = [usual_of(side, self.variables, {}) for side in self.sides]
        fixed = self.standing[0].keys() & self.standing[1].keys()
        shown = tuple(v for v in self.facts if v.name not in fixed)
        shared = {name: classes for name, classes in usual[0].items() if usual[1].get(name) == classes}
        frame = Frame(self.terms, self.asker, self.sides[0].law.vocabulary, self.variables, shown, shared, self.here)
        return witness(frame, self._both(was, now))

    def deciding(self, which: int, was: str, now: str) -> tuple[str, ...]:
        """The norms of a side that decide where the answer changes from one to another, the strongest rank first."""
        changes = self._both(was, now)
        found = [
            norm
            for case in self._telling(which, (was, now)[which])
            for norm, term in self._deciders(which, case)
            if self.asker.is_possible(self.here, changes, term)
        ]
        return tuple(dict.fromkeys(found))

    def _telling(self, which: int, word: str) -> list[dict[str, Value]]:
        """The choices of undecided readings whose norms are told: the first, or each where they make it unsettled."""
        cases = self._cases(which)
        return cases if word == "unsettled" else cases[:1]

    def _deciders(self, which: int, case: Mapping[str, Value]) -> Iterator[tuple[str, Term]]:
        """Each norm and where it is the one that is named for an answer."""
        for _, norm, term in self.laws[which].deciders():
            yield norm.id, self.terms.at(term, case)

    def has_other_norms(self) -> bool:
        """Whether some situation keeps its answer but rests on other norms."""
        no = self.terms.no
        return any(
            self.asker.is_possible(self.here, self._both(word, word), no(self._same_norms(word))) for word in ANSWERS
        )

    def _same_norms(self, word: str) -> Term:
        """Where the norms that are named for an answer are the same on both sides."""
        cases = list(zip(self._telling(0, word), self._telling(1, word), strict=False))
        return self.terms.every(self._same_in(before, after) for before, after in cases)

    def _same_in(self, before: Mapping[str, Value], after: Mapping[str, Value]) -> Term:
        """Where no norm is named on one side only."""
        sides = [dict[str, Term](), dict[str, Term]()]
        for which, case in enumerate((before, after)):
            for name, term in self._deciders(which, case):
                sides[which][name] = self.terms.some([term, *([sides[which][name]] if name in sides[which] else [])])
        never = self.terms.truth(False)
        names = dict.fromkeys((*sides[0], *sides[1]))
        return self.terms.every(sides[0].get(name, never) == sides[1].get(name, never) for name in names)

    def questions(self, which: int) -> set[str]:
        """The facts on which a side's answer turns: some two situations that are alike but for the fact get different ones."""
        terms, names = self.terms, [v.name for v in self.variables if not v.is_reading]
        answers = [terms.at(t, case) for case in self._cases(which) for t in self.laws[which].answers.values()]
        differ = terms.some(terms.every([a, terms.no(terms.copied(a, names, _OTHER))]) for a in answers)
        alike = {name: self._is_alike(name) for name in names}
        return {
            v.name for v in self.facts
            if self.asker.is_possible(differ, *(same for name, same in alike.items() if name != v.name))
        }  # fmt: skip

    def _is_alike(self, name: str) -> Term:
        """That a fact has the same value in both of two situations."""
        mine, other = self.terms.constants(name), self.terms.constants(name, _OTHER)
        return self.terms.every(one == two for one, two in zip(mine, other, strict=True))
