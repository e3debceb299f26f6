from __future__ import annotations

import io
import json
import zipfile

import pytest
from guardfake import SECRET, judge, of
from guardpages import WORD_SPACE, parts_of, pdf, run, word

from brightline.guard.files import archive
from brightline.law.errors import BrightlineError

MASKED = "She █████████████████."


def docx(tmp_path, data, judging=None):
    (tmp_path / "a.docx").write_bytes(data)
    done, out = of(tmp_path / "a.docx", judging)
    return done, parts_of(out)


def test_a_finding_across_runs_is_hidden_in_each_and_the_formatting_stays(tmp_path):
    done, parts = docx(tmp_path, word(f"<w:p>{run('She is qu')}{run('ux since')}{run(' May. Then.')}</w:p>"))
    text = parts["word/document.xml"]
    assert text.count("<w:b/>") == 3
    assert [piece.split("</w:t>")[0] for piece in text.split('preserve">')[1:]] == [
        "She █████",
        "████████",
        "████. Then.",
    ]
    assert sum(done.counts.values()) == 1


def test_a_tag_stands_once_where_its_stretch_begins(tmp_path):
    _, parts = docx(tmp_path, word(f"<w:p>{run('She is qu')}{run('ux since May')}.</w:p>"), judge("tag"))
    assert parts["word/document.xml"].count("[status_assertion]") == 1


def test_tables_headers_notes_comments_properties_and_alternative_texts_are_read(tmp_path):
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format(run('Origin'))}{cell.format(run('Ruritania'))}</w:tr></w:tbl>"
    part = f"<w:hdr {WORD_SPACE}><w:p>{run(SECRET)}</w:p></w:hdr>"
    core = f"<cp xmlns:dc='d'><dc:subject>{SECRET}</dc:subject></cp>"
    picture = f'<w:p><w:r><w:drawing><x descr="{SECRET}"/></w:drawing></w:r></w:p>'
    box = f"<w:p><w:r><w:pict><w:txbxContent><w:p>{run(SECRET)}</w:p></w:txbxContent></w:pict></w:r></w:p>"
    extra = {f"word__{name}_xml": part for name in ("header1", "footer1", "footnotes", "endnotes", "comments", "odd")}
    done, parts = docx(tmp_path, word(table + picture + box, docProps__core_xml=core, **extra))
    assert not [name for name, text in parts.items() if "quux" in text or "Ruritania" in text]
    assert sum(done.counts.values()) == 10, "each is counted once"
    places = {json.loads(line)["place"] for line in done.review}
    assert {"header, paragraph 1", "comment, paragraph 1", "table row 1", "attribute"} <= places


@pytest.mark.parametrize("mode", ["scan", "mask", "tag", "review", "quarantine"])
def test_what_stands_in_two_passages_is_counted_once_in_every_mode(tmp_path, mode):
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    row = f"<w:tbl><w:tr>{cell.format(run('Note'))}{cell.format(run(SECRET))}</w:tr></w:tbl>"
    (tmp_path / "a.docx").write_bytes(word(row))
    done, _ = of(tmp_path / "a.docx", judge(mode))
    assert sum(done.counts.values()) == 1


def test_words_that_were_deleted_but_are_kept_are_hidden_too(tmp_path):
    body = (
        f"<w:p>{run('She is ')}<w:del>{run('here. N123456 is ', 'delText')}</w:del><w:ins>{run('quux')}</w:ins></w:p>"
    )
    _, parts = docx(tmp_path, word(body))
    assert "N123456" not in parts["word/document.xml"] and "quux" not in parts["word/document.xml"]


def test_an_embedded_file_that_is_not_read_is_noted_and_emptied(tmp_path):
    done, parts = docx(tmp_path, word("", word__embeddings__a_xlsx=b"PK" + SECRET.encode()))
    assert done.skips == [("word/embeddings/a.xlsx", "an embedded file of a kind that is not read")]
    assert parts["word/embeddings/a.xlsx"] == ""


def test_an_embedded_text_is_read(tmp_path):
    done, parts = docx(tmp_path, word("", word__embeddings__a_txt=SECRET.encode()))
    assert parts["word/embeddings/a.txt"] == MASKED and not done.skips


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"plain text"])
def test_a_broken_word_file_is_refused(tmp_path, content):
    with pytest.raises(BrightlineError) as caught:
        docx(tmp_path, content)
    assert caught.value.code == "guard-unreadable" and caught.value.where == "a.docx"


