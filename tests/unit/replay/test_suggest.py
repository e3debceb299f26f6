"""Proposals for a map: known layouts, other names, columns one by one, and nothing said of a person."""

from __future__ import annotations

import csv
import random

import pytest
import yaml

from brightline.law import BrightlineError
from brightline.law.corpusfiles import CORPUS
from brightline.replay.maps.mapfile import find_map, read_map, shipped_maps
from brightline.replay.maps.suggest import suggest_map
from brightline.replay.maps.suggestwords import fits, read_words

duckdb = pytest.importorskip("duckdb", reason="looking into a file needs the replay extra")
FILES = {
    "pennsylvania": "pa-ice-detainers/pa_detainers_2007_2015.parquet",
    "npr-lifted": "npr-detainers-citizens-lpr/detainers_lifted_not_removable.parquet",
    "seattle-i213": "seattle-i213-arrests/i213_2022_2025.parquet",
    "agreements-287g": "ice-287g-panel/participating_agencies_monthly.parquet",
    "minnesota-days": "mn-ice-2022-2026/mn_detainers_over_time.csv.gz",
    "ice-detainers": "mn-ice-2022-2026/st_cloud_declined_records.csv.gz",
}
COUNTRIES = ["MEXICO", "GUATEMALA", "HONDURAS", "SOMALIA", "LAOS"]


