"""Why an answer is given: the norm that it names first, and whether that is cited from memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE, outcome_index
from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm
from brightline.law.vocabulary import Fact
from brightline.replay.engine.columns import SILENT, UNVERIFIED
from brightline.replay.sql.ends import Choices, Ends

__all__ = ["Reasons"]

_COMMANDS = ("required", "prohibited")


class Reasons:
    """The norm named first and its marks: of the norms that certainly take part, else of those that may stand.

    With `whole`, all norms behind an answer count for the mark `unverified`, else those of the strongest rank.
    """

    def __init__(self, ends: Ends, choices: Choices, *, whole: bool) -> None:
        self.ends, self.choices, self.whole = ends, choices, whole
        self.norms, self.store = ends.chart.norms, ends.store
        self.level = {norm.id: norm.level for norm in self.norms}
        self.place = {norm.id: place for place, norm in enumerate(self.norms)}
        self.memory = {norm.id for norm in self.norms if norm.evidence == "memory"}
        self.active = {n.id: ends.is_(ends.sole(ends.chart.active[n.id], choices), TRUE) for n in self.norms}
        self.verdict = self._verdict()

    def for_word(self, word: str) -> int:
        """The reasons where the answer is a word."""
        told = self.ends.answer_of
        agrees = self.store.map_outcomes(self.verdict, lambda t: TRUE if told(t).modality == word else FALSE)
        return self.verdict if agrees == TRUE else self.store.select(agrees, self.verdict, self._possibly(word))

    def _verdict(self) -> int:
        """What the norms that certainly take part decide: a chart over who takes part, with the facts put in."""
        bits = _chart_of_bits([n for n in self.norms if self.active[n.id] != FALSE], self.active, self.store.budget)
        root, known = bits.root, dict[int, int]()
        first = [min(o.norms, key=self.place.__getitem__, default="") for o in bits.outcomes]
        ends = [self._end(o.modality, norm) for o, norm in zip(bits.outcomes, first, strict=True)]
        node = self.store.map_outcomes(self._put(bits, root, known), lambda t: ends[outcome_index(t)])
        stands = {n.id: self._put(bits, bits.standing[n.id], known) for n in bits.norms if n.id in self.memory}
        for outcome_, norm in zip(bits.outcomes, first, strict=True):
            node = self._unverified(node, outcome_.modality, norm, stands)
        return node

    def _put(self, bits: Chart, node: int, known: dict[int, int]) -> int:
        """A diagram over who takes part as one over the facts."""
        diagram = bits.diagram

        def visit(here: int) -> int:
            if here < 0:
                return here
            if here not in known:
                number = diagram.variable[here]
                variable, below = bits.variables[number], [visit(c) for c in diagram.children[here]]
                yes, no = below[variable.position(True)], below[variable.position(False)]
                known[here] = self.store.select(self.active[variable.name], yes, no)
            return known[here]

        return visit(node)

    def _end(self, word: str, norm: str, marks: int = 0) -> int:
        return self.ends.terminal(word, norm, marks if norm else SILENT if word == "permitted" else 0)

    def _possibly(self, word: str) -> int:
        """The first of the norms that may stand and lead to the word."""
        wanted = [n for n in self.norms if _leads_to(n, word)]
        stands = {n.id: self._may(self.ends.sole(self.ends.chart.standing[n.id], self.choices)) for n in wanted}
        node = self._end(word, "")
        for norm in reversed(wanted):
            node = self.store.select(stands[norm.id], self._end(word, norm.id), node)
        memory = {i: s for i, s in stands.items() if i in self.memory}
        for norm in wanted:
            node = self._unverified(node, word, norm.id, memory, is_alone=False)
        return node

    def _may(self, node: int) -> int:
        return self.store.map_outcomes(node, lambda t: FALSE if t == FALSE else TRUE)

    def _unverified(self, node: int, word: str, norm: str, stands: Mapping[str, int], *, is_alone: bool = True) -> int:
        """The reasons with the mark where the norm is first and a norm that counts beside it is cited from memory.

        `is_alone`: behind a clash stand the norms of its rank alone.
        """
        level = self.level
        among = [n for n in self.norms if n.id in stands and _leads_to(n, word)]
        counted = [
            n
            for n in among
            if norm and (n.level == level[norm] or (self.whole and not (is_alone and word == "unsettled")))
        ]
        end, marked = self._end(word, norm), self._end(word, norm, UNVERIFIED)
        is_first = self.ends.is_(node, end) if counted else FALSE
        for each in counted:
            node = self.store.select(self.store.both(is_first, stands[each.id]), marked, node)
        return node


def _leads_to(norm: Norm, word: str) -> bool:
    return norm.modality in _COMMANDS if word == "unsettled" else answer_word(norm.modality) == word


def _chart_of_bits(norms: Sequence[Norm], active: Mapping[str, int], budget: int) -> Chart:
    """The norms as a chart over one yes-or-no fact each: whether it takes part."""
    bare = [
        replace(n, binds=("true",), when=("true",) if active[n.id] == TRUE else ("in", n.id, (True,)), unless=("false",), reading={})
        for n in norms
    ]  # fmt: skip
    facts = {n.id: Fact(n.id, "", "bool", "recordable", "") for n in norms}
    return Chart("", bare, facts, {}, budget)
