"""Which mutants a case sees: those under which it no longer gets the answer, or the duties, that it states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from brightline.law.diagram import FALSE, TRUE
from brightline.law.errors import BrightlineError
from brightline.law.fate import Fate
from brightline.law.library import Law, Stack
from brightline.law.mutants import DatedMutant, Mutant
from brightline.law.norms import Authority
from brightline.law.possible import Possible, possible_values
from brightline.law.scenarios import Case, run_case
from brightline.law.situation import situation
from brightline.law.trial import Trial, reply

__all__ = ["Witness"]


@dataclass(frozen=True, eq=False)
class _Hearing:
    """One action that a case is about, asked with its facts: what they may still be in the trial of the action."""

    trial: Trial
    possible: Possible

    def is_about(self, mutant: Mutant) -> bool:
        norm = self.trial.norms.get(mutant.norm.id)
        return norm is not None and norm.where == mutant.norm.where


class Witness:
    """Asks cases under the mutants of one authority. `trial` makes an action of a stack ready to try them."""

    def __init__(self, law: Law, authority: Authority, trial: Callable[[str, Stack], Trial]) -> None:
        self.law, self.authority, self.trial = law, authority, trial
        self._mutated: tuple[Mutant | DatedMutant, Law] | None = None

    def seen(self, case: Case, fates: Iterable[Fate]) -> list[Fate]:
        """Those of some mutants that a case sees."""
        fates = list(fates)
        hearings = list(self._hearings(case, {fate.norm.where for fate in fates}))
        return [fate for fate in fates if self._sees(case, hearings, fate.mutant)]

    def _hearings(self, case: Case, places: set[str]) -> Iterator[_Hearing]:
        try:
            stack = self.law.stack(case.profile, case.as_of)
            found = situation(
                self.law, case.profile, case.facts, on=case.as_of, strict=case.strict, readings=case.readings
            )
        except BrightlineError:
            return
        named = (str(duty.get("action")) for duty in (*case.duties, *case.no_duties))
        for action in dict.fromkeys((case.action, *named)):
            if any(norm.where in places for norm in stack.by_action.get(action, ())):
                trial = self.trial(action, stack)
                yield _Hearing(trial, possible_values(found, trial.chart))

    def _sees(self, case: Case, hearings: Iterable[_Hearing], mutant: Mutant | DatedMutant) -> bool:
        if isinstance(mutant, DatedMutant):
            return (
                case.as_of == mutant.day and self.passes(self.law, case) and not self.passes(self.under(mutant), case)
            )
        for hearing in hearings:
            if hearing.is_about(mutant):
                if hearing.trial.chart.action == case.action and _gets_another(case, hearing, mutant):
                    return True
                if _may_lose_a_duty(case, hearing, mutant) and not self.passes(self.under(mutant), case):
                    return True
        return False

    def passes(self, law: Law, case: Case) -> bool:
        """Whether a case gets an answer that it accepts, with the duties that it states."""
        result = run_case(law, case, self.authority.id)
        return not result.duties_missed and result.got in (case.expect, *case.accept)

    def under(self, mutant: Mutant | DatedMutant) -> Law:
        """The law with a mutant in it; the last one is kept, so that its charts serve again."""
        if self._mutated is None or self._mutated[0] is not mutant:
            self._mutated = mutant, self._law_under(mutant)
        return self._mutated[1]

    def _law_under(self, mutant: Mutant | DatedMutant) -> Law:
        path = self.authority.path
        if isinstance(mutant, Mutant):
            norms = [mutant.changed if norm is mutant.norm else norm for norm in self.authority.norms]
            changed = replace(self.authority, norms=tuple(filter(None, norms)))
        else:
            changed = mutant.changed
        here = tuple(changed if a.file == changed.file else a for a in self.law.authorities[path])
        return Law(self.law.vocabulary, {**self.law.authorities, path: here}, self.law.calendars)


def _gets_another(case: Case, hearing: _Hearing, mutant: Mutant) -> bool:
    """Whether a case gets an answer that it accepts, and under the mutant one that it does not."""
    trial, possible = hearing.trial, hearing.possible
    changed = trial.unlike(mutant)
    if changed == FALSE or TRUE not in trial.chart.diagram.reach(changed, possible):
        return False
    before, after = (reply(trial.chart, view.modal, possible) for view in (trial.view, trial.after(mutant)))
    accepted = (case.expect, *case.accept)
    return before in accepted and after not in accepted


def _may_lose_a_duty(case: Case, hearing: _Hearing, mutant: Mutant) -> bool:
    """Whether a duty that a case states may be gone under the mutant, or be shown where the case says that it is not."""
    trial, reach = hearing.trial, hearing.trial.chart.diagram.reach
    before, after = trial.view, trial.after(mutant)
    for stated, was, now in ((case.duties, before, after), (case.no_duties, after, before)):
        if any(duty.get("action") == trial.chart.action for duty in stated):
            for key, node in trial.lost_duties(was, now):
                if key.asked == case.action and TRUE in reach(node, hearing.possible):
                    return True
    return False
