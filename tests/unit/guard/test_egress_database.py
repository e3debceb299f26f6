from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import pyarrow.parquet as pq
import pytest
from egresstools import SECRETS, left, run, told

from brightline.guard.egress.policy import Policy
from brightline.law.errors import BrightlineError


@pytest.fixture
def lite(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, note TEXT, citizenship TEXT, cost REAL)")
        connection.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?)",
            [(1, "She is quux since May.", "Ruritania", 1.5), (2, None, None, None), (3, 'a, "b"', "x", 2.0)],
        )
        connection.commit()
    return path


@pytest.fixture
def duck(tmp_path):
    path = tmp_path / "a.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 1 AS id, 'zig' AS note, DATE '2024-01-02' AS day, ['N123456', 'y'] AS list, "
            "{'a': 'zig', 'nationality': 'Ruritania'} AS record, 1.10::DECIMAL(5, 2) AS cost "
            "UNION ALL SELECT 2, 'b', NULL, NULL, NULL, 2"
        )
    return path


def refused(code, source, out, policy=None, **more):
    with pytest.raises(BrightlineError) as caught:
        run(source, out, policy, **more)
    assert caught.value.code == code and not [word for word in SECRETS if word in str(caught.value)]
    assert not out.exists() and not [name for name in left(out.parent) if name.endswith(".unfinished")]


def test_a_table_of_sqlite_leaves_as_csv_without_status(tmp_path, lite):
    report = run(f"{lite}#t", tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == 'id,note,cost\n1,She █████████████████.,1.5\n2,,\n3,"a, ""b""",2.0\n'
    assert report.rows == 3 and not [word for word in SECRETS if word in told(report)]


def test_a_masked_column_of_a_database_does_not_tell_which_rows_had_a_value(tmp_path, lite):
    run(lite, tmp_path / "b.csv", Policy(on_status="mask"), query="SELECT id, citizenship FROM t ORDER BY id")
    assert (tmp_path / "b.csv").read_text() == "id,citizenship\n1,███\n2,███\n3,███\n"


def test_a_query_neither_writes_nor_reaches_other_files(tmp_path, lite, duck):
    other = tmp_path / "other.sqlite"
    for query in ("DELETE FROM t", f"ATTACH '{other}' AS o", "DROP TABLE t"):
        refused("guard-database", lite, tmp_path / "b.csv", query=query)
    refused("guard-database", duck, tmp_path / "b.csv", query=f"COPY t TO '{tmp_path / 'c.csv'}'")
    refused("guard-database", duck, tmp_path / "b.csv", query=f"SELECT * FROM read_csv('{tmp_path / 'x.csv'}')")
    assert not other.exists() and not (tmp_path / "c.csv").exists()


def test_bytes_in_a_cell_and_text_that_is_none_leave_nothing(tmp_path, lite):
    refused("guard-cell", lite, tmp_path / "b.csv", query="SELECT id, x'ff00' AS scan FROM t")
    refused("guard-cell", lite, tmp_path / "b.csv", query="SELECT id, CAST(x'ff' AS TEXT) AS note FROM t")


def test_a_query_with_a_name_twice_leaves_nothing(tmp_path, lite):
    refused("guard-header", lite, tmp_path / "b.csv", query="SELECT id, id FROM t")


def test_a_table_without_rows_keeps_its_columns(tmp_path, lite):
    run(lite, tmp_path / "b.csv", query="SELECT * FROM t WHERE id > 9")
    assert (tmp_path / "b.csv").read_text() == "id,note,cost\n"


def test_a_table_of_duckdb_leaves_as_csv_and_as_parquet(tmp_path, duck):
    run(duck, tmp_path / "b.csv")
    text = (tmp_path / "b.csv").read_text()
    assert text == (
        'id,note,day,list,record,cost\n1,███,2024-01-02,"[""███████"", ""y""]","{""a"": ""███""}",1.10\n2,b,,,,2.00\n'
    )
    run(f"{duck}#t", tmp_path / "c.parquet")
    first = pq.read_table(tmp_path / "c.parquet").to_pylist()[0]
    assert first["list"] == ["███████", "y"] and first["record"] == {"a": "███", "nationality": "███"}


def test_a_number_that_parquet_cannot_hold_exactly_is_refused(tmp_path, duck):
    refused("guard-cell", duck, tmp_path / "c.parquet", query="SELECT sum(id) AS n FROM t")


def test_a_column_that_turns_into_bytes_later_leaves_nothing(tmp_path, lite):
    with closing(sqlite3.connect(lite)) as connection:
        connection.executemany("INSERT INTO t (id, note) VALUES (?, ?)", [(n, "fine") for n in range(5000)])
        connection.execute("INSERT INTO t (id, note) VALUES (9, x'00')")
        connection.commit()
    refused("guard-cell", lite, tmp_path / "b.csv")


def test_an_output_of_another_kind_is_refused(tmp_path, lite):
    refused("guard-out", lite, tmp_path / "b.parquet")


def test_a_table_and_a_query_of_postgresql_leave_as_csv_and_change_nothing(tmp_path, postgres_address):
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres_address) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS guard_cases; CREATE TABLE guard_cases (id int, note text, citizenship text)"
        )
        connection.execute("INSERT INTO guard_cases VALUES (1, 'zig', 'Ruritania'), (2, NULL, NULL)")
    run(f"{postgres_address}#guard_cases", tmp_path / "b.csv")
    assert sorted((tmp_path / "b.csv").read_text().splitlines()) == ["1,███", "2,", "id,note"]
    refused("guard-database", postgres_address, tmp_path / "c.csv", query="DELETE FROM guard_cases RETURNING id")
    run(postgres_address, tmp_path / "d.csv", query="SELECT count(*) AS n FROM guard_cases")
    assert (tmp_path / "d.csv").read_text() == "n\n2\n"
