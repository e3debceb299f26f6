"""Bad files are refused with their place, or listed as skips; none is passed by silently and nothing grows."""

from __future__ import annotations

import io
import sqlite3

import pytest

from brightline.guard.schemas.contract import read_content
from brightline.guard.schemas.judge import judge
from brightline.guard.schemas.lint import lint
from brightline.law.errors import BrightlineError

pytest.importorskip("sqlglot", reason="needs the extra `guard`")
pypdf = pytest.importorskip("pypdf")
pytest.importorskip("lxml")
generic = pytest.importorskip("pypdf.generic")


def form(name, tooltip, password=""):
    """A PDF with one field."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    field = generic.DictionaryObject(
        {
            generic.NameObject("/FT"): generic.NameObject("/Tx"),
            generic.NameObject("/T"): generic.TextStringObject(name),
            generic.NameObject("/TU"): generic.TextStringObject(tooltip),
            generic.NameObject("/Subtype"): generic.NameObject("/Widget"),
            generic.NameObject("/Rect"): generic.ArrayObject([]),
        }
    )
    reference = writer._add_object(field)
    page[generic.NameObject("/Annots")] = generic.ArrayObject([reference])
    writer._root_object[generic.NameObject("/AcroForm")] = generic.DictionaryObject(
        {generic.NameObject("/Fields"): generic.ArrayObject([reference])}
    )
    if password:
        writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def skips(tmp_path):
    return {one.place.rpartition("/")[2]: one for one in lint([str(tmp_path)]).skipped}


def test_a_pdf_form_is_read_by_name_and_tooltip(tmp_path):
    (tmp_path / "a.pdf").write_bytes(form("Text7", "Citizen of (country)"))
    (found,) = lint([str(tmp_path)]).verdicts
    assert (found.field, found.label) == ("Text7", "citizenship_or_nationality")


def test_broken_and_encrypted_pdfs_are_skips_that_say_why(tmp_path):
    whole = form("a", "b")
    (tmp_path / "broken.pdf").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "none.pdf").write_bytes(b"no pdf")
    (tmp_path / "locked.pdf").write_bytes(form("a", "b", password="secret"))
    found = skips(tmp_path)
    assert set(found) == {"broken.pdf", "none.pdf", "locked.pdf"}
    assert "encrypted" in found["locked.pdf"].message


def test_old_encodings_are_read_and_a_nul_byte_is_a_skip_with_its_line(tmp_path):
    text = "CREATE TABLE t (\n x INT -- país de nacimiento\n);"
    (tmp_path / "latin.sql").write_bytes(text.encode("latin-1"))
    (tmp_path / "wide.sql").write_bytes(text.encode("utf-16"))
    (tmp_path / "nul.sql").write_bytes(b"CREATE TABLE t (\n x INT\0);")
    found = lint([str(tmp_path)])
    assert [one.label for one in found.verdicts] == ["birthplace", "birthplace"]
    (skip,) = found.skipped
    assert skip.place.endswith("nul.sql:2")


def test_xml_that_would_grow_is_a_skip_and_nothing_is_fetched(tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">&b;</xs:schema>'
    (tmp_path / "laughs.xsd").write_text(laughs)
    (tmp_path / "broken.xsd").write_text("<a>\n<b></a>")
    found = skips(tmp_path)
    assert "entities" in found["laughs.xsd"].message
    assert "broken.xsd:2" in found


def test_yaml_with_aliases_and_deep_json_are_skips(tmp_path):
    (tmp_path / "laughs.yaml").write_text("openapi: 3.0.0\na: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    (tmp_path / "deep.json").write_text('{"properties": ' + "[" * 100_000)
    (tmp_path / "cut.json").write_text('{"properties": {\n "a": {}')
    found = skips(tmp_path)
    assert "laughs.yaml:2" in found
    assert "cut.json:2" in found
    assert len(found) == 3


def test_a_locked_database_and_one_that_is_none_are_skips(tmp_path):
    lite = sqlite3.connect(tmp_path / "locked.db")
    lite.execute("CREATE TABLE t (alien_no TEXT)")
    lite.commit()
    lite.execute("BEGIN EXCLUSIVE")
    (tmp_path / "none.sqlite").write_bytes(b"no database at all, and long enough to be looked at")
    (tmp_path / "none.duckdb").write_bytes(b"no database at all, and long enough to be looked at")
    try:
        found = {one.place.rpartition("/")[2]: one for one in lint([str(tmp_path)]).skipped}
    finally:
        lite.close()
    assert "locked" in found["locked.db"].message
    assert set(found) == {"locked.db", "none.sqlite", "none.duckdb"}


def test_a_file_too_large_for_a_schema_is_a_skip_and_a_large_table_is_read_by_its_first_rows(tmp_path):
    (tmp_path / "large.sql").write_bytes(b"-" * 16_000_001)
    (tmp_path / "large.csv").write_bytes(b"pob,x\n" + b"1,2\n" * 1_000_000)
    found = lint([str(tmp_path)])
    assert [one.code for one in found.skipped] == ["guard-too-large"]
    assert [one.field for one in found.verdicts] == ["pob"]


def test_a_table_of_five_thousand_columns_is_judged_whole():
    names = [f"col_{number}" for number in range(5000)]
    names[4321] = "ctz_cd"
    found = judge(read_content("csv_header", ",".join(names) + "\n", "wide"))
    assert [one.field for one in found] == ["ctz_cd"]


def test_python_that_cannot_be_read_is_a_skip_and_other_python_is_passed_over(tmp_path):
    (tmp_path / "a.py").write_text("x = models.CharField(\n")
    (tmp_path / "b.py").write_text("def f(:\n")
    found = lint([str(tmp_path)])
    assert [one.place.rpartition("/")[2] for one in found.skipped] == ["a.py:1"]
    assert found.passed_over == 1


def test_folders_of_other_peoples_code_are_left_out_and_so_is_what_is_excluded(tmp_path):
    for name in ("node_modules", ".git", "kept", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.sql").write_text("CREATE TABLE t (alien_no TEXT);")
    found = lint([str(tmp_path)], exclude=["old"])
    assert [one.place.split("/")[-2] for one in found.verdicts] == ["kept"]


def test_a_path_that_is_not_there_is_an_error():
    with pytest.raises(BrightlineError, match="there is no"):
        lint(["nowhere.sql"])


def test_an_unknown_kind_of_a_line_is_named():
    with pytest.raises(BrightlineError) as caught:
        read_content("sql_dll", "", "a:1")
    assert caught.value.code == "schema-kind"
    assert "sql_ddl" in caught.value.help
