"""What an answer depends on: other readings of the law, other facts, and what is presumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from brightline.law.chart import Chart
from brightline.law.possible import Possible, not_ruled_out
from brightline.law.situation import Situation
from brightline.law.vocabulary import Value
from brightline.law.ways import Known, ways

__all__ = ["NOT_SHOWN", "Change", "Contest", "Presumed", "changes_of", "contests_of", "leans_on"]

NOT_SHOWN = "(another answer)"


@dataclass(frozen=True, slots=True)
class Contest:
    """Another reading under which the answer differs."""

    reading: str
    value: str
    modality: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one fact that changes the answer.

    `together` are the further facts it needs; `or_like` the other values of the fact that do the same.
    """

    fact: str
    to: Value | str
    modality: str
    together: tuple[tuple[str, Value | str], ...] = ()
    or_like: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Presumed:
    """A presumption that an answer leans on."""

    fact: str
    value: Value | str
    because: str


def contests_of(found: Situation, chart: Chart, possible: Possible, modality: str) -> tuple[Contest, ...]:
    """The readings under which the answer differs: one switch at a time, or the fewest together."""
    here = found.law.vocabulary.applying_readings(found.profile)
    readings = [i for i, v in enumerate(chart.variables) if v.is_reading and v.name in here]
    if not readings:
        return ()
    free: Possible = [
        range(v.size) if i in readings else p for i, (v, p) in enumerate(zip(chart.variables, possible, strict=True))
    ]
    left, root = chart.diagram.narrowed(chart.modal, free)
    readings = [i for i in readings if i in set(left.variable)] if root >= 0 else []
    for together in range(1, len(readings) + 1):
        contests = [
            c for chosen in combinations(readings, together) for c in _switches(chart, possible, modality, chosen)
        ]
        if contests:
            return tuple(contests)
    return ()


def _switches(chart: Chart, possible: Possible, modality: str, chosen: Sequence[int]) -> Iterable[Contest]:
    others = [[p for p in range(chart.variables[i].size) if p not in possible[i]] for i in chosen]
    for positions in product(*others):
        trial = list(possible)
        for number, position in zip(chosen, positions, strict=True):
            trial[number] = (position,)
        words = chart.modalities(trial)
        if words != {modality}:
            names = ", ".join(chart.variables[i].name for i in chosen)
            values = ", ".join(str(chart.variables[i].example(p)) for i, p in zip(chosen, positions, strict=True))
            yield Contest(names, values, words.pop() if len(words) == 1 else "open")


def changes_of(found: Situation, chart: Chart, possible: Possible, modality: str) -> tuple[Change, ...]:
    """The smallest changes of known or presumed facts that would change the answer; who the asker is stays."""
    movable = [
        i for i in chart.shown_order
        if not chart.variables[i].is_reading and len(possible[i]) < chart.variables[i].size
        and chart.variables[i].name not in found.standing and _is_of_the_request(found, chart.variables[i].name)
    ]  # fmt: skip
    known: Known = {}
    for together in (1, 2):
        changes: list[Change] = []
        for chosen, positions in _tries(chart, possible, movable, together, known).items():
            changes.extend(_flips(found, chart, possible, modality, chosen, positions))
            if len(changes) >= 8:
                break
        if changes:
            return tuple(changes)
    return ()


def _tries(
    chart: Chart,
    possible: Possible,
    movable: Sequence[int],
    together: int,
    known: Known,
) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """The changes worth a try, by the variables they change: those that lead to another answer in some situation.

    Two changes that settle another answer only together lie on one way to it, or each on a way of its own.
    """
    found = {way for way in ways(chart.diagram, chart.modal, possible, movable, together, known) if way}
    single = [way for way in found if len(way) == 1]
    if together == 2:
        found = {w for w in found if len(w) == 2} | {a + b for a, b in product(single, single) if a[0][0] < b[0][0]}
    rank = {number: i for i, number in enumerate(movable)}
    tries: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for way in sorted(
        (sorted((rank[number], position) for number, position in way) for way in found),
        key=lambda way: list(zip(*way, strict=True)),
    ):
        tries.setdefault(tuple(movable[i] for i, _ in way), []).append(tuple(position for _, position in way))
    return tries


def _is_of_the_request(found: Situation, name: str) -> bool:
    return found.law.vocabulary.facts[name].group not in ("actor", "agency") or not found.is_known(name)


def _flips(
    found: Situation,
    chart: Chart,
    possible: Possible,
    modality: str,
    chosen: Sequence[int],
    tries: Iterable[Sequence[int]],
) -> Iterable[Change]:
    seen: set[str] = set()
    trial = list(possible)
    for positions in tries:
        for number, position in zip(chosen, positions, strict=True):
            trial[number] = (position,)
        word = chart.only_modality(trial)
        if word is not None and word != modality and word not in seen:
            seen.add(word)
            named = [
                (chart.variables[i].name, _shown_value(found, chart, i, p))
                for i, p in zip(chosen, positions, strict=True)
            ]
            yield Change(
                named[0][0], named[0][1], word, tuple(named[1:]), _others_alike(found, chart, chosen[0], positions[0])
            )


def _shown_value(found: Situation, chart: Chart, number: int, position: int) -> Value | str:
    """The value to change to; of a transient fact that is known, nothing is shown, since it would tell what is known."""
    variable = chart.variables[number]
    if variable.name in found.transient:
        return NOT_SHOWN
    return variable.example(position)


def _others_alike(found: Situation, chart: Chart, number: int, position: int) -> tuple[Value, ...]:
    variable = chart.variables[number]
    return () if variable.cuts or variable.name in found.transient else variable.classes[position][1:]


def leans_on(found: Situation, chart: Chart, possible: Possible) -> tuple[Presumed, ...]:
    """A smallest set of presumptions without which the answer would not stand, found by letting go one at a time."""
    facts = found.law.vocabulary.facts
    leaning = [
        i
        for i in chart.shown_order
        if not chart.variables[i].is_reading and found.presumption(chart.variables[i].name) is not None
    ]
    if not leaning:
        return ()
    loose = list(possible)
    for number in leaning:
        loose[number] = not_ruled_out(found, chart.variables[number])
    left, root = chart.diagram.narrowed(chart.modal, loose)
    trial: Possible = [
        [i for i, p in enumerate(every) if p in some] for some, every in zip(possible, loose, strict=True)
    ]
    mattering, kept = set(left.variable), []
    for number in sorted(leaning, key=lambda i: not facts[chart.variables[i].name].is_transient):
        if number in mattering:
            before, trial[number] = trial[number], range(len(loose[number]))
            if left.sole(root, trial) is None:
                trial[number] = before
                kept.append(number)
    return tuple(_presumed(found, chart.variables[i].name) for i in leaning if i in kept)


def _presumed(found: Situation, name: str) -> Presumed:
    fact = found.law.vocabulary.facts[name]
    assert fact.presumed is not None
    value: Value | str = fact.presumed.values[0] if len(fact.presumed.values) == 1 else fact.presumed_name
    return Presumed(name, value, fact.presumed.because)
