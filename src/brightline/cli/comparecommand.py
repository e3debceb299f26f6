"""`brightline compare`: what changes between two laws, in words, counted exactly."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from brightline.cli.layout import Page, action_words
from brightline.cli.request import read_date
from brightline.law.billfile import find_bill
from brightline.law.comparison import MOST_LINES, ActionChange, Comparison, Side, Transition, compare
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.overlay import apply_bills
from brightline.replay import read_requests
from brightline.replay.difference import Difference, difference

__all__ = ["compare_command", "read_side"]

_HELP = "write a date, a profile, PROFILE@DATE, a reading NAME=VALUE, or bill:NAME"


def compare_command(args: argparse.Namespace) -> int:
    """Compare two laws and print what changes."""
    law = load_law(args.corpus)
    before, after = (read_side(law, word, args) for word in (args.before, args.after))
    found = compare(before, after, args.action)
    past = difference(before, after, read_requests(args.history)) if args.history else None
    if args.out:
        _write_all(args.out, found)
    if args.json:
        print(json.dumps(comparison_to_json(found, past), indent=2, ensure_ascii=False))
    else:
        page = Page.for_output()
        print("\n".join([*_page(page, law, before, after, found, args.out), *_past_lines(page, past)]))
    return 0


def read_side(law: Law, word: str, args: argparse.Namespace) -> Side:
    """The side that a word names: a date, a profile, PROFILE@DATE or a reading, the rest as the options say.

    Raises: BrightlineError `side`, `unknown-profile`, `unknown-reading`, `date`.
    """
    profile, on, readings = args.profile, args.on, {}
    name, equals, value = word.partition("=")
    bill = ""
    if word.startswith("bill:"):
        bill = word.removeprefix("bill:")
        law = apply_bills(law, [find_bill(args.corpus or CORPUS, bill, law)])
    elif equals:
        readings = {name: value}
        _check_reading(law, name, value)
    elif word[:1].isdigit():
        on = word
    else:
        profile, at, day = word.partition("@")
        on = day if at else on
    if not profile:
        raise BrightlineError("side", f"{shown(word)} names no profile", f"add --profile, or {_HELP}", "BEFORE AFTER")
    day_on = read_date(on) if on else date.today()  # noqa: DTZ011 - the reader's own day
    return Side.of(
        law, profile, day_on, readings, _label(law, profile, day_on, readings) + (f", with {bill}" if bill else "")
    )


def _check_reading(law: Law, name: str, value: str) -> None:
    reading = law.vocabulary.readings.get(name)
    if reading is None or value not in reading.values:
        known = law.vocabulary.readings if reading is None else reading.values
        raise BrightlineError(
            "unknown-reading",
            f"unknown reading {shown(f'{name}={value}')}",
            near_misses(name if reading is None else value, known, _HELP),
            "BEFORE AFTER",
        )


def _label(law: Law, profile: str, on: date, readings: dict[str, str]) -> str:
    read_as = "".join(f", {name} read as {value}" for name, value in readings.items())
    return f"{law.profile(profile).name} on {on}{read_as}"


def comparison_to_json(found: Comparison, past: Difference | None = None) -> dict[str, Any]:
    """A comparison as plain dicts; documented in docs/reference/answer-json.md."""
    plain: dict[str, Any] = {
        "version": 1,
        "before": found.before,
        "after": found.after,
        "actions": [
            {
                "action": c.action,
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


def _write_all(path: Path, found: Comparison) -> None:
    """Every line of the exact difference, to a file."""
    text = []
    for change in found.actions:
        for transition in change.transitions:
            text.append(
                f"# {change.action}: {transition.before.modality} -> {transition.after.modality}, {transition.situations:,} situations"
            )
            text.extend(transition.lines())
            text.append("")
    path.write_text("\n".join(text), encoding="utf-8")


def _page(page: Page, law: Law, before: Side, after: Side, found: Comparison, out: Path | None) -> Iterator[str]:
    yield page.rule("=")
    yield f" before  {found.before}"
    yield f" after   {found.after}"
    yield page.rule("=")
    if not any(change.changed for change in found.actions):
        yield " No answer changes in any situation."
    for change in found.actions:
        if change.changed:
            yield from _change_lines(page, law, before, after, change, out)
    only = [action_words(c.action) for c in found.actions if not c.changed]
    if only:
        yield page.wrapped("reasons", f"the same answers rest on other norms for: {', '.join(only)}", 1, 9)
    yield page.wrapped(
        "the same", f"{len(found.unchanged)} actions get the same answer for the same reason in every situation", 1, 9
    )
    yield " Counts are exact. Not legal advice."


def _change_lines(
    page: Page, law: Law, before: Side, after: Side, change: ActionChange, out: Path | None
) -> Iterator[str]:
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
