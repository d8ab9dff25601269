"""The rulebook as one fixed value: the clocks, the calendars and the language list, with a version.

What ships is read once from `kittiwake/rulebook`. A force lays its own dated rows over it; a
statutory limit may only be tightened. Every error names the file, the row and the field.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from pydantic import TypeAdapter, ValidationError

from kittiwake.kernel.clocks import GRADES, ClockRule, limit_for, roughly, rung_due
from kittiwake.kernel.worktime import FIRST_BELL, MINUTES_A_DAY, Calendar, Limit, ServiceHours, add

A_DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEP_UNITS = frozenset({"at_once", "minutes", "hours", "days"})
OWN_FIELDS = ("owner", "warn_before", "repeat_last_rung", "ladder")
_RULE = TypeAdapter(ClockRule)


class RulebookError(ValueError):
    """The rulebook's data cannot be used; the message names file, row and field."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A value of the force's own from a day on: ("CLK-11.high", "20 min", 1 January 2027)."""

    key: str
    value: str
    from_date: date


@dataclass(frozen=True)
class Rulebook:
    """Everything pure code may ask of the rulebook.

    `version` is a hash of the shipped files and of the force's rows. `at(day)` gives the values in
    force on a day; before that the force's rows are held, not applied.
    """

    clocks: Mapping[str, ClockRule]
    hours: Mapping[str, ServiceHours]
    round_the_clock: frozenset[str]
    office_hours: frozenset[str]
    days: Calendar
    shipped: str
    rows: tuple[OwnRow, ...] = ()

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any shipped or own value."""
        lines = "".join(f"{row.key}={row.value}@{row.from_date}\n" for row in self.rows)
        return hashlib.sha256(f"{self.shipped}\n{lines}".encode()).hexdigest()[:12]

    def clock(self, clock_id: str) -> ClockRule:
        """The rule with this id; RulebookError where there is none in force."""
        if clock_id not in self.clocks:
            raise RulebookError(f"The rulebook has no clock {clock_id} in force.")
        return self.clocks[clock_id]

    def calendar(self, team: str = "always") -> Calendar:
        """The days that count, with the hours of one kind of team; no row means day and night."""
        return self.days.for_hours(self.hours.get(team, ServiceHours()))

    def calendar_for(self, rule: ClockRule) -> Calendar:
        """The calendar of the team that keeps a clock."""
        return self.calendar(rule.team)

    def with_rows(self, rows: Iterable[tuple[str, str, date]]) -> "Rulebook":
        """This rulebook with the force's own rows added; RulebookError refuses a row in words.

        A key is a clock and a field ("CLK-11.high", "CLK-11.owner", "CLK-11.ladder" with steps such
        as "at once duty_inspector, 15 min duty_superintendent") or "hours." and a team.
        """
        own = (*self.rows, *(OwnRow(*row) for row in rows))
        held = replace(self, rows=tuple(sorted(own, key=lambda row: (row.from_date, row.key))))
        for day in {row.from_date for row in own}:
            held._on(day, check=True)
        return held

    def at(self, day: date) -> "Rulebook":
        """The values in force on a day, under the same version."""
        return self._on(day, check=False)

    def _on(self, day: date, check: bool) -> "Rulebook":
        clocks, hours = dict(self.clocks), dict(self.hours)
        for row in self.rows:
            if row.from_date > day:
                continue
            area, _, field = row.key.partition(".")
            if area == "hours" and field in hours:
                hours[field] = _own_hours(row, hours[field])
            elif area in clocks and field:
                clocks[area] = self._changed(clocks[area], field, row, check)
            elif check:
                raise _own_error(row, "no clock and no team is called that")
        in_force = {key: rule for key, rule in clocks.items() if rule.in_force_on(day)}
        return replace(self, clocks=MappingProxyType(in_force), hours=MappingProxyType(hours))

    def _changed(self, rule: ClockRule, field: str, row: OwnRow, check: bool) -> ClockRule:
        """A rule with one value of the force's own, checked as a shipped rule is."""
        try:
            changed = _with_value(rule, field, row.value)
        except ValueError as error:
            raise _own_error(row, str(error)) from error
        problem = check and (_loosened(self, rule, changed, field) or check_rule(changed, self))
        if problem:
            raise _own_error(row, problem)
        return changed


