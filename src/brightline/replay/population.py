"""A population of trafficking victims, made from published numbers, for `brightline bill reach`.

What is published is how many victims were identified and how many there are thought to be in all. Whether those who
were identified came forward themselves is mostly not published: it is left open unless a share is given. Whoever was
never identified came forward to nobody.

`python -m brightline.replay.population --out population.csv` writes the table; `--help` tells the rest.

Sources: National Crime Agency (UK), Strategic Assessment: the nature and scale of human trafficking in 2013 (30
September 2014): 2,744 potential victims. Home Office, Modern Slavery: an application of multiple systems estimation
(29 November 2014): 10,000 to 13,000 in all, those known included. See NOTICE.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from random import Random

from brightline.law.errors import BrightlineError, shown

__all__ = ["COLUMNS", "Published", "estimated", "main", "population"]

COLUMNS = ("draw", "weight", "came_forward_as", "request_kind", "instrument", "requester", "note")
IDENTIFIED, IN_ALL = 2744, (10_000.0, 13_000.0)
_WIDE = 1.959964  # a normal quantile: 95 % lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Published:
    """What is published: victims identified, and the ends of a 95 % interval for all of them.

    `came_forward` has the ends of the share of the identified who came forward, 0 to 1; None if nobody knows.
    """

    identified: int
    in_all: tuple[float, float]
    came_forward: tuple[float, float] | None = None


def population(published: Published, draws: int, random: Random) -> Iterator[dict[str, object]]:
    """The rows of the table: in each draw, the identified and those who never were, with a detainer request for each.

    The number of all victims is drawn from a log-normal law with the published ends, never below the identified; the
    share who came forward from a uniform one.
    """
    low, high = map(log, published.in_all)
    for draw in range(1, draws + 1):
        in_all = max(float(published.identified), exp(random.gauss((low + high) / 2, (high - low) / 2 / _WIDE)))
        yield from _identified(published, draw, random)
        yield _row(draw, in_all - published.identified, "none", "never identified")


def _identified(published: Published, draw: int, random: Random) -> Iterator[dict[str, object]]:
    if published.came_forward is None:
        yield _row(draw, published.identified, "", "identified; whether they came forward is not published")
        return
    share = random.uniform(*published.came_forward)
    yield _row(draw, published.identified * share, "victim", "identified, came forward")
    yield _row(draw, published.identified * (1 - share), "none", "identified otherwise")


def _row(draw: int, weight: float, came_forward: str, note: str) -> dict[str, object]:
    return dict(
        zip(COLUMNS, (draw, round(weight, 1), came_forward, "hold", "i247a_detainer", "ice_ero", note), strict=True)
    )


def estimated(lists: Sequence[tuple[int, int]], number_of_lists: int, random: Random, draws: int = 1000) -> Published:
    """What overlapping lists say: the victims on them, and an interval for all victims.

    `lists` gives, for each combination of lists, on how many of them it is and how many victims it has. The estimate
    is Chao's lower bound, f1^2 / 2 f2 unseen, for that number of lists; the interval is from a seeded bootstrap.
    Source: A. Chao, Estimating population size for sparse data in capture-recapture experiments, Biometrics 45 (1989).
    """
    identified = sum(count for _, count in lists)
    shares = [sum(count for on, count in lists if on == k) / identified for k in (1, 2)]
    found = []
    for _ in range(draws):
        once, twice = (max(0.0, random.gauss(identified * s, (identified * s * (1 - s)) ** 0.5)) for s in shares)
        found.append(identified + (number_of_lists - 1) / number_of_lists * once * once / (2 * (twice + 1)))
    found.sort()
    return Published(identified, (found[int(0.025 * draws)], found[int(0.975 * draws)]))


def read_lists(path: Path) -> tuple[list[tuple[int, int]], int]:
    """A table of lists: one column of 0 and 1 for each, and `count`. Raises: BrightlineError `population`."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = [{k: int(v) for k, v in row.items()} for row in csv.DictReader(stream)]
        return [(sum(v for k, v in row.items() if k != "count"), row["count"]) for row in rows], len(rows[0]) - 1
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError, IndexError):
        raise BrightlineError(
            "population",
            f"{shown(path.name)} is not a table of lists",
            "one column of 0 and 1 for each list, and a column `count`",
            "--lists",
        ) from None


def _ends(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    ends = float(low), float(high or low)
    if not 0 <= ends[0] <= ends[1]:
        raise ValueError
    return ends


def main(argv: Sequence[str] | None = None) -> int:
    """Write the table. Exit code 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m brightline.replay.population",
        description="A population of trafficking victims from published numbers, for `brightline bill reach`.",
    )
    parser.add_argument(
        "--identified", type=int, default=IDENTIFIED, help="victims identified (default: 2744, United Kingdom, 2013)"
    )
    parser.add_argument(
        "--in-all",
        type=_ends,
        default=IN_ALL,
        metavar="LOW:HIGH",
        help="all victims, the ends of a 95 %% interval (default: 10000:13000)",
    )
    parser.add_argument(
        "--came-forward",
        type=_ends,
        metavar="LOW:HIGH",
        help="share of the identified who came forward, such as 0.1:0.3 (default: not known)",
    )
    parser.add_argument(
        "--lists", type=Path, metavar="FILE", help="estimate both numbers from a table of overlapping lists"
    )
    parser.add_argument("--draws", type=int, default=200, help="draws of what is uncertain (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same table (default: 1)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the CSV file to write")
    args = parser.parse_args(argv)
    random = Random(args.seed)  # noqa: S311 - a simulation, not a secret
    try:
        published = (
            estimated(*read_lists(args.lists), random) if args.lists else Published(args.identified, args.in_all)
        )
    except BrightlineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    published = Published(published.identified, published.in_all, args.came_forward)
    with args.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(population(published, args.draws, random))
    low, high = published.in_all
    print(f"{published.identified:,} identified; {low:,.0f} to {high:,.0f} in all; {args.draws} draws in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
