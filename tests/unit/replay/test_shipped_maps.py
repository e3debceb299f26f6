"""The shipped maps read the real files: every word is known, and each row gets the facts that its columns tell."""

from __future__ import annotations

from collections import Counter

import pytest

from brightline.replay.extracts import EXTRACTS
from brightline.replay.maps.mapfile import find_map, shipped_maps

pytest.importorskip("pyarrow", reason="reading files needs the replay extra")
duckdb = pytest.importorskip("duckdb", reason="reading files needs the replay extra")
from brightline.replay.maps.cells import Cells  # noqa: E402
from brightline.replay.maps.leaveout import columns_of_left_out  # noqa: E402
from brightline.replay.maps.mapcheck import columns_of  # noqa: E402
from brightline.replay.maps.mappedrows import map_rows  # noqa: E402

OLD = [
    "Detainer Prepared Date",
    "Detention Facility",
    "Detainer Type",
    "Detainer Prepared Criminality",
    "MSC Charge Code",
]
DDP = [
    "detainer_prepare_date",
    "detention_facility",
    "detainer_type",
    "detainer_prepared_criminality",
    "msc_charge_code",
]


def mapped_rows(law, name, query):
    """What a shipped map makes of the rows of a query."""
    mapped = find_map(name, law)
    names = {c for rule in mapped.facts.values() for c in columns_of(rule)}
    names |= {n for n in (mapped.date, mapped.facility, mapped.profile_column, *columns_of_left_out(mapped)) if n}
    with duckdb.connect() as connection:
        table = connection.sql(query).to_arrow_table().combine_chunks()
    arrays = {}
    for name_of in names:
        there = [s for s in mapped.column(name_of).sources if s in table.column_names]
        arrays[name_of] = table[there[0]].combine_chunks() if there else None
    asks = bool(mapped.profile_column)
    return map_rows(mapped, law.vocabulary, Cells(len(table), arrays, mapped), asks_day=True, asks_profile=asks)


def counts(law, found, fact, stays=None):
    """How many rows have which value of a fact; None for those that do not know. `stays` are the rows to count."""
    column = next(c for c in found.columns if c.fact == fact)
    domain = law.vocabulary.facts[fact].domain
    known = [True] * found.rows if column.known is None else column.known.tolist()
    stays = [True] * found.rows if stays is None else stays.tolist()
    return Counter(domain[v] if k else None for v, k, s in zip(column.values.tolist(), known, stays, strict=True) if s)


def values(law, found, fact):
    """A fact row for row."""
    column = next(c for c in found.columns if c.fact == fact)
    domain = law.vocabulary.facts[fact].domain
    known = [True] * found.rows if column.known is None else column.known.tolist()
    return [domain[v] if k else None for v, k in zip(column.values.tolist(), known, strict=True)]


def nothing_is_left(found):
    return not found.findings.bad and not found.findings.unmapped and not found.findings.rejected


def test_pennsylvania_is_read_whole(law):
    found = mapped_rows(law, "pennsylvania", f"SELECT * FROM read_parquet('{EXTRACTS / 'pa_detainers.parquet'}')")
    assert nothing_is_left(found)
    stays = ~found.is_left_out
    assert counts(law, found, "instrument", stays) == {"i247_detainer": 17_340, "notification_request": 5}
    assert counts(law, found, "request_kind", stays) == {"hold": 17_340, "release_notice": 5}
    custody = counts(law, found, "custody_state", stays)
    assert custody["prison"] == 2_279 and custody.keys() == {"jail", "prison", "juvenile_detention"}


def test_the_federal_places_of_pennsylvania_are_left_out(law):
    file = EXTRACTS / "pa_detainers.parquet"
    found = mapped_rows(law, "pennsylvania", f"SELECT * FROM read_parquet('{file}') ORDER BY det_facility, date")
    places = duckdb.sql(f"SELECT det_facility FROM read_parquet('{file}') ORDER BY det_facility, date").fetchall()
    left = {place for (place,), out in zip(places, found.is_left_out, strict=True) if out}
    stay = {place for (place,), out in zip(places, found.is_left_out, strict=True) if not out}
    assert not left & stay and sum(found.findings.left_out.values()) == 15_412
    assert {"MOSHANNON VALLEY CORRECTIONAL", "ALLENWOOD (MED) FCI", "USP CANAAN"} <= left
    assert {"CAMPHILL SCI, PA", "MONTGOMERY CNTY JAIL, PA", "PHILADELPHIA DETENTION CT"} <= stay


def test_no_map_of_a_plain_list_says_that_nothing_came_with_the_detainer(law):
    assert not [n for n in shipped_maps() if "accompanying_instrument" in find_map(n, law).facts]


def test_the_file_of_lifted_detainers_is_read_without_its_reasons(law, shared):
    file = shared / "data" / "npr-detainers-citizens-lpr" / "detainers_lifted_not_removable.parquet"
    found = mapped_rows(law, "npr-lifted", f"SELECT * FROM read_parquet('{file}')")
    assert nothing_is_left(found)
    assert counts(law, found, "instrument") == {"i247_detainer": 2_529, "notification_request": 10}
    mapped = find_map("npr-lifted", law)
    assert "lift_reason" not in {s for c in mapped.columns.values() for s in c.sources}


def test_arrests_in_the_northwest_know_custody_only_where_the_method_tells(law, shared):
    file = shared / "data" / "seattle-i213-arrests" / "i213_2022_2025.parquet"
    found = mapped_rows(law, "seattle-i213", f"SELECT * FROM read_parquet('{file}')")
    assert not found.findings.unmapped.get("custody_state")
    custody = counts(law, found, "custody_state")
    assert (custody["jail"], custody["prison"]) == (358, 301)
    assert custody["none"] == 6424 + 1419 + 13 + 3
    names, of_row = found.profiles
    assert Counter(names[i] if i >= 0 else "" for i in of_row.tolist()) == {"us/wa": 7490, "us/or": 2894, "": 578}


