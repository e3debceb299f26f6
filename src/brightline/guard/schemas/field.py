"""A field of a schema or form, with everything that tells what it asks."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Field", "Schema"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked or kept: a column, a property, an input.

    `name` is exactly as written. `within` are the objects it is nested in, the outermost first; `table` names the
    table, class or form whose other fields are its neighbours. `samples` are values found in it and are never shown.
    """

    name: str
    kind: str = "field"
    place: str = ""
    table: str = ""
    within: tuple[str, ...] = ()
    label: str = ""
    help: str = ""
    comments: str = ""
    choices: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one file or database. `notes` are what is said of all of it, `table_notes` of one table."""

    kind: str
    name: str
    fields: tuple[Field, ...]
    context: str = ""
    notes: tuple[str, ...] = ()
    table_notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def notes_of(self, table: str) -> tuple[str, ...]:
        """What is said of a table and of the whole."""
        return (*self.table_notes.get(table, ()), *self.notes)
