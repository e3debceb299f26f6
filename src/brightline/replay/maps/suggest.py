"""A proposal for a map, from the header of a file, its types and its words. A person must read it before it is used.

What tells of a person is never shown: no word of a column that looks like status or identity, no word of a column that is
not recognised, and of the others only those that are known or common and harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import fill
from typing import Any

import yaml

from brightline.law.errors import BrightlineError, shown
from brightline.law.vocabulary import Fact, Vocabulary
from brightline.replay.maps.knownlayout import KnownLayout, known_layouts, text_for
from brightline.replay.maps.sample import SampledColumn, sampled_columns
from brightline.replay.maps.suggestwords import SuggestWords, fits, read_words

__all__ = ["suggest_map"]

_MOST_SHOWN, _SEEN, _LONGEST = 12, 5, 60
_HEART = ("accompanying_instrument", "lawful_status_claim", "conviction_category", "charge_category", "release_due_at")


@dataclass
class _Sorted:
    """The columns of a file by what they are taken for. Each column is in one place."""

    date: SampledColumn | None = None
    facility: SampledColumn | None = None
    facts: dict[str, tuple[SampledColumn, bool]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    identity: list[str] = field(default_factory=list)
    left: list[SampledColumn] = field(default_factory=list)


def suggest_map(path: Path, vocabulary: Vocabulary) -> str:
    """A map in YAML for a file, with comments on what is uncertain and what is not read.

    Raises: BrightlineError `unreadable`, `missing-extra`, `replay-columns` for a file in which nothing is recognised.
    """
    columns, words = sampled_columns(path), read_words()
    layouts = known_layouts(columns, words)
    if layouts:
        return "".join(_from_layout(layouts, columns, words))
    found = _sorted(columns, words, vocabulary)
    if not found.facts and not found.date:
        raise BrightlineError(
            "replay-columns",
            f"no column of {shown(path.name)} is recognised",
            "write a map by hand: see docs/how-to/map-your-columns.md",
        )
    return "".join(_from_columns(path, found, words, vocabulary))


def _from_layout(
    layouts: Sequence[KnownLayout], columns: Sequence[SampledColumn], words: SuggestWords
) -> Iterator[str]:
    best, others = layouts[0], [one.name for one in layouts[1:] if not one.unlike]
    if best.unlike:
        yield f"# Made from the map `{best.name}` that ships with Brightline: other names, otherwise the same layout.\n"
    else:
        yield f"# The layout is known: this is the map `{best.name}` that ships with Brightline (--map {best.name}).\n"
    if others:
        yield f"# Maps with the same columns: {', '.join(others)}. Look at `about` to choose.\n"
    left = [c for c in columns if c.name not in best.taken.values()]
    status = {c.name: why for c in left if (why := words.tells_of_status(c))}
    who = [c.name for c in left if c.name not in status and words.tells_who(c)]
    yield from _not_read(status, who, [c for c in left if c.name not in status and c.name not in who])
    yield text_for(best)


def _not_read(status: Mapping[str, str], who: Sequence[str], left: Sequence[SampledColumn]) -> Iterator[str]:
    """What of the file is left out, by name and reason only."""
    for why in dict.fromkeys(status.values()):
        names = [name for name, reason in status.items() if reason == why]
        yield from _comment(f"Never read, and no word of it is shown, as {why}:", map(_name, names))
    if who:
        yield from _comment("Not read, as the name says that it tells who somebody is:", map(_name, who))
    if left:
        yield from _comment("Not read, as no fact was recognised:", (f"{_name(c.name)} ({c.kind})" for c in left))
    yield "\n"


def _comment(head: str, names: Iterable[str]) -> Iterator[str]:
    """A sentence and a list as lines of a comment."""
    lines = fill(f"{head} {', '.join(names)}", 118, break_long_words=False, break_on_hyphens=False).splitlines()
    yield from (f"# {line}\n" for line in lines)


def _name(name: str) -> str:
    """A column's name on one line of a comment."""
    return "".join(c if c.isprintable() else "?" for c in name[:_LONGEST])


