"""The arguments of `guard scan` and `guard redact`."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.options import with_corpus

__all__ = ["add_redact", "add_scan"]

_AID = "An aid with known misses: it does not replace a reader."
_KINDS = "text, JSONL, CSV, Parquet, .docx, .pdf, .eml, .mbox, .html; a folder or a glob of them; FILE.sqlite#TABLE, FILE.duckdb#TABLE or postgresql://...#TABLE"
_Commands = argparse._SubParsersAction


def add_scan(sub: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard scan`."""
    scan = sub.add_parser(
        "scan",
        help="find status in files and tables",
        description="Find immigration status, and print how much of which class stands in which file, never its words.",
        epilog=_AID,
    )
    scan.add_argument("inputs", nargs="+", metavar="IN", help=_KINDS)
    scan.add_argument("--out", type=Path, metavar="OUT", help="write what was found and where, as JSON lines")
    scan.add_argument(
        "--fail-on",
        choices=("certain", "probable", "possible"),
        help="end with exit code 1 if anything as sure is found",
    )
    _with_reading(scan)
    scan.set_defaults(run="brightline.cli.guardscan:scan_command", mode="scan")


def add_redact(sub: _Commands[argparse.ArgumentParser]) -> None:
    """Add `guard redact`."""
    redact = sub.add_parser(
        "redact",
        help="hide status in copies of files and tables",
        description="Write inputs again with what was found hidden: the clause or the value, not the word alone. The input is not changed.",
        epilog=_AID,
    )
    redact.add_argument("inputs", nargs="+", metavar="IN", help=_KINDS)
    redact.add_argument(
        "--out",
        metavar="OUT",
        help="the copy: a file of the same kind (a PDF becomes .txt), a new folder for several inputs; for a table a .csv file or FILE.sqlite#TABLE",
    )
    redact.add_argument(
        "--mode",
        choices=("mask", "tag", "quarantine", "review"),
        default="mask",
        help="a block for each hidden character, a tag with the class, texts with findings set aside whole, or a list of places without words (default: mask)",
    )
    redact.add_argument(
        "--aside",
        type=Path,
        metavar="FILE",
        help="where --mode quarantine sets texts aside (default: OUT.quarantine.jsonl)",
    )
    redact.add_argument("--in-place", action="store_true", help="change a table of a database itself")
    _with_reading(redact)
    redact.set_defaults(run="brightline.cli.guardscan:redact_command", fail_on=None)


def _with_reading(parser: argparse.ArgumentParser) -> None:
    """How inputs are read and judged."""
    parser.add_argument(
        "--least",
        choices=("certain", "probable", "possible"),
        default="probable",
        help="how sure a finding must be (default: probable)",
    )
    parser.add_argument("--basis", type=Path, metavar="FILE", help="what may lawfully be kept, and under which norm")
    parser.add_argument("--on", metavar="DATE", help="the day on which a basis must hold (default: today)")
    parser.add_argument(
        "--column", action="append", default=[], metavar="C", help="read this column or key only; repeat for more"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that work at once (default: 1)")
    parser.add_argument(
        "--engine",
        choices=("auto", "hyperscan", "re2", "plain"),
        default="auto",
        help="what looks for the rules (default: auto)",
    )
    parser.add_argument("--allow-skips", action="store_true", help="go on without what cannot be read; it is listed")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how the summary is printed")
    with_corpus(parser)
