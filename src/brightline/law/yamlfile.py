"""Reading one YAML file safely: plain values with line numbers, or a clear refusal.

No tags, no anchors, no aliases, no duplicate keys; bounded in size and depth, so that a hostile file costs
no more than reading it. libyaml does the parsing where PyYAML was built with it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from brightline.law.errors import BrightlineError, near_misses, shown

__all__ = ["Listing", "Table", "load_text", "load_yaml", "read_bytes"]

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_RUN_OF_MARKS = re.compile(r"(?m)^[ \t]*(?:[-?:][ \t]+){20,}")
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
                raise BrightlineError("unknown-field", f"{shown(key)} is not a field of {what}", near_misses(key, names, "see docs/reference/law-files.md"), self.where(key))


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
    except OSError as error:
        raise BrightlineError("unreadable", f"cannot read {shown(path)}: {(error.strerror or 'error').lower()}", "check the path and its permissions") from None
    if len(content) > limit:
        raise BrightlineError("too-large", f"{shown(path)} is larger than {limit // 1_000_000} MB", "law and fact files are small: check that this is the right file")
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
    _refuse_hostile(text, label)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        where = f"{label}:{mark.line + 1}" if mark else label
        raise BrightlineError("yaml", f"cannot read the YAML: {problem}", "check the indentation and quotes near that line", where) from None
    except (RecursionError, MemoryError, ValueError):
        raise BrightlineError("yaml", "the YAML is nested too deeply or malformed", "law files are a few levels deep", label) from None
    if node is None:
        return None
    return _Builder(label).value(node, 0)


def _refuse_hostile(text: str, label: str) -> None:
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1 if depth else 0
        deepest = max(deepest, depth)
    indents = max((len(m) for m in re.findall(r"(?m)^ +", text)), default=0)
    if deepest > MAX_DEPTH or indents > 400 or _RUN_OF_MARKS.search(text):
        raise BrightlineError("yaml", "the YAML is nested too deeply", f"law files are a few levels deep; the limit is {MAX_DEPTH}", label)


class _Builder:
    """Turns composed nodes into values, once each: a node met twice is an alias, which is refused."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.seen: set[int] = set()

    def fail(self, node: yaml.Node, message: str, help: str) -> BrightlineError:
        return BrightlineError("yaml", message, help, f"{self.label}:{node.start_mark.line + 1}")

    def value(self, node: yaml.Node, depth: int) -> Any:
        if id(node) in self.seen:
            raise self.fail(node, "an alias (`*name`) is not allowed", "write the value out")
        self.seen.add(id(node))
        if depth > MAX_DEPTH:
            raise self.fail(node, "the YAML is nested too deeply", "law files are a few levels deep")
        if isinstance(node, yaml.MappingNode):
            return self.table(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return self.listing(node, depth)
        return self.scalar(node)

    def table(self, node: yaml.MappingNode, depth: int) -> Table:
        if node.tag != _TAG + "map":
            raise self.fail(node, f"the tag {shown(node.tag)} is not allowed", "remove it")
        table = Table(self.label, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.fail(key_node, "a key must be a word", "check the indentation and quotes")
            key = key_node.value
            if key in table:
                raise self.fail(key_node, f"the key {shown(key)} is written twice", "keep one of them")
            table.lines[key] = key_node.start_mark.line + 1
            table[key] = self.value(value_node, depth + 1)
        return table

    def listing(self, node: yaml.SequenceNode, depth: int) -> Listing:
        if node.tag != _TAG + "seq":
            raise self.fail(node, f"the tag {shown(node.tag)} is not allowed", "remove it")
        listing = Listing(self.label, node.start_mark.line + 1)
        for element in node.value:
            listing.lines.append(element.start_mark.line + 1)
            listing.append(self.value(element, depth + 1))
        return listing

    def scalar(self, node: yaml.ScalarNode) -> Any:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind == "str":
            return text
        if kind == "bool":
            return text.lower() in ("true", "yes", "on")
        if kind == "null":
            return None
        if kind == "int" and _WHOLE.match(text):
            return int(text.replace("_", ""))
        if kind == "timestamp":
            return self.moment(node)
        if kind in ("int", "float"):
            return text
        raise self.fail(node, f"the tag {shown(node.tag)} is not allowed", "write a plain word, number or date")

    def moment(self, node: yaml.ScalarNode) -> datetime.date | datetime.datetime:
        text = node.value.strip()
        try:
            if len(text) == 10:
                return datetime.date.fromisoformat(text)
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            raise self.fail(node, f"{shown(text)} is not a date or a time", "write 2026-01-16 or 2026-01-16T18:05:00-06:00") from None
