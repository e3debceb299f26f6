"""The arguments of `answer` and `ask`."""

from __future__ import annotations

import argparse

from brightline.cli.options import NOT_ADVICE, with_request

__all__ = ["add_answer", "add_ask"]


def add_answer(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `answer`."""
    parser = commands.add_parser(
        "answer",
        help="answer one request",
        description="Answer one request: what is required, prohibited and permitted, why, and by when.",
        epilog=NOT_ADVICE,
    )
    with_request(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.set_defaults(run="brightline.cli.request:answer_command")


def add_ask(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ask`."""
    parser = commands.add_parser(
        "ask",
        help="interview: one question at a time",
        description="One question at a time, until the answers are settled. Answer with a number or a word; `?` not sure, `<` back, `q` stop.",
        epilog=NOT_ADVICE,
    )
    with_request(parser)
    parser.set_defaults(run="brightline.cli.interview:ask_command")
