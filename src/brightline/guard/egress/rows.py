"""Rows and JSON-like values cleaned before another program writes or sends them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from brightline.guard.egress.cells import MASKED, Cells
from brightline.guard.egress.decision import GRAVE, Decision, Path, decided, tagged
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.tree import Number, gathered, rebuilt, shown_path
from brightline.guard.egress.watch import sampled
from brightline.guard.schemas.verdict import Verdict
from brightline.law.errors import BrightlineError, shown

__all__ = ["Cleaner", "GuardedRows", "cleaned"]

_BATCH = 500


class Cleaner:
    """Cleans values of one kind, part by part. A key is tagged when it is first seen, with the values of that part.

    `name` is the data set under which a basis may be declared: `NAME` or `NAME#KEY`, keys of keys parted by stops.
    """

    def __init__(
        self, policy: Policy | None = None, name: str = "rows", scanner: Any = None, least: str = "probable"
    ) -> None:
        self.policy, self.name = policy or Policy(), name
        self.report = Report(name)
        self.cells = Cells(self.policy, self.report, name, scanner, least)
        self.decisions: dict[Path, Decision] = {}
        self.names: dict[Path, str] = {(): shown_path(())}

    def cleaned(self, value: Any) -> Any:
        """The value without status: mappings, lists, texts, numbers, dates. The value given is not changed.

        Raises: BrightlineError `guard-cell`, `guard-changed`, `guard-failed`, `guard-policy`.
        """
        leaves: dict[Path, list[Any]] = {}
        for path, inner in gathered(value):
            held = leaves.setdefault(path, [])
            if isinstance(inner, str | int) and not isinstance(inner, bool):
                held.append(inner)
        if isinstance(value, str | int) and not isinstance(value, bool):
            leaves.setdefault((), []).append(value)
        self._decide(leaves)
        changed = {path: self._texts(path, held) for path, held in leaves.items() if self._is_read(path)}
        return rebuilt(value, self.decisions, lambda path, one: _leaf(changed.get(path, {}), one), MASKED)

    def _decide(self, leaves: Mapping[Path, Sequence[Any]]) -> None:
        """Tag the keys. Raises: BrightlineError `guard-changed` for one that went out and now looks like status."""
        samples = {path: sampled(str(one) for one in held) for path, held in leaves.items()}
        paths = [path for path in leaves if path]
        found = tagged(self.name, paths, samples)
        telling = self._telling_keys(paths)
        for path in paths:
            verdict = found.get(path)
            known = self.decisions.get(path)
            if known is None:
                self._take(path, self._first(path, verdict, telling), path in telling)
            elif verdict is not None and verdict.severity in GRAVE and not known.severity and known.action == "scan":
                raise BrightlineError(
                    "guard-changed",
                    f"a later part of {shown(shown_path(path))} looks like status: {verdict.why}",
                    "name the key under `drop` or `mask`, or say in the policy why it is not status",
                    self.name,
                )

    def _first(self, path: Path, verdict: Verdict | None, telling: Mapping[Path, tuple[str, str]]) -> Decision:
        """What becomes of a key that is seen for the first time; what it is nested in comes first."""
        above = self.decisions.get(path[:-1])
        if above is not None and above.action != "scan":
            return Decision(above.action, "stands within another key that is")
        decision = decided(path, verdict, self.policy, (self.name, f"{self.name}#{'.'.join(path)}"))
        if path in telling and decision.action != "drop":
            return Decision("drop", "the key itself says it", "prohibited", *telling[path])
        return decision

    def _take(self, path: Path, decision: Decision, is_telling: bool) -> None:
        """Keep a decision, under the name of the key; under a number where it or one above it says something itself."""
        above = self.names[path[:-1]]
        is_hidden = is_telling or above.startswith("key number ")
        self.names[path] = f"key number {len(self.decisions) + 1}" if is_hidden else shown_path(path)
        self.decisions[path] = self.report.columns[self.names[path]] = decision

    def _telling_keys(self, paths: Sequence[Path]) -> dict[Path, tuple[str, str]]:
        """Keys that are themselves what a text must not say."""
        new = [path for path in paths if path not in self.decisions]
        verdicts = self.cells.judge.judge([path[-1] for path in new]) if new else []
        found = ((path, one.found) for path, one in zip(new, verdicts, strict=True) if one.is_open)
        return {path: (found[0][0].label, found[0][0].rule) for path, found in found}

    def _is_read(self, path: Path) -> bool:
        """Whether the texts of a path leave: it and all it is nested in are to be read."""
        return all(self.decisions[path[:n]].action == "scan" for n in range(1, len(path) + 1))

    def _texts(self, path: Path, held: Sequence[Any]) -> dict[str, str]:
        key = path[-1] if path else ""
        texts = Counter(str(one) for one in held if not isinstance(one, int | Number) or self.cells.is_telling(key))
        return self.cells.cleaned(texts, ".".join(path), self.names[path], key) if texts else {}


def _leaf(changed: Mapping[str, str], value: Any) -> Any:
    """What stands for a value: a number under which status was found is left out whole."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return value
    if isinstance(value, int | Number):
        return None if str(value) in changed else value
    return changed.get(value, value)


class GuardedRows:
    """Rows cleaned as they are asked for, in their order. `report` counts what was removed so far.

    >>> list(GuardedRows([{"id": 7, "note": "paid in full"}]))
    [{'id': 7, 'note': 'paid in full'}]
    """

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        policy: Policy | None = None,
        name: str = "rows",
        scanner: Any = None,
        least: str = "probable",
    ) -> None:
        self._rows = rows
        self.cleaner = Cleaner(policy, name, scanner, least)

    @property
    def report(self) -> Report:
        """What was removed so far."""
        return self.cleaner.report

    def __iter__(self) -> Iterator[dict[str, Any]]:
        rows = iter(self._rows)
        while batch := list(itertools.islice(rows, _BATCH)):
            if not all(isinstance(row, Mapping) for row in batch):
                raise BrightlineError(
                    "guard-cell", "a row is not a mapping", "give rows as {name: value}", self.cleaner.name
                )
            kept = self.cleaner.cleaned(batch)
            self.report.rows += len(kept)
            yield from kept


def cleaned(value: Any, policy: Policy | None = None, name: str = "value", scanner: Any = None) -> Any:
    """A JSON-like value cleaned: see `Cleaner.cleaned`.

    >>> cleaned({"cases": [{"id": 7, "note": "paid in full"}]})
    {'cases': [{'id': 7, 'note': 'paid in full'}]}
    """
    return Cleaner(policy, name, scanner).cleaned(value)
