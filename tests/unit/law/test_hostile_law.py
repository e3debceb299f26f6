"""Law and vocabulary files of the wrong shape: YAML that parses, and then says nonsense, is refused with its line."""

from __future__ import annotations

import functools
import re
from datetime import date

import pytest

from brightline.law.authorityfile import parse_authority
from brightline.law.corpusfiles import CORPUS, read_vocabulary
from brightline.law.errors import BrightlineError
from brightline.law.norms import Within
from brightline.law.vocabularyfile import build_vocabulary
from brightline.law.yamlfile import load_text, load_yaml

shipped_vocabulary = functools.cache(functools.partial(read_vocabulary, CORPUS))
FILE = "us/x@2025-02-06.yaml"

AUTHORITY = {
    "authority": "us/x", "title": "X", "citation": "X 1", "kind": "statute", "rank": "us_statute", "in_force": "{from: 2025-02-06}",
    "source": "a test", "evidence": "read",
}  # fmt: skip
NORM = {"id": "a", "action": "hold_beyond_release", "modality": "prohibited", "cites": "§ 1", "says": "No."}


def law_text(authority: dict[str, str], norm: dict[str, str]) -> str:
    head = "".join(f"{key}: {value}\n" for key, value in {**AUTHORITY, **authority}.items())
    if "norms" in authority:
        return head
    return head + "norms:\n- " + "  ".join(f"{key}: {value}\n" for key, value in {**NORM, **norm}.items())


def parsed(authority: dict[str, str] | None = None, norm: dict[str, str] | None = None):
    return parse_authority(load_text(law_text(authority or {}, norm or {}), FILE), "us", FILE, shipped_vocabulary())


def check_refusal(error: BrightlineError, file: str = FILE) -> None:
    assert re.match(rf"{re.escape(file)}:\d+\Z", error.where), error
    assert error.code
    assert error.help
    assert error.message[0] in "`abcdefghijklmnopqrstuvwxyz"
    assert not error.message.endswith(".")
    assert "object at 0x" not in str(error)


def test_the_plain_file_is_read():
    assert parsed().norms[0].id == "us/x#a"


@pytest.mark.parametrize("key, value", [
    *[(key, value) for key in ("authority", "title", "citation", "kind", "rank", "source", "evidence")
      for value in ("[x]", "{a: b}", "1", "true", "", "2025-01-01", '""')],
    *[("in_force", value) for value in (
        "", "x", "[]", "{}", "2025-02-06", "{from: x}", "{from: 2025-02-06T10:00:00}", "{from: 2025-02-06, to: x}", "{from: 2025-02-06, to: 2024-01-01}",
        "{from: 2025-02-06, to: 2026-01-01T00:00:00Z}", "{from: 2025-02-06, until: 2026-01-01}", "{from: [2025-02-06]}", "{from: 2025-02-06, by: x}", "{from: 2025-02-07}")],
    *[("binding_in", value) for value in (
        "x", "[]", "{}", "{federal_circuit: x}", "{federal_circuit: [x]}", "{federal_circuit: true}", "{federal_circuit: [true]}", "{federal_circuit: {a: 1}}",
        "{federal_circuit: 0}", "{federal_circuit: 99}", "{federal_circuit: }", "{federal_circuit: []}", "{paths: 3}", "{paths: [3]}", "{paths: {a: b}}", "{paths: }", "{planet: earth}")],
    *[("enjoined", value) for value in (
        "x", "{}", "[x]", "[1]", "[[]]", "[{}]", "[{from: 2025-03-01}]", "[{from: 2025-03-01, by: }]", "[{from: 2025-03-01, by: [x]}]", "[{from: 2025-03-01, by: x, paths: 3}]",
        "[{from: 2025-03-01T00:00:00, by: x}]", "[{from: 2025-03-01, by: x, why: y}]", "true", "0")],
    *[("supersedes", value) for value in ("1", "{a: b}", "[1]", "[[x]]", "[{a: b}]", "true", "2025-01-01", "[]x")],
    *[("verified_on", value) for value in ("1", "[x]", "{a: b}", "true", "2025-02-06T10:00:00")],
    *[("note", value) for value in ("1", "[x]", "{a: b}", "true", "2025-02-06")],
    *[("definitions", value) for value in (
        "x", "[]", "3", "{x: 1}", "{x: }", "{x: [detainer]}", "{x: {a: b}}", "{x: 2025-01-01}", "{x y: detainer}", "{and: detainer}", "{1: detainer}", "{'': detainer}",
        "{actor_role: detainer}", "{x: y, y: detainer}", "{x: x}")],
    *[("context", value) for value in (
        "x", "{}", "[x]", "[1]", "[{}]", "[{says: x}]", "[{says: x, cites: y}]", "[{says: 1, cites: y, evidence: read}]", "[{says: x, cites: [y], evidence: read}]",
        "[{says: x, cites: y, evidence: [read]}]", "[{says: x, cites: y, evidence: read, more: z}]")],
    *[("norms", value) for value in ("x", "1", "{}", "{a: b}", "[1]", "[x]", "[[]]", "[null]", "[{}]", "true", "[{id: a, id: b}]", "[{id: a, colour: red}]")],
    ("colour", "red"), ("<<", "{title: x}"),
])  # fmt: skip
def test_an_authority_with_a_value_of_the_wrong_shape_is_refused_at_its_line(key, value):
    with pytest.raises(BrightlineError) as caught:
        parsed({key: value})
    check_refusal(caught.value)


