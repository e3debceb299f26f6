"""What a replay is to do, and what came of it: the values that pass between the command and the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brightline.replay.answers.asking import Asked
from brightline.replay.answers.tally import Tally
from brightline.replay.files.sources import Source
from brightline.replay.maps.factmap import FactMap
from brightline.replay.maps.findings import Findings

__all__ = ["Job", "Report"]


@dataclass(frozen=True, eq=False)
class Job:
    """What to replay: inputs, map, question, and where the answers go. `versus` is a second law to compare with.

    `pack` names a file for the facts of all rows, packed.
    `settings` tells jobs apart for `resume`: it is everything besides the inputs on which the output depends.
    """

    sources: Sequence[Source]
    mapped: FactMap
    asked: Asked
    versus: Asked | None = None
    keys: tuple[str, ...] = ()
    out: Path | None = None
    has_why: bool = False
    has_due: bool = False
    is_bad_an_error: bool = True
    resume: bool = False
    unique_keys: bool = False
    executor: str = "auto"
    workers: int = 2
    settings: str = ""
    unit_rows: int = 0
    pack: Path | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that the output keeps: the keys, and what a row weighs."""
        weight = self.mapped.weight
        return (*self.keys, weight) if weight and weight not in self.keys else self.keys


@dataclass
class Report:
    """What came of a job. `waiting[action, fact]` counts open answers by the fact that they wait for.

    `duplicates` counts rows whose key came before; None where nobody counted.
    """

    tally: Tally = field(default_factory=Tally)
    findings: Findings = field(default_factory=Findings)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    duplicates: int | None = None

    def add(self, state: dict[str, Any]) -> None:
        """Count what a part of the checkpoint counted."""
        self.tally.add(Tally.from_plain(state["tally"]))
        self.findings.add(Findings.from_plain(state["findings"]))
        for action, fact, number in state["waiting"]:
            self.waiting[action, fact] += number
