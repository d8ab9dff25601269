"""What practitioners are trained for, as the rulebook lists it (rulebook 4.25)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kittiwake.kernel.limits import Limit, roughly


@dataclass(frozen=True, slots=True)
class Course:
    """One thing people are trained for: what it lets them decide, and how long it lasts."""

    key: str
    name: str
    sentence: str
    lasts: Limit
    source: str


@cache
def courses() -> Mapping[str, Course]:
    """Every course by its key, as shipped. Raises ValueError for a limit that is none."""
    text = files("kittiwake.rulebook").joinpath("training.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            key: Course(key, row["name"], row["sentence"], Limit.parse(row["lasts"]), row["source"])
            for key, row in tomllib.loads(text).items()
        }
    )


def name_of(key: str) -> str:
    """A course in words, within a sentence."""
    course = courses().get(key)
    return course.name if course else key.replace("_", " ")


def last_day(course: Course, from_on: date) -> date:
    """The last day a course counts that was taken on a day."""
    return from_on + roughly(course.lasts)
