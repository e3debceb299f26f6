"""What every match of a pattern must hold: short fixed words, of which the rarest is what the engines look for.

A word is written in ASCII without regard to case; `EDGE` stands for an edge of a word, a blank for one to three
blanks, and a letter of which the case matters is moved by `CASED`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from brightline.guard.edges import width
from brightline.guard.patterns import BLANK, Alt, Edge, Group, Node, Rep, Seq, Sign

__all__ = ["CASED", "EDGE", "Factor", "factors", "forget", "rarity", "shortened", "whole"]

EDGE = "\x01"
CASED = 0x100
_EACH = 1e-6  # what one more word to look for costs, as a share of the places in a text
_HEAD = 9  # characters of a word that tell enough
_MOST = 256  # words that a product of two lists may have
_LISTED = 2_000  # words that one list may have
_FEW = 4  # signs that a class may have and be written out
# Words that stand in ordinary text that often: a share of its places. Others by their length.
_FREQUENT = """
3e-2 a i s t e
5e-3 the of and to in is was for on he that his with at as it by she her de la que el en y los
2e-3 from be had this are not have him an or they said no one has who were been will but se un una su por
2e-3 con del las lo al
8e-4 name date state number they their there told asked stated would about out when which all two after
8e-4 because time person called call work home did them she's he's city county police officer report case
8e-4 school
4e-4 gave man build version about leave witness through ran message notified walked described information
4e-4 card process protection see between them returned cleared test file class list use using number type
4e-4 data code issue model read set order check help line project package support
3e-4 left sent out home card cards student request shelter station signed returned turned papers paper
3e-4 status legal court judge copy green parked gave off took take held hold lost last first new old day
3e-4 days week year years came come go going get got took form unit door car work worker visa immigration
3e-4 letter record records phone mother father brother sister husband wife son daughter family hearing
3e-4 order
"""
_COMMON = {word: float(line.split()[0]) for line in _FREQUENT.splitlines() for word in line.split()[1:]}
_BY_LENGTH = (1.0, 2e-2, 2e-3, 2e-4, 3e-5, 1e-5, 5e-6, 3e-6, 2e-6)


@dataclass(frozen=True, slots=True)
class Factor:
    """Words of which one must be in every match; a match begins so many characters before the end of the word."""

    words: frozenset[str]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a part: all it can be, if these are few words, or the factors in it."""

    words: frozenset[str] | None
    factors: tuple[Factor, ...] = ()


_NOTHING = frozenset({""})


def factors(node: Node) -> tuple[Factor, ...]:
    """Every list of words of which one must be in a match, rarest first."""
    known = _known(node)
    found = known.factors + (_as_factor(known.words) if known.words is not None else ())
    return tuple(sorted(found, key=_worth))


def shortened(factor: Factor) -> Factor:
    """The same by the beginnings of its words, which many patterns share: fewer to look for, and no less to find."""
    heads = {word[: _HEAD + word.startswith(EDGE)] for word in factor.words}
    found = {word: next(word[:at] for at in range(1, len(word) + 1) if word[:at] in heads) for word in factor.words}
    # How much nearer to the beginning of the match a head ends than its word did: at least, and at most.
    nearer = [max(0, size(word)[0] - size(head)[1]) for word, head in found.items()]
    at_most = max(size(word)[1] - size(head)[0] for word, head in found.items())
    kept = frozenset(found.values())
    least = max(min(size(head)[0] for head in kept), factor.least - at_most)
    return Factor(kept, least, factor.most - min(nearer))


def whole(node: Node) -> frozenset[str] | None:
    """All words that a pattern can be, if these are few and it is nothing else."""
    return _known(node).words


def _worth(factor: Factor) -> float:
    """What is looked for rather, the less the better: rare words, and few of them."""
    return rarity(factor) + _EACH * len(factor.words)


def forget() -> None:
    """Forgets what was worked out, once all patterns of some packs are read."""
    _KEPT.clear()


def rarity(factor: Factor) -> float:
    """How often the words of a factor stand in ordinary text, roughly: a share of the places in it."""
    return sum(map(_often, factor.words))


@functools.lru_cache(maxsize=50_000)
def _often(word: str) -> float:
    share = 1.0
    for piece in word.split(" "):
        plain = "".join(chr(ord(c) - CASED) if ord(c) >= CASED else c for c in piece if c != EDGE).lower()
        one = _COMMON.get(plain) or _BY_LENGTH[min(len(plain), len(_BY_LENGTH) - 1)]
        is_cased = any(ord(c) >= CASED for c in piece)
        is_word = EDGE in piece or " " in word or len(plain) > 5
        share *= one * (0.1 if is_cased else 1) * (1 if is_word or not plain else 20)
    return share


def size(word: str) -> tuple[int, int]:
    """The fewest and the most characters that a word takes up."""
    plain = word.replace(EDGE, "")
    return len(plain), len(plain) + 2 * plain.count(" ")


def _as_factor(words: frozenset[str]) -> tuple[Factor, ...]:
    if not words or any(len(word.replace(EDGE, "").strip()) < 1 for word in words):
        return ()
    sizes = [size(word) for word in words]
    return (Factor(words, min(low for low, _ in sizes), max(high for _, high in sizes)),)


