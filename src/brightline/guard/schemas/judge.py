"""Judging the fields of a schema: traps strike words out, then concepts and answers are looked for in what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from brightline.guard.schemas.answers import answer_of
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.fieldtexts import FieldTexts, texts_of
from brightline.guard.schemas.lexicon import Concept, Context, Duty, Lexicon, Trap, read_lexicon
from brightline.guard.schemas.neighbours import Neighbours, tables_of
from brightline.guard.schemas.verdict import Verdict

__all__ = ["judge"]

# The answers that make the number beside them the number of a foreigner's document.
_PAPERS = "papers-of-foreigners"
_UNVERIFIED = ", cited from memory: unverified"


def judge(schema: Schema, lexicon: Lexicon | None = None) -> tuple[Verdict, ...]:
    """What is to be said of the fields of a schema, in their order. Fields that ask nothing of status are left out."""
    lexicon = lexicon or read_lexicon()
    verdicts: dict[tuple[str, str], Verdict] = {}
    for table, fields in tables_of(schema.fields).items():
        for verdict in _Table(schema, table, fields, lexicon).verdicts():
            verdicts.setdefault((verdict.table, verdict.field), verdict)
    return tuple(verdicts.values())


@dataclass(frozen=True)
class _Hit:
    rule: str
    label: str
    severity: str
    why: str


class _Table:
    def __init__(self, schema: Schema, table: str, fields: Sequence[Field], lexicon: Lexicon) -> None:
        self.fields, self.lexicon = fields, lexicon
        self.raw = [texts_of(field, lexicon) for field in fields]
        self.near = Neighbours(schema, table, self.raw, lexicon)
        self.texts = [self.untrapped(texts) for texts in self.raw]
        self.around = self.near.with_texts(self.texts, [trap for trap in lexicon.traps if self.is_set(trap)])
        self.has_document = False

    def verdicts(self) -> Iterator[Verdict]:
        hits = [self.hit(index) for index in range(len(self.fields))]
        papers = [answer for answer in self.lexicon.answers if answer.name == _PAPERS]
        self.has_document = any(answer_of(one, texts, self.lexicon) for one in papers for texts in self.texts)
        if self.has_document:
            hits = [hit or self.hit(index) for index, hit in enumerate(hits)]
        for index, hit in enumerate(hits):
            if hit:
                yield self.verdict(index, hit)

    def verdict(self, index: int, hit: _Hit) -> Verdict:
        field = self.fields[index]
        duty = self.duty(index) if hit.severity == "prohibited" else None
        severity = "basis" if duty else hit.severity
        why = (
            hit.why if not duty else f"{hit.why}; {duty.why} ({duty.cites}{_UNVERIFIED * (duty.evidence == 'memory')})"
        )
        name, cites = (duty.name, duty.cites) if duty else ("", "")
        return Verdict(field.name, field.table, field.place, hit.label, severity, hit.rule, why, name, cites)

    def is_set(self, trap: Trap) -> bool:
        """Whether a trap that goes by the whole table holds in it."""
        return trap.where == "near" and self.near.how_many(trap.says) >= trap.least

    def untrapped(self, texts: FieldTexts) -> FieldTexts:
        left = texts
        for trap in self.lexicon.traps:
            sprung = self.is_set(trap) if trap.where == "near" else texts.says(trap.says)
            if sprung and not texts.says(trap.but):
                left = left.without(trap)
        return left

    def hit(self, index: int) -> _Hit | None:
        texts = self.texts[index]
        weak = None
        for concept in self.lexicon.concepts:
            if self.fits(concept, texts) and self.holds(index, concept.needs, concept.unless):
                found = _Hit(concept.name, concept.label, concept.severity, concept.why)
                if concept.severity != "review":
                    return found
                weak = weak or found
        for answer in self.lexicon.answers:
            if answer_of(answer, texts, self.lexicon) and self.holds(index, answer.needs, ()):
                return _Hit(answer.name, answer.label, "prohibited", answer.why)
        return weak

    def fits(self, concept: Concept, texts: FieldTexts) -> bool:
        kinds, start = self.lexicon.kinds, texts.start
        return (
            concept.says.found(texts.name, True, start)
            or concept.names.found(texts.own, True)
            or (start > 0 and concept.names.found(texts.name, True, start))
            or any(kinds.together(pair, texts.name, True, start) for pair in concept.together)
            or any(concept.says.found(text, False) or concept.labels.found(text, False) for text in texts.said)
            or any(kinds.together(pair, text, False) for pair in concept.together for text in texts.said)
            or any(concept.says.found(text, True) for text in texts.remarks)
            or any(concept.names.found(text, True) for text in texts.remarks if text.count(" ") < 4)
            or (not texts.said and not texts.choices and concept.guess.found(texts.own, True))
            or any(kinds.together(pair, text, True) for pair in concept.together for text in texts.remarks)
        )

    def holds(self, index: int, needs: tuple[tuple[str, ...], ...], unless: tuple[str, ...]) -> bool:
        return all(any(self.stands(index, name) for name in choice) for choice in needs) and not any(
            self.stands(index, name, and_here=True) for name in unless
        )

    def stands(self, index: int, name: str, and_here: bool = False) -> bool:
        context: Context = self.lexicon.contexts[name]
        if context.where == "near":
            return self.around.how_many(context.says, None if and_here else index) > 0
        if context.where == "samples":
            values = [value.lower() for value in self.raw[index].samples]
            return bool(values) and all(context.says.whole(value, False) for value in values)
        if context.where == "flagged-document":
            return self.has_document
        return self.raw[index].says(context.says)

    def duty(self, index: int) -> Duty | None:
        """The law that the table, its notes or the words beside the field name. A name alone names no law."""
        said = (*self.raw[index].said, *self.raw[index].choices)
        for duty in self.lexicon.duties:
            if self.near.notes_say(duty.says) or any(duty.says.found(text, False) for text in said):
                return duty
        return None
