"""The arguments of `law` and what stands below it."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.cli.options import NOT_ADVICE, with_corpus

__all__ = ["add_law"]


def add_law(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `law` with its commands."""
    law = commands.add_parser(
        "law", help="check, test, show and format the law files", description="Work with the law files."
    )
    sub = law.add_subparsers(dest="law_command", required=True, metavar="COMMAND")
    check = sub.add_parser(
        "check",
        help="find what is wrong with the law files",
        description="Every finding has its place, the words at fault and what to do. Exit 1 if there are findings.",
    )
    check.add_argument("path", nargs="?", default="", help="a folder or file of the corpus (default: all of it)")
    check.add_argument("--json", action="store_true", help="print the findings as JSON")
    with_corpus(check)
    check.set_defaults(run="brightline.cli.lawcommands:check_command")
    fmt = sub.add_parser(
        "fmt",
        help="write law files in the one canonical layout",
        description="Rewrite law files in the canonical layout; comments on lines of their own are kept.",
    )
    fmt.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: the corpus)")
    fmt.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is not in the layout")
    with_corpus(fmt)
    fmt.set_defaults(run="brightline.cli.lawcommands:fmt_command")
    show = sub.add_parser(
        "show",
        help="print the law that binds a profile",
        description="The stack of authorities and norms that binds a profile; without one, the list of profiles.",
    )
    show.add_argument("profile", nargs="?", help="a path such as us/mn/minneapolis/police")
    show.add_argument("--on", metavar="DATE", help="the date of the law (default: today)")
    show.add_argument("--action", metavar="ACTION", help="only norms on this action")
    with_corpus(show)
    show.set_defaults(run="brightline.cli.lawcommands:show_command")
    test = sub.add_parser(
        "test",
        help="run scenario files against the law",
        description="Run scenario files; for a miss, the working is shown. Exit 1 on a miss.",
    )
    test.add_argument("files", nargs="+", type=Path, metavar="FILE", help="scenario files")
    test.add_argument("--json", action="store_true", help="print the results as JSON")
    test.add_argument("--verbose", "-v", action="store_true", help="show the working of every case")
    with_corpus(test)
    test.set_defaults(run="brightline.cli.lawcommands:test_command")
    schema = sub.add_parser(
        "schema",
        help="print the JSON Schema of law files",
        description="A JSON Schema for completion and checks in editors.",
    )
    with_corpus(schema)
    schema.set_defaults(run="brightline.cli.lawcommands:schema_command")
    _mutate_parser(sub)
    _prove_parser(sub)
    _publish_parsers(sub)


def _publish_parsers(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    book = sub.add_parser(
        "book",
        help="write the law book of a profile as web pages",
        description="Static pages that need no server: the stack, every action with its picture, every authority with its scenarios and history, a search. An older book in the folder is replaced.",
        epilog=NOT_ADVICE,
    )
    book.add_argument("profile", help="whose law: a path such as us/mn/minneapolis/police")
    book.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder to write: new, empty, or with an older book"
    )
    book.add_argument("--on", metavar="DATE", help="the date of the law (default: today)")
    with_corpus(book)
    book.set_defaults(run="brightline.cli.publishcommand:book_command")
    card = sub.add_parser(
        "card",
        help="write a one-page card for the wall",
        description="The few questions, the answers, what to say, whom to call and by when, on one page.",
        epilog=NOT_ADVICE,
    )
    card.add_argument("profile", help="whose law: a path such as us/tx/dallas/sheriff")
    card.add_argument(
        "topic",
        metavar="ACTION|REQUEST_TYPE",
        help="an action such as ask_status, or what is asked or served: hold, information, i247a_detainer ...",
    )
    card.add_argument(
        "--out", type=Path, metavar="FILE", help="the file to write (default: card- and the topic, in this folder)"
    )
    card.add_argument(
        "--pdf", action="store_true", help="write tagged PDF (PDF/UA-1) instead of HTML; needs the extra `reports`"
    )
    card.add_argument("--on", metavar="DATE", help="the date of the law (default: today)")
    with_corpus(card)
    card.set_defaults(run="brightline.cli.publishcommand:card_command")


def _prove_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    prove = sub.add_parser(
        "prove",
        help="prove theorems about a profile's law, or the properties in a file",
        description="Each theorem holds for every situation, or the exact set where it fails is shown. Exit 1 if a property that must hold does not.",
        epilog=NOT_ADVICE,
    )
    prove.add_argument(
        "what", metavar="PROFILE|FILE", help="a path such as us/mn/minneapolis/police, or a YAML file with `must_hold`"
    )
    prove.add_argument("--on", metavar="DATE", help="the date of the law (default: today; for a file, its own dates)")
    prove.add_argument(
        "--action", action="append", metavar="ACTION", help="prove this action only, with every line; repeat for more"
    )
    prove.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="prove it under another reading of contested law; repeat for more",
    )
    prove.add_argument("--json", action="store_true", help="print the proofs as JSON")
    with_corpus(prove)
    prove.set_defaults(run="brightline.cli.provecommand:prove_command")


def _mutate_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser(
        "mutate",
        help="find changes of the law that no scenario sees",
        description="Change one thing that is written in a law file at a time, and tell whether a scenario beside it fails. A change that alters no answer anywhere is shown equivalent. For every other that no scenario sees, the missing scenario is written out. With --write, the files of edge cases are made anew from the law and the scenarios that a person wrote, without those that are no longer needed. Exit 1 if a scenario is still missing.",
    )
    parser.add_argument("path", nargs="?", default="", help="a folder or file of the corpus (default: all of it)")
    parser.add_argument("--json", action="store_true", help="print the reports as JSON")
    parser.add_argument("--write", action="store_true", help="write the edge cases beside the law anew")
    parser.add_argument(
        "--jobs", type=_jobs, default=0, metavar="N", help="how many processes to use (default: one for each core)"
    )
    with_corpus(parser)
    parser.set_defaults(run="brightline.cli.mutatecommand:mutate_command")


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 999:
        raise argparse.ArgumentTypeError("write a whole number from 1 to 999")
    return int(text[:4])
