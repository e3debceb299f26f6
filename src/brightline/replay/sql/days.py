"""Days as SQL: text such as 2026-01-16, which compares as days do. Nothing is cast, so that no database stops at a bad word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brightline.replay.maps.factmap import MappedColumn
from brightline.replay.sql.words import is_null, matches, number, text

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

__all__ = ["day_text"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_OFFSET = r"z|utc|[+-][0-9]{2}(?::?[0-9]{2})?"
_PARTS = {
    "Y": r"[0-9]{4}", "y": r"[0-9]{2}", "m": r"[0-9]{1,2}", "d": r"[0-9]{1,2}", "b": "|".join(_MONTHS),
    "B": "|".join(_FULL), "p": "am|pm", "f": r"[0-9]{1,6}", "z": _OFFSET,
}  # fmt: skip
_ANY_CLOCK = dict.fromkeys("HIMS", r"[0-9]{1,2}")
_CLOCK = {"H": r"[01]?[0-9]|2[0-3]", "I": r"0?[1-9]|1[0-2]", "M": r"[0-5]?[0-9]", "S": r"[0-5]?[0-9]"}
# Days that exist, from the first of January 1900 to the last of December 2200.
_LEAP = r"(?:(?:19|20|21)(?:0[48]|[2468][048]|[13579][26])|2000)"
_EXISTS = (
    r"^(?:(?:19[0-9][0-9]|20[0-9][0-9]|21[0-9][0-9]|2200)-"
    r"(?:(?:01|03|05|07|08|10|12)-(?:0[1-9]|[12][0-9]|3[01])|(?:04|06|09|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)


def day_text(word: Expr, column: MappedColumn, kind: str, zone: str, raw: Expr, dialect: str) -> Expr:
    """The day that a cell says, as ISO 8601: NULL where it says nothing, empty where it cannot be read.

    `kind` is the column's type in the table: `day`, `time` and `instant` need no format; an instant is a day on the
    clock of the zone.
    """
    from sqlglot import exp

    if kind == "instant":
        place = text(column.zone or zone or "UTC")
        word = exp.cast(exp.AtTimeZone(this=raw.copy(), zone=place), "text")
    if kind in ("day", "time", "instant"):
        iso: Expr = exp.Substring(this=word.copy(), start=number(1), length=number(10))
        fits = matches(iso, _EXISTS)
    else:
        pattern = _pattern(column)
        iso = _iso(word, pattern, dialect) if column.format else exp.Substring(this=word.copy(), start=number(1), length=number(10))  # fmt: skip
        fits = exp.and_(matches(word, _only(pattern, "")), matches(iso, _EXISTS))
    return exp.case().when(is_null(word), exp.null()).when(fits, iso.copy()).else_(text(""))


def _pattern(column: MappedColumn) -> list[tuple[str, str]]:
    """The format as parts: a letter and its pattern, or no letter and what stands between."""
    clock = _ANY_CLOCK if column.type == "date" else _CLOCK
    if not column.format:
        time = r"[t ](?:[0-9]{2}):(?:[0-9]{2})(?::(?:[0-9]{2})(?:\.[0-9]{1,9})?)?"
        if column.type != "date":
            time = r"[t ](?:[01][0-9]|2[0-3]):(?:[0-5][0-9])(?::(?:[0-5][0-9])(?:\.[0-9]{1,9})?)?"
        return [
            (
                "",
                rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:{time}){'?' if column.type == 'date' else ''}(?: ?(?:{_OFFSET}))?",
            )
        ]
    parts = re.split(r"%(.)", column.format)
    return [
        (("", "%") if part == "%" else (part, {**_PARTS, **clock}[part]))
        if number % 2
        else ("", re.escape(part.lower()))
        for number, part in enumerate(parts)
    ]


def _only(pattern: list[tuple[str, str]], wanted: str) -> str:
    """The pattern as a whole, with the wanted part as its one group."""
    whole = "".join(p if not letter else f"({p})" if letter == wanted else f"(?:{p})" for letter, p in pattern)
    return f"^{whole}$"


def _iso(word: Expr, pattern: list[tuple[str, str]], dialect: str) -> Expr:
    letters = {letter for letter, _ in pattern}
    part = {letter: _extracted(word, _only(pattern, letter), dialect) for letter in letters & set("YymdbB")}
    dash = text("-")
    month = (
        _two(part["m"]) if "m" in part else _month(part["b" if "b" in part else "B"], _MONTHS if "b" in part else _FULL)
    )
    year = part["Y"] if "Y" in part else _long_year(part["y"])
    return _joined(year, dash, month, dash.copy(), _two(part["d"]))


def _joined(*parts: Expr) -> Expr:
    from sqlglot import exp

    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=part, safe=True)
    return found


def _two(digits: Expr) -> Expr:
    from sqlglot import exp

    return exp.Pad(this=digits, expression=number(2), fill_pattern=text("0"), is_left=True)


def _long_year(short: Expr) -> Expr:
    from sqlglot import exp

    century = exp.case().when(exp.LT(this=short.copy(), expression=text("69")), text("20")).else_(text("19"))  # fmt: skip
    return _joined(century, short)


def _month(name: Expr, names: tuple[str, ...]) -> Expr:
    from sqlglot import exp

    case = exp.case(name)
    for place, each in enumerate(names, 1):
        case = case.when(text(each), text(f"{place:02}"), copy=False)
    return case


def _extracted(word: Expr, pattern: str, dialect: str) -> Expr:
    """The one group of a pattern."""
    from sqlglot import exp

    literal = text(pattern)
    if dialect == "postgres":
        return exp.Anonymous(this="SUBSTRING", expressions=[word.copy(), literal])
    return exp.RegexpExtract(this=word.copy(), expression=literal, group=number(1))
