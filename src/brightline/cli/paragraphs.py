"""The parts of a page of plain sentences: sections of labelled paragraphs, and words for lists and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brightline.cli.layout import action_words
from brightline.law.vocabulary import Value

__all__ = ["Item", "Section", "example_words", "listed", "several"]


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph with a short label; `depth` 1 hangs below the paragraph before it."""

    label: str
    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    items: tuple[Item, ...]


def several(number: int, what: str) -> str:
    """A number with its noun, in the plural where it needs one."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def listed(names: Iterable[str]) -> str:
    """Names in words, one after the other."""
    return ", ".join(action_words(name) for name in names)


def example_words(example: Mapping[str, Value]) -> str:
    """A situation by the facts that it names."""
    said = "; ".join(f"{k} = {('no', 'yes')[v] if isinstance(v, bool) else v}" for k, v in example.items())
    return said or "in every situation"
