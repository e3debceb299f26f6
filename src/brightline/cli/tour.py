"""`make run`: one request answered in full, a short interview, and a replay, until the desk exists."""

from __future__ import annotations

import shlex
import sys
import textwrap

from brightline.cli.interview import ask_command
from brightline.cli.layout import Page
from brightline.cli.main import build_parser, main

__all__ = ["tour"]

_DETAINER = (
    "--fact actor_role=jail_staff --fact requester=ice_ero --fact request_kind=hold --fact instrument=i247a_detainer "
    "--fact accompanying_instrument=i200_warrant --fact instrument_signed_by=immigration_officer "
    "--fact instrument_nature=civil_immigration --fact purpose=civil_immigration --fact custody_state=jail "
    "--fact release_due=yes --fact release_due_at=2026-01-16T18:05"
)
_ANSWER = f"answer --profile us/mn/hennepin/sheriff --at 2026-01-16T18:05 {_DETAINER}"
_TEXAS = f"answer --profile us/tx/dallas/sheriff --at 2026-01-16T18:05 --action hold_beyond_release {_DETAINER}"
_ASK = "ask --profile us/mn/minneapolis/police --on 2026-01-16 --action ask_status"
_TOLD = {"actor_role": "police_officer", "requester": "none", "purpose": "civil_immigration", "request_kind": "none"}
_REPLAY = "replay --profile us/mn/hennepin/sheriff --on 2026-01-16"


def tour() -> int:
    """Show the three things, each with the command that shows it."""
    page = Page.for_output()
    _heading(page, "1. A detainer at the jail, Friday evening before a holiday weekend", _ANSWER)
    codes = [main(shlex.split(_ANSWER))]
    _heading(page, "   The same paper under opposite law", _TEXAS)
    codes.append(main(shlex.split(_TEXAS)))
    _heading(page, "2. An interview: may this officer ask about status?", _ASK)
    codes.append(_interview())
    _heading(page, "3. Detainers of 2007 to 2015, answered under today's policy", _REPLAY)
    codes.append(main(shlex.split(_REPLAY)))
    print(f"\n Your turn: {page.paint('.venv/bin/brightline ask --profile us/mn/hennepin/sheriff', '1')}\n")
    return max(codes)


def _heading(page: Page, text: str, command: str) -> None:
    shown = textwrap.wrap(f"$ brightline {command}", page.width - 8, break_on_hyphens=False, break_long_words=False)
    print(f"\n{page.paint(text, '1')}\n   " + " \\\n       ".join(shown) + "\n")
    sys.stdout.flush()


def _interview() -> int:
    """The interview as a person would have it, with the answers of a small script."""
    return ask_command(
        build_parser().parse_args(shlex.split(_ASK)),
        reply=lambda question: _TOLD.get(question.fact, "no" if question.kind == "bool" else "?"),
    )


if __name__ == "__main__":
    sys.exit(tour())
