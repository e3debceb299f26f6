"""What a question to Z3 about one action starts from: the law, what its profile fixes, and the situations that can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product

from brightline.law.chart import Variable, variables_of
from brightline.law.comparison import Side, standing_facts
from brightline.law.evaluate import ANSWERS
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.norms import Norm
from brightline.law.solver.lawterms import LawTerms
from brightline.law.solver.terms import Asker, Term, Terms
from brightline.law.solver.witness import Frame, Witness, witness
from brightline.law.ties import ties
from brightline.law.vocabulary import UNDECIDED, Expression, Value, Vocabulary

__all__ = ["World", "cases_of", "usual_of"]


class World:
    """One action of one side, ready for Z3, as `Premises` is for a diagram. Sets are terms over facts, with readings chosen.

    `standing` is what the profile fixes: its facts, and readings of questions that do not arise in it; `readings` are
    those that do, with the chosen values; `beyond` are facts that only contradictions name.

    INVARIANT: no presumption takes part: an unknown fact may be anything that the contradictions allow.

    Raises: BrightlineError `missing-extra`.
    """

    def __init__(self, side: Side, action: str, mentions: Sequence[Expression] = ()) -> None:
        self.side, self.vocabulary = side, side.law.vocabulary
        norms = side.law.stack(side.profile, side.on).by_action.get(action, ())
        told = _facts_of(norms, mentions)
        tied = [c.when for c in ties(side.law, told)]
        self.beyond = sorted(_facts_of((), tied) - told)
        self.variables = variables_of(norms, self.vocabulary.facts, self.vocabulary.readings, (*mentions, *tied))
        self.terms = Terms(self.vocabulary)
        self.law = LawTerms(self.terms, norms)
        self.asker = Asker(self.terms)
        self.standing, self.readings = self._fixed()
        self.undecided = [name for name, value in self.readings.items() if value == UNDECIDED]
        self._possible = self.terms.condition(all_of(*(negate(when) for when in tied)))

    def _fixed(self) -> tuple[dict[str, Value], dict[str, str]]:
        known = self.vocabulary.readings
        named = [v.name for v in self.variables if v.is_reading]
        chosen = {name: self.side.readings.get(name, known[name].default) for name in named}
        applying = self.vocabulary.applying_readings(self.side.profile)
        settled = {n: v for n, v in chosen.items() if n not in applying and v != UNDECIDED}
        facts = {n: v for n, v in standing_facts(self.side).items() if n in {v.name for v in self.variables}}
        return {**facts, **settled}, {n: v for n, v in chosen.items() if n not in settled}

    @cached_property
    def here(self) -> Term:
        """The situations that the contradictions and the standing facts leave."""
        fixed = [self.is_so(name, value) for name, value in self.standing.items()]
        return self.terms.every([self._possible, *fixed])

    @property
    def anyones(self) -> Term:
        """The situations that could be met by anyone, under any reading, standing facts aside."""
        return self._possible

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """The variables by the names of their facts and readings."""
        return {variable.name: variable for variable in self.variables}

    def is_so(self, name: str, value: Value) -> Term:
        """That a fact has a value of the same class, or a reading a value."""
        variable = self.by_name[name]
        return self.terms.inside(variable, (variable.position(value),))

    def chosen(self, other: Mapping[str, str] | None = None) -> dict[str, Value]:
        """The readings that are chosen, settled ones included; `other` are chosen in place of the side's own."""
        settled = {n: v for n, v in self.standing.items() if self.by_name[n].is_reading}
        return {**settled, **{k: v for k, v in {**self.readings, **(other or {})}.items() if v != UNDECIDED}}

    def set_of(self, term: Term, other: Mapping[str, str] | None = None) -> Term:
        """A set under the chosen readings; undecided ones stay open."""
        return self.terms.at(term, self.chosen(other))

    def ever(self, term: Term) -> bool:
        """Whether a set could be met by anyone, under any reading, standing facts aside."""
        return self.asker.is_possible(term, self.anyones)

    def within(self, term: Term) -> bool:
        """Whether a set can be met here, under any reading that is contested here."""
        return self.asker.is_possible(term, self.here)

    def is_met(self, term: Term) -> bool:
        """Whether a set can be met here, under the chosen readings."""
        return self.within(self.set_of(term))

    @cached_property
    def answers(self) -> Mapping[str, Term]:
        """The situations that get each answer under the chosen readings."""
        return self.answers_under({})

    def answers_under(self, other: Mapping[str, str]) -> dict[str, Term]:
        """The situations that get each answer with some readings chosen otherwise.

        Where the values of undecided readings lead to different answers, the answer is unsettled.
        """
        cases = self.cases(other)
        alike = {
            word: self.terms.every(self.terms.at(self.law.answers[word], case) for case in cases) for word in ANSWERS
        }
        others = [term for word, term in alike.items() if word != "unsettled"]
        return {**alike, "unsettled": self.terms.every(map(self.terms.no, others))}

    def cases(self, other: Mapping[str, str]) -> list[dict[str, Value]]:
        """The choices of every reading that the undecided ones leave; `other` are chosen in place of the side's own."""
        open_readings = dict.fromkeys(self.readings, UNDECIDED)
        return cases_of(self.vocabulary, {**open_readings, **self.chosen(other)})

    def witness(
        self, term: Term, *, aside: Sequence[str] = (), inner: Sequence[Term] = (), named: Sequence[str] = ()
    ) -> Witness | None:
        """A situation of a set; None if there is none.

        `aside` are facts that the set leaves out, and `inner` constants that it may choose for itself. Readings that it
        still turns on may have any value; those in `named` are told with the situation where they are not as chosen.
        """
        open_readings = [v.name for v in self.variables if v.is_reading and v.name not in named]
        hidden = {*aside, *open_readings, *self.beyond}
        shown = [v for v in self.variables if v.name not in hidden and v.name not in self.standing]
        usual = usual_of(self.side, shown, {name: self.readings.get(name, UNDECIDED) for name in named})
        loose = [c for name in (*open_readings, *self.beyond) for c in self.terms.constants(name)]
        frame = Frame(self.terms, self.asker, self.vocabulary, self.variables, tuple(shown), usual, self.here)
        return witness(frame, term, (*loose, *inner))


