"""One batch of an input as facts: what a map makes of its columns, with everything that did not fit counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from brightline.law.vocabulary import Fact, Value, Vocabulary
from brightline.replay.engine.columns import Column
from brightline.replay.maps.cells import Cells, Words
from brightline.replay.maps.condition import columns_in, fold
from brightline.replay.maps.factmap import CasesRule, ColumnRule, ConstantRule, FactMap, Recode
from brightline.replay.maps.findings import DAY, HIDDEN, PROFILE, WEIGHT, Findings
from brightline.replay.maps.leaveout import LEFT_OUT, NO_WEIGHT, REJECTED, blanked, columns_of_left_out, left_out_of
from brightline.replay.maps.moments import DAY_US, Moments
from brightline.replay.maps.truth import truth_of
from brightline.replay.maps.zones import local_days

__all__ = ["MappedRows", "count_rejected", "map_rows"]

_YES, _NO = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
EMPTY = "(empty)"
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class MappedRows:
    """The facts of a batch.

    `days` (since 1970) and `profiles` (names, and which for each row) are None where no column tells them; `rejected`
    says, as a position in `reasons`, why a row is not asked about; what the map leaves out comes after REJECTED.
    `no_day` and `no_profile` say as positions in REJECTED why a row has none, whether or not it is asked for.
    `weights` are how many requests each row stands for, None where each is one; `no_weight` are those that do not say it.
    """

    rows: int
    columns: tuple[Column, ...]
    moments: Mapping[str, Moments]
    days: npt.NDArray[np.int64] | None
    profiles: tuple[tuple[str, ...], Codes] | None
    facility: Words | None
    rejected: npt.NDArray[np.uint8]
    findings: Findings = field(default_factory=Findings)
    left_out: tuple[str, ...] = ()
    no_day: npt.NDArray[np.uint8] | None = None
    no_profile: npt.NDArray[np.uint8] | None = None
    weights: npt.NDArray[np.int64] | None = None
    no_weight: Mask | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why rows are not asked about; the first is empty."""
        return (*REJECTED, *self.left_out)

    @property
    def is_left_out(self) -> npt.NDArray[np.bool_]:
        """The rows that the map leaves out."""
        return self.rejected >= len(REJECTED)

    def requests(self, rows: Any = slice(None)) -> int:
        """How many requests some rows stand for; all of them without a choice."""
        if self.weights is None:
            return len(self.rejected[rows])
        return int(self.weights[rows].sum())


def map_rows(
    mapped: FactMap, vocabulary: Vocabulary, cells: Cells, *, asks_day: bool, asks_profile: bool
) -> MappedRows:
    """The facts of a batch. `asks_day` and `asks_profile` say whether a row is lost without its day or profile."""
    return _Batch(mapped, vocabulary, cells, asks_day).read(asks_profile)


