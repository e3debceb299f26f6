"""The summary of a replay laid out for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brightline.cli.layout import Page, action_words
from brightline.law.errors import shown
from brightline.law.library import Law
from brightline.law.overlay import norms_named
from brightline.replay.files.keys import COUNTED_ROWS

__all__ = ["replay_page"]

_BAR, _MOST, _MOST_NORMS = 24, 8, 3
Plain = Mapping[str, Any]


def replay_page(page: Page, law: Law, told: Plain, seconds: float) -> Iterator[str]:
    """The page of what `report_json` tells."""
    yield page.rule("=")
    rows = told["rows"]
    rate = f"{seconds:.2f} s" + (f", {rows / seconds:,.0f} a second" if rows > 10_000 and seconds else "")
    yield page.wrapped("", page.paint(f"{_number(told)} under {told['law']}", "1") + f"   ({rate})", 1, 0)
    yield page.rule("=")
    if "versus" in told:
        yield from _versus_lines(page, told)
    else:
        for one in told["actions"]:
            yield from _action_lines(page, law, told, one)
    yield from _facility_lines(page, told)
    yield from _finding_lines(page, told)
    for sentence in told["cannot_tell"]:
        yield page.wrapped("", sentence, 1, 0)
    yield " Not legal advice."


def _number(told: Plain) -> str:
    """How many requests; and in how many rows, where a row stands for several."""
    return f"{told['requests']:,} {told['noun']}" + (
        f" (in {told['rows']:,} rows)" if told["rows"] != told["requests"] else ""
    )


def _action_lines(page: Page, law: Law, told: Plain, one: Plain) -> Iterator[str]:
    action = one["action"]
    contested = told["contested"][action]
    yield ""
    yield page.paint(f" {action_words(action)}", "1") + (
        f"   another reading would answer {contested:,} of them differently" if contested else ""
    )
    words = [word for word, number in one["answers"].items() if number]
    yield from _year_lines(told, action, words, one["answers"])
    for word in words:
        for line in [n for n in one["norms"] if n["modality"] == word][:_MOST_NORMS]:
            yield page.wrapped(word, _reason(law, line), 3, 14)
    yield from _waiting_lines(page, law, one)


def _year_lines(told: Plain, action: str, words: list[str], total: Mapping[str, int]) -> Iterator[str]:
    yield "   year  requests" + "".join(w.replace("_", " ").rjust(14) for w in words)
    most = max((year["requests"] for year in told["years"]), default=1)
    for year in told["years"]:
        counts = year["answers"][action]
        bar = "#" * max(1, round(_BAR * year["requests"] / most))
        name = str(year["year"] or "none")
        yield f"   {name:>4}  {year['requests']:>8,}" + "".join(f"{counts.get(w, 0):>14,}" for w in words) + f"   {bar}"
    if len(told["years"]) > 1:
        yield f"   all   {told['requests']:>8,}" + "".join(f"{total[w]:>14,}" for w in words)


def _reason(law: Law, line: Plain) -> str:
    if line["norm"] is None:
        words = {
            "contradictory": "the facts of the row cannot all be so",
            "too_early": "older than any law of the corpus for the profile",
            "open": "one more fact is needed",
        }
        return f"{line['requests']:,}: " + words.get(line["modality"], "the law is silent: the agency's own decision")
    norm = next(iter(norms_named(law, line["norm"])), None)
    return f"{line['requests']:,}: " + (f"{norm.says} -- {norm.cites}" if norm else line["norm"])


def _waiting_lines(page: Page, law: Law, one: Plain) -> Iterator[str]:
    for line in one["waiting_for"][:_MOST]:
        fact = law.vocabulary.facts.get(line["fact"] or "")
        asks = f"{fact.question} (`{fact.name}`)" if fact else "not looked into: too many different situations"
        yield page.wrapped("waiting for", f"{line['requests']:,}: {asks}", 3, 14)


def _versus_lines(page: Page, told: Plain) -> Iterator[str]:
    versus = told["versus"]
    yield page.wrapped("against", versus["law"], 1, 9)
    yield f" {versus['changed']:,} of {told['requests']:,} would get another answer."
    for one in told["actions"]:
        lines = [c for c in versus["changes"] if c["action"] == one["action"]]
        before, after = (list(dict.fromkeys(c[side] for c in lines)) for side in ("before", "after"))
        yield ""
        yield page.paint(f" {action_words(one['action'])}", "1")
        yield "   before / after".ljust(18) + "".join(word.replace("_", " ").rjust(15) for word in after)
        for word in before:
            counts = {c["after"]: c["requests"] for c in lines if c["before"] == word}
            yield f"   {word.replace('_', ' '):<15}" + "".join(f"{counts.get(w, 0):>15,}" for w in after)
    yield ""


def _facility_lines(page: Page, told: Plain) -> Iterator[str]:
    places = told["facilities"]
    if len(places) < 2:
        return
    action = told["actions"][0]["action"]
    yield ""
    yield page.paint(f" {action_words(action)}, by facility", "1") + f"   ({len(places):,} facilities)"
    for place in places[:_MOST]:
        counts = ", ".join(f"{word.replace('_', ' ')} {n:,}" for word, n in place["answers"][action].items() if n)
        yield f"   {(place['facility'] or 'none')[:34]:<34} {place['requests']:>8,}   {counts}"
    if len(places) > _MOST:
        yield "   the others are in the JSON (--json)"


def rows_beyond(told: Plain) -> bool:
    """Whether there were too many rows to look for keys that come twice."""
    return bool(told["rows"] > COUNTED_ROWS)


def _finding_lines(page: Page, told: Plain) -> Iterator[str]:
    yield ""
    for label, key in (("rejected", "rejected"), ("left out", "left_out")):
        for why, number in told[key].items():
            yield page.wrapped(label, f"{number:,} rows: {why}", 1, 10)
    for label, key in (("unmapped", "unmapped"), ("not read", "bad_values")):
        for what, words in told[key].items():
            listed = ", ".join(f"{shown(w['word'])} {w['count']:,}" for w in words[:_MOST])
            more = f" and {len(words) - _MOST:,} other words" if len(words) > _MOST else ""
            yield page.wrapped(label, f"{what}: {listed}{more}; taken as not known", 1, 10)
    if told["duplicate_keys"]:
        yield page.wrapped(
            "keys", f"{told['duplicate_keys']:,} rows have a key that came before; all are answered", 1, 10
        )
    if told["duplicate_keys"] is None and told["out"] and rows_beyond(told):
        yield page.wrapped("keys", "not looked at for twins in so many rows: add --unique-keys", 1, 10)
    if told["out"]:
        yield page.wrapped("written", told["out"], 1, 10)