def cases_of(vocabulary: Vocabulary, chosen: Mapping[str, Value]) -> list[dict[str, Value]]:
    """The choices of readings that the undecided ones of some leave, the first values first."""
    left = [name for name, value in chosen.items() if value == UNDECIDED]
    rows = product(*(vocabulary.readings[name].values for name in left))
    return [{**chosen, **dict(zip(left, row, strict=True))} for row in rows]


def usual_of(side: Side, variables: Iterable[Variable], readings: Mapping[str, str]) -> Mapping[str, Sequence[int]]:
    """The classes in which an example leaves a name untold: those of standing and presumed facts and chosen readings."""
    standing, found = standing_facts(side), dict[str, Sequence[int]]()
    for variable in variables:
        presumed = None if variable.is_reading else side.law.vocabulary.facts[variable.name].presumed
        if variable.is_reading:
            chosen = readings.get(variable.name, UNDECIDED)
            found |= {} if chosen == UNDECIDED else {variable.name: (variable.position(chosen),)}
        elif variable.name in standing:
            found[variable.name] = (variable.position(standing[variable.name]),)
        elif presumed is not None and presumed.at_most is not None:
            found[variable.name] = (variable.position(presumed.at_most),)
        elif presumed is not None:
            found[variable.name] = sorted({variable.position(value) for value in presumed.values})
    return found


def _facts_of(norms: Iterable[Norm], mentions: Iterable[Expression]) -> set[str]:
    return set().union(*(facts_in(n.condition) for n in norms), *map(facts_in, mentions))
