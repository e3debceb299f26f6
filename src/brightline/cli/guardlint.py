"""`brightline guard lint`: which fields would collect immigration status, and what the registry says of them."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from brightline import __version__
from brightline.cli.request import read_date
from brightline.guard.schemas.lint import Lint, lint, summed
from brightline.guard.schemas.registry import Registry, read_registry
from brightline.guard.schemas.report import json_of, sarif_of, table_of
from brightline.guard.schemas.schemalines import line_of, read_lines
from brightline.guard.schemas.walk import Read
from brightline.law.corpusfiles import load_law
from brightline.law.errors import BrightlineError, shown

__all__ = ["lint_command"]


def lint_command(args: argparse.Namespace) -> int:
    """Print the findings. Exit code 1 if one is as grave as --fail-on, else 2 if a file was skipped."""
    if bool(args.jsonl) == bool(args.paths):
        raise BrightlineError(
            "option", "name files and folders, or --jsonl FILE", "see `brightline guard lint --help`", "PATH"
        )
    if args.out and not args.jsonl:
        raise BrightlineError("option", "--out goes with --jsonl", "use --json or --sarif for other paths", "--out")
    registry = _registry(args)
    found = (
        summed(_lines(args), registry) if args.jsonl else lint(args.paths, registry, args.exclude, is_among=args.among)
    )
    if args.sarif:
        write_whole(args.sarif, [json.dumps(sarif_of(found, __version__), indent=2, ensure_ascii=False)])
    if args.json:
        print(json.dumps(json_of(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(table_of(found)))
    return _exit_code(found, args)


def _exit_code(found: Lint, args: argparse.Namespace) -> int:
    if found.fails(args.fail_on):
        return 1
    return 2 if found.skipped and not args.allow_skips else 0


def _registry(args: argparse.Namespace) -> Registry:
    if not args.registry:
        return Registry()
    on = read_date(args.on) if args.on else datetime.now(UTC).date()
    return read_registry(args.registry, load_law(args.corpus), on)


def _lines(args: argparse.Namespace) -> list[Read]:
    """What stands in the lines; the output is written whole before anything else is printed."""
    if args.out and args.out.resolve() == args.jsonl.resolve():
        raise BrightlineError("guard-out", "the output is also the input", "name another file", "--out")
    read = list(read_lines(args.jsonl))
    if args.out:
        write_whole(args.out, (line_of(identity, one) for identity, one in read))
    return [one for _, one in read]


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write a file whole or not at all. Raises: BrightlineError `guard-out` where it cannot be written."""
    try:
        with _replacing(path) as stream:
            stream.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        said = (error.strerror or "unknown").lower()
        raise BrightlineError(
            "guard-out", f"cannot write {shown(path)}: {said}", "choose another place", str(path)
        ) from None


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[object]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
