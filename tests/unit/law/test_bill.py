"""Bills on an invented law, checked against counting every situation by hand."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from brightline.law.billcases import read_bill_cases, run_bill_cases, undecided_norms
from brightline.law.billparser import parse_bill
from brightline.law.check import check_corpus
from brightline.law.comparison import Side, compare
from brightline.law.corpusfiles import law_files, read_law
from brightline.law.diagram import TRUE
from brightline.law.effect import effect_of
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import evaluate
from brightline.law.overlay import apply_bills
from brightline.law.reach import Group, reach_of
from brightline.law.yamlfile import load_text

ON = date(2024, 6, 1)
DOMAIN = {
    "paper": ("none", "letter", "writ"),
    "guest": (False, True),
    "emergency": (False, True),
    "secret": (False, True),
    "age": (17, 40),
}
HEAD = """
bill: test
title: A test bill
citation: Bill 1
status: [{on: 2024-01-01, says: Introduced.}]
applies_to: land
source: a test
evidence: read
"""
IN_FORCE = "in_force: {after_enactment: at once}\n"


def norm(name, modality, action="open_gate", indent="", **fields):
    lines = [f"{indent}- id: {name}", f"{indent}  action: {action}", f"{indent}  modality: {modality}"]
    lines += [f"{indent}  {key}: {value}" for key, value in fields.items()]
    return "\n".join([*lines, f"{indent}  cites: § 1", f"{indent}  says: A rule.", ""])


def adds(*norms, rank="high", name="land/new"):
    return f"adds:\n- authority: {name}\n  rank: {rank}\n  norms:\n" + "".join(norms)


def bill(law, text, in_force=IN_FORCE, head=HEAD):
    return parse_bill(load_text(head + in_force + text, "test.yaml"), law, "test.yaml")


@pytest.fixture
def base(small):
    small.authority(
        "gate", norm("shut", "prohibited", when="guest") + norm("greet", "required", "write_down", when="guest")
    )
    return small.authority(
        "local", norm("no-letters", "prohibited", when="paper == letter"), rank="low", folder="land/castle"
    ).law()


OVERLAYS = [
    adds(norm("let-in", "required", when="emergency", indent="  ")),
    adds(norm("free", "may_not_restrict", when="age >= 18", indent="  ")),
    adds(norm("never", "prohibited", unless="paper == writ", indent="  "), rank="low"),
    "removes: [land/gate#shut]\n",
    "changes:\n- norm: land/gate#shut\n  when: guest and not emergency\n",
    "changes:\n- norm: land/gate#shut\n  modality: required\n  unless: secret\n",
    adds(norm("let-in", "required", when="emergency", indent="  ")) + "removes: [land/gate#shut]\n",
]


@pytest.mark.parametrize("text", OVERLAYS)
@pytest.mark.parametrize("profile", ["land", "land/castle"])
def test_the_effect_of_a_bill_is_exactly_what_counting_by_hand_gives(base, text, profile):
    effect = effect_of(base, [bill(base, text)], profile, ON)
    changes = {c.action: c for c in effect.comparison.actions}
    stacks = [side.law.stack(profile, ON).by_action.get("open_gate", ()) for side in (effect.before, effect.after)]
    readings = base.vocabulary.chosen_readings(profile, ON)
    standing = base.vocabulary.standing_facts(profile, ON)
    for values in product(*DOMAIN.values()):
        facts = {**dict(zip(DOMAIN, values, strict=True)), **standing}
        was, now = (evaluate(norms, facts, readings).modality for norms in stacks)
        hits = []
        for t in changes["open_gate"].transitions if "open_gate" in changes else ():
            at = [0 if v.is_reading else v.position(facts[v.name]) for v in t.chart.variables]
            hits += [(t.before.modality, t.after.modality)] if t.chart.diagram.at(t.node, at) == TRUE else []
        assert hits == ([(was, now)] if was != now else [])


def test_the_law_given_stays_as_it_is(base):
    before = base.stack("land", ON).norms
    apply_bills(base, [bill(base, "removes: [land/gate#shut]\n")])
    assert base.stack("land", ON).norms == before
    assert [n.id for n in before] == ["land/gate#shut", "land/gate#greet"]


def test_a_bill_that_touches_nothing_changes_nothing(base):
    effect = effect_of(base, [bill(base, "")], "land", ON)
    assert effect.comparison.actions == ()
    assert not effect.is_encoded


def test_a_change_replaces_the_fields_it_names_and_keeps_the_others(base):
    after = apply_bills(
        base, [bill(base, "changes:\n- norm: land/gate#shut\n  unless: emergency\n  says: A new rule.\n")]
    )
    old, new = base.stack("land", ON).by_id["land/gate#shut"], after.stack("land", ON).by_id["land/gate#shut"]
    assert (new.when, new.modality, new.cites) == (old.when, old.modality, old.cites)
    assert (new.says, new.unless != old.unless) == ("A new rule.", True)


def test_a_bill_with_a_first_day_counts_from_that_day_on(base):
    future = bill(base, "removes: [land/gate#shut]\n", "in_force: {from: 2030-01-01}\n")
    after = apply_bills(base, [future])
    assert "land/gate#shut" in after.stack("land", date(2029, 12, 31)).by_id
    assert "land/gate#shut" not in after.stack("land", date(2030, 1, 1)).by_id
    assert effect_of(base, [future], "land", date(2029, 12, 31)).comparison.actions == ()
    (change,) = effect_of(base, [future], "land", date(2030, 1, 1)).comparison.actions
    assert change.action == "open_gate"


def test_a_changed_norm_has_its_old_form_until_the_day_before(base):
    later = bill(base, "changes:\n- norm: land/gate#shut\n  when: secret\n", "in_force: {from: 2030-01-01}\n")
    after = apply_bills(base, [later])
    forms = [after.stack("land", day).by_id["land/gate#shut"].when for day in (date(2029, 12, 31), date(2030, 1, 1))]
    assert forms[0] == base.stack("land", ON).by_id["land/gate#shut"].when
    assert forms[1] == ("in", "secret", (True,))


def test_two_bills_at_once_are_one_after_the_other(base):
    first, second = bill(base, OVERLAYS[0]), bill(base, "removes: [land/gate#shut]\n")
    both = apply_bills(base, [first, second])
    in_turn = apply_bills(apply_bills(base, [first]), [second])
    found = compare(Side.of(both, "land", ON), Side.of(in_turn, "land", ON))
    assert found.actions == ()
    assert {n.id for n in both.stack("land", ON).norms} == {"land/new#let-in", "land/gate#greet"}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("removes: [land/gate#shutt]\n", "unknown-norm", "did you mean `land/gate#shut`"),
        ("changes:\n- norm: land/gate#open\n  when: guest\n", "unknown-norm", "did you mean `land/gate#greet`"),
        (adds(norm("a", "prohibited", derogates="[land/gate#none]", indent="  ")), "unknown-norm", "land/gate#none"),
        (
            "removes: [land/gate#shut]\nchanges:\n- norm: land/gate#shut\n  when: secret\n",
            "bill-clash",
            "removed or changed twice",
        ),
        ("removes: [land/gate#shut, land/gate#shut]\n", "bill-clash", "twice"),
        (
            adds(norm("a", "required", when="guest", indent="  "), norm("b", "prohibited", when="secret", indent="  ")),
            "bill-contradiction",
            "guest = true; secret = true",
        ),
        ("changes:\n- norm: land/gate#shut\n", "bill-file", "changes nothing"),
        ("changes:\n- norm: land/gate#shut\n  rank: high\n", "unknown-field", "rank"),
        (adds(norm("a", "required", indent="  "), name="land/gate"), "overlap", "in force already"),
        (adds(norm("a", "required", indent="  "), name="elsewhere/new"), "authority-name", "not below"),
        ("funds: [{says: Money., cites: § 1, when: nobody}]\n", "unknown-name", "not defined"),
        ("changed: []\n", "unknown-field", "changes"),
    ],
)
def test_a_bill_that_cannot_be_applied_is_refused_with_its_place(base, text, code, words):
    with pytest.raises(BrightlineError) as caught:
        apply_bills(base, [bill(base, text)])
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.where.startswith("test.yaml:")


def test_norms_under_different_readings_do_not_contradict_each_other(base):
    text = adds(
        norm("a", "required", reading="{moat: wet}", indent="  "),
        norm("b", "prohibited", reading="{moat: dry}", indent="  "),
    )
    assert apply_bills(base, [bill(base, text)])


def test_two_bills_that_disagree_with_each_other_are_unsettled_and_not_refused(base):
    one = bill(base, adds(norm("a", "required", indent="  "), name="land/one"))
    two = bill(
        base,
        adds(norm("b", "prohibited", indent="  "), name="land/two"),
        head=HEAD.replace("bill: test", "bill: other"),
    )
    effect = effect_of(base, [one, two], "land", ON)
    assert {t.after.modality for c in effect.comparison.actions for t in c.transitions} == {"unsettled"}


def test_two_bills_that_change_one_norm_differently_are_refused_and_alike_are_not(base):
    one = bill(base, "changes:\n- norm: land/gate#shut\n  when: secret\n")
    other = bill(base, "changes:\n- norm: land/gate#shut\n  when: guest\n  unless: emergency\n")
    assert apply_bills(base, [one, bill(base, "changes:\n- norm: land/gate#shut\n  when: secret\n")])
    with pytest.raises(BrightlineError, match="twice"):
        apply_bills(base, [one, other])


FACT = "facts: [{name: volunteered, type: bool, handling: recordable, question: Of their own accord?}]\n"


def test_words_of_a_bill_are_known_only_where_it_is_applied(base):
    one = bill(base, FACT + adds(norm("a", "required", when="volunteered", indent="  ")))
    assert "volunteered" in apply_bills(base, [one]).vocabulary.facts
    assert "volunteered" not in base.vocabulary.facts
    assert {c.action for c in effect_of(base, [one], "land", ON).comparison.actions} == {"open_gate"}


def test_two_bills_may_share_a_word_that_means_the_same(base):
    one, two = bill(base, FACT), bill(base, FACT)
    assert apply_bills(base, [one, two])
    with pytest.raises(BrightlineError, match="differently"):
        apply_bills(base, [one, bill(base, FACT.replace("Of their own accord?", "Asked?"))])


def test_a_clash_says_which_norm_gives_way_and_in_how_many_situations(base):
    effect = effect_of(
        base, [bill(base, adds(norm("a", "required", when="emergency", indent="  ")))], "land/castle", ON
    )
    found = {(c.norm.id, c.how): c.situations for c in effect.clashes}
    # In the castle nobody is a guest; papers are none, letter, writ, and emergency is yes or no: one of six.
    assert found == {("land/castle/local#no-letters", "yields"): 1}
    effect = effect_of(
        base, [bill(base, adds(norm("a", "may_not_restrict", when="emergency", indent="  ")))], "land", ON
    )
    assert {(c.norm.id, c.how, c.situations) for c in effect.clashes} == {("land/gate#shut", "taken away", 1)}
    effect = effect_of(base, [bill(base, adds(norm("a", "required", indent="  "), rank="low"))], "land", ON)
    assert {(c.norm.id, c.how) for c in effect.clashes} == {("land/gate#shut", "prevails")}
    effect = effect_of(base, [bill(base, adds(norm("a", "required", indent="  "), rank="middle"))], "land", ON)
    assert {(c.norm.id, c.how) for c in effect.clashes} == {("land/gate#shut", "unsettled")}
    effect = effect_of(base, [bill(base, "removes: [land/gate#shut]\n")], "land", ON)
    assert {(c.norm.id, c.how) for c in effect.clashes} == {("land/gate#shut", "removed")}


def test_who_is_bound_is_decided_by_standing_and_usual_facts(base):
    text = adds(
        *(
            norm(name, "permitted", binds=binds, indent="  ")
            for name, binds in (("a", "guest"), ("b", "not guest"), ("c", "secret"), ("d", "emergency"))
        )
    )
    effect = effect_of(base, [bill(base, text)], "land/castle", ON)
    assert {b.norm.id[-1]: b.reach for b in effect.bound} == {
        "a": "never",
        "b": "always",
        "c": "sometimes",
        "d": "unusual",
    }
    assert [dict(b.example) for b in effect.bound if b.reach == "unusual"] == [{"emergency": True}]


def test_a_dispute_shows_what_another_reading_would_change(base):
    effect = effect_of(base, [bill(base, adds(norm("a", "required", reading="{moat: dry}", indent="  ")))], "land", ON)
    assert effect.comparison.actions == ()
    (dispute,) = effect.disputes
    assert (dispute.reading, dispute.value, dispute.chosen) == ("moat", "dry", "wet")
    assert [c.action for c in dispute.comparison.actions] == ["open_gate"]


DEFINES = """
exceptions:
- {id: writs, when: paper == writ, says: Writs., cites: § 2}
defines:
- name: closed_castle
  says: It keeps people out.
  cites: § 2
  ranks: [low]
  when_law_prohibits: [{action: open_gate, when: WHEN, cites: § 2}]
  unless_only: writs
