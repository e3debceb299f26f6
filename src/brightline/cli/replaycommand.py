"""`brightline replay`: every request of a file answered again, row for row, and summed up."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brightline.cli.asked import overlaid, read_asked, read_versus, settings_of
from brightline.cli.layout import Page
from brightline.cli.replaypage import replay_page
from brightline.cli.replayreport import report_json
from brightline.law.corpusfiles import load_law
from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.replay.files.sinks import unfinished
from brightline.replay.files.sources import find_sources
from brightline.replay.history import EXTRACT, PLAIN_MAP
from brightline.replay.job import Job, Report
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.mapfile import find_map
from brightline.replay.packedrun import is_packed, packed_map, run_packed
from brightline.replay.pipeline import Progress, run

__all__ = ["replay_command", "replay_job"]

_NOT_ON_SPARK = {
    "versus": "it answers under one law at a time",
    "due": "clocks and calendars cannot be written as its SQL",
    "resume": "it writes a folder whole or not at all",
    "pack": "a packed population keeps the order of rows, and rows on Spark have none",
}
_TOLD = ("profile", "on", "action", "overlay", "reading", "strict", "versus", "keys", "why", "due", "on_bad")


def replay_command(args: argparse.Namespace) -> int:
    """Answer every row, write the answers, and print the summary."""
    law = overlaid(load_law(args.corpus), args)
    started = time.perf_counter()
    _check_options(args)
    job = replay_job(law, args)
    try:
        told = report_json(law, job, _answered(job, args))
    except KeyboardInterrupt:
        if job.out is None or args.pack or not unfinished(job.out).exists():
            raise
        print(f"stopped: go on with --resume; {shown(job.out)} is not written yet", file=sys.stderr)
        return 2
    if args.chart:
        from brightline.publish.replaychart import write_chart

        write_chart(args.chart, told)
    if args.json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n".join(replay_page(Page.for_output(), law, told, time.perf_counter() - started)))
    return 0


def _answered(job: Job, args: argparse.Namespace) -> Report:
    if args.engine == "spark":
        return _on_spark(job, args)
    if job.out and not job.resume and unfinished(job.out).exists():
        print("note: what was unfinished is dropped; --resume would have gone on with it", file=sys.stderr)
    with _progress(job) as progress:
        return run_packed(Path(args.inputs[0]), job, progress) if is_packed_input(args) else run(job, progress)


def _on_spark(job: Job, args: argparse.Namespace) -> Report:
    from brightline.replay.spark.engine import SparkJob, run_on_spark

    told = run_on_spark(
        SparkJob(
            _inputs(args),
            job.mapped,
            job.asked,
            job.keys,
            job.out,
            job.is_bad_an_error,
            job.unique_keys,
            args.master or "local[*]",
            job.has_why,
        )
    )
    return Report(told.tally, told.findings, told.waiting, told.duplicates)


def _inputs(args: argparse.Namespace) -> list[str]:
    return [*args.inputs, *([str(args.file)] if args.file else [])] or [str(EXTRACT)]


def replay_job(law: Law, args: argparse.Namespace) -> Job:
    """What the options ask for. Raises: BrightlineError before anything is read but headers and footers."""
    mapped = find_map(args.map or PLAIN_MAP, law)
    if is_packed_input(args):
        mapped = packed_map(Path(args.inputs[0]), mapped)
    has_columns = args.engine != "spark" and not is_packed_input(args)
    sources = find_sources(_inputs(args), mapped) if has_columns else []
    asked, mapped = read_asked(law, mapped, None if args.engine == "spark" else sources, args)
    versus = read_versus(asked, mapped, args.versus, args) if args.versus else None
    if versus is not None and not versus.profile and not mapped.profile_column:
        raise BrightlineError("replay-asked", "nothing says whose law to compare with", "add --profile", "--versus")
    _check_out(args.out, _inputs(args))
    return Job(
        sources=sources, mapped=mapped, asked=asked, versus=versus, keys=_keys(mapped, args), out=args.out,
        has_why=args.why, has_due=args.due, is_bad_an_error=args.on_bad == "error", resume=args.resume,
        unique_keys=args.unique_keys, pack=args.pack, settings=settings_of(mapped, law, args, _TOLD),
    )  # fmt: skip


def is_packed_input(args: argparse.Namespace) -> bool:
    """Whether the one input is a packed population. Raises: BrightlineError `option` for options that need columns."""
    packed = [word for word in args.inputs if is_packed(Path(word))]
    if not packed:
        return False
    if len(args.inputs) + bool(args.file) > 1:
        raise BrightlineError("option", "a packed population is replayed alone", "name one input", "IN")
    for name in ("keys", "why", "due", "resume", "unique_keys", "pack"):
        if getattr(args, name):
            option = "--" + name.replace("_", "-")
            raise BrightlineError(
                "option", f"`{option}` needs columns, which a packed population has not", "leave it out", option
            )
    return True


def _keys(mapped: FactMap, args: argparse.Namespace) -> tuple[str, ...]:
    return (
        tuple(dict.fromkeys(word.strip() for word in args.keys.split(",") if word.strip()))
        if args.keys
        else mapped.keys
    )


def _check_options(args: argparse.Namespace) -> None:
    """Refuse options that say nothing together. Raises: BrightlineError `option`."""
    for name, needed in (("resume", "out"), ("unique_keys", "out"), ("why", "out"), ("due", "out")):
        if getattr(args, name) and not getattr(args, needed):
            option = "--" + name.replace("_", "-")
            raise BrightlineError("option", f"`{option}` needs a file to write", "add --out FILE", option)
    for name in ("why", "due", "unique_keys"):
        if getattr(args, name) and args.versus:
            option = "--" + name.replace("_", "-")
            raise BrightlineError("option", f"`{option}` does not go with --versus", "leave out one of them", option)
    for name, why in _NOT_ON_SPARK.items():
        if getattr(args, name) and args.engine == "spark":
            raise BrightlineError(
                "option", f"`--{name}` does not go with --engine spark: {why}", "leave out --engine spark", f"--{name}"
            )
    if args.master and args.engine != "spark":
        raise BrightlineError("option", "`--master` is for Spark", "add --engine spark", "--master")
    if args.chart:
        from brightline.publish.replaychart import check_chart

        check_chart(args.chart)


def _check_out(out: Path | None, words: list[str]) -> None:
    if out and any(Path(word.partition("#")[0]).resolve() == out.resolve() for word in words):
        raise BrightlineError("replay-out", f"{shown(out)} is also an input", "name another file", "--out")


@contextmanager
def _progress(job: Job) -> Iterator[Progress]:
    """A bar with the rate and the time left; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda rows, share: None
        return
    from brightline.law.extras import needs

    total = sum(source.rows or 0 for source in job.sources) if all(s.rows is not None for s in job.sources) else None
    width, height = shutil.get_terminal_size()
    bar = needs("tqdm", "replay").tqdm(
        total=total, unit=" rows", unit_scale=True, leave=False, file=sys.stderr, ncols=width, nrows=height
    )

    def move(rows: int, share: float) -> None:
        is_first = bar.n == 0
        if total is None and share > 0:
            bar.total = int((bar.n + rows) / share)
        bar.update(rows)
        if is_first:
            bar.refresh()

    with bar:
        yield move
