"""The fields of a rule pack, and how each is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brightline.guard.rules import Rule
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.yamlfile import Listing, Table

__all__ = ["CONTEXT_FIELDS", "FILE_FIELDS", "RULE_FIELDS", "Entry", "names_of", "one_of", "texts_of", "words_of"]

FILE_FIELDS = ("about", "words", "contexts", "rules", "clean")
CONTEXT_FIELDS = ("why", "scope", "find", "but", "edges")
RULE_FIELDS = (
    "rule", "label", "tier", "why", "find", "edges", "needs", "unless", "raise", "lower", "over", "hide", "hits", "misses",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A table of a pack, and what errors call it."""

    table: Table
    called: str

    def fault(self, key: str, message: str, help: str) -> BrightlineError:
        """A fault at one field."""
        return BrightlineError("pack", f"{self.called}: {message}", help, self.table.where(key))


def texts_of(entry: Entry, key: str) -> list[tuple[str, str]]:
    """The texts of a field with their places; a single text is a list of one. Raises: BrightlineError `pack`."""
    found: Any = entry.table.get(key)
    if found is None:
        return []
    if isinstance(found, str):
        return [(found, entry.table.where(key))]
    if not isinstance(found, Listing):
        raise entry.fault(key, f"`{key}` is no list of texts", "write each after a `-`, in quotes")
    return list(_texts(entry, key, found))


def _texts(entry: Entry, key: str, found: Listing) -> Iterator[tuple[str, str]]:
    for at, text in enumerate(found):
        if not isinstance(text, str):
            raise BrightlineError(
                "pack", f"{entry.called}: {shown(text)} under `{key}` is no text", "put it in quotes", found.where(at)
            )
        yield text, found.where(at)


def words_of(named: Any, name: str, where: str) -> list[tuple[str, str]]:
    """The alternatives of a name under `words`. Raises: BrightlineError `pack`."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name[0].islower() or name != name.lower():
        raise BrightlineError("pack", f"{shown(name)} is no name for words", "use small letters, digits and `-`", where)
    found = texts_of(Entry(named, "`words`"), name)
    if not found:
        raise BrightlineError("pack", f"the words {shown(name)} are none", "add some, or remove the name", where)
    return found


def one_of(entry: Entry, key: str, known: tuple[str, ...], otherwise: str = "") -> str:
    """A field that is one of some words. Raises: BrightlineError `pack`."""
    found = entry.table.get(key, otherwise)
    if found not in known:
        raise entry.fault(
            key, f"`{key}` is {shown(found)}", near_misses(found, known, f"write one of: {', '.join(known)}")
        )
    return str(found)


def names_of(rule: Rule) -> Iterator[str]:
    """Every context that a rule names."""
    yield from (name for names in rule.needs for name in names)
    yield from (*rule.unless, *rule.raises, *rule.lowers)
