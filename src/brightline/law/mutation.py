"""Mutation testing of the law: whether a scenario beside an authority sees each change that alters an answer.

A mutant is an authority with one thing that is written in it changed. It is *killed* if a scenario beside the
authority no longer gets its answer or its duty, *equivalent* if no answer changes for any profile, on any day and
under any reading, which diagrams decide, and a *survivor* otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from brightline.law.casewriter import CaseWriter
from brightline.law.comparison import fixed
from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.expressions import TRUE as ALWAYS
from brightline.law.expressions import any_of
from brightline.law.fate import Fate
from brightline.law.library import Law, Stack
from brightline.law.mutants import DatedMutant, Mutant, dated_mutants, norm_mutants, written
from brightline.law.norms import Authority, Norm
from brightline.law.places import Place, places_of, profiles_below
from brightline.law.possible import possible_values
from brightline.law.scenarios import Case, read_cases, run_case
from brightline.law.situation import situation
from brightline.law.trial import Difference, Trial, differences, differences_of_lists, reply
from brightline.law.vocabulary import Value
from brightline.law.yamlfile import load_yaml

__all__ = ["Report", "Survivor", "mutate", "scenario_path"]

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
    """What became of the mutants of one version of an authority; `file` is its law file.

    `adding` counts those that change no answer but to add a duty or a time to it, which no scenario can state.
    """

    file: str
    mutants: int
    killed: int
    equivalent: int
    adding: int
    survivors: tuple[Survivor, ...]


def scenario_path(root: Path, authority: Authority) -> Path:
    """The scenario file beside a law file."""
    return root / f"{authority.file.removesuffix('.yaml')}.scenarios.yaml"


def mutate(law: Law, root: Path, authority: Authority) -> Report:
    """The report for one authority of the corpus folder `root`; its scenarios are read from beside it.

    Raises: BrightlineError for a file that cannot be read, or `node-budget`.
    """
    conditions = written(load_yaml(root / authority.file, authority.file), authority, law.vocabulary)
    path = scenario_path(root, authority)
    cases = read_cases(path, path.relative_to(root).as_posix()) if path.exists() else []
    mutants = [m for norm in authority.norms for m in norm_mutants(norm, conditions, law.vocabulary)]
    return _Judge(law, authority, mutants, cases).report()


class _Judge:
    def __init__(self, law: Law, authority: Authority, mutants: Iterable[Mutant], cases: Sequence[Case]) -> None:
        self.law, self.authority = law, authority
        self.fates = [Fate(m) for m in mutants]
        self.dated = [Fate(m) for m in dated_mutants(authority)]
        self.cases, self.added = list(cases), list[Case]()
        self.writer = CaseWriter(law, authority.id, cases)
        self.places = places_of(law, authority, [(case.profile, case.as_of) for case in cases])
        self.trials: dict[Key, Trial] = {}
        self.mutated: tuple[Mutant | DatedMutant, Law] | None = None

    def report(self) -> Report:
        for case in self.cases:
            self.try_case(case, is_new=False)
        for action in dict.fromkeys(a for norm in self.authority.norms for a in norm.actions):
            self.look_for_changes(action)
        for fate in self.dated:
            self.judge_dated(fate)
        every = [*self.fates, *self.dated]
        survivors = tuple(Survivor(f.norm.id, f.mutant.words, f.norm.where, f.seen_by) for f in every if f.survives)
        killed, adding = sum(f.is_killed for f in every), sum(f.is_pending and f.adds and not f.differs for f in every)
        equivalent = len(every) - killed - adding - len(survivors)
        return Report(self.authority.file, len(every), killed, equivalent, adding, survivors)

    def trial(self, action: str, stack: Stack) -> Trial:
        """An action under a stack, with room for every mutant of the authority's norms on it."""
        norms = stack.by_action[action]
        key = (action, *((norm.where, norm.level) for norm in norms))
        if key not in self.trials:
            while len(self.trials) >= _MOST_TRIALS:
                del self.trials[next(iter(self.trials))]
            self.trials[key] = self.new_trial(action, norms, self.of(stack, action))
        return self.trials[key]

    def new_trial(self, action: str, norms: Sequence[Norm], fates: Iterable[Fate], narrow: bool = False) -> Trial:
        """A trial with room for some mutants; a narrow one looks only where they matter."""
        mutants = [fate.mutant for fate in fates if isinstance(fate.mutant, Mutant)]
        further = [mutant.changed.condition for mutant in mutants if mutant.changed]
        return Trial(self.law, action, norms, further, any_of(*(m.region for m in mutants)) if narrow else ALWAYS)

    def of(self, stack: Stack, action: str) -> list[Fate]:
        """The mutants of the norms on an action that are in a stack."""
        here = {norm.where for norm in stack.by_action.get(action, ())}
        return [fate for fate in self.fates if fate.norm.where in here]

    def try_case(self, case: Case, *, is_new: bool) -> None:
        """Note every mutant that a case sees."""
        try:
            stack = self.law.stack(case.profile, case.as_of)
        except BrightlineError:
            return
        for action in dict.fromkeys((case.action, *(str(duty.get("action")) for duty in case.duties))):
            for fate in self.of(stack, action):
                if fate.is_pending and self.sees(case, self.trial(action, stack), fate.mutant):
                    fate.see(case, is_new=is_new)

    def sees(self, case: Case, trial: Trial, mutant: Mutant | DatedMutant) -> bool:
        """Whether a case does not get what it expects under a mutant: its answer, or a duty on the trial's action."""
        assert isinstance(mutant, Mutant)
        if trial.chart.action == case.action and self.gets_another(case, trial, mutant):
            return True
        wants = any(duty.get("action") == trial.chart.action for duty in case.duties)
        if not wants or not any(
            key.asked == case.action for key, _ in trial.lost_duties(trial.view, trial.after(mutant))
        ):
            return False
        return not self.passes(self.law_under(mutant), case)

    def gets_another(self, case: Case, trial: Trial, mutant: Mutant) -> bool:
        chart, changed = trial.chart, trial.unlike(mutant)
        try:
            found = situation(
                self.law, case.profile, case.facts, on=case.as_of, strict=case.strict, readings=case.readings
            )
        except BrightlineError:
            return False
        possible = possible_values(found, chart)
        if changed == FALSE or TRUE not in chart.diagram.reach(changed, possible):
            return False
        before, after = (reply(chart, view.modal, possible) for view in (trial.view, trial.after(mutant)))
        return before in (case.expect, *case.accept) and after not in (case.expect, *case.accept)

    def passes(self, law: Law, case: Case) -> bool:
        result = run_case(law, case, self.authority.id)
        return not result.duties_missed and result.got in (case.expect, *case.accept)

    def law_under(self, mutant: Mutant | DatedMutant) -> Law:
        """The law with a mutant in it; the last one is kept, so that its charts serve again."""
        if self.mutated is None or self.mutated[0] is not mutant:
            self.mutated = (mutant, self.new_law(mutant))
        return self.mutated[1]

    def new_law(self, mutant: Mutant | DatedMutant) -> Law:
        if isinstance(mutant, Mutant):
            norms = [mutant.changed if norm is mutant.norm else norm for norm in self.authority.norms]
            changed = replace(self.authority, norms=tuple(filter(None, norms)))
        else:
            changed = mutant.changed
        here = tuple(changed if a.file == changed.file else a for a in self.law.authorities[self.authority.path])
        return Law(self.law.vocabulary, {**self.law.authorities, self.authority.path: here}, self.law.calendars)

    def look_for_changes(self, action: str) -> None:
        """Write the missing scenario for each mutant that changes an answer on an action somewhere."""
        groups: dict[Key, list[Place]] = {}
        for place in self.places:
            norms = place.stack.by_action.get(action, ())
            groups.setdefault(tuple((norm.where, norm.level) for norm in norms), []).append(place)
        for places in groups.values():
            self.look_in(action, places)

    def look_in(self, action: str, places: Sequence[Place]) -> None:
        """Look for changes in one stack: first only where the mutants matter, then in the whole law of the action."""
        stack = places[0].stack
        pending = [f for f in self.of(stack, action) if f.is_pending and f.decides_something]
        if pending:
            narrow = self.new_trial(action, stack.by_action[action], pending, narrow=True)
            for fate in pending:
                self.look_closer(fate, [*self.differences(narrow, fate.mutant, fate.adds)], places)

    def look_closer(self, fate: Fate, narrow: Sequence[Difference], places: Sequence[Place]) -> None:
        """Look at a mutant that matters: what it only adds needs no case, and a case is written in the whole law."""
        for difference in narrow:
            if difference.adds:
                self.find(fate, difference, places)
        if not all(difference.adds for difference in narrow):
            trial = self.trial(narrow[0].trial.chart.action, places[0].stack)
            for difference in self.differences(trial, fate.mutant, ignores_added=True):
                self.find(fate, difference, places)

    def differences(self, trial: Trial, mutant: Mutant | DatedMutant, ignores_added: bool) -> Iterator[Difference]:
        assert isinstance(mutant, Mutant)
        return differences(trial, trial.changed_set(mutant), trial.view, trial.after(mutant), ignores_added)

    def find(self, fate: Fate, difference: Difference, places: Sequence[Place]) -> None:
        """Keep a scenario for a mutant if a place has a situation of the difference, and try it on the others."""
        chart, seen = difference.trial.chart, list[dict[str, Value]]()
        for place in places if fate.is_pending else ():
            standing = self.law.vocabulary.standing_facts(place.profile, place.on)
            standing = {k: v for k, v in standing.items() if k in chart.number}
            node = FALSE if standing in seen else fixed(chart, difference.node, standing)
            seen.append(standing)
            if node == FALSE:
                continue
            if difference.adds:
                fate.adds = True
                return None
            fate.differs = True
            node = self.shared(fate, difference, node, standing)
            if case := self.writer.case_in(difference, node, fate.norm, place, partial(self.law_under, fate.mutant)):
                fate.see(case, is_new=True)
                self.added.append(case)
                return self.try_case(case, is_new=True)
        return None

    def shared(self, fate: Fate, difference: Difference, node: int, standing: Mapping[str, Value]) -> int:
        """The part of a set in which as many other mutants of the norm as possible change the answer too."""
        trial = difference.trial
        if isinstance(fate.mutant, Mutant) and difference.duty is None:
            others = [f.mutant for f in self.fates if f.is_pending and f is not fate and f.norm is fate.norm]
            for other in others:
                assert isinstance(other, Mutant)
                both = trial.chart.diagram.both(node, fixed(trial.chart, trial.changed_set(other), standing))
                node = node if both == FALSE else both
        return node

    def judge_dated(self, fate: Fate) -> None:
        """Judge a version whose dates are moved by one day, on the one day that this changes."""
        assert isinstance(fate.mutant, DatedMutant)
        day, other = fate.mutant.day, self.law_under(fate.mutant)
        for case in (*self.cases, *self.added):
            if fate.is_pending and case.as_of == day and self.passes(self.law, case) and not self.passes(other, case):
                fate.see(case, is_new=case in self.added)
        for profile in profiles_below(self.law, self.authority.path):
            stacks = [_stack(law, profile, day) for law in (self.law, other)]
            # Before the law of the corpus begins there is no answer to change.
            if stacks[0] and fate.is_pending:
                self.look_on_the_day(fate, Place(profile, day, stacks[0]), stacks[1] or replace(stacks[0], norms=()))

    def look_on_the_day(self, fate: Fate, place: Place, changed: Stack) -> None:
        assert isinstance(fate.mutant, DatedMutant)
        for action in dict.fromkeys(action for norm in fate.mutant.norms for action in norm.actions):
            before, after = (stack.by_action.get(action, ()) for stack in (place.stack, changed))
            if fate.is_pending and len(before) != len(after):
                for difference in differences_of_lists(self.law, action, before, after):
                    self.find(fate, difference, [place])


def _stack(law: Law, profile: str, day: date) -> Stack | None:
    try:
        return law.stack(profile, day)
    except BrightlineError:
        return None
