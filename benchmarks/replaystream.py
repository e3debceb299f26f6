"""`python -m benchmarks.replaystream`: a Parquet file answered into another, beside DuckDB copying the same file.

Each runs in a process of its own, so that its memory can be read: the rows a second, the ratio, and the most memory.
`--rows 100000000` is the size of the plan's target. The files lie in a temporary folder and go when it is done.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ACTION = "hold_beyond_release"
MAP = """
map: stream
about: One row for each request.
keys: [id]
actions: [hold_beyond_release]
columns: {prepared: {from: day, type: date}}
date: prepared
facility: place
facts:
  actor_role: jail_staff
  purpose: civil_immigration
  requester: {from: requester, values: {ICE: ice_ero, HSI: ice_hsi, CBP: cbp}}
  instrument: {from: form, values: {"I-247A*": i247a_detainer, "I-247D*": i247_detainer, "I-247N*": notification_request}}
  accompanying_instrument: {from: second, values: {none: none, I-200: i200_warrant, I-205: i205_warrant}}
  custody_state: {from: custody, values: {jail: jail, prison: prison}}
  release_due: {from: due}
  conviction_category: {from: conviction, values: {none: none, robbery: robbery, drugs: drug_offense}, other: unknown}
  years_since_conviction: {from: years}
"""


def make(path: Path, rows: int) -> None:
    """A file of made-up requests, with the columns that such files have."""
    import duckdb

    duckdb.sql(
        f"""COPY (SELECT range AS id, DATE '2016-01-01' + CAST(hash(range) % 3600 AS INTEGER) AS day,
        'JAIL ' || (hash(range, 1) % 120) AS place, ['ICE','HSI','CBP'][1 + (hash(range, 2) % 3)::INT] AS requester,
        ['I-247A','I-247D','I-247N',NULL][1 + (hash(range, 3) % 4)::INT] AS form,
        ['none','I-200','I-205'][1 + (hash(range, 4) % 3)::INT] AS second,
        ['jail','jail','prison'][1 + (hash(range, 5) % 3)::INT] AS custody, hash(range, 6) % 2 = 0 AS due,
        ['none','robbery','drugs',NULL][1 + (hash(range, 7) % 4)::INT] AS conviction,
        (hash(range, 8) % 40)::INT AS years FROM range({rows})) TO '{path}' (FORMAT parquet)"""
    )


def copy(source: Path, out: Path) -> None:
    """The floor: DuckDB copies the file."""
    import duckdb

    duckdb.sql("SET threads = 2")
    duckdb.sql(f"COPY (SELECT * FROM '{source}') TO '{out}' (FORMAT parquet)")


def replay(source: Path, out: Path, *more: str) -> None:
    """What is measured: each row answered under the law of its own day."""
    from brightline.cli.main import main

    mapped = out.with_suffix(".yaml")
    mapped.write_text(MAP)
    code = main(
        [
            "replay",
            str(source),
            "--map",
            str(mapped),
            "--profile",
            "us/mn/hennepin/sheriff",
            "--out",
            str(out),
            "--json",
            *more,
        ]
    )
    if code:
        raise SystemExit(code)


def measured(kind: str, source: Path, out: Path) -> tuple[float, float, int]:
    """Seconds, processor seconds and the most memory in MiB of one run in its own process."""
    code = (
        "import sys,time,resource,pathlib,json\n"
        "from benchmarks import replaystream as b\n"
        f"t=time.perf_counter(); b.{kind}(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])); t=time.perf_counter()-t\n"
        "u=resource.getrusage(resource.RUSAGE_SELF)\n"
        "print('\\n'+json.dumps([t,u.ru_utime+u.ru_stime,u.ru_maxrss//1024]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(source), str(out)], capture_output=True, text=True, check=True
    )
    seconds, cpu, memory = json.loads(run.stdout.strip().splitlines()[-1])
    return seconds, cpu, memory


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the ratios. Always exit 0: a busy machine is no defect."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replaystream", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of the file (default: 2,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in which the two take turns (default: 3)")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        make(source, args.rows)
        print(f"{args.rows:,} rows, {source.stat().st_size / 1e6:,.0f} MB of Parquet")
        ratios = []
        for _ in range(args.rounds):
            started = time.perf_counter()
            copied, answered = measured("copy", source, out), measured("replay", source, out)
            ratios.append(copied[0] / answered[0])
            for name, (seconds, cpu, memory) in (("DuckDB copies", copied), ("replay answers", answered)):
                print(
                    f"  {name:<16}{args.rows / seconds / 1e6:8.2f} M rows/s {cpu / args.rows * 1e9:9.1f} ns of processor/row {memory:7,} MiB"
                )
            print(f"  the speed of a copy: {ratios[-1]:.0%}   ({time.perf_counter() - started:.0f} s)")
        print(f"the best of {args.rounds} rounds: {max(ratios):.0%} of the speed of a copy (the target is 60 %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
