"""A version of an authority in force in place of the others."""

from __future__ import annotations

from datetime import date

import pytest

from brightline.law.errors import BrightlineError
from brightline.law.versions import check_one_version, versions_of, with_version

RULE = "- {{id: {0}, action: open_gate, modality: prohibited, cites: § 1, says: A rule.{1}}}\n"
OLD, NEW = "2020-01-01", "2022-01-01"


@pytest.fixture
def law(small):
    small.authority("act", RULE.format("old", ""), extra="in_force: {from: 2020-01-01, to: 2021-12-31}\n")
    late = RULE.format("late", ", in_force: {from: 2024-01-01}")
    small.authority("act", RULE.format("new", "") + late, since=NEW)
    small.authority("other", RULE.format("other", ""), since="2019-01-01")
    return small.law()


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("on", [date(2019, 6, 1), date(2021, 6, 1), date(2023, 6, 1), date(2025, 6, 1)])
def test_a_version_stands_on_every_day_and_no_other_does(law, version, on):
    there = {n.id for n in with_version(law, "land/act", version, "land").stack("land", on).norms}
    own = {"land/act#old"} if version == OLD else {"land/act#new"}
    # A norm with a first day of its own keeps it, and all other law is that of the day.
    late = {"land/act#late"} if version == NEW and on >= date(2024, 1, 1) else set()
    assert there == own | late | {"land/other#other"}


def test_the_law_given_stays_as_it_is(law):
    with_version(law, "land/act", OLD, "land")
    assert "land/act#old" not in {n.id for n in law.stack("land", date(2023, 6, 1)).norms}
    assert [a.version for a in versions_of(law, "land/act")] == [OLD, NEW]
    assert versions_of(law, "land/acts") == ()


@pytest.mark.parametrize(
    ("name", "version", "profile", "code", "help"),
    [
        ("land/acts", OLD, "land", "unknown-authority", "`land/act`"),
        ("land/act", "2022-01-02", "land", "unknown-version", "`2022-01-01`"),
        ("land/act", "", "land", "unknown-version", "`land/act@2020-01-01`"),
        ("land/castle/rule", "2020-01-01", "land", "authority-elsewhere", "`land/castle`"),
    ],
)
def test_what_cannot_be_put_in_force_is_refused_with_what_can(small, law, name, version, profile, code, help):
    small.authority("rule", RULE.format("r", ""), folder="land/castle")
    with pytest.raises(BrightlineError) as error:
        with_version(small.law(), name, version, profile)
    assert (error.value.code, help in error.value.help) == (code, True)


def test_two_versions_in_force_at_once_are_refused(small, law):
    check_one_version(law, "land", date(2023, 6, 1))
    small.authority("act", RULE.format("again", ""), since="2023-01-01")
    twice = small.law()
    check_one_version(twice, "land", date(2022, 6, 1))
    with pytest.raises(BrightlineError) as error:
        check_one_version(twice, "land", date(2023, 6, 1))
    assert (error.value.code, error.value.where) == ("overlap", "land/act@2023-01-01.yaml:1")
