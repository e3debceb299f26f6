"""Everything `law check` finds, each on a small law made wrong in one way."""

from __future__ import annotations

import pytest

from brightline.law.check import check_corpus

GOOD = "- id: shut\n  action: open_gate\n  modality: prohibited\n  when: guest\n  cites: § 1\n  says: A guest may not open the gate.\n"
CASE = "- id: a-guest\n  profile: land\n  as_of: 2024-01-01\n  facts: {guest: true}\n  action: open_gate\n  expect: prohibited\n  decides: [shut]\n"


def written(small, norms=GOOD, cases=CASE, **fields):
    small.authority("act", norms, **fields)
    (small.root / "land" / "act@2020-01-01.scenarios.yaml").write_text(cases)
    return check_corpus(small.root)


def test_a_law_with_nothing_wrong_has_no_findings(small):
    assert written(small) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "words"),
    [
        ("when: guest", "when: guset", "unknown-name", 13, "`guest`"),
        ("when: guest", "when: age", "type", 13, "compare it"),
        ("when: guest", "when: paper == writ2", "unknown-value", 13, "`writ`"),
        ("when: guest", "when: age == adult", "type", 13, "whole number"),
        ("when: guest", "when: guest.name", "expression", 13, "outside the language"),
        ("action: open_gate", "action: open_gates", "unknown-name", 11, "`open_gate`"),
        ("modality: prohibited", "modality: forbidden", "unknown-value", 12, "`prohibited`"),
        ("  cites: § 1\n", "", "no-citation", 10, "pinpoint"),
        ("  says: A guest may not open the gate.\n", "", "no-says", 10, "plain sentence"),
        ("when: guest", "when: guest\n  whne: guest", "unknown-field", 14, "`when`"),
        ("when: guest", "when: guest\n  unless: not guest", "exception-never", 10, "can never apply"),
        ("when: guest", "when: guest and not guest", "never", 10, "can never take part"),
        ("when: guest", "within: {amount: 2, unit: days}", "no-start", 13, "asked_at"),
        ("when: guest", "within: {amount: 2, unit: days}\n  starts: guest", "no-start", 14, "asked_at"),
        ("when: guest", "within: {amount: 2, unit: dayz}\n  starts: asked_at", "unknown-value", 13, "`days`"),
        ("when: guest", "reading: {moat: wets}", "unknown-value", 13, "`wet`"),
        ("when: guest", "reading: {moot: wet}", "unknown-name", 13, "`moat`"),
        ("when: guest", "when: guest\n  derogates: [shutt]", "unknown-norm", 10, "`land/act#shut`"),
        ("when: guest", "when: guest\n  overrides: [forbidden]", "unknown-value", 14, "cannot be taken away"),
        ("when: guest", "when: guest\n  evidence: hearsay", "unknown-value", 14, "evidence"),
        ("when: guest", "when: guest\n  derogates: [shut]", "derogates-circle", 10, "circle"),
        ("when: guest", "within: {amount: 2, unit: business_days}\n  starts: asked_at", "unknown-calendar", 10, "calendar"),
        ("when: guest", "within: {amount: 2, unit: days, rolls: {over: [holidays], cites: X}}\n  starts: asked_at", "unknown-calendar", 10, "calendar"),
        ("when: guest", "within: {amount: 2, unit: days}\n  starts: asked_at\n  extends: {within: {amount: 2, unit: business_days}}", "unknown-calendar", 10, "calendar"),
        ("when: guest", "within: {amount: 2, unit: days, rolls: {over: [sunday], cites: X}}\n  starts: asked_at", "unknown-value", 13, "`sundays`"),
        ("when: guest", "within: {amount: 2, unit: days, rolls: {over: [sundays]}}\n  starts: asked_at", "missing-field", 13, "cites"),
        ("when: guest", "within: {amount: 2, unit: hours, rolls: {over: [sundays], cites: X}}\n  starts: asked_at", "deadline", 13, "`days`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_with_its_line_the_words_at_fault_and_what_to_do(
    small, before, after, code, line, words
):
    findings = [f for f in written(small, GOOD.replace(before, after)) if f.code not in ("no-scenario", "scenario")]
    assert [(f.code, f.where) for f in findings] == [(code, f"land/act@2020-01-01.yaml:{line}")]
    assert words in findings[0].message + findings[0].help
    assert findings[0].help


def test_a_norm_that_no_scenario_makes_decide_is_found(small):
    assert [f.code for f in written(small, cases="")] == ["no-scenario"]


def test_a_scenario_that_names_a_norm_which_does_not_decide_is_found(small):
    findings = written(small, cases=CASE.replace("guest: true", "guest: false").replace("prohibited", "permitted"))
    assert [f.code for f in findings] == ["scenario"]
    assert "does not decide" in findings[0].message


def test_edge_cases_are_checked_like_any_other_and_spare_nobody_a_scenario(small):
    path = small.root / "land" / "act@2020-01-01.edges.scenarios.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CASE)
    assert written(small) == []
    assert [f.code for f in written(small, cases="")] == ["no-scenario"]
    path.write_text(CASE.replace("prohibited", "permitted"))
    assert [(f.code, f.where) for f in written(small)] == [("scenario", "land/act@2020-01-01.edges.scenarios.yaml:1")]
    path.write_text("- [")
    assert [(f.code, f.where.partition(":")[0]) for f in written(small)] == [
        ("yaml", path.relative_to(small.root).as_posix())
    ]


def test_two_versions_in_force_on_one_day_are_found(small):
    small.authority("act", GOOD, since="2022-01-01")
    (small.root / "land" / "act@2022-01-01.scenarios.yaml").write_text(CASE)
    assert [f.code for f in written(small)] == ["overlap"]


def test_versions_that_follow_each_other_are_not(small):
    small.authority("act", GOOD, since="2022-01-01")
    (small.root / "land" / "act@2022-01-01.scenarios.yaml").write_text(CASE)
    cases = CASE.replace("2024", "2021")
    assert written(small, cases=cases, extra="in_force: {from: 2020-01-01, to: 2021-12-31}\n") == []


def test_a_derogation_across_ranks_and_an_override_upward_are_found(small):
    small.authority("crown", GOOD.replace("id: shut", "id: top"), rank="high")
    (small.root / "land" / "crown@2020-01-01.scenarios.yaml").write_text(CASE.replace("[shut]", "[top]"))
    wrong = GOOD.replace(
        "when: guest",
        "when: guest\n  derogates: [land/crown#top]\n  overrides: {modalities: [prohibited], norms: [land/crown#top]}",
    )
    assert {f.code for f in written(small, wrong)} == {"derogates-rank"}
    wrong = GOOD.replace("when: guest", "when: guest\n  overrides: {modalities: [prohibited], norms: [land/crown#top]}")
    assert {f.code for f in written(small, wrong)} == {"overrides-rank"}


def test_every_wrong_norm_of_a_file_is_found_at_once(small):
    two = GOOD.replace("guest\n", "guset\n") + GOOD.replace("id: shut", "id: other").replace("guest\n", "gest\n")
    findings = [f for f in written(small, two) if f.code == "unknown-name"]
    assert [f.where.rpartition(":")[2] for f in findings] == ["13", "19"]


@pytest.mark.parametrize(("text", "code"), [("facts: [", "yaml"), ("nothing: here\n", "unknown-field")])
def test_a_vocabulary_that_cannot_be_read_is_the_one_finding(small, text, code):
    (small.root / "vocabulary.yaml").write_text(text)
    assert [f.code for f in check_corpus(small.root)] == [code]


def test_a_jurisdiction_file_of_another_folder_is_found(small):
    small.authority("act", GOOD)
    (small.root / "land" / "jurisdiction.yaml").write_text("jurisdiction: sea\n")
    assert [f.code for f in check_corpus(small.root)] == ["jurisdiction"]


def test_findings_can_be_kept_to_one_folder(small):
    small.authority("act", GOOD, folder="land/castle").authority("act", GOOD)
    assert {f.where.rpartition("/")[0] for f in check_corpus(small.root, "land/castle")} == {"land/castle"}


@pytest.mark.parametrize("where", ["vocabulary.yaml", "land/jurisdiction.yaml"])
def test_a_definition_with_the_name_of_a_reading_is_refused(small, where):
    path = small.root / where
    path.parent.mkdir(exist_ok=True)
    before = path.read_text() if path.is_file() else "jurisdiction: land\n"
    path.write_text(before + "definitions:\n  moat: guest\n")
    (finding,) = written(small)
    assert (finding.code, finding.where.partition(":")[0]) == ("vocabulary", where)
    assert "`moat`" in finding.message


@pytest.mark.parametrize(
    "duties",
    ["x", "[x]", "{action: write_down}", "[{within: x}]", "[{within: {amount: x}}]", "[{within: {amount: 1, excludes: x}}]", "[{within: {amount: 1, rolls: 7}}]"],
)  # fmt: skip
def test_duties_of_a_case_that_are_not_duties_with_times_are_found(small, duties):
    (finding,) = [f for f in written(small, cases=CASE + f"  duties: {duties}\n") if f.code != "no-scenario"]
    assert finding.code == "scenario-file"
    assert "`duties`" in finding.message
