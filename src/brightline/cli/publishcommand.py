"""`brightline law book` and `brightline law card`: what is printed or put on a website."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

from brightline.cli.request import read_date
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.publish.book import write_book
from brightline.publish.card import card
from brightline.publish.cardpage import card_html, card_pdf

__all__ = ["book_command", "card_command"]


def book_command(args: argparse.Namespace) -> int:
    """Write the law book of a profile."""
    started = time.perf_counter()
    law = load_law(args.corpus)
    law.profile(args.profile)
    number = write_book(law, args.profile, _on(args), args.corpus or CORPUS, args.out)
    print(f"{number} files in {args.out} ({time.perf_counter() - started:.1f} s); open {args.out / 'index.html'}")
    return 0


def card_command(args: argparse.Namespace) -> int:
    """Write the card of an action or a kind of request."""
    law = load_law(args.corpus)
    law.profile(args.profile)
    made = card(law, args.profile, args.topic, _on(args), args.corpus or CORPUS)
    content = card_pdf(made) if args.pdf else card_html(made).encode()
    out = args.out or Path(f"card-{args.topic}{'.pdf' if args.pdf else '.html'}")
    out.write_bytes(content)
    print(f"wrote {out}: {made.title}, {made.profile}, law in force on {made.on}, edition {made.edition}")
    return 0


def _on(args: argparse.Namespace) -> date:
    return read_date(args.on) if args.on else date.today()  # noqa: DTZ011 - the clerk's own day
