"""Conditions: a small, safe part of Python's expression grammar, parsed and type-checked, never run.

Normal form (nested tuples, so that equal conditions are equal and can be stored as JSON):

    ("true",) ("false",)
    ("and", e, ...) ("or", e, ...) ("not", e)
    ("in", fact, (value, ...))      an enum or yes-or-no fact has one of the values
    ("lt", fact, number)            a number fact is below the number; every comparison reduces to it
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.vocabulary import Expression, Fact, Value

__all__ = ["FALSE", "TRUE", "Scope", "all_of", "any_of", "atoms", "facts_in", "holds", "negate", "parse", "words"]

TRUE: Expression = ("true",)
FALSE: Expression = ("false",)
MAX_CHARACTERS = 4000
MAX_NEGATIONS = 200
MAX_DEPTH = 60
MAX_COMPARISONS = 2000
MAX_NUMBER = 1_000_000_000
_TOKEN = re.compile(r" ?(?:[A-Za-z_][A-Za-z0-9_]*|(?:0|[1-9][0-9]*)(?![A-Za-z0-9_])|[=!<>]=|[<>,()\[\]{}])")
_LANGUAGE = "use facts, definitions, `and or not == != < <= > >= in`, and whole numbers"


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use: facts, definitions, and named sets of values."""

    facts: Mapping[str, Fact]
    definitions: Mapping[str, Expression]
    value_sets: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def all_of(*parts: Expression) -> Expression:
    """The conjunction, flattened; empty means true."""
    return _joined("and", TRUE, FALSE, parts)


def any_of(*parts: Expression) -> Expression:
    """The disjunction, flattened; empty means false."""
    return _joined("or", FALSE, TRUE, parts)


def negate(part: Expression) -> Expression:
    """The negation, without double negations."""
    if part == TRUE:
        return FALSE
    if part == FALSE:
        return TRUE
    return part[1] if part[0] == "not" else ("not", part)  # type: ignore[return-value]


def _joined(word: str, neutral: Expression, absorbing: Expression, parts: tuple[Expression, ...]) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        flat.extend(part[1:] if part[0] == word else (part,))  # type: ignore[arg-type]
    kept = [p for p in dict.fromkeys(flat) if p != neutral]
    if absorbing in kept:
        return absorbing
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else (word, *kept)


def parse(text: str, scope: Scope, where: str = "") -> Expression:
    """The normal form of a condition.

    Raises: BrightlineError `expression` (outside the subset), `unknown-name`, `unknown-value`, `type`.
    """
    return _Parser(scope, where, text).parsed()


def _nested_depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _extent(expression: Expression) -> tuple[int, int]:
    """How many comparisons a condition holds, and how deep it is."""
    if expression[0] not in ("and", "or", "not"):
        return 1, 1
    parts = [_extent(part) for part in expression[1:]]  # type: ignore[arg-type]
    return sum(count for count, _ in parts), 1 + max(depth for _, depth in parts)