CONDITIONS = (
    "1",
    "[x]",
    "[detainer]",
    "{a: b}",
    "2025-01-01",
    "1.5",
    '""',
    "'  '",
    "no_such_name",
    "detainer and",
    "detainer()",
)


@pytest.mark.parametrize("key, value", [
    *[("id", value) for value in ("1", "[a]", "{a: b}", "true", "", "A", "a b", "a_b", "-a", "a#b", '"a\\n"')],
    *[("action", value) for value in ("", "1", "true", "{a: b}", "[]", "[1]", "[[hold_beyond_release]]", "[{a: b}]", "hold_forever", "[hold_beyond_release, x]", '""')],
    *[("modality", value) for value in ("", "1", "[prohibited]", "{a: b}", "forbidden", "true", "unsettled")],
    *[(key, value) for key in ("binds", "when", "unless") for value in CONDITIONS],
    *[("reading", value) for value in (
        "x", "[]", "1", "{x: y}", "{s1373_scope: }", "{s1373_scope: []}", "{s1373_scope: 1}", "{s1373_scope: true}", "{s1373_scope: [1]}", "{s1373_scope: {a: b}}",
        "{s1373_scope: wide}", "{s1373_scope: [broad, wide]}")],
    *[("overrides", value) for value in (
        "x", "1", "true", "[x]", "[1]", "[[prohibited]]", "{a: b}", "{modalities: x}", "{modalities: 1}", "{modalities: {a: b}}", "{norms: 1}", "{norms: [1]}",
        "{norms: {a: b}}", "{modalities: [prohibited], norms: [{}]}")],
    *[("derogates", value) for value in ("1", "true", "{a: b}", "[1]", "[[a]]", "[{a: b}]")],
    *[("within", value) for value in (
        "x", "1", "[]", "{}", "{amount: 1}", "{unit: hours}", "{amount: true, unit: hours}", "{amount: x, unit: hours}", "{amount: 1.5, unit: hours}", "{amount: -1, unit: hours}",
        "{amount: 999999999999, unit: hours}", "{amount: '1', unit: hours}", "{amount: [1], unit: hours}", "{amount: 1, unit: [hours]}", "{amount: 1, unit: fortnights}", "{amount: 1, unit: }",
        "{amount: 1, unit: hours, excludes: 1}", "{amount: 1, unit: hours, excludes: [1]}", "{amount: 1, unit: hours, excludes: x}", "{amount: 1, unit: hours, excludes: {a: b}}",
        "{amount: 1, unit: hours, calendar: 1}", "{amount: 1, unit: hours, calendar: [x]}", "{amount: 1, unit: hours, colour: red}", "{amount: 1, unit: hours}",
        "{amount: 1, unit: days, rolls: x}", "{amount: 1, unit: days, rolls: {}}", "{amount: 1, unit: days, rolls: {over: 1, cites: x}}",
        "{amount: 1, unit: days, rolls: {over: [sundays], cites: [x]}}", "{amount: 1, unit: days, rolls: {over: [sundays], cites: x, to: y}}")],
    *[("starts", value) for value in ("1", "true", "x", "[request_received_at]", "{a: b}", "actor_role", '""', "[]", "{}")],
    *[("extends", value) for value in (
        "x", "1", "[]", "{}", "{when: detainer}", "{within: x}", "{within: {}}", "{within: {amount: true, unit: hours}}", "{when: [x], within: {amount: 1, unit: hours}}",
        "{within: {amount: 1, unit: hours}, cites: [x]}", "{within: {amount: 1, unit: hours}, colour: red}")],
    *[("with", value) for value in ("1", "true", "[]", "{}", "{a: b}", "[1]", "x", '""')],
    *[("in_force", value) for value in ("x", "1", "{}", "[]", "{from: 2025-01-01T10:00:00}", "{from: 2025-01-01, to: 2024-01-01}", '""', "false")],
    *[("enjoined", value) for value in ("x", "{}", "[x]", "[{}]", "0")],
    *[("cites", value) for value in ("", "{}", "[]", "{a: b}", "[x]", "1", "true", "2025-01-01")],
    *[("says", value) for value in ("", "{}", "[]", "{a: b}", "[x]", "1", "true")],
    *[(key, value) for key in ("note", "source") for value in ("1", "[x]", "{a: b}", "true")],
    *[("evidence", value) for value in ("1", "[read]", "{}", "guess", "true", '""')],
    *[("verified_on", value) for value in ("1", "[x]", "{}", "2025-02-06T10:00:00")],
    ("colour", "red"), ("<<", "{title: x}"),
])  # fmt: skip
def test_a_norm_with_a_value_of_the_wrong_shape_is_refused_at_its_line(key, value):
    with pytest.raises(BrightlineError) as caught:
        parsed(norm={key: value})
    check_refusal(caught.value)


