"""Every engine finds the same; offsets lie in the text as given; hostile texts end."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smallpacks import BETWEEN, PACK, WORDS, scanner_of

from brightline.guard.finding import TIERS, at_least
from brightline.guard.scanner import BLOCK, CROWD, Scanner
from brightline.law.errors import BrightlineError

FAST = ("re2", "hyperscan")
PIECES = st.tuples(st.sampled_from(WORDS), st.sampled_from(BETWEEN)).map("".join)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@pytest.fixture(scope="module")
def scanners(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIGHTLINE_CACHE", "")
        plain = scanner_of(tmp_path_factory.mktemp("small"), PACK)
        yield {"plain": plain, **{engine: Scanner(plain.rules, engine) for engine in FAST}}


def spans(found):
    return [(f.start, f.end, f.rule.partition(".")[2], f.tier) for f in found]


def test_a_finding_says_where_and_how_sure_and_by_which_rule(scanners):
    text = "He was held by ZED agents. Origin: Sylvania"
    for scanner in scanners.values():
        assert spans(scanner.scan(text)) == [(7, 18, "held", "certain"), (27, 43, "from-land", "certain")]


@pytest.mark.parametrize("engine", FAST)
@given(text=TEXTS)
def test_a_fast_engine_finds_what_the_plain_one_finds(scanners, engine, text):
    assert scanners[engine].scan(text, "possible") == scanners["plain"].scan(text, "possible")


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize(
    "text", ["lost a slip lost a slip slip ", "lost a slip lost a slip " * 3, "lost " * 9 + "slip"]
)
def test_what_begins_within_a_match_of_its_pattern_is_passed_over_by_every_engine(tmp_path, engine, text):
    pack = PACK.replace("lost (?:the )?slip", "lost .{0,20}slip")
    plain = scanner_of(tmp_path, pack)
    assert Scanner(plain.rules, engine).scan(text, "possible") == plain.scan(text, "possible") != ()


@given(text=TEXTS)
def test_every_finding_lies_in_the_text_as_given_and_beside_the_next(scanners, text):
    last = 0
    for finding in scanners["plain"].scan(text, "possible"):
        assert last <= finding.start < finding.end <= len(text)
        assert 0 <= finding.hide_start <= finding.start and finding.end <= finding.hide_end <= len(text)
        last = finding.end


@given(text=TEXTS, least=st.sampled_from(TIERS))
def test_no_finding_is_less_sure_than_asked(scanners, text, least):
    assert all(at_least(finding.tier, least) for finding in scanners["plain"].scan(text, least))


@pytest.mark.parametrize("engine", ("plain", *FAST))
@given(texts=st.lists(TEXTS, max_size=6))
def test_many_texts_are_read_as_each_alone(scanners, engine, texts):
    scanner = scanners[engine]
    assert scanner.scan_many(texts, "possible") == [scanner.scan(text, "possible") for text in texts]


def test_many_texts_larger_than_a_block_are_read_as_each_alone(scanners):
    texts = ["0 " * 9_000 + "origin: Freedonia", "", "He was held by ZED.", "0 " * 7_000, "slip Z-123"] * 2
    for scanner in scanners.values():
        assert scanner.scan_many(texts) == [scanner.scan(text) for text in texts]
    assert sum(map(len, scanners["hyperscan"].scan_many(texts))) == 6


def test_no_text_reaches_into_the_next(scanners):
    for scanner in scanners.values():
        assert scanner.scan_many(["He was held by", "ZED.", "origin:", "Freedonia"]) == [(), (), (), ()]


@pytest.mark.parametrize("shift", range(-3, 20, 2))
def test_a_finding_across_the_edge_of_a_block_is_whole(scanners, shift):
    text = ("0 " * BLOCK)[: BLOCK - 18 + shift] + " he was held by border quux"
    for scanner in scanners.values():
        (found,) = scanner.scan(text)
        assert text[found.start : found.end] == "held by border quux"


@pytest.mark.parametrize(
    "given_", ["Frëedonia", "FREEDONIA", "Frее\u200bdonia", "Free\u00addonia", "&#70;reedonia", "F\x00reedonia"]
)
def test_a_disguised_word_is_found_whole(scanners, given_):
    text = f"\u200bshe, born in {given_}."
    for scanner in scanners.values():
        (found,) = scanner.scan(text)
        assert text[found.start : found.end] == f"born in {given_}"


@pytest.mark.parametrize("engine", ("plain", *FAST))
def test_a_hostile_text_of_repeated_triggers_is_masked_whole(scanners, engine):
    text = "origin: Freedonia " * 4_000
    found = scanners[engine].scan(text)
    assert {f.rule for f in found} == {"any.crowded"}
    assert found[0].hide_start == 0 and found[-1].hide_end == len(text)
    assert all(one.hide_end == other.hide_start for one, other in itertools.pairwise(found))


@pytest.mark.parametrize("engine", ("plain", *FAST))
def test_a_text_is_crowded_by_one_match_more_than_is_allowed(scanners, engine):
    # Every line has as many characters, so that the matches alone tell.
    def crowded(matches):
        text = "slip zzz\n" * matches + "zzzz zzz\n" * (1_000 - matches)
        return [f.rule for f in scanners[engine].scan(text, "possible")].count("any.crowded")

    most = CROWD + 9_000 // CROWD
    assert crowded(most) == 0 and crowded(most + 1) == 1


@pytest.mark.parametrize(
    "text", ["lost " * 20_000, "Z-123-" * 9_000, "zed agents " * 9_000, "bureau of " * 9_000, "\u200b" * 60_000]
)
def test_a_text_of_beginnings_that_lead_nowhere_ends(scanners, text):
    for engine in FAST:
        assert all(f.rule == "any.crowded" or f.end <= len(text) for f in scanners[engine].scan(text, "possible"))


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\u200b", "\ud800", "&amp;", "Z-123"])
def test_the_smallest_texts_are_read(scanners, text):
    for scanner in scanners.values():
        assert bool(scanner.scan(text)) == (text == "Z-123")


def test_an_engine_that_is_not_there_is_refused_with_those_that_are(scanners):
    with pytest.raises(BrightlineError, match="no engine is named `fast`") as caught:
        Scanner(scanners["plain"].rules, "fast")
    assert caught.value.code == "engine" and "plain" in caught.value.help
