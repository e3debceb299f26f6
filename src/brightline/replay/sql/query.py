"""What is to be written as SQL, checked; and the names of the columns that the parts of a query hand on."""

from __future__ import annotations

from dataclasses import dataclass

from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.extras import needs
from brightline.replay.answers.asking import Asked
from brightline.replay.answers.outcome import check_names
from brightline.replay.files.tabletypes import Present
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.mapcheck import check_kept

__all__ = [
    "CONTRADICTORY",
    "DIALECTS",
    "FACILITY",
    "REASON",
    "REGIME",
    "SAID",
    "WEIGHT",
    "YEAR",
    "SqlQuery",
    "check_query",
    "profiles_of",
]

DIALECTS = ("duckdb", "spark", "postgres", "bigquery", "trino")
REGIME, REASON, CONTRADICTORY, YEAR, FACILITY = "_regime", "_rejected", "_contradictory", "_year", "_facility"
WEIGHT, SAID = "_weight", "_said"


@dataclass(frozen=True, eq=False)
class SqlQuery:
    """What is to be written. `present` is what is known of the table's columns: nothing, or their names and kinds.

    `keys` are the columns to keep, if they are not those of the map. `is_bad_null`: a value outside its domain is taken
    as not known; else its row is rejected. `is_counted` adds the year, the facility and the weight of each row, for a
    summary, and the codes of what it says of the facts in `said`; such a query needs no keys. Up to `most_flat` cases of an action are written as one CASE, and `most_cases` in all.
    """

    asked: Asked
    map: FactMap
    dialect: str
    table: str = "requests"
    is_bad_null: bool = False
    present: Present | None = None
    keys: tuple[str, ...] = ()
    is_counted: bool = False
    said: tuple[str, ...] = ()
    most_flat: int = 500
    most_cases: int = 20_000


def check_query(query: SqlQuery) -> tuple[str, ...]:
    """The keys of a query, if it can be written at all.

    Raises: BrightlineError `missing-extra`, `unknown-dialect`, `replay-keys`, `replay-transient`, `sql-refused`.
    """
    needs("sqlglot", "replay", "--dialect")
    if query.dialect not in DIALECTS:
        raise BrightlineError(
            "unknown-dialect",
            f"unknown dialect {shown(query.dialect)}",
            near_misses(query.dialect, DIALECTS),
            "--dialect",
        )
    keys = query.keys or query.map.keys
    if not keys and not query.is_counted:
        raise BrightlineError(
            "replay-keys",
            "rows in a database have no order, so that their answers need a key",
            "name the columns that tell rows apart with --keys, or under `keys` in the map",
            query.map.where,
        )
    weight = query.map.weight
    keys = (*keys, weight) if weight and weight not in keys else keys
    check_kept(query.map, (*keys, query.map.facility), "--keys")
    check_names(keys, query.asked.actions)
    _check_derived(query)
    return keys


def _check_derived(query: SqlQuery) -> None:
    """Refuse numbers that are worked out from two times."""
    for fact in query.asked.law.vocabulary.facts.values():
        rule = fact.derived
        if rule and rule.start in query.map.facts and rule.end in query.map.facts:
            raise BrightlineError(
                "sql-refused",
                f"`{fact.name}` is worked out from `{rule.start}` and `{rule.end}`, which cannot be written as SQL",
                "leave one of the two out of the map, or replay with another engine",
                query.map.where,
            )


def profiles_of(query: SqlQuery) -> tuple[str, ...]:
    """The profiles that rows may have."""
    if query.asked.profile:
        return (query.asked.profile,)
    recode = query.map.profile_recode
    if recode is None:
        return tuple(query.asked.law.vocabulary.profiles)
    named = [*(str(value) for _, value in recode.values), str(recode.other or ""), query.map.profile_blank]
    return tuple(dict.fromkeys(name for name in named if name))
