"""JSON cleaned as text: nothing changes where nothing is found, and no digit of a number ever."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from brightline.guard.egress.cells import MASKED
from brightline.guard.egress.rows import Cleaner
from brightline.guard.egress.tree import Number
from brightline.law.errors import BrightlineError

__all__ = ["clean_json", "clean_json_lines"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false')
_IS_KEY = re.compile(r"\s*:")
_PASSES = 12


def clean_json(text: str, cleaner: Cleaner) -> str:
    """One JSON value cleaned; then the text as a whole is read once more, as a reader of the response would.

    Raises: BrightlineError `guard-response` for what is no JSON, and where status stays whatever is hidden.
    """
    given = _read(text)
    return _through_net(_again(text, given, cleaner.cleaned(given)), cleaner)


def clean_json_lines(text: str, cleaner: Cleaner) -> str:
    """JSON values one to a line, cleaned together."""
    lines = text.split("\n")
    given = [_read(line) for line in lines if line.strip()]
    kept = iter(zip(given, cleaner.cleaned(given), strict=True))
    return _through_net("\n".join(_again(line, *next(kept)) if line.strip() else line for line in lines), cleaner)


def _again(text: str, given: Any, kept: Any) -> str:
    """The text of a value, as it was where nothing changed."""
    return text if kept == given else _lead(text) + "".join(_tokens(kept)) + _tail(text)


def _lead(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _tail(text: str) -> str:
    return text[len(text.rstrip()) :]


def _read(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_pairs, parse_int=Number, parse_float=Number, parse_constant=_constant
        )
    except (ValueError, RecursionError):
        raise BrightlineError(
            "guard-response", "it is no JSON that can be read", "send JSON without NaN and without a key twice"
        ) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _constant(name: str) -> Any:
    raise ValueError


def _tokens(value: Any) -> Iterator[str]:
    """The text of a value. `tree.gathered` has already bounded how deep it is."""
    if isinstance(value, dict):
        yield "{"
        for n, (key, inner) in enumerate(value.items()):
            yield f"{',' if n else ''}{json.dumps(key, ensure_ascii=False)}:"
            yield from _tokens(inner)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for n, inner in enumerate(value):
            yield "," if n else ""
            yield from _tokens(inner)
        yield "]"
    else:
        yield str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def _through_net(text: str, cleaner: Cleaner) -> str:
    """The text with every value masked that still says status when all of it is read at once."""
    for _ in range(_PASSES):
        (verdict,) = cleaner.cells.judge.judge([text], (cleaner.name,))
        found = [one for one, norm in verdict.found if not norm]
        if not found:
            return text
        for one in found:
            cleaner.report.found["(whole)", one.label, one.tier, one.rule, "redacted"] += 1
        text = _masked(text, [(one.start, one.end) for one in found])
    raise _stays()


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Raises: BrightlineError `guard-response` where a span touches no value, only keys."""
    parts, at, is_changed = [], 0, False
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        touches = any(low < end and start < high for low, high in spans)
        if touches and not _IS_KEY.match(text, end) and match[0].strip('"█'):
            parts += [text[at:start], f'"{MASKED}"' if match[0][0] == '"' else "null"]
            at, is_changed = end, True
    if not is_changed:
        raise _stays()
    return "".join([*parts, text[at:]])


def _stays() -> BrightlineError:
    return BrightlineError(
        "guard-response", "status stays in it whatever is hidden", "drop the key under which it stands, by a policy"
    )
