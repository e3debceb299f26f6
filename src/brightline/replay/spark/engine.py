"""A replay on Spark: the workers run the generated SQL, and only counts come back. No worker needs Brightline."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brightline.law.errors import BrightlineError, shown
from brightline.replay.answers.asking import Asked
from brightline.replay.answers.tally import Tally
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.findings import HIDDEN, Findings, refuse_bad
from brightline.replay.spark.session import spark_session
from brightline.replay.spark.situations import Situations, waiting_of
from brightline.replay.spark.table import address_of, read_table
from brightline.replay.sql.query import check_query
from brightline.replay.sql.situations import SqlSituations
from brightline.replay.sql.writer import FACILITY, WEIGHT, YEAR, SqlQuery, codes_of, write_misfits, write_sql

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["SparkJob", "SparkReport", "run_on_spark"]

_VIEW = "requests"


@dataclass(frozen=True, eq=False)
class SparkJob:
    """What to replay: inputs, map and question. `out` is a folder that Spark fills with one file for each partition."""

    inputs: Sequence[str]
    mapped: FactMap
    asked: Asked
    keys: tuple[str, ...] = ()
    out: Path | None = None
    is_bad_an_error: bool = True
    unique_keys: bool = False
    master: str = "local[*]"
    has_why: bool = False


@dataclass(frozen=True)
class SparkReport:
    """What came of a job: counts of answers, what did not fit, and rows whose key came before (None: not counted).

    `waiting[action, fact]` counts open answers by the fact that they wait for; an empty fact where nobody looked.
    """

    tally: Tally
    findings: Findings
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    duplicates: int | None = None


def run_on_spark(job: SparkJob, settings: Mapping[str, str] | None = None) -> SparkReport:
    """Answer every row of a job, and write the answers. Rows read are rows answered, rows rejected and rows left out.

    Raises: BrightlineError, and leaves no output then.
    """
    if job.out is not None:
        _check_out(job.out)
        if not (job.keys or job.mapped.keys):
            raise BrightlineError(
                "replay-keys",
                "rows on Spark have no order, so that their answers need a key",
                "name the columns that tell rows apart with --keys",
                "--keys",
            )
    with spark_session(job.master, settings) as session:
        try:
            return _Run(session, job).whole()
        except BrightlineError:
            raise
        except Exception as error:  # what Spark says can hold a row's words: only the kind of failure is told
            raise BrightlineError(
                "spark-failed",
                f"Spark stopped: {_kind(error)}",
                "check that every worker can read the inputs and write to the output, and that the files are whole",
                "--engine",
            ) from None


def _check_out(out: Path) -> None:
    name = out.name.lower()
    if not name.endswith((".parquet", ".csv", ".csv.gz")) or out.is_file():
        raise BrightlineError(
            "replay-out",
            f"{shown(out)} is not a folder that Spark can fill",
            "name it .parquet, .csv or .csv.gz",
            "--out",
        )
    if not out.parent.is_dir():
        raise BrightlineError("replay-out", f"there is no folder {shown(out.parent)}", "make it first", "--out")


def _kind(error: Exception) -> str:
    """The kind of a failure: Spark's own name of the condition, or the class of the Java exception, never its text."""
    condition = getattr(error, "getCondition", lambda: None)()
    return shown(condition or type(error).__name__)


