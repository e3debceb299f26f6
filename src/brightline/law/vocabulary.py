"""The controlled vocabulary: facts, actions, modalities, ranks, readings and profiles, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = [
    "UNDECIDED",
    "Action",
    "Contradiction",
    "Derivation",
    "Expression",
    "Fact",
    "InPlay",
    "Jurisdiction",
    "Modality",
    "Offer",
    "Presumption",
    "Profile",
    "Rank",
    "Reading",
    "Value",
    "Vocabulary",
    "prefixes",
]

Value = bool | int | str
# What a profile may choose in place of a reading's value: then differing outcomes are unsettled.
UNDECIDED = "undecided"
# A condition in normal form; see `expressions`.
Expression = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Presumption:
    """The part of a fact's domain taken for granted while nobody has stated the fact."""

    because: str
    values: tuple[Value, ...] = ()
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a number is worked out from two moments: hours or midnights between them."""

    start: str
    end: str
    unit: str
    excludes: tuple[str, ...] = ()
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that may be known about a request; `kind` is bool, enum, int, datetime or date."""

    name: str
    group: str
    kind: str
    handling: str
    question: str
    values: tuple[str, ...] = ()
    unit: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    presumed: Presumption | None = None
    presumed_name: str = ""
    derived: Derivation | None = None
    scope: str = ""

    @property
    def is_transient(self) -> bool:
        """Whether the fact is, or reveals, something that must never be stored."""
        return self.handling == "transient"

    @property
    def domain(self) -> tuple[Value, ...]:
        """The values of an enum or yes-or-no fact; empty for numbers and dates."""
        if self.kind == "bool":
            return (False, True)
        return self.values if self.kind == "enum" else ()


@dataclass(frozen=True, slots=True)
class Action:
    """Something staff may be asked to do (`act`) or told to do (`duty`)."""

    name: str
    kind: str
    meaning: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Modality:
    """A word a norm may use, the answer it leads to, and the lower-ranking modalities it takes away."""

    name: str
    answer_as: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Rank:
    """The standing of an authority; a higher `level` is stronger."""

    name: str
    level: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question of law that courts or agencies answer differently."""

    name: str
    applies_to: str
    values: tuple[str, ...]
    default: str
    issue: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose answer this is: a path, its standing facts and its chosen readings.

    `since` dates a standing fact or reading that holds from a day on only.
    """

    id: str
    name: str
    facts: Mapping[str, Value] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    federal_circuit: int | None = None
    time_zone: str = ""
    note: str = ""
    since: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InPlay:
    """Actions that a request puts in play while `when` holds."""

    when: Expression
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A combination of facts that cannot be so, and why."""

    when: Expression
    says: str


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What one folder of the corpus adds: names for conditions and sets of values."""

    path: str
    definitions: Mapping[str, Expression] = field(default_factory=dict)
    value_sets: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Values of a fact that a card or a picture names only where their condition may hold; any value may be stated.

    `says` tells, in the words of a presumption, what is left: `a job that the agency has`.
    """

    fact: str
    values: Mapping[str, Expression]
    says: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name the law may use, with the jurisdictions that add to it."""

    facts: Mapping[str, Fact]
    actions: Mapping[str, Action]
    modalities: Mapping[str, Modality]
    ranks: Mapping[str, Rank]
    readings: Mapping[str, Reading]
    profiles: Mapping[str, Profile]
    units: tuple[str, ...]
    excludes: tuple[str, ...]
    in_play: tuple[InPlay, ...]
    contradictions: tuple[Contradiction, ...]
    jurisdictions: Mapping[str, Jurisdiction]
    rolls: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()

    def profile_chain(self, profile: str) -> list[Profile]:
        """The profile and those above it in its path, the widest first; folders without a profile are skipped."""
        return [self.profiles[path] for path in prefixes(profile) if path in self.profiles]

    def standing_facts(self, profile: str, on: date) -> dict[str, Value]:
        """The facts a profile brings to every request on a date; the narrower profile wins."""
        merged: dict[str, Value] = {}
        for link in self.profile_chain(profile):
            merged.update({k: v for k, v in link.facts.items() if link.since.get(k, on) <= on})
        return merged

    def applying_readings(self, profile: str) -> frozenset[str]:
        """The readings that are contested where a profile is; elsewhere a reading keeps its default unasked."""
        paths = set(prefixes(profile))
        return frozenset(r.name for r in self.readings.values() if r.applies_to in paths)

    def chosen_readings(self, profile: str, on: date) -> dict[str, str]:
        """The value of every reading for a profile on a date: its own choice, or the default."""
        chosen = {r.name: r.default for r in self.readings.values()}
        for link in self.profile_chain(profile):
            chosen.update({k: v for k, v in link.readings.items() if link.since.get(k, on) <= on})
        return chosen

    def circuit(self, profile: str) -> int | None:
        """The federal circuit a profile sits in, if it is known."""
        found = [link.federal_circuit for link in self.profile_chain(profile) if link.federal_circuit]
        return found[-1] if found else None

    def time_zone(self, profile: str) -> str:
        """The profile's IANA time zone; empty when none is set."""
        found = [link.time_zone for link in self.profile_chain(profile) if link.time_zone]
        return found[-1] if found else ""


def prefixes(path: str) -> Iterator[str]:
    """Every folder on a path, the widest first: `us`, `us/mn`, `us/mn/hennepin`."""
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])
