"""Inputs that cannot be used: each is refused with its place and the next step, and nothing of a row is said."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from brightline.law import BrightlineError
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

MAP = """
map: m
about: A row.
keys: [id]
actions: [open_gate]
columns: {note: {from: [Note, note], optional: true}}
facts: {guest: {from: guest}, paper: {from: paper, values: {L: letter}}, emergency: {expression: known(note)}}
"""


@pytest.fixture
def gate(small):
    return small.authority(
        "act", "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: Shut.}\n"
    ).law()


@pytest.fixture
def replayed(gate, tmp_path):
    def go(*words, text=MAP, **more):
        mapped = parse_map(load_text(text, "m.yaml"), gate, "m.yaml")
        asked = Asked(gate, "land", date(2024, 1, 1), mapped.actions)
        sources = find_sources([str(w) for w in words], mapped)
        job = Job(sources, mapped, asked, keys=mapped.keys, out=tmp_path / "out.csv", **more)
        return run(job)

    return go


def refusal(replayed, *words, **more) -> BrightlineError:
    with pytest.raises(BrightlineError) as caught:
        replayed(*words, **more)
    assert "Ruritan" not in str(caught.value)
    return caught.value


def whole(tmp_path, rows=50) -> Path:
    path = tmp_path / "in.parquet"
    table = pa.table({"id": range(rows), "guest": ["yes"] * rows, "paper": ["L"] * rows, "name": ["A. Ruritan"] * rows})
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize(
    ("content", "code", "where", "words"),
    [
        ("id,guest,paper\n1,yes,L\n2,yes\n", "unreadable", "in.csv:3", "2 cells where the header has 3"),
        ("id,guest,paper\n1,yes,L\n\n2,yes,L,Ruritan\n", "unreadable", "in.csv:4", "4 cells"),
        ('id,guest,paper\n1,"y\nes",L\n2,yes\n', "unreadable", "in.csv:4", "2 cells"),
        ('id,guest,paper\n1,yes,"Ruritan\n', "unreadable", "in.csv:2", "quote"),
        ("id,guest,paper\n1,yes,L\n2,\xff\xfe,L\n", "unreadable", "in.csv:3", "not utf-8"),
        ("id,gu\xffst,paper\n1,yes,L\n", "unreadable", "in.csv:1", "not utf-8"),
        ("", "replay-empty", "in.csv", "empty"),
        ("id,guest,paper\n", "replay-empty", "IN", "no rows"),
        ("id,guest,guest,paper\n1,yes,yes,L\n", "replay-columns", "in.csv:1", "twice"),
        ("id,Guest,papr\n1,yes,L\n", "replay-columns", "--map", "did you mean `Guest`"),
    ],
)
def test_a_csv_file_that_cannot_be_used_is_refused_with_its_line(replayed, tmp_path, content, code, where, words):
    (tmp_path / "in.csv").write_bytes(content.encode("latin-1"))
    error = refusal(replayed, tmp_path / "in.csv")
    assert (error.code, error.where) == (code, where)
    assert words in f"{error.message} {error.help}"
    assert not list(tmp_path.glob("out*"))


def test_a_missing_column_is_named_with_the_nearest_and_all_that_are_there(replayed, tmp_path):
    (tmp_path / "in.csv").write_text("id,guests,papr\n1,yes,L\n")
    error = refusal(replayed, tmp_path / "in.csv")
    assert "`guest` is not there (did you mean `guests`?)" in error.message
    assert "`paper` is not there (did you mean `papr`?)" in error.message
    assert error.help == "the columns are `id`, `guests`, `papr`"


def test_a_csv_file_in_another_encoding_and_with_semicolons_is_read_as_the_map_says(replayed, tmp_path):
    (tmp_path / "in.csv").write_bytes("id;guest;paper;Note\n\xe9;yes;L;\n".encode("latin-1"))
    report = replayed(tmp_path / "in.csv", text=MAP + 'csv: {delimiter: ";", encoding: latin-1}\n')
    assert report.tally.rows == 1 and (tmp_path / "out.csv").read_text().splitlines()[1].startswith('"é",')


@pytest.mark.parametrize("cut", [10, 200, -20, -4])
def test_a_parquet_file_that_was_cut_short_is_refused(replayed, tmp_path, cut):
    path = whole(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    error = refusal(replayed, path)
    assert (error.code, error.where) == ("unreadable", "in.parquet")


def test_a_parquet_file_with_damaged_pages_is_refused_and_leaves_nothing(replayed, tmp_path):
    path = whole(tmp_path, 5000)
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    assert refusal(replayed, path).code == "unreadable"
    assert not list(tmp_path.glob("out*"))


def test_a_packed_file_that_was_cut_short_is_refused(replayed, tmp_path):
    packed = gzip.compress(b"id,guest,paper\n" + b"1,yes,L\n" * 100_000)
    (tmp_path / "in.csv.gz").write_bytes(packed[: len(packed) // 2])
    error = refusal(replayed, tmp_path / "in.csv.gz")
    assert (error.code, error.where) == ("unreadable", "in.csv.gz") and "gzip" in error.message


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([["yes"]]), "list"),
        (pa.array([{"a": 1}]), "struct"),
        (pa.array([b"yes"]), "binary"),
    ],
)
def test_a_column_of_a_type_that_cannot_be_a_fact_is_refused(replayed, tmp_path, column, kind):
    pq.write_table(pa.table({"id": [1], "guest": column, "paper": ["L"]}), tmp_path / "in.parquet")
    error = refusal(replayed, tmp_path / "in.parquet")
    assert error.code == "replay-column-type" and kind in error.message and "`guest`" in error.message


def test_a_key_of_two_types_is_refused(replayed, tmp_path):
    (tmp_path / "in").mkdir()
    for name, kind in (("a", pa.int64()), ("b", pa.string())):
        table = pa.table({"id": pa.array(["1"]).cast(kind), "guest": ["yes"], "paper": ["L"]})
        pq.write_table(table, tmp_path / "in" / f"{name}.parquet")
    assert refusal(replayed, tmp_path / "in").code == "replay-column-type"


@pytest.mark.parametrize(
    ("word", "code", "words"),
    [
        ("nowhere.parquet", "unreadable", "no such file"),
        ("none*.parquet", "unreadable", "no such file"),
        ("empty", "unreadable", "a folder without files"),
        ("notes.xyz", "replay-source", "no kind"),
        ("fake.duckdb", "unreadable", "not a DuckDB database"),
        ("fake.arrow", "unreadable", "not a whole Arrow file"),
        ("fake.parquet", "unreadable", "not a whole Parquet file"),
    ],
)
def test_what_is_no_input_is_refused(replayed, tmp_path, word, code, words):
    (tmp_path / "empty").mkdir()
    for name in ("notes.xyz", "fake.duckdb", "fake.arrow", "fake.parquet"):
        (tmp_path / name).write_text("nothing")
    error = refusal(replayed, tmp_path / word)
    assert error.code == code and words in error.message


def test_a_glob_gives_its_files_by_name(replayed, tmp_path):
    for name, first in (("b", 2), ("a", 0), ("c", 4)):
        pq.write_table(
            pa.table({"id": [first, first + 1], "guest": ["yes"] * 2, "paper": ["L"] * 2}), tmp_path / f"{name}.parquet"
        )
    replayed(tmp_path / "*.parquet")
    assert [line.partition(",")[0] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]] == list("012345")


def test_a_table_that_is_not_in_the_database_is_answered_with_those_that_are(replayed, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "in.duckdb")) as connection:
        connection.execute("CREATE TABLE holds (id INT); CREATE TABLE stops (id INT)")
    assert "did you mean `holds`" in refusal(replayed, f"{tmp_path / 'in.duckdb'}#hold").help
    assert "2 tables" in refusal(replayed, tmp_path / "in.duckdb").message


def test_a_table_of_postgresql_is_read_like_a_file(replayed, postgres_address, tmp_path):
    import psycopg

    with psycopg.connect(postgres_address) as connection:
        connection.execute('CREATE TABLE "Gate Log" (id int, guest boolean, paper text, "Note" text)')
        connection.execute(
            """INSERT INTO "Gate Log" SELECT n, CASE n % 3 WHEN 0 THEN true WHEN 1 THEN false END,
            CASE n % 2 WHEN 0 THEN 'L' END, CASE n % 5 WHEN 0 THEN E'two\\nlines, "quoted"' WHEN 1 THEN '' END
            FROM generate_series(1, 3000) AS n"""
        )
    report = replayed(f"{postgres_address}#Gate Log")
    assert report.tally.rows == 3000
    from_server = (tmp_path / "out.csv").read_bytes()
    rows = range(1, 3001)
    table = pa.table(
        {
            "id": pa.array(rows, pa.int64()),
            "guest": pa.array([{0: True, 1: False}.get(n % 3) for n in rows], pa.bool_()),
            "paper": pa.array(["L" if n % 2 == 0 else None for n in rows], pa.string()),
            "Note": pa.array([{0: 'two\nlines, "quoted"', 1: ""}.get(n % 5) for n in rows], pa.string()),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    replayed(tmp_path / "in.parquet")
    told = [sorted(content.splitlines()) for content in ((tmp_path / "out.csv").read_bytes(), from_server)]
    assert told[0] == told[1]
    error = refusal(replayed, f"{postgres_address}#Gate Log", resume=True)
    assert error.code == "replay-resume" and "no order" in error.message


def test_a_server_that_does_not_answer_is_told_without_its_password(replayed, tmp_path):
    pytest.importorskip("psycopg", reason="needs the extra `postgres`")
    error = refusal(replayed, f"postgresql://u:hunter2@/x?host={tmp_path}#t")
    assert error.code == "unreadable" and "hunter2" not in str(error)


def test_without_the_extra_the_line_that_installs_it_is_told(replayed, tmp_path, monkeypatch):
    path = whole(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    error = refusal(replayed, path)
    assert error.code == "missing-extra" and "brightline[replay]" in error.help
