"""Work in several processes: nothing is lost, nothing hangs, and no process outlives the command."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from brightline.cli.workers import worked_out
from brightline.law.errors import BrightlineError

SLOW = """
import time
from brightline.cli.workers import worked_out

def work(number):
    print("begun", flush=True)
    time.sleep(number)

if __name__ == "__main__":
    list(worked_out(work, [600, 600, 600], 2))
"""


def square(number: int) -> int:
    return number * number


def refuse(number: int) -> int:
    if number == 2:
        raise BrightlineError("yaml", "cannot read `x`", "look at the line", "act.yaml:3")
    return number


def vanish(number: int) -> int:
    os._exit(3)


def test_the_results_come_in_the_order_of_the_tasks():
    assert list(worked_out(square, [3, 1, 2, 5], 2)) == [9, 1, 4, 25]


def test_an_error_in_one_process_is_the_error_of_the_command():
    with pytest.raises(BrightlineError) as caught:
        list(worked_out(refuse, [1, 2, 3], 2))
    assert (caught.value.code, caught.value.help, caught.value.where) == ("yaml", "look at the line", "act.yaml:3")


def test_a_process_that_vanishes_is_an_error_that_says_what_to_do():
    with pytest.raises(BrightlineError) as caught:
        list(worked_out(vanish, [1, 2, 3], 2))
    assert (caught.value.code, "--jobs 1" in caught.value.help) == ("worker", True)


def test_no_process_outlives_a_command_that_is_killed(tmp_path):
    """Else whoever reads what the command prints would wait for ever."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as command:
        assert [command.stdout.readline(), command.stdout.readline()] == ["begun\n", "begun\n"]
        command.kill()
        rest, _ = command.communicate(timeout=60)
    assert rest in ("", "begun\n")
