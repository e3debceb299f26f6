"""`brightline answer`: reading a request from the command line, and answering it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from brightline.law.answering import answer_situation
from brightline.law.answerjson import answers_to_json
from brightline.law.corpusfiles import load_law
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.situation import Situation, situation
from brightline.law.yamlfile import Table, load_text, load_yaml

__all__ = ["answer_command", "read_date", "read_facts", "read_request"]

_MAX_STDIN = 4_000_000


def answer_command(args: argparse.Namespace) -> int:
    """Answer one request and print it."""
    law = load_law(args.corpus)
    found = read_request(law, args)
    answers = answer_situation(found, args.action)
    if args.json:
        print(json.dumps(answers_to_json(answers), ensure_ascii=False, indent=2))
        return 0
    from brightline.cli.layout import Page

    print(Page.for_output().answers(law, found, answers))
    return 0


def read_request(law: Law, args: argparse.Namespace) -> Situation:
    """The situation that the options describe. Raises: BrightlineError."""
    law.profile(args.profile)
    arrived = _read_moment(law, args.profile, args.at) if args.at else None
    on = read_date(args.on) if args.on else arrived.date() if arrived else _today(law, args.profile)
    facts = read_facts(law, args.fact, args.facts)
    if arrived and "request_received_at" in law.vocabulary.facts:
        facts.setdefault("request_received_at", arrived)
    return situation(
        law, args.profile, facts, on=on, strict=args.strict, readings=dict(_pairs(args.reading, "--reading"))
    )


def _today(law: Law, profile: str) -> date:
    zone = law.vocabulary.time_zone(profile)
    return datetime.now(ZoneInfo(zone) if zone else None).date()


def read_date(text: str) -> date:
    """A calendar date. Raises: BrightlineError `date`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BrightlineError("date", f"{shown(text)} is not a date", "write it as 2026-01-16", "--on") from None


def _read_moment(law: Law, profile: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BrightlineError(
            "date", f"{shown(text)} is not a time", "write it as 2026-01-16T18:05:00-06:00", "--at"
        ) from None
    zone = law.vocabulary.time_zone(profile)
    if moment.tzinfo is None and zone:
        return moment.replace(tzinfo=ZoneInfo(zone))
    if moment.tzinfo is None:
        raise BrightlineError(
            "date", f"{shown(text)} has no UTC offset", "write it as 2026-01-16T18:05:00-06:00", "--at"
        )
    return moment


def _pairs(words: Iterable[str], option: str) -> Iterable[tuple[str, str]]:
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise BrightlineError("option", f"{shown(name)} has no value", f"write {option} NAME=VALUE", option)
        yield name.strip(), value.strip()


def read_facts(law: Law, words: Iterable[str], files: Iterable[str]) -> dict[str, Any]:
    """Facts from options and files. Raises: BrightlineError; a fact given twice must be given alike."""
    facts: dict[str, Any] = {}
    for source in files:
        for name, value in _facts_file(source).items():
            _put(facts, name, value)
    for name, value in _pairs(words, "--fact"):
        fact = law.vocabulary.facts.get(name)
        if fact is not None and fact.is_transient:
            print(
                f"note: `{name}` is transient; on a command line it stays in your shell's history. Use `--facts -` instead.",
                file=sys.stderr,
            )
        if fact is None:
            raise BrightlineError(
                "unknown-fact",
                f"unknown fact {shown(name)}",
                near_misses(name, law.vocabulary.facts, "see docs/reference/vocabulary.md"),
                "--fact",
            )
        _put(facts, name, value)
    return facts


def _put(facts: dict[str, Any], name: str, value: Any) -> None:
    if name in facts and str(facts[name]).lower() != str(value).lower():
        raise BrightlineError(
            "contradiction",
            f"the fact {shown(name)} is given twice, and differently",
            "keep the one that is true",
            "--fact",
        )
    facts[name] = value


def _facts_file(source: str) -> dict[str, Any]:
    if source == "-":
        text = sys.stdin.buffer.read(_MAX_STDIN + 1)
        if len(text) > _MAX_STDIN:
            raise BrightlineError(
                "too-large",
                "the facts on standard input are larger than 4 MB",
                "a request has a few dozen facts",
                "--facts",
            )
        try:
            content = load_text(text.decode("utf-8-sig"), "standard input")
        except UnicodeDecodeError:
            raise BrightlineError("yaml", "standard input is not UTF-8 text", "save it as UTF-8", "--facts") from None
    else:
        content = load_yaml(Path(source))
    if content is None:
        return {}
    if not isinstance(content, Table):
        raise BrightlineError(
            "facts-file",
            f"{shown(source)} is not a mapping of facts",
            "write `name: value` lines or a JSON object",
            "--facts",
        )
    inner = content.get("facts")
    return dict(inner if isinstance(inner, Table) else content)
