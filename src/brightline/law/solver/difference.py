"""The difference of two laws where a diagram outgrows its budget: Z3 says which answers change, with a situation for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from brightline.law.chart import Outcome
from brightline.law.comparison import Comparison, Side, compare
from brightline.law.errors import BrightlineError
from brightline.law.solver.sides import TwoSides
from brightline.law.solver.terms import refused_words
from brightline.law.solver.witness import Witness
from brightline.law.vocabulary import Value

__all__ = ["SolvedChange", "SolvedComparison", "SolvedTransition", "compare_or_solve"]


@dataclass(frozen=True, eq=False)
class SolvedTransition:
    """One way the answer changes, with the norms that decide in some of the situations, the strongest rank first."""

    before: Outcome
    after: Outcome
    witness: Witness

    @property
    def example(self) -> Mapping[str, Value]:
        """One of the situations, by few facts."""
        return self.witness.example


@dataclass(frozen=True, eq=False)
class SolvedChange:
    """What changes for an action that Z3 decided. `why` says why a diagram did not; nothing is counted."""

    action: str
    why: str
    transitions: tuple[SolvedTransition, ...]
    same_answer_other_norms: bool
    questions_added: tuple[str, ...]
    questions_removed: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SolvedComparison:
    """A comparison by diagrams, and what it could not hold: actions that Z3 decided, and actions refused, with the reason."""

    counted: Comparison
    solved: tuple[SolvedChange, ...]
    refused: Mapping[str, str]


def compare_or_solve(before: Side, after: Side, actions: Iterable[str] | None = None) -> SolvedComparison:
    """The exact difference of two sides; an action whose diagram outgrows its budget is decided by Z3, or refused.

    Raises: BrightlineError `too-early`, `unknown-profile`, `unknown-action`.
    """
    stacks = [side.law.stack(side.profile, side.on) for side in (before, after)]
    names = sorted({*stacks[0].by_action, *stacks[1].by_action}) if actions is None else list(dict.fromkeys(actions))
    for name in names:
        before.law.action(name)
    parts, solved, refused = list[Comparison](), list[SolvedChange](), dict[str, str]()
    for name in names:
        try:
            parts.append(compare(before, after, [name]))
        except BrightlineError as error:
            if error.code != "node-budget":
                raise
            _solve(before, after, name, error.message, solved, refused)
    changes = sorted((c for part in parts for c in part.actions), key=lambda c: (-c.changed, c.action))
    same = tuple(name for part in parts for name in part.unchanged)
    return SolvedComparison(Comparison(before.label, after.label, tuple(changes), same), tuple(solved), refused)


def _solve(
    before: Side, after: Side, action: str, why: str, solved: list[SolvedChange], refused: dict[str, str]
) -> None:
    try:
        solved.append(solved_change(before, after, action, why))
    except BrightlineError as error:
        refused[action] = refused_words(why, error)


def solved_change(before: Side, after: Side, action: str, why: str) -> SolvedChange:
    """What changes for one action, as Z3 decides it.

    Raises: BrightlineError `missing-extra` without Z3, `solver-limit` where Z3 reached its limit of work.
    """
    two = TwoSides(before, after, action)
    found = [
        SolvedTransition(Outcome(was, two.deciding(0, was, now)), Outcome(now, two.deciding(1, was, now)), witness)
        for was, now in two.pairs()
        if was != now and (witness := two.witness(was, now))
    ]
    asked = [two.questions(which) for which in (0, 1)]
    return SolvedChange(
        action, why, tuple(found), two.has_other_norms(),
        _sorted(asked[1], asked[0]), _sorted(asked[0], asked[1]),
    )  # fmt: skip


def _sorted(some: Iterable[str], others: Sequence[str] | set[str]) -> tuple[str, ...]:
    return tuple(sorted(set(some) - set(others)))
