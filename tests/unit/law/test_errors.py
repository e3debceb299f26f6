"""The one error of the law: it says what went wrong wherever it is shown."""

from __future__ import annotations

import copy
import pickle

import pytest

from brightline.law.errors import BrightlineError


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_is_the_same_in_another_process(again):
    error = BrightlineError("yaml", "cannot read `x`", "look at the line", "act.yaml:3")
    found = again(error)
    assert type(found) is BrightlineError
    assert (found.code, found.message, found.help, found.where) == (
        "yaml",
        "cannot read `x`",
        "look at the line",
        "act.yaml:3",
    )
    assert str(found) == str(error)
