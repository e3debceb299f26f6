"""The situations that rows of a query are in, by the codes of what they say: one example of each can be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from brightline.law.vocabulary import Value
from brightline.replay.engine.columns import Question
from brightline.replay.engine.distinct import facts_that_matter
from brightline.replay.sql.codes import SqlCodes
from brightline.replay.sql.regimes import Regime, constants_of

__all__ = ["SqlSituations"]


class SqlSituations:
    """What tells the rows of a query apart for an answer, its reasons and its next question."""

    def __init__(self, codes: SqlCodes) -> None:
        self.codes, self.laws, self.asked = codes, codes.laws, codes.asked

    @cached_property
    def every(self) -> tuple[str, ...]:
        """The facts in columns that matter on some action and may be kept."""
        named = {fact for action in self.asked.actions for fact in self._that_matter(action)}
        return tuple(f for f in self.codes.mapped if f in named and not self.codes.vocabulary.facts[f].is_transient)

    def facts(self, action: str) -> tuple[str, ...]:
        """The facts in columns that tell situations apart on an action, without transient ones."""
        return tuple(fact for fact in self.every if fact in self._that_matter(action))

    def transient(self, action: str) -> str:
        """A transient fact in a column that tells situations apart as well, so that they cannot be grouped; or nothing."""
        facts = self.codes.vocabulary.facts
        return next((f for f in self.codes.mapped if facts[f].is_transient and f in self._that_matter(action)), "")

    def _that_matter(self, action: str) -> set[str]:
        return {
            fact
            for law in self.laws
            if action in law.tables
            for fact in facts_that_matter(self.asked.law, self.asked.law.stack(law.profile, law.start), action)
        }

    def example(
        self, place: int, facts: Sequence[str], codes: Sequence[int | None]
    ) -> tuple[Question, dict[str, Value]]:
        """One request of a situation: what is asked of it, and its facts. `place` is the number of its law."""
        law: Regime = self.laws[place]
        asked = self.asked
        question = Question(asked.law, law.profile, law.start, asked.actions, asked.readings, asked.strict)
        said = {
            fact: self.codes.partition(fact).example(code)
            for fact, code in zip(facts, codes, strict=True)
            if code is not None
        }
        return question, {**constants_of(asked, self.codes.map, law.profile, law.start), **said}
