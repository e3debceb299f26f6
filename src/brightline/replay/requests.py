"""Past requests from a file: when each arrived and on what kind of paper. Nothing else is read, whatever the file holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown

__all__ = ["EXTRACT", "PastRequest", "read_requests"]

EXTRACT = Path(__file__).parent / "pa_detainers_extract.csv"
_DATE_COLUMNS = ("date", "received_on", "prepare_date", "detainer_prepare_date")
_PAPER_COLUMNS = ("detainer_type", "paper", "instrument")
_FORM_I247A_SINCE = date(2017, 4, 2)


@dataclass(frozen=True, slots=True)
class PastRequest:
    """One request: the day it was prepared, and its paper in the vocabulary's words."""

    on: date
    instrument: str


def read_requests(path: Path) -> Iterator[PastRequest]:
    """The requests of a CSV or Parquet file with a date column and, if it has one, a column for the form.

    Raises: BrightlineError `unreadable`, `replay-columns`, `replay-row` (with the line), `missing-extra`.
    """
    if not path.is_file():
        raise BrightlineError(
            "unreadable", f"cannot read {shown(path)}: no such file", "name a CSV or Parquet file with --file", "--file"
        )
    rows = _parquet_rows(path) if path.suffix == ".parquet" else _csv_rows(path)
    for number, (day, form) in enumerate(rows, 2):
        on = _day(day)
        if on is None:
            raise BrightlineError(
                "replay-row",
                f"{shown(day)} is not a date",
                "write dates as 2015-07-18, or drop the row",
                f"{path.name}:{number}",
            )
        yield PastRequest(on, _paper(on, str(form or "")))


def _columns(names: list[str], path: Path) -> tuple[str, str | None]:
    lower = {name.lower(): name for name in names}
    day = next((lower[c] for c in _DATE_COLUMNS if c in lower), None)
    if day is None:
        raise BrightlineError(
            "replay-columns",
            f"{shown(path.name)} has no date column",
            f"name one column {' or '.join(_DATE_COLUMNS)}",
            "--file",
        )
    return day, next((lower[c] for c in _PAPER_COLUMNS if c in lower), None)


def _csv_rows(path: Path) -> Iterator[tuple[Any, Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            day, form = _columns(list(reader.fieldnames or []), path)
            for row in reader:
                yield row.get(day), row.get(form) if form else None
    except (UnicodeDecodeError, csv.Error):
        raise BrightlineError(
            "unreadable",
            f"{shown(path.name)} is not a CSV file",
            "save it as UTF-8 CSV, or name a Parquet file",
            "--file",
        ) from None


def _parquet_rows(path: Path) -> Iterator[tuple[Any, Any]]:
    try:
        import duckdb
    except ImportError:
        raise BrightlineError(
            "missing-extra", "Parquet files need DuckDB", "install it: pip install 'brightline[replay]'", "--file"
        ) from None
    try:
        with duckdb.connect() as connection:
            table = connection.read_parquet(str(path))
            day, form = _columns(table.columns, path)
            chosen = table.project(f'"{day}", "{form}"' if form else f'"{day}", NULL')
            yield from chosen.fetchall()
    except duckdb.Error:
        raise BrightlineError(
            "unreadable", f"{shown(path.name)} is not a Parquet file", "check that the file is whole", "--file"
        ) from None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or "").strip()[:10])
    except ValueError:
        return None


def _paper(on: date, form: str) -> str:
    """The kind of paper: named on the row, or the detainer form in use on that day."""
    word = form.upper().replace("-", "").replace(" ", "")
    if word.startswith("I247N") or "NOTIFICATION" in word:
        return "notification_request"
    return "i247a_detainer" if word.startswith("I247A") or on >= _FORM_I247A_SINCE else "i247_detainer"
