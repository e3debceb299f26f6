"""One version of an authority put in force in place of the others, and the check that no two are in force at once."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.norms import Authority, InForce
from brightline.law.vocabulary import prefixes

__all__ = ["check_one_version", "versions_of", "with_version"]


def versions_of(law: Law, name: str) -> tuple[Authority, ...]:
    """Every version of an authority, the oldest first; empty if there is no such authority."""
    found = [a for a in law.authorities.get(name.rpartition("/")[0], ()) if a.id == name]
    return tuple(sorted(found, key=lambda a: a.in_force.start))


def with_version(law: Law, name: str, version: str, profile: str) -> Law:
    """The law with one version of an authority in force on every day, and no other of its versions.

    A norm with dates of its own keeps them.

    Raises: BrightlineError `unknown-authority`, `unknown-version`, `authority-elsewhere`.
    """
    chosen = _chosen(law, name, version, profile)
    _check_binds(chosen, profile)
    others = tuple(a for a in law.authorities[chosen.path] if a.id != name)
    folder = {chosen.path: (*others, _always(chosen))}
    # A chain, so that the folders of a cached law that are not touched stay undecoded.
    return Law(law.vocabulary, ChainMap(folder, law.authorities), law.calendars, law.fingerprint)  # type: ignore[arg-type]


def _chosen(law: Law, name: str, version: str, profile: str) -> Authority:
    known = versions_of(law, name)
    if not known:
        there = [a.id for folder in prefixes(profile) for a in law.authorities.get(folder, ())]
        advice = near_misses(name, there, "run `brightline law show PROFILE` for the list")
        raise BrightlineError("unknown-authority", f"unknown authority {shown(name)}", advice, "BEFORE AFTER")
    found = [a for a in known if a.version == version]
    if not found:
        raise BrightlineError(
            "unknown-version",
            f"{shown(name)} has no version {shown(version)}"
            if version
            else f"{shown(name)} is named without a version",
            _near(name, version, known),
            "BEFORE AFTER",
        )
    return found[0]


def _near(name: str, version: str, known: Sequence[Authority]) -> str:
    """The versions that may be meant, as they are to be written."""
    advice = near_misses(version, [a.version for a in known]) if version else ""
    return advice or "write one of " + ", ".join(f"`{name}@{a.version}`" for a in known)


def _check_binds(authority: Authority, profile: str) -> None:
    if authority.path not in prefixes(profile):
        raise BrightlineError(
            "authority-elsewhere",
            f"{shown(authority.id)} does not bind {shown(profile)}",
            f"it binds profiles in and below `{authority.path}`; name one of them with --profile",
            "BEFORE AFTER",
        )


def _always(authority: Authority) -> Authority:
    """A version in force on every day, with those of its norms that have no dates of their own."""
    own, always = authority.in_force, InForce(date.min)
    norms = [
        replace(
            norm,
            in_force=InForce(
                always.start if norm.in_force.start == own.start else norm.in_force.start,
                always.to if norm.in_force.to == own.to else norm.in_force.to,
            ),
        )
        for norm in authority.norms
    ]
    return replace(authority, in_force=always, norms=tuple(norms))


def check_one_version(law: Law, profile: str, on: date) -> None:
    """No authority is in force for a profile in two versions on a date.

    Raises: BrightlineError `overlap`; `unknown-profile` and `too-early` as `Law.stack` does.
    """
    seen: dict[str, Authority] = {}
    for authority in law.stack(profile, on).authorities:
        other = seen.setdefault(authority.id, authority)
        if other is not authority:
            raise BrightlineError(
                "overlap",
                f"the versions @{other.version} and @{authority.version} of `{authority.id}` are both in force on {on}",
                "end the earlier one with `in_force: {from: ..., to: ...}`, `to` being its last day",
                f"{authority.file}:1",
            )