def test_agreements_are_read_with_their_kind_and_the_law_of_their_state(law, shared):
    file = shared / "data" / "ice-287g-panel" / "participating_agencies_monthly.parquet"
    found = mapped_rows(law, "agreements-287g", f"SELECT * FROM read_parquet('{file}')")
    assert counts(law, found, "agreement_kind") == {
        "section_287g_warrant_service": 8_999,
        "section_287g_task_force": 8_135,
        "section_287g_jail_enforcement": 5_125,
    }
    names, of_row = found.profiles
    assert sum(1 for i in of_row.tolist() if i >= 0 and names[i] == "us/fl") == 6_893
    assert set(found.findings.bad) | set(found.findings.unmapped) <= {"the profile"}


def test_the_records_of_a_minnesota_prison_get_the_family_of_their_conviction(law, shared):
    file = shared / "data" / "mn-ice-2022-2026" / "st_cloud_declined_records.csv.gz"
    found = mapped_rows(law, "ice-detainers", f"SELECT * FROM read_csv('{file}', all_varchar=true)")
    assert nothing_is_left(found)
    assert counts(law, found, "conviction_category") == {
        "sexual_offense": 11, "assault_or_battery": 1, "domestic_violence": 1, "weapons_or_explosives": 1, "robbery": 1,
        "homicide": 1, "drug_offense": 3, "none": 3,
    }  # fmt: skip
    assert counts(law, found, "custody_state") == {"prison": 22}


def rows_of(header, *rows):
    lines = " UNION ALL ".join(
        "SELECT " + ", ".join(f'{"NULL" if v is None else repr(v)} AS "{n}"' for n, v in zip(header, row, strict=True))
        for row in rows
    )
    return f"SELECT * FROM ({lines})"


@pytest.mark.parametrize("header", [OLD, DDP])
def test_each_layout_of_ices_records_gives_the_same_facts(law, header):
    found = mapped_rows(law, "ice-detainers", rows_of(
        header,
        ("2024-05-06", "DALLAS COUNTY JAIL", "I247A - Immigration Detainer - Notice of Action", "1 Convicted Criminal", "1399"),
        ("2024-05-06", "SCI ALBION", "I247G - Request for Advance Notification of Release", "2 Pending Criminal Charges", None),
        ("2016-05-06", "KROME DETENTION CENTER", None, "3 Other Immigration Violator", None),
        ("2018-05-06", "SOMEWHERE", None, "1 Convicted Criminal", None),
        ("2018-05-06", "X CNTY", "I247X - Request for Voluntary Transfer", None, "0301"),
    ))  # fmt: skip
    assert values(law, found, "instrument") == [
        "i247a_detainer", "notification_request", "i247_detainer", "i247a_detainer", "i247_detainer",
    ]  # fmt: skip
    assert values(law, found, "request_kind") == ["hold", "release_notice", "hold", "hold", "hold"]
    assert values(law, found, "custody_state") == ["jail", "prison", None, None, "jail"]
    assert values(law, found, "conviction_category") == ["assault_or_battery", "none", "none", None, None]
    assert values(law, found, "charge_category") == [None, None, "none", None, None]


def test_federal_places_are_left_out_by_the_words_in_their_names(law):
    federal = ("MIAMI FEDERAL DETENTION", "MCKEAN FED.CORR.INST.", "FCI OTISVILLE", "ALLENWOOD (MED) FCI", "USP CANAAN",
               "US MARSHALS, MIDDLE DIST.", "LEWISBURG U.S. PEN.")  # fmt: skip
    local = ("FEDERAL WAY CITY JAIL", "MARSHALL COUNTY JAIL", "OLMSTED CO. JAIL", "SCI ALBION", "", None)
    found = mapped_rows(
        law, "ice-detainers", rows_of(DDP[:2], *(("2018-05-06", place) for place in (*federal, *local)))
    )
    assert found.is_left_out.tolist() == [True] * len(federal) + [False] * len(local)
    assert found.findings.left_out == {"a federal place, where no local policy binds": len(federal)}
    assert values(law, found, "custody_state")[len(federal) :] == ["jail", "jail", "jail", "prison", None, None]


def test_a_file_without_the_optional_columns_is_read(law):
    found = mapped_rows(law, "ice-detainers", rows_of(DDP[:2], ("2018-05-06", "X JAIL")))
    assert values(law, found, "instrument") == ["i247a_detainer"]
    assert values(law, found, "conviction_category") == [None]


@pytest.mark.parametrize(
    ("code", "family"),
    [("0999", "homicide"), ("1006", "kidnapping_or_trafficking"), ("1103", "sexual_offense"), ("3699", "sexual_offense"),
     ("1206", "robbery"), ("1316", "threats_or_stalking"), ("13AB", "domestic_violence"), ("1304", "assault_or_battery"),
     ("2005", "arson_or_public_safety"), ("2299", "burglary"), ("2399", "theft_or_fraud"), ("2699", "theft_or_fraud"),
     ("2999", "vandalism"), ("35AB", "drug_offense"), ("4901", "obstruction_or_escape"), ("5101", "bribery_or_corruption"),
     ("5203", "weapons_or_explosives"), ("5404", "impaired_driving"), ("5401", None), ("7099", None)],
)  # fmt: skip
def test_an_offense_code_says_its_family_or_nothing(law, code, family):
    found = mapped_rows(
        law, "ice-detainers", rows_of(DDP, ("2024-01-01", "X JAIL", "I247A", "1 Convicted Criminal", code))
    )
    assert values(law, found, "conviction_category") == [family]
