"""The arguments of `guard lint`."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.options import with_corpus

__all__ = ["add_lint"]


def add_lint(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `guard lint`."""
    lint = sub.add_parser(
        "lint",
        help="find fields of schemas and forms that would collect immigration status",
        description="Reads SQL, JSON Schema, OpenAPI, CSV and Parquet headers, HTML forms, Django models, PDF forms, NIEM XSD and live databases, and lists the fields that ask for immigration status or what stands for it. Exit code 1 for findings as grave as --fail-on, 2 where something could not be read.",
    )
    lint.add_argument(
        "paths", nargs="*", metavar="PATH", help="files, folders, SQLite or DuckDB files, or postgresql://... addresses"
    )
    lint.add_argument(
        "--registry",
        type=Path,
        metavar="FILE",
        help="what is lawfully kept: a YAML file with field, purpose, norm, retention, place and expiry",
    )
    lint.add_argument(
        "--fail-on",
        choices=("prohibited", "basis", "review", "never"),
        default="basis",
        help="the least grave finding that fails (default: basis)",
    )
    lint.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="leave out files and folders; repeat for more"
    )
    lint.add_argument(
        "--among",
        action="store_true",
        help="pass over named files that are no schema, as in a folder; for hooks that name every changed file",
    )
    lint.add_argument(
        "--allow-skips",
        action="store_true",
        help="do not fail where a file could not be read; it is listed all the same",
    )
    lint.add_argument("--on", metavar="DATE", help="the day on which the registry must hold (default: today)")
    lint.add_argument("--json", action="store_true", help="print the findings as JSON")
    lint.add_argument("--sarif", type=Path, metavar="FILE", help="write the findings as SARIF 2.1.0")
    lint.add_argument(
        "--jsonl",
        type=Path,
        metavar="FILE",
        help='judge schemas that stand one to a line, as {"id", "kind", "name", "context", "content"}',
    )
    lint.add_argument("--out", type=Path, metavar="OUT", help='with --jsonl: write {"id", "fields"} for each line')
    with_corpus(lint)
    lint.set_defaults(run="brightline.cli.guardlint:lint_command")
