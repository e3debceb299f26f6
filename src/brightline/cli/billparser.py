"""The arguments of `compare` and `bill`: what another law would change."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.options import NOT_ADVICE, with_corpus

__all__ = ["add_bill", "add_compare"]


def add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `compare`."""
    parser = commands.add_parser(
        "compare",
        help="what changes between two laws, exactly",
        description="The exact set of situations whose answer differs. BEFORE and AFTER are dates, profiles, PROFILE@DATE, versions AUTHORITY@VERSION, readings NAME=VALUE, or bill:NAME. Exit 1 if an action had to be refused.",
        epilog=NOT_ADVICE,
    )
    parser.add_argument("before", metavar="BEFORE")
    parser.add_argument("after", metavar="AFTER")
    parser.add_argument("--profile", help="whose law, where BEFORE or AFTER names none")
    parser.add_argument("--on", metavar="DATE", help="the date, where BEFORE or AFTER names none (default: today)")
    parser.add_argument("--action", action="append", metavar="ACTION", help="compare this action only; repeat for more")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every line of the exact difference to a file")
    parser.add_argument(
        "--history", metavar="FILE", help="past requests (as for replay): how many would get another answer"
    )
    parser.add_argument(
        "--map",
        default="detainers",
        metavar="MAP",
        help="how the columns of the history become facts (default: detainers)",
    )
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
    with_corpus(parser)
    parser.set_defaults(run="brightline.cli.comparecommand:compare_command")


def add_bill(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `bill` with its commands."""
    bill = commands.add_parser(
        "bill",
        help="what a bill would change",
        description="Bills on file. None is applied unless it is named.",
        epilog=NOT_ADVICE,
    )
    sub = bill.add_subparsers(dest="bill_command", required=True, metavar="COMMAND")
    listing = sub.add_parser(
        "list", help="print the bills on file", description="The bills on file, with their status."
    )
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    with_corpus(listing)
    listing.set_defaults(run="brightline.cli.billcommand:bill_list_command")
    effect = sub.add_parser(
        "effect",
        help="what bills would change for a profile",
        description="A page that a council member can read: what would be required, prohibited or permitted, who is bound, which law would fall or collide, duties, money at risk, and what stays.",
        epilog=NOT_ADVICE,
    )
    effect.add_argument(
        "bill",
        nargs="+",
        metavar="BILL",
        help="a bill such as us/119/hr-32, or a YAML file; several are applied together",
    )
    effect.add_argument("--profile", required=True, help="for whom: a path such as us/mn/minneapolis/police")
    effect.add_argument(
        "--on", metavar="DATE", help="the date of the law to put the bill on, past or future (default: today)"
    )
    effect.add_argument(
        "--history",
        metavar="FILE",
        help="past requests (as for replay): how many would get another answer",
    )
    effect.add_argument(
        "--map",
        default="detainers",
        metavar="MAP",
        help="how the columns of the history become facts (default: detainers)",
    )
    effect.add_argument(
        "--funds-usd",
        type=int,
        metavar="N",
        help="your own figure of the money that the bill speaks of, in dollars a year",
    )
    effect.add_argument("--out", type=Path, metavar="FILE", help="write every line of the exact difference to a file")
    effect.add_argument("--json", action="store_true", help="print the effect as JSON")
    with_corpus(effect)
    effect.set_defaults(run="brightline.cli.billcommand:bill_effect_command")
    reach = sub.add_parser(
        "reach",
        help="how much of a population an exception of a bill covers",
        description="The share of a population that an exception really covers, with its uncertainty. Nothing is presumed of anybody.",
        epilog=NOT_ADVICE,
    )
    reach.add_argument("bill", metavar="BILL", help="a bill such as us/119/hr-32, or a YAML file")
    reach.add_argument("--exception", required=True, metavar="ID", help="the exception, by its id in the bill file")
    reach.add_argument(
        "--population",
        required=True,
        type=Path,
        metavar="FILE",
        help="a CSV of cases: a column for each fact, and `weight`, `draw` and `note` if wanted",
    )
    reach.add_argument("--profile", default="us", help="whose standing facts hold for the cases (default: us)")
    reach.add_argument("--on", metavar="DATE", help="the date of the law (default: today)")
    reach.add_argument("--json", action="store_true", help="print the reach as JSON")
    with_corpus(reach)
    reach.set_defaults(run="brightline.cli.reachcommand:bill_reach_command")
