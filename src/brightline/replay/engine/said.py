"""What is said on one action, as functions over planes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from brightline.law.norms import Norm

__all__ = ["Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """For each modality and each mark, where it is said; `first` gives for each norm where it may be named first.

    Of several norms in `first` the one that comes first in `norms` is named; `within` says where it counts at all, and
    is the same for many.
    """

    norms: Sequence[Norm]
    words: Mapping[str, int]
    marks: Mapping[str, int] = field(default_factory=dict)
    first: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, int] | None = None
