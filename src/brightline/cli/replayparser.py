"""The arguments of `replay`, `replay sql` and `replay map`."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.options import NOT_ADVICE, with_corpus

__all__ = ["add_replay", "add_replay_sql_and_map"]


def add_replay(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `replay`."""
    parser = commands.add_parser(
        "replay",
        help="answer every request of a file",
        description="Answer every row of the inputs, each under the law of its profile and day, and sum up. `brightline replay sql` prints the same as SQL; `brightline replay map suggest` proposes a map.",
        epilog=NOT_ADVICE,
    )
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="IN",
        help="Parquet, CSV (.gz) or Arrow files, a folder or glob of them, FILE.duckdb#TABLE, or postgresql://...#TABLE (default: the extract that ships with Brightline)",
    )
    _with_replay(parser)
    parser.add_argument("--file", type=Path, metavar="FILE", help="an input, as IN")
    parser.add_argument(
        "--versus",
        metavar="OTHER",
        help="answer twice and tell what changes: another date, profile, PROFILE@DATE, reading NAME=VALUE, or bill:NAME",
    )
    parser.add_argument(
        "--out", type=Path, metavar="OUT", help="write the answers, row for row, to a .parquet, .csv or .csv.gz file"
    )
    parser.add_argument(
        "--keys", metavar="A,B", help="the columns to keep in the output (default: those that the map names)"
    )
    parser.add_argument("--why", action="store_true", help="write also the norms that lost")
    parser.add_argument("--due", action="store_true", help="write also when duties are due")
    parser.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="on this machine, or on Spark, which writes a folder (default: duckdb)",
    )
    parser.add_argument("--master", metavar="URL", help="where Spark runs (default: this machine)")
    parser.add_argument(
        "--on-bad",
        choices=("error", "null"),
        default="error",
        help="a value outside the domain of its fact: refuse the input, or take the fact as not known (default: error)",
    )
    parser.add_argument(
        "--pack",
        type=Path,
        metavar="FILE",
        help="keep the facts of all rows, packed, to replay them under another law at once",
    )
    parser.add_argument("--unique-keys", action="store_true", help="refuse the input if a key comes twice")
    parser.add_argument("--resume", action="store_true", help="go on with an output that was not finished")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument(
        "--chart",
        type=Path,
        metavar="FILE",
        help="draw the summary to a .svg, .png or .html file; needs the extra `charts`",
    )
    parser.set_defaults(run="brightline.cli.replaycommand:replay_command")


def add_replay_sql_and_map(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `replay sql` and `replay map`."""
    sql = commands.add_parser(
        "replay sql",
        help="print the replay as SQL",
        description="Print the query that answers every row of a table, for a database that has no Brightline. Inputs are read for the types of their columns only.",
        epilog=NOT_ADVICE,
    )
    sql.add_argument("inputs", nargs="*", metavar="IN", help="as for replay: tells the columns and their types")
    sql.add_argument(
        "--dialect",
        required=True,
        choices=("duckdb", "spark", "postgres", "bigquery", "trino"),
        help="whose SQL to write",
    )
    sql.add_argument("--table", default="requests", metavar="NAME", help="the table to read (default: requests)")
    sql.add_argument(
        "--keys", metavar="A,B", help="the columns that tell rows apart (default: those that the map names)"
    )
    sql.add_argument(
        "--on-bad",
        choices=("error", "null"),
        default="error",
        help="a value outside the domain of its fact: reject the row, or take the fact as not known (default: error)",
    )
    _with_replay(sql)
    sql.set_defaults(run="brightline.cli.replaysql:sql_command")
    maps = commands.add_parser("replay map", help="work with maps", description="Maps say how columns become facts.")
    sub = maps.add_subparsers(dest="map_command", required=True, metavar="COMMAND")
    suggest = sub.add_parser(
        "suggest",
        help="propose a map for a file",
        description="Print a proposal for a map, from the names of the columns and their words, for a person to read and correct.",
    )
    suggest.add_argument("path", metavar="FILE", help="a Parquet, CSV (.gz) or Arrow file")
    with_corpus(suggest)
    suggest.set_defaults(run="brightline.cli.suggestcommand:suggest_command")


def _with_replay(parser: argparse.ArgumentParser) -> None:
    """What is asked of every row."""
    parser.add_argument(
        "--map", metavar="MAP", help="how columns become facts: a YAML file, or a map that ships (default: detainers)"
    )
    parser.add_argument(
        "--profile", metavar="P", help="whose law: a path such as us/tx/dallas/sheriff, or the column that names it"
    )
    parser.add_argument(
        "--on",
        metavar="DATE",
        help="one date of the law for all, or the column of it (default: each request's own date)",
    )
    parser.add_argument(
        "--action",
        action="append",
        metavar="ACTION",
        help="ask about this action; repeat for more (default: as the map says)",
    )
    parser.add_argument(
        "--overlay", action="append", default=[], metavar="BILL", help="put a bill on top of the law; repeat for more"
    )
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="answer under another reading of contested law",
    )
    parser.add_argument("--strict", action="store_true", help="presume nothing: what is not mapped is not known")
    with_corpus(parser)
