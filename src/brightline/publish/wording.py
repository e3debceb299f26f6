"""Names and conditions of the law files in plain words. Capitals come from the vocabulary's own texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from brightline.law.chart import Variable
from brightline.law.expressions import Scope
from brightline.law.vocabulary import Value, Vocabulary, prefixes

__all__ = ["Clause", "Words", "listed"]

_CAPITALS = re.compile(r"\b(?:[A-Z]{2,}\b|(?:[A-Z]\.){2,})")
_FORM = re.compile(r"([a-rt-z])(\d+)([a-z]?)\Z")
_SECTION = re.compile(r"(?:s(\d+)|(\d+)([a-z]))\Z")
_COMPARED = {
    ast.Lt: "is below",
    ast.LtE: "is at most",
    ast.Gt: "is above",
    ast.GtE: "is at least",
    ast.Eq: "is",
    ast.NotEq: "is not",
}
# Up to this many values are named one by one; more are called by the name of their set, if they have one.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words. A leaf has a `text` and the `name` it is about; a group joins its parts.

    `join` is `and`, `or`, `nor` (none of the parts) or `not all`; empty for a leaf.
    """

    text: str = ""
    name: str = ""
    join: str = ""
    parts: tuple[Clause, ...] = ()

    def plain(self) -> str:
        """The clause in one line, brackets where they are needed."""
        if not self.join:
            return self.text
        inner = [f"({p.plain()})" if p.join else p.plain() for p in self.parts]
        if self.join in ("nor", "not all"):
            return f"{'none' if self.join == 'nor' else 'not all'} of: {'; '.join(inner)}"
        return f" {self.join} ".join(inner)


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words as a sentence lists them: `a, b or c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


class Words:
    """The words of one vocabulary; further `texts` show how its words are written."""

    def __init__(self, vocabulary: Vocabulary, *texts: Iterable[str]) -> None:
        self.vocabulary = vocabulary
        self._capitals = _capitals(chain(_texts(vocabulary), *texts))
        self._places = dict(_places(vocabulary))

    def name(self, name: str) -> str:
        """A fact's, a value's or an action's name in words; the code of its own state in front is that state's name."""
        place, parts = self._places.get(name, ""), name.split("_")
        return " ".join([place, *map(self._word, parts[1:])] if place else map(self._word, parts))

    def title(self, name: str) -> str:
        """A name as a heading."""
        found = self.name(name)
        return found[:1].upper() + found[1:]

    def _word(self, part: str) -> str:
        if form := _FORM.match(part):
            return f"{form[1].upper()}-{form[2]}{form[3].upper()}"
        if section := _SECTION.match(part):
            return f"§ {section[1]}" if section[1] else f"{section[2]}({section[3]})"
        return self._capitals.get(part, part)

    def value(self, value: Value) -> str:
        """A fact's value in words."""
        return ("yes" if value else "no") if isinstance(value, bool) else self.name(str(value))

    def branch(self, variable: Variable, positions: Sequence[int], *, is_rest: bool = False) -> str:
        """Some classes of a fact in words; `is_rest` if all its other classes have been named before."""
        if variable.cuts:
            unit = self.vocabulary.facts[variable.name].unit
            return " or ".join(_ranges(variable, positions)) + (f" {unit}" if unit else "")
        values = [v for p in positions for v in variable.classes[p]]
        if is_rest and len(values) > _FEW:
            return "anything else"
        named = self.set_name(variable.name, values) if len(values) > _FEW else ""
        return f"any of the {self.name(named)}" if named else listed([self.value(v) for v in values])

    def set_name(self, fact: str, values: Iterable[Value]) -> str:
        """The name of the set that holds exactly these values of a fact; empty if none does."""
        wanted, domain = set(values), set(self.vocabulary.facts[fact].domain)
        for jurisdiction in self.vocabulary.jurisdictions.values():
            for label, (of, members) in jurisdiction.value_sets.items():
                if fact in of and domain.intersection(members) == wanted:
                    return label
        return ""

    def condition(self, text: str, scope: Scope) -> Clause:
        """A condition of the law files, which has been checked before, in words."""
        return self._clause(ast.parse(" ".join(text.split()), mode="eval").body, scope)

    def _clause(self, node: ast.expr, scope: Scope) -> Clause:
        if isinstance(node, ast.BoolOp):
            return Clause(
                join="and" if isinstance(node.op, ast.And) else "or",
                parts=tuple(self._clause(v, scope) for v in node.values),
            )
        if isinstance(node, ast.UnaryOp):
            return self._negated(self._clause(node.operand, scope))
        if isinstance(node, ast.Compare):
            return self._comparison(node, scope)
        name = ast.unparse(node)
        return Clause(self.name(name), name)

    def _negated(self, inner: Clause) -> Clause:
        if not inner.join:
            return Clause(f"not: {inner.text}" if " is " in inner.text else f"not {inner.text}", inner.name)
        return Clause(join="nor" if inner.join == "or" else "not all", parts=inner.parts)

    def _comparison(self, node: ast.Compare, scope: Scope) -> Clause:
        if len(node.ops) == 2:
            low, name, high = (ast.unparse(part) for part in (node.left, *node.comparators))
            return Clause(f"{self.name(name)} is between {low} and {high}", name)
        name, op, right = ast.unparse(node.left), node.ops[0], node.comparators[0]
        if isinstance(op, (ast.In, ast.NotIn)):
            return Clause(f"{self.name(name)} {self._members(right, isinstance(op, ast.In), scope)}", name)
        return Clause(f"{self.name(name)} {_COMPARED[type(op)]} {self.name(ast.unparse(right))}", name)

    def _members(self, right: ast.expr, is_in: bool, scope: Scope) -> str:
        if isinstance(right, ast.Name):
            return f"is {'one' if is_in else 'none'} of the {self.name(right.id)}"
        items = [ast.unparse(part) for part in getattr(right, "elts", [])]
        named = [f"one of the {self.name(i)}" if i in scope.value_sets else self.name(i) for i in items]
        if len(named) == 1:
            return f"{'is' if is_in else 'is not'} {named[0]}"
        return f"is {listed(named)}" if is_in else f"is neither {listed(named, 'nor')}"


def _ranges(variable: Variable, positions: Sequence[int]) -> Iterator[str]:
    """A number's classes as ranges, neighbours joined."""
    bounds = (None, *variable.cuts, None)
    start: int | None = None
    for position in sorted(positions):
        start = position if start is None else start
        if position + 1 in positions:
            continue
        low, high = bounds[start], bounds[position + 1]
        start = None
        if low is None:
            yield f"at most {(high or 0) - 1}"
        elif high is None:
            yield f"{low} or more"
        else:
            yield f"{low}" if low == high - 1 else f"{low} to {high - 1}"


def _places(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The names that begin with the code of the place they are for (`mn_...` for `us/mn`), with the place's name."""
    scoped = [(name, reading.applies_to) for name, reading in vocabulary.readings.items()]
    scoped += [(name, fact.scope) for name, fact in vocabulary.facts.items()]
    for folder, jurisdiction in vocabulary.jurisdictions.items():
        scoped += [(name, folder) for name in (*jurisdiction.definitions, *jurisdiction.value_sets)]
    for name, path in scoped:
        code = name.partition("_")[0]
        for place in prefixes(path) if path else ():
            if place.rpartition("/")[2] == code and place in vocabulary.profiles:
                yield name, vocabulary.profiles[place].name


def _texts(vocabulary: Vocabulary) -> Iterator[str]:
    for fact in vocabulary.facts.values():
        yield from (fact.question, *fact.notes.values())
    yield from (action.meaning for action in vocabulary.actions.values())
    yield from (rank.meaning for rank in vocabulary.ranks.values())
    yield from (reading.issue for reading in vocabulary.readings.values())


def _capitals(texts: Iterable[str]) -> dict[str, str]:
    """Words that the texts write in capitals and never in small letters."""
    whole = " ".join(texts)
    small = set(re.findall(r"\b[a-z]+\b", whole))
    found = {re.sub(r"\W", "", word).lower(): word for word in _CAPITALS.findall(whole)}
    return {plain: word for plain, word in found.items() if plain not in small}
