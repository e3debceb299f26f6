"""What becomes of one mutant while it is judged."""

from __future__ import annotations

from dataclasses import dataclass

from brightline.law.mutants import DatedMutant, Mutant
from brightline.law.norms import Norm
from brightline.law.scenarios import Case

__all__ = ["Fate"]


@dataclass(eq=False)
class Fate:
    """A mutant while it is judged: killed by a case of today, or seen by a new one (`seen_by`), or not seen at all.

    `differs` once a situation is known in which it changes an answer.
    """

    mutant: Mutant | DatedMutant
    is_killed: bool = False
    differs: bool = False
    seen_by: Case | None = None

    @property
    def is_pending(self) -> bool:
        """Whether no case sees it yet."""
        return not self.is_killed and self.seen_by is None

    @property
    def survives(self) -> bool:
        """Whether it changes an answer and no case of today sees it."""
        return not self.is_killed and (self.differs or self.seen_by is not None)

    @property
    def decides_something(self) -> bool:
        """Whether an answer may turn on it."""
        return not (isinstance(self.mutant, Mutant) and self.mutant.decides_nothing)

    @property
    def norm(self) -> Norm:
        """The norm that is changed; the first, where the dates of several are."""
        return self.mutant.norm if isinstance(self.mutant, Mutant) else self.mutant.norms[0]
