"""Nested values: every text with the path of keys that leads to it; lists are part of the path of what holds them."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from brightline.guard.egress.decision import Decision, Path
from brightline.law.errors import BrightlineError, shown

__all__ = ["DEPTH", "PLAIN", "Number", "gathered", "rebuilt", "shown_path"]

DEPTH = 100


class Number(str):
    """A number as it was written, so that writing it again changes no digit."""


# Values that hold no text. An enumeration member or a lazy text is none of them: it is refused.
PLAIN = (
    bool, int, float, decimal.Decimal, datetime.date, datetime.time, datetime.timedelta, uuid.UUID, type(None), Number,
)  # fmt: skip


def shown_path(path: Path) -> str:
    """A path as a report names it."""
    return ".".join(path) or "(whole)"


def gathered(value: Any, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, Any]]:
    """Every key with its value, outermost first, and every single value; a list is its members.

    Raises: BrightlineError `guard-cell` for a value of a kind that is not known, and for one nested too deep.
    """
    if depth > DEPTH:
        raise _refused(path, f"is nested deeper than {DEPTH} levels", "flatten it")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise _refused(path, "has a key that is no text", "write its keys as texts")
            yield (*path, key), inner
            yield from gathered(inner, (*path, key), depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            if not isinstance(inner, Mapping | list | tuple):
                yield path, inner
            yield from gathered(inner, path, depth + 1)
    elif isinstance(value, enum.Enum) or not isinstance(value, (str, *PLAIN)):
        raise _refused(
            path,
            f"holds a value of an unknown kind, {shown(type(value).__name__)}",
            "make it a text, a number, a date, a list or a mapping, or drop the column",
        )


def _refused(path: Path, message: str, help: str) -> BrightlineError:
    return BrightlineError("guard-cell", f"{shown(shown_path(path))} {message}", help)


def rebuilt(
    value: Any, decisions: Mapping[Path, Decision], leaf: Callable[[Path, Any], Any], masked: str, path: Path = ()
) -> Any:
    """The value with keys dropped and masked as decided, and every other text as `leaf` gives it."""
    if isinstance(value, Mapping):
        kept = {}
        for key, inner in value.items():
            decision = decisions[(*path, key)]
            if decision.action == "mask":
                # One mask for everything, nothing included: which rows had a value would tell as much.
                kept[key] = masked
            elif decision.action != "drop":
                kept[key] = rebuilt(inner, decisions, leaf, masked, (*path, key))
        return kept
    if isinstance(value, list | tuple):
        return [rebuilt(inner, decisions, leaf, masked, path) for inner in value]
    return leaf(path, value)