class _Batch:
    def __init__(self, mapped: FactMap, vocabulary: Vocabulary, cells: Cells, asks_day: bool) -> None:
        self.asks_day = asks_day
        self.map, self.vocabulary, self.whole = mapped, vocabulary, cells
        self.findings = Findings()
        self.rejected = left_out_of(mapped, cells)
        self.stays = self.rejected == 0
        self.cells = blanked(cells, ~self.stays)
        self.compared: set[str] = set()
        self.no_day: npt.NDArray[np.uint8] | None = None
        self.no_profile: npt.NDArray[np.uint8] | None = None

    def read(self, asks_profile: bool) -> MappedRows:
        columns, moments = [], {}
        self.count_compared(columns_of_left_out(self.map), LEFT_OUT)
        for name, rule in self.map.facts.items():
            fact = self.vocabulary.facts[name]
            if fact.kind in ("date", "datetime"):
                moments[name] = self.moments(fact, rule)
            elif not isinstance(rule, ConstantRule):
                columns.append(self.column(fact, rule))
        days = self.days() if self.map.date else None
        profiles = self.profiles() if asks_profile else None
        facility = self.cells.words(self.map.facility) if self.map.facility else None
        weights, no_weight = self.weights() if self.map.weight else (None, None)
        found = MappedRows(
            self.cells.rows, tuple(columns), moments, days, profiles, facility, self.rejected, self.findings,
            self.map.left_out_reasons, self.no_day, self.no_profile, weights, no_weight,
        )  # fmt: skip
        count_rejected(found)
        return found

    def count(self, kind: str, what: str, column: str, words: Words, chosen: Mask) -> None:
        """Count the rows of the chosen words; those of a secret column as a number only."""
        counts = words.counts() * chosen
        numbers = np.flatnonzero(counts)
        if not len(numbers):
            return
        if column in self.map.secret:
            self.findings.count(kind, what, [(HIDDEN, int(counts.sum()))])
            return
        written = words.as_written.take(numbers).to_pylist()
        self.findings.count(kind, what, zip(written, counts[numbers].tolist(), strict=True))

    def count_rows(self, what: str, column: str, rows: Mask) -> None:
        """Count the words of the rows that hold none of a kind."""
        if rows.any():
            words = self.cells.words(column)
            counted = Words(words.as_written, words.codes[rows])
            self.count("bad", what, column, counted, np.ones(len(words.as_written), bool))

    def column(self, fact: Fact, rule: ColumnRule | CasesRule) -> Column:
        if isinstance(rule, CasesRule):
            return self.finish(fact, self.cases(fact, rule))
        if fact.kind == "int" and rule.recode is None:
            values, known, bad = self.cells.whole(rule.column, rule.times, rule.round)
            self.count_rows(fact.name, rule.column, bad)
            if rule.blank is not None:
                empty = ~known & ~bad
                values, known = np.where(empty, int(rule.blank), values), known | empty
            return Column(fact.name, values, None if known.all() else known)
        words = self.cells.words(rule.column)
        codes = self.codes_of_words(fact, rule, words)
        blank = -1 if rule.blank is None else _position(fact, rule.blank)
        return self.finish(fact, words.spread(codes, blank))

    def finish(self, fact: Fact, codes: npt.NDArray[np.int64]) -> Column:
        """A column from the position of each row's value; -1 is not known."""
        known = codes >= 0
        narrow = np.int64 if fact.kind == "int" else np.uint8 if len(fact.domain) <= 256 else np.uint16
        return Column(fact.name, np.maximum(codes, 0).astype(narrow), None if known.all() else known)

    def codes_of_words(self, fact: Fact, rule: ColumnRule, words: Words) -> npt.NDArray[np.int64]:
        if rule.recode is not None:
            return self.recoded(fact.name, rule.column, rule.recode, words, lambda value: _position(fact, value))
        codes = _own_words(fact, words)
        self.count("bad", fact.name, rule.column, words, codes < 0)
        return codes

    def recoded(
        self, what: str, column: str, recode: Recode, words: Words, position: Callable[[Value], int]
    ) -> npt.NDArray[np.int64]:
        """The code of each word: that of the first line that fits it, else what `otherwise` says."""
        line = _first_line(recode, words)
        table = np.array([-1 if v is None else position(v) for _, v in recode.values], dtype=np.int64)
        if recode.otherwise == "value":
            rest = -1 if recode.other is None else position(recode.other)
        else:
            rest = -1
            if recode.otherwise != "unknown":
                kind = "bad" if recode.otherwise == "error" else "unmapped"
                self.count(kind, what, column, words, line == len(table))
        return np.concatenate((table, [rest]))[line]

    def cases(self, fact: Fact, rule: CasesRule) -> npt.NDArray[np.int64]:
        """The value of the first case that holds; where one may hold, its value only if the rest gives the same."""
        codes = np.full(self.cells.rows, -1, np.int64)
        self.count_compared((name for case in rule.cases for name in columns_in(case.when)), fact.name)
        for case in reversed(rule.cases):
            value = -1 if case.value is None else _position(fact, case.value)
            holds = truth_of(case.when, self.cells)
            codes = np.where(holds == 2, value, np.where((holds == 1) & (codes != value), -1, codes))
        return codes

    def count_compared(self, names: Iterable[str], what: str) -> None:
        """Count what cannot be read in the columns that conditions compare, once for each column."""
        for name in set(names) - self.compared:
            self.compared.add(name)
            kind = self.map.column(name).type
            if kind == "number":
                self.count_rows(what, name, self.cells.numbers(name)[2])
            elif kind in ("date", "time") and not (name == self.map.date and self.asks_day):
                self.count_rows(what, name, self.cells.moments(name)[1])

    def moments(self, fact: Fact, rule: Any) -> Moments:
        if isinstance(rule, ConstantRule):
            return _constant_moments(rule.value, self.cells.rows)
        found, bad = self.cells.moments(rule.column)
        self.count_rows(fact.name, rule.column, bad)
        return found

    def days(self) -> npt.NDArray[np.int64]:
        found, bad = self.whole.moments(self.map.date)  # the years are those of all rows that were read
        self.no_day = np.where(bad, 2, ~found.known).astype(np.uint8)
        if self.asks_day:
            self.reject(self.no_day == 1, 1)
            self.reject(bad, 2)
            self.count_rows(DAY, self.map.date, bad & self.stays)
            self.count_empty(DAY, ~found.known & ~bad & self.stays)
        return _days_on_the_clock(found)

    def count_empty(self, what: str, rows: Mask, kind: str = "bad") -> None:
        number = int(rows.sum())
        if number:
            self.findings.count(kind, what, [(EMPTY, number)])

    def reject(self, rows: Mask, why: int) -> None:
        self.rejected[rows & (self.rejected == 0)] = why

    def weights(self) -> tuple[npt.NDArray[np.int64], Mask]:
        """How many requests each row stands for, and which rows do not say it. A row whose number cannot be read is rejected, and counts once."""
        weights, known, bad = self.whole.whole(self.map.weight, 1, "")
        self.count_rows(WEIGHT, self.map.weight, bad & self.stays)
        self.count_empty(WEIGHT, ~known & ~bad & self.stays)
        self.reject(~known, NO_WEIGHT)
        return np.where(known, weights, 1), ~known

    def profiles(self) -> tuple[tuple[str, ...], Codes]:
        """The profiles of the batch, and which of them each row has; -1 for a row without."""
        column, words = self.map.profile_column, self.cells.words(self.map.profile_column)
        names = tuple(self.vocabulary.profiles)
        number = {name: i for i, name in enumerate(names)}
        if self.map.profile_recode is not None:
            codes = self.recoded(PROFILE, column, self.map.profile_recode, words, lambda value: number[str(value)])
        else:
            folded = {fold(name): i for name, i in number.items()}
            codes = np.array([folded.get(word, -1) for word in words.folded.to_pylist()], dtype=np.int64)
            self.count("bad", PROFILE, column, words, codes < 0)
        blank = number[self.map.profile_blank] if self.map.profile_blank else -1
        spread = words.spread(codes, blank)
        empty = (words.codes < 0) & (spread < 0) & self.stays
        self.no_profile = np.where(empty, 3, np.where(spread < 0, 4, 0)).astype(np.uint8)
        self.reject(empty, 3)
        self.reject(spread < 0, 4)
        recode = self.map.profile_recode
        self.count_empty(PROFILE, empty, "unmapped" if recode and recode.otherwise != "error" else "bad")
        return names, spread.astype(np.int32)


