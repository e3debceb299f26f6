"""What is worked out once for each distinct situation: Spark counts them by codes, and only the counts come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from brightline.law.errors import BrightlineError
from brightline.replay.answers.details import defeated_norms
from brightline.replay.answers.openquestions import MOST_SITUATIONS, NOT_ASKED_FOR, awaited
from brightline.replay.sql.query import REGIME, SAID, WEIGHT
from brightline.replay.sql.situations import SqlSituations

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["Situations", "waiting_of"]

_MOST_WITH_REASONS = 20_000
_NOTHING = "-"
_KEY, _NUMBER, _ROWS = "_situation", "_number", "_rows"


class Situations:
    """The situations of the rows that Spark answers."""

    def __init__(self, situations: SqlSituations, answers: DataFrame) -> None:
        self.told, self.answers = situations, answers

    def key(self, action: str) -> str:
        """An expression for the situation of a row on an action: the number of its law and the codes of its facts."""
        columns = [f"{SAID}_{self.told.every.index(fact)}" for fact in self.told.facts(action)]
        law = REGIME if len(self.told.laws) > 1 else "0"
        parts = ", ".join(f"coalesce(cast(`{name}` as string), '{_NOTHING}')" for name in columns)
        return f"concat_ws(' ', {', '.join(filter(None, (f'cast({law} as string)', parts)))})"

    def waiting(self, action: str, number: int) -> Iterator[tuple[tuple[str, str], int]]:
        """For which fact open answers wait, of so many; those of rare situations beyond the first thousand are not looked at.

        Where a transient fact tells situations apart, none is: Spark would keep it in its own files while it counts.
        """
        if not self.told.transient(action):
            for key, counted in self._frequent(action, f"rejected IS NULL AND `{action}` = 'open'", MOST_SITUATIONS):
                number -= counted
                question, facts = self._example(action, key)
                yield (action, awaited(question, action, facts)), counted
        if number:
            yield (action, NOT_ASKED_FOR), number

    def _frequent(self, action: str, when: str, most: int) -> list[tuple[str, int]]:
        """The situations of rows of which something holds, the most frequent first, and how many requests are in each.

        The condition is counted and not filtered by: Spark would push a filter down through every part of the query.
        """
        counted = self.answers.selectExpr(
            f"{self.key(action)} AS {_KEY}",
            f"CASE WHEN {when} THEN {WEIGHT} ELSE 0 END AS {_NUMBER}",
            f"CASE WHEN {when} THEN 1 ELSE 0 END AS {_ROWS}",
        )
        summed = counted.groupBy(_KEY).agg({_NUMBER: "sum", _ROWS: "sum"})
        named = summed.selectExpr(_KEY, f"`sum({_NUMBER})` AS {_NUMBER}", f"`sum({_ROWS})` AS {_ROWS}")
        found = named.orderBy(_descending(_NUMBER), _descending(_ROWS), _KEY).limit(most).collect()
        return [(key, number) for key, number, rows in found if rows]

    def _example(self, action: str, key: str) -> tuple[Any, Any]:
        place, *codes = key.split(" ")
        numbers = [None if code == _NOTHING else int(code) for code in codes]
        return self.told.example(int(place), self.told.facts(action), numbers)

    def with_defeated(self, actions: Sequence[str]) -> DataFrame:
        """The rows with a column more for each action: the norms that lost.

        Raises: BrightlineError `spark-reasons` where they cannot be worked out from situations.
        """
        rows = self.answers
        for action in actions:
            rows = self._joined(rows, action)
        return rows

    def _joined(self, rows: DataFrame, action: str) -> DataFrame:
        name, key = f"{action}_defeated", f"{_KEY}_{action}"
        table = rows.sparkSession.createDataFrame(
            [(each, text or None) for each, text in self._reasons(action).items()], f"`{key}` string, `{name}` string"
        )
        keyed = rows.selectExpr("*", f"CASE WHEN rejected IS NULL THEN {self.key(action)} END AS `{key}`")
        return keyed.join(table.hint("broadcast"), key, "left").drop(key)

    def _reasons(self, action: str) -> dict[str, str]:
        """For each situation, the norms that lose in it."""
        if fact := self.told.transient(action):
            raise _refused(f"what lost on `{action}` turns on `{fact}`, which Spark would keep in its own files")
        keys = [key for key, _ in self._frequent(action, "rejected IS NULL", _MOST_WITH_REASONS + 1)]
        if len(keys) > _MOST_WITH_REASONS:
            raise _refused(f"`{action}` has more than {_MOST_WITH_REASONS:,} situations, each with reasons of its own")
        return {key: self._lost(action, key) for key in sorted(keys)}

    def _lost(self, action: str, key: str) -> str:
        question, facts = self._example(action, key)
        if action not in self.told.laws[int(key.split(" ")[0])].tables:
            return ""  # before the law begins
        return defeated_norms(question, action, facts)


def _descending(name: str) -> Any:
    from pyspark.sql.functions import desc

    return desc(name)


def _refused(why: str) -> BrightlineError:
    return BrightlineError("spark-reasons", why, "replay without --engine spark, or without --why", "--why")


def waiting_of(situations: Situations, opened: Counter[str]) -> Counter[tuple[str, str]]:
    """For which fact the open answers of all actions wait; `opened` counts them by action."""
    found: Counter[tuple[str, str]] = Counter()
    for action, number in opened.items():
        for key, counted in situations.waiting(action, number) if number else ():
            found[key] += counted
    return found
