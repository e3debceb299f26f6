"""The words of one field, in the form in which they are judged."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from brightline.guard.schemas.field import Field
from brightline.guard.schemas.lexicon import Lexicon, Trap
from brightline.guard.schemas.wording import name_words, segmented, sentences

__all__ = ["FieldTexts", "texts_of"]

_LISTED = re.compile(r"\s*[,;/|\n]\s*|\s+-\s+")
_CODE = re.compile(r"^\s*['\"]?[A-Za-z0-9]{1,3}['\"]?\s*(?:[=:)-]\s*|\s(?=[A-Za-z]))")
_MOST_CHOICES = 200
_LONGEST_CHOICE = 120
_FEW = 4


@dataclass(frozen=True)
class FieldTexts:
    """`name` holds the words of the objects round the field, too; its own begin at `start`."""

    name: str
    start: int
    own: str
    said: tuple[str, ...]
    remarks: tuple[str, ...]
    choices: tuple[str, ...]
    listed: tuple[str, ...]
    samples: tuple[str, ...]

    def masked(self, pattern: re.Pattern[str], in_name: re.Pattern[str] | None = None) -> FieldTexts:
        """The same with what matches struck out; lengths stay."""
        short = in_name or pattern
        return replace(
            self,
            name=_struck(short, self.name),
            own=_struck(short, self.own),
            said=tuple(_struck(pattern, text) for text in self.said),
            remarks=tuple(_struck(short, text) for text in self.remarks),
            choices=tuple(_struck(pattern, text) for text in self.choices),
            listed=tuple(_struck(short, text) for text in self.listed),
        )

    def says(self, expressions: object) -> bool:
        """Whether an expression stands in any of the texts."""
        found = expressions.found  # type: ignore[attr-defined]
        return (
            found(self.name, True)
            or any(found(text, False) for text in (*self.said, *self.choices))
            or any(found(text, True) for text in self.remarks)
        )

    def without(self, trap: Trap) -> FieldTexts:
        """The same with what a trap names struck out."""
        if trap.silences:
            return self.masked(trap.silences)
        words, names = trap.says.one(False), trap.says.one(True)
        return self.masked(words, names) if words else self


def _struck(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: "_" * len(found[0]), text)


def texts_of(field: Field, lexicon: Lexicon) -> FieldTexts:
    """The words of a field; sentences that say what is not asked are left out."""
    own = segmented(name_words(field.name), lexicon.known)
    around = " ".join(segmented(name_words(part), lexicon.known) for part in field.within[-2:])
    name = f"{around} {own}" if around else own
    said = (*kept(field.label, lexicon), *kept(field.help, lexicon), *kept(field.comments, lexicon))
    return FieldTexts(
        name,
        len(name) - len(own),
        own,
        said,
        (*kept(field.comments, lexicon), *_short(field.label, lexicon)),
        _choices(field.choices),
        _listed(" ".join((field.comments, field.help))),
        tuple(str(value).strip() for value in field.samples if str(value).strip())[:_MOST_CHOICES],
    )


def kept(text: str, lexicon: Lexicon) -> list[str]:
    """The sentences of a text but for those that say what is not asked."""
    return [one for one in sentences(text) if not lexicon.disclaimers.found(one, False)]


def _short(label: str, lexicon: Lexicon) -> list[str]:
    """Labels of a few words, which may be abbreviated as names are."""
    return [one for one in kept(label, lexicon) if one.count(" ") < _FEW]


def _choices(listed: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for choice in listed[:_MOST_CHOICES]:
        if len(choice) <= _LONGEST_CHOICE:
            found.append(" ".join(sentences(choice)) or "")
            if "_" in choice or choice.isidentifier():
                found.append(name_words(choice))
    return tuple(dict.fromkeys(one for one in found if one))


def _listed(comment: str) -> tuple[str, ...]:
    """The parts of a comment that lists values: `C citizen, L LPR`. Empty if it lists none."""
    parts = [part for part in _LISTED.split(comment) if part.strip()]
    if len(parts) < 2:
        return ()
    plain = (" ".join(sentences(_CODE.sub("", part, count=1))) for part in parts)
    return tuple(one for one in plain if one and one.count(" ") < 5)
