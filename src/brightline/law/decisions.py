"""What a list of norms answers on one action, as sets of situations: quicker than a chart, since it names no norm.

It says which modality is answered where, and where each norm still stands; a chart says besides which norm decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE, outcome, outcome_index
from brightline.law.evaluate import ANSWERS, answer_word
from brightline.law.norms import Norm

__all__ = ["Decisions", "terminal_of", "word_of"]


def terminal_of(word: str) -> int:
    """The terminal that stands for an answer."""
    return outcome(ANSWERS.index(word))


def word_of(terminal: int) -> str:
    """The answer that a terminal stands for."""
    return ANSWERS[outcome_index(terminal)]


class Decisions:
    """The answers of some norms over the facts of a chart; `active` says where each of them takes part."""

    def __init__(self, chart: Chart, norms: Sequence[Norm], active: Mapping[str, int]) -> None:
        self.chart, self.norms, self.diagram = chart, tuple(norms), chart.diagram
        self.levels = sorted({norm.level for norm in norms}, reverse=True)
        self.standing: dict[str, int] = {}
        for level in self.levels:
            here = [norm for norm in norms if norm.level == level]
            left = {norm.id: self._left(norm, active[norm.id]) for norm in here}
            self.standing.update({norm.id: self._unbeaten(norm, here, left, ()) for norm in here})
        self._commands = {
            level: (self._any("required", level), self._any("prohibited", level)) for level in self.levels
        }

    def _left(self, norm: Norm, node: int) -> int:
        """Where a norm takes part and no stronger one takes it away; the stronger ones are known by then."""
        word = answer_word(norm.modality)
        for strong in self.norms:
            over = strong.overrides
            if over and strong.level > norm.level and word in over.modalities and norm.id in (over.norms or (norm.id,)):
                node = self.diagram.select(self.standing[strong.id], FALSE, node)
        return node

    def _unbeaten(self, norm: Norm, here: Sequence[Norm], left: Mapping[str, int], path: tuple[str, ...]) -> int:
        node = left[norm.id]
        for special in here:
            if norm.id in special.derogates and special.id != norm.id and special.id not in path:
                node = self.diagram.select(self._unbeaten(special, here, left, (*path, norm.id)), FALSE, node)
        return node

    def _any(self, modality: str, level: int) -> int:
        nodes = (self.standing[n.id] for n in self.norms if n.level == level and n.modality == modality)
        return reduce(self.diagram.either, nodes, FALSE)

    @cached_property
    def modal(self) -> int:
        """The answer in every situation, as a diagram whose terminals stand for the words."""
        select, node = self.diagram.select, terminal_of("permitted")
        required, prohibited, unsettled = map(terminal_of, ("required", "prohibited", "unsettled"))
        for level in reversed(self.levels):
            musts, bans = self._commands[level]
            node = select(musts, select(bans, unsettled, required), select(bans, prohibited, node))
        return node

    def answered(self, word: str, level: int = 0) -> int:
        """Where the answer is a word; for `unsettled`, where norms of a level clash."""
        return self._answered.get((word, level), FALSE)

    @cached_property
    def _answered(self) -> Mapping[tuple[str, int], int]:
        select, either, undecided = self.diagram.select, self.diagram.either, TRUE
        found = {("required", 0): FALSE, ("prohibited", 0): FALSE}
        for level in self.levels:
            musts, bans = (select(undecided, node, FALSE) for node in self._commands[level])
            found["unsettled", level] = select(musts, bans, FALSE)
            found["required", 0] = either(found["required", 0], select(bans, FALSE, musts))
            found["prohibited", 0] = either(found["prohibited", 0], select(musts, FALSE, bans))
            undecided = select(either(musts, bans), FALSE, undecided)
        return {**found, ("permitted", 0): undecided}
