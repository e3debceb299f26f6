"""The findings of a lint as a plain table, as JSON and as SARIF. None shows a value of a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from brightline.guard.schemas.lint import Lint
from brightline.guard.schemas.verdict import Verdict

__all__ = ["json_of", "sarif_of", "table_of"]

_SAID = {
    "prohibited": "prohibited",
    "basis": "needs basis",
    "review": "review",
    "permitted": "permitted",
}
_LEVELS = {"prohibited": "error", "basis": "warning", "review": "note", "permitted": "note"}
_WIDEST = 44


def table_of(lint: Lint) -> Iterator[str]:
    """Lines for a terminal: findings, entries of the registry, skips, then the counts."""
    rows = [(_SAID[one.severity], one.place, _named(one), f"{one.label}: {one.why}") for one in lint.verdicts]
    rows += [("registry", one.place, one.code, f"{one.message}; {one.help}") for one in lint.remarks]
    rows += [("skipped", one.place, one.code, f"{one.message}; {one.help}") for one in lint.skipped]
    if rows:
        yield from _aligned([("SEVERITY", "PLACE", "FIELD", "WHY"), *rows])
        yield ""
    yield _counted(lint)


def _named(verdict: Verdict) -> str:
    return f"{verdict.table}.{verdict.field}" if verdict.table else verdict.field


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [min(_WIDEST, max(len(_plain(row[column])) for row in rows)) for column in range(3)]
    for row in rows:
        cells = [_plain(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, _plain(row[3])]).rstrip()


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _counted(lint: Lint) -> str:
    said = [f"{lint.counts[key]} {word}" for key, word in _SAID.items()]
    read = f"{lint.fields} fields of {lint.schemas} schemas read"
    return f"{', '.join(said)}, {len(lint.remarks)} of the registry; {read}, {lint.passed_over} other files passed over, {len(lint.skipped)} skipped"


def json_of(lint: Lint) -> dict[str, Any]:
    """The findings as a JSON value."""
    return {
        "findings": [_verdict_json(one) for one in lint.verdicts],
        "registry": [{"code": r.code, "where": r.place, "message": r.message, "help": r.help} for r in lint.remarks],
        "skipped": [{"code": s.code, "where": s.place, "message": s.message, "help": s.help} for s in lint.skipped],
        "counts": {key: lint.counts[key] for key in _SAID},
        "read": {"schemas": lint.schemas, "fields": lint.fields, "passed_over": lint.passed_over},
    }


def _verdict_json(one: Verdict) -> dict[str, str]:
    return {
        "where": one.place, "table": one.table, "field": one.field, "label": one.label, "severity": one.severity,
        "rule": one.rule, "why": one.why, "duty": one.duty, "cites": one.cites, "norm": one.norm,
    }  # fmt: skip


def sarif_of(lint: Lint, version: str) -> dict[str, Any]:
    """The findings as a SARIF 2.1.0 log, as code hosts show them beside the lines.

    Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
    """
    results = [
        _result(
            one.rule,
            _LEVELS[one.severity],
            f"{_named(one)}: {one.why} ({_SAID[one.severity]})",
            one.place,
            one.severity == "permitted",
        )
        for one in lint.verdicts
    ]
    results += [_result(one.code, "warning", f"{one.message}; {one.help}", one.place) for one in lint.remarks]
    names = dict.fromkeys(one["ruleId"] for one in results)
    for result in results:
        result["ruleIndex"] = list(names).index(result["ruleId"])
    whys = {one.rule: one.why.partition(";")[0] for one in lint.verdicts} | {
        one.code: one.message for one in lint.remarks
    }
    driver = {
        "name": "brightline guard lint",
        "version": version,
        "rules": [{"id": name, "shortDescription": {"text": whys[name]}} for name in names],
    }
    invocation = {
        "executionSuccessful": not lint.skipped,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"{s.message}; {s.help}"},
                "descriptor": {"id": s.code},
                "locations": [_location(s.place)],
            }
            for s in lint.skipped
        ],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "invocations": [invocation], "results": results}],
    }


def _result(rule: str, level: str, text: str, place: str, is_permitted: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"ruleId": rule, "level": level, "message": {"text": text}, "locations": [_location(place)]}
    if is_permitted:
        found["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return found


def _location(place: str) -> dict[str, Any]:
    path, _, line = place.rpartition(":")
    if not line.isdigit() or not path:
        path, line = place, ""
    path, _, part = path.partition("#")
    address = path if "://" in path else quote(PurePath(path).as_posix())
    physical: dict[str, Any] = {"artifactLocation": {"uri": address}}
    if line:
        physical["region"] = {"startLine": max(1, int(line))}
    found: dict[str, Any] = {"physicalLocation": physical}
    if part:
        found["logicalLocations"] = [{"name": part}]
    return found
