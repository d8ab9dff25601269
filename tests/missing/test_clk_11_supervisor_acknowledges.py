"""CLK-11: a supervisor acknowledges; high 15 min, medium 30, low 60; it climbs until answered."""

from datetime import timedelta

from kittiwake.journal.entries import ClockAcknowledged
from kittiwake.pathways.missing import entries as e
from tests.missing.conftest import Episode, after


def test_a_child_graded_high_is_due_after_a_quarter_of_an_hour(missing: Episode) -> None:
    assert missing.due("CLK-11") == after(minutes=15)


def test_acknowledged_in_time_nobody_is_disturbed(missing: Episode) -> None:
    missing.say("sergeant", e.SupervisorAcknowledged(first_steps="Search the house."), 14)
    assert [r for r in missing.sweep(16) if r[0] == "CLK-11"] == []


def test_unanswered_it_climbs_from_inspector_to_superintendent_and_repeats(
    missing: Episode,
) -> None:
    assert ("CLK-11", "Joan Obi") in missing.sweep(15)
    assert ("CLK-11", "Joan Obi") not in missing.sweep(16)
    assert ("CLK-11", "Bea Lund") in missing.sweep(50)
    assert ("CLK-11", "Bea Lund") in missing.sweep(120)


def test_a_named_person_answering_ends_the_climb_but_not_the_clock(missing: Episode) -> None:
    missing.sweep(15)
    uid = missing.w.rows("SELECT uid::text FROM clock WHERE rule = 'CLK-11'")[0][0]
    missing.say("inspector", ClockAcknowledged(clock_uids=uid, doing="Ringing the sergeant."), 17)
    assert [r for r in missing.sweep(200) if r[0] == "CLK-11"] == []
    assert missing.runs("CLK-11")
    row = missing.w.rows("SELECT acknowledged_at FROM escalation WHERE rung = 0 AND clock_id = "
                         "(SELECT id FROM clock WHERE rule = 'CLK-11')")  # fmt: skip
    assert row == [(after(minutes=17),)]


def test_one_acknowledgement_may_answer_several_clocks(missing: Episode) -> None:
    missing.sweep(20)
    uids = [u for (u,) in missing.w.rows(
        "SELECT uid::text FROM clock WHERE rule IN ('CLK-11', 'CLK-15')")]  # fmt: skip
    missing.say("inspector", ClockAcknowledged(clock_uids=",".join(uids), doing="On it."), 21)
    answered = missing.w.rows("SELECT count(*) FROM clock WHERE acknowledged_at IS NOT NULL")
    assert answered == [(2,)]


def test_a_worker_that_slept_for_hours_tells_everyone_it_should_have(missing: Episode) -> None:
    told = {name for rule, name in missing.sweep(6 * 60) if rule == "CLK-11"}
    assert told == {"Joan Obi", "Bea Lund"}


def test_a_lower_grade_later_does_not_lengthen_what_runs(missing: Episode) -> None:
    before = missing.due("CLK-11")
    missing.say("handler", e.GradeRaised(grade="high", why="A knife is missing too."), 2)
    assert missing.due("CLK-11") == before
    assert before - after() == timedelta(minutes=15)
