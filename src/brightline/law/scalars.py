"""Writing values as YAML text: plain where YAML allows it, in double quotes where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from brightline.law.errors import BrightlineError, shown

__all__ = ["WIDTH", "inline", "key_text", "text_lines"]

WIDTH = 110
_MAX_KEY = 1000
_RESOLVER: Any = yaml.resolver.Resolver()
_STR = "tag:yaml.org,2002:str"
# Not plain: an indicator first, a colon or a hash that YAML would read, blanks at the ends, unusual characters.
_NOT_PLAIN = re.compile(r"""\Z|[-?:,\[\]{}#&*!|>'"%@` ]|\.\.\.|.*(?:: | \#|:\Z| \Z)""", re.DOTALL)
_UNUSUAL = re.compile("[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FLOW_MARKS = re.compile(r"[,\[\]{}:?]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(rf'{_UNUSUAL.pattern}|[\\"]')
_LONE_SPACE = re.compile(r"(?<=[^ ]) (?=[^ ])")


def inline(value: Any) -> str:
    """Write a value on one line, in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key, _FLOW_MARKS)}: {inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(part) for part in value) + "]"
    return _quoted(value, _FLOW_MARKS) if isinstance(value, str) else _word(value)


def key_text(key: str, marks: re.Pattern[str] | None = None) -> str:
    """Write a key. Raises: BrightlineError `layout` for one too long to be a key on one line."""
    text = _quoted(key, marks)
    if len(text) > _MAX_KEY:
        raise BrightlineError("layout", f"the key {shown(key)} is too long", "keys are short names")
    return text


def text_lines(head: str, value: Any, indent: int) -> Iterator[str]:
    """Write a scalar after `head`, folded at the width; lines after the first start `indent` columns in."""
    if value is None and head.endswith(":"):
        yield head
        return
    line = head
    for number, word in enumerate(_LONE_SPACE.split(_quoted(value) if isinstance(value, str) else _word(value))):
        if number and len(line) + 1 + len(word) > WIDTH:
            yield line
            line = " " * indent + word
        else:
            line += f" {word}"
    yield line


def _word(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _quoted(text: str, marks: re.Pattern[str] | None = None) -> str:
    """Leave the text as it is if YAML reads it back as this text, else quote it; `marks` are refused besides."""
    if _NOT_PLAIN.match(text) or _UNUSUAL.search(text) or (marks and marks.search(text)):
        return f'"{_ESCAPED.sub(_escape, text)}"'
    is_text = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _STR
    return text if is_text else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    return _ESCAPES.get(character) or (
        f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
    )
