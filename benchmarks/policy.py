"""One neutral policy, written once: 27 facts and 42 norms on when an archive hands over what it keeps.

It is about nothing that Brightline is about, so that no engine is favoured by the subject. Required and prohibited
norms of one rank exclude each other, and a permission lifts whatever ranks below it; so the answer is the first
norm that takes part, strongest rank first, commands before permissions, and every engine can express it. That
this reading is Brightline's own is checked, not assumed: `clashes` must be empty, and the answers must agree.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from brightline.law.corpusfiles import read_law
from brightline.law.diagram import outcome_index
from brightline.law.library import Law
from brightline.law.norms import Norm

ON = date(2026, 6, 1)
PROFILE = "archive"
ACTION = "hand_over"
SEED = 20261122

BOOLS = (
    "sealed", "consented", "court_order", "emergency", "deceased", "public_figure", "published", "fee_paid", "digitised",
    "fragile", "on_loan", "in_dispute", "donor_terms", "names_others", "approved", "research_plan", "supervised", "insured",
)  # fmt: skip
ENUMS = {
    "request": ("view", "copy", "loan", "quote", "publish", "destroy"),
    "requester": ("public", "researcher", "relative", "police", "court", "press", "agency", "donor"),
    "material": ("letter", "photograph", "recording", "register", "map", "case_file"),
    "medium": ("paper", "film", "disc", "network"),
    "area": ("open_stack", "reading_room", "vault"),
}
# The highest number a random case draws: the cuts of the norms lie well inside.
INTS = {"age_years": 150, "pages": 400, "notice_days": 60, "copies": 10}
PRESUMED = ("sealed", "court_order", "emergency", "on_loan", "in_dispute", "donor_terms")

DEFINITIONS = {
    "private_person": "not deceased and not public_figure",
    "recent": "age_years < 30",
    "official": "requester in [police, court, agency]",
    "goes_out": "request in [loan, publish] or medium == network",
    "delicate": "fragile or (medium == film and age_years >= 50)",
    "personal_record": "material in [letter, register, case_file]",
    "takes_away": "request in [copy, loan]",
    "large": "pages > 200 or copies > 5",
    "owner_asks": "requester == donor or (requester == relative and consented)",
}

RANKS = (("charter", 40), ("act", 30), ("rule", 20), ("custom", 10))


@dataclass(frozen=True)
class Line:
    """One norm as a person would note it down."""

    rank: str
    name: str
    modality: str
    when: str
    unless: str = ""


def _lines(rank: str, *rows: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(Line(rank, *row) for row in rows)


NORMS = (
    *_lines(
        "charter",
        ("no-destruction-in-dispute", "prohibited", "request == destroy and in_dispute"),
        ("sealed-stays-shut", "prohibited", "sealed and not official", "consented"),
        (
            "private-papers-stay-in",
            "prohibited",
            "personal_record and private_person and goes_out",
            "consented or official",
        ),
        ("no-naming-others", "prohibited", "names_others and recent and request == publish", "approved"),
        ("vault-with-escort", "prohibited", "area == vault and not supervised and requester in [public, press]"),
        ("case-files-not-to-press", "prohibited", "material == case_file and requester == press and age_years < 75"),
        ("rescue", "permitted", "emergency and official and supervised"),
        ("own-letters", "permitted", "owner_asks and material == letter and not sealed"),
        ("old-registers", "permitted", "material == register and published and age_years >= 100"),
        ("published-maps", "permitted", "material == map and published and request in [view, quote]"),
    ),
    *_lines(
        "act",
        ("court-views", "required", "court_order and requester == court and request == view"),
        ("court-copies", "required", "court_order and requester in [court, police] and request == copy", "donor_terms"),
        ("order-for-case-file", "required", "court_order and material == case_file and approved"),
        ("order-in-emergency", "required", "court_order and emergency and notice_days < 2"),
        ("order-for-owner", "required", "court_order and owner_asks and personal_record"),
        (
            "police-need-order",
            "prohibited",
            "not court_order and requester == police and material == case_file",
            "emergency",
        ),
        ("insured-loans", "prohibited", "not court_order and request == loan and not insured and age_years >= 50"),
        ("approved-destruction", "prohibited", "not court_order and request == destroy", "approved"),
        (
            "private-photographs",
            "prohibited",
            "not court_order and material == photograph and private_person and request in [copy, publish]",
            "consented",
        ),
        (
            "names-on-network",
            "prohibited",
            "not court_order and medium == network and names_others and requester in [public, press]",
        ),
        ("scholars", "permitted", "requester == researcher and research_plan and approved"),
        (
            "digital-copies",
            "permitted",
            "digitised and request in [view, copy] and medium in [disc, network]",
            "names_others",
        ),
    ),
    *_lines(
        "rule",
        ("return-to-owner", "required", "owner_asks and request == loan and notice_days >= 30"),
        ("show-to-owner", "required", "owner_asks and request == view"),
        ("copy-for-owner", "required", "owner_asks and request == copy and pages <= 200"),
        ("delicate-stays", "prohibited", "not owner_asks and delicate and takes_away", "insured and approved"),
        ("lent-already", "prohibited", "not owner_asks and on_loan and request in [view, copy, loan]"),
        ("donor-says-no", "prohibited", "not owner_asks and donor_terms and request in [publish, quote]", "approved"),
        ("large-orders-pay", "prohibited", "not owner_asks and large and takes_away and not fee_paid"),
        ("notice-for-vault", "prohibited", "not owner_asks and notice_days < 2 and area == vault", "official"),
        ("film-with-escort", "prohibited", "not owner_asks and medium == film and request == view and not supervised"),
        ("press-and-the-past", "permitted", "requester == press and age_years >= 75 and published"),
        ("reading-room", "permitted", "area == reading_room and supervised and request == view"),
        ("quotations", "permitted", "request == quote and (published or age_years >= 75)"),
    ),
    *_lines(
        "custom",
        ("paid-copies", "required", "fee_paid and request == copy and copies <= 5 and pages <= 200"),
        ("paid-views", "required", "fee_paid and request == view and notice_days >= 7"),
        ("paid-maps", "required", "fee_paid and material == map and takes_away"),
        ("unpaid-copies", "prohibited", "not fee_paid and request == copy and copies > 1"),
        ("unpaid-publication", "prohibited", "not fee_paid and request == publish and not research_plan"),
        ("unpaid-loans", "prohibited", "not fee_paid and request == loan and area != open_stack"),
        ("open-stacks", "permitted", "area == open_stack"),
        ("the-past", "permitted", "age_years >= 75"),
    ),
)

# One norm turns on a reading of law, so that a full answer has something contested to look into. Engines without
# readings get the policy under the default one.
READING = {"film-with-escort": {"film_care": "strict"}}

Facts = dict[str, bool | int | str]
Short = tuple[str, str]


def write_corpus(root: Path) -> None:
    """The policy as law files, one for each rank."""
    (root / "vocabulary.yaml").write_text(_vocabulary(), encoding="utf-8")
    folder = root / PROFILE
    folder.mkdir(parents=True, exist_ok=True)
    for rank, _ in RANKS:
        head = (
            f"authority: {PROFILE}/{rank}\ntitle: The {rank}\ncitation: The {rank}\nkind: statute\nrank: {rank}\n"
            "in_force: {from: 2020-01-01}\nsource: benchmarks/policy.py\nevidence: read\nnorms:\n"
        )
        body = "".join(_norm_text(n, line) for n, line in enumerate(NORMS, 1) if line.rank == rank)
        (folder / f"{rank}@2020-01-01.yaml").write_text(head + body, encoding="utf-8")


def _norm_text(number: int, line: Line) -> str:
    rows = [f"- id: {line.name}", f"  action: {ACTION}", f"  modality: {line.modality}", f"  when: {line.when}"]
    if line.unless:
        rows.append(f"  unless: {line.unless}")
    if line.name in READING:
        rows.append("  reading: {" + ", ".join(f"{k}: {v}" for k, v in READING[line.name].items()) + "}")
    if line.modality == "permitted":
        rows.append("  overrides: [prohibited, required]")
    rows += [f'  cites: "No. {number}"', f"  says: {line.name.replace('-', ' ').capitalize()}."]
    return "\n".join(rows) + "\n"


def _vocabulary() -> str:
    presumed = ", presumed: {value: false, because: It is rare.}"
    facts = [
        f"- {{name: {b}, type: bool, handling: recordable, question: {b}?{presumed if b in PRESUMED else ''}}}"
        for b in BOOLS
    ]
    facts += [
        f"- {{name: {e}, type: enum, values: [{', '.join(vs)}], handling: recordable, question: {e}?}}"
        for e, vs in ENUMS.items()
    ]
    facts += [f"- {{name: {i}, type: int, handling: recordable, question: {i}?}}" for i in INTS]
    modalities = "".join(
        f"- {{name: {name}, use: [{use}], meaning: {name}.}}\n"
        for name, use in (
            ("required", "answer, norm"),
            ("prohibited", "answer, norm"),
            ("permitted", "answer, norm"),
            ("unsettled", "answer"),
        )
    )
    return (
        "version: 1\nfacts:\n" + "\n".join(facts) + f"\nactions:\n- {{name: {ACTION}, kind: act, meaning: Hand it over.}}\n"
        "modalities:\n" + modalities + "deadline_units: [days]\ndeadline_excludes: [holidays]\n"
        "ranks:\n" + "".join(f"- {{name: {rank}, level: {level}, meaning: {rank}.}}\n" for rank, level in RANKS)
        + "readings:\n- {name: film_care, applies_to: archive, values: [strict, lenient], default: strict, issue: How is film handled?}\n"
        "definitions:\n" + "".join(f"  {name}: {text}\n" for name, text in DEFINITIONS.items())
        + "profiles:\n- {id: archive, name: The Archive, facts: {}}\n"
    )  # fmt: skip


def load(root: Path) -> Law:
    """The policy through Brightline's own reader."""
    write_corpus(root)
    return read_law(root)


def ordered_norms(law: Law) -> tuple[Norm, ...]:
    """The norms in the order in which the first that takes part decides."""
    found = law.stack(PROFILE, ON).by_action[ACTION]
    return tuple(sorted(found, key=lambda n: (-n.level, n.modality == "permitted")))


def clashes(law: Law) -> list[str]:
    """Situations in which a required and a prohibited norm of one rank both take part: none, by proof over the diagram."""
    chart = law.chart(law.stack(PROFILE, ON), ACTION)
    every = [range(v.size) for v in chart.variables]
    found = (chart.outcomes[outcome_index(t)] for t in chart.diagram.reach(chart.root, every))
    return [" and ".join(o.norms) for o in found if o.modality == "unsettled"]


def random_cases(count: int, seed: int = SEED) -> list[Facts]:
    """Complete cases, every value of a fact as likely as any other."""
    rng = random.Random(seed)
    cases = []
    for _ in range(count):
        case: Facts = {b: rng.random() < 0.5 for b in BOOLS}
        case.update({e: rng.choice(vs) for e, vs in ENUMS.items()})
        case.update({i: rng.randint(0, top) for i, top in INTS.items()})
        cases.append(case)
    return cases
