import textwrap

import pytest

from brightline.guard.packtest import failures
from brightline.guard.rulecache import load_rules
from brightline.guard.rulepack import read_packs
from brightline.guard.scanner import Scanner
from brightline.law.errors import BrightlineError

GOOD = """
words:
  agency: ["(?-i:ICE)", border patrol]
contexts:
  frozen: {why: ice as water, scope: around 30, find: [slipped], but: [agents]}
  person: {why: a person, scope: before 40, find: ["he|she"]}
rules:
- rule: held
  label: immigration_contact
  tier: probable
  why: says that officers hold a person
  find: ["(?:was|is) (?P<span>held by {agency})"]
  needs: [person]
  unless: [frozen]
  hits: ["He was [[held by ICE]]."]
  misses: ["He was held by ice.", "It was held by ICE.", "He slipped and was held by ICE."]
clean: ["The rink was closed."]
"""


@pytest.fixture
def packs(tmp_path):
    def write(text, name="en/rules.yaml"):
        path = tmp_path / "packs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path / "packs"

    return write


def fault(root):
    with pytest.raises(BrightlineError) as caught:
        read_packs([root])
    return caught.value


def test_a_pack_holds_by_its_own_examples(packs):
    assert list(failures(Scanner(read_packs([packs(GOOD)]), "plain"))) == []


def test_an_example_that_does_not_hold_is_told_with_its_line_and_the_context_against_it(packs):
    root = packs(GOOD.replace('hits: ["He was', 'hits: ["He slipped and was'))
    (found,) = failures(Scanner(read_packs([root]), "plain"))
    assert found.rule == "en.held" and found.where == "packs/en/rules.yaml:15" and "vetoed by frozen" in found.text


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("{agency}", "{agencie}", 12, "no words are named `agencie`"),
        ("needs: [person]", "needs: [persn]", 8, "names `persn`, which is no context"),
        ("around 30", "around 900", 5, "has no scope `around 900`"),
        ("tier: probable", "tier: sure", 10, "`tier` is `sure`"),
        ("slipped", "no", 5, "`False` under `find` is no text"),
        ("(?:was|is) ", "(?=was) ", 12, "outside the common subset"),
        ("(?:was|is) ", "\\\\w+ ", 12, "would begin at any word"),
        ("[[held by ICE]]", "held by ICE", 15, "has no span"),
        ("[[held by ICE]]", "[[held by ICE", 15, "has no span"),
        ("unless:", "unles:", 14, "`unles` is not a field"),
    ],
)
def test_a_fault_names_its_file_and_line(packs, old, new, line, says):
    error = fault(packs(GOOD.replace(old, new)))
    assert says in error.message and error.help
    assert error.where == f"packs/en/rules.yaml:{line}"


def test_all_faults_are_told_at_once(packs):
    faults = []
    read_packs([packs(GOOD.replace("tier: probable", "tier: sure").replace("around 30", "around"))], faults)
    assert len(faults) == 2


def test_words_and_contexts_of_any_are_seen_by_each_language(packs):
    packs("words: {place: [Atlantis]}\n", "any/words.yaml")
    root = packs(GOOD.replace("border patrol", '"{place} guard"'))
    assert Scanner(read_packs([root]), "plain").scan("He is held by Atlantis guard.")


def test_contexts_of_one_name_are_one(packs):
    packs("contexts: {frozen: {why: more, scope: sentence, find: [rink]}}\n", "es/more.yaml")
    scanner = Scanner(read_packs([packs(GOOD)]), "plain")
    assert not scanner.scan("He was held by ICE at the rink.") and scanner.scan("He was held by ICE.")
    assert not scanner.scan("He slipped. He was held by ICE, slipped there."), "what the other file says holds too"
    assert scanner.scan("He slipped by the agents and was held by ICE."), "what one part is told to leave is its own"
    assert not scanner.scan("The agents of the rink: he was held by ICE."), "and not that of the other part"


