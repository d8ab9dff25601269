"""What the judge is given, and what it answers with.

**Known at an instant**, once for all engines. At the instant `now`, a fact is known when it
was recorded by then and had happened by then: `recorded_at <= now` and `happened_at <= now`.
Known facts stand in the order of `(happened_at, entry_id)`, so that ties are never open. A
window of length w holds the known facts with `now - w < happened_at <= now`. Rows with one
entry id are one entry. `reference.py` says this in plain Python; `observe.py` and `sql.py`
must give the same answer, ties included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kittiwake.kernel.facts import Fact

__all__ = [
    "CITED",
    "NEVER",
    "NOT_KNOWN",
    "NO_AGE",
    "Assessment",
    "Child",
    "Fact",
    "Level",
    "Observed",
    "Reason",
    "Triggered",
]

CITED: Final = 25
"""The most entries an indicator cites, newest first; its count is always the true one."""

NEVER: Final = 36_500
"""Days since something that is not on record: longer ago than anything can be."""

NOT_KNOWN: Final = "not_known"
"""The code that says: asked, and the answer is not known."""


class Level(IntEnum):
    """How much harm is to be expected; not knowing enough is its own level, and is not low."""

    NOT_ENOUGH_KNOWN = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def word(self) -> str:
        """The level as stored and as policies write it: `very_high`."""
        return self.name.lower()

    @property
    def shown(self) -> str:
        """The level as people read it: `Very high`."""
        return self.word.replace("_", " ").capitalize()

    @classmethod
    def of(cls, word: str) -> "Level":
        """The level of a stored word. Raises KeyError for a word that is no level."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Child:
    """What the judge knows of the child besides facts: age in years, or None if not known."""

    age: float | None


NO_AGE: Final = Child(age=None)


@dataclass(frozen=True, slots=True)
class Observed:
    """One indicator at one instant: its value, the entries behind it, what is not known.

    `entries` are the newest first, `CITED` at most. `not_known` is true when the newest entry
    that was asked answers that it is not known.
    """

    value: int
    entries: tuple[int, ...] = ()
    not_known: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a floor or a trigger holds, the entries it rests on, and what would end it.

    With `holds_grade`, no person may grade an open case below this level while it holds.
    """

    rule_id: str
    sentence: str
    level: Level | None
    entries: tuple[int, ...]
    source: str
    until: str = ""
    holds_grade: bool = False


@dataclass(frozen=True, slots=True)
class Triggered:
    """Something the policy obliges now: the effect by its name, and the reason."""

    rule_id: str
    effect: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a policy says about one child at one instant. It advises; a named person decides."""

    level: Level
    reasons: tuple[Reason, ...]
    not_known: tuple[str, ...]
    triggers: tuple[Triggered, ...]
    policy_id: str
    policy_version: str
    indicators: Mapping[str, int]

    @property
    def grade_floor(self) -> Level | None:
        """The level below which no open case may be graded now, if there is one."""
        held = (r.level for r in self.reasons if r.holds_grade and r.level is not None)
        return max(held, default=None)

    def for_less(self) -> tuple[str, ...]:
        """What would have to be true, all of it, before the level could be lower."""
        return tuple(r.until for r in self.reasons if r.level == self.level)
