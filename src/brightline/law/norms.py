"""Authorities and norms, as frozen values. What the law says, not what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from brightline.law.expressions import TRUE, all_of, negate
from brightline.law.vocabulary import Expression

__all__ = ["Authority", "Context", "Enjoined", "InForce", "Norm", "Overrides", "Rolls", "Within"]


@dataclass(frozen=True, slots=True)
class InForce:
    """Dates in force, both ends included; `to` is None while it stands."""

    start: date
    to: date | None = None

    def on(self, day: date) -> bool:
        """Whether the law is in force on a day."""
        return self.start <= day and (self.to is None or day <= self.to)

    def meets(self, other: InForce) -> bool:
        """Whether two intervals share a day."""
        return self.on(other.start) or other.on(self.start)


@dataclass(frozen=True, slots=True)
class Enjoined:
    """An interval in which a court keeps a law from being applied, for some profiles or for all."""

    interval: InForce
    paths: tuple[str, ...]
    by: str

    def stops(self, day: date, profile: str) -> bool:
        """Whether the injunction reaches a profile on a day."""
        inside = not self.paths or any(profile == p or profile.startswith(p + "/") for p in self.paths)
        return inside and self.interval.on(day)


@dataclass(frozen=True, slots=True)
class Overrides:
    """The lower-ranking norms a norm takes away: by modality, or by name only."""

    modalities: tuple[str, ...]
    norms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rolls:
    """The days over which a last day rolls forward, to the next day that is none of them."""

    over: tuple[str, ...]
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """A length of time as the law counts it; `calendar` names the holidays."""

    amount: int
    unit: str
    excludes: tuple[str, ...] = ()
    calendar: str = ""
    rolls: Rolls | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer time on a condition."""

    when: Expression
    within: Within
    cites: str


@dataclass(frozen=True, slots=True)
class Norm:
    """One rule of one authority. `id` is `authority#id`; `rank` and `level` are the authority's where it binds."""

    id: str
    actions: tuple[str, ...]
    modality: str
    rank: str
    level: int
    binds: Expression
    when: Expression
    unless: Expression
    reading: Mapping[str, tuple[str, ...]]
    overrides: Overrides | None
    derogates: tuple[str, ...]
    within: Within | None
    starts: str
    extends: Extension | None
    accompanies: tuple[str, ...]
    in_force: InForce
    enjoined: tuple[Enjoined, ...]
    cites: str
    evidence: str
    source: str
    verified_on: str
    says: str
    note: str = ""
    where: str = ""

    @property
    def condition(self) -> Expression:
        """When it takes part: it binds, its condition is true and its exception is not. Readings stand apart."""
        return all_of(self.binds, self.when, negate(self.unless) if self.unless else TRUE)

    @property
    def authority(self) -> str:
        """The authority's name."""
        return self.id.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Context:
    """Law that binds only federal officers, or explains; it decides nothing here."""

    says: str
    cites: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Authority:
    """One version of one authority, with its norms."""

    id: str
    version: str
    path: str
    title: str
    citation: str
    kind: str
    rank: str
    in_force: InForce
    source: str
    evidence: str
    verified_on: str
    norms: tuple[Norm, ...]
    circuits: tuple[int, ...] = ()
    binding_paths: tuple[str, ...] = ()
    enjoined: tuple[Enjoined, ...] = ()
    supersedes: tuple[str, ...] = ()
    context: tuple[Context, ...] = ()
    note: str = ""
    file: str = ""
    definitions: Mapping[str, str] = field(default_factory=dict)

    def binds_in(self, profile: str, circuit: int | None) -> bool:
        """Whether the authority has its own rank in a profile, or only persuades there."""
        if not self.circuits and not self.binding_paths:
            return True
        inside = any(profile == p or profile.startswith(p + "/") for p in self.binding_paths)
        return inside or (circuit is not None and circuit in self.circuits)
