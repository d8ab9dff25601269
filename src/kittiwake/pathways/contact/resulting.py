"""What can happen once somebody has been: the second half of `entries.py`."""

from typing import ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import Choice, Moment, Text, Together, Words, YesNo, ask
from kittiwake.kernel.voice import VoiceOfChild
from kittiwake.pathways.contact import gates as why_not
from kittiwake.pathways.contact import rules
from kittiwake.pathways.contact.questions import BodyWorn
from kittiwake.pathways.contact.stages import CLOSED, OPEN, PVP_LINKED, RESULTED


class Resulted(Entry):
    """What was found when somebody went, with the child's voice and the film."""

    kind: ClassVar = "contact.resulted"
    title: ClassVar = "Record the result"
    sentence: ClassVar = "Result: {happened}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When did the officer get there?"
    after: ClassVar = OPEN
    to: ClassVar = RESULTED
    consequences: ClassVar = (rules.voice_is_missing,)

    happened: Words = ask("What was found, and what was done?", need="now")
    officer: Text = ask("Who went?", need="before closing")
    voice: Together[VoiceOfChild] = ask("The child", group="The child")
    body_worn: Choice[BodyWorn] = ask("Body-worn video?", need="before closing")
    body_worn_reference: Text = ask(
        "Its reference", need="before closing", audience="police", only_if=("body_worn", "recorded")
    )
    body_worn_why_not: Text = ask(
        "Not available because",
        need="before closing",
        audience="police",
        only_if=("body_worn", "not_available"),
    )
    safe_now: YesNo = ask("Is the child safe where they are now?", need="before closing")


class CrimeRecorded(Entry):
    """A crime that was reported is recorded (stops CLK-03)."""

    kind: ClassVar = "contact.crime_recorded"
    title: ClassVar = "Record the crime number"
    sentence: ClassVar = "Crime recorded: {number}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN
    stops: ClassVar = ("CLK-03",)

    number: Text = ask("Crime number", need="before closing")


class PvpLinked(Entry):
    """The police safeguarding report about the child is written and linked (stops CLK-30)."""

    kind: ClassVar = "contact.pvp_linked"
    title: ClassVar = "Link the police safeguarding report (PVP)"
    sentence: ClassVar = "Police safeguarding report linked: {reference}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When was it sent?"
    after: ClassVar = OPEN
    to: ClassVar = PVP_LINKED
    stops: ClassVar = ("CLK-30",)
    consequences: ClassVar = (rules.pvp_done,)

    reference: Text = ask("Its reference", need="before closing")
    written_at: Moment = ask("When was it written?")


class PvpNotSent(Entry):
    """No safeguarding report is written, for a reason a supervisor gives."""

    kind: ClassVar = "contact.pvp_not_sent"
    title: ClassVar = "Decide that no safeguarding report is needed"
    sentence: ClassVar = "No safeguarding report: {why}"
    may: ClassVar = "contact.decide"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = OPEN
    to: ClassVar = PVP_LINKED
    stops: ClassVar = ("CLK-30",)
    gates: ClassVar = (why_not.resulted_first, why_not.abuse_is_shared, why_not.harm_is_the_reason)
    consequences: ClassVar = (rules.pvp_done,)

    why: Words = ask("Why does nobody else need to know about this child?", need="now")


class ContactClosed(Entry):
    """The call is closed; its record stays."""

    kind: ClassVar = "contact.closed"
    title: ClassVar = "Close this call"
    sentence: ClassVar = "Closed: {reason}"
    may: ClassVar = "contact.decide"
    nature: ClassVar = Nature.CLOSING
    after: ClassVar = OPEN
    to: ClassVar = CLOSED
    gates: ClassVar = (
        why_not.ended_first,
        why_not.thrive_is_there,
        why_not.roster_resolved,
        why_not.pvp_settled,
        why_not.missing_record_is_there,
        why_not.no_gaps,
        why_not.actions_settled,
    )
    consequences: ClassVar = (rules.closed,)

    reason: Words = ask("What is different for the child now?", need="now")
