"""Writes the reference pages that would otherwise drift: commands, vocabulary, corpus inventory, a worked answer.

`python docs/generate.py` writes them; with `--check` it writes nothing and exits 1 if one is not current.
"""

from __future__ import annotations

import argparse
import html
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

import bills
import guardscores
import replayed

from brightline.cli.main import build_parser, main
from brightline.law import answer, load_law
from brightline.law.answerjson import answers_to_json
from brightline.law.corpusfiles import CORPUS, edge_cases, written_cases
from brightline.law.library import Law
from brightline.law.vocabulary import Fact

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py: change the source, then run `make pages`. -->\n\n"
FACTS = {
    "actor_role": "jail_staff",
    "requester": "ice_ero",
    "request_kind": "hold",
    "instrument": "i247a_detainer",
    "accompanying_instrument": "i200_warrant",
    "purpose": "civil_immigration",
    "custody_state": "jail",
    "release_due": True,
    "release_due_at": "2026-01-16T18:05:00-06:00",
}


def pages(law: Law) -> Iterator[tuple[Path, str]]:
    """Every generated page with its content."""
    yield REFERENCE / "commands.md", MADE + "".join(commands())
    yield REFERENCE / "vocabulary.md", MADE + "".join(vocabulary(law))
    yield REFERENCE / "corpus.md", MADE + "".join(inventory(law))
    yield REFERENCE / "answer-example.json", example(law)
    text = example_text()
    yield REFERENCE / "answer-example.txt", text
    yield REFERENCE.parent / "images" / "answer.svg", picture(text)
    yield from bills.pages(law)
    yield from replayed.pages(law)
    yield from guardscores.pages()


def commands() -> Iterator[str]:
    """The command's own help, every level of it."""
    yield "# Commands\n\nEvery command ends with exit code 0 when done, 1 for a miss or a finding, 2 when the input cannot be used.\n"
    yield from _help(build_parser(), 2)


