"""Scenario files: what a case may state, and which file is whose."""

from __future__ import annotations

import pytest

from brightline.law.corpusfiles import (
    edge_cases,
    edges_name,
    law_files,
    load_law,
    scenario_files,
    stem_of,
    written_cases,
)
from brightline.law.errors import BrightlineError
from brightline.law.scenarios import read_cases, run_case

NORMS = """- id: must-write
  action: write_down
  modality: required
  when: guest
  within: {amount: 2, unit: hours}
  starts: asked_at
  with: [open_gate]
  cites: § 1
  says: A guest is written down within two hours.
"""
TWO, THREE = (f"{{amount: {hours}, unit: hours}}" for hours in (2, 3))


def result(small, guest, action, **fields):
    small.authority("act", NORMS)
    lines = [f"- {{id: a, profile: land, as_of: 2024-01-01, facts: {{guest: {guest}}}, action: {action}"]
    lines += [f", {key}: {value}" for key, value in fields.items()]
    path = small.root / "cases.yaml"
    path.write_text("".join(lines) + "}\n")
    return run_case(small.law(), read_cases(path)[0], "land/act")


@pytest.mark.parametrize(
    ("guest", "absent", "missed"),
    [
        ("false", "[{action: write_down}]", 0),
        ("true", "[{action: write_down}]", 1),
        ("true", f"[{{action: write_down, within: {TWO}}}]", 1),
        ("true", f"[{{action: write_down, within: {THREE}}}]", 0),
        ("true", f"[{{action: write_down, within: {THREE}}}, {{action: write_down}}]", 1),
        ("false", f"[{{action: write_down, within: {TWO}}}]", 0),
    ],
)
def test_a_case_can_say_that_a_duty_or_a_time_must_be_absent(small, guest, absent, missed):
    found = result(small, guest, "open_gate", expect="permitted", no_duties=absent)
    assert found.is_ok
    assert len(found.duties_missed) == missed
    assert all("`write_down` that should be absent" in words for words in found.duties_missed)


def test_an_act_that_is_required_cannot_be_said_to_be_no_duty(small):
    found = result(small, "true", "write_down", expect="required", no_duties="[{action: write_down}]")
    assert len(found.duties_missed) == 1


@pytest.mark.parametrize("key", ["duties", "no_duties"])
@pytest.mark.parametrize("value", ["write_down", "[write_down]", "[{within: {amount: 2, unit: hours}}]", "{action: x}"])
def test_duties_of_another_form_are_refused(small, key, value):
    with pytest.raises(BrightlineError) as caught:
        result(small, "true", "open_gate", expect="permitted", **{key: value})
    assert (caught.value.code, key in caught.value.message) == ("scenario-file", True)


def test_written_scenarios_and_edge_cases_lie_beside_the_law_file_and_are_told_apart(small):
    small.authority("act", NORMS)
    row = "- {id: %s, profile: land, as_of: 2024-01-01, facts: {}, action: open_gate, expect: permitted}\n"
    file = "land/act@2020-01-01.yaml"
    assert written_cases(small.root, file) == edge_cases(small.root, file) == []
    (small.root / "land" / "act@2020-01-01.scenarios.yaml").write_text(row % "mine")
    (small.root / edges_name(file)).write_text(row % "made")
    assert [case.id for case in written_cases(small.root, file)] == ["mine"]
    assert [case.id for case in edge_cases(small.root, file)] == ["made"]
    names = [path.relative_to(small.root).as_posix() for path in (*scenario_files(small.root), *law_files(small.root))]
    assert len(names) == 3
    assert {stem_of(name) for name in names} == {"land/act@2020-01-01"}
    assert {edges_name(name) for name in names} == {"land/act@2020-01-01.edges.scenarios.yaml"}


def test_scenarios_are_no_part_of_what_the_kept_law_depends_on(small):
    small.authority("act", NORMS)
    before = load_law(small.root, cached=False).fingerprint
    (small.root / "land" / "act@2020-01-01.edges.scenarios.yaml").write_text("- {}\n")
    assert load_law(small.root, cached=False).fingerprint == before
    small.authority("act-too", NORMS)
    assert load_law(small.root, cached=False).fingerprint != before
