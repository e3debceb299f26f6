"""The answer to one action as a picture: questions as boxes from left to right, answers beside the branches.

Text, icon and border say everything that colour says. The picture is plain SVG with a title and a description; the
page beside it lists the same questions as text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from brightline.publish.decision import Decision, Step
from brightline.publish.wording import Words

__all__ = ["ICONS", "MOST_NODES", "branch_words", "picture"]

MOST_NODES = 25
ICONS = {"required": "!", "prohibited": "✕", "permitted": "○", "unsettled": "?"}
_INKS = {"required": "#1a3a6b", "prohibited": "#8b0a03", "permitted": "#1f4d26", "unsettled": "#4a2480"}
_DASHES = {"required": "", "prohibited": "", "permitted": "5 3", "unsettled": "2 3"}
_BORDERS = {"required": 1.5, "prohibited": 3.0, "permitted": 1.5, "unsettled": 1.5}
# Pixels. A character of 13 pixels Helvetica or Liberation Sans is at most 7 wide on average.
_WIDTH, _GAP, _LINE, _PAD, _SPACE = 248, 40, 17, 9, 24
_HEAD_CHARACTERS, _ROW_CHARACTERS, _CHIP, _LANE = 30, 18, 100, 18


@dataclass(slots=True)
class _Box:
    """A question (or, without a step, a lane that a long line runs through) and where it stands."""

    layer: int
    step: Step | None = None
    head: list[str] = field(default_factory=list)
    rows: list[tuple[list[str], int | str]] = field(default_factory=list)
    y: float = 0.0

    @property
    def x(self) -> float:
        return self.layer * (_WIDTH + _GAP) + 2

    @property
    def head_height(self) -> float:
        return len(self.head) * _LINE + 2 * _PAD

    @property
    def height(self) -> float:
        return self.head_height + sum(map(_row_height, self.rows)) if self.step else _LANE

    def row_middle(self, index: int) -> float:
        """The height at which a row's line leaves."""
        above = sum(_row_height(row) for row in self.rows[:index])
        return self.y + self.head_height + above + _row_height(self.rows[index]) / 2


def _row_height(row: tuple[list[str], int | str]) -> float:
    return max(len(row[0]) * _LINE + 12, 34)


@dataclass(frozen=True, slots=True)
class _Line:
    """One stretch of a line, from a row of a box or from a lane to the next box or lane."""

    start: _Box
    row: int
    end: _Box


def picture(decision: Decision, words: Words, title: str, name: str) -> str:
    """The picture of a decision with at least one question. `name` keeps the ids of one page apart."""
    columns, lines = _columns(decision, words)
    _straighten(columns, lines)
    boxes = [box for column in columns for box in column]
    width = len(columns) * (_WIDTH + _GAP) - _GAP + 4
    height = max(box.y + box.height for box in boxes) + 4
    described = f"{len(decision.steps)} questions in {len(columns)} columns, read from left to right. The same questions are listed as text below."
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-desc" width="{width:.0f}" '
            f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" font-family="Helvetica, Arial, Liberation Sans, sans-serif" font-size="13">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(described)}</desc>',
            f'<defs><marker id="{name}-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#1b1b1b"/></marker></defs>',
            *(_line_path(line, name) for line in lines),
            *(part for box in boxes if box.step for part in _box_parts(box)),
            "</svg>",
        )
    )


def branch_words(step: Step, words: Words) -> list[tuple[str, int | str]]:
    """The branches of a step in words, each with its target."""
    last = len(step.branches) - 1
    return [
        (words.branch(step.variable, b.positions, is_rest=i == last and i > 0), b.target)
        for i, b in enumerate(step.branches)
    ]


def _columns(decision: Decision, words: Words) -> tuple[list[list[_Box]], list[_Line]]:
    """The boxes by column, each question right of all that lead to it, and the lines between them."""
    layer = {1: 0}
    for step in decision.steps:
        for branch in step.branches:
            if isinstance(branch.target, int):
                layer[branch.target] = max(layer.get(branch.target, 0), layer[step.number] + 1)
    boxes = {step.number: _box(step, layer[step.number], words) for step in decision.steps}
    columns: list[list[_Box]] = [[] for _ in range(max(layer.values()) + 1)]
    for box in boxes.values():
        columns[box.layer].append(box)
    lines: list[_Line] = []
    for box in boxes.values():
        for row, (_, target) in enumerate(box.rows):
            if isinstance(target, int):
                lines.extend(_routed(box, row, boxes[target], columns))
    return columns, lines


def _box(step: Step, layer: int, words: Words) -> _Box:
    fact = words.vocabulary.facts[step.variable.name]
    head = textwrap.wrap(f"{step.number}. {fact.question}", _HEAD_CHARACTERS)
    if fact.is_transient:
        head.append("(use it to answer; never write it down)")
    rows = [(textwrap.wrap(label, _ROW_CHARACTERS), target) for label, target in branch_words(step, words)]
    return _Box(layer, step, head, rows)


