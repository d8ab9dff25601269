"""Clocks: what a rule of the rulebook promises, and where a running clock stands.

Pure: a moment comes in, a value goes out. Who is told, and the row that remembers it, are the
journal's. A clock answers two questions: when is it due, and who should have been told by now.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from kittiwake.kernel.limits import Limit, roughly
from kittiwake.kernel.worktime import (
    Calendar,
    CalendarKind,
    Pause,
    before,
    civil,
    elapsed,
    pushed_out,
)

SubjectKind = Literal["person", "case", "place", "group", "thing", "matter"]
Form = Literal["deadline", "gate", "prohibition"]
Strength = Literal["statute", "statutory guidance", "guidance", "guarantee", "local", "default"]
Status = Literal["live", "waiting"]
Nation = Literal["ENG", "WLS"]

GRADES = ("very_high", "high", "medium", "low")
STATUTORY: frozenset[str] = frozenset({"statute", "statutory guidance"})
HALF_AN_HOUR = Limit(30, "minutes")


class ClockError(ValueError):
    """A clock was asked for something its rule does not have; the message is a sentence."""


class PauseRefusedError(ClockError):
    """A pause on a clock that may not be paused."""


def _pairs(given: Any) -> Any:
    """A table of a data file as fixed pairs, so that a rule is a value."""
    return tuple(given.items()) if isinstance(given, dict) else given


Pairs = BeforeValidator(_pairs)
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: how long after the start, or after the due time, and which role."""

    __pydantic_config__ = _STRICT
    after: Limit
    to: str
    counted_from: Literal["due", "start"] = "due"


@dataclass(frozen=True, slots=True)
class Repeat:
    """What makes a clock run again, and the limit of every later lap where it differs."""

    __pydantic_config__ = _STRICT
    after: str
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row of the rulebook's clock table.

    `limits` are by grade (very_high, high, medium, low, any) or by a circumstance explained in
    `circumstances`; `sequence` names limits that follow one another, each counted from the start
    or from the one before; `counted_back` limits end that long before their event. A deadline has
    limits; a gate blocks until it is met and a prohibition is never met, so neither falls due.
    """

    __pydantic_config__ = _STRICT
    id: str
    name: str
    pathway: str
    subject: SubjectKind
    form: Form
    starts: str
    calendar: CalendarKind
    owner: str
    ladder: tuple[Rung, ...]
    strength: Strength
    source: str
    nations: frozenset[Nation]
    status: Status
    limits: Annotated[tuple[tuple[str, Limit], ...], Pairs] = ()
    circumstances: Annotated[tuple[tuple[str, str], ...], Pairs] = ()
    sequence: tuple[str, ...] = ()
    sequence_from: Literal["start", "previous"] = "start"
    repeats: Repeat | None = None
    warn_before: Limit | None = None
    repeat_last_rung: Limit = HALF_AN_HOUR
    pausable: bool = False
    team: str = "always"
    also_shown: CalendarKind | None = None
    statute: str = ""
    note: str = ""
    counted_back: bool = False
    commenced: bool = True
    in_force_from: date | None = None
    in_force_until: date | None = None

    @property
    def statutory(self) -> bool:
        """Set by statute or statutory guidance: it may be tightened, never loosened."""
        return self.strength in STATUTORY

    def in_force_on(self, day: date) -> bool:
        """Whether the rule binds on a day; never before its statute is known to have commenced."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return (
            self.commenced and begun and (self.in_force_until is None or day <= self.in_force_until)
        )


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    STOPPED = "stopped"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class DueRung:
    """A step of the ladder that should have been taken by now, and when it fell due.

    `index` goes on counting past the ladder's end, where its last step repeats.
    """

    index: int
    to: str
    due_at: datetime
    repeated: bool


def limit_for(rule: ClockRule, grade: str | None, lap: int = 0) -> Limit | None:
    """The limit at a grade or in a circumstance; None where the rule sets none.

    An unknown grade (None) gets the first of a sequence, else the shortest, since unknown is not
    low. Laps after the first use the limit of the repetition, where the rule has one. Raises
    ClockError for a word that is neither a grade nor a circumstance of the rule.
    """
    if lap and rule.repeats is not None and rule.repeats.limit is not None:
        return rule.repeats.limit
    limits = dict(rule.limits)
    graded = [limits[each] for each in (*GRADES, "any") if each in limits]
    if grade is not None and grade in limits:
        return limits[grade]
    if grade not in (None, "any", *GRADES):
        raise ClockError(f"{rule.id} knows no grade or circumstance called “{grade}”.")
    if rule.sequence and (grade is None or not graded):
        return limits[rule.sequence[0]]
    if grade is None or not graded:
        return min(graded or limits.values(), default=None, key=roughly)
    if grade == "very_high" and "high" in limits:
        return limits["high"]
    return limits.get("any")


def next_in_sequence(rule: ClockRule, circumstance: str) -> str | None:
    """The limit that follows in a rule whose limits follow one another; None after the last."""
    where = rule.sequence.index(circumstance) + 1 if circumstance in rule.sequence else 0
    return rule.sequence[where] if where < len(rule.sequence) else None


