"""The next question: the unknown fact that is expected to settle most, recordable facts before transient ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from brightline.law.chart import Chart
from brightline.law.situation import Situation
from brightline.law.vocabulary import Value

__all__ = ["Question", "gains", "next_question", "question_on"]

_KEPT = 64
Node = tuple[int, tuple[int, ...]]
_NOTHING = 1e-9
Plane = tuple[complex, dict[int, list[complex]]]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for: the words to ask it in, what may be answered, and whether it must never be kept."""

    fact: str
    asks: str
    kind: str
    values: tuple[Value, ...]
    notes: Mapping[str, str]
    unit: str
    is_transient: bool
    why: str = ""


def question_on(found: Situation, name: str, why: str = "") -> Question:
    """The question that a fact's vocabulary entry asks."""
    fact = found.law.vocabulary.facts[name]
    return Question(name, fact.question, fact.kind, fact.domain, fact.notes, fact.unit, fact.is_transient, why)


def gains(chart: Chart, possible: Sequence[Sequence[int]]) -> dict[str, float]:
    """The expected gain of information (bits) about the modality for each variable that it still turns on.

    Values of a variable count alike. One pass down and one up over what is left of the modality diagram.
    """
    left, root = chart.diagram.narrowed(chart.modal, possible)
    if root < 0:
        return {}
    nodes = list(zip(left.variable, left.children, strict=True))
    terminals = sorted({child for _, below in nodes for child in below if child < 0})
    tail = -terminals[0]
    # Lists over nodes have room at their end for the terminals, which are negative and so count from there.
    down = [0.0] * (len(nodes) + tail)
    down[root] = 1.0
    for index in range(root, -1, -1):
        below = nodes[index][1]
        weight = down[index] / len(below)
        for child in below:
            down[child] += weight
    pairs = [terminals[1:3], *([terminals[3:5]] if len(terminals) > 3 else [])]
    planes = [_plane(nodes, root, down, tail, pair) for pair in pairs]
    before = _entropy([total for total, _ in planes])
    return {chart.variables[v].name: before - _expected(planes, v) for v in planes[0][1]}


def _plane(nodes: Sequence[Node], root: int, down: Sequence[float], tail: int, terminals: Sequence[int]) -> Plane:
    """The shares of two modalities, one as the real and one as the imaginary part: in all, and what flows through each value."""
    up: list[complex] = [0j] * (len(nodes) + tail)
    for terminal, unit in zip(terminals, (1 + 0j, 1j), strict=False):
        up[terminal] = unit
    through: dict[int, list[complex]] = {}
    for index, (variable, below) in enumerate(nodes):
        here = down[index]
        shares = [up[child] for child in below]
        up[index] = sum(shares) / len(shares)
        row = through.get(variable)
        through[variable] = (
            [here * s for s in shares] if row is None else [r + here * s for r, s in zip(row, shares, strict=True)]
        )
    return up[root], through


def _entropy(shares: Sequence[complex]) -> float:
    """The entropy in bits; the first modality has what the others leave."""
    rest, bits = 1.0, 0.0
    for share in shares:
        for part in (share.real, share.imag):
            if part > 1e-12:
                rest -= part
                bits -= part * log2(part)
    return bits - rest * log2(rest) if rest > 1e-12 else bits


def _expected(planes: Sequence[Plane], variable: int) -> float:
    """The expected entropy once the variable is known: paths that skip it keep their share."""
    skipped = [total - sum(through[variable]) / len(through[variable]) for total, through in planes]
    rows = zip(*(through[variable] for _, through in planes), strict=True)
    return sum(_entropy([s + part for s, part in zip(skipped, row, strict=True)]) for row in rows) / len(
        planes[0][1][variable]
    )


def _gains_now(found: Situation, chart: Chart, possible: Sequence[Sequence[int]]) -> Mapping[str, float]:
    """The gains, kept by the chart while nothing is stated about a request: the first question is the slowest to find.

    # INVARIANT: what is kept holds standing facts, presumptions and readings only, and nothing about anyone.
    """
    if any(found.is_known(v.name) and v.name not in found.standing for v in chart.variables) or found.ruled_out:
        return gains(chart, possible)
    key = tuple(map(tuple, possible))
    if key not in chart.first_gains:
        if len(chart.first_gains) >= _KEPT:
            chart.first_gains.clear()
        chart.first_gains[key] = gains(chart, possible)
    return chart.first_gains[key]


def next_question(
    found: Situation,
    charts: Sequence[tuple[Chart, Sequence[Sequence[int]]]],
    skip: Sequence[str] = (),
) -> Question | None:
    """The one question that settles most of the open answers; None if no unknown fact outside `skip` can.

    What a presumption settles is not asked; a transient fact is asked only when no recordable one helps.
    """
    summed: dict[str, float] = {}
    for chart, possible in charts:
        for name, gain in _gains_now(found, chart, possible).items():
            summed[name] = summed.get(name, 0.0) + gain
    facts = found.law.vocabulary.facts
    askable = [n for n in summed if n in facts and _asked_instead(found, n) not in skip]
    # A fact whose every value leaves the odds as they are may still matter together with another: it is asked last.
    candidates = [n for n in askable if summed[n] > _NOTHING] or askable
    if not candidates:
        return None
    best = max(candidates, key=lambda n: (not facts[n].is_transient, summed[n], n))
    return question_on(found, _asked_instead(found, best))


def _asked_instead(found: Situation, name: str) -> str:
    """A derived fact is worked out from two moments: the first that is missing is asked."""
    rule = found.law.vocabulary.facts[name].derived
    if rule is None:
        return name
    return rule.end if rule.start in found.moments else rule.start
