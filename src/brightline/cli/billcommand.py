"""`brightline bill list` and `brightline bill effect`: the bills on file, and what they would change."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brightline.cli.billpage import effect_page, sections, status_words, title_of
from brightline.cli.comparecommand import comparison_to_json
from brightline.cli.layout import Page
from brightline.cli.request import read_date
from brightline.law.bill import Bill
from brightline.law.billfile import find_bill, read_bills
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.law.effect import Effect, effect_of

if TYPE_CHECKING:
    from brightline.replay.history import Difference

__all__ = ["bill_effect_command", "bill_list_command", "effect_to_json"]


def bill_list_command(args: argparse.Namespace) -> int:
    """Print the bills on file."""
    bills = read_bills(args.corpus or CORPUS, load_law(args.corpus))
    if args.json:
        print(json.dumps([_bill_json(bill) for bill in bills], indent=2, ensure_ascii=False))
        return 0
    page = Page.for_output()
    for bill in bills:
        print(page.paint(f" {bill.id}", "1") + f"  {bill.citation}")
        print(page.wrapped("", f"{bill.title}. {status_words(bill)}", 5, 0))
        if not bill.is_encoded:
            print(page.wrapped("", "Kept with its status only: nothing of it is encoded.", 5, 0))
    print(" None of these is applied unless it is named. Not legal advice.")
    return 0


def bill_effect_command(args: argparse.Namespace) -> int:
    """Print what bills would change for a profile."""
    law = load_law(args.corpus)
    law.profile(args.profile)
    on = read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the reader's own day
    bills = [find_bill(args.corpus or CORPUS, word, law) for word in dict.fromkeys(args.bill)]
    effect = effect_of(law, _distinct(bills), args.profile, on)
    history = _history(effect, args)
    if args.out:
        _write_lines(args.out, effect)
    if args.json:
        print(json.dumps(effect_to_json(effect, args.funds_usd, history), indent=2, ensure_ascii=False))
    else:
        print(effect_page(Page.for_output(), effect, args.funds_usd, history))
    return 0


def _distinct(bills: list[Bill]) -> list[Bill]:
    """Each bill once, though it may be named by several numbers."""
    return list({bill.id: bill for bill in bills}.values())


def _history(effect: Effect, args: argparse.Namespace) -> Difference | None:
    if not args.history:
        return None
    from brightline.replay.history import difference

    return difference(effect.before, effect.after, [args.history], args.map)


def _write_lines(path: Path, effect: Effect) -> None:
    """Every line of the exact difference, to a file."""
    text = []
    for change in effect.comparison.actions:
        for transition in change.transitions:
            text.append(
                f"# {change.action}: {transition.before.modality} -> {transition.after.modality}, {transition.situations:,} situations"
            )
            text.extend([*(transition.lines() or ["# more than 5,000 lines"]), ""])
    path.write_text("\n".join(text), encoding="utf-8")


def _bill_json(bill: Bill) -> dict[str, Any]:
    return {
        "bill": bill.id,
        "also": list(bill.also),
        "title": bill.title,
        "citation": bill.citation,
        "applies_to": bill.applies_to,
        "starts": bill.start.isoformat() if bill.start else bill.starts_says,
        "encoded": bill.is_encoded,
        "status": [{"on": s.on.isoformat(), "says": s.says, "source": s.source} for s in bill.statuses],
    }


def effect_to_json(effect: Effect, funds_usd: int | None = None, history: Difference | None = None) -> dict[str, Any]:
    """An effect as plain dicts; documented in docs/reference/answer-json.md."""
    return {
        "version": 1,
        "title": title_of(effect),
        "bills": [_bill_json(bill) for bill in effect.bills],
        "profile": effect.after.profile,
        "on": effect.after.on.isoformat(),
        "comparison": comparison_to_json(effect.comparison),
        "bound": [{"norm": b.norm.id, "reach": b.reach, "example": dict(b.example)} for b in effect.bound],
        "clashes": [
            {
                "action": c.action,
                "norm": c.norm.id,
                "by": c.by.id if c.by else None,
                "how": c.how,
                "situations": c.situations,
                "example": dict(c.example),
            }
            for c in effect.clashes
        ],
        "rewritten": [r.new.id for r in effect.rewritten],
        "disputes": [
            {
                "reading": d.reading,
                "value": d.value,
                "chosen": d.chosen,
                "changed": {c.action: c.changed for c in d.comparison.actions if c.changed},
            }
            for d in effect.disputes
        ],
        "duties": [n.id for n in effect.duties],
        "defined": [
            {
                "name": k.defined.name,
                "holds": k.holds,
                "turns_on": list(k.readings),
                "norms": [
                    {
                        "norm": c.norm.id,
                        "cites": c.limb.cites,
                        "under_chosen_readings": c.is_chosen,
                        "only_exempt": c.only_exempt,
                    }
                    for c in k.caught
                ],
            }
            for k in effect.kinds
        ],
        "funds": [{"says": r.fund.says, "cites": r.fund.cites, "at_risk": r.applies} for r in effect.funds],
        "funds_usd": funds_usd,
        "history": _history_json(history),
        "page": [
            {"title": s.title, "items": [{"label": i.label, "text": i.text} for i in s.items]}
            for s in sections(effect, funds_usd, history)
        ],
    }


def _history_json(history: Difference | None) -> dict[str, Any] | None:
    if history is None:
        return None
    changed = [{"action": a, "before": b, "after": c, "requests": n} for (a, b, c), n in history.changed.items()]
    return {"requests": history.requests, "any_changed": history.any_changed, "changed": changed}