def _help(parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {parser.prog}\n\n```\n{parser.format_help().rstrip()}\n```\n"
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from _help(sub, level + 1)


def vocabulary(law: Law) -> Iterator[str]:
    """Facts, actions, readings, ranks and profiles."""
    words = law.vocabulary
    yield "# Vocabulary\n\nThe names that the law files, the command and the answers use. *Transient* facts are used to answer and have no way to be kept. A *presumed* value holds while nobody has stated the fact; every answer that leans on one names it.\n"
    yield "\n## Facts\n"
    groups: dict[str, list[Fact]] = {}
    for fact in words.facts.values():
        groups.setdefault(fact.group, []).append(fact)
    for group, facts in groups.items():
        yield f"\n### {group}\n\n| fact | kind | asked as | presumed |\n|---|---|---|---|\n"
        yield from (_fact_row(fact) for fact in facts)
    yield "\n## Actions\n\n| action | kind | meaning |\n|---|---|---|\n"
    yield from (f"| `{a.name}` | {a.kind} | {a.meaning} |\n" for a in words.actions.values())
    yield "\n## Modalities of a norm\n\n| modality | answer | meaning |\n|---|---|---|\n"
    yield from (f"| `{m.name}` | {m.answer_as} | {m.meaning} |\n" for m in words.modalities.values())
    yield "\n## Ranks, strongest first\n\n| rank | meaning |\n|---|---|\n"
    yield from (f"| `{r.name}` | {r.meaning} |\n" for r in sorted(words.ranks.values(), key=lambda r: -r.level))
    yield "\n## Readings\n\n| reading | applies to | values (default first) | the question |\n|---|---|---|---|\n"
    for r in words.readings.values():
        values = [r.default, *(v for v in r.values if v != r.default)]
        yield f"| `{r.name}` | {r.applies_to} | {', '.join(f'`{v}`' for v in values)} | {r.issue} |\n"
    yield "\n## Profiles\n\n| profile | name | chosen readings |\n|---|---|---|\n"
    for p in sorted(words.profiles.values(), key=lambda p: p.id):
        yield f"| `{p.id}` | {p.name} | {', '.join(f'{k} = {v}' for k, v in p.readings.items())} |\n"


def _fact_row(fact: Fact) -> str:
    kind = {"bool": "yes or no", "enum": ", ".join(f"`{v}`" for v in fact.values), "int": f"number of {fact.unit}"}.get(
        fact.kind, fact.kind
    )
    transient = " *(transient)*" if fact.is_transient else ""
    derived = f" Worked out from `{fact.derived.start}` and `{fact.derived.end}`." if fact.derived else ""
    where = f" Added by {fact.scope}." if fact.scope else ""
    presumed = f"{fact.presumed_name}: {fact.presumed.because}" if fact.presumed else ""
    return f"| `{fact.name}`{transient} | {kind} | {fact.question}{derived}{where} | {presumed} |\n"


def inventory(law: Law) -> Iterator[str]:
    """Every authority, with its version and how well its norms were verified."""
    authorities = list(law.everything())
    norms = [norm for authority in authorities for norm in authority.norms]
    evidence = Counter(norm.evidence for norm in norms)
    cases, edges = (sum(len(find(CORPUS, a.file)) for a in authorities) for find in (written_cases, edge_cases))
    yield "# What the corpus holds\n\n**Not legal advice.** A norm ships as a rule only after a lawyer of the jurisdiction has checked it against the official text; none of these has been signed off yet.\n\n"
    yield f"{len(norms)} norms in {len(authorities)} versions of {len({a.id for a in authorities})} authorities, with {cases:,} scenarios that a person wrote and {edges:,} [edge cases](law-files.md#edge-cases) that `brightline law mutate` made. {evidence['read']} norms rest on a passage that was read, {evidence['secondary']} on a report about it, {evidence['memory']} on memory: the last are marked `unverified` on every answer.\n"
    for folder in sorted(law.authorities):
        yield f"\n## {folder}\n\n| authority | citation | rank | in force | norms | read / secondary / memory |\n|---|---|---|---|---|---|\n"
        for a in law.authorities[folder]:
            marks = Counter(n.evidence for n in a.norms)
            until = f" to {a.in_force.to}" if a.in_force.to else ""
            citation = a.citation.replace("|", "/")
            yield f"| {a.title} | {citation} | {a.rank} | {a.in_force.start}{until} | {len(a.norms)} | {marks['read']} / {marks['secondary']} / {marks['memory']} |\n"


def example(law: Law) -> str:
    """One answer as JSON."""
    found = answer(
        law,
        "us/tx/dallas/sheriff",
        {**FACTS, "lawful_status_claim": "none"},
        on=date(2026, 1, 16),
        actions=["hold_beyond_release"],
    )
    return json.dumps(answers_to_json(found), indent=2, ensure_ascii=False) + "\n"


def example_text() -> str:
    """The same request at another profile, as the terminal shows it."""
    words = ["answer", "--profile", "us/mn/hennepin/sheriff", "--on", "2026-01-16", "--action", "hold_beyond_release"]
    for name, value in FACTS.items():
        words += ["--fact", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    with redirect_stdout(io.StringIO()) as shown:
        main(words)
    return shown.getvalue()


_INKS = (
    ("[x] PROHIBITED", "#b50909"),
    ("[!] REQUIRED", "#1a4480"),
    ("[o] PERMITTED", "#2e6336"),
    ("Hennepin", "#1b1b1b"),
)


def picture(text: str) -> str:
    """An answer on the terminal as a picture: the head, the answer and its first reasons."""
    lines = [line for line in text.splitlines() if line.strip()]
    end = next(i for i, line in enumerate(lines) if "more agree" in line)
    start = next(i for i, line in enumerate(lines) if line.startswith("     disputed"))
    stop = next(i for i in range(start + 1, len(lines)) if lines[i][5:15].strip())
    shown = [*lines[:end], *lines[start:stop], lines[-1]]
    height = 18 * len(shown) + 32
    rows = []
    for i, line in enumerate(shown):
        ink = next((colour for mark, colour in _INKS if mark in line), "#3d4551")
        weight = "700" if ink != "#3d4551" else "400"
        rows.append(
            f'<text x="16" y="{26 + 18 * i}" fill="{ink}" font-weight="{weight}" xml:space="preserve">{html.escape(line)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="820" height="{height}" viewBox="0 0 820 {height}" role="img" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">\n'
        "<title>A jail in Hennepin County is told that it must not hold a person on an ICE detainer, and why</title>\n"
        f'<rect width="820" height="{height}" rx="6" fill="#ffffff" stroke="#a9aeb1"/>\n'
        + "\n".join(rows)
        + "\n</svg>\n"
    )


def run(check: bool) -> int:
    """Write the pages, or name those that are not current."""
    # Help texts must not depend on the width of somebody's window.
    os.environ["COLUMNS"] = "96"
    stale = []
    for path, text in pages(load_law(cached=False)):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if stale and check:
        print(f"not current: {', '.join(stale)}; run `make pages`", file=sys.stderr)
        return 1
    print(f"{len(stale)} written" if stale else "all pages are current")
    return 0


if __name__ == "__main__":
    sys.exit(run("--check" in sys.argv[1:]))
