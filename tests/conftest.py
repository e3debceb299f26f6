"""Shared by all tests: the shipped law, and a small invented law whose every answer is known."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from brightline.law.corpusfiles import CORPUS, read_law

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

SHARED = Path(__file__).parent.parent.parent / "shared"

VOCABULARY = """
version: 1
facts:
- {name: paper, type: enum, values: [none, letter, writ], handling: recordable, question: Which paper?}
- {name: guest, type: bool, handling: recordable, question: A guest?}
- {name: emergency, type: bool, handling: recordable, question: An emergency?, presumed: {value: false, because: Rare.}}
- {name: secret, type: bool, handling: transient, question: The secret?}
- {name: age, type: int, unit: years, handling: recordable, question: How old?}
- {name: asked_at, type: datetime, handling: recordable, question: When?}
actions:
- {name: open_gate, kind: act, meaning: Open the gate.}
- {name: write_down, kind: duty, meaning: Write it down.}
modalities:
- {name: required, use: [answer, norm], meaning: Must.}
- {name: prohibited, use: [answer, norm], meaning: Must not.}
- {name: permitted, use: [answer, norm], meaning: May.}
- {name: unsettled, use: [answer], meaning: Call counsel.}
- {name: no_duty, use: [norm], answer_as: permitted, meaning: Need not.}
- {name: may_not_restrict, use: [norm], answer_as: permitted, meaning: No rule against it.}
deadline_units: [immediately, promptly, as_soon_as_practicable, minutes, hours, days, business_days, months]
deadline_excludes: [saturdays, sundays, holidays]
deadline_rolls: [saturdays, sundays, holidays]
ranks:
- {name: high, level: 90, meaning: High.}
- {name: middle, level: 50, meaning: Middle.}
- {name: low, level: 10, meaning: Low.}
readings:
- {name: moat, applies_to: land, values: [wet, dry], default: wet, issue: Is it wet?}
profiles:
- {id: land, name: The Land, facts: {}}
- {id: land/castle, name: The Castle, time_zone: America/Chicago, facts: {guest: false}}
"""


class SmallLaw:
    """A corpus in a folder that a test writes norm by norm."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "vocabulary.yaml").write_text(VOCABULARY)

    def authority(
        self,
        name: str,
        norms: str,
        rank: str = "middle",
        folder: str = "land",
        extra: str = "",
        since: str = "2020-01-01",
    ) -> SmallLaw:
        path = self.root / folder / f"{name}@{since}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = (
            f"authority: {folder}/{name}\ntitle: {name}\ncitation: {name} 1\nkind: statute\nrank: {rank}\n"
            f"source: a test\nevidence: read\n"
        )
        if "in_force" not in extra:
            head += f"in_force: {{from: {since}}}\n"
        path.write_text(head + extra + "norms:\n" + norms)
        return self

    def law(self):
        return read_law(self.root)


@pytest.fixture
def small(tmp_path: Path) -> SmallLaw:
    return SmallLaw(tmp_path)


@pytest.fixture(scope="session")
def law():
    return read_law(CORPUS)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the working data beside the checkout is absent: this test reads it and does not ship it")
    return SHARED


@pytest.fixture
def brightline(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    """Runs the command as a person does: its own process, its own cache.

    The guard's cache is that of the whole run of tests: to read all rule packs for the first time takes many seconds.
    """

    def run(*words: str, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        home = tmp_path_factory.getbasetemp() if words[:1] == ("guard",) else tmp_path
        environment = {
            **os.environ,
            "BRIGHTLINE_CACHE": str(home / "cache"),
            "PYTHONWARNINGS": "error",
            "COLUMNS": "96",
        }
        return subprocess.run(
            [sys.executable, "-m", "brightline", *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment,
            cwd=cwd,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def postgres_address():
    """The address of a PostgreSQL server of its own, reached through a socket in a folder."""
    pytest.importorskip("psycopg", reason="needs the extra `postgres`")
    programs = [shutil.which("initdb"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    initdb = next((Path(program).resolve() for program in programs if program), None)
    if initdb is None:
        pytest.skip("no PostgreSQL server on this machine: install the package `postgresql` to test reading a table")
    # PostgreSQL refuses to run as root.
    user = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}

    def run_as(*words: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(words, check=True, timeout=60, cwd=folder, **quiet, **user)

    # A path to a socket may have 107 characters; pytest's own folders are longer.
    with tempfile.TemporaryDirectory(prefix="bl-pg-") as folder:
        if user:
            shutil.chown(folder, "postgres")
        run_as(str(initdb), "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "--no-sync")
        control = str(initdb.with_name("pg_ctl"))
        start = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run_as(control, "-D", f"{folder}/data", "-o", start, "-l", f"{folder}/log", "-w", "start")
        yield f"postgresql://tester@/postgres?host={folder}"
        run_as(control, "-D", f"{folder}/data", "-m", "immediate", "stop")
