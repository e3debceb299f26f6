"""Bills, as frozen values: what each would add to the law, remove from it and change in it, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.norms import Authority, Context, Norm
from brightline.law.vocabulary import Action, Expression, Fact, Reading

__all__ = ["Bill", "Change", "Companion", "Defined", "Exemption", "Fund", "Limb", "Removal", "Status"]


@dataclass(frozen=True, slots=True)
class Status:
    """What happened to a bill on a day, and where that was read."""

    on: date
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Companion:
    """A bill of the other chamber with the same effect."""

    citation: str
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception that a bill makes: the situations it covers."""

    id: str
    when: Expression
    says: str
    cites: str


@dataclass(frozen=True, slots=True)
class Limb:
    """A part of a definition: a law that prohibits one of the actions where `when` holds."""

    actions: tuple[str, ...]
    when: Expression
    cites: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A kind of jurisdiction that a bill defines by the law it has.

    A norm of one of the `ranks` makes it one if it prohibits what a limb names, save where the exemption `exempt`
    covers every such situation.
    """

    name: str
    says: str
    cites: str
    ranks: tuple[str, ...]
    limbs: tuple[Limb, ...]
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Fund:
    """Federal or state money that a bill puts at risk; `when` names the kind of jurisdiction that loses it."""

    says: str
    cites: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A norm that a bill takes out of the law."""

    norm: str
    cites: str
    where: str


@dataclass(frozen=True, slots=True)
class Change:
    """A norm that a bill rewrites: `draft` holds the new values of the `fields` named, which are those of a norm."""

    norm: str
    fields: tuple[str, ...]
    draft: Norm
    where: str

    def on(self, norm: Norm) -> Norm:
        """The norm with the fields replaced."""
        given = {name: getattr(self.draft, name) for name in self.fields}
        return replace(norm, **given, where=self.where)


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill. `start` is its fixed first day in force; None if it starts from enactment, as `starts_says` tells.

    `facts`, `actions` and `readings` are words that only this bill needs; they are known only where it is applied.
    """

    id: str
    title: str
    citation: str
    applies_to: str
    start: date | None
    starts_says: str
    statuses: tuple[Status, ...]
    source: str
    evidence: str
    verified_on: str
    sponsors: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    companions: tuple[Companion, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    value_sets: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    adds: tuple[Authority, ...] = ()
    removes: tuple[Removal, ...] = ()
    changes: tuple[Change, ...] = ()
    defines: tuple[Defined, ...] = ()
    funds: tuple[Fund, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    context: tuple[Context, ...] = ()
    unchanged: tuple[str, ...] = ()
    not_established: tuple[str, ...] = ()
    note: str = ""
    file: str = ""

    @property
    def is_encoded(self) -> bool:
        """Whether anything of what it does is written down; some bills are kept with their status only."""
        return bool(self.adds or self.removes or self.changes or self.defines or self.funds)

    @property
    def norm_ids(self) -> tuple[str, ...]:
        """The norms that it adds or changes."""
        return (*(n.id for a in self.adds for n in a.norms), *(c.norm for c in self.changes))

    def exemption(self, name: str) -> Exemption:
        """An exception by its id. Raises: BrightlineError `unknown-exception`."""
        found = {e.id: e for e in self.exemptions}
        if name not in found:
            raise BrightlineError(
                "unknown-exception",
                f"{shown(name)} is not an exception of `{self.id}`",
                near_misses(name, found, "it makes none"),
                "--exception",
            )
        return found[name]
