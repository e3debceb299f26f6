"""The page on past detainers says what the records and the law give, and nothing of a person."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from brightline.cli.main import main
from brightline.replay.maps.mapfile import shipped_maps

DOCS = Path(__file__).parent.parent.parent / "docs"
STATUS = re.compile(
    r"\bmexico|guatemala|honduras|salvador|Alien Not Subject|born_in_us|country_of_birth|Booked into Detention", re.I
)
for extra in ("duckdb", "pyarrow", "altair", "vl_convert"):
    pytest.importorskip(extra, reason=f"the page needs {extra}, of the extras replay and charts")


@pytest.fixture(scope="module")
def replayed():
    sys.path.insert(0, str(DOCS))
    try:
        import replayed as made

        yield made
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def page(replayed):
    return replayed.PAGE.read_text(encoding="utf-8")


def section(text: str, name: str) -> str:
    return re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->\n", text, re.DOTALL)[1]


@pytest.mark.slow
def test_the_page_is_made_from_what_ships_alone(replayed, law, page, tmp_path):
    """Where the other records are absent, their sections stay as they are and the rest is made anew."""
    (made, text), (picture, drawn) = replayed.pages(law, tmp_path)
    assert (made, text) == (replayed.PAGE, page)
    assert picture.read_text(encoding="utf-8") == drawn


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pierce", "minnesota"])
def test_the_sections_from_other_records_are_what_these_records_give(replayed, law, page, shared, name):
    made = "".join(getattr(replayed, name)(law, shared / "data"))
    assert section(page, name) == made


def test_the_counts_that_ship_are_those_of_the_records(replayed, shared):
    import duckdb

    file = shared / "data" / "npr-detainers-citizens-lpr" / "detainers_lifted_not_removable.parquet"
    counted = duckdb.sql(
        f"""SELECT year(date)::VARCHAR, CASE WHEN detainer_type LIKE 'I247N%' THEN 'notice' ELSE 'hold' END,
            count(*)::VARCHAR, count(*) FILTER (WHERE lift_reason LIKE 'United States Citizen%')::VARCHAR
            FROM read_parquet('{file}') GROUP BY ALL ORDER BY 1, 2"""
    ).fetchall()
    lines = (replayed.EXTRACTS / "npr_lifted_by_year.csv").read_text().splitlines()
    assert [",".join(row) for row in counted] == lines[1:]
    assert sum(int(row[2]) for row in counted) == 2539 and sum(int(row[3]) for row in counted) == 693


def test_the_pennsylvania_file_that_ships_is_the_whole_file_without_the_reasons(replayed, shared):
    import duckdb

    shipped = replayed.EXTRACTS / "pa_detainers.parquet"
    whole = shared / "data" / "pa-ice-detainers" / "pa_detainers_2007_2015.parquet"
    names = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{shipped}')").fetchall()
    assert [name for name, *_ in names] == ["date", "det_facility", "detainer_type"]
    columns = "date::DATE, det_facility, detainer_type"
    for one, other in ((shipped, whole), (whole, shipped)):
        left = duckdb.sql(
            f"SELECT {columns} FROM read_parquet('{one}') EXCEPT ALL SELECT {columns} FROM read_parquet('{other}')"
        ).fetchall()
        assert not left


def test_the_page_and_what_ships_tell_of_no_persons_status(replayed, page):
    shipped = replayed.EXTRACTS
    texts = [page, *(p.read_text(encoding="utf-8") for p in (*shipped.glob("*.csv"), *shipped_maps().values()))]
    # The name of a column may stand where a map says that it is not read.
    assert not [found for text in texts for found in STATUS.findall(text)]
    raw = (shipped / "pa_detainers.parquet").read_bytes()
    assert not [word for word in (b"Citizen", b"Deport", b"Booked", b"lift_reason") if word in raw]


def test_every_row_of_pennsylvania_is_in_one_kind_of_place(replayed, law, page):
    import duckdb

    rows = list(replayed.rows_of_map(law, "pennsylvania", replayed.SHIPPED))
    assert len(rows) == 32_757
    places = {"" if row.left_out else row.facts["custody_state"] for row in rows}
    assert places == set(replayed.PLACES)
    federal = duckdb.sql(
        f"""SELECT count(*) FROM ({replayed.SHIPPED}) WHERE det_facility ~
            'MOSHANNON|FED|FCI|^USP|U\\.S\\. ?PEN|^FDC|MARSHAL|DISTRICT OFFICE|HOLD ROOM|FAMILY SHELTER'"""
    ).fetchall()[0][0]
    assert f"{federal:,} of them" in page
    assert sum(bool(row.left_out) for row in rows) == federal


def by_the_command(words, capsys):
    """The answers and what the open ones wait for, by action, as the command counts them."""
    assert main(["replay", *words, "--on", "2026-01-16", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["actions"]
    answers = {one["action"]: {word: n for word, n in one["answers"].items() if n} for one in told}
    waiting = {one["action"]: {each["fact"]: each["requests"] for each in one["waiting_for"]} for one in told}
    return answers, waiting


def by_the_page(replayed, law, profile, rows):
    """The same as the page counts them: one situation at a time, with its working."""
    found = replayed.tally(law, profile, [("", row, row.weight) for row in rows])
    opened = Counter()
    for (action, fact, _), n in found.opened.items():
        opened[action, fact] += n
    answers = {a: {m: n for (_, x, m), n in found.answers.items() if x == a} for a in replayed.ACTIONS}
    return answers, {a: {f: n for (x, f), n in opened.items() if x == a} for a in replayed.ACTIONS}


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["hold on request", "judge's warrant only", "statutory list"])
def test_the_command_counts_what_the_page_counts(replayed, law, capsys, policy):
    profile, file = replayed.POLICIES[policy], str(replayed.EXTRACTS / "pa_detainers.parquet")
    rows = list(replayed.rows_of_map(law, "pennsylvania", replayed.SHIPPED))
    told = by_the_command([file, "--map", "pennsylvania", "--profile", profile], capsys)
    assert told == by_the_page(replayed, law, profile, [row for row in rows if not row.left_out])


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["us/tx/dallas/sheriff", "us/ct", "us/wa"])
def test_the_command_counts_the_holds_of_pierce_county_to_the_hour_as_the_page_does(
    replayed, law, shared, tmp_path, capsys, profile
):
    import duckdb

    source = replayed.QUERY.format(file=shared / "data" / "pierce-detainers" / "hold_bookings_charges.csv.gz")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({source}) TO '{tmp_path / 'bookings.parquet'}' (FORMAT parquet)")
    told = by_the_command(
        [str(tmp_path / "bookings.parquet"), "--map", "pierce-bookings", "--profile", profile], capsys
    )
    rows = list(replayed.rows_of_map(law, "pierce-bookings", source))
    assert told == by_the_page(replayed, law, profile, rows)
    assert len({row.hours for row in rows}) > 40
