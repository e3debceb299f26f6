"""Whether norms of one action leave gaps or collide, decided by Z3: the theorems of `consistency`."""

from __future__ import annotations

from collections.abc import Iterator

from brightline.law.norms import Norm
from brightline.law.solver.lawterms import takes_away
from brightline.law.solver.terms import Term
from brightline.law.solver.world import World
from brightline.law.theorem import LOCAL, OTHER_READING, Counterexample, Theorem

__all__ = ["complete", "consistent", "supremacy_safe"]

_OPPOSITE = {"required": "prohibited", "prohibited": "required"}


def complete(world: World) -> Theorem:
    """Every situation has an answer; `witness` is a situation in which the law is silent."""
    missing = world.terms.no(world.terms.some(world.answers.values()))
    silent = world.terms.every([world.set_of(world.law.silent), world.answers["permitted"]])
    found = world.witness(missing)
    failing = () if found is None else (Counterexample("no answer", "no answer", witness=found),)
    return Theorem("complete", failing, witness=world.witness(silent))


def consistent(world: World) -> Theorem:
    """No requirement and prohibition of one rank stand side by side with nothing above them."""
    return Theorem("consistent", tuple(_clashes(world)))


def _clashes(world: World) -> Iterator[Counterexample]:
    law = world.law
    for first in law.commands:
        for second in law.commands:
            if first.level == second.level and (first.modality, second.modality) == ("required", "prohibited"):
                both = world.terms.every([law.decides(first), law.decides(second)])
                if found := world.witness(world.set_of(both)):
                    says = f"{first.id} requires it, {second.id} of the same rank prohibits it, and neither yields"
                    yield Counterexample("clash", says, None, (first.id, second.id), witness=found)


def supremacy_safe(world: World) -> Theorem:
    """No standing command goes against a higher norm, under any reading, and none is taken away by one."""
    law = world.law
    pairs = [pair for high in law.norms for low in law.commands for pair in _collisions(world, high, low)]
    pairs.sort(key=lambda c: (OTHER_READING in c.marks, LOCAL not in c.marks))
    return Theorem("supremacy-safe", (*_against_the_higher(world), *pairs))


def _collisions(world: World, high: Norm, low: Norm) -> Iterator[Counterexample]:
    marks = (LOCAL,) if low.authority.startswith(_place(high) + "/") and _place(low) != _place(high) else ()
    for kind, says, term in _kinds(world, high, low):
        if here := world.witness(world.set_of(term)):
            yield Counterexample(kind, says, None, (high.id, low.id), marks=marks, witness=here)
        elif there := world.witness(term, named=tuple(world.readings)):
            marks_there = (*marks, OTHER_READING)
            yield Counterexample(kind, says, None, (high.id, low.id), marks=marks_there, witness=there)


def _place(norm: Norm) -> str:
    """The folder that a norm's authority lies in."""
    return norm.authority.rpartition("/")[0]


def _kinds(world: World, high: Norm, low: Norm) -> Iterator[tuple[str, str, Term]]:
    law = world.law
    if high.level <= low.level:
        return
    if high.modality == _OPPOSITE[low.modality]:
        yield (
            f"{low.modality} against {high.modality}",
            f"{low.id} ({_rank(low)}) has it {low.modality}, {high.id} ({_rank(high)}) {high.modality}",
            world.terms.every([law.standing[high.id], law.standing[low.id]]),
        )
    if takes_away(high, low):
        yield (
            "taken away",
            f"{low.id} ({_rank(low)}) has it {low.modality}; {high.id} ({_rank(high)}) takes that away",
            world.terms.every([law.standing[high.id], law.active[low.id]]),
        )


def _against_the_higher(world: World) -> Iterator[Counterexample]:
    """Sentence 4, checked: the strongest standing command is the answer, under every reading."""
    law, terms = world.law, world.terms
    for level in sorted({n.level for n in law.commands}, reverse=True):
        for word, opposite in _OPPOSITE.items():
            alone = [law.stand(level, word), terms.no(law.stand(level, opposite)), law.topmost(level)]
            if found := world.witness(terms.every([*alone, terms.no(law.answers[word])]), named=tuple(world.readings)):
                says = f"the answer is not {word}, as the strongest norm has it"
                yield Counterexample("answer against the higher norm", says, witness=found)


def _rank(norm: Norm) -> str:
    return norm.rank.replace("_", " ")
