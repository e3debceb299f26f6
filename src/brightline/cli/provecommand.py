"""`brightline law prove`: theorems about the law of a profile, or the properties of a file."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path

from brightline.cli.layout import Page, action_words
from brightline.cli.request import read_date
from brightline.cli.sides import read_readings
from brightline.cli.solvedpage import witness_words
from brightline.law.comparison import MOST_LINES, Side
from brightline.law.corpusfiles import CORPUS, load_law, relative_name
from brightline.law.deadnorms import FOR_OTHERS
from brightline.law.library import Law
from brightline.law.premises import Situations
from brightline.law.proof import ActionProof, Proofs, prove
from brightline.law.proofjson import checks_to_json, proofs_to_json
from brightline.law.properties import Check, check_property
from brightline.law.propertyfile import Property, property_files, read_properties
from brightline.law.solver.terms import NOT_COUNTED
from brightline.law.solver.witness import Witness
from brightline.law.theorem import LOCAL, OTHER_READING, THEOREMS, Counterexample, Theorem
from brightline.law.versions import check_one_version

__all__ = ["prove_command"]

_HOLDS, _FAILS = "[=] holds", "[x] fails"
_FEW = 3
_IDLE = {
    FOR_OTHERS: "for others: the profile's standing facts rule it out",
    OTHER_READING: "under another reading only",
}
_ALL = 5000


def prove_command(args: argparse.Namespace) -> int:
    """Prove a profile's law or a file's properties, and print what was found. Exit 1 if a property does not hold."""
    law = load_law(args.corpus)
    on = read_date(args.on) if args.on else None
    args.readings = read_readings(law, args.reading, "--reading")
    path = Path(args.what)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return _prove_file(law, path, args, on)
    return _prove_profile(law, args, on or date.today())  # noqa: DTZ011 - the clerk's own day


def _prove_file(law: Law, path: Path, args: argparse.Namespace, on: date | None) -> int:
    stated = read_properties(path, law, relative_name(path, [args.corpus or CORPUS]))
    wanted = [_read_as(replace(one, on=(on,)) if on else one, args.readings) for one in stated]
    checks = [
        check for one in wanted for check in check_property(law, one) if not args.action or check.action in args.action
    ]
    failed = not all(check.holds for check in checks)
    if args.json:
        print(json.dumps({"version": 1, "properties": checks_to_json(checks)}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_file_page(Page.for_output(), checks, len(stated))))
    return 1 if failed else 0


def _read_as(stated: Property, readings: Mapping[str, str]) -> Property:
    """A property under readings that the command chose; one that must hold under any stays so."""
    return stated if isinstance(stated.readings, str) else replace(stated, readings={**stated.readings, **readings})


def _prove_profile(law: Law, args: argparse.Namespace, on: date) -> int:
    started = time.perf_counter()
    check_one_version(law, args.what, on)
    side = Side.of(law, args.what, on, args.readings)
    proofs = prove(side, args.action)
    own = [
        _read_as(one, args.readings)
        for path in property_files(args.corpus or CORPUS)
        for one in read_properties(path, law, relative_name(path, [args.corpus or CORPUS]))
    ]
    checks = [
        check
        for one in own
        for check in check_property(law, one, [side.profile])
        if not args.action or check.action in args.action
    ]
    if args.json:
        print(json.dumps(proofs_to_json(proofs, checks), ensure_ascii=False, indent=2))
    else:
        lines = list(_profile_page(Page.for_output(), law, proofs, checks, bool(args.action)))
        lines[1] += f"   ({time.perf_counter() - started:.1f} s)"
        print("\n".join(lines))
    return 0 if all(check.holds for check in checks) else 1


def _profile_page(page: Page, law: Law, proofs: Proofs, checks: Sequence[Check], is_full: bool) -> Iterator[str]:
    side = proofs.side
    norms = len(law.stack(side.profile, side.on).norms)
    yield page.rule("=")
    yield (
        page.paint(f" {law.profile(side.profile).name}: {_plural(len(proofs.actions), 'action')}, {norms} norms", "1")
        + f"   law in force on {side.on:%a %d %b %Y}"
    )
    own = law.vocabulary.chosen_readings(side.profile, side.on)
    for reading, value in side.readings.items():
        if own[reading] != value:
            yield page.wrapped("", f"{reading} read as {value}", 1, 0)
    yield page.rule("=")
    for name in THEOREMS:
        yield from _summary(page, proofs, name)
    by_solver = [action_words(a.action) for a in proofs.actions if a.solved]
    if by_solver:
        yield page.wrapped("by Z3", f"{', '.join(by_solver)}: {NOT_COUNTED}", 1, 11)
    if checks:
        yield from _properties(page, checks)
    yield page.rule()
    plain = [proof for proof in proofs.actions if not is_full and _is_plain(proof)]
    if plain:
        yield page.wrapped(
            _HOLDS, f"all of it, for {', '.join(f'{action_words(p.action)} ({_size(p)})' for p in plain)}", 1, 11
        )
        yield ""
    for proof in proofs.actions:
        if proof not in plain:
            yield from _action(page, proof, is_full)
    yield page.rule()
    yield page.wrapped(
        "",
        "Counts are exact, over every situation that can be; nothing is presumed. An example names what is out of the usual. Not legal advice.",
        1,
        0,
    )


def _size(proof: ActionProof) -> str:
    return "not counted" if proof.solved else f"{proof.situations:,}"


def _is_plain(proof: ActionProof) -> bool:
    return not proof.refused and all(theorem.holds for theorem in proof.theorems)


def _summary(page: Page, proofs: Proofs, name: str) -> Iterator[str]:
    failing = proofs.failing(name)
    proved = sum(not a.refused for a in proofs.actions)
    words = f"{THEOREMS[name]}: for {proved - len(failing)} of {proved} actions"
    if failing:
        words += "; not for " + ", ".join(action_words(a.action) for a in failing)
    yield page.wrapped(_FAILS if failing else _HOLDS, f"{name}: {words}", 1, 11)
    if name == "no-dead-norm" and proofs.dead:
        yield page.wrapped("", "on all their actions nothing: " + ", ".join(proofs.dead), 1, 11)


def _action(page: Page, proof: ActionProof, is_full: bool) -> Iterator[str]:
    size = "not counted" if proof.solved else _plural(proof.situations, "situation")
    yield page.paint(f" {action_words(proof.action)}", "1") + ("" if proof.refused else f"   {size}")
    if proof.solved:
        yield page.wrapped("by Z3", f"{proof.solved}; {NOT_COUNTED}", 3, 11)
    if proof.refused:
        yield page.wrapped("[?] not proved", proof.refused, 3, 15)
        return
    yield page.wrapped(_HOLDS, ", ".join(t.name for t in proof.theorems if t.holds) or "nothing", 3, 11)
    complete = proof.theorem("complete")
    if complete.where and complete.where.number:
        yield from _silence(page, complete.where, proof.action, is_full)
    if complete.witness:
        yield from _solved_silence(page, complete.witness)
    for theorem in proof.theorems:
        if not theorem.holds:
            yield from _failure(page, theorem, proof.action, is_full)
    for why, number in sorted(Counter(proof.idle.values()).items()):
        yield page.wrapped("aside", f"{_plural(number, 'norm')} {_IDLE[why]}", 3, 11)
    yield ""


def _silence(page: Page, where: Situations, action: str, is_full: bool) -> Iterator[str]:
    """The set on which the law is silent: in conditions if few are needed or all are wanted."""
    lines = where.lines(_ALL if is_full else MOST_LINES)
    fits = bool(lines) and (is_full or len(lines) <= _FEW)
    more = (
        "" if fits else f"; {len(lines) or f'more than {MOST_LINES}'} lines say where: see them with --action {action}"
    )
    yield page.wrapped("silent", f"in {_count(where)}{':' if fits else more}", 3, 11)
    for line in lines if fits else ():
        yield page.wrapped("-", line, 14, 2)


def _solved_silence(page: Page, found: Witness) -> Iterator[str]:
    """The set on which the law is silent, as Z3 finds it: in conditions if ten are enough, or by one situation of it."""
    lines = found.lines()
    yield page.wrapped("silent", "in:" if lines else f"not counted; for instance in {witness_words(found)}", 3, 11)
    for line in lines:
        yield page.wrapped("-", line, 14, 2)


def _failure(page: Page, theorem: Theorem, action: str, is_full: bool) -> Iterator[str]:
    where = theorem.where
    yield page.wrapped(_FAILS, theorem.name + (f" in {_count(where)}" if where and where.number else ""), 3, 11)
    shown = theorem.counterexamples if is_full else theorem.counterexamples[:_FEW]
    for found in shown:
        yield page.wrapped("-", _words(found), 14, 2)
    more = len(theorem.counterexamples) - len(shown)
    if more:
        yield page.wrapped("", f"and {more} more: see them with --action {action}", 14, 2)


def _words(found: Counterexample) -> str:
    marks = "".join(f" [{mark}]" for mark in (LOCAL, OTHER_READING) if mark in found.marks)
    words = found.says + marks
    if found.where:
        words += f": {_count(found.where)}; for instance {_example(found.where)}"
    if found.witness:
        words += f": for instance {witness_words(found.witness)}"
    if found.outcomes:
        words += "; in one of them " + ", ".join(f"{value} -> {answer}" for value, answer in found.outcomes)
    return words


def _count(where: Situations) -> str:
    return f"{where.number:,} of {where.total:,} ({_share(where.share)})"


def _share(share: float) -> str:
    if 0 < share < 0.0001:
        return "under 0.01 %"
    return f"{100 * share:.2f} %" if share < 0.1 else f"{100 * share:.1f} %"


def _example(where: Situations) -> str:
    return " and ".join(f"{name} = {_word(value)}" for name, value in where.example.items()) or "the usual case"


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _properties(page: Page, checks: Sequence[Check]) -> Iterator[str]:
    failed = [check for check in checks if not check.holds]
    named = len({check.stated.id for check in checks})
    yield page.wrapped(_FAILS if failed else _HOLDS, f"{named} properties that the corpus says must hold here", 1, 11)
    for check in failed:
        yield page.wrapped("-", f"{check.stated.id}: {_check_words(check)}", 12, 2)


def _file_page(page: Page, checks: Sequence[Check], stated: int) -> Iterator[str]:
    yield page.rule("=")
    yield page.paint(f" {stated} {'property' if stated == 1 else 'properties'}", "1")
    yield page.rule("=")
    for _, group in groupby(checks, key=lambda check: check.stated.id):
        yield from _property(page, list(group))
    failed = {check.stated.id for check in checks if not check.holds}
    yield page.rule()
    kept = stated - len(failed)
    yield f" {kept} {'holds' if kept == 1 else 'hold'}, {len(failed)} fail. Counts are exact, over every situation that can be. Not legal advice."


def _property(page: Page, checks: Sequence[Check]) -> Iterator[str]:
    stated, failed = checks[0].stated, [check for check in checks if not check.holds]
    yield page.wrapped(_FAILS if failed else _HOLDS, f"{stated.id}: {stated.says}", 1, 11)
    profiles, covers = len({check.profile for check in checks}), sum(check.covers for check in checks)
    yield page.wrapped(
        "",
        f"{covers:,} situations, {_plural(profiles, 'profile')}, {_plural(len(stated.on), 'date')}, {_plural(len({c.action for c in checks}), 'action')}",
        12,
        0,
    )
    solved = sorted({action_words(check.action) for check in checks if check.solved})
    if solved:
        yield page.wrapped("by Z3", f"{_listed(solved)}: {NOT_COUNTED}", 12, 6)
    empty = sorted({check.profile for check in checks if check.is_empty})
    if empty:
        yield page.wrapped("note", f"says nothing for {_listed(empty)}: no such situation can be", 12, 6)
    for check in failed:
        yield page.wrapped(
            "-", f"{check.profile} on {check.on}, {action_words(check.action)}: {_check_words(check)}", 12, 2
        )


def _check_words(check: Check) -> str:
    by = f", from {', '.join(check.norms)}" if check.norms else ""
    if check.witness:
        return f"{' or '.join(check.answers)}{by}; for instance {witness_words(check.witness)}; {check.solved}"
    if check.situations is None:
        return check.refused
    return f"{' or '.join(check.answers)}{by} in {check.situations.number:,} of {check.covers:,}; for instance {_example(check.situations)}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_FEW]) + (f" and {len(listed) - _FEW} more" if len(listed) > _FEW else "")
