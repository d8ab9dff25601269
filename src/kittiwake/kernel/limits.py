"""Limits: how long somebody has, as people write it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

Unit = Literal[
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "years",
    "days_inclusive",
    "working_days",
    "service_hours",
    "next_school_day",
    "at_once",
]

_UNITS: dict[str, Unit] = {
    "min": "minutes",
    "h": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "day inclusive": "days_inclusive",
    "WD": "working_days",
    "service h": "service_hours",
}
_SPELT = {unit: text for text, unit in _UNITS.items()}
_WRITTEN = re.compile(r"(\d{1,3}) (min|h|WD|service h|(?:day|week|month|year)s?(?: inclusive)?)")
_PHRASES: dict[str, tuple[int, Unit]] = {
    "at once": (0, "at_once"),
    "same day": (1, "days_inclusive"),
    "next school day": (1, "next_school_day"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long somebody has: an amount and its unit, written "15 min", "5 WD" or "same day"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read a limit as people write it; ValueError says what may be written."""
        if text in _PHRASES:
            return cls(*_PHRASES[text])
        found = _WRITTEN.fullmatch(text)
        unit = _UNITS.get(re.sub(r"s(?=$| inclusive)", "", found[2])) if found else None
        if found is None or unit is None:
            raise ValueError(
                f"“{text}” is not a limit; write for example “15 min”, “3 h”, “28 days”, “5 WD”, "
                "“1 month”, “3 days inclusive”, “same day”, “at once” or “next school day”"
            )
        return cls(int(found[1]), unit)

    def __str__(self) -> str:
        for text, limit in _PHRASES.items():
            if limit == (self.amount, self.unit):
                return text
        noun, _, rest = _SPELT[self.unit].partition(" ")
        plural = "s" if noun in {"day", "week", "month", "year"} and self.amount != 1 else ""
        return f"{self.amount} {noun}{plural} {rest}".rstrip()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let typed rows and entries hold a limit written as text."""
        return core_schema.no_info_plain_validator_function(
            lambda given: given if isinstance(given, Limit) else cls.parse(str(given)),
            serialization=core_schema.to_string_ser_schema(),
        )


def roughly(limit: Limit) -> timedelta:
    """A limit as elapsed time, for warnings, steps and comparing; a day is 24 hours."""
    hours = {
        "at_once": 0,
        "hours": 1,
        "service_hours": 1,
        "next_school_day": 8,
        "days": 24,
        "days_inclusive": 24,
        "working_days": 24,
        "weeks": 7 * 24,
        "months": 30 * 24,
        "years": 365 * 24,
    }
    if limit.unit == "minutes":
        return timedelta(minutes=limit.amount)
    return timedelta(hours=limit.amount * hours[limit.unit])
