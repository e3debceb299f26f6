"""The page of words: facts, definitions, sets of values, readings, ranks, as the law of one profile may use them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from brightline.law.vocabulary import Fact
from brightline.publish.page import condition_html, table
from brightline.publish.volume import Volume

__all__ = ["vocabulary_page"]


def vocabulary_page(volume: Volume) -> str:
    """The whole page."""
    body = [
        "<h1>Vocabulary</h1>",
        '<p class="lead">The words that the norms and their conditions use. A fact that nobody stated is unknown; a fact of the unusual is presumed absent until somebody says otherwise.</p>',
        '<p>A fact marked <strong>not kept</strong> is or reveals immigration status, nationality or the like. It may be used to answer and has no way to be stored.</p>',
        *_facts(volume), *_definitions(volume), *_sets(volume), *_readings(volume), *_ranks(volume),
    ]  # fmt: skip
    return volume.frame.page("Vocabulary", "\n".join(body), current="vocabulary.html")


def _facts(volume: Volume) -> Iterator[str]:
    yield '<h2 id="facts">Facts</h2>'
    groups: dict[str, list[Fact]] = {}
    for fact in volume.scope.facts.values():
        groups.setdefault(fact.group, []).append(fact)
    standing = volume.usual.standing
    for group, facts in groups.items():
        yield f"<h3>{escape(volume.words.title(group))}</h3>"
        rows = [
            (_named(volume, f), _asked(f), _values(volume, f), _taken(volume, f, standing.get(f.name))) for f in facts
        ]
        yield table(
            f"Facts about: {volume.words.name(group)}", ("fact", "asked as", "values", "if nobody states it"), rows
        )


def _named(volume: Volume, fact: Fact) -> str:
    hidden = " <strong>(not kept)</strong>" if fact.is_transient else ""
    return (
        f'<span id="fact-{fact.name}">{escape(volume.words.name(fact.name))}</span>{hidden}<br><code>{fact.name}</code>'
    )


def _asked(fact: Fact) -> str:
    worked = (
        f" Worked out from <code>{fact.derived.start}</code> and <code>{fact.derived.end}</code>."
        if fact.derived
        else ""
    )
    return f"{escape(fact.question)}{worked}"


def _values(volume: Volume, fact: Fact) -> str:
    if fact.kind == "enum":
        items = (
            f"<li>{escape(volume.words.name(v))}{f': {escape(fact.notes[v])}' if v in fact.notes else ''}</li>"
            for v in fact.values
        )
        return f"<ul>{''.join(items)}</ul>"
    return {"bool": "yes or no", "int": f"a number of {escape(fact.unit or 'units')}"}.get(fact.kind, escape(fact.kind))


def _taken(volume: Volume, fact: Fact, standing: object) -> str:
    if standing is not None:
        return f"always {escape(volume.words.value(standing))} for this profile"  # type: ignore[arg-type]
    if fact.presumed is None:
        return "unknown"
    value = (
        volume.words.value(fact.presumed.values[0])
        if len(fact.presumed.values) == 1
        else volume.words.name(str(fact.presumed_name))
    )
    return f"presumed {escape(value)}: {escape(fact.presumed.because)}"


def _definitions(volume: Volume) -> Iterator[str]:
    found = volume.definitions
    if not found:
        return
    yield '<h2 id="definitions">Definitions</h2><p>Names for conditions. An authority may have more of its own; they stand on its page.</p>'
    href = volume.name_place(None, "")
    rows = [
        (
            f'<span id="define-{escape(name)}">{escape(volume.words.name(name))}</span>',
            condition_html(volume.words, volume.scope, text, href),
            escape(folder or "everywhere"),
        )
        for name, (text, folder) in found.items()
    ]
    yield table("Definitions", ("name", "what it stands for", "used in"), rows)


def _sets(volume: Volume) -> Iterator[str]:
    rows = [
        (
            f'<span id="set-{escape(name)}">{escape(volume.words.name(name))}</span>',
            escape(", ".join(volume.words.name(f) for f in of)),
            escape(", ".join(volume.words.name(m) for m in members)),
        )
        for name, (of, members) in volume.scope.value_sets.items()
    ]
    if rows:
        yield '<h2 id="sets">Sets of values</h2>' + table("Sets of values", ("name", "of the fact", "values"), rows)


def _readings(volume: Volume) -> Iterator[str]:
    rows = []
    for name, chosen in volume.usual.readings.items():
        reading = volume.law.vocabulary.readings[name]
        values = ", ".join(
            f"{volume.words.name(v)}{' (default)' if v == reading.default else ''}" for v in reading.values
        )
        rows.append(
            (
                f'<span id="reading-{name}">{escape(volume.words.name(name))}</span>',
                escape(reading.issue),
                escape(values),
                f"<strong>{escape(volume.words.name(chosen))}</strong>",
            )
        )
    if rows:
        yield (
            '<h2 id="readings">Readings</h2><p>Questions of law that courts or agencies answer differently.</p>'
            + table("Readings", ("reading", "the question", "values", "this profile"), rows)
        )


def _ranks(volume: Volume) -> Iterator[str]:
    ranks = sorted(volume.law.vocabulary.ranks.values(), key=lambda r: -r.level)
    yield '<h2 id="ranks">Ranks, strongest first</h2>'
    yield table("Ranks", ("rank", "meaning"), [(escape(volume.words.name(r.name)), escape(r.meaning)) for r in ranks])
