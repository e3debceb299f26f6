"""Mutation testing of the law: whether a scenario beside an authority sees each change that alters an answer.

A mutant is an authority with one thing that is written in it changed. It is *killed* if a scenario beside the
authority no longer gets its answer or its duties, *equivalent* if no answer changes for any profile, on any day and
under any reading, which diagrams decide, and a *survivor* otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path

from brightline.law.casewriter import CaseWriter
from brightline.law.comparison import fixed
from brightline.law.diagram import FALSE
from brightline.law.errors import BrightlineError
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import any_of
from brightline.law.fate import Fate
from brightline.law.fewest import fewest
from brightline.law.library import Law, Stack
from brightline.law.mutants import DatedMutant, Mutant, dated_mutants, norm_mutants, written
from brightline.law.norms import Authority, Norm
from brightline.law.places import Place, places_of, profiles_below
from brightline.law.scenarios import Case
from brightline.law.trial import Difference, Trial
from brightline.law.vocabulary import Value
from brightline.law.witness import Witness
from brightline.law.yamlfile import load_yaml

__all__ = ["Report", "Survivor", "mutants_of", "mutate"]

_MOST_TRIALS = 40
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that changes an answer unseen, and the scenario that would see it; None where no case can be stated.

    One scenario may see several mutants.
    """

    norm: str
    words: str
    where: str
    case: Case | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the mutants of one version of an authority; `file` is its law file."""

    file: str
    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]


def mutants_of(law: Law, root: Path, authority: Authority) -> list[Mutant]:
    """The mutants of an authority of the corpus folder `root` but those of its dates.

    Raises: BrightlineError for a law file that cannot be read.
    """
    conditions = written(load_yaml(root / authority.file, authority.file), authority, law.vocabulary)
    return [m for norm in authority.norms for m in norm_mutants(norm, conditions, law.vocabulary)]


def mutate(law: Law, root: Path, authority: Authority, cases: Sequence[Case]) -> Report:
    """The report for one authority of the corpus folder `root`, and the scenarios beside it that are to see its mutants.

    Raises: BrightlineError for a law file that cannot be read, or `node-budget`.
    """
    return _Judge(law, authority, mutants_of(law, root, authority), cases).report()


class _Judge:
    def __init__(self, law: Law, authority: Authority, mutants: Iterable[Mutant], cases: Sequence[Case]) -> None:
        self.law, self.authority = law, authority
        self.dated = [Fate(m) for m in dated_mutants(authority)]
        self.fates = [Fate(m) for m in mutants]
        self.cases = sorted(cases, key=lambda case: (case.as_of, case.profile, case.action))
        self.added: dict[str, tuple[Case, Norm]] = {}
        self.writer = CaseWriter(law, authority.id, cases)
        self.witness = Witness(law, authority, self.trial)
        self.places = places_of(law, authority, [(case.profile, case.as_of) for case in cases])
        self.trials: dict[Key, Trial] = {}
        self.living: dict[Key, list[Fate]] = {}

    def report(self) -> Report:
        """Ask the cases of today, then write what they miss: first for the dates, since those cases see much else."""
        for case in self.cases:
            for fate in self.witness.seen(case, self.pending()):
                fate.is_killed = True
        for fate in self.dated:
            self.judge_dated(fate)
        for action in dict.fromkeys(a for norm in self.authority.norms for a in norm.actions):
            self.look_for_changes(action)
        self.keep_few()
        every = [*self.fates, *self.dated]
        survivors = tuple(Survivor(f.norm.id, f.mutant.words, f.norm.where, f.seen_by) for f in every if f.survives)
        killed = sum(f.is_killed for f in every)
        return Report(self.authority.file, len(every), killed, len(every) - killed - len(survivors), survivors)

    def pending(self) -> list[Fate]:
        return [fate for fate in (*self.fates, *self.dated) if fate.is_pending]

    # Trials -------------------------------------------------------------------------------------
    def trial(self, action: str, stack: Stack) -> Trial:
        """An action under a stack, with room for every mutant of the authority's norms on it."""
        key = _key(action, stack)
        if key not in self.trials:
            while len(self.trials) >= _MOST_TRIALS:
                del self.trials[next(iter(self.trials))]
            self.trials[key] = self.new_trial(action, stack, self.of(stack, action))
        return self.trials[key]

    def new_trial(self, action: str, stack: Stack, fates: Iterable[Fate], *, narrow: bool = False) -> Trial:
        """A trial with room for some mutants; a narrow one looks only where they matter."""
        mutants = [fate.mutant for fate in fates if isinstance(fate.mutant, Mutant)]
        further = [mutant.changed.condition for mutant in mutants if mutant.changed]
        region = any_of(*(m.region for m in mutants)) if narrow else ALWAYS
        return Trial(self.law, action, stack.by_action[action], further, region)

    def of(self, stack: Stack, action: str) -> list[Fate]:
        """The mutants of the norms on an action that are in a stack."""
        here = {norm.where for norm in stack.by_action.get(action, ())}
        return [fate for fate in self.fates if fate.norm.where in here]

    def alive(self, action: str, stack: Stack) -> list[Fate]:
        """Those of the pending mutants that change something in a stack. The law is looked at only where they matter."""
        key = _key(action, stack)
        if key not in self.living:
            open_ones = [f for f in self.of(stack, action) if f.is_pending and f.decides_something]
            narrow = self.new_trial(action, stack, open_ones, narrow=True) if open_ones else None
            self.living[key] = [f for f in open_ones if narrow and narrow.differs(_norm_mutant(f))]
        return [fate for fate in self.living[key] if fate.is_pending]

    # Norms --------------------------------------------------------------------------------------
    def look_for_changes(self, action: str) -> None:
        """Write the missing scenario for each mutant that changes an answer on an action somewhere."""
        groups: dict[Key, list[Place]] = {}
        for place in self.places:
            groups.setdefault(_key(action, place.stack), []).append(place)
        for places in groups.values():
            for fate in self.alive(action, places[0].stack):
                if fate.is_pending:
                    trial = self.trial(action, places[0].stack)
                    for difference in trial.differences(_norm_mutant(fate)):
                        self.find(fate, difference, places)

    def find(self, fate: Fate, difference: Difference, places: Sequence[Place]) -> None:
        """Keep a scenario for a mutant if a place has a situation of the difference."""
        chart, seen = difference.trial.chart, list[dict[str, Value]]()
        for place in places if fate.is_pending else ():
            standing = self.law.vocabulary.standing_facts(place.profile, place.on)
            standing = {k: v for k, v in standing.items() if k in chart.number}
            node = FALSE if standing in seen else fixed(chart, difference.node, standing)
            seen.append(standing)
            if node != FALSE:
                fate.differs = True
                node = self.shared(fate, difference, node, standing, place.stack)
                if self.keep_case(fate, difference, node, place):
                    return

    def shared(self, fate: Fate, difference: Difference, node: int, standing: Mapping[str, Value], stack: Stack) -> int:
        """The part of a set in which many other mutants change the answer too, those of the same norm first."""
        trial = difference.trial
        if difference.duty is None and trial is self.trials.get(_key(trial.chart.action, stack)):
            others = [other for other in self.alive(trial.chart.action, stack) if other is not fate]
            for other in sorted(others, key=lambda o: o.norm is not fate.norm):
                both = trial.chart.diagram.both(
                    node, fixed(trial.chart, trial.changed_set(_norm_mutant(other)), standing)
                )
                node = node if both == FALSE else both
        return node

    def keep_case(self, fate: Fate, difference: Difference, node: int, place: Place) -> bool:
        """Write a scenario for a mutant, and note all the others that it sees; False where none can be stated."""
        changed = partial(self.witness.under, fate.mutant)
        found = self.writer.case_in(difference, node, fate.norm, place, changed)
        if found is None:
            return False
        case = self.shortened(found, self.witness.seen(found, self.pending()))
        case = replace(case, id=self.free_name(fate.norm))
        self.added[case.id] = case, fate.norm
        for seen in self.witness.seen(case, self.pending()):
            seen.seen_by = case
        return not fate.is_pending

    def shortened(self, case: Case, fates: Sequence[Fate]) -> Case:
        """A scenario without the facts that some mutants need not to be seen."""
        return self.writer.shortened(case, lambda fewer: len(self.witness.seen(fewer, fates)) == len(fates))

    def keep_few(self) -> None:
        """Of the scenarios written, keep few that together see as much, each with the facts that it alone needs."""
        survivors = [fate for fate in (*self.dated, *self.fates) if fate.seen_by]
        seen = {name: {*self.witness.seen(case, survivors)} for name, (case, _) in self.added.items()}
        costs = {name: len(case.facts) for name, (case, _) in self.added.items()}
        kept = {name: seen[name] for name in fewest(seen, costs)}
        for name in sorted(kept, key=lambda name: -costs[name]):
            others = set[Fate]().union(*(fates for other, fates in kept.items() if other != name))
            case, norm = self.added[name]
            case = self.shortened(case, [fate for fate in survivors if fate in kept[name] - others])
            self.added[name], kept[name] = (case, norm), {*self.witness.seen(case, survivors)}
        self.number_anew(kept)

    def number_anew(self, kept: Mapping[str, Collection[Fate]]) -> None:
        """Name the scenarios by norm, numbered in the order of the mutants that they see."""
        added, self.added = self.added, {}
        named: dict[str, Case] = {}
        for fate in (*self.fates, *self.dated):
            old = next((name for name in kept if fate in kept[name]), None)
            if old and old not in named:
                case, norm = added[old]
                named[old] = replace(case, id=self.free_name(norm))
                self.added[named[old].id] = named[old], norm
            fate.seen_by = named[old] if old else None

    def free_name(self, norm: Norm) -> str:
        """A name that no case of the authority has yet."""
        stem, taken = f"edge-of-{norm.id.partition('#')[2]}", {case.id for case in self.cases} | {*self.added}
        return next(name for n in count(1) if (name := f"{stem}-{n}") not in taken)

    # Dates --------------------------------------------------------------------------------------
    def judge_dated(self, fate: Fate) -> None:
        """Judge a version whose dates are moved by one day, on the one day that this changes."""
        assert isinstance(fate.mutant, DatedMutant)
        day, other = fate.mutant.day, self.witness.under(fate.mutant)
        for profile in profiles_below(self.law, self.authority.path) if fate.is_pending else ():
            stacks = [_stack(law, profile, day) for law in (self.law, other)]
            # Before the law of the corpus begins there is no answer to change.
            if stacks[0] and fate.is_pending:
                self.look_on_the_day(fate, Place(profile, day, stacks[0]), stacks[1] or replace(stacks[0], norms=()))

    def look_on_the_day(self, fate: Fate, place: Place, changed: Stack) -> None:
        assert isinstance(fate.mutant, DatedMutant)
        for action in dict.fromkeys(action for norm in fate.mutant.norms for action in norm.actions):
            before, after = (stack.by_action.get(action, ()) for stack in (place.stack, changed))
            if fate.is_pending and len(before) != len(after):
                for difference in self.differences_of(action, place.stack, before, after):
                    self.find(fate, difference, [place])

    def differences_of(
        self, action: str, stack: Stack, before: Sequence[Norm], after: Sequence[Norm]
    ) -> Iterator[Difference]:
        """Where two lists of norms, one a part of the other, answer otherwise on an action."""
        is_less = len(before) > len(after)
        trial = self.trial(action, stack) if is_less else Trial(self.law, action, after)
        was, now = (trial.view, trial.of(after)) if is_less else (trial.of(before), trial.view)
        changed = trial.chart.diagram.both(trial.possible, trial.unequal(was.modal, now.modal))
        return trial.compared(changed, was, now)


def _key(action: str, stack: Stack) -> Key:
    """What of a stack decides the answers on an action."""
    return action, *((norm.where, norm.level) for norm in stack.by_action.get(action, ()))


def _norm_mutant(fate: Fate) -> Mutant:
    assert isinstance(fate.mutant, Mutant)
    return fate.mutant


def _stack(law: Law, profile: str, day: date) -> Stack | None:
    try:
        return law.stack(profile, day)
    except BrightlineError:
        return None