def _own_error(row: OwnRow, problem: str) -> RulebookError:
    return RulebookError(f"own rows, {row.key} from {row.from_date}: {problem}.")


def _own_hours(row: OwnRow, before: ServiceHours) -> ServiceHours:
    try:
        return ServiceHours(_week(row.value), before.on_bank_holidays)
    except ValueError as error:
        raise _own_error(row, str(error)) from error


def _with_value(rule: ClockRule, field: str, value: str) -> ClockRule:
    limits = dict(rule.limits)
    if field in limits or (field in GRADES and rule.form == "deadline"):
        limits[field] = Limit.parse(value)
        return replace(rule, limits=tuple(limits.items()))
    if field not in OWN_FIELDS:
        known = ", ".join([*limits, *OWN_FIELDS])
        raise ValueError(f"{rule.id} has no value “{field}”; it has {known}")
    given: Any = value
    if field == "ladder":
        steps = [step.strip().rpartition(" ") for step in value.split(",")]
        given = [{"after": after, "to": to} for after, _, to in steps]
    whole = {name: getattr(rule, name) for name in rule.__slots__} | {field: given}
    try:
        return _RULE.validate_python(whole)
    except ValidationError as error:
        raise ValueError(_first(error, whole)) from error


def _loosened(rulebook: Rulebook, old: ClockRule, new: ClockRule, field: str) -> str | None:
    """Why a changed limit is refused: a statutory one may never end later than the law's."""
    if not old.statutory:
        return None
    was, now = limit_for(old, field if dict(old.limits).get(field) else "any"), dict(new.limits)
    if was is None or field not in now or now[field] == was:
        return None
    calendar = rulebook.calendar_for(old)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    starts = (first + timedelta(hours=7 * n) for n in range(1300))
    if all(add(now[field], start, calendar) <= add(was, start, calendar) for start in starts):
        return None
    return (
        f"{old.id} is set by {old.statute or old.strength}: its limit may be tightened, "
        f"never loosened; it is {was} and cannot become {now[field]}"
    )


def check_rule(rule: ClockRule, rulebook: Rulebook) -> str | None:
    """What is wrong with a rule, in words naming the field; None where nothing is."""
    known_roles = rulebook.round_the_clock | rulebook.office_hours
    strangers = [role for role in (rule.owner, *(rung.to for rung in rule.ladder))
                 if role not in known_roles]  # fmt: skip
    if strangers:
        return f"ladder or owner: no role is called {strangers[0]}"
    if rule.team not in rulebook.hours:
        return f"team: no team is called {rule.team}"
    unexplained = [key for key, _ in rule.limits
                   if key not in (*GRADES, "any", *dict(rule.circumstances))]  # fmt: skip
    if unexplained:
        return f"limits.{unexplained[0]}: circumstances does not say what that is"
    return _form_problem(rule) or _ladder_problem(rule) or _night_problem(rule, rulebook)


def _form_problem(rule: ClockRule) -> str | None:
    limits = dict(rule.limits)
    if (rule.form == "deadline") != bool(limits):
        return "limits: a deadline has one or more, a gate or a prohibition none"
    if any(key not in limits for key in rule.sequence):
        return "sequence: every name must be one of the limits"
    shortest = min((roughly(limit) for limit in limits.values()), default=A_DAY)
    if rule.warn_before and roughly(rule.warn_before) >= max(shortest, timedelta(minutes=1)):
        return "warn_before: it must be shorter than the shortest limit"
    if rule.statutory and rule.pausable:
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


def _night_problem(rule: ClockRule, rulebook: Rulebook) -> str | None:
    """G20: somebody awake is told when a clock shorter than a day, or a gate, is not kept."""
    short = [
        limit for _, limit in rule.limits if roughly(limit) < A_DAY or str(limit) == "same day"
    ]
    at_night = any(rung.to in rulebook.round_the_clock for rung in rule.ladder)
    if (short or rule.form != "deadline") and not at_night:
        return "ladder: G20, a clock shorter than a day needs a step to somebody on duty at night"
    return None


