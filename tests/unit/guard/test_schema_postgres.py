"""A live PostgreSQL database is linted by its columns, comments, choices and sampled values."""

from __future__ import annotations

import pytest

from brightline.guard.schemas.lint import lint

psycopg = pytest.importorskip("psycopg", reason="needs the extra `postgres`")

TABLES = """
CREATE TYPE how_here AS ENUM ('citizen', 'permanent resident', 'undocumented');
CREATE TABLE visitors (
  id int, full_name text, kind how_here, c7 text, state_of_origin text, plate text, x1 text,
  standing text CHECK (standing IN ('USC', 'LPR', 'undocumented'))
);
COMMENT ON COLUMN visitors.c7 IS 'country of birth';
COMMENT ON TABLE visitors IS 'front desk';
INSERT INTO visitors (id, full_name, x1) VALUES (1, 'A', 'A098 765 432'), (2, 'B', 'A211 409 667'), (3, 'C', 'A077 431 902');
CREATE TABLE "Odd Name" ("is it" int);
"""


@pytest.fixture
def linted(postgres_address):
    """What is said of a database of its own; other tests leave tables in theirs."""
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE lint")
    address = postgres_address.replace("/postgres?", "/lint?")
    with psycopg.connect(address) as connection:
        connection.execute(TABLES)
    yield lint([address])
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute("DROP DATABASE lint")


def test_columns_are_judged_by_comment_choices_and_samples_and_look_alikes_stay_clean(linted):
    found = {verdict.field: verdict.label for verdict in linted.verdicts if verdict.severity == "prohibited"}
    assert found == {
        "kind": "status_assertion",
        "standing": "status_assertion",
        "c7": "birthplace",
        "x1": "status_number",
    }


def test_no_value_of_a_row_is_told(linted):
    assert "098 765 432" not in repr(linted)
