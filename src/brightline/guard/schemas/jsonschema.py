"""The properties of a JSON Schema, nested ones and definitions too, and those of the schemas in an OpenAPI file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema

__all__ = ["SchemaWalk", "is_json_schema", "is_openapi", "read_json_schema", "read_openapi"]

_MAX_DEPTH = 40
_MOST_NESTED = 2
_MOST_ALTERNATIVES = 40
_MARKS = ("$schema", "properties", "$defs", "definitions")
_PARTS = ("allOf", "anyOf", "oneOf")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def is_json_schema(value: Any) -> bool:
    """Whether a value looks like a JSON Schema."""
    return isinstance(value, Mapping) and any(isinstance(value.get(mark), (Mapping, str)) for mark in _MARKS)


def is_openapi(value: Any) -> bool:
    """Whether a value is an OpenAPI or Swagger description."""
    return isinstance(value, Mapping) and ("openapi" in value or "swagger" in value)


def read_json_schema(value: Any, place: str, name: str = "") -> Schema:
    """The fields of a JSON Schema. Raises: BrightlineError `guard-unreadable`."""
    if not isinstance(value, Mapping):
        raise refused("a JSON Schema is an object", place)
    walk = SchemaWalk(value, place)
    walk.schema(value, (), text(value, "title"))
    walk.definitions()
    notes = tuple(one for one in (text(value, "title"), text(value, "description"), text(value, "$comment")) if one)
    return Schema("json_schema", name or place, tuple(walk.fields.values()), notes=notes, table_notes=walk.notes)


def read_openapi(value: Any, place: str, name: str = "") -> Schema:
    """The parameters and the fields of all bodies and schemas. Raises: BrightlineError `guard-unreadable`."""
    if not isinstance(value, Mapping):
        raise refused("an OpenAPI description is an object", place)
    walk = SchemaWalk(value, place)
    for path, item in mapping(value.get("paths")).items():
        _path(walk, str(path), item)
    for path, item in mapping(value.get("webhooks")).items():
        _path(walk, str(path), item)
    walk.definitions()
    info = mapping(value.get("info"))
    notes = tuple(one for one in (text(info, "title"), text(info, "summary"), text(info, "description")) if one)
    return Schema("openapi", name or place, tuple(walk.fields.values()), notes=notes, table_notes=walk.notes)


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(value: Mapping[str, Any], key: str) -> str:
    """A text of an object, empty if there is none."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _path(walk: SchemaWalk, path: str, item: Any) -> None:
    item = walk.resolved(item)
    operations = [item, *(item.get(method) for method in _METHODS)]
    for operation in operations:
        operation = mapping(operation)
        walk.note(path, text(operation, "summary"), text(operation, "description"))
        for parameter in _list(operation.get("parameters")):
            walk.parameter(parameter, path)
        bodies = [operation.get("requestBody"), *mapping(operation.get("responses")).values()]
        for body in bodies:
            walk.body(body, path)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class SchemaWalk:
    """Walks schemas and keeps each field once. `$ref` is followed within the file only."""

    def __init__(self, root: Mapping[str, Any], place: str) -> None:
        self.root, self.place = root, place
        self.fields: dict[tuple[str, ...], Field] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        # INVARIANT: a definition is walked once on its own and once where it is first referred to.
        self._followed: set[str] = set()

    def note(self, table: str, *said: str) -> None:
        """Keep what is said of a table."""
        found = (*self.notes.get(table, ()), *(one for one in said if one))
        if found:
            self.notes[table] = found

    def resolved(self, value: Any, depth: int = 0) -> Mapping[str, Any]:
        """What a value refers to, with what is said beside the reference."""
        value = mapping(value)
        target = value.get("$ref")
        if not isinstance(target, str) or not target.startswith("#/") or depth > 10:
            return value
        found: Any = self.root
        for part in target[2:].split("/"):
            found = mapping(found).get(part.replace("~1", "/").replace("~0", "~"))
        beside = {key: one for key, one in value.items() if key != "$ref"}
        return {**self.resolved(found, depth + 1), **beside}

    def definitions(self) -> None:
        """Walk every definition, used or not."""
        components = mapping(self.root.get("components"))
        for part in (self.root.get("$defs"), self.root.get("definitions"), components.get("schemas")):
            for name, schema in mapping(part).items():
                self.note(str(name), text(mapping(schema), "title"), text(mapping(schema), "description"))
                self.schema(schema, (), str(name))
        for parameter in mapping(components.get("parameters")).values():
            self.parameter(parameter, "parameters")
        for part in ("requestBodies", "responses"):
            for name, body in mapping(components.get(part)).items():
                self.body(body, str(name))

    def body(self, value: Any, table: str) -> None:
        """Walk the schemas of a request, a response or a parameter by content, and its headers."""
        found = self.resolved(value)
        if "schema" in found:
            self.schema(found["schema"], (), table)
        for media in mapping(found.get("content")).values():
            self.schema(mapping(media).get("schema"), (), table)
        for name, header in mapping(found.get("headers")).items():
            self.add(str(name), self.resolved(header), (), table, "header", found.get("headers"))

    def parameter(self, value: Any, table: str) -> None:
        """Keep a parameter, and walk the schema of its body."""
        found = self.resolved(value)
        name = found.get("name")
        if found.get("in") == "body" and "schema" in found:
            self.schema(found["schema"], (), table)
        elif isinstance(name, str):
            merged = {**self.resolved(found.get("schema")), **found}
            self.add(name, merged, (), table, "parameter", value, "name")
            self.schema(found.get("schema"), (name,), table)

    def schema(self, value: Any, within: tuple[str, ...], table: str, depth: int = 0) -> None:
        """Walk the properties of a schema and of its parts."""
        target = mapping(value).get("$ref")
        if depth > _MAX_DEPTH or target in self._followed:
            return
        if isinstance(target, str):
            self._followed.add(target)
        found = self.resolved(value)
        for name, property_ in mapping(found.get("properties")).items():
            self.property(str(name), property_, within, table, found["properties"], depth)
        for name, property_ in mapping(found.get("patternProperties")).items():
            self.schema(property_, (*within, str(name)), table, depth + 1)
        for part in _PARTS:
            for one in _list(found.get(part)):
                self.schema(one, within, table, depth + 1)
        for part in ("items", "additionalProperties", "then", "else", "if", "contains"):
            for one in found.get(part) if isinstance(found.get(part), list) else [found.get(part)]:
                if isinstance(one, Mapping):
                    self.schema(one, within, table, depth + 1)

    def property(self, name: str, value: Any, within: tuple[str, ...], table: str, holder: Any, depth: int) -> None:
        """Keep a property, and walk what it holds."""
        if (table, *within, name) in self.fields:
            return
        found = self.resolved(value)
        self.add(name, found, within, table, "property", holder)
        self.schema(value, (*within, name), table, depth + 1)

    def add(
        self,
        name: str,
        found: Mapping[str, Any],
        within: tuple[str, ...],
        table: str,
        kind: str,
        holder: Any,
        key: str = "",
    ) -> None:
        """Keep a field with what is said of it."""
        line = getattr(holder, "lines", {}).get(key or name, 1) if not isinstance(holder, list) else 1
        said = [found, *self._items(found)]
        self.fields[(table, *within, name)] = Field(
            name,
            kind,
            f"{self.place}:{line}",
            table,
            within,
            label="\n".join(filter(None, (text(one, "title") for one in said))),
            help="\n".join(filter(None, (text(one, "description") for one in said))),
            comments=text(found, "$comment"),
            choices=tuple(dict.fromkeys(choice for one in said for choice in self.choices(one))),
            samples=tuple(sample for one in said for sample in _samples(one)),
        )

    def _items(self, found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        items = self.resolved(found.get("items"))
        return [items] if items and "properties" not in items else []

    def choices(self, found: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
        """The values of `enum` and `const`, and their titles, of the schema and of its alternatives."""
        for key in ("enum", "x-enum-varnames", "x-enumNames", "enumNames", "x-enum-descriptions"):
            yield from (one for one in _list(found.get(key)) if isinstance(one, str))
        descriptions = mapping(found.get("x-enum-descriptions") or found.get("x-enumDescriptions"))
        yield from (one for one in descriptions.values() if isinstance(one, str))
        if isinstance(found.get("const"), str):
            yield found["const"]
        for part in _PARTS if depth < _MOST_NESTED else ():
            for one in _list(found.get(part))[:_MOST_ALTERNATIVES]:
                one = self.resolved(one)
                if "properties" not in one:
                    yield from self.choices(one, depth + 1)
                    if "const" in one or "enum" in one:
                        yield from filter(None, (text(one, "title"), text(one, "description")))


def _samples(found: Mapping[str, Any]) -> Iterator[str]:
    for key in ("example", "default"):
        if isinstance(found.get(key), str):
            yield found[key]
    examples = found.get("examples")
    listed = list(examples.values()) if isinstance(examples, Mapping) else _list(examples)
    for one in listed:
        one = one.get("value") if isinstance(one, Mapping) else one
        if isinstance(one, str):
            yield one