def written(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def proposed(law, path, tmp_path):
    """The proposal as text, and as a map that has been read and checked."""
    text = suggest_map(path, law.vocabulary)
    place = tmp_path / "proposal.yaml"
    place.write_text(text, encoding="utf-8")
    return text, read_map(place, law)


def never_read(text):
    """The columns that a proposal says are never read."""
    lines = " ".join(line[2:] for line in text.splitlines() if line.startswith("# ")).split("Never read, ")[1:]
    return " ".join(part.partition("Not read, ")[0] for part in lines)


def county(tmp_path, header=("Case", "Received On", "Form Type", "Jail Name", "Warrant Attached", "ctz_cd", "Notes")):
    rows = [
        (f"C{i}", f"{i % 12 + 1:02}/{i % 27 + 1:02}/2025", ["I-247A Detainer", "I-247A Detainer", "Notification"][i % 3],
         "MAIN JAIL", ["I-200", "none"][i % 2], COUNTRIES[i % 5], f"told us he was born in {COUNTRIES[i % 5]}")
        for i in range(60)
    ]  # fmt: skip
    return written(tmp_path / "county.csv", header, rows)


@pytest.mark.parametrize("name", sorted(shipped_maps()))
def test_every_shipped_map_is_read_and_says_what_its_columns_cannot_tell(law, name):
    found = find_map(name, law)
    assert found.name == name
    assert found.about and found.cannot_tell and found.facts


@pytest.mark.parametrize("name", sorted(shipped_maps()))
def test_no_shipped_map_reads_a_transient_fact_or_keeps_a_column_of_status(law, name):
    found = find_map(name, law)
    assert not [f for f in (*found.facts, *found.fallback) if law.vocabulary.facts[f].is_transient]
    words = read_words()
    kept = [s for key in (*found.keys, found.facility) if key for s in found.column(key).sources]
    assert not [
        s for s in kept if words._named(s, words.status["names"]) or words._named(s, words.identity["names"], False)
    ]


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_layout_of_each_public_file_is_recognised(law, shared, tmp_path, name):
    text, found = proposed(law, shared / "data" / FILES[name], tmp_path)
    assert text.startswith(f"# The layout is known: this is the map `{name}`")
    assert found.name == name
    assert text.endswith(shipped_maps()[name].read_text(encoding="utf-8"))


def test_the_shipped_pennsylvania_file_is_recognised(law, tmp_path):
    from brightline.replay.extracts import EXTRACTS

    for file in ("pa_detainers.parquet", "pa_detainers_extract.csv"):
        assert proposed(law, EXTRACTS / file, tmp_path)[1].name == "pennsylvania"


@pytest.mark.parametrize(
    "header",
    [
        ["Date", "Det Facility", "DETAINER_TYPE", "Lift Reason", "State"],
        ["date", "detFacility", "Detainer-Type", "lift_reason", "state"],
        ["DATE ", "DET_FACILTY", "DETAINR_TYPE", "LIFT_REASON", "STATE"],
    ],
)
def test_renamed_columns_of_a_known_layout_are_found_and_marked(law, tmp_path, header):
    rows = [("2014-02-03", "BERKS COUNTY JAIL, PA", "", "Booked into Detention", "PENNSYLVANIA")] * 3
    text, found = proposed(law, written(tmp_path / "pa.csv", header, rows), tmp_path)
    assert found.name == "pennsylvania"
    assert "# check: is this the column?" in text
    assert {found.column(n).sources[0].strip() for n in ("prepared", "place", "form")} == {
        h.strip() for h in header[:3]
    }


def test_the_layout_of_an_older_release_is_recognised_by_its_headings(law, tmp_path):
    header = ["Detainer Prepared Date", "Detention Facility", "Detainer Type", "Citizenship Country", "MSC Charge Code"]
    rows = [("2024-05-06", "OLMSTED CO. JAIL", "I247A - Immigration Detainer", c, "1399") for c in COUNTRIES]
    text, found = proposed(law, written(tmp_path / "ice.csv", header, rows), tmp_path)
    assert found.name == "ice-detainers"
    assert not [c for c in COUNTRIES if c in text]


def test_a_countys_own_columns_become_facts_one_by_one(law, tmp_path):
    text, found = proposed(law, county(tmp_path), tmp_path)
    content = yaml.safe_load(text)
    assert content["facts"]["instrument"]["values"] == {
        "I-247A*": "i247a_detainer",
        "*notification*": "notification_request",
    }
    assert content["facts"]["accompanying_instrument"]["values"] == {"I-200*": "i200_warrant", "none": "none"}
    assert content["columns"]["day"] == {"from": "Received On", "type": "date", "format": "%m/%d/%Y"}
    assert (found.date, found.facility) == ("day", "Jail Name")
    assert content["facts"]["actor_role"] == "jail_staff"
    assert "# keys: [Case]" in text
    assert "lawful_status_claim" in content["cannot_tell"]


def test_columns_in_another_order_and_spelling_give_the_same_facts(law, tmp_path):
    plain = yaml.safe_load(proposed(law, county(tmp_path), tmp_path)[0])["facts"]
    names = ["CaseNo", "recdOn", "FORM_TYP", "jailName", "WARRANT-ATTACHED", "CitizenshipCd", "Remarks"]
    renamed = yaml.safe_load(proposed(law, county(tmp_path, names), tmp_path)[0])["facts"]
    assert set(plain) == set(renamed)
    assert plain["instrument"]["values"] == renamed["instrument"]["values"]


def test_no_word_of_a_column_of_status_or_of_an_unknown_column_is_shown(law, tmp_path):
    text, _ = proposed(law, county(tmp_path), tmp_path)
    assert "ctz_cd" in text and "Notes (text)" in text
    assert not [c for c in (*COUNTRIES, "born") if c.lower() in text.lower()]


@pytest.mark.parametrize("name", ["X17", "ctry", "pob", "Citzn Of", "bplace", "form_type"])
def test_a_column_of_countries_is_never_proposed_whatever_it_is_called(law, tmp_path, name):
    header = ["Received On", name, "Detainer Type"]
    rows = [("2025-01-02", COUNTRIES[i % 5], "I-247A") for i in range(50)]
    text, found = proposed(law, written(tmp_path / "x.csv", header, rows), tmp_path)
    assert name in never_read(text)
    assert not [c for c in COUNTRIES if c in text]
    assert name not in {s for f in found.facts.values() for s in (getattr(f, "column", ""),)}


def test_a_column_whose_words_or_name_tell_of_status_is_named_as_one_that_is_never_read(law, tmp_path):
    header = ["Received On", "Detainer Type", "outcome", "Visa Class", "Remarks"]
    rows = [
        ("2025-01-02", "I-247A", ["Alien Not Subject to Deportation", "Lifted"][i % 2], "B2", "x") for i in range(9)
    ]
    text, _ = proposed(law, written(tmp_path / "x.csv", header, rows), tmp_path)
    assert "outcome" in never_read(text) and "Visa Class" in never_read(text)
    assert "Remarks" not in never_read(text)


def test_a_form_column_that_is_full_of_countries_is_not_read(law, tmp_path):
    rows = [("2025-01-02", w, "no") for w in ["I-247A Detainer", *COUNTRIES] * 9]
    text, found = proposed(
        law, written(tmp_path / "x.csv", ["Received On", "Form Type", "Second Paper"], rows), tmp_path
    )
    assert "Form Type" in never_read(text)
    assert "instrument" not in found.facts


def test_a_known_layout_with_countries_in_a_column_that_it_reads_is_not_taken(law, tmp_path):
    rows = [("2014-02-03", COUNTRIES[i % 5], "I247D") for i in range(50)]
    text, found = proposed(law, written(tmp_path / "x.csv", ["date", "det_facility", "detainer_type"], rows), tmp_path)
    assert "det_facility" in never_read(text)
    assert found.name == "x" and not found.facility


def test_a_rare_word_of_a_column_that_is_read_is_not_shown(law, tmp_path):
    rows = [("2025-01-02", w) for w in ["I-247A"] * 30 + ["smith, j"] * 4 + ["fax"] * 5]
    text, _ = proposed(law, written(tmp_path / "x.csv", ["Received On", "Form Type"], rows), tmp_path)
    assert "fax" in text and "smith" not in text


def test_a_word_of_status_in_a_column_that_is_read_is_counted_and_not_shown(law, tmp_path):
    rows = [("2025-01-02", w) for w in ["I-247A"] * 30 + ["LPR - lawful permanent resident"] * 9 + ["other paper"] * 8]
    text, _ = proposed(law, written(tmp_path / "x.csv", ["Received On", "Form Type"], rows), tmp_path)
    assert '# check: "other paper" (8 rows) fits no line' in text
    assert "1 more words fit no line" in text
    assert "permanent" not in text.replace("tells of", "")


def test_days_that_could_be_months_are_marked(law, tmp_path):
    rows = [(f"{m:02}/{d:02}/2025", "I-247A") for m in range(1, 13) for d in (3, 7)]
    assert "nothing tells the day from the month" in suggest_map(
        written(tmp_path / "x.csv", ["Received On", "Form Type"], rows), law.vocabulary
    )


def test_any_header_gives_a_map_that_is_read_or_a_plain_refusal(law, tmp_path):
    words = read_words()
    names = [n for spec in words.facts.values() for n in spec["columns"]] + words.roles["date"] + words.status["names"]
    cells = [
        "I-247A",
        "2025-01-02",
        "2025-01-02 03:04",
        "yes",
        "17",
        "MEXICO",
        'a "quoted" : word',
        "",
        "# x",
        "{[",
        "*",
    ]
    dice = random.Random(4)
    for _ in range(25):
        header = [*dice.sample(names, 5), 'odd: "name"', "it's, #7\tx"]
        rows = [[dice.choice(cells) for _ in header] for _ in range(20)]
        path = written(tmp_path / "x.csv", header, rows)
        try:
            text, _ = proposed(law, path, tmp_path)
        except BrightlineError as error:
            assert error.code == "replay-columns"
        else:
            assert "MEXICO" not in text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken", b"a,b\n1\n"])
def test_a_file_that_cannot_be_read_is_refused_without_its_content(law, tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(BrightlineError) as caught:
        suggest_map(path, law.vocabulary)
    assert caught.value.code in ("unreadable", "replay-columns")
    assert "broken" not in str(caught.value)


def test_a_missing_and_a_truncated_file_are_refused(law, tmp_path):
    whole = (CORPUS.parent / "replay" / "extracts" / "pa_detainers.parquet").read_bytes()
    (tmp_path / "half.parquet").write_bytes(whole[: len(whole) // 2])
    for name in ("none.csv", "half.parquet"):
        with pytest.raises(BrightlineError) as caught:
            suggest_map(tmp_path / name, law.vocabulary)
        assert caught.value.code == "unreadable"


def test_the_lists_name_recordable_facts_and_values_that_exist(law):
    facts = law.vocabulary.facts
    for name, spec in read_words().facts.items():
        assert not facts[name].is_transient
        assert not [v for v in spec.get("values", {}).values() if v not in facts[name].domain]
    for name, value in read_words().detainers.items():
        assert not facts[name].is_transient and value in (*facts[name].domain, True)


@pytest.mark.parametrize(
    ("pattern", "word", "expected"),
    [("I-247A*", "i-247a (2017)", True), ("*fire", "Ceasefire", True), ("*mid*", "amidst", True), ("none", "None ", True),
     ("none", "nonesuch", False), ("*fire", "fires", False), ("I-247A*", "x I-247A", False)],
)  # fmt: skip
def test_a_pattern_means_whole_words_or_their_ends(pattern, word, expected):
    assert fits(pattern, word) is expected
