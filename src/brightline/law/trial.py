"""One action under one stack of norms, made ready to try mutants: where a norm matters, and what a mutant changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product

from brightline.law.chart import Chart, variables_of
from brightline.law.cover import smallest_example
from brightline.law.decisions import Decisions, terminal_of, word_of
from brightline.law.diagram import FALSE, NODE_BUDGET, TRUE, Diagram
from brightline.law.dutysets import DutyKey, duty_sets
from brightline.law.evaluate import ANSWERS
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import all_of, facts_in, negate
from brightline.law.library import Law
from brightline.law.mutants import Mutant
from brightline.law.norms import Norm
from brightline.law.vocabulary import Expression

__all__ = ["Difference", "Trial", "View", "reply"]

_BUDGET = 10 * NODE_BUDGET


class View:
    """What a law answers on one action: the modality, and (worked out when first asked for) where it shows which duty."""

    def __init__(self, modal: int, duties: Callable[[], Mapping[DutyKey, int]]) -> None:
        self.modal, self._duties = modal, duties

    @cached_property
    def duties(self) -> Mapping[DutyKey, int]:
        """The set of situations in which each duty is shown; a duty that never is has none."""
        return self._duties()


class Trial:
    """The law on one action, and what becomes of it when one of its norms is changed.

    All diagrams are in one store, that of `chart`, which knows the facts and no norm. `further` are conditions of
    mutants, whose facts and cuts must be told apart. With a `region`, the law is looked at only there; that is smaller,
    and enough for mutants that matter nowhere else.
    """

    def __init__(
        self,
        law: Law,
        action: str,
        norms: Sequence[Norm],
        further: Iterable[Expression] = (),
        region: Expression = ALWAYS,
    ) -> None:
        self.norms = {norm.id: norm for norm in norms}
        named = list(dict.fromkeys([*further, *(norm.extends.when for norm in norms if norm.extends)]))
        impossible = _touching(law, [*(norm.condition for norm in norms), *named])
        facts, readings = law.vocabulary.facts, law.vocabulary.readings
        variables = variables_of(norms, facts, readings, [*named, *impossible])
        self.chart = Chart(action, (), facts, readings, _BUDGET, variables=variables)
        below_nothing: list[Expression] = [("lt", v.name, 0) for v in variables if v.cuts and v.cuts[0] <= 0]
        self.possible = self.chart.condition_of(all_of(*map(negate, (*impossible, *below_nothing))))
        self.region = self.chart.condition_of(region)
        self.shows_duties = any(norm.within or norm.accompanies for norm in norms)
        self._active: dict[int, tuple[Norm, int]] = {}
        self._views: dict[object, View] = {}
        self._after: dict[int, tuple[Mutant, View]] = {}
        self._changed: dict[int, tuple[Mutant, int]] = {}
        self._unequal: dict[tuple[int, int], int] = {}
        self.view = self.of(norms)

    def of(self, norms: Sequence[Norm], always: str = "") -> View:
        """What some norms answer, the strongest first; one of them may be made to take part `always`."""
        active = {norm.id: TRUE if norm.id == always else self.active(norm) for norm in norms}
        decisions = Decisions(self.chart, norms, active)
        return View(decisions.modal, partial(duty_sets, decisions))

    def active(self, norm: Norm) -> int:
        """Where a norm takes part, its readings included."""
        if id(norm) not in self._active:
            chosen = [("in", name, values) for name, values in norm.reading.items() if name in self.chart.number]
            node = self.chart.diagram.both(self.region, self.chart.condition_of(all_of(norm.condition, *chosen)))
            self._active[id(norm)] = norm, node
        return self._active[id(norm)][1]

    def after(self, mutant: Mutant) -> View:
        """What the law answers with a mutant in place of its norm."""
        if id(mutant) not in self._after:
            self._after[id(mutant)] = mutant, self._mutated(mutant)
        return self._after[id(mutant)][1]

    def _mutated(self, mutant: Mutant) -> View:
        changed, off = self._here(mutant), self._with(mutant.norm.id, None)
        if changed is None:
            return off
        active, on, select = self.active(changed), self._with(mutant.norm.id, changed), self.chart.diagram.select

        def duties() -> dict[DutyKey, int]:
            keys = dict.fromkeys((*on.duties, *off.duties))
            return {k: select(active, on.duties.get(k, FALSE), off.duties.get(k, FALSE)) for k in keys}

        return View(select(active, on.modal, off.modal), duties)

    def changed_set(self, mutant: Mutant) -> int:
        """The possible situations in which a mutant changes the modality."""
        return self.chart.diagram.both(self.possible, self.unlike(mutant))

    def unlike(self, mutant: Mutant) -> int:
        """The situations in which a mutant changes the modality, those that contradict themselves too.

        A norm matters where the law with it and the law without it differ; a mutant of its condition changes the
        answer where it also takes part in only one of both, so that one pair of views serves all of them.
        """
        if id(mutant) not in self._changed:
            self._changed[id(mutant)] = mutant, self._unlike(mutant)
        return self._changed[id(mutant)][1]

    def _unlike(self, mutant: Mutant) -> int:
        changed, diagram, name = self._here(mutant), self.chart.diagram, mutant.norm.id
        active, on, off = self.active(self.norms[name]), self._with(name, self.norms[name]), self._with(name, None)
        if changed is None:
            return diagram.both(active, self.unequal(on.modal, off.modal))
        other, then = self.active(changed), self._with(name, changed)
        return diagram.select(
            active,
            diagram.select(other, self.unequal(on.modal, then.modal), self.unequal(on.modal, off.modal)),
            diagram.select(other, self.unequal(then.modal, off.modal), FALSE),
        )

    def differs(self, mutant: Mutant) -> bool:
        """Whether a mutant changes a modality or a duty in some possible situation."""
        return next(self.differences(mutant), None) is not None

    def differences(self, mutant: Mutant) -> Iterator[Difference]:
        """Where a mutant answers otherwise."""
        return self.compared(self.changed_set(mutant), self.view, self.after(mutant))

    def compared(self, changed: int, before: View, after: View) -> Iterator[Difference]:
        """Where two laws answer otherwise, given where their modalities differ: modalities, duties lost, duties added."""
        if changed != FALSE:
            yield Difference(self, changed, self.chart.action, None, before, after)
        for key, node in self.lost_duties(before, after):
            yield Difference(self, node, key.asked, key, before, after)
        for key, node in self.lost_duties(after, before):
            yield Difference(self, node, key.asked, key, before, after, adds=True)

    def lost_duties(self, before: View, after: View) -> Iterator[tuple[DutyKey, int]]:
        """The duties that one law shows and the other does not, each with the possible situations where that is so."""
        diagram = self.chart.diagram
        for key, node in before.duties.items() if self.shows_duties else ():
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

    def _with(self, name: str, norm: Norm | None) -> View:
        """What the law answers if a norm always takes part; never, for None."""
        key = name, norm and (norm.modality, norm.level, norm.overrides, norm.derogates, norm.within, norm.extends)
        if key not in self._views:
            norms = [norm if n.id == name else n for n in self.norms.values()]
            self._views[key] = self.of(sorted((n for n in norms if n is not None), key=lambda n: -n.level), name)
        return self._views[key]


@dataclass(frozen=True, eq=False)
class Difference:
    """Situations in which a mutant answers otherwise on the action `asked`, or no longer shows a duty with it.

    With `adds` it shows a duty that the law does not.
    """

    trial: Trial
    node: int
    asked: str
    duty: DutyKey | None
    before: View
    after: View
    adds: bool = False

    def parts(self, node: int) -> list[int]:
        """A set split by today's answer, since a case states one; the part that takes the fewest facts to name first."""
        chart, diagram = self.trial.chart, self.trial.chart.diagram
        found = []
        for word in ANSWERS:
            answered = diagram.map_outcomes(self.before.modal, partial(_is_terminal, terminal_of(word)))
            found.append(diagram.both(node, answered))
        return sorted((n for n in found if n != FALSE), key=lambda n: len(smallest_example(chart, n, TRUE, {})))

    def shows_at(self, possible: Sequence[Sequence[int]]) -> bool:
        """Whether partly known facts settle today's answer, and the mutant gives another."""
        chart, sole = self.trial.chart, self.trial.chart.diagram.sole
        if self.duty is not None:
            before, after = (view.duties.get(self.duty, FALSE) for view in (self.before, self.after))
            shown, hidden = (after, before) if self.adds else (before, after)
            return sole(shown, possible) == TRUE and sole(hidden, possible) != TRUE
        answered = reply(chart, self.before.modal, possible)
        return answered != "open" and answered != reply(chart, self.after.modal, possible)


def _is_terminal(wanted: int, terminal: int) -> int:
    return TRUE if terminal == wanted else FALSE


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


def reply(chart: Chart, modal: int, possible: Sequence[Sequence[int]]) -> str:
    """The answer to partly known facts, from a diagram of modalities in the chart's store, as `answering` gives it."""
    undecided = [i for i, v in enumerate(chart.variables) if v.is_reading and len(possible[i]) > 1]
    words: set[str] = set()
    for positions in product(*(possible[i] for i in undecided)):
        trial = list(possible)
        for number, position in zip(undecided, positions, strict=True):
            trial[number] = (position,)
        terminal = chart.diagram.sole(modal, trial)
        if terminal is None:
            return "open"
        words.add(word_of(terminal))
    return words.pop() if len(words) == 1 else "unsettled"
