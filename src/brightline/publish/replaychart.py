"""The summary of a replay as a chart: bars by year or by action, with the same numbers as a table beside it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from brightline.law.errors import BrightlineError, shown

__all__ = ["check_chart", "write_chart"]

_WORDS = ("required", "prohibited", "permitted", "unsettled", "open", "contradictory", "too_early")
# Okabe and Ito's colours, told apart by the colour-blind; the words stand in the legend and in the table besides.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#F0E442", "#000000", "#999999")
_KINDS = (".svg", ".png", ".html")
Plain = Mapping[str, Any]


def check_chart(path: Path) -> None:
    """Whether a chart can be drawn to a file. Raises: BrightlineError `replay-out`, `missing-extra`."""
    if path.suffix.lower() not in _KINDS or path.is_dir() or not path.parent.is_dir():
        raise BrightlineError(
            "replay-out",
            f"{shown(path)} is not a file for a chart",
            "name it .svg, .png or .html, in a folder that is there",
            "--chart",
        )
    for module in ("altair", "vl_convert"):
        try:
            importlib.import_module(module)
        except ImportError:
            raise BrightlineError(
                "missing-extra", "a chart needs Altair", "install it: pip install 'brightline[charts]'", "--chart"
            ) from None


def write_chart(path: Path, told: Plain) -> None:
    """Draw what `brightline replay --json` tells; the file appears whole or not at all."""
    import vl_convert

    spec = _chart(told).to_json()
    kind = path.suffix.lower()
    if kind == ".png":
        content = vl_convert.vegalite_to_png(spec, scale=2)
    else:
        svg = _described(vl_convert.vegalite_to_svg(spec), told)
        content = (_page(svg, told) if kind == ".html" else svg).encode("utf-8")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _rows(told: Plain) -> list[dict[str, Any]]:
    """One row for each action, year and answer that came."""
    return [
        {"action": action.replace("_", " "), "year": str(year["year"] or "no day"), "answer": word, "requests": number}
        for year in told["years"]
        for action, counts in year["answers"].items()
        for word, number in counts.items()
        if number
    ]


def _chart(told: Plain) -> Any:
    import altair

    rows = _rows(told)
    used = [word for word in _WORDS if any(row["answer"] == word for row in rows)]
    colours = [_COLOURS[_WORDS.index(word)] for word in used]
    data = altair.Data(values=[{**row, "order": _WORDS.index(row["answer"])} for row in rows])
    return (
        altair.Chart(data)
        .mark_bar(stroke="#333333", strokeWidth=0.5)
        .encode(
            x=altair.X("year:N", title=None, axis=altair.Axis(labelAngle=0)),
            y=altair.Y("requests:Q", title=told["noun"]),
            color=altair.Color(
                "answer:N", scale=altair.Scale(domain=used, range=colours), title="the answer", sort=used
            ),
            order="order:O",
            column=altair.Column("action:N", title=None, sort=[a["action"].replace("_", " ") for a in told["actions"]]),
        )
        .properties(width=max(120, 28 * len(told["years"])), height=220, title=_title(told))
    )


def _title(told: Plain) -> str:
    return f"{told['requests']:,} {told['noun']} under {told['law']}"


def _alternative(told: Plain) -> str:
    """The chart in words."""
    sentences = []
    for one in told["actions"]:
        counts = ", ".join(f"{word.replace('_', ' ')} {n:,}" for word, n in one["answers"].items() if n)
        sentences.append(f"{one['action'].replace('_', ' ')}: {counts or 'no answers'}.")
    return f"{_title(told)}. " + " ".join(sentences)


def _described(svg: str, told: Plain) -> str:
    """The picture with a title and a description for those who do not see it."""
    head, _, rest = svg.partition(">")
    head = f'{head} role="img" aria-labelledby="chart-title chart-text"'
    return (
        f'{head}><title id="chart-title">{escape(_title(told))}</title>'
        f'<desc id="chart-text">{escape(_alternative(told))}</desc>{rest}'
    )


def _page(svg: str, told: Plain) -> str:
    """A page with the picture and its numbers as a table."""
    lines = "".join(
        f"<tr><th scope=row>{escape(r['action'])}</th><td>{escape(r['year'])}</td><td>{escape(r['answer'])}</td>"
        f"<td>{r['requests']:,}</td></tr>\n"
        for r in sorted(_rows(told), key=lambda r: (r["action"], r["year"], _WORDS.index(r["answer"])))
    )
    notes = "".join(f"<li>{escape(sentence)}</li>" for sentence in told["cannot_tell"])
    return (
        f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>{escape(_title(told))}</title>\n"
        "<style>body{font:1rem/1.5 sans-serif;max-width:70rem;margin:auto;padding:1rem}svg{max-width:100%;height:auto}"
        "table{border-collapse:collapse}td,th{border:1px solid #666;padding:.2rem .6rem;text-align:left}"
        "td:last-child{text-align:right}</style>\n"
        f"<h1>{escape(_title(told))}</h1>\n<figure>{svg}<figcaption>{escape(_alternative(told))}</figcaption></figure>\n"
        f"<table><caption>The same numbers</caption><thead><tr><th scope=col>action<th scope=col>year"
        f"<th scope=col>answer<th scope=col>{escape(told['noun'])}</tr></thead><tbody>\n{lines}</tbody></table>\n"
        + (f"<h2>What the columns cannot tell</h2><ul>{notes}</ul>\n" if notes else "")
        + "<p>Not legal advice.</p></html>\n"
    )
