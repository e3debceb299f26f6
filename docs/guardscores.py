"""Writes the page on what the guard counts, and how well it finds it: measured on the sets of passages in the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from brightline.guard.scanner import Scanner
from brightline.guard.scoring import Ratio, Score, read_passages, score

DOCS = Path(__file__).parent
PAGE = DOCS / "explanation" / "what-the-guard-finds.md"
TEXT = DOCS / "guard-finds.md.in"
SETS = {
    "written with": "adversarial.jsonl",
    "half of it read": "released.jsonl",
    "held out": "heldout.jsonl",
}
FOLDER = DOCS.parent / "tests" / "data" / "guard"
MADE = "<!-- Made by docs/guardscores.py: change the source, then run `make pages`. -->\n\n"
NAMES = {
    "status_assertion": "status asserted",
    "status_document": "document",
    "status_number": "number",
    "citizenship_or_nationality": "citizenship or nationality",
    "birthplace": "birthplace",
    "immigration_contact": "contact with immigration authorities",
}


def pages() -> Iterator[tuple[Path, str]]:
    """The page with its content."""
    text = TEXT.read_text(encoding="utf-8")
    yield PAGE, MADE + text.replace("{scores}", "\n".join(scores()))


def scores() -> Iterator[str]:
    """The table of all sets."""
    scanner = Scanner.shipped()
    sets = {name: read_passages(FOLDER / file) for name, file in SETS.items()}
    told = {name: score(passages, scanner.scan_many([p.text for p in passages])) for name, passages in sets.items()}
    yield "| | " + " | ".join(f"{name} ({len(sets[name])} passages)" for name in sets) + " |"
    yield "|---|" + "---:|" * len(sets)
    for name in NAMES:
        yield _row(f"{NAMES[name]}: F1 (precision, recall)", [_ratio(each.labels[name]) for each in told.values()])
    yield _row("spans, any label: F1 (precision, recall)", [_ratio(each.any_label) for each in told.values()])
    yield _row("spans, right label: F1 (precision, recall)", [_ratio(each.strict) for each in told.values()])
    yield _row("passages: F1 (precision, recall)", [_ratio(each.passages) for each in told.values()])
    yield _row("characters of status that redaction hides", [f"{each.hidden:.1%}" for each in told.values()])
    yield _row("other characters that it hides", [f"{each.hidden_besides:.1%}" for each in told.values()])
    yield _row("false alarms on look-alikes", [f"{each.alarms:.1%}" for each in told.values()])
    for name, key in (
        ("English", "en"),
        ("Spanish", "es"),
        ("mixed", "mixed"),
        ("passages with a legal duty", "exception"),
    ):
        yield _row(f"found, {name}", [_share(each, key) for each in told.values()])


def _row(name: str, cells: list[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"


def _ratio(each: Ratio) -> str:
    return f"{each.f1:.2f} ({each.precision:.2f}, {each.recall:.2f})"


def _share(each: Score, key: str) -> str:
    found, marked = each.recall[key]
    return f"{found} of {marked}"
