"""What bills would change, as a page of plain sentences that a council member can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from brightline.cli.collisions import clash_items, dispute_items
from brightline.cli.layout import Page, action_words
from brightline.cli.paragraphs import Item, Section, example_words, listed, several
from brightline.law.bill import Bill
from brightline.law.comparison import Side, Transition
from brightline.law.duties import time_words
from brightline.law.effect import Bound, Effect, is_usual
from brightline.law.expressions import TRUE, words
from brightline.law.kind import Kind

if TYPE_CHECKING:
    from brightline.replay.history import Difference

__all__ = ["effect_page", "sections", "status_words", "title_of"]

_MOST_WHERE = 5
_EVIDENCE = {"read": "text read", "secondary": "from a report about it, not its text", "memory": "UNVERIFIED"}
_REACH = {
    "always": "binds everybody here to whom it speaks",
    "sometimes": "binds some people here",
    "never": "binds nobody here",
}


def title_of(effect: Effect) -> str:
    """What the page is about."""
    names = " and ".join(bill.citation for bill in effect.bills)
    return f"What {names} would change for {_name(effect.after)}"


def _name(side: Side) -> str:
    return side.law.profile(side.profile).name


def effect_page(page: Page, effect: Effect, funds_usd: int | None = None, history: Difference | None = None) -> str:
    """The page for a terminal."""
    lines = [page.rule("="), page.paint(f" {title_of(effect)}", "1"), page.rule("=")]
    for section in sections(effect, funds_usd, history):
        lines += ["", page.paint(f" {section.title}", "1")]
        for item in section.items:
            label = f"{item.label} " if item.label else ""
            lines.append(
                page.wrapped(label, item.text, 3 + 2 * item.depth, max(len(label), 12 - 2 * item.depth) if label else 0)
            )
    return "\n".join(
        [
            *lines,
            "",
            page.rule("-"),
            " Counts are exact. Not legal advice: a lawyer of the jurisdiction signs off each norm.",
        ]
    )


def sections(effect: Effect, funds_usd: int | None = None, history: Difference | None = None) -> Iterator[Section]:
    """The sections of the page, those with nothing to say left out."""
    found = [
        ("The bill" if len(effect.bills) == 1 else "The bills", _bills(effect)),
        ("In short", _short(effect)),
        ("What would be required, prohibited or permitted", _answers(effect)),
        ("Who is bound", _bound(effect)),
        ("Law in force that would fall or collide", clash_items(effect)),
        ("Followed or contested", dispute_items(effect)),
        ("Duties and deadlines it adds", _duties(effect)),
        ("Money at risk, as the bill defines it", _funds(effect, funds_usd)),
        ("Past requests", _history(effect, history)),
        ("What it does not change", _unchanged(effect)),
        ("What is not established", _unknown(effect)),
    ]
    for title, items in found:
        kept = tuple(items)
        if kept:
            yield Section(title, kept)


def status_words(bill: Bill) -> str:
    """The last thing that is known to have happened to a bill."""
    last = bill.statuses[-1]
    return f"{last.on}: {last.says}"


def _bills(effect: Effect) -> Iterator[Item]:
    for bill in effect.bills:
        by = f", {', '.join(bill.sponsors)}" if bill.sponsors else ""
        yield Item("", f"{bill.title}, {bill.citation}{by}.")
        for companion in bill.companions:
            yield Item("also", f"{companion.citation}: {companion.says}", 1)
        for status in bill.statuses:
            yield Item("status", f"{status.on}: {status.says} [{status.source}]", 1)
        yield Item("starts", _starts(bill, effect.after.on), 1)
        checked = f", {bill.verified_on}" if bill.verified_on else ""
        yield Item("read in", f"{bill.source} [{_EVIDENCE[bill.evidence]}{checked}]", 1)


def _starts(bill: Bill, on: date) -> str:
    if bill.start is None:
        return f"{bill.starts_says}. This page takes the law of {on} as if the bill were in force on that day."
    if bill.start <= on:
        return f"{bill.start}. This page takes the law of {on}."
    return f"{bill.start}. This page takes the law of {on}, a day on which it would not be in force yet, so nothing of it counts; choose a later day with --on."


def _short(effect: Effect) -> Iterator[Item]:
    if not effect.is_encoded:
        yield Item(
            "",
            "Nothing of the text is encoded. No answer changes on this page because nothing is known to it, not because the law is known to stay as it is.",
        )
        return
    changed = [c for c in effect.comparison.actions if c.changed]
    if not changed:
        yield Item("", f"No answer changes for {_name(effect.after)}, in any situation.")
    else:
        usual = [c for c in changed if any(map(is_usual, c.transitions))]
        yield Item("", f"The answer changes for {several(len(changed), 'act')}: {listed(c.action for c in changed)}.")
        if not usual:
            yield Item(
                "", "In the usual circumstances, with every standing and presumed fact as it is, nothing changes."
            )
        elif len(usual) < len(changed):
            yield Item("", f"In the usual circumstances it changes for {listed(c.action for c in usual)} only.")
    for kind in effect.kinds:
        yield Item("", _kind_words(effect, kind))


def _kind_words(effect: Effect, kind: Kind) -> str:
    name = action_words(kind.defined.name)
    if not kind.holds:
        return f"No law that binds {_name(effect.after)} makes its jurisdiction a {name} as {kind.bill.citation} defines it."
    turns = (
        f" That turns on {listed(kind.readings)}."
        if kind.readings
        else " No other reading of contested law would change that."
    )
    return f"Law that binds {_name(effect.after)} makes its jurisdiction a {name} as {kind.bill.citation} defines it.{turns}"


def _answers(effect: Effect) -> Iterator[Item]:
    for change in effect.comparison.actions:
        if change.changed:
            yield Item(
                "",
                f"{action_words(change.action).capitalize()}: another answer in {change.changed:,} of {change.total:,} situations ({_percent(change.share)}).",
            )
            for transition in change.transitions:
                yield from _transition(effect, transition)
            if change.questions_added:
                yield Item("asks also", listed(change.questions_added), 1)


def _percent(share: float) -> str:
    return "less than 0.1 %" if 0 < share < 0.001 else f"{100 * share:.1f} %"


def _transition(effect: Effect, transition: Transition) -> Iterator[Item]:
    way = f"{transition.before.modality} -> {transition.after.modality}"
    yield Item(way, f"in {several(transition.situations, 'situation')}", 1)
    yield Item("was", _norm_words(effect.before, transition.before.norms), 1)
    yield Item("would be", _after_words(effect, transition), 1)
    usual = transition.usual_lines(_MOST_WHERE)
    if usual:
        for line in usual:
            yield Item("usually where", line, 1)
        return
    if is_usual(transition):
        number = len(transition.usual_lines())
        yield Item(
            "where",
            f"in the usual circumstances it takes {number or 'more than 5,000'} lines to say; --out FILE writes all",
            1,
        )
    yield Item("for example", example_words(transition.example), 1)


def _after_words(effect: Effect, transition: Transition) -> str:
    """The bill's own norm where it decides; else what is left to decide once the bill is in force."""
    own = {name for bill in effect.bills for name in bill.norm_ids}
    norms = tuple(sorted(transition.after.norms, key=lambda name: name not in own))
    if transition.after.modality == "permitted" and not own & set(norms):
        return f"nothing requires it or bars it any longer; {_norm_words(effect.after, norms)}"
    return _norm_words(effect.after, norms)


