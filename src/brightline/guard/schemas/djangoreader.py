"""The fields of Django models, forms and serializers, from the source and without running it."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from typing import Any

from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema

__all__ = ["read_django"]

_RELATIONS = ("ForeignKey", "OneToOneField", "ManyToManyField")
_NOT_FIELDS = ("dataclass_field", "field")


def read_django(text: str, place: str, name: str = "") -> Schema:
    """The fields of every class that assigns fields. Raises: BrightlineError `guard-unreadable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise refused(
            "the Python cannot be read", f"{place}:{line}", "check the file with `python -m py_compile`"
        ) from None
    module = _Module(tree, place, _comments(text))
    fields = tuple(module.fields())
    notes = tuple(filter(None, (ast.get_docstring(tree), "\n".join(module.head()))))
    return Schema("django_model", name or place, fields, notes=notes, table_notes=module.notes)


def _comments(text: str) -> dict[int, tuple[str, bool]]:
    """The comments by their line, and whether each stands on a line of its own."""
    found: dict[int, tuple[str, bool]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("# "), not token.line[: token.start[1]].strip()
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


class _Module:
    def __init__(self, tree: ast.Module, place: str, comments: dict[int, tuple[str, bool]]) -> None:
        self.tree, self.place, self.comments = tree, place, comments
        self.notes: dict[str, tuple[str, ...]] = {}
        self.values: dict[str, Any] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.classes[node.name] = node
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.values[target.id] = node.value

    def head(self) -> list[str]:
        """The comments above the first statement."""
        first = self.tree.body[0].lineno if self.tree.body else 1
        return [said for line, (said, _) in self.comments.items() if line < first]

    def fields(self) -> Iterator[Field]:
        for node in self.classes.values():
            yield from self.class_fields(node)

    def class_fields(self, node: ast.ClassDef) -> Iterator[Field]:
        said = [ast.get_docstring(node) or "", *self._above(node.lineno), *_meta(node)]
        self.notes[node.name] = tuple(filter(None, said))
        for statement in node.body:
            target, value = _assigned(statement)
            if target and isinstance(value, ast.Call) and _is_field(value):
                yield self.field(target, value, statement, node.name)

    def field(self, name: str, call: ast.Call, statement: ast.stmt, table: str) -> Field:
        given = {word.arg: word.value for word in call.keywords if word.arg}
        label = _text(given.get("verbose_name")) or _text(given.get("label"))
        if not label and call.args and _called(call) not in _RELATIONS:
            label = _text(call.args[0])
        widget = given.get("widget")
        hints = [_text(part) for part in ast.walk(widget) if isinstance(part, ast.Constant)] if widget else []
        comments = [*self._above(statement.lineno), *self._beside(statement), _text(given.get("db_comment"))]
        return Field(
            name,
            "model field",
            f"{self.place}:{statement.lineno}",
            table,
            label=label,
            help="\n".join(filter(None, (_text(given.get("help_text")), *hints))),
            comments="\n".join(filter(None, (*comments, _text(given.get("db_column")).replace("_", " ")))),
            choices=tuple(dict.fromkeys(self.choices(given.get("choices")))),
            samples=tuple(filter(None, (_text(given.get("default")), _text(given.get("initial"))))),
        )

    def _above(self, line: int) -> list[str]:
        found: list[str] = []
        while (above := self.comments.get(line - 1)) and above[1]:
            found.insert(0, above[0])
            line -= 1
        return found

    def _beside(self, statement: ast.stmt) -> list[str]:
        last = statement.end_lineno or statement.lineno
        return [self.comments[line][0] for line in range(statement.lineno, last + 1) if line in self.comments]

    def choices(self, value: ast.expr | None, depth: int = 0) -> Iterator[str]:
        """The texts of choices: a list, a name for one, or a class of choices."""
        if value is None or depth > 5:
            return
        if isinstance(value, ast.Attribute) and isinstance(value.value, (ast.Name, ast.Attribute)):
            owner = value.value.id if isinstance(value.value, ast.Name) else value.value.attr
            if value.attr in ("choices", "values", "labels") and owner in self.classes:
                yield from self._members(self.classes[owner])
            elif value.attr in self.values:
                yield from self.choices(self.values[value.attr], depth + 1)
        elif isinstance(value, ast.Name):
            if value.id in self.classes:
                yield from self._members(self.classes[value.id])
            else:
                yield from self.choices(self.values.get(value.id), depth + 1)
        else:
            yield from (_text(part) for part in ast.walk(value) if isinstance(part, ast.Constant) and _text(part))

    def _members(self, node: ast.ClassDef) -> Iterator[str]:
        for statement in node.body:
            target, value = _assigned(statement)
            if target and value is not None:
                yield target
                yield from (_text(part) for part in ast.walk(value) if isinstance(part, ast.Constant) and _text(part))


def _meta(node: ast.ClassDef) -> Iterator[str]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            for statement in inner.body:
                target, value = _assigned(statement)
                if target in ("verbose_name", "verbose_name_plural", "db_table_comment", "db_table"):
                    yield _text(value)


def _assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    return "", None


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_field(call: ast.Call) -> bool:
    name = _called(call)
    return (name.endswith("Field") and name not in _NOT_FIELDS) or name in _RELATIONS


def _text(value: ast.AST | None) -> str:
    """A plain text, also one that is marked for translation; empty for anything else."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if (
        isinstance(value, ast.Call)
        and value.args
        and _called(value) in ("_", "gettext", "gettext_lazy", "ugettext_lazy", "pgettext_lazy")
    ):
        return _text(value.args[-1])
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _text(value.left) + _text(value.right)
    if isinstance(value, ast.JoinedStr):
        return "".join(_text(part) for part in value.values)
    return ""