def test_rules_that_were_kept_find_the_same(packs, tmp_path, monkeypatch):
    monkeypatch.setenv("BRIGHTLINE_CACHE", str(tmp_path / "cache"))
    root = packs(GOOD)
    first, second = load_rules([root]), load_rules([root])
    assert (tmp_path / "cache").exists()
    text = "He was held by ICE, she is held by border  patrol."
    assert Scanner(first, "plain").scan(text) == Scanner(second, "plain").scan(text) != ()


def test_a_damaged_store_is_made_anew(packs, tmp_path, monkeypatch):
    monkeypatch.setenv("BRIGHTLINE_CACHE", str(tmp_path / "cache"))
    root = packs(GOOD)
    Scanner(load_rules([root]), "hyperscan")
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    assert Scanner(load_rules([root]), "hyperscan").scan("He was held by ICE.")


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("ab(?!c)", "the group `(?!c)` is outside"),
        ("(?<=a)bc", "the group `(?<=a` is outside"),
        ("(?m)ab", "the group `(?m)a` is outside"),
        ("(?P<name>ab)", "the group `(?P<n` is outside"),
        ("(ab)\\1", "`\\1` is outside"),
        ("\\Aab", "`\\A` is outside"),
        ("ab\\", "`\\` is outside"),
        ("\\w+ papers", "would begin at any word"),
        ("a+ papers|\\w*x", "would begin at any word"),
        ("q", "would begin at any word"),
        ("a?b?", "fits where nothing stands"),
        ("ab|", "fits where nothing stands"),
        ("", "fits where nothing stands"),
        ("ab.{0,400}", "a match could have 402 characters"),
        ("(?:ab)+", "`+` or `*` after a group"),
        ("ab++", "two repeats follow each other"),
        ("+ab", "nothing stands before `+`"),
        ("ab{3,1}", "runs backwards"),
        ("ab{,}", "is no repeat"),
        ("ab[z-a]", "runs backwards"),
        ("ab[c", "a `[` is not closed"),
        ("(ab", "a `(` is not closed"),
        ("ab)", "a `)` closes nothing"),
        ("ab{", "neither a name nor a repeat"),
        ("ab}", "neither a name nor a repeat"),
        ("ab[^\\d\\D]", "a class holds no character"),
        ("ab\u6f22", "the sign U+6F22 has no plain letter"),
        ("ab\\b?", "a repeat after"),
        ("(?:my|-)?papers", "may begin or end with a letter or with a sign"),
        ("{agencies}", "no words are named `agencies`"),
    ],
)
def test_a_pattern_outside_the_common_subset_is_refused_with_what_to_write(packs, pattern, says):
    text = pattern.replace("'", "''")
    error = fault(packs(GOOD.replace('"(?:was|is) (?P<span>held by {agency})"', f"'{text}'")))
    assert error.code == "pattern" and says in error.message and error.help
    assert "`held`" in error.message and error.where == "packs/en/rules.yaml:12"


def test_a_context_may_begin_at_any_word(packs):
    root = packs(GOOD.replace("[slipped]", "['\\w+ed and']"))
    assert not Scanner(read_packs([root]), "plain").scan("He slipped and was held by ICE.")


def test_words_that_name_themselves_are_refused(packs):
    error = fault(packs(GOOD.replace("border patrol", '"{agency} patrol"')))
    assert "the words `agency` name themselves" in error.message and error.where == "packs/en/rules.yaml:3"


def test_a_fault_within_words_names_the_place_of_the_words(packs):
    error = fault(packs(GOOD.replace("border patrol", '"border(?= patrol)"')))
    assert (error.code, error.where) == ("pattern", "packs/en/rules.yaml:3")


def test_words_of_one_name_in_several_files_are_one(packs):
    packs("words: {agency: [la migra]}\n", "en/more.yaml")
    scanner = Scanner(read_packs([packs(GOOD)]), "plain")
    for agency in ("ICE", "border patrol", "la migra"):
        assert scanner.scan(f"He was held by {agency}.")


