"""The shipped law as a whole."""

from __future__ import annotations

import re
from datetime import date

from brightline.law.check import check_corpus
from brightline.law.corpusfiles import CORPUS


def test_the_shipped_law_has_no_findings():
    assert [f"{f.where}: {f.message}" for f in check_corpus(CORPUS)] == []


def test_the_shipped_law_has_at_least_two_hundred_norms(law):
    assert len({norm.id for authority in law.everything() for norm in authority.norms}) >= 200


def test_opposite_policies_are_one_program(law):
    """What Texas requires, Minnesota prohibits, on the same facts."""
    from brightline.law import answer

    facts = {
        "actor_role": "jail_staff", "agency_type": "sheriff_office", "government_level": "county", "agency_operates_jail": True,
        "requester": "ice_ero", "request_kind": "hold", "instrument": "i247a_detainer", "accompanying_instrument": "none",
        "instrument_signed_by": "immigration_officer", "instrument_nature": "civil_immigration", "purpose": "civil_immigration",
        "lawful_status_claim": "none", "custody_state": "jail", "release_due": True, "judicial_probable_cause": "none",
    }  # fmt: skip
    answers = {
        p: answer(law, p, facts, on=date(2026, 6, 1), actions=["hold_beyond_release"]).answers[0].modality
        for p in ("us/tx", "us/mn", "us/ca")
    }
    assert answers == {"us/tx": "required", "us/mn": "prohibited", "us/ca": "prohibited"}


def test_the_engine_names_no_jurisdiction_statute_or_action(law):
    """Neither an action, a profile, a reading nor a state's name occurs in the engine's code."""
    engine = {path.name: path.read_text() for path in (CORPUS.parent / "law").glob("*.py")}
    names = {*law.vocabulary.actions, *law.vocabulary.readings, *(p for p in law.vocabulary.profiles if "/" in p)}
    words = re.compile(r"\b(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")
    found = {}
    for name, text in engine.items():
        # Examples in docstrings and help texts may name what the code does not.
        code = re.sub(r'"""(?:.|\n)*?"""', "", text)
        hits = sorted(set(words.findall(code)))
        if hits:
            found[name] = hits
    assert found == {}


def test_nothing_in_the_law_speaks_of_where_it_was_written():
    for path in CORPUS.rglob("*.yaml"):
        text = path.read_text()
        assert not re.search(r"norms-(federal|other)|scenarios-dev|\[(?:S\d+|CA\d|TX\d|NJ\d)\]|dossier", text), path
