"""Packing: columns become the planes of a file, batch by batch, so that they can be asked again without the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from brightline.law.errors import BrightlineError
from brightline.law.situation import known_fact, parse_value
from brightline.law.vocabulary import Fact, Vocabulary
from brightline.replay.engine.columns import Column, Columns
from brightline.replay.engine.compiled import usable_columns
from brightline.replay.engine.packing import Words, check_values, fill_plane
from brightline.replay.engine.planes import BELOW, BIT, KNOWN, Plane
from brightline.replay.packed.owncolumns import OWN
from brightline.replay.packed.packedfile import SEGMENT, Directory, PlaneFile, Segment

__all__ = ["Own", "Packer"]

# What is kept of each row besides its facts, by the names of `owncolumns`.
Own = Mapping[str, npt.NDArray[np.int64]]


class Packer:
    """Writes a packed population, batch by batch; the file gets its name when the `with` block ends well.

    `cuts` are numbers that questions are likely to ask for, kept as planes of their own. Rows keep their order.
    `profiles` are those that rows may have, by the numbers that `append` is given.
    Raises: BrightlineError `transient-packed`, `replay-column-type`, `unknown-fact`, `unknown-value`, `unwritable`.
    """

    def __init__(
        self,
        path: Path,
        vocabulary: Vocabulary,
        *,
        cuts: Mapping[str, Iterable[int]] | None = None,
        profiles: Sequence[str] = (),
        notes: Mapping[str, str] | None = None,
    ) -> None:
        self.vocabulary, self.notes, self.profiles = vocabulary, dict(notes or {}), tuple(profiles)
        self.every = {**vocabulary.facts, **OWN}
        self.cuts = {name: frozenset(numbers) for name, numbers in (cuts or {}).items()}
        self.file = PlaneFile(path)
        self.rows, self.waiting = 0, list[Columns]()
        self.numbers: dict[Plane, int] = {}
        self.segments: list[Segment] = []
        self.facts: dict[str, tuple[str, tuple[str, ...]]] = {}

    def __enter__(self) -> Packer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.file.discard()
            return
        try:
            self.finish()
        except BaseException:
            self.file.discard()
            raise

    def append(self, columns: Columns, own: Own | None = None) -> None:
        """Pack more rows, with what is kept of each besides its facts."""
        storable = self._storable(columns)
        kept = {name: Column(name, numbers) for name, numbers in (own or {}).items()}
        self.waiting.append(Columns(columns.rows, {**storable.facts, **kept}))
        self.rows += columns.rows
        while sum(each.rows for each in self.waiting) >= SEGMENT:
            self._pack(SEGMENT)

    def finish(self) -> Directory:
        """Pack what is left, write the directory and give the file its name."""
        if left := sum(each.rows for each in self.waiting):
            self._pack(left)
        directory = Directory(
            self.rows, self.facts, tuple(self.numbers), tuple(self.segments), self.notes, self.profiles
        )
        self.file.finish(directory)
        return directory

    def _storable(self, columns: Columns) -> Columns:
        every = self.vocabulary.facts
        for name in (*columns.facts, *(n for n, value in columns.constants.items() if value is not None)):
            if known_fact(name, every, every).is_transient:
                raise BrightlineError(
                    "transient-packed",
                    f"`{name}` is transient, which no file may keep",
                    "leave it out of the map, or answer from the columns",
                    "facts",
                )
        usable = usable_columns(every, columns)
        for name, column in usable.facts.items():
            check_values(column, every[name], slice(None))
        constant = {n: _constant(every[n], v, columns.rows) for n, v in columns.constants.items() if v is not None}
        return Columns(columns.rows, {**usable.facts, **constant})

    def _pack(self, rows: int) -> None:
        columns = self._taken(rows)
        blocks, _, words = Segment(rows, 0, (), (), 0).shape
        found: dict[int, Words] = {}
        ones: list[int] = []
        digits: set[int] = set()
        for name, column in columns.facts.items():
            fact = self.every[name]
            if name not in OWN:
                self.facts[name] = fact.kind, fact.values
            narrow = _narrow(column)
            for plane in _planes_of(fact, column, self.cuts.get(name, frozenset())):
                number = self.numbers.setdefault(plane, len(self.numbers))
                if plane.kind == BIT and not fact.domain:
                    digits.add(number)
                bits = np.zeros(blocks * words, dtype=np.uint64)
                if plane.kind == KNOWN and column.known is None:
                    ones.append(number)
                    continue
                fill_plane(plane, narrow if plane.kind == BIT else column, slice(None), bits)
                if not (count := int(np.bitwise_count(bits).sum())):
                    continue
                if count == rows:
                    ones.append(number)
                else:
                    found[number] = bits
        # Digits of numbers last: most are seldom asked for, and what is read lies side by side.
        numbers = sorted(found, key=lambda number: number in digits)
        planes = np.empty((blocks, len(numbers), words), dtype=np.uint64)
        for place, number in enumerate(numbers):
            planes[:, place] = found[number].reshape(blocks, words)
        self.segments.append(self.file.add(rows, numbers, ones, planes))

    def _taken(self, rows: int) -> Columns:
        """The first rows that wait, as whole columns with nothing where nothing is known."""
        taken, count = list[Columns](), 0
        while count < rows:
            first = self.waiting.pop(0)
            if count + first.rows > rows:
                self.waiting.insert(0, _rows_of(first, slice(rows - count, None)))
                first = _rows_of(first, slice(0, rows - count))
            taken.append(first)
            count += first.rows
        names = dict.fromkeys(name for each in taken for name in each.facts)
        return Columns(rows, {name: _joined(self.every[name], taken) for name in names})


def _constant(fact: Fact, raw: object, rows: int) -> Column:
    value = parse_value(fact, raw)
    if not isinstance(value, (bool, int, str)):
        raise BrightlineError(
            "replay-column-type",
            f"`{fact.name}` is a time, which is not packed",
            "give the numbers worked out from it",
            "facts",
        )
    number = fact.domain.index(value) if fact.domain else int(value)
    return Column(fact.name, np.full(rows, number, dtype=np.uint16 if fact.domain else np.int64))


def _rows_of(columns: Columns, rows: slice) -> Columns:
    facts = {
        name: Column(name, c.values[rows], None if c.known is None else c.known[rows])
        for name, c in columns.facts.items()
    }
    return Columns(len(range(*rows.indices(columns.rows))), facts)


def _joined(fact: Fact, parts: Sequence[Columns]) -> Column:
    """One column from the parts, 0 where nothing is known."""
    columns = [part.facts.get(fact.name) or _nothing(fact, part.rows) for part in parts]
    values = np.concatenate([c.values if c.known is None else np.where(c.known, c.values, 0) for c in columns])
    if all(column.known is None for column in columns):
        return Column(fact.name, values)
    return Column(
        fact.name,
        values,
        np.concatenate([np.ones(len(c.values), bool) if c.known is None else c.known for c in columns]),
    )


def _nothing(fact: Fact, rows: int) -> Column:
    return Column(fact.name, np.zeros(rows, dtype=np.uint8), np.zeros(rows, dtype=np.bool_))


def _narrow(column: Column) -> Column:
    """The column in as few bytes as its numbers need, so that its digits are found sooner; 0 for what ran back."""
    if column.values.dtype == np.bool_:
        return column
    top = int(column.values.max(initial=0))
    width = np.uint8 if top < 1 << 8 else np.uint16 if top < 1 << 16 else np.uint32
    values = np.maximum(column.values, 0) if column.values.dtype.kind == "i" else column.values
    return Column(column.fact, values.astype(width), column.known)


def _planes_of(fact: Fact, column: Column, cuts: frozenset[int]) -> list[Plane]:
    """The planes of a fact: what is known, its code or digits, and cuts; of a number that ran back, only that it did."""
    most = len(fact.domain) - 1 if fact.domain else max(1, int(column.values.max(initial=1)))
    below = cuts | {0} if fact.derived is not None else cuts
    return [
        Plane(fact.name, KNOWN),
        *(Plane(fact.name, BIT, bit) for bit in range(most.bit_length())),
        *(Plane(fact.name, BELOW, cut) for cut in sorted(below) if not fact.domain),
    ]
