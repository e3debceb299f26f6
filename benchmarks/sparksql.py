"""The same SQL on Spark and in DuckDB, Parquet to Parquet on two cores; and one flat CASE against state by state.

`python -m benchmarks.sparksql --rows 10000000` runs it by itself. Answers are compared row for row.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree, which
from statistics import median

import numpy as np

from benchmarks.report import Report
from brightline.law.corpusfiles import CORPUS, read_law
from brightline.law.library import Law
from brightline.replay.answers.asking import Asked
from brightline.replay.maps.factmap import ColumnRule, ConstantRule, FactMap
from brightline.replay.sql.writer import SqlQuery, write_sql

PROFILE, ON, ACTION = "us/mn/hennepin/sheriff", date(2026, 1, 16), "hold_beyond_release"
ROWS = 200_000
FEW = ("instrument", "accompanying_instrument", "judicial_probable_cause", "conviction_category", "custody_state")
USUAL = {"actor_role": "jail_staff", "requester": "ice_ero", "release_due": True}


def measure(report: Report, rows: int = ROWS, rounds: int = 3) -> bool:
    """Whether all ways agree; what they take is printed."""
    report.head(f"SQL: {rows:,} rows of Parquet to Parquet, each fact unknown in a tenth of the rows, two cores")
    if find_spec("duckdb") is None or find_spec("sqlglot") is None:
        print("  left out: DuckDB or sqlglot is not installed")
        return True
    law = read_law(CORPUS)
    with tempfile.TemporaryDirectory() as folder:
        forms_agree = flat_and_by_state(report, law, Path(folder), rows, rounds)
        return spark_and_duckdb(report, law, Path(folder), rows, rounds) and forms_agree


def table(law: Law, path: Path, names: tuple[str, ...], rows: int) -> None:
    """A Parquet file of random words, some of them missing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(1)
    columns = {"id": pa.array(np.arange(rows))}
    for name in names:
        fact = law.vocabulary.facts[name]
        words = [str(v) for v in fact.domain] or [str(n) for n in (0, 23, 24, 47, 48, 49, 71, 72, 5000)]
        codes = pa.array(rng.integers(0, len(words), rows).astype(np.int32), mask=rng.random(rows) < 0.1)
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(words)).cast(pa.string())
    pq.write_table(pa.table(columns), path)


def query(law: Law, names: tuple[str, ...], dialect: str, most_flat: int = 150) -> str:
    """The SQL over these columns."""
    facts = {name: ConstantRule(value) for name, value in USUAL.items() if name not in names}
    facts |= {name: ColumnRule(name) for name in names}
    mapped = FactMap("benchmark", "One random row.", {}, facts, keys=("id",), nulls=("",))
    return write_sql(SqlQuery(Asked(law, PROFILE, ON, (ACTION,)), mapped, dialect, most_flat=most_flat))


def flat_and_by_state(report: Report, law: Law, folder: Path, rows: int, rounds: int) -> bool:
    """One CASE of prime conditions, and one CASE for each fact from state to state, on many facts and on few."""
    chart = law.chart(law.stack(PROFILE, ON), ACTION)
    facts = law.vocabulary.facts
    every = tuple(v.name for v in chart.variables if not v.is_reading and not facts[v.name].derived)
    agree = True
    for title, names in (("few facts", FEW), ("all facts", every)):
        source = folder / f"{title.replace(' ', '_')}.parquet"
        table(law, source, names, rows)
        flat, stepped = query(law, names, "duckdb", 20_000), query(law, names, "duckdb", 0)
        ways = {
            "flat": partial(in_duckdb, flat, source, folder / "flat"),
            "by state": partial(in_duckdb, stepped, source, folder / "by_state"),
        }
        taken = timed(ways, rounds)
        agree &= differing(folder / "flat", folder / "by_state") == 0
        remark = f"{len(names)} facts; {flat.count('WHEN'):,} cases flat, {stepped.count('WHEN'):,} by state"
        report.line(
            f"{title}: by state against flat, time", median_ratio(taken["by state"], taken["flat"]), "x", remark
        )
    return agree


def spark_and_duckdb(report: Report, law: Law, folder: Path, rows: int, rounds: int) -> bool:
    """Spark on two threads of this machine, warm, against DuckDB on two threads."""
    if find_spec("pyspark") is None or not which("java"):
        print("  Spark is left out: PySpark or Java is not installed")
        return True
    from brightline.replay.spark.session import spark_session

    source = folder / "few_facts.parquet"
    with spark_session("local[2]", {"spark.driver.memory": "2g"}) as session:
        session.read.parquet(source.as_uri()).createOrReplaceTempView("requests")
        answers = session.sql(query(law, FEW, "spark"))

        def on_spark() -> None:
            answers.write.mode("overwrite").parquet((folder / "spark").as_uri())

        on_spark()
        here = query(law, FEW, "duckdb")
        taken = timed({"spark": on_spark, "duckdb": lambda: in_duckdb(here, source, folder / "duckdb")}, rounds)
    report.line("DuckDB, rows a second", rows / median(taken["duckdb"]) / 1e6, "M")
    report.line("Spark local[2], rows a second", rows / median(taken["spark"]) / 1e6, "M", "warm, without its start")
    report.line("Spark local[2] against DuckDB, time", median_ratio(taken["spark"], taken["duckdb"]), "x")
    wrong = differing(folder / "spark", folder / "duckdb")
    print(f"  {rows - wrong:,} of {rows:,} rows have the same answer on both")
    return wrong == 0


def in_duckdb(sql: str, source: Path, out: Path) -> None:
    """Write the answers to a folder of one file."""
    import duckdb

    rmtree(out, ignore_errors=True)
    out.mkdir()
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"CREATE VIEW requests AS FROM read_parquet('{source}')")
        connection.execute(f"COPY ({sql}) TO '{out / 'rows.parquet'}' (FORMAT parquet)")


def differing(one: Path, other: Path) -> int:
    """How many rows of two folders of answers are not in both."""
    import duckdb

    read = [f"SELECT * FROM read_parquet('{path}/*.parquet')" for path in (one, other)]
    with duckdb.connect() as connection:
        both = [
            connection.execute(f"SELECT count(*) FROM ({a} EXCEPT {b})").fetchone()[0] for a, b in (read, read[::-1])
        ]
    return int(max(both))


def timed(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in each round; the ways take turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            started = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - started)
    return taken


def median_ratio(one: list[float], other: list[float]) -> float:
    return median(a / b for a, b in zip(one, other, strict=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sparksql", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows (default: {ROWS})")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in which the ways take turns (default: 3)")
    args = parser.parse_args()
    sys.exit(0 if measure(Report(), args.rows, args.rounds) else 1)
