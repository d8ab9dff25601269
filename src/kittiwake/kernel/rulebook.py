"""The rulebook as one fixed value: the clocks, the calendars and the language list, with a version.

What ships is read once from `kittiwake/rulebook`. A force lays its own dated rows over it; a
statutory limit may only be tightened. Every error names the file, the row and the field.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from kittiwake.kernel.clocks import GRADES, ClockRule, ends_at, limit_for
from kittiwake.kernel.language import Language, LanguageError
from kittiwake.kernel.language import read as read_language
from kittiwake.kernel.limits import Limit
from kittiwake.kernel.ruledata import (
    RulebookError,
    Teams,
    check_rule,
    read_days,
    read_rule,
    read_teams,
    typed,
    week,
)
from kittiwake.kernel.worktime import Calendar, ServiceHours

__all__ = ["OwnRow", "Rulebook", "RulebookError", "load", "read"]

FILES = ("clocks.toml", "feeds.toml", "hours.toml", "schools.toml", "language.toml")
OWN_FIELDS = ("owner", "warn_before", "repeat_last_rung", "ladder")
# Limits in different units are compared from many starts, over a year with both clock changes.
A_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A value of the force's own from a day on: ("CLK-11.high", "20 min", 1 January 2027)."""

    key: str
    value: str
    from_date: date


