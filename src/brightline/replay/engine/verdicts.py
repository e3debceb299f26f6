"""Sentences 3 to 6 of an answer over planes: which norms stand, what they say, and which of them is named first.

Norm for norm it is `evaluate.decide`, with rows in place of one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from brightline.law.evaluate import answer_word
from brightline.law.norms import Norm
from brightline.replay.engine.circuit import ALL, NONE, Circuit

__all__ = ["Standing", "Verdict", "decided", "first_named", "is_command", "is_unverified", "levels_of"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """For each modality, where it is the answer; for each rank, where it decides and its commands clash.

    `silent` is where no norm stands.
    """

    words: Mapping[str, int]
    clashes: Mapping[int, int]
    standing: Standing
    silent: int

    def basis(self, circuit: Circuit, norm: Norm) -> int:
        """Where a norm is behind the answer."""
        said = self.words[answer_word(norm.modality)]
        if is_command(norm):
            said = circuit.either(said, self.clashes[norm.level])
        return circuit.both(said, self.standing.where(norm))


def is_command(norm: Norm) -> bool:
    """Whether a norm requires or prohibits."""
    return norm.modality in ("required", "prohibited")


def levels_of(norms: Sequence[Norm]) -> list[list[Norm]]:
    """The norms by rank, the strongest first, each in the order of the stack."""
    found: dict[int, list[Norm]] = {}
    for norm in norms:
        found.setdefault(norm.level, []).append(norm)
    return [found[level] for level in sorted(found, reverse=True)]


def decided(circuit: Circuit, norms: Sequence[Norm], active: Mapping[str, int]) -> Verdict:
    """The verdict, where `active` says for each norm where it takes part."""
    stand = Standing(circuit, norms, active)
    words = dict.fromkeys(("required", "prohibited", "unsettled"), NONE)
    clashes: dict[int, int] = {}
    nothing_yet = ALL
    for here in levels_of(norms):
        said = {
            word: circuit.both(nothing_yet, stand.some_of(n for n in here if n.modality == word))
            for word in ("required", "prohibited")
        }
        clash = clashes[here[0].level] = circuit.both(said["required"], said["prohibited"])
        words["unsettled"] = circuit.either(words["unsettled"], clash)
        for word, rows in said.items():
            words[word] = circuit.either(words[word], circuit.without(rows, clash))
        nothing_yet = circuit.all_of((nothing_yet, *(~rows for rows in said.values())))
    words["permitted"] = nothing_yet
    silent = circuit.without(nothing_yet, stand.some_of(n for n in norms if not is_command(n)))
    return Verdict(words, clashes, stand, silent)


class Standing:
    """Where each norm takes part and is neither taken away nor beaten.

    `own` is where it would stand were nothing taken away, and `open` where it is not taken away: that is the same for
    most norms of a rank, so that they are joined first and looked at once.
    """

    def __init__(self, circuit: Circuit, norms: Sequence[Norm], active: Mapping[str, int]) -> None:
        self.circuit = circuit
        self.own: dict[str, int] = {}
        self.open: dict[str, int] = {}
        above: list[list[Norm]] = []
        for here in levels_of(norms):
            for norm in here:
                takers = [self.some_of(s for s in level if _names(s, norm)) for level in above]
                self.open[norm.id] = circuit.all_of(~taken for taken in takers)
            beaten = _beaten(circuit, here, {n.id: circuit.both(active[n.id], self.open[n.id]) for n in here})
            self.own.update({n.id: circuit.without(active[n.id], beaten[n.id]) for n in here})
            above.append(here)

    def where(self, norm: Norm) -> int:
        """Where a norm stands."""
        return self.circuit.both(self.own[norm.id], self.open[norm.id])

    def some_of(self, norms: Iterable[Norm]) -> int:
        """Where one of some norms stands."""
        alike: dict[int, list[int]] = {}
        for norm in norms:
            alike.setdefault(self.open[norm.id], []).append(self.own[norm.id])
        return self.circuit.any_of(self.circuit.both(at, self.circuit.any_of(own)) for at, own in alike.items())


def _names(strong: Norm, weak: Norm) -> bool:
    over = strong.overrides
    if over is None or answer_word(weak.modality) not in over.modalities:
        return False
    return not over.norms or weak.id in over.norms


def _beaten(circuit: Circuit, here: Sequence[Norm], left: Mapping[str, int]) -> dict[str, int]:
    """Where each norm is beaten by a special rule that is not itself beaten."""
    special = {norm.id: [s.id for s in here if norm.id in s.derogates and s.id != norm.id] for norm in here}
    beaten = dict.fromkeys(special, NONE)

    def is_beaten(name: str, path: tuple[str, ...], asked: int) -> int:
        """Where `name` is beaten, of the rows in which it is asked; noted as the specification notes it on its way."""
        found = NONE
        for winner in special[name]:
            if winner in path:
                continue
            tried = circuit.both(circuit.without(asked, found), left[winner])
            if tried != NONE:
                found = circuit.either(found, circuit.without(tried, is_beaten(winner, (*path, name), tried)))
        beaten[name] = circuit.either(beaten[name], found)
        return found

    for norm in here:
        is_beaten(norm.id, (), left[norm.id])
    return beaten


def first_named(
    circuit: Circuit, norms: Sequence[Norm], behind: Mapping[str, int], within: Mapping[str, int] | None = None
) -> list[int]:
    """The number of the first norm behind each answer, counted from 1, as binary digits, the lowest first; 0 for none.

    A norm counts where it is `behind` and `within`; what neighbours have `within` alike is looked at once.
    """
    rows = [NONE, *(behind[norm.id] for norm in norms)]
    inside = [ALL, *(within[norm.id] if within else ALL for norm in norms)]

    def found(start: int, width: int) -> tuple[int, list[int]]:
        """Within what, and where some of the norms from `start` is behind, after the digits of the first."""
        if width == 0:
            return inside[start], [rows[start]]
        one, left = found(start, width - 1)
        if start + (1 << width - 1) >= len(rows):
            return one, [*left[:-1], NONE, left[-1]]
        two, right = found(start + (1 << width - 1), width - 1)
        if left[-1] == NONE:
            one = two
        if one != two:
            left, right = [circuit.both(one, d) for d in left], [circuit.both(two, d) for d in right]
        digits = [circuit.either(a, circuit.without(b, left[-1])) for a, b in zip(left, right, strict=True)]
        return one if one == two else ALL, [*digits[:-1], circuit.without(right[-1], left[-1]), digits[-1]]

    at, digits = found(0, len(norms).bit_length())
    return [circuit.both(at, digit) for digit in digits[:-1]]


def is_unverified(circuit: Circuit, norms: Sequence[Norm], behind: Mapping[str, int]) -> int:
    """Where a norm of the strongest rank behind an answer is cited from memory."""
    found, none_yet = NONE, ALL
    for here in levels_of(norms):
        doubtful = circuit.any_of(behind[n.id] for n in here if n.evidence == "memory")
        found = circuit.either(found, circuit.both(none_yet, doubtful))
        none_yet = circuit.both(none_yet, ~circuit.any_of(behind[n.id] for n in here))
    return found
