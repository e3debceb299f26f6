"""Bills on top of the law in force: applied, they give another `Law`, and the law given stays as it is.

Bills are off by default: nothing reads them but the functions that are handed one.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from brightline.law.bill import Bill, Change, Removal
from brightline.law.chart import Chart
from brightline.law.comparison import possible_situations
from brightline.law.cover import smallest_example
from brightline.law.diagram import FALSE, TRUE, outcome_index
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.norms import Authority, InForce, Norm
from brightline.law.vocabulary import Jurisdiction, Vocabulary

__all__ = ["apply_bills", "norms_named", "with_words"]

_Word = TypeVar("_Word")


def apply_bills(law: Law, bills: Iterable[Bill]) -> Law:
    """The law as it would be with the bills in it; the law given stays as it is.

    A bill with a first day in force counts from that day on; one that starts from enactment counts on every day.

    Raises: BrightlineError `unknown-norm`, `overlap`, `bill-clash` or `bill-contradiction`.
    """
    chosen = tuple(bills)
    touched: dict[str, tuple[Authority, ...]] = {}
    amended: dict[str, Removal | Change] = {}
    for bill in chosen:
        steps: tuple[Removal | Change, ...] = (*bill.removes, *bill.changes)
        for step in steps:
            if _is_new(amended, step):
                _amend(law, touched, bill, step)
        for authority in bill.adds:
            there = touched.get(authority.path, law.authorities.get(authority.path, ()))
            _check_overlap(bill, authority, there)
            touched[authority.path] = (*there, authority)
    # A chain, so that the folders of a cached law that no bill touches stay undecoded.
    after = Law(with_words(law.vocabulary, chosen), ChainMap(touched, law.authorities), law.calendars, law.fingerprint)  # type: ignore[arg-type]
    for bill in chosen:
        _check_references(after, bill)
        _check_consistent(after, bill)
    return after


def with_words(vocabulary: Vocabulary, bills: Iterable[Bill]) -> Vocabulary:
    """The vocabulary with the words of the bills. Raises: BrightlineError `bill-clash` if two bills differ on one."""
    facts, actions, readings = dict(vocabulary.facts), dict(vocabulary.actions), dict(vocabulary.readings)
    jurisdictions = dict(vocabulary.jurisdictions)
    for bill in bills:
        _merge(facts, bill.facts, bill, "fact")
        _merge(actions, bill.actions, bill, "action")
        _merge(readings, bill.readings, bill, "reading")
        here = jurisdictions.get(bill.applies_to, Jurisdiction(bill.applies_to))
        jurisdictions[bill.applies_to] = replace(here, value_sets={**bill.value_sets, **here.value_sets})
    return replace(vocabulary, facts=facts, actions=actions, readings=readings, jurisdictions=jurisdictions)


def norms_named(law: Law, name: str) -> list[Norm]:
    """The norm of that full name in every version of its authority; empty if there is none."""
    folder = name.partition("#")[0].rpartition("/")[0]
    return [norm for authority in law.authorities.get(folder, ()) for norm in authority.norms if norm.id == name]


def _merge(known: dict[str, _Word], more: Mapping[str, _Word], bill: Bill, what: str) -> None:
    for name, word in more.items():
        if known.setdefault(name, word) != word:
            raise BrightlineError(
                "bill-clash",
                f"`{bill.id}` and another bill both define the {what} `{name}`, and differently",
                "give one of them another name",
                f"{bill.file}:1",
            )


def _is_new(amended: dict[str, Removal | Change], step: Removal | Change) -> bool:
    """Whether a norm has not been amended yet; False where two bills do the same to it."""
    before = amended.get(step.norm)
    if before is None:
        amended[step.norm] = step
        return True
    if isinstance(before, Removal) and isinstance(step, Removal) and before.where != step.where:
        return False
    if (
        isinstance(before, Change)
        and isinstance(step, Change)
        and before.fields == step.fields
        and before.on(before.draft) == replace(step.on(step.draft), where=before.where)
    ):
        return False
    raise BrightlineError(
        "bill-clash",
        f"`{step.norm}` is removed or changed twice, and differently",
        f"the other place is {before.where}; keep one",
        step.where,
    )


def _amend(law: Law, touched: dict[str, tuple[Authority, ...]], bill: Bill, step: Removal | Change) -> None:
    folder = step.norm.partition("#")[0].rpartition("/")[0]
    if not norms_named(law, step.norm):
        known = [n.id for a in law.authorities.get(folder, ()) for n in a.norms]
        raise BrightlineError(
            "unknown-norm",
            f"unknown norm {shown(step.norm)}",
            near_misses(step.norm, known, "write authority#id; run `brightline law show PROFILE` for the list"),
            step.where,
        )
    found = []
    for authority in touched.get(folder, law.authorities.get(folder, ())):
        norms = [
            part for norm in authority.norms for part in (_parts(norm, bill, step) if norm.id == step.norm else (norm,))
        ]
        found.append(replace(authority, norms=tuple(norms)))
    touched[folder] = tuple(found)


def _parts(norm: Norm, bill: Bill, step: Removal | Change) -> Iterator[Norm]:
    """What is left of a norm: the old one until the day before the bill, the new one from then on."""
    now = step.on(norm) if isinstance(step, Change) else None
    start, interval = bill.start, norm.in_force
    if start is None or start <= interval.start:
        yield from (now,) if now else ()
    elif interval.to is not None and interval.to < start:
        yield norm
    else:
        yield replace(norm, in_force=InForce(interval.start, start - timedelta(days=1)))
        yield from (replace(now, in_force=InForce(start, interval.to)),) if now else ()


def _check_overlap(bill: Bill, authority: Authority, there: Sequence[Authority]) -> None:
    for other in there:
        if other.id == authority.id and other.in_force.meets(authority.in_force):
            raise BrightlineError(
                "overlap",
                f"`{authority.id}` is in force already in the version @{other.version}",
                "change or remove its norms, or add an authority of another name",
                f"{bill.file}:1",
            )


def _check_references(after: Law, bill: Bill) -> None:
    """Every norm that the bill's norms beat or take away is there."""
    for norm in _own(after, bill):
        for name in (*norm.derogates, *(norm.overrides.norms if norm.overrides else ())):
            if not norms_named(after, name):
                raise BrightlineError(
                    "unknown-norm",
                    f"unknown norm {shown(name)}",
                    near_misses(name, bill.norm_ids, "write authority#id"),
                    norm.where,
                )


