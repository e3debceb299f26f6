"""The codes of facts in a query: which columns of codes there are, what each code means, and conditions over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from brightline.law.chart import Variable
from brightline.law.vocabulary import Expression, Value
from brightline.replay.answers.asking import Asked
from brightline.replay.maps.factmap import ColumnRule, FactMap
from brightline.replay.sql.partition import Partition, partition_of
from brightline.replay.sql.regimes import Regime, facts_in_columns
from brightline.replay.sql.table import condition_on

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["SqlCodes"]


class SqlCodes:
    """What the columns of codes of a query are. A hole in a column gets a code too, after those of the values."""

    def __init__(self, asked: Asked, mapped: FactMap, laws: Sequence[Regime]) -> None:
        self.asked, self.map, self.laws = asked, mapped, laws
        self.vocabulary = asked.law.vocabulary
        self.lines = self.vocabulary.contradictions
        self.columns = facts_in_columns(mapped, self.vocabulary.facts)
        self._partitions: dict[str, Partition] = {}
        self._holes: dict[str, tuple[frozenset[Value], ...]] = {}

    @cached_property
    def variables(self) -> Mapping[str, list[Variable]]:
        """For each fact, the variables of all charts that look at it."""
        found: dict[str, dict[int, Variable]] = {}
        for law in self.laws:
            for table in law.tables.values():
                for variable in table.chart.variables:
                    found.setdefault(variable.name, {})[id(variable)] = variable
        return {name: list(each.values()) for name, each in found.items()}

    def partition(self, fact: str) -> Partition:
        """The codes of the values of a fact."""
        if fact not in self._partitions:
            known = self.vocabulary.facts[fact]
            self._partitions[fact] = partition_of(known, self.variables.get(fact, ()), self.lines)
        return self._partitions[fact]

    @cached_property
    def mapped(self) -> tuple[str, ...]:
        """The facts that columns tell and of which a value matters, or may be outside its domain."""
        return tuple(
            f for f in self.map.facts if f in self.columns and (self.partition(f).size > 1 or self.may_be_bad(f))
        )

    def may_be_bad(self, fact: str) -> bool:
        """Whether a row may say something that is no value of the fact."""
        rule = self.map.facts[fact]
        return isinstance(rule, ColumnRule) and (rule.recode is None or rule.recode.otherwise == "error")

    @cached_property
    def with_holes(self) -> tuple[str, ...]:
        """The facts that need a column of codes where they are not said: those that some table looks at."""
        named = {table.chart.variables[v].name for law in self.laws for table in law.tables.values() for v in table.store.support(table.root)}  # fmt: skip
        return tuple(sorted(name for name in named if name in self.columns or len(self.holes(name)) > 1))

    def holes(self, fact: str) -> tuple[frozenset[Value], ...]:
        """What may be ruled out in a hole of a fact, under any of the laws."""
        if fact not in self._holes:
            found: dict[frozenset[Value], None] = {}
            for law in self.laws:
                if fact not in law.saying.known and fact not in law.saying.usual:
                    found.update(dict.fromkeys(law.saying.holes(fact)))
            self._holes[fact] = tuple(found)
        return self._holes[fact]

    def stated(self, fact: str) -> int:
        """How many codes stand for values."""
        return self.partition(fact).size if fact in self.columns else 0

    def codes(self, law: Regime, variable: Variable, positions: Iterable[int]) -> list[int]:
        """The codes that stand for positions on a variable's axis under a law."""
        name, found = variable.name, set[int]()
        classes = variable.size if name in self.columns else 0
        for position in positions:
            if position < classes:
                found.update(self.partition(name).codes_in(variable, position))
            else:
                out = law.saying.holes(name)[position - classes]
                found.add(self.stated(name) + self.holes(name).index(out))
        return sorted(found)

    def at(self, law: Regime, variable: Variable, positions: Iterable[int]) -> tuple[str, tuple[int, ...], int]:
        """The column, the codes of some positions, and how many codes the column has."""
        every = self.stated(variable.name) + len(self.holes(variable.name))
        return variable.name, tuple(self.codes(law, variable, positions)), every

    def holds(self, expression: Expression) -> Expr:
        """A condition over facts as one over their codes, NULL where it is not known."""
        from sqlglot import exp

        word = expression[0]
        if word in ("and", "or"):
            return (exp.and_ if word == "and" else exp.or_)(*map(self.holds, expression[1:]))  # type: ignore[arg-type]
        if word == "not":
            return exp.not_(self.holds(expression[1]))  # type: ignore[arg-type]
        if word in ("true", "false"):
            return exp.true() if word == "true" else exp.false()
        name = str(expression[1])
        codes = self.partition(name).codes_where(expression)
        if len(codes) == self.partition(name).size or not codes:
            return exp.true() if codes else exp.false()
        return condition_on(name, codes, self.partition(name).size)
