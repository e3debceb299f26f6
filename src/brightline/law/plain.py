"""The law as JSON text and back: what the cache holds. Data only; nothing in it is ever run."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from brightline.law import norms, vocabulary

__all__ = ["from_json", "to_json"]

_CLASSES: dict[str, type] = {
    name: kind
    for module in (norms, vocabulary)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and is_dataclass(kind)
}


def to_json(value: Any) -> str:
    """Compact JSON of frozen law values; tuples become lists."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Any:
    """The value that `to_json` wrote; lists become tuples. Raises: ValueError, KeyError or TypeError if it is not one."""
    return _rich(json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return ["~", type(value).__name__, *(_plain(getattr(value, f.name)) for f in fields(value))]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return ["~", "date", value.isoformat()]
    return value


def _rich(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        if value and value[0] == "~":
            if value[1] == "date":
                return date.fromisoformat(value[2])
            return _CLASSES[value[1]](*map(_rich, value[2:]))
        return tuple(map(_rich, value))
    if kind is dict:
        return {key: _rich(part) for key, part in value.items()}
    return value
