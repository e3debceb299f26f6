"""The law on one action as Z3 terms: which norms take part, which stand, and what is answered.

The same sentences as in `evaluate` and `chart`, written a third time; tests hold the three against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from brightline.law.evaluate import ANSWERS, answer_word
from brightline.law.norms import Norm
from brightline.law.solver.terms import Term, Terms

__all__ = ["LawTerms", "takes_away"]

_COMMANDS = ("required", "prohibited")


class LawTerms:
    """The norms of a stack on one action, the strongest rank first, as terms over facts and readings.

    `active` says of each norm where it takes part, `standing` where it is neither taken away nor beaten.
    """

    def __init__(self, terms: Terms, norms: Sequence[Norm]) -> None:
        self.terms, self.norms = terms, tuple(norms)
        self.active = {norm.id: self._takes_part(norm) for norm in norms}
        self.standing = self._standing()

    @property
    def commands(self) -> list[Norm]:
        """The norms that require or prohibit."""
        return [norm for norm in self.norms if norm.modality in _COMMANDS]

    def _takes_part(self, norm: Norm) -> Term:
        chosen = [self.terms.one_of(name, values) for name, values in norm.reading.items()]
        return self.terms.every([self.terms.condition(norm.condition), *chosen])

    def _standing(self) -> dict[str, Term]:
        terms, standing = self.terms, dict[str, Term]()
        for level in sorted({n.level for n in self.norms}, reverse=True):
            here = [n for n in self.norms if n.level == level]
            left = {n.id: terms.every([self.active[n.id], *self._not_taken(n, standing)]) for n in here}
            for norm in here:
                standing[norm.id] = self._unbeaten(norm, here, left, ())
        return standing

    def _not_taken(self, norm: Norm, standing: Mapping[str, Term]) -> list[Term]:
        return [self.terms.no(standing[s.id]) for s in self.norms if s.level > norm.level and takes_away(s, norm)]

    def _unbeaten(self, norm: Norm, here: Sequence[Norm], left: Mapping[str, Term], path: tuple[str, ...]) -> Term:
        special = [s for s in here if norm.id in s.derogates and s.id != norm.id and s.id not in path]
        beaten = [self._unbeaten(s, here, left, (*path, norm.id)) for s in special]
        return self.terms.every([left[norm.id], *map(self.terms.no, beaten)])

    def stand(self, level: int, word: str) -> Term:
        """Where a command of a rank and modality stands."""
        return self.terms.some(self.standing[n.id] for n in self.norms if n.level == level and n.modality == word)

    def topmost(self, level: int) -> Term:
        """Where no command of a rank above a level stands."""
        return self._topmost[level]

    @cached_property
    def _topmost(self) -> Mapping[int, Term]:
        """Each level's from the one above, so that a long list of ranks stays short to write."""
        found, above = dict[int, Term](), self.terms.truth(True)
        for level in sorted({n.level for n in self.norms}, reverse=True):
            found[level] = above
            stand = [self.terms.no(self.standing[n.id]) for n in self.commands if n.level == level]
            above = self.terms.every([above, *stand])
        return found

    @cached_property
    def answers(self) -> Mapping[str, Term]:
        """Where each word is the answer; everywhere exactly one is."""
        terms, found = self.terms, {word: list[Term]() for word in ANSWERS}
        for level in sorted({n.level for n in self.commands}, reverse=True):
            must, must_not, top = *(self.stand(level, word) for word in _COMMANDS), self.topmost(level)
            found["required"].append(terms.every([top, must, terms.no(must_not)]))
            found["prohibited"].append(terms.every([top, must_not, terms.no(must)]))
            found["unsettled"].append(terms.every([top, must, must_not]))
        joined = {word: terms.some(parts) for word, parts in found.items()}
        return {**joined, "permitted": terms.every(terms.no(self.standing[n.id]) for n in self.commands)}

    @cached_property
    def silent(self) -> Term:
        """Where no norm stands."""
        return self.terms.every(self.terms.no(self.standing[n.id]) for n in self.norms)

    def decides(self, norm: Norm) -> Term:
        """Where a norm is in the basis of the answer."""
        if norm.modality not in _COMMANDS:
            return self.terms.every([self.standing[norm.id], self.answers["permitted"]])
        clash = self.terms.every([self.topmost(norm.level), self.answers["unsettled"]])
        return self.terms.every([self.standing[norm.id], self.terms.some([self.answers[norm.modality], clash])])

    def deciders(self) -> Iterator[tuple[str, Norm, Term]]:
        """For each answer that a norm can lead to, where it is the norm that is named for it: the first that stands."""
        for word, level in ((w, n) for w in _COMMANDS for n in sorted({n.level for n in self.commands}, reverse=True)):
            here = [n for n in self.commands if n.level == level]
            yield from self._first(word, [n for n in here if n.modality == word], self.topmost(level))
            clash = self.terms.every([self.topmost(level), self.stand(level, word), self.stand(level, _opposite(word))])
            yield from self._first("unsettled", [n for n in here if n.modality == word], clash)
        allows = [n for n in self.norms if answer_word(n.modality) == "permitted"]
        yield from self._first("permitted", allows, self.answers["permitted"])

    def _first(self, word: str, norms: Sequence[Norm], where: Term) -> Iterator[tuple[str, Norm, Term]]:
        left = self.terms.every([where, self.answers[word]])
        for norm in norms:
            yield word, norm, self.terms.every([left, self.standing[norm.id]])
            left = self.terms.every([left, self.terms.no(self.standing[norm.id])])


def _opposite(word: str) -> str:
    return _COMMANDS[1 - _COMMANDS.index(word)]


def takes_away(strong: Norm, weak: Norm) -> bool:
    """Whether a norm takes away another, should it be of lower rank and both stand."""
    over = strong.overrides
    if over is None or answer_word(weak.modality) not in over.modalities:
        return False
    return not over.norms or weak.id in over.norms
