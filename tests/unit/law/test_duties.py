"""Duties with their clocks, on a small invented law."""

from __future__ import annotations

from datetime import UTC, date, datetime

from brightline.law import answer

ON = date(2024, 6, 3)
KNOWN = {"paper": "none", "guest": False, "emergency": False, "secret": False, "age": 30}


def gate(name, modality="permitted", extra=""):
    return f"- id: {name}\n  action: open_gate\n  modality: {modality}\n  cites: § {name}\n  says: A rule.\n{extra}"


def clock(amount, unit="hours", more=""):
    return f"  within: {{amount: {amount}, unit: {unit}, excludes: []}}\n  starts: asked_at\n{more}"


def duties(small, profile="land/castle", **facts):
    return answer(small.law(), profile, {**KNOWN, **facts}, on=ON, actions=["open_gate"]).answers[0].duties


def test_a_deadline_is_due_in_utc_with_the_working_in_local_time(small):
    small.authority("act", gate("day", "required", clock(24)))
    (duty,) = duties(small, asked_at="2024-06-03T18:05:00-05:00")
    assert duty.due_at == datetime(2024, 6, 4, 23, 5, tzinfo=UTC)
    assert "Tue 2024-06-04 18:05" in duty.working


def test_a_deadline_whose_start_is_unknown_says_what_starts_it(small):
    small.authority("act", gate("day", "required", clock(24)))
    (duty,) = duties(small)
    assert (duty.due_at, duty.within) == (None, "24 hours")
    assert "`asked_at`" in duty.working


def test_of_two_clocks_the_earlier_is_the_one_to_keep(small):
    small.authority("act", gate("long", "permitted", clock(48))).authority(
        "form", gate("short", "permitted", clock(24)), rank="low"
    )
    found = duties(small, asked_at="2024-06-03T18:05:00-05:00")
    assert [(d.norm.rpartition("#")[2], d.keep) for d in found] == [("long", False), ("short", True)]


def test_a_permission_that_limits_the_time_is_shown_with_what_is_required(small):
    small.authority("crown", gate("limit", "permitted", clock(48)), rank="high").authority(
        "act", gate("must", "required")
    )
    assert [d.norm for d in duties(small, asked_at="2024-06-03T18:05:00-05:00")] == ["land/crown#limit"]


def test_an_extension_applies_on_its_condition(small):
    more = "  extends: {when: guest, within: {amount: 72, unit: hours}, cites: § 9}\n"
    small.authority("act", gate("day", "required", clock(24, more=more)))
    assert [(d.within, d.cites) for d in duties(small, guest=True)] == [("72 hours", "§ 9")]
    assert [(d.within, d.cites) for d in duties(small, guest=False)] == [("24 hours", "§ day")]


def test_a_duty_accompanies_the_act_only_where_it_is_required(small):
    log = "- id: log\n  action: write_down\n  modality: required\n  when: guest\n  with: [open_gate]\n  cites: § 3\n  says: Write it down.\n"
    small.authority("act", gate("may") + log)
    assert [(d.action, d.due_at) for d in duties(small, guest=True)] == [("write_down", None)]
    assert duties(small, guest=False) == ()


def test_a_day_in_a_profile_without_a_time_zone_names_the_day_and_no_moment(small):
    vocabulary = small.root / "vocabulary.yaml"
    vocabulary.write_text(vocabulary.read_text().replace("type: datetime", "type: date"))
    small.authority("act", gate("days", "required", clock(3, "days")))
    (duty,) = duties(small, profile="land", asked_at="2024-06-03")
    assert duty.due_at is None
    assert "2024-06-06" in duty.working