class _Parser:
    def __init__(self, scope: Scope, where: str, text: str) -> None:
        self.scope, self.where, self.text, self.count = scope, where, " ".join(text.split()), 0

    def parsed(self) -> Expression:
        if (
            len(self.text) > MAX_CHARACTERS
            or _nested_depth(self.text) > MAX_DEPTH
            or self.text.count("not") > MAX_NEGATIONS
        ):
            raise self.too_large()
        self.refuse_foreign()
        try:
            found = self.visit(ast.parse(self.text, mode="eval").body)
        except (SyntaxError, ValueError, MemoryError) as error:
            at = f" at column {error.offset}" if isinstance(error, SyntaxError) and error.offset else ""
            raise self.fail(
                "expression", f"cannot read {shown(self.text)}{at}", "see Conditions in docs/reference/law-files.md"
            ) from None
        except RecursionError:
            raise self.too_large() from None
        # INVARIANT: what `parse` returns is small, so that hashing and walking it are cheap and never too deep.
        if _extent(found)[1] > MAX_DEPTH:
            raise self.too_large()
        return found

    def refuse_foreign(self) -> None:
        """Only ASCII names, whole numbers, comparisons and brackets reach Python's parser."""
        at = 0
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            if not token:
                raise self.foreign(self.text[self.text.rfind(" ", 0, at + 1) + 1 :].split()[0])
            at = token.end()

    def counted(self, part: Expression) -> Expression:
        """The part, if the condition stays small with it: definitions that use definitions can double each time."""
        self.count += _extent(part)[0]
        if self.count > MAX_COMPARISONS:
            raise self.too_large()
        return part

    def too_large(self) -> BrightlineError:
        return self.fail(
            "expression",
            "the condition is too long or too deeply nested",
            "write it with fewer parts, or name its parts in `definitions`",
        )

    def foreign(self, source: str) -> BrightlineError:
        return self.fail("expression", f"{shown(source)} is outside the language of conditions", _LANGUAGE)

    def fail(self, code: str, message: str, help: str = "") -> BrightlineError:
        return BrightlineError(code, message, help, self.where)

    def visit(self, node: ast.expr) -> Expression:
        if isinstance(node, ast.BoolOp):
            join = all_of if isinstance(node.op, ast.And) else any_of
            return join(*(self.visit(value) for value in node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return negate(self.visit(node.operand))
        if isinstance(node, ast.Compare):
            return self.counted(self.comparison(node))
        if isinstance(node, ast.Name):
            return self.counted(self.named(node.id))
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return TRUE if node.value else FALSE
        raise self.foreign(ast.get_source_segment(self.text, node) or self.text)

    def named(self, name: str) -> Expression:
        name = {"true": "True", "false": "False"}.get(name, name)
        if name in ("True", "False"):
            return TRUE if name == "True" else FALSE
        if name in self.scope.definitions:
            return self.scope.definitions[name]
        fact = self.fact(name)
        if fact.kind != "bool":
            raise self.fail(
                "type", f"`{name}` is not a yes-or-no fact", f"compare it: `{name} == ...` or `{name} in [...]`"
            )
        return ("in", name, (True,))

    def fact(self, name: str) -> Fact:
        if name in self.scope.facts:
            return self.scope.facts[name]
        known = [*self.scope.facts, *self.scope.definitions]
        if name in self.scope.value_sets:
            raise self.fail("type", f"`{name}` is a set of values", f"write `FACT in {name}`")
        raise self.fail(
            "unknown-name", f"unknown name {shown(name)}", near_misses(name, known, "see corpus/vocabulary.yaml")
        )

    def comparison(self, node: ast.Compare) -> Expression:
        if len(node.ops) != 1 or not isinstance(node.left, ast.Name):
            raise self.fail(
                "expression",
                f"cannot read the comparison in {shown(self.text)}",
                "write `fact == value`, one comparison at a time",
            )
        fact, op, right = self.fact(node.left.id), node.ops[0], node.comparators[0]
        if fact.kind in ("datetime", "date"):
            raise self.fail(
                "type",
                f"`{fact.name}` is a {fact.kind} and cannot be compared",
                "use a derived number of hours or days",
            )
        if isinstance(op, (ast.In, ast.NotIn)):
            found: Expression = self.member(fact, self.values(fact, right))
            return found if isinstance(op, ast.In) else negate(found)
        if fact.kind == "int":
            return self.number(fact, op, right)
        if not isinstance(op, (ast.Eq, ast.NotEq)):
            raise self.fail("type", f"`{fact.name}` has no order", "use `==`, `!=` or `in`")
        found = self.member(fact, (self.value(fact, right),))
        return found if isinstance(op, ast.Eq) else negate(found)

    def number(self, fact: Fact, op: ast.cmpop, right: ast.expr) -> Expression:
        n = self.value(fact, right)
        assert isinstance(n, int)
        below: Callable[[int], Expression] = lambda m: ("lt", fact.name, m)  # noqa: E731
        table: dict[type, Callable[[], Expression]] = {
            ast.Lt: lambda: below(n),
            ast.LtE: lambda: below(n + 1),
            ast.Gt: lambda: negate(below(n + 1)),
            ast.GtE: lambda: negate(below(n)),
            ast.Eq: lambda: all_of(negate(below(n)), below(n + 1)),
            ast.NotEq: lambda: any_of(below(n), negate(below(n + 1))),
        }
        if type(op) not in table:
            raise self.fail("expression", f"cannot read the comparison in {shown(self.text)}", "use < <= > >= == !=")
        return table[type(op)]()

    def member(self, fact: Fact, values: tuple[Value, ...]) -> Expression:
        if fact.kind == "int":
            return any_of(*(all_of(negate(("lt", fact.name, v)), ("lt", fact.name, int(v) + 1)) for v in values))
        chosen = tuple(v for v in fact.domain if v in values)
        if not chosen:
            return FALSE
        if len(chosen) == len(fact.domain):
            return TRUE
        if fact.kind == "bool" and chosen == (False,):
            return ("not", ("in", fact.name, (True,)))
        return ("in", fact.name, chosen)

    def values(self, fact: Fact, node: ast.expr) -> tuple[Value, ...]:
        if isinstance(node, ast.Name) and node.id in self.scope.value_sets:
            of, members = self.scope.value_sets[node.id]
            if fact.name not in of:
                raise self.fail("type", f"the set `{node.id}` is not of `{fact.name}`", f"it is of {', '.join(of)}")
            return tuple(m for m in members if m in fact.domain)
        if not isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            known = list(self.scope.value_sets)
            raise self.fail(
                "expression",
                f"`in` needs a list or a named set in {shown(self.text)}",
                near_misses(getattr(node, "id", ""), known, "write `fact in [value, value]`"),
            )
        found: list[Value] = []
        for element in node.elts:
            if isinstance(element, ast.Name) and element.id in self.scope.value_sets and element.id not in fact.domain:
                found.extend(self.values(fact, element))
            else:
                found.append(self.value(fact, element))
        return tuple(found)

    def value(self, fact: Fact, node: ast.expr) -> Value:
        if isinstance(node, ast.Name) and fact.kind == "enum" and node.id in fact.values:
            return node.id
        if isinstance(node, ast.Constant) and node.value is None and "none" in fact.values:
            raise self.fail("unknown-value", f"`None` is not a value of `{fact.name}`", "did you mean `none`?")
        if fact.kind == "bool":
            word = node.id if isinstance(node, ast.Name) else str(node.value) if isinstance(node, ast.Constant) else ""
            if word in ("True", "true", "False", "false"):
                return word in ("True", "true")
            raise self.fail("type", f"`{fact.name}` is yes or no", "write the name alone, or `not name`")
        if fact.kind == "int":
            if isinstance(node, ast.Constant) and type(node.value) is int and node.value <= MAX_NUMBER:
                return node.value
            raise self.fail(
                "type",
                f"`{fact.name}` is a whole number of {fact.unit or 'units'}",
                f"compare it with a whole number up to {MAX_NUMBER}",
            )
        word = node.id if isinstance(node, ast.Name) else ast.get_source_segment(self.text, node) or "?"
        raise self.fail(
            "unknown-value",
            f"{shown(word)} is not a value of `{fact.name}`",
            near_misses(word, fact.values, "see corpus/vocabulary.yaml"),
        )


def atoms(expression: Expression) -> Iterator[Expression]:
    """Every comparison in a condition, with repeats."""
    if expression[0] in ("in", "lt"):
        yield expression
    elif expression[0] in ("and", "or", "not"):
        for part in expression[1:]:
            yield from atoms(part)  # type: ignore[arg-type]


def facts_in(expression: Expression) -> set[str]:
    """The names of the facts a condition mentions."""
    return {str(atom[1]) for atom in atoms(expression)}


def holds(expression: Expression, facts: Mapping[str, Value]) -> bool:
    """Whether a condition is true of complete facts. This is the specification; it knows no unknowns."""
    word = expression[0]
    if word == "in":
        return facts[expression[1]] in expression[2]  # type: ignore[index,operator]
    if word == "lt":
        return facts[expression[1]] < expression[2]  # type: ignore[index,operator]
    if word == "and":
        return all(holds(part, facts) for part in expression[1:])  # type: ignore[arg-type]
    if word == "or":
        return any(holds(part, facts) for part in expression[1:])  # type: ignore[arg-type]
    if word == "not":
        return not holds(expression[1], facts)  # type: ignore[arg-type]
    return word == "true"


def words(expression: Expression) -> str:
    """The condition as text in the law files' own language."""
    word = expression[0]
    if word == "in":
        name, values = str(expression[1]), expression[2]
        if values == (True,):
            return name
        listed = [str(v).lower() if isinstance(v, bool) else str(v) for v in values]  # type: ignore[attr-defined]
        return f"{name} == {listed[0]}" if len(listed) == 1 else f"{name} in [{', '.join(listed)}]"
    if word == "lt":
        return f"{expression[1]} < {expression[2]}"
    if word == "not":
        inner = expression[1]
        if inner[0] == "lt":  # type: ignore[index]
            return f"{inner[1]} >= {inner[2]}"  # type: ignore[index]
        return f"not {_bracketed(inner)}"  # type: ignore[arg-type]
    if word in ("and", "or"):
        return f" {word} ".join(_bracketed(part) for part in expression[1:])  # type: ignore[arg-type]
    return str(word)


def _bracketed(part: Expression) -> str:
    return f"({words(part)})" if part[0] in ("and", "or") else words(part)
