from __future__ import annotations

import csv
import gzip
import io
import random

import pytest
from egresstools import SECRETS, left, run, told, write
from guardfake import FakeScanner
from hypothesis import given
from hypothesis import strategies as st

from brightline.guard.egress import csvtable, watch
from brightline.guard.egress.cells import Cells
from brightline.guard.egress.csvtable import clean_csv
from brightline.guard.egress.decision import Decision
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.law.errors import BrightlineError

TABLE = 'id,on,note,country_of_birth\r\n1,2024-01-02,She is quux since May. Next.,Ruritania\r\n2,2024-01-03,"fine ""so""",Utopia\r\n'


def refused(code, source, out, policy=None, **more):
    with pytest.raises(BrightlineError) as caught:
        run(source, out, policy, **more)
    assert caught.value.code == code
    assert not [word for word in SECRETS if word in str(caught.value)]
    assert left(out.parent, source) == []
    return caught.value


def test_a_tagged_column_is_dropped_and_a_free_text_is_redacted(tmp_path):
    source = write(tmp_path / "a.csv", TABLE)
    report = run(source, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes().decode() == (
        'id,on,note\r\n1,2024-01-02,She █████████████████. Next.\r\n2,2024-01-03,"fine ""so"""\r\n'
    )
    assert report.rows == 2 and report.by_action() == {"scan": 3, "drop": 1}
    assert sum(report.found.values()) == 1
    assert not [word for word in SECRETS if word in told(report)]


def test_a_masked_column_has_one_mask_for_every_cell_and_for_empty_ones(tmp_path):
    source = write(tmp_path / "a.csv", "id,citizenship\n1,Ruritania\n2,\n3,x\n")
    run(source, tmp_path / "b.csv", Policy(on_status="mask"))
    assert (tmp_path / "b.csv").read_text() == "id,citizenship\n1,███\n2,███\n3,███\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_clean_table_leaves_byte_for_byte(tmp_path, ending, mark):
    text = mark + ending.join(['"id",note', '1,"a ""b"""', '02 , "x', "", '3,"two\nlines"', "4,1e5"]) + ending
    text = text.replace('02 , "x', "02 ,x")
    source = write(tmp_path / "a.csv", text)
    run(source, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes() == text.encode()


def test_a_packed_table_is_read_and_written(tmp_path):
    source = write(tmp_path / "a.csv.gz", gzip.compress(TABLE.encode()))
    run(source, tmp_path / "b.csv.gz")
    text = gzip.decompress((tmp_path / "b.csv.gz").read_bytes()).decode()
    assert "quux" not in text and "id,on,note" in text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"id,note\n1,She is quux\n2,\xff\n", "guard-unreadable"),
        (b"id,note\n1,a\0b\n", "guard-unreadable"),
        (b'id,note\n1,"open\n2,x\n', "guard-unreadable"),
        (b'id,note\n1,"a"b\n', "guard-unreadable"),
        (b"id,note\n1,a,b\n", "guard-unreadable"),
        (b"id,note\n1\n", "guard-unreadable"),
        (b"", "guard-header"),
        (b"id,,note\n1,2,3\n", "guard-header"),
        (b"id,id\n1,2\n", "guard-header"),
        (b"7,She is quux since May\n8,zag\n", "guard-header"),
        (b"country_of_birth\nRuritania\n", "guard-policy"),
    ],
)
def test_what_cannot_be_read_leaves_nothing(tmp_path, data, code):
    refused(code, write(tmp_path / "a.csv", data), tmp_path / "b.csv")


