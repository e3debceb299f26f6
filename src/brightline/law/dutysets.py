"""Where the answers of some norms show which duty, as sets of situations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from brightline.law.decisions import Decisions
from brightline.law.diagram import FALSE
from brightline.law.duties import within_words
from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm, Within

__all__ = ["DutyKey", "duty_sets"]


@dataclass(frozen=True, slots=True)
class DutyKey:
    """A duty as an answer on `asked` shows it; `within` is None where only the duty counts, whatever its time."""

    asked: str
    duty: str
    within: Within | None


def duty_sets(decisions: Decisions) -> dict[DutyKey, int]:
    """The set of situations in which each duty is shown; a duty that never is has none."""
    found: dict[DutyKey, int] = {}
    for norm in decisions.norms:
        for key, node in (*_own(decisions, norm), *_accompanying(decisions, norm)):
            found[key] = decisions.diagram.either(found.get(key, FALSE), node)
    return {key: node for key, node in found.items() if node != FALSE}


def _own(decisions: Decisions, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
    if norm.within:
        action = decisions.chart.action
        for within, node in _times(decisions, norm, _in_basis(decisions, norm)):
            yield DutyKey(action, action, within), node


def _accompanying(decisions: Decisions, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
    if norm.accompanies and norm.modality == "required":
        stands = decisions.diagram.both(decisions.answered("required"), decisions.standing[norm.id])
        for asked in norm.accompanies:
            yield DutyKey(asked, decisions.chart.action, None), stands
            for within, node in _times(decisions, norm, stands):
                yield DutyKey(asked, decisions.chart.action, within), node


def _times(decisions: Decisions, norm: Norm, shown: int) -> Iterator[tuple[Within, int]]:
    diagram = decisions.diagram
    longer = decisions.chart.condition_of(norm.extends.when) if norm.extends else FALSE
    if norm.extends:
        yield _as_stated(norm.extends.within), diagram.both(longer, shown)
    if norm.within:
        yield _as_stated(norm.within), diagram.select(longer, FALSE, shown)


def _in_basis(decisions: Decisions, norm: Norm) -> int:
    """Where a norm is behind the answer, or limits in time what is required."""
    word = answer_word(norm.modality)
    other = decisions.answered("required") if word == "permitted" else decisions.answered("unsettled", norm.level)
    return decisions.diagram.both(
        decisions.standing[norm.id], decisions.diagram.either(decisions.answered(word), other)
    )


def _as_stated(within: Within) -> Within:
    """A length of time as a scenario tells it from others: by its words and how its last day rolls; it names no calendar."""
    bare = Within(0, within.unit)
    rolls = within.rolls and replace(within.rolls, cites="")
    return bare if within_words(bare) == within_words(within) else replace(within, calendar="", rolls=rolls)
