"""The SQL for a question answers every row as one request at a time does: in DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from datetime import date
from itertools import count, pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_many_requests import ACTIONS, LAW, PLACES, some_law, some_question, some_rows

from brightline.law.expressions import facts_in
from brightline.law.vocabulary import UNDECIDED
from brightline.replay.answers.asking import Asked
from brightline.replay.engine.columns import MARKS, MODALITIES, Column, Columns, Question
from brightline.replay.engine.onebyone import answer_one_by_one
from brightline.replay.maps.factmap import ColumnRule, ConstantRule, FactMap
from brightline.replay.sql.writer import SqlQuery, write_sql

duckdb = pytest.importorskip("duckdb", reason="SQL is written with the replay extra")
sqlglot = pytest.importorskip("sqlglot", reason="SQL is written with the replay extra")

DETAINER = ("hold_beyond_release", "notify_release", "transfer_custody", "accept_detainer", "grant_jail_interview")


# What is asked ------------------------------------------------------------------------------------
def one_by_one(question, columns):
    """For each row the words that the SQL is to give: on each action modality, marks and norm."""
    results = answer_one_by_one(question, columns)
    return [tuple(word for result in results for word in words_of(result, row)) for row in range(columns.rows)]


def words_of(result, row):
    marks = " ".join(word for bit, word in enumerate(MARKS) if result.marks[row] >> bit & 1)
    return MODALITIES[result.modality[row]], marks or None, result.norms[result.norm[row]] or None


def table_of(law, columns, rng):
    """The columns as a person's table: words in any case with blanks around them, and nothing said in several ways."""
    found = {"id": pa.array(range(columns.rows))}
    for name, column in columns.facts.items():
        domain = law.vocabulary.facts[name].domain
        words = [str(domain[v] if domain else v) for v in column.values.tolist()]
        said = [True] * columns.rows if column.known is None else column.known.tolist()
        styles = (str, str.upper, lambda word: f"\t {word} ")
        found[name] = pa.array(
            [
                rng.choice(styles)(word) if known else rng.choice((None, "", " NA"))
                for word, known in zip(words, said, strict=True)
            ],
            pa.string(),
        )
    return pa.table(found)


def query_of(question, columns, dialect, most_flat=150):
    facts = {name: ColumnRule(name) for name in columns.facts}
    facts |= {name: ConstantRule(value) for name, value in columns.constants.items()}
    mapped = FactMap("test", "One row.", {}, facts, keys=("id",), nulls=("", "na"))
    asked = Asked(question.law, question.profile, question.on, question.actions, question.readings, question.strict)
    return SqlQuery(asked, mapped, dialect, most_flat=most_flat)


def invented(rng):
    law = some_law(rng)
    columns = some_rows(rng, law, 40)
    facts = {
        name: column for name, column in columns.facts.items()
        if law.vocabulary.facts[name].derived is None
    }  # fmt: skip
    return some_question(rng, law), Columns(columns.rows, facts, columns.constants)


def shipped(rng, profile):
    """Rows of the facts that a detainer turns on, and of some that contradict each other, with many holes."""
    on = rng.choice((date(1950, 1, 1), date(2013, 5, 1), date(2021, 6, 1), date(2026, 6, 1)))
    actions = tuple(a for a in DETAINER if a in LAW.vocabulary.actions)
    stack = LAW.stack(profile, max(on, date(2013, 5, 1)))
    asked = {v.name for action in actions for v in LAW.chart(stack, action).variables if not v.is_reading}
    lines = {name for line in LAW.vocabulary.contradictions for name in facts_in(line.when)}
    names = rng.sample(sorted(asked), rng.choice((2, 6, 12))) + rng.sample(sorted(lines), 2)
    facts = {name: some_column(rng, name) for name in names if LAW.vocabulary.facts[name].derived is None}
    readings = {
        r.name: rng.choice((*r.values, UNDECIDED)) for r in LAW.vocabulary.readings.values() if rng.random() < 0.2
    }
    return Question(LAW, profile, on, actions, readings, rng.random() < 0.2), Columns(60, facts)


