"""Coverage-guided fuzzing of the law file loader and its layout: anything but a `BrightlineError` is a crash.

Run: python tests/fuzz/fuzz_lawfile.py -runs=20000 -max_total_time=30
"""

from __future__ import annotations

import contextlib
import random
import sys

try:
    import atheris
except ImportError:
    print(f"atheris is not installed for Python {sys.version.split()[0]}: nothing was fuzzed")
    sys.exit(0)

with atheris.instrument_imports(include=["brightline.law"]):
    from brightline.law.authorityfile import parse_authority
    from brightline.law.corpusfiles import CORPUS, law_files, read_vocabulary
    from brightline.law.errors import BrightlineError
    from brightline.law.layout import formatted
    from brightline.law.yamlfile import load_text

VOCABULARY = read_vocabulary(CORPUS)
SEEDS = [
    (p.relative_to(CORPUS).as_posix(), p.read_text(encoding="utf-8"))
    for p in random.Random(7).sample(list(law_files(CORPUS)), 30)
]
PIECES = [
    "[]",
    "{}",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "&a ",
    "*a",
    "!!str ",
    "!!python/object:x ",
    "|\n",
    ">-\n",
    "'",
    '"',
    "#",
    " # c\n",
    "true",
    "null",
    "1",
    "2025-02-30",
    "2025-01-01T00:00:00",
    "<<: ",
    "? ",
    "\t",
    "\x00",
    "--- ",
    "%",
]


def changed(provider: atheris.FuzzedDataProvider, text: str) -> str:
    """A shipped law file with pieces cut out and put in."""
    while provider.remaining_bytes() > 3:
        at = provider.ConsumeIntInRange(0, len(text))
        piece = (
            PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)]
            if provider.ConsumeBool()
            else provider.ConsumeUnicode(4)
        )
        text = text[:at] + piece + text[at + provider.ConsumeIntInRange(0, 20) :]
    return text


def fuzz_one(data: bytes) -> None:
    """A third of the inputs are free text, the others are shipped files with changes."""
    provider = atheris.FuzzedDataProvider(data)
    name, text = SEEDS[provider.ConsumeIntInRange(0, len(SEEDS) - 1)]
    text = (
        provider.ConsumeUnicode(provider.remaining_bytes())
        if provider.ConsumeIntInRange(0, 2) == 0
        else changed(provider, text)
    )
    try:
        laid_out = formatted(text, name)
        if formatted(laid_out, name) != laid_out:
            raise AssertionError(text)
    except BrightlineError:
        pass
    with contextlib.suppress(BrightlineError):
        parse_authority(load_text(text, name), name.rpartition("/")[0], name, VOCABULARY)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz_one)
    atheris.Fuzz()
