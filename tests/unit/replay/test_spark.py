"""A replay on Spark: the same answers, counts and misfits as on this machine, also on a cluster of workers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import load_text, load_yaml
from brightline.replay.answers.asking import Asked
from brightline.replay.files.sources import find_sources
from brightline.replay.job import Job
from brightline.replay.maps.mapfile import parse_map
from brightline.replay.pipeline import run

pytest.importorskip("pyspark", reason="PySpark is an extra")
duckdb = pytest.importorskip("duckdb", reason="DuckDB is an extra")
from brightline.replay.spark.engine import SparkJob, run_on_spark  # noqa: E402
from brightline.replay.spark.session import spark_session  # noqa: E402

HAS_JAVA = bool(shutil.which("java"))
needs_java = pytest.mark.skipif(not HAS_JAVA, reason="Java is not installed on this machine")
loopback = pytest.mark.allow_hosts(["127.0.0.1"])
ACTIONS = ("hold_beyond_release", "notify_release")
FEW = {"spark.sql.shuffle.partitions": "2"}
MAP = """
map: county
about: One row for each detainer.
keys: [case_no, "The Jail"]
columns:
  prepared: {from: Prepare Date, type: date, format: "%m/%d/%Y"}
  form: {from: Detainer Type}
  convictions: {type: number}
date: prepared
profile: {from: whose, values: {hennepin: us/mn/hennepin/sheriff, "dal*": us/tx/dallas/sheriff}, blank: us/pa}
facility: The Jail
facts:
  requester: ice_ero
  custody_state: jail
  release_due: true
  instrument:
    from: form
    values: {"I-247A*": i247a_detainer, "*notification*": notification_request, I-247D: i247_detainer}
    blank: i247_detainer
  request_kind:
    cases:
    - {when: "contains(form, 'notification') and prepared >= '2015-01-01'", is: release_notice}
    - {otherwise: hold}
  accompanying_instrument: {from: second}
  conviction_serious_or_violent: {expression: "felony == 'YES' or convictions >= 1"}
  final_removal_order: {from: order}
leave_out:
  - {when: "second == 'bogus' and convictions < 1", because: not a request}
