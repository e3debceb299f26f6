"""Whatever a file holds, reading it gives a value or a `BrightlineError` with the next step: nothing else."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS, parse_authority
from brightline.law.corpusfiles import CORPUS, law_files, read_vocabulary
from brightline.law.errors import BrightlineError
from brightline.law.expressions import facts_in, parse, words
from brightline.law.layout import formatted
from brightline.law.vocabularyfile import build_vocabulary, scope_at
from brightline.law.yamlfile import Listing, Table, load_text, load_yaml

MARKS = "[]{}:,-?&*!|>'\"#%@`~<= \n\t()"
YAML = st.text(alphabet=MARKS + "ab01é\x00\u2028", max_size=80)
SCALARS = st.one_of(
    st.text(max_size=12),
    st.booleans(),
    st.none(),
    st.integers(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.timezones()),
)


@functools.cache
def vocabulary():
    return read_vocabulary(CORPUS)


@functools.cache
def scope():
    return scope_at(vocabulary(), "us/mn")


RARE = (
    "within",
    "extends",
    "enjoined",
    "overrides",
    "derogates",
    "binding_in",
    "definitions",
    "context",
    "reading",
    "with",
)


@functools.cache
def some_files() -> tuple[tuple[str, str], ...]:
    """Law files of the corpus, half of them those with the most of the rare fields: name and text."""
    paths = list(law_files(CORPUS))
    random.Random(7).shuffle(paths)
    paths.sort(key=lambda path: -sum(f"{field}:" in path.read_text(encoding="utf-8") for field in RARE))
    paths = paths[:20] + paths[-20:]
    return tuple((path.relative_to(CORPUS).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """The value, or None for a refusal. A refusal has a code and a next step and shows no class name."""
    try:
        return function(*arguments)
    except BrightlineError as error:
        assert error.code
        assert error.help
        assert error.message
        assert error.message[0] in "`abcdefghijklmnopqrstuvwxyz"
        assert "object at 0x" not in str(error)
        return None


def read_law(text: str, name: str = "us/x@2025-02-06.yaml") -> Any:
    return parse_authority(load_text(text, name), name.rpartition("/")[0], name, vocabulary())


@settings(max_examples=8000)
@given(st.text(max_size=200) | YAML)
def test_any_text_is_yaml_or_refused(text):
    outcome(load_text, text, "f")


@given(content=st.binary(max_size=200) | YAML.map(str.encode))
def test_any_bytes_are_yaml_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "f.yaml"
    path.write_bytes(content)
    outcome(load_yaml, path)


NAMES = st.sampled_from(
    [
        "detainer",
        "release_due",
        "instrument",
        "i247a_detainer",
        "years_since_conviction",
        "judicial_instruments",
        "none",
        "true",
        "court",
    ]
)
TOKENS = st.lists(
    NAMES
    | st.sampled_from(
        [
            "and",
            "or",
            "not",
            "in",
            "is",
            "==",
            "!=",
            "<",
            "<=",
            "(",
            ")",
            "[",
            "]",
            ",",
            "5",
            "lambda",
            ":",
            "if",
            "else",
            ".",
            "*",
        ]
    ),
    max_size=25,
)


@settings(max_examples=8000)
@given(TOKENS.map(" ".join) | st.text(max_size=60) | st.text(alphabet="()[]{} notandrie=<>!,.:1'\"\\\n", max_size=300))
def test_any_text_is_a_condition_or_refused(text):
    found = outcome(parse, text, scope(), "f:1")
    if found is not None:
        assert facts_in(found) <= set(scope().facts)
        assert parse(words(found), scope()) == found


@settings(max_examples=8000)
@given(
    st.integers(0, 39),
    st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 30), st.text(alphabet=MARKS + "a1", max_size=4) | st.text(max_size=3)
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_law_file_with_a_few_characters_changed_is_read_or_refused(number, changes):
    name, text = some_files()[number]
    for where, length, new in changes:
        at = int(where * len(text))
        text = text[:at] + new + text[at + length :]
    outcome(read_law, text, name)
    outcome(formatted, text, name)


@settings(max_examples=8000)
@given(
    st.integers(0, 39),
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["drop", "repeat", "swap", "indent", "outdent"])),
        min_size=1,
        max_size=4,
    ),
)
def test_a_law_file_with_lines_dropped_repeated_swapped_or_indented_is_read_or_refused(number, changes):
    name, text = some_files()[number]
    lines = text.splitlines()
    for first, second, change in changes:
        at, to = int(first * (len(lines) - 1)), int(second * (len(lines) - 1))
        if change == "drop":
            del lines[at]
        elif change == "repeat":
            lines.insert(to, lines[at])
        elif change == "swap":
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines[at] = f"  {lines[at]}" if change == "indent" else lines[at].removeprefix("  ")
    outcome(read_law, "\n".join(lines), name)
    outcome(formatted, "\n".join(lines), name)


def tabled(value: Any) -> Any:
    """Plain values as the loader gives them, with lines."""
    if isinstance(value, dict):
        table = Table("f", 1)
        for key, part in value.items():
            table[key], table.lines[key] = tabled(part), 1
        return table
    if isinstance(value, list):
        listing = Listing("f", 1)
        for part in value:
            listing.append(tabled(part))
            listing.lines.append(1)
        return listing
    return value


FIELDS = sorted(
    {
        *AUTHORITY_FIELDS,
        *NORM_FIELDS,
        "from",
        "to",
        "paths",
        "by",
        "amount",
        "unit",
        "federal_circuit",
        "modalities",
        "s1373_scope",
        "name",
        "type",
        "values",
    }
)
VALUES = st.recursive(
    SCALARS | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def spots(value: Any) -> dict[str, list[tuple[Any, Any]]]:
    """Every place where a value stands, by its key (items of lists under one name): the container, and the key or index."""
    found: dict[str, list[tuple[Any, Any]]] = {}
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        found.setdefault(str(key) if isinstance(value, dict) else "", []).append((value, key))
        if isinstance(value[key], (dict, list)):
            for name, places in spots(value[key]).items():
                found.setdefault(name, []).extend(places)
    return found


CHANGES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), VALUES | st.just(...)), min_size=1, max_size=3)


def change(content: Any, changes: list[tuple[float, float, Any]]) -> None:
    """Put other values where values stand, rare keys as often as common ones; `...` takes the value out."""
    for which, where, value in changes:
        places = spots(content)
        if not places:
            return
        chosen = places[sorted(places)[int(which * (len(places) - 1))]]
        container, key = chosen[int(where * (len(chosen) - 1))]
        if value is not ...:
            container[key] = tabled(value)
        elif isinstance(container, dict):
            del container[key]


@settings(max_examples=8000)
@given(st.integers(0, 39), CHANGES)
def test_a_law_file_with_values_of_other_types_is_read_or_refused(number, changes):
    name, text = some_files()[number]
    content = load_text(text, name)
    change(content, changes)
    outcome(parse_authority, content, name.rpartition("/")[0], name, vocabulary())


@functools.cache
def jurisdictions() -> tuple[tuple[str, str], ...]:
    return tuple(
        (p.parent.relative_to(CORPUS).as_posix(), p.read_text(encoding="utf-8"))
        for p in (CORPUS / "us/jurisdiction.yaml", CORPUS / "us/mn/jurisdiction.yaml")
    )


@settings(max_examples=8000)
@given(st.integers(0, 1), CHANGES)
def test_a_jurisdiction_with_values_of_other_types_is_read_or_refused(number, changes):
    files = [
        ("", load_yaml(CORPUS / "vocabulary.yaml", "vocabulary.yaml")),
        *((folder, load_text(text, folder)) for folder, text in jurisdictions()),
    ]
    content = files[number + 1][1]
    change(content, changes)
    outcome(build_vocabulary, files)
