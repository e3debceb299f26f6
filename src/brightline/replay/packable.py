"""Which facts of a replay can be packed: what the columns and the map say of every row, whoever's law is asked later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError
from brightline.replay.answers.asking import Asker
from brightline.replay.engine.columns import Columns, Question
from brightline.replay.job import Job
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.mappedrows import MappedRows
from brightline.replay.packed.owncolumns import (
    DAY,
    FIRST,
    FIRST_DAY,
    NO_DAY,
    NO_PROFILE,
    OF_THE_PROFILE,
    PROFILE,
    WEIGHT,
    coded,
)  # fmt: skip
from brightline.replay.packed.packer import Own, Packer

__all__ = ["Packable", "check_packable", "packable_facts", "packer_of"]

# The facts of some rows, and what is kept of each row besides.
Packable = tuple[Columns, Own]


def check_packable(job: Job) -> None:
    """Refuse to pack what a packed population cannot hold.

    Raises: BrightlineError `transient-packed`, `replay-asked` for numbers that depend on the profile of a row, `option`.
    """
    facts = job.asked.law.vocabulary.facts
    for name in job.mapped.facts:
        if facts[name].is_transient:
            raise BrightlineError(
                "transient-packed",
                f"`{name}` is transient, which no file may keep",
                "leave it out of the map, or answer from the columns",
                "--pack",
            )
    if job.resume:
        raise BrightlineError("option", "`--pack` does not go with --resume", "run without --resume", "--pack")
    if not job.asked.profile and any(_worked_out(job)):
        raise BrightlineError(
            "replay-asked",
            "hours and midnights depend on the profile, which a column names",
            "name one profile with --profile to pack the rows",
            "--pack",
        )


def _worked_out(job: Job) -> Iterator[str]:
    for fact in job.asked.law.vocabulary.facts.values():
        rule = fact.derived
        if rule is not None and rule.start in job.mapped.facts and rule.end in job.mapped.facts:
            yield fact.name


def packer_of(job: Job, path: Path) -> Packer:
    """What packs the rows of a job, with each one's own profile, its day and its weight where the map tells them."""
    recode = job.mapped.profile_recode
    notes = {"lost profiles": recode.otherwise if recode else "error"}
    if job.mapped.weight:
        notes["weight"] = job.mapped.weight
    if any(_worked_out(job)) and not _has_clock(job.mapped):
        notes["clock"] = OF_THE_PROFILE
    return Packer(path, job.asked.law.vocabulary, profiles=_profiles(job), notes=notes)


def _has_clock(mapped: FactMap) -> bool:
    """Whether every column of times is read on a clock of its own, whoever's law is asked."""
    times = [column for column in mapped.columns.values() if column.type == "time"]
    return all(column.zone or mapped.zone for column in times)


def _profiles(job: Job) -> tuple[str, ...]:
    return (job.asked.profile,) if job.asked.profile else tuple(job.asked.law.vocabulary.profiles)


def packable_facts(job: Job, asker: Asker, rows: MappedRows) -> Packable | None:
    """The facts of a batch, without those that stand in for a profile's own; and its rows' own profiles, days and weights.

    Rejected rows are in it: another profile or day may answer them. Rows that the map leaves out are not; None where no row stays.
    """
    asked = job.asked
    profile = asked.profile or next(iter(asked.law.vocabulary.profiles))
    if rows.rows and rows.is_left_out.all():
        return None
    chosen = np.flatnonzero(~rows.is_left_out) if rows.is_left_out.any() else None
    found = asker.facts(rows, Question(asked.law, profile, asked.on or date.max, asked.actions), chosen)
    constants = {n: v for n, v in found.constants.items() if n in job.mapped.facts}
    every = slice(None) if chosen is None else chosen
    own = {name: numbers[every] for name, numbers in _own(job, rows)}
    return Columns(found.rows, found.facts, constants), own


def _own(job: Job, rows: MappedRows) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    """What is kept of each row besides its facts."""
    if job.asked.profile:
        yield PROFILE, np.full(rows.rows, FIRST)
    elif rows.profiles is not None and rows.no_profile is not None:
        yield PROFILE, coded(rows.profiles[1], rows.no_profile, NO_PROFILE)
    if rows.days is not None and rows.no_day is not None:
        yield DAY, coded(rows.days - FIRST_DAY, rows.no_day, NO_DAY)
    if rows.weights is not None and rows.no_weight is not None:
        yield WEIGHT, np.where(rows.no_weight, 0, rows.weights + 1)
