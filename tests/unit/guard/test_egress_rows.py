from __future__ import annotations

import copy
import datetime as dt
import enum
import sys
from decimal import Decimal

import pytest
from egresstools import SECRETS, told
from guardfake import FakeScanner
from hypothesis import given
from hypothesis import strategies as st

from brightline.guard.egress.django import GuardedRepresentation, clean_rows, clean_values_list
from brightline.guard.egress.policy import Policy, read_policy
from brightline.guard.egress.rows import Cleaner, GuardedRows
from brightline.law.errors import BrightlineError

VALUE = {
    "id": 7,
    "paid": Decimal("1.10"),
    "on": dt.date(2024, 1, 2),
    "people": [
        {"name": "A", "country_of_birth": "Ruritania", "note": "She is quux. Ok", "tags": ["zig", None, 3, True]}
    ],
    "citizenship": {"code": "Ruritania", "since": 2001},
}


def cleaned(value, policy=None):
    return Cleaner(policy, "case", FakeScanner()).cleaned(value)


def test_nested_keys_are_dropped_and_nested_texts_redacted_and_the_value_given_stays():
    before = copy.deepcopy(VALUE)
    assert cleaned(VALUE) == {
        "id": 7,
        "paid": Decimal("1.10"),
        "on": dt.date(2024, 1, 2),
        "people": [{"name": "A", "note": "She ███████. Ok", "tags": ["███", None, 3, True]}],
    }
    assert before == VALUE


def test_a_masked_key_has_one_mask_whatever_stood_there():
    rows = [{"citizenship": value} for value in ("Ruritania", None, 7, {"a": "b"}, [])]
    assert cleaned(rows, Policy(on_status="mask")) == [{"citizenship": "███"}] * 5


def test_a_key_that_says_it_itself_is_dropped_and_told_by_its_number():
    cleaner = Cleaner(None, "case", FakeScanner())
    assert cleaner.cleaned({"a": 1, "she is quux": {"zag": "zig"}}) == {"a": 1}
    assert "quux" not in told(cleaner.report) and "key number" in told(cleaner.report)


@pytest.mark.parametrize("value", [b"quux", object(), {1: "quux"}, enum.Enum("E", "quux").quux, {"a": {"b": {2}}}])
def test_a_value_of_an_unknown_kind_is_refused_without_its_words(value):
    with pytest.raises(BrightlineError) as caught:
        cleaned({"note": [value]})
    assert caught.value.code == "guard-cell" and "quux" not in str(caught.value)


def test_a_value_nested_too_deep_is_refused():
    value = "quux"
    for _ in range(300):
        value = [value]
    with pytest.raises(BrightlineError):
        cleaned(value)


def test_rows_are_cleaned_as_they_are_asked_for_and_counted():
    rows = ({"id": n, "note": "She is quux. Ok"} for n in range(1200))
    guarded = GuardedRows(rows, scanner=FakeScanner())
    kept = list(guarded)
    assert [row["id"] for row in kept] == list(range(1200)) and {row["note"] for row in kept} == {"She ███████. Ok"}
    assert guarded.report.rows == 1200 and guarded.report.hidden == 1200


def test_a_key_that_begins_to_look_like_status_stops_the_rows():
    rows = [{"kind": f"word {n}"} for n in range(600)] + [
        {"kind": "LPR"},
        {"kind": "undocumented"},
        {"kind": "USC"},
    ] * 3
    with pytest.raises(BrightlineError) as caught:
        list(GuardedRows(rows, scanner=FakeScanner()))
    assert caught.value.code == "guard-changed"


def test_a_key_that_appears_later_is_judged_when_it_appears():
    rows = [{"id": n} for n in range(600)] + [{"id": 600, "nationality": "Ruritania", "note": "zig"}]
    assert list(GuardedRows(rows, scanner=FakeScanner()))[-1] == {"id": 600, "note": "███"}


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(["She is quux. Ok", "zig", "zig zag", "N123456", "fine", ""]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["note", "origin", "nationality", "a", "is quux"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_cleaning_twice_changes_nothing_more_and_no_secret_is_left(value):
    once = cleaned(value)
    assert cleaned(once) == once
    assert not [word for word in ("quux", "N123456") if word in repr(once)]


class QuerySet:
    def __init__(self, rows):
        self.rows, self.asked = rows, 0

    def __iter__(self):
        raise AssertionError("a large query set is not to be read at once")

    def iterator(self, chunk_size):
        self.asked = chunk_size
        return iter(self.rows)


def test_a_query_set_is_read_in_parts():
    rows = QuerySet([{"id": 1, "note": "zig", "nationality": "Ruritania"}])
    assert list(clean_rows(rows, scanner=FakeScanner())) == [{"id": 1, "note": "███"}] and rows.asked == 2000


def test_model_instances_are_refused():
    with pytest.raises(BrightlineError) as caught:
        list(clean_rows([object()], scanner=FakeScanner()))
    assert caught.value.code == "guard-cell"


def test_lists_of_values_keep_their_order_and_name_the_columns_that_are_left():
    found = clean_values_list(
        ["id", "nationality", "note"], [(1, "Ruritania", "zig"), (2, "x", "b")], scanner=FakeScanner()
    )
    assert list(found) == [["id", "note"], [1, "███"], [2, "b"]]


def test_a_representation_is_cleaned_with_texts_that_are_worked_out_late():
    class __proxy__:
        def __str__(self):
            return "She is quux. Ok"

    class Base:
        def to_representation(self, instance):
            return {"id": instance, "note": __proxy__(), "nationality": "Ruritania"}

    class Guarded(GuardedRepresentation, Base):
        guard_scanner = FakeScanner()

    assert Guarded().to_representation(7) == {"id": 7, "note": "She ███████. Ok"}
    assert "django" not in sys.modules


def test_a_policy_file_says_what_becomes_of_columns(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("on-status: mask\ncolumns:\n  'x_*': drop\n  origin: {pass: of the vehicle}\n")
    policy = read_policy(path)
    assert policy.choice(("x_1",)) == "drop" and policy.reason(("origin",)) == "of the vehicle"
    assert policy.on_status == "mask" and policy.on_review == "pass"


@pytest.mark.parametrize(
    "text",
    ["on-statu: drop", "- a", "columns: [a]", "columns: {a: keep}", "columns: {a: {pass: ''}}", "on-status: pass"],
)
def test_a_policy_of_the_wrong_form_is_refused(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(BrightlineError) as caught:
        read_policy(path)
    assert caught.value.code == "guard-policy"


def test_globs_that_disagree_are_refused():
    with pytest.raises(BrightlineError):
        Policy({"a*": "drop", "*b": "mask"}).choice(("ab",))


def test_no_secret_is_in_a_report():
    cleaner = Cleaner(None, "case", FakeScanner())
    cleaner.cleaned(VALUE)
    assert not [word for word in SECRETS if word in told(cleaner.report)]
