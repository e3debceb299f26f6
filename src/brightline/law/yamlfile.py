"""Reading one YAML file safely: plain values with line numbers, or a clear refusal.

No tags, no anchors, no aliases, no duplicate keys; bounded in size and depth, so that a hostile file costs
no more than reading it. libyaml does the parsing where PyYAML was built with it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["Listing", "Table", "load_text", "load_yaml", "read_bytes"]

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_VALUES = 200_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.resolver.Resolver()
_TAG = "tag:yaml.org,2002:"
_FEW_LEVELS = f"law files are a few levels deep; the limit is {MAX_DEPTH}"
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]{0,30}\Z")


class Table(dict[str, Any]):
    """A mapping that knows the file and the line of itself and of each key."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}

    def where(self, key: str = "") -> str:
        """`file:line` of a key, or of the mapping."""
        return f"{self.file}:{self.lines.get(key, self.line)}"

    def reject_unknown(self, known: Iterable[str], what: str) -> None:
        """Refuse keys outside the known ones. Raises: BrightlineError `unknown-field`."""
        names = set(known)
        for key in self:
            if key not in names:
                raise BrightlineError(
                    "unknown-field",
                    f"{shown(key)} is not a field of {what}",
                    near_misses(key, names, "see docs/reference/law-files.md"),
                    self.where(key),
                )


class Listing(list[Any]):
    """A list that knows the line of each element."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: list[int] = []

    def where(self, index: int) -> str:
        """`file:line` of an element."""
        return f"{self.file}:{self.lines[index]}"


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, at most `limit`. Raises: BrightlineError `unreadable` or `too-large`."""
    try:
        if path.is_dir():
            raise BrightlineError("unreadable", f"{shown(path)} is a folder", "name a file")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except ValueError:
        raise BrightlineError("unreadable", f"{shown(path)} is not the name of a file", "check the path") from None
    except OSError as error:
        raise BrightlineError(
            "unreadable",
            f"cannot read {shown(path)}: {(error.strerror or 'error').lower()}",
            "check the path and its permissions",
        ) from None
    if len(content) > limit:
        raise BrightlineError(
            "too-large",
            f"{shown(path)} is larger than {limit // 1_000_000} MB",
            "law and fact files are small: check that this is the right file",
        )
    return content


def load_yaml(path: Path, name: str = "") -> Any:
    """The content of one YAML file; `name` is what errors call it.

    Raises: BrightlineError `unreadable`, `too-large`, `yaml`.
    """
    label = name or str(path)
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrightlineError("yaml", "the file is not UTF-8 text", "save it as UTF-8", label) from None
    return load_text(text, label)


def load_text(text: str, label: str) -> Any:
    """The content of YAML text. Raises: BrightlineError `yaml`."""
    try:
        return _Builder(label, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        where = f"{label}:{mark.line + 1}" if mark else label
        raise BrightlineError(
            "yaml", f"cannot read the YAML: {problem}", "check the indentation and quotes near that line", where
        ) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        raise BrightlineError("yaml", "the YAML is nested too deeply or malformed", _FEW_LEVELS, label) from None


class _Builder:
    """Turns the parser's events into values.

    INVARIANT: no node graph is built. libyaml composes nodes by recursion in C, and a file of open brackets
    overflows the stack there; events come one at a time, and the depth is counted here.
    """

    def __init__(self, label: str, events: Iterator[Any]) -> None:
        self.label, self.events, self.count = label, events, 0

    def fail(self, event: Any, message: str, help: str) -> BrightlineError:
        return BrightlineError("yaml", message, help, f"{self.label}:{event.start_mark.line + 1}")

    def document(self) -> Any:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        found = self.value(next(self.events), 0)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.fail(after, "the file holds more than one document", "remove the `---` between them")
        return found

    def value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            raise self.fail(event, "an alias (`*name`) is not allowed", "write the value out")
        if event.anchor is not None:
            raise self.fail(event, "an anchor (`&name`) is not allowed", "remove it, and write out what refers to it")
        if depth > MAX_DEPTH:
            raise self.fail(event, "the YAML is nested too deeply", _FEW_LEVELS)
        self.count += 1
        if self.count > MAX_VALUES:
            raise self.fail(
                event,
                f"the file holds more than {MAX_VALUES} values",
                "law and fact files are small: check that this is the right file",
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.table(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.listing(event, depth)
        return self.scalar(event)

    def table(self, start: Any, depth: int) -> Table:
        self.refuse_tag(start, "map")
        table = Table(self.label, start.start_mark.line + 1)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event)
            if key in table:
                raise self.fail(event, f"the key {shown(key)} is written twice", "keep one of them")
            table.lines[key] = event.start_mark.line + 1
            table[key] = self.value(next(self.events), depth + 1)
        return table

    def key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
            raise self.fail(event, "a key must be a word", "check the indentation and quotes")
        return str(event.value)

    def listing(self, start: Any, depth: int) -> Listing:
        self.refuse_tag(start, "seq")
        listing = Listing(self.label, start.start_mark.line + 1)
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            listing.lines.append(event.start_mark.line + 1)
            listing.append(self.value(event, depth + 1))
        return listing

    def refuse_tag(self, event: Any, kind: str) -> None:
        if event.tag not in (None, "!", _TAG + kind):
            raise self.fail(event, f"the tag {shown(event.tag)} is not allowed", "remove it")

    def scalar(self, event: Any) -> Any:
        tag = (
            event.tag
            if event.tag not in (None, "!")
            else _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)
        )
        kind, text = str(tag).removeprefix(_TAG), event.value
        if kind == "str":
            return text
        if kind == "bool":
            return text.lower() in ("true", "yes", "on")
        if kind == "null":
            return None
        if kind == "int" and _WHOLE.match(text):
            return int(text.replace("_", ""))
        if kind == "timestamp":
            return self.moment(event)
        if kind in ("int", "float"):
            return text
        raise self.fail(event, f"the tag {shown(tag)} is not allowed", "write a plain word, number or date")

    def moment(self, event: Any) -> datetime.date | datetime.datetime:
        text = event.value.strip()
        try:
            if len(text) == 10:
                return datetime.date.fromisoformat(text)
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            raise self.fail(
                event, f"{shown(text)} is not a date or a time", "write 2026-01-16 or 2026-01-16T18:05:00-06:00"
            ) from None
