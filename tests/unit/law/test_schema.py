"""The schema for editors: valid itself, true of every shipped file, and as strict as the loader about names."""

from __future__ import annotations

import copy
import functools
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS
from brightline.law.corpusfiles import CORPUS, law_files, read_vocabulary
from brightline.law.schema import DESCRIPTIONS, law_file_schema
from brightline.law.yamlfile import load_yaml


@functools.cache
def schema() -> dict[str, Any]:
    return law_file_schema(read_vocabulary(CORPUS))


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


LAW: dict[str, Any] = {
    "authority": "us/mn/x",
    "title": "X",
    "citation": "X",
    "kind": "opinion",
    "rank": "persuasive",
    "in_force": {"from": "2025-02-06"},
    "source": "x",
    "evidence": "read",
    "norms": [
        {"id": "a-norm", "action": "hold_beyond_release", "modality": "prohibited", "cites": "§ 1", "says": "No."}
    ],
}


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def with_change(path: list[Any], value: Any) -> dict[str, Any]:
    law = copy.deepcopy(LAW)
    row = law
    for step in path[:-1]:
        row = row[step]
    row[path[-1]] = value
    return law


def test_the_schema_is_a_valid_draft_2020_12_schema():
    Draft202012Validator.check_schema(schema())


def test_every_shipped_law_file_validates():
    wrong = {
        path.name: error.message
        for path in law_files(CORPUS)
        for error in validator().iter_errors(as_json(load_yaml(path)))
    }
    assert wrong == {}


def test_a_small_law_file_validates():
    assert list(validator().iter_errors(LAW)) == []


@pytest.mark.parametrize("path, value", [
    (["colour"], "red"),
    (["norms", 0, "colour"], "red"),
    (["norms", 0, "action"], "hold_forever"),
    (["norms", 0, "action"], ["hold_beyond_release", "hold_forever"]),
    (["norms", 0, "modality"], "forbidden"),
    (["norms", 0, "reading"], {"no_such_reading": "x"}),
    (["norms", 0, "within"], {"amount": 2, "unit": "fortnights"}),
    (["norms", 0, "within"], {"amount": True, "unit": "hours"}),
    (["norms", 0, "starts"], "actor_role"),
    (["norms", 0, "overrides"], ["everything"]),
    (["norms", 0, "overrides"], {"modalities": ["prohibited"], "colour": "red"}),
    (["kind"], "rumour"),
    (["rank"], "top"),
    (["evidence"], "guess"),
    (["in_force"], {"to": "2025-02-06"}),
    (["in_force"], {"from": "2025-02-06T10:00:00"}),
    (["binding_in"], {"federal_circuit": "x"}),
    (["title"], ["x"]),
])  # fmt: skip
def test_a_file_with_an_unknown_name_or_a_wrong_type_does_not_validate(path, value):
    assert not validator().is_valid(with_change(path, value))


@pytest.mark.parametrize("field", ["authority", "title", "citation", "kind", "rank", "in_force", "source", "evidence"])
def test_a_file_without_a_field_that_every_authority_has_does_not_validate(field):
    assert not validator().is_valid({key: value for key, value in LAW.items() if key != field})


@pytest.mark.parametrize("field", ["id", "action", "modality", "cites", "says"])
def test_a_norm_without_a_field_that_every_norm_has_does_not_validate(field):
    norm = {key: value for key, value in LAW["norms"][0].items() if key != field}
    assert not validator().is_valid({**LAW, "norms": [norm]})


def test_every_field_of_an_authority_and_a_norm_is_described():
    norm = schema()["properties"]["norms"]["items"]
    for fields, table in ((AUTHORITY_FIELDS, schema()), (NORM_FIELDS, norm)):
        assert list(table["properties"]) == list(fields)
        assert all(table["properties"][name]["description"] == DESCRIPTIONS[name] for name in fields)


def test_completion_offers_the_words_of_the_vocabulary():
    norm = schema()["properties"]["norms"]["items"]["properties"]
    assert "hold_beyond_release" in schema()["$defs"]["action"]["enum"]
    assert norm["reading"]["properties"]["s1373_scope"]["anyOf"][0]["enum"] == ["broad", "narrow_status_only"]
    assert "request_received_at" in norm["starts"]["enum"]
