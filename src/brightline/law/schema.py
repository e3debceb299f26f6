"""A JSON Schema of law files, for completion and checks in an editor. `brightline law check` is the full check.

The words of the vocabulary are in it, so it is made anew for each corpus; the descriptions say the same as
docs/reference/law-files.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brightline.law.authorityfile import AUTHORITY_FIELDS, EVIDENCE, KINDS, MAX_AMOUNT, NORM_FIELDS
from brightline.law.vocabulary import Vocabulary

__all__ = ["DESCRIPTIONS", "law_file_schema"]

Schema = dict[str, Any]

DESCRIPTIONS = {
    "authority": "The folder, a slash, and the file name before the `@`. Versions of one authority share it.",
    "title": "The authority's name in words.",
    "citation": "How a lawyer cites the authority.",
    "kind": "What sort of authority it is.",
    "rank": "Its standing: one of the ranks of the vocabulary.",
    "binding_in": "For holdings: the circuits or paths it binds. Elsewhere the authority is `persuasive`.",
    "federal_circuit": "The numbers of the federal circuits it binds.",
    "in_force": "`{from: DATE}` or `{from: DATE, to: DATE}`; `to` is the last day. On a norm: where it differs from the authority's.",
    "from": "The first day in force.",
    "to": "The last day in force; left out while it stands.",
    "enjoined": "Times in which a court keeps it from being applied; it takes no part for a profile under one of `paths` (all, if none is named).",
    "paths": "Profiles or folders; what lies below them is included.",
    "by": "The court's decision, cited.",
    "supersedes": "The authorities it replaced, for readers.",
    "source": "Where it was read.",
    "evidence": "How well it was verified: `read`, `secondary` or `memory`.",
    "verified_on": "When it was verified.",
    "definitions": "Names for conditions, seen only in this file. A jurisdiction's own are in its `jurisdiction.yaml`.",
    "context": "Law that binds only federal officers, which staff should know. It decides nothing.",
    "note": "What a reviewer must know.",
    "norms": "The rules.",
    "id": "Short, kebab-case, unique in the authority. Elsewhere it is called `authority#id`.",
    "action": "An action of the vocabulary, or a list of them.",
    "modality": "What the norm says of its actions. `may_not_restrict`: the employer may not forbid it; `power`: only the named body can do it.",
    "binds": "Who is bound: a condition on facts of the actor and agency. Left out: everyone in the profile.",
    "when": "The condition under which it applies. Left out: always.",
    "unless": "The exception: a condition. Left out: never.",
    "reading": "`{name: value}` or `{name: [value, value]}`: it takes part only under that reading.",
    "overrides": "The modalities of lower-ranking norms that it takes away on its actions, or `{modalities, norms}` for some norms only.",
    "modalities": "The modalities it takes away.",
    "overridden": "The norms it takes away, as `id` in this file or `authority#id`.",
    "derogates": "Norms of the same rank that it beats, as the special rule beats the general: `id` in this file, `authority#id` elsewhere.",
    "within": "A deadline. `immediately`, `promptly` and `as_soon_as_practicable` carry amount 0.",
    "amount": "A whole number of the unit.",
    "unit": "A unit of the vocabulary.",
    "excludes": "Days that are not counted.",
    "calendar": "The calendar that names the holidays; the jurisdiction's own if left out.",
    "rolls": "Days over which the last day rolls forward, to the next day that is none of them, and the law that says so.",
    "over": "The days it rolls over.",
    "starts": "The fact (a date or a time) at which the clock starts. A `within` needs one.",
    "extends": "A longer time on a condition.",
    "with": "For a norm on a duty: the acts whose answer should name this duty.",
    "cites": "The pinpoint.",
    "says": "One plain sentence of our own, grade 8 or so: who may, must or must not do what, when. Never pasted from the source.",
}

_AUTHORITY_NEEDS = ["authority", "title", "citation", "kind", "rank", "in_force", "source", "evidence"]
_NORM_NEEDS = ["id", "action", "modality", "cites", "says"]
_TEXT: Schema = {"type": "string", "minLength": 1}
_DATE: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_CONDITION: Schema = {"type": ["string", "boolean"], "minLength": 1}


def law_file_schema(vocabulary: Vocabulary) -> Schema:
    """Describe a law file as a JSON Schema, draft 2020-12, with the words of a vocabulary."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Brightline law file: one version of one authority",
        **_table(_authority(vocabulary), AUTHORITY_FIELDS, _AUTHORITY_NEEDS),
        "$defs": {
            "action": _words(vocabulary.actions),
            "condition": _CONDITION,
            "date": _DATE,
            "evidence": _words(EVIDENCE),
            "within": _within(vocabulary),
        },
    }


