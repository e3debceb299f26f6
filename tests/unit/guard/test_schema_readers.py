"""Each kind of schema is read by its own parser: names as written, and what is said of them."""

from __future__ import annotations

import sqlite3

import pytest

from brightline.guard.schemas.contract import read_content
from brightline.guard.schemas.databasereader import read_database
from brightline.guard.schemas.tablereader import read_csv_file, read_parquet_file

pytest.importorskip("sqlglot", reason="needs the extra `guard`")
pytest.importorskip("selectolax")
pytest.importorskip("lxml")


def fields(kind, text):
    return {field.name: field for field in read_content(kind, text, "f").fields}


def test_sql_comments_belong_to_the_column_on_their_line_or_below():
    found = fields(
        "sql_ddl",
        "CREATE TABLE t (\n a INT, -- of a\n -- of b\n b CHAR(1) CHECK (b IN ('R', 'A')), c INT /* of c */,\n d INT\n);",
    )
    assert found["a"].comments == "of a"
    assert found["b"].comments == "of b"
    assert found["b"].choices == ("R", "A")
    assert found["c"].comments == "of c"
    assert found["d"].comments == ""
    assert found["d"].place == "f:5"


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE [dbo].[T] ([Pob] NVARCHAR(9) NULL, CONSTRAINT [p] PRIMARY KEY CLUSTERED ([Pob]));",
        "CREATE TABLE `t` (`Pob` enum('a','b') COMMENT 'x') ENGINE=InnoDB;",
        "CREATE TABLE t (Pob VARCHAR2(9 CHAR) NOT NULL) TABLESPACE users;",
        'CREATE TABLE IF NOT EXISTS s.t ("Pob" text COLLATE "C");',
        "CREATE VIEW v AS SELECT x AS Pob FROM t;",
        "ALTER TABLE t ADD COLUMN Pob text;",
        "CREATE EXTERNAL WEIRD TABLE t (Pob text SORTKEY ENCODE zz9 %%, other int) LOCATED 'x';",
    ],
)
def test_every_dialect_gives_the_column_as_written(text):
    assert "Pob" in fields("sql_ddl", text)


def test_comment_on_and_enum_types_are_taken():
    found = fields(
        "sql_ddl",
        "CREATE TYPE m AS ENUM ('x','y'); CREATE TABLE a.t (k m); COMMENT ON COLUMN a.t.k IS 'said';",
    )
    assert found["k"].comments == "said"
    assert found["k"].choices == ("x", "y")


def test_json_schema_follows_references_within_the_file_and_keeps_what_is_round_a_property():
    found = fields(
        "json_schema",
        '{"$defs": {"R": {"title": "Kind", "enum": ["a"]}},\n"properties": {"birth": {"properties": {"country": {"type": "string"}}},\n"k": {"$ref": "#/$defs/R"}}}',
    )
    assert found["country"].within == ("birth",)
    assert found["k"].choices == ("a",)
    assert found["k"].label == "Kind"
    assert found["k"].place == "f:3"


def test_references_that_go_round_or_multiply_end():
    parts = ",".join(
        f'"D{i}": {{"properties": {{"a": {{"$ref": "#/$defs/D{i + 1}"}}, "b": {{"$ref": "#/$defs/D{i + 1}"}}}}}}'
        for i in range(40)
    )
    text = f'{{"$defs": {{{parts}, "D40": {{"$ref": "#/$defs/D0"}}}}, "properties": {{"x": {{"$ref": "#/$defs/D0"}}}}}}'
    assert set(fields("json_schema", text)) == {"x", "a", "b"}


def test_openapi_gives_parameters_bodies_and_components():
    found = fields(
        "openapi",
        """
openapi: 3.0.0
paths:
  /a:
    get:
      parameters: [{name: p, in: query, description: said, schema: {type: string, enum: [x]}}]
      requestBody: {content: {application/json: {schema: {properties: {b: {type: string}}}}}}
components: {schemas: {S: {properties: {c: {type: string}}}}}
""",
    )
    assert set(found) == {"p", "b", "c"}
    assert found["p"].help == "said"
    assert found["p"].choices == ("x",)


