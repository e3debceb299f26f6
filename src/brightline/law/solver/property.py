"""A property that must hold, for an action whose diagram outgrew its budget: as in `properties`."""

from __future__ import annotations

from dataclasses import dataclass

from brightline.law.comparison import Side
from brightline.law.expressions import facts_in
from brightline.law.propertyfile import Property, rests_on
from brightline.law.solver.terms import Term
from brightline.law.solver.witness import Witness
from brightline.law.solver.world import World
from brightline.law.vocabulary import Expression

__all__ = ["SolvedCheck", "solved_check"]


@dataclass(frozen=True, eq=False)
class SolvedCheck:
    """What Z3 says of a property: whether it speaks of any situation here, and one that is against it."""

    speaks: bool
    witness: Witness | None = None
    answers: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()


def solved_check(side: Side, stated: Property, action: str, when: Expression) -> SolvedCheck:
    """A property decided by Z3 for one action.

    Raises: BrightlineError `missing-extra` without Z3, `solver-limit` where Z3 reached its limit of work.
    """
    world = World(side, action, (when,))
    covered = _spoken_of(world, stated, when)
    if not world.within(covered):
        return SolvedCheck(False)
    found = world.witness(world.terms.every([covered, _barred(world, stated)]))
    if found is None:
        return SolvedCheck(True)
    return SolvedCheck(True, found, _answers_at(world, stated, found), _norms_at(world, stated, found))


def _spoken_of(world: World, stated: Property, when: Expression) -> Term:
    """Where a property's condition is true; with presumptions too, unless it is strict or the condition names the fact."""
    parts = [world.terms.condition(when)]
    for variable in world.variables:
        presumed = None if variable.is_reading else world.vocabulary.facts[variable.name].presumed
        if stated.strict or presumed is None or variable.name in facts_in(when) or variable.name in world.standing:
            continue
        values = (
            variable.at_most(presumed.at_most)
            if presumed.at_most is not None
            else sorted({variable.position(v) for v in presumed.values})
        )
        parts.append(world.terms.inside(variable, values))
    return world.terms.every(parts)


def _barred(world: World, stated: Property) -> Term:
    """The situations that get an answer that a property bars, from the norms that it names if it names any."""
    if not stated.by:
        return world.terms.some(_answer(world, stated, word) for word in stated.barred)
    decide = [world.law.decides(n) for n in world.law.norms if any(rests_on(n.id, name) for name in stated.by)]
    barred = world.terms.some(world.law.answers[word] for word in stated.barred)
    return _under(world, stated, world.terms.every([world.terms.some(decide), barred]))


def _answer(world: World, stated: Property, word: str) -> Term:
    """Where a word is the answer under a property's readings, or under some readings if it is for any."""
    if isinstance(stated.readings, str):
        return _under(world, stated, world.law.answers[word])
    return world.answers_under({k: v for k, v in stated.readings.items() if k in world.readings})[word]


def _under(world: World, stated: Property, term: Term) -> Term:
    """A set under a property's readings; where they may be any, they stay open."""
    if isinstance(stated.readings, str):
        return world.terms.at(term, {n: v for n, v in world.standing.items() if world.by_name[n].is_reading})
    return world.set_of(term, {k: v for k, v in stated.readings.items() if k in world.readings})


def _answers_at(world: World, stated: Property, found: Witness) -> tuple[str, ...]:
    return tuple(w for w in world.law.answers if _is_met_at(world, _answer(world, stated, w), found))


def _norms_at(world: World, stated: Property, found: Witness) -> tuple[str, ...]:
    decide = {n.id: _under(world, stated, world.law.decides(n)) for n in world.law.norms}
    return tuple(name for name, term in decide.items() if _is_met_at(world, term, found))


def _is_met_at(world: World, term: Term, found: Witness) -> bool:
    """Whether a situation is in a set for some value of the readings that are open."""
    facts = [v.name for v in world.variables if not v.is_reading]
    constants = [c for name in facts for c in world.terms.constants(name)]
    return world.asker.is_possible(world.terms.as_in(term, found.model, constants))
