"""Layouts that are known: which of the shipped maps reads a file, by the names of its columns, even if some are spelt otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml

from brightline.law.yamlfile import load_yaml
from brightline.replay.maps.mapfile import shipped_maps
from brightline.replay.maps.sample import SampledColumn
from brightline.replay.maps.suggestwords import SuggestWords

__all__ = ["KnownLayout", "known_layouts", "text_for"]

_ALIKE = 0.85
_FEWEST = 2  # columns: a map that needs fewer would fit nearly any file
_BLOCK = re.compile(r"^columns:\n(?:[ #].*\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A shipped map that reads a file. `taken` has the file's column for each name that the map reads.

    `unlike` are those whose names in the file are not the map's own.
    """

    name: str
    path: Path
    needed: int
    taken: Mapping[str, str]
    unlike: tuple[str, ...]


def known_layouts(columns: Sequence[SampledColumn], words: SuggestWords) -> list[KnownLayout]:
    """The shipped maps whose needed columns a file has, the one that reads most of it first. Columns of status never count."""
    names = [c.name for c in columns if not words.tells_of_status(c, is_recognised=True)]
    found = (
        _fit(name, path, names, words) for name, path in shipped_maps().items() if words.is_the_file_of(name, columns)
    )
    return sorted(
        (one for one in found if one), key=lambda one: (len(one.unlike), -one.needed, -len(one.taken), one.name)
    )


def _fit(name: str, path: Path, names: Sequence[str], words: SuggestWords) -> KnownLayout | None:
    content = load_yaml(path, path.name)
    taken: dict[str, str] = {}
    unlike: list[str] = []
    needed = 0
    for alias, sources, optional in _read_by(content):
        left = [n for n in names if n not in taken.values()]
        column = next((s for s in sources if s in left), None) or _alike(sources, left, words)
        if column is None:
            if optional:
                continue
            return None
        needed += not optional
        taken[alias] = column
        if column not in sources:
            unlike.append(alias)
    return KnownLayout(name, path, needed, taken, tuple(unlike)) if needed >= _FEWEST else None


def _read_by(content: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Each column that a map reads: the map's name for it, its names in a file, and whether a file may lack it."""
    given = content.get("columns") or {}
    for alias, spec in given.items():
        yield alias, _sources(spec, alias), not isinstance(spec, str) and bool(spec.get("optional"))
    plain = [*content.get("keys", ()), content.get("date"), content.get("facility")]
    rules = [content.get("profile"), *content["facts"].values()]
    plain += [rule["from"] for rule in rules if isinstance(rule, Mapping) and "from" in rule]
    aliased = {source for spec in given.values() for source in _sources(spec, "")}
    for name in dict.fromkeys(plain):
        if name and name not in given and name not in aliased:
            yield name, (name,), False


def _sources(spec: Any, alias: str) -> tuple[str, ...]:
    names = spec if isinstance(spec, str) else spec.get("from", alias)
    return tuple(names) if isinstance(names, list) else (names,)


def _alike(sources: Sequence[str], names: Sequence[str], words: SuggestWords) -> str | None:
    """The column whose name is another spelling of one of the sources: the same words, or nearly the same letters."""
    wanted = {words.words_of(source) for source in sources}
    same = next((name for name in names if words.words_of(name) in wanted), None)
    if same is not None:
        return same
    scored = [(_likeness(source, name), name) for source in sources for name in names]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _letters(one), _letters(other)).ratio()


def _letters(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def text_for(layout: KnownLayout) -> str:
    """The shipped map, with the file's own names for the columns that it names otherwise."""
    text = layout.path.read_text(encoding="utf-8")
    if not layout.unlike:
        return text
    given: dict[str, Any] = dict(yaml.safe_load(text).get("columns") or {})
    for alias in layout.unlike:
        spec = given.get(alias, {})
        given[alias] = {**({} if isinstance(spec, str) else spec), "from": layout.taken[alias]}
    lines = "".join(
        f"  {_quoted(alias)}: {_flow(spec)}{'  # check: is this the column?' if alias in layout.unlike else ''}\n"
        for alias, spec in given.items()
    )
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda _: f"columns:\n{lines}", text, count=1)
    return text.replace("facts:\n", f"columns:\n{lines}facts:\n", 1)


def _flow(value: object) -> str:
    return (
        str(yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False)).removesuffix("...\n").strip()
    )


def _quoted(word: str) -> str:
    return _flow(word)
