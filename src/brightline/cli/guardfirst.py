"""A word to whoever waits: rule packs are slow to read the first time."""

from __future__ import annotations

import sys

from brightline.guard.rulecache import are_kept
from brightline.guard.rulepack import SHIPPED

__all__ = ["tell_of_first_reading"]


def tell_of_first_reading() -> None:
    """Say on a terminal that the packs are read for the first time; silent elsewhere, and from then on."""
    if sys.stderr.isatty() and not are_kept([SHIPPED]):
        print("reading the rule packs for the first time: about half a minute, once", file=sys.stderr)
