"""An answer table as SQL: one flat CASE where few cases tell it all, else one CASE for each fact, from state to state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brightline.law.cover import Cube, cover
from brightline.law.diagram import FALSE, TRUE, Diagram, outcome_index
from brightline.law.errors import BrightlineError
from brightline.replay.sql.regimes import AnswerTable
from brightline.replay.sql.words import column as named
from brightline.replay.sql.words import number

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["Step", "condition_on", "flat_cases", "steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """From one state to the next, where a fact has one of some codes; `codes` is empty for what is left."""

    state: int
    variable: int
    positions: tuple[int, ...]
    to: int


def flat_cases(table: AnswerTable, most: int) -> list[tuple[Cube, int]] | None:
    """Conditions and the number of the answer that each tells; the first that holds counts, and the last is always.

    None where more than `most` would be needed.
    """
    if table.root < 0:
        return [(Cube(()), outcome_index(table.root))]
    try:
        # A store of its own: what a cover tries out does not fill up the other.
        return _cases(*table.store.narrowed(table.root, [range(size) for size in table.store.sizes]), most)
    except BrightlineError as error:
        if error.code != "node-budget":
            raise
        return None


def _cases(store: Diagram, root: int, most: int) -> list[tuple[Cube, int]] | None:
    where = {t: store.map_outcomes(root, lambda n, t=t: TRUE if n == t else FALSE) for t in _terminals(store, root)}  # type: ignore[misc]
    *first, last = sorted(where, key=lambda t: len(store.below(where[t])))
    found: list[tuple[Cube, int]] = []
    taken = FALSE
    for terminal in first:
        taken = store.either(taken, where[terminal])
        cubes = cover(store, where[terminal], most - len(found), within=taken)
        if not cubes:
            return None
        found.extend((cube, outcome_index(terminal)) for cube in cubes)
    return [*found, (Cube(()), outcome_index(last))]


def _terminals(store: Diagram, root: int) -> set[int]:
    return {child for node in store.below(root) for child in store.children[node] if child < 0}


def steps(table: AnswerTable, first_state: int) -> tuple[int, dict[int, list[Step]], int]:
    """The first state, for each level the steps that may be taken on it, and the next free number of a state.

    A level looks at one fact. A state that is negative is an answer: -1 - its number.
    """
    store, root = table.store, table.root
    nodes = store.below(root)
    state = {node: first_state + i for i, node in enumerate(nodes)}
    levels: dict[int, list[Step]] = {}

    def state_of(node: int) -> int:
        return state[node] if node >= 0 else -1 - outcome_index(node)

    for node in nodes:
        variable, children = store.variable[node], store.children[node]
        sides = dict.fromkeys(children)
        ways = [(child, tuple(i for i, c in enumerate(children) if c == child)) for child in sides]
        ways.sort(key=lambda way: len(way[1]))
        for child, positions in ways[:-1]:
            levels.setdefault(variable, []).append(Step(state[node], variable, positions, state_of(child)))
        levels[variable].append(Step(state[node], variable, (), state_of(ways[-1][0])))
    return state_of(root), levels, first_state + len(nodes)


def condition_on(column: str, codes: Sequence[int], every: int) -> Expr:
    """Whether a code, of `every` many, is one of some: in as few comparisons as it takes, said of them or of the others.

    Lists after IN are avoided: DuckDB makes a join of each.
    """
    from sqlglot import exp

    others = [code for code in range(every) if code not in codes]
    if not codes or not others:
        return exp.true() if codes else exp.false()
    runs, gaps = _runs(codes), _runs(others)
    cell = named(column)
    if len(others) == 1 and len(runs) > 1:
        return exp.NEQ(this=cell, expression=number(others[0]))
    if len(gaps) < len(runs):
        return exp.not_(_joined([_within(cell, run, every) for run in gaps]))
    return _joined([_within(cell, run, every) for run in runs])


def _joined(parts: list[Expr]) -> Expr:
    from sqlglot import exp

    return parts[0] if len(parts) == 1 else exp.Paren(this=exp.or_(*parts))


def _runs(codes: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring codes as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1] = found[-1][0], code
        else:
            found.append((code, code))
    return found


def _within(cell: Expr, run: tuple[int, int], every: int) -> Expr:
    from sqlglot import exp

    low, high = run
    if low == high:
        return exp.EQ(this=cell.copy(), expression=number(low))
    if high == every - 1:
        return exp.GTE(this=cell.copy(), expression=number(low))
    if low == 0:
        return exp.LTE(this=cell.copy(), expression=number(high))
    return exp.Between(this=cell.copy(), low=number(low), high=number(high))
