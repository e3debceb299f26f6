"""The theorems about an action whose diagram outgrew its budget."""

from __future__ import annotations

from collections.abc import Mapping

from brightline.law.comparison import Side
from brightline.law.solver.conflicts import complete, consistent, supremacy_safe
from brightline.law.solver.idlenorms import idle, no_dead_norm, no_empty_exception
from brightline.law.solver.turning import robust, status_blind
from brightline.law.solver.world import World
from brightline.law.theorem import THEOREMS, Theorem

__all__ = ["solved_theorems"]

_PROVERS = (complete, consistent, no_dead_norm, no_empty_exception, supremacy_safe, status_blind, robust)


def solved_theorems(side: Side, action: str) -> tuple[tuple[Theorem, ...], Mapping[str, str]]:
    """Every theorem about one action, and the norms that take no part, as Z3 decides them.

    Raises: BrightlineError `missing-extra` without Z3, `solver-limit` where Z3 reached its limit of work.
    """
    world = World(side, action)
    return tuple(prover(world) for prover in _PROVERS), idle(world)


assert len(_PROVERS) == len(THEOREMS)
