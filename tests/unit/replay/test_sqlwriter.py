"""What a map says, as SQL: words, numbers and days are read as a replay on this machine reads them, or it is refused."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import load_yaml
from brightline.replay.answers.asking import Asked
from brightline.replay.files.sources import find_sources
from brightline.replay.job import Job
from brightline.replay.maps.factmap import ColumnRule, ConstantRule, FactMap, MappedColumn, Recode
from brightline.replay.maps.mapfile import parse_map
from brightline.replay.maps.moments import parse_words
from brightline.replay.pipeline import run
from brightline.replay.sql.days import day_text
from brightline.replay.sql.writer import SqlQuery, write_sql

duckdb = pytest.importorskip("duckdb", reason="SQL is written with the replay extra")
sqlglot = pytest.importorskip("sqlglot", reason="SQL is written with the replay extra")
exp = sqlglot.exp

ON = date(2026, 1, 16)
PROFILE = "us/mn/hennepin/sheriff"
ACTIONS = ("hold_beyond_release", "notify_release", "record_status")
MAP = """
map: county
about: One row for each detainer.
keys: [case_no]
columns:
  prepared: {from: Prepare Date, type: date, format: "%m/%d/%Y"}
  form: {from: Detainer Type}
  convictions: {type: number}
date: prepared
profile: {from: whose, values: {hennepin: us/mn/hennepin/sheriff, "dal*": us/tx/dallas/sheriff}, blank: us/pa, other: unknown}
facts:
  requester: ice_ero
  custody_state: jail
  release_due: true
  instrument:
    from: form
    values: {"I-247A*": i247a_detainer, "*notification*": notification_request, "*d": i247_detainer, x: unknown}
    blank: i247_detainer
  request_kind:
    cases:
    - {when: "contains(form, 'notification') and prepared >= '2015-01-01'", is: release_notice}
    - {when: "not known(form) or ends_with(form, '7d')", is: hold}
    - {when: "starts_with(form, 'other') and felony in ['yes', 'no']", is: interview}
    - {otherwise: hold}
  accompanying_instrument: {from: second}
  conviction_serious_or_violent: {expression: "felony == 'YES' or convictions >= 1"}
  years_since_conviction: {from: years, times: 2, round: down}
  final_removal_order: {from: order, values: {shown: signed_by_federal_judge, "not*": not_shown}, other: error}
