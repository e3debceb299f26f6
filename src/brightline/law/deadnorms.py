"""Norms of one action that do nothing in a profile, and exceptions that never apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from brightline.law.diagram import FALSE
from brightline.law.evaluate import answer_word
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import all_of
from brightline.law.norms import Norm
from brightline.law.premises import Premises, commands
from brightline.law.theorem import OTHER_READING, Counterexample, Theorem

__all__ = ["FOR_OTHERS", "idle", "no_dead_norm", "no_empty_exception"]

FOR_OTHERS = "binds others"
_MOST_NAMED = 3


def idle(premises: Premises) -> Mapping[str, str]:
    """The norms that take no part for a reason outside the law: they bind others, or need a reading not chosen."""
    found = {norm.id: _outside(premises, premises.chart.active[norm.id]) for norm in premises.chart.norms}
    return {name: why for name, why in found.items() if why}


def _outside(premises: Premises, node: int) -> str:
    """Why nothing is left of a set of the chart; empty if something is, or if nothing could ever be."""
    if premises.some(node):
        return ""
    if premises.within(node, {}) != FALSE:
        return OTHER_READING
    return FOR_OTHERS if premises.ever(node) else ""


def no_dead_norm(premises: Premises) -> Theorem:
    """Every norm that binds here takes part, stands and decides somewhere, or beats, limits or takes away another."""
    aside = idle(premises)
    return Theorem(
        "no-dead-norm", tuple(c for n in premises.chart.norms if n.id not in aside for c in _dead(premises, n))
    )


def _dead(premises: Premises, norm: Norm) -> Iterator[Counterexample]:
    takes_part, stands = premises.chart.active[norm.id], premises.chart.standing[norm.id]
    if not premises.some(takes_part):
        yield Counterexample(
            "never takes part", f"{norm.id} never takes part: its conditions leave nothing", None, (norm.id,)
        )
    elif not premises.some(stands):
        by = _beaters(premises, norm)
        yield Counterexample(
            "never stands",
            f"{norm.id} never stands: always beaten or taken away by {_listed(by)}",
            premises.situations(premises.set_of(takes_part)),
            (norm.id, *by),
        )
    elif not premises.some(stands, premises.rests_on(norm)) and not _acts(premises, norm):
        by = _outranking(premises, norm)
        yield Counterexample(
            "never decides",
            f"{norm.id} never decides: the answer always rests on {_listed(by)}",
            premises.situations(premises.set_of(stands)),
            (norm.id, *by),
        )


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "") or "others"


def _acts(premises: Premises, norm: Norm) -> bool:
    """Whether a norm has an effect without deciding: it beats or takes away another, or limits the time of what is required."""
    chart, stands = premises.chart, premises.chart.standing[norm.id]
    hit = [chart.active[n.id] for n in chart.norms if _aims(norm, n)]
    if norm.within and answer_word(norm.modality) == "permitted" and "required" in chart.modal_words:
        hit.append(premises.where(chart.modal, "required"))
    return any(premises.some(stands, node) for node in hit)


def _aims(norm: Norm, other: Norm) -> bool:
    """Whether a norm beats or takes away another where both take part."""
    if other.id in norm.derogates and other.level == norm.level:
        return True
    over = norm.overrides
    if over is None or norm.level <= other.level or answer_word(other.modality) not in over.modalities:
        return False
    return not over.norms or other.id in over.norms


def _beaters(premises: Premises, norm: Norm) -> tuple[str, ...]:
    chart, active = premises.chart, premises.chart.active[norm.id]
    return tuple(n.id for n in chart.norms if _aims(n, norm) and premises.some(chart.standing[n.id], active))


def _outranking(premises: Premises, norm: Norm) -> tuple[str, ...]:
    chart, stands = premises.chart, premises.chart.standing[norm.id]
    return tuple(
        n.id
        for n in commands(chart)
        if n.id != norm.id and premises.some(stands, chart.standing[n.id], premises.rests_on(n))
    )


def no_empty_exception(premises: Premises) -> Theorem:
    """Every exception of a norm that takes part can apply somewhere, in this profile or another."""
    found = []
    for norm in premises.chart.norms:
        if norm.unless != NEVER and premises.ever(premises.chart.active[norm.id]):
            applies = premises.chart.condition_of(all_of(norm.binds, norm.when, norm.unless))
            if not premises.ever(applies):
                found.append(
                    Counterexample(
                        "exception never applies",
                        f"the exception of {norm.id} never applies where the norm does",
                        None,
                        (norm.id,),
                    )
                )
    return Theorem("no-empty-exception", tuple(found))