def some_column(rng, name):
    import numpy as np

    domain = LAW.vocabulary.facts[name].domain
    values = [rng.randrange(len(domain)) if domain else rng.choice((0, 23, 24, 48, 49, 5000)) for _ in range(60)]
    return Column(name, np.array(values, dtype=np.int32), np.array([rng.random() < 0.7 for _ in range(60)]))


# Databases ----------------------------------------------------------------------------------------
class DuckDb:
    dialect = "duckdb"

    def __init__(self):
        self.connection = duckdb.connect()

    def answers(self, sql, table):
        self.connection.register("requests", table)
        return self.connection.execute(sql).fetchall()


class Postgres:
    """A server of its own, reached through a socket in its own folder, run by somebody without rights."""

    dialect = "postgres"

    def __init__(self, folder):
        import psycopg

        self.folder = folder
        if os.getuid() == 0:
            shutil.chown(folder, "nobody")
        self.run("initdb", "-D", folder / "data", "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8")
        self.run(
            "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log",
            "-o", f"-c listen_addresses='' -k '{folder}' -F", "start",
        )  # fmt: skip
        self.connection = psycopg.connect(host=str(folder), user="tester", dbname="postgres", autocommit=True)

    def run(self, *words):
        rights = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*rights, *map(str, words)],
            check=True,
            capture_output=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    def answers(self, sql, table):
        columns = ", ".join(f'"{name}" {"integer" if name == "id" else "text"}' for name in table.column_names)
        self.connection.execute("DROP TABLE IF EXISTS requests")
        self.connection.execute(f"CREATE TABLE requests ({columns})")
        with self.connection.cursor().copy("COPY requests FROM STDIN") as copy:
            for row in zip(*(table[name].to_pylist() for name in table.column_names), strict=True):
                copy.write_row(row)
        return self.connection.execute(sql).fetchall()

    def stop(self):
        self.connection.close()
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


class Spark:
    dialect = "spark"

    def __init__(self, session, folder):
        self.session, self.folder, self.numbers = session, folder, count()

    def answers(self, sql, table):
        import pyarrow.parquet as pq

        path = self.folder / f"{next(self.numbers)}.parquet"
        pq.write_table(table, path)
        self.session.read.parquet(path.as_uri()).createOrReplaceTempView("requests")
        return [tuple(row) for row in self.session.sql(sql).collect()]


def servers():
    """Where Debian and others put the server's programs, besides the path."""
    return [
        Path(p).parent
        for p in (shutil.which("initdb"), *map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))
        if p
    ]


@pytest.fixture(scope="module")
def postgres():
    import tempfile

    pytest.importorskip("psycopg", reason="psycopg is an extra")
    if not servers():
        pytest.skip("PostgreSQL is not installed on this machine: no initdb")
    if os.getuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv")
    path, os.environ["PATH"] = os.environ["PATH"], f"{servers()[-1]}:{os.environ['PATH']}"
    # A path to a socket may have 107 characters; pytest's own folders are longer.
    with tempfile.TemporaryDirectory(prefix="bl-pg-") as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder))
        yield server
        server.stop()
    os.environ["PATH"] = path


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    pytest.importorskip("pyspark", reason="PySpark is an extra")
    if not shutil.which("java"):
        pytest.skip("Java is not installed on this machine")
    from brightline.replay.spark.session import spark_session

    with spark_session("local[1]", {"spark.sql.shuffle.partitions": "1"}) as session:
        yield Spark(session, tmp_path_factory.mktemp("spark"))


def check(database, question, columns, rng):
    query = query_of(question, columns, database.dialect, rng.choice((0, 5, 150)))
    answers = sorted(database.answers(write_sql(query), table_of(question.law, columns, rng)))
    assert [row[1] for row in answers] == [None] * columns.rows
    assert [tuple(row[2:]) for row in answers] == one_by_one(question, columns)


# Tests --------------------------------------------------------------------------------------------
@given(rng=st.randoms(use_true_random=False))
def test_duckdb_answers_an_invented_law_as_one_request_at_a_time_is(rng):
    check(DuckDb(), *invented(rng), rng)


