"""What an answer stands on: the presumptions and readings that can turn it, and the norms that decide it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from brightline.law.chart import Chart, Variable
from brightline.law.comparison import possible_situations
from brightline.law.diagram import FALSE, TRUE, outcome_index
from brightline.law.possible import offered, possible_values
from brightline.law.situation import Situation

__all__ = ["asked", "deciders", "disputed", "leans_on", "may_stand"]


def asked(found: Situation, action: str) -> tuple[Chart, list[Sequence[int]]]:
    """The compiled law on an action and what each of its facts may be here; raises as `Law.chart` does.

    Values that the vocabulary does not offer in the situation, such as a job that the agency does not have, are left
    out; `leans_on` names the facts that this narrows.
    """
    chart = found.law.chart(found.law.stack(found.profile, found.on), action)
    possible = possible_values(found, chart)
    return chart, [_offered(found, v, p) for v, p in zip(chart.variables, possible, strict=True)]


def _offered(found: Situation, variable: Variable, possible: Sequence[int]) -> Sequence[int]:
    if variable.is_reading or not variable.classes:
        return possible
    named = offered(found, variable.name)
    return tuple(p for p in possible if named.intersection(variable.classes[p])) or possible


def _is_taken(found: Situation, name: str) -> bool:
    """Whether some values of a fact are left aside: by a presumption, or because they are not offered here."""
    domain = found.law.vocabulary.facts[name].domain
    return found.presumption(name) is not None or len(offered(found, name)) < len(domain)


def leans_on(found: Situation, action: str) -> tuple[str, ...]:
    """The facts with values left aside that the answer on an action can turn on, in the order of the vocabulary."""
    chart, possible = asked(found, action)
    loose = [
        range(v.size) if not v.is_reading and _is_taken(found, v.name) else p
        for v, p in zip(chart.variables, possible, strict=True)
    ]
    left, _ = chart.diagram.narrowed(chart.modal, loose)
    names = {chart.variables[i].name for i in set(left.variable)}
    return tuple(n for n in found.law.vocabulary.facts if n in names and _is_taken(found, n))


def disputed(found: Situation, action: str) -> tuple[str, ...]:
    """The readings that can change the answer on an action in some situation, alone or with others."""
    chart, possible = asked(found, action)
    free = [range(v.size) if v.is_reading else p for v, p in zip(chart.variables, possible, strict=True)]
    joint = chart.diagram.select(possible_situations(found.law, chart), chart.modal, FALSE)
    left, root = chart.diagram.narrowed(joint, free)
    return tuple(v.name for i, v in enumerate(chart.variables) if v.is_reading and i in left.support(root))


def deciders(found: Situation, action: str) -> dict[str, tuple[str, ...]]:
    """For each answer, the norms that decide it in some situation, those that decide in most first."""
    chart, possible = asked(found, action)
    joint = chart.diagram.select(possible_situations(found.law, chart), chart.root, FALSE)
    left, root = chart.diagram.narrowed(joint, possible)
    counted: dict[str, Counter[str]] = {}
    for terminal, number in left.count(root).items():
        if terminal != FALSE:
            one = chart.outcomes[outcome_index(terminal)]
            counted.setdefault(one.modality, Counter()).update(dict.fromkeys(one.norms, number))
    return {word: tuple(name for name, _ in norms.most_common()) for word, norms in counted.items()}


def may_stand(found: Situation, action: str, norm: str) -> bool:
    """Whether a norm on an action can take part, undefeated, in a situation that can be."""
    chart, possible = asked(found, action)
    node = chart.diagram.both(chart.standing[norm], possible_situations(found.law, chart))
    return TRUE in chart.diagram.reach(node, possible)
