"""A scanner of invented words, so that tests of reading and redacting do not lean on the rules that ship."""

from __future__ import annotations

import re

from brightline.guard.files.done import Block, Done
from brightline.guard.files.judging import Judge, Setting
from brightline.guard.files.workers import judged_block
from brightline.guard.finding import TIERS, Finding

SECRET = "She is quux since May."
WORD = "quux"


class FakeScanner:
    """Finds `quux`, hiding its clause; `N123456`; the value of `origin:`; and `zig`, unless `zag` stands near."""

    def scan(self, text, least="probable"):
        found = [
            *self._each(r"(?i)\bis (quux)[^.!\n]*", text, "status_assertion", "certain"),
            *self._each(r"\b(N\d{6})\b", text, "status_number", "certain"),
            *self._each(r"(?i)\borigin: (\S+)", text, "birthplace", "probable"),
            *self._each(r"\b(perhaps)\b", text, "status_document", "possible"),
        ]
        found += [f for f in self._each(r"\b(zig)\b", text, "birthplace", "certain") if "zag" not in around(text, f)]
        kept = []
        for one in sorted(found, key=lambda f: f.start):
            if TIERS.index(one.tier) <= TIERS.index(least) and (not kept or one.start >= kept[-1].end):
                kept.append(one)
        return tuple(kept)

    def scan_many(self, texts, least="probable"):
        return [self.scan(text, least) for text in texts]

    def _each(self, pattern, text, label, tier):
        for match in re.finditer(pattern, text):
            start, end = match.span(1)
            hide = (match.start(), match.end()) if label == "status_assertion" else (start, end)
            yield Finding(start, end, label, tier, f"fake.{label}", "an invented rule", (), (), *hide)


def around(text, finding):
    return text[max(0, finding.start - 12) : finding.end + 12]


def judge(mode="mask", least="probable", columns=(), basis=()):
    return Judge(Setting(mode, least, "auto", tuple(columns), tuple(basis)), FakeScanner())


def read(source, judging=None):
    """All blocks of a source, judged; the parts of its output in order."""
    judging = judging or judge()
    whole, bodies = Done(source.label), []
    for block in source.blocks():
        assert isinstance(block, Block)
        done = judged_block(block, judging)
        if done.error:
            raise done.error
        whole.take(done)
        bodies.append(done.body)
    return whole, bodies


def of(path, judging=None):
    """One file, read alone: what came of it, and its output."""
    from brightline.guard.files.sources import find_sources

    (source,) = find_sources([str(path)])
    whole, bodies = read(source, judging)
    return whole, b"".join(body for body in bodies if body)
