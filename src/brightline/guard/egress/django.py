"""Exports and serializers of Django programs cleaned; nothing here imports Django, so it works with any version.

For an export: `clean_rows(Case.objects.values("number", "note"))`.
For a serializer of Django REST framework: `class CaseSerializer(GuardedRepresentation, ModelSerializer)`.
For a whole site: `application = GuardWSGI(get_wsgi_application())`, see `brightline.guard.egress.wsgi`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from brightline.guard.egress.policy import Policy
from brightline.guard.egress.rows import Cleaner, GuardedRows
from brightline.guard.egress.tree import PLAIN
from brightline.law.errors import BrightlineError, shown

__all__ = ["GuardedRepresentation", "clean_rows", "clean_values_list"]


def clean_rows(
    rows: Iterable[Any], policy: Policy | None = None, name: str = "rows", scanner: Any = None
) -> GuardedRows:
    """The rows of `QuerySet.values()` cleaned, read in parts where the query set can give them so.

    Raises: BrightlineError `guard-cell` on model instances: their fields are named by `values()`.
    """
    return GuardedRows(_parts(rows), policy, name, scanner)


def clean_values_list(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    policy: Policy | None = None,
    name: str = "rows",
    scanner: Any = None,
) -> Iterator[list[Any]]:
    """The rows of `QuerySet.values_list()` cleaned; the first row that is given back holds the columns that are left."""
    width = len(columns)
    guarded = clean_rows(
        (dict(zip(columns, _of_width(row, width), strict=True)) for row in rows), policy, name, scanner
    )
    kept: list[str] | None = None
    for row in guarded:
        if kept is None:
            kept = list(row)
            yield list(kept)
        yield [row[column] for column in kept]


def _of_width(row: Sequence[Any], width: int) -> Sequence[Any]:
    if len(row) != width:
        raise BrightlineError("guard-cell", "a row has more or fewer values than there are columns", "name all columns")
    return row


def _parts(rows: Iterable[Any]) -> Iterator[Any]:
    """A query set is read 2,000 rows at a time, so that a large export does not fill the memory."""
    stream = getattr(rows, "iterator", None)
    return iter(stream(chunk_size=2000)) if callable(stream) else iter(rows)


class GuardedRepresentation:
    """Cleans what a serializer gives. Stand it first among the bases.

    `guard_policy`, `guard_name` and `guard_scanner` of the class say how. One representation is judged by itself.
    """

    guard_policy: Policy | None = None
    guard_name = "representation"
    guard_scanner: Any = None

    def to_representation(self, instance: Any) -> Any:
        """The representation without status. Raises: BrightlineError, and then nothing is sent."""
        given = super().to_representation(instance)  # type: ignore[misc]
        return Cleaner(self.guard_policy, self.guard_name, self.guard_scanner).cleaned(_plain(given, 0))


def _plain(value: Any, depth: int) -> Any:
    """Texts that are worked out late, which Django gives for labels, as texts; the rest as it is."""
    if depth > 100:
        raise BrightlineError("guard-cell", "a representation is nested deeper than 100 levels", "flatten it")
    if isinstance(value, Mapping):
        return {_plain(key, depth + 1): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, PLAIN):
        return value
    if hasattr(type(value), "_proxy____prepared") or type(value).__name__ == "__proxy__":
        return str(value)
    raise BrightlineError(
        "guard-cell", f"a value is of an unknown kind, {shown(type(value).__name__)}", "make it a text"
    )
