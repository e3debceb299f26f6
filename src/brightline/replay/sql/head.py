"""The head of a query: which law it answers under, so that whoever finds it knows what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brightline.law.errors import shown
from brightline.replay.answers.asking import Asked
from brightline.replay.maps.factmap import FactMap
from brightline.replay.sql.regimes import Regime

__all__ = ["head"]


def head(asked: Asked, mapped: FactMap, dialect: str, laws: Sequence[Regime]) -> str:
    """Lines of comment: profile, day, actions, readings, the law's fingerprint, the map, and what the columns mean."""
    return "".join(f"-- {_line(line)}\n" for line in _lines(asked, mapped, dialect, laws))


def _line(text: str) -> str:
    """One line of a comment, whatever its text holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _lines(asked: Asked, mapped: FactMap, dialect: str, laws: Sequence[Regime]) -> Iterator[str]:
    yield f"Brightline: the answers to every row, in the dialect {dialect}."
    yield f"Law: {f'of the corpus {asked.law.fingerprint[:16]}' if asked.law.fingerprint else 'of a corpus without a fingerprint'}."
    yield f"Profile: {asked.profile or f'as the column {shown(mapped.profile_column)} says'}."
    yield f"Day: {asked.on.isoformat() if asked.on else f'as the column {shown(mapped.date)} says'}; {len(laws)} version{'s' if len(laws) != 1 else ''} of the law."
    yield f"Actions: {', '.join(asked.actions)}."
    if asked.readings:
        yield f"Readings: {', '.join(f'{name} = {value}' for name, value in sorted(asked.readings.items()))}."
    yield "What is usually so is presumed." if not asked.strict else "Nothing is presumed."
    yield f"Map: {shown(mapped.name)}. {mapped.about}"
    yield "For each action: the modality; the marks; the norm named first. NULL in all three where `rejected` says why."
    yield "Not legal advice: `unsettled` means call counsel, `open` that a fact is missing which matters."
