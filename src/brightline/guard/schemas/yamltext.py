"""YAML or JSON with lines, bounded: no aliases, so that nothing grows when it is read."""

from __future__ import annotations

from typing import Any

from brightline.guard.schemas.content import refused
from brightline.guard.schemas.jsontext import load_json
from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import load_text

__all__ = ["load_structured"]


def load_structured(text: str, place: str) -> Any:
    """The value of a text that is JSON or YAML. Raises: BrightlineError `guard-unreadable`."""
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        try:
            return load_json(text, place)
        except BrightlineError:
            if '"' in text[:200]:
                raise
    try:
        return load_text(text, place)
    except BrightlineError as error:
        raise refused(error.message, error.where or place, error.help) from None
