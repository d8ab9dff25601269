"""The rulebook's files as typed values, each row checked as it is read.

Every error names the file, the row and the field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from pydantic import TypeAdapter, ValidationError

from kittiwake.kernel.clocks import GRADES, ClockRule, rung_due
from kittiwake.kernel.limits import Limit, roughly
from kittiwake.kernel.worktime import FIRST_BELL, MINUTES_A_DAY, Calendar, ServiceHours

A_DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BACK_UNITS = frozenset({"minutes", "hours", "days"})
STEP_UNITS = frozenset({"at_once", "minutes", "hours", "days"})
_RULE = TypeAdapter(ClockRule)


class RulebookError(ValueError):
    """The rulebook's data cannot be used; the message names file, row and field."""


@dataclass(frozen=True, slots=True)
class Teams:
    """When each kind of team is at work, and which roles are on duty at night.

    `pause` is the shortest time between two interruptions of one person.
    """

    hours: Mapping[str, ServiceHours]
    round_the_clock: frozenset[str]
    office_hours: frozenset[str]
    pause: timedelta


def read_rule(key: str, row: dict[str, Any], teams: Teams, name: str = "clocks.toml") -> ClockRule:
    """A rule from its row of the named file, checked."""
    try:
        rule = typed({"id": key, **row})
    except ValueError as error:
        raise RulebookError(f"{name}, {key}, {error}") from error
    problem = check_rule(rule, teams)
    if problem:
        raise RulebookError(f"{name}, {key}, {problem}")
    return rule


def typed(row: Mapping[str, Any]) -> ClockRule:
    """A rule from a whole row; ValueError names the field."""
    try:
        return _RULE.validate_python(row)
    except ValidationError as error:
        raise ValueError(_first(error, row)) from error


def _first(error: ValidationError, row: Mapping[str, Any]) -> str:
    """The first thing wrong, its place in the row before it: `limits.high: …`."""
    first = error.errors(include_url=False, include_context=False)[0]
    field, *inside = first["loc"]
    if inside and isinstance(row.get(str(field)), dict) and isinstance(inside[0], int):
        inside = [list(row[str(field)])[inside[0]]]
    place = ".".join(map(str, (field, *inside)))
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"


def read_teams(table: dict[str, Any]) -> Teams:
    """Hours and duty from `hours.toml`."""
    hours = {}
    for team, row in table["teams"].items():
        try:
            hours[team] = ServiceHours(week(row["open"]), bool(row["on_bank_holidays"]))
        except (KeyError, ValueError) as error:
            raise RulebookError(f"hours.toml, teams.{team}: {error}") from error
    try:
        pause = roughly(Limit.parse(table["attention"]["pause"]))
    except (KeyError, ValueError) as error:
        raise RulebookError(f"hours.toml, attention.pause: {error}") from error
    duty = table["duty"]
    night, office = frozenset(duty["round_the_clock"]), frozenset(duty["office_hours"])
    return Teams(hours, night, office, pause)


def week(text: str) -> tuple[tuple[int, int] | None, ...]:
    """A week's hours from text such as "Mon-Fri 08:00-18:00, Sat 09:00-12:00"."""
    days: list[tuple[int, int] | None] = [None] * 7
    for part in text.split(","):
        found = re.fullmatch(r"(\w{3})(?:-(\w{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)", part.strip())
        if found is None or {found[1], found[2] or found[1]} - set(WEEKDAYS):
            raise ValueError(f"“{part.strip()}” is not a line of hours such as Mon-Fri 08:00-18:00")
        opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (3, 5))
        if not opens < closes <= MINUTES_A_DAY:
            raise ValueError(f"“{part.strip()}” closes before it opens, or after midnight")
        first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
        for weekday in range(first, last + 1):
            days[weekday] = (opens, closes)
    return tuple(days)


