"""The last parts of a query: from the codes of the facts to the answer on each action, and the answer in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError
from brightline.law.norms import Norm
from brightline.replay.answers.outcome import MARK_WORDS
from brightline.replay.sql.answerdiagram import Told
from brightline.replay.sql.codes import SqlCodes
from brightline.replay.sql.regimes import AnswerTable, Regime
from brightline.replay.sql.table import Step, condition_on, flat_cases, steps
from brightline.replay.sql.words import column, is_said, no_text, noted, number, text

if TYPE_CHECKING:
    from sqlglot.expressions import Case, Expr, Select

__all__ = ["SqlAnswers"]

CONTRADICTORY, TOO_EARLY = Told("contradictory", 0, ""), Told("too_early", 0, "")
When = tuple[tuple[tuple[str, tuple[int, ...], int], ...], Told]


class SqlAnswers:
    """The answers of some laws on some actions. An answer is a number first, and becomes words at the end.

    Raises: BrightlineError `sql-budget` where more than `most_cases` would be written.
    """

    def __init__(self, codes: SqlCodes, laws: Sequence[Regime], most_flat: int, most_cases: int) -> None:
        self.codes, self.laws, self.actions = codes, laws, codes.asked.actions
        self.most_flat, self.most_cases, self.cases = most_flat, most_cases, 0
        self.told_on: dict[str, set[Told]] = {a: set() for a in self.actions}
        self.norms: dict[str, Norm] = {}
        self.flat: dict[str, list[tuple[list[int], tuple[When, ...]]]] = {a: [] for a in self.actions}
        self.starts: dict[str, list[tuple[list[int], int]]] = {a: [] for a in self.actions}
        self.steps: dict[str, dict[int, list[tuple[Regime, AnswerTable, Step]]]] = {a: {} for a in self.actions}
        for action in self.actions:
            self._plan(action)
        self.numbers = {action: _numbered(told) for action, told in self.told_on.items()}

    def _plan(self, action: str) -> None:
        """Decide which laws are told by one CASE and which from state to state; equal ones are told together."""
        flat: dict[tuple[When, ...], list[int]] = {}
        free = 0
        for place, law in enumerate(self.laws):
            table = law.tables.get(action)
            if table is None:
                continue
            self.norms.update((norm.id, norm) for norm in table.chart.norms)
            cubes = flat_cases(table, self.most_flat)
            if cubes is None:
                root, levels, free = steps(table, free)
                self.starts[action].append(([place], root))
                for level, taken in levels.items():
                    self._count(len(taken))
                    self.steps[action].setdefault(level, []).extend((law, table, step) for step in taken)
                    self.told_on[action].update(table.told[-1 - step.to] for step in taken if step.to < 0)
                continue
            variables = table.chart.variables
            whens = tuple(
                (tuple(self.codes.at(law, variables[v], p) for v, p in cube.literals), table.told[told])
                for cube, told in cubes
            )
            self.told_on[action].update(told for _, told in whens)
            if whens not in flat:
                self._count(len(whens))
            flat.setdefault(whens, []).append(place)
        self.flat[action] = [(numbers, whens) for whens, numbers in flat.items()]

    def _count(self, more: int) -> None:
        self.cases += more
        if self.cases > self.most_cases:
            raise BrightlineError(
                "sql-budget",
                f"the query would have more than {self.most_cases:,} cases",
                "ask one --action, name one --profile and one --on, map fewer columns, or replay with another engine",
            )

    # Levels -------------------------------------------------------------------------------------
    def levels(self, before: str, kept: list[str]) -> Iterator[tuple[str, Select]]:
        """One part for each level of the diagrams that are told from state to state, and one where they begin."""
        from sqlglot import exp

        stepped = [action for action in self.actions if self.steps[action]]
        if not stepped:
            return
        states = {action: _state(self.actions.index(action)) for action in stepped}
        first = [exp.alias_(self._start(action), states[action], quoted=True) for action in stepped]
        yield "level_0", exp.select(*map(column, kept), *first).from_(before)
        levels = sorted({level for action in stepped for level in self.steps[action]})
        for place, level in enumerate(levels, 1):
            found: list[Expr] = [
                exp.alias_(self._level(action, level, states[action]), states[action], quoted=True)
                if level in self.steps[action] else column(states[action])
                for action in stepped
            ]  # fmt: skip
            yield f"level_{place}", exp.select(*map(column, kept), *found).from_(f"level_{place - 1}")

    def _start(self, action: str) -> Expr:
        from sqlglot import exp

        if len(self.laws) == 1:
            return number(self.starts[action][0][1])
        case = exp.case()
        for numbers, state in self.starts[action]:
            case = case.when(condition_on("_regime", numbers, len(self.laws)), number(state), copy=False)
        return case

    def _level(self, action: str, level: int, state: str) -> Expr:
        from sqlglot import exp

        case = exp.case()
        for law, table, step in self.steps[action][level]:
            here: Expr = exp.EQ(this=column(state), expression=number(step.state))
            if step.positions:
                name, codes, every = self.codes.at(law, table.chart.variables[step.variable], step.positions)
                here = exp.and_(here, condition_on(name, codes, every))
            to = step.to if step.to >= 0 else -1 - self.numbers[action][table.told[-1 - step.to]]
            case = case.when(here, number(to), copy=False)
        return case.else_(column(state))

    # Answers ------------------------------------------------------------------------------------
    def told(self, before: str, kept: Sequence[str]) -> Select:
        """The number of the answer on each action; NULL for a row that is rejected."""
        from sqlglot import exp

        found = [exp.alias_(self._told(action), _answer(i), quoted=True) for i, action in enumerate(self.actions)]
        return exp.select(*map(column, kept), *found).from_(before)

    def _told(self, action: str) -> Expr:
        from sqlglot import exp

        case = exp.case().when(is_said(column("_rejected")), exp.null())
        case = case.when(exp.EQ(this=column("_contradictory"), expression=number(1)), number(0), copy=False)
        early = [number for number, law in enumerate(self.laws) if action not in law.tables]
        if early:
            when = condition_on("_regime", early, len(self.laws)) if len(self.laws) > 1 else exp.true()
            case = case.when(when, number(1), copy=False)
        for numbers, whens in self.flat[action]:
            if len(self.laws) == 1:
                return self._flat(action, case, whens)
            inner = self._flat(action, exp.case(), whens)
            case = case.when(condition_on("_regime", numbers, len(self.laws)), inner, copy=False)
        if self.steps[action]:
            state = column(_state(self.actions.index(action)))
            answer = exp.Sub(this=number(-1), expression=state)
            case = case.when(exp.LT(this=state.copy(), expression=number(0)), answer, copy=False)
        return case

    def _flat(self, action: str, case: Case, whens: Sequence[When]) -> Expr:
        from sqlglot import exp

        numbers = self.numbers[action]
        for literals, told in whens[:-1]:
            conditions = [condition_on(name, codes, size) for name, codes, size in literals]
            case = case.when(exp.and_(*conditions), noted(number(numbers[told]), _short(told)), copy=False)
        last = whens[-1][1]
        ending = noted(number(numbers[last]), _short(last))
        return case.else_(ending, copy=False) if case.args.get("ifs") else ending

    # Words --------------------------------------------------------------------------------------
    def words(self, keys: Sequence[tuple[str, str]], extra: Sequence[str]) -> Select:
        """The answers in words: on each action the modality, the marks and the norm named first."""
        from sqlglot import exp

        found: list[Expr] = [exp.alias_(column(name), own, quoted=True) for name, own in keys]
        found.append(exp.alias_(column("_rejected"), "rejected", quoted=True))
        for i, action in enumerate(self.actions):
            told = self.numbers[action]
            for suffix, words in (
                ("", {n: t.modality for t, n in told.items()}),
                ("_marks", {n: MARK_WORDS[t.marks] for t, n in told.items()}),
                ("_norm", {n: t.norm for t, n in told.items()}),
            ):
                found.append(exp.alias_(self._in_words(_answer(i), words), f"{action}{suffix}", quoted=True))
        return exp.select(*found, *map(column, extra)).from_("told")

    def _in_words(self, name: str, words: dict[int, str]) -> Expr:
        from sqlglot import exp

        groups: dict[str, list[int]] = {}
        for told, word in words.items():
            if word:
                groups.setdefault(word, []).append(told)
        case = exp.case()
        for word, numbers in groups.items():
            note = self.norms[word].cites if word in self.norms else ""
            when = condition_on(name, numbers, len(words))
            case = case.when(when, noted(text(word), note), copy=False)
        return case if groups else no_text()


def _numbered(told: set[Told]) -> dict[Told, int]:
    """The answers in an order in which equal words are neighbours."""
    ordered = sorted(told, key=lambda each: (each.modality, each.norm, each.marks))
    return {each: number for number, each in enumerate((CONTRADICTORY, TOO_EARLY, *ordered))}


def _state(number: int) -> str:
    return f"_state_{number}"


def _answer(number: int) -> str:
    return f"_answer_{number}"


def _short(told: Told) -> str:
    marks = MARK_WORDS[told.marks].replace(" ", ", ")
    return told.modality + (f" ({marks})" if marks else "") + (f": {told.norm}" if told.norm else "")
