"""Answering past requests and summing up by year: each distinct question is answered once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from brightline.law.answering import Answer, answer_situation
from brightline.law.errors import BrightlineError
from brightline.law.library import Law
from brightline.law.situation import situation
from brightline.replay.requests import PastRequest

__all__ = ["ACTIONS", "Tally", "answers_of", "replay"]

# What a detainer asks of a jail: the facts that every row shares. The moment asked about is the release.
_COMMON = {
    "actor_role": "jail_staff",
    "requester": "ice_ero",
    "instrument_signed_by": "immigration_officer",
    "instrument_nature": "civil_immigration",
    "accompanying_instrument": "none",
    "purpose": "civil_immigration",
    "custody_state": "jail",
    "release_due": True,
}
_JAIL = {"agency_type": "sheriff_office", "government_level": "county", "agency_operates_jail": True}
ACTIONS = ("hold_beyond_release", "notify_release", "transfer_custody")


@dataclass
class Tally:
    """How many requests got which answer: `counts[(year, action, modality)]`, years as numbers.

    `contested` and `unverified` count answers by action; `examples` keeps one answer of each action and modality.
    """

    requests: Counter[int] = field(default_factory=Counter)
    counts: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    contested: Counter[str] = field(default_factory=Counter)
    unverified: Counter[str] = field(default_factory=Counter)
    examples: dict[tuple[str, str], Answer] = field(default_factory=dict)
    before_the_law: int = 0

    @property
    def total(self) -> int:
        """All requests read."""
        return sum(self.requests.values())


def replay(
    law: Law, profile: str, requests: Iterable[PastRequest], *, on: date | None = None, actions: Sequence[str] = ACTIONS
) -> Tally:
    """The tally of past requests under a profile, each on its own date, or all on one.

    Raises: BrightlineError `unknown-profile`.
    """
    tally = Tally()
    law.profile(profile)
    known: dict[tuple[date, str], tuple[Answer, ...]] = {}
    for request in requests:
        tally.requests[request.on.year] += 1
        key = (law.epoch(profile, on or request.on), request.instrument)
        if key not in known:
            known[key] = answers_of(law, profile, request, on or request.on, actions)
        tally.before_the_law += not known[key]
        for one in known[key]:
            _add(tally, request.on.year, one)
    return tally


def answers_of(
    law: Law,
    profile: str,
    request: PastRequest,
    on: date,
    actions: Sequence[str] = ACTIONS,
    readings: Mapping[str, str] | None = None,
) -> tuple[Answer, ...]:
    """The answers to one past request under the law of a day; none where no law is in force yet."""
    standing = law.vocabulary.standing_facts(profile, on)
    facts = {**_JAIL, **standing, **_COMMON, "instrument": request.instrument, "request_kind": _asks(request)}
    try:
        return answer_situation(situation(law, profile, facts, on=on, readings=readings), actions).answers
    except BrightlineError as error:
        if error.code == "too-early":
            return ()
        raise


def _asks(request: PastRequest) -> str:
    return "release_notice" if request.instrument == "notification_request" else "hold"


def _add(tally: Tally, year: int, one: Answer) -> None:
    tally.counts[year, one.action, one.modality] += 1
    tally.contested[one.action] += "contested" in one.marks
    tally.unverified[one.action] += "unverified" in one.marks
    tally.examples.setdefault((one.action, one.modality), one)
