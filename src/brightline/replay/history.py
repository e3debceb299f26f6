"""How many past requests would get another answer from another law, profile, date or reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from brightline.law.comparison import Side
from brightline.replay.answers.asking import Asked
from brightline.replay.extracts import EXTRACTS
from brightline.replay.files.sources import find_sources
from brightline.replay.job import Job
from brightline.replay.maps.mapfile import find_map
from brightline.replay.pipeline import run

__all__ = ["EXTRACT", "PLAIN_MAP", "Difference", "difference"]

EXTRACT = EXTRACTS / "pa_detainers_extract.csv"
PLAIN_MAP = "detainers"


@dataclass
class Difference:
    """Past requests answered twice: `changed[(action, before, after)]` counts those with another answer.

    `requests` counts all that were read, `any_changed` those with another answer to at least one action.
    """

    requests: int = 0
    any_changed: int = 0
    changed: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def difference(before: Side, after: Side, inputs: Sequence[str], mapped: str = PLAIN_MAP) -> Difference:
    """Every row of some inputs answered by both sides, each on its own date; `mapped` names a map.

    Raises: BrightlineError as a replay does.
    """
    found = find_map(mapped, before.law)
    old, new = (Asked(s.law, s.profile, s.on, found.actions, s.readings, label=s.label) for s in (before, after))
    told = run(Job(find_sources(inputs, found), found, old, versus=new)).tally
    changed = Counter({key: n for key, n in told.changes.items() if key[1] != key[2]})
    return Difference(told.requests, told.changed, changed)
