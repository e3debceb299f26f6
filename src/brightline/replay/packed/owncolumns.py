"""What a packed population keeps of each row besides its facts: its profile, its day, and how many requests it stands for.

A profile or a day is kept as a number: 0 where the row names none, 1 where what it names could not be read, and from
FIRST on the profile by its place in the directory, or the day counted from FIRST_DAY. A weight is kept as one more than
it is, and as 0 where it could not be read.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brightline.law.vocabulary import Fact
from brightline.replay.maps.leaveout import REJECTED

__all__ = [
    "DAY", "FIRST", "FIRST_DAY", "NO_DAY", "NO_PROFILE", "OF_THE_PROFILE", "OWN", "PROFILE", "WEIGHT", "Numbers", "coded", "reasons", "uncoded",
]  # fmt: skip

# No fact can have such a name.
PROFILE, DAY, WEIGHT = "(profile)", "(day)", "(weight)"
OWN = {name: Fact(name, "", "int", "recordable", "") for name in (PROFILE, DAY, WEIGHT)}
OF_THE_PROFILE = "of the profile"  # hours were counted on the clock of the profile
FIRST = 2
FIRST_DAY = -25_600  # since 1970: before the first day that is read, the first of January 1900
NO_DAY, NO_PROFILE = REJECTED.index("no day"), REJECTED.index("no profile")
Numbers = npt.NDArray[np.int64]


def coded(values: npt.NDArray[np.int64] | npt.NDArray[np.int32], lost: npt.NDArray[np.uint8], none: int) -> Numbers:
    """Values from 0 on as they are kept; `lost` says, as positions in REJECTED from `none` on, which rows have none."""
    return np.where(lost == 0, values.astype(np.int64) + FIRST, lost.astype(np.int64) - none)


def uncoded(kept: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """The values as they were, and which rows have one."""
    return kept - FIRST, kept >= FIRST


def reasons(kept: Numbers, none: int) -> npt.NDArray[np.uint8]:
    """Why a row has no value, as a position in REJECTED; 0 where it has one."""
    return np.where(kept >= FIRST, 0, kept + none).astype(np.uint8)