def test_an_archive_made_to_fill_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 1 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<a/>")
        made.writestr("word/document.xml", b"0" * (4 << 20))
    with pytest.raises(BrightlineError) as caught:
        docx(tmp_path, out.getvalue())
    assert caught.value.code == "guard-too-large"


def test_entities_of_a_parts_own_are_not_followed(tmp_path):
    made = word("").replace(b"<w:document", b"<w:document")
    nasty = f'<!DOCTYPE x [<!ENTITY a "{SECRET}">]><x>&a;</x>'
    done, parts = docx(tmp_path, word("", word__odd_xml=nasty) or made)
    assert done.skips and "quux" not in "".join(parts.values())


def test_a_pdf_becomes_text_with_its_pages_and_properties(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf([SECRET, "Page two."], subject=SECRET))
    done, out = of(tmp_path / "a.pdf")
    text = out.decode()
    assert MASKED in text and "quux" not in text and "[page 2]\nPage two." in text
    assert json.loads(done.lines[0])["place"] == "page 1, line 1"


def test_a_page_that_is_a_picture_is_listed(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf(["Some text.", ""]))
    done, _ = of(tmp_path / "a.pdf")
    assert done.skips == [("page 2", "a picture without a text layer")]


def test_a_locked_pdf_is_refused(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([SECRET])))
    writer.encrypt("x", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    with pytest.raises(BrightlineError, match="locked with a password"):
        of(tmp_path / "a.pdf")


@pytest.mark.parametrize("cut", [0, 9, 100, 300])
def test_a_broken_pdf_is_refused_without_its_words(tmp_path, cut, caplog, capsys):
    (tmp_path / "a.pdf").write_bytes(pdf([SECRET])[:cut])
    with pytest.raises(BrightlineError) as caught:
        of(tmp_path / "a.pdf")
    assert caught.value.code == "guard-unreadable"
    assert not caplog.text and not "".join(capsys.readouterr())


PAGE = f"""<!doctype html><!-- {SECRET} --><html><head><meta charset="iso-8859-1"><title>{SECRET}</title>
<script>var note = "{SECRET}";</script><style>/* {SECRET} */</style></head><body>
<p>She is <b>qu</b><i>ux</i> since&nbsp;May.</p><img alt="{SECRET}"><input placeholder="{SECRET}" value="{SECRET}">
<noscript><p>{SECRET}</p></noscript><textarea>{SECRET}</textarea><template>{SECRET}</template>
<div data-note="{SECRET}">ok<br>tail</div><meta name="description" content="{SECRET}">
<table><tr><th>Origin</th><th>Note</th></tr><tr><td>Ruritania</td><td>fine</td></tr></table>
<dl><dt>Origin:</dt><dd>Sylvania</dd></dl><label>Origin</label><span>Borduria</span>
</body></html>"""


def test_all_that_a_page_shows_or_holds_is_read(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    done, out = of(tmp_path / "a.html")
    text = out.decode()
    for word_ in ("quux", "ux</i>", "Ruritania", "Sylvania", "Borduria"):
        assert word_ not in text
    assert "<b>██</b><i>██</i>" in text and 'charset="utf-8"' in text and "fine" in text and "tail" in text
    assert sum(done.counts.values()) == 16


def test_entities_on_a_page_are_read_as_a_browser_would(tmp_path):
    (tmp_path / "a.html").write_text("<p>She is q&#117;&#x75;x now</p>")
    done, out = of(tmp_path / "a.html")
    assert sum(done.counts.values()) == 1 and "now" not in out.decode()


def test_a_page_nested_deeper_than_the_stack_is_read(tmp_path):
    (tmp_path / "a.html").write_text("<div>" * 5000 + SECRET + "</div>" * 5000)
    _, out = of(tmp_path / "a.html")
    assert b"quux" not in out


def test_a_page_redacted_twice_is_the_same(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    _, once = of(tmp_path / "a.html")
    (tmp_path / "b.html").write_bytes(once)
    done, twice = of(tmp_path / "b.html")
    assert twice == once and not done.counts