def _sorted(columns: Sequence[SampledColumn], words: SuggestWords, vocabulary: Vocabulary) -> _Sorted:
    found = _Sorted()
    for column in columns:
        known = _fact_of(column, words, vocabulary)
        why = words.tells_of_status(column, is_recognised=known is not None and known[1])
        if why:
            found.status[column.name] = why
        elif known is not None and known[0] not in found.facts:
            found.facts[known[0]] = (column, known[1])
        elif words.tells_who(column):
            found.identity.append(column.name)
        else:
            found.left.append(column)
    found.facility = _role("facility", found.left, words)
    found.date = _role("date", [c for c in found.left if _day(c, words) is not None], words)
    found.left = [c for c in found.left if c not in (found.date, found.facility)]
    return found


def _fact_of(column: SampledColumn, words: SuggestWords, vocabulary: Vocabulary) -> tuple[str, bool] | None:
    """The recordable fact that a column is taken for, and whether that is certain; by its name, or else by its words."""
    fact = vocabulary.facts.get("_".join(words.words_of(column.name))) or vocabulary.facts.get(column.name)
    if fact is not None and not fact.is_transient and fact.derived is None:
        return fact.name, True
    placed = {
        name: place
        for name, spec in words.facts.items()
        if name in vocabulary.facts and (place := words.place_in(column.name, spec["columns"])) is not None
    }
    usable = {n: p for n, p in placed.items() if _usable(vocabulary.facts[n], column, words)}
    if usable:
        name = min(usable, key=lambda n: (not usable[n][1], usable[n][0]))
        return name, usable[name][1]
    by_words = [name for name, spec in words.facts.items() if name in vocabulary.facts and _mostly(column, spec)]
    return (by_words[0], False) if by_words else None


def _usable(fact: Fact, column: SampledColumn, words: SuggestWords) -> bool:
    if fact.kind in ("date", "datetime"):
        return column.kind == "time" or words.format_of(column, "time") is not None
    return bool(_values(fact, column, words)[0])


def _mostly(column: SampledColumn, spec: Mapping[str, Any]) -> bool:
    """Whether nearly all words of a column are ones that a fact's list knows, by patterns that are not single plain words."""
    patterns = [p for p in spec.get("values", {}) if len(p.strip("*")) >= 5]
    known = sum(count for word, count in column.words if any(fits(p, word) for p in patterns))
    return known > 0 and known * 10 >= sum(count for _, count in column.words) * 9


def _values(fact: Fact, column: SampledColumn, words: SuggestWords) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """The lines of `values` that fit words of the column, and the words that none fits, with their counts."""
    patterns: dict[str, Any] = dict(words.facts.get(fact.name, {}).get("values", {}))
    own = {str(v).replace("_", " "): v for v in fact.domain} if fact.kind != "bool" else {}
    used: dict[str, Any] = {}
    left: list[tuple[str, int]] = []
    for word, count in column.words:
        line = next((p for p in patterns if fits(p, word)), None)
        plain = word.casefold().replace("_", " ")
        if line is None and plain in own:
            patterns[word], line = own[plain], word
        if line is None:
            left.append((word, count))
        else:
            used[line] = patterns[line]
    return {p: patterns[p] for p in patterns if p in used}, left


def _role(role: str, columns: Sequence[SampledColumn], words: SuggestWords) -> SampledColumn | None:
    placed = [(place, c) for c in columns if (place := words.place_in(c.name, words.roles[role])) is not None]
    if not placed and role == "date" and len(columns) == 1:
        return columns[0]
    return min(placed, key=lambda one: (not one[0][1], one[0][0]))[1] if placed else None


def _day(column: SampledColumn, words: SuggestWords) -> tuple[str, str] | None:
    """The type and the format of a column of days; None if it is none."""
    if column.kind in ("date", "time"):
        return column.kind, ""
    for kind in ("date", "time"):
        written = words.format_of(column, kind) if column.kind == "text" else None
        if written is not None:
            return kind, written
    return None