fallback: {agency_type: sheriff_office}
"""
WORDS = {
    "Prepare Date": ("1/2/2014", "02/29/2016", "2/29/2015", "soon", "", "12/31/2025", "07/04/1776", "6/1/2030"),
    "Detainer Type": ("I-247A", "i-247a form", "Notification", "I-247D ", "", "\tother", "X", "N/A"),
    "whose": ("hennepin", "Dallas", "dal", "", "HENNEPIN ", "nobody", "hennepin", "hennepin"),
    "second": ("none", "NONE ", "removal_order", "", "bogus", "judicial_arrest_warrant"),
    "felony": ("yes", "no", "", "maybe"),
    "convictions": ("0", "1", "x", "", "0.5", "+2", "1e0", "-1"),
    "years": ("0", "4", "4.9", "7.49999", "x", "", "-1", "1000000000", "499999999.9", "2.5"),
    "order": ("shown", "not shown", "", "else"),
}


def mapped(law, tmp_path, text=MAP):
    path = tmp_path / "map.yaml"
    path.write_text(text)
    return parse_map(load_yaml(path, "map.yaml"), law, "map.yaml")


def messy(tmp_path, rows=1500):
    rng = random.Random(2)
    path = tmp_path / "requests.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["case_no", *WORDS])
        writer.writerows([number, *map(rng.choice, WORDS.values())] for number in range(rows))
    return path


def in_duckdb(sql, path):
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE requests AS FROM read_csv('{path}', all_varchar = true, header = true)")
        return sorted(connection.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("profile", "on", "strict"), [("", None, False), (PROFILE, ON, True), (PROFILE, None, False), ("", ON, False)]
)
def test_a_map_reads_every_word_as_it_does_on_this_machine(law, tmp_path, profile, on, strict):
    found, path = mapped(law, tmp_path), messy(tmp_path)
    asked = Asked(law, profile, on, ACTIONS, {}, strict)
    out = tmp_path / "out.csv"
    run(Job(find_sources([str(path)], found), found, asked, keys=found.keys, out=out, is_bad_an_error=False))
    with out.open(newline="") as stream:
        _, *expected = csv.reader(stream)
    rows = in_duckdb(write_sql(SqlQuery(asked, found, "duckdb", is_bad_null=True)), path)
    assert [tuple(word or "" for word in row) for row in rows] == sorted(map(tuple, expected))
    assert len({row[2] for row in rows}) > 1


def test_a_row_with_a_value_outside_its_domain_is_rejected_unless_it_is_taken_as_not_known(law, tmp_path):
    found = replace(mapped(law, tmp_path), keys=("case_no",))
    path = tmp_path / "requests.csv"
    usual = dict.fromkeys(WORDS, "") | {"second": "none"}
    odd = (
        {},
        {"second": "bogus"},
        {"years": "-1"},
        {"order": "else"},
        {"convictions": "x"},
        {"Detainer Type": "other"},
    )
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["case_no", *WORDS])
        writer.writeheader()
        writer.writerows({"case_no": number, **usual, **each} for number, each in enumerate(odd))
    asked = Asked(law, PROFILE, ON, ACTIONS[:1])
    rows = in_duckdb(write_sql(SqlQuery(asked, found, "duckdb")), path)
    assert [row[1] for row in rows] == [None, *["bad value"] * 4, None]
    assert [row[2] is None for row in rows] == [False, *[True] * 4, False]
    rows = in_duckdb(write_sql(SqlQuery(asked, found, "duckdb", is_bad_null=True)), path)
    assert all(row[1] is None and row[2] for row in rows)


FORMATS = (
    "",
    "%m/%d/%Y",
    "%d.%m.%y",
    "%Y%m%d",
    "%b %d, %Y",
    "%B %d %Y %I:%M %p",
    "%Y-%m-%d %H:%M:%S",
    "100%% %Y/%m/%d",
)
PIECES = ("2016", "2015", "1900", "2200", "2201", "02", "2", "29", "30", "31", "13", "00", "feb", "March", "/", "-", ".", " ", ", ", "12:30", "pm", "t", "z")  # fmt: skip
DAYS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.tuples(st.dates(date(1899, 1, 1), date(2202, 1, 1)), st.sampled_from(FORMATS[1:]), st.booleans()).map(
        lambda each: each[0].strftime(each[1]) + ("!" if each[2] and each[0].day == 1 else "")
    ),
    st.dates(date(1899, 1, 1), date(2202, 1, 1)).map(str),
    st.datetimes().map(lambda moment: moment.isoformat(" ")),
)


@given(words=st.lists(DAYS, min_size=1, max_size=30), written=st.sampled_from(FORMATS))
def test_days_are_read_as_they_are_on_this_machine(words, written):
    folded = pa.array([word.strip().lower() for word in words])
    micros, known, _, _ = parse_words(folded, written, is_day=True)
    expected = [
        str(date.fromordinal(719_163 + m // 86_400_000_000)) if k else "" for m, k in zip(micros.tolist(), known.tolist(), strict=True)
    ]  # fmt: skip
    column = MappedColumn("day", ("day",), "date", written)
    day = day_text(exp.column("day"), column, "text", "", exp.column("day"), "duckdb")
    with duckdb.connect() as connection:
        connection.register("t", pa.table({"day": folded, "n": range(len(folded))}))
        found = connection.execute(f"SELECT {day.sql('duckdb')} FROM t ORDER BY n").fetchall()
    assert [row[0] for row in found] == expected


def test_typed_columns_are_read_without_a_detour_over_text(law):
    facts = {
        "release_due": ColumnRule("due"),
        "years_since_conviction": ColumnRule("years"),
        "custody_state": ColumnRule("where"),
    }
    found = FactMap("m", "One row.", {}, facts, keys=("id",), nulls=("",))
    present = {"id": "whole", "due": "bool", "years": "whole", "where": "text"}
    asked = Asked(law, "us/ca/los-angeles/sheriff", ON, ACTIONS[:2])
    typed = write_sql(SqlQuery(asked, found, "duckdb", present=present))
    words = write_sql(SqlQuery(asked, found, "duckdb"))
    assert "LOWER" in words
    assert typed.count("LOWER") == words.count("LOWER") - 2
    table = pa.table(
        {
            "id": [1, 2, 3, 4],
            "due": [True, False, None, True],
            "years": [3, -1, None, 30],
            "where": ["jail", "none", "", "stop"],
        }
    )
    with duckdb.connect() as connection:
        connection.register("requests", table)
        connection.execute('CREATE TABLE t AS SELECT id, due::text AS due, years::text AS years, "where" FROM requests')
        both = [sorted(connection.execute(sql).fetchall()) for sql in (typed, words.replace('"requests"', '"t"'))]
    assert both[0] == both[1]
    assert both[0][1][1] == "bad value"


def test_what_a_person_or_a_law_wrote_never_becomes_sql(law):
    evil = "x' OR 1=1; DROP TABLE t; --"
    facts = {
        "instrument": ColumnRule('c"; DROP TABLE t; --', Recode(((evil.lower(), "i247a_detainer"),))),
        "custody_state": ConstantRule("jail"),
    }
    found = FactMap(f"m\n; DROP TABLE t; {evil} */", f"/* {evil}\n{evil}", {}, facts, keys=('k"y; --',))
    for dialect in ("duckdb", "spark", "postgres", "bigquery", "trino"):
        sql = write_sql(SqlQuery(Asked(law, PROFILE, ON, ACTIONS[:1]), found, dialect, table='a"b.c; DROP TABLE t'))
        (statement,) = sqlglot.parse(sql, dialect=dialect)
        assert isinstance(statement, exp.Select)
        assert not list(statement.find_all(exp.Drop))
        assert 'c"; DROP TABLE t; --' in {column.name for column in statement.find_all(exp.Column)}


def test_the_head_says_which_law_it_is_and_the_answers_cite(law, tmp_path):
    asked = Asked(law, PROFILE, ON, ACTIONS[:1], {}, True)
    sql = write_sql(SqlQuery(asked, mapped(law, tmp_path), "trino"))
    head = [line for line in sql.splitlines() if line.startswith("-- ")]
    for told in (PROFILE, "2026-01-16", ACTIONS[0], law.fingerprint[:16], "`county`", "Nothing is presumed"):
        assert any(told in line for line in head), told
    norms = {norm.id: norm for norm in law.stack(PROFILE, ON).by_action[ACTIONS[0]]}
    named = [line for line in sql.splitlines() if line.strip().startswith("THEN 'us/")]
    assert named
    for line in named:
        name = line.split("'")[1]
        assert norms[name].cites in line


def test_the_same_question_gives_the_same_text(law, tmp_path, brightline):
    (tmp_path / "m.yaml").write_text(MAP)
    words = (
        "replay",
        "sql",
        "--map",
        str(tmp_path / "m.yaml"),
        "--dialect",
        "spark",
        "--action",
        "hold_beyond_release",
    )
    first, second = brightline(*words), brightline(*words)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dialect": "mysql"}, "unknown-dialect"),
        ({"most_flat": 0, "most_cases": 30}, "sql-budget"),
        ({"present": {"case_no": "text"}}, "replay-columns"),
        ({"keys": ("rejected",)}, "replay-keys"),
        ({"keys": ("order",)}, "replay-transient"),
    ],
)
def test_what_cannot_be_written_is_refused(law, tmp_path, change, code):
    query = SqlQuery(Asked(law, PROFILE, ON, ACTIONS), mapped(law, tmp_path), "duckdb")
    with pytest.raises(BrightlineError) as caught:
        write_sql(replace(query, **change))
    assert caught.value.code == code
    assert caught.value.help


@pytest.mark.parametrize(
    ("facts", "keys", "code"),
    [
        ("release_due_at: {from: a}\n  hold_until_at: {from: b}", "[id]", "sql-refused"),
        ("release_due: {expression: \"out >= '2020-01-01T10:00'\"}", "[id]", "sql-refused"),
        ("release_due: {from: due}", "[]", "replay-keys"),
    ],
)
def test_a_map_that_cannot_be_written_is_refused_with_its_place(law, tmp_path, facts, keys, code):
    text = f"map: m\nabout: A row.\nkeys: {keys}\nzone: America/Chicago\ncolumns: {{out: {{type: time}}}}\nfacts:\n  {facts}\n"
    with pytest.raises(BrightlineError) as caught:
        write_sql(SqlQuery(Asked(law, PROFILE, ON, ACTIONS), mapped(law, tmp_path, text), "duckdb"))
    assert caught.value.code == code
    assert caught.value.where.startswith("map.yaml:")