def count_rejected(rows: MappedRows) -> None:
    """Count among the findings of a batch why its rows are not asked about, as requests."""
    for number in np.flatnonzero(np.bincount(rows.rejected, minlength=1)).tolist():
        if number:
            counts = rows.findings.rejected if number < len(REJECTED) else rows.findings.left_out
            counts[rows.reasons[number]] += rows.requests(rows.rejected == number)


def _position(fact: Fact, value: Value) -> int:
    return int(value) if fact.kind == "int" else fact.domain.index(value)


def _own_words(fact: Fact, words: Words) -> npt.NDArray[np.int64]:
    """The code of each word that is a value of the fact as it stands; -1 for others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if fact.kind == "bool":
        yes, no = (np.asarray(pc.is_in(words.folded, pa.array(known))) for known in (_YES, _NO))
        return np.where(yes, 1, np.where(no, 0, -1))
    known = pa.array([fold(str(value)) for value in fact.domain])
    return np.asarray(pc.fill_null(pc.index_in(words.folded, known), -1)).astype(np.int64)


def _first_line(recode: Recode, words: Words) -> npt.NDArray[np.int64]:
    """For each word, the first line that fits it; the number of lines where none does."""
    import pyarrow as pa
    import pyarrow.compute as pc

    patterns = [word for word, _ in recode.values]
    exact = [(i, word) for i, word in enumerate(patterns) if not (word.startswith("*") or word.endswith("*"))]
    found = np.full(len(words.as_written), len(patterns), np.int64)
    if exact:
        at = pc.index_in(words.folded, pa.array([word for _, word in exact]))
        numbers = np.array([i for i, _ in exact] + [len(patterns)], dtype=np.int64)
        found = numbers[np.asarray(pc.fill_null(at, -1))]
    for i, pattern in _wild(patterns):
        found[np.asarray(_fits(pattern, words.folded)) & (found > i)] = i
    return found


def _wild(patterns: list[str]) -> Iterator[tuple[int, str]]:
    return ((i, word) for i, word in enumerate(patterns) if word.startswith("*") or word.endswith("*"))


def _fits(pattern: str, folded: Any) -> Any:
    import pyarrow.compute as pc

    text = pattern.strip("*")
    if pattern.startswith("*") and pattern.endswith("*"):
        return pc.match_substring(folded, text)
    return pc.starts_with(folded, text) if pattern.endswith("*") else pc.ends_with(folded, text)


def _constant_moments(value: Any, rows: int) -> Moments:
    if isinstance(value, datetime):
        micros = round((value - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
        offset = value.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        return Moments(
            np.full(rows, micros, np.int64), np.ones(rows, bool), "",
            np.full(rows, seconds, np.int64), np.ones(rows, bool),
        )  # fmt: skip
    assert isinstance(value, date)
    return Moments(np.full(rows, (value - date(1970, 1, 1)).days * DAY_US, np.int64), np.ones(rows, bool))


def _days_on_the_clock(found: Moments) -> npt.NDArray[np.int64]:
    """The day of each time on the clock of its place, as days since 1970; the least number where it is not known."""
    days = np.full(len(found.micros), np.iinfo(np.int64).min)
    known = found.known
    if found.offset_s is not None:
        days[known] = (found.micros + found.offset_s * 1_000_000)[known] // DAY_US
    elif found.has_offset is not None:  # the file keeps the time in UTC
        days[known] = local_days(found.micros[known], found.zone)
    else:
        days[known] = found.micros[known] // DAY_US
    return days
