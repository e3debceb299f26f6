"""What a proof finds: a theorem that holds, or the exact sets of situations where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from brightline.law.premises import Situations
from brightline.law.solver.witness import Witness

__all__ = ["LOCAL", "OTHER_READING", "THEOREMS", "Counterexample", "Theorem"]

LOCAL = "local"
OTHER_READING = "another reading"

THEOREMS: Mapping[str, str] = {
    "complete": "every situation has an answer",
    "consistent": "no two norms of one rank command opposite things",
    "no-dead-norm": "every norm that binds here does something",
    "no-empty-exception": "every exception can apply",
    "supremacy-safe": "no norm commands against one of higher rank",
    "status-blind": "the answer turns on no transient fact",
    "robust": "the answer is the same under every reading",
}


@dataclass(frozen=True, eq=False)
class Counterexample:
    """One way in which a theorem fails: what is wrong, where, and the norms, facts or readings behind it.

    `names` are facts or readings, `outcomes` the answer for each value of them in one situation of the set. `marks`:
    `local` where the lower norm is that of a narrower place, `another reading` where the chosen readings avoid it.
    `witness` stands in place of `where` if Z3 decided: one situation of a set that is not counted.
    """

    kind: str
    says: str
    where: Situations | None = None
    norms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True, eq=False)
class Theorem:
    """A statement about one action and whether it holds. `where` is the set it speaks of; None if it is of none.

    `witness` is a situation of that set if Z3 decided, which does not count it.
    """

    name: str
    counterexamples: tuple[Counterexample, ...] = ()
    where: Situations | None = None
    witness: Witness | None = None

    @property
    def holds(self) -> bool:
        """Whether there is no counterexample."""
        return not self.counterexamples

    @property
    def says(self) -> str:
        """The statement in words."""
        return THEOREMS[self.name]
