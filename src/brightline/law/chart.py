"""The law on one action as a decision diagram: compiled once, asked many ways.

Variables are the facts that the norms mention, each cut down to the classes of values that the norms tell
apart, and the readings of law they turn on. Terminals are outcomes: a modality and the norm that decides
(two norms where the answer is unsettled).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from brightline.law.diagram import FALSE, NODE_BUDGET, TRUE, UNDECIDED, Diagram, outcome, outcome_index
from brightline.law.evaluate import answer_word
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.layers import met, overlaid
from brightline.law.norms import Norm
from brightline.law.variables import Variable, variables_of
from brightline.law.vocabulary import Expression, Fact, Reading

__all__ = ["Chart", "Outcome", "Variable", "variables_of"]


_COMMANDS = ("required", "prohibited")


class _Worked(dict[str, int]):
    """Diagrams by the name of a norm, each worked out when it is first asked for."""

    def __init__(self, work: Callable[[str], int]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, name: str) -> int:
        found = self[name] = self._work(name)
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered, and the norms that decide it; no norm means the law is silent."""

    modality: str
    norms: tuple[str, ...]


class Chart:
    """The compiled law on one action. `norms` are those of a stack, the strongest rank first.

    A chart made `beside` another shares its store, so that equal parts of two laws are the same node; both then
    need the same `variables`.
    """

    def __init__(
        self,
        action: str,
        norms: Sequence[Norm],
        facts: Mapping[str, Fact],
        readings: Mapping[str, Reading],
        budget: int = NODE_BUDGET,
        *,
        variables: tuple[Variable, ...] | None = None,
        beside: Chart | None = None,
        within: Expression = ALWAYS,
    ) -> None:
        self.action, self.norms = action, tuple(norms)
        self.variables = variables_of(norms, facts, readings) if variables is None else variables
        self.number = {variable.name: i for i, variable in enumerate(self.variables)}
        self.shown_order = sorted(
            range(len(self.variables)), key=lambda i: (-self.variables[i].mentions, self.variables[i].name)
        )
        self.diagram: Diagram = beside.diagram if beside else Diagram([v.size for v in self.variables], budget, action)
        self.outcomes: list[Outcome] = beside.outcomes if beside else []
        self._outcome_ids: dict[Outcome, int] = beside._outcome_ids if beside else {}
        self._conditions: dict[Expression, int] = beside._conditions if beside else {}
        self._within = within
        # Laws in one store have most layers in common; a law alone does not look back at what it laid.
        self._known: dict[tuple[int, int], int] | None = beside._known if beside else None if within == ALWAYS else {}
        self._by_id = {norm.id: norm for norm in self.norms}
        self.active: Mapping[str, int] = _Worked(self._active_of)
        self.standing: Mapping[str, int] = _Worked(self._standing_of)
        self._words: list[str] = beside._words if beside else []
        if within == ALWAYS:
            self.modal  # noqa: B018 -- a law too large for its budget is refused here
        self.first_gains: dict[tuple[tuple[int, ...], ...], dict[str, float]] = {}

    @cached_property
    def modal(self) -> int:
        """The answers as a diagram; `modal_words` says which terminal stands for which."""
        return self._laid(self._modal_outcome, is_named=False)

    @property
    def modal_words(self) -> list[str]:
        """The answers that some situation gets, in the order of the terminals of `modal`."""
        self.modal  # noqa: B018
        return self._words

    @cached_property
    def root(self) -> int:
        """The outcomes as a diagram, with the norms that decide: made when it is first asked for."""
        return self._laid(self._outcome, is_named=True)

    @cached_property
    def silent(self) -> int:
        """The situations on which no norm speaks: nothing commands, and nothing allows."""
        return self._laid(lambda modality, norms: FALSE if norms or modality != "permitted" else TRUE, is_named=True)

    # Building -----------------------------------------------------------------------------------
    def _active_of(self, name: str) -> int:
        """Where a norm takes part."""
        norm = self._by_id[name]
        node = self._condition(norm.condition)
        for name, values in norm.reading.items():
            number = self.number.get(name)
            if number is not None:
                chosen = [self.variables[number].position(value) for value in values]
                node = self.diagram.both(node, self.diagram.literal(number, chosen))
        return node if self._within == ALWAYS else self.diagram.both(node, self._condition(self._within))

    def _condition(self, expression: Expression) -> int:
        found = self._conditions.get(expression)
        if found is None:
            found = self._conditions[expression] = self._built(expression)
        return found

    def _built(self, expression: Expression) -> int:
        word, diagram = expression[0], self.diagram
        if word == "true":
            return TRUE
        if word == "false":
            return FALSE
        if word == "not":
            return diagram.opposite(self._condition(expression[1]))  # type: ignore[arg-type]
        if word in ("and", "or"):
            join = diagram.both if word == "and" else diagram.either
            node = TRUE if word == "and" else FALSE
            for part in reversed(expression[1:]):
                node = join(self._condition(part), node)  # type: ignore[arg-type]
            return node
        number = self.number[str(expression[1])]
        variable = self.variables[number]
        if word == "lt":
            return diagram.literal(number, range(bisect_right(variable.cuts, expression[2] - 1) + 1))  # type: ignore[operator]
        return diagram.literal(number, {variable.positions[v] for v in expression[2]})  # type: ignore[attr-defined]

    def _standing_of(self, name: str) -> int:
        """Where a norm takes part and is neither taken away nor beaten by a special rule."""
        return self._unbeaten(self._by_id[name], self._left, ())

    def _left(self, norm: Norm) -> int:
        """Where a norm takes part and no norm of higher rank takes it away."""
        node = self.active[norm.id]
        for strong in self._removers(norm):
            node = self.diagram.select(self.standing[strong.id], FALSE, node)
        return node

    def _removers(self, norm: Norm) -> list[Norm]:
        return [n for n in self.norms if n.overrides is not None and n.level > norm.level and _names(n, norm)]

    def _unbeaten(self, norm: Norm, left: Callable[[Norm], int], path: tuple[str, ...]) -> int:
        node = left(norm)
        for special in self.norms:
            if norm.id in special.derogates and special.level == norm.level and special.id not in (norm.id, *path):
                stands = self._unbeaten(special, left, (*path, norm.id))
                node = self.diagram.select(stands, FALSE, node)
        return node

    def _reached(self, norm: Norm) -> int:
        """Where a norm stands, if nothing that decides above its rank does: what those take away need not be left out."""
        return self._unbeaten(norm, self._left_over, ())

    def _left_over(self, norm: Norm) -> int:
        node = self.active[norm.id]
        for strong in self._removers(norm):
            if strong.modality not in _COMMANDS and strong.id not in self._lifting:
                node = self.diagram.select(self.standing[strong.id], FALSE, node)
        return node

    @cached_property
    def _lifting(self) -> set[str]:
        """The norms that only allow, and that take away every command of a lower rank: they decide where they stand."""
        commands = [n for n in self.norms if n.modality in _COMMANDS]
        return {
            n.id
            for n in self.norms
            if n.overrides is not None
            and answer_word(n.modality) == "permitted"
            and all(_names(n, c) for c in commands if c.level < n.level)
        }

    def _outcome(self, modality: str, norms: tuple[str, ...]) -> int:
        found = Outcome(modality, norms)
        if found not in self._outcome_ids:
            self._outcome_ids[found] = len(self.outcomes)
            self.outcomes.append(found)
        return outcome(self._outcome_ids[found])

    def _laid(self, name: Callable[[str, tuple[str, ...]], int], *, is_named: bool) -> int:
        """Sentences 4 to 6 as a diagram: what decides, where it stands, laid over what would decide without it.

        With `is_named`, a permission is an outcome of its own even if it takes nothing away.
        """
        diagram, layers, allowing = self.diagram, list[int](), list[int]()
        clash = self._clash if name == self._outcome else lambda first, second: name("unsettled", ())
        for level in sorted({n.level for n in self.norms}, reverse=True):
            here = [n for n in self.norms if n.level == level]
            required, prohibited = (self._first_of([n for n in here if n.modality == word], name) for word in _COMMANDS)
            layers.append(met(diagram, required, prohibited, clash))
            for norm in here:
                if norm.id in self._lifting:
                    allowed = overlaid(diagram, [*allowing, name("permitted", (norm.id,))])
                    layers.append(diagram.select(self._reached(norm), allowed, UNDECIDED))
                elif is_named and answer_word(norm.modality) == "permitted":
                    allowing.append(diagram.select(self._reached(norm), name("permitted", (norm.id,)), UNDECIDED))
        return overlaid(diagram, [*layers, *allowing, name("permitted", ())], self._known)

    def _first_of(self, norms: Sequence[Norm], name: Callable[[str, tuple[str, ...]], int]) -> int:
        """The outcome of the first of some norms that stands."""
        select, layers = self.diagram.select, [UNDECIDED]
        for norm in norms:
            layers.append(select(self._reached(norm), name(norm.modality, (norm.id,)), UNDECIDED))
        return overlaid(self.diagram, layers, self._known)

    def _clash(self, first: int, second: int) -> int:
        """The outcome where a requirement and a prohibition of one rank both stand."""
        norms = [name for terminal in (first, second) for name in self.outcomes[outcome_index(terminal)].norms]
        return self._outcome("unsettled", tuple(norms))

    def _modal_outcome(self, modality: str, norms: tuple[str, ...]) -> int:
        if modality not in self._words:
            self._words.append(modality)
        return outcome(self._words.index(modality))

    def condition_of(self, expression: Expression) -> int:
        """The diagram of a condition over the facts this chart knows."""
        return self._condition(expression)

    def joined(self, left: int, right: int) -> int:
        """Two roots as one: the left outcome where both answer alike, unsettled by the norms of both where they differ."""
        memo: dict[tuple[int, int], int] = {}

        def visit(a: int, b: int) -> int:
            if a == b:
                return a
            if a < 0 and b < 0:
                one, two = self.outcomes[outcome_index(a)], self.outcomes[outcome_index(b)]
                alike = one.modality == two.modality
                return a if alike else self._outcome("unsettled", tuple(dict.fromkeys((*one.norms, *two.norms))))
            if (a, b) not in memo:
                memo[a, b] = self.diagram.node(*self.diagram.split(a, b, visit))
            return memo[a, b]

        return visit(left, right)

    # Asking -------------------------------------------------------------------------------------
    def modalities(self, possible: Sequence[Sequence[int]]) -> set[str]:
        """The answers that the possible values allow."""
        return {self.modal_words[outcome_index(t)] for t in self.diagram.reach(self.modal, possible)}

    def only_modality(self, possible: Sequence[Sequence[int]]) -> str | None:
        """The one answer that the possible values allow; None where they allow several."""
        terminal = self.diagram.sole(self.modal, possible)
        return None if terminal is None else self.modal_words[outcome_index(terminal)]

    def outcome_at(self, values: Sequence[int]) -> Outcome:
        """The outcome for complete values, given as one class for each variable."""
        return self.outcomes[outcome_index(self.diagram.at(self.root, values))]


def _names(strong: Norm, weak: Norm) -> bool:
    over = strong.overrides
    if over is None or answer_word(weak.modality) not in over.modalities:
        return False
    return not over.norms or weak.id in over.norms
