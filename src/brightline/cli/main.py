"""The brightline command: reads its arguments and hands them on. Bad input ends in exit 2 and the next step."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from brightline.cli.billparser import add_bill, add_compare
from brightline.cli.guardparser import add_guard
from brightline.cli.lawparser import add_law
from brightline.cli.options import NOT_ADVICE
from brightline.cli.replayparser import add_replay, add_replay_sql_and_map
from brightline.cli.requestparser import add_answer, add_ask
from brightline.law.errors import BrightlineError

__all__ = ["build_parser", "main"]


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
    add_answer(commands)
    add_ask(commands)
    add_law(commands)
    add_compare(commands)
    add_bill(commands)
    add_replay(commands)
    add_replay_sql_and_map(commands)
    add_guard(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
