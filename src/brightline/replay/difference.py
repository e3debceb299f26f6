"""How many past requests would get another answer from another law, profile, date or reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from brightline.law.comparison import Side
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
    before: Side, after: Side, requests: Iterable[PastRequest], actions: Sequence[str] = ACTIONS
) -> Difference:
    """Every request answered by both sides, each on its own date; each distinct question is answered once."""
    found = Difference()
    known: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for request in requests:
        if request.instrument not in known:
            known[request.instrument] = tuple(_changes(before, after, request, actions))
        found.requests += 1
        found.any_changed += bool(known[request.instrument])
        found.changed.update(known[request.instrument])
    return found


def _changes(before: Side, after: Side, request: PastRequest, actions: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each action with another answer. Answers come with the commands first, so they are matched by name."""
    old, new = (
        {
            one.action: one.modality
            for one in answers_of(side.law, side.profile, request, side.on, actions, side.readings)
        }
        for side in (before, after)
    )
    return ((name, old[name], new[name]) for name in actions if name in old and name in new and old[name] != new[name])
