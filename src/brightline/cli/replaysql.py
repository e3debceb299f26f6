"""`brightline replay sql`: the query that answers every row of a table, for a database that has no Brightline."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from brightline.cli.asked import overlaid, read_asked
from brightline.law.corpusfiles import load_law
from brightline.replay.files.sources import Source, find_sources
from brightline.replay.files.tabletypes import Present, kind_of_arrow
from brightline.replay.history import PLAIN_MAP
from brightline.replay.maps.mapfile import find_map
from brightline.replay.sql.writer import SqlQuery, write_sql

__all__ = ["sql_command"]


def sql_command(args: argparse.Namespace) -> int:
    """Print the query."""
    law = overlaid(load_law(args.corpus), args)
    mapped = find_map(args.map or PLAIN_MAP, law)
    sources = find_sources(args.inputs, mapped) if args.inputs else None
    asked, mapped = read_asked(law, mapped, sources, args)
    keys = tuple(dict.fromkeys(word.strip() for word in (args.keys or "").split(",") if word.strip()))
    present = _present(sources) if sources else None
    print(write_sql(SqlQuery(asked, mapped, args.dialect, args.table, args.on_bad == "null", present, keys)), end="")
    return 0


def _present(sources: Sequence[Source]) -> Present:
    """The columns of the inputs, and what kind each is; text where the inputs differ."""
    found: dict[str, str] = {}
    for fields in (source.fields() for source in sources):
        for name, kind in _kinds(fields).items():
            found[name] = kind if found.get(name, kind) == kind else "text"
    return found


def _kinds(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: "text" if kind is None else kind_of_arrow(kind) for name, kind in fields.items()}