@pytest.mark.parametrize("content", ["", "x", "- a", "1", "2025-01-01", "[]", "{}"])
def test_a_law_file_that_is_not_a_mapping_with_a_name_is_refused(content):
    with pytest.raises(BrightlineError) as caught:
        parse_authority(load_text(content, FILE), "us", FILE, shipped_vocabulary())
    assert caught.value.where.startswith(FILE)
    assert caught.value.help


def test_what_is_optional_may_be_left_empty():
    norm = parsed(
        {"note": "", "enjoined": "", "definitions": "", "context": "", "supersedes": ""},
        {"when": "", "unless": "", "within": "", "note": ""},
    ).norms[0]
    assert (norm.within, norm.note, norm.enjoined) == (None, "", ())


def test_a_deadline_of_zero_and_a_date_in_words_are_read():
    norm = parsed(
        {"verified_on": "2026-11-22"}, {"within": "{amount: 0, unit: promptly}", "starts": "request_received_at"}
    ).norms[0]
    assert norm.within == Within(0, "promptly")
    assert (norm.verified_on, norm.in_force.start) == ("2026-11-22", date(2025, 2, 6))


ROOT = """\
facts:
- {name: paper, type: enum, values: [none, writ], handling: recordable, question: Which?, presumed: {not_in: judges, because: Rare.}}
- {name: guest, type: bool, handling: recordable, question: Who?, presumed: {value: false, because: Rare.}}
- {name: age, type: int, handling: recordable, question: How old?, presumed: {at_most: 48, because: Rare.}}
- {name: from_at, type: datetime, handling: recordable, question: When?}
actions:
- {name: go, kind: act, meaning: Go.}
value_sets:
- {name: judges, of: paper, values: [writ]}
definitions: {old: age > 60}
readings:
- {name: moat, applies_to: land, values: [wet, dry], default: wet, issue: Wet?}
profiles:
- {id: land, name: The Land, facts: {guest: true, age: 3}, readings: {moat: dry}, federal_circuit: 8}
in_play:
- {when: guest, actions: [go]}
contradictions:
- {when: guest and old, says: No.}
modalities:
- {name: required, use: [answer, norm], meaning: Must.}
ranks:
- {name: high, level: 9, meaning: High.}
deadline_units: [hours]
deadline_excludes: [sundays]
"""


def vocabulary(text: str):
    return build_vocabulary([("", load_text(text, "v"))])


def test_the_plain_vocabulary_is_read():
    assert vocabulary(ROOT).facts["paper"].presumed.values == ("none",)


