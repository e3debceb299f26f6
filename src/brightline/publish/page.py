"""The parts of a page: frame, tables, marks. Everything that is put in is escaped here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.resources import files
from string import Template

from brightline.law.evaluate import answer_word
from brightline.law.expressions import Scope
from brightline.publish.picture import ICONS
from brightline.publish.wording import Clause, Words

__all__ = [
    "EVIDENCE",
    "NOT_ADVICE",
    "Frame",
    "answer_mark",
    "clause_html",
    "condition_html",
    "evidence_mark",
    "facts_row",
    "modality_mark",
    "plural",
    "said_html",
    "table",
    "template",
]

NOT_ADVICE = "Not legal advice. A lawyer of the jurisdiction signs off each norm; where the answer is unsettled, or in doubt, stop and call counsel."
EVIDENCE = {
    "read": ("▣", "text read"),
    "secondary": ("◧", "from a report about it"),
    "memory": ("△", "unverified: from memory"),
}
_ANSWERS = {"permitted": "permitted, not required", "unsettled": "unsettled: call counsel"}
_MODALITIES = {"no_duty": "no duty", "may_not_restrict": "may not be forbidden", "power": "a power"}


def template(name: str) -> str:
    """The text of a file that ships with the package."""
    return (files("brightline.publish") / "templates" / name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of one book shares."""

    book: str
    on: date
    edition: str
    software: str

    def page(self, title: str, body: str, *, up: str = "", current: str = "", script: str = "") -> str:
        """A whole page. `up` leads to the book's folder; `current` is the entry of the menu that it is."""
        entries = (("index.html", "Contents"), ("search.html", "Search"), ("vocabulary.html", "Vocabulary"))
        menu = "".join(
            f'<li><a href="{up}{href}"{" aria-current=" + chr(34) + "page" + chr(34) if href == current else ""}>{name}</a></li>'
            for href, name in entries
        )
        return Template(template("page.html")).substitute(
            title=escape(title if title == self.book else f"{title} – {self.book}"), book=escape(self.book), body=body, up=up, menu=menu,
            on=f"{self.on:%d %B %Y}", edition=self.edition, software=escape(self.software), not_advice=NOT_ADVICE, script=script,
        )  # fmt: skip


def said_html(text: str) -> str:
    """A sentence of the law files; what it has in backticks is code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def plural(number: int, word: str) -> str:
    """A number with its word: `1 norm`, `2 norms`, `3 authorities`."""
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {word if number == 1 else many}"


def answer_mark(word: str, *, short: bool = False) -> str:
    """An answer as word, icon and border."""
    shown = word if short else _ANSWERS.get(word, word)
    return f'<strong class="answer {word}"><span class="icon" aria-hidden="true">{ICONS[word]}</span> {shown}</strong>'


def modality_mark(modality: str) -> str:
    """A norm's own modality, in the form of the answer that it leads to."""
    word = answer_word(modality)
    return f'<strong class="answer {word}"><span class="icon" aria-hidden="true">{ICONS[word]}</span> {_MODALITIES.get(modality, modality)}</strong>'


def evidence_mark(evidence: str, verified_on: str) -> str:
    """How well a citation was verified, and when."""
    icon, word = EVIDENCE[evidence]
    when = f", {escape(verified_on)}" if verified_on else ""
    return f'<span class="evidence {evidence}"><span aria-hidden="true">{icon}</span> {word}{when}</span>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, name: str = "") -> str:
    """A table with a caption; the first cell of a row names it. Cells are HTML already, heads and caption are text."""
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    if not body:
        return ""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    named = f' id="{name}"' if name else ""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table{named}><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def facts_row(term: str, content: str) -> str:
    """One pair of a description list; nothing if there is nothing to say. `content` is HTML already."""
    return f"<dt>{escape(term)}</dt><dd>{content}</dd>" if content else ""


def condition_html(words: Words, scope: Scope, text: str, href: Callable[[str], str]) -> str:
    """A condition in words with links to the vocabulary, then in the language of the law files."""
    if not text:
        return ""
    return f'{clause_html(words.condition(text, scope), href)}<p class="code"><span class="label">in the law file:</span> <code>{escape(text)}</code></p>'


def clause_html(clause: Clause, href: Callable[[str], str]) -> str:
    """A condition in words: one line where it is flat, a nested list where it is not."""
    if not clause.join:
        return f"<p>{_leaf(clause, href)}</p>"
    return f"<p>{_lead(clause)}</p>{_items(clause, href)}"


def _lead(clause: Clause) -> str:
    return {"and": "all of:", "or": "any of:", "nor": "none of:", "not all": "not all of:"}[clause.join]


def _items(clause: Clause, href: Callable[[str], str]) -> str:
    inner = (_leaf(p, href) if not p.join else f"{_lead(p)}{_items(p, href)}" for p in clause.parts)
    return f'<ul class="clause">{"".join(f"<li>{item}</li>" for item in inner)}</ul>'


def _leaf(clause: Clause, href: Callable[[str], str]) -> str:
    return f'<a href="{escape(href(clause.name))}">{escape(clause.text)}</a>'
