"""A corpus of chapters, 42 to 4,200 norms: compiled, two versions of it compared, everything about it proved.

A chapter is a variant of the policy of `benchmarks.policy` on an action of its own: 42 norms over 11 facts that all
chapters share and 16 of its own. The corpus is written as law files and read by Brightline's own reader; every
version is the same on every machine. Times are processor time of one process, so that a busy machine is no defect.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.policy import BOOLS, DEFINITIONS, ENUMS, INTS, NORMS, ON, PRESUMED, PROFILE, RANKS, SEED, Line
from benchmarks.report import Report
from brightline.law.chart import Chart
from brightline.law.comparison import MOST_LINES, Comparison, Side, compare
from brightline.law.corpusfiles import load_law, read_law
from brightline.law.library import Law
from brightline.law.proof import Proofs, prove

SIZES = (1, 10, 100)
SHARED = (*ENUMS, "sealed", "consented", "court_order", "emergency", "approved", "supervised")
PRIVATE_BOOLS = tuple(b for b in BOOLS if b not in SHARED)
OWN = (*PRIVATE_BOOLS, *INTS)
TRANSIENT = "names_others"
SHIPPED = "us/mn"
DATES = (date(2024, 1, 1), date(2026, 6, 1))
_FLIPPED = {"required": "permitted", "prohibited": "permitted", "permitted": "prohibited"}
_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class Version:
    """Which norms, by (chapter, number), are amended, and which are only worded differently."""

    name: str
    amended: frozenset[tuple[int, int]] = frozenset()
    reworded: frozenset[tuple[int, int]] = frozenset()


BASE = Version("as it stands")
ONE_CHAPTER = Version("4 of the 42 norms of one chapter amended", frozenset((0, n) for n in (3, 14, 25, 36)))
REWORDED = Version("one norm only worded in two cases", reworded=frozenset({(0, 1)}))


def one_percent(chapters: int) -> Version:
    """Every hundredth norm amended, at least one."""
    amended = frozenset(divmod(n, len(NORMS)) for n in range(17, chapters * len(NORMS), 100))
    return Version(f"one norm in a hundred amended ({len(amended)})", amended)


# Writing ------------------------------------------------------------------------------------------
def chapter(number: int, version: Version = BASE) -> list[Line]:
    """The norms of a chapter: its numbers are its own, eight of its norms name another fact, four lose their exception."""
    rng = random.Random(SEED + number)
    moved = {str(n): str(max(1, n + rng.randint(-n // 4, n // 4))) for n in (2, 5, 7, 30, 50, 75, 100, 200)}
    lines = [replace(line, when=_moved(line.when, moved)) for line in NORMS]
    for n in rng.sample([n for n, line in enumerate(lines) if _own_bools(line)], 8):
        old = rng.choice(_own_bools(lines[n]))
        lines[n] = replace(lines[n], when=re.sub(rf"\b{old}\b", rng.choice(PRIVATE_BOOLS), lines[n].when))
    for n in rng.sample([n for n, line in enumerate(lines) if line.unless and n != 1], 4):
        lines[n] = replace(lines[n], unless="")
    kept = [_in_version(line, number, n, version) for n, line in enumerate(lines)]
    return [line for line in kept if line]


def _moved(text: str, moved: Mapping[str, str]) -> str:
    return re.sub(r"\b\d+\b", lambda found: moved.get(found[0], found[0]), text)


def _own_bools(line: Line) -> list[str]:
    return [name for name in _NAME.findall(line.when) if name in PRIVATE_BOOLS]


def _in_version(line: Line, number: int, n: int, version: Version) -> Line | None:
    """A norm as a version has it: an exception more, a condition more, another modality, or repealed."""
    if (number, n) in version.reworded:
        return replace(line, when=f"({line.when}) and fragile or ({line.when}) and not fragile")
    if (number, n) not in version.amended:
        return line
    rng = random.Random(SEED + 1000 * number + n)
    fact = rng.choice([b for b in PRIVATE_BOOLS if b not in line.when])
    changed = (
        replace(line, unless=f"{line.unless} or {fact}" if line.unless else fact),
        replace(line, when=f"({line.when}) and not {fact}"),
        replace(line, modality=_FLIPPED[line.modality]),
        None,
    )
    return changed[(n // 11 + number) % 4]


def write_corpus(root: Path, chapters: int, version: Version) -> None:
    """The law files of a version: one vocabulary, and an authority for each chapter and rank."""
    (root / "vocabulary.yaml").write_text(_vocabulary(chapters), encoding="utf-8")
    folder = root / PROFILE
    folder.mkdir(parents=True)
    for number in range(chapters):
        lines = chapter(number, version)
        for rank, _ in RANKS:
            name = f"c{number:03}-{rank}"
            head = (
                f"authority: {PROFILE}/{name}\ntitle: {name}\ncitation: {name}\nkind: statute\nrank: {rank}\n"
                "in_force: {from: 2020-01-01}\nsource: benchmarks/chapters.py\nevidence: read\nnorms:\n"
            )
            body = "".join(_norm_text(number, line) for line in lines if line.rank == rank)
            (folder / f"{name}@2020-01-01.yaml").write_text(head + body, encoding="utf-8")


def action(number: int) -> str:
    return f"hand_over_{number:03}"


def _norm_text(number: int, line: Line) -> str:
    rows = [f"- id: {line.name}", f"  action: {action(number)}", f"  modality: {line.modality}"]
    rows.append(f"  when: {named(number, line.when)}")
    if line.unless:
        rows.append(f"  unless: {named(number, line.unless)}")
    if line.name == "film-with-escort":
        rows.append("  reading: {film_care: strict}")
    if line.modality == "permitted":
        rows.append("  overrides: [prohibited, required]")
    return "\n".join([*rows, f"  cites: {line.name}", f"  says: {line.name.replace('-', ' ').capitalize()}."]) + "\n"


def named(number: int, text: str) -> str:
    """A condition with the chapter's own names for its own facts and definitions."""
    own = {*OWN, *DEFINITIONS}
    return _NAME.sub(lambda found: f"c{number:03}_{found[0]}" if found[0] in own else found[0], text)


