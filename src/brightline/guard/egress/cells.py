"""The texts of columns cleaned: each different one is read once, after the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.files.judging import Judge, Setting, Verdict
from brightline.guard.files.rows import label_of
from brightline.law.errors import BrightlineError

__all__ = ["MASKED", "Cells"]

# A masked cell is as long whatever stood there, and stands for an empty one as well.
MASKED = "███"
LONGEST = 64 << 20
_PLAIN = re.compile(
    r"[-+]?[\d.,]{1,40}(?:[eE][-+]?\d{1,4})?%?"
    r"|\d{4}-\d\d?-\d\d?(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z| ?[-+]\d\d:?\d\d)?)?"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?|(?i:true|false|yes|no|y|n)"
)
_PROBES = ("203456789", "20345678901", "2034567890123", "1203456", "912701234")
_KEPT, _SHORT = 200_000, 64
_Found = tuple[str, tuple[tuple[str, str, str, str], ...]]


class Cells:
    """Cleans the texts of one export, and counts what was found.

    A number, a date or a time is not read unless the name of its column would make a number one of status.
    """

    def __init__(self, policy: Policy, report: Report, file: str, scanner: Any = None, least: str = "probable") -> None:
        self.report, self.file = report, file
        self.judge = Judge(Setting("mask", least, "auto", (), policy.basis), scanner)
        self._known: dict[str, dict[str, _Found]] = {}
        self._kept = 0
        self._telling: dict[str, bool] = {}

    def is_telling(self, column: str) -> bool:
        """Whether a bare number under the name of a column is a finding."""
        label = label_of(column)
        if label not in self._telling:
            self._telling[label] = any(one.found for one in self._judged(_PROBES, column, ()))
        return self._telling[label]

    def cleaned(self, texts: Mapping[str, int], column: str, shown_as: str, called: str = "") -> dict[str, str]:
        """What stands for each text of a column that is to change; `texts` says how often each occurs.

        `column` is the place under which a basis is declared, `shown_as` the name in the report, `called` what the
        texts are read after.

        Raises: BrightlineError `guard-cell` for a text too long to be read, `guard-failed` where the reading fails.
        """
        known, called = self._known.setdefault(column, {}), called or column
        wanted = self._wanted(texts, called, known)
        found = dict(zip(wanted, self._judged(wanted, called, self.places(column)), strict=True))
        changed: dict[str, str] = {}
        for text, verdict in found.items():
            self._keep(known, text, _entry(verdict))
        for text, count in texts.items():
            entry = _entry(found[text]) if text in found else known.get(text)
            if entry:
                self._tell(shown_as, entry, count if entry[0] != text else 0, count)
                if entry[0] != text:
                    changed[text] = entry[0]
        return changed

    def places(self, column: str) -> tuple[str, ...]:
        """The names under which a basis may be declared for a column."""
        return (self.file, f"{self.file}#{column}")

    def is_plain(self, column: str, text: str) -> bool:
        """Whether a text is a number or a date that tells nothing under the name of its column."""
        return len(text) <= _SHORT and _PLAIN.fullmatch(text.strip()) is not None and not self.is_telling(column)

    def _wanted(self, texts: Iterable[str], column: str, known: Mapping[str, _Found]) -> list[str]:
        wanted = [text for text in texts if text and text not in known and not self.is_plain(column, text)]
        if any(len(text) > LONGEST for text in wanted):
            raise BrightlineError(
                "guard-cell",
                f"a cell is longer than {LONGEST >> 20} MiB",
                "drop the column, or export it by itself",
                self.file,
            )
        return wanted

    def _judged(self, texts: Sequence[str], column: str, places: tuple[str, ...]) -> list[Verdict]:
        """Raises: BrightlineError `guard-failed`, without the words of the failure, which may be those of a text."""
        try:
            return self.judge.judge(texts, places, label_of(column)) if texts else []
        except BrightlineError:
            raise
        except Exception:
            raise BrightlineError(
                "guard-failed",
                "a text could not be read to its end",
                "nothing was let out; report the rule packs in use",
                self.file,
            ) from None

    def _keep(self, known: dict[str, _Found], text: str, entry: _Found) -> None:
        if self._kept < _KEPT and len(text) <= _SHORT:
            known[text] = entry
            self._kept += 1

    def _tell(self, column: str, entry: _Found, changed: int, count: int) -> None:
        for label, tier, rule, action in entry[1]:
            self.report.found[column, label, tier, rule, action] += count
        if changed:
            self.report.cells[column] += changed


def _entry(verdict: Verdict) -> _Found:
    found = tuple((one.label, one.tier, one.rule, "permitted" if norm else "redacted") for one, norm in verdict.found)
    return verdict.redacted.text, found
