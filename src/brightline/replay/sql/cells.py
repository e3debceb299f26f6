"""The columns of a table as a query reads them: word for word as a map compares words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.replay.maps.condition import fold
from brightline.replay.maps.factmap import FactMap, MappedColumn
from brightline.replay.sql.days import day_text
from brightline.replay.sql.words import blanks, column, is_said, no_text, number, text

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
        if kind == "raw":
            return raw
        written = self._digits(raw) if type_ == "number" else exp.cast(raw, "text")
        if kind == "written":
            return written
        word = self._word(raw, type_)
        if kind == "day":
            return day_text(word, of, type_, self.map.zone, raw, self.dialect)
        if kind == "plain":
            plain = exp.Trim(this=written, expression=blanks(), position="BOTH")
            return exp.case().when(is_said(word), plain)
        return word

    def _word(self, raw: Expr, type_: str) -> Expr:
        """A cell as it is compared: text without capitals and without blanks at the ends; NULL where it says nothing."""
        from sqlglot import exp

        word: Expr = self._digits(raw) if type_ == "number" else exp.cast(raw, "text")
        if type_ == "text":
            word = exp.Lower(this=exp.Trim(this=word, expression=blanks(), position="BOTH"))
        for nothing in self.map.nulls if type_ in ("text", "number") else ():
            word = exp.Nullif(this=word, expression=text(fold(nothing)))
        return word

    def _digits(self, raw: Expr) -> Expr:
        """A number as digits, whole ones without a point. Spark and Trino write many with an exponent if they are left to it."""
        from sqlglot import exp

        written = exp.cast(raw, "text")
        if self.dialect not in ("spark", "trino"):
            return exp.RegexpReplace(this=written, expression=text(r"\.0*$"), replacement=text(""))
        size = exp.Abs(this=raw.copy())
        is_whole = exp.EQ(this=raw.copy(), expression=exp.Floor(this=raw.copy()))
        whole = exp.cast(exp.cast(raw.copy(), "bigint"), "text")
        exact = exp.TryCast(this=raw.copy(), to=exp.DataType.build("decimal(38, 18)"))
        digits = exp.RegexpReplace(this=exp.cast(exact, "text"), expression=text(r"0*$"), replacement=text(""))
        case = exp.case().when(exp.IsNan(this=raw.copy()), exp.null())
        case = case.when(exp.and_(is_whole, exp.LT(this=size, expression=number(10**15))), whole)
        if self.dialect == "spark":
            is_plain = exp.Between(this=size.copy(), low=exp.Literal.number("0.001"), high=number(9_999_999))
            case = case.when(is_plain, written)
        return case.when(exp.LT(this=size.copy(), expression=number(10**15)), digits).else_(written.copy())
