"""Which facts of a replay can be packed: what the columns and the map say of every row, whoever's law is asked later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from brightline.law.errors import BrightlineError
from brightline.replay.answers.asking import Asker
from brightline.replay.engine.columns import Columns, Question
from brightline.replay.job import Job
from brightline.replay.maps.mappedrows import MappedRows

__all__ = ["check_packable", "packable_facts"]


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


def packable_facts(job: Job, asker: Asker, rows: MappedRows) -> Columns | None:
    """The facts of a batch, without those that stand in for a profile's own.

    Rejected rows are in it: another profile or day may answer them. Rows that the map leaves out are not; None where no row stays.
    """
    asked = job.asked
    profile = asked.profile or next(iter(asked.law.vocabulary.profiles))
    if rows.rows and rows.is_left_out.all():
        return None
    chosen = np.flatnonzero(~rows.is_left_out) if rows.is_left_out.any() else None
    found = asker.facts(rows, Question(asked.law, profile, asked.on or date.max, asked.actions), chosen)
    constants = {n: v for n, v in found.constants.items() if n in job.mapped.facts}
    return Columns(found.rows, found.facts, constants)
