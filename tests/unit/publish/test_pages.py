"""The law book: every link leads somewhere, nothing is left out, nothing that a file says can break a page."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from brightline.law.corpusfiles import CORPUS
from brightline.law.errors import BrightlineError
from brightline.publish.book import book_pages, write_book
from brightline.publish.volume import Volume

ON = date(2023, 1, 1)
NORM = """
- id: shut
  action: open_gate
  modality: prohibited
  when: guest and not by_letter
  unless: emergency
  reading: {moat: wet}
  within: {amount: 48, unit: hours}
  starts: asked_at
  cites: "§ 1 <b>"
  says: "Shut it <script>alert(1)</script> & bolt it."
"""
SCENARIOS = """
- id: a-guest-at-night
  profile: land
  as_of: 2023-01-01
  facts: {guest: true, paper: none}
  action: open_gate
  expect: prohibited
  decides: [shut]
  situation: A guest knocks <at night>.
"""
VOID = {"meta", "link", "br", "input"}


class Page(HTMLParser):
    """The tags of a page, checked for balance, with its ids, links and resources."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.resources, self.headings, self.text = [], [], [], [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in VOID and not (self.open and self.open[-1] == "svg" and tag == "path"):
            self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.resources += [found[k] for k in ("src", "href") if k in found and tag in ("script", "link", "img")]
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def volume(small):
    small.authority("act", NORM, extra="definitions: {by_letter: paper == letter}\n")
    plain = NORM.replace("by_letter", "secret")
    small.authority(
        "old",
        plain.replace("shut", "gone") + plain,
        since="2019-01-01",
        extra="in_force: {from: 2019-01-01, to: 2020-12-31}\n",
    )
    small.authority("old", plain.replace("guest and", "guest or") + plain.replace("shut", "new"), since="2021-01-01")
    (small.root / "land" / "act@2020-01-01.scenarios.yaml").write_text(SCENARIOS)
    return Volume(small.law(), "land", ON, small.root)


def check_links(pages):
    parsed = {name: Page(text) for name, text in pages.items() if name.endswith(".html")}
    for name, page in parsed.items():
        assert len(page.ids) == len(set(page.ids)), f"{name}: an id twice"
        assert page.headings[0] == 1 and all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
        for link in page.links:
            if link.startswith("http"):
                continue
            path, _, anchor = link.partition("#")
            parts = [*name.split("/")[:-1], *path.split("/")] if path else name.split("/")
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            there = "/".join(parts)
            assert there in pages, f"{name} leads to {link}"
            assert not anchor or anchor in parsed[there].ids, f"{name} leads to {link}"
    return parsed


def test_every_link_of_a_small_book_leads_somewhere(volume):
    check_links(dict(book_pages(volume)))


def test_every_link_of_a_shipped_book_leads_somewhere_and_no_norm_is_left_out(law):
    volume = Volume(law, "us/tx/dallas/sheriff", date(2026, 1, 16), CORPUS)
    pages = dict(book_pages(volume))
    check_links(pages)
    assert {volume.action_page(a) for a in law.vocabulary.actions} <= set(pages)
    for norm in volume.stack.norms:
        page, _, anchor = volume.norm_place(norm.id).partition("#")
        assert f'id="{anchor}"' in pages[page]
        for action in norm.actions:
            assert norm.id in pages[volume.action_page(action)]


def test_no_page_asks_for_anything_from_elsewhere(volume):
    pages = dict(book_pages(volume))
    for name, text in pages.items():
        if name.endswith(".html"):
            assert not [r for r in Page(text).resources if ":" in r or r.startswith("//")]
            assert '<html lang="en">' in text
            assert "Not legal advice" in text and "01 January 2023" in text
    assert not re.search(r"https?://|@import|url\(", pages["style.css"] + pages["search.js"])


def test_what_a_law_file_says_cannot_break_a_page(volume):
    for name, text in book_pages(volume):
        assert "<script>alert" not in text, name
        assert "<at night>" not in text


def test_a_norm_is_shown_with_its_conditions_reading_deadline_citation_and_evidence(volume):
    page = dict(book_pages(volume))["actions/open_gate.html"]
    text = " ".join(" ".join(Page(page).text).split())
    for said in (
        "guest",
        "not by letter",
        "guest and not by_letter",
        "is read as wet",
        "applies",
        "48 hours from: asked at",
        "§ 1 <b>",
        "text read",
        "Shut it <script>alert(1)</script> & bolt it.",
    ):
        assert said in text
    assert 'href="../authorities/land.act.html#define-by_letter"' in page


