"""Where a pattern begins and ends: the word edges put round it, and how wide a match can be."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from brightline.guard.patterns import WORD, Alt, Edge, Group, Node, PatternError, Rep, Seq, Sign

__all__ = ["bordered", "edged", "forget", "starts_open", "width"]

_EDGE = Edge("\\b")


def width(node: Node) -> tuple[int, int]:
    """The fewest and the most characters that a match has."""
    if isinstance(node, Sign):
        return 1, 1
    kept = _KEPT.get(id(node))
    if kept is None:
        kept = _KEPT[id(node)] = (node, _width(node))
    return kept[1]


_KEPT: dict[int, tuple[Node, tuple[int, int]]] = {}


def forget() -> None:
    """Forgets what was worked out, once all patterns of some packs are read."""
    _KEPT.clear()
    _MADE.clear()


def _width(node: Node) -> tuple[int, int]:
    match node:
        case Sign():
            return 1, 1
        case Edge():
            return 0, 0
        case Group(part):
            return width(part)
        case Rep(part, least, most):
            low, high = width(part)
            return low * least, high * most
        case Alt(parts):
            found = [width(part) for part in parts]
            return min(low for low, _ in found), max(high for _, high in found)
        case Seq(parts):
            found = [width(part) for part in parts]
            return sum(low for low, _ in found), sum(high for _, high in found)


def starts_open(node: Node) -> bool:
    """Whether every way to begin is an unbounded run, so that any word would start a match."""
    match node:
        case Rep():
            return node.open
        case Seq(parts):
            return bool(parts) and starts_open(parts[0])
        case Alt(parts):
            return all(starts_open(part) for part in parts)
        case Group(part):
            return starts_open(part)
    return False


def bordered(node: Node) -> Node:
    r"""The pattern with `\b` also inside, wherever a letter must stand beside a blank or sign. It fits the same."""
    match node:
        case Seq(parts):
            return Seq(tuple(_beside(parts, at) for at in range(len(parts))))
        case Alt(parts):
            return _once_for("bordered", node, lambda: Alt(tuple(map(bordered, parts))))
        case Group(part):
            return Group(bordered(part))
        case Rep(part):
            return node if isinstance(part, Sign) else replace(node, part=bordered(part))
    return node


def _beside(parts: tuple[Node, ...], at: int) -> Node:
    node = bordered(parts[at])
    if at and _kinds(Seq(parts[:at]), False) == {"sign"}:
        node = _with_edge(node, True)
    if _kinds(Seq(parts[at + 1 :]), True) == {"sign"}:
        node = _with_edge(node, False)
    return node


def _with_edge(node: Node, first: bool) -> Node:
    """With the edge where a letter stands outermost; as it is where that cannot be said or it may be missing."""
    if not width(node)[0] or isinstance(node, Sign | Rep | Edge):
        return node
    with contextlib.suppress(PatternError):
        return _once_for(f"edge {first}", node, lambda: _edged(node, first))
    return node


def _once_for(what: str, node: Node, work: Callable[[], Node]) -> Node:
    key = (what, id(node))
    if key not in _MADE:
        _MADE[key] = (node, work())
    return _MADE[key][1]


_MADE: dict[tuple[str, int], tuple[Node, Node]] = {}


def edged(node: Node) -> Node:
    r"""The pattern with `\b` wherever it begins or ends with a letter or digit."""
    return _edged(_edged(node, first=True), first=False)


def _edged(node: Node, first: bool) -> Node:
    if _kind(node, first) == "letter":
        return Seq((_EDGE, node) if first else (node, _EDGE))
    match node:
        case Alt(parts):
            return Alt(tuple(_edged(part, first) for part in parts))
        case Group(part):
            return Group(_edged(part, first))
        case Seq(parts) if parts:
            return _edged_sequence(parts, first)
        case Rep(part, 1, 1):
            return replace(node, part=_edged(part, first))
    return node


def _edged_sequence(parts: tuple[Node, ...], first: bool) -> Node:
    """Puts the edge on the outermost part; where that part may be missing, on what then stands outermost."""
    outer, rest = (parts[0], parts[1:]) if first else (parts[-1], parts[:-1])
    if width(outer)[0] or isinstance(outer, Edge) or not rest:
        changed: tuple[Node, ...] = (_edged(outer, first),)
    else:
        changed = (_optional(outer, _kind(Seq(rest), first), _kind(outer, first)),)
        if not changed[0]:
            changed, rest = (outer,), (_edged(Seq(rest), first),)
    return Seq(changed + rest if first else rest + changed)


def _optional(outer: Node, rest: str, kind: str) -> Node:
    """An outermost part that may be missing, such that the edge is asked for only where a letter stands outermost."""
    if "letter" not in (rest, kind):
        return outer
    if rest == "letter" and kind == "sign":
        return Alt((_once(outer), _EDGE))
    if rest == "sign" and kind == "letter":
        return Alt((Seq((_EDGE, _once(outer))), Seq(())))
    if kind == "mixed" or rest == "mixed":
        raise PatternError(
            "the pattern may begin or end with a letter or with a sign",
            "leave out the optional part at its edge, or write `edges: open` and `\\b` where it is wanted",
        )
    return outer


def _once(node: Node) -> Node:
    """A part that may be missing, as one that is there."""
    return replace(node, least=1) if isinstance(node, Rep) else node


def _kind(node: Node, first: bool) -> str:
    """What stands outermost: a `letter`, a `sign`, `mixed`, or `nothing` where it is open or already an edge."""
    kinds = _kinds(node, first) - {"empty"}
    if len(kinds) == 1:
        return kinds.pop()
    return "mixed" if kinds else "nothing"


def _kinds(node: Node, first: bool) -> set[str]:
    match node:
        case Sign(codes):
            return {"letter" if codes <= WORD else "any" if codes & WORD else "sign"}
        case Edge():
            return {"nothing"}
        case Group(part):
            return _kinds(part, first)
        case Rep(part, least, most):
            return (_kinds(part, first) if most else set()) | (set() if least else {"empty"})
        case Alt(parts):
            return set[str]().union(*(_kinds(part, first) for part in parts))
        case Seq(parts):
            found = {"empty"}
            for part in parts if first else reversed(parts):
                found = (found - {"empty"}) | _kinds(part, first)
                if "empty" not in found:
                    break
            return found
