"""What every page of one law book draws on: the law of one profile on one date, its words, and where things stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path

from brightline import __version__
from brightline.law.duties import time_words
from brightline.law.evaluate import ANSWERS
from brightline.law.expressions import Scope
from brightline.law.library import Law, Stack
from brightline.law.norms import Authority, Norm
from brightline.law.situation import Situation, situation
from brightline.law.vocabularyfile import scope_at
from brightline.publish.decision import Decision, decision
from brightline.publish.page import Frame, condition_html, evidence_mark, facts_row, modality_mark
from brightline.publish.sources import Sources, edition
from brightline.publish.wording import Words, listed

__all__ = ["Volume"]


@dataclass(frozen=True, eq=False)
class Volume:
    """One profile's law on one date, with the words and places of a book about it."""

    law: Law
    profile: str
    on: date
    root: Path

    @cached_property
    def stack(self) -> Stack:
        """The norms that bind. Raises: BrightlineError `unknown-profile`, `too-early`."""
        return self.law.stack(self.profile, self.on)

    @cached_property
    def usual(self) -> Situation:
        """The usual circumstances: nothing stated, the unusual presumed absent."""
        return situation(self.law, self.profile, {}, on=self.on)

    @cached_property
    def every(self) -> Situation:
        """Every circumstance: nothing presumed."""
        return situation(self.law, self.profile, {}, on=self.on, strict=True)

    @cached_property
    def words(self) -> Words:
        """The words of the vocabulary, written as the law of the corpus writes them."""
        return Words(
            self.law.vocabulary, (norm.says for authority in self.law.everything() for norm in authority.norms)
        )

    @cached_property
    def sources(self) -> Sources:
        """The law files."""
        return Sources(self.root)

    @cached_property
    def scope(self) -> Scope:
        """The names that the law of the profile may use."""
        return scope_at(self.law.vocabulary, self.profile)

    @cached_property
    def definitions(self) -> dict[str, tuple[str, str]]:
        """The named conditions that every file here may use: each with the folder that defines it."""
        return self.sources.definitions(self.profile)

    @cached_property
    def frame(self) -> Frame:
        """What the pages share."""
        name = self.law.profile(self.profile).name
        return Frame(f"Law book: {name}", self.on, edition(self.law, self.stack), f"Brightline {__version__}")

    @cached_property
    def authorities(self) -> tuple[Authority, ...]:
        """The authorities that bind, the strongest rank here first."""
        levels = {a.id: max((n.level for n in self.norms_of(a)), default=0) for a in self.stack.authorities}
        return tuple(sorted(self.stack.authorities, key=lambda a: (-levels[a.id], a.id)))

    @cached_property
    def by_authority(self) -> dict[str, Authority]:
        """The authorities in force by name."""
        return {a.id: a for a in self.stack.authorities}

    def norms_of(self, authority: Authority) -> list[Norm]:
        """The norms of an authority that take part for the profile, with the rank they have here."""
        return [self.stack.by_id[n.id] for n in authority.norms if n.id in self.stack.by_id]

    def decided(self, action: str) -> Decision:
        """The questions for an action under usual circumstances."""
        found = self._decided.get(action)
        if found is None:
            found = self._decided[action] = decision(self.usual, action)
        return found

    @cached_property
    def _decided(self) -> dict[str, Decision]:
        return {}

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """The actions of the vocabulary that apply here, those on which some norm speaks first."""
        names = [
            a.name
            for a in self.law.vocabulary.actions.values()
            if not a.scope or a.scope in (self.profile, *self._above)
        ]
        return tuple(sorted(names, key=lambda name: name not in self.stack.by_action))

    @cached_property
    def _above(self) -> tuple[str, ...]:
        parts = self.profile.split("/")
        return tuple("/".join(parts[:end]) for end in range(1, len(parts)))

    # Places -------------------------------------------------------------------------------------
    def action_page(self, action: str) -> str:
        """The file of an action's page."""
        return f"actions/{action}.html"

    def authority_page(self, authority: str) -> str:
        """The file of an authority's page."""
        return f"authorities/{authority.replace('/', '.')}.html"

    def norm_place(self, norm: str) -> str:
        """The place of a norm on its authority's page."""
        authority, _, name = norm.partition("#")
        return f"{self.authority_page(authority)}#{name}"

    def name_place(self, authority: Authority | None, up: str) -> Callable[[str], str]:
        """Where a name in a condition is explained: in the vocabulary, or with the authority that defines it."""
        local = authority.definitions if authority else {}

        def href(name: str) -> str:
            if authority and name in local:
                return f"{up}{self.authority_page(authority.id)}#define-{name}"
            kind = "define" if name in self.definitions else "fact"
            return f"{up}vocabulary.html#{kind}-{name}"

        return href

    def action_links(self, actions: tuple[str, ...], up: str) -> str:
        """Actions by name, each with a link to its page."""
        return ", ".join(f'<a href="{up}{self.action_page(a)}">{escape(self.words.name(a))}</a>' for a in actions)

    def norm_link(self, norm: str, up: str) -> str:
        """A norm's short name, with a link to its full entry."""
        found = self.stack.by_id.get(norm)
        title = self.by_authority[found.authority].title if found and found.authority in self.by_authority else ""
        named = f"{escape(title)}: " if title else ""
        return (
            f'{named}<a href="{up}{self.norm_place(norm)}">{escape(norm.partition("#")[2])}</a>'
            if found
            else escape(norm)
        )

    # Norms --------------------------------------------------------------------------------------
    def norm_article(self, norm: Norm, up: str, *, level: int, with_authority: bool) -> str:
        """One norm in full: paraphrase, conditions, reading, deadline, what it beats, citation and evidence."""
        short = norm.id.partition("#")[2]
        anchor = norm.id.replace("/", ".").replace("#", ".") if with_authority else short
        head = f'<h{level}>{modality_mark(norm.modality)} <span class="says">{escape(norm.says)}</span></h{level}>'
        return f'<article class="norm" id="{escape(anchor)}">{head}<dl>{"".join(self._rows(norm, up, with_authority))}</dl></article>'

    def _rows(self, norm: Norm, up: str, with_authority: bool) -> list[str]:
        authority = self.by_authority[norm.authority]
        text, href = self.sources.norm(authority, norm), self.name_place(authority, up)
        conditions = [
            (label, condition_html(self.words, self.scope, said, href))
            for label, said in (("binds", text.binds), ("when", text.when), ("unless", text.unless))
        ]
        whose = (
            f'<a href="{up}{self.norm_place(norm.id)}">{escape(authority.title)}</a> ({escape(self.words.name(norm.rank))})'
            if with_authority
            else ""
        )
        return [
            facts_row("authority", whose),
            facts_row("actions", "" if with_authority else self.action_links(norm.actions, up)),
            *(facts_row(label, content) for label, content in conditions),
            facts_row("reading", self._reading(norm, up)),
            facts_row("deadline", self._deadline(norm)),
            facts_row("goes with", self.action_links(norm.accompanies, up)),
            facts_row("takes away", self._overrides(norm, up)),
            facts_row("special rule to", ", ".join(self.norm_link(n, up) for n in norm.derogates)),
            facts_row("cite", escape(norm.cites)),
            facts_row("verified", evidence_mark(norm.evidence, norm.verified_on)),
            facts_row("source", source_html(norm.source)),
            facts_row(
                "in force", f"from {norm.in_force.start}" + (f" to {norm.in_force.to}" if norm.in_force.to else "")
            ),
            facts_row("note", escape(norm.note)),
            facts_row("id", f"<code>{escape(norm.id)}</code>"),
        ]

    def _reading(self, norm: Norm, up: str) -> str:
        parts = []
        for name, values in norm.reading.items():
            chosen = self.usual.readings.get(name, self.law.vocabulary.readings[name].default)
            applies = "applies" if chosen in values else "does not apply"
            wanted = listed([self.words.name(v) for v in values])
            parts.append(
                f'<p>only if <a href="{up}vocabulary.html#reading-{name}">{escape(self.words.name(name))}</a> is read as {escape(wanted)}; the profile reads it as {escape(self.words.name(chosen))}, so it <strong>{applies}</strong></p>'
            )
        return "".join(parts)

    def _deadline(self, norm: Norm) -> str:
        if norm.within is None:
            return ""
        start = f" from: {self.words.name(norm.starts)}" if norm.starts else ""
        longer = f"; on a condition {time_words(norm.extends.within)} ({norm.extends.cites})" if norm.extends else ""
        return escape(f"{time_words(norm.within)}{start}{longer}")

    def _overrides(self, norm: Norm, up: str) -> str:
        if norm.overrides is None:
            return ""
        which = listed([w for w in ANSWERS if w in norm.overrides.modalities], "and")
        named = ": " + ", ".join(self.norm_link(n, up) for n in norm.overrides.norms) if norm.overrides.norms else ""
        return f"lower-ranking norms that say {escape(which)}{named}"


def source_html(source: str) -> str:
    """Where a text was read, as a link if it is a web address."""
    if source.startswith(("https://", "http://")) and " " not in source:
        return f'<a href="{escape(source)}" rel="noreferrer">{escape(source)}</a>'
    return escape(source)
