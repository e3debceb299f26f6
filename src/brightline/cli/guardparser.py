"""The arguments of the commands under `guard`, one function for each."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.guardlintparser import add_lint
from brightline.cli.guardscanparser import add_redact, add_scan
from brightline.cli.options import with_corpus

__all__ = ["add_guard"]

_Commands = argparse._SubParsersAction


def add_guard(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard` and its commands."""
    parser = commands.add_parser(
        "guard",
        help="keep immigration status out of text, forms, tables and exports",
        description="Finds immigration status and what stands for it. An aid with known misses: it does not replace a reader.",
    )
    sub = parser.add_subparsers(dest="guard_command", required=True, metavar="COMMAND")
    add_scan(sub)
    add_redact(sub)
    add_lint(sub)
    _add_table(sub)
    _add_test(sub)
    _add_score(sub)


def _add_table(sub: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard table`."""
    table = sub.add_parser(
        "table",
        help="write a table again without status",
        description="Tag the columns of a table once, then pass, mask or drop each, and hide status within texts. If anything cannot be read, nothing is written.",
        epilog="An aid with known misses: it does not replace a reader.",
    )
    table.add_argument(
        "input",
        metavar="IN",
        help=".csv, .csv.gz, .tsv, .parquet, FILE.duckdb#TABLE, FILE.sqlite#TABLE or postgresql://...#TABLE",
    )
    table.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="OUT",
        help="the cleaned table: .csv or .csv.gz for CSV and databases, .parquet for Parquet and DuckDB",
    )
    table.add_argument(
        "--query", default="", metavar="SQL", help="export the rows of a query on the database instead of a table"
    )
    table.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was removed and why, as JSON, without any value"
    )
    table.add_argument("--policy", type=Path, metavar="FILE", help="what becomes of which column, as YAML")
    for choice, does in (("drop", "leave out"), ("mask", "mask every cell of"), ("pass", "do not drop or mask")):
        table.add_argument(
            f"--{choice}",
            dest="let_pass" if choice == "pass" else choice,
            action="append",
            default=[],
            metavar="COLUMN",
            help=f"{does} this column, or the columns that a glob names; repeat for more",
        )
    table.add_argument(
        "--on-status", choices=("drop", "mask"), help="what becomes of columns that ask for status (default: drop)"
    )
    table.add_argument(
        "--on-review",
        choices=("pass", "drop", "mask"),
        help="what becomes of weak proxies such as language (default: pass)",
    )
    table.add_argument("--basis", type=Path, metavar="FILE", help="what may lawfully leave, and under which norm")
    table.add_argument("--on", metavar="DATE", help="the day on which a basis must hold (default: today)")
    table.add_argument(
        "--least",
        choices=("certain", "probable", "possible"),
        default="probable",
        help="how sure a finding must be (default: probable)",
    )
    table.add_argument(
        "--encoding",
        default="",
        metavar="NAME",
        help="the encoding of a CSV file (default: UTF-8, or UTF-16 by its mark)",
    )
    table.add_argument(
        "--delimiter",
        default="",
        metavar="SIGN",
        help="what parts the columns of a CSV file (default: told from its first line)",
    )
    table.add_argument(
        "--engine",
        choices=("auto", "hyperscan", "re2", "plain"),
        default="auto",
        help="what looks for the rules (default: auto)",
    )
    table.add_argument("--format", choices=("table", "json"), default="table", help="how the report is printed")
    with_corpus(table)
    table.set_defaults(run="brightline.cli.guardtable:table_command")


def _add_test(sub: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard test`."""
    test = sub.add_parser(
        "test",
        help="test rule packs by their own examples",
        description="Read rule packs, run every example that stands in them, and print those that do not hold. Exit code 1 if there are any.",
    )
    test.add_argument(
        "packs",
        nargs="*",
        metavar="PACK",
        help="a pack file, or a folder of languages (default: the packs that ship); a file is read with the packs that ship, and its rules alone are tested",
    )
    test.add_argument(
        "--rule", action="append", default=[], metavar="NAME", help="test this rule only; repeat for more"
    )
    test.add_argument("--jsonl", type=Path, metavar="FILE", help="write the failures as JSON lines as well")
    test.set_defaults(run="brightline.cli.guardtest:test_command")


def _add_score(sub: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard score`."""
    parser = sub.add_parser(
        "score",
        help="measure the guard on passages that you have marked",
        description="Precision, recall and false alarms on JSON lines with `text` and `spans`. No text is printed.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="passages as JSON lines")
    parser.add_argument(
        "--least",
        default="probable",
        choices=("certain", "probable", "possible"),
        help="the least sure tier that counts",
    )
    parser.add_argument("--format", default="table", choices=("table", "json"), help="how to print the figures")
    parser.set_defaults(run="brightline.cli.guardscore:score_command")
