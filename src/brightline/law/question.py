"""The next question: the unknown fact that is expected to settle most, recordable facts before transient ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from brightline.law.chart import Chart
from brightline.law.diagram import outcome_index
from brightline.law.evaluate import ANSWERS
from brightline.law.situation import Situation
from brightline.law.vocabulary import Value

__all__ = ["Question", "gains", "next_question", "question_on"]

_SLOT = {word: i for i, word in enumerate(ANSWERS)}
Share = tuple[float, float, float, float]


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
    """The expected gain of information (bits) about the modality for each variable that may still matter.

    Values of a variable count alike. One pass down and one up over the modality diagram.
    """
    below = _reachable(chart, possible)
    up = _shares(chart, possible, below)
    down = {chart.modal: 1.0}
    total = up[chart.modal]
    asked: dict[int, list[list[float]]] = {}
    mass: dict[int, list[float]] = {}
    for node in below:
        variable, here = chart.diagram.variable[node], down.get(node, 0.0)
        values = possible[variable]
        weight = here / len(values)
        if len(values) > 1:
            sums = asked.setdefault(variable, [[0.0] * 4 for _ in values])
            through = mass.setdefault(variable, [0.0] * 4)
            for k in range(4):
                through[k] += here * up[node][k]
        for i, value in enumerate(values):
            child = chart.diagram.children[node][value]
            down[child] = down.get(child, 0.0) + weight
            if len(values) > 1:
                share = up[child]
                for k in range(4):
                    sums[i][k] += here * share[k]
    before = _entropy(total)
    return {chart.variables[v].name: before - _expected(total, mass[v], asked[v]) for v in asked}


def _reachable(chart: Chart, possible: Sequence[Sequence[int]]) -> list[int]:
    variable, children = chart.diagram.variable, chart.diagram.children
    seen: set[int] = set()
    open_nodes = [chart.modal]
    while open_nodes:
        node = open_nodes.pop()
        if node >= 0 and node not in seen:
            seen.add(node)
            below = children[node]
            open_nodes.extend([below[i] for i in possible[variable[node]]])
    return sorted(seen, key=variable.__getitem__)


def _shares(chart: Chart, possible: Sequence[Sequence[int]], below: list[int]) -> dict[int, Share]:
    up: dict[int, Share] = {}
    for index, word in enumerate(chart.modal_words):
        share = [0.0] * 4
        share[_SLOT[word]] = 1.0
        up[-(index + 3)] = tuple(share)  # type: ignore[assignment]
    for node in reversed(below):
        values = possible[chart.diagram.variable[node]]
        children = chart.diagram.children[node]
        if len(values) == 1:
            up[node] = up[children[values[0]]]
            continue
        parts = [up[children[i]] for i in values]
        n = len(parts)
        up[node] = (sum(p[0] for p in parts) / n, sum(p[1] for p in parts) / n, sum(p[2] for p in parts) / n, sum(p[3] for p in parts) / n)
    return up


def _entropy(share: Sequence[float]) -> float:
    return -sum(p * log2(p) for p in share if p > 1e-12)


def _expected(total: Sequence[float], through: Sequence[float], asked: Sequence[Sequence[float]]) -> float:
    """The expected entropy once the variable is known: paths that skip it keep their share."""
    skipped = [t - m for t, m in zip(total, through, strict=True)]
    return sum(_entropy([s + a for s, a in zip(skipped, row, strict=True)]) for row in asked) / len(asked)


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
        for name, gain in gains(chart, possible).items():
            summed[name] = summed.get(name, 0.0) + gain
    facts = found.law.vocabulary.facts
    candidates = [n for n in summed if n in facts and _asked_instead(found, n) not in skip]
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


def outcome_word(chart: Chart, terminal: int) -> str:
    """The modality of a terminal of the modality diagram."""
    return chart.modal_words[outcome_index(terminal)]
