"""The columns of one table: tagged once, decided, named in the report, and watched while the rows go by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath

from brightline.guard.egress.cells import Cells
from brightline.guard.egress.decision import GRAVE, Decision, Path, decided, tagged
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.watch import Watch
from brightline.guard.schemas.verdict import Verdict
from brightline.law.errors import BrightlineError, shown

__all__ = ["Columns", "check_header", "decisions_of"]


class Columns:
    """What becomes of the columns of a table. Numbers are places in the header."""

    def __init__(
        self,
        header: Sequence[str],
        samples: Mapping[Path, Sequence[str]],
        policy: Policy,
        report: Report,
        file: str,
        cells: Cells,
        *,
        is_strict: bool = True,
    ) -> None:
        check_header(header, file)
        paths: list[Path] = [(name,) for name in header]
        if is_strict:
            policy.check_names(paths, file)
        decisions = decisions_of(paths, samples, policy, file, cells)
        self.shown = shown_names(header, decisions, cells, file)
        report.columns = {name: decisions[path] for name, path in zip(self.shown, paths, strict=True)}
        actions = [decisions[path].action for path in paths]
        self.kept = [n for n, action in enumerate(actions) if action != "drop"]
        if not self.kept:
            raise BrightlineError(
                "guard-policy", "every column would be dropped", "mask some, or declare a basis", file
            )
        self.masked = frozenset(n for n, action in enumerate(actions) if action == "mask")
        self.read = [(n, header[n]) for n in self.kept if n not in self.masked]
        self.is_whole = len(self.kept) == len(header) and not self.masked
        self.kept_names = [header[n] for n in self.kept]
        self.watch = Watch(file, decisions)


def check_header(header: Sequence[str], file: str) -> None:
    """Raises: BrightlineError `guard-header` for names that are empty or stand twice: nothing could be said of them."""
    if any(not name.strip() for name in header):
        number = next(n for n, name in enumerate(header, 1) if not name.strip())
        raise BrightlineError("guard-header", f"column {number} has no name", "give each column a name", file)
    if len(set(header)) < len(header):
        seen: set[str] = set()
        number = next(n for n, name in enumerate(header, 1) if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BrightlineError("guard-header", f"column {number} has the name of an earlier one", "rename it", file)


def decisions_of(
    paths: Sequence[Path],
    samples: Mapping[Path, Sequence[str]],
    policy: Policy,
    file: str,
    cells: Cells,
    numbers: Collection[Path] = (),
) -> dict[Path, Decision]:
    """What becomes of each column; `numbers` are those that hold numbers, which cannot be read cell by cell."""
    found = tagged(PurePath(file.partition("#")[0]).stem, paths, samples)
    decisions = {}
    for path in paths:
        verdict = found.get(path)
        if path in numbers and (verdict is None or verdict.severity not in GRAVE) and cells.is_telling(path[-1]):
            verdict = _numbers(path)
        decisions[path] = decided(path, verdict, policy, cells.places(".".join(path)))
    return decisions


def _numbers(path: Path) -> Verdict:
    why = "its name makes a number one of status"
    return Verdict(path[-1], "", "egress", "status_number", "prohibited", "number-under-name", why)


def shown_names(header: Sequence[str], decisions: Mapping[Path, Decision], cells: Cells, file: str) -> list[str]:
    """The names as a report gives them. A name that says something itself is told by its number, and may not stay.

    Raises: BrightlineError `guard-header` where such a column is not dropped.
    """
    names = []
    for number, (name, verdict) in enumerate(zip(header, cells.judge.judge(header, (file,)), strict=True), 1):
        is_telling = verdict.is_open
        if is_telling and decisions[(name,)].action != "drop":
            raise BrightlineError(
                "guard-header",
                f"the name of column {number} says itself what may not leave",
                "if the file has no header, give it one; else rename the column or drop it",
                file,
            )
        names.append(f"column number {number}" if is_telling else name)
    if len(set(names)) < len(names):
        raise BrightlineError("guard-header", f"a column is called {shown('column number ...')}", "rename it", file)
    return names