def test_an_authority_shows_its_scenarios_and_its_versions(volume):
    pages = dict(book_pages(volume))
    act = " ".join(" ".join(Page(pages["authorities/land.act.html"]).text).split())
    assert "A guest knocks <at night>." in act and "guest: yes; paper: none" in act
    assert "one version" in act
    old = " ".join(" ".join(Page(pages["authorities/land.old.html"]).text).split())
    assert "added: new; removed: gone; changed: shut" in old
    assert "from 2019-01-01 to 2020-12-31" in old


def test_of_edge_cases_an_authority_shows_how_many_there_are(small, volume):
    page = dict(book_pages(volume))["authorities/land.act.html"]
    assert "edge case" not in page and page.count("A guest knocks") == 1
    (small.root / "land" / "act@2020-01-01.edges.scenarios.yaml").write_text(SCENARIOS)
    page = dict(book_pages(Volume(small.law(), "land", ON, small.root)))["authorities/land.act.html"]
    assert "1 edge case made by" in page and page.count("A guest knocks") == 1


def test_the_index_counts_what_was_verified_how(volume):
    text = " ".join(" ".join(Page(dict(book_pages(volume))["index.html"]).text).split())
    assert "3 norms of 2 authorities" in text
    assert "text read 3 100%" in text
    assert "prohibited or ○ permitted , after up to 2 questions" in text


def test_the_search_index_holds_every_page(volume):
    pages = dict(book_pages(volume))
    blob = re.search(r'<script type="application/json" id="entries">(.*?)</script>', pages["search.html"], re.DOTALL)[1]
    entries = json.loads(blob)
    assert {e["href"].partition("#")[0] for e in entries} == set(pages) - {
        "index.html",
        "search.html",
        "search.js",
        "style.css",
    }
    assert [e for e in entries if e["kind"] == "Norm" and e["title"] == "Shut it <script>alert(1)</script> & bolt it."]


def test_the_same_law_gives_the_same_bytes_and_another_law_another_edition(volume, small):
    again = Volume(small.law(), "land", ON, small.root)
    assert dict(book_pages(volume)) == dict(book_pages(again))
    small.authority("more", NORM.replace("by_letter", "secret"))
    assert Volume(small.law(), "land", ON, small.root).frame.edition != volume.frame.edition


def test_a_newer_book_takes_the_place_of_an_older_one_and_of_nothing_else(volume, tmp_path):
    out = tmp_path / "book"
    number = write_book(volume.law, "land", ON, volume.root, out)
    assert number == sum(1 for p in out.rglob("*") if p.is_file())
    (out / "actions" / "stale.html").write_text("old")
    (out / "mine.txt").write_text("mine")
    names = json.loads((out / "book.json").read_text())
    (out / "book.json").write_text(json.dumps([*names, "actions/stale.html", "../outside.txt"]))
    (tmp_path / "outside.txt").write_text("outside")
    write_book(volume.law, "land", ON, volume.root, out)
    assert not (out / "actions" / "stale.html").exists()
    assert (out / "mine.txt").exists() and (tmp_path / "outside.txt").exists()


def test_a_folder_with_other_files_is_left_alone(volume, tmp_path):
    out = tmp_path / "home"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(BrightlineError) as error:
        write_book(volume.law, "land", ON, volume.root, out)
    assert error.value.code == "out-not-empty"
    assert [p.name for p in out.iterdir()] == ["letter.txt"]
    with pytest.raises(BrightlineError, match="is a file"):
        write_book(volume.law, "land", ON, volume.root, out / "letter.txt")


def test_a_norm_that_no_file_holds_is_shown_from_the_compiled_law(volume, tmp_path):
    # A bill changes norms in memory, so their files say nothing of them.
    text = Volume(volume.law, "land", ON, tmp_path / "elsewhere").sources.norm(
        volume.authorities[0], volume.stack.norms[0]
    )
    assert (text.binds, text.unless) == ("", "emergency")
    assert text.when.startswith("guest")
