"""What is lawfully kept is declared in a file; entries that do not hold permit nothing and are findings."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from brightline.guard.schemas.lint import lint
from brightline.guard.schemas.registry import read_registry
from brightline.law.corpusfiles import read_law
from brightline.law.errors import BrightlineError

pytest.importorskip("sqlglot", reason="needs the extra `guard`")

ON = date(2026, 6, 1)
NORM = "- {id: keep, action: open_gate, modality: required, cites: § 1, says: A rule.}\n"
WHOLE = {
    "purpose": "a register", "norm": "land/act#keep", "data": "[a.sql#t.alien_no]", "retention": "a year",
    "isolated": "its own schema", "expires": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def linted(small, tmp_path):
    small.authority("act", NORM)
    small.authority("late", NORM, since="2026-09-01")
    law = read_law(small.root)
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "a.sql").write_text("CREATE TABLE t (alien_no TEXT, pob TEXT);")

    def run(**entry):
        path = tmp_path / "basis.yaml"
        lines = [f"  {key}: {value}" for key, value in entry.items() if value is not None]
        path.write_text("basis:\n- " + "\n".join(lines).lstrip() + "\n")
        found = lint([str(folder)], read_registry(path, law, ON))
        severities = {one.field: one.severity for one in found.verdicts}
        return SimpleNamespace(severities=severities, codes=[one.code for one in found.remarks], found=found)

    return run


def test_a_sound_entry_permits_its_field_and_no_other_and_the_field_is_still_reported(linted):
    run = linted(**WHOLE)
    assert run.severities == {"alien_no": "permitted", "pob": "prohibited"}
    assert run.codes == []
    assert run.found.verdicts[0].norm == "land/act#keep"
    assert "a register" in run.found.verdicts[0].why


@pytest.mark.parametrize("glob", ["alien_no", "a.sql#alien_no", "there/a.sql#t.alien_no", "*#alien*", "*.sql#t.*"])
def test_globs_name_a_field_a_file_or_a_table(linted, glob):
    assert linted(**{**WHOLE, "data": f"['{glob}']"}).severities["alien_no"] == "permitted"


@pytest.mark.parametrize("glob", ["b.sql#alien_no", "u.alien_no", "alien"])
def test_globs_that_name_something_else_permit_nothing_and_are_a_finding(linted, glob):
    run = linted(**{**WHOLE, "data": f"['{glob}']"})
    assert run.severities["alien_no"] == "prohibited"
    assert run.codes == ["registry-unmatched"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("expires", "2026-05-31", "registry-expired"),
        ("expires", None, "registry-no-expiry"),
        ("norm", None, "registry-uncited"),
        ("norm", "land/act#kept", "registry-unknown-norm"),
        ("retention", None, "registry-incomplete"),
        ("isolated", None, "registry-incomplete"),
    ],
)
def test_an_entry_that_does_not_hold_permits_nothing_and_is_a_finding(linted, key, value, code):
    run = linted(**{**WHOLE, key: value})
    assert run.severities["alien_no"] == "prohibited"
    assert run.codes == [code]


def test_an_entry_holds_on_its_last_day(linted):
    assert linted(**{**WHOLE, "expires": ON.isoformat()}).severities["alien_no"] == "permitted"


def test_an_entry_covers_only_its_classes(linted):
    assert linted(**WHOLE, covers="[status_number]").severities["alien_no"] == "permitted"
    assert linted(**WHOLE, covers="[birthplace]").severities["alien_no"] == "prohibited"


def test_a_norm_that_is_not_yet_in_force_permits_nothing(linted):
    run = linted(**{**WHOLE, "norm": "land/late#keep"})
    assert run.severities["alien_no"] == "prohibited"
    assert run.codes == ["registry-norm-not-in-force"]


def test_a_word_that_is_no_field_of_an_entry_is_refused_with_its_line(linted):
    with pytest.raises(BrightlineError) as caught:
        linted(**WHOLE, reason="x")
    assert caught.value.code == "guard-basis"


def test_what_fails_depends_on_the_gravity_asked_for(linted):
    run = linted(**{**WHOLE, "data": "['*']"}).found
    assert not run.fails("basis")
    late = linted(**{**WHOLE, "data": "['*']", "expires": "2026-01-01"}).found
    assert late.fails("prohibited") and late.fails("basis")
    assert not late.fails("never")
