"""The columns of a table as a query reads them: word for word as a map compares words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.replay.condition import fold
from brightline.replay.factmap import FactMap, MappedColumn
from brightline.replay.sqldays import day_text
from brightline.replay.sqlwords import blanks, column, is_said, no_text, text

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["SqlCells"]


class SqlCells:
    """The columns that a map reads, under names of their own in the first part of the query.

    `present` are the columns that the table has, with their types as `bool`, `whole`, `number`, `day`, `time` or `text`;
    None where that is not known: every column is then taken to be there, and is read as text.
    """

    def __init__(self, mapped: FactMap, dialect: str, present: Mapping[str, str] | None = None) -> None:
        self.map, self.dialect, self.present = mapped, dialect, present
        self.cells: dict[tuple[str, str], str] = {}
        self._expressions: dict[str, Expr] = {}

    def source(self, of: MappedColumn) -> str | None:
        """The name in the table; None for an optional column that the table lacks.

        Raises: BrightlineError `replay-columns`.
        """
        if self.present is None:
            return of.sources[0]
        found = next((name for name in of.sources if name in self.present), None)
        if found is None and not of.is_optional:
            raise BrightlineError(
                "replay-columns",
                f"there is no column {shown(of.sources[0])}",
                near_misses(of.sources[0], self.present, "name the columns of the table in the map"),
                of.where or self.map.where,
            )
        return found

    def type_of(self, name: str) -> str:
        """The type of a column in the table; text where it is not known."""
        source = self.source(self.map.column(name))
        return "text" if self.present is None or source is None else self.present[source]

    def cell(self, name: str, kind: str = "word") -> Expr:
        """A column as the rest of the query sees it.

        As a folded `word`, as `plain` text, as text that was `written`, `raw` as it stands, or as a `day`.
        """
        known = (kind, name)
        if known not in self.cells:
            plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in name.lower())[:40]
            self.cells[known] = f"{kind}_{len(self.cells)}_{plain}"
            self._expressions[self.cells[known]] = self._read(self.map.column(name), kind, self.type_of(name))
        return column(self.cells[known])

    def selections(self) -> list[Expr]:
        """What the first part of the query selects for the cells that were asked for."""
        from sqlglot import exp

        return [exp.alias_(expression, name, quoted=True) for name, expression in self._expressions.items()]

    def _read(self, of: MappedColumn, kind: str, type_: str) -> Expr:
        from sqlglot import exp

        source = self.source(of)
        if source is None:
            return no_text()
        raw = column(source)
        if kind in ("raw", "written"):
            return raw if kind == "raw" else exp.cast(raw, "text")
        word = self._word(raw, type_)
        if kind == "day":
            return day_text(word, of, type_, self.map.zone, raw, self.dialect)
        if kind == "plain":
            plain = exp.Trim(this=exp.cast(raw.copy(), "text"), expression=blanks(), position="BOTH")
            return exp.case().when(is_said(word), plain)
        return word

    def _word(self, raw: Expr, type_: str) -> Expr:
        """A cell as it is compared: text without capitals and without blanks at the ends; NULL where it says nothing."""
        from sqlglot import exp

        word: Expr = exp.cast(raw, "text")
        if type_ == "number":
            word = self._digits(raw)
        if type_ == "text":
            word = exp.Lower(this=exp.Trim(this=word, expression=blanks(), position="BOTH"))
        for nothing in self.map.nulls if type_ in ("text", "number") else ():
            word = exp.Nullif(this=word, expression=text(fold(nothing)))
        return word

    def _digits(self, raw: Expr) -> Expr:
        """A number as digits, whole ones without a point. Spark and Trino write large ones with an exponent otherwise."""
        from sqlglot import exp

        ending = r"\.0*$"
        if self.dialect in ("spark", "trino"):
            raw, ending = exp.TryCast(this=raw, to=exp.DataType.build("decimal(38, 18)")), r"\.?0*$"
        return exp.RegexpReplace(this=exp.cast(raw, "text"), expression=text(ending), replacement=text(""))
