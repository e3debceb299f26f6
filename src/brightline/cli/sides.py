"""The two laws that a command sets beside each other, and readings chosen on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from brightline.cli.request import read_date
from brightline.law.bill import Bill
from brightline.law.billfile import find_bill
from brightline.law.comparison import Side
from brightline.law.corpusfiles import CORPUS
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.overlay import apply_bills, with_words
from brightline.law.versions import check_one_version, versions_of, with_version
from brightline.law.vocabulary import UNDECIDED

__all__ = ["read_readings", "read_sides"]

_HELP = "write a date, a profile, PROFILE@DATE, AUTHORITY@VERSION, a reading NAME=VALUE, or bill:NAME"
_WHERE = "BEFORE AFTER"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a word on the command line says of a side; what it leaves out the options say."""

    word: str
    profile: str = ""
    on: str = ""
    readings: Mapping[str, str] | None = None
    authority: str = ""
    version: str = ""
    bill: Bill | None = None


def read_sides(law: Law, args: argparse.Namespace) -> tuple[Side, Side]:
    """The sides that the words `before` and `after` name: dates, profiles, versions, readings or bills.

    Both have the words of every bill named, so that they are compared over the same facts.

    Raises: BrightlineError `side`, `unknown-profile`, `unknown-reading`, `date`, `unknown-authority`, `unknown-version`,
    `authority-elsewhere`, `overlap`, or as bills do.
    """
    said = [_said(law, word, args) for word in (args.before, args.after)]
    words = with_words(law.vocabulary, [one.bill for one in said if one.bill])
    base = Law(words, law.authorities, law.calendars, law.fingerprint)
    before, after = (_side(base, one, args) for one in said)
    return before, after


def _said(law: Law, word: str, args: argparse.Namespace) -> _Said:
    _, equals, _ = word.partition("=")
    if word.startswith("bill:"):
        return _Said(word, bill=find_bill(args.corpus or CORPUS, word.removeprefix("bill:"), law))
    if equals:
        return _Said(word, readings=read_readings(law, [word], _WHERE))
    if word[:1].isdigit():
        return _Said(word, on=word)
    path, _, day = word.partition("@")
    if path not in law.vocabulary.profiles and _is_authority(law, path):
        return _Said(word, authority=path, version=day)
    return _Said(word, profile=path, on=day)


def _is_authority(law: Law, path: str) -> bool:
    """Whether a path is meant as an authority: it is one, or is nearer to the name of one than to any profile."""
    if versions_of(law, path):
        return True
    authorities = {a.id for a in law.everything()}
    nearest = get_close_matches(path, [*law.vocabulary.profiles, *sorted(authorities)], n=1)
    return bool(nearest) and nearest[0] in authorities


def _side(law: Law, said: _Said, args: argparse.Namespace) -> Side:
    profile, day = said.profile or args.profile, said.on or args.on
    if not profile:
        advice = f"add --profile, or {_HELP}"
        raise BrightlineError("side", f"{shown(said.word)} names no profile", advice, _WHERE)
    law.profile(profile)
    on = read_date(day) if day else date.today()  # noqa: DTZ011 - the reader's own day
    label = f"{law.profile(profile).name} on {on}"
    if said.authority:
        law = with_version(law, said.authority, said.version, profile)
        title = versions_of(law, said.authority)[0].title
        label += f", with {title} @{said.version}"
    if said.bill:
        law = apply_bills(law, [said.bill])
        label += f", with {said.word.removeprefix('bill:')}"
    label += "".join(f", {name} read as {value}" for name, value in (said.readings or {}).items())
    check_one_version(law, profile, on)
    return Side.of(law, profile, on, said.readings, label)


def read_readings(law: Law, words: Iterable[str], where: str) -> dict[str, str]:
    """Readings given as NAME=VALUE. Raises: BrightlineError `option`, `unknown-reading`."""
    found = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals or not name:
            raise BrightlineError("option", f"{shown(word)} has no value", f"write {where} NAME=VALUE", where)
        reading = law.vocabulary.readings.get(name)
        if reading is None or value not in (*reading.values, UNDECIDED):
            known = law.vocabulary.readings if reading is None else (*reading.values, UNDECIDED)
            raise BrightlineError(
                "unknown-reading",
                f"unknown reading {shown(f'{name}={value}')}",
                near_misses(name if reading is None else value, known, "see docs/reference/vocabulary.md"),
                where,
            )
        found[name] = value
    return found
