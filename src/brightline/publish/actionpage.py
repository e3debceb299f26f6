"""The page of one action: the usual answer and its picture, what the law says, what beats what, and what would turn it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from brightline.law.comparison import Side, Transition, compare, fixed
from brightline.law.cover import cube_words
from brightline.law.diagram import FALSE
from brightline.law.situation import Situation
from brightline.law.vocabulary import UNDECIDED
from brightline.publish.beats import meetings
from brightline.publish.decision import Decision, decision
from brightline.publish.footing import disputed, leans_on
from brightline.publish.page import answer_mark, plural, said_html, table
from brightline.publish.picture import MOST_NODES, branch_words, picture
from brightline.publish.volume import Volume
from brightline.publish.wording import listed

__all__ = ["action_page", "presumed_words", "steps_html"]

_UP = "../"
_MOST_LINES = 10


def action_page(volume: Volume, action: str) -> str:
    """The whole page of an action."""
    words, entry = volume.words, volume.law.vocabulary.actions[action]
    body = [
        f"<h1>{escape(words.title(action))}</h1>",
        f'<p class="lead">{said_html(entry.meaning)}</p>',
        f"<p>{'A duty: something the law may tell staff to do.' if entry.kind == 'duty' else 'An act: something staff may be asked to do.'} In the law files: <code>{action}</code></p>",
        *_answer(volume, action),
        *_norms(volume, action),
        *_beats(volume, action),
        *_readings(volume, action),
        *_duties(volume, action),
    ]
    return volume.frame.page(words.title(action), "\n".join(body), up=_UP)


def _answer(volume: Volume, action: str) -> Iterator[str]:
    usual = volume.decided(action)
    yield '<h2 id="answer">The answer under usual circumstances</h2>'
    if usual.answer:
        silent = " The law is silent: it is the agency's own decision." if action not in volume.stack.by_action else ""
        yield f"<p>{answer_mark(usual.answer)} No question is needed.{silent}</p>"
    else:
        marks = " or ".join(answer_mark(word, short=True) for word in usual.answers)
        yield f"<p>It depends on {plural(len(usual.variables_used), 'fact')}: {marks}.</p>"
    yield f"<p>{_robust(volume, action)}</p>"
    yield from _presumptions(volume, action)
    if usual.steps:
        yield from _drawn(volume, usual, f"{volume.words.title(action)}: the answer under usual circumstances", "usual")
    yield from _every(volume, action, usual)


def _robust(volume: Volume, action: str) -> str:
    names = disputed(volume.usual, action)
    if not names:
        return "<strong>Robust</strong>: no reading of contested law changes it in usual circumstances."
    linked = listed([f'<a href="#reading-{name}">{escape(volume.words.name(name))}</a>' for name in names], "and")
    return f"<strong>Contested</strong>: another reading of {linked} would change it in some usual situation."


def _presumptions(volume: Volume, action: str) -> Iterator[str]:
    presumed = presumed_words(volume, volume.usual, [action])
    if not presumed:
        yield "<p>No presumption is needed: the answer is the same in unusual circumstances.</p>"
        return
    items = "".join(
        f'<li>{escape(asks)} <strong>{escape(value)}</strong> (<a href="{_UP}vocabulary.html#fact-{name}">{escape(volume.words.name(name))}</a>)</li>'
        for name, asks, value in presumed
    )
    yield f"<details><summary>It presumes {plural(len(presumed), 'usual fact')}; if one of them is otherwise, the answer may change</summary><ul>{items}</ul></details>"


def presumed_words(volume: Volume, found: Situation, actions: Iterable[str]) -> list[tuple[str, str, str]]:
    """The facts that the usual answers on some actions presume: name, question and presumed value in words."""
    names = {name for action in actions for name in leans_on(found, action)}
    facts = volume.law.vocabulary.facts
    return [(n, fact.question, _presumed_value(volume, n)) for n, fact in facts.items() if n in names]


def _presumed_value(volume: Volume, name: str) -> str:
    fact, words = volume.law.vocabulary.facts[name], volume.words
    presumed = fact.presumed
    if presumed is None:
        return "; ".join(offer.says for offer in volume.law.vocabulary.offers if offer.fact == name)
    if presumed.at_most is not None:
        return f"at most {presumed.at_most} {fact.unit}".strip()
    if len(presumed.values) == 1:
        return words.value(presumed.values[0])
    excluded = [v for v in fact.domain if v not in presumed.values]
    named = words.set_name(name, excluded)
    return f"none of the {words.name(named)}" if named else f"not {words.name(str(fact.presumed_name))}"


def _drawn(volume: Volume, found: Decision, title: str, name: str) -> Iterator[str]:
    """A decision as a picture (if it is small enough), as a list of questions, and as exact lines."""
    if len(found.steps) <= MOST_NODES:
        drawn = picture(found, volume.words, title, name)
        yield f'<figure><div class="scroll" role="region" tabindex="0" aria-label="Picture: {escape(title)}">{drawn}</div><figcaption>{escape(title)}. Read from left to right: take the row that is so, then the answer or the line. The same follows as text.</figcaption></figure>'
    else:
        yield f"<p>With {len(found.steps)} questions it is too large for a picture that can be followed. The questions stand below in full.</p>"
    yield f"<details{' open' if len(found.steps) > MOST_NODES else ''}><summary>The same, question by question</summary>{steps_html(volume, found, name)}</details>"
    yield f"<details><summary>The same, as exact lines</summary><p>Each line is a set of situations; the lines of an answer together are exactly the situations that get it.</p>{''.join(_lines(volume, found))}</details>"


def steps_html(volume: Volume, found: Decision, name: str) -> str:
    """The questions as a numbered list, each row with its answer or the number of the next question."""
    return f'<ol class="steps">{"".join(_step(volume, found, i, name) for i in range(len(found.steps)))}</ol>'


def _step(volume: Volume, found: Decision, index: int, name: str) -> str:
    step = found.steps[index]
    fact = volume.law.vocabulary.facts[step.variable.name]
    hidden = ' <em class="small">Use it to answer; never write it down.</em>' if fact.is_transient else ""
    rows = "".join(
        f"<li>{escape(label)} → {answer_mark(target, short=True) if isinstance(target, str) else f'<a href={chr(34)}#{name}-{target}{chr(34)}>go to {target}</a>'}</li>"
        for label, target in branch_words(step, volume.words)
    )
    return f'<li id="{name}-{step.number}"><strong>{escape(fact.question)}</strong>{hidden}<ul>{rows}</ul></li>'


def _lines(volume: Volume, found: Decision) -> Iterator[str]:
    for word in found.answers:
        texts = [cube_words(volume.law.vocabulary, found.variables, cube) for cube in found.lines(word)]
        rows = [(escape(_plain(volume, text)), f"<code>{escape(text)}</code>") for text in texts]
        yield table(f"{word}: {plural(len(rows), 'line')}", ("where", "in the language of the law files"), rows)


def _plain(volume: Volume, text: str) -> str:
    return "always" if text == "always" else volume.words.condition(text, volume.scope).plain()


def _every(volume: Volume, action: str, usual: Decision) -> Iterator[str]:
    """The picture with nothing presumed, if it is small enough; otherwise how large it would be."""
    chart = volume.law.chart(volume.stack, action)
    if not leans_on(volume.usual, action):
        return
    found = decision(volume.every, action) if len(chart.diagram.below(chart.modal)) <= 12 * MOST_NODES else None
    if found is None or len(found.steps) > MOST_NODES:
        size = len(found.steps) if found else len(chart.diagram.below(chart.modal))
        yield f"<p>With nothing presumed, the questions are {size:,} boxes: too many to draw. The picture shows the usual circumstances only; <code>brightline answer</code> and <code>brightline ask</code> answer every other case.</p>"
    elif found.steps:
        yield f"<h3>In every circumstance</h3><p>With nothing presumed, {plural(len(found.steps), 'question')}:</p>"
        yield from _drawn(volume, found, f"{volume.words.title(action)}: the answer in every circumstance", "every")


def _norms(volume: Volume, action: str) -> Iterator[str]:
    norms = volume.stack.by_action.get(action, ())
    yield '<h2 id="norms">What the law says</h2>'
    if not norms:
        yield "<p>No norm of the stack is about it. What the law does not forbid or require is the agency's own decision.</p>"
        return
    yield f"<p>{plural(len(norms), 'norm')}, the strongest rank first. Two of different rank are decided by rank unless the table below says otherwise.</p>"
    rank = ""
    for norm in norms:
        if norm.rank != rank:
            rank = norm.rank
            yield f"<h3>{escape(volume.words.title(rank))}</h3>"
        yield volume.norm_article(norm, _UP, level=4, with_authority=True)


def _beats(volume: Volume, action: str) -> Iterator[str]:
    found = meetings(volume.every, action) if action in volume.stack.by_action else ()
    yield '<h2 id="beats">What beats what</h2>'
    if not found:
        yield "<p>No two norms here can disagree in a situation that can be.</p>"
        return
    yield "<p>Only pairs that can meet in a situation that can be, with the profile's own readings.</p>"
    rows = [(volume.norm_link(m.winner, _UP), escape(m.why), volume.norm_link(m.loser, _UP)) for m in found]
    yield table("Norms that meet and do not agree", ("this norm", "how", "this other norm"), rows)


def _readings(volume: Volume, action: str) -> Iterator[str]:
    chart = volume.law.chart(volume.stack, action)
    names = [v.name for v in chart.variables if v.is_reading]
    if not names:
        return
    yield '<h2 id="readings">Where courts or agencies differ</h2>'
    for name in names:
        yield from _reading(volume, action, name)


def _reading(volume: Volume, action: str, name: str) -> Iterator[str]:
    reading, words = volume.law.vocabulary.readings[name], volume.words
    chosen = volume.usual.readings.get(name, reading.default)
    yield f'<h3 id="reading-{name}"><a href="{_UP}vocabulary.html#reading-{name}">{escape(words.title(name))}</a></h3><p>{escape(reading.issue)} The profile reads it as <strong>{escape(words.name(chosen))}</strong>.</p>'
    if chosen == UNDECIDED:
        yield f"<p>It is left undecided: where {escape(listed([words.name(v) for v in reading.values], 'and'))} would lead to different answers, the answer is {answer_mark('unsettled', short=True)}.</p>"
        return
    side = Side.of(volume.law, volume.profile, volume.on)
    for value in reading.values:
        if value != chosen:
            other = Side.of(volume.law, volume.profile, volume.on, {name: value})
            yield _other_reading(
                volume, value, [t for c in compare(side, other, [action]).actions for t in c.transitions]
            )


def _other_reading(volume: Volume, value: str, transitions: list[Transition]) -> str:
    named = escape(volume.words.name(value))
    if not transitions:
        return f"<p>Read as <strong>{named}</strong>, no answer would change.</p>"
    items = "".join(
        f"<li>{answer_mark(t.before.modality, short=True)} → {answer_mark(t.after.modality, short=True)} {_where(volume, t)}</li>"
        for t in transitions
    )
    return f"<p>Read as <strong>{named}</strong>, the answer would change:</p><ul>{items}</ul>"


def _where(volume: Volume, transition: Transition) -> str:
    if fixed(transition.chart, transition.node, transition.usual) == FALSE:
        return "in unusual circumstances only"
    lines = transition.usual_lines()
    if not 0 < len(lines) <= _MOST_LINES:
        return (
            f"in usual circumstances ({len(lines) or 'over 5,000'} lines; <code>brightline compare</code> lists them)"
        )
    return "where " + " <em>or</em> ".join(escape(_plain(volume, line)) for line in lines)


def _duties(volume: Volume, action: str) -> Iterator[str]:
    duties = volume.stack.accompanying.get(action, ())
    if duties:
        yield f'<h2 id="duties">Duties that go with it</h2><p>Some norm ties these to it: {volume.action_links(duties, _UP)}.</p>'
