"""`brightline compare`: what changes between two laws, in words, counted exactly."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brightline.cli.layout import Page, action_words
from brightline.cli.sides import read_sides
from brightline.cli.solvedpage import refused_lines, solved_change_json, solved_lines
from brightline.law.comparison import MOST_LINES, ActionChange, Comparison, Side, Transition
from brightline.law.corpusfiles import load_law
from brightline.law.solver.difference import SolvedComparison, compare_or_solve

if TYPE_CHECKING:
    from brightline.replay.history import Difference

__all__ = ["compare_command", "comparison_to_json"]


def compare_command(args: argparse.Namespace) -> int:
    """Compare two laws and print what changes. Exit 1 if an action had to be refused."""
    before, after = read_sides(load_law(args.corpus), args)
    found = compare_or_solve(before, after, args.action)
    past = _past(before, after, args)
    if args.out:
        _write_all(args.out, found)
    if args.json:
        print(json.dumps(_to_json(found, past), indent=2, ensure_ascii=False))
    else:
        page = Page.for_output()
        print("\n".join([*_page(page, before, after, found, args.out), *_past_lines(page, past)]))
    return 1 if found.refused else 0


def _past(before: Side, after: Side, args: argparse.Namespace) -> Difference | None:
    if not args.history:
        return None
    from brightline.replay.history import difference

    return difference(before, after, [args.history], args.map)


def _to_json(found: SolvedComparison, past: Difference | None) -> dict[str, Any]:
    """A comparison with the actions that Z3 decided, and those that were refused."""
    plain = comparison_to_json(found.counted, past)
    plain["actions"] += [solved_change_json(change) for change in found.solved]
    return {**plain, "refused": dict(found.refused)}


def comparison_to_json(found: Comparison, past: Difference | None = None) -> dict[str, Any]:
    """A comparison as plain dicts; documented in docs/reference/answer-json.md."""
    plain: dict[str, Any] = {
        "version": 1,
        "before": found.before,
        "after": found.after,
        "actions": [
            {
                "action": c.action,
                "decided_by": "diagram",
                "situations": c.total,
                "changed": c.changed,
                "share": c.share,
                "same_answer_other_norms": c.reason_only,
                "questions_added": list(c.questions_added),
                "questions_removed": list(c.questions_removed),
                "transitions": [_transition_json(t) for t in c.transitions],
            }
            for c in found.actions
        ],
        "unchanged": list(found.unchanged),
    }
    if past is not None:
        plain["history"] = {
            "requests": past.requests,
            "changed": past.any_changed,
            "by_action": [
                {"action": action, "before": was, "after": now, "requests": number}
                for (action, was, now), number in sorted(past.changed.items())
            ],
        }
    return plain


def _past_lines(page: Page, past: Difference | None) -> Iterator[str]:
    """How many requests of a file would get another answer."""
    if past is None:
        return
    yield page.rule("-")
    yield f" Of {past.requests:,} past requests, {past.any_changed:,} would get another answer."
    for (action, was, now), number in sorted(past.changed.items()):
        yield page.wrapped("", f"{action_words(action)}: {was} -> {now}: {number:,}", 3, 0)


def _transition_json(transition: Transition) -> dict[str, Any]:
    return {
        "before": {"modality": transition.before.modality, "norms": list(transition.before.norms)},
        "after": {"modality": transition.after.modality, "norms": list(transition.after.norms)},
        "situations": transition.situations,
        "example": dict(transition.example),
        "lines": list(transition.lines()),
    }


def _write_all(path: Path, found: SolvedComparison) -> None:
    """Every line of the exact difference, to a file; for an action that is not there, why."""
    text = [f"# {change.action}: {change.why}; lines are written for counted actions only" for change in found.solved]
    text += [f"# {action}: not compared: {why}" for action, why in found.refused.items()]
    for change in found.counted.actions:
        for transition in change.transitions:
            text.append(
                f"# {change.action}: {transition.before.modality} -> {transition.after.modality}, {transition.situations:,} situations"
            )
            text.extend(transition.lines())
            text.append("")
    path.write_text("\n".join(text), encoding="utf-8")


def _page(page: Page, before: Side, after: Side, every: SolvedComparison, out: Path | None) -> Iterator[str]:
    found = every.counted
    yield page.rule("=")
    yield f" before  {found.before}"
    yield f" after   {found.after}"
    yield page.rule("=")
    if not any(change.changed for change in found.actions) and not every.solved and not every.refused:
        yield " No answer changes in any situation."
    for change in found.actions:
        if change.changed:
            yield from _change_lines(page, before, after, change, out)
    yield from solved_lines(page, before, after, every)
    yield from refused_lines(page, every.refused)
    only = [action_words(c.action) for c in found.actions if not c.changed]
    if only:
        yield page.wrapped("reasons", f"the same answers rest on other norms for: {', '.join(only)}", 1, 9)
    yield page.wrapped(
        "the same", f"{len(found.unchanged)} actions get the same answer for the same reason in every situation", 1, 9
    )
    yield " Counts are exact. Not legal advice."


def _change_lines(page: Page, before: Side, after: Side, change: ActionChange, out: Path | None) -> Iterator[str]:
    yield ""
    yield (
        page.paint(f" {action_words(change.action)}", "1")
        + f"   {change.changed:,} of {change.total:,} situations ({change.share:.1%})"
    )
    for transition in change.transitions:
        yield from _transition_lines(page, before, after, transition)
    yield from _set_lines(page, change, out)
    for label, names in (("asks also", change.questions_added), ("asks no", change.questions_removed)):
        if names:
            yield page.wrapped(label, ", ".join(names))


def _transition_lines(page: Page, before: Side, after: Side, transition: Transition) -> Iterator[str]:
    yield page.wrapped(
        "", f"{transition.before.modality} -> {transition.after.modality}: {transition.situations:,} situations", 3, 0
    )
    for label, side, outcome in (("was", before, transition.before), ("is", after, transition.after)):
        stack = side.law.stack(side.profile, side.on)
        for norm_id in outcome.norms[:2]:
            norm = stack.by_id[norm_id]
            yield page.wrapped(label, f"{norm.says} -- {norm.cites}")
        if not outcome.norms:
            yield page.wrapped(label, "the law was silent" if label == "was" else "the law is silent")
    yield page.wrapped(
        "example",
        "; ".join(f"{k} = {str(v).lower() if isinstance(v, bool) else v}" for k, v in transition.example.items())
        or "in every situation",
    )


def _set_lines(page: Page, change: ActionChange, out: Path | None) -> Iterator[str]:
    """The exact set in at most ten lines; where it needs more, the usual situations, and where all lines are."""
    exact = [line for t in change.transitions for line in t.lines(MOST_LINES)]
    if exact and len(exact) <= MOST_LINES and all(t.lines(MOST_LINES) for t in change.transitions):
        for line in exact:
            yield page.wrapped("when", line)
        return
    usual = [line for t in change.transitions for line in t.usual_lines(MOST_LINES)]
    for line in usual[:MOST_LINES]:
        yield page.wrapped("usually", line)
    number = sum(len(t.lines()) for t in change.transitions)
    where = f"all are in {out}" if out else "write them with --out FILE"
    yield page.wrapped("", f"the exact set needs {number or 'more than 5,000'} lines; {where}")
