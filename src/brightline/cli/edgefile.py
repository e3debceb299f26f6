"""The file of edge cases beside a law file: scenarios that `law mutate` made, in words that a lawyer can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from brightline.law.layout import formatted
from brightline.law.scalars import inline
from brightline.law.scenarios import Case
from brightline.publish.wording import Words, listed

__all__ = ["edge_rows", "edge_text"]

_HEAD = (
    "# Made by `brightline law mutate --write`, so that a case sees every change of the law file that alters an answer;"
    "\n# each expects today's answer, which counsel has yet to confirm.\n"
)


def edge_rows(told: Sequence[tuple[Case, str]], words: Words) -> list[dict[str, Any]]:
    """The rows of a scenario file for cases told with the words of a mutant that each sees; a case comes once for each."""
    found: dict[str, tuple[Case, list[str]]] = {}
    for case, mutant in told:
        found.setdefault(case.id, (case, []))[1].append(mutant)
    return [_row(case, mutants, words) for case, mutants in found.values()]


def edge_text(rows: Sequence[Mapping[str, Any]], label: str, *, has_head: bool = True) -> str:
    """Rows in the canonical layout of a scenario file."""
    lines = "\n".join(f"- {inline(dict(row))}" for row in rows)
    return formatted(f"{_HEAD if has_head else ''}{lines}\n", label)


def _row(case: Case, mutants: Sequence[str], words: Words) -> dict[str, Any]:
    optional = {
        "readings": dict(case.readings),
        "duties": [dict(duty) for duty in case.duties],
        "no_duties": [dict(duty) for duty in case.no_duties],
        "decides": list(case.decides),
    }
    more = f", and {len(mutants) - 1} more" if len(mutants) > 1 else ""
    return {
        "id": case.id, "profile": case.profile, "as_of": case.as_of, "facts": dict(case.facts),
        "action": case.action, "expect": case.expect, **{key: value for key, value in optional.items() if value},
        "situation": _situation(case, words), "note": f"sees {mutants[0]}{more}",
    }  # fmt: skip


def _situation(case: Case, words: Words) -> str:
    """A plain sentence that names the action and the facts."""
    known = [_fact(name, value, words) for name, value in case.facts.items()]
    known += [f"{words.name(name)} is read as {words.name(value)}" for name, value in case.readings.items()]
    about = f"where {listed(known, 'and')}" if known else "with nothing else known"
    return f"{words.title(case.action)}, {about}."


def _fact(name: str, value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words.name(name) if value else f"not {words.name(name)}"
    shown = f"{value:%Y-%m-%d %H.%M}" if isinstance(value, datetime) else words.value(value)
    return f"{words.name(name)} is {shown}"
