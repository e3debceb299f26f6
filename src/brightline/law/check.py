"""Checking the law files: everything that can be wrong with them, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from brightline.law.authorityfile import parse_authority
from brightline.law.bill import Bill
from brightline.law.billcases import bill_beside, read_bill_cases, run_bill_cases, undecided_norms
from brightline.law.billfile import read_bill
from brightline.law.chart import Chart, variables_of
from brightline.law.corpusfiles import (
    bill_files,
    bill_scenario_files,
    edges_name,
    law_files,
    read_calendars,
    read_vocabulary,
    scenario_files,
    stem_of,
)
from brightline.law.deadlines import needs_calendar
from brightline.law.diagram import FALSE
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.expressions import FALSE as NEVER
from brightline.law.expressions import all_of
from brightline.law.library import Law
from brightline.law.norms import Authority, Norm
from brightline.law.overlay import apply_bills
from brightline.law.scenarios import read_cases, run_case
from brightline.law.yamlfile import load_yaml

__all__ = ["Finding", "check_corpus"]

_SCENARIOS = ".scenarios.yaml"
_WORKING = "run `brightline law test` on the file for the working"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a law file: a stable code, the place, the words at fault and what to do."""

    code: str
    where: str
    message: str
    help: str

    @classmethod
    def of(cls, error: BrightlineError) -> Finding:
        """The finding that an error makes."""
        return cls(error.code, error.where, error.message, error.help)


def check_corpus(root: Path, below: str = "", *, progress: Callable[[str], None] = lambda step: None) -> list[Finding]:
    """The findings for a corpus folder, in order of place; `below` keeps those of one folder or file."""
    findings: list[Finding] = []
    try:
        vocabulary = read_vocabulary(root)
        calendars = read_calendars(root)
    except BrightlineError as error:
        return [Finding.of(error)]
    progress("law files")
    authorities: dict[str, list[Authority]] = {}
    for path in law_files(root):
        folder, name = path.parent.relative_to(root).as_posix(), path.relative_to(root).as_posix()
        faults: list[BrightlineError] = []
        try:
            authorities.setdefault(folder, []).append(
                parse_authority(load_yaml(path, name), folder, name, vocabulary, faults)
            )
        except BrightlineError as error:
            faults.append(error)
        findings.extend(map(Finding.of, faults))
    law = Law(vocabulary, {k: tuple(v) for k, v in authorities.items()}, calendars)
    progress("norms")
    for check in (_overlaps, _references, _reaches, _derogations, _clock_calendars):
        findings.extend(check(law))
    findings.extend(_bills(law, root))
    progress("scenarios")
    findings.extend(_scenarios(law, root, below))
    findings.extend(_bill_scenarios(law, root, below))
    kept = [f for f in findings if f.where.startswith(below)]
    return sorted(
        dict.fromkeys(kept),
        key=lambda f: (
            f.where.partition(":")[0],
            int(f.where.rpartition(":")[2] or 0) if f.where.rpartition(":")[2].isdigit() else 0,
            f.code,
        ),
    )


def _overlaps(law: Law) -> Iterator[Finding]:
    versions: dict[str, list[Authority]] = {}
    for authority in law.everything():
        for other in versions.setdefault(authority.id, []):
            if authority.in_force.meets(other.in_force):
                yield Finding(
                    "overlap",
                    f"{authority.file}:1",
                    f"the versions @{other.version} and @{authority.version} of `{authority.id}` are in force on the same day",
                    "end the earlier one with `in_force: {from: ..., to: ...}`, `to` being its last day",
                )
        versions[authority.id].append(authority)


def _every_norm(law: Law) -> dict[str, list[Norm]]:
    found: dict[str, list[Norm]] = {}
    for authority in law.everything():
        for norm in authority.norms:
            found.setdefault(norm.id, []).append(norm)
    return found


def _references(law: Law) -> Iterator[Finding]:
    known = _every_norm(law)
    for norms in known.values():
        for norm in norms:
            named = (*norm.derogates, *(norm.overrides.norms if norm.overrides else ()))
            for name in named:
                if name not in known:
                    yield Finding(
                        "unknown-norm",
                        norm.where,
                        f"unknown norm {shown(name)}",
                        near_misses(name, known, "write authority#id"),
                    )
                elif name in norm.derogates and all(n.level != norm.level for n in known[name]):
                    yield Finding(
                        "derogates-rank",
                        norm.where,
                        f"`{norm.id}` derogates `{name}`, which has another rank",
                        "a special rule beats one of its own rank; use `overrides` for a lower one",
                    )
                elif name not in norm.derogates and all(n.level >= norm.level for n in known[name]):
                    yield Finding(
                        "overrides-rank",
                        norm.where,
                        f"`{norm.id}` overrides `{name}`, which does not rank lower",
                        "only lower-ranking norms can be taken away",
                    )


def _reaches(law: Law) -> Iterator[Finding]:
    """A norm that can never take part, and an exception that can never apply, shown by the diagram."""
    for authority in law.everything():
        for norm in authority.norms:
            chart = Chart("check", [norm], law.vocabulary.facts, law.vocabulary.readings)
            if chart.active[norm.id] == FALSE:
                yield Finding(
                    "never",
                    norm.where,
                    f"`{norm.id}` can never take part",
                    "its `binds`, `when` and `unless` leave nothing",
                )
            elif norm.unless != NEVER and chart.condition_of(all_of(norm.binds, norm.when, norm.unless)) == FALSE:
                yield Finding(
                    "exception-never",
                    norm.where,
                    f"the exception of `{norm.id}` can never apply",
                    "`unless` never holds where `binds` and `when` do: drop it or mend it",
                )


