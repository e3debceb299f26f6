"""Scenarios: cases with the answer a source gives, run against the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from brightline.law.answering import Answer, answer
from brightline.law.duties import Duty, within_words
from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.law.norms import Within
from brightline.law.yamlfile import Listing, Table, load_yaml

__all__ = ["Case", "Result", "read_cases", "run_case"]

_NEEDED = ("id", "profile", "as_of", "facts", "action", "expect")


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One scenario. `facts` may hold transient ones, so a case shows its name only."""

    id: str
    profile: str
    as_of: date
    facts: Mapping[str, Any]
    action: str
    expect: str
    accept: tuple[str, ...]
    duties: tuple[Mapping[str, Any], ...]
    decides: tuple[str, ...]
    readings: Mapping[str, str]
    strict: bool
    situation: str
    where: str
    no_duties: tuple[Mapping[str, Any], ...] = ()

    def __repr__(self) -> str:
        return f"<case {self.id}>"


@dataclass(frozen=True, slots=True)
class Result:
    """What a case got. `missed` says what is wrong, in words; empty when the answer is one that the case accepts.

    `duties_missed` names the duties of the case that the answer does not carry, or not with the same time, and those
    that it carries and should not.
    """

    case: Case
    got: str
    answer: Answer | None
    missed: tuple[str, ...]
    duties_missed: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether the case got an accepted answer, from the norms it names."""
        return not self.missed


def read_cases(path: Path, name: str = "") -> list[Case]:
    """The cases of a scenario file. Raises: BrightlineError for a file that is not a list of cases."""
    content = load_yaml(path, name)
    label = name or str(path)
    if content is None:
        return []
    if not isinstance(content, Listing):
        raise BrightlineError(
            "scenario-file", "a scenario file is a list of cases", "start each with `- id: ...`", label
        )
    return [_case(row, content.where(i)) for i, row in enumerate(content)]


def _case(row: Any, where: str) -> Case:
    if not isinstance(row, Table):
        raise BrightlineError("scenario-file", "a case is a mapping", "start it with `- id: ...`", where)
    for key in _NEEDED:
        if row.get(key) is None:
            raise BrightlineError(
                "scenario-file",
                f"the case {shown(row.get('id', '?'))} has no `{key}`",
                "see Scenarios in docs/reference/law-files.md",
                where,
            )
    as_of = row["as_of"]
    if not isinstance(as_of, date) or not isinstance(row["facts"], Table):
        raise BrightlineError(
            "scenario-file",
            f"`as_of` must be a date and `facts` a mapping in {shown(row['id'])}",
            "write `as_of: 2026-01-16`",
            where,
        )
    return Case(
        str(row["id"]), str(row["profile"]), as_of, dict(row["facts"]), str(row["action"]), str(row["expect"]),
        tuple(str(a["answer"]) for a in row.get("accept") or ()), _duties(row, "duties", where),
        tuple(row.get("decides") or ()), dict(row.get("readings") or {}), bool(row.get("strict")),
        str(row.get("situation") or ""), where, _duties(row, "no_duties", where),
    )  # fmt: skip


def _duties(row: Table, key: str, where: str) -> tuple[Table, ...]:
    duties = row.get(key) or ()
    if duties and not (isinstance(duties, Listing) and all(map(_is_duty, duties))):
        raise BrightlineError(
            "scenario-file",
            f"`{key}` must be a list of duties with their times in {shown(row['id'])}",
            f"write `{key}: [{{action: ..., within: {{amount: 48, unit: hours}}}}]`",
            where,
        )
    return tuple(duties)


def _is_duty(value: object) -> bool:
    return isinstance(value, Table) and bool(value.get("action")) and _is_time(value.get("within"))


def _is_time(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, Table) or type(value.get("amount", 0)) is not int:
        return False
    return all(value.get(name) is None or isinstance(value[name], Listing) for name in ("excludes", "rolls"))


def run_case(law: Law, case: Case, authority: str = "") -> Result:
    """A case's result; what the law cannot answer is a miss with its reason, never an exception."""
    try:
        found = answer(
            law,
            case.profile,
            case.facts,
            on=case.as_of,
            actions=[case.action],
            strict=case.strict,
            readings=case.readings,
        )
    except BrightlineError as error:
        return Result(case, f"error: {error.code}", None, (error.message,))
    one = found.answers[0]
    lost = [f"no duty `{d.get('action')}` as expected" for d in case.duties if not _has_duty(case, one, d)]
    added = [f"a duty `{d.get('action')}` that should be absent" for d in case.no_duties if _has_duty(case, one, d)]
    return Result(case, one.modality, one, tuple(_misses(case, one, authority)), (*lost, *added))


def _misses(case: Case, one: Answer, authority: str) -> list[str]:
    missed = []
    if one.modality not in (case.expect, *case.accept):
        missed.append(f"expected {case.expect}, got {one.modality}")
    names = {b.norm for b in one.basis} | {d.norm for d in one.duties}
    for short in case.decides:
        full = short if "#" in short else f"{authority}#{short}"
        if full not in names:
            missed.append(f"`{full}` does not decide")
    return missed


def _has_duty(case: Case, one: Answer, wanted: Mapping[str, Any]) -> bool:
    """Whether a duty is named with the answer (or is the answer), with the same time where the case gives one."""
    if wanted.get("action") == case.action and one.modality == "required" and not wanted.get("within"):
        return True
    return any(d.action == wanted.get("action") and _same_time(d, wanted.get("within")) for d in one.duties)


def _same_time(duty: Duty, wanted: Mapping[str, Any] | None) -> bool:
    """Whether a duty has the time that a case gives, and rolls as the case says, if it says so."""
    if not wanted:
        return True
    given = Within(int(wanted.get("amount", 0)), str(wanted.get("unit")), tuple(wanted.get("excludes") or ()))
    return duty.within == within_words(given) and _rolls_alike(duty, wanted.get("rolls"))


def _rolls_alike(duty: Duty, wanted: object) -> bool:
    over = duty.rolls.over if duty.rolls else ()
    return wanted is None or (isinstance(wanted, list) and set(map(str, wanted)) == set(over))
