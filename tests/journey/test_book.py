"""The law book and the card in a real browser: accessible, without a script, on a small screen, by keyboard, on paper.

Needs Chromium and the dependency group `browser`; skipped with a word where either is absent.
"""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from brightline.law.corpusfiles import CORPUS
from brightline.publish.book import write_book
from brightline.publish.card import card
from brightline.publish.cardpage import card_html

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: pip install the group `browser`"
)
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe is not installed: pip install the group `browser`"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt-get install chromium"),
]

ON = date(2026, 1, 16)
PAGES = (
    "index.html", "search.html", "vocabulary.html", "actions/hold_beyond_release.html", "actions/end_287g.html",
    "authorities/us.8-usc-1373.html", "authorities/us.tx.immigration-detainers.html", "card.html",
)  # fmt: skip
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Seven to one, which is more than the level asks for.
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


@pytest.fixture(scope="module")
def book(law, tmp_path_factory):
    out = tmp_path_factory.mktemp("book") / "book"
    write_book(law, "us/tx/dallas/sheriff", ON, CORPUS, out)
    (out / "card.html").write_text(card_html(card(law, "us/tx/dallas/sheriff", "hold", ON, CORPUS)), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def visit(browser, book):
    """Opens a page of the book; every request that is not for a file of it is a failure."""
    opened, foreign = [], []

    def go(name, **context):
        made = browser.new_context(**context)
        opened.append(made)
        page = made.new_page()
        page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith("file:") else None)
        page.goto((book / name).as_uri())
        return page

    yield go
    for context in opened:
        context.close()
    assert foreign == []


@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_rule_is_broken(visit, name):
    page = visit(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page, options=RULES)
    assert not [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found.response["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_at_320_pixels_nothing_runs_out_of_the_page(visit, name):
    page = visit(name, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_keyboard_reaches_the_content_first_and_the_picture_can_be_scrolled(visit):
    page = visit("actions/hold_beyond_release.html", viewport={"width": 700, "height": 700})
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    picture = page.locator("figure .scroll").first
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('figure .scroll').scrollLeft > 0")


def test_the_search_finds_by_the_beginning_of_words_and_says_how_many(visit):
    page = visit("search.html")
    assert page.locator("#everything").is_visible()
    page.get_by_label("Words that an entry must have").fill("detain notice")
    said = page.get_by_role("status").inner_text()
    number = int(re.match(r"(\d+) entr(?:y|ies) found", said)[1])
    results = page.locator("#results li")
    assert 0 < number == results.count()
    assert not page.locator("#everything").is_visible()
    for text in results.all_inner_texts():
        assert "detain" in text.lower() and "notice" in text.lower()
    results.first.get_by_role("link").click()
    assert page.get_by_role("heading", level=1).count() == 1


def test_a_search_for_nothing_that_is_there_says_so_and_typed_markup_stays_text(visit):
    page = visit("search.html")
    box = page.get_by_label("Words that an entry must have")
    box.fill("<img src=x onerror=alert(1)> zebra")
    assert page.get_by_role("status").inner_text() == "0 entries found"
    assert page.locator("main img").count() == 0
    box.fill("")
    assert page.locator("#everything").is_visible()


def test_everything_can_be_read_without_javascript(visit):
    page = visit("search.html", java_script_enabled=False)
    assert page.locator("#everything li").count() > 200
    assert page.locator("#finder").is_hidden()
    page.locator("#everything a", has_text="Action: Hold beyond release").click()
    assert page.locator("h1").inner_text() == "Hold beyond release"
    page.locator("summary", has_text="question by question").first.click()
    assert page.locator("ol.steps").first.is_visible()


def test_on_paper_the_menu_is_gone_and_the_card_is_one_page(visit):
    page = visit("actions/hold_beyond_release.html")
    page.emulate_media(media="print")
    assert page.get_by_role("navigation").is_hidden()
    made = visit("card.html").pdf(prefer_css_page_size=True, print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_an_answer_is_told_by_word_icon_and_border_where_colours_are_forced(visit):
    page = visit("index.html", forced_colors="active")
    styles = {
        word: page.locator(f".answer.{word}").first.evaluate(
            "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"
        )
        for word in ("required", "prohibited", "permitted")
    }
    assert len(set(styles.values())) == 3
    assert page.locator(".answer.prohibited").first.inner_text() == "✕ prohibited"
