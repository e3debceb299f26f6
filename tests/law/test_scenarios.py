"""The scenarios beside the law: each file is a test that a lawyer can read."""

from __future__ import annotations

import pytest

from brightline.law.corpusfiles import CORPUS, edge_cases, edges_name, scenario_files, stem_of, written_cases
from brightline.law.mutation import mutate
from brightline.law.scenarios import read_cases, run_case

FILES = [path.relative_to(CORPUS).as_posix() for path in scenario_files(CORPUS)]


@pytest.mark.parametrize("name", FILES)
def test_every_scenario_beside_the_law_gets_its_answer(law, name):
    authority = name.partition("@")[0]
    results = [run_case(law, case, authority) for case in read_cases(CORPUS / name, name)]
    assert {r.case.id: r.missed + r.duties_missed for r in results if r.missed or r.duties_missed} == {}


@pytest.mark.parametrize("stem", ["us/mn/hennepin/sheriff/immigration-policy@2026", "us/ri/detainer-policy@2014-07"])
def test_no_change_of_a_law_file_that_alters_an_answer_goes_unseen(law, stem):
    """A sample: `make mutate` is the same for all files. Without the edge cases it would not hold."""
    authority = next(a for a in law.everything() if a.file.startswith(stem))
    written, edges = (find(CORPUS, authority.file) for find in (written_cases, edge_cases))
    assert mutate(law, CORPUS, authority, [*written, *edges]).survivors == ()
    assert mutate(law, CORPUS, authority, written).survivors


def test_edge_cases_lie_beside_a_law_file():
    edges = [name for name in FILES if name == edges_name(name)]
    assert edges and all((CORPUS / f"{stem_of(name)}.yaml").is_file() for name in edges)


def test_the_working_set_of_scenarios_passes(law, shared):
    results = [run_case(law, case) for case in read_cases(shared / "law" / "scenarios-dev.yaml")]
    assert len(results) >= 63
    assert {r.case.id: r.missed + r.duties_missed for r in results if r.missed or r.duties_missed} == {}
