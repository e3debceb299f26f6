"""Whether norms of one action leave gaps or collide: with their own rank, or with a higher one."""

from __future__ import annotations

from collections.abc import Iterator

from brightline.law.diagram import FALSE, TRUE, outcome, outcome_index
from brightline.law.evaluate import ANSWERS, answer_word
from brightline.law.norms import Norm
from brightline.law.premises import Premises, commands
from brightline.law.theorem import LOCAL, OTHER_READING, Counterexample, Theorem

__all__ = ["complete", "consistent", "supremacy_safe"]

_OPPOSITE = {"required": "prohibited", "prohibited": "required"}


def complete(premises: Premises) -> Theorem:
    """Every situation has an answer; `where` is the set on which the law is silent."""
    chart, silent = premises.chart, premises.set_of(premises.chart.silent)
    if premises.undecided:  # where undecided readings lead to different answers, the law is not silent
        silent = premises.diagram.both(silent, premises.answers.get("permitted", FALSE))
    odd = {t for t in premises.diagram.terminals(chart.modal) if not _is_answer(premises, t)}
    missing = (
        premises.set_of(premises.diagram.map_outcomes(chart.modal, lambda t: TRUE if t in odd else FALSE))
        if odd
        else FALSE
    )
    found = () if missing == FALSE else (Counterexample("no answer", "no answer", premises.situations(missing)),)
    return Theorem("complete", found, premises.situations(silent))


def _is_answer(premises: Premises, terminal: int) -> bool:
    index, words = outcome_index(terminal), premises.chart.modal_words
    return 0 <= index < len(words) and words[index] in ANSWERS


def consistent(premises: Premises) -> Theorem:
    """No requirement and prohibition of one rank stand side by side with nothing above them; `where` is all such situations."""
    found = sorted(_clashes(premises), key=lambda c: (-_number(c), c.norms))
    union = premises.union(c.where.node for c in found if c.where)
    return Theorem("consistent", tuple(found), premises.situations(union))


def _clashes(premises: Premises) -> Iterator[Counterexample]:
    chart, diagram = premises.chart, premises.diagram
    for first in commands(chart):
        for second in commands(chart):
            if first.level == second.level and (first.modality, second.modality) == ("required", "prohibited"):
                both = diagram.both(chart.standing[first.id], chart.standing[second.id])
                if both == FALSE:
                    continue
                node = premises.set_of(
                    diagram.both(both, diagram.both(premises.decides(first), premises.decides(second)))
                )
                if node != FALSE:
                    says = f"{first.id} requires it, {second.id} of the same rank prohibits it, and neither yields"
                    yield Counterexample("clash", says, premises.situations(node), (first.id, second.id))


def supremacy_safe(premises: Premises) -> Theorem:
    """No standing command goes against a higher norm, under any reading, and none is taken away by one.

    Collisions under the chosen readings come first, those of local norms before those of one government with itself.
    `where` is every situation with a collision under the chosen readings.
    """
    pairs = [
        pair
        for high in premises.chart.norms
        for low in commands(premises.chart)
        for pair in _collisions(premises, high, low)
    ]
    pairs.sort(key=lambda c: (OTHER_READING in c.marks, LOCAL not in c.marks, -_number(c), c.norms))
    here = [c.where.node for c in pairs if c.where and OTHER_READING not in c.marks]
    union = premises.union(here)
    return Theorem("supremacy-safe", (*_against_the_higher(premises), *pairs), premises.situations(union))


def _collisions(premises: Premises, high: Norm, low: Norm) -> Iterator[Counterexample]:
    marks = (LOCAL,) if low.authority.startswith(_place(high) + "/") and _place(low) != _place(high) else ()
    for kind, says, node in _kinds(premises, high, low):
        here = premises.set_of(node)
        there = FALSE if here != FALSE else premises.within(node, {})
        if here != FALSE:
            yield Counterexample(kind, says, premises.situations(here), (high.id, low.id), marks=marks)
        elif there != FALSE:
            yield Counterexample(
                kind, says, premises.situations(there), (high.id, low.id), marks=(*marks, OTHER_READING)
            )


def _place(norm: Norm) -> str:
    """The folder that a norm's authority lies in."""
    return norm.authority.rpartition("/")[0]


def _kinds(premises: Premises, high: Norm, low: Norm) -> Iterator[tuple[str, str, int]]:
    chart, diagram = premises.chart, premises.diagram
    if high.level <= low.level:
        return
    if high.modality == _OPPOSITE[low.modality]:
        both = diagram.both(chart.standing[high.id], chart.standing[low.id])
        yield (
            f"{low.modality} against {high.modality}",
            f"{low.id} ({_rank(low)}) has it {low.modality}, {high.id} ({_rank(high)}) {high.modality}",
            both,
        )
    over = high.overrides
    if over and answer_word(low.modality) in over.modalities and (not over.norms or low.id in over.norms):
        both = diagram.both(chart.standing[high.id], chart.active[low.id])
        yield (
            "taken away",
            f"{low.id} ({_rank(low)}) has it {low.modality}; {high.id} ({_rank(high)}) takes that away",
            both,
        )


def _against_the_higher(premises: Premises) -> Iterator[Counterexample]:
    """Sentence 4, checked: the strongest standing command is the answer, under every reading."""
    chart, diagram = premises.chart, premises.diagram
    if _strongest_first(premises) == chart.modal:
        return
    for level in sorted({n.level for n in commands(chart)}, reverse=True):
        for word, opposite in _OPPOSITE.items():
            alone = diagram.select(_stands(premises, level, opposite), FALSE, _stands(premises, level, word))
            wrong = diagram.select(premises.where(chart.modal, word), FALSE, premises.topmost(level, alone))
            node = premises.within(wrong, {})
            if node != FALSE:
                yield Counterexample(
                    "answer against the higher norm",
                    f"the answer is not {word}, as the strongest norm has it",
                    premises.situations(node),
                )


def _strongest_first(premises: Premises) -> int:
    """The answers as sentence 4 has them, made from where norms stand. Equal diagrams are the same node."""
    select, words = premises.diagram.select, premises.chart.modal_words
    required, prohibited, unsettled, node = (
        outcome(words.index(w) if w in words else len(words))
        for w in ("required", "prohibited", "unsettled", "permitted")
    )
    for level in sorted({n.level for n in commands(premises.chart)}):
        musts, bans = _stands(premises, level, "required"), _stands(premises, level, "prohibited")
        node = select(musts, select(bans, unsettled, required), select(bans, prohibited, node))
    return node


def _stands(premises: Premises, level: int, word: str) -> int:
    nodes = [premises.chart.standing[n.id] for n in commands(premises.chart) if n.level == level and n.modality == word]
    return premises.diagram.union(nodes)


def _rank(norm: Norm) -> str:
    return norm.rank.replace("_", " ")


def _number(found: Counterexample) -> int:
    return found.where.number if found.where else 0
