"""The scenarios beside the law: each file is a test that a lawyer can read."""

from __future__ import annotations

import pytest

from brightline.law.corpusfiles import CORPUS, scenario_files
from brightline.law.scenarios import read_cases, run_case

FILES = [path.relative_to(CORPUS).as_posix() for path in scenario_files(CORPUS)]


@pytest.mark.parametrize("name", FILES)
def test_every_scenario_beside_the_law_gets_its_answer(law, name):
    authority = name.partition("@")[0]
    results = [run_case(law, case, authority) for case in read_cases(CORPUS / name, name)]
    assert {r.case.id: r.missed + r.duties_missed for r in results if r.missed or r.duties_missed} == {}


def test_the_working_set_of_scenarios_passes(law, shared):
    results = [run_case(law, case) for case in read_cases(shared / "law" / "scenarios-dev.yaml")]
    assert len(results) >= 63
    assert {r.case.id: r.missed + r.duties_missed for r in results if r.missed or r.duties_missed} == {}