def _from_columns(path: Path, found: _Sorted, words: SuggestWords, vocabulary: Vocabulary) -> Iterator[str]:
    yield "# A proposal: read every line before you use it. `check` marks what is uncertain.\n"
    yield from _not_read(found.status, found.identity, found.left)
    yield f"map: {_flow(path.name.split('.')[0] or 'proposal')}\n"
    yield "about: One row is ...  # check: say what one row is\n"
    yield from _keys(found)
    yield from _day_lines(found, words)
    if found.facility:
        yield f"facility: {_flow(found.facility.name)}\n"
    yield "# profile: the profile that answers, or a column that names it; or give --profile\n"
    yield "facts:\n"
    detainers = words.facts["instrument"]["values"]
    is_detainers = "instrument" in found.facts and any(
        str(detainers.get(line, "")).endswith("_detainer")
        for line in _values(vocabulary.facts["instrument"], found.facts["instrument"][0], words)[0]
    )
    if is_detainers:
        for name, value in words.detainers.items():
            if name not in found.facts:
                yield f"  {name}: {_flow(value)}  # check: is it so for every row?\n"
    for name, (column, certain) in found.facts.items():
        yield from _fact_lines(vocabulary.facts[name], column, certain, words)
    if not found.facts:
        yield f"  requester: {_flow(words.detainers['requester'])}  # check: no fact was recognised; is this so for every row?\n"
    unsaid = [name for name in _HEART if name in vocabulary.facts and name not in found.facts]
    yield "cannot_tell:\n" + "".join(f"  {name}: No column was recognised for it.\n" for name in unsaid)


def _keys(found: _Sorted) -> Iterator[str]:
    each = [c.name for c in found.left if c.rows > 1 and c.distinct == c.rows and c.kind in ("text", "number")]
    if each:
        yield f"# keys: [{', '.join(map(_flow, each[:3]))}]  # every value differs; keep one only if it names no person\n"


def _day_lines(found: _Sorted, words: SuggestWords) -> Iterator[str]:
    times = {n: c for n, (c, _) in found.facts.items() if _is_moment(c, words)}
    if found.date is None:
        if not times:
            yield "# date: no column of days was recognised; give --on\n"
            return
        column = next(iter(times.values()))
    else:
        column = found.date
    kind, written = _day(column, words) or ("date", "")
    spec = {"from": column.name, "type": kind, **({"format": written} if written else {})}
    yield f"columns:\n  day: {_flow(spec)}{_doubt(column, written)}\ndate: day\n"


def _is_moment(column: SampledColumn, words: SuggestWords) -> bool:
    return column.kind == "time" or words.format_of(column, "time") is not None


def _doubt(column: SampledColumn, written: str) -> str:
    """A warning where day and month cannot be told apart."""
    if written.startswith(("%m/%d", "%m-%d")) and all(
        int(word[3:5]) <= 12 for word, _ in column.words if word[3:5].isdigit()
    ):
        return "  # check: nothing tells the day from the month"
    return ""


def _fact_lines(fact: Fact, column: SampledColumn, certain: bool, words: SuggestWords) -> Iterator[str]:
    mark = "" if certain else "  # check: is this the column?"
    for question in words.facts.get(fact.name, {}).get("ask", ()):
        yield f"  # check: {question}\n"
    if fact.kind in ("date", "datetime"):
        written = words.format_of(column, "time") if column.kind == "text" else ""
        yield f"  {fact.name}: {_flow({'from': column.name, **({'format': written} if written else {})})}{mark}\n"
        return
    if fact.kind in ("bool", "int"):
        yield f"  {fact.name}: {_flow({'from': column.name})}{mark}\n"
        return
    lines, left = _values(fact, column, words)
    yield f"  {fact.name}:{mark}\n    from: {_flow(column.name)}\n    values:\n"
    yield from (f"      {_quoted(line)}: {_flow(value)}\n" for line, value in lines.items())
    yield from _words_left(left, words)


def _words_left(left: Sequence[tuple[str, int]], words: SuggestWords) -> Iterator[str]:
    """The words that no line fits: the common and harmless by name, the rest by number."""
    harmless = [
        (word, count)
        for word, count in left
        if count >= _SEEN and len(word) <= _LONGEST and word.isprintable() and not words.is_status_word(word)
    ][:_MOST_SHOWN]
    for word, count in harmless:
        yield f"      # check: {_quoted(word)} ({count:,} rows) fits no line\n"
    if rest := len(left) - len(harmless):
        yield f"      # check: {rest:,} more words fit no line; they are rare, long or may tell of a person\n"


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False, allow_unicode=True)
    return str(text).removesuffix("...\n").strip()


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
