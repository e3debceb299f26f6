"""A passage that stands in several runs of a document (bold, a link, a tracked deletion): judged as one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from brightline.guard.files.done import Done
from brightline.guard.files.judging import Judge
from brightline.guard.redaction import Redacted

__all__ = ["Passage", "Run", "judge_passages"]


class Run:
    """A piece of text as it stands in its document now, and how to write it again.

    Without `write` it only separates: a tab, a line break.
    """

    def __init__(self, read: Callable[[], str | None] | str, write: Callable[[str], None] | None = None) -> None:
        self.read, self.write = read, write

    @property
    def text(self) -> str:
        """What it holds now: another passage may have changed it."""
        return self.read if isinstance(self.read, str) else self.read() or ""

    @classmethod
    def of(cls, node: Any, name: str) -> Run:
        """The `text` or the `tail` of an element."""
        return cls(lambda: getattr(node, name), lambda text: setattr(node, name, text))

    @classmethod
    def of_attribute(cls, node: Any, key: str) -> Run:
        """An attribute of an element."""
        return cls(lambda: node.get(key), lambda text: node.set(key, text))


@dataclass(slots=True)
class Passage:
    """Runs that are read together, what they stand after (the name of a field), and their place in words."""

    runs: list[Run]
    place: str
    label: str = ""

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


def judge_passages(passages: Sequence[Passage], judge: Judge, done: Done) -> None:
    """Judge passages, write again what was hidden, and count what was found.

    A run may stand in several passages: each sees what those before it left. What is hidden then is counted once.
    """
    for passage in passages:
        text = passage.text
        if not any(map(str.isalnum, text)):
            continue
        (verdict,) = judge.judge([text], (done.file,), passage.label)
        done.tell(passage.place, verdict)
        if verdict.redacted.spans:
            _spread(passage.runs, verdict.redacted)


def _spread(runs: Sequence[Run], redacted: Redacted) -> None:
    """Write each run again; a tag goes to the run in which its stretch begins."""
    at = 0
    borders = [0]
    for run in runs:
        at += len(run.text)
        borders.append(at)
    for run, (low, high) in zip(runs, pairwise(borders), strict=True):
        text = redacted.part(low, high)
        if run.write and text != run.text:
            run.write(text)
