"""The law book of one profile: static pages that need no server, no script and no network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.law.norms import Authority, Norm
from brightline.publish.actionpage import action_page
from brightline.publish.authoritypage import authority_page
from brightline.publish.page import NOT_ADVICE, answer_mark, evidence_mark, plural, said_html, table, template
from brightline.publish.vocabularypage import vocabulary_page
from brightline.publish.volume import Volume

__all__ = ["book_pages", "write_book"]

# Lists the files of a book, so that a new edition takes the place of an old one and of nothing else.
MANIFEST = "book.json"
_SENTENCES = (
    "Only norms in force on the date that bind this profile take part.",
    "A norm whose condition is false, or whose exception is true, takes no part.",
    "A norm that takes away lower ones removes them.",
    "Of what is left, a requirement or prohibition of higher rank beats one of lower rank. A permission of higher rank does not lift a lower prohibition unless it says so.",
    "A special rule beats the general one of the same rank. Where neither yields, the answer is unsettled: stop and call counsel.",
    "Where no norm speaks, it is permitted: the agency's own decision.",
)


def write_book(law: Law, profile: str, on: date, root: Path, out: Path) -> int:
    """Write the book into a folder, in place of an older one; returns the number of files.

    Raises: BrightlineError `out-not-empty` where other files would be in the way, and as `Law.stack` does.
    """
    pages = dict(book_pages(Volume(law, profile, on, root)))
    _clear(out)
    for name, text in pages.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (out / MANIFEST).write_text(json.dumps(sorted(pages), indent=1) + "\n", encoding="utf-8")
    return len(pages) + 1


def _clear(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BrightlineError("out-not-empty", f"{shown(out)} is a file", "name a folder", "--out")
    if not out.exists() or not any(out.iterdir()):
        return
    try:
        names = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        old = [out / str(name) for name in names]
    except (OSError, ValueError, TypeError):
        raise BrightlineError(
            "out-not-empty",
            f"{shown(out)} holds other files",
            "name an empty folder, or one that holds an older book",
            "--out",
        ) from None
    for path in old:
        if path.resolve().is_relative_to(out.resolve()):
            path.unlink(missing_ok=True)


def book_pages(volume: Volume) -> Iterator[tuple[str, str]]:
    """Every file of the book with its content; the same law gives the same bytes."""
    yield "style.css", template("style.css")
    yield "search.js", template("search.js")
    yield "index.html", _index(volume)
    yield "vocabulary.html", vocabulary_page(volume)
    yield "search.html", _search(volume)
    for action in volume.actions:
        yield volume.action_page(action), action_page(volume, action)
    for authority in volume.authorities:
        yield volume.authority_page(authority.id), authority_page(volume, authority)


def _index(volume: Volume) -> str:
    stack, name = volume.stack, volume.law.profile(volume.profile).name
    body = [
        f"<h1>Law book: {escape(name)}</h1>",
        f'<p class="lead">{plural(len(stack.norms), "norm")} of {plural(len(stack.authorities), "authority")} in force on {volume.on:%d %B %Y}.</p>',
        f'<div class="note"><p><strong>{NOT_ADVICE}</strong></p></div>',
        *_actions(volume), *_evidence(volume), *_stack(volume), *_readings(volume), *_how(),
    ]  # fmt: skip
    return volume.frame.page(volume.frame.book, "\n".join(body), current="index.html")


def _actions(volume: Volume) -> Iterator[str]:
    yield '<h2 id="actions">What may be asked, and the usual answer</h2><p>Presuming usual circumstances: no emergency, no judge\'s paper, and the like. Each page says what it presumes.</p>'
    kinds = (("act", "Acts: what staff may be asked to do"), ("duty", "Duties: what the law may tell staff to do"))
    for kind, caption in kinds:
        names = [a for a in volume.actions if volume.law.vocabulary.actions[a].kind == kind]
        yield table(caption, ("action", "what it is", "usual answer"), [_action_row(volume, a) for a in names])


def _action_row(volume: Volume, action: str) -> tuple[str, str, str]:
    found = volume.decided(action)
    silent = " (the law is silent)" if action not in volume.stack.by_action else ""
    word = (
        answer_mark(found.answer, short=True) + silent
        if found.answer
        else f"{' or '.join(answer_mark(w, short=True) for w in found.answers)}, after up to {plural(len(found.variables_used), 'question')}"
    )
    return volume.action_links((action,), ""), said_html(volume.law.vocabulary.actions[action].meaning), word


def _evidence(volume: Volume) -> Iterator[str]:
    norms = volume.stack.norms
    counts = Counter(n.evidence for n in norms)
    latest = {mark: max((n.verified_on for n in norms if n.evidence == mark), default="") for mark in counts}
    rows = [
        (evidence_mark(mark, ""), f"{counts[mark]:,}", f"{counts[mark] / len(norms):.0%}", escape(latest[mark]))
        for mark in ("read", "secondary", "memory")
        if counts[mark]
    ]
    yield '<h2 id="evidence">How well it was verified</h2>'
    yield table("Norms by how their text was verified", ("verified", "norms", "share", "latest"), rows)


def _stack(volume: Volume) -> Iterator[str]:
    yield '<h2 id="stack">The stack, strongest rank first</h2>'
    ranks: dict[str, list[tuple[Authority, list[Norm]]]] = {}
    for authority in volume.authorities:
        norms = volume.norms_of(authority)
        ranks.setdefault(norms[0].rank if norms else authority.rank, []).append((authority, norms))
    for rank in sorted(ranks, key=lambda r: -volume.law.vocabulary.ranks[r].level):
        yield f"<h3>{escape(volume.words.title(rank))}</h3><p>{escape(volume.law.vocabulary.ranks[rank].meaning)}</p>"
        rows = [_authority_row(volume, a, norms) for a, norms in ranks[rank]]
        yield table(
            f"{volume.words.title(rank)}: {plural(len(rows), 'authority')}",
            ("authority", "citation", "in force from", "norms", "verified"),
            rows,
        )


def _authority_row(volume: Volume, authority: Authority, norms: list[Norm]) -> tuple[str, ...]:
    counts = Counter(n.evidence for n in norms)
    marks = "<br>".join(f"{counts[m]} {evidence_mark(m, '')}" for m in ("read", "secondary", "memory") if counts[m])
    place = volume.authority_page(authority.id)
    return (
        f'<a href="{place}">{escape(authority.title)}</a>',
        escape(authority.citation),
        str(authority.in_force.start),
        str(len(norms)),
        marks or "context only",
    )


def _readings(volume: Volume) -> Iterator[str]:
    rows = [
        (
            f'<a href="vocabulary.html#reading-{name}">{escape(volume.words.name(name))}</a>',
            escape(volume.law.vocabulary.readings[name].issue),
            escape(volume.words.name(chosen)),
        )
        for name, chosen in volume.usual.readings.items()
    ]
    if rows:
        yield '<h2 id="readings">Readings this profile chooses</h2>' + table(
            "Questions of law that are answered differently", ("reading", "the question", "read as"), rows
        )


def _how() -> Iterator[str]:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in _SENTENCES)
    yield f'<h2 id="how">How an answer is reached</h2><ol>{items}</ol>'


def _search(volume: Volume) -> str:
    entries = list(_entries(volume))
    # `<` would end the script element early; JSON may write it as an escape.
    blob = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    plain = "".join(
        f'<li><a href="{escape(e["href"])}">{escape(e["kind"])}: {escape(e["title"])}</a></li>' for e in entries
    )
    body = (
        "<h1>Search</h1>"
        '<form id="finder" role="search" hidden><label for="words">Words that an entry must have</label>'
        '<input type="search" id="words" autocomplete="off" spellcheck="false"></form>'
        '<p class="small">Nothing you type leaves this page.</p><noscript><p>Without JavaScript: use your browser\'s own search in the list below.</p></noscript>'
        '<p id="said" role="status"></p><ol id="results"></ol>'
        f'<section id="everything"><h2>Everything in this book</h2><p>{plural(len(entries), "entry")}.</p><ul>{plain}</ul></section>'
    )
    script = f'<script type="application/json" id="entries">{blob}</script>\n<script src="search.js"></script>\n'
    return volume.frame.page("Search", body, current="search.html", script=script)


def _entries(volume: Volume) -> Iterator[dict[str, Any]]:
    words = volume.words
    for action in volume.actions:
        yield {
            "kind": "Action",
            "title": words.title(action),
            "text": volume.law.vocabulary.actions[action].meaning,
            "href": volume.action_page(action),
        }
    for authority in volume.authorities:
        yield {
            "kind": "Authority",
            "title": authority.title,
            "text": authority.citation,
            "href": volume.authority_page(authority.id),
        }
        for norm in volume.norms_of(authority):
            text = f"{norm.modality}: {', '.join(words.name(a) for a in norm.actions)}. {norm.cites}; {authority.title}"
            yield {"kind": "Norm", "title": norm.says, "text": text, "href": volume.norm_place(norm.id)}
    for fact in volume.scope.facts.values():
        yield {
            "kind": "Fact",
            "title": words.title(fact.name),
            "text": fact.question,
            "href": f"vocabulary.html#fact-{fact.name}",
        }
    for name in volume.usual.readings:
        yield {
            "kind": "Reading",
            "title": words.title(name),
            "text": volume.law.vocabulary.readings[name].issue,
            "href": f"vocabulary.html#reading-{name}",
        }
