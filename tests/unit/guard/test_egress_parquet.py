from __future__ import annotations

import datetime as dt
import decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from egresstools import SECRETS, left, run, told, write

from brightline.guard.egress.policy import Policy
from brightline.law.errors import BrightlineError

NESTED = pa.list_(pa.struct([("t", pa.string()), ("n", pa.int64()), ("nationality", pa.string())]))


def table():
    day = dt.date(2024, 1, 2)
    return pa.table(
        {
            "id": pa.array([1, 2, None], pa.int16()),
            "at": pa.array([1, 2, None], pa.timestamp("ns")),
            "on": pa.array([day, None, day]),
            "sum": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.00")]),
            "note": ["She is quux since May. Next.", None, "fine"],
            "code": pa.array(["N123456", "b", None]).dictionary_encode(),
            "words": pa.array([["zig", "a"], None, []]),
            "pairs": pa.array([[("k", "N123456")], None, []], pa.map_(pa.string(), pa.string())),
            "two": pa.array([["zig", "a"], None, ["c", "d"]], pa.list_(pa.string(), 2)),
            "deep": pa.array([[{"t": "zig", "n": 1, "nationality": "Ruritania"}], None, [{"t": "ok", "n": 2}]], NESTED),
            "citizenship": ["Ruritania", None, "Ruritania"],
        }
    )


def refused(code, source, out, policy=None):
    with pytest.raises(BrightlineError) as caught:
        run(source, out, policy)
    assert caught.value.code == code
    assert not [word for word in SECRETS if word in str(caught.value)]
    assert left(out.parent, source) == []
    return caught.value


def saved(path, data, **more):
    pq.write_table(data if isinstance(data, pa.Table) else pa.table(data), path, **more)
    return path


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_nested_texts_are_redacted_and_what_is_no_text_keeps_every_bit(tmp_path, rows):
    given = table()
    source = saved(tmp_path / "a.parquet", given, row_group_size=rows)
    report = run(source, tmp_path / "b.parquet")
    kept = pq.read_table(tmp_path / "b.parquet")
    assert kept.column_names == given.column_names[:-1] and kept.num_rows == 3
    for name in ("id", "at", "on", "sum"):
        assert kept[name].equals(given[name])
    assert kept["note"].to_pylist() == ["She █████████████████. Next.", None, "fine"]
    assert kept["code"].type == given["code"].type and kept["code"].to_pylist() == ["███████", "b", None]
    assert kept["words"].to_pylist() == [["███", "a"], None, []]
    assert kept["pairs"].to_pylist() == [[("k", "███████")], None, []]
    assert kept["two"].to_pylist() == [["███", "a"], None, ["c", "d"]]
    assert kept["deep"].to_pylist() == [
        [{"t": "███", "n": 1, "nationality": "███"}],
        None,
        [{"t": "ok", "n": 2, "nationality": "███"}],
    ]
    data = (tmp_path / "b.parquet").read_bytes()
    assert not [word for word in SECRETS if word.encode() in data or word in told(report)]
    assert report.columns["deep.nationality"].action == "mask" and report.columns["citizenship"].action == "drop"


def test_a_second_export_changes_nothing(tmp_path):
    source = saved(tmp_path / "a.parquet", table())
    run(source, tmp_path / "b.parquet")
    policy = Policy({"deep.nationality": "mask"})
    report = run(tmp_path / "b.parquet", tmp_path / "c.parquet", policy)
    assert pq.read_table(tmp_path / "b.parquet").equals(pq.read_table(tmp_path / "c.parquet")) and report.hidden == 0


def test_metadata_that_nobody_read_is_not_carried_over(tmp_path):
    field = pa.field("note", pa.string(), metadata={"by": "quux"})
    schema = pa.schema([field], metadata={"said": "N123456"})
    saved(tmp_path / "a.parquet", pa.table([["fine"]], schema=schema))
    run(tmp_path / "a.parquet", tmp_path / "b.parquet")
    data = (tmp_path / "b.parquet").read_bytes()
    assert b"quux" not in data and b"N123456" not in data


def test_a_masked_number_is_null_whatever_stood_there(tmp_path):
    source = saved(tmp_path / "a.parquet", {"id": [1, 2], "citizenship": [7, None], "alien_number": ["x", None]})
    run(source, tmp_path / "b.parquet", Policy(on_status="mask"))
    kept = pq.read_table(tmp_path / "b.parquet").to_pylist()
    assert kept == [{"id": n, "citizenship": None, "alien_number": "███"} for n in (1, 2)]


def test_bytes_are_refused_unless_they_are_dropped_masked_or_let_through(tmp_path):
    source = saved(tmp_path / "a.parquet", {"id": [1], "scan": [b"quux"]})
    error = refused("guard-cell", source, tmp_path / "b.parquet")
    assert "`scan`" in error.message
    run(source, tmp_path / "c.parquet", Policy({"scan": "mask"}))
    assert pq.read_table(tmp_path / "c.parquet").to_pylist() == [{"id": 1, "scan": None}]
    report = run(source, tmp_path / "d.parquet", Policy({"scan": "pass"}))
    assert pq.read_table(tmp_path / "d.parquet").to_pylist() == [{"id": 1, "scan": b"quux"}]
    assert report.columns["scan"].unread and report.by_action()["pass"] == 1


def test_text_that_is_none_leaves_nothing(tmp_path):
    bad = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    refused("guard-cell", saved(tmp_path / "a.parquet", pa.table({"id": [1], "note": bad})), tmp_path / "b.parquet")


@pytest.mark.parametrize("cut", [10, 400, -30])
def test_a_damaged_file_leaves_nothing(tmp_path, cut):
    whole = saved(tmp_path / "a.parquet", table()).read_bytes()
    refused("guard-unreadable", write(tmp_path / "a.parquet", whole[:cut]), tmp_path / "b.parquet")


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    source = saved(tmp_path / "a.parquet", table().slice(0, 0))
    run(source, tmp_path / "b.parquet")
    assert pq.read_table(tmp_path / "b.parquet").column_names == table().column_names[:-1]


def test_a_slice_of_nested_rows_is_read_whole():
    from brightline.guard.egress.arrowcells import ArrowCells
    from brightline.guard.egress.decision import Decision

    for name in ("words", "pairs", "two", "deep"):
        array = pa.concat_arrays(table()[name].chunks).slice(1, 2)
        paths = [(name,), (name, "t"), (name, "n"), (name, "nationality")]
        cells = ArrowCells({path: Decision("scan", "") for path in paths}, lambda path, texts: {"c": "X"}, "f")
        expected = str(array.to_pylist()).replace("'c'", "'X'")
        assert str(cells.column((name,), array).to_pylist()) == expected
