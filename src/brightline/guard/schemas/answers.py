"""Whether the choices or sampled values of a field are those of status, whatever the field is called."""

from __future__ import annotations

from brightline.guard.schemas.fieldtexts import FieldTexts
from brightline.guard.schemas.lexicon import Answer, Lexicon
from brightline.guard.schemas.wording import sentences

__all__ = ["answer_of"]

_SHARE = 0.5
_LONGEST_VALUE = 40


def answer_of(answer: Answer, texts: FieldTexts, lexicon: Lexicon) -> bool:
    """Whether the choices, the listed values of a comment, or the samples are those that the answer names."""
    values = _values(texts)
    if answer.is_named and not _is_called_so(answer, texts):
        return False
    return (
        any(_sure(answer, choice) for choice in texts.choices)
        or any(answer.sure.whole(value, False) for value in (*texts.listed, *values))
        or any(_two(answer, listed, lexicon) for listed in (texts.choices, texts.listed, values))
        or _codes(answer, texts, values)
        or _shapes(answer, texts)
    )


def _is_called_so(answer: Answer, texts: FieldTexts) -> bool:
    return answer.field_name.found(texts.own, True) or any(answer.field_name.found(text, False) for text in texts.said)


def _sure(answer: Answer, choice: str) -> bool:
    return answer.sure.whole(choice, False) if answer.is_named else answer.sure.found(choice, False)


def _values(texts: FieldTexts) -> tuple[str, ...]:
    """Short sampled values, in small letters. Long ones are free text, which `guard scan` reads."""
    short = (value for value in texts.samples if len(value) <= _LONGEST_VALUE)
    return tuple(dict.fromkeys(" ".join(sentences(value)) for value in short))


def _two(answer: Answer, listed: tuple[str, ...], lexicon: Lexicon) -> bool:
    if any(lexicon.things.whole(one, False) for one in listed):
        return False
    found = {one for one in listed if answer.two.whole(one, False)}
    return len(found) >= 2 and any(answer.enough.whole(one, False) for one in found)


def _codes(answer: Answer, texts: FieldTexts, values: tuple[str, ...]) -> bool:
    return bool(answer.codes and values) and all(value in answer.codes for value in values)


def _shapes(answer: Answer, texts: FieldTexts) -> bool:
    if not answer.shapes or not texts.samples:
        return False
    shaped = sum(1 for value in texts.samples if any(shape.fullmatch(value) for shape in answer.shapes))
    return shaped / len(texts.samples) >= _SHARE
