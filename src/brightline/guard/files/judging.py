"""What is found in texts, what of it may stay, and the texts with the rest hidden."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from brightline.guard.basis import Declaration
from brightline.guard.files.blobs import has_blob, with_blobs
from brightline.guard.files.decoding import plain
from brightline.guard.finding import Finding
from brightline.guard.redaction import Redacted, hide, is_blank, without_tags

__all__ = ["Judge", "Setting", "Verdict"]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is asked of every text. `mode` is `scan`, or one of the modes of `guard redact`."""

    mode: str = "scan"
    least: str = "probable"
    engine: str = "auto"
    columns: tuple[str, ...] = ()
    basis: tuple[Declaration, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether texts are written again with what was found hidden."""
        return self.mode in ("mask", "tag")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one text: what was found, under which norm it may stay (empty: it may not), and the text redacted."""

    found: tuple[tuple[Finding, str], ...]
    redacted: Redacted

    @property
    def is_open(self) -> bool:
        """Whether something was found that no declared basis covers."""
        return any(not norm for _, norm in self.found)


@functools.cache
def _scanner(engine: str) -> Any:
    from brightline.guard.scanner import Scanner

    return Scanner.shipped(engine)


def _read(text: str) -> str:
    """A text as the rules read it; of the same length."""
    return without_tags(plain(text))


class Judge:
    """Judges texts under one setting. `scanner` has `scan(text, least)` and `scan_many(texts, least)`."""

    def __init__(self, setting: Setting, scanner: Any = None) -> None:
        self.setting = setting
        self.scanner = scanner or _scanner(setting.engine)

    def writing(self) -> Judge:
        """A judge that hides as it reads, so that what stands in two passages of a document is found once."""
        return self if self.setting.writes else Judge(replace(self.setting, mode="mask"), self.scanner)

    def judge(
        self, texts: Sequence[str], places: Sequence[tuple[str, ...]] | tuple[str, ...] = (), label: str = ""
    ) -> list[Verdict]:
        """A verdict for each text.

        `places` are the names under which a basis may be declared, of all texts or of each. `label` is what the field
        is called in which the texts stand: it is read before each, and is no part of it.
        """
        given = [_read(text) for text in texts]
        head = f"{label}: " if label else ""
        found = self.scanner.scan_many([head + text for text in given] if head else given, self.setting.least)
        some = has_blob("\n".join(given))
        return [
            self._verdict(text, head, one, places[i] if places and isinstance(places[0], tuple) else places, some)
            if one or some
            else Verdict((), Redacted(text))
            for i, (text, one) in enumerate(zip(texts, found, strict=True))
        ]

    def _verdict(self, text: str, head: str, found: Sequence[Finding], places: Any, blobs: bool) -> Verdict:
        judged = self._found(text, head, found, places, blobs)
        open_ = [one for one, norm in judged if not norm]
        if not open_ or not self.setting.writes:
            return Verdict(judged, Redacted(text))
        return Verdict(judged, hide(text, open_, lambda again: self._open(again, head, places), self.setting.mode))

    def _found(
        self, text: str, head: str, found: Sequence[Finding], places: Any, blobs: bool
    ) -> tuple[tuple[Finding, str], ...]:
        own = _without(head, found, len(text))
        if blobs:
            own = with_blobs(_read(text), own, lambda inner: self.scanner.scan(inner, self.setting.least))
        return tuple((one, self._norm(one, places)) for one in own if not is_blank(text, one))

    def _open(self, text: str, head: str, places: Any) -> list[Finding]:
        found = self.scanner.scan(head + _read(text), self.setting.least)
        return [one for one, norm in self._found(text, head, found, places, has_blob(_read(text))) if not norm]

    def _norm(self, finding: Finding, places: tuple[str, ...]) -> str:
        return next((d.norm for d in self.setting.basis if d.allows(finding, places)), "")


def _without(head: str, found: Sequence[Finding], length: int) -> tuple[Finding, ...]:
    """What was found in a text that was read after a head, in places of the text alone."""
    if not head:
        return tuple(found)
    size = len(head)
    return tuple(
        replace(
            one,
            start=max(0, one.start - size),
            end=min(length, one.end - size),
            hide_start=max(0, one.hide_start - size),
            hide_end=min(length, max(0, one.hide_end - size)),
        )
        for one in found
        if one.end > size
    )