def _vocabulary(chapters: int) -> str:
    numbers = range(chapters)
    facts = [_fact(name, name) for name in SHARED]
    facts += [_fact(name, named(number, name)) for number in numbers for name in OWN]
    actions = "".join(f"- {{name: {action(number)}, kind: act, meaning: Hand it over.}}\n" for number in numbers)
    definitions = "".join(
        f"  {named(number, name)}: {named(number, text)}\n" for number in numbers for name, text in DEFINITIONS.items()
    )
    words = [(word, "answer, norm") for word in ("required", "prohibited", "permitted")] + [("unsettled", "answer")]
    return (
        "version: 1\nfacts:\n" + "".join(facts) + "actions:\n" + actions
        + "modalities:\n" + "".join(f"- {{name: {word}, use: [{use}], meaning: {word}.}}\n" for word, use in words)
        + "deadline_units: [days]\ndeadline_excludes: [holidays]\nranks:\n"
        + "".join(f"- {{name: {rank}, level: {level}, meaning: {rank}.}}\n" for rank, level in RANKS)
        + "readings:\n- {name: film_care, applies_to: archive, values: [strict, lenient], default: strict, issue: How is film handled?}\n"
        + "definitions:\n" + definitions + "profiles:\n- {id: archive, name: The Archive, facts: {}}\n"
    )  # fmt: skip


def _fact(kind: str, name: str) -> str:
    type_ = f"enum, values: [{', '.join(ENUMS[kind])}]" if kind in ENUMS else "int" if kind in INTS else "bool"
    handling = "transient" if kind == TRANSIENT else "recordable"
    presumed = ", presumed: {value: false, because: It is rare.}" if kind in PRESUMED else ""
    return f"- {{name: {name}, type: {type_}, handling: {handling}, question: {name}?{presumed}}}\n"


