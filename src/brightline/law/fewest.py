"""Few cases that together see all that many see."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

__all__ = ["fewest"]

_Name = TypeVar("_Name", bound=Hashable)


def fewest(seen: Mapping[_Name, Set[Hashable]], costs: Mapping[_Name, int]) -> list[_Name]:
    """Names that together see what all of them see, none of them needless, in the order in which they came.

    The one that sees most of what is left is taken first, of equals the one that costs least, then the earliest. That
    is few, though not always the fewest possible.
    """
    left = set[Hashable]().union(*seen.values())
    taken: list[_Name] = []
    while left:
        best = max(seen, key=lambda name: (len(left & seen[name]), -costs[name]))
        taken.append(best)
        left -= seen[best]
    for name in sorted(taken, key=lambda name: (len(seen[name]), -costs[name])):
        others = set[Hashable]().union(*(seen[other] for other in taken if other != name))
        if others >= seen[name]:
            taken.remove(name)
    return [name for name in seen if name in taken]
