"""Whether a jurisdiction is what a bill defines, by the law it has: decided by diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from brightline.law.bill import Bill, Defined, Limb
from brightline.law.chart import Chart, variables_of
from brightline.law.comparison import Side, fixed, possible_situations, standing_facts, usual_values
from brightline.law.cover import smallest_example
from brightline.law.diagram import FALSE, TRUE
from brightline.law.expressions import negate
from brightline.law.library import Law
from brightline.law.norms import Norm
from brightline.law.vocabulary import UNDECIDED, Expression, Value

__all__ = ["Caught", "Kind", "chart_over", "kind_of"]


@dataclass(frozen=True, slots=True)
class Caught:
    """A norm in force that makes a jurisdiction what a bill defines.

    `is_chosen` says that it does so under the profile's readings, `only_exempt` that the bill's exception covers
    every situation in which it does.
    """

    limb: Limb
    norm: Norm
    is_chosen: bool
    only_exempt: bool
    example: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Kind:
    """Whether a profile's jurisdiction is what a bill defines, and by which norms. Decided by diagrams.

    `readings` are those that the result turns on; empty if it is the same under every value of every reading.
    """

    bill: Bill
    defined: Defined
    caught: tuple[Caught, ...]
    readings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether a norm outside the exception makes it one, under the profile's readings."""
        return any(c.is_chosen and not c.only_exempt for c in self.caught)


def kind_of(side: Side, bill: Bill, defined: Defined) -> Kind:
    """What a bill's definition makes of a side's jurisdiction, with every norm that meets one of its limbs."""
    exempt = [e.when for e in bill.exemptions if e.id == defined.exempt]
    norms = [
        n for n in side.law.stack(side.profile, side.on).norms if n.modality == "prohibited" and n.rank in defined.ranks
    ]
    found = [
        c
        for limb in defined.limbs
        for norm in norms
        if set(norm.actions) & set(limb.actions)
        for c in _caught(side, limb, norm, exempt)
    ]
    return Kind(bill, defined, tuple(found), _turns_on(side, [c.norm for c in found if not c.only_exempt]))


def _turns_on(side: Side, norms: Sequence[Norm]) -> tuple[str, ...]:
    """The readings on which it turns whether one of the norms takes part: those of every combination are tried."""
    known = side.law.vocabulary.readings
    names = tuple(dict.fromkeys(name for norm in norms for name in norm.reading))
    meets = {
        any(all(combination[names.index(n)] in values for n, values in norm.reading.items()) for norm in norms)
        for combination in product(*(known[name].values for name in names))
    }
    return names if len(meets) > 1 else ()


def _caught(side: Side, limb: Limb, norm: Norm, exempt: Sequence[Expression]) -> Iterator[Caught]:
    """A limb that a norm meets in some situation that can be; nothing if it meets it in none."""
    chart = chart_over(side.law, limb.actions[0], [norm], [limb.when, *exempt])
    diagram, standing = chart.diagram, standing_facts(side)
    met = diagram.both(
        diagram.both(chart.active[norm.id], chart.condition_of(limb.when)), possible_situations(side.law, chart)
    )
    anyhow = fixed(chart, met, standing)
    here = fixed(chart, anyhow, {k: v for k, v in side.readings.items() if v != UNDECIDED})
    if anyhow == FALSE:
        return
    node = anyhow if here == FALSE else here
    for when in exempt:
        outside = diagram.both(node, chart.condition_of(negate(when)))
        if fixed(chart, outside, standing) == FALSE:
            yield Caught(
                limb, norm, here != FALSE, True, smallest_example(chart, node, TRUE, usual_values(side, chart))
            )
            return
        node = outside
    yield Caught(limb, norm, here != FALSE, False, smallest_example(chart, node, TRUE, usual_values(side, chart)))


def chart_over(law: Law, action: str, norms: Sequence[Norm], mentions: Sequence[Expression]) -> Chart:
    """A chart of some norms over their facts and those of further conditions."""
    vocabulary = law.vocabulary
    variables = variables_of(norms, vocabulary.facts, vocabulary.readings, mentions)
    return Chart(action, norms, vocabulary.facts, vocabulary.readings, variables=variables)
