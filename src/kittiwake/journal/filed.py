"""What partners' files say happened: history, which is counted and judged and wakes nobody."""

from typing import ClassVar

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import Choice, Day, Option, Text, Words, YesNo, ask


class CareTable(Option):
    """Which table of a council's return a line is from."""

    ALONE = "uasc", "Children who came alone and asked for asylum"
    WORKER = "social_worker", "Social workers"
    LIBERTY = "dolo", "Orders that deprive a child of their liberty"


class CareEpisodeOnFile(Entry):
    """A council's return says where the child lived, and under which order."""

    kind: ClassVar = "history.care_episode"
    title: ClassVar = "Where the child lived, on a council’s return"
    sentence: ClassVar = "{lived}; until {until}. From {source}"
    may: ClassVar = "exchange.import"
    day_only: ClassVar = True

    source: Text = ask("From which file?")
    lived: Text = ask("Where did the child live, and under which order?")
    until: Day = ask("Until which day?")
    in_custody: YesNo = ask("In custody, or on remand?")
    protection: YesNo = ask("Under police protection or an emergency protection order?")


class CareOnFile(Entry):
    """A council's return says something else of a child in its care."""

    kind: ClassVar = "history.care_record"
    title: ClassVar = "On a council’s return"
    sentence: ClassVar = "{says}; until {until}. From {source}"
    may: ClassVar = "exchange.import"
    day_only: ClassVar = True

    source: Text = ask("From which file?")
    table: Choice[CareTable] = ask("From which table?")
    says: Text = ask("What does it say?")
    until: Day = ask("Until which day?")


class IncidentOnFile(Entry):
    """The log of the control room holds an incident that names this child."""

    kind: ClassVar = "history.incident"
    title: ClassVar = "Incident on the control room’s log"
    sentence: ClassVar = "Incident {number} on the log: {opened_as}. Closed as {closed_as}"
    may: ClassVar = "exchange.import"

    source: Text = ask("From which log?")
    number: Text = ask("Incident number")
    opened_as: Text = ask("Opened as")
    closed_as: Text = ask("Closed as")
    is_missing: YesNo = ask("Was it opened because somebody was missing?")
    log: Words = ask("What the log says", audience="police")


KINDS: tuple[type[Entry], ...] = (CareEpisodeOnFile, CareOnFile, IncidentOnFile)