def _own(after: Law, bill: Bill) -> list[Norm]:
    """The norms that the bill adds or changes, as they stand once it is applied."""
    places = {c.where for c in bill.changes}
    changed = [n for c in bill.changes for n in norms_named(after, c.norm) if n.where in places]
    return [*(n for a in bill.adds for n in a.norms), *changed]


def _check_consistent(after: Law, bill: Bill) -> None:
    """No situation in which the bill itself both requires and prohibits an act. Decided by the diagram."""
    own = [n for n in _own(after, bill) if n.modality in ("required", "prohibited")]
    for action in dict.fromkeys(a for n in own for a in n.actions):
        norms = sorted((n for n in own if action in n.actions), key=lambda n: -n.level)
        if len({n.modality for n in norms}) < 2:
            continue
        # Versions of one changed norm have one name: each is tried by itself.
        for version in {n.where: n for n in norms if sum(o.id == n.id for o in norms) > 1}.values() or (None,):
            _check_chart(
                after, bill, action, [n for n in norms if version is None or n.id != version.id or n is version]
            )


def _check_chart(after: Law, bill: Bill, action: str, norms: Sequence[Norm]) -> None:
    chart = Chart(action, norms, after.vocabulary.facts, after.vocabulary.readings)
    unsettled = chart.diagram.map_outcomes(
        chart.root, lambda t: TRUE if chart.outcomes[outcome_index(t)].modality == "unsettled" else FALSE
    )
    clash = chart.diagram.both(unsettled, possible_situations(after, chart))
    if clash != FALSE:
        example = smallest_example(chart, clash, TRUE, {})
        said = (
            "; ".join(f"{k} = {str(v).lower() if isinstance(v, bool) else v}" for k, v in example.items())
            or "every situation"
        )
        raise BrightlineError(
            "bill-contradiction",
            f"`{bill.id}` both requires and prohibits `{action}` where {said}",
            "let one of its norms derogate the other, or narrow one",
            norms[0].where,
        )
