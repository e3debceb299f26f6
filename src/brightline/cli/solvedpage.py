"""What Z3 decided in place of a diagram, in words and as JSON: situations without counts, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brightline.cli.layout import Page, action_words
from brightline.law.chart import Outcome
from brightline.law.comparison import Side
from brightline.law.solver.difference import SolvedChange, SolvedComparison, SolvedTransition
from brightline.law.solver.terms import NOT_COUNTED
from brightline.law.solver.witness import Witness

__all__ = ["refused_lines", "solved_change_json", "solved_lines", "witness_words"]


def witness_words(found: Witness) -> str:
    """A situation by the facts that name it, and whether fewer might do."""
    words = " and ".join(f"{name} = {_value(value)}" for name, value in found.example.items()) or "the usual case"
    return words if found.is_fewest else f"{words} (none of them can be left out; fewer others might do)"


def _value(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def solved_lines(page: Page, before: Side, after: Side, found: SolvedComparison) -> Iterator[str]:
    """Each action that Z3 decided: how its answer changes, an example of each way, and the norms behind it."""
    for change in found.solved:
        yield ""
        yield page.paint(f" {action_words(change.action)}", "1") + "   not counted"
        yield page.wrapped("why", f"{change.why}; {NOT_COUNTED}")
        for transition in change.transitions:
            yield from _transition_lines(page, before, after, transition)
        if not change.transitions:
            others = ", though some rest on other norms" if change.same_answer_other_norms else ""
            yield page.wrapped("the same", f"no answer changes in any situation{others}")
        for label, names in (("asks also", change.questions_added), ("asks no", change.questions_removed)):
            if names:
                yield page.wrapped(label, ", ".join(names))


def _transition_lines(page: Page, before: Side, after: Side, transition: SolvedTransition) -> Iterator[str]:
    yield page.wrapped("", f"{transition.before.modality} -> {transition.after.modality}", 3, 0)
    yield from _norm_lines(page, "was", before, transition.before, "the law was silent")
    yield from _norm_lines(page, "is", after, transition.after, "the law is silent")
    yield page.wrapped("example", witness_words(transition.witness))
    for line in transition.witness.lines():
        yield page.wrapped("when", line)


def _norm_lines(page: Page, label: str, side: Side, outcome: Outcome, silent: str) -> Iterator[str]:
    stack = side.law.stack(side.profile, side.on)
    for name in outcome.norms[:2]:
        yield page.wrapped(label, f"{stack.by_id[name].says} -- {stack.by_id[name].cites}")
    if not outcome.norms:
        yield page.wrapped(label, silent)


def refused_lines(page: Page, refused: Mapping[str, str]) -> Iterator[str]:
    """Each action that could not be compared, and why."""
    for action, why in refused.items():
        yield page.wrapped("[?] not compared", f"{action_words(action)}: {why}", 1, 17)


def solved_change_json(change: SolvedChange) -> dict[str, Any]:
    """A change that Z3 decided, in the form of one that is counted, with null for every number."""
    return {
        "action": change.action,
        "decided_by": "z3",
        "not_counted": f"{change.why}; {NOT_COUNTED}",
        "situations": None,
        "changed": None,
        "share": None,
        "same_answer_other_norms": None,
        "some_rest_on_other_norms": change.same_answer_other_norms,
        "questions_added": list(change.questions_added),
        "questions_removed": list(change.questions_removed),
        "transitions": [_transition_json(transition) for transition in change.transitions],
    }


def _transition_json(transition: SolvedTransition) -> dict[str, Any]:
    lines = transition.witness.lines()
    return {
        "before": {"modality": transition.before.modality, "norms": list(transition.before.norms)},
        "after": {"modality": transition.after.modality, "norms": list(transition.after.norms)},
        "situations": None,
        "example": dict(transition.example),
        "fewest_facts": transition.witness.is_fewest,
        "lines": list(lines) or None,
    }
