"""The naive evaluator: the sentences of the design, followed word for word. It is the specification.

Every other way of asking (diagrams, generated Python, bit-slices) is tested against it. It takes complete
facts and chosen readings; unknown facts are the business of `worlds`, which tries every completion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from brightline.law.expressions import holds
from brightline.law.norms import Norm
from brightline.law.vocabulary import Value

__all__ = ["ANSWERS", "Defeat", "Verdict", "answer_word", "decide", "evaluate", "takes_part", "worlds"]

ANSWERS = ("required", "prohibited", "permitted", "unsettled")
_ALLOWS = ("permitted", "no_duty", "may_not_restrict", "power")


@dataclass(frozen=True, slots=True)
class Defeat:
    """A norm that took part and lost, to which norm, and by which sentence."""

    norm: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one action: its modality, the norms behind it (strongest first) and the norms that lost."""

    modality: str
    basis: tuple[str, ...]
    defeated: tuple[Defeat, ...]


def answer_word(modality: str) -> str:
    """The answer a norm's modality leads to: everything that only allows is `permitted`."""
    return "permitted" if modality in _ALLOWS else modality


def takes_part(norm: Norm, facts: Mapping[str, Value], readings: Mapping[str, str]) -> bool:
    """Sentences 1 and 2: it binds, its condition is true, its exception is not, its reading is chosen."""
    chosen = all(readings[name] in values for name, values in norm.reading.items())
    return chosen and holds(norm.condition, facts)


def evaluate(norms: Sequence[Norm], facts: Mapping[str, Value], readings: Mapping[str, str]) -> Verdict:
    """The verdict for one action on complete facts. `norms` are those in force, in the stack, on the action."""
    return decide([norm for norm in norms if takes_part(norm, facts, readings)])


def decide(taking_part: Sequence[Norm]) -> Verdict:
    """Sentences 3 to 6 for the norms that take part.

    Ranks are taken from the strongest down; in each, the special rule beats the general one (5) before what
    is left takes away lower norms (3), so that a norm beaten by its own exception takes nothing away.
    """
    standing: list[Norm] = []
    defeated: list[Defeat] = []
    for level in sorted({norm.level for norm in taking_part}, reverse=True):
        here = [norm for norm in taking_part if norm.level == level]
        left = []
        for norm in here:
            remover = next((s for s in standing if _takes_away(s, norm)), None)
            if remover:
                defeated.append(Defeat(norm.id, remover.id, "taken away"))
            else:
                left.append(norm)
        beaten = _beaten(left)
        defeated.extend(Defeat(norm_id, by, "special rule") for norm_id, by in beaten.items())
        standing.extend(norm for norm in left if norm.id not in beaten)
    modality, winners = _outcome(standing)
    defeated.extend(_outranked(standing, winners, modality))
    return Verdict(modality, tuple(norm.id for norm in winners), tuple(defeated))


def _takes_away(strong: Norm, weak: Norm) -> bool:
    if strong.overrides is None or strong.level <= weak.level:
        return False
    named = not strong.overrides.norms or weak.id in strong.overrides.norms
    return named and answer_word(weak.modality) in strong.overrides.modalities


def _beaten(norms: Sequence[Norm]) -> dict[str, str]:
    """Sentence 5: who is beaten by a special rule that is not itself beaten, and by whom.

    In a circle of special rules each is looked at by itself, as if it were not behind the others.
    """
    special = {norm.id: [n for n in norms if norm.id in n.derogates and n.id != norm.id] for norm in norms}

    def winner_over(norm: Norm, path: tuple[str, ...]) -> Norm | None:
        behind = (*path, norm.id)
        return next((s for s in special[norm.id] if s.id not in path and winner_over(s, behind) is None), None)

    found = {norm.id: winner_over(norm, ()) for norm in norms}
    return {name: winner.id for name, winner in found.items() if winner}


def _outcome(standing: Sequence[Norm]) -> tuple[str, list[Norm]]:
    """Sentences 4 to 6 for the norms still standing, the strongest rank first."""
    commands = [norm for norm in standing if norm.modality in ("required", "prohibited")]
    if not commands:
        return "permitted", [norm for norm in standing if answer_word(norm.modality) == "permitted"]
    top = [norm for norm in commands if norm.level == commands[0].level]
    words = {norm.modality for norm in top}
    if len(words) == 2:
        return "unsettled", top
    word = words.pop()
    return word, [norm for norm in commands if norm.modality == word]


def _outranked(standing: Sequence[Norm], winners: Sequence[Norm], modality: str) -> list[Defeat]:
    if modality not in ("required", "prohibited"):
        return [
            Defeat(n.id, winners[0].id, "lower rank")
            for n in standing
            if modality == "unsettled" and n.level < winners[0].level and n.modality in ("required", "prohibited")
        ]
    top = winners[0]
    lost = []
    for norm in standing:
        if norm.modality in ("required", "prohibited") and norm.modality != modality:
            lost.append(Defeat(norm.id, top.id, "lower rank"))
        elif modality == "prohibited" and norm.modality in ("permitted", "may_not_restrict"):
            lost.append(Defeat(norm.id, top.id, "a permission does not lift a prohibition"))
    return lost


def worlds(known: Mapping[str, Iterable[Value]], names: Iterable[str]) -> Iterator[dict[str, Value]]:
    """Every completion of partly known facts: `known` gives the possible values of each name."""
    ordered = list(names)
    for values in product(*(tuple(known[name]) for name in ordered)):
        yield dict(zip(ordered, values, strict=True))
