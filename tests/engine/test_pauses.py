"""Pauses: with authority, for a reason, until a time; never for what the law or safety sets."""

from datetime import timedelta

import psycopg
import pytest

from kittiwake.access.doors import as_practitioner
from kittiwake.journal.entries import ClockPaused, ClockResumed
from kittiwake.journal.reading import clock_lines
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World, as_worker


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    return World(owner)


@pytest.fixture
def kid(w: World) -> int:
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="No coat."), kid)
    w.say("sergeant", e.Returned(), kid, minutes=10)
    return kid


def clock(w: World, rule: str) -> str:
    uid: str = w.rows("SELECT uid::text FROM clock WHERE rule = %s AND stopped_at IS NULL", rule)[
        0
    ][0]
    return uid


def pause(w: World, rule: str, minutes: float) -> ClockPaused:
    return ClockPaused(
        clock_uid=clock(w, rule), clock=rule, reason="She is in theatre.",
        until=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def test_a_pause_moves_the_due_time_out_by_as_long_as_it_lasted(w: World, kid: int) -> None:
    w.say("inspector", pause(w, "CLK-18", 200), kid, minutes=20)
    w.say("inspector", ClockResumed(clock_uid=clock(w, "CLK-18"), clock="CLK-18"), kid, minutes=50)
    with as_practitioner(w.who("inspector")):
        line = next(
            c for c in clock_lines([kid], NOW + timedelta(minutes=51)) if c.rule == "CLK-18"
        )
    assert line.due_at == NOW + timedelta(minutes=10 + 60 + 30)


def test_while_paused_it_does_not_climb_and_says_so(w: World, kid: int) -> None:
    from kittiwake.journal.sweeping import sweep

    w.say("inspector", pause(w, "CLK-18", 600), kid, minutes=20)
    with as_practitioner(w.who("inspector")):
        lines = clock_lines([kid], NOW + timedelta(minutes=90))
    assert next(c for c in lines if c.rule == "CLK-18").state is ClockState.PAUSED
    with as_worker():
        sweep(NOW + timedelta(minutes=90))
    told = w.rows("SELECT count(*) FROM escalation x JOIN clock k ON k.id = x.clock_id "
                  "WHERE k.rule = 'CLK-18'")  # fmt: skip
    assert told == [(0,)]


@pytest.mark.parametrize("rule", ["CLK-19", "CLK-15"])
def test_what_the_law_or_the_childs_safety_sets_may_not_be_paused(
    w: World, kid: int, rule: str
) -> None:
    with pytest.raises(Refused, match="may not be paused"):
        w.say("inspector", pause(w, rule, 100), kid, minutes=20)
    assert w.rows("SELECT count(*) FROM clock_pause") == [(0,)]


def test_a_sergeant_may_not_pause(w: World, kid: int) -> None:
    from kittiwake.access.doors import NotPermitted

    with pytest.raises((NotPermitted, Refused)):
        w.say("sergeant", pause(w, "CLK-18", 100), kid, minutes=20)
