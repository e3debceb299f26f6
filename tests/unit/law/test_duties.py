"""Duties with their clocks, on a small invented law."""

from __future__ import annotations

from datetime import UTC, date, datetime

from brightline.law import answer
from brightline.law.decisions import Decisions
from brightline.law.dutysets import duty_sets
from brightline.law.scenarios import Case, run_case

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


ROLLS = "  within: {amount: 10, unit: days, rolls: {over: [saturdays, sundays], cites: § 15}}\n  starts: asked_at\n"


def test_a_last_day_that_rolls_is_due_on_the_day_it_rolls_to(small):
    small.authority("act", gate("days", "required", ROLLS))
    (duty,) = duties(small, asked_at="2024-06-05T18:05:00-05:00")
    assert (duty.due_at, duty.rolled_from) == (datetime(2024, 6, 18, 4, 59, 59, tzinfo=UTC), date(2024, 6, 15))
    assert "the last day (2024-06-15) is a Saturday; moved to Monday, past Sunday: § 15" in duty.working


def test_before_the_clock_starts_a_duty_says_what_becomes_of_its_last_day(small):
    small.authority("act", gate("days", "required", ROLLS))
    (duty,) = duties(small)
    assert duty.within == "10 days"
    assert "a last day on a Saturday or Sunday moves to the next day that is none (§ 15)" in duty.working


def test_an_extension_rolls_only_where_it_says_so(small):
    more = "  extends: {when: guest, within: {amount: 10, unit: days}, cites: § 9}\n"
    small.authority("act", gate("days", "required", ROLLS + more))
    (longer,) = duties(small, guest=True, asked_at="2024-06-05T18:05:00-05:00")
    assert (longer.rolled_from, longer.rolls) == (None, None)


def test_a_case_that_says_how_a_last_day_rolls_misses_a_law_that_rolls_otherwise(small):
    law = small.authority("act", gate("days", "required", ROLLS)).law()

    def missed(**more):
        within = {"amount": 10, "unit": "days", **more}
        wanted = ({"action": "open_gate", "within": within},)
        case = Case("c", "land/castle", ON, dict(KNOWN), "open_gate", "required", (), wanted, (), {}, False, "", "")
        return bool(run_case(law, case).duties_missed)

    assert not missed()
    assert not missed(rolls=["sundays", "saturdays"])
    assert missed(rolls=["sundays"])
    assert missed(rolls=[])
    assert missed(rolls=7)


def test_a_time_that_rolls_is_another_duty_than_the_same_time_that_does_not(small):
    plain = ROLLS.replace(", rolls: {over: [saturdays, sundays], cites: § 15}", "")
    norms = gate("days", "required", "  when: guest\n" + ROLLS) + gate(
        "plain", "required", "  when: not guest\n" + plain
    )
    law = small.authority("act", norms).law()
    chart = law.chart(law.stack("land", ON), "open_gate")
    keys = duty_sets(Decisions(chart, chart.norms, chart.active))
    assert {key.within and key.within.rolls and key.within.rolls.over for key in keys} == {
        None,
        ("saturdays", "sundays"),
    }
