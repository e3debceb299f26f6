"""The middle parts of a query: what the profile adds to a row, where its facts contradict each other, and its holes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from brightline.law.vocabulary import Value
from brightline.replay.sql.codes import SqlCodes
from brightline.replay.sql.holes import Ruling
from brightline.replay.sql.query import CONTRADICTORY, REASON, REGIME
from brightline.replay.sql.regimes import Regime
from brightline.replay.sql.table import condition_on
from brightline.replay.sql.words import any_of, column, is_null, is_said, number

if TYPE_CHECKING:
    from sqlglot.expressions import Expr, Select

__all__ = ["SqlSaid"]

Kind = tuple[tuple[Ruling, ...], frozenset[Value]]


class SqlSaid:
    """What rows say under each of the laws. `kept` are the columns that go through as they are."""

    def __init__(self, codes: SqlCodes, kept: Sequence[str]) -> None:
        self.codes, self.laws = codes, codes.laws
        self.kept = [*kept, REASON, *([REGIME] if len(codes.laws) > 1 else [])]
        self.has_usual = any(law.saying.usual for law in codes.laws)

    def filled(self) -> Select:
        """What the profile says of a fact, where the row says nothing."""
        from sqlglot import exp

        found = [exp.alias_(self._filled(name), name, quoted=True) for name in self.codes.mapped]
        return exp.select(*map(column, self.kept), *found).from_("placed")

    def _filled(self, fact: str) -> Expr:
        from sqlglot import exp

        case = exp.case()
        for under, value in self._by_law(lambda law: law.saying.usual.get(fact)):
            if value is not None:
                code = number(self.codes.partition(fact).code(value))  # type: ignore[arg-type]
                case = case.when(exp.and_(is_null(column(fact)), *under), code, copy=False)
        return case.else_(column(fact)) if case.args["ifs"] else column(fact)

    def _by_law(self, tell: Callable[[Regime], object]) -> list[tuple[list[Expr], object]]:
        """What each law says, equal ones together, with the condition that a row stands under one of them."""
        groups: dict[object, list[int]] = {}
        for place, law in enumerate(self.laws):
            groups.setdefault(tell(law), []).append(place)
        if len(groups) == 1:
            return [([], next(iter(groups)))]
        return [([condition_on(REGIME, places, len(self.laws))], told) for told, places in groups.items()]

    def said(self) -> Select:
        """Where the facts contradict each other, and a code for what is not said."""
        from sqlglot import exp

        found = [exp.alias_(self._contradictory(), CONTRADICTORY, quoted=True)]
        found.extend(exp.alias_(self._with_holes(name), name, quoted=True) for name in self.codes.with_holes)
        return exp.select(*map(column, self.kept), *found).from_("filled" if self.has_usual else "placed")

    def _contradictory(self) -> Expr:
        from sqlglot import exp

        case = exp.case()
        for under, told in self._by_law(lambda law: (law.saying.contradiction(), tuple(law.saying.dead_ends()))):
            lines, dead_ends = told  # type: ignore[misc]
            whens = [self.codes.holds(lines), *(self._holds_all(fact, kind) for fact, kind in dead_ends)]  # type: ignore[has-type]
            whens = [when for when in whens if when != exp.false()]
            if whens:
                case = case.when(exp.and_(*under, any_of(whens)), number(1), copy=False)
        return case.else_(number(0)) if case.args["ifs"] else number(0)

    def _holds_all(self, fact: str, rulings: Sequence[Ruling]) -> Expr:
        """Where a fact is not said and some rulings hold."""
        from sqlglot import exp

        parts = [is_null(column(fact))] if fact in self.codes.columns else []
        for ruling in rulings:
            parts.extend(is_said(column(other)) for other in ruling.others)
            parts.append(self.codes.holds(ruling.when))
        parts = [part for part in dict.fromkeys(parts) if part != exp.true()]
        return exp.and_(*parts) if parts else exp.true()

    def _with_holes(self, fact: str) -> Expr:
        from sqlglot import exp

        first, holes = self.codes.stated(fact), self.codes.holes(fact)
        if not holes:
            return column(fact)
        if len(holes) == 1:
            return exp.Coalesce(this=column(fact), expressions=[number(first)])
        case = exp.case()
        if fact in self.codes.columns:
            case = case.when(is_said(column(fact)), column(fact), copy=False)
        for under, told in self._by_law(lambda law: self._kinds(law, fact)):
            for rulings, out in told:  # type: ignore[attr-defined]
                parts = [*under, *([self._holds_all(fact, rulings)] if rulings else [])]
                parts = [part for part in parts if part != exp.true()]
                code = number(first + holes.index(out))
                if not parts:
                    return case.else_(code)
                case = case.when(exp.and_(*parts), code, copy=False)
        return case

    def _kinds(self, law: Regime, fact: str) -> tuple[Kind, ...]:
        if fact in law.saying.known or fact in law.saying.usual:
            return ()
        return tuple((kind, law.saying.ruled_out(fact, kind)) for kind in law.saying.hole_kinds(fact))
