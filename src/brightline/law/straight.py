"""Short answers at the speed of an if-chain: the diagram of one action as straight-line Python.

A diagram is read top down, so it is also a nest of `if`s in which no fact is looked at twice. That nest is
written out once and compiled; parts that several paths share become functions. What is written consists of
fact names, their values and norm ids through `repr`, and of numbers: no text of a law file is ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from brightline.law.chart import Chart, Variable
from brightline.law.diagram import outcome_index
from brightline.law.library import Law
from brightline.law.vocabulary import Value

__all__ = ["Answerer", "Answerers", "straight"]

Short = tuple[str, str]
_MAX_DEPTH = 24  # Python reads at most 100 levels of indentation
_SMALL = 5  # a shared part with at most this many tests is written out again: cheaper than a call
_SEEN = "?"
_Node = tuple[int, tuple[int, ...]]


def straight(chart: Chart, readings: Mapping[str, str]) -> Callable[[Mapping[str, Value]], Short]:
    """Write the modality and the deciding norm's id as a function of complete facts, under chosen readings.

    The id is empty where the law is silent; where the answer is `unsettled`, it is that of the command to act.
    The function looks only at facts that matter on its way, and raises KeyError for one that is missing: absent,
    not None. Values are taken as checked.

    Source: nested `if`s from a decision diagram, as in Bryant, Graph-Based Algorithms for Boolean Function
    Manipulation, IEEE Trans. Computers C-35 (1986); measured against an if-chain in `benchmarks`.
    """
    return _Writer(chart, readings).compiled()


class Answerer:
    """Short answers on one action, under chosen readings.

    `modality_and_norm` gives the modality and the id of the norm that decides, as `straight` does. With facts missing,
    it gives what holds whatever they are: `open` where the modality turns on them, and no id where only the
    deciding norm does. Nothing is presumed.

    >>> from datetime import date
    >>> from brightline.law import load_law
    >>> holds = Answerers(load_law()).on_action("us/mn", date(2026, 1, 16), "hold_beyond_release")
    >>> holds.modality_and_norm({})
    ('open', '')
    """

    __slots__ = ("_chart", "_fixed", "modality_and_norm")

    def __init__(self, chart: Chart, readings: Mapping[str, str]) -> None:
        self._chart = chart
        self._fixed = dict(readings)
        self.modality_and_norm: Callable[[Mapping[str, Value]], Short] = _Writer(chart, readings).compiled(
            self._whatever_is_missing
        )

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
        """Find the short answers on an action for a profile on a date: one for each epoch, action and choice of readings.

        Raises: BrightlineError `unknown-profile`, `too-early`, `node-budget`.
        """
        wanted = {**self.law.vocabulary.chosen_readings(profile, on), **(readings or {})}
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
        self._words = list(self.answers)
        self._wanted: list[int] = []
        for _, children in self.nodes:
            for child in set(children):
                if child >= 0:
                    self.parents[child] += 1

    def _copied(self) -> int:
        """Copy what lies below the root, with the readings fixed and equal short answers made one."""
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

    def compiled(
        self, missing: Callable[[Mapping[str, Value]], Short] | None = None
    ) -> Callable[[Mapping[str, Value]], Short]:
        """Compile what `text` writes; `missing` answers where a fact that matters is not known."""
        space: dict[str, Any] = {"__builtins__": {}, "KeyError": KeyError, "missing": missing}
        exec(compile(self.text(is_guarded=missing is not None), f"<the law on {self.chart.action}>", "exec"), space)  # noqa: S102
        answer: Callable[[Mapping[str, Value]], Short] = space["answer"]
        return answer

    def text(self, *, is_guarded: bool = False) -> str:
        """Write `answer(f)`, and the parts that several paths share as functions of their own."""
        written = {self.root: self._body(self.root, 2 if is_guarded else 1, is_entry=True)}
        if is_guarded:
            written[self.root] = [" try:", *written[self.root], " except KeyError:", "  return missing(f)"]
        while self._wanted:
            node = self._wanted.pop()
            if node not in written:
                written[node] = self._body(node, 1, is_entry=True)
        return (
            "\n".join(line for node, lines in written.items() for line in (f"def {self._name(node)}(f):", *lines))
            + "\n"
        )

    def _name(self, node: int) -> str:
        return "answer" if node == self.root else f"part_{node}"

    def _body(self, node: int, depth: int, *, is_entry: bool = False) -> list[str]:
        """Write the lines that answer from a node on. Every branch returns, so none needs an `else`."""
        lines: list[str] = []
        indent = " " * depth
        while node >= 0 and (is_entry or not self._is_called(node, depth)):
            is_entry = False
            *branches, (_, rest) = self._branches(node)
            seen = f"f[{self.chart.variables[self.nodes[node][0]].name!r}]"
            if len(branches) > 1:
                lines.append(f"{indent}v = {seen}")
                seen = "v"
            for test, child in branches:
                lines.append(f"{indent}if {test.replace(_SEEN, seen)}:")
                lines.extend(self._body(child, depth + 1))
            node = rest
        return [*lines, f"{indent}return {self._result(node)}"]

    def _is_called(self, node: int, depth: int) -> bool:
        return depth >= _MAX_DEPTH or (self.parents[node] > 1 and self.sizes[node] > _SMALL)

    def _result(self, node: int) -> str:
        if node < 0:
            return repr(self._words[-1 - node])
        self._wanted.append(node)
        return f"{self._name(node)}(f)"

    def _branches(self, node: int) -> list[tuple[str, int]]:
        """List tests and where they lead; the last is taken when no other is, and is the one with most below it."""
        number, children = self.nodes[node]
        variable = self.chart.variables[number]
        if variable.cuts:
            return _number_branches(variable, children)
        groups: dict[int, list[Value]] = {}
        for values, child in zip(variable.classes, children, strict=True):
            groups.setdefault(child, []).extend(values)
        ordered = sorted(groups, key=lambda child: self.sizes[child] if child >= 0 else 0)
        return [(_value_test(groups[child]), child) for child in ordered]


def _value_test(values: list[Value]) -> str:
    if isinstance(values[0], bool):
        return _SEEN if values[0] else f"not {_SEEN}"
    if len(values) == 1:
        return f"{_SEEN} == {values[0]!r}"
    return f"{_SEEN} in {{{', '.join(map(repr, values))}}}"


def _number_branches(variable: Variable, children: tuple[int, ...]) -> list[tuple[str, int]]:
    """One branch for each run of classes with the same child, the lowest numbers first."""
    runs: list[tuple[str, int]] = []
    for position, child in enumerate(children):
        test = f"{_SEEN} < {variable.cuts[position]}" if position < len(variable.cuts) else ""
        if runs and runs[-1][1] == child:
            runs.pop()
        runs.append((test, child))
    return runs
