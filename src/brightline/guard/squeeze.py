"""Text with every run of blanks as one space, so that a trigger of several words is one plain string."""

from __future__ import annotations

from typing import Any

__all__ = ["Squeezed", "squeezed"]

_SPACES = bytes.maketrans(b"\t\n\r", b"   ")


class Squeezed:
    """The text, and the way back from the end of a stretch in it."""

    __slots__ = ("_gaps", "text")

    def __init__(self, text: bytes, gaps: Any = None) -> None:
        self.text, self._gaps = text, gaps

    def back(self, ends: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Numbers with places where something ends, as places of the text as it was."""
        if self._gaps is None or not ends:
            return ends
        import numpy as np

        found = np.array([end for _, end in ends])
        shifts = self._gaps.searchsorted(found - 1, "right")
        return [(number, int(at)) for (number, _), at in zip(ends, found + shifts, strict=True)]


def squeezed(text: bytes) -> Squeezed:
    """The text with each run of blanks as its first blank, a space."""
    plain = text.translate(_SPACES)
    if b"  " not in plain:
        return Squeezed(plain)
    import numpy as np

    signs = np.frombuffer(plain, dtype=np.uint8)
    again = np.zeros(len(signs), dtype=bool)
    again[1:] = (signs[1:] == 32) & (signs[:-1] == 32)
    places = np.flatnonzero(again)
    return Squeezed(signs[~again].tobytes(), places - np.arange(len(places)))