funds:
- {says: Gold., cites: § 3, when: closed_castle}
"""


@pytest.mark.parametrize(
    ("when", "caught", "holds"), [("guest or emergency", 1, True), ("paper == writ", 0, False), ("guest", 0, False)]
)
def test_a_kind_of_jurisdiction_is_decided_by_the_law_in_force(base, when, caught, holds):
    effect = effect_of(base, [bill(base, DEFINES.replace("WHEN", when))], "land/castle", ON)
    (kind,) = effect.kinds
    assert (len(kind.caught), kind.holds) == (caught, holds)
    assert [risk.applies for risk in effect.funds] == [holds]
    assert effect.comparison.actions == ()


def test_a_limit_inside_the_exception_only_does_not_count(small):
    law = small.authority("local", norm("no-writs", "prohibited", when="paper == writ"), rank="low").law()
    (kind,) = effect_of(law, [bill(law, DEFINES.replace("WHEN", "age >= 0"))], "land", ON).kinds
    assert [c.only_exempt for c in kind.caught] == [True]
    assert not kind.holds


def test_readings_matter_to_a_kind_only_if_some_value_of_them_changes_it(small):
    dry = norm("dry", "prohibited", reading="{moat: dry}")
    law = small.authority("local", dry, rank="low").law()
    (kind,) = effect_of(law, [bill(law, DEFINES.replace("WHEN", "age >= 0"))], "land", ON).kinds
    assert (kind.holds, kind.readings) == (False, ("moat",))
    law = small.authority("local", dry + norm("wet", "prohibited", reading="{moat: wet}"), rank="low").law()
    (kind,) = effect_of(law, [bill(law, DEFINES.replace("WHEN", "age >= 0"))], "land", ON).kinds
    assert (kind.holds, kind.readings) == (True, ())


CASE = (
    "- {id: one, profile: land, as_of: 2024-06-01, facts: {}, action: open_gate, expect: required, decides: [let-in]}\n"
)


def test_a_bill_in_the_corpus_is_checked_and_is_not_law(small):
    small.authority("gate", norm("shut", "prohibited", when="guest"))
    folder = small.root / "bills" / "land"
    folder.mkdir(parents=True)
    text = HEAD.replace("bill: test", "bill: land/one") + IN_FORCE
    (folder / "one.yaml").write_text(text + adds(norm("let-in", "required", indent="  ")))
    (folder / "jurisdiction.yaml").write_text("jurisdiction: no")
    (folder / "act@2020-01-01.yaml").write_text("authority: no")
    (folder / "act@2020-01-01.scenarios.yaml").write_text("- nonsense")
    law = read_law(small.root)
    assert [n.id for n in law.stack("land", ON).norms] == ["land/gate#shut"]
    assert len(list(law_files(small.root))) == 1
    for path in folder.iterdir():
        if path.name != "one.yaml":
            path.unlink()
    assert [f.code for f in check_corpus(small.root) if f.where.startswith("bills")] == ["no-scenario"]
    (folder / "one.scenarios.yaml").write_text(CASE)
    assert [f for f in check_corpus(small.root) if f.where.startswith("bills")] == []
    (folder / "one.yaml").write_text(
        text + "removes: [land/gate#open]\n" + adds(norm("let-in", "required", when="guest and not guest", indent="  "))
    )
    assert {f.code for f in check_corpus(small.root) if f.where.startswith("bills")} == {"unknown-norm"}
    (folder / "one.yaml").write_text(
        text
        + adds(norm("let-in", "required", when="guest and not guest", indent="  "))
        + "exceptions: [{id: none, when: guest and not guest, says: Nobody., cites: § 1}]\n"
    )
    (folder / "one.scenarios.yaml").unlink()
    assert {f.code for f in check_corpus(small.root) if f.where.startswith("bills")} == {"never", "no-scenario"}
    (folder / "two.yaml").write_text(text)
    assert {f.code for f in check_corpus(small.root, "bills/land/two.yaml")} == {"bill-file"}


@pytest.mark.parametrize(
    ("cases", "code", "words"),
    [
        (CASE.replace("expect: required", "expect: prohibited"), "scenario", "expected prohibited, got required"),
        (CASE.replace("[let-in]", "[let-out]"), "unknown-norm", "`let-in`"),
        (CASE.replace(", decides: [let-in]", ""), "no-scenario", "decides: [let-in]"),
        ("facts: none\n", "scenario-file", "list of cases"),
    ],
)
def test_what_is_wrong_with_the_cases_beside_a_bill_is_found(small, cases, code, words):
    small.authority("gate", norm("shut", "prohibited", when="guest"))
    folder = small.root / "bills" / "land"
    folder.mkdir(parents=True)
    head = HEAD.replace("bill: test", "bill: land/one") + IN_FORCE
    (folder / "one.yaml").write_text(head + adds(norm("let-in", "required", indent="  ")))
    (folder / "one.scenarios.yaml").write_text(cases)
    (found,) = check_corpus(small.root, "bills")
    assert (found.code, found.where.partition(":")[0].removesuffix(".yaml").removesuffix(".scenarios")) == (
        code,
        "bills/land/one",
    )
    assert words in found.message + found.help
    (folder / "one.yaml").unlink()
    assert [f.code for f in check_corpus(small.root, "bills")] == ["scenario-file"]


def test_cases_beside_a_bill_are_answered_with_the_bill_and_a_changed_norm_needs_one_too(small, tmp_path):
    small.authority("gate", norm("shut", "prohibited", when="guest"))
    law = small.law()
    text = adds(norm("let-in", "required", when="not guest", indent="  "))
    one = bill(law, text + "changes: [{norm: land/gate#shut, when: guest and secret, cites: § 2}]\n")
    path = tmp_path / "one.scenarios.yaml"
    path.write_text(CASE.replace("facts: {}", "facts: {guest: false}"))
    cases = read_bill_cases(path, one)
    assert [r.got for r in run_bill_cases(law, one, cases)] == ["required"]
    assert [name for name, _ in undecided_norms(one, cases)] == ["land/gate#shut"]


EXEMPT = "exceptions: [{id: guests, when: guest and not secret, says: Guests., cites: § 1}]\n"


def test_the_reach_of_an_exception_is_the_weighted_share_that_the_facts_settle(base):
    one = bill(base, EXEMPT)
    groups = [Group({"guest": True, "secret": False}, 3), Group({"guest": False}, 5), Group({"guest": True}, 2)]
    found = reach_of(base, one, "guests", "land", ON, groups)
    assert (found.cases, found.surely.middle, found.possibly.middle) == (10, 0.3, 0.5)
    assert found.surely.low < 0.3 < found.surely.high < 1
    assert found.open_facts == ("secret",)
    assert found == reach_of(base, one, "guests", "land", ON, groups)


def test_nothing_is_presumed_of_anybody_in_a_population(base):
    one = bill(base, "exceptions: [{id: calm, when: not emergency, says: Calm., cites: § 1}]\n")
    found = reach_of(base, one, "calm", "land", ON, [Group({}, 1)])
    assert (found.surely.middle, found.possibly.middle) == (0, 1)


def test_draws_carry_their_uncertainty_to_the_answer(base):
    one = bill(base, EXEMPT)
    groups = [
        Group({"guest": draw % 2 == 0 or k > draw, "secret": False}, 1, str(draw))
        for draw in range(1, 41)
        for k in range(40)
    ]
    found = reach_of(base, one, "guests", "land", ON, groups)
    shares = sorted(1.0 if d % 2 == 0 else (39 - d) / 40 for d in range(1, 41))
    assert found.draws == 40
    assert found.surely.middle == pytest.approx((shares[19] + shares[20]) / 2)
    assert shares[0] <= found.surely.low <= shares[2]
    assert found.surely.high == 1


def test_a_share_of_none_has_no_lower_end_and_more_cases_narrow_the_interval(base):
    one = bill(base, EXEMPT)
    wide, narrow = (reach_of(base, one, "guests", "land", ON, [Group({"guest": False}, n)]).surely for n in (10, 1000))
    assert (wide.low, wide.middle) == (0, 0)
    # Jeffreys: the upper end for none of 10 is 0.2172, from tables of the Beta(0.5, 10.5) law.
    assert wide.high == pytest.approx(0.217, abs=0.012)
    assert narrow.high < 0.005


def test_an_exception_that_the_bill_does_not_make_is_refused(base):
    with pytest.raises(BrightlineError) as caught:
        reach_of(base, bill(base, EXEMPT), "guest", "land", ON, [Group({})])
    assert caught.value.code == "unknown-exception"
    assert "did you mean `guests`" in caught.value.help
    with pytest.raises(BrightlineError) as caught:
        reach_of(base, bill(base, EXEMPT), "guests", "land", ON, [])
    assert caught.value.code == "population"
