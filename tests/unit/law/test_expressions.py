"""Conditions: the subset and nothing beside it, types, near misses, one normal form, and words that read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightline.law.corpusfiles import CORPUS, read_vocabulary
from brightline.law.errors import BrightlineError
from brightline.law.expressions import FALSE, TRUE, Scope, all_of, any_of, facts_in, holds, negate, parse, words
from brightline.law.vocabulary import Fact
from brightline.law.vocabularyfile import scope_at


def fact(name: str, kind: str, *values: str) -> Fact:
    return Fact(name, "", kind, "recordable", "?", values, "years" if kind == "int" else "")


FACTS = {
    f.name: f
    for f in (
        fact("guest", "bool"), fact("urgent", "bool"), fact("paper", "enum", "none", "letter", "writ", "summons"),
        fact("door", "enum", "front", "back"), fact("age", "int"), fact("asked_at", "datetime"), fact("due_on", "date"),
    )
}  # fmt: skip
SETS = {"court_papers": (("paper",), ("writ", "summons")), "front_doors": (("door",), ("front",))}
SCOPE = Scope(FACTS, {"minor": ("lt", "age", 18)}, SETS)


def parsed(text: str):
    return parse(text, SCOPE, "f:1")


def refused(text: str, code: str = "expression") -> BrightlineError:
    with pytest.raises(BrightlineError) as caught:
        parsed(text)
    error = caught.value
    assert error.code == code, error
    assert error.where == "f:1"
    assert error.help
    assert not error.message.endswith(".")
    return error


@pytest.mark.parametrize("text, normal", [
    ("guest", ("in", "guest", (True,))),
    ("guest == true", ("in", "guest", (True,))),
    ("guest == True", ("in", "guest", (True,))),
    ("guest != false", ("in", "guest", (True,))),
    ("not guest", ("not", ("in", "guest", (True,)))),
    ("guest == false", ("not", ("in", "guest", (True,)))),
    ("guest in [true, false]", TRUE),
    ("not not guest", ("in", "guest", (True,))),
    ("paper == writ", ("in", "paper", ("writ",))),
    ("paper != writ", ("not", ("in", "paper", ("writ",)))),
    ("paper in [summons, writ, writ]", ("in", "paper", ("writ", "summons"))),
    ("paper in (summons, writ)", ("in", "paper", ("writ", "summons"))),
    ("paper in court_papers", ("in", "paper", ("writ", "summons"))),
    ("paper in [court_papers, letter]", ("in", "paper", ("letter", "writ", "summons"))),
    ("paper not in court_papers", ("not", ("in", "paper", ("writ", "summons")))),
    ("paper in [none, letter, writ, summons]", TRUE),
    ("paper in []", FALSE),
    ("paper == none", ("in", "paper", ("none",))),
    ("age < 18", ("lt", "age", 18)),
    ("age <= 17", ("lt", "age", 18)),
    ("age > 17", ("not", ("lt", "age", 18))),
    ("age >= 18", ("not", ("lt", "age", 18))),
    ("age == 18", ("and", ("not", ("lt", "age", 18)), ("lt", "age", 19))),
    ("age != 18", ("or", ("lt", "age", 18), ("not", ("lt", "age", 19)))),
    ("minor", ("lt", "age", 18)),
    ("not minor", ("not", ("lt", "age", 18))),
    ("guest and (urgent and minor)", ("and", ("in", "guest", (True,)), ("in", "urgent", (True,)), ("lt", "age", 18))),
    ("guest or guest", ("in", "guest", (True,))),
    ("guest and true", ("in", "guest", (True,))),
    ("guest and false", FALSE),
    ("guest or true", TRUE),
    ("  guest\n and \t urgent ", ("and", ("in", "guest", (True,)), ("in", "urgent", (True,)))),
])  # fmt: skip
def test_a_condition_has_one_normal_form(text, normal):
    assert parsed(text) == normal


@pytest.mark.parametrize("text", [
    "guest()", "print(guest)", "__import__(os)", "guest.x", "guest.__class__", "guest[0]", "lambda: guest", "lambda x: x", "f'{guest}'", "'guest'", '"guest"',
    "b'x'", "age + 1 > 2", "age * 2", "-age", "+age", "~guest", "age < -1", "age ** 2", "age // 2", "age % 2", "(x := guest)", "x := guest", "[g for g in paper]",
    "{g for g in paper}", "(g for g in paper)", "{g: 1}", "*guest", "[*guest]", "paper in [*court_papers]", "guest if urgent else minor", "1 < age < 5",
    "age == 1 == 1", "guest == urgent == true", "18 > age", "1 < age", "await guest", "yield guest", "guest; urgent", "guest = 1", "import os", "guest,", "(guest, urgent)",
    "[guest]", "guest and", "and guest", "guest urgent", "not", "()", "", "   ", "...", "guest is true", "None", "1", "0", "guest & urgent", "guest | urgent", "guest && urgent",
    "guest || urgent", "!guest", "guest <> urgent", "guest # comment", "guest\\\nand urgent", "$guest", "guest?", "@guest", "age == 1.0", "age == 1e3", "age == 1j", "age == 0x10",
    "age == 0b1", "age == 1_000", "age == 010", "age == 1if", "age == 1or 2", "paper in court_papers.x", "paper in 'writ'", "paper in writ", "(not guest) == urgent", "(guest)(urgent)",
])  # fmt: skip
def test_what_is_outside_the_subset_is_refused(text):
    with pytest.raises(BrightlineError) as caught:
        parsed(text)
    assert caught.value.code in ("expression", "type", "unknown-name")
    assert caught.value.help


@pytest.mark.parametrize(
    "text",
    [
        "guest\x00",
        "\x00",
        "guest\x00 and urgent",
        "gu\u0435st",
        "ｇｕｅｓｔ",
        "𝐠𝐮𝐞𝐬𝐭",
        "guest\u200b",
        "guest\u00a0and\ufeffurgent",
        "paper == wr\u0456t",
        "age < \u0661",
        "gues\u0308t",
        "\ud800",
        "\x1b[31m",
    ],
)
def test_letters_that_only_look_like_ours_and_control_characters_are_refused(text):
    assert "outside the language" in refused(text).message


@pytest.mark.parametrize("text", [
    "(" * 10_000 + "guest" + ")" * 10_000, "(" * 100 + "guest" + ")" * 100, "[" * 10_000, "not " * 5_000 + "guest", "not " * 900 + "guest", "guest and " * 10_000 + "guest",
    "-" * 3_900 + "1", "guest == " * 440 + "guest", "guest if guest else " * 190 + "guest", "lambda:" * 500 + "guest", "guest" + ".a" * 1_900, "guest" + "()" * 1_900, "~" * 3_999,
])  # fmt: skip
def test_a_condition_too_long_or_too_deep_is_refused(text):
    refused(text)


def test_sixty_brackets_and_two_hundred_comparisons_are_fine():
    assert parsed("(" * 60 + "guest" + ")" * 60) == parsed("guest")
    assert len(parsed(" or ".join(f"age == {n * 2}" for n in range(200)))) == 201


def test_definitions_that_double_each_time_are_refused_before_they_explode():
    definitions = {"d0": parsed("guest or minor")}
    with pytest.raises(BrightlineError, match="too long or too deeply nested"):
        for n in range(1, 64):
            text = f"(d{n - 1} and paper == writ) or (d{n - 1} and age < {n})"
            definitions[f"d{n}"] = parse(text, Scope(FACTS, definitions, SETS), "f:1")
    assert len(definitions) < 20


def test_definitions_that_nest_ever_deeper_are_refused_before_the_stack_ends():
    definitions = {"d0": parsed("guest")}
    with pytest.raises(BrightlineError, match="too long or too deeply nested"):
        for n in range(1, 5_000):
            text = f"paper == writ and (age < {n} or d{n - 1})"
            definitions[f"d{n}"] = parse(text, Scope(FACTS, definitions, SETS), "f:1")
    assert len(definitions) < 100


@pytest.mark.parametrize("text, code, help", [
    ("gest", "unknown-name", "did you mean `guest`"),
    ("guest and papr == writ", "unknown-name", "did you mean `paper`?"),
    ("minr", "unknown-name", "did you mean `minor`?"),
    ("paper == wirt", "unknown-value", "did you mean `writ`?"),
    ("paper in [writ, sumons]", "unknown-value", "did you mean `summons`?"),
    ("paper == None", "unknown-value", "did you mean `none`?"),
    ("paper in court_paper", "expression", "did you mean `court_papers`?"),
    ("court_papers", "type", "write `FACT in court_papers`"),
    ("paper", "type", "compare it: `paper == ...` or `paper in [...]`"),
    ("age", "type", "compare it"),
    ("paper and guest", "type", "compare it"),
    ("paper < writ", "type", "use `==`, `!=` or `in`"),
    ("guest > true", "type", "use `==`, `!=` or `in`"),
    ("guest == 1", "type", "write the name alone, or `not name`"),
    ("guest == 0", "type", "write the name alone, or `not name`"),
    ("guest == yes", "type", "write the name alone, or `not name`"),
    ("age == guest", "type", "compare it with a whole number"),
    ("age == true", "type", "compare it with a whole number"),
    ("age < 9999999999", "type", "compare it with a whole number"),
    ("age in [1, true]", "type", "compare it with a whole number"),
    ("asked_at == 1", "type", "use a derived number of hours or days"),
    ("due_on < asked_at", "type", "use a derived number of hours or days"),
    ("asked_at", "type", "compare it"),
    ("paper in front_doors", "type", "it is of door"),
    ("paper == 3", "unknown-value", "known: "),
])  # fmt: skip
def test_a_mistake_is_named_with_the_next_step(text, code, help):
    assert help in refused(text, code).help


def test_a_long_or_wild_word_is_cut_short_in_the_message():
    assert len(refused("x" * 3_000, "unknown-name").message) < 120


@pytest.mark.parametrize("text, words_", [
    ("age<=17", "age < 18"), ("age>17", "age >= 18"), ("paper in [summons,writ]", "paper in [writ, summons]"), ("paper in [writ]", "paper == writ"),
    ("not (guest or urgent)", "not (guest or urgent)"), ("guest and (urgent or minor)", "guest and (urgent or age < 18)"), ("paper in []", "false"), ("guest or true", "true"),
])  # fmt: skip
def test_the_words_of_a_condition_are_the_law_files_own(text, words_):
    assert words(parsed(text)) == words_


def test_all_of_nothing_is_true_and_any_of_nothing_is_false():
    assert (all_of(), any_of(), negate(TRUE), negate(FALSE)) == (TRUE, FALSE, FALSE, TRUE)


ATOMS = st.one_of(
    st.sampled_from(["guest", "urgent", "minor", "true", "false", "paper in court_papers"]),
    st.builds(lambda op, n: f"age {op} {n}", st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 5)),
    st.builds(lambda op, v: f"paper {op} {v}", st.sampled_from(["==", "!="]), st.sampled_from(FACTS["paper"].values)),
    st.builds(
        lambda op, vs: f"paper {op} [{', '.join(vs)}]",
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from(FACTS["paper"].values)),
    ),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner) | inner.map("not ({})".format)
    ),
    max_leaves=8,
)
CASES = st.fixed_dictionaries(
    {
        "guest": st.booleans(),
        "urgent": st.booleans(),
        "paper": st.sampled_from(FACTS["paper"].values),
        "age": st.integers(0, 20),
    }
)


def by_python(text: str, facts: dict) -> bool:
    """The meaning of a generated condition, by Python itself."""
    names = {
        **facts,
        **{v: v for v in FACTS["paper"].values},
        "court_papers": ("writ", "summons"),
        "minor": facts["age"] < 18,
        "true": True,
        "false": False,
    }
    return bool(eval(text, {"__builtins__": {}}, names))


@given(CONDITIONS, CASES)
def test_a_condition_holds_exactly_when_python_says_so(text, facts):
    assert holds(parsed(text), facts) == by_python(text, facts)


@given(CONDITIONS)
def test_the_words_of_a_condition_read_back_as_the_same_condition(text):
    assert parsed(words(parsed(text))) == parsed(text)


def test_every_shipped_definition_reads_back_from_its_words():
    vocabulary = read_vocabulary(CORPUS)
    for path, jurisdiction in vocabulary.jurisdictions.items():
        scope = scope_at(vocabulary, path)
        for definition in jurisdiction.definitions.values():
            assert parse(words(definition), scope) == definition


def test_every_shipped_value_can_be_said_in_a_condition():
    vocabulary = read_vocabulary(CORPUS)
    scope = Scope(vocabulary.facts, {}, {})
    for one in vocabulary.facts.values():
        for value in one.values:
            assert facts_in(parse(f"{one.name} == {value}", scope)) == {one.name}
