"""Many schemas in one file, one to a line of JSON: read, judged, and written as `{"id", "fields"}`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from brightline.guard.schemas.content import bytes_of, decoded, refused
from brightline.guard.schemas.contract import read_content
from brightline.guard.schemas.judge import judge
from brightline.guard.schemas.walk import Read, Skipped
from brightline.law.errors import BrightlineError

__all__ = ["line_of", "read_lines"]


def read_lines(path: Path) -> Iterator[tuple[str, Read]]:
    """The id and the schema of each line; a line that cannot be read is a skip.

    Raises: BrightlineError `unreadable`, `guard-too-large`, `guard-unreadable` where the file is no text.
    """
    for number, line in enumerate(decoded(bytes_of(path), str(path)).split("\n"), 1):
        if line.strip():
            place = f"{path}:{number}"
            yield _read(line, place)


def _read(line: str, place: str) -> tuple[str, Read]:
    identity = place
    try:
        entry = _entry(line, place)
        identity = str(entry.get("id", place))
        said = [str(entry.get(key) or "") for key in ("kind", "content", "name", "context")]
        schema = read_content(said[0], said[1], f"{place.rpartition(':')[0]}#{identity}", said[2], said[3])
    except BrightlineError as error:
        if error.code == "missing-extra":
            raise
        return identity, Read(place, skipped=Skipped(error.where or place, error.code, error.message, error.help))
    return identity, Read(place, schema)


def _entry(line: str, place: str) -> Mapping[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise refused("the line is not JSON", place) from None
    if not isinstance(entry, Mapping):
        raise refused("the line is not a JSON object", place)
    return entry


def line_of(identity: str, read: Read) -> str:
    """The line of the output for one schema. A schema that could not be read says so and lists no field."""
    if read.schema is None:
        return json.dumps({"id": identity, "fields": [], "skipped": read.skipped.code if read.skipped else ""})
    found: dict[str, dict[str, str]] = {}
    for one in judge(read.schema):
        if one.field not in found or found[one.field]["severity"] == "review":
            found[one.field] = {"field": one.field, "severity": one.severity, "label": one.label, "why": one.why}
    return json.dumps({"id": identity, "fields": list(found.values())}, ensure_ascii=False)