class _Run:
    def __init__(self, session: SparkSession, job: SparkJob) -> None:
        self.session, self.job = session, job
        table, present = read_table(session, job.inputs, job.mapped)
        table.createOrReplaceTempView(_VIEW)
        query = SqlQuery(
            job.asked, job.mapped, "spark", _VIEW, not job.is_bad_an_error, present, job.keys, is_counted=True
        )
        self.query, self.kept = query, check_query(query)
        self.answers = session.sql(write_sql(query))

    @cached_property
    def situations(self) -> Situations:
        """The rows with what tells them apart: a query of its own, since Spark plans the plain one with less memory."""
        told = SqlSituations(codes_of(self.query))
        return Situations(told, self.session.sql(write_sql(replace(self.query, said=told.every))))

    def whole(self) -> SparkReport:
        findings = self._findings()
        if self.job.is_bad_an_error:
            refuse_bad(findings, self.job.mapped.where)
        tally = self._tally(findings)
        if not tally.rows:
            raise BrightlineError("replay-empty", "the input holds no rows", "check that it is the right file", "IN")
        actions = self.job.asked.actions
        opened = Counter({a: number for a in actions if (number := tally.modalities(a)["open"])})
        waiting = waiting_of(self.situations, opened) if opened else Counter()
        duplicates = self._duplicates(tally.rows)
        if self.job.out is not None:
            self._write(self.job.out, self._rows())
        return SparkReport(tally, findings, waiting, duplicates)

    def _rows(self) -> DataFrame:
        """What is written: on each action the answer, and with reasons the norms that lost."""
        actions = self.job.asked.actions
        rows, names = self.answers, [*map(_quoted, self.kept), "rejected"]
        if self.job.has_why:
            rows = self.situations.with_defeated(actions)
        for action in actions:
            names += [f"`{action}`", f"`{action}_marks`", f"`{action}_norm`"]
            names += [f"`{action}_defeated`"] if self.job.has_why else []
        return rows.select(*names)

    def _findings(self) -> Findings:
        """The words that do not fit the map."""
        found = Findings()
        for kind, what, word, number in self.session.sql(write_misfits(self.query)).toLocalIterator():
            found.count(kind, what, [(HIDDEN if word is None else word, number)])
        return found

    def _tally(self, findings: Findings) -> Tally:
        """The answers, counted by the workers."""
        actions = self.job.asked.actions
        columns = ", ".join(f"'{a}', `{a}`, `{a}_marks`, `{a}_norm`" for a in actions)
        told = f"STACK({len(actions)}, {columns}) AS (action, modality, marks, norm)"
        grouped = (
            self.answers.selectExpr(YEAR, FACILITY, "rejected", WEIGHT, told)
            .groupBy(YEAR, FACILITY, "rejected", "action", "modality", "marks", "norm")
            .agg({"*": "count", WEIGHT: "sum"})
            .selectExpr(YEAR, FACILITY, "rejected", "action", "modality", "marks", "norm", "`count(1)`", f"`sum({WEIGHT})`")
        )  # fmt: skip
        counts = _Counts(actions[0], findings, self.job.mapped)
        for row in grouped.toLocalIterator():
            counts.add(tuple(row))
        return counts.tally

    def _duplicates(self, rows: int) -> int | None:
        """Rows whose key came before, where somebody asked. Raises: BrightlineError `replay-duplicates`."""
        if not self.job.unique_keys:
            return None
        keys = list(self.job.keys or self.job.mapped.keys)
        found = rows - self.answers.select(*map(_quoted, keys)).distinct().count()
        if found:
            raise BrightlineError(
                "replay-duplicates",
                f"{found:,} rows have a key that came before",
                "name more columns with --keys, or leave out --unique-keys: each row is then answered",
                "--unique-keys",
            )
        return found

    def _write(self, out: Path, rows: DataFrame) -> None:
        """Fill a folder beside the output, and give it the output's name when it is whole."""
        unfinished = out.with_name(f"{out.name}.unfinished").absolute()
        try:
            writer = rows.write.mode("overwrite")
            if out.name.lower().endswith(".parquet"):
                writer.parquet(address_of(unfinished))
            else:
                packed = "gzip" if out.name.lower().endswith(".gz") else "none"
                options = {"header": "true", "compression": packed, "escape": '"', "emptyValue": ""}
                writer.options(**options).csv(address_of(unfinished))
            shutil.rmtree(out, ignore_errors=True)
            unfinished.replace(out)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


class _Counts:
    """Groups of rows, added up. `first` is the action under which rows themselves are counted."""

    def __init__(self, first: str, findings: Findings, mapped: FactMap) -> None:
        self.first, self.findings = first, findings
        self.has_facility, self.reasons = bool(mapped.facility), mapped.left_out_reasons
        self.tally = Tally()

    def add(self, group: tuple[Any, ...]) -> None:
        """Count a group of rows with the same answer on an action, of one year and one facility."""
        year, place, why, action, word, marks, norm, rows, number = group
        more = Tally()
        if action == self.first:
            more.rows, more.requests, more.years = rows, number, Counter({year or "": number})
            more.answered = 0 if why else number
            if why:
                counts = self.findings.left_out if why in self.reasons else self.findings.rejected
                counts[why] += number
        if why is None:
            more.norms[action, word, norm or ""] = number
            more.by_year[year or "", action, word] = number
            more.marks.update({(action, word, mark): number for mark in (marks or "").split()})
            if self.has_facility:
                more.by_facility[place or "", action, word] = number
        self.tally.add(more)
