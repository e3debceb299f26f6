"""The contract of the JSON of an answer: its exact shape, on many real answers. Change it and `version` changes."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

import brightline
from brightline.law import answer
from brightline.law.answerjson import FORMAT_VERSION, answers_to_json

TEXT = {"type": "string"}
VALUE = {"type": ["string", "boolean", "integer"]}


def exactly(**fields):
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def listed(items):
    return {"type": "array", "items": items}


QUESTION = {
    "anyOf": [
        {"type": "null"},
        exactly(
            fact=TEXT,
            asks=TEXT,
            kind={"enum": ["bool", "enum", "int", "datetime", "date"]},
            values=listed(VALUE),
            unit=TEXT,
            transient={"type": "boolean"},
            why=TEXT,
        ),
    ]
}
CHANGE = exactly(fact=TEXT, to=VALUE, modality=TEXT)
CHANGE["properties"] |= {"together": listed(exactly(fact=TEXT, to=VALUE)), "or_like": listed(VALUE)}
ANSWER = exactly(
    action=TEXT,
    modality={"enum": ["required", "prohibited", "permitted", "unsettled", "open"]},
    marks=listed({"enum": ["robust", "contested", "silent", "unverified"]}),
    basis=listed(
        exactly(
            norm=TEXT,
            cites=TEXT,
            rank=TEXT,
            evidence={"enum": ["read", "secondary", "memory"]},
            says=TEXT,
            source=TEXT,
            verified_on=TEXT,
            note=TEXT,
        )
    ),
    defeated=listed(exactly(norm=TEXT, by=TEXT, why=TEXT)),
    duties=listed(
        exactly(
            action=TEXT,
            due_at={"type": ["string", "null"]},
            within=TEXT,
            working=TEXT,
            cites=TEXT,
            norm=TEXT,
            says=TEXT,
            keep={"type": "boolean"},
            rolled_from={"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]},
        )
    ),
    contested=listed(exactly(reading=TEXT, value=TEXT, modality=TEXT)),
    would_change_if=listed(CHANGE),
    presumed=listed(exactly(fact=TEXT, value=VALUE, because=TEXT)),
    question=QUESTION,
    possible=listed(TEXT),
)
ANSWERS = exactly(
    version={"const": 1},
    profile=TEXT,
    on={"type": "string", "format": "date"},
    answers=listed(ANSWER),
    question=QUESTION,
)


@pytest.mark.parametrize(
    "profile",
    [
        "us",
        "us/mn/hennepin/sheriff",
        "us/mn/minneapolis/police",
        "us/ca",
        "us/tx/dallas/sheriff",
        "us/nj",
        "us/wa",
        "us/ny/new-york-city",
    ],
)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {
            "request_kind": "hold",
            "instrument": "i247a_detainer",
            "requester": "ice_ero",
            "release_due_at": "2026-01-16T18:05:00-06:00",
            "custody_state": "jail",
        },
    ],
)
def test_an_answer_has_exactly_the_documented_shape(law, profile, facts):
    told = answers_to_json(answer(law, profile, facts, on=date(2026, 6, 1)))
    jsonschema.validate(json.loads(json.dumps(told)), ANSWERS)


def test_the_version_is_the_one_this_contract_describes():
    assert FORMAT_VERSION == 1


def test_the_python_api_is_what_it_says_it_is():
    assert sorted(brightline.__all__) == [
        "Answer",
        "Answers",
        "BrightlineError",
        "Interview",
        "Law",
        "Situation",
        "answer",
        "ask",
        "load_law",
        "situation",
    ]
    assert all((getattr(brightline, name).__doc__ or "").strip() for name in brightline.__all__)
