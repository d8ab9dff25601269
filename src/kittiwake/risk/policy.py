"""A risk policy as a value: what it counts, what it floors, what it triggers, in whose words."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from kittiwake.risk.codes import Where
from kittiwake.risk.expressions import Compare, Condition, leanings
from kittiwake.risk.facts import NEVER, Level

Counted = Literal["entries", "cases", "days_since_last", "present", "open_cases", "standing"]

COUNTED: Final[Mapping[str, str]] = {
    "entries": "how many entries",
    "cases": "how many cases they belong to; an entry without a case counts by itself",
    "days_since_last": f"whole days since the newest entry; {NEVER} when there is none",
    "present": "yes or no: is there one at all",
    "open_cases": "cases with an entry of opened_by and none of closed_by",
    "standing": "entries of opened_by with no later closed_by that has the same matched_on codes",
}

EFFECTS: Final[Mapping[str, str]] = {
    "strategy_meeting": "a strategy meeting is to be convened (CLK-21)",
    "trigger_plan": "a trigger plan is to be in force (CLK-22)",
    "mace_nomination": "the child is to be listed for MACE (rulebook 4.26)",
    "stagnation_review": "what is being done has not worked, and is to be thought out anew",
}

ROLES: Final = (
    "child",
    "suspect",
    "victim",
    "witness",
    "involved",
    "convicted",
    "professional",
)

NATIONS: Final = ("ENG", "WLS")


@dataclass(frozen=True, slots=True)
class Window:
    """How far back an indicator looks: hours, calendar months (in UTC), or, with neither, ever."""

    hours: int | None = None
    months: int | None = None

    @classmethod
    def of(cls, text: str) -> "Window":
        """The window written as `36 h`, `90 d`, `12 months` or `ever`. Raises ValueError."""
        if text == "ever":
            return cls()
        found = re.fullmatch(r"([1-9]\d{0,4}) ?(h|d|months?)", text)
        if not found:
            raise ValueError(f"no window: {text}")
        number, unit = int(found[1]), found[2]
        if unit in ("h", "d"):
            return cls(hours=number if unit == "h" else number * 24)
        if number > 1200:
            raise ValueError(f"no window: {text}")
        return cls(months=number)

    def since(self, now: datetime) -> datetime | None:
        """The instant after which the window begins, or None for ever."""
        if self.hours is not None:
            return now - timedelta(hours=self.hours)
        if self.months is None:
            return None
        there = now.astimezone(UTC)
        years, month = divmod(there.year * 12 + there.month - 1 - self.months, 12)
        day = min(there.day, monthrange(years, month + 1)[1])
        return there.replace(year=years, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing a policy counts about a child.

    A *concern* (the default) may only raise. A *response*, something done for the child, may
    raise only by its absence; it never takes anything away that a concern has raised by itself.
    """

    id: str
    sentence: str
    kinds: tuple[str, ...]
    role: str
    where: Where | None
    window: Window
    count: Counted
    source: str
    is_response: bool
    closed_by: tuple[str, ...]
    matched_on: tuple[str, ...]

    @property
    def absent(self) -> int:
        """The value when there is no such entry."""
        return NEVER if self.count == "days_since_last" else 0

    @property
    def grows(self) -> int:
        """1 where one more entry makes the value larger, -1 where smaller."""
        return -1 if self.count == "days_since_last" else 1


@dataclass(frozen=True, slots=True)
class InForce:
    """When a row holds: from an instant, until before another, either open."""

    start: datetime | None = None
    end: datetime | None = None

    def at(self, now: datetime) -> bool:
        """Whether the row is in force at this instant."""
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Rule:
    """What floors and triggers share: a condition and the words that explain it."""

    id: str
    when: Condition
    sentence: str
    until: str
    source: str
    in_force: InForce


@dataclass(frozen=True, slots=True)
class Floor(Rule):
    """While the condition holds, the child's level is not below this one.

    With `holds_grade`, neither may a person grade an open case below it: the difference
    between where a policy starts, which a named inspector may lower, and what may not be
    gone below while its facts stand.
    """

    level: Level
    holds_grade: bool


@dataclass(frozen=True, slots=True)
class Trigger(Rule):
    """While the condition holds, the policy obliges this effect."""

    effect: str


@dataclass(frozen=True, slots=True)
class StartingGrade:
    """The grade a case of a pathway starts with; a named person may lower it with reasons."""

    pathway: str
    grade: Level
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy. Made by `read()` alone, so that what `check()` proves holds for it."""

    id: str
    title: str
    nations: tuple[str, ...]
    in_force_from: date
    author: str
    version: str
    indicators: tuple[Indicator, ...]
    floors: tuple[Floor, ...]
    triggers: tuple[Trigger, ...]
    starting_grades: tuple[StartingGrade, ...]

    def indicator(self, name: str) -> Indicator:
        """The indicator of this id. Raises KeyError."""
        for indicator in self.indicators:
            if indicator.id == name:
                return indicator
        raise KeyError(name)

    def starting_grade(self, pathway: str) -> StartingGrade | None:
        """The grade cases of this pathway start with, if the policy says one."""
        return next((s for s in self.starting_grades if s.pathway == pathway), None)


def cited_names(policy: Policy, compare: Compare) -> tuple[str, ...]:
    """The concerns a comparison rests on, in the order written, each once."""
    read = [name for name, _ in (*leanings(compare.left), *leanings(compare.right))]
    return tuple(
        dict.fromkeys(n for n in read if n != "age" and not policy.indicator(n).is_response)
    )
