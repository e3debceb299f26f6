"""Proofs about the law of one profile on one date: theorems, each with its exact counterexamples. Never a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brightline.law.comparison import Side
from brightline.law.consistency import complete, consistent, supremacy_safe
from brightline.law.deadnorms import idle, no_dead_norm, no_empty_exception
from brightline.law.dependence import robust, status_blind
from brightline.law.errors import BrightlineError
from brightline.law.premises import Premises
from brightline.law.solver.proofs import solved_theorems
from brightline.law.solver.terms import refused_words
from brightline.law.theorem import THEOREMS, Theorem

__all__ = ["ActionProof", "Proofs", "prove", "prove_action"]

_PROVERS = (complete, consistent, no_dead_norm, no_empty_exception, supremacy_safe, status_blind, robust)


@dataclass(frozen=True, eq=False)
class ActionProof:
    """What is proved about one action. `situations` is how many there are; `idle` names norms that take no part here, and why.

    `solved` says why Z3 decided and nothing is counted, if the diagram outgrew its budget; `refused` why nothing was
    proved, if Z3 is not there or reached its limit.
    """

    action: str
    situations: int
    theorems: tuple[Theorem, ...]
    idle: Mapping[str, str]
    refused: str = ""
    solved: str = ""

    def theorem(self, name: str) -> Theorem:
        """A theorem by its name."""
        return next(t for t in self.theorems if t.name == name)


@dataclass(frozen=True, eq=False)
class Proofs:
    """What is proved about the law of a side, action by action in the order of their names."""

    side: Side
    actions: tuple[ActionProof, ...]

    def failing(self, name: str) -> tuple[ActionProof, ...]:
        """The actions on which a theorem does not hold."""
        return tuple(a for a in self.actions if not a.refused and not a.theorem(name).holds)

    @property
    def dead(self) -> tuple[str, ...]:
        """The norms that do nothing on any of their actions, though they bind here."""
        named = Counter(
            c.norms[0] for a in self.failing("no-dead-norm") for c in a.theorem("no-dead-norm").counterexamples
        )
        by_id = self.side.law.stack(self.side.profile, self.side.on).by_id
        proved = {a.action for a in self.actions if not a.refused}
        return tuple(
            sorted(
                n for n, times in named.items() if proved >= set(by_id[n].actions) and times == len(by_id[n].actions)
            )
        )


def prove(side: Side, actions: Iterable[str] | None = None) -> Proofs:
    """Every theorem about every action that some norm is about, or about the actions named.

    Raises: BrightlineError `unknown-profile`, `too-early`, `unknown-action`. An action whose diagram outgrows its
    budget is decided by Z3, or refused on its own; the others are proved.
    """
    names = sorted(side.law.stack(side.profile, side.on).by_action) if actions is None else list(actions)
    for name in names:
        side.law.action(name)
    return Proofs(side, tuple(prove_action(side, name) for name in names))


def prove_action(side: Side, action: str) -> ActionProof:
    """Every theorem about one action; decided by Z3, or refused with the reason, if its diagram outgrows the budget."""
    try:
        premises = Premises.of(side, action)
        theorems = tuple(prover(premises) for prover in _PROVERS)
        found = ActionProof(action, premises.situations(premises.possible).number, theorems, idle(premises))
        premises.forget()
        return found
    except BrightlineError as error:
        if error.code != "node-budget":
            raise
        return _solved(side, action, error.message)


def _solved(side: Side, action: str, why: str) -> ActionProof:
    """What Z3 proves about an action, and why it was asked; refused if it is not there or reached its limit."""
    try:
        return ActionProof(action, 0, *solved_theorems(side, action), solved=why)
    except BrightlineError as error:
        return ActionProof(action, 0, (), {}, refused_words(why, error))


assert len(_PROVERS) == len(THEOREMS)
