"""The page of one authority: its norms, the scenarios beside it, and its other versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from brightline.law.norms import Authority, Norm
from brightline.law.scenarios import Case
from brightline.publish.page import answer_mark, condition_html, evidence_mark, facts_row, plural, table
from brightline.publish.picture import ICONS
from brightline.publish.volume import Volume, source_html

__all__ = ["authority_page"]

_UP = "../"


def authority_page(volume: Volume, authority: Authority) -> str:
    """The whole page of an authority."""
    norms = volume.norms_of(authority)
    body = [
        f"<h1>{escape(authority.title)}</h1>",
        f"<dl>{''.join(_head(volume, authority, norms))}</dl>",
        *_definitions(volume, authority),
        '<h2 id="norms">Norms</h2>',
        f"<p>{plural(len(norms), 'norm')} of it take part for {escape(volume.law.profile(volume.profile).name)}.</p>",
        *(volume.norm_article(norm, _UP, level=3, with_authority=False) for norm in norms),
        *_context(authority),
        *_scenarios(volume, authority),
        *_history(volume, authority),
    ]
    return volume.frame.page(authority.title, "\n".join(body), up=_UP)


def _head(volume: Volume, authority: Authority, norms: list[Norm]) -> Iterator[str]:
    words = volume.words
    rank = norms[0].rank if norms else authority.rank
    lower = f" (its own rank, {words.name(authority.rank)}, holds where it binds)" if rank != authority.rank else ""
    stopped = "".join(
        f"<p>from {e.interval.start}{f' to {e.interval.to}' if e.interval.to else ''}: {escape(e.by)}</p>"
        for e in authority.enjoined
    )
    yield facts_row("citation", escape(authority.citation))
    yield facts_row("kind", escape(words.name(authority.kind)))
    yield facts_row("rank here", escape(words.name(rank) + lower))
    yield facts_row(
        "in force",
        f"from {authority.in_force.start}" + (f" to {authority.in_force.to}" if authority.in_force.to else ""),
    )
    yield facts_row("enjoined", stopped)
    yield facts_row("verified", evidence_mark(authority.evidence, authority.verified_on))
    yield facts_row("source", source_html(authority.source))
    yield facts_row("replaced", escape(", ".join(authority.supersedes)))
    yield facts_row("note", escape(authority.note))
    yield facts_row("law file", f"<code>{escape(authority.file)}</code>")


def _definitions(volume: Volume, authority: Authority) -> Iterator[str]:
    if not authority.definitions:
        return
    yield '<h2 id="definitions">Its own definitions</h2><dl>'
    href = volume.name_place(authority, _UP)
    for name, text in authority.definitions.items():
        yield f'<dt id="define-{escape(name)}">{escape(volume.words.name(name))}</dt><dd>{condition_html(volume.words, volume.scope, text, href)}</dd>'
    yield "</dl>"


def _context(authority: Authority) -> Iterator[str]:
    if authority.context:
        items = "".join(
            f"<li>{escape(c.says)} ({escape(c.cites)}; {evidence_mark(c.evidence, '')})</li>" for c in authority.context
        )
        yield f'<h2 id="context">To know</h2><p>Law that decides nothing here, which staff should know.</p><ul>{items}</ul>'


def _scenarios(volume: Volume, authority: Authority) -> Iterator[str]:
    cases, edges = volume.sources.cases(authority), volume.sources.edge_cases(authority)
    if not cases and not edges:
        return
    yield '<h2 id="scenarios">Scenarios beside it</h2>'
    if cases:
        yield "<p>Invented cases that test the norms; each has the answer that the source gives. They are about no real person.</p>"
        rows = [_case_row(volume, case) for case in cases]
        yield table(
            plural(len(cases), "scenario"),
            ("situation", "action", "answer", "profile and date", "facts", "decided by"),
            rows,
        )
    if edges:
        yield f"<p>There, apart: {plural(edges, 'edge case')} made by <code>brightline law mutate</code>, so that no change of a norm goes unseen.</p>"


def _case_row(volume: Volume, case: Case) -> tuple[str, ...]:
    action = (
        volume.action_links((case.action,), _UP)
        if case.action in volume.law.vocabulary.actions
        else escape(case.action)
    )
    also = "".join(f" <span>or {escape(word)}</span>" for word in case.accept)
    expected = (
        answer_mark(case.expect, short=True) if case.expect in ICONS else f"<strong>{escape(case.expect)}</strong>"
    )
    return (
        f"<p>{escape(case.situation or volume.words.name(case.id.replace('-', '_')))}</p><code>{escape(case.id)}</code>",
        action, expected + also, f"{escape(case.profile)}<br>{case.as_of}", escape(_facts(volume, case.facts)), escape(", ".join(case.decides)),
    )  # fmt: skip


def _facts(volume: Volume, facts: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{volume.words.name(name)}: {volume.words.value(value) if isinstance(value, (bool, int, str)) else value}"
        for name, value in facts.items()
    )


def _history(volume: Volume, authority: Authority) -> Iterator[str]:
    """The versions of an authority, oldest first, each with what it changed."""
    versions = sorted(
        (a for a in volume.law.authorities[authority.path] if a.id == authority.id), key=lambda a: a.in_force.start
    )
    yield '<h2 id="history">History</h2>'
    if len(versions) == 1:
        yield "<p>The corpus holds one version of it.</p>"
        return
    rows = []
    for number, version in enumerate(versions):
        before = versions[number - 1] if number else None
        here = " (this page)" if version.version == authority.version else ""
        until = f" to {version.in_force.to}" if version.in_force.to else ""
        rows.append(
            (
                f"{escape(version.version)}{here}",
                f"from {version.in_force.start}{until}",
                escape(version.citation),
                str(len(version.norms)),
                _changed(before, version),
            )
        )
    yield table(f"{len(versions)} versions", ("version", "in force", "citation", "norms", "what changed"), rows)


def _changed(before: Authority | None, after: Authority) -> str:
    if before is None:
        return "the first in the corpus"
    old, new = ({n.id.partition("#")[2]: _meaning(n) for n in a.norms} for a in (before, after))
    parts = {
        "added": [n for n in new if n not in old],
        "removed": [n for n in old if n not in new],
        "changed": [n for n in new if n in old and new[n] != old[n]],
    }
    return (
        "; ".join(f"{label}: {escape(', '.join(names))}" for label, names in parts.items() if names)
        or "no norm changed"
    )


def _meaning(norm: Norm) -> Norm:
    """A norm without its place in a file, its dates and how it was verified: what it says."""
    return replace(
        norm,
        where="",
        in_force=norm.in_force.__class__(norm.in_force.start.min),
        enjoined=(),
        source="",
        verified_on="",
        evidence="",
        note="",
    )
