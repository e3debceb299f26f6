"""A finding: where status stands in a text, which rule says so and how sure it is; never the words themselves."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LABELS", "TIERS", "Finding", "at_least"]

LABELS = (
    "status_assertion",
    "status_document",
    "status_number",
    "citizenship_or_nationality",
    "birthplace",
    "immigration_contact",
)
TIERS = ("certain", "probable", "possible")


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that gives status away.

    `start` and `end` count code points of the text as given, end exclusive. `hide_start` and `hide_end` are what
    redaction masks: at least the passage, or its clause or field value. `raised` and `lowered` name the contexts
    that made it surer or less sure. No field holds words of the text.
    """

    start: int
    end: int
    label: str
    tier: str
    rule: str
    why: str
    raised: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    hide_start: int = -1
    hide_end: int = -1

    def __post_init__(self) -> None:
        if self.hide_start < 0:
            object.__setattr__(self, "hide_start", self.start)
        if self.hide_end < 0:
            object.__setattr__(self, "hide_end", self.end)


def at_least(tier: str, least: str) -> bool:
    """Whether a tier is as sure as `least`, or surer."""
    return TIERS.index(tier) <= TIERS.index(least)