def test_words_of_one_language_are_not_seen_by_another(packs):
    packs("words: {place: [Atlantis]}\n", "es/words.yaml")
    error = fault(packs(GOOD.replace("border patrol", '"{place} guard"')))
    assert "no words are named `place`" in error.message


def test_rules_of_one_name_in_two_languages_are_two_and_twice_in_one_are_a_fault(packs):
    packs(GOOD, "es/rules.yaml")
    assert [rule.name for rule in read_packs([packs(GOOD)]).rules] == ["en.held", "es.held"]
    error = fault(packs(GOOD, "en/z.yaml"))
    assert "is written twice" in error.message and "packs/en/rules.yaml:8" in error.help


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("- rule: held", "- rule: Held!", "`Held!` is no name for a rule"),
        ("label: immigration_contact", "label: contact", "`label` is `contact`"),
        ("  why: says that officers hold a person\n", "", "`why` is missing"),
        ('  hits: ["He was [[held by ICE]]."]\n', "", "`hits` is missing"),
        ("[[held by ICE]]", "[[held [[by]] ICE]]", "marks of an example do not match"),
        ('"It was held by ICE."', '"It was [[held]] by ICE."', "an example of `misses` has a span"),
        ("needs: [person]", "needs: [[]]", "holds something that is no name"),
        ("unless: [frozen]", "over: [nobody]", "names `en.nobody`, which is no rule or label"),
        ("unless: [frozen]", "hide: all", "`hide` is `all`"),
        ("unless: [frozen]", "edges: shut", "`edges` is `shut`"),
        ("scope: around 30", "scope: around", "has no scope `around`"),
        ("scope: around 30", "scope: near", "has no scope `near`"),
        ("scope: around 30", "scope: clause 30", "has no scope `clause 30`"),
        ("find: [slipped]", "find: []", "looks for nothing"),
        ('  person: {why: a person, scope: before 40, find: ["he|she"]}', "  person: he", "has no fields"),
        ("words:\n", "words:\n  Big: [a]\n", "`Big` is no name for words"),
        ("border patrol]", "]\n  none: []", "the words `none` are none"),
        ('clean: ["The rink was closed."]', "clean: 5", "is no list of texts"),
        ("\nrules:\n", "\nrules: 5\nrulez:\n", "`rules` is no list"),
    ],
)
def test_a_field_of_the_wrong_form_is_told_with_its_place(packs, old, new, says):
    assert old in GOOD
    faults = []
    read_packs([packs(GOOD.replace(old, new))], faults)
    found = [fault for fault in faults if says in fault.message]
    assert found and found[0].help and found[0].where.startswith("packs/en/rules.yaml:")


@pytest.mark.parametrize("text", ["", "- a\n", "5\n", "rules: [\n", "a: &b c\n"])
def test_a_file_that_is_no_pack_is_told_by_its_name(packs, text):
    error = fault(packs(text))
    assert error.code in ("pack", "yaml") and error.where.startswith("packs/en/rules.yaml")


def test_a_folder_without_packs_is_refused(tmp_path):
    assert fault(tmp_path).code == "no-packs"


def test_a_rule_with_a_fault_does_not_stop_the_others(packs):
    packs(GOOD.replace("tier: probable", "tier: sure"), "es/rules.yaml")
    faults = []
    rules = read_packs([packs(GOOD)], faults)
    assert [rule.name for rule in rules.rules] == ["en.held"] and len(faults) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(?P<span>held by {agency})", "(?P<span>held) by (?P<span>{agency})"),
        ("(?P<span>held by {agency})", "(?:" * 2_000 + "held" + ")" * 2_000),
        ("around 30", "around \u00b2"),
    ],
    ids=["two spans", "groups too deep", "a raised digit"],
)
def test_what_python_cannot_read_is_a_fault_and_no_traceback(packs, old, new):
    faults = []
    rules = read_packs([packs(GOOD.replace(old, new))], faults)
    Scanner(rules, "plain").scan("He was held by ICE.")
    assert faults
