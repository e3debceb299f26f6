"""The same policy over columns in seven engines: from the raw columns of many rows to the number of the deciding norm.

What is fair: each engine is used in the fastest way that its public interface offers for columns, prepared once before
the clock starts, on one thread, with the columns as it likes them best (Arrow types, ENUM columns, arrays). A number
stands for the norm that decides, and the last for none. Engines that take one case at a time get a part of the rows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.engines import Cedar, OpenFisca, Zen, arrays
from benchmarks.policy import ACTION, BOOLS, ENUMS, INTS, ON, PROFILE, Facts, ordered_norms
from brightline.law.library import Law
from brightline.law.vocabulary import Expression
from brightline.replay.engine.columns import Column, Columns, Question, Result
from brightline.replay.engine.compiled import Compiled

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is first imported

Raw = Mapping[str, npt.NDArray[Any]]


def raw_columns(rows: int, seed: int) -> dict[str, npt.NDArray[Any]]:
    """Random rows, every value of a fact as likely as any other: 39 bytes each."""
    rng = np.random.default_rng(seed)
    raw: dict[str, npt.NDArray[Any]] = {b: rng.integers(0, 2, rows, dtype=np.uint8).view(np.bool_) for b in BOOLS}
    raw.update({e: rng.integers(0, len(vs), rows, dtype=np.uint8) for e, vs in ENUMS.items()})
    raw.update({i: rng.integers(0, top + 1, rows, dtype=np.int32) for i, top in INTS.items()})
    return raw


def as_columns(raw: Raw) -> Columns:
    return Columns(len(next(iter(raw.values()))), {name: Column(name, values) for name, values in raw.items()})


def as_facts(raw: Raw, row: int) -> Facts:
    """One row as an engine for one case takes it."""
    facts: Facts = {b: bool(raw[b][row]) for b in BOOLS}
    facts.update({e: vs[raw[e][row]] for e, vs in ENUMS.items()})
    facts.update({i: int(raw[i][row]) for i in INTS})
    return facts


def norm_numbers(law: Law, result: Result) -> npt.NDArray[np.uint8]:
    """The deciding norms of a result, as the other engines number them."""
    order = {norm.id: n for n, norm in enumerate(ordered_norms(law))}
    table = np.array([order.get(name, len(order)) for name in result.norms], dtype=np.uint8)
    return table[result.norm]


class Scan:
    """The floor: every column read once."""

    name = "scan of the columns"

    def __init__(self, law: Law, raw: Raw) -> None:
        self.raw = [values.view(np.uint8 if values.itemsize == 1 else values.dtype) for values in raw.values()]

    def run(self) -> None:
        for values in self.raw:
            values.max()


class BrightlineColumns:
    """Modality, marks and deciding norm of every row, into room that is taken again."""

    def __init__(self, law: Law, raw: Raw, executor: str) -> None:
        self.name = f"Brightline, {executor}"
        self.law, self.columns = law, as_columns(raw)
        self.compiled = Compiled(Question(law, PROFILE, ON, (ACTION,)), executor)
        self.results = self.compiled.answer(self.columns)

    def run(self) -> None:
        self.results = self.compiled.answer(self.columns, self.results)

    def norms(self) -> npt.NDArray[np.uint8]:
        return norm_numbers(self.law, self.results[0])


class NumpySelect:
    """One condition array for each norm, then `numpy.select`."""

    name = "numpy.select"

    def __init__(self, law: Law, raw: Raw) -> None:
        norms = ordered_norms(law)
        self.raw, self.default = dict(raw), len(norms)
        self.code = compile("[" + ", ".join(arrays(n.condition) for n in norms) + "]", "<the policy for NumPy>", "eval")
        self.choices = [np.uint8(i) for i in range(len(norms))]

    def run(self) -> None:
        conditions = eval(self.code, {"__builtins__": {}}, self.raw)
        self.found = np.select(conditions, self.choices, np.uint8(self.default))

    def norms(self) -> npt.NDArray[np.uint8]:
        return self.found


class PolarsWhen:
    """One `when/then` chain, lazily, on one thread."""

    name = "Polars when/then"

    def __init__(self, law: Law, raw: Raw) -> None:
        import polars as pl

        self.pl = pl
        self.frame = pl.DataFrame(dict(raw))
        norms = ordered_norms(law)
        chain: Any = pl
        for i, norm in enumerate(norms):
            chain = chain.when(self._condition(norm.condition)).then(pl.lit(i, pl.UInt8))
        self.query = self.frame.lazy().select(chain.otherwise(pl.lit(len(norms), pl.UInt8)).alias("decides"))

    def _condition(self, expression: Expression) -> Any:
        word, pl = expression[0], self.pl
        if word in ("and", "or"):
            parts = [self._condition(part) for part in expression[1:]]  # type: ignore[arg-type]
            return pl.all_horizontal(parts) if word == "and" else pl.any_horizontal(parts)
        if word == "not":
            return ~self._condition(expression[1])  # type: ignore[arg-type]
        name = str(expression[1])
        if word == "lt":
            return pl.col(name) < expression[2]
        if name in BOOLS:
            return pl.col(name)
        codes = [ENUMS[name].index(value) for value in expression[2]]  # type: ignore[attr-defined]
        return pl.col(name) == codes[0] if len(codes) == 1 else pl.col(name).is_in(codes)

    def run(self) -> None:
        self.found = self.query.collect()["decides"].to_numpy()

    def norms(self) -> npt.NDArray[np.uint8]:
        return self.found


class DuckCase:
    """One flat `CASE` over a table in memory with ENUM columns, on one thread."""

    name = "DuckDB CASE"

    def __init__(self, law: Law, raw: Raw) -> None:
        import duckdb

        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.register("given", dict(raw))
        chosen = []
        for name in raw:
            words = ", ".join(f"'{value}'" for value in ENUMS.get(name, ()))
            if words:
                self.connection.execute(f"CREATE TYPE {name}_word AS ENUM ({words})")
            chosen.append(f"([{words}])[{name} + 1]::{name}_word AS {name}" if words else name)
        self.connection.execute(f"CREATE TABLE rows AS SELECT {', '.join(chosen)} FROM given")
        norms = ordered_norms(law)
        lines = " ".join(f"WHEN {_sql(n.condition)} THEN {i}::UTINYINT" for i, n in enumerate(norms))
        self.query = f"SELECT CASE {lines} ELSE {len(norms)}::UTINYINT END AS decides FROM rows"

    def run(self) -> None:
        self.found = self.connection.execute(self.query).fetchnumpy()["decides"]

    def norms(self) -> npt.NDArray[np.uint8]:
        return np.asarray(self.found)


def _sql(expression: Expression) -> str:
    word = expression[0]
    if word in ("and", "or"):
        return "(" + f" {word} ".join(_sql(part) for part in expression[1:]) + ")"  # type: ignore[arg-type]
    if word == "not":
        return f"(NOT {_sql(expression[1])})"  # type: ignore[arg-type]
    if word == "lt":
        return f"{expression[1]} < {expression[2]}"
    if expression[1] in BOOLS:
        return str(expression[1])
    values = [f"'{value}'" for value in expression[2]]  # type: ignore[attr-defined]
    return f"{expression[1]} = {values[0]}" if len(values) == 1 else f"{expression[1]} IN ({', '.join(values)})"


class FiscaColumns:
    """OpenFisca with its variables set from arrays."""

    name = "OpenFisca"

    def __init__(self, law: Law, raw: Raw) -> None:
        self.inside, self.raw = OpenFisca(law), raw

    def run(self) -> None:
        inside = self.inside
        simulation = inside.builder().build_default_simulation(inside.system, count=len(self.raw[BOOLS[0]]))
        for name, values in self.raw.items():
            simulation.set_input(name, inside.period, values)
        self.found = simulation.calculate("decides", inside.period)

    def norms(self) -> npt.NDArray[np.uint8]:
        return self.found.astype(np.uint8)


class OneAtATime:
    """An engine for one case, on the first rows."""

    def __init__(self, engine: type[Cedar] | type[Zen], law: Law, raw: Raw, rows: int) -> None:
        self.inside = engine(law)
        self.name = self.inside.name
        self.cases = [as_facts(raw, row) for row in range(rows)]
        self.order = {norm.id: n for n, norm in enumerate(ordered_norms(law))}

    def run(self) -> None:
        self.told = self.inside.many(self.cases)

    def norms(self) -> npt.NDArray[np.uint8]:
        return np.array([self.order.get(norm, len(self.order)) for _, norm in self.told], dtype=np.uint8)
