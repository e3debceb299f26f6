r"""One pattern of a rule pack: the part of regular expressions that every engine reads alike.

Letters, `.`, classes, groups, `|`, bounded repeats, `^` and `$` at line edges, `\b`; no look-around and no
back-reference. A blank stands for one to three blanks or line breaks; `+` and `*` mean at most 30 times; `{name}`
is one of the words of that name. Accents are taken off as they are from the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from brightline.guard.fold import fold_pattern

__all__ = [
    "BLANK",
    "DIGIT",
    "MANY",
    "WORD",
    "Alt",
    "Edge",
    "Group",
    "Node",
    "PatternError",
    "Rep",
    "Seq",
    "Sign",
    "parse",
]

MANY = 30  # what `+` and `*` mean at most
_ALL = frozenset(range(128))
DIGIT = frozenset(b"0123456789")
WORD = frozenset(c for c in range(128) if chr(c).isalnum() or c == 95)
BLANK = frozenset(b" \t\n\r")
_CLASSES = {"d": DIGIT, "w": WORD, "s": BLANK, "D": _ALL - DIGIT, "W": _ALL - WORD, "S": _ALL - BLANK}
_CONTROLS = {"n": 10, "t": 9, "r": 13}
_TIMES = re.compile(r"\{(\d{1,3})?(,)?(\d{1,3})?\}")
_NAME = re.compile(r"\{([a-z][a-z0-9_-]*)\}")


class PatternError(Exception):
    """What is wrong with a pattern, and what to write in its place."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message, self.help = message, help


@dataclass(frozen=True, slots=True)
class Sign:
    """One character out of a set of ASCII codes."""

    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Edge:
    r"""A place without width: `\b`, `\B`, `^` or `$`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Seq:
    """Parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alt:
    """One of several, the first that fits."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rep:
    """A part repeated; `open` where the author set no bound."""

    part: Node
    least: int
    most: int
    lazy: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The part that is the span of the finding."""

    part: Node


Node = Sign | Edge | Seq | Alt | Rep | Group
BLANKS = Rep(Sign(BLANK), 1, 3)


def parse(text: str, words: Callable[[str, bool], Node]) -> Node:
    """The pattern as a tree; `words` gives the tree of a `{name}`, with or without regard to case.

    Raises: PatternError.
    """
    return _Reader(text, words).whole()