def why_not_pause(rule: ClockRule) -> str | None:
    """Why nobody may pause a clock of this rule; None where a person with authority may."""
    if rule.pausable:
        return None
    because = "the law sets it" if rule.statutory else "the child is at risk while it runs"
    return f"{rule.id} ({rule.name}) may not be paused: {because}."


def due_at(
    rule: ClockRule,
    started_at: datetime,
    grade: str | None,
    calendar: Calendar,
    pauses: tuple[Pause, ...] = (),
    override: datetime | None = None,
    *,
    now: datetime | None = None,
    lap: int = 0,
) -> datetime | None:
    """When a clock falls due, in UTC; None where nothing limits it.

    `override` is a time set for this one clock: when a gate was passed unmet, or a prohibition
    broken; a deadline it can only bring forward.
    A pause still running counts up to `now`. Raises PauseRefusedError where none is allowed.
    """
    refused = why_not_pause(rule) if pauses else None
    if refused:
        raise PauseRefusedError(refused)
    if rule.form != "deadline":
        return override
    limit = limit_for(rule, grade, lap)
    if limit is None:
        return None
    due = ends_at(rule, limit, started_at, calendar, pauses, now)
    return due if override is None else min(due, override.astimezone(UTC))


def ends_at(
    rule: ClockRule,
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    pauses: tuple[Pause, ...] = (),
    now: datetime | None = None,
) -> datetime:
    """When one limit of a rule ends, in UTC: after its start, or before its event."""
    if rule.counted_back:
        return before(limit, started_at)
    return pushed_out(limit, started_at, pauses, calendar, now)


def state(
    due: datetime | None,
    now: datetime,
    stopped: bool,
    paused: bool,
    warn_before: Limit | None = None,
) -> ClockState:
    """Where a clock stands; it is overdue from the very moment it is due."""
    if stopped:
        return ClockState.STOPPED
    if due is None:
        return ClockState.GATE
    if paused:
        return ClockState.PAUSED
    if now >= due:
        return ClockState.OVERDUE
    soon = warn_before is not None and due - now <= roughly(warn_before)
    return ClockState.DUE_SOON if soon else ClockState.RUNNING


def rung_due(rule: ClockRule, started_at: datetime, due: datetime, rung_index: int) -> datetime:
    """When a step of the ladder is to be taken; past its end the last step repeats for ever."""
    last = len(rule.ladder) - 1
    rung = rule.ladder[min(rung_index, last)]
    base = due if rung.counted_from == "due" else started_at
    again = roughly(rule.repeat_last_rung) * max(0, rung_index - last)
    return base.astimezone(UTC) + roughly(rung.after) + again


def next_rung(
    rule: ClockRule,
    started_at: datetime,
    due: datetime,
    last_raised: int,
    now: datetime,
    acknowledged_at: datetime | None = None,
) -> tuple[DueRung, ...]:
    """Every step that is due and not yet taken, given the index of the last one (-1: none).

    Level-triggered: a worker that slept gets all the steps it missed, but only the latest repeat of
    the last. An acknowledgement at or after the due time ends the climb and its repeats; steps
    counted from the start are checkpoints, which come whatever was acknowledged before them.
    """
    steps = [
        DueRung(index, rung.to, at, repeated=False)
        for index, rung in enumerate(rule.ladder)
        if index > last_raised and (at := rung_due(rule, started_at, due, index)) <= now
        if rung.counted_from == "start" or not _answered(acknowledged_at, due)
    ]
    repeat = _latest_repeat(rule, started_at, due, now)
    if repeat and repeat.index > last_raised:
        last = len(rule.ladder) - 1
        from_due = rule.ladder[last].counted_from == "due"
        if not _answered(
            acknowledged_at, due if from_due else rung_due(rule, started_at, due, last)
        ):
            steps.append(repeat)
    return tuple(steps)


def _answered(acknowledged_at: datetime | None, moment: datetime) -> bool:
    return acknowledged_at is not None and acknowledged_at >= moment


def _latest_repeat(
    rule: ClockRule, started_at: datetime, due: datetime, now: datetime
) -> DueRung | None:
    if not rule.ladder:
        return None
    last = len(rule.ladder) - 1
    late = now - rung_due(rule, started_at, due, last)
    times = late // roughly(rule.repeat_last_rung)
    if times < 1:
        return None
    at = rung_due(rule, started_at, due, last + times)
    return DueRung(last + times, rule.ladder[last].to, at, repeated=True)


def describe_left(
    due: datetime | None, now: datetime, calendar: Calendar, kind: CalendarKind = "wall"
) -> str:
    """What is left in words: “2 h 10 min left”, “overdue by 3 h”, “2 working days left”."""
    if due is None:
        return "no due time"
    if now >= due:
        return f"overdue by {_spell(now - due)}"
    if kind == "working":
        days = elapsed("working", now, due, calendar).days
        if days or civil(now).date() != civil(due).date():
            return f"{days} working day{'' if days == 1 else 's'} left"
    if kind == "service":
        return f"{_spell(elapsed('service', now, due, calendar))} of service hours left"
    return f"{_spell(due - now)} left"


def _spell(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    hours, days = minutes // 60, minutes // (24 * 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    rest = f" {hours % 24} h" if hours % 24 and days < 14 else ""
    return f"{days} days{rest}"