@pytest.mark.parametrize("old, new", [
    ("name: paper,", "name: [paper],"), ("name: paper,", "name: a b,"), ("name: paper,", "name: and,"), ("type: enum", "type: [enum]"), ("values: [none, writ]", "values: 3"),
    ("values: [none, writ]", "values: [1, writ]"), ("values: [none, writ]", "values: {a: b}"), ("values: [none, writ]", "values: [writ, writ]"), ("values: [none, writ]", "values: [a b, writ]"),
    ("values: [none, writ], ", ""), ("type: bool", "type: bool, values: [x]"), ("question: Which?", "question: [x]"), ("question: Which?", "unit: 3, question: Which?"),
    ("question: Which?", "group: [x], question: Which?"), ("question: Which?", "value_notes: [x], question: Which?"), ("question: Which?", "value_notes: {none: 3}, question: Which?"),
    ("handling: recordable", "handling: [recordable]"), ("{not_in: judges", "{not_in: [judges]"), ("{not_in: judges", "{not_in: jduges"), ("{not_in: judges", "{value: [none]"),
    ("{value: false", "{value: 0"), ("{value: false", "{value: {a: b}"), ("{value: false", "{at_most: 3"), ("{value: false, because: Rare.}", "3"), ("{value: false, because: Rare.}", "[]"),
    ("{at_most: 48", "{at_most: x"), ("{at_most: 48", "{at_most: true"), ("{at_most: 48", "{not_in: judges"), ("How old?", "How old?, derived: x"), ("How old?", "How old?, derived: {}"),
    ("How old?", "How old?, derived: {from: [a], to: b, unit: hours}"), ("How old?", "How old?, derived: {from: a, to: b, unit: hours, excludes: [1]}"), ("kind: act", "kind: [act]"),
    ("of: paper", "of: 3"), ("of: paper", "of: {a: b}"), ("of: paper", "of: [[paper]]"), ("values: [writ]", "values: 3"), ("values: [writ]", "values: [[writ]]"), ("name: judges", "name: [j]"),
    ("name: judges", "name: in"), ("{old: age > 60}", "[old]"), ("{old: age > 60}", "x"), ("{old: age > 60}", "{old: 3}"), ("{old: age > 60}", "{o d: age > 60}"), ("values: [wet, dry]", "values: {wet: dry}"),
    ("values: [wet, dry]", "values: [1, 2]"), ("default: wet", "default: [wet]"), ("facts: {guest", "facts: [guest"[:0] + "facts: x, note: {guest"), ("guest: true, age", "guest: 1, age"), ("age: 3", "age: x"),
    ("age: 3", "age: true"), ("age: 3", "age: [3]"), ("age: 3", "from_at: 3"), ("{moat: dry}", "x"), ("{moat: dry}", "{moat: [dry]}"), ("{moat: dry}", "{moat: {a: b}}"), ("federal_circuit: 8", "federal_circuit: x"),
    ("federal_circuit: 8", "time_zone: 3"), ("actions: [go]", "actions: 3"), ("actions: [go]", "actions: [[go]]"), ("actions: [go]", "actions: {a: b}"), ("when: guest,", "when: [guest],"), ("says: No.", "says: [x]"),
    ("use: [answer, norm]", "use: 3"), ("level: 9", "level: x"), ("level: 9", "level: true"), ("name: high, ", ""), ("- {name: high", "- high\n- {name: high"), ("[hours]", "{a: b}"), ("[hours]", "[1]"), ("[sundays]", "3"),
    ("modalities:\n- ", "modalities: "), ("ranks:\n- ", "ranks: "), ("facts:\n- {name: paper", "facts:\n- x\n- {name: paper"),
])  # fmt: skip
def test_a_vocabulary_with_a_value_of_the_wrong_shape_is_refused_at_its_line(old, new):
    assert ROOT.count(old) >= 1
    with pytest.raises(BrightlineError) as caught:
        vocabulary(ROOT.replace(old, new, 1))
    check_refusal(caught.value, "v")


def test_a_jurisdiction_may_presume_a_value_outside_a_set_of_the_whole_country():
    local = "jurisdiction: land\nfacts:\n- {name: second_paper, type: enum, values: [none, writ], handling: recordable, question: Which?, presumed: {not_in: judges, because: Rare.}}\n"
    found = build_vocabulary([("", load_text(ROOT, "v")), ("land", load_text(local, "land/jurisdiction.yaml"))])
    assert found.facts["second_paper"].presumed.values == ("none",)


def test_every_shipped_law_file_is_read():
    path = CORPUS / "us" / "fourth-amendment@1791-12-15.yaml"
    assert parse_authority(
        load_yaml(path, "us/fourth-amendment@1791-12-15.yaml"),
        "us",
        "us/fourth-amendment@1791-12-15.yaml",
        shipped_vocabulary(),
    ).norms
