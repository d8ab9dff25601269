"""What a partner's standard is, and what becomes of its files and rows: the shapes all share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Protocol

from kittiwake.exchange.inbox import Row, Said
from kittiwake.exchange.reading import Line
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON


class Read(Protocol):
    """A row as read: what it is about, and what it says of it, however it is written."""

    @property
    def key(self) -> str:
        """What the row is about."""

    @property
    def says(self) -> str:
        """What it says of it."""

    @property
    def ref(self) -> str:
        """The sender's own number for the child."""

    @property
    def born_on(self) -> date | None:
        """The child's date of birth, where the row gives it."""


@dataclass(frozen=True, slots=True)
class Landed:
    """A line as read: what it says, or why it cannot be read; `sentence` may note something."""

    line: Line
    row: Any
    """A `Read`, or None for a line that cannot be read, or that is only kept."""
    sentence: str = ""
    is_kept: bool = False
    """Whether it is kept and nothing more: it is not about a child, or is not ours to read."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One agency's files of one standard, and who brings them in when."""

    key: str
    agency: int
    source: str
    """Where it comes from, as chronologies say it: `the SSDA903 return of Saltmarsh`."""
    by: Actor
    at: datetime
    standard: "Standard"
    as_at: date | None = None
    """The day a return describes; None where nothing says which."""
    is_live: bool = False
    """Whether what is still open opens here, owned and on the clock (engine rule 7)."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A file as recognised: its table, and its rows where this version reads them."""

    name: str
    body: bytes
    table: str
    rows: tuple[Landed, ...] | None = None
    sentence: str = ""
    problem: str = ""
    lines: int = 0
    """How many rows a file has that is kept and not read."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something else than an earlier file said; `person` is whom it is about."""

    landed: Landed
    person: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A row that opens a case here: recorded by itself, live."""

    landed: Landed
    person: int
    source_record: int
    entry: Entry


@dataclass(slots=True)
class Batch:
    """What became of some rows; `changes` and `openings` still wait, each by itself."""

    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    people: list[tuple[int, str]] = field(default_factory=list)
    """Each person met or found, and how: new, possible or linked."""


Fresh = Sequence[tuple[Landed, Said | None]]
"""Rows not known yet, each with what an earlier file said of the same."""


class Standard(Protocol):
    """How one standard is read and landed; everything else is the same for all."""

    @property
    def order(self) -> tuple[str, ...]:
        """Tables in the order they are taken in; others come after."""

    def classify(self, name: str, body: bytes, today: date) -> Classified:
        """Recognise a file by what is in it, not by its name; raises nothing."""

    def as_at(self, files: Iterable[Classified], today: date) -> date | None:
        """The day the files describe, where they show it."""

    def land(self, feed: Feed, batch: Batch, fresh: Fresh) -> None:
        """Say who fresh rows are about and record them, in the transaction of the batch."""

    def changed(self, feed: Feed, row: Any) -> dict[str, Any]:
        """The answers a later row gives to the entry an earlier one made."""

    def is_open(self, row: Any) -> bool:
        """Whether a row says that a child is still missing."""


@dataclass(slots=True)
class Taken:
    """What became of one file."""

    name: str
    table: str
    state: str
    sentence: str = ""
    received: int = 0
    recorded: int = 0
    known: int = 0
    quarantined: int = 0
    kept: int = 0


@dataclass(slots=True)
class Summary:
    """What became of all the files; people are counted once each."""

    files: list[Taken] = field(default_factory=list)
    people: dict[int, str] = field(default_factory=dict)

    def met(self, people: Iterable[tuple[int, str]]) -> None:
        """Count people as they were first met."""
        for person, outcome in people:
            self.people.setdefault(person, outcome)

    def total(self, what: str) -> int:
        """Rows received, recorded, known, quarantined or kept in all files."""
        return sum(getattr(each, what) for each in self.files)

    @property
    def waiting(self) -> int:
        """Rows and whole files that wait for a person."""
        return self.total("quarantined") + sum(f.state == "quarantined" for f in self.files)


def midnight(day: date) -> datetime:
    """The start of a day where the children live."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def quarantined(landed: Landed, sentence: str) -> Row:
    """A row that waits for a person, with the reason in words."""
    key, says = (landed.row.key, landed.row.says) if landed.row else ("", "")
    return Row(landed.line.number, landed.line.raw, "quarantined", sentence, None, key, says)


def settled(landed: Landed, state: Any, entry_id: int | None, more: str = "") -> Row:
    """A row that was recorded, or was known already."""
    noted = landed.sentence if state == "recorded" else ""
    sentence = " ".join(filter(None, (noted, more)))
    line, row = landed.line, landed.row
    return Row(line.number, line.raw, state, sentence, entry_id, row.key, row.says)
