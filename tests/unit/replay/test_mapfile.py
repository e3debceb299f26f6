"""Maps: what they say, and what is refused before a row is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from brightline.law import BrightlineError
from brightline.law.yamlfile import load_text
from brightline.replay.maps.factmap import CasesRule, ColumnRule, ConstantRule
from brightline.replay.maps.mapfile import COLUMN_FIELDS, MAP_FIELDS, find_map, parse_map, shipped_maps
from brightline.replay.maps.mappedfact import FACT_FIELDS

HEAD = "map: m\nabout: A row.\n"


@pytest.fixture
def gate(small):
    return small.authority(
        "act", "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: Shut.}\n"
    ).law()


def read(law, text: str):
    return parse_map(load_text(HEAD + text, "m.yaml"), law, "m.yaml")


def refusal(law, text: str) -> BrightlineError:
    with pytest.raises(BrightlineError) as caught:
        read(law, text)
    return caught.value


def test_a_map_says_where_each_fact_comes_from(gate):
    found = read(
        gate,
        "keys: [case]\ndate: day\nprofile: land/castle\nfacts:\n  guest: true\n  paper: {from: form, values: {A: letter, 'W*': writ}}\n"
        "  emergency: {expression: \"alarm == 'on'\"}\n  age: {from: years, times: 12, round: down}\n",
    )
    assert found.facts["guest"] == ConstantRule(True, "m.yaml:7")
    assert isinstance(found.facts["paper"], ColumnRule) and isinstance(found.facts["emergency"], CasesRule)
    assert found.facts["paper"].recode.values == (("a", "letter"), ("w*", "writ"))
    assert (found.facts["age"].times, found.facts["age"].round) == (12, "down")
    assert (found.profile, found.date, found.keys) == ("land/castle", "day", ("case",))
    assert found.column("day").type == "date"


@pytest.mark.parametrize(
    ("text", "code", "where", "words"),
    [
        ("facts: {papr: writ}\n", "unknown-fact", "m.yaml:3", "did you mean `paper`"),
        ("facts:\n  paper: lettre\n", "unknown-value", "m.yaml:4", "did you mean `letter`"),
        ("facts:\n  paper: {from: f, values: {A: lettre}}\n", "unknown-value", "m.yaml:4", "letter"),
        ("facts:\n  paper: writ\n  paper: letter\n", "yaml", "m.yaml:5", "written twice"),
        ("facts:\n  paper: {from: f, values: {A: writ, ' a': letter}}\n", "replay-map", "m.yaml:4", "stands twice"),
        ("profile: land/castel\nfacts: {paper: writ}\n", "unknown-profile", "m.yaml:3", "land/castle"),
        ("profile: {from: p, values: {A: land/tower}}\nfacts: {paper: writ}\n", "unknown-profile", "m.yaml:3", "land"),
        ("actions: [open_gat]\nfacts: {paper: writ}\n", "unknown-action", "m.yaml:3", "open_gate"),
        ("facts:\n  paper: {from: f, valus: {A: writ}}\n", "replay-map", "m.yaml:4", "did you mean `values`"),
        ("fact: {paper: writ}\n", "replay-map", "m.yaml:3", "did you mean `facts`"),
        ("facts:\n  paper: {from: f, constant: writ}\n", "replay-map", "m.yaml:4", "one of"),
        ("facts:\n  paper: {expression: known(f)}\n", "replay-map", "m.yaml:4", "yes-or-no"),
        ("facts:\n  guest: {expression: \"f < 'a'\"}\n", "replay-map", "m.yaml:4", "no order"),
        ("facts:\n  guest: {expression: \"__import__('os')\"}\n", "replay-map", "m.yaml:4", "unknown word"),
        ("facts:\n  guest: {expression: \"f.g == 'a'\"}\n", "replay-map", "m.yaml:4", "outside the language"),
        ("facts:\n  guest: {expression: \"f == 1\"}\n", "replay-map", "m.yaml:4", "text in quotes"),
        ("facts:\n  age: {from: f, round: near}\n", "replay-map", "m.yaml:4", "way to round"),
        ("zone: Mars/Base\nfacts: {paper: writ}\n", "replay-map", "m.yaml:3", "time zone"),
        ("columns:\n  d: {from: D, type: date, format: '%Q'}\nfacts: {paper: writ}\n", "replay-map", "m.yaml:4", "%Q"),
        ("columns:\n  d: {from: D, type: dat}\nfacts: {paper: writ}\n", "replay-map", "m.yaml:4", "did you mean `date`"),
        ("keys: [a, a]\nfacts: {paper: writ}\n", "replay-map", "m.yaml:3", "twice"),
        ("nulls: [NO]\nfacts: {paper: writ}\n", "replay-map", "m.yaml:3", "quotes"),
        ("facts: {paper: writ}\nfallback: {paper: letter}\n", "replay-map", "m.yaml:4", "`fallback`"),
        ("facts: {}\n", "replay-map", "m.yaml:1", "no `facts`"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_map_is_told_with_its_line(gate, text, code, where, words):
    error = refusal(gate, text)
    assert (error.code, error.where) == (code, where)
    assert words in f"{error.message} {error.help}"


def test_a_fact_that_is_worked_out_is_not_mapped(law):
    with pytest.raises(BrightlineError) as caught:
        parse_map(load_text(HEAD + "facts: {hold_hours_flat: 3}\n", "m.yaml"), law, "m.yaml")
    assert (caught.value.code, caught.value.where) == ("derived-fact", "m.yaml:3")
    assert "hold_until_at" in caught.value.help


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("keys: [s]\nfacts: {secret: {from: s}}\n", "m.yaml:3"),
        ("keys: [k]\ncolumns: {k: {from: s}}\nfacts: {secret: {from: s}}\n", "m.yaml:3"),
        ("facility: s\nfacts: {secret: {from: s}}\n", "m.yaml:3"),
        ("date: s\nfacts: {secret: {expression: \"s == '2'\"}}\n", "m.yaml:3"),
        ("profile: {from: s}\nfacts: {secret: {from: s}}\n", "m.yaml:3"),
        ("facts:\n  secret: {from: s}\n  guest: {from: s}\n", "m.yaml:5"),
        ("facts:\n  secret: {from: s}\n  guest: {expression: \"known(k) or s == 'x'\"}\n", "m.yaml:5"),
        ("keys: [Country of Birth]\nfacts: {guest: true}\n", "m.yaml:3"),
        ("keys: [k]\ncolumns: {k: {from: citizenship_country}}\nfacts: {guest: true}\n", "m.yaml:3"),
        ("facility: nationality\nfacts: {guest: true}\n", "m.yaml:3"),
    ],
)
def test_a_column_that_tells_of_status_is_kept_nowhere(gate, text, where):
    error = refusal(gate, text)
    assert (error.code, error.where) == ("replay-transient", where)


def test_every_map_that_ships_is_read(law):
    assert "detainers" in shipped_maps()
    for name in shipped_maps():
        assert find_map(name, law).name


def test_a_map_that_is_not_there_is_answered_with_those_that_ship(law):
    with pytest.raises(BrightlineError) as caught:
        find_map("detainrs", law)
    assert "did you mean `detainers`" in caught.value.help


PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "reference" / "replay-maps.md"


@pytest.mark.parametrize("field", sorted({*MAP_FIELDS, *COLUMN_FIELDS, *FACT_FIELDS}))
def test_every_field_of_a_map_is_documented(field):
    rows = re.findall(r"^\| (`[^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert any(f"`{field}`" in row for row in rows)


def test_the_map_on_the_page_is_one_that_is_read(law):
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = parse_map(load_text(text, "page.yaml"), law, "page.yaml")
    assert (found.name, len(found.facts)) == ("county-detainers", 8)
