"""One action under one stack of norms, made ready to try mutants: where a norm matters, and what a mutant changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from brightline.law.chart import Chart, variables_of
from brightline.law.diagram import FALSE, NODE_BUDGET, TRUE, Diagram, outcome_index
from brightline.law.evaluate import answer_word
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.library import Law
from brightline.law.mutants import Mutant
from brightline.law.norms import Norm, Within
from brightline.law.vocabulary import Expression

__all__ = ["DutyKey", "Trial", "View", "reply"]

_BUDGET = 10 * NODE_BUDGET


@dataclass(frozen=True, slots=True)
class DutyKey:
    """A duty as an answer on `asked` shows it; `within` is None where only the duty counts, whatever its time."""

    asked: str
    duty: str
    within: Within | None


@dataclass(frozen=True, slots=True)
class View:
    """What a law answers on one action: the modality, and where it shows which duty."""

    modal: int
    duties: Mapping[DutyKey, int]


class Trial:
    """The law on one action, and what becomes of it when one of its norms is changed.

    All diagrams are in one store. `further` are conditions of mutants, whose facts and cuts must be told apart.
    """

    def __init__(self, law: Law, action: str, norms: Sequence[Norm], further: Iterable[Expression] = ()) -> None:
        self.law, self.norms = law, {norm.id: norm for norm in norms}
        named = list(dict.fromkeys([*further, *(norm.extends.when for norm in norms if norm.extends)]))
        impossible = _touching(law, [*(norm.condition for norm in norms), *named])
        facts, readings = law.vocabulary.facts, law.vocabulary.readings
        variables = variables_of(norms, facts, readings, [*named, *impossible])
        self.chart = Chart(action, norms, facts, readings, _BUDGET, variables=variables)
        self.possible = self.chart.condition_of(all_of(*map(negate, impossible)))
        self.view = self.seen(self.chart)
        self._views: dict[object, View] = {}
        self._unequal: dict[tuple[int, int], int] = {}

    def seen(self, chart: Chart) -> View:
        """What a chart of this store answers."""
        return View(chart.modal, _duties(chart))

    def beside(self, norms: Sequence[Norm]) -> View:
        """What other norms would answer."""
        facts, readings = self.law.vocabulary.facts, self.law.vocabulary.readings
        return self.seen(Chart(self.chart.action, norms, facts, readings, variables=self.chart.variables, beside=self.chart))

    def after(self, mutant: Mutant) -> View:
        """What the law answers with a mutant in place of its norm."""
        changed = self._here(mutant)
        off = self._with(mutant.norm.id, None)
        if changed is None:
            return off
        active, on, select = self._active(changed), self._with(mutant.norm.id, changed), self.chart.diagram.select
        keys = {*on.duties, *off.duties}
        return View(
            select(active, on.modal, off.modal),
            {k: select(active, on.duties.get(k, FALSE), off.duties.get(k, FALSE)) for k in keys},
        )

    def changed_set(self, mutant: Mutant) -> int:
        """The possible situations in which a mutant changes the modality.

        A norm matters where the law with it and the law without it differ; a mutant of its condition changes the
        answer where it also takes part in only one of both, so that one pair of charts serves all of them.
        """
        changed, diagram = self._here(mutant), self.chart.diagram
        name = mutant.norm.id
        active, on, off = self._active(self.norms[name]), self._with(name, self.norms[name]), self._with(name, None)
        if changed is None:
            where = diagram.both(active, self.unequal(on.modal, off.modal))
        else:
            other, then = self._active(changed), self._with(name, changed)
            where = diagram.select(
                active,
                diagram.select(other, self.unequal(on.modal, then.modal), self.unequal(on.modal, off.modal)),
                diagram.select(other, self.unequal(then.modal, off.modal), FALSE),
            )
        return diagram.both(self.possible, where)

    def lost_duties(self, before: View, after: View) -> Iterator[tuple[DutyKey, int]]:
        """The duties that one law shows and the other does not, each with the possible situations where that is so."""
        diagram = self.chart.diagram
        for key, node in before.duties.items():
            where = diagram.select(after.duties.get(key, FALSE), FALSE, node)
            if where != FALSE and (where := diagram.both(self.possible, where)) != FALSE:
                yield key, where

    def unequal(self, left: int, right: int) -> int:
        """The set in which two diagrams have different terminals."""
        if left == right:
            return FALSE
        if left < 0 and right < 0:
            return TRUE
        found = self._unequal.get((left, right))
        if found is None:
            diagram = self.chart.diagram
            top = min(diagram.variable[n] for n in (left, right) if n >= 0)
            pairs = zip(_below(diagram, left, top), _below(diagram, right, top), strict=True)
            found = diagram.node(top, tuple(self.unequal(a, b) for a, b in pairs))
            self._unequal[left, right] = self._unequal[right, left] = found
        return found

    def _here(self, mutant: Mutant) -> Norm | None:
        """The mutant as it stands in this stack, where its authority may only persuade."""
        norm, changed = self.norms[mutant.norm.id], mutant.changed
        if changed is not None and norm.level != mutant.norm.level:
            changed = replace(changed, rank=norm.rank, level=norm.level)
        return changed

    def _active(self, norm: Norm) -> int:
        """Where a norm takes part, readings included."""
        chosen = [("in", name, values) for name, values in norm.reading.items() if name in self.chart.number]
        return self.chart.condition_of(all_of(norm.condition, *chosen))

    def _with(self, name: str, norm: Norm | None) -> View:
        """What the law answers if a norm always takes part; never, for None."""
        always = norm and replace(norm, binds=ALWAYS, when=ALWAYS, unless=NEVER, reading={})
        key = (name, always and (always.modality, always.level, always.overrides, always.derogates, always.within, always.extends))
        if key not in self._views:
            norms = [always if n.id == name else n for n in self.norms.values()]
            self._views[key] = self.beside(sorted((n for n in norms if n is not None), key=lambda n: -n.level))
        return self._views[key]


def _below(diagram: Diagram, node: int, top: int) -> tuple[int, ...]:
    return diagram.children[node] if node >= 0 and diagram.variable[node] == top else (node,) * diagram.sizes[top]


def _touching(law: Law, conditions: Iterable[Expression]) -> list[Expression]:
    """The contradictions that could exclude a situation of these conditions, directly or through one another."""
    known = {name for condition in conditions for name in facts_in(condition)}
    left = [contradiction.when for contradiction in law.vocabulary.contradictions]
    found: list[Expression] = []
    while near := [when for when in left if facts_in(when) & known]:
        found.extend(near)
        known.update(*map(facts_in, near))
        left = [when for when in left if when not in near]
    return found


def _duties(chart: Chart) -> dict[DutyKey, int]:
    """Where an answer shows which duty: the times of the norms behind it, and the duties that go with an act."""
    shown: dict[DutyKey, int] = {}
    for norm in chart.norms:
        for key, node in (*_own(chart, norm), *_accompanying(chart, norm)):
            shown[key] = chart.diagram.either(shown.get(key, FALSE), node)
    return {key: node for key, node in shown.items() if node != FALSE}


def _own(chart: Chart, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
    if norm.within:
        behind = _in_basis(chart, norm)
        for within, node in _times(chart, norm, behind):
            yield DutyKey(chart.action, chart.action, within), node


def _accompanying(chart: Chart, norm: Norm) -> Iterator[tuple[DutyKey, int]]:
    if norm.accompanies and norm.modality == "required":
        stands = chart.diagram.both(_where(chart, "required"), chart.standing[norm.id])
        for asked in norm.accompanies:
            yield DutyKey(asked, chart.action, None), stands
            for within, node in _times(chart, norm, stands):
                yield DutyKey(asked, chart.action, within), node


def _times(chart: Chart, norm: Norm, shown: int) -> Iterator[tuple[Within, int]]:
    longer = chart.condition_of(norm.extends.when) if norm.extends else FALSE
    if norm.extends:
        yield norm.extends.within, chart.diagram.both(longer, shown)
    if norm.within:
        yield norm.within, chart.diagram.select(longer, FALSE, shown)


def _where(chart: Chart, word: str) -> int:
    return chart.diagram.map_outcomes(chart.modal, lambda t: TRUE if chart.modal_words[outcome_index(t)] == word else FALSE)


def _in_basis(chart: Chart, norm: Norm) -> int:
    """Where a norm is behind the answer, or limits in time what is required."""
    word, diagram = answer_word(norm.modality), chart.diagram
    answered = _where(chart, word)
    if word == "permitted":
        answered = diagram.either(answered, _where(chart, "required"))
    else:
        answered = diagram.either(answered, _unsettled_at(chart, norm.level))
    return diagram.both(chart.standing[norm.id], answered)


def _unsettled_at(chart: Chart, level: int) -> int:
    levels = {norm.id: norm.level for norm in chart.norms}

    def is_at(terminal: int) -> int:
        found = chart.outcomes[outcome_index(terminal)]
        return TRUE if found.modality == "unsettled" and levels[found.norms[0]] == level else FALSE

    return chart.diagram.map_outcomes(chart.root, is_at)


def reply(chart: Chart, modal: int, possible: Sequence[Sequence[int]]) -> str:
    """The answer to partly known facts, from a modality diagram of the chart's store, as `answering` gives it."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    words: set[str] = set()
    for positions in product(*(possible[i] for i in undecided)):
        trial = list(possible)
        for number, position in zip(undecided, positions, strict=True):
            trial[number] = (position,)
        found = {chart.modal_words[outcome_index(t)] for t in chart.diagram.reach(modal, trial)}
        if len(found) > 1:
            return "open"
        words |= found
    return words.pop() if len(words) == 1 else "unsettled"
