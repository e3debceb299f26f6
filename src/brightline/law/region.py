"""Where two lists of norms can differ: the law need be looked at nowhere else to compare them."""

from __future__ import annotations

from collections.abc import Container, Sequence

from brightline.law.expressions import TRUE, all_of, any_of, negate
from brightline.law.norms import Norm
from brightline.law.vocabulary import Expression

__all__ = ["differing"]


def differing(first: Sequence[Norm], second: Sequence[Norm], readings: Container[str]) -> Expression:
    """A condition over facts and `readings`: where it is false, two lists answer alike and from the same norms.

    That is so where the norms that take part are the same, have the same effects and come in the same order. So it is
    true where a norm of one list takes part that the other does not have, and where a norm takes part in only one. Of
    readings that are not named, it is true if some value makes it so.
    """
    was, now = ({norm.id: norm for norm in norms} for norms in (first, second))
    kept = [name for name in was if name in now and _effects(was[name]) == _effects(now[name])]
    both = set(kept)
    if [name for name in now if name in both] != kept or len(was) < len(first) or len(now) < len(second):
        return TRUE
    parts = [_takes_part(n, readings) for norms in (was, now) for name, n in norms.items() if name not in both]
    for name in kept:
        if _when(was[name]) == _when(now[name]):
            continue
        one, other = _takes_part(was[name], readings), _takes_part(now[name], readings)
        if was[name].reading == now[name].reading:
            parts += [all_of(one, negate(other)), all_of(other, negate(one))]
        else:
            parts += [one, other]
    return any_of(*parts)


def _effects(norm: Norm) -> tuple[object, ...]:
    """What a norm does where it takes part."""
    return norm.modality, norm.level, norm.overrides, norm.derogates


def _when(norm: Norm) -> tuple[object, ...]:
    """What its taking part turns on."""
    return norm.binds, norm.when, norm.unless, norm.reading


def _takes_part(norm: Norm, readings: Container[str]) -> Expression:
    chosen: list[Expression] = [("in", name, values) for name, values in norm.reading.items() if name in readings]
    return all_of(norm.condition, *chosen)
