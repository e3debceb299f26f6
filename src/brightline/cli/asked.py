"""What a replay asks, from its options: whose law, of which day, with which bills and readings, and against which other."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from brightline import __version__
from brightline.cli.request import read_date
from brightline.cli.sides import _HELP, _said, read_readings
from brightline.law.billfile import find_bill
from brightline.law.corpusfiles import CORPUS
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.overlay import apply_bills
from brightline.law.versions import with_version
from brightline.replay.answers.asking import Asked
from brightline.replay.files.sources import Source
from brightline.replay.maps.factmap import FactMap, MappedColumn
from brightline.replay.maps.mapcheck import check_kept

__all__ = ["overlaid", "read_asked", "read_versus", "settings_of"]


def overlaid(law: Law, args: argparse.Namespace) -> Law:
    """The law with the bills of `--overlay`. Raises: BrightlineError as bills do."""
    root = args.corpus or CORPUS
    bills = [find_bill(root, word, law) for word in dict.fromkeys(args.overlay)]
    return apply_bills(law, bills) if bills else law


def read_asked(
    law: Law, mapped: FactMap, sources: Sequence[Source] | None, args: argparse.Namespace
) -> tuple[Asked, FactMap]:
    """What is asked, and the map with the columns that the options name for the profile and the day.

    Without `sources` nobody has looked at the columns: a word that is no profile and no date is one.

    Raises: BrightlineError `unknown-profile`, `date`, `unknown-action`, `unknown-reading`, `replay-asked`.
    """
    words = [word for word in (args.profile, args.on) if word]
    if sources is None:
        there = {word for word in words if "/" not in word and not word[:1].isdigit()}
    else:
        there = {name for source in sources for name in source.fields()} | set(mapped.columns)
    mapped, profile = _profile(law, mapped, args.profile, there)
    mapped, on = _day(mapped, args.on, there)
    actions = tuple(dict.fromkeys(args.action or mapped.actions))
    if not actions:
        raise _nothing("action", "name one with --action, or write `actions` in the map")
    for action in actions:
        if action not in law.vocabulary.actions:
            advice = near_misses(action, law.vocabulary.actions, "see docs/reference/vocabulary.md")
            raise BrightlineError("unknown-action", f"unknown action {shown(action)}", advice, "--action")
    readings = read_readings(law, args.reading, "--reading")
    return Asked(law, profile, on, actions, readings, args.strict, _label(law, mapped, profile, on)), mapped


def _nothing(what: str, help: str) -> BrightlineError:
    return BrightlineError("replay-asked", f"nothing says which {what} is asked about", help, "replay")


def _profile(law: Law, mapped: FactMap, word: str | None, there: set[str]) -> tuple[FactMap, str]:
    if word is None:
        if not (mapped.profile or mapped.profile_column):
            raise _nothing("profile", "name one with --profile, or its column")
        return mapped, mapped.profile
    if word in law.vocabulary.profiles or word not in there:
        return mapped, law.profile(word).id
    check_kept(mapped, [word], "--profile")
    recode = mapped.profile_recode if mapped.profile_column == word else None
    return replace(mapped, profile_column=word, profile_recode=recode), ""


def _day(mapped: FactMap, word: str | None, there: set[str]) -> tuple[FactMap, date | None]:
    if word is None:
        if not mapped.date:
            raise _nothing("day", "name a date with --on, or the column that holds it")
        return mapped, None
    if word not in there or word[:1].isdigit():
        return mapped, read_date(word)
    check_kept(mapped, [word], "--on")
    column = mapped.column(word)
    if column.type not in ("date", "time"):
        column = MappedColumn(word, column.sources, "date", where="--on")
    return replace(mapped, date=word, columns={**mapped.columns, word: column}), None


def _label(law: Law, mapped: FactMap, profile: str, on: object) -> str:
    whose = law.profile(profile).name if profile else f"the profile in {shown(mapped.profile_column)}"
    when = f"the law of {on}" if on else "the law of each one's own day"
    return f"{whose}, {when}"


def read_versus(asked: Asked, mapped: FactMap, word: str, args: argparse.Namespace) -> Asked:
    """The other law: a date, a profile, PROFILE@DATE, AUTHORITY@VERSION, a reading NAME=VALUE, or bill:NAME.

    Raises: BrightlineError `side`, and as reading a side does.
    """
    said = _said(asked.law, word, args)
    law, profile = asked.law, said.profile or asked.profile
    if said.profile:
        law.profile(profile)
    on = read_date(said.on) if said.on else asked.on
    if said.authority:
        if not profile:
            raise BrightlineError("side", f"{shown(word)} names no profile", f"add --profile, or {_HELP}", "--versus")
        law = with_version(law, said.authority, said.version, profile)
    if said.bill:
        law = apply_bills(law, [said.bill])
    label = _label(law, mapped, profile, on) + (
        f", with {word}" if said.bill or said.authority or said.readings else ""
    )
    readings = {**asked.readings, **(said.readings or {})}
    return replace(asked, law=law, profile=profile, on=on, readings=readings, label=label)


def settings_of(mapped: FactMap, law: Law, args: argparse.Namespace, names: Iterable[str]) -> str:
    """What tells one replay of an input from another: a hash over the map, the law and the options."""
    options = {name: str(getattr(args, name)) for name in names}
    files = [
        Path(word.removeprefix("bill:"))
        for word in (*args.overlay, args.versus or "")
        if word.endswith((".yaml", ".yml"))
    ]
    bills = [file.read_bytes() for file in files if file.is_file()]
    told = (__version__, law.fingerprint, repr(replace(mapped, secret=frozenset())), sorted(options.items()), bills)
    return hashlib.sha256(repr(told).encode()).hexdigest()
