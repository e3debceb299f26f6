"""What columns are called and what their words mean, as `suggest.yaml` lists it; and which columns tell of a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from brightline.replay.maps.sample import SampledColumn

__all__ = ["SuggestWords", "fits", "read_words"]

FILE = Path(__file__).with_name("suggest.yaml")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_LONG = 6  # letters: shorter words are looked for as words only, never inside another


@dataclass(frozen=True)
class SuggestWords:
    """The lists of `suggest.yaml`, with the questions that are asked of them."""

    short: Mapping[str, str]
    roles: Mapping[str, Sequence[str]]
    facts: Mapping[str, Mapping[str, Any]]
    formats: Mapping[str, Sequence[str]]
    detainers: Mapping[str, object]
    status: Mapping[str, Sequence[str]]
    identity: Mapping[str, Sequence[str]]
    countries: frozenset[str]
    tell_apart: Mapping[str, Mapping[str, Any]]

    def words_of(self, name: str) -> tuple[str, ...]:
        """A column's name as words: small letters, short forms written out, words that add nothing left out."""
        parts = [part.lower() for part in _PARTS.findall(name)]
        written = [self.short.get(part, part) for part in parts]
        return tuple(word for word in written if word) or tuple(parts)

    def tells_of_status(self, column: SampledColumn, is_recognised: bool = False) -> str:
        """Why a column is taken to be or to reveal status, or nothing. A recognised name is not judged by single words."""
        if self._named(column.name, self.status["names"]):
            return "its name says that it tells of status, origin or an immigration case"
        words = [word for word, _ in column.words]
        lands = sum(_plain(word) in self.countries for word in words)
        if lands >= 2 and lands * 3 >= len(words):
            return "its words are names of countries"
        if not is_recognised and any(self._tells(word) for word in words):
            return "some of its words tell of status or of an immigration case"
        return ""

    def is_status_word(self, word: str) -> bool:
        """Whether a single word of a column tells of status, citizenship or origin."""
        return self._tells(word) or _plain(word) in self.countries

    def _tells(self, word: str) -> bool:
        return any(fits(pattern, word) for pattern in self.status["words"])

    def is_the_file_of(self, name: str, columns: Sequence[SampledColumn]) -> bool:
        """Whether a file can be the one that a shipped map is for, where only the words of one column tell."""
        if name not in self.tell_apart:
            return True
        told = self.tell_apart[name]
        column = next((c for c in columns if c.name == told["column"]), None)
        if column is None:
            return not told.get("needed")
        return all(any(fits(word, found) for word in told["words"]) for found, _ in column.words)

    def tells_who(self, column: SampledColumn) -> bool:
        """Whether a column's name says that it identifies or describes a person."""
        words = " ".join(self.words_of(column.name))
        return words not in self.identity["but"] and self._named(column.name, self.identity["names"], squeezed=False)

    def _named(self, name: str, phrases: Iterable[str], squeezed: bool = True) -> bool:
        raw, written = " ".join(part.lower() for part in _PARTS.findall(name)), " ".join(self.words_of(name))
        glued = re.sub(r"[^a-z]", "", name.lower())
        return any(
            f" {phrase} " in f" {raw} "
            or f" {phrase} " in f" {written} "
            or (squeezed and len(flat := phrase.replace(" ", "")) >= _LONG and flat in glued)
            for phrase in phrases
        )

    def place_in(self, name: str, phrases: Sequence[str]) -> tuple[int, bool] | None:
        """Where a column's name stands in a list of names, and whether it is the whole name; None if nowhere."""
        words = " ".join(self.words_of(name))
        written = [" ".join(self.words_of(phrase)) for phrase in phrases]
        if words in written:
            return written.index(words), True
        inside = [i for i, phrase in enumerate(written) if " " in phrase and f" {phrase} " in f" {words} "]
        return (len(phrases) + inside[0], False) if inside else None

    def format_of(self, column: SampledColumn, kind: str) -> str | None:
        """How the days or times of a text column are written; empty for ISO 8601, None if they are not of this kind."""
        words = [word for word, _ in column.words]
        return next((f for f in self.formats[kind] if words and all(_reads(word, f, kind) for word in words)), None)


def fits(pattern: str, word: str) -> bool:
    """Whether a word is one that a pattern means: whole, without regard to capitals; `*` at an end stands for anything."""
    wanted, found = pattern.strip().casefold(), word.strip().casefold()
    inner = wanted.strip("*")
    if wanted.startswith("*") and wanted.endswith("*") and inner:
        return inner in found
    if wanted.endswith("*"):
        return found.startswith(inner)
    return found.endswith(inner) if wanted.startswith("*") else found == wanted


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]+", " ", word.lower()).strip()


def _reads(word: str, written: str, kind: str) -> bool:
    try:
        if not written:
            return (
                bool(_ISO.match(word)) and (len(word) == 10) == (kind == "date") and bool(datetime.fromisoformat(word))
            )
        return bool(datetime.strptime(word, written))  # noqa: DTZ007 - only whether it can be read is asked
    except ValueError:
        return False


@cache
def read_words(path: Path = FILE) -> SuggestWords:
    """The lists that ship with Brightline."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    raw["countries"] = frozenset(_plain(name) for name in raw["countries"])
    return SuggestWords(**raw)
