"""The ladder climbs until a named person answers, and a worker that slept misses no step."""

from datetime import UTC, datetime, timedelta

import pytest

from kittiwake.kernel.clocks import due_at, next_rung, rung_due
from kittiwake.kernel.rulebook import load

BOOK = load()
START = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def climb(clock: str, minutes: float, last: int = -1, acknowledged: float | None = None):
    """What should have been raised so many minutes after the start: (who, after how long)."""
    rule = BOOK.clock(clock)
    due = due_at(rule, START, "high", BOOK.calendar_for(rule))
    answered = None if acknowledged is None else START + acknowledged * MINUTE
    steps = next_rung(rule, START, due, last, START + minutes * MINUTE, answered)
    return [(step.to, (step.due_at - START) // MINUTE, step.index) for step in steps]


INSPECTOR, SUPERINTENDENT = ("duty_inspector", 15, 0), ("duty_superintendent", 30, 1)
CLK_11 = [
    ("before it is due", 14, -1, []),
    ("at the breach", 15, -1, [INSPECTOR]),
    ("already raised", 29, 0, []),
    ("the next step", 30, 0, [SUPERINTENDENT]),
    ("the worker slept: both", 31, -1, [INSPECTOR, SUPERINTENDENT]),
    ("nobody answers: again", 60, 1, [("duty_superintendent", 60, 2)]),
    ("and again", 90, 2, [("duty_superintendent", 90, 3)]),
    ("not twice", 89, 2, []),
    ("asleep all night: the steps, and the latest repeat only", 481, -1,
     [INSPECTOR, SUPERINTENDENT, ("duty_superintendent", 480, 16)]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "minutes", "last", "raised"), CLK_11)
def test_clk_11_climbs_from_inspector_to_superintendent(words, minutes, last, raised):
    assert climb("CLK-11", minutes, last) == raised, words


def test_an_answer_ends_the_climb_but_not_before_the_clock_is_due():
    assert climb("CLK-11", 500, last=0, acknowledged=20) == []
    assert climb("CLK-11", 500, last=1, acknowledged=45) == []
    assert climb("CLK-11", 15, acknowledged=10) == [INSPECTOR]


def test_clk_50_has_a_checkpoint_at_24_48_60_and_68_hours_whatever_was_answered():
    expected = [("duty_superintendent", hours * 60, n) for n, hours in enumerate((24, 48, 60, 68))]
    assert climb("CLK-50", 71 * 60) == expected
    assert climb("CLK-50", 50 * 60, last=0, acknowledged=24 * 60 + 5) == expected[1:2]
    assert climb("CLK-50", 72 * 60, last=3) == [("chief_officer_on_call", 72 * 60, 4)]


def test_clk_52_goes_up_at_two_four_and_eight_hours():
    assert climb("CLK-52", 8 * 60) == [
        ("duty_inspector", 120, 0),
        ("emergency_duty_team", 240, 1),
        ("director_on_call", 480, 2),
        ("chief_officer_on_call", 480, 3),
    ]
    assert climb("CLK-52", 240, last=0, acknowledged=130) == [("emergency_duty_team", 240, 1)]
    assert climb("CLK-52", 600, last=3, acknowledged=490) == []
    assert climb("CLK-52", 600, last=3, acknowledged=130) == [("chief_officer_on_call", 600, 7)]


def test_a_slow_ladder_repeats_slowly():
    assert climb("CLK-19", 96 * 60) == [
        ("la_service_manager", 72 * 60, 0),
        ("partnership_business_manager", 96 * 60, 1),
    ]
    assert climb("CLK-19", 119 * 60, last=1) == []
    assert climb("CLK-19", 120 * 60, last=1) == [("partnership_business_manager", 120 * 60, 2)]


@pytest.mark.parametrize("clock", [rule.id for rule in BOOK.clocks.values() if rule.limits])
def test_every_ladder_climbs_in_order_and_never_ends(clock):
    rule = BOOK.clock(clock)
    due = due_at(rule, START, None, BOOK.calendar_for(rule))
    times = [rung_due(rule, START, due, index) for index in range(len(rule.ladder) + 3)]
    assert times == sorted(times)
    assert times[-1] > times[len(rule.ladder) - 1]


def test_sweeping_often_raises_the_same_steps_as_sweeping_once():
    rule = BOOK.clock("CLK-12")
    due = due_at(rule, START, "high", BOOK.calendar_for(rule))
    last, raised = -1, []
    for minute in range(0, 300, 7):
        for step in next_rung(rule, START, due, last, START + minute * MINUTE):
            raised.append(step)
            last = step.index
    ladder = [step for step in raised if not step.repeated]
    at_once = next_rung(rule, START, due, -1, START + 299 * MINUTE)
    assert ladder == [step for step in at_once if not step.repeated]
    assert [step.index for step in raised] == list(range(len(raised)))