@pytest.mark.parametrize("profile", PLACES)
def test_duckdb_answers_the_shipped_law_as_one_request_at_a_time_is(profile):
    rng = random.Random(profile)
    for _ in range(3):
        check(DuckDb(), *shipped(rng, profile), rng)


@settings(max_examples=20)
@given(rng=st.randoms(use_true_random=False))
def test_postgresql_answers_an_invented_law_as_one_request_at_a_time_is(postgres, rng):
    check(postgres, *invented(rng), rng)


@pytest.mark.parametrize("profile", PLACES[:3])
def test_postgresql_answers_the_shipped_law_as_one_request_at_a_time_is(postgres, profile):
    rng = random.Random(profile + "postgres")
    check(postgres, *shipped(rng, profile), rng)


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_spark_answers_as_one_request_at_a_time_is(spark):
    rng = random.Random("spark")
    for _ in range(4):
        check(spark, *invented(rng), rng)
    check(spark, *shipped(rng, PLACES[0]), rng)


@pytest.mark.parametrize("dialect", ["bigquery", "trino", "spark", "postgres", "duckdb"])
def test_each_dialect_can_read_what_is_written_in_it(dialect):
    rng = random.Random(dialect)
    for most_flat in (0, 150):
        sql = write_sql(query_of(*shipped(rng, PLACES[0]), dialect, most_flat))
        (statement,) = sqlglot.parse(sql, dialect=dialect)
        assert statement.named_selects[:3] == ["id", "rejected", "hold_beyond_release"]
        assert [cte.alias for cte in statement.ctes][:3] == ["cells", "coded", "placed"]


def test_the_day_and_the_profile_may_be_columns():
    rng = random.Random("both")
    profiles, days = PLACES[:2], (date(1950, 1, 1), date(2014, 3, 1), date(2019, 12, 31), date(2026, 6, 1))
    columns = Columns(60, {name: some_column(rng, name) for name in ("instrument", "custody_state")})
    table = table_of(LAW, columns, rng)
    whose, when = ([rng.choice(each) for _ in range(60)] for each in (profiles, days))
    table = table.append_column("whose", pa.array(whose)).append_column("day", pa.array(when))
    query = query_of(Question(LAW, "us", days[0], ACTIONS), columns, "duckdb")
    mapped = FactMap(
        "test", "One row.", {}, query.map.facts, keys=("id",), nulls=("", "na"), date="day", profile_column="whose"
    )  # fmt: skip
    from dataclasses import replace

    from brightline.replay.maps.factmap import MappedColumn, Recode

    mapped = replace(
        mapped,
        columns={"day": MappedColumn("day", ("day",), "date")},
        profile_recode=Recode(tuple((p, p) for p in profiles)),
    )
    asked = Asked(LAW, "", None, ("hold_beyond_release", "notify_release"))
    answers = sorted(DuckDb().answers(write_sql(replace(query, map=mapped, asked=asked)), table))
    for row, (profile, day) in enumerate(zip(whose, when, strict=True)):
        question = Question(LAW, profile, day, asked.actions)
        one = Columns(
            1, {n: Column(n, c.values[row : row + 1], c.known[row : row + 1]) for n, c in columns.facts.items()}
        )
        assert tuple(answers[row][2:]) == one_by_one(question, one)[0]


def test_neighbouring_days_without_a_change_of_answer_are_written_once():
    query = query_of(Question(LAW, "us", date(2020, 1, 1), ("hold_beyond_release",)), Columns(0, {}), "duckdb")
    from brightline.replay.sql.regimes import regimes

    asked = Asked(LAW, PLACES[0], None, ("hold_beyond_release",))
    laws = regimes(asked, query.map, (PLACES[0],), 10_000)
    assert len(laws) > 3
    assert all(later.start > law.end for law, later in pairwise(laws))
    assert laws[0].start == date(1900, 1, 1)
    assert laws[-1].end == date(2200, 12, 31)
    assert all(law.tables != later.tables for law, later in pairwise(laws))
