"""The paragraphs of a bill's page on law that would fall or collide, and on readings of law that would matter."""

from __future__ import annotations

from collections.abc import Iterator

from brightline.cli.layout import action_words
from brightline.cli.paragraphs import Item, listed, several
from brightline.law.clash import Clash
from brightline.law.comparison import Comparison
from brightline.law.effect import Dispute, Effect
from brightline.law.norms import Norm

__all__ = ["clash_items", "dispute_items"]

_HOW = {
    "removed": "The bill takes it out of the law.",
    "taken away": "It falls: the bill takes it away by its own words and ranks above it.",
    "yields": "It gives way: the bill says the opposite and ranks above it.",
    "unsettled": "Neither gives way: they stand at one rank, and counsel must decide.",
    "prevails": "It stands and the bill gives way there: it ranks above the bill.",
}


def clash_items(effect: Effect) -> Iterator[Item]:
    """Each norm in force that falls or collides, and how it ends."""
    ranks = effect.after.law.vocabulary.ranks
    weakest = min(ranks.values(), key=lambda rank: rank.level).name
    grouped: dict[tuple[str, str], list[Clash]] = {}
    for clash in effect.clashes:
        grouped.setdefault((clash.how, clash.norm.id), []).append(clash)
    for how in _HOW:
        rows = [clashes for (kind, _), clashes in grouped.items() if kind == how]
        for clashes in rows:
            if clashes[0].norm.rank != weakest:
                yield from _clash(clashes)
        only = [clashes[0].norm for clashes in rows if clashes[0].norm.rank == weakest]
        if only and how != "prevails":
            which = (
                "One opinion or holding that only persuades"
                if len(only) == 1
                else f"{len(only)} opinions and holdings that only persuade"
            )
            yield Item("", f"{which} here would be {'removed' if how == 'removed' else 'overtaken'} too.")


def _clash(clashes: list[Clash]) -> Iterator[Item]:
    norm, first = clashes[0].norm, clashes[0]
    yield Item("", f"{norm.says} -- {norm.cites} [{norm.rank.replace('_', ' ')}]")
    where = "; ".join(f"{action_words(c.action)} in {several(c.situations, 'situation')}" for c in _by_action(clashes))
    by = f" By: {first.by.cites}." if first.by else ""
    reading = f" So far as {_reading(first.by)}." if first.by and first.by.reading else ""
    yield Item("", f"{_HOW[first.how]} {where.capitalize()}.{by}{reading}", 1)


def _by_action(clashes: list[Clash]) -> list[Clash]:
    """One clash for each action: that of the most situations."""
    found: dict[str, Clash] = {}
    for clash in clashes:
        if clash.action not in found or clash.situations > found[clash.action].situations:
            found[clash.action] = clash
    return list(found.values())


def _reading(norm: Norm) -> str:
    return " and ".join(f"{name} is read as {' or '.join(values)}" for name, values in norm.reading.items())


def dispute_items(effect: Effect) -> Iterator[Item]:
    """Each reading of contested law on which the bills rest, and what another value would do."""
    if effect.is_encoded and effect.bound and not effect.disputes:
        yield Item("", "Nothing that it says rests on a reading of law that is written down as contested.")
    for dispute in effect.disputes:
        issue = effect.after.law.vocabulary.readings[dispute.reading].issue
        yield Item("", f"{issue} This page takes it as {action_words(dispute.chosen)}.")
        yield Item("", _dispute_words(effect, dispute), 1)


def _dispute_words(effect: Effect, dispute: Dispute) -> str:
    now, then = _changes(effect.comparison), _changes(dispute.comparison)
    if not then:
        return f"Read as {action_words(dispute.value)}, the bill would change no answer."
    less = [name for name in now if name not in then]
    other = [name for name in then if then[name] != now.get(name)]
    said = [f"Read as {action_words(dispute.value)}, the bill would change the answer for {several(len(then), 'act')}"]
    if less:
        said.append(f"no longer for {listed(tuple(less))}")
    if other:
        said.append(f"in other situations for {listed(tuple(other))}")
    return "; ".join(said) + "." if less or other else said[0] + ", in the same situations."


def _changes(comparison: Comparison) -> dict[str, int]:
    return {c.action: c.changed for c in comparison.actions if c.changed}
