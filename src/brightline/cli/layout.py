"""Answers laid out for a terminal: the word first, then why, by when, what else. Never colour alone."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from brightline.law.answering import Answer, Answers, Basis
from brightline.law.duties import Duty
from brightline.law.library import Law
from brightline.law.sensitivity import Change, Contest
from brightline.law.situation import Situation

__all__ = ["Page", "action_words"]

_ICONS = {"required": "[!]", "prohibited": "[x]", "permitted": "[o]", "unsettled": "[?]", "open": "[ ]"}
_COLOURS = {"required": "34;1", "prohibited": "31;1", "permitted": "32;1", "unsettled": "35;1", "open": "33;1"}
_HEADINGS = {
    "required": "REQUIRED",
    "prohibited": "PROHIBITED",
    "permitted": "PERMITTED, NOT REQUIRED",
    "unsettled": "NOT SETTLED: STOP AND CALL COUNSEL",
    "open": "OPEN: ONE MORE FACT IS NEEDED",
}
_MOST_REASONS = 4
_EVIDENCE = {"read": "text read", "secondary": "from a report about it, not its text", "memory": "UNVERIFIED"}


def action_words(action: str) -> str:
    """An action's name in words."""
    return action.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Page:
    """How wide to write, and whether colour is wanted."""

    width: int = 96
    has_colour: bool = False

    @classmethod
    def for_output(cls) -> Page:
        """For the terminal at hand; plain and 96 wide when it is a file or NO_COLOR is set."""
        is_terminal = sys.stdout.isatty()
        width = shutil.get_terminal_size((96, 24)).columns if is_terminal else 96
        return cls(max(40, min(width, 110)), is_terminal and "NO_COLOR" not in os.environ)

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, if colour is wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.has_colour else text

    def rule(self, mark: str = "-") -> str:
        """A line across the page."""
        return mark * self.width

    def wrapped(self, label: str, text: str, indent: int = 5, label_width: int = 10) -> str:
        """A labelled paragraph, hanging under its label."""
        head = " " * indent + label.ljust(label_width)
        return textwrap.fill(
            text,
            self.width,
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )

    def answers(self, law: Law, found: Situation, answers: Answers) -> str:
        """The whole answer to a request."""
        lines = [*self._head(law, found, answers)]
        for one in answers.answers:
            lines.extend(self.one(law, found, one, brief=one.modality == "permitted" and len(answers.answers) > 1))
        lines.extend(self._foot(found, answers))
        return "\n".join(lines)

    def _head(self, law: Law, found: Situation, answers: Answers) -> Iterator[str]:
        profile = law.profile(answers.profile)
        yield self.rule("=")
        yield self.paint(f" {profile.name}", "1") + f"   law in force on {answers.on:%a %d %b %Y}"
        yield self.wrapped("known", "; ".join(_known_words(found)) or "nothing yet", 1, 8)
        yield self.rule("=")

    def one(self, law: Law, found: Situation, one: Answer, *, brief: bool = False) -> Iterator[str]:
        """One action's answer; `brief` leaves out the working of what is merely permitted."""
        heading = f" {_ICONS[one.modality]} {_HEADINGS[one.modality]}: {action_words(one.action)}"
        marks = [m for m in one.marks if m != "robust" or not brief]
        yield self.paint(heading, _COLOURS[one.modality]) + (f"   ({', '.join(marks)})" if marks else "")
        if not brief:
            yield self.wrapped("", law.vocabulary.actions[one.action].meaning, 5, 0)
        if one.modality == "permitted" and not one.basis:
            yield self.wrapped("why", "The law here is silent: it is your agency's own decision.")
        if one.modality == "open":
            yield self.wrapped("may be", " or ".join(one.possible))
        shown = one.basis[:1] if brief else one.basis[:_MOST_REASONS]
        for i, basis in enumerate(shown):
            yield self.wrapped("why" if i == 0 else "also", _reason(basis))
        if not brief and len(one.basis) > len(shown):
            yield self.wrapped(
                "", f"{len(one.basis) - len(shown)} more agree: " + ", ".join(b.norm for b in one.basis[len(shown) :])
            )
        for duty in one.duties:
            yield self.wrapped(
                "by when" if duty.due_at or duty.within else "then", _duty_words(duty, self._zone(found))
            )
        if brief:
            return
        yield from self._working(one)

    def _working(self, one: Answer) -> Iterator[str]:
        for defeat in one.defeated:
            yield self.wrapped("lost", f"{defeat.norm} to {defeat.by} ({defeat.why})")
        for contest in one.contested:
            yield self.wrapped("disputed", _contest_words(contest))
        if one.presumed:
            yield self.wrapped("presuming", "; ".join(f"{p.fact} = {_word(p.value)}" for p in one.presumed))
        if one.would_change_if:
            yield self.wrapped("changes", "; ".join(_change_words(c) for c in one.would_change_if[:4]))
        if one.question:
            yield self.wrapped("ask next", f"{one.question.asks} ({one.question.fact})")
        yield ""

    def _foot(self, found: Situation, answers: Answers) -> Iterator[str]:
        yield self.rule("-")
        if answers.question:
            yield self.wrapped("next", f"{answers.question.asks}  --fact {answers.question.fact}=...", 1, 8)
        if any("unverified" in one.marks for one in answers.answers):
            yield self.wrapped(
                "note", "UNVERIFIED norms were encoded from memory: check the text before you rely on them.", 1, 8
            )
        yield " Not legal advice. Where it says NOT SETTLED, or in doubt: stop and call counsel."

    def _zone(self, found: Situation) -> tzinfo:
        zone = found.law.vocabulary.time_zone(found.profile)
        return ZoneInfo(zone) if zone else UTC


def _known_words(found: Situation) -> Iterable[str]:
    """Recordable facts with their values; of transient ones only that they are known."""
    values = {**found.standing, **found.stated}
    yield from (f"{name} = {_word(value)}" for name, value in values.items() if name not in found.standing)
    yield from (
        f"{name} = {moment:%a %Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{name} = {moment}"
        for name, moment in found.moments.items()
    )
    yield from (f"{name} (known, not shown)" for name in sorted(found.transient))


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _reason(basis: Basis) -> str:
    checked = f", {basis.verified_on}" if basis.verified_on else ""
    return f"{basis.says} -- {basis.cites} [{basis.rank.replace('_', ' ')}; {_EVIDENCE[basis.evidence]}{checked}]"


def _duty_words(duty: Duty, zone: tzinfo) -> str:
    keep = " <- the one to keep" if duty.keep else ""
    if duty.due_at:
        return f"{action_words(duty.action)}: {duty.due_at.astimezone(zone):%a %d %b %Y %H:%M}{keep} ({duty.working})"
    return f"{action_words(duty.action)}: {duty.working}" + ("" if duty.within else f" -- {duty.cites}")


def _change_words(change: Change) -> str:
    like = f" (or {len(change.or_like)} like it)" if change.or_like else ""
    more = "".join(f" and {name} = {_word(to)}" for name, to in change.together)
    return f"{change.fact} = {_word(change.to)}{like}{more} -> {change.modality}"


def _contest_words(contest: Contest) -> str:
    pairs = zip(contest.reading.split(", "), contest.value.split(", "), strict=True)
    readings = " and ".join(f"{reading} as {value}" for reading, value in pairs)
    answer = "more facts would be needed" if contest.modality == "open" else contest.modality
    return f"{answer}, if courts read {readings}"