def read_days(schools: dict[str, Any]) -> Calendar:
    """Bank holidays of England and Wales, which GOV.UK publishes by whole years; school days."""
    if time.fromisoformat(schools["first_bell"]) != FIRST_BELL:
        raise RulebookError(f"schools.toml, first_bell: schools start at {FIRST_BELL:%H:%M}")
    published = BankHolidays(use_cached_holidays=True)
    holidays = frozenset(
        each["date"] for each in published.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    )
    spells = [spell for year in schools["terms"] for spell in year["spells"]]
    in_term = [first + timedelta(days=n) for first, last in spells
               for n in range((last - first).days + 1)]  # fmt: skip
    return Calendar(
        bank_holidays=holidays,
        known=(min(holidays).replace(month=1, day=1), max(holidays).replace(month=12, day=31)),
        school_days=frozenset(d for d in in_term if d.weekday() < 5 and d not in holidays),
        schools_known=(min(in_term), max(in_term)),
    )


def check_rule(rule: ClockRule, teams: Teams) -> str | None:
    """What is wrong with a rule, in words naming the field; None where nothing is."""
    # The first step may be whoever owns the clock itself.
    known_roles = teams.round_the_clock | teams.office_hours | {"owner"}
    strangers = [role for role in (rule.owner, *(rung.to for rung in rule.ladder))
                 if role not in known_roles]  # fmt: skip
    if strangers:
        return f"ladder or owner: no role is called {strangers[0]}"
    if rule.team not in teams.hours:
        return f"team: no team is called {rule.team}"
    unexplained = [key for key, _ in rule.limits
                   if key not in (*GRADES, "any", *dict(rule.circumstances))]  # fmt: skip
    if unexplained:
        return f"limits.{unexplained[0]}: circumstances does not say what that is"
    return _form_problem(rule) or _ladder_problem(rule) or _night_problem(rule, teams)


def _form_problem(rule: ClockRule) -> str | None:
    limits = dict(rule.limits)
    if (rule.form == "deadline") != bool(limits):
        return "limits: a deadline has one or more, a gate or a prohibition none"
    if any(key not in limits for key in rule.sequence):
        return "sequence: every name must be one of the limits"
    shortest = min((roughly(limit) for limit in limits.values()), default=A_DAY)
    if rule.warn_before and roughly(rule.warn_before) >= max(shortest, timedelta(minutes=1)):
        return "warn_before: it must be shorter than the shortest limit"
    if rule.counted_back and any(limit.unit not in BACK_UNITS for limit in limits.values()):
        return "limits: only minutes, hours and days can be counted back"
    if rule.pausable and (rule.statutory or rule.counted_back):
        return "pausable: a statutory clock cannot be paused"
    return None


def _ladder_problem(rule: ClockRule) -> str | None:
    """Steps are plain time, come in their order, and move with the due time of a pausable rule."""
    if not rule.ladder:
        return "ladder: it has no step, so nobody would be told"
    if any(rung.after.unit not in STEP_UNITS for rung in rule.ladder):
        return "ladder: a step comes after minutes, hours or days"
    if rule.pausable and any(rung.counted_from == "start" for rung in rule.ladder):
        return "ladder: a rule that may be paused counts its steps from the due time"
    start = datetime(2026, 1, 5, tzinfo=UTC)
    for _, limit in rule.limits:
        due = start + roughly(limit)
        steps = [rung_due(rule, start, due, index) for index in range(len(rule.ladder))]
        if steps != sorted(steps):
            return f"ladder: its steps are out of order for a limit of {limit}"
    return None


def _night_problem(rule: ClockRule, teams: Teams) -> str | None:
    """G20: somebody awake is told when a clock shorter than a day, or a gate, is not kept."""
    short = [
        limit for _, limit in rule.limits if roughly(limit) < A_DAY or str(limit) == "same day"
    ]
    at_night = any(rung.to in teams.round_the_clock for rung in rule.ladder)
    if (short or rule.form != "deadline") and not at_night:
        return "ladder: G20, a clock shorter than a day needs a step to somebody on duty at night"
    return None
