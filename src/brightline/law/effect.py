"""What bills would change for a profile: the answers, who is bound, which law yields, and what the bills define."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from brightline.law.bill import Bill, Fund
from brightline.law.clash import Clash, clashes
from brightline.law.comparison import (
    Comparison,
    Side,
    Transition,
    compare,
    fixed,
    possible_situations,
    standing_facts,
    usual_situations,
    usual_values,
)
from brightline.law.cover import smallest_example
from brightline.law.diagram import FALSE, TRUE
from brightline.law.kind import Kind, chart_over, kind_of
from brightline.law.library import Law
from brightline.law.norms import Norm
from brightline.law.overlay import apply_bills
from brightline.law.vocabulary import Value

__all__ = ["AtRisk", "Bound", "Dispute", "Effect", "Rewritten", "effect_of", "is_usual"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A norm of a bill and whether it binds somebody of the profile: `always`, `sometimes`, `unusual` or `never`.

    `unusual` means: only where a fact is not as it stands or is presumed; `example` names the fewest such facts.
    """

    norm: Norm
    reach: str
    example: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A norm that a bill changes, before and after; `old` is None on a date on which it is not in force."""

    old: Norm | None
    new: Norm


@dataclass(frozen=True, slots=True)
class Dispute:
    """The same comparison under another reading of contested law on which the bill's own norms rest."""

    reading: str
    value: str
    chosen: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Money that a bill puts at risk, and whether the profile's jurisdiction is one that would lose it."""

    bill: Bill
    fund: Fund
    applies: bool


@dataclass(frozen=True, eq=False)
class Effect:
    """Everything that bills would change for a profile on a date."""

    bills: tuple[Bill, ...]
    before: Side
    after: Side
    comparison: Comparison
    bound: tuple[Bound, ...]
    clashes: tuple[Clash, ...]
    rewritten: tuple[Rewritten, ...]
    disputes: tuple[Dispute, ...]
    kinds: tuple[Kind, ...]
    funds: tuple[AtRisk, ...]

    @property
    def is_encoded(self) -> bool:
        """Whether anything of the bills is written down."""
        return any(bill.is_encoded for bill in self.bills)

    @property
    def duties(self) -> tuple[Norm, ...]:
        """The bills' norms that require something of somebody in the profile or set a time for it."""
        return tuple(
            b.norm for b in self.bound if b.reach != "never" and (b.norm.modality == "required" or b.norm.within)
        )


def effect_of(
    law: Law, bills: Iterable[Bill], profile: str, on: date, readings: Mapping[str, str] | None = None
) -> Effect:
    """The exact effect of bills for a profile on a date, as if those that start from enactment were in force.

    Raises: BrightlineError `unknown-profile`, `too-early`, `node-budget`, or as `apply_bills` does.
    """
    chosen = tuple(bills)
    changed = apply_bills(law, chosen)
    # The same words on both sides, so that both compile over the same variables.
    base = Law(changed.vocabulary, law.authorities, law.calendars, law.fingerprint)
    names = ", ".join(bill.citation for bill in chosen)
    before = Side.of(base, profile, on, readings, f"{law.profile(profile).name} on {on}")
    after = Side.of(changed, profile, on, readings, f"{law.profile(profile).name} on {on}, with {names}")
    own = _own_norms(after, chosen)
    kinds = tuple(kind_of(before, bill, defined) for bill in chosen for defined in bill.defines)
    return Effect(
        chosen, before, after, compare(before, after),
        tuple(_bound(after, norm) for bill in chosen for norm in _written(changed, bill)),
        tuple(clashes(before, after, {n.id for n in own}, {r.norm for b in chosen for r in b.removes})),
        tuple(Rewritten(before.law.stack(profile, on).by_id.get(n.id), n) for n in own if n.id in {c.norm for b in chosen for c in b.changes}),
        tuple(_disputes(before, after, own)), kinds,
        tuple(AtRisk(bill, fund, _loses(bill, fund, kinds)) for bill in chosen for fund in bill.funds),
    )  # fmt: skip


def is_usual(transition: Transition) -> bool:
    """Whether a change shows in some situation in which every standing or presumed fact is as usual."""
    chart, usual = transition.chart, transition.usual
    return (
        chart.diagram.both(fixed(chart, transition.node, usual), usual_situations(transition.law, chart, usual))
        != FALSE
    )


def _own_norms(after: Side, bills: Sequence[Bill]) -> list[Norm]:
    """The bills' norms in the profile's stack on the date."""
    places = {n.where for bill in bills for n in _written(after.law, bill)}
    return [n for n in after.law.stack(after.profile, after.on).norms if n.where in places]


def _written(law: Law, bill: Bill) -> list[Norm]:
    """The norms that a bill adds or changes, as written; of a changed norm the newest version."""
    found = [n for a in bill.adds for n in a.norms]
    for change in bill.changes:
        folder = change.norm.partition("#")[0].rpartition("/")[0]
        versions = [
            n
            for a in law.authorities.get(folder, ())
            for n in a.norms
            if n.id == change.norm and n.where == change.where
        ]
        found.extend(versions[-1:])
    return found


def _bound(side: Side, norm: Norm) -> Bound:
    """Whether a norm binds, by its `binds` alone; its other conditions are the business of the comparison."""
    if norm.where not in {n.where for n in side.law.stack(side.profile, side.on).norms}:
        return Bound(norm, "never", {})
    chart = chart_over(side.law, "binds", [norm], [norm.binds])
    node = chart.diagram.both(
        fixed(chart, chart.condition_of(norm.binds), standing_facts(side)),
        fixed(chart, possible_situations(side.law, chart), standing_facts(side)),
    )
    usual = usual_values(side, chart)
    if node == FALSE:
        return Bound(norm, "never", {})
    here = fixed(chart, chart.condition_of(norm.binds), usual)
    if here == FALSE:
        return Bound(norm, "unusual", smallest_example(chart, node, TRUE, usual))
    return Bound(norm, "always" if here == TRUE else "sometimes", {})


def _disputes(before: Side, after: Side, own: Sequence[Norm]) -> Iterator[Dispute]:
    """The comparison under each other value of the readings that the bills' norms rest on."""
    known = after.law.vocabulary.readings
    for name in dict.fromkeys(reading for norm in own for reading in norm.reading):
        chosen = after.readings.get(name, known[name].default)
        for value in known[name].values:
            if value != chosen:
                sides = [replace(side, readings={**side.readings, name: value}) for side in (before, after)]
                yield Dispute(name, value, chosen, compare(sides[0], sides[1]))


def _loses(bill: Bill, fund: Fund, kinds: Sequence[Kind]) -> bool:
    return not fund.when or any(k.holds for k in kinds if k.bill is bill and k.defined.name == fund.when)
