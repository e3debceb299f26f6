"""A pattern made ready: as Python reads it, and the words by which the engines find where it may be."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brightline.guard.edges import bordered, edged, starts_open, width
from brightline.guard.factors import CASED, EDGE, Factor, factors, rarity, shortened, whole
from brightline.guard.patterns import BLANK, DIGIT, WORD, Alt, Edge, Group, Node, PatternError, Rep, Seq, Sign, parse

__all__ = ["MOST", "Pattern", "finder", "joined", "made", "swift"]

MOST = 400  # characters that one match may have
_MEMORY = 1 << 26
_FREQUENT = 2e-3  # a word of every match that is more frequent than this tells little: the pattern itself is looked for
_LARGE = 1_500
_HELPFUL = 24  # words that a further list may have
_SAFE = frozenset(b"_-,:;@%&~#/'\"<>=! ")
_SHORT = {BLANK: "\\s", DIGIT: "\\d", WORD: "\\w"}
_DEEPEST = 200  # groups of one pattern


@dataclass(frozen=True, slots=True)
class Pattern:
    """`exact` decides. A match has at most `most` characters.

    One of the `triggers`, expressions without regard to case, is in every match, which begins `nearest` to `farthest`
    characters before its end. Of each list of `others` one is in the match, in small letters. `is_whole` tells that
    the triggers are all that the pattern is.
    """

    exact: str
    most: int
    triggers: tuple[str, ...]
    nearest: int
    farthest: int
    others: tuple[tuple[bytes, ...], ...]
    is_whole: bool

    @property
    def finder(self) -> re.Pattern[bytes]:
        """The exact pattern over folded text."""
        return finder(self.exact)


@functools.lru_cache(maxsize=20_000)
def finder(exact: str) -> re.Pattern[bytes]:
    """A pattern over folded text, as Python reads it."""
    return re.compile(exact.encode("ascii"), re.MULTILINE | re.IGNORECASE)


@functools.lru_cache(maxsize=20_000)
def swift(exact: str) -> re.Pattern[bytes]:
    """The same as RE2 reads it, which is ready sooner and linear on any text; as Python does where there is no RE2."""
    try:
        import re2
    except ImportError:
        return finder(exact)
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    options.encoding = re2.Options.Encoding.LATIN1
    found: re.Pattern[bytes] = re2.compile(f"(?im){exact}".encode("ascii"), options)
    return found


def made(text: str, words: Callable[[str, bool], Node], is_open: bool = False, triggers: bool = True) -> Pattern:
    """Reads one pattern. A pattern that starts a finding must be selective; a context need not.

    Raises: PatternError.
    """
    if text.count("(") > _DEEPEST:
        raise PatternError(f"the pattern has more than {_DEEPEST} groups", "write it as several patterns")
    made_so = _made(text, words, is_open, triggers)
    if made_so.exact.count("(?P<span>") > 1:
        raise PatternError("two groups are named `span`", "name the one that is the finding")
    return made_so


def _made(text: str, words: Callable[[str, bool], Node], is_open: bool, triggers: bool) -> Pattern:
    node = parse(text, words)
    least, most = width(node)
    if not least:
        raise PatternError("the pattern fits where nothing stands", "make one part of it required")
    if most > MOST:
        raise PatternError(f"a match could have {most} characters", f"bound the repeats: at most {MOST} in all")
    if triggers and (starts_open(node) or least < 2):
        raise PatternError(
            "the pattern would begin at any word", "begin with a telling word; put the rest into `needs`"
        )
    return _pattern(node if is_open else edged(node), least, most, triggers)


def joined(patterns: tuple[Pattern, ...]) -> str:
    """One pattern that fits where any of them does."""
    return "|".join(f"(?:{pattern.exact})" for pattern in patterns)


def _pattern(node: Node, least: int, most: int, triggers: bool) -> Pattern:
    found = factors(bordered(node))
    exact, loose = _text(node, False), _text(node, True)
    if not found or (rarity(found[0]) > _FREQUENT and len(loose) < _LARGE and whole(node) is None):
        return Pattern(exact, most, (loose,), least, most, (), False)
    is_whole = not triggers and whole(node) is not None
    best = found[0] if is_whole else shortened(found[0])
    expressions = tuple(sorted(map(_expression, best.words)))
    return Pattern(exact, most, expressions, best.least, best.most, _others(found[1:]), is_whole)


def _others(found: Sequence[Factor]) -> tuple[tuple[bytes, ...], ...]:
    lists = (tuple(sorted({_piece(word) for word in f.words})) for f in found if len(f.words) <= _HELPFUL)
    return tuple(pieces for pieces in lists if all(len(piece) > 1 for piece in pieces))


def _piece(word: str) -> bytes:
    """The longest stretch of a word without blanks, in small letters."""
    plain = "".join(chr(ord(c) - CASED) if ord(c) >= CASED else c for c in word if c != EDGE).lower()
    return max(plain.split(" "), key=len).encode("ascii")


def _expression(word: str) -> str:
    return "".join(map(_letter, word))


def _letter(sign: str) -> str:
    if sign == EDGE:
        return "\\b"
    return f"(?-i:{chr(ord(sign) - CASED)})" if ord(sign) >= CASED else _sign(ord(sign))


def _text(node: Node, loose: bool) -> str:
    match node:
        case Sign(codes):
            return _wide(codes | {32}) + "?" if loose and codes & BLANK else _wide(codes)
        case Edge(kind):
            return "" if loose and kind in "^$" else kind
        case Group(part):
            return f"(?:{_text(part, loose)})" if loose else f"(?P<span>{_text(part, loose)})"
        case Alt(parts):
            return "(?:" + "|".join(_text(part, loose) for part in parts) + ")"
        case Seq(parts):
            return "".join(_text(part, loose) for part in parts)
        case Rep():
            return _repeated(node, loose)


def _repeated(node: Rep, loose: bool) -> str:
    inner = _text(node.part, loose).removesuffix("?") if isinstance(node.part, Sign) else _text(node.part, loose)
    if not isinstance(node.part, Sign):
        inner = f"(?:{inner})"
    if loose and isinstance(node.part, Sign) and node.part.codes & BLANK:
        # The engines see a run of blanks as one.
        return f"{inner}{{0,{node.most}}}"
    times = {(0, 1): "?", (1, 1): ""}.get((node.least, node.most), f"{{{node.least},{node.most}}}")
    return f"{inner}{times}{'?' if node.lazy and times else ''}"


@functools.lru_cache(maxsize=4_000)
def _wide(codes: frozenset[int]) -> str:
    """A set where case is of no regard unless told to be."""
    both = {ord(chr(c).swapcase()) for c in codes} <= codes
    if len(codes) <= 2 and both and len({chr(c).lower() for c in codes}) == 1:
        return _sign(max(codes))
    found = _SHORT.get(codes) or _set(codes)
    return found if both else f"(?-i:{found})"


@functools.lru_cache(maxsize=4_000)
def _set(codes: frozenset[int]) -> str:
    if len(codes) == 1:
        return _sign(min(codes))
    if not codes:
        raise PatternError("a class holds no character", "add one")
    return "[" + "".join(_runs(sorted(codes))) + "]"


def _runs(codes: list[int]) -> list[str]:
    found, first = [], codes[0]
    for code, following in zip(codes, [*codes[1:], -1], strict=True):
        if following != code + 1:
            found.append(_hex(first) if first == code else f"{_hex(first)}-{_hex(code)}")
            first = following
    return found


def _hex(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{code:02x}"


def _sign(code: int) -> str:
    return chr(code) if chr(code).isalnum() or code in _SAFE else f"\\x{code:02x}"
