"""Linting paths: reading every schema, judging every field, holding both against the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from brightline.guard.schemas.judge import judge
from brightline.guard.schemas.registry import Registry, Remark
from brightline.guard.schemas.verdict import SEVERITIES, Verdict
from brightline.guard.schemas.walk import Read, Skipped, read_paths

__all__ = ["FAIL_ON", "Lint", "lint"]

FAIL_ON = ("prohibited", "basis", "review", "never")


@dataclass(frozen=True)
class Lint:
    """What was found, what was read, and what was not."""

    verdicts: tuple[Verdict, ...] = ()
    remarks: tuple[Remark, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    schemas: int = 0
    fields: int = 0
    passed_over: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def fails(self, fail_on: str) -> bool:
        """Whether there is a finding at least as grave as asked. Entries of the registry that do not hold count as `basis`."""
        if fail_on == "never":
            return False
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return any(self.counts[one] for one in grave) or (fail_on != "prohibited" and bool(self.remarks))


def lint(
    paths: Sequence[str], registry: Registry | None = None, exclude: Sequence[str] = (), *, is_among: bool = False
) -> Lint:
    """Every finding below the paths; `is_among`: named files may be no schema.

    Raises: BrightlineError `guard-source`, `missing-extra`.
    """
    return summed(read_paths(paths, exclude, is_among=is_among), registry or Registry())


def summed(reads: Iterable[Read], registry: Registry) -> Lint:
    """The findings of what was read."""
    judged: dict[tuple[str, str], Verdict] = {}
    skipped: list[Skipped] = []
    schemas = fields = passed_over = 0
    for read in reads:
        if read.skipped:
            skipped.append(read.skipped)
        elif read.schema is None:
            passed_over += 1
        else:
            schemas, fields = schemas + 1, fields + len(read.schema.fields)
            for verdict in judge(read.schema):
                judged.setdefault((verdict.place, verdict.field), verdict)
    verdicts = tuple(judged.values())
    unmatched = registry.unmatched(verdicts)
    found = registry.applied(verdicts)
    remarks = (*registry.remarks, *unmatched)
    counts = Counter(verdict.severity for verdict in found)
    return Lint(found, remarks, tuple(skipped), schemas, fields, passed_over, counts)
