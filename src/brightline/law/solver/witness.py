"""A situation of a set, told by few facts, and the set itself in conditions where few of them are enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brightline.law.chart import Variable
from brightline.law.cover import Cube, cube_words
from brightline.law.solver.terms import Asker, Term, Terms
from brightline.law.vocabulary import Value, Vocabulary

__all__ = ["Frame", "Witness", "witness"]

_MOST_LINES = 10


@dataclass(frozen=True, eq=False)
class Frame:
    """What a situation is told in: `shown` are the facts that may be named, `usual` the classes of those left unnamed.

    `here` holds in every situation that can be; `variables` are all, by number.
    """

    terms: Terms
    asker: Asker
    vocabulary: Vocabulary
    variables: tuple[Variable, ...]
    shown: tuple[Variable, ...]
    usual: Mapping[str, Sequence[int]]
    here: Term


@dataclass(frozen=True, eq=False)
class Witness:
    """A situation of a set that was not counted. `example` names some of its facts, none of them needlessly.

    Whatever the facts that it does not name, with the standing and presumed ones as usual, the situation is in the set,
    if it can be at all. `is_fewest` says whether it is proved that no situation of the set is told by fewer facts.
    `model` is one complete situation.
    """

    example: Mapping[str, Value]
    is_fewest: bool
    model: Term
    frame: Frame
    term: Term
    loose: tuple[Term, ...]

    def position(self, name: str) -> int:
        """The class that a fact has in the complete situation."""
        variable = next(v for v in self.frame.variables if v.name == name)
        return self.frame.terms.position(variable, self.model)

    def lines(self, most: int = _MOST_LINES) -> tuple[str, ...]:
        """Conditions that together are exactly the set, among the situations that can be; empty if more than `most` are needed.

        Raises: BrightlineError `solver-limit`.
        """
        found: list[Cube] = []
        numbers = {v.name: i for i, v in enumerate(self.frame.variables)}
        left = self.term
        while (model := self.frame.asker.model(self.frame.here, left)) is not None:
            if len(found) == most:
                return ()
            literals = _prime(self.frame, self.term, model, self.loose)
            terms = [self.frame.terms.inside(v, positions) for v, positions in literals]
            left = self.frame.terms.every([left, self.frame.terms.no(self.frame.terms.every(terms))])
            found.append(Cube(tuple(sorted((numbers[v.name], positions) for v, positions in literals))))
        ordered = sorted(found, key=lambda c: (len(c.literals), c.literals))
        return tuple(cube_words(self.frame.vocabulary, self.frame.variables, cube) for cube in ordered)


def witness(frame: Frame, term: Term, loose: Sequence[Term] = ()) -> Witness | None:
    """A situation of a set, near to the usual, or None. `loose` are constants that the set may choose for itself.

    Raises: BrightlineError `solver-limit`.
    """
    model, usual = _most_usual(frame, term)
    if model is None:
        return None
    outside = _outside(frame, term, model, loose)
    base = [_region(frame, v) for v in usual]
    bound = [v for v in frame.shown if v.name in frame.usual and all(v is not u for u in usual)]
    # A fact that is presumed to be one of several values may still have to be named.
    free = [
        v for v in frame.shown if len(frame.usual.get(v.name, range(v.size))) > 1 and all(v is not b for b in bound)
    ]
    needed = _needed(frame, outside, model, free, [*base, *_values(frame, bound, model)])
    names = {v.name for v in (*bound, *needed)}
    example = {v.name: v.example(frame.terms.position(v, model)) for v in frame.shown if v.name in names}
    # One fact is the fewest where none was not enough, and the set has nothing to choose for itself.
    is_fewest = not example or (len(example) == 1 and not loose)
    return Witness(example, is_fewest, model, frame, term, tuple(loose))


def _most_usual(frame: Frame, term: Term) -> tuple[Term | None, list[Variable]]:
    """A model of a set in which no further fact could be as usual, and the facts that are."""
    asker = frame.asker
    model = asker.model(frame.here, term)
    if model is None:
        return None, []
    kept: list[Variable] = []
    waiting = [v for v in frame.shown if v.name in frame.usual]
    while waiting:
        # Those that are as usual in the model already are settled without a question.
        settled = [v for v in waiting if frame.terms.holds(_region(frame, v), model)]
        kept += settled
        waiting = [v for v in waiting if all(v is not s for s in settled)]
        while waiting:
            nearer = asker.model(frame.here, term, *(_region(frame, v) for v in (*kept, waiting[0])))
            if nearer is not None:
                model = nearer
                break
            waiting.pop(0)
    return model, kept


def _outside(frame: Frame, term: Term, model: Term, loose: Sequence[Term]) -> Term:
    """Where a situation is not in a set, with what the set chose for itself as it is in the model."""
    return frame.terms.no(frame.terms.as_in(term, model, loose))


def _needed(frame: Frame, outside: Term, model: Term, free: Sequence[Variable], base: Sequence[Term]) -> list[Variable]:
    """Facts of some, as they are in a model, none of which can be left out if a situation is to stay in the set."""
    asker, kept = frame.asker, list(zip(free, _values(frame, free, model), strict=True))
    while True:
        assumed = [frame.here, outside, *base, *(value for _, value in kept)]
        assert not asker.is_possible(*assumed), "a complete situation is in the set or outside it"
        blamed = asker.blamed(assumed)
        left = [pair for place, pair in enumerate(kept, 2 + len(base)) if place in blamed]
        if len(left) == len(kept):
            break
        kept = left
    for pair in tuple(kept):
        fewer = [other for other in kept if other is not pair]
        if not asker.is_possible(frame.here, outside, *base, *(value for _, value in fewer)):
            kept = fewer
    return [variable for variable, _ in kept]


def _values(frame: Frame, variables: Sequence[Variable], model: Term) -> list[Term]:
    """That some facts are as they are in a model."""
    return [frame.terms.inside(v, (frame.terms.position(v, model),)) for v in variables]


def _region(frame: Frame, variable: Variable) -> Term:
    return frame.terms.inside(variable, frame.usual[variable.name])


def _prime(frame: Frame, term: Term, model: Term, loose: Sequence[Term]) -> list[tuple[Variable, tuple[int, ...]]]:
    """Conditions around a model that stay inside a set: none can be dropped and no value added."""
    outside = _outside(frame, term, model, loose)
    needed = _needed(frame, outside, model, frame.shown, ())
    literals: list[tuple[Variable, tuple[int, ...]]] = [(v, (frame.terms.position(v, model),)) for v in needed]
    for place, (variable, _) in enumerate(literals):
        for position in range(variable.size):
            if position not in literals[place][1]:
                wider = list(literals)
                wider[place] = (variable, tuple(sorted((*literals[place][1], position))))
                terms = [frame.terms.inside(v, positions) for v, positions in wider]
                if not frame.asker.is_possible(frame.here, outside, *terms):
                    literals = wider
    return literals
