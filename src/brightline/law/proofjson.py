"""Proofs as JSON: what `brightline law prove --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brightline.law.premises import Situations
from brightline.law.proof import ActionProof, Proofs
from brightline.law.properties import Check
from brightline.law.solver.terms import NOT_COUNTED
from brightline.law.solver.witness import Witness
from brightline.law.theorem import Counterexample, Theorem

__all__ = ["checks_to_json", "proofs_to_json"]


def proofs_to_json(proofs: Proofs, checks: Sequence[Check]) -> dict[str, Any]:
    """The proofs about a profile, and the checks of the corpus's own properties for it."""
    return {
        "version": 1,
        "profile": proofs.side.profile,
        "on": proofs.side.on.isoformat(),
        "actions": [_action(action) for action in proofs.actions],
        "dead": list(proofs.dead),
        "properties": checks_to_json(checks),
    }


def checks_to_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """One entry for each property, profile, date and action."""
    return [
        {
            "property": check.stated.id,
            "says": check.stated.says,
            "profile": check.profile,
            "on": check.on.isoformat(),
            "action": check.action,
            "holds": check.holds,
            "covers": None if check.solved else check.covers,
            "says_nothing": check.is_empty,
            "where": _situations(check.situations),
            "answers": list(check.answers),
            "norms": list(check.norms),
            "refused": check.refused,
            "decided_by": "z3" if check.solved else "diagram",
            "not_counted": f"{check.solved}; {NOT_COUNTED}" if check.solved else "",
            "situation": _situation(check.witness),
        }
        for check in checks
    ]


def _action(proof: ActionProof) -> dict[str, Any]:
    return {
        "action": proof.action,
        "decided_by": "z3" if proof.solved else "diagram",
        "not_counted": f"{proof.solved}; {NOT_COUNTED}" if proof.solved else "",
        "situations": None if proof.solved else proof.situations,
        "theorems": [_theorem(theorem) for theorem in proof.theorems],
        "idle": dict(proof.idle),
        "refused": proof.refused,
    }


def _theorem(theorem: Theorem) -> dict[str, Any]:
    return {
        "theorem": theorem.name,
        "says": theorem.says,
        "holds": theorem.holds,
        "where": _situations(theorem.where),
        "situation": _situation(theorem.witness),
        "counterexamples": [_counterexample(found) for found in theorem.counterexamples],
    }


def _counterexample(found: Counterexample) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "says": found.says,
        "marks": list(found.marks),
        "where": _situations(found.where),
        "situation": _situation(found.witness),
        "norms": list(found.norms),
        "names": list(found.names),
        "outcomes": [{"value": value, "answer": answer} for value, answer in found.outcomes],
    }


def _situation(found: Witness | None) -> dict[str, Any] | None:
    """One situation of a set that Z3 did not count."""
    return None if found is None else {"example": dict(found.example), "fewest_facts": found.is_fewest}


def _situations(found: Situations | None) -> dict[str, Any] | None:
    """A set of situations. `lines` is null where more are needed than fit a page."""
    if found is None:
        return None
    lines = found.lines() if found.number else ()
    return {
        "number": found.number,
        "total": found.total,
        "share": found.share,
        "example": dict(found.example),
        "lines": list(lines) if lines or not found.number else None,
    }