@lru_cache(maxsize=256)
def _calendar(book: "Rulebook", team: str) -> Calendar:
    """One calendar for each team and rulebook: a board asks for hundreds."""
    return book.days.for_hours(book.hours.get(team, ServiceHours()))


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Everything pure code may ask of the rulebook; equal only to itself, so that it can be a key.

    `version` is a hash of the shipped files and of the force's rows. `at(day)` gives the values in
    force on a day; before that the force's rows are held, not applied.
    """

    clocks: Mapping[str, ClockRule]
    feeds: Mapping[str, ClockRule]
    teams: Teams
    days: Calendar
    language: Language
    shipped: str
    rows: tuple[OwnRow, ...] = ()

    @property
    def hours(self) -> Mapping[str, ServiceHours]:
        """When each kind of team is at work."""
        return self.teams.hours

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

    def feed(self, standard: str) -> ClockRule:
        """How often files of a standard are expected; RulebookError where no row says."""
        for rule in self.feeds.values():
            if rule.pathway == standard:
                return rule
        raise RulebookError(f"The rulebook has no feed {standard} in force.")

    def calendar(self, team: str = "always") -> Calendar:
        """The days that count, with the hours of one kind of team; no row means day and night."""
        return _calendar(self, team)

    def calendar_for(self, rule: ClockRule) -> Calendar:
        """The calendar of the team that keeps a clock."""
        return self.calendar(rule.team)

    def with_rows(self, rows: Iterable[tuple[str, str, date]]) -> "Rulebook":
        """This rulebook with the force's own rows added; RulebookError refuses a row in words.

        A key is a clock and a field: "CLK-11.high", "CLK-13.repeat", "CLK-11.owner", or
        "CLK-11.ladder" with steps such as "at once duty_inspector, 15 min duty_superintendent";
        or it is "hours." and a team ("hours.mash", "Mon-Sat 08:00-20:00").
        """
        return _laid_over(self, tuple(OwnRow(*row) for row in rows))

    def at(self, day: date) -> "Rulebook":
        """The values in force on a day, under the same version."""
        return _in_force(self, day)

    def _on(self, day: date, check: bool) -> "Rulebook":
        clocks, hours = {**self.clocks, **self.feeds}, dict(self.hours)
        touched: dict[str, OwnRow] = {}
        for row in self.rows:
            if row.from_date > day:
                continue
            area, _, field = row.key.partition(".")
            if area == "hours" and field in hours:
                hours[field] = _own_hours(row, hours[field])
            elif area in clocks and field:
                clocks[area] = _changed(clocks[area], field, row)
                touched[area] = row
                problem = check and _loosened(self, clocks[area], field)
                if problem:
                    raise _own_error(row, problem)
            elif check:
                raise _own_error(row, "no clock and no team is called that")
        if check:
            self._check(clocks, touched)
        in_force = {key: rule for key, rule in clocks.items() if rule.in_force_on(day)}
        feeds = {key: in_force.pop(key) for key in self.feeds if key in in_force}
        teams = replace(self.teams, hours=MappingProxyType(hours))
        return replace(
            self, clocks=MappingProxyType(in_force), feeds=MappingProxyType(feeds), teams=teams
        )

    def _check(self, clocks: Mapping[str, ClockRule], touched: Mapping[str, OwnRow]) -> None:
        """Whole rules are checked once all rows of a day are in, so that their order is free."""
        for key, row in touched.items():
            problem = check_rule(clocks[key], self.teams)
            if problem:
                raise _own_error(row, problem)


# Every entry and every page asks for today's rulebook: rows are checked once, not each time.
@lru_cache(maxsize=16)
def _laid_over(book: Rulebook, rows: tuple[OwnRow, ...]) -> Rulebook:
    own = sorted((*book.rows, *rows), key=lambda row: (row.from_date, row.key))
    held = replace(book, rows=tuple(own))
    for day in {row.from_date for row in own}:
        held._on(day, check=True)
    return held


@lru_cache(maxsize=64)
def _in_force(book: Rulebook, day: date) -> Rulebook:
    return book._on(day, check=False)


def _own_error(row: OwnRow, problem: str) -> RulebookError:
    return RulebookError(f"own rows, {row.key} from {row.from_date}: {problem}.")


def _changed(rule: ClockRule, field: str, row: OwnRow) -> ClockRule:
    try:
        return _with_value(rule, field, row.value)
    except ValueError as error:
        raise _own_error(row, str(error)) from error


def _own_hours(row: OwnRow, shipped: ServiceHours) -> ServiceHours:
    try:
        return ServiceHours(week(row.value), shipped.on_bank_holidays)
    except ValueError as error:
        raise _own_error(row, str(error)) from error


def _with_value(rule: ClockRule, field: str, value: str) -> ClockRule:
    limits = dict(rule.limits)
    given: Any = value
    if field in limits or (field in GRADES and rule.form == "deadline"):
        field, given = "limits", tuple((limits | {field: Limit.parse(value)}).items())
    elif field == "repeat" and rule.repeats is not None:
        field, given = "repeats", replace(rule.repeats, limit=Limit.parse(value))
    elif field == "ladder":
        given = [_step(step.split()) for step in value.split(",")]
    elif field not in OWN_FIELDS:
        known = ", ".join([*limits, *OWN_FIELDS])
        raise ValueError(f"{rule.id} has no value “{field}”; it has {known}")
    return typed({name: getattr(rule, name) for name in rule.__slots__} | {field: given})


def _step(words: list[str]) -> dict[str, str]:
    """A step of a ladder from words such as "15 min duty_superintendent", "24 h from start …"."""
    *after, to = words
    if after[-2:] == ["from", "start"]:
        return {"after": " ".join(after[:-2]), "to": to, "counted_from": "start"}
    return {"after": " ".join(after), "to": to}


def _loosened(rulebook: Rulebook, changed: ClockRule, field: str) -> str | None:
    """Why a changed limit is refused: a statutory one may never end later than the law's."""
    law = {**rulebook.clocks, **rulebook.feeds}[changed.id]
    if not law.statutory or field in OWN_FIELDS:
        return None
    lap = 1 if field == "repeat" else 0
    was = limit_for(law, field if field in dict(law.limits) else "any", lap)
    now = limit_for(changed, field if field in dict(changed.limits) else "any", lap)
    if was is None or now is None or was == now:
        return None
    calendar = rulebook.calendar_for(law)
    starts = [A_START + timedelta(hours=7 * n) for n in range(1300)]
    if all(ends_at(law, now, at, calendar) <= ends_at(law, was, at, calendar) for at in starts):
        return None
    return (
        f"{law.id} is set by {law.statute or law.strength}: its limit may be tightened, "
        f"never loosened; it is {was} and cannot become {now}"
    )


@cache
def load() -> Rulebook:
    """The rulebook as shipped, read once; RulebookError names file, row and field."""
    data = files("kittiwake.rulebook")
    return read({name: data.joinpath(name).read_text(encoding="utf-8") for name in FILES})


def read(texts: Mapping[str, str]) -> Rulebook:
    """A rulebook from the text of its files, by file name."""
    tables = {name: _parsed(name, text) for name, text in texts.items()}
    teams = read_teams(tables["hours.toml"])
    days = read_days(tables["schools.toml"])
    clocks, feeds = (
        {key: read_rule(key, row, teams, name) for key, row in tables[name].items()}
        for name in ("clocks.toml", "feeds.toml")
    )
    holidays = ",".join(sorted(map(str, days.bank_holidays)))
    return Rulebook(
        clocks=MappingProxyType(clocks),
        feeds=MappingProxyType(feeds),
        teams=teams,
        days=days,
        language=_language(texts["language.toml"]),
        shipped=hashlib.sha256("\0".join([*texts.values(), holidays]).encode()).hexdigest(),
    )


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{name}: {error}") from error


def _language(text: str) -> Language:
    try:
        return read_language(text)
    except LanguageError as error:
        raise RulebookError(str(error)) from error
