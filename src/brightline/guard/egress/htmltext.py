"""A page cleaned: byte for byte the same where nothing is found, else read and written again until nothing is."""

from __future__ import annotations

from brightline.guard.egress.rows import Cleaner
from brightline.guard.files.done import Done
from brightline.guard.files.htmlfile import rewrite
from brightline.law.errors import BrightlineError

__all__ = ["clean_html"]

_PASSES = 4
_MARK = "\ufeff".encode()


def clean_html(text: str, cleaner: Cleaner) -> str:
    """What a page shows and what it holds besides, cleaned.

    Raises: BrightlineError `guard-response` where status stays, or the page cannot be read; `missing-extra`.
    """
    kept = text
    for _ in range(_PASSES):
        done = Done(cleaner.name)
        # The mark says that this is UTF-8, whatever the page says of itself.
        written = rewrite(_MARK + kept.encode(), cleaner.name, cleaner.cells.judge, done)
        for (label, tier, rule, permitted), count in done.counts.items():
            cleaner.report.found["(page)", label, tier, rule, "permitted" if permitted else "redacted"] += count
        if not done.is_open:
            return kept
        kept = written.decode().removeprefix("\ufeff")
    raise BrightlineError("guard-response", "status stays in the page whatever is hidden", "leave it out of the page")
