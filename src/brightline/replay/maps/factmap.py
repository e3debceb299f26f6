"""A map as frozen values: which columns give which facts, the day, the profile, the keys and the facility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from brightline.law.vocabulary import Expression, Value

__all__ = [
    "Case", "CasesRule", "ColumnRule", "ConstantRule", "FactMap", "FactRule", "LeftOut", "MappedColumn", "Recode",
]  # fmt: skip

NULLS = ("", "NA", "N/A", "NULL")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the input under the name that the map gives it; `sources` are its names in the file, the first wins.

    `type` is text, number, date or time; `format` is empty for ISO 8601; `zone` for that of the map.
    """

    name: str
    sources: tuple[str, ...]
    type: str = "text"
    format: str = ""
    zone: str = ""
    is_optional: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Recode:
    """Words and the values they mean, the first that fits; a value of None is not known.

    A word may begin or end with `*`, which stands for anything. `otherwise` says what an unlisted word is: `unmapped`,
    `unknown`, `error`, or `value`, which is then `other`.
    """

    values: tuple[tuple[str, Value | None], ...]
    otherwise: str = "unmapped"
    other: Value | None = None


@dataclass(frozen=True, slots=True)
class ConstantRule:
    """One value that every row has, as the law writes it."""

    value: object
    where: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """A fact read from a column. `recode` is None where words are values of the fact as they stand.

    A number is multiplied by `times`; `round` is up, down, or empty where a fraction is refused.
    """

    column: str
    recode: Recode | None = None
    blank: Value | None = None
    times: int = 1
    round: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A value while a condition over columns holds; None is a value that is not known."""

    when: Expression
    value: Value | None


@dataclass(frozen=True, slots=True)
class CasesRule:
    """The value of the first case whose condition holds. An expression is two cases: it holds, or it does not."""

    cases: tuple[Case, ...]
    where: str = ""


FactRule = ConstantRule | ColumnRule | CasesRule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not asked about while a condition over columns holds, and why."""

    when: Expression
    because: str
    where: str = ""


@dataclass(frozen=True, eq=False)
class FactMap:
    """How the columns of a file become facts. `date`, `profile_column`, `facility` and `weight` name columns, or are empty.

    `noun` is what rows are called, in the plural. A row is left out by the first of `leave_out` that holds.
    `secret` are the columns that feed a transient fact: nothing of them is shown, counted word for word or kept.
    """

    name: str
    about: str
    columns: Mapping[str, MappedColumn]
    facts: Mapping[str, FactRule]
    keys: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    date: str = ""
    profile: str = ""
    profile_column: str = ""
    profile_recode: Recode | None = None
    profile_blank: str = ""
    facility: str = ""
    weight: str = ""
    fallback: Mapping[str, object] = field(default_factory=dict)
    cannot_tell: tuple[str, ...] = ()
    nulls: tuple[str, ...] = NULLS
    zone: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    source: str = ""
    noun: str = "requests"
    leave_out: tuple[LeftOut, ...] = ()
    secret: frozenset[str] = frozenset()
    where: str = ""

    def column(self, name: str) -> MappedColumn:
        """A column by the name that the map gives it, or as it stands in the file."""
        return self.columns.get(name) or MappedColumn(name, (name,))

    @property
    def left_out_reasons(self) -> tuple[str, ...]:
        """Why rows may be left out, each reason once."""
        return tuple(dict.fromkeys(each.because for each in self.leave_out))