class _Reader:
    def __init__(self, text: str, words: Callable[[str, bool], Node]) -> None:
        self.text, self.words, self.at, self.cased = text, words, 0, False

    def whole(self) -> Node:
        node = self.alternatives()
        if self.at < len(self.text):
            raise PatternError("a `)` closes nothing", "write `\\)` for the sign itself")
        return node

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def alternatives(self) -> Node:
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Alt(tuple(parts))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.peek() not in "|)":
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Seq(tuple(parts))

    def repeated(self, node: Node) -> Node:
        mark = self.peek()
        if mark and mark in "?*+":
            self.at += 1
            least, most, open = (1 if mark == "+" else 0), (1 if mark == "?" else MANY), mark != "?"
        elif found := _TIMES.match(self.text, self.at):
            self.at = found.end()
            least, most, open = _bounds(found)
        else:
            return node
        if self.peek() and self.peek() in "+*{" and not _NAME.match(self.text, self.at):
            raise PatternError("two repeats follow each other", "keep one, or put the first in `(?:...)`")
        if open and not isinstance(node, Sign):
            raise PatternError("`+` or `*` after a group", "say how often: `(?:...){0,3}`")
        if isinstance(node, Edge):
            raise PatternError("a repeat after `\\b`, `^` or `$`", "remove the repeat")
        return Rep(node, least, most, self.take("?"), open)

    def atom(self) -> Node:
        sign = self.peek()
        if sign == "{" and (found := _NAME.match(self.text, self.at)):
            self.at = found.end()
            return self.words(found[1], self.cased)
        if sign in "{}":
            raise PatternError(f"a `{sign}` that is neither a name nor a repeat", "write `\\{` for the sign itself")
        if sign in "?*+":
            raise PatternError(f"nothing stands before `{sign}`", f"write `\\{sign}` for the sign itself")
        self.at += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return Sign(self.closed(self.cls()))
        if sign == "\\":
            return self.escape()
        if sign in "^$":
            return Edge(sign)
        if sign == " ":
            return BLANKS
        return Sign(_ALL - {10}) if sign == "." else self.letter(sign)

    def letter(self, sign: str) -> Node:
        plain = fold_pattern(sign)
        if not plain:
            raise PatternError(f"the sign U+{ord(sign):04X} has no plain letter", "write it with ASCII letters")
        return Sign(self.closed(frozenset({ord(plain)})))

    def closed(self, codes: frozenset[int]) -> frozenset[int]:
        """With the other case of each letter, unless capitals matter here."""
        return codes if self.cased else codes | {ord(chr(c).swapcase()) for c in codes}

    def group(self) -> Node:
        before, span = self.cased, False
        if self.take("?P<span>"):
            span = True
        elif self.take("?-i:"):
            self.cased = True
        elif self.take("?i:"):
            self.cased = False
        elif not self.take("?:") and self.peek() == "?":
            raise PatternError(
                f"the group `({self.text[self.at : self.at + 4]}` is outside the common subset",
                "use `(?:...)`, `(?-i:...)` or `(?P<span>...)`; put what must or must not stand near into a context",
            )
        node = self.alternatives()
        if not self.take(")"):
            raise PatternError("a `(` is not closed", "add the `)`, or write `\\(` for the sign itself")
        self.cased = before
        return Group(node) if span else node

    def escape(self) -> Node:
        sign = self.peek()
        self.at += 1
        if sign and sign in "bB":
            return Edge("\\" + sign)
        return Sign(self.closed(self.escaped(sign)))

    def escaped(self, sign: str) -> frozenset[int]:
        if sign in _CLASSES and sign:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return frozenset({_CONTROLS[sign]})
        if not sign or sign.isalnum() or not sign.isascii():
            raise PatternError(
                f"`\\{sign}` is outside the common subset", "known: \\b \\B \\d \\w \\s \\D \\W \\S \\n \\t"
            )
        return frozenset({ord(sign)})

    def cls(self) -> frozenset[int]:
        """The codes of a class; the `[` is taken. A blank in it stands for any blank."""
        negated, found, first = self.take("^"), set[int](), True
        while first or self.peek() != "]":
            if not self.peek():
                raise PatternError("a `[` is not closed", "add the `]`, or write `\\[` for the sign itself")
            codes, first = self.member(), False
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", "") and len(codes) == 1:
                self.at += 1
                codes = _range(codes, self.member())
            found |= codes
        self.at += 1
        codes = self.closed(frozenset(found))
        return _ALL - codes if negated else codes

    def member(self) -> frozenset[int]:
        sign = self.peek()
        self.at += 1
        if sign == "\\":
            sign = self.peek()
            self.at += 1
            return self.escaped(sign)
        plain = fold_pattern(sign)
        if not plain:
            raise PatternError(f"the sign U+{ord(sign):04X} has no plain letter", "write it with ASCII letters")
        return BLANK if plain == " " else frozenset({ord(plain)})


def _range(first: frozenset[int], last: frozenset[int]) -> frozenset[int]:
    if len(last) != 1 or min(first) > min(last):
        raise PatternError(
            "a range in `[...]` runs backwards", "write the smaller sign first, or `\\-` for the sign itself"
        )
    return frozenset(range(min(first), min(last) + 1))


def _bounds(found: re.Match[str]) -> tuple[int, int, bool]:
    low, comma, high = found.groups()
    if not low and not high:
        raise PatternError("`{,}` is no repeat", "write `{0,3}`")
    least = int(low or 0)
    most = int(high) if high else (MANY if comma else least)
    if most < least:
        raise PatternError(f"the repeat `{found[0]}` runs backwards", "write the smaller number first")
    return least, most, bool(comma and not high)
