"""The brightline command: reads its arguments and hands them on. Bad input ends in exit 2 and the next step."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError

__all__ = ["build_parser", "main"]

NOT_ADVICE = "Not legal advice: a lawyer of the jurisdiction signs off each norm, and `unsettled` means call counsel."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Exit code 0: done; 1: a miss or a finding; 2: the input cannot be used."""
    args = build_parser().parse_args(argv)
    try:
        code = _command(args)(args)
        sys.stdout.flush()
    except BrightlineError as error:
        return _fail(f"error: {error}")
    except BrokenPipeError:
        _say_no_more()
        return 0
    except KeyboardInterrupt:
        return _fail("stopped: nothing was kept")
    except OSError as error:
        _say_no_more()
        return _fail(
            f"error: cannot read or write: {(error.strerror or 'unknown').lower()} [io]\n  help: free some space or check permissions, then run the command again"
        )
    return code


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


def _say_no_more() -> None:
    """Send what is still buffered nowhere: a full disk or a reader who left would fail again when Python closes it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _command(args: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """The function behind a command, imported only when it is called: a cold start reads little."""
    import importlib

    module, _, name = args.run.partition(":")
    found: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(module), name)
    return found


class _Words(argparse.ArgumentParser):
    """Reads `replay sql` and `replay map` as commands of their own: `replay` takes files in their place."""

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:
        """As argparse does, once such words are one."""
        words = list(sys.argv[1:] if args is None else args)
        if words[:1] == ["replay"] and words[1:2] and words[1] in ("sql", "map"):
            words[:2] = [" ".join(words[:2])]
        return super().parse_known_args(words, namespace)


def build_parser() -> argparse.ArgumentParser:
    """Every command and option; docs/reference/commands.md is generated from it."""
    from brightline import __version__

    parser = _Words(
        prog="brightline",
        description="What the law requires, prohibits and permits when a federal immigration request comes in.",
        epilog=NOT_ADVICE,
    )
    parser.add_argument("--version", action="version", version=f"brightline {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=argparse.ArgumentParser
    )
    _answer_parser(commands)
    _ask_parser(commands)
    _law_parser(commands)
    _compare_parser(commands)
    _bill_parser(commands)
    _replay_parser(commands)
    _replay_more_parsers(commands)
    return parser


def _with_corpus(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="a folder of law files (default: the law that ships with Brightline)"
    )


def _with_request(parser: argparse.ArgumentParser) -> None:
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
    _with_corpus(parser)


def _answer_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "answer",
        help="answer one request",
        description="Answer one request: what is required, prohibited and permitted, why, and by when.",
        epilog=NOT_ADVICE,
    )
    _with_request(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.set_defaults(run="brightline.cli.request:answer_command")


def _ask_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "ask",
        help="interview: one question at a time",
        description="One question at a time, until the answers are settled. Answer with a number or a word; `?` not sure, `<` back, `q` stop.",
        epilog=NOT_ADVICE,
    )
    _with_request(parser)
    parser.set_defaults(run="brightline.cli.interview:ask_command")


def _law_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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
    _with_corpus(check)
    check.set_defaults(run="brightline.cli.lawcommands:check_command")
    fmt = sub.add_parser(
        "fmt",
        help="write law files in the one canonical layout",
        description="Rewrite law files in the canonical layout; comments on lines of their own are kept.",
    )
    fmt.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: the corpus)")
    fmt.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is not in the layout")
    _with_corpus(fmt)
    fmt.set_defaults(run="brightline.cli.lawcommands:fmt_command")
    show = sub.add_parser(
        "show",
        help="print the law that binds a profile",
        description="The stack of authorities and norms that binds a profile; without one, the list of profiles.",
    )
    show.add_argument("profile", nargs="?", help="a path such as us/mn/minneapolis/police")
    show.add_argument("--on", metavar="DATE", help="the date of the law (default: today)")
    show.add_argument("--action", metavar="ACTION", help="only norms on this action")
    _with_corpus(show)
    show.set_defaults(run="brightline.cli.lawcommands:show_command")
    test = sub.add_parser(
        "test",
        help="run scenario files against the law",
        description="Run scenario files; for a miss, the working is shown. Exit 1 on a miss.",
    )
    test.add_argument("files", nargs="+", type=Path, metavar="FILE", help="scenario files")
    test.add_argument("--json", action="store_true", help="print the results as JSON")
    test.add_argument("--verbose", "-v", action="store_true", help="show the working of every case")
    _with_corpus(test)
    test.set_defaults(run="brightline.cli.lawcommands:test_command")
    schema = sub.add_parser(
        "schema",
        help="print the JSON Schema of law files",
        description="A JSON Schema for completion and checks in editors.",
    )
    _with_corpus(schema)
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
    _with_corpus(book)
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
    _with_corpus(card)
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
    _with_corpus(prove)
    prove.set_defaults(run="brightline.cli.provecommand:prove_command")


def _compare_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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
    _with_corpus(parser)
    parser.set_defaults(run="brightline.cli.comparecommand:compare_command")


def _bill_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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
    _with_corpus(listing)
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
    _with_corpus(effect)
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
    _with_corpus(reach)
    reach.set_defaults(run="brightline.cli.reachcommand:bill_reach_command")


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
    _with_corpus(parser)
    parser.set_defaults(run="brightline.cli.mutatecommand:mutate_command")


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 999:
        raise argparse.ArgumentTypeError("write a whole number from 1 to 999")
    return int(text[:4])


def _replay_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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


def _replay_more_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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
    _with_corpus(suggest)
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
    _with_corpus(parser)


if __name__ == "__main__":
    sys.exit(main())