def _norm_words(side: Side, norms: tuple[str, ...]) -> str:
    if not norms:
        return "the law is silent, so it is the agency's own decision"
    norm = side.law.stack(side.profile, side.on).by_id[norms[0]]
    more = f", and {len(norms) - 1} more" if len(norms) > 1 else ""
    return f"{norm.says} -- {norm.cites}{more}"


def _bound(effect: Effect) -> Iterator[Item]:
    for bound in effect.bound:
        yield Item("", f"{bound.norm.says} -- {bound.norm.cites}")
        yield Item("here", _reach_words(bound), 1)
    for rewritten in effect.rewritten:
        old = rewritten.old.says if rewritten.old else "not in force on this day"
        yield Item("rewrites", f"{rewritten.new.id}. Today: {old}", 1)
    for bill in effect.bills:
        for context in bill.context:
            yield Item("others", f"{context.says} -- {context.cites}")


def _reach_words(bound: Bound) -> str:
    if bound.reach == "unusual":
        return f"binds only where {example_words(bound.example)}, which is not the usual case"
    who = f" ({words(bound.norm.binds)})" if bound.norm.binds != TRUE and bound.reach != "never" else ""
    return _REACH[bound.reach] + who


def _duties(effect: Effect) -> Iterator[Item]:
    for norm in effect.duties:
        time = f" Time: {time_words(norm.within)}, from {action_words(norm.starts)}." if norm.within else ""
        yield Item("", f"{norm.says} -- {norm.cites}.{time}")


