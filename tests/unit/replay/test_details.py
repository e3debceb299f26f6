"""Due times and reasons of many rows: as the answer to one such request gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from brightline.law import answer
from brightline.law.yamlfile import load_text

pa = pytest.importorskip("pyarrow", reason="needs the extra `replay`")
pq = pytest.importorskip("pyarrow.parquet")

from brightline.replay.answers.asking import Asked  # noqa: E402
from brightline.replay.files.sources import find_sources  # noqa: E402
from brightline.replay.job import Job  # noqa: E402
from brightline.replay.maps.mapfile import parse_map  # noqa: E402
from brightline.replay.pipeline import run  # noqa: E402

WITHIN = {
    "hours": "{amount: 48, unit: hours}",
    "counted hours": "{amount: 10, unit: hours, excludes: [saturdays, sundays]}",
    "minutes": "{amount: 90, unit: minutes}",
    "days": "{amount: 3, unit: days}",
    "business days": "{amount: 2, unit: days, excludes: [saturdays, sundays]}",
    "rolled days": "{amount: 2, unit: days, rolls: {over: [saturdays, sundays], cites: § 15}}",
    "months": "{amount: 1, unit: months}",
    "at once": "{amount: 0, unit: immediately}",
}
TIMES = [
    "2024-03-08 18:05:00", "2024-03-09 23:59:59", "2024-03-10 02:30:00", "2024-11-03 01:30:00", "2024-01-31 00:00:00", None,
]  # fmt: skip
MAP = """
map: m
about: A row.
actions: [open_gate]
facts: {paper: {from: paper}, guest: {from: guest}, asked_at: {from: at}}
"""


@pytest.mark.parametrize("profile", ["land/castle", "land"])
@pytest.mark.parametrize("within", WITHIN.values(), ids=WITHIN)
def test_duties_are_due_when_those_of_one_such_request_are(small, tmp_path, within, profile):
    norm = (
        "- {id: open, action: open_gate, modality: required, when: paper == letter, cites: § 1, says: Open.}\n"
        f"- id: soon\n  action: open_gate\n  modality: required\n  when: paper == letter\n  cites: § 2\n  says: Soon.\n"
        f"  within: {within}\n  starts: asked_at\n  extends: {{when: guest, within: {{amount: 5, unit: hours}}, cites: § 9}}\n"
        "- {id: note, action: write_down, modality: required, with: [open_gate], cites: § 3, says: Write.}\n"
    )
    law = small.authority("act", norm).law()
    rows = [(t, p, g) for t in TIMES for p in ("letter", "none") for g in (True, False, None)]
    table = pa.table(
        {"at": [t for t, _, _ in rows], "paper": [p for _, p, _ in rows], "guest": [g for _, _, g in rows]}
    )
    pq.write_table(table, tmp_path / "in.parquet")
    mapped = parse_map(load_text(MAP + "zone: America/Chicago\n", "m.yaml"), law, "m.yaml")
    asked = Asked(law, profile, date(2024, 6, 1), mapped.actions)
    run(
        Job(
            find_sources([str(tmp_path / "in.parquet")], mapped),
            mapped,
            asked,
            out=tmp_path / "out.parquet",
            has_due=True,
            unit_rows=7,
        )
    )
    some = 0
    for (at, paper, guest), told in zip(rows, pq.read_table(tmp_path / "out.parquet").to_pylist(), strict=True):
        moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("America/Chicago")) if at else None
        facts = {"paper": paper, "guest": guest, "asked_at": moment}
        one = answer(law, profile, facts, on=date(2024, 6, 1), actions=["open_gate"]).answers[0]
        due = [duty.due_at for duty in one.duties if duty.due_at]
        assert told["open_gate_due_at"] == (min(due).replace(tzinfo=UTC) if due else None)
        assert (told["open_gate_due"] or "").count("(land/act#") == len(one.duties)
        some += bool(due)
    assert some >= 10