@cache
def load() -> Rulebook:
    """The rulebook as shipped, read once; RulebookError names file, row and field."""
    texts = {name: _text(name) for name in ("clocks.toml", "hours.toml", "schools.toml")}
    return read(texts)


def read(texts: Mapping[str, str]) -> Rulebook:
    """A rulebook from the text of its files, by file name."""
    tables = {name: _parsed(name, text) for name, text in texts.items()}
    hours, duty = _hours(tables["hours.toml"])
    days = _days(tables["schools.toml"])
    holidays = ",".join(sorted(map(str, days.bank_holidays)))
    shipped = hashlib.sha256("\0".join([*texts.values(), holidays]).encode()).hexdigest()
    bare = Rulebook(
        clocks=MappingProxyType({}),
        hours=MappingProxyType(hours),
        round_the_clock=duty["round_the_clock"],
        office_hours=duty["office_hours"],
        days=days,
        shipped=shipped,
    )
    clocks = {key: _rule(key, row, bare) for key, row in tables["clocks.toml"].items()}
    return replace(bare, clocks=MappingProxyType(clocks))


def _text(name: str) -> str:
    return files("kittiwake.rulebook").joinpath(name).read_text(encoding="utf-8")


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{name}: {error}") from error


def _rule(key: str, row: dict[str, Any], rulebook: Rulebook) -> ClockRule:
    try:
        rule = _RULE.validate_python({"id": key, **row})
    except ValidationError as error:
        raise RulebookError(f"clocks.toml, {key}, {_first(error, row)}") from error
    problem = check_rule(rule, rulebook)
    if problem:
        raise RulebookError(f"clocks.toml, {key}, {problem}")
    return rule


def _first(error: ValidationError, row: Mapping[str, Any]) -> str:
    """The first thing wrong, its place in the row before it: `limits.high: …`."""
    first = error.errors(include_url=False, include_context=False)[0]
    field, *inside = first["loc"]
    if inside and isinstance(row.get(str(field)), dict) and isinstance(inside[0], int):
        inside = [list(row[str(field)])[inside[0]]]
    place = ".".join(map(str, (field, *inside)))
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"


def _hours(table: dict[str, Any]) -> tuple[dict[str, ServiceHours], dict[str, frozenset[str]]]:
    hours = {}
    for team, row in table["teams"].items():
        try:
            hours[team] = ServiceHours(_week(row["open"]), bool(row["on_bank_holidays"]))
        except (KeyError, ValueError) as error:
            raise RulebookError(f"hours.toml, teams.{team}: {error}") from error
    return hours, {kind: frozenset(roles) for kind, roles in table["duty"].items()}


def _week(text: str) -> tuple[tuple[int, int] | None, ...]:
    """A week's hours from text such as "Mon-Fri 08:00-18:00, Sat 09:00-12:00"."""
    week: list[tuple[int, int] | None] = [None] * 7
    for part in text.split(","):
        found = re.fullmatch(r"(\w{3})(?:-(\w{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)", part.strip())
        if found is None or {found[1], found[2] or found[1]} - set(WEEKDAYS):
            raise ValueError(f"“{part.strip()}” is not a line of hours such as Mon-Fri 08:00-18:00")
        opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (3, 5))
        if not opens < closes <= MINUTES_A_DAY:
            raise ValueError(f"“{part.strip()}” closes before it opens, or after midnight")
        first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
        for weekday in range(first, last + 1):
            week[weekday] = (opens, closes)
    return tuple(week)


def _days(schools: dict[str, Any]) -> Calendar:
    """Bank holidays of England and Wales as published by GOV.UK, and the county's school days."""
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
        known=(min(holidays), max(holidays)),
        school_days=frozenset(d for d in in_term if d.weekday() < 5 and d not in holidays),
        schools_known=(min(in_term), max(in_term)),
    )
