"""Writes the page on past detainers under three policies, with its charts: real records, answered one situation at a time.

`pages(law)` gives the page and its pictures; docs/generate.py may write or check them with the others. Alone,
`python docs/replayed.py` writes them, and with `--check` exits 1 if one is not current. Figures from data that do not ship
are made where the folder of data is present (`--data FOLDER`) and left as they stand where it is not.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from replayedcounts import ACTIONS, HOLD, ON, cannot_tell, leanings, listed, of, open_table, tally, word
from replayedrows import QUERY, Row, rows_of_map

from brightline.law import load_law
from brightline.law.library import Law
from brightline.replay.extracts import EXTRACTS
from brightline.replay.maps.mapfile import find_map

DOCS = Path(__file__).parent
PAGE = DOCS / "explanation" / "replayed-history.md"
DATA = DOCS.parent.parent / "shared" / "data"
SHIPPED = f"SELECT * FROM read_parquet('{EXTRACTS / 'pa_detainers.parquet'}')"
MADE = "<!-- Made by docs/replayed.py: change the source, then run `make pages`. -->\n\n"
POLICIES = {
    "hold on request": "us/tx/dallas/sheriff",
    "judge's warrant only": "us/pa/philadelphia",
    "statutory list": "us/ct",
}
PLACES = {
    "jail": "county and city jails, lockups",
    "prison": "state prisons",
    "juvenile_detention": "places for the young",
    "": "federal prisons, marshals, immigration facilities",
}
OPENING = f"""# Past detainers under three policies

What would a policy have said to the requests of the past? Here are real ones: every detainer that ICE sent to a place in Pennsylvania in eight years, the detainers of people who turned out to be citizens, the holds of one county jail to the hour, and Minnesota month by month. Each is answered under three policies as they stand in the law of {ON:%B} {ON.day}, {ON.year}:

| policy | whose it is | profile |
|---|---|---|
| hold on request | a Texas county: a jail must honor a detainer, unless the person has shown proof of citizenship or lawful status | `us/tx/dallas/sheriff` |
| judge's warrant only | Philadelphia: no hold and no notice without a warrant that a judge signed | `us/pa/philadelphia` |
| statutory list | Connecticut: no hold and no notice, except after convictions that the statute lists | `us/ct` |

**This is not legal advice.** It counts answers. It does not say what any person did or should have done, and no norm in it has been signed off by a lawyer. The page is made from the law files and the records, so it cannot drift from them; where a figure comes from records that do not ship with Brightline, it says so.

