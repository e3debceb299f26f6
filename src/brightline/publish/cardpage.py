"""The card as a page of its own, and as a PDF that a screen reader can follow (PDF/UA-1, made by Typst)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from html import escape
from string import Template
from types import ModuleType

from brightline.law.errors import BrightlineError
from brightline.publish.card import Card, Cited, Turns
from brightline.publish.page import answer_mark, said_html, table, template
from brightline.publish.picture import ICONS

__all__ = ["card_html", "card_pdf"]

_CONTACTS = ("Supervisor on duty", "Counsel", "After hours")
# Points. The first size at which the card fits on one page is taken; below the last, a wall card cannot be read.
_SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)


def card_html(card: Card) -> str:
    """The card as one file with its style inside."""
    body = "\n".join(
        (*_settled(card), *_turns(card), *_say(card), *_deadlines(card), *_calls(), *_presumed(card), *_disputed(card))
    )
    return Template(template("card.html")).substitute(
        title=escape(card.title), about=said_html(card.about), profile=escape(card.profile), on=f"{card.on:%d %B %Y}", edition=card.edition,
        software=escape(card.software), not_advice=escape(card.not_advice), style=template("card.css"), body=body,
    )  # fmt: skip


def _settled(card: Card) -> Iterator[str]:
    if card.settled:
        rows = [(escape(s.title), answer_mark(s.word, short=True), "".join(map(_cited, s.law))) for s in card.settled]
        yield f"<section><h2>No question needed</h2>{table('Answers that need no question', ('action', 'answer', 'law'), rows)}</section>"
    if card.free:
        yield f"<section><h2>Permitted, not required</h2><p>{answer_mark('permitted', short=True)} {escape(', '.join(card.free))}.</p></section>"


def _cited(cited: Cited) -> str:
    return f"<p>{_cite(cited)}</p>"


def _cite(cited: Cited) -> str:
    verified = f"<strong>{escape(cited.verified)}</strong>" if cited.evidence == "memory" else escape(cited.verified)
    return f'{escape(cited.says)} <span class="cite">{escape(cited.cites)} [{verified}] {escape(cited.more)}</span>'


def _turns(card: Card) -> Iterator[str]:
    yield '<div class="turns">'
    for number, turns in enumerate(card.turns, 1):
        law = "".join(f'<p class="law"><strong>{word}:</strong> {_cite(c)}</p>' for word, c in turns.law)
        yield f"<section><h2>{escape(turns.title)}</h2>{_questions(turns, number) or _too_many(turns)}{law}</section>"
    yield "</div>"


def _questions(turns: Turns, group: int) -> str:
    items = []
    for question in turns.questions:
        hidden = " <em>Never write this down.</em>" if question.is_transient else ""
        rows = "".join(
            f"<li><span>{escape(label)}</span> {_target(target, group)}</li>" for label, target in question.rows
        )
        items.append(
            f'<li id="q{group}-{question.number}"><strong>{escape(question.asks)}</strong>{hidden}<ul>{rows}</ul></li>'
        )
    return f"<ol>{''.join(items)}</ol>" if items else ""


def _target(target: int | str, group: int) -> str:
    return (
        answer_mark(target, short=True)
        if isinstance(target, str)
        else f'<a href="#q{group}-{target}">go to {target}</a>'
    )


def _too_many(turns: Turns) -> str:
    return f"<p>{turns.count} questions: too many for this card. Ask with <code>brightline ask</code>, or see the law book.</p>"


def _say(card: Card) -> Iterator[str]:
    rows = [(answer_mark(word, short=True), escape(sentence)) for word, sentence in card.say]
    yield f"<section><h2>What to say</h2>{table('A neutral sentence for each answer', ('if', 'say'), rows)}</section>"


def _deadlines(card: Card) -> Iterator[str]:
    if card.deadlines:
        items = "".join(
            f'<li><strong>{escape(d.what)}</strong>: {escape(d.within)}{f", from: {escape(d.start)}" if d.start else ""}. <span class="cite">{escape(d.cites)}</span></li>'
            for d in card.deadlines
        )
        yield f"<section><h2>By when</h2><ul>{items}</ul></section>"


def _calls() -> Iterator[str]:
    items = "".join(f'<li>{name}: <span class="blank">&nbsp;</span></li>' for name in _CONTACTS)
    yield f'<section><h2>Whom to call</h2><ul class="calls">{items}</ul></section>'


def _presumed(card: Card) -> Iterator[str]:
    if card.presumed:
        yield f"<section><h2>Not for the unusual case</h2><p>This card presumes: {escape('; '.join(card.presumed))}. If one of these is not so, call before you act, or ask with <code>brightline ask</code>.</p></section>"


def _disputed(card: Card) -> Iterator[str]:
    if card.disputed:
        yield f"<section><h2>Where courts or agencies differ</h2><p>Another reading of these would change an answer above: {escape('; '.join(card.disputed))}. The law book says how.</p></section>"


def card_pdf(card: Card) -> bytes:
    """The card as one page of tagged PDF/UA-1; the same card gives the same bytes.

    Where one page cannot hold every question of a request, the longest groups are named with where to ask instead.

    Raises: BrightlineError `missing-extra` without Typst, `card-too-long` if one page cannot hold it at a size that can
    be read.
    """
    try:
        import typst
    except ImportError:
        raise BrightlineError(
            "missing-extra",
            "a PDF needs Typst",
            "run `pip install 'brightline[reports]'`, or make the card as HTML",
            "--pdf",
        ) from None
    fitting: Card | None = card
    while fitting is not None:
        made = _one_page(typst, fitting)
        if made is not None:
            return made
        fitting = _without_the_longest(fitting)
    raise BrightlineError(
        "card-too-long",
        f"one page cannot hold the card of {card.title.lower()}",
        "make the card of one action, or the book: `brightline law book`",
        "--pdf",
    )


def _one_page(typst: ModuleType, card: Card) -> bytes | None:
    """The card at the largest size that one page holds; None if none does."""
    more = {"on": f"{card.on:%d %B %Y}", "contacts": _CONTACTS, "icons": ICONS}
    content = json.dumps({**asdict(card), **more}, ensure_ascii=False)
    source = template("card.typ").encode()
    moment = datetime(card.on.year, card.on.month, card.on.day, tzinfo=UTC)
    for size in _SIZES:
        common = {"sys_inputs": {"card": content, "size": str(size)}, "ignore_system_fonts": True}
        if json.loads(typst.query(source, "<pages>", field="value", one=True, **common)) == 1:
            made: bytes = typst.compile(source, format="pdf", pdf_standards="ua-1", timestamp=moment, **common)
            return made
    return None


def _without_the_longest(card: Card) -> Card | None:
    """The card with the longest group of questions only named; None if no other group would be left."""
    asked = [t for t in card.turns if t.questions]
    if len(asked) < 2:
        return None
    longest = max(asked, key=lambda t: t.count)
    return replace(card, turns=tuple(replace(t, questions=()) if t is longest else t for t in card.turns))
