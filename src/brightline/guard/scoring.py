"""How well the guard finds what people have marked in a set of passages: the figures that say what it misses.

A passage is a JSON line with `text`, `spans` of start, end and label, and, if known, `lang`, `action`, `traps`. An
overlap of one character counts as found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brightline.guard.finding import LABELS, Finding
from brightline.law.errors import BrightlineError, shown

__all__ = ["Passage", "Ratio", "Score", "Stretch", "read_passages", "same", "score", "touch"]

Stretch = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with the stretches that people marked in it. `traps` are harmless look-alikes that it holds."""

    text: str
    spans: tuple[Stretch, ...]
    language: str = ""
    action: str = ""
    traps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of `found` so many are `right`; of `marked` so many are `reached`."""

    found: int
    right: int
    marked: int
    reached: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found; 0 where nothing is marked."""
        return self.reached / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Score:
    """All figures of a set of passages. Shares lie between 0 and 1.

    `labels` counts a span as found only by its own label; `any_label` by any; `strict` asks the right label of all.
    `passages` counts a passage as found if anything was found in it. `hidden` is the share of marked characters that
    redaction hides, `hidden_besides` that of all others. `alarms` is the share of passages with a trap and no status in
    which something was found, `traps` how often each trap caught the guard, of how many. `recall` is that of passages,
    by language and by action.
    """

    labels: Mapping[str, Ratio]
    any_label: Ratio
    strict: Ratio
    passages: Ratio
    hidden: float
    hidden_besides: float
    alarms: float
    traps: Mapping[str, tuple[int, int]]
    recall: Mapping[str, tuple[int, int]]


def read_passages(path: Path) -> list[Passage]:
    """The passages of a file of JSON lines. Raises: BrightlineError `unreadable`, `guard-passages` with the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BrightlineError(
            "unreadable", f"cannot read {shown(path.name)}", "name a file of JSON lines", "FILE"
        ) from error
    return [_passage(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _passage(line: str, where: str) -> Passage:
    try:
        row = json.loads(line)
        spans = tuple(sorted((int(s["start"]), int(s["end"]), str(s["label"])) for s in row["spans"]))
        text = str(row["text"])
    except (ValueError, TypeError, KeyError) as error:
        raise _bad(where, "is not a passage with `text` and `spans`") from error
    if any(label not in LABELS for _, _, label in spans):
        raise _bad(where, "has a span of a label that is not known")
    if any(not 0 <= start < end <= len(text) for start, end, _ in spans):
        raise _bad(where, "has a span that lies outside its text")
    return Passage(text, spans, str(row.get("lang", "")), str(row.get("action", "")), tuple(row.get("traps") or ()))


def _bad(where: str, message: str) -> BrightlineError:
    return BrightlineError("guard-passages", f"the line {message}", "see docs/reference/guard-formats.md", where)


def score(passages: Sequence[Passage], found: Sequence[Sequence[Finding]]) -> Score:
    """The figures of what was found in each passage."""
    told = [[(f.start, f.end, f.label) for f in each] for each in found]
    pairs = [(p.spans, t) for p, t in zip(passages, told, strict=True)]
    hidden, besides = _characters(passages, [[(f.hide_start, f.hide_end) for f in each] for each in found])
    alarms, traps = _traps(passages, told)
    return Score(
        {label: _spans([_only(label, pair) for pair in pairs], touch) for label in LABELS},
        _spans(pairs, touch),
        _spans(pairs, same),
        _passages(pairs),
        hidden,
        besides,
        alarms,
        traps,
        _recall(passages, told),
    )


def touch(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]


def same(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches of one label share a character."""
    return touch(one, other) and one[2] == other[2]


_Pair = tuple[Sequence[Stretch], Sequence[Stretch]]


def _only(label: str, pair: _Pair) -> _Pair:
    return [s for s in pair[0] if s[2] == label], [s for s in pair[1] if s[2] == label]


def _spans(pairs: Iterable[_Pair], fits: Callable[[Stretch, Stretch], bool]) -> Ratio:
    found = right = marked = reached = 0
    for spans, told in pairs:
        found, marked = found + len(told), marked + len(spans)
        right += sum(any(fits(t, s) for s in spans) for t in told)
        reached += sum(any(fits(s, t) for t in told) for s in spans)
    return Ratio(found, right, marked, reached)


def _passages(pairs: Sequence[_Pair]) -> Ratio:
    both = sum(bool(spans) and bool(told) for spans, told in pairs)
    return Ratio(sum(bool(told) for _, told in pairs), both, sum(bool(spans) for spans, _ in pairs), both)


def _characters(passages: Sequence[Passage], hidden: Sequence[Sequence[tuple[int, int]]]) -> tuple[float, float]:
    total = covered = clean = over = 0
    for passage, stretches in zip(passages, hidden, strict=True):
        status = {at for start, end, _ in passage.spans for at in range(start, end)}
        masked = {at for start, end in stretches for at in range(start, end)}
        total, covered = total + len(status), covered + len(status & masked)
        clean, over = clean + len(passage.text) - len(status), over + len(masked - status)
    return covered / max(1, total), over / max(1, clean)


def _traps(passages: Sequence[Passage], told: Sequence[object]) -> tuple[float, dict[str, tuple[int, int]]]:
    hard = [(p, bool(t)) for p, t in zip(passages, told, strict=True) if p.traps and not p.spans]
    every = Counter(trap for p, _ in hard for trap in p.traps)
    sprung = Counter(trap for p, alarm in hard if alarm for trap in p.traps)
    return sum(alarm for _, alarm in hard) / max(1, len(hard)), {t: (sprung[t], n) for t, n in every.most_common()}


def _recall(passages: Sequence[Passage], told: Sequence[object]) -> dict[str, tuple[int, int]]:
    counts: dict[str, list[int]] = {}
    for passage, found in zip(passages, told, strict=True):
        for name in (passage.language, passage.action) if passage.spans else ():
            each = counts.setdefault(name, [0, 0]) if name else [0, 0]
            each[0] += bool(found)
            each[1] += 1
    return {name: (a, b) for name, (a, b) in counts.items()}