Read an answer as said at the moment of release: the person's own time is up, and the detainer is on the desk. *Open* means that the records do not say enough: the policy turns on a fact that no column holds. Nothing is guessed.
"""


def pennsylvania(law: Law) -> Iterator[str]:
    """Eight years of one state, by year."""
    rows = grouped(rows_of_map(law, "pennsylvania", SHIPPED))
    local = [(year, row, n) for (year, place), row, n in rows if place == "jail"]
    years = sorted({year for (year, _), _, _ in rows})
    by_place = Counter((year, place) for (year, place), _, n in rows for _ in range(n))
    total, jails = sum(by_place.values()), sum(n for _, _, n in local)
    federal = sum(n for (_, place), n in by_place.items() if not place)
    yield "\n## Pennsylvania, 2007 to 2015\n\n"
    yield f"ICE sent {total:,} detainers to places in Pennsylvania from October 2007 to July 2015. **{federal:,} of them ({federal / total:.0%}) went to federal prisons, to marshals and to immigration facilities, where no local policy binds anybody.** The name of the place tells:\n\n"
    yield f"| year | {' | '.join(PLACES.values())} | all |\n|---|{'---|' * (len(PLACES) + 1)}\n"
    for year in years:
        counts = [by_place[year, place] for place in PLACES]
        yield f"| {year} | {' | '.join(f'{n:,}' for n in counts)} | {sum(counts):,} |\n"
    sums = [sum(by_place[year, place] for year in years) for place in PLACES]
    yield f"| all | {' | '.join(f'{n:,}' for n in sums)} | {total:,} |\n"
    tallies = {policy: tally(law, profile, local) for policy, profile in POLICIES.items()}
    yield f"\nThe {jails:,} that went to county and city jails and lockups are a local matter. May, must or must not the jail hold the person past release?\n\n"
    yield "![For each policy, the detainers of each year by the answer on holding: as the records say, and if nobody had shown proof or had a conviction; the tables below say the same](../images/replayed-pennsylvania.svg)\n\n"
    yield f"| year | detainers to jails | {' | '.join(POLICIES)} |\n|---|---|{'---|' * len(POLICIES)}\n"
    for year in years:
        n = sum(count for y, _, count in local if y == year)
        yield f"| {year} | {n:,} | {' | '.join(listed(of(found, *HOLD, year)) for found in tallies.values())} |\n"
    yield "\nThe other two things that a detainer puts in play, all years together:\n\n"
    yield f"| action | {' | '.join(POLICIES)} |\n|---|{'---|' * len(POLICIES)}\n"
    for action in ACTIONS:
        yield f"| {word(action)} | {' | '.join(listed(of(found, action)) for found in tallies.values())} |\n"
    yield "\n**What stays open, and why.** Where courts disagree, the answer is the one under the reading that the profile chooses. "
    disputed = {policy: found.contested[HOLD[0], "prohibited"] for policy, found in tallies.items()}
    yield " ".join(
        f"Under *{policy}*, another reading would change {n:,} of the answers on holding."
        for policy, n in disputed.items()
        if n
    )
    yield "\n"
    yield from leanings(tallies, law)
    yield from open_table(tallies, law, ACTIONS)
    yield from supposed(law, local)
    yield from cannot_tell(law, "pennsylvania")


SUPPOSED = {
    "nobody had shown proof of citizenship or lawful status": {"lawful_status_claim": "none"},
    "nobody had a conviction": {"conviction_category": "none"},
    "neither": {"lawful_status_claim": "none", "conviction_category": "none"},
    "an I-200 warrant, which no judge signs, had come with each": {"accompanying_instrument": "i200_warrant"},
    "a judge's arrest warrant had come with each": {
        "accompanying_instrument": "judicial_arrest_warrant",
        "instrument_facially_valid": True,
        "instrument_covers_request": True,
    },
}


def supposed(law: Law, rows: list[tuple[str, Row, int]]) -> Iterator[str]:
    """The answers if a fact that no column holds had been the same for all."""
    yield "\nWhat the missing facts would do, if each were the same for all. These are suppositions, not records:\n\n"
    yield f"| hold beyond release, if | {' | '.join(POLICIES)} |\n|---|{'---|' * len(POLICIES)}\n"
    for sentence, facts in SUPPOSED.items():
        cells = [listed(of(tally(law, profile, rows, facts), *HOLD)) for profile in POLICIES.values()]
        yield f"| {sentence} | {' | '.join(cells)} |\n"


def grouped(rows: Iterable[Row]) -> list[tuple[tuple[str, str], Row, int]]:
    """Rows by year and kind of place, empty for what the map leaves out; equal situations once, with their number."""
    counts = Counter((str(row.on.year), "" if row.left_out else str(row.facts["custody_state"]), row) for row in rows)
    return sorted((((year, place), row, n) for (year, place, row), n in counts.items()), key=str)


def citizens(law: Law) -> Iterator[str]:
    """Detainers lifted because the person was a citizen or could not be deported, as counts."""
    with (EXTRACTS / "npr_lifted_by_year.csv").open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    total, ours = (sum(int(line[key]) for line in lines) for key in ("detainers", "of_citizens"))
    yield "\n## Citizens of the United States on detainers\n\n"
    yield f"{total:,} of the detainers that ICE issued in the whole country in those years were lifted later because the person could not be deported at all. **{ours:,} of these people were citizens of the United States**: ICE's reason for lifting is *United States Citizen Interviewed*. NPR counted them out of ICE's own records. When the detainer came, the jail had the same paper on its desk as for everybody else, and had to answer.\n\n"
    rows = [(line["year"], asked(law, line["asks"]), int(line["of_citizens"])) for line in lines]
    tallies = {policy: tally(law, profile, rows) for policy, profile in POLICIES.items()}
    yield f"| year | lifted later | of citizens | {' | '.join(POLICIES)} |\n|---|---|---|{'---|' * len(POLICIES)}\n"
    for year in sorted({line["year"] for line in lines}):
        sums = [sum(int(line[key]) for line in lines if line["year"] == year) for key in ("detainers", "of_citizens")]
        cells = [listed(of(found, *HOLD, year)) for found in tallies.values()]
        yield f"| {year} | {sums[0]:,} | {sums[1]:,} | {' | '.join(cells)} |\n"
    yield "\nThe answers are on holding the citizens past release. Under the first policy the hold turns on whether the person *showed proof*, and under the third on a conviction; the records have neither.\n"
    yield from open_table(tallies, law, HOLD)
    shown = {
        "had shown the jail no proof": {"lawful_status_claim": "none"},
        "had claimed to be a citizen, without proof": {"lawful_status_claim": "claims_us_citizenship"},
        "had shown the jail proof": {"lawful_status_claim": "shows_proof"},
    }
    yield f"\n| of the {ours:,} citizens, if all | {' | '.join(POLICIES)} |\n|---|{'---|' * len(POLICIES)}\n"
    for sentence, facts in shown.items():
        cells = [listed(of(tally(law, profile, rows, facts), *HOLD)) for profile in POLICIES.values()]
        yield f"| {sentence} | {' | '.join(cells)} |\n"
    yield "\nHow this was counted without keeping anybody's status: what ships is a table of counts by year, not the rows. Being a citizen is not a fact of any row here, and no answer uses it: it says which counts are on the page. A jail could not have used it either: ICE wrote it down later, when it lifted the detainer. The records behind the counts have a map, `npr-lifted`, which does not read the reason for lifting; use it to count the file as a whole, and keep no answers by row. The counts do not tell places apart: the answers are those of a jail.\n"
    yield from cannot_tell(law, "npr-lifted")


def asked(law: Law, asks: str) -> Row:
    """The situation of a request in the counts: a hold, or a notice only."""
    mapped = find_map("npr-lifted", law)
    kinds = ("notification_request", "release_notice") if asks == "notice" else ("i247_detainer", "hold")
    return Row.of(mapped, ON, {"custody_state": "jail", "instrument": kinds[0], "request_kind": kinds[1]})


HOURS = ((0.0, "none"), (1, "up to 1 hour"), (6, "1 to 6 hours"), (24, "6 to 24 hours"), (48, "24 to 48 hours"))


def pierce(law: Law, data: Path) -> Iterator[str]:
    """Holds of one county jail, by the hours past the end of local authority."""
    source = QUERY.format(file=data / "pierce-detainers" / "hold_bookings_charges.csv.gz")
    rows = list(rows_of_map(law, "pierce-bookings", source))
    hours = {row: row.hours for row in rows}
    late = [(bucket(hours[row]), row, 1) for row in rows if (hours[row] or 0) > 0]
    unknown = sum(hours[row] is None for row in rows)
    past = sorted(h for row in rows if (h := hours[row]) and h > 0)
    yield f"\nThe jail of Pierce County, Washington, had {len(rows):,} bookings with a line *HOLD IMMIGRAT* in the records of October 2016 to July 2018. Each booking has other lines too, and each line says when it ended. When the last line that is not the immigration hold had ended, local authority to hold the person had ended. From then to the hour the person left, the hold for immigration was all there was.\n\n"
    yield f"{len(rows) - len(past) - unknown:,} people left when their local lines ended, or before. **{len(past):,} were kept longer**, half of them for more than {past[len(past) // 2]:.1f} hours, and {sum(h > 48 for h in past):,} for more than 48. {unknown:,} had no local line at all.\n\n"
    policies = {"Washington": "us/wa", **POLICIES}
    tallies = {policy: tally(law, profile, late) for policy, profile in policies.items()}
    yield f"| kept past the last local line | people | {' | '.join(policies)} |\n|---|---|{'---|' * len(policies)}\n"
    for name in [label for _, label in HOURS[1:]] + ["more than 48 hours"]:
        n = sum(1 for group, _, _ in late if group == name)
        cells = [listed(of(found, *HOLD, name)) for found in tallies.values()]
        yield f"| {name} | {n} | {' | '.join(cells)} |\n"
    yield f"| no local line | {unknown} | {' | '.join('not asked' for _ in policies)} |\n"
    yield "\nThe answers are on holding until the hour at which the person left. *Washington* is the law of the state today; its act of 2019 came after these bookings. Past 48 hours, not counting weekends and holidays, no policy allows the hold: the federal rule itself ends there. Before, the first policy requires it unless the person showed proof, and the third turns on a conviction.\n"
    yield from open_table(tallies, law, HOLD)
    yield from cannot_tell(law, "pierce-bookings")


def bucket(hours: float | None) -> str:
    """The row of the table that so many hours belong to."""
    return next((label for most, label in HOURS if (hours or 0) <= most), "more than 48 hours")


def minnesota(law: Law, data: Path) -> Iterator[str]:
    """Minnesota month by month."""
    file = data / "mn-ice-2022-2026" / "mn_detainers_over_time.csv.gz"
    days = rows_of_map(law, "minnesota-days", f"SELECT * FROM read_csv('{file}', all_varchar=true)")
    rows = [(f"{row.on:%Y-%m}", row, row.weight) for row in days]
    policies = {"Minnesota": "us/mn", **POLICIES}
    tallies = {policy: tally(law, profile, rows) for policy, profile in policies.items()}
    total = sum(n for _, _, n in rows)
    yield f"\nICE prepared {total:,} detainers for places in Minnesota from October 2022 to March 2026. The source has counts by day, without the place or the form, so all detainers of a month get one answer; what changes is how many there were. On holding past release:\n\n"
    yield f"| month | detainers | {' | '.join(policies)} |\n|---|---|{'---|' * len(policies)}\n"
    for month in sorted({m for m, _, _ in rows}):
        n = sum(count for m, _, count in rows if m == month)
        yield f"| {month} | {n:,} | {' | '.join(listed(of(found, *HOLD, month)) for found in tallies.values())} |\n"
    yield from open_table(tallies, law, HOLD)
    yield from cannot_tell(law, "minnesota-days")


def unshipped(law: Law, data: Path, old: str) -> Iterator[str]:
    """The sections from data that do not ship: made anew where the data are, otherwise as they stand on the page."""
    for name, title, folder, where, make in (
        ("pierce", "Pierce County, to the hour", "pierce-detainers", "github.com/UWCHR/ice-detainers-pierce, from records of the Pierce County Sheriff, under GPL-2.0-or-later", pierce),
        ("minnesota", "Minnesota, month by month", "mn-ice-2022-2026", "github.com/alyssc/mn-deportation-data, counted by the Minnesota Reformer from ICE records that the Deportation Data Project publishes", minnesota),
    ):  # fmt: skip
        yield f"\n## {title}\n\n*These figures come from records that do not ship with Brightline ({where}). They are made anew, and compared, where the records are present.*\n"
        kept = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->\n", old, re.DOTALL)
        body = "".join(make(law, data)) if (data / folder).is_dir() else kept[1] if kept else "\n*Not made yet.*\n"
        yield f"\n<!-- {name} -->\n{body}<!-- /{name} -->\n"


def chart(law: Law) -> str:
    """The answers on holding in Pennsylvania's jails, by year and policy, as SVG."""
    import altair as alt
    import vl_convert

    rows = grouped(rows_of_map(law, "pennsylvania", SHIPPED))
    local = [(year, row, n) for (year, place), row, n in rows if place == "jail"]
    suppositions: dict[str, dict[str, object]] = {
        "as the records say": {},
        "if nobody had proof or a conviction": {"lawful_status_claim": "none", "conviction_category": "none"},
    }
    values = [
        {"year": year, "policy": policy, "supposing": sentence, "answer": modality, "detainers": n}
        for sentence, facts in suppositions.items()
        for policy, profile in POLICIES.items()
        for (year, action, modality), n in sorted(tally(law, profile, local, facts).answers.items())
        if action == HOLD[0]
    ]
    answers = alt.Scale(
        domain=["required", "prohibited", "permitted", "open"], range=["#1a4480", "#b50909", "#2e6336", "#8a8a8a"]
    )
    drawn = alt.Chart(alt.Data(values=values), width=190, height=130).mark_bar(stroke="#1b1b1b", strokeWidth=0.5).encode(
        x=alt.X("year:O", title=None),
        y=alt.Y("sum(detainers):Q", title="detainers to jails"),
        color=alt.Color("answer:N", scale=answers, title="hold past release?"),
        column=alt.Column("policy:N", sort=list(POLICIES), title=None),
        row=alt.Row("supposing:N", sort=list(suppositions), title=None),
    ).configure(font="Liberation Sans", background="#ffffff")  # fmt: skip
    return str(vl_convert.vegalite_to_svg(drawn.to_json())) + "\n"


def pages(law: Law, data: Path = DATA) -> Iterator[tuple[Path, str]]:
    """The page and its pictures, with their content."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = (OPENING, *pennsylvania(law), *citizens(law), *unshipped(law, data, old))
    yield PAGE, MADE + "".join(parts)
    yield DOCS / "images" / "replayed-pennsylvania.svg", chart(law)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not current")
    parser.add_argument("--data", type=Path, default=DATA, help="a folder with the data that do not ship")
    args = parser.parse_args()
    if not args.data.is_dir():
        print("figures from records that do not ship are kept as they stand: there is no folder for --data")
    stale = [(p, t) for p, t in pages(load_law(), args.data) if not p.exists() or p.read_text(encoding="utf-8") != t]
    for path, text in stale:
        print(f"{'not current' if args.check else 'written'}: {path.name}")
        if not args.check:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
