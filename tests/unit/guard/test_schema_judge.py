"""Fields are judged by everything that is said of them; look-alikes stay clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from brightline.guard.schemas.contract import read_content
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.judge import judge
from brightline.guard.schemas.lexicon import read_lexicon

pytest.importorskip("sqlglot", reason="needs the extra `guard`")
pytest.importorskip("selectolax")
pytest.importorskip("lxml")

ROOT = Path(__file__).parent.parent.parent.parent
OURS = ROOT / "tests" / "data" / "guard" / "schemas.jsonl"
DEV = ROOT.parent / "shared" / "data" / "status-corpus" / "schemas-dev.jsonl"


def entries(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def verdicts_of(entry):
    return judge(read_content(entry["kind"], entry["content"], entry["id"], entry["name"], entry["context"]))


def scored(listed):
    """F1 over fields that must be reported, the clean schemas with an alarm, and the clean schemas."""
    right = wrong = missed = alarmed = clean = 0
    for entry in listed:
        gold = {one["field"] for one in entry["gold"] if one["severity"] != "review"}
        weak = {one["field"] for one in entry["gold"]} - gold
        found = {one.field for one in verdicts_of(entry) if one.severity in ("prohibited", "basis")} - weak
        right, wrong, missed = right + len(found & gold), wrong + len(found - gold), missed + len(gold - found)
        clean, alarmed = clean + (not gold), alarmed + (not gold and bool(found))
    return 2 * right / (2 * right + wrong + missed), alarmed, clean


def one(name, table="", others=(), **said):
    fields = (Field(name, table=table, **said), *(Field(other, table=table) for other in others))
    found = [verdict for verdict in judge(Schema("sql_ddl", "", fields)) if verdict.field == name]
    return (found[0].label, found[0].severity) if found else None


@pytest.mark.parametrize("half", ["A", "B"])
def test_our_own_schemas_are_judged_as_their_gold_says(half):
    f1, alarmed, clean = scored([entry for entry in entries(OURS) if entry["half"] == half])
    assert clean >= 10
    assert f1 >= 0.95
    assert alarmed * 6 <= clean


@pytest.mark.skipif(not DEV.exists(), reason="the corpus of schemas is not beside the project")
def test_the_schemas_of_the_corpus_are_judged_as_their_gold_says():
    f1, alarmed, _ = scored(entries(DEV))
    assert f1 >= 0.95
    assert alarmed == 0


def test_our_own_schemas_cover_every_kind_in_both_halves():
    for half in "AB":
        kinds = {entry["kind"] for entry in entries(OURS) if entry["half"] == half}
        assert len(kinds) == 8


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("pob_cntry", "birthplace"),
        ("BIRTHCTRY", "birthplace"),
        ("placeofbirth", "birthplace"),
        ("pais_nacimiento", "birthplace"),
        ("ctz_cd", "citizenship_or_nationality"),
        ("isUSCitizen", "citizenship_or_nationality"),
        ("nacionalidad", "citizenship_or_nationality"),
        ("alienNo", "status_number"),
        ("a_number", "status_number"),
        ("sevis_id", "status_number"),
        ("immig_sts", "status_assertion"),
        ("estatus_migratorio", "status_assertion"),
        ("us_arrival_dt", "status_assertion"),
        ("visa_class", "status_document"),
        ("green_card_exp", "status_document"),
        ("ice_detainer_dt", "immigration_contact"),
    ],
)
def test_a_name_alone_tells(name, label):
    assert one(name) == (label, "prohibited")


@pytest.mark.parametrize(
    "name",
    [
        "case_status", "documented_by", "permanent_address", "senior_citizen", "citizen_complaint_no", "alien_species",
        "country_of_manufacture", "state_of_origin", "ice_vehicle", "ice_rink_fee", "visa_last4", "passport_stamp_count",
        "birth_date", "birth_weight", "national_guard", "employment_status", "unlawful_detainer", "tree_removal_date",
        "digital_citizenship_grade", "status", "country", "origin_zip", "entry_dt", "legal_description",
    ],
)  # fmt: skip
def test_a_look_alike_stays_clean(name):
    assert one(name) is None


def test_a_neutral_name_is_betrayed_by_its_label_comment_choices_or_values():
    assert one("q7", label="In which country were you born?") == ("birthplace", "prohibited")
    assert one("cd2", comments="C citizen, L LPR, U undocumented") is not None
    assert one("kind", choices=("us_dl", "foreign_passport", "consular_card")) == ("status_document", "prohibited")
    assert one("ref", samples=("A 208 441 902", "A 219 003 117")) == ("status_number", "prohibited")
    assert one("code", samples=("USC", "LPR", "LPR")) == ("status_assertion", "prohibited")


def test_what_is_said_not_to_be_asked_does_not_count():
    assert one("notes", help="We do not ask about citizenship or immigration status.") is None
    assert one("notes", help="We ask about citizenship.") is not None


def test_the_number_beside_a_foreign_document_is_a_status_number():
    schema = read_content(
        "json_schema",
        '{"properties": {"doc_kind": {"enum": ["us_dl", "foreign_passport"]}, "doc_number": {"type": "string"}}}',
        "a",
    )
    assert {found.field: found.label for found in judge(schema)}["doc_number"] == "status_number"
    alone = read_content("json_schema", '{"properties": {"doc_number": {"type": "string"}}}', "a")
    assert not judge(alone)


def test_a_trap_of_the_table_silences_a_word_only_there():
    assert one("lpr_flag", others=("plate", "camera_id")) is None
    assert one("lpr_flag", others=("last_name", "dob")) is not None
    assert one("country_of_origin", others=("sku", "vendor", "unit_price")) is None
    assert one("country_of_origin", others=("last_name", "dob")) == ("birthplace", "prohibited")


def test_a_law_named_near_a_field_makes_it_need_a_basis_and_never_hides_it():
    text = "-- 45 CFR 400.107 refugee medical screening\nCREATE TABLE s (alien_no TEXT);\nCREATE TABLE t (alien_no TEXT, z INT);"
    found = {(one.table, one.field): one.severity for one in judge(read_content("sql_ddl", text, "a"))}
    assert found == {("s", "alien_no"): "basis", ("t", "alien_no"): "prohibited"}


def test_a_finding_never_holds_a_value():
    value = "A 208 441 902"
    found = judge(Schema("csv_header", "", (Field("ref", samples=(value, value)),)))
    assert found
    assert value not in repr(found)
    assert "208" not in repr(found)


def test_every_context_trap_and_duty_of_the_lexicon_says_why():
    lexicon = read_lexicon()
    assert all(one.why for one in (*lexicon.traps, *lexicon.contexts.values(), *lexicon.duties, *lexicon.concepts))
    assert len(lexicon.traps) > 30


def test_every_law_that_is_named_near_a_field_carries_its_evidence_mark():
    duties = read_lexicon().duties
    cited = [duty for duty in duties if duty.name not in ("court-order", "other-law-named")]
    assert len(cited) > 10
    assert {duty.evidence for duty in cited} == {"read", "memory"}


def test_a_law_that_is_cited_from_memory_says_so_on_the_finding():
    def why(table: str) -> str:
        schema = read_content("sql_ddl", f"CREATE TABLE {table} (citizenship TEXT);", "a.sql", table, "")
        return judge(schema)[0].why

    assert "unverified" in why("firearms_permit")
    assert "unverified" not in why("juror_list")
