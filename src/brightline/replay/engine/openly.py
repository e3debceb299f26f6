"""What is said on one action where rows may lack a fact that matters, or a reading is undecided: by the diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from brightline.law.chart import Chart
from brightline.law.diagram import FALSE, TRUE
from brightline.law.evaluate import answer_word
from brightline.replay.engine.circuit import ALL, NONE, Circuit
from brightline.replay.engine.knowledge import Knowledge, Possible
from brightline.replay.engine.reaching import Reaching, words_reached
from brightline.replay.engine.said import Said
from brightline.replay.engine.verdicts import decided, is_command, is_unverified, levels_of

__all__ = ["answered_openly"]

Rows = Mapping[str, int]


def answered_openly(knowledge: Knowledge, chart: Chart) -> Said:
    """One modality where only one can be reached; `open` where a fact decides, `unsettled` where only a reading does."""
    circuit, possible = knowledge.circuit, knowledge.possible(chart)
    reached = words_reached(circuit, chart, possible)
    several = circuit.several_of(list(reached.values()))
    trials = list(_trials(chart, possible))
    is_open = several
    if len(trials) > 1:
        is_open = circuit.any_of(circuit.several_of([*words_reached(circuit, chart, t).values()]) for t in trials)
    undecided = circuit.without(several, is_open)
    words = {word: circuit.without(rows, several) for word, rows in reached.items()}
    basis = _basis(circuit, chart, possible, reached)
    first = _first_behind(circuit, chart, possible, several, is_open, basis)
    marks = _marks(knowledge, chart, possible, words, basis)
    if undecided != NONE:
        named, unverified = _undecided(circuit, chart, trials)
        first = {name: circuit.either(rows, circuit.both(undecided, named[name])) for name, rows in first.items()}
        marks["contested"] = circuit.either(marks["contested"], undecided)
        marks["unverified"] = circuit.either(marks["unverified"], circuit.both(undecided, unverified))
        words["unsettled"] = circuit.either(words.get("unsettled", NONE), undecided)
    return Said(chart.norms, {**words, "open": is_open}, marks, first)


def _trials(chart: Chart, possible: Possible) -> Iterator[Possible]:
    """The possible values once for each way to decide the undecided readings, in the order in which `decided` tries."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and sum(p != NONE for p in possible[i]) > 1]
    for chosen in product(*(range(len(possible[i])) for i in undecided)):
        trial = list(possible)
        for number, position in zip(undecided, chosen, strict=True):
            trial[number] = tuple(ALL if i == position else NONE for i in range(len(possible[number])))
        yield trial


def _basis(circuit: Circuit, chart: Chart, possible: Possible, reached: Rows) -> dict[str, int]:
    """Where each norm is behind the one modality reached: as the norms decide that surely take part, or may decide."""
    reaching = Reaching(circuit, chart.diagram, possible)
    active = {norm.id: ~reaching.can_reach(chart.active[norm.id], FALSE) for norm in chart.norms}
    verdict = decided(circuit, chart.norms, active)
    sure = circuit.any_of(circuit.both(rows, verdict.words[word]) for word, rows in reached.items())
    unsettled, basis = reached.get("unsettled", NONE), dict[str, int]()
    for norm in chart.norms:
        wanted = reached.get(answer_word(norm.modality), NONE)
        wanted = circuit.either(wanted, unsettled) if is_command(norm) else wanted
        maybe = circuit.without(wanted, sure)
        if maybe != NONE:
            maybe = circuit.both(maybe, reaching.can_reach(chart.standing[norm.id], TRUE))
        basis[norm.id] = circuit.either(circuit.both(sure, verdict.basis(circuit, norm)), maybe)
    return basis


def _first_behind(
    circuit: Circuit, chart: Chart, possible: Possible, several: int, is_open: int, basis: Rows
) -> dict[str, int]:
    """Where each norm may be named first: behind the one modality, or sure to stand where the answer is open."""
    first = {name: circuit.without(rows, several) for name, rows in basis.items()}
    if is_open != NONE:
        reaching = Reaching(circuit, chart.diagram, possible)
        for norm in chart.norms:
            stands = ~reaching.can_reach(chart.standing[norm.id], FALSE)
            first[norm.id] = circuit.either(first[norm.id], circuit.both(is_open, stands))
    return first


def _marks(knowledge: Knowledge, chart: Chart, possible: Possible, words: Rows, basis: Rows) -> dict[str, int]:
    """The marks of rows with one modality."""
    circuit = knowledge.circuit
    single = circuit.any_of(words.values())

    def also(others: Possible) -> int:
        reached = words_reached(circuit, chart, others)
        return circuit.both(single, circuit.any_of(circuit.without(r, words.get(w, NONE)) for w, r in reached.items()))

    silent = circuit.without(words.get("permitted", NONE), circuit.any_of(basis.values()))
    return {
        "contested": also(knowledge.free(chart, possible)),
        "presumed": also(knowledge.loose(chart, possible)),
        "silent": silent,
        "unverified": circuit.both(single, is_unverified(circuit, chart.norms, basis)),
    }


def _undecided(circuit: Circuit, chart: Chart, trials: Sequence[Possible]) -> tuple[dict[str, int], int]:
    """Where each norm is named first if only undecided readings differ, and where a norm behind is from memory.

    The strongest rank first; in a rank, the first way to decide the readings that has a norm of it behind its answer.
    """
    behind = [_basis(circuit, chart, trial, words_reached(circuit, chart, trial)) for trial in trials]
    named, taken = dict.fromkeys((norm.id for norm in chart.norms), NONE), NONE
    for here in levels_of(chart.norms):
        for basis in behind:
            for norm in here:
                named[norm.id] = circuit.either(named[norm.id], circuit.without(basis[norm.id], taken))
                taken = circuit.either(taken, basis[norm.id])
    doubtful = circuit.any_of(basis[n.id] for basis in behind for n in chart.norms if n.evidence == "memory")
    return named, doubtful