"""
HEADER = "case_no,The Jail,Prepare Date,Detainer Type,whose,second,felony,convictions,order"
SECRET = "zzsecretword"


@pytest.fixture
def mapped(law, tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(MAP)
    return parse_map(load_yaml(path, "map.yaml"), law, "map.yaml")


@pytest.fixture
def requests(tmp_path):
    """Rows with words of all kinds, many of which do not fit, in two files."""
    import random

    rng = random.Random(4)
    words = (
        ("North", " South ", "NA", '"Jail, the ""Old"""'), ("1/2/2014", "02/29/2016", "2/29/2015", "soon", "", "12/31/2025"),
        ("I-247A", "i-247a form", "Notification", "I-247D ", "", "other"), ("hennepin", "Dallas", "", "HENNEPIN ", "nobody"),
        ("none", "NONE", "removal_order", "", "bogus"), ("yes", "no", ""), ("0", "1", "x", ""), ("not_shown", "", SECRET),
    )  # fmt: skip
    folder = tmp_path / "in [1] 50%"
    folder.mkdir()
    for part in range(2):
        lines = [",".join([str(part * 400 + i), *map(rng.choice, words)]) for i in range(400)]
        (folder / f"{part}.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    return folder


def of_action(report, action):
    return Counter({key: n for key, n in report.waiting.items() if key[0] == action})


def rows_of(path):
    with duckdb.connect() as connection:
        return sorted(connection.execute(f"SELECT * FROM '{path}'").fetchall())


def kinds_of(path):
    with duckdb.connect() as connection:
        return connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()


def check_same(law, mapped, requests, folder, asked, master, settings, keys=(), **more):
    """Both engines on the same rows; the bytes that Spark wrote."""
    job = Job(
        find_sources([str(requests)], mapped),
        mapped,
        asked,
        keys=keys or mapped.keys,
        out=folder / "a.parquet",
        is_bad_an_error=False,
        **more,
    )
    here = run(job)
    there = run_on_spark(
        SparkJob(
            [str(requests)], mapped, asked, keys, out=folder / "b.parquet", is_bad_an_error=False, master=master, **more
        ),
        settings,
    )
    assert rows_of(folder / "b.parquet" / "*.parquet") == rows_of(folder / "a.parquet")
    assert kinds_of(f"{folder}/b.parquet/*.parquet") == kinds_of(f"{folder}/a.parquet")
    assert there.tally == here.tally
    assert there.findings == here.findings
    opened = {a: there.tally.modalities(a)["open"] for a in asked.actions}
    assert {a: sum(n for (name, _), n in there.waiting.items() if name == a) for a in asked.actions} == opened
    for action in asked.actions:
        waits = Counter({key: n for key, n in there.waiting.items() if key[0] == action})
        assert waits in (Counter({(action, ""): opened[action]} if opened[action] else {}), of_action(here, action))
    assert here.findings.bad
    assert here.findings.unmapped
    assert here.findings.rejected
    assert here.findings.left_out
    return [path.read_bytes() for path in (folder / "b.parquet").iterdir()]


@pytest.mark.slow
@needs_java
@loopback
def test_spark_answers_row_for_row_as_this_machine_does(law, mapped, requests, tmp_path):
    asked = Asked(law, "", None, ACTIONS[:1])
    written = check_same(law, mapped, requests, tmp_path, asked, "local[2]", FEW)
    assert not any(SECRET.encode() in part for part in written)
    assert not (tmp_path / "b.parquet.unfinished").exists()


PLAIN = MAP.replace("  final_removal_order: {from: order}\n", "")


def map_of(law, text):
    return parse_map(load_text(text, "map.yaml"), law, "map.yaml")


def weigh(requests):
    """Give each row a weight, some of which cannot be read."""
    for part in requests.iterdir():
        lines = part.read_text().splitlines()
        weights = [f",{number % 7}" if number % 11 else ",many" for number in range(len(lines) - 1)]
        part.write_text("\n".join(line + end for line, end in zip(lines, [",weighs", *weights], strict=True)) + "\n")


@pytest.mark.slow
@needs_java
@loopback
def test_spark_says_what_lost_and_what_open_answers_wait_for(law, requests, tmp_path, monkeypatch):
    asked = Asked(law, "", None, ACTIONS[:1])
    mapped = map_of(law, PLAIN.replace("  requester: ice_ero\n", "").replace("facility:", "weight: weighs\nfacility:"))
    weigh(requests)
    check_same(law, mapped, requests, tmp_path, asked, "local[2]", FEW, has_why=True)
    with duckdb.connect() as connection:
        lost = connection.execute(f"SELECT count(hold_beyond_release_defeated) FROM '{tmp_path}/b.parquet/*.parquet'")
        assert lost.fetchone()[0] > 0
    monkeypatch.setattr("brightline.replay.spark.situations.MOST_SITUATIONS", 1)
    monkeypatch.setattr("brightline.replay.spark.situations._MOST_WITH_REASONS", 3)
    job = SparkJob([str(requests)], mapped, asked, is_bad_an_error=False, master="local[2]")
    waiting = run_on_spark(job, FEW).waiting
    assert waiting["hold_beyond_release", ""] > 0
    with pytest.raises(BrightlineError) as caught:
        run_on_spark(replace(job, has_why=True, out=tmp_path / "c.csv"), FEW)
    assert caught.value.code == "spark-reasons" and not list(tmp_path.glob("c.csv*"))


TYPED = """
map: typed
about: One row.
zone: America/Chicago
columns: {came: {type: date}, left: {type: date}, seen: {type: date}, owed: {type: number}}
date: came
facility: number
leave_out: [{when: "number == '7' and known(came)", because: not a request}]
facts:
  release_due: {from: due}
  years_since_conviction: {from: years}
  distance_to_courthouse_feet: {from: feet, round: up}
  conviction_serious_or_violent: {expression: "owed > 10.5 or left >= '2026-01-01'"}
  custody_state: {cases: [{when: "seen == '2026-03-08'", is: jail}, {otherwise: prison}]}
  instrument: {from: number, values: {1: i247a_detainer, "2.5": i205_warrant, 12345678: none}}
"""


@pytest.mark.slow
@needs_java
@loopback
def test_spark_reads_the_types_of_a_parquet_file_as_this_machine_does(law, tmp_path):
    from datetime import datetime, timedelta, timezone
    from decimal import Decimal
    from itertools import cycle, islice

    import pyarrow as pa
    import pyarrow.parquet as pq

    def column(kind, *values):
        return pa.array(list(islice(cycle(values), 60)), kind)

    late = datetime(2026, 3, 9, 4, 30, tzinfo=timezone.utc)  # noqa: UP017 - on the clock of Chicago it is still the day before
    table = pa.table(
        {
            "id": pa.array(range(60)), "due": column(pa.bool_(), True, False, None), "years": column(pa.int16(), 3, None, -1, 12, 30),
            "feet": column(pa.float64(), 1000.0, 999.5, None, 1e7, 0.0, 0.0005, 12345678.25, float("nan")), "owed": column(pa.decimal128(9, 2), Decimal("10.50"), Decimal("10.51"), None),
            "came": column(pa.date32(), date(2026, 1, 16), None, date(2013, 5, 1), date(1776, 7, 4)),
            "left": column(pa.timestamp("us"), datetime(2026, 1, 1), datetime(2025, 12, 31, 23, 59), None),  # noqa: DTZ001
            "seen": column(pa.timestamp("us", "UTC"), late, late + timedelta(hours=2), None),
            "number": column(pa.float32(), 1.0, 2.5, 12345678.0, None, 7.0, 2.1),
        }
    )  # fmt: skip
    path = tmp_path / "typed.parquet"
    pq.write_table(table, path)
    (tmp_path / "map.yaml").write_text(TYPED)
    mapped = parse_map(load_yaml(tmp_path / "map.yaml", "map.yaml"), law, "map.yaml")
    asked = Asked(law, "us/ca/los-angeles/sheriff", None, ("notify_release", "arrest_civil_immigration"))
    check_same(law, mapped, path, tmp_path, asked, "local[2]", FEW, keys=("id",))


@pytest.mark.slow
@needs_java
@loopback
def test_spark_refuses_what_cannot_be_used_and_leaves_nothing(law, mapped, requests, tmp_path):
    asked = Asked(law, "us/mn/hennepin/sheriff", date(2026, 1, 16), ACTIONS)

    def refused(inputs, **more):
        with pytest.raises(BrightlineError) as caught:
            run_on_spark(
                SparkJob([str(inputs)], mapped, asked, out=tmp_path / "out.csv", master="local[1]", **more), FEW
            )
        assert not list(tmp_path.glob("out.csv*"))
        assert SECRET not in str(caught.value)
        return caught.value

    error = refused(requests)
    assert error.code == "replay-values"
    assert "`bogus`" in error.message
    assert "(not shown)" in error.message
    ragged = tmp_path / "ragged.csv"
    ragged.write_text(f"{HEADER}\n1,North,1/2/2014,I-247A,,none,yes,0,{SECRET}\n2,South\n")
    assert refused(ragged, is_bad_an_error=False).code == "spark-failed"
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(b"PAR1 and then nothing")
    assert refused(torn).code == "spark-failed"
    twice = tmp_path / "twice.csv"
    twice.write_text(f"{HEADER}\n" + "1,North,1/2/2014,I-247A,,none,yes,0,\n" * 2)
    assert refused(twice, unique_keys=True).code == "replay-duplicates"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers on this machine, in processes of their own."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_PUBLIC_DNS": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": str(tmp_path / "spark"), "SPARK_DAEMON_MEMORY": "256m",
    }  # fmt: skip
    started = []

    def start(name, *words):
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *words]
        with (tmp_path / f"{len(started)}.log").open("w") as log:
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path))

    try:
        start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        for number in range(2):
            work = tmp_path / f"worker{number}"
            start(
                "worker.Worker", address, "--host", "127.0.0.1", "--cores", "1", "--memory", "600m",
                "--webui-port", "0", "--work-dir", str(work),
            )  # fmt: skip
        wait_for(lambda: (tmp_path / "0.log").read_text().count("Registering worker") == 2)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def wait_for(is_so, seconds=120):
    for _ in range(seconds * 5):
        if is_so():
            return
        time.sleep(0.2)
    pytest.fail("the workers did not come")


@pytest.mark.slow
@needs_java
@loopback
def test_the_same_code_runs_on_a_cluster_of_two_workers(law, mapped, requests, tmp_path, cluster):
    asked = Asked(law, "", date(2026, 1, 16), ACTIONS)
    settings = {**FEW, "spark.executor.memory": "512m", "spark.executor.cores": "1"}
    check_same(law, mapped, requests, tmp_path, asked, cluster, settings)
    assert [len(list((tmp_path / f"worker{n}").glob("app-*/*"))) for n in range(2)] == [1, 1]


def test_without_java_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BrightlineError) as caught, spark_session("local[1]"):
        pass
    assert caught.value.code == "missing-java"
    assert "JAVA_HOME" in caught.value.help


@pytest.mark.parametrize("name", ["answers.txt", "nowhere/answers.csv"])
def test_an_output_that_spark_cannot_fill_is_refused_before_it_starts(law, mapped, tmp_path, name):
    asked = Asked(law, "us/mn/hennepin/sheriff", date(2026, 1, 16), ACTIONS)
    with pytest.raises(BrightlineError) as caught:
        run_on_spark(SparkJob(["x.csv"], mapped, asked, out=tmp_path / name))
    assert caught.value.code == "replay-out"
