"""Rows that stand for several requests: counted as often as they weigh, wherever requests are counted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date

import pytest

from brightline.cli.main import main
from brightline.law import BrightlineError
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

NORMS = """
- {id: shut, action: open_gate, modality: prohibited, unless: guest, cites: § 1, says: Shut.}
- {id: letter, action: open_gate, modality: required, when: paper == letter and age >= 18, cites: § 2, says: Open.}
"""
MAP = """
map: m
about: A row.
actions: [open_gate]
date: day
facility: place
facts: {paper: {from: paper, values: {L: letter, N: none}}, age: {from: age}, guest: {from: guest}}
leave_out: [{when: "place == 'moon'", because: no gate}]
"""
WEIGHTS = [3, 0, 1, 12, 5, 2, 0, 7, 1, 999_999_999]


@pytest.fixture
def gate(small):
    return (
        small.authority("act", NORMS)
        .authority("more", NORMS.replace(">= 18", "< 30").replace("required", "prohibited"), since="2022-01-01")
        .law()
    )


def map_of(gate, more=""):
    return parse_map(load_text(MAP + more, "m.yaml"), gate, "m.yaml")


def rows(weights):
    days, ages = ("2020-05-01", "2023-05-01", None, "2023-06-01"), ("20", "40", None)
    return [
        {"day": days[i % 4], "place": ("north", "south", "moon", None)[i % 3], "paper": "LN?"[i % 3], "age": ages[i % 3],
         "guest": ("yes", None, "no")[i % 5 % 3], "n": str(weight)}
        for i, weight in enumerate(weights)
    ]  # fmt: skip


def ran(gate, mapped, table, folder, **more):
    pq.write_table(pa.Table.from_pylist(table), folder / "in.parquet")
    asked = Asked(gate, "land", None, mapped.actions)
    source = find_sources([str(folder / "in.parquet")], mapped)
    return run(Job(source, mapped, asked, is_bad_an_error=False, unit_rows=1000, **more))


@pytest.mark.parametrize("versus", [False, True])
def test_a_row_counts_as_often_as_it_weighs(gate, tmp_path, versus):
    weights = [*WEIGHTS[:-1], 30]
    more = {"versus": Asked(gate, "land", date(2021, 1, 1), ("open_gate",))} if versus else {}
    found = ran(gate, map_of(gate, "weight: n"), rows(weights), tmp_path, **more)
    many = [row for row, weight in zip(rows(weights), weights, strict=True) for _ in range(weight)]
    alone = ran(gate, map_of(gate), many, tmp_path, **more)
    assert (found.tally.rows, alone.tally.rows) == (len(weights), sum(weights))
    for name in ("requests", "answered", "changed", "years", "norms", "by_year", "by_facility", "marks", "changes"):
        assert getattr(found.tally, name) == getattr(alone.tally, name), name
    assert (found.waiting, found.findings.rejected) == (alone.waiting, alone.findings.rejected)
    assert found.findings.left_out == alone.findings.left_out and found.waiting
    assert found.tally.changed > 0 or not versus


def test_a_weight_may_be_as_large_as_any_number_of_a_map(gate, tmp_path):
    found = ran(gate, map_of(gate, "weight: n"), rows(WEIGHTS), tmp_path)
    assert found.tally.requests == sum(WEIGHTS) == sum(found.tally.years.values())


def test_rows_keep_their_weight_in_the_output(gate, tmp_path):
    ran(gate, map_of(gate, "weight: n"), rows(WEIGHTS), tmp_path, out=tmp_path / "out.csv")
    told = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert [row["n"] for row in told] == list(map(str, WEIGHTS)) and [row["row"] for row in told][-1] == "10"


@pytest.mark.parametrize("word", ["", "many", "-1", "2.5"])
def test_a_weight_that_cannot_be_read_is_refused_or_its_row_rejected_and_counted_once(gate, tmp_path, word):
    table = [*rows([2, 3]), {**rows([1])[0], "n": word}]
    mapped = map_of(gate, "weight: n")
    found = ran(gate, mapped, table, tmp_path)
    assert found.findings.rejected["weight not read"] == 1
    assert found.tally.requests == 6 and sum(found.findings.bad["the weight"].values()) == 1
    source = find_sources([str(tmp_path / "in.parquet")], mapped)
    with pytest.raises(BrightlineError) as raised:
        run(Job(source, mapped, Asked(gate, "land", date(2024, 1, 1), mapped.actions)))
    assert raised.value.code == "replay-values" and "the weight" in str(raised.value)


def test_a_column_of_status_cannot_be_the_weight(gate):
    with pytest.raises(BrightlineError) as raised:
        map_of(gate, "weight: citizenship")
    assert raised.value.code == "replay-transient"


def test_the_summary_of_days_with_counts_tells_of_detainers(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("BRIGHTLINE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "days.csv").write_text("detainer_prepare_date,count\n2024-01-02,5\n2024-02-03,12\n2025-01-01,1\n")
    words = ["replay", str(tmp_path / "days.csv"), "--map", "minnesota-days", "--profile", "us/mn/hennepin/sheriff"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["requests"]) == (3, 18)
    assert Counter({year["year"]: year["requests"] for year in told["years"]}) == {2024: 17, 2025: 1}
    assert main(words) == 0 and "18 requests (in 3 rows)" in capsys.readouterr().out
