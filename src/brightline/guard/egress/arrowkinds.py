"""Which Arrow kinds can be read for text, which hold none, and which are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brightline.guard.egress.decision import Path
from brightline.guard.extras import needs
from brightline.law.errors import BrightlineError, shown

__all__ = ["children", "is_known", "is_number", "is_text", "leaves", "refuse_kind"]


def is_text(kind: Any) -> bool:
    """Whether values of a kind are texts."""
    t = needs("pyarrow.types")
    return bool(t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind))


def is_number(kind: Any) -> bool:
    """Whether values of a kind are whole or broken numbers."""
    t = needs("pyarrow.types")
    return bool(t.is_integer(kind) or t.is_floating(kind) or t.is_decimal(kind))


def _is_plain(kind: Any) -> bool:
    t = needs("pyarrow.types")
    return bool(is_number(kind) or t.is_boolean(kind) or t.is_null(kind) or t.is_temporal(kind))


def children(kind: Any) -> list[tuple[str, Any]]:
    """The kinds within a kind, each with its key; members of a list have none."""
    t = needs("pyarrow.types")
    if t.is_struct(kind):
        return [(kind.field(i).name, kind.field(i).type) for i in range(kind.num_fields)]
    if t.is_map(kind):
        return [("", kind.key_type), ("", kind.item_type)]
    if t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        return [("", kind.value_type)]
    return []


def is_known(kind: Any) -> bool:
    """Whether every text in values of a kind can be read."""
    t = needs("pyarrow.types")
    if t.is_dictionary(kind):
        return is_text(kind.value_type) or _is_plain(kind.value_type)
    if within := children(kind):
        return all(is_known(inner) for _, inner in within)
    return is_text(kind) or _is_plain(kind) or (t.is_struct(kind) and kind.num_fields == 0)


def leaves(name: str, kind: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The path of a column and of all keys within it, outermost first."""
    own = (*path, name) if name else path
    if name:
        yield own, kind
    for key, inner in children(kind):
        yield from leaves(key, inner, own)


def refuse_kind(path: Path, kind: Any, file: str) -> BrightlineError:
    """The refusal of a column of a kind that cannot be read."""
    return BrightlineError(
        "guard-cell",
        f"the column {shown('.'.join(path))} is of a kind that cannot be read, {shown(kind)}",
        "drop or mask it, or let it through unread with --pass",
        file,
    )
