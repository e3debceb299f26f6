"""What is known about one request: stated facts, standing facts, presumptions, and what never leaves memory.

Transient facts live in `Transient`, which shows their names and has no way to be copied, stored or serialized.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from brightline.law.deadlines import count
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import facts_in
from brightline.law.library import Law
from brightline.law.vocabulary import UNDECIDED, Contradiction, Expression, Fact, Presumption, Value
from brightline.law.vocabularyfile import scope_at

__all__ = [
    "Moment",
    "Situation",
    "Transient",
    "check_contradictions",
    "known_fact",
    "parse_value",
    "ruled_out_of",
    "situation",
    "truth",
]

Moment = datetime | date
_YES = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}


class Transient:
    """Facts that may be used to answer and have no way to be kept: only their names can be seen."""

    __slots__ = ("__held",)

    def __init__(self, held: Mapping[str, Value] | None = None) -> None:
        self.__held = dict(held or {})

    def __contains__(self, name: object) -> bool:
        return name in self.__held

    def __iter__(self) -> Iterator[str]:
        return iter(self.__held)

    def __len__(self) -> int:
        return len(self.__held)

    def value_in_use(self, name: str) -> Value:
        """The value, for the length of one answer. Nothing that calls this may keep what it gets."""
        return self.__held[name]

    def with_fact(self, name: str, value: Value) -> Transient:
        """These facts and one more."""
        return Transient({**self.__held, name: value})

    def without(self, name: str) -> Transient:
        """These facts but one."""
        return Transient({k: v for k, v in self.__held.items() if k != name})

    def __repr__(self) -> str:
        return f"<transient facts known: {', '.join(sorted(self.__held)) or 'none'}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("transient facts cannot be copied, pickled or stored")

    def __getstate__(self) -> NoReturn:
        raise TypeError("transient facts cannot be copied, pickled or stored")

    def __copy__(self) -> NoReturn:
        raise TypeError("transient facts cannot be copied, pickled or stored")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("transient facts cannot be copied, pickled or stored")


@dataclass(frozen=True, eq=False)
class Situation:
    """One request under one profile on one date. `stated` and `standing` hold recordable facts only."""

    law: Law
    profile: str
    on: date
    stated: Mapping[str, Value]
    standing: Mapping[str, Value]
    moments: Mapping[str, Moment]
    derived: Mapping[str, int]
    transient: Transient
    readings: Mapping[str, str]
    strict: bool = False
    ruled_out: Mapping[str, frozenset[Value]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Situation(profile={self.profile!r}, on={self.on}, known={sorted(self.known())}, transient={self.transient!r})"

    def known(self) -> set[str]:
        """The names of all facts that are known."""
        return {*self.stated, *self.standing, *self.moments, *self.derived, *self.transient}

    def is_known(self, name: str) -> bool:
        """Whether a fact is stated, standing or worked out."""
        return (
            name in self.stated
            or name in self.standing
            or name in self.derived
            or name in self.transient
            or name in self.moments
        )

    def value(self, name: str) -> Value | None:
        """The value of a known fact of a finite kind; None if it is not known. For use within one answer only."""
        if name in self.stated:
            return self.stated[name]
        if name in self.transient:
            return self.transient.value_in_use(name)
        if name in self.derived:
            return self.derived[name]
        return self.standing.get(name)

    def presumption(self, name: str) -> Presumption | None:
        """The presumption that an unknown fact falls under; None when known, strict or without one."""
        if self.strict or self.is_known(name):
            return None
        presumed = self.law.vocabulary.facts[name].presumed
        if presumed is None or name not in self.ruled_out:
            return presumed
        left = tuple(v for v in presumed.values if v not in self.ruled_out[name])
        return replace(presumed, values=left) if left or presumed.at_most is not None else None

    def with_fact(self, name: str, raw: object) -> Situation:
        """The situation with one more fact stated. Raises: BrightlineError as `situation` does."""
        given: dict[str, object] = {**self.stated, **self.moments, name: raw}
        for known in self.transient:
            given.setdefault(known, self.transient.value_in_use(known))
        return situation(self.law, self.profile, given, on=self.on, strict=self.strict, readings=self.readings)

    def without(self, name: str) -> Situation:
        """The situation with one stated fact taken back."""
        given: dict[str, object] = {k: v for k, v in {**self.stated, **self.moments}.items() if k != name}
        for known in self.transient:
            if known != name:
                given[known] = self.transient.value_in_use(known)
        return situation(self.law, self.profile, given, on=self.on, strict=self.strict, readings=self.readings)


def situation(
    law: Law,
    profile: str,
    facts: Mapping[str, object],
    *,
    on: date,
    strict: bool = False,
    readings: Mapping[str, str] | None = None,
) -> Situation:
    """What is known, checked against the vocabulary; a fact given as None is unknown.

    Raises: BrightlineError `unknown-profile`, `unknown-fact`, `unknown-value`, `contradiction`, `derived-fact`,
    `unknown-reading`.
    """
    law.profile(profile)
    vocabulary = law.vocabulary
    zone = vocabulary.time_zone(profile)
    scope = scope_at(vocabulary, profile)
    stated: dict[str, Value] = {}
    moments: dict[str, Moment] = {}
    hidden: dict[str, Value] = {}
    for name, raw in facts.items():
        fact = known_fact(name, scope.facts, vocabulary.facts)
        if raw is None:
            continue
        value = parse_value(fact, raw, zone)
        if fact.is_transient:
            hidden[name] = value  # type: ignore[assignment]
        elif isinstance(value, date):
            moments[name] = value
        else:
            stated[name] = value
    standing = {k: v for k, v in vocabulary.standing_facts(profile, on).items() if k not in stated}
    chosen = {**vocabulary.chosen_readings(profile, on), **_checked_readings(law, readings or {})}
    found = Situation(
        law,
        profile,
        on,
        stated,
        standing,
        moments,
        _derived(law, profile, stated, moments),
        Transient(hidden),
        chosen,
        strict,
    )
    check_contradictions(found)
    ruled_out = ruled_out_of(found)
    return replace(found, ruled_out=ruled_out) if ruled_out else found


def known_fact(name: str, visible: Mapping[str, Fact], every: Mapping[str, Fact]) -> Fact:
    """The fact of a name; those that are `visible` are offered where there is none. Raises: BrightlineError `unknown-fact`."""
    fact = visible.get(name) or every.get(name)
    if fact is None:
        raise BrightlineError(
            "unknown-fact",
            f"unknown fact {shown(name)}",
            near_misses(name, visible, "see docs/reference/vocabulary.md"),
            "facts",
        )
    return fact


def _checked_readings(law: Law, readings: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in readings.items():
        reading = law.vocabulary.readings.get(name)
        if reading is None:
            raise BrightlineError(
                "unknown-reading",
                f"unknown reading {shown(name)}",
                near_misses(name, law.vocabulary.readings, "see docs/reference/vocabulary.md"),
                "readings",
            )
        if value not in (*reading.values, UNDECIDED):
            raise BrightlineError(
                "unknown-reading",
                f"{shown(value)} is not a value of `{name}`",
                near_misses(value, reading.values),
                "readings",
            )
    return readings


def parse_value(fact: Fact, raw: object, zone: str = "") -> Value | Moment:
    """The value of a fact as a user, a YAML or a JSON file wrote it.

    A date or time without an offset is taken in the profile's `zone`. An error about a transient fact never
    repeats what was written. Raises: BrightlineError `unknown-value`.
    """
    reader = {"bool": _yes_or_no, "enum": _word, "int": _number, "datetime": _moment, "date": _day}[fact.kind]
    value = reader(fact, raw, zone)
    if value is None:
        word = "the value given" if fact.is_transient else shown(raw)
        raise BrightlineError("unknown-value", f"{word} is not a value of `{fact.name}`", _expected(fact, raw), "facts")
    return value


def _expected(fact: Fact, raw: object) -> str:
    if fact.kind == "enum":
        near = "" if fact.is_transient else near_misses(raw, fact.values)
        return near or "known: " + ", ".join(f"`{v}`" for v in fact.values)
    return {
        "bool": "write true or false",
        "int": f"write a whole number of {fact.unit or 'units'}, 0 or more",
        "datetime": "write a time with its offset, such as 2026-01-16T18:05:00-06:00",
        "date": "write a date such as 2026-01-16",
    }[fact.kind]


def _yes_or_no(fact: Fact, raw: object, zone: str) -> Value | None:
    return raw if isinstance(raw, bool) else _YES.get(str(raw).strip().lower())


def _word(fact: Fact, raw: object, zone: str) -> Value | None:
    word = str(raw).strip()
    return word if isinstance(raw, str) and word in fact.values else None


def _number(fact: Fact, raw: object, zone: str) -> Value | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        return None
    text = str(raw).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _moment(fact: Fact, raw: object, zone: str) -> Moment | None:
    try:
        value = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    except ValueError:
        return None
    if value.tzinfo is None:
        if not zone or (not isinstance(raw, datetime) and len(str(raw).strip()) <= 10):
            return None
        value = value.replace(tzinfo=ZoneInfo(zone))
    return value if 1900 <= value.year <= 2200 else None


def _day(fact: Fact, raw: object, zone: str) -> Moment | None:
    if isinstance(raw, datetime):
        return None
    try:
        value = raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())
    except ValueError:
        return None
    return value if 1900 <= value.year <= 2200 else None


def _derived(law: Law, profile: str, stated: Mapping[str, Value], moments: Mapping[str, Moment]) -> dict[str, int]:
    found = {}
    for fact in law.vocabulary.facts.values():
        rule = fact.derived
        if rule is None:
            continue
        if fact.name in stated:
            raise BrightlineError(
                "derived-fact",
                f"`{fact.name}` is worked out, not stated",
                f"state `{rule.start}` and `{rule.end}` instead",
                "facts",
            )
        start, end = moments.get(rule.start), moments.get(rule.end)
        if isinstance(start, datetime) and isinstance(end, datetime):
            if end < start:
                raise BrightlineError(
                    "contradiction", f"`{rule.end}` is before `{rule.start}`", "check the two times", "facts"
                )
            zone = law.vocabulary.time_zone(profile)
            calendar = law.calendar(rule.calendar, profile) if rule.excludes else None
            found[fact.name] = count(start, end, rule.unit, rule.excludes, calendar, ZoneInfo(zone) if zone else None)
    return found


def check_contradictions(found: Situation) -> None:
    """Refuse facts that cannot all be so, whatever is not known. Raises: BrightlineError `contradiction`."""
    for line in found.law.vocabulary.contradictions:
        if truth(line.when, found, presume=False) is True:
            raise _contradiction(f"{line.says[0].lower()}{line.says[1:].rstrip('.')}")


def _contradiction(words: str) -> BrightlineError:
    return BrightlineError(
        "contradiction", f"the facts contradict each other: {words}", "check the facts and ask again", "facts"
    )


def ruled_out_of(found: Situation) -> dict[str, frozenset[Value]]:
    """The values of unknown facts that would contradict what is known.

    A known transient fact rules nothing out, since what it rules out would tell what it is.
    Raises: BrightlineError `contradiction` where nothing would be left.
    """
    out: dict[str, set[Value]] = {}
    for line in found.law.vocabulary.contradictions:
        names = facts_in(line.when)
        unknown = [n for n in names if not found.is_known(n)]
        if len(unknown) == 1 and not any(n in found.transient for n in names):
            fact = found.law.vocabulary.facts[unknown[0]]
            impossible = {v for v in fact.domain if _contradicts(line, found, fact.name, v)}
            if impossible and len(impossible) < len(fact.domain):
                out.setdefault(fact.name, set()).update(impossible)
                if len(out[fact.name]) == len(fact.domain):
                    raise _contradiction(f"no value of `{fact.name}` is left")
    return {name: frozenset(values) for name, values in out.items()}


def _contradicts(line: Contradiction, found: Situation, name: str, value: Value) -> bool:
    trial = replace(found, stated={**found.stated, name: value})
    return truth(line.when, trial, presume=False) is True


def truth(expression: Expression, found: Situation, *, presume: bool = True) -> bool | None:
    """Whether a condition is true, false, or not settled by what is known (strong Kleene logic)."""
    word = expression[0]
    if word in ("in", "lt"):
        return _atom(expression, found, presume)
    if word == "not":
        inner = truth(expression[1], found, presume=presume)  # type: ignore[arg-type]
        return None if inner is None else not inner
    if word in ("and", "or"):
        parts = [truth(part, found, presume=presume) for part in expression[1:]]  # type: ignore[arg-type]
        absorbing = word == "or"
        if absorbing in parts:
            return absorbing
        return None if None in parts else not absorbing
    return word == "true"


def _atom(expression: Expression, found: Situation, presume: bool) -> bool | None:
    name = str(expression[1])
    value = found.value(name)
    if value is not None:
        return value in expression[2] if expression[0] == "in" else value < expression[2]  # type: ignore[operator]
    presumed = found.presumption(name) if presume else None
    if presumed is None:
        out = found.ruled_out.get(name)
        left = [v for v in found.law.vocabulary.facts[name].domain if out and v not in out]
        return _subset(left, expression[2]) if out else None  # type: ignore[arg-type]
    if expression[0] == "lt":
        return True if presumed.at_most is not None and presumed.at_most < expression[2] else None  # type: ignore[operator]
    return _subset(presumed.values, expression[2])  # type: ignore[arg-type]


def _subset(values: Iterable[Value], chosen: Iterable[Value]) -> bool | None:
    hits = {value in tuple(chosen) for value in values}
    return hits.pop() if len(hits) == 1 else None
