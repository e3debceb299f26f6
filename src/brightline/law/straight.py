"""Short answers at the speed of an if-chain: the diagram of one action as straight-line Python.

A diagram is read top down, so it is also a nest of `if`s in which no fact is looked at twice. That nest is
written out once and compiled; parts that several paths share become functions. What is written consists of
fact names, their values and norm ids through `repr`, and of numbers: no text of a law file is ever run.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import outcome_index
from brightline.law.library import Law
from brightline.law.vocabulary import Value

__all__ = ["Answerer", "Answerers", "straight"]

Short = tuple[str, str]
_MAX_DEPTH = 24  # Python reads at most 100 levels of indentation
_SMALL = 3  # a shared part with at most this many tests is written out again: cheaper than a call
_Node = tuple[int, tuple[int, ...]]


def straight(chart: Chart, readings: Mapping[str, str]) -> Callable[[Mapping[str, Value]], Short]:
    """The modality and the deciding norm's id as a function of complete facts, under chosen readings.

    The id is empty where the law is silent; where the answer is `unsettled`, it is that of the command of the two.
    The function looks only at facts that matter on its way, and raises KeyError for one that is missing: absent,
    not None. Values are taken as checked.

    Source: nested `if`s from a decision diagram, as in Bryant, Graph-Based Algorithms for Boolean Function
    Manipulation, IEEE Trans. Computers C-35 (1986); measured against an if-chain in `benchmarks`.
    """
    return _Writer(chart, readings).compiled()


class Answerer:
    """Short answers on one action. `readings` are chosen values; a reading that is left out has its default."""

    __slots__ = ("_chart", "_fixed", "_short")

    def __init__(self, chart: Chart, readings: Mapping[str, str]) -> None:
        self._chart = chart
        self._fixed = dict(readings)
        self._short = straight(chart, readings)

    def modality_and_norm(self, facts: Mapping[str, Value]) -> Short:
        """The modality and the id of the norm that decides, as `straight` gives them.

        With facts missing, what holds whatever they are: `open` where the modality turns on them, and no id where
        only the deciding norm does. Nothing is presumed.

        >>> from datetime import date
        >>> from brightline.law import load_law
        >>> from brightline.law.straight import Answerers
        >>> holds = Answerers(load_law()).on_action("us/mn", date(2026, 1, 16), "hold_beyond_release")
        >>> holds.modality_and_norm({})
        ('open', '')
        """
        try:
            return self._short(facts)
        except KeyError:
            return self._whatever_is_missing(facts)

    def _whatever_is_missing(self, facts: Mapping[str, Value]) -> Short:
        known = {**facts, **self._fixed}
        possible = [(v.position(known[v.name]),) if v.name in known else range(v.size) for v in self._chart.variables]
        found = {_short(self._chart, t) for t in self._chart.diagram.reach(self._chart.root, possible)}
        if len(found) == 1:
            return found.pop()
        words = {modality for modality, _ in found}
        return (words.pop() if len(words) == 1 else "open", "")


class Answerers:
    """The short answers of a law, each compiled when it is first asked for and then kept."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._kept: dict[tuple[object, ...], Answerer] = {}

    def on_action(self, profile: str, on: date, action: str, readings: Mapping[str, str] | None = None) -> Answerer:
        """The short answers on an action for a profile on a date: one for each epoch, action and choice of readings.

        Raises: BrightlineError `unknown-profile`, `too-early`, `node-budget`.
        """
        wanted = {**self.law.vocabulary.chosen_readings(profile), **(readings or {})}
        key = (profile, self.law.epoch(profile, on), action, *sorted(wanted.items()))
        if key not in self._kept:
            chart = self.law.chart(self.law.stack(profile, on), action)
            defaults = {v.name: self.law.vocabulary.readings[v.name].default for v in chart.variables if v.is_reading}
            self._kept[key] = Answerer(chart, {name: wanted.get(name, value) for name, value in defaults.items()})
        return self._kept[key]


def _short(chart: Chart, terminal: int) -> Short:
    found = chart.outcomes[outcome_index(terminal)]
    return found.modality, found.norms[0] if found.norms else ""


class _Writer:
    """Writes the nest of `if`s. Nodes are those of the diagram with the readings fixed; answers are negative."""

    def __init__(self, chart: Chart, readings: Mapping[str, str]) -> None:
        self.chart = chart
        self.fixed = {i: v.position(readings[v.name]) for i, v in enumerate(chart.variables) if v.is_reading}
        self.answers: dict[Short, int] = {}
        self.nodes: list[_Node] = []
        self.parents: list[int] = []
        self.sizes: list[int] = []
        self._unique: dict[_Node, int] = {}
        self.root = self._copied()
        for _, children in self.nodes:
            for child in set(children):
                if child >= 0:
                    self.parents[child] += 1

    def _copied(self) -> int:
        """The root of a copy in which no reading is left and equal short answers are one."""
        diagram, copies = self.chart.diagram, dict[int, int]()
        for node in reversed(diagram.below(self.chart.root)):
            variable, children = diagram.variable[node], diagram.children[node]
            kept = (children[self.fixed[variable]],) if variable in self.fixed else children
            copies[node] = self._node(variable, tuple(copies[c] if c >= 0 else self._answer(c) for c in kept))
        return copies[self.chart.root] if self.chart.root >= 0 else self._answer(self.chart.root)

    def _answer(self, terminal: int) -> int:
        return -1 - self.answers.setdefault(_short(self.chart, terminal), len(self.answers))

    def _node(self, variable: int, children: tuple[int, ...]) -> int:
        if children.count(children[0]) == len(children):
            return children[0]
        key = (variable, children)
        if key not in self._unique:
            self._unique[key] = len(self.nodes)
            self.nodes.append(key)
            self.parents.append(0)
            self.sizes.append(1 + sum(self.sizes[c] for c in set(children) if c >= 0))
        return self._unique[key]

    def compiled(self) -> Callable[[Mapping[str, Value]], Short]:
        """The function that `text` writes."""
        names: dict[str, Callable[[Mapping[str, Value]], Short]] = {}
        exec(compile(self.text(), f"<the law on {self.chart.action}>", "exec"), {"__builtins__": {}}, names_of := {})  # noqa: S102
        names.update(names_of)
        return names["answer"]
