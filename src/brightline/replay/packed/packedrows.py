"""The rows of a packed segment as a map would have given them, without their facts: days, profiles, weights, and who has none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.replay.maps.findings import DAY as THE_DAY
from brightline.replay.maps.findings import PROFILE as THE_PROFILE
from brightline.replay.maps.findings import WEIGHT as THE_WEIGHT
from brightline.replay.maps.findings import Findings
from brightline.replay.maps.leaveout import NO_WEIGHT
from brightline.replay.maps.mappedrows import EMPTY, Codes, MappedRows, count_rejected
from brightline.replay.packed.owncolumns import (
    DAY,
    FIRST_DAY,
    NO_DAY,
    NO_PROFILE,
    PROFILE,
    WEIGHT,
    Numbers,
    reasons,
    uncoded,
)  # fmt: skip
from brightline.replay.packed.packedfile import Segment
from brightline.replay.packed.population import Packed
from brightline.replay.packed.unpacking import numbers_kept

__all__ = ["mapped_rows"]

_NOT_KEPT = "(not kept)"  # the word that could not be read
_NO_DAY = np.iinfo(np.int64).min


def mapped_rows(packed: Packed, segment: Segment, law: Law, *, asks_day: bool, asks_profile: bool) -> MappedRows:
    """The rows of a segment; those that lack a day or a profile which is asked for are rejected and counted.

    Raises: BrightlineError `packed-file`, `packed-vocabulary`.
    """
    day, profile, weights = (numbers_kept(packed, segment, name) for name in (DAY, PROFILE, WEIGHT))
    rejected = np.zeros(segment.rows, np.uint8)
    if asks_day and day is not None:
        rejected = reasons(day, NO_DAY)
    if asks_profile and profile is not None:
        rejected = np.where(rejected == 0, reasons(profile, NO_PROFILE), rejected)
    lost = None if weights is None else weights == 0
    if lost is not None:
        rejected = np.where((rejected == 0) & lost, NO_WEIGHT, rejected)
    rows = MappedRows(
        segment.rows, (), {}, None if day is None else _days(day),
        _profiles(packed, law, profile) if asks_profile and profile is not None else None,
        None, rejected.astype(np.uint8), Findings(),
        weights=None if weights is None else np.maximum(weights - 1, lost), no_weight=lost,
    )  # fmt: skip
    if asks_day and day is not None:
        _count(rows, THE_DAY, reasons(day, NO_DAY), {NO_DAY: "bad", NO_DAY + 1: "bad"})
    if asks_profile and profile is not None:
        _count(rows, THE_PROFILE, reasons(profile, NO_PROFILE), _kinds(packed.directory.notes))
    if lost is not None:
        _count(rows, THE_WEIGHT, lost.astype(np.uint8), {1: "bad"})
    count_rejected(rows)
    return rows


def _days(kept: Numbers) -> Numbers:
    days, known = uncoded(kept)
    return np.where(known, days + FIRST_DAY, _NO_DAY)


def _profiles(packed: Packed, law: Law, kept: Numbers) -> tuple[tuple[str, ...], Codes]:
    names = packed.directory.profiles
    places, known = uncoded(kept)
    for place in np.flatnonzero(np.bincount(places[known], minlength=len(names))).tolist():
        if place >= len(names):
            raise BrightlineError("packed-file", f"{shown(packed.path.name)} is cut or damaged", "pack it again", "IN")
        if names[place] not in law.vocabulary.profiles:
            raise BrightlineError(
                "packed-vocabulary",
                f"{shown(packed.path.name)} has rows of the profile {shown(names[place])}, which the law does not know",
                "name one profile with --profile, or pack the population again from its columns",
                "IN",
            )
    return names, np.where(known, places, -1).astype(np.int32)


def _kinds(notes: Mapping[str, str]) -> Mapping[int, str]:
    """How rows without a profile counted when they were packed: as the map said of words that it does not list."""
    otherwise = notes.get("lost profiles", "error")
    empty = "bad" if otherwise == "error" else "unmapped"
    unread = {"error": "bad", "unmapped": "unmapped"}.get(otherwise, "")
    return {NO_PROFILE: empty, NO_PROFILE + 1: unread}


def _count(rows: MappedRows, what: str, why: npt.NDArray[np.uint8], kinds: Mapping[int, str]) -> None:
    words = (EMPTY, _NOT_KEPT) if len(kinds) > 1 else (_NOT_KEPT,)
    for (reason, kind), word in zip(kinds.items(), words, strict=True):
        if kind and (number := int((why == reason).sum())):
            rows.findings.count(kind, what, [(word, number)])
