"""Writing clocks: started, acknowledged, paused and resumed, in the transaction of the entry."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from kittiwake.kernel.clocks import ClockRule, due_at
from kittiwake.kernel.effects import Acknowledge, FallDue, Pause, Resume, Start
from kittiwake.kernel.known import ClockNow
from kittiwake.kernel.worktime import Pause as Paused

if TYPE_CHECKING:
    from kittiwake.journal.applying import Pen


def start(pen: "Pen", effect: Start) -> None:
    """Start a clock unless it runs already; a restarted one counts its laps."""
    rule = pen.known.rulebook.clock(effect.clock)
    running = pen.known.running(rule.id)
    if running and rule.id not in (*pen.entry.stops, *pen.stops):
        return
    if any(row[1] == rule.id for row in pen.clocks):
        return
    started = effect.at or pen.happened_at
    lap = running[-1].lap + 1 if running else 0
    lap = lap if effect.lap is None else effect.lap
    grade = effect.circumstance or pen.grade
    due = due_at(
        rule,
        started,
        grade,
        pen.known.rulebook.calendar_for(rule),
        # What is never allowed is out of time from the moment it is done.
        override=started if rule.form == "prohibition" else None,
        now=pen.known.now,
        lap=lap,
    )
    if rule.form == "deadline" and due is None:
        return
    met = rule.form == "gate" and rule.id in (*pen.entry.stops, *pen.stops)
    subject = pen.known.person_id if rule.subject == "person" else pen.case_id
    pen.clocks.append(
        (
            str(uuid4()),
            rule.id,
            pen.known.rulebook.version,
            "person" if rule.subject == "person" else "case",
            subject or pen.known.person_id,
            pen.known.person_id,
            pen.case_id,
            grade,
            lap,
            pen.entry_id,
            started,
            due,
            _owner_of(pen, rule),
            pen.known.now if met else None,
            pen.entry_id if met else None,
        )
    )


def _owner_of(pen: "Pen", rule: ClockRule) -> int:
    pathway = pen.pathway
    if pathway and rule.owner in ("owner", pathway.owner_role):
        return pen.owner_id
    return pen.rota.who(rule.owner)


def write(pen: "Pen") -> None:
    """Write the clocks an entry started, in one statement."""
    if not pen.clocks:
        return
    row = "(" + ", ".join(["%s"] * 15) + ", -1, false)"
    pen.cursor.execute(
        "INSERT INTO clock (uid, rule, rulebook, subject_kind, subject_id, person_id, case_id,"
        " grade, lap, started_by_id, started_at, due_at, owner_id, stopped_at, stopped_by_id,"
        " last_rung, is_history) VALUES " + ", ".join([row] * len(pen.clocks)),
        [value for clock in pen.clocks for value in clock],
    )


def fall_due(pen: "Pen", effect: FallDue) -> None:
    """A gate of this case was passed unmet: the ladder climbs from now."""
    pen.cursor.execute(
        "UPDATE clock SET due_at = %s WHERE rule = %s AND person_id = %s AND case_id = %s "
        "AND stopped_at IS NULL AND due_at IS NULL",
        [pen.known.now, effect.clock, pen.known.person_id, pen.case_id],
    )


def due_of(pen: "Pen", clock: str | None) -> datetime | None:
    """When a clock of this rule would be due if it started with the entry; None without one."""
    if clock is None:
        return None
    rule = pen.known.rulebook.clock(clock)
    calendar = pen.known.rulebook.calendar_for(rule)
    return due_at(rule, pen.happened_at, pen.grade, calendar, now=pen.known.now)


def acknowledge(pen: "Pen", effect: Acknowledge) -> None:
    """A named person answered: the clock's ladder and its open rungs know it."""
    pen.cursor.execute(
        "UPDATE clock SET acknowledged_at = %s, acknowledged_by_id = %s "
        "WHERE uid = %s AND person_id = %s AND stopped_at IS NULL RETURNING id",
        [pen.known.now, pen.known.actor.id, effect.clock_uid, pen.known.person_id],
    )
    if row := pen.cursor.fetchone():
        pen.cursor.execute(
            "UPDATE escalation SET acknowledged_at = %s, acknowledged_by_id = %s "
            "WHERE clock_id = %s AND acknowledged_at IS NULL",
            [pen.known.now, pen.known.actor.id, row[0]],
        )


def pause(pen: "Pen", effect: Pause) -> None:
    """Pause a clock with authority; its due time moves out as the pause lasts."""
    clock = _clock_of(pen, effect.clock_uid)
    if clock is None or clock.paused:
        return
    pen.cursor.execute(
        "INSERT INTO clock_pause (clock_id, person_id, from_at, until, authority_id, entry_id)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [clock.id, pen.known.person_id, pen.known.now, effect.until, pen.known.actor.id,
         pen.entry_id],
    )  # fmt: skip
    pen.cursor.execute("UPDATE clock SET paused_at = %s WHERE id = %s", [pen.known.now, clock.id])
    _due_again(pen, clock.id)


def resume(pen: "Pen", effect: Resume) -> None:
    """End a clock's pause now."""
    clock = _clock_of(pen, effect.clock_uid)
    if clock is None:
        return
    pen.cursor.execute(
        "UPDATE clock_pause SET until = %s WHERE clock_id = %s AND (until IS NULL OR until > %s)",
        [pen.known.now, clock.id, pen.known.now],
    )
    pen.cursor.execute("UPDATE clock SET paused_at = NULL WHERE id = %s", [clock.id])
    _due_again(pen, clock.id)


def _due_again(pen: "Pen", clock_id: int) -> None:
    clock = next(c for c in pen.known.clocks if c.id == clock_id)
    rule = pen.known.rulebook.clock(clock.rule)
    pen.cursor.execute(
        "SELECT from_at, until, authority_id FROM clock_pause WHERE clock_id = %s ORDER BY id",
        [clock_id],
    )
    pauses = tuple(Paused(a, b, str(who), "") for a, b, who in pen.cursor.fetchall())
    due = due_at(
        rule,
        clock.started_at,
        clock.grade,
        pen.known.rulebook.calendar_for(rule),
        pauses,
        now=pen.known.now,
        lap=clock.lap,
    )
    pen.cursor.execute("UPDATE clock SET due_at = %s WHERE id = %s", [due, clock_id])


def _clock_of(pen: "Pen", uid: str) -> ClockNow | None:
    return next((c for c in pen.known.clocks if c.uid == uid and c.running), None)
