"""Files of properties that must hold: what they say, what is refused, and what is proved from them."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from brightline.law.errors import BrightlineError
from brightline.law.evaluate import evaluate
from brightline.law.properties import check_property
from brightline.law.propertyfile import PROPERTY_FIELDS, profiles_of, read_properties

ON = date(2023, 1, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "age": (17, 18),
}
LAW = """
- {id: shut, action: open_gate, modality: prohibited, when: age < 18, unless: emergency, cites: § 1, says: A rule.}
- {id: must, action: open_gate, modality: required, when: paper == writ, derogates: [shut], cites: § 2, says: A rule.}
- {id: dry, action: open_gate, modality: prohibited, when: secret, reading: {moat: dry}, cites: § 3, says: A rule.}
"""
GOOD = "- {id: one, says: It holds., profiles: [land], on: [2023-01-01], action: open_gate, never: [prohibited]}\n"


@pytest.fixture
def keep(small):
    """Reads a file with one property over the small law, and checks it."""
    small.authority("act", LAW)
    law = small.law()

    def read(fields, text=None):
        path = small.root / "keep.yaml"
        rest = "".join(f"  {name}: {value}\n" for name, value in fields.items())
        path.write_text(text or f"must_hold:\n- id: one\n  says: It holds.\n{rest}")
        return law, read_properties(path, law, "keep.yaml")

    return read


def checked(keep, **fields):
    law, (stated,) = keep({"profiles": "[land]", "on": "[2023-01-01]", "action": "open_gate", **fields})
    return law, list(check_property(law, stated))


def by_hand(law, when, bad, readings=("wet",), *, emergency=(False, True)):
    """The situations where some of the readings give a bad answer, each combination of values once."""
    norms = law.stack("land", ON).by_action["open_gate"]
    found = 0
    for values in product(*DOMAIN.values()):
        facts = dict(zip(DOMAIN, values, strict=True))
        if facts["emergency"] in emergency and when(facts):
            found += any(evaluate(norms, facts, {"moat": r}).modality in bad for r in readings)
    return found // 2  # no norm speaks of guests


def test_a_property_fails_in_exactly_the_situations_that_counting_by_hand_gives(keep):
    law, (check,) = checked(keep, when="paper != writ", never="[prohibited]")
    assert not check.holds
    assert check.situations.number == by_hand(law, lambda f: f["paper"] != "writ", {"prohibited"}) > 0
    assert check.covers == 16
    assert (check.answers, check.norms) == (("prohibited",), ("land/act#shut",))


def test_only_bars_every_other_answer(keep):
    law, (check,) = checked(keep, only="[required]")
    assert check.situations.number == by_hand(law, lambda f: True, {"prohibited", "permitted", "unsettled"})


def test_a_property_holds_where_no_situation_is_against_it(keep):
    _, (check,) = checked(keep, when="paper == writ", only="[required]")
    assert check.holds
    assert check.covers == 8


def test_any_reading_means_each_of_them(keep):
    law, (check,) = checked(keep, when="age >= 18", never="[prohibited]", readings="any")
    assert check.situations.number == by_hand(law, lambda f: f["age"] >= 18, {"prohibited"}, ("wet", "dry")) > 0
    assert checked(keep, when="age >= 18", never="[prohibited]")[1][0].holds


def test_a_named_reading_is_the_one_that_is_proved(keep):
    law, (check,) = checked(keep, when="age >= 18", never="[prohibited]", readings="{moat: dry}")
    assert check.situations.number == by_hand(law, lambda f: f["age"] >= 18, {"prohibited"}, ("dry",))


def test_nothing_is_presumed_unless_the_property_is_not_strict(keep):
    """An emergency is presumed absent; strict or named, it is not."""
    law, (strict,) = checked(keep, when="age < 18", only="[prohibited, required]")
    assert strict.situations.number == by_hand(law, lambda f: f["age"] < 18, {"permitted"})
    assert checked(keep, when="age < 18", only="[prohibited, required]", strict="false")[1][0].holds
    _, (named,) = checked(keep, when="age < 18 and emergency", only="[prohibited, required]", strict="false")
    assert named.covers == 6


def test_by_looks_only_at_answers_that_rest_on_the_norms_named(keep):
    for name in ("land/act", "land/act#shut", "act#shut"):
        try:
            _, (check,) = checked(keep, when="age < 18", never="[prohibited]", by=f"['{name}']")
        except BrightlineError as error:
            assert (name, error.code) == ("act#shut", "unknown-norm")
        else:
            assert not check.holds
    _, (other,) = checked(keep, when="age < 18", never="[prohibited]", by="['land/act#must']")
    assert other.holds


def test_a_property_that_speaks_of_no_situation_says_so(keep):
    _, (check,) = checked(keep, when="age < 18 and age > 30", only="[required]")
    assert (check.holds, check.covers) == (True, 0)


def test_a_path_with_a_star_means_the_profile_and_all_below_it(keep):
    law, (stated,) = keep({"profiles": "[land/*]", "on": "2023-01-01", "action": "open_gate", "never": "[required]"})
    assert profiles_of(stated, law.vocabulary) == ["land", "land/castle"]
    assert [c.profile for c in check_property(law, stated)] == ["land", "land/castle"]


def test_a_star_for_the_action_means_every_action(keep):
    law, (stated,) = keep({"profiles": "[land]", "on": "[2023-01-01]", "action": "'*'", "never": "[unsettled]"})
    assert [c.action for c in check_property(law, stated)] == list(law.vocabulary.actions)


def test_an_action_on_which_the_law_is_silent_is_permitted(keep):
    _, (check,) = checked(keep, action="write_down", when="guest", only="[permitted]")
    assert (check.holds, check.covers) == (True, 1)


def test_a_plain_list_is_a_property_file_too(keep):
    _, (stated,) = keep({}, GOOD)
    assert stated.id == "one"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("must_hold: {a: b}\n", "property-file"),
        ("must_hold:\n- just words\n", "property-file"),
        (GOOD + GOOD, "property-file"),
        (GOOD.replace("id: one", "id: One Thing"), "property-file"),
        (GOOD.replace("never: [prohibited]", "never: [prohibited], only: [required]"), "property-file"),
        (GOOD.replace(", never: [prohibited]", ""), "property-file"),
        (GOOD.replace("[prohibited]", "[forbidden]"), "unknown-value"),
        (GOOD.replace("[prohibited]", "[]"), "missing-field"),
        (GOOD.replace("open_gate", "open_gat"), "unknown-action"),
        (GOOD.replace("[land]", "[lnd]"), "unknown-profile"),
        (GOOD.replace("[2023-01-01]", "[soon]"), "date"),
        (GOOD.replace("on: [2023-01-01], ", ""), "date"),
        (GOOD.replace("says: It holds., ", ""), "missing-field"),
        (GOOD.replace("never:", "when: guests, never:"), "unknown-name"),
        (GOOD.replace("never:", "when: 3, never:"), "type"),
        (GOOD.replace("never:", "strict: perhaps, never:"), "type"),
        (GOOD.replace("never:", "nevr: [required], never:"), "unknown-field"),
        (GOOD.replace("never:", "readings: {moat: damp}, never:"), "unknown-reading"),
        (GOOD.replace("never:", "readings: {mote: dry}, never:"), "unknown-reading"),
        (GOOD.replace("never:", "readings: all, never:"), "type"),
        (GOOD.replace("never:", "by: [land/acts], never:"), "unknown-norm"),
        ("other: []\n", "unknown-field"),
    ],
)
def test_a_property_that_cannot_be_understood_is_refused_with_its_place(keep, text, code):
    with pytest.raises(BrightlineError) as error:
        keep({}, text)
    assert error.value.code == code
    assert error.value.where.startswith("keep.yaml")


def test_a_date_before_the_law_is_refused_and_names_the_property(keep):
    law, (stated,) = keep({}, GOOD.replace("2023-01-01", "1999-01-01"))
    with pytest.raises(BrightlineError) as error:
        list(check_property(law, stated))
    assert error.value.code == "too-early"
    assert error.value.where.startswith("keep.yaml")


@pytest.mark.parametrize("field", PROPERTY_FIELDS)
def test_every_field_of_a_property_is_documented(field):
    page = Path(__file__).parents[3] / "docs" / "reference" / "law-files.md"
    assert f"\n| `{field}` |" in page.read_text(encoding="utf-8").split("## Properties that must hold")[1]
