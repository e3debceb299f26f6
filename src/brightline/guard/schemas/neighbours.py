"""What stands near the fields of one table: the other fields, the name of the table, the notes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from brightline.guard.schemas.expressions import Expressions
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.fieldtexts import FieldTexts, kept
from brightline.guard.schemas.lexicon import Lexicon, Trap
from brightline.guard.schemas.wording import name_words, segmented, sentences

__all__ = ["Neighbours", "tables_of"]

_NOTES = -1
_OF_TABLES = ("sql_ddl", "database", "django_model")


class Neighbours:
    """Counts which expressions stand near a field and not only in it. Each is looked for once for the table."""

    def __init__(self, schema: Schema, table: str, texts: Sequence[FieldTexts], lexicon: Lexicon) -> None:
        whole = [schema.name], [schema.context]
        # What is said of a file with several tables is not said of each of them; it still tells of traps.
        names, said = ([], []) if schema.kind in _OF_TABLES and len(tables_of(schema.fields)) > 1 else whole
        notes = schema.notes_of(table)
        self._own_names, self._own_notes = _named([table, *names], lexicon), _said([*said, *notes], lexicon)
        self._names, self._notes = _named([table, *whole[0]], lexicon), _said([*whole[1], *notes], lexicon)
        self._all_notes = [sentence for text in (*said, *notes) for sentence in sentences(text)]
        self._texts = texts
        self._found: dict[int, dict[int, set[int]]] = {}

    def with_texts(self, texts: Sequence[FieldTexts], traps: Sequence[Trap]) -> Neighbours:
        """The same neighbours after traps have struck words out; those of the whole table strike the notes, too."""
        left = copy(self)
        left._texts, left._found = texts, {}
        left._names, left._notes = list(self._own_names), list(self._own_notes)
        for trap in traps:
            if trap.silences:
                left._names = [trap.silences.sub("_", one) for one in left._names]
                left._notes = [trap.silences.sub("_", one) for one in left._notes]
        return left

    def how_many(self, expressions: Expressions, index: int | None = None) -> int:
        """How many of the expressions stand near, not counting the field at `index`."""
        key = id(expressions)
        if key not in self._found:
            self._found[key] = self._look(expressions)
        return sum(1 for sources in self._found[key].values() if sources - {index})

    def _look(self, expressions: Expressions) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for source, text, in_name in self._said():
            if expressions.found(text, in_name):
                for which in expressions.how_many(text, in_name):
                    sources = found.setdefault(which, set())
                    if len(sources) < 2:
                        sources.add(source)
        return found

    def _said(self) -> list[tuple[int, str, bool]]:
        said = [(_NOTES, name, True) for name in self._names] + [(_NOTES, text, False) for text in self._notes]
        for index, texts in enumerate(self._texts):
            said.append((index, texts.name, True))
            said += [(index, text, False) for text in texts.said]
        return said

    def notes_say(self, expressions: Expressions) -> bool:
        """Whether the name of the table or what is said of it, disclaimers too, holds an expression."""
        return any(expressions.found(name, True) for name in self._own_names) or any(
            expressions.found(text, False) for text in self._all_notes
        )


def _named(names: Sequence[str], lexicon: Lexicon) -> list[str]:
    return [segmented(name_words(one), lexicon.known) for one in names if one]


def _said(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    return [sentence for text in texts for sentence in kept(text, lexicon)]


def tables_of(fields: Sequence[Field]) -> dict[str, list[Field]]:
    """The fields of each table, in order."""
    tables: dict[str, list[Field]] = {}
    for field in fields:
        tables.setdefault(field.table, []).append(field)
    return tables
