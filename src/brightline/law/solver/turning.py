"""What an answer turns on that it should not, or that is disputed, decided by Z3: the theorems of `dependence`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from brightline.law.chart import Variable
from brightline.law.expressions import facts_in
from brightline.law.norms import Norm
from brightline.law.solver.terms import Term
from brightline.law.solver.witness import Witness
from brightline.law.solver.world import World
from brightline.law.theorem import Counterexample, Theorem
from brightline.law.vocabulary import UNDECIDED

__all__ = ["robust", "status_blind"]

# Copies of the facts in which two situations differ.
_ONE, _TWO, _YES, _NO = "'1", "'2", "'yes", "'no"
_MOST_VALUES = 3


def status_blind(world: World) -> Theorem:
    """The recordable facts alone settle the answer; `witness` is a situation, of recordable facts, in which they do not."""
    names = _transient(world)
    joint = _on_facts(world, names)
    if joint is None:
        return Theorem("status-blind")
    alone = tuple(c for name in names for c in _on_fact(world, name))
    says = f"turns on {' and '.join(names)} together"
    together = Counterexample("turns on transient facts together", says, None, (), tuple(names), witness=joint)
    return Theorem("status-blind", alone or (together,), witness=joint)


def _transient(world: World) -> list[str]:
    facts = world.vocabulary.facts
    named = [v.name for v in world.variables if not v.is_reading and v.name not in world.standing]
    return [name for name in named if facts[name].is_transient]


def _apart(world: World, names: Sequence[str]) -> list[str]:
    """Facts that two situations may have differently: those named, and those that only contradictions name."""
    return [*names, *(name for name in world.beyond if name not in names)]


def _two_answers(world: World, names: Sequence[str]) -> Term:
    """Where two situations that can be, alike but for some facts, get different answers."""
    apart, copied = _apart(world, names), world.terms.copied
    differ = (
        world.terms.every([copied(term, apart, _ONE), world.terms.no(copied(term, apart, _TWO))])
        for term in world.answers.values()
    )
    both = [copied(world.here, apart, tag) for tag in (_ONE, _TWO)]
    return world.terms.every([world.terms.some(differ), *both])


def _copies(world: World, names: Sequence[str], *tags: str) -> list[Term]:
    return [c for name in _apart(world, names) for tag in tags for c in world.terms.constants(name, tag)]


def _on_facts(world: World, names: Sequence[str]) -> Witness | None:
    if not names:
        return None
    return world.witness(_two_answers(world, names), aside=names, inner=_copies(world, names, _ONE, _TWO))


def _on_fact(world: World, name: str) -> Iterator[Counterexample]:
    found = _on_facts(world, [name])
    if found is not None:
        norms = tuple(n.id for n in world.law.norms if _brings_in(world, n, name))
        says = f"turns on {name}, through {', '.join(norms)}"
        outcomes = _outcomes(world, name, found)
        yield Counterexample("turns on a transient fact", says, None, norms, (name,), outcomes, witness=found)


def _brings_in(world: World, norm: Norm, name: str) -> bool:
    """Whether a norm decides for one value of a fact and not for another, where the answer turns on the fact."""
    if name not in facts_in(norm.condition):
        return False
    apart, terms = _apart(world, [name]), world.terms
    yes = terms.every([world.set_of(world.law.decides(norm)), world.here])
    no = terms.every([*map(terms.no, _decides_somehow(world, norm)), world.here])
    sides = [terms.copied(yes, apart, _YES), terms.copied(no, apart, _NO)]
    return world.asker.is_possible(_two_answers(world, [name]), *sides)


def _decides_somehow(world: World, norm: Norm) -> list[Term]:
    """Where a norm decides, for each choice of the undecided readings."""
    return [world.terms.at(world.law.decides(norm), case) for case in world.cases({})]


def _outcomes(world: World, name: str, found: Witness) -> tuple[tuple[str, str], ...]:
    """The answer for each value of a fact in a situation, values with the same answer together."""
    variable, by_answer = world.by_name[name], dict[str, list[str]]()
    others = [v.name for v in world.variables if v is not variable and v.name not in world.beyond]
    rest = [c for other in others for c in world.terms.constants(other)]
    for position in range(variable.size):
        is_so = world.terms.inside(variable, (position,))
        if world.asker.is_possible(world.terms.as_in(world.here, found.model, rest), is_so):
            for word, term in world.answers.items():
                if world.asker.is_possible(world.terms.as_in(term, found.model, rest), is_so):
                    by_answer.setdefault(word, []).extend(_words_of(variable, position))
    return tuple((_listed(values), word) for word, values in by_answer.items())


def _words_of(variable: Variable, position: int) -> list[str]:
    values = [variable.example(position)] if variable.cuts else variable.classes[position]
    return [("yes" if v else "no") if isinstance(v, bool) else str(v) for v in values]


def _listed(values: Sequence[str]) -> str:
    more = len(values) - _MOST_VALUES
    return " or ".join(values[:_MOST_VALUES]) + (f" or {more} more" if more > 0 else "")


def robust(world: World) -> Theorem:
    """No reading changes the answer, alone or together; `witness` is a situation in which some readings do."""
    joint = _can_differ(world, tuple(world.readings))
    if joint is None:
        return Theorem("robust")
    alone = {name: _on_reading(world, name) for name in world.readings}
    found = [c for name, term in alone.items() for c in _alone(world, name, term)]
    return Theorem("robust", (*found, *_together(world, tuple(alone.values()))), witness=joint)


def _can_differ(world: World, names: Sequence[str], *further: Term) -> Witness | None:
    """A situation in which the answer differs between two choices of some readings and the undecided ones."""
    free = sorted({*names, *world.undecided})
    chosen = {k: v for k, v in world.chosen().items() if k not in free}
    answers = [world.terms.at(term, chosen) for term in world.law.answers.values()]
    differ = [world.terms.every([a, world.terms.no(world.terms.copied(a, free, _ONE))]) for a in answers]
    inner = [c for name in free for c in world.terms.constants(name, _ONE)]
    return world.witness(world.terms.every([world.terms.some(differ), *further]), inner=inner)


def _on_reading(world: World, name: str) -> Term:
    """The situations whose answer differs under another value of one reading."""
    chosen, values = world.readings[name], world.vocabulary.readings[name].values
    base = world.answers if chosen != UNDECIDED else world.answers_under({name: values[0]})
    others = [world.answers_under({name: value}) for value in values if value != chosen]
    no = world.terms.no
    return world.terms.some(world.terms.every([t, no(o[word])]) for o in others for word, t in base.items())


def _alone(world: World, name: str, term: Term) -> Iterator[Counterexample]:
    found = world.witness(term)
    if found is None:
        return
    chosen, outcomes = world.readings[name], []
    for value in world.vocabulary.readings[name].values:
        answers = world.answers_under({name: value})
        outcomes += [(value, word) for word, t in answers.items() if world.terms.holds(t, found.model)]
    left = "left undecided" if chosen == UNDECIDED else f"chosen: {chosen}"
    says = f"turns on {name} ({left})"
    yield Counterexample("turns on a reading", says, None, (), (name,), tuple(outcomes), witness=found)


def _together(world: World, alone: Sequence[Term]) -> Iterator[Counterexample]:
    """What no reading changes alone: the fewest that change an answer there together."""
    rest = [world.terms.no(term) for term in alone]
    if _can_differ(world, tuple(world.readings), *rest) is None:
        return
    for size in range(2, len(world.readings) + 1):
        for names in combinations(world.readings, size):
            if found := _can_differ(world, names, *rest):
                says = f"turns on {' with '.join(names)} only"
                yield Counterexample("turns on readings together", says, None, (), names, witness=found)
                return
