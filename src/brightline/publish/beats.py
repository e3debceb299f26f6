"""What beats what: the pairs of norms on one action that can meet, which of them prevails, and by which sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from brightline.law.chart import Chart
from brightline.law.comparison import possible_situations
from brightline.law.diagram import TRUE
from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm
from brightline.law.situation import Situation
from brightline.publish.footing import asked

__all__ = ["Meeting", "meetings"]

_COMMANDS = {"required": "prohibited", "prohibited": "required"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two norms that can take part together; `loser` is also the second of two of which neither yields."""

    winner: str
    loser: str
    why: str


def meetings(found: Situation, action: str) -> tuple[Meeting, ...]:
    """Every pair of norms on an action of which one prevails, the strongest first.

    A strict situation leaves out no circumstance; readings are as the profile chooses them.
    """
    chart, possible = asked(found, action)
    world = possible_situations(found.law, chart)
    return tuple(_pairs(chart, possible, world))


def _pairs(chart: Chart, possible: Sequence[Sequence[int]], world: int) -> Iterator[Meeting]:
    diagram = chart.diagram
    able = [n for n in chart.norms if TRUE in diagram.reach(chart.active[n.id], possible)]
    for i, strong in enumerate(able):
        for j, weak in enumerate(able):
            why = _why(strong, weak) if i != j else ""
            if not why or (why == _UNSETTLED and i > j):
                continue
            left = chart.standing[strong.id]
            right = chart.active[weak.id] if why in (_TAKEN, _SPECIAL) else chart.standing[weak.id]
            if TRUE in diagram.reach(diagram.both(world, diagram.both(left, right)), possible):
                yield Meeting(strong.id, weak.id, why)


_TAKEN = "the higher norm takes it away"
_SPECIAL = "the special rule beats the general one of the same rank"
_RANK = "the higher rank prevails"
_UNSETTLED = "same rank, neither yields: unsettled, call counsel"
_STAYS = "stands although a higher norm permits: a permission does not lift a prohibition"


def _why(strong: Norm, weak: Norm) -> str:
    over = strong.overrides
    if (
        over
        and strong.level > weak.level
        and answer_word(weak.modality) in over.modalities
        and (not over.norms or weak.id in over.norms)
    ):
        return _TAKEN
    if strong.level == weak.level and weak.id in strong.derogates:
        return _SPECIAL
    if _COMMANDS.get(strong.modality) == weak.modality:
        return _RANK if strong.level > weak.level else _UNSETTLED if strong.level == weak.level else ""
    if (
        strong.modality == "prohibited"
        and weak.modality in ("permitted", "may_not_restrict")
        and weak.level > strong.level
    ):
        return _STAYS
    return ""
