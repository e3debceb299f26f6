"""What of an input may be kept: never a column that feeds a transient fact, nor one whose name says what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from brightline.law.errors import BrightlineError, shown
from brightline.law.vocabulary import Vocabulary
from brightline.law.yamlfile import Table
from brightline.replay.maps.condition import columns_in
from brightline.replay.maps.factmap import ColumnRule, ConstantRule, FactMap, FactRule

__all__ = ["check_kept", "check_secrets", "columns_of"]

# Names of columns, letters and digits only, that say that they hold status, citizenship, nationality or birthplace.
_STATUS = re.compile(
    r"citizenship|nationality|birthplace|placeofbirth|countryofbirth|birthcountry|countryoforigin|immigrationstatus"
    r"|immigstatus|lawfulstatus|legalstatus|aliennumber|alienstatus|anumber$|visatype|visastatus|uscitizen"
)


def columns_of(rule: FactRule) -> Iterator[str]:
    """The columns that a rule looks at."""
    if isinstance(rule, ColumnRule):
        yield rule.column
    elif not isinstance(rule, ConstantRule):
        for case in rule.cases:
            yield from columns_in(case.when)


def check_secrets(found: FactMap, vocabulary: Vocabulary, top: Table) -> FactMap:
    """The map with its secret columns named, by every name they go by.

    Raises: BrightlineError `replay-transient` where such a column would be kept or would feed a recordable fact.
    """
    facts = vocabulary.facts
    files = {
        source
        for name, rule in found.facts.items()
        if facts[name].is_transient
        for column in columns_of(rule)
        for source in found.column(column).sources
    }
    for name, rule in found.facts.items():
        if not facts[name].is_transient:
            _refuse(found, columns_of(rule), files, f"feeds `{name}`, which may be kept", rule.where)
    for field in ("date", "profile_column", "facility", "weight"):
        word = "profile" if field == "profile_column" else field
        column = getattr(found, field)
        _refuse(found, [column] if column else [], files, f"is the {word} of each row", top.where(word))
    aliases = {name for name, column in found.columns.items() if files.intersection(column.sources)}
    checked = replace(found, secret=frozenset(files | aliases))
    check_kept(checked, found.keys, top.where("keys"))
    check_kept(checked, (found.facility,), top.where("facility"))
    check_kept(checked, (found.weight,), top.where("weight"))
    for each in found.leave_out:  # that a row is left out is kept, and so is what its columns say
        check_kept(checked, columns_in(each.when), each.where, "it tells which rows are left out, and this is kept")
    return checked


def _refuse(found: FactMap, columns: Iterable[str], files: set[str], what: str, where: str) -> None:
    for column in columns:
        if files.intersection(found.column(column).sources):
            raise BrightlineError(
                "replay-transient",
                f"the column {shown(column)} feeds a fact that is never kept, and also {what}",
                "read it for the transient fact only, or for none",
                where,
            )


def check_kept(found: FactMap, names: Iterable[str], where: str, help: str = "") -> None:
    """Refuse to keep a column that feeds a transient fact, or whose name says that it holds one. `help` says how it would.

    Raises: BrightlineError `replay-transient`.
    """
    for name in names:
        words = (name, *found.column(name).sources)
        if name in found.secret or found.secret.intersection(words):
            raise BrightlineError(
                "replay-transient",
                f"the column {shown(name)} feeds a fact that is never kept",
                help or "choose another column to keep",
                where,
            )
        if any(_STATUS.search(re.sub(r"[^a-z0-9]", "", word.lower())) for word in words):
            raise BrightlineError(
                "replay-transient",
                f"the column {shown(name)} says that it holds status, citizenship, nationality or birthplace",
                help or "such a column is never kept: choose another",
                where,
            )
