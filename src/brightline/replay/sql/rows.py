"""The first parts of a query: what the columns say, the codes of the facts, the law of each row, and why one is rejected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brightline.replay.maps.condition import columns_in
from brightline.replay.maps.factmap import CasesRule, ColumnRule
from brightline.replay.maps.leaveout import LEFT_OUT, NO_WEIGHT, REJECTED, columns_of_left_out
from brightline.replay.sql.cells import SqlCells
from brightline.replay.sql.codes import SqlCodes
from brightline.replay.sql.conditions import condition, unread
from brightline.replay.sql.mapped import BAD, SqlMap, recoded
from brightline.replay.sql.query import FACILITY, REASON, REGIME, SAID, WEIGHT, YEAR, SqlQuery
from brightline.replay.sql.regimes import Regime
from brightline.replay.sql.words import any_of, column, is_null, is_said, no_text, noted, number, text

if TYPE_CHECKING:
    from sqlglot.expressions import Expr, Select

__all__ = ["BAD_VALUE", "SqlRows"]

BAD_VALUE = "bad value"
_DAY, _PROFILE, _UNREAD, _LEFT = "_day", "_profile", "_unread", "_left_out"


class SqlRows:
    """The rows of the table under the laws of a query. `keys` names the kept columns as the parts hand them on."""

    def __init__(self, query: SqlQuery, keys: Sequence[str], profiles: Sequence[str], codes: SqlCodes) -> None:
        self.query, self.asked, self.map = query, query.asked, query.map
        self.own_keys, self.profiles, self.codes = keys, profiles, codes
        self.laws: Sequence[Regime] = codes.laws
        self.cells = SqlCells(query.map, query.dialect, query.present)
        self.facts = SqlMap(self.cells)
        self.keys = [f"_key_{i}" for i in range(len(keys))]
        self.has_day = bool(self.map.date) and (self.asked.on is None or query.is_counted)

    # The columns --------------------------------------------------------------------------------
    def read(self) -> Select:
        """The columns that the map reads. To be made last, when every cell was asked for."""
        from sqlglot import exp

        keys = []
        for name, key in zip(self.keys, self.own_keys, strict=True):
            source = self.cells.source(self.map.column(key))
            keys.append(exp.alias_(column(source) if source else no_text(), name, quoted=True))
        names = self.query.table.split(".")
        table = exp.Table(this=exp.to_identifier(names[-1], quoted=True))
        for part, name in zip(("db", "catalog"), names[-2::-1], strict=False):
            table.set(part, exp.to_identifier(name, quoted=True))
        return exp.select(*keys, *self.cells.selections()).from_(table)

    def coded(self) -> Select:
        """The code of each fact, the day and the profile of each row."""
        from sqlglot import exp

        found = {name: self._code(name) for name in self.codes.mapped}
        found |= {name: self.cells.cell(of, "day") for name, of in self.moments()}
        for place, (_, of) in enumerate(self.compared()):
            found[f"{_UNREAD}_{place}"] = exp.case().when(unread(self.cells, of), number(1))
        if self.map.leave_out:
            found[_LEFT] = self.why_left_out()
        if self.has_day:
            found[_DAY] = self.cells.cell(self.map.date, "day")
        if not self.asked.profile:
            found[_PROFILE] = self.profile()
        if self.map.weight:
            cell, value, bad = self.weight()
            found[WEIGHT] = exp.case().when(exp.and_(is_said(cell), exp.not_(bad)), exp.cast(value, "bigint"))
        if self.query.is_counted and self.map.facility:
            found[FACILITY] = self.cells.cell(self.map.facility, "plain")
        return exp.select(*map(column, self.keys), *_named(found)).from_("cells")

    def _code(self, fact: str) -> Expr:
        known, rule = self.asked.law.vocabulary.facts[fact], self.map.facts[fact]
        return self.facts.code(known, rule, self.codes.partition(fact), bad_is_null=self.query.is_bad_null)

    def weight(self) -> tuple[Expr, Expr, Expr]:
        """How many requests a row stands for: the cell, the number, and where it says none."""
        return self.facts.whole(ColumnRule(self.map.weight))

    def moments(self) -> list[tuple[str, str]]:
        """The facts that are dates or times, whose words may be bad, and their columns."""
        facts = self.asked.law.vocabulary.facts
        rules = [(n, r) for n, r in self.map.facts.items() if facts[n].kind in ("date", "datetime")]
        return [(name, rule.column) for name, rule in rules if isinstance(rule, ColumnRule)]

    def compared(self) -> list[tuple[str, str]]:
        """The columns of numbers and days that conditions compare, each with the first fact that does."""
        found: dict[str, str] = {}
        pairs = [(of, LEFT_OUT) for of in columns_of_left_out(self.map)]
        for name, rule in self.map.facts.items():
            if isinstance(rule, CasesRule):
                pairs.extend((of, name) for case in rule.cases for of in columns_in(case.when))
        for of, name in pairs:
            is_day = self.asked.on is None and of == self.map.date
            if self.map.column(of).type != "text" and not is_day:
                found.setdefault(of, name)
        return [(name, of) for of, name in found.items()]

    def profile(self) -> Expr:
        """The number of the row's profile; -1 for one that is not known, NULL for none."""
        from sqlglot import exp

        word, recode = self.cells.cell(self.map.profile_column), self.map.profile_recode
        place = {name: i for i, name in enumerate(self.profiles)}
        blank = place[self.map.profile_blank] if self.map.profile_blank else None
        case = exp.case().when(is_null(word), number(blank))
        if recode is None:
            for name, i in place.items():
                case = case.when(exp.EQ(this=word.copy(), expression=text(name.lower())), number(i), copy=False)
            return case.else_(number(-1))
        for when, code in recoded(word, recode, lambda value: place[str(value)]):
            case = case.when(when, number(-1 if code is None else code), copy=False)
        is_other = recode.otherwise == "value" and recode.other is not None
        return case.else_(number(place[str(recode.other)] if is_other else -1))

    # The law of each row ------------------------------------------------------------------------
    def placed(self) -> Select:
        """Under which law each row stands, and why it is rejected if it is."""
        from sqlglot import exp

        found: dict[str, Expr] = {}
        if len(self.laws) > 1:
            found[REGIME] = self._which_law()
        found[REASON] = self._why_rejected()
        if self.query.is_counted:
            year = exp.Substring(this=column(_DAY), start=number(1), length=number(4))
            found[YEAR] = year if self.has_day else no_text()
            found[FACILITY] = column(FACILITY) if self.map.facility else no_text()
            found[WEIGHT] = exp.Coalesce(this=column(WEIGHT), expressions=[number(1)]) if self.map.weight else number(1)
            found |= {f"{SAID}_{place}": column(fact) for place, fact in enumerate(self.query.said)}
        return exp.select(*map(column, [*self.keys, *self.codes.mapped]), *_named(found)).from_("coded")

    def _which_law(self) -> Expr:
        from sqlglot import exp

        case = exp.case()
        for place, law in enumerate(self.laws):
            parts: list[Expr] = []
            if not self.asked.profile:
                parts.append(exp.EQ(this=column(_PROFILE), expression=number(self.profiles.index(law.profile))))
            if self.asked.on is None:
                parts.append(exp.LTE(this=column(_DAY), expression=text(law.end.isoformat())))
            remark = f"{law.profile} from {law.start}" if self.asked.on is None else law.profile
            case = case.when(exp.and_(*parts), noted(number(place), remark), copy=False)
        return case

    def why_left_out(self) -> Expr:
        """Why the map leaves a row out; NULL where it does not."""
        from sqlglot import exp

        case = exp.case()
        for each in self.map.leave_out:
            case = case.when(condition(self.cells, each.when), text(each.because), copy=False)
        return case

    def _why_rejected(self) -> Expr:
        """Why a row has no answers; NULL where it has."""
        from sqlglot import exp

        whens: list[tuple[Expr, Expr]] = []
        if self.map.leave_out:
            whens.append((is_said(column(_LEFT)), column(_LEFT)))
        if self.asked.on is None:
            whens.append((is_null(column(_DAY)), text(REJECTED[1])))
            whens.append((_is(_DAY, text("")), text(REJECTED[2])))
        if not self.asked.profile:
            whens.append((is_null(column(_PROFILE)), text(REJECTED[3])))
            whens.append((_is(_PROFILE, number(-1)), text(REJECTED[4])))
        if self.map.weight:
            whens.append((is_null(column(WEIGHT)), text(REJECTED[NO_WEIGHT])))
        bad = [] if self.query.is_bad_null else self._bad()
        if bad:
            whens.append((any_of(bad), text(BAD_VALUE)))
        case = exp.case()
        for when, why in whens:
            case = case.when(when, why, copy=False)
        return case if whens else no_text()

    def _bad(self) -> list[Expr]:
        """Where a row holds something that is no value of its fact."""
        facts = [_is(name, number(BAD)) for name in self.codes.mapped if self.codes.may_be_bad(name)]
        moments = [_is(name, text("")) for name, _ in self.moments()]
        return [*facts, *moments, *(_is(f"{_UNREAD}_{place}", number(1)) for place in range(len(self.compared())))]


def _is(name: str, value: Expr) -> Expr:
    from sqlglot import exp

    return exp.EQ(this=column(name), expression=value)


def _named(found: dict[str, Expr]) -> list[Expr]:
    from sqlglot import exp

    return [exp.alias_(expression, name, quoted=True) for name, expression in found.items()]