def _derogations(law: Law) -> Iterator[Finding]:
    edges = {name: set().union(*(n.derogates for n in norms)) for name, norms in _every_norm(law).items()}
    for name in edges:
        seen, open_names = set(), list(edges[name])
        while open_names:
            here = open_names.pop()
            if here == name:
                yield Finding(
                    "derogates-circle",
                    _every_norm(law)[name][0].where,
                    f"`{name}` derogates itself in a circle",
                    "one of two rules is the special one",
                )
                break
            if here not in seen:
                seen.add(here)
                open_names.extend(edges.get(here, ()))


def _clock_calendars(law: Law) -> Iterator[Finding]:
    for authority in law.everything():
        for norm in authority.norms:
            for within in (norm.within, norm.extends.within if norm.extends else None):
                if within is None or not needs_calendar(within):
                    continue
                try:
                    law.calendar(within.calendar, authority.path)
                except BrightlineError as error:
                    yield Finding(error.code, norm.where, error.message, error.help)


def _bills(law: Law, root: Path) -> Iterator[Finding]:
    """A bill that cannot be read or applied, and norms of it that could never take part."""
    for path in bill_files(root):
        try:
            bill = read_bill(path, law, path.relative_to(root).as_posix())
            words = apply_bills(law, [bill]).vocabulary
        except BrightlineError as error:
            yield Finding.of(error)
            continue
        added = Law(words, {authority.path: (authority,) for authority in bill.adds}, law.calendars)
        for check in (_reaches, _derogations, _clock_calendars):
            yield from check(added)
        known = Chart(
            "check",
            [],
            words.facts,
            words.readings,
            variables=variables_of([], words.facts, words.readings, [e.when for e in bill.exemptions]),
        )
        for exemption in bill.exemptions:
            if known.condition_of(exemption.when) == FALSE:
                yield Finding(
                    "never",
                    f"{bill.file}:1",
                    f"the exception `{exemption.id}` covers nothing",
                    "its `when` never holds: mend it",
                )


def _scenarios(law: Law, root: Path, below: str) -> Iterator[Finding]:
    decided: set[tuple[str, str]] = set()
    for path in scenario_files(root):
        name = path.relative_to(root).as_posix()
        if not (name.startswith(below) or below.startswith(stem_of(name))):
            continue
        try:
            cases = read_cases(path, name)
        except BrightlineError as error:
            yield Finding.of(error)
            continue
        stem = stem_of(name)
        authority = stem.partition("@")[0]
        for case in cases:
            result = run_case(law, case, authority)
            for miss in (*result.missed, *result.duties_missed):
                yield Finding("scenario", case.where, f"{shown(case.id)}: {miss}", _WORKING)
            # A person has to write a case for each norm: what was made from the norm cannot show that it is right.
            decided.update((stem, short) for short in case.decides if name != edges_name(name))
    yield from _undecided(law, decided, below)


def _bill_scenarios(law: Law, root: Path, below: str) -> Iterator[Finding]:
    """Cases beside a bill that miss with the bill in the law, and norms of a bill that no case makes decide."""
    for path in bill_files(root):
        name = path.relative_to(root).as_posix()
        if name.startswith(below) or below.startswith(name.removesuffix(".yaml")):
            try:
                yield from _bill_findings(law, root, read_bill(path, law, name))
            except BrightlineError as error:
                # What is wrong with the bill itself is found with the bills.
                if _SCENARIOS in error.where:
                    yield Finding.of(error)
    for path in bill_scenario_files(root):
        if bill_beside(path) is None:
            name = path.relative_to(root).as_posix()
            advice = "name the file after the bill: X.scenarios.yaml beside X.yaml"
            yield Finding("scenario-file", f"{name}:1", "there is no bill beside these scenarios", advice)


def _bill_findings(law: Law, root: Path, bill: Bill) -> Iterator[Finding]:
    beside = (root / bill.file).with_suffix(_SCENARIOS)
    cases = read_bill_cases(beside, bill, beside.relative_to(root).as_posix()) if beside.is_file() else []
    for result in run_bill_cases(law, bill, cases):
        for miss in (*result.missed, *result.duties_missed):
            yield Finding("scenario", result.case.where, f"{shown(result.case.id)}: {miss}", _WORKING)
    for norm, where in undecided_norms(bill, cases):
        advice = f"add a case with `decides: [{norm.partition('#')[2]}]` to {beside.name}"
        yield Finding("no-scenario", where, f"no scenario beside it makes `{norm}` decide", advice)


def _undecided(law: Law, decided: Iterable[tuple[str, str]], below: str) -> Iterator[Finding]:
    named = set(decided)
    for authority in law.everything():
        stem = authority.file.removesuffix(".yaml")
        for norm in authority.norms:
            short = norm.id.partition("#")[2]
            if not ({(stem, short), (stem, norm.id)} & named):
                yield Finding(
                    "no-scenario",
                    norm.where,
                    f"no scenario beside it makes `{norm.id}` decide",
                    f"add a case with `decides: [{short}]` to {stem.rsplit('/', 1)[-1]}.scenarios.yaml",
                )