def _known(node: Node) -> _Known:
    """What is known of a part, worked out once: the words of a name stand in many patterns."""
    kept = _KEPT.get(id(node))
    if kept is None:
        # The part itself is kept with it, so that no other can come to stand at its place in memory.
        kept = _KEPT[id(node)] = (node, _worked_out(node))
    return kept[1]


_KEPT: dict[int, tuple[Node, _Known]] = {}


def _worked_out(node: Node) -> _Known:
    match node:
        case Sign(codes):
            return _Known(_letters(codes))
        case Edge(kind):
            return _Known(frozenset({EDGE}) if kind == "\\b" else None)
        case Group(part):
            return _known(part)
        case Rep():
            return _repeated(node)
        case Alt(parts):
            return _either([_known(part) for part in parts])
        case Seq(parts):
            return _after(parts)


def _letters(codes: frozenset[int]) -> frozenset[str] | None:
    if codes & BLANK:
        codes = (codes - BLANK) | {32}
    letters = frozenset(_letter(code, codes) for code in codes) if len(codes) <= 2 * _FEW else None
    return letters if letters and len(letters) <= _FEW else None


def _letter(code: int, codes: frozenset[int]) -> str:
    sign = chr(code)
    if sign.isalpha() and ord(sign.swapcase()) not in codes:
        return chr(code + CASED)
    return sign.lower()


def _repeated(node: Rep) -> _Known:
    if node.part == Sign(BLANK) and (node.least, node.most) == (1, 3):
        return _Known(frozenset({" "}))
    inner = _known(node.part)
    if node.most == 1 and inner.words is not None:
        return _Known(inner.words | (_NOTHING if not node.least else frozenset()))
    if not node.least:
        return _Known(None)
    if node.least == node.most and node.least <= 3 and inner.words is not None and len(inner.words) == 1:
        return _Known(frozenset(word * node.least for word in inner.words))
    found = inner.factors + (_as_factor(inner.words) if inner.words is not None else ())
    # The first round holds it: the match begins as before it.
    return _Known(None, found)


def _either(parts: Sequence[_Known]) -> _Known:
    """One of several: all their words, or the rarest factor of each together."""
    words = frozenset[str]().union(*(part.words for part in parts if part.words is not None))
    if all(part.words is not None for part in parts) and len(words) <= _LISTED:
        return _Known(words)
    best: list[Factor] = []
    for part in parts:
        found = part.factors + (_as_factor(part.words) if part.words is not None else ())
        if not found:
            return _Known(None)
        best.append(min(found, key=_worth))
    united = frozenset[str]().union(*(factor.words for factor in best))
    if len(united) > _LISTED:
        return _Known(None)
    return _Known(None, (Factor(united, min(f.least for f in best), max(f.most for f in best)),))


def _after(parts: Sequence[Node]) -> _Known:
    """One after the other: words grow while they are few; where they end, they are a factor at their place."""
    found: list[Factor] = []
    words, low, high, is_whole = _NOTHING, 0, 0, True  # the words that end here, and where they may begin
    at_low = at_high = 0
    for part in parts:
        known = _known(part)
        product = _product(words, known.words)
        least, most = width(part)
        if product is None:
            found += _moved(_as_factor(words), low, high) + _moved(known.factors, at_low, at_high)
            is_whole, beyond = False, known.words is None
            words = _NOTHING if known.words is None else _behind(words, known.words)
            low, high = (at_low + least, at_high + most) if beyond else (at_low, at_high)
        else:
            words = product
        at_low, at_high = at_low + least, at_high + most
    return _Known(words) if is_whole else _Known(None, (*found, *_moved(_as_factor(words), low, high)))


def _tidy(word: str) -> str:
    """A word with each run of blanks or edges as one, and no edge beside a blank, where it says nothing."""
    if "  " in word or EDGE in word:
        word = word.replace("  ", " ").replace(EDGE + EDGE, EDGE)
        word = word.replace(f" {EDGE}", " ").replace(f"{EDGE} ", " ")
    return word


def _behind(before: frozenset[str], words: frozenset[str]) -> frozenset[str]:
    """Words that stand behind others: where a blank or sign comes before them, they begin at the edge of a word."""
    if before == _NOTHING or any(not word or _is_letter(word[-1]) or word[-1] == EDGE for word in before):
        return words
    return frozenset(EDGE + word if word and _is_letter(word[0]) else word for word in words)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or ord(sign) >= CASED


def _product(words: frozenset[str], more: frozenset[str] | None) -> frozenset[str] | None:
    if more is None:
        return None
    if (min(len(words), len(more)) > 1 and len(words) * len(more) > _MOST) or max(len(words), len(more)) > _LISTED:
        return None
    return frozenset(_tidy(one + other) for one in words for other in more)


def _moved(found: Iterable[Factor], low: int, high: int) -> list[Factor]:
    """Factors that stand so many characters behind the beginning of the match."""
    return [replace(f, least=f.least + low, most=f.most + high) for f in found]
