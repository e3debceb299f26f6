"""Coverage-guided fuzzing of the condition parser: anything but a value or a `BrightlineError` is a crash.

Run: python tests/fuzz/fuzz_expressions.py -runs=20000 -max_total_time=30
"""

from __future__ import annotations

import sys

try:
    import atheris
except ImportError:
    print(f"atheris is not installed for Python {sys.version.split()[0]}: nothing was fuzzed")
    sys.exit(0)

with atheris.instrument_imports(include=["brightline.law"]):
    from brightline.law.corpusfiles import CORPUS, read_vocabulary
    from brightline.law.errors import BrightlineError
    from brightline.law.expressions import MAX_CHARACTERS, MAX_NEGATIONS, facts_in, parse, words
    from brightline.law.vocabularyfile import scope_at

SCOPE = scope_at(read_vocabulary(CORPUS), "us/mn")
WORDS = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "lambda",
    "if",
    "else",
    "for",
    "==",
    "!=",
    "<=",
    ">=",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "*",
    "**",
    ":=",
    "'",
    "1",
    "99",
    "true",
    "None",
]
WORDS += [
    *list(SCOPE.facts)[:40],
    *list(SCOPE.definitions)[:20],
    *list(SCOPE.value_sets)[:10],
    "detainer",
    "instrument",
    "i247a_detainer",
    "none",
]


def fuzz_one(data: bytes) -> None:
    """Half of the inputs are free text, half are words of the language in any order."""
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        text = provider.ConsumeUnicode(provider.remaining_bytes())
    else:
        text = " ".join(
            WORDS[provider.ConsumeIntInRange(0, len(WORDS) - 1)] for _ in range(min(provider.remaining_bytes(), 200))
        )
    try:
        found = parse(text, SCOPE, "f:1")
    except BrightlineError:
        return
    said = words(found)
    # With its definitions written out a condition may be longer than one may be written.
    is_short = len(said) <= MAX_CHARACTERS and said.count("not") <= MAX_NEGATIONS
    if (is_short and parse(said, SCOPE) != found) or not facts_in(found) <= set(SCOPE.facts):
        raise AssertionError(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz_one)
    atheris.Fuzz()