def _funds(effect: Effect, funds_usd: int | None) -> Iterator[Item]:
    for kind in effect.kinds:
        yield Item("", f"{action_words(kind.defined.name).capitalize()}: {kind.defined.says} -- {kind.defined.cites}")
        yield from _caught(effect, kind)
        for exemption in (e for e in kind.bill.exemptions if e.id == kind.defined.exempt):
            yield Item("exception", f"{exemption.says} -- {exemption.cites}", 1)
    for risk in effect.funds:
        state = "At risk here" if risk.applies else "Not at risk here"
        yield Item("", f"{state}: {risk.fund.says} -- {risk.fund.cites}")
    at_risk = any(risk.applies for risk in effect.funds)
    if effect.funds and funds_usd is None:
        yield Item("", "No amount is named: the bill does not name one. Give your own figure with --funds-usd.")
    elif effect.funds and funds_usd is not None:
        yield Item(
            "",
            f"By your own figure, ${funds_usd:,} a year is money of that kind: {'all of it would be at risk' if at_risk else 'none of it would be at risk'} as the bill defines it.",
        )


def _caught(effect: Effect, kind: Kind) -> Iterator[Item]:
    """Each norm that makes a jurisdiction what the bill defines, once, and whose law it is."""
    profiles = effect.after.law.vocabulary.profiles
    for norm in dict.fromkeys(c.norm.id for c in kind.caught if c.is_chosen):
        rows = [c for c in kind.caught if c.norm.id == norm and c.is_chosen]
        folder = rows[0].norm.authority.rpartition("/")[0]
        whose = profiles[folder].name if folder in profiles else folder
        meets = ", ".join(dict.fromkeys(c.limb.cites for c in rows))
        covered = " The exception covers every such case." if all(c.only_exempt for c in rows) else ""
        yield Item("by", f"{rows[0].norm.says} -- {rows[0].norm.cites} [law of {whose}; meets {meets}]{covered}", 1)
    if not kind.caught:
        yield Item("by", "no law in force here", 1)


def _history(effect: Effect, history: Difference | None) -> Iterator[Item]:
    if history is None:
        return
    yield Item(
        "",
        f"Of {history.requests:,} past requests in the file, {history.any_changed:,} would get another answer under the law of {effect.after.on} with the bill than without it.",
    )
    for (action, before, after), number in sorted(history.changed.items(), key=lambda pair: -pair[1]):
        yield Item("", f"{action_words(action)}: {number:,} from {before} to {after}", 1)


def _unchanged(effect: Effect) -> Iterator[Item]:
    for bill in effect.bills:
        for text in bill.unchanged:
            yield Item("", text)
    if effect.is_encoded:
        number = len(effect.comparison.unchanged) + sum(not c.changed for c in effect.comparison.actions)
        yield Item("", f"{number} acts and duties get the same answer in every situation.")


def _unknown(effect: Effect) -> Iterator[Item]:
    for bill in effect.bills:
        for text in bill.not_established:
            yield Item("", text)
        if bill.note:
            yield Item("note", bill.note)
