"""How many past requests would get another answer under another law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from brightline.law.library import Law
from brightline.replay.requests import PastRequest
from brightline.replay.summary import ACTIONS, answers_of

__all__ = ["Difference", "difference"]


@dataclass
class Difference:
    """Past requests answered twice: `changed[(action, before, after)]` counts those with another answer.

    `requests` counts all that were read, `any_changed` those with another answer to at least one action.
    """

    requests: int = 0
    any_changed: int = 0
    changed: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def difference(
    before: Law,
    after: Law,
    profile: str,
    requests: Iterable[PastRequest],
    *,
    on: date,
    actions: Sequence[str] = ACTIONS,
) -> Difference:
    """Every request answered under both laws as they stand on a date; each distinct question is answered once.

    Raises: BrightlineError `unknown-profile`.
    """
    found = Difference()
    known: dict[PastRequest, tuple[tuple[str, str, str], ...]] = {}
    for request in requests:
        asked = PastRequest(on, request.instrument)
        if asked not in known:
            known[asked] = tuple(_changes(before, after, profile, asked, actions))
        found.requests += 1
        found.any_changed += bool(known[asked])
        found.changed.update(known[asked])
    return found


def _changes(
    before: Law, after: Law, profile: str, asked: PastRequest, actions: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Each action with another answer. Answers come with the commands first, so they are matched by name."""
    old, new = (
        {one.action: one.modality for one in answers_of(law, profile, asked, asked.on, actions)}
        for law in (before, after)
    )
    return ((name, old[name], new[name]) for name in actions if name in old and name in new and old[name] != new[name])
