from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from guardfake import SECRET, judge, of, read

from brightline.guard.files import inplace
from brightline.guard.files.judging import Setting
from brightline.guard.files.sources import find_sources
from brightline.guard.files.tables import table_at
from brightline.guard.files.tablesinks import csv_sink, parquet_sink, table_sink
from brightline.law.errors import BrightlineError

pa = pytest.importorskip("pyarrow", reason="needs the extra `guard`")
pq = pytest.importorskip("pyarrow.parquet")
duckdb = pytest.importorskip("duckdb")
MASKED = "She █████████████████."


@pytest.fixture
def lite(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE calls (id INTEGER PRIMARY KEY, "a note" TEXT, origin TEXT, raw BLOB)')
        rows = [(1, SECRET, "Ruritania", b"\x01"), (2, "ok", None, None), (3, None, "", None)]
        connection.executemany("INSERT INTO calls VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    return path


@pytest.fixture
def duck(tmp_path):
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE calls (id INTEGER, note VARCHAR)")
        connection.execute("INSERT INTO calls VALUES (1, ?), (2, 'ok'), (3, NULL)", [SECRET])
    return path


def rows_of(path, table="calls"):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_texts_of_a_parquet_file_are_hidden_at_any_depth_and_the_rest_is_the_same(tmp_path):
    table = pa.table({
        "id": pa.array([1, 2, 3], pa.int32()), "text": [SECRET, None, "ok"], "large": pa.array(["a", SECRET, None], pa.large_string()),
        "list": [[SECRET, "b"], [], None], "record": [{"q": SECRET, "n": 1}, None, {"q": None, "n": 2}],
        "coded": pa.array([SECRET, "b", SECRET]).dictionary_encode(), "when": pa.array([0, 1, None], pa.timestamp("us")),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    (source,) = find_sources([str(tmp_path / "a.parquet")])
    done, bodies = read(source)
    (out,) = bodies
    assert out.schema == table.schema
    assert sum(done.counts.values()) == 6
    assert out.column("text").to_pylist() == [MASKED, None, "ok"]
    assert out.column("list").to_pylist() == [[MASKED, "b"], [], None]
    assert out.column("record").to_pylist() == [{"q": MASKED, "n": 1}, None, {"q": None, "n": 2}]
    assert out.column("coded").to_pylist() == [MASKED, "b", MASKED]
    assert out.select(["id", "when"]) == table.select(["id", "when"])


def test_a_redacted_parquet_file_is_written_whole(tmp_path):
    pq.write_table(pa.table({"text": [SECRET] * 9000}), tmp_path / "a.parquet")
    (source,) = find_sources([str(tmp_path / "a.parquet")])
    _, bodies = read(source)
    with parquet_sink(tmp_path / "b.parquet") as write:
        for body in bodies:
            write(body)
    assert len(bodies) > 1
    assert pq.read_table(tmp_path / "b.parquet").column("text").to_pylist() == [MASKED] * 9000


def test_quarantined_rows_are_left_out_and_set_aside(tmp_path):
    pq.write_table(pa.table({"id": [1, 2], "text": [SECRET, "ok"]}), tmp_path / "a.parquet")
    (source,) = find_sources([str(tmp_path / "a.parquet")])
    done, (out,) = read(source, judge("quarantine"))
    assert out.to_pylist() == [{"id": 2, "text": "ok"}]
    assert json.loads(done.aside[0])["text"] == {"id": "1", "text": SECRET}


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all"])
def test_a_broken_parquet_file_is_refused(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(BrightlineError) as caught:
        of(tmp_path / "a.parquet")
    assert caught.value.code == "guard-unreadable"


def test_a_table_is_read_without_being_changed_and_copied_redacted(tmp_path, lite):
    before = lite.read_bytes()
    done, bodies = read(find_sources([f"{lite}#calls"])[0])
    with csv_sink(tmp_path / "out.csv") as write:
        for body in bodies:
            write(body)
    assert lite.read_bytes() == before
    assert (tmp_path / "out.csv").read_text().splitlines() == [
        "id,a note,origin,raw", f"1,{MASKED},█████████,b'\\x01'", "2,ok,,", "3,,,",
    ]  # fmt: skip
    assert json.loads(done.review[0])["place"] == "row 1, column `a note`"


@pytest.mark.parametrize("name", ["b.sqlite", "b.duckdb"])
def test_a_copy_may_be_a_new_table_of_a_database(tmp_path, duck, name):
    source = find_sources([str(duck)])[0]
    _, bodies = read(source)
    with table_sink(source.table, "clean", str(tmp_path / name)) as write:
        for body in bodies:
            write(body)
    table = table_at(f"{tmp_path / name}#clean")
    (block,) = table.blocks()
    assert [row[1] for row in block.payload[1]] == [MASKED, "ok", None]


def test_a_table_that_is_there_is_not_written_over(tmp_path, lite):
    source = find_sources([str(lite)])[0]
    with pytest.raises(BrightlineError, match="there is a table"), table_sink(source.table, "calls", str(lite)):
        pass
    assert len(rows_of(lite)) == 3


def test_a_new_database_is_taken_away_if_the_copy_fails(tmp_path, duck):
    source = find_sources([str(duck)])[0]
    with pytest.raises(RuntimeError), table_sink(source.table, "clean", str(tmp_path / "b.sqlite")) as write:
        write((("a",), [["x"]], []))
        raise RuntimeError
    assert not (tmp_path / "b.sqlite").exists()


@pytest.mark.parametrize("kind", ["lite", "duck"])
def test_a_table_is_changed_in_place_in_one_transaction(request, monkeypatch, kind):
    path: Path = request.getfixturevalue(kind)
    monkeypatch.setattr(inplace, "Judge", lambda setting: judge())
    table = table_at(f"{path}#calls")
    told = inplace.redact_in_place(table, Setting("mask"))
    (block,) = table.blocks()
    assert [row[1] for row in block.payload[1]] == [MASKED, "ok", None]
    assert told.found == (2 if kind == "lite" else 1)
    assert inplace.redact_in_place(table, Setting("mask")).found == 0


def test_a_table_of_five_thousand_columns_is_read(tmp_path):
    path = tmp_path / "wide.duckdb"
    names = ", ".join(f"c{n} VARCHAR" for n in range(5000))
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE t ({names})")
        connection.execute("INSERT INTO t (c4999) VALUES (?)", [SECRET])
    done, _ = read(find_sources([f"{path}#t"])[0])
    assert sum(done.counts.values()) == 1


def test_a_locked_database_is_refused_by_name(lite):
    with closing(sqlite3.connect(lite)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.MonkeyPatch.context() as patch:
            connect = sqlite3.connect
            patch.setattr(sqlite3, "connect", lambda *words, **more: connect(*words, **{**more, "timeout": 0.05}))
            with pytest.raises(BrightlineError, match="locked by another program") as caught:
                find_sources([f"{lite}#calls"])
    assert "a.sqlite" in caught.value.where


@pytest.mark.parametrize("name", ["a.sqlite", "a.duckdb", "b.db"])
def test_a_file_that_is_no_database_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"no database " * 100)
    with pytest.raises(BrightlineError) as caught:
        find_sources([f"{tmp_path / name}#t"])
    assert caught.value.code == "guard-database"


def test_the_name_of_a_table_is_never_read_as_sql(lite):
    with pytest.raises(BrightlineError) as caught:
        find_sources([f'{lite}#calls"; DROP TABLE calls; --'])
    assert caught.value.code == "guard-source"
    assert len(rows_of(lite)) == 3


def test_a_postgres_table_is_read_and_changed_in_place(monkeypatch, postgres_address):
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres_address) as connection:
        connection.execute("DROP TABLE IF EXISTS guard_calls; CREATE TABLE guard_calls (id int, note text)")
        connection.execute("INSERT INTO guard_calls VALUES (1, %s), (2, 'ok')", [SECRET])
    table = table_at(f"{postgres_address}#guard_calls")
    monkeypatch.setattr(inplace, "Judge", lambda setting: judge())
    inplace.redact_in_place(table, Setting("mask"))
    (block,) = table.blocks()
    assert sorted(row[1] for row in block.payload[1]) == [MASKED, "ok"]
