"""Properties that must hold, proved for each profile and date: a theorem, or exactly where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from brightline.law.comparison import Side
from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.expressions import facts_in
from brightline.law.library import Law
from brightline.law.premises import Premises, Situations
from brightline.law.propertyfile import Property, condition_for, profiles_of, rests_on
from brightline.law.solver.property import solved_check
from brightline.law.solver.terms import refused_words
from brightline.law.solver.witness import Witness
from brightline.law.vocabulary import Expression

__all__ = ["Check", "check_property"]


@dataclass(frozen=True, eq=False)
class Check:
    """A property checked for one profile, date and action. `situations` is where it fails, None if nowhere.

    `covers` counts the situations that it speaks of; none means that it says nothing here. `answers` and `norms` are
    what one failing situation gets, and from which norms. `solved` says why Z3 decided and nothing is counted: then
    `covers` is 0, `speaks` says whether there are any such situations, and `witness` is a failing one.
    """

    stated: Property
    profile: str
    on: date
    action: str
    covers: int
    situations: Situations | None = None
    answers: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    refused: str = ""
    solved: str = ""
    speaks: bool = True
    witness: Witness | None = None

    @property
    def holds(self) -> bool:
        """Whether no situation is against the property; a refused check does not hold."""
        return self.situations is None and self.witness is None and not self.refused

    @property
    def is_empty(self) -> bool:
        """Whether it is known that no situation here is one that the property speaks of."""
        return not self.speaks or not (self.covers or self.solved or self.refused)


def check_property(law: Law, stated: Property, profiles: Iterable[str] | None = None) -> Iterator[Check]:
    """A property proved for each of its profiles (those named, if any), dates and actions.

    Raises: BrightlineError `too-early` for a date before the profile's law begins.
    """
    named = None if profiles is None else set(profiles)
    for profile in profiles_of(stated, law.vocabulary):
        if named is None or profile in named:
            for on in stated.on:
                yield from (_check(Side.of(law, profile, on), stated, action) for action in stated.actions)


def _check(side: Side, stated: Property, action: str) -> Check:
    when = condition_for(stated, side.law.vocabulary, side.profile)
    try:
        premises = Premises.of(side, action, (when,))
        covered = premises.set_of(_spoken_of(premises, stated, when))
        wrong = premises.diagram.both(covered, _barred(premises, stated))
        covers = premises.situations(covered).number
        if wrong == FALSE:
            return Check(stated, side.profile, side.on, action, covers)
        return _failed(premises, stated, action, covers, wrong)
    except BrightlineError as error:
        if error.code == "node-budget":
            return _solved(side, stated, action, when, error.message)
        error.where = stated.where
        raise


def _solved(side: Side, stated: Property, action: str, when: Expression, why: str) -> Check:
    """The check as Z3 decides it; refused if it is not there or reached its limit."""
    try:
        found = solved_check(side, stated, action, when)
    except BrightlineError as error:
        return Check(stated, side.profile, side.on, action, 0, refused=refused_words(why, error))
    return Check(
        stated, side.profile, side.on, action, 0, None, found.answers, found.norms, "", why, found.speaks, found.witness
    )


def _spoken_of(premises: Premises, stated: Property, when: Expression) -> int:
    """Where a property's condition is true; with presumptions too, unless it is strict or the condition names the fact."""
    node = premises.chart.condition_of(when)
    for number, variable in enumerate(premises.chart.variables):
        presumed = None if variable.is_reading else premises.side.law.vocabulary.facts[variable.name].presumed
        if stated.strict or presumed is None or variable.name in facts_in(when) or variable.name in premises.standing:
            continue
        values = (
            variable.at_most(presumed.at_most)
            if presumed.at_most is not None
            else {variable.position(v) for v in presumed.values}
        )
        node = premises.diagram.both(node, premises.diagram.literal(number, values))
    return node


def _barred(premises: Premises, stated: Property) -> int:
    """The situations that get an answer that a property bars, from the norms that it names if it names any."""
    answers = _answers(premises, stated)
    if not stated.by:
        return reduce(premises.diagram.either, (node for word, node in answers.items() if word in stated.barred), FALSE)
    return reduce(premises.diagram.either, _rested(premises, stated), FALSE)


def _answers(premises: Premises, stated: Property) -> Mapping[str, int]:
    if isinstance(stated.readings, str):
        return premises.some_answers(premises.readings)
    return premises.answers_under({k: v for k, v in stated.readings.items() if k in premises.readings})


def _rested(premises: Premises, stated: Property) -> Iterator[int]:
    modal, words = premises.chart.modal, set(stated.barred) & set(premises.chart.modal_words)
    for norm in premises.chart.norms:
        if any(rests_on(norm.id, name) for name in stated.by):
            decides = premises.decides(norm)
            yield from (
                _under(premises, stated, premises.diagram.both(decides, premises.where(modal, word)))
                for word in sorted(words)
            )


def _under(premises: Premises, stated: Property, node: int) -> int:
    """The situations of a set of the chart under a property's readings."""
    if isinstance(stated.readings, str):
        return premises.without_readings(premises.within(node, {}))
    return premises.set_of(node, {k: v for k, v in stated.readings.items() if k in premises.readings})


def _failed(premises: Premises, stated: Property, action: str, covers: int, wrong: int) -> Check:
    where = premises.situations(wrong)
    at = premises.diagram.at
    answers = [w for w, node in _answers(premises, stated).items() if at(node, where.point) == TRUE]
    norms = [
        n.id for n in premises.chart.norms if at(_under(premises, stated, premises.decides(n)), where.point) == TRUE
    ]
    return Check(stated, premises.side.profile, premises.side.on, action, covers, where, tuple(answers), tuple(norms))
