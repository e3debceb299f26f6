"""What becomes of each column: tagged once by its name, kind and sampled values, then judged by the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brightline.guard.egress.policy import Policy
from brightline.guard.schemas.field import Field, Schema
from brightline.guard.schemas.judge import judge
from brightline.guard.schemas.verdict import Verdict
from brightline.law.errors import BrightlineError, shown

__all__ = ["GRAVE", "Decision", "Path", "decided", "tagged"]

GRAVE = ("prohibited", "basis")
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a column. `scan`: its texts are read and what is found in them is hidden.

    `unread` is true where it passes as it is, of a kind that holds no text that could be read. `norm` is the norm
    under which what is tagged may leave.
    """

    action: str
    why: str
    severity: str = ""
    label: str = ""
    rule: str = ""
    norm: str = ""
    unread: bool = False


def tagged(name: str, paths: Sequence[Path], samples: Mapping[Path, Sequence[str]]) -> dict[Path, Verdict]:
    """What the linter says of columns or keys by their names and some values. A path is outermost first."""
    fields = [
        Field(path[-1], "column", "egress", ".".join(path[:-1]), path[:-1], samples=tuple(samples.get(path, ())))
        for path in paths
        if path
    ]
    verdicts = judge(Schema("csv_header", name, tuple(fields)))
    known = {(verdict.table, verdict.field): verdict for verdict in verdicts}
    found = {path: known.get((".".join(path[:-1]), path[-1])) for path in paths if path}
    return {path: verdict for path, verdict in found.items() if verdict is not None}


def decided(path: Path, verdict: Verdict | None, policy: Policy, places: Sequence[str]) -> Decision:
    """What becomes of a column. Raises: BrightlineError `guard-policy` where status is to pass without a basis."""
    asked = policy.choice(path)
    tag = (verdict.severity, verdict.label, verdict.rule) if verdict else ("", "", "")
    if asked in ("drop", "mask"):
        return Decision(asked, "asked for", *tag)
    if verdict is None:
        return Decision("scan", "not tagged; its texts are read", *tag)
    if verdict.severity not in GRAVE:
        action = "pass" if asked else policy.on_review
        return Decision("scan" if action == "pass" else action, f"{verdict.why}; a weak proxy", *tag)
    return _grave(path, verdict, policy, places, tag)


def _grave(path: Path, verdict: Verdict, policy: Policy, places: Sequence[str], tag: tuple[str, str, str]) -> Decision:
    if norm := policy.norm(verdict.label, places):
        return Decision("scan", f"{verdict.why}; permitted with basis", *tag, norm)
    if reason := policy.reason(path):
        return Decision("scan", f"{verdict.why}; declared not to be status: {reason}", *tag)
    if policy.choice(path) == "pass":
        raise BrightlineError(
            "guard-policy",
            f"{shown('.'.join(path))} is to pass, but {verdict.why}",
            "declare the basis with --basis, or say in the policy file why it is not status: `{pass: REASON}`",
            places[-1] if places else "",
        )
    return Decision(policy.on_status, verdict.why, *tag)
