"""Norms of one action that do nothing in a profile, and exceptions that never apply, decided by Z3: as in `deadnorms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from brightline.law.deadnorms import FOR_OTHERS
from brightline.law.evaluate import answer_word
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import all_of
from brightline.law.norms import Norm
from brightline.law.solver.lawterms import takes_away
from brightline.law.solver.terms import Term
from brightline.law.solver.world import World
from brightline.law.theorem import OTHER_READING, Counterexample, Theorem

__all__ = ["idle", "no_dead_norm", "no_empty_exception"]

_MOST_NAMED = 3


def idle(world: World) -> Mapping[str, str]:
    """The norms that take no part for a reason outside the law: they bind others, or need a reading not chosen."""
    found = {norm.id: _outside(world, world.law.active[norm.id]) for norm in world.law.norms}
    return {name: why for name, why in found.items() if why}


def _outside(world: World, term: Term) -> str:
    """Why nothing is left of a set; empty if something is, or if nothing could ever be."""
    if world.is_met(term):
        return ""
    if world.within(term):
        return OTHER_READING
    return FOR_OTHERS if world.ever(term) else ""


def no_dead_norm(world: World) -> Theorem:
    """Every norm that binds here takes part, stands and decides somewhere, or beats, limits or takes away another."""
    aside = idle(world)
    return Theorem("no-dead-norm", tuple(c for n in world.law.norms if n.id not in aside for c in _dead(world, n)))


def _dead(world: World, norm: Norm) -> Iterator[Counterexample]:
    active, standing = world.set_of(world.law.active[norm.id]), world.set_of(world.law.standing[norm.id])
    if not world.within(active):
        yield Counterexample(
            "never takes part", f"{norm.id} never takes part: its conditions leave nothing", None, (norm.id,)
        )
    elif not world.within(standing):
        by = _beaters(world, norm)
        says = f"{norm.id} never stands: always beaten or taken away by {_listed(by)}"
        yield Counterexample("never stands", says, None, (norm.id, *by), witness=world.witness(active))
    elif not world.is_met(world.law.decides(norm)) and not _acts(world, norm):
        by = _outranking(world, norm)
        says = f"{norm.id} never decides: the answer always rests on {_listed(by)}"
        yield Counterexample("never decides", says, None, (norm.id, *by), witness=world.witness(standing))


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "") or "others"


def _acts(world: World, norm: Norm) -> bool:
    """Whether a norm has an effect without deciding: it beats or takes away another, or limits the time of what is required."""
    law, stands = world.law, world.law.standing[norm.id]
    hit = [law.active[n.id] for n in law.norms if _aims(norm, n)]
    if norm.within and answer_word(norm.modality) == "permitted":
        hit.append(law.answers["required"])
    return any(world.is_met(world.terms.every([stands, term])) for term in hit)


def _aims(norm: Norm, other: Norm) -> bool:
    """Whether a norm beats or takes away another where both take part."""
    special = other.id in norm.derogates and other.level == norm.level
    return special or (norm.level > other.level and takes_away(norm, other))


def _beaters(world: World, norm: Norm) -> tuple[str, ...]:
    law, active = world.law, world.law.active[norm.id]
    aiming = [n for n in law.norms if _aims(n, norm)]
    return tuple(n.id for n in aiming if world.is_met(world.terms.every([law.standing[n.id], active])))


def _outranking(world: World, norm: Norm) -> tuple[str, ...]:
    law, stands = world.law, world.law.standing[norm.id]
    others = [n for n in law.commands if n.id != norm.id]
    return tuple(n.id for n in others if world.is_met(world.terms.every([stands, law.decides(n)])))


def no_empty_exception(world: World) -> Theorem:
    """Every exception of a norm that takes part can apply somewhere, in this profile or another."""
    empty = [n.id for n in world.law.norms if n.unless != NEVER and _is_empty(world, n)]
    says = "the exception of {0} never applies where the norm does"
    found = (Counterexample("exception never applies", says.format(name), None, (name,)) for name in empty)
    return Theorem("no-empty-exception", tuple(found))


def _is_empty(world: World, norm: Norm) -> bool:
    applies = world.terms.condition(all_of(norm.binds, norm.when, norm.unless))
    return world.ever(world.law.active[norm.id]) and not world.ever(applies)