def _authority(vocabulary: Vocabulary) -> dict[str, Schema]:
    circuit = {"type": "integer", "minimum": 1, "maximum": 13}
    return {
        "kind": _words(KINDS),
        "rank": _words(vocabulary.ranks),
        "binding_in": {
            **_table({"federal_circuit": _one_or_more(circuit), "paths": _one_or_more(_TEXT)}),
            "minProperties": 1,
        },
        "supersedes": _one_or_more(_TEXT),
        "definitions": {"type": "object", "additionalProperties": _ref("condition")},
        "context": _list(
            _table({"says": _TEXT, "cites": _TEXT, "evidence": _ref("evidence")}, needs=["says", "cites", "evidence"])
        ),
        "norms": _list(_table(_norm(vocabulary), NORM_FIELDS, _NORM_NEEDS)),
        **_shared(),
    }


def _shared() -> dict[str, Schema]:
    """Describe the fields that an authority and a norm both have."""
    span = {"from": _ref("date"), "to": _ref("date")}
    return {
        "in_force": _table(span, needs=["from"]),
        "enjoined": _list(_table({**span, "paths": _one_or_more(_TEXT), "by": _TEXT}, needs=["from", "by"])),
        "evidence": _ref("evidence"),
        "verified_on": _ref("date"),
    }


def _norm(vocabulary: Vocabulary) -> dict[str, Schema]:
    return {
        "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
        "action": _one_or_more(_ref("action")),
        "modality": _words(vocabulary.modalities),
        **{name: _ref("condition") for name in ("binds", "when", "unless")},
        "reading": _readings(vocabulary),
        "overrides": _overrides(),
        "derogates": _one_or_more(_TEXT),
        "within": _ref("within"),
        "starts": _words(f.name for f in vocabulary.facts.values() if f.kind in ("datetime", "date")),
        "extends": _table({"when": _ref("condition"), "within": _ref("within"), "cites": _TEXT}, needs=["within"]),
        "with": _one_or_more(_ref("action")),
        **_shared(),
    }


def _readings(vocabulary: Vocabulary) -> Schema:
    fields = {r.name: {**_one_or_more(_words(r.values)), "description": r.issue} for r in vocabulary.readings.values()}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _overrides() -> Schema:
    modality = _one_or_more(_words(("prohibited", "required", "permitted")))
    chosen = _table(
        {"modalities": modality, "norms": {**_one_or_more(_TEXT), "description": DESCRIPTIONS["overridden"]}}
    )
    return {"anyOf": [*modality["anyOf"], chosen]}


def _within(vocabulary: Vocabulary) -> Schema:
    fields: dict[str, Schema] = {
        "amount": {"type": "integer", "minimum": 0, "maximum": MAX_AMOUNT},
        "unit": _words(vocabulary.units),
        "excludes": _one_or_more(_words(vocabulary.excludes)),
        "calendar": _TEXT,
        "rolls": _table({"over": _one_or_more(_words(vocabulary.rolls)), "cites": _TEXT}, needs=["over", "cites"]),
    }
    return _table(fields, needs=["amount", "unit"])


def _table(fields: dict[str, Schema], names: Iterable[str] = (), needs: Iterable[str] = ()) -> Schema:
    """Describe a mapping: each field with its description, text where nothing else is said of it."""
    described = {name: {"description": DESCRIPTIONS[name], **fields.get(name, _TEXT)} for name in names or fields}
    return {"type": "object", "properties": described, "required": list(needs), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _words(words: Iterable[str]) -> Schema:
    return {"enum": sorted(words)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