def _routed(box: _Box, row: int, end: _Box, columns: list[list[_Box]]) -> list[_Line]:
    """A line, through a lane of its own in every column that it passes."""
    found, start = [], box
    for layer in range(box.layer + 1, end.layer):
        lane = _Box(layer)
        columns[layer].append(lane)
        found.append(_Line(start, row if start is box else 0, lane))
        start = lane
    return [*found, _Line(start, row if start is box else 0, end)]


def _straighten(columns: Sequence[list[_Box]], lines: Sequence[_Line]) -> None:
    """Order the boxes of each column by what leads to them, and set their heights so that lines bend little."""
    for column in columns[:1]:
        _stack(column, {})
    for _ in range(3):
        for column in columns[1:]:
            wanted = {id(box): _mean([_leaves(line) for line in lines if line.end is box]) for box in column}
            column.sort(key=lambda box: wanted[id(box)])
            _stack(column, wanted)
        for column in reversed(columns[:-1]):
            onward = {id(b): [line.end.y - line.start.height / 3 for line in lines if line.start is b] for b in column}
            _stack(column, {key: _mean(ys) for key, ys in onward.items() if ys})
    top = min(box.y for column in columns for box in column)
    for column in columns:
        for box in column:
            box.y += 2 - top


def _leaves(line: _Line) -> float:
    return line.start.row_middle(line.row) - 20 if line.start.step else line.start.y


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _stack(column: Sequence[_Box], wanted: dict[int, float]) -> None:
    """Boxes at the heights they want, pushed apart where they would touch, the whole column then moved back."""
    floor = float("-inf")
    for box in column:
        box.y = max(wanted.get(id(box), box.y), floor)
        floor = box.y + box.height + _SPACE
    moved = _mean([box.y - wanted.get(id(box), box.y) for box in column])
    for box in column:
        box.y -= moved


def _line_path(line: _Line, name: str) -> str:
    start_x = line.start.x + _WIDTH
    start_y = line.start.row_middle(line.row) if line.start.step else line.start.y + _LANE / 2
    end_y = line.end.y + (line.end.head_height / 2 if line.end.step else _LANE / 2)
    end_x = line.end.x if line.end.step else line.end.x + _WIDTH
    bend = line.end.x - start_x
    curve = f"M{start_x:.0f} {start_y:.0f}C{start_x + bend * 0.6:.0f} {start_y:.0f} {line.end.x - bend * 0.5:.0f} {end_y:.0f} {line.end.x:.0f} {end_y:.0f}"
    tip = f' marker-end="url(#{name}-tip)"' if line.end.step else ""
    return f'<path d="{curve}{f"H{end_x:.0f}" if not line.end.step else ""}" fill="none" stroke="#1b1b1b" stroke-width="1.4"{tip}/>'


def _box_parts(box: _Box) -> list[str]:
    x, y = box.x, box.y
    parts = [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{box.height:.0f}" rx="4" fill="#ffffff" stroke="#1b1b1b" stroke-width="1.5"/>',
        f'<path d="M{x:.0f} {y + box.head_height:.0f}v-{box.head_height - 4:.0f}q0 -4 4 -4h{_WIDTH - 8}q4 0 4 4v{box.head_height - 4:.0f}z" fill="#e8edf4" stroke="#1b1b1b" stroke-width="1.5"/>',
        _text(x + 10, y + _PAD + 12, box.head, ' font-weight="bold"'),
    ]
    top = y + box.head_height
    for index, (label, target) in enumerate(box.rows):
        height = _row_height((label, target))
        if index:
            parts.append(f'<path d="M{x:.0f} {top:.0f}h{_WIDTH}" stroke="#71767a" stroke-width="1"/>')
        parts.append(_text(x + 10, top + (height - len(label) * _LINE) / 2 + 13, label))
        parts.append(_target(x + _WIDTH - _CHIP - 8, top + height / 2, target))
        top += height
    return parts


def _text(x: float, y: float, lines: Sequence[str], more: str = "") -> str:
    spans = "".join(
        f'<tspan x="{x:.0f}" dy="{0 if i == 0 else _LINE}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="#1b1b1b"{more}>{spans}</text>'


def _target(x: float, middle: float, target: int | str) -> str:
    if isinstance(target, int):
        return f'<text x="{x + _CHIP:.0f}" y="{middle + 4:.0f}" text-anchor="end" fill="#1b1b1b">go to {target}</text>'
    ink, dashes = _INKS[target], _DASHES[target]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    inner = (
        f'<rect x="{x + 3:.0f}" y="{middle - 10:.0f}" width="{_CHIP - 6}" height="20" rx="2" fill="none" stroke="{ink}" stroke-width="1"/>'
        if target == "required"
        else ""
    )
    return (
        f'<rect x="{x:.0f}" y="{middle - 13:.0f}" width="{_CHIP}" height="26" rx="3" fill="#ffffff" stroke="{ink}" stroke-width="{_BORDERS[target]}"{dashed}/>{inner}'
        f'<text x="{x + _CHIP / 2:.0f}" y="{middle + 4.5:.0f}" text-anchor="middle" font-weight="bold" fill="{ink}">{ICONS[target]} {target}</text>'
    )
