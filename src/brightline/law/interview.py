"""The interview: one question at a time until the answers are settled, then the presumptions that could reverse them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from brightline.law.answering import Answers, actions_in_play, answer_situation
from brightline.law.chart import Chart
from brightline.law.library import Law
from brightline.law.possible import is_open, possible_values
from brightline.law.question import Question, next_question, question_on
from brightline.law.situation import Situation, situation

__all__ = ["Interview", "ask"]

# Until it is known what is asked and on what paper, no action is in play: these two open every interview.
_OPENING = ("request_kind", "instrument")


@dataclass(frozen=True, eq=False)
class Interview:
    """Where an interview stands. Every step gives a new one; nothing is kept of the old.

    `not_sure` holds the facts that the person could not tell; they stay unknown and are not asked again.
    `confirmed` holds presumed facts that the person was asked about.
    """

    found: Situation
    actions: tuple[str, ...] | None = None
    not_sure: tuple[str, ...] = ()
    asked: tuple[str, ...] = field(default=(), repr=False)

    @property
    def question(self) -> Question | None:
        """The next question; None when nothing that can still be asked would change an answer."""
        return self._opening() or self._settling() or self._confirming()

    @property
    def answers(self) -> Answers:
        """The answers as they stand now."""
        return answer_situation(self.found, self.actions)

    def tell(self, name: str, raw: object) -> Interview:
        """The interview with one more fact. Raises: BrightlineError for a value that cannot be."""
        return Interview(
            self.found.with_fact(name, raw),
            self.actions,
            tuple(n for n in self.not_sure if n != name),
            (*self.asked, name),
        )

    def pass_over(self, name: str) -> Interview:
        """The interview after "not sure": the fact stays unknown."""
        return Interview(self.found, self.actions, (*self.not_sure, name), (*self.asked, name))

    def back(self) -> Interview:
        """The interview one question earlier; itself if none was asked."""
        if not self.asked:
            return self
        last = self.asked[-1]
        return Interview(
            self.found.without(last), self.actions, tuple(n for n in self.not_sure if n != last), self.asked[:-1]
        )

    def _opening(self) -> Question | None:
        if self.actions is not None:
            return None
        known = any(self.found.is_known(name) for name in _OPENING)
        for name in _OPENING:
            fact = self.found.law.vocabulary.facts.get(name)
            if not known and fact is not None and name not in self.not_sure:
                return question_on(self.found, name)
        return None

    def _charts(self) -> list[tuple[Chart, Sequence[Sequence[int]]]]:
        law, stack = self.found.law, self.found.law.stack(self.found.profile, self.found.on)
        names = self.actions if self.actions is not None else actions_in_play(self.found)
        charts = [law.chart(stack, name) for name in names]
        return [(chart, possible_values(self.found, chart)) for chart in charts]

    def _settling(self) -> Question | None:
        """The question that settles most; an open answer that only doubtful facts could settle stays open."""
        open_charts = [(c, p) for c, p in self._charts() if is_open(c, list(p))]
        return next_question(self.found, open_charts, skip=self.not_sure)

    def _confirming(self) -> Question | None:
        """A presumption that, if wrong, would reverse an answer; recordable ones first."""
        facts = self.found.law.vocabulary.facts
        names: dict[str, None] = {}
        for one in self.answers.answers:
            names.update(dict.fromkeys(p.fact for p in one.presumed if p.fact not in self.not_sure))
        askable = [n for n in names if facts[n].derived is None]
        ordered = sorted(askable, key=lambda n: facts[n].is_transient)
        return question_on(self.found, ordered[0], why=facts[ordered[0]].presumed.because) if ordered else None  # type: ignore[union-attr]


def ask(
    law: Law,
    profile: str,
    facts: Mapping[str, object] | None = None,
    *,
    on: date,
    actions: Sequence[str] | None = None,
    strict: bool = False,
    readings: Mapping[str, str] | None = None,
) -> Interview:
    """An interview for a profile on a date, starting from what is already known.

    Raises: BrightlineError as `answer` does.
    """
    found = situation(law, profile, facts or {}, on=on, strict=strict, readings=readings)
    return Interview(found, tuple(actions) if actions is not None else None)