def test_a_packed_table_that_is_cut_leaves_nothing(tmp_path):
    data = gzip.compress("".join(f"{n},word {n * n}\n" for n in range(5000)).encode())
    refused("guard-unreadable", write(tmp_path / "a.csv.gz", data[: len(data) // 2]), tmp_path / "b.csv")


def test_a_scanner_that_fails_leaves_nothing_and_its_words_are_not_told(tmp_path):
    class Broken(FakeScanner):
        def scan_many(self, texts, least="probable"):
            if any("quux" in text for text in texts):
                raise RuntimeError(f"cannot read {texts}")
            return super().scan_many(texts, least)

    from brightline.guard.egress.export import Export, export

    source = write(tmp_path / "a.csv", TABLE)
    with pytest.raises(BrightlineError) as caught:
        export(Export(str(source), tmp_path / "b.csv", Policy(), scanner=Broken()))
    assert caught.value.code == "guard-failed" and "quux" not in str(caught.value)
    assert left(tmp_path, source) == []


def test_a_column_that_looks_like_status_only_later_stops_the_export(tmp_path):
    rows = ["note"] + [f"word {n}" for n in range(6000)] + ["USC", "LPR", "undocumented", "LPR"] * 4
    error = refused("guard-changed", write(tmp_path / "a.csv", "\n".join(rows) + "\n"), tmp_path / "b.csv")
    assert "`note`" in error.message


def test_a_column_that_is_named_and_not_there_is_refused(tmp_path):
    error = refused("guard-column", write(tmp_path / "a.csv", TABLE), tmp_path / "b.csv", Policy({"note_": "drop"}))
    assert "did you mean `note`" in error.help


def test_status_does_not_pass_because_it_is_asked_to(tmp_path):
    refused("guard-policy", write(tmp_path / "a.csv", TABLE), tmp_path / "b.csv", Policy({"country_of_birth": "pass"}))


def test_a_column_declared_not_to_be_status_is_read_all_the_same(tmp_path):
    source = write(tmp_path / "a.csv", TABLE.replace("Utopia", "N123456"))
    policy = Policy({"country_of_birth": "pass"}, {"country_of_birth": "of the vehicle"})
    report = run(source, tmp_path / "b.csv", policy)
    text = (tmp_path / "b.csv").read_text()
    assert "Ruritania" in text and "N123456" not in text
    assert "of the vehicle" in report.columns["country_of_birth"].why


def test_a_number_is_read_where_the_name_of_its_column_makes_it_one_of_status(tmp_path):
    class Telling(FakeScanner):
        def scan(self, text, least="probable"):
            return tuple(self._each(r"(?:file key): (\d+)", text, "status_number", "certain"))

    from brightline.guard.egress.export import Export, export

    source = write(tmp_path / "a.csv", "file_key,other_key\n203456789,203456789\n")
    export(Export(str(source), tmp_path / "b.csv", Policy(), scanner=Telling()))
    assert (tmp_path / "b.csv").read_text() == "file_key,other_key\n█████████,203456789\n"


def test_five_thousand_columns_keep_their_order_and_rows(tmp_path):
    names = [f"c{n}" for n in range(4999)] + ["citizenship"]
    rows = [",".join(f"w{n % 7}" for n in range(5000)) for _ in range(30)]
    source = write(tmp_path / "a.csv", "\n".join([",".join(names), *rows]) + "\n")
    report = run(source, tmp_path / "b.csv")
    lines = (tmp_path / "b.csv").read_text().splitlines()
    assert lines[0].split(",") == names[:-1] and len(lines) == 31 and report.rows == 30


def test_no_temporary_file_holds_the_words_at_any_time(tmp_path):
    rows = "".join(f"{n},She is quux since May {n}\n" for n in range(30_000))
    source = write(tmp_path / "a.csv", "id,note\n" + rows)
    seen = []

    def look(size):
        seen.extend(path.read_bytes() for path in tmp_path.iterdir() if path != source)

    from brightline.guard.egress.export import Export, export

    export(Export(str(source), tmp_path / "b.csv", Policy(), scanner=FakeScanner()), look)
    assert any(seen) or len(seen) > 1
    assert not [data for data in (*seen, (tmp_path / "b.csv").read_bytes()) if b"quux" in data]


CELLS = st.lists(
    st.sampled_from(
        ["is quux now", "zig", "zag", "N123456", "origin: Ruritania", " ", ". ", "\n", '"', ",", "ñ", "7", "2024-01-01"]
    ),
    max_size=6,
).map("".join)


def again(text):
    out, report = [], Report("t.csv")
    clean_csv(
        io.StringIO(text, newline=""),
        out.append,
        Policy(),
        report,
        "t.csv",
        Cells(Policy(), report, "t.csv", FakeScanner()),
    )
    return "".join(out), report


@given(st.lists(st.tuples(CELLS, CELLS), max_size=12))
def test_what_comes_out_holds_no_finding_and_a_second_time_changes_nothing(rows):
    given_text = io.StringIO()
    csv.writer(given_text, lineterminator="\n").writerows([("id", "note"), *rows])
    once, report = again(given_text.getvalue())
    kept = list(csv.reader(io.StringIO(once, newline="")))
    assert len(kept) == len(rows) + 1
    for row in kept[1:]:
        for name, cell in zip(("id", "note"), row, strict=True):
            found = FakeScanner().scan(f"{name}: {cell}")
            assert not [
                f for f in found if any(map(str.isalnum, cell[max(0, f.start - len(name) - 2) : f.end - len(name) - 2]))
            ]
    twice, report = again(once)
    assert twice == once and report.hidden == 0


@given(st.integers(0, 10**6))
def test_parts_of_any_size_give_the_same_table(seed):
    chance = random.Random(seed)
    pieces = ["is quux now.", "zig", "ok", "N123456", "5"]
    text = "id,note\n" + "".join(f"{n},{chance.choice(pieces)}\n" for n in range(chance.randrange(40)))
    whole, _ = again(text)
    before = csvtable._ROWS
    csvtable._ROWS = chance.randrange(1, 9)
    try:
        assert again(text)[0] == whole
    finally:
        csvtable._ROWS = before


def test_a_watched_column_is_judged_again_before_the_end():
    guard = watch.Watch("t.csv", {("note",): Decision("scan", "")})
    guard.saw(("note",), {"LPR": 3, "USC": 2, "undocumented": 2})
    guard.rows(10)
    with pytest.raises(BrightlineError) as caught:
        guard.rows(5000)
    assert caught.value.code == "guard-changed"


def test_samples_are_short_different_and_the_most_frequent():
    assert watch.sampled(["a", "a", "", "b" * 61, "c", "d", "d", "d"], 2) == ("d", "a")
