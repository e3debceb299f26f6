"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["NOT_ADVICE", "with_corpus", "with_request"]

NOT_ADVICE = "Not legal advice: a lawyer of the jurisdiction signs off each norm, and `unsettled` means call counsel."


def with_corpus(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the law."""
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="a folder of law files (default: the law that ships with Brightline)"
    )


def with_request(parser: argparse.ArgumentParser) -> None:
    """Add what is known of one request."""
    parser.add_argument("--profile", required=True, help="whose answer: a path such as us/mn/hennepin/sheriff")
    parser.add_argument("--on", metavar="DATE", help="the date of the law to apply (default: today)")
    parser.add_argument(
        "--at",
        metavar="DATETIME",
        help="when the request arrived, with its UTC offset; sets --on and starts the clocks",
    )
    parser.add_argument(
        "--fact", action="append", default=[], metavar="NAME=VALUE", help="a fact that is known; repeat for more"
    )
    parser.add_argument(
        "--facts",
        action="append",
        default=[],
        metavar="FILE",
        help="known facts from a YAML or JSON file, or - for standard input",
    )
    parser.add_argument(
        "--action",
        action="append",
        metavar="ACTION",
        help="answer this action only; repeat for more (default: all that the request puts in play)",
    )
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="answer under another reading of contested law",
    )
    parser.add_argument("--strict", action="store_true", help="presume nothing: what is not stated is unknown")
    with_corpus(parser)
