"""What many requests ask and what they are told, as columns: the plain values that pass between a file and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.library import Law

__all__ = [
    "CONTESTED",
    "MARKS",
    "MODALITIES",
    "PRESUMED",
    "SILENT",
    "UNVERIFIED",
    "Column",
    "Columns",
    "Question",
    "Result",
    "norm_kind",
]

# `contradictory`: the facts of the row cannot all be so. `too_early`: no law of the corpus is in force on its day.
MODALITIES = ("required", "prohibited", "permitted", "unsettled", "open", "contradictory", "too_early")
CONTESTED, SILENT, UNVERIFIED, PRESUMED = 1, 2, 4, 8
MARKS = ("contested", "silent", "unverified", "presumed")


@dataclass(frozen=True, eq=False, repr=False)
class Column:
    """One fact of many requests. `known` is None where every row has it.

    `values` are one-dimensional: for a yes-or-no fact or an enum the position in the fact's domain (uint8 or uint16;
    False is 0, True is 1), for a number the number itself (int32 or int64). Where `known` is False a value means nothing.
    """

    fact: str
    values: npt.NDArray[Any]
    known: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """The facts of `rows` requests. `constants` are facts that every row has, as the law writes them.

    A fact that is in neither is known of no row. A fact is never in both.
    """

    rows: int
    facts: Mapping[str, Column]
    constants: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of every row: some actions, for one profile under the law of one day."""

    law: Law
    profile: str
    on: date
    actions: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False


@dataclass(frozen=True, eq=False)
class Result:
    """The answers on one action, row for row.

    `modality` (uint8) is a position in MODALITIES; `marks` (uint8) are bits, as in MARKS; `norm` is a position
    in `norms` (uint8 where these are at most 256, else uint16), whose first is empty: the norm that an answer to one such request names first, or none.
    """

    action: str
    modality: npt.NDArray[np.uint8]
    marks: npt.NDArray[np.uint8]
    norm: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    norms: tuple[str, ...]


def norm_kind(norms: Sequence[str]) -> type[np.uint8] | type[np.uint16]:
    """The narrowest numbers for a position among norms: what is written costs more than what is worked out."""
    return np.uint8 if len(norms) <= 1 << 8 else np.uint16