def test_html_inputs_have_the_words_a_person_reads():
    found = fields(
        "html_form",
        """<form><label for=a>By for</label><input id=a name=a>
<label>Wrapped <input name=b></label>
<fieldset><legend>Legend</legend><label><input type=radio name=c value=1> One</label><label><input type=radio name=c value=2> Two</label></fieldset>
<table><tr><td>In the cell before</td><td><input name=d></td></tr></table>
<select name=e><option value=x>Shown</option></select>
<input name=f placeholder="Placed" aria-describedby=h><p id=h>Helped</p></form>""",
    )
    assert found["a"].label == "By for"
    assert found["b"].label == "Wrapped"
    assert found["c"].label == "Legend"
    assert {"One", "Two"} <= set(found["c"].choices)
    assert found["d"].label == "In the cell before"
    assert set(found["e"].choices) == {"Shown", "x"}
    assert (found["f"].label, found["f"].help) == ("Placed", "Helped")
    assert found["d"].place == "f:4"


def test_django_fields_have_their_label_help_choices_and_comments_and_nothing_is_run():
    found = fields(
        "django_model",
        """
raise SystemExit
AB = [("a", _("Alpha"))]
class M(models.Model):
    class K(models.TextChoices):
        X = "x", "Ex"
    # above
    one = models.CharField(_("Label"), choices=AB, help_text="helped")  # beside
    two = models.CharField(choices=K.choices)
    three = models.ForeignKey("Other", on_delete=models.CASCADE)
    not_a_field = compute()
""",
    )
    assert set(found) == {"one", "two", "three"}
    assert (found["one"].label, found["one"].help) == ("Label", "helped")
    assert found["one"].comments == "above\nbeside"
    assert "Alpha" in found["one"].choices
    assert {"X", "Ex"} <= set(found["two"].choices)
    assert found["three"].label == ""


def test_xsd_gives_names_and_references_as_written():
    found = fields(
        "niem_xsd",
        """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:nc="n"><xs:complexType name="P"><xs:sequence>
<xs:element ref="nc:A"/><xs:element name="B"><xs:annotation><xs:documentation>Said.</xs:documentation></xs:annotation>
<xs:simpleType><xs:restriction base="xs:token"><xs:enumeration value="v"/></xs:restriction></xs:simpleType></xs:element>
</xs:sequence><xs:attribute name="c"/></xs:complexType></xs:schema>""",
    )
    assert set(found) == {"nc:A", "B", "c"}
    assert (found["B"].help, found["B"].choices, found["B"].table) == ("Said.", ("v",), "P")


def test_csv_delimiters_notes_and_samples():
    found = fields("csv_header", "# a note\na;b;c\n1;2;3\n4;;6\n")
    assert list(found) == ["a", "b", "c"]
    assert found["b"].samples == ("2",)
    assert read_content("csv_header", "# a note\na;b\n", "f").notes == ("a note",)


def test_a_packed_csv_and_a_parquet_file_with_nested_columns(tmp_path):
    import gzip

    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    with gzip.open(tmp_path / "a.csv.gz", "wt") as stream:
        stream.write("x,y\n1,2\n")
    assert [field.name for field in read_csv_file(tmp_path / "a.csv.gz").fields] == ["x", "y"]
    pq.write_table(pa.table({"x": ["v"], "n": [{"birth_country": "w"}]}), tmp_path / "a.parquet")
    found = {field.name: field for field in read_parquet_file(tmp_path / "a.parquet").fields}
    assert found["x"].samples == ("v",)
    assert found["birth_country"].within == ("n",)


def test_databases_give_columns_comments_and_samples(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    with sqlite3.connect(tmp_path / "a.db") as lite:
        lite.execute("CREATE TABLE t (x TEXT CHECK (x IN ('p', 'q')), -- said\n y INT)")
        lite.execute("INSERT INTO t VALUES ('p', 1)")
    lite.close()
    found = {field.name: field for field in read_database(str(tmp_path / "a.db")).fields}
    assert (found["x"].samples, found["x"].choices, found["x"].comments) == (("p",), ("p", "q"), "said")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as duck:
        duck.execute("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('v'); COMMENT ON COLUMN t.x IS 'said'")
    (field,) = read_database(str(tmp_path / "a.duckdb")).fields
    assert (field.name, field.comments, field.samples) == ("x", "said", ("v",))