def load(chapters: int, version: Version = BASE) -> Law:
    """A version of the corpus through Brightline's own reader."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), chapters, version)
        return read_law(Path(folder))


# Measuring ----------------------------------------------------------------------------------------
def measure(report: Report) -> bool:
    """Growth with the size of the corpus, the same question put to Z3, the shipped law. Whether Z3 agrees."""
    from benchmarks import solver

    report.head("A corpus of chapters: 42 norms each on an action of its own, 11 facts shared and 16 of its own")
    for chapters in SIZES:
        _scale(report, chapters)
    report.head("Is there a situation in which two versions differ? Side by side with Z3")
    answers = [solver.measure(report, chapters) for chapters in SIZES[:2]]
    report.head("The shipped corpus: proofs and two dates")
    _shipped(report)
    return all(answers)


def _scale(report: Report, chapters: int) -> None:
    size = f"{chapters * len(NORMS):,} norms"
    seconds, law = _timed(lambda: load(chapters))
    report.line(f"{size}: read from law files", seconds, "s", f"{len(law.vocabulary.facts):,} facts")
    seconds, nodes, made, naming = min(_compiled(law) for _ in range(3))
    report.line(
        f"{size}: compiled, {chapters} action{'s' * (chapters > 1)}",
        seconds,
        "s",
        f"{nodes:,} nodes in the diagrams of the answer, {made:,} made; {seconds / chapters * 1e3:.1f} ms each",
    )
    report.line("  and the norm that decides, made when first asked for", naming, "s")
    if chapters == SIZES[-1]:
        report.target(f"{size} compiled", seconds, "s", 1.0)
    for version in (ONE_CHAPTER, one_percent(chapters)):
        _compared(report, law, load(chapters, version), chapters, version)
    seconds, proofs = _timed(lambda: prove(_side(law)))
    report.line(f"{size}: all proofs", seconds, "s", _proved(proofs))
    if chapters == SIZES[-1]:
        report.target(f"{size}: all proofs", seconds, "s", 20.0)


def _side(law: Law) -> Side:
    return Side.of(law, PROFILE, ON)


def _compiled(law: Law) -> tuple[float, int, int, float]:
    """Seconds to compile every action anew, nodes of the finished diagrams, nodes made; seconds for the deciding norms."""
    law._charts.clear()
    stack = law.stack(PROFILE, ON)
    seconds, charts = _timed(lambda: [law.chart(stack, name) for name in stack.by_action])
    made = sum(len(c.diagram) for c in charts)
    naming, _ = _timed(lambda: [c.root for c in charts])
    return seconds, sum(len(c.diagram.below(c.modal)) for c in charts), made, naming


def _compared(report: Report, law: Law, amended: Law, chapters: int, version: Version) -> None:
    size = f"{chapters * len(NORMS):,} norms"
    before, after = _side(law), _side(amended)
    runs = [_once_compared(before, after) for _ in range(3)]
    building, beyond = (median(run[i] for run in runs) for i in (0, 1))
    found, lines, unlisted = runs[0][2:]
    ways = [t for change in found.actions for t in change.transitions]
    situations = sum(change.changed for change in found.actions)
    print(f"  {size}, {version.name}:")
    report.line(
        "  the actions that differ built, both versions", building, "s", "those that are alike are not compared"
    )
    report.figures[f"{size}, {version.name}: built"] = building
    report.line(
        "  compared beyond building, with counts and lines",
        beyond,
        "s",
        f"{len(found.actions)} actions, {len(ways)} ways, {situations:,} situations, {lines} lines"
        + (f", {unlisted} ways need more than {MOST_LINES}" if unlisted else ""),
    )
    report.figures[f"{size}, {version.name}: beyond building"] = beyond
    if chapters == SIZES[-1]:
        report.target(f"{size}, {version.name}: compared", beyond, "s", 0.1)


def _once_compared(before: Side, after: Side) -> tuple[float, float, Comparison, int, int]:
    """Seconds of building, seconds beyond it, what was found, its lines, and the ways with too many lines to show."""
    for side in (before, after):
        side.law._charts.clear()
    compare(before, after)
    looked_at = [(side, [chart.action for chart in side.law._charts.values()]) for side in (before, after)]
    for side in (before, after):
        side.law._charts.clear()
    built, _ = _timed(lambda: [_chart(side, action) for side, actions in looked_at for action in actions])
    seconds, (found, listed) = _timed(lambda: _with_lines(before, after))
    return built, seconds, found, sum(map(len, listed)), sum(not lines for lines in listed)


def _chart(side: Side, action: str) -> Chart:
    return side.law.chart(side.law.stack(side.profile, side.on), action)


def _with_lines(before: Side, after: Side) -> tuple[Comparison, list[tuple[str, ...]]]:
    found = compare(before, after)
    # As `brightline compare` prints them: the exact lines of each way, given up where there are more than a page shows.
    return found, [t.lines(MOST_LINES) for change in found.actions for t in change.transitions]


def _proved(proofs: Proofs) -> str:
    theorems = [t for a in proofs.actions for t in a.theorems]
    failing = sum(not t.holds for t in theorems)
    against = sum(len(t.counterexamples) for t in theorems)
    refused = sum(bool(a.refused) for a in proofs.actions)
    return f"{len(theorems)} theorems on {len(proofs.actions)} actions, {failing} fail, {against:,} counterexamples" + (
        f", {refused} refused" if refused else ""
    )


def _shipped(report: Report) -> None:
    law = load_law(cached=False)
    side = Side.of(law, SHIPPED, DATES[-1])
    taken = [_timed(lambda: prove(side)) for _ in range(3)]
    seconds = median(s for s, _ in taken)
    report.line(f"all proofs, {SHIPPED}", seconds, "s", _proved(taken[0][1]))
    report.target(f"shipped corpus, all proofs, {SHIPPED}", seconds, "s", 3.0)
    runs = [_once_compared(Side.of(law, SHIPPED, DATES[0]), side) for _ in range(3)]
    whole = median(run[0] + run[1] for run in runs)
    found = runs[0][2]
    report.line(
        f"compare {SHIPPED} on {DATES[0]} and {DATES[1]}",
        whole,
        "s",
        f"of which {median(run[0] for run in runs):.3f} s building; {len(found.actions)} actions change, {runs[0][3]} lines",
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result
