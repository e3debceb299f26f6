"""Writes the worked page on bills: what H.R. 32 and H.R. 1061 would change for Minneapolis and for a Texas county.

`pages(law)` gives the page with its content; docs/generate.py may write or check it with the others. Alone,
`python docs/bills.py` writes it, and with `--check` exits 1 if it is not current.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from brightline.cli.billpage import sections, title_of
from brightline.cli.paragraphs import several
from brightline.cli.reachcommand import reach_sentences
from brightline.law import load_law
from brightline.law.billfile import find_bill
from brightline.law.corpusfiles import CORPUS
from brightline.law.effect import Effect, effect_of
from brightline.law.library import Law
from brightline.law.reach import Group, reach_of
from brightline.replay.history import EXTRACT, difference
from brightline.replay.population import IDENTIFIED, IN_ALL, Published, population

PAGE = Path(__file__).parent / "explanation" / "worked-bills.md"
MADE = "<!-- Made by docs/bills.py: change the source, then run `python docs/bills.py`. -->\n\n"
ON = date(2026, 11, 24)
BILLS = ("us/119/hr-32", "us/119/hr-1061")
PROFILES = ("us/mn/minneapolis/police", "us/tx/dallas/sheriff")
OPENING = f"""# Two bills, two places

What would H.R. 32 and H.R. 1061 change for Minneapolis, and what for a Texas county? One bill puts a price on limits to cooperation, the other limits federal enforcement near schools, clinics and churches. Minneapolis limits its help, Texas makes its sheriffs help. Four pages follow, each as `brightline bill effect` prints it for the law of {ON}, and then how far the exception for victims in H.R. 32 reaches.

**This is not legal advice, and neither bill is law.** [How to read such a page](../how-to/read-an-effect-page.md) says what each part means. The page is made from the law files and the bill files, so it cannot drift from them.
"""


def pages(law: Law) -> Iterator[tuple[Path, str]]:
    """The page with its content."""
    yield PAGE, MADE + OPENING + "".join(_parts(law))


def _parts(law: Law) -> Iterator[str]:
    for name in BILLS:
        bill = find_bill(CORPUS, name, law)
        for profile in PROFILES:
            yield from _effect(effect_of(law, [bill], profile, ON))
    yield from _both(law)
    yield from _reach(law)


def _effect(effect: Effect) -> Iterator[str]:
    yield f"\n## {title_of(effect)}\n"
    yield f"\n`brightline bill effect {' '.join(b.id for b in effect.bills)} --profile {effect.after.profile} --on {ON}`\n"
    for section in sections(effect):
        yield f"\n### {section.title}\n\n"
        for item in section.items:
            label = f"*{item.label}*: " if item.label else ""
            yield f"{'  ' * item.depth}- {label}{_marked(item.text)}\n"


def _marked(text: str) -> str:
    """Names of facts and norms as code, so that their underscores stay."""
    return " ".join(
        f"`{w.strip('.,;')}`{w[len(w.rstrip('.,;')) :]}" if "_" in w and w.isascii() else w for w in text.split(" ")
    )


def _both(law: Law) -> Iterator[str]:
    bills = [find_bill(CORPUS, name, law) for name in BILLS]
    effect = effect_of(law, bills, PROFILES[0], ON)
    found = difference(effect.before, effect.after, [str(EXTRACT)])
    counts = {c.action: c.changed for c in effect.comparison.actions if c.changed}
    alone: dict[str, int] = {}
    for bill in bills:
        for c in effect_of(law, [bill], PROFILES[0], ON).comparison.actions:
            alone[c.action] = alone.get(c.action, 0) + c.changed
    meets = (
        "in other situations than each alone: they meet"
        if any(alone[a] != n for a, n in counts.items())
        else "in the same number of situations as each alone: they do not meet"
    )
    yield "\n## Both bills at once\n\n"
    yield f"Applied together to {effect.after.law.profile(PROFILES[0]).name}, they change the answer for {several(len(counts), 'act')}, {meets}. "
    yield f"Of {found.requests:,} past detainers in the extract that ships with Brightline, {found.any_changed:,} would get another answer.\n"


def _reach(law: Law) -> Iterator[str]:
    yield "\n## How far the exception for victims reaches\n\n"
    yield "H.R. 32 spares a policy that only covers people who *come forward* as victims or witnesses. The population here is made by `python -m brightline.replay.population` from two published numbers of the United Kingdom for 2013: 2,744 potential victims identified (National Crime Agency), and 10,000 to 13,000 in all (Home Office, by multiple systems estimation). How many of those identified came forward themselves is not published, so it stays open. No like pair of numbers for the United States was found under a licence that allows it to be shipped.\n\n"
    rows = population(Published(IDENTIFIED, IN_ALL), 200, Random(1))  # noqa: S311 - a simulation, not a secret
    own = ("draw", "weight", "note")
    groups = [
        Group(
            {k: v for k, v in r.items() if k not in own and v != ""},
            float(str(r["weight"])),
            str(r["draw"]),
            str(r["note"]),
        )
        for r in rows
    ]
    found = reach_of(law, find_bill(CORPUS, BILLS[0], law), "victim-or-witness", "us", ON, groups)
    for sentence in reach_sentences(found):
        yield f"- {_marked(sentence)}\n"
    yield (
        "\nSo even if everybody who was identified had come forward, the exception would pass by three of every four.\n"
        if found.possibly.high < 0.3
        else ""
    )


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is not current")
    args = parser.parse_args()
    stale = [(p, text) for p, text in pages(load_law()) if not p.exists() or p.read_text(encoding="utf-8") != text]
    for path, text in stale:
        print(f"{'not current' if args.check else 'written'}: {path.name}")
        if not args.check:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
