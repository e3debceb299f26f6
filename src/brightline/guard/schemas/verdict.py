"""What the linter says of one field."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SEVERITIES", "Verdict"]

# The gravest first. `permitted` is what a registry declares with a purpose, a norm, a place and an expiry.
SEVERITIES = ("prohibited", "basis", "review", "permitted")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A field that would collect status. `why` is in words and never shows a value; `duty` is the law named near it."""

    field: str
    table: str
    place: str
    label: str
    severity: str
    rule: str
    why: str
    duty: str = ""
    cites: str = ""
    norm: str = ""
