"""The law that comes and goes, as dated rows for England and for Wales (rulebook 9)."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from kittiwake.kernel.clocks import Nation

State = Literal["in force", "not yet", "not known to be in force", "ended"]


@dataclass(frozen=True, slots=True)
class Law:
    """One law or guidance: for which nation, agreed when, in force from when, and what it changes.

    `in_force_from` is None while it is not known to be in force: then nothing rests on it.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    key: str
    title: str
    nations: frozenset[Nation]
    changes: str
    source: str
    checked: Literal["confirmed", "unconfirmed"]
    agreed_on: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    clocks: tuple[str, ...] = field(default=())

    def state(self, day: date) -> State:
        """How it stands on a day."""
        if self.in_force_from is None:
            return "not known to be in force"
        if self.in_force_until is not None and self.in_force_until < day:
            return "ended"
        return "in force" if self.in_force_from <= day else "not yet"


_LAW = TypeAdapter(Law)


@cache
def laws() -> tuple[Law, ...]:
    """Every row as shipped, in the order of the file. Raises ValueError for a row that is wrong."""
    text = files("kittiwake.rulebook").joinpath("law.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    return tuple(_LAW.validate_python({"key": key, **row}) for key, row in rows.items())


def pack(nation: Nation, day: date) -> tuple[tuple[Law, State], ...]:
    """What a partnership of one nation works under on a day, with how each row stands."""
    return tuple((law, law.state(day)) for law in laws() if nation in law.nations)
