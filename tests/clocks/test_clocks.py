"""When a clock is due, where it stands and what is left, with its grades, laps and pauses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kittiwake.kernel.clocks import (
    ClockError,
    ClockState,
    PauseRefusedError,
    describe_left,
    due_at,
    limit_for,
    next_in_sequence,
    state,
    why_not_pause,
)
from kittiwake.kernel.rulebook import load
from kittiwake.kernel.worktime import Limit, Pause

BOOK = load()
ALWAYS = BOOK.calendar()
FRIDAY = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def due(clock: str, grade: str | None = None, **more) -> datetime | None:
    rule = BOOK.clock(clock)
    return due_at(rule, FRIDAY, grade, BOOK.calendar_for(rule), **more)


def pause(from_hour: float, until_hour: float | None) -> Pause:
    until = None if until_hour is None else FRIDAY + until_hour * HOUR
    return Pause(FRIDAY + from_hour * HOUR, until, "inspector", "in hospital")


LIMITS = [
    ("CLK-11", "high", "15 min"),
    ("CLK-11", "medium", "30 min"),
    ("CLK-11", "low", "60 min"),
    ("CLK-12", "high", "60 min"),
    ("CLK-13", "high", "60 min"),
    ("CLK-14", "low", "12 h"),
    ("CLK-16", "high", "72 h"),
    ("CLK-16", "unidentified", "48 h"),
    ("CLK-18", "high", "1 h"),
    ("CLK-18", "medium", "24 h"),
    ("CLK-21", "medium", "5 WD"),
    ("CLK-21", "exploitation", "1 WD"),
    ("CLK-74", "high", "72 h"),
    ("CLK-74", "medium", "7 days"),
    ("CLK-80", "very_high", "24 h"),
    ("CLK-11", "very_high", "15 min"),
    ("CLK-91", "high", "3 months"),
    ("CLK-104", "low", "12 months"),
    ("CLK-130", "medium", "same day"),
]


@pytest.mark.parametrize(("clock", "grade", "limit"), LIMITS)
def test_each_grade_and_circumstance_has_its_limit(clock, grade, limit):
    assert limit_for(BOOK.clock(clock), grade) == Limit.parse(limit)


@pytest.mark.parametrize(
    ("clock", "limit"),
    [("CLK-11", "15 min"), ("CLK-18", "1 h"), ("CLK-80", "24 h"), ("CLK-91", "3 months"),
     ("CLK-113", "30 min"), ("CLK-106", "8 weeks")],
)  # fmt: skip
def test_unknown_is_not_low(clock, limit):
    assert limit_for(BOOK.clock(clock), None) == Limit.parse(limit)


def test_a_grade_without_a_limit_has_no_clock_and_a_strange_word_is_refused():
    assert limit_for(BOOK.clock("CLK-13"), "medium") is None
    assert due("CLK-13", "medium") is None
    with pytest.raises(ClockError, match="CLK-13 knows no grade or circumstance called “urgent”"):
        limit_for(BOOK.clock("CLK-13"), "urgent")


@pytest.mark.parametrize(
    ("clock", "grade", "first", "later"),
    [("CLK-13", "high", "60 min", "12 h"), ("CLK-14", "high", "3 h", "3 h"),
     ("CLK-46", "any", "3 months", "6 months"), ("CLK-22", "any", "48 h", "90 days")],
)  # fmt: skip
def test_later_laps_use_the_limit_of_the_repetition(clock, grade, first, later):
    rule = BOOK.clock(clock)
    assert limit_for(rule, grade) == Limit.parse(first)
    assert limit_for(rule, grade, lap=1) == limit_for(rule, grade, lap=7) == Limit.parse(later)


def test_a_sequence_says_what_comes_next():
    bail = BOOK.clock("CLK-91")
    assert next_in_sequence(bail, "custody_officer") == "inspector"
    assert next_in_sequence(bail, "inspector") == "superintendent"
    assert next_in_sequence(bail, "superintendent") is None
    assert next_in_sequence(BOOK.clock("CLK-19"), "any") is None


def test_clk_19_counts_72_hours_over_the_weekend():
    assert due("CLK-19") == FRIDAY + 72 * HOUR


def test_clk_103_is_counted_back_from_the_departure():
    assert due("CLK-103", "reasonable_excuse") == FRIDAY - 12 * HOUR
    assert due("CLK-103", "any") == FRIDAY - timedelta(days=7)


@pytest.mark.parametrize("clock", ["CLK-01", "CLK-02", "CLK-10"])
def test_a_gate_and_a_prohibition_never_fall_due(clock):
    assert due(clock, "high") is None
    assert state(None, FRIDAY, stopped=False, paused=False) is ClockState.GATE


def test_a_time_of_ones_own_only_brings_a_clock_forward():
    sooner, later = FRIDAY + HOUR, FRIDAY + 99 * HOUR
    assert due("CLK-14", "high", override=sooner) == sooner
    assert due("CLK-14", "high", override=later) == FRIDAY + 3 * HOUR


PAUSES = [
    ("none", [], 24),
    ("an hour in between", [pause(2, 3)], 25),
    ("two that overlap count once", [pause(2, 4), pause(3, 5)], 27),
    ("two apart", [pause(2, 3), pause(20, 22)], 27),
    ("a second one within what the first pushed out", [pause(2, 12), pause(30, 31)], 35),
    ("after the due time it is too late", [pause(25, 30)], 24),
    ("at the due time it is too late", [pause(24, 30)], 24),
    ("from before the start", [pause(-5, 2)], 26),
    ("over before the start", [pause(-5, -1)], 24),
    ("one that never ends is not counted without a now", [pause(2, None)], 24),
]


@pytest.mark.parametrize(("words", "pauses", "hours"), PAUSES)
def test_a_pause_pushes_the_due_time_out(words, pauses, hours):
    assert due("CLK-18", "medium", pauses=tuple(pauses)) == FRIDAY + hours * HOUR, words


def test_a_running_pause_counts_up_to_now():
    now = FRIDAY + 10 * HOUR
    assert due("CLK-18", "medium", pauses=(pause(2, None),), now=now) == FRIDAY + 32 * HOUR


def test_a_pause_over_working_days_gives_back_the_days_it_took():
    monday, next_monday = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (16, 23))
    wednesday = datetime(2026, 11, 18, 9, tzinfo=UTC)
    rule = BOOK.clock("CLK-21")
    paused = due_at(rule, monday, "any", ALWAYS, (Pause(wednesday, next_monday, "DCI", "agreed"),))
    assert due_at(rule, monday, "any", ALWAYS) == datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert paused == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("clock", ["CLK-19", "CLK-50", "CLK-16", "CLK-11", "CLK-110"])
def test_what_the_law_or_the_danger_sets_cannot_be_paused(clock):
    rule = BOOK.clock(clock)
    assert why_not_pause(rule).startswith(f"{clock} ({rule.name}) may not be paused")
    with pytest.raises(PauseRefusedError, match="may not be paused"):
        due(clock, "high", pauses=(pause(1, 2),))


def test_a_clock_that_may_be_paused_says_nothing_against_it():
    assert why_not_pause(BOOK.clock("CLK-18")) is None


SECOND = timedelta(seconds=1)
STATES = [
    ("long before", -10 * HOUR, False, False, ClockState.RUNNING),
    ("a second before the warning", -HOUR - SECOND, False, False, ClockState.RUNNING),
    ("at the warning", -HOUR, False, False, ClockState.DUE_SOON),
    ("a second before it is due", -SECOND, False, False, ClockState.DUE_SOON),
    ("at the very moment", 0 * HOUR, False, False, ClockState.OVERDUE),
    ("after", HOUR, False, False, ClockState.OVERDUE),
    ("paused", HOUR, False, True, ClockState.PAUSED),
    ("stopped", HOUR, True, False, ClockState.STOPPED),
    ("stopped while paused", HOUR, True, True, ClockState.STOPPED),
]


@pytest.mark.parametrize(("words", "after", "stopped", "paused", "expected"), STATES)
def test_where_a_clock_stands(words, after, stopped, paused, expected):
    warn = Limit.parse("60 min")
    assert state(FRIDAY, FRIDAY + after, stopped, paused, warn) is expected, words


LEFT = [
    ("2 h 10 min", -timedelta(hours=2, minutes=10), "2 h 10 min left"),
    ("a whole hour", -HOUR, "1 h left"),
    ("minutes", -timedelta(minutes=25, seconds=59), "25 min left"),
    ("seconds", -timedelta(seconds=59), "less than a minute left"),
    ("just due", timedelta(0), "overdue by less than a minute"),
    ("three hours late", 3 * HOUR, "overdue by 3 h"),
    ("two days late", 51 * HOUR, "overdue by 2 days 3 h"),
    ("almost two days", -47.5 * HOUR, "47 h 30 min left"),
    ("weeks", -timedelta(days=20, hours=5), "20 days left"),
]


@pytest.mark.parametrize(("words", "after", "said"), LEFT)
def test_what_is_left_in_words(words, after, said):
    assert describe_left(FRIDAY, FRIDAY + after, ALWAYS) == said, words


def test_what_is_left_in_working_days_and_service_hours():
    due_tuesday = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    monday, tuesday = (datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in (23, 24))
    assert describe_left(due_tuesday, FRIDAY, ALWAYS, "working") == "2 working days left"
    assert describe_left(due_tuesday, monday, ALWAYS, "working") == "1 working day left"
    assert describe_left(due_tuesday, tuesday, ALWAYS, "working") == "14 h 59 min left"
    hub = BOOK.calendar("mash")
    assert describe_left(monday, FRIDAY, hub, "service") == "1 h of service hours left"
    assert describe_left(None, FRIDAY, ALWAYS) == "no due time"


def test_a_rule_binds_from_its_day_and_not_before_its_statute_commences():
    encompass, reporting = BOOK.clock("CLK-60"), BOOK.clock("CLK-152")
    seventh = datetime(2025, 11, 7, tzinfo=UTC).date()
    assert encompass.in_force_on(seventh)
    assert not encompass.in_force_on(seventh - timedelta(days=1))
    assert not reporting.in_force_on(seventh)
    ended = replace(encompass, in_force_until=seventh)
    assert not ended.in_force_on(seventh + timedelta(days=1))
