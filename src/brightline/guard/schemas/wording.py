"""Words in one form: identifiers are split, sentences are cut, accents and capitals go."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

__all__ = ["fold", "name_words", "segmented", "sentences"]

_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|#")
_FILE_NUMBER = re.compile(r"\bA(?:[-‐–]\s?|\s?(?=#))(?:#|[Nn](?:umber|o|um|br)s?\b|[Ff]ile\b)|\bA Number\b")
_STATES = re.compile(r"\bE\.?\s?E\.?\s?U\.?\s?U\b\.?")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_ORDINAL = re.compile(r"\b([Nn]o|[Aa]rt|[Ss]ec|[Ss]tat|[Dd]ept|[Cc]t)\.\s")
_END = re.compile(r"[.?!;\n]+(?=\s|$)|\n|[¿¡]")
_LONGEST = 4000
# Forms and visa classes are one word however they are written: I-94, i_94, H-1B.
_FORM = re.compile(
    r"\b(?:(i) (9|20|94a?|130|131|200|205|247a?|360|485|539|551|589|751|765|766|797[a-f]?|821d?|862|864|914 ?[ab]?|918 ?[ab]?|688b)"
    r"|(h) (1 ?b|2 ?a|2 ?b|4)|([fjlbokp]) ([12])|(ds) (11|160|260|2019)|(287) (g)|(n) (400|550|560|565)|(w) (7|9)|(e) (2|3))\b"
)
_SQUEEZED = re.compile(r"\b(i)(94|551|797|766|20|9)(?=[a-z])")


def fold(text: str) -> str:
    """Small letters without accents."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parted if not unicodedata.combining(c)).lower()


def _joined(words: str) -> str:
    return _FORM.sub(lambda found: found[0].replace(" ", ""), words)


@lru_cache(maxsize=20_000)
def name_words(name: str) -> str:
    """The words of an identifier, parted by blanks: `isUSCitizen` is `is us citizen`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name[:200]) if not unicodedata.combining(c))
    local = plain.rpartition(":")[2] or plain
    pieces = [piece.lower() if piece != "#" else "number" for piece in _PIECE.findall(local)]
    return _joined(" ".join(pieces))


def sentences(text: str) -> list[str]:
    """The sentences of a text, in small letters, words parted by single blanks. Empty for an empty text."""
    marked = _FILE_NUMBER.sub(" anumber ", text[:_LONGEST])
    marked = _STATES.sub("eeuu", marked)
    marked = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", marked)
    marked = _ORDINAL.sub(r"\1 ", marked).replace("'", "").replace("’", "")
    found = (re.sub(r"[^a-z0-9#]+", " ", fold(part)).replace("#", " number ") for part in _END.split(marked))
    return [_joined(" ".join(part.split())) for part in found if part.strip()]


def segmented(words: str, known: Collection[str]) -> str:
    """The same words, with run-together ones parted where every part is known: `placeofbirth`, `citzcd`."""
    return _joined(" ".join(_parted(word, known) for word in words.split()))


def _parted(word: str, known: Collection[str]) -> str:
    if len(word) < 5 or word in known or len(word) > 40:
        return word
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 16), end):
            before = best[start]
            if before is not None and word[start:end] in known:
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = (*before, word[start:end])
    found = best[-1]
    return " ".join(found) if found and max(map(len, found)) >= 3 else word
