"""A person as one source describes them, and what became of the description."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kittiwake.people.identifiers import NHS, PNC, UPN, Checked, checked
from kittiwake.people.names import full_name, name_key

Outcome = Literal["linked", "possible", "new"]
CALLED = {NHS: "NHS number", UPN: "UPN", PNC: "PNC number"}


@dataclass(frozen=True, slots=True)
class Home:
    """An address as one source gives it."""

    line: str
    postcode: str = ""
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """A person as one source describes them; `ref` is the source's own number within `feed`.

    `identifiers` are (scheme, value) as written; `facts` anything else, under words people read;
    `agency_id` is whose account it is, where that is not the agency of whoever brings it.
    """

    feed: str
    ref: str
    given: str = ""
    family: str = ""
    born_on: date | None = None
    sex: str = ""
    ethnicity: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    address: Home | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    agency_id: int | None = None
    born_in_part: int = 0
    """A month or a year of birth where the day is not known: 20120300, 20120000."""

    @property
    def name(self) -> str:
        """The name people read; a file without names says so."""
        return full_name(self.given, self.family) or f"Name not given ({self.ref})"

    @property
    def key(self) -> str:
        """The name as matching compares it; empty where no name was given."""
        return name_key(full_name(self.given, self.family))

    def said(self) -> dict[str, Any]:
        """What is kept beside the columns: identifiers as written, and whatever else was said."""
        return {**{CALLED.get(s, s): v for s, v in self.identifiers}, **self.facts}

    def checked(self) -> list[tuple[str, Checked]]:
        """The identifiers, each normalised and checked."""
        return [(scheme, checked(scheme, value)) for scheme, value in self.identifiers]


@dataclass(eq=False, slots=True)
class Someone:
    """A person on file, or one who will be met when the whole list has been read."""

    id: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody a description may be about, and how they were found."""

    how: Literal["ref", "held", "identifier", "name"]
    someone: Someone
    record: int | None = None
    scheme: str = ""
    value: str = ""
    agrees: bool = True
    is_same: bool = False


@dataclass(slots=True)
class Case:
    """One description on its way: what it met, and what must be written."""

    description: Description
    someone: Someone
    outcome: Outcome
    sentence: str
    record: int = 0
    is_known: bool = False
    is_same: bool = False
    doubts: list[tuple[Someone, list[str]]] = field(default_factory=list)
    chances: dict[int, float] = field(default_factory=dict)
    """How probable each of the doubts is, by person, where it was computed."""
