"""Everything that can happen from the call about a child to its result.

One class for each; the second half, once somebody has been, is `resulting.py`.
Source: rulebook 4.1 and 4.25; clocks CLK-01 to CLK-04 and CLK-30; findings of S2 L235 to L242.
"""

from typing import ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import Choice, Choices, Due, Phone, Rows, Text, Words, YesNo, ask
from kittiwake.pathways.contact import gates as why_not
from kittiwake.pathways.contact import rules
from kittiwake.pathways.contact.questions import (
    AbuseQuestions,
    Channel,
    CheckedFlag,
    ChildIs,
    Exemption,
    Response,
    RosterChild,
    RosterIs,
    StayingWith,
    Thrive,
    Where,
)
from kittiwake.pathways.contact.resulting import (  # noqa: F401 - the second half of this page
    ContactClosed,
    CrimeRecorded,
    PvpLinked,
    PvpNotSent,
    Resulted,
)
from kittiwake.pathways.contact.stages import (
    BEFORE,
    DEPLOYED,
    EXEMPT,
    GRADED,
    OPEN,
    RECEIVED,
    RESOLVED,
    THRIVE_DONE,
)

# ── The call ────────────────────────────────────────────────────────────────────────────


class ContactReceived(Entry):
    """Somebody told us something in which there is a child (CLK-01 starts)."""

    kind: ClassVar = "contact.received"
    title: ClassVar = "Log a call about a child"
    sentence: ClassVar = "Call ({channel}): {what}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When did it reach us?"
    opens: ClassVar = True
    to: ClassVar = RECEIVED
    starts: ClassVar = ("CLK-01",)
    consequences: ClassVar = (rules.crime_told, rules.kept_by_police, rules.abuse_questions_due)

    incident_number: Text = ask("Incident number, if there is one")
    channel: Choice[Channel] = ask("How did it reach us?")
    what: Words = ask("What are we told?", "In their words, with the times they give.", "now")
    child_is: Choices[ChildIs] = ask("How is the child concerned?")
    whereabouts_unknown: YesNo = ask(
        "Does nobody know where the child is?", "‘Yes’ opens a missing episode at once."
    )
    domestic_abuse: YesNo = ask("Is it domestic abuse?")
    crisis: YesNo = ask("Is somebody in a mental health crisis?")
    crime: YesNo = ask("Is a crime reported?")
    place: Text = ask("Where is it?", audience="police")
    caller_name: Text = ask("Name of whoever is telling us", audience="police")
    caller_phone: Phone = ask("Phone number of whoever is telling us", audience="police")
    reporter_could_harm: YesNo = ask(
        "Could whoever is telling us, or somebody in the household, be a risk to the child?",
        "The answer stays with the police.",
        audience="police",
    )


class InformationAdded(Entry):
    """Something more is known about this call: another caller, a call back, a check."""

    kind: ClassVar = "contact.information_added"
    title: ClassVar = "Add what else is known"
    sentence: ClassVar = "{what}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN

    what: Words = ask("What is new?", need="now")
    source_name: Text = ask("Who told us, and how do we reach them?", audience="police")


class ThoughtThrough(Thrive, Entry):
    """All six parts of THRIVE, before anybody is sent (stops CLK-01)."""

    kind: ClassVar = "contact.thrive"
    title: ClassVar = "Think it through: THRIVE"
    sentence: ClassVar = "THRIVE: {threat} Risk: {risk}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN
    to: ClassVar = THRIVE_DONE
    may_stop: ClassVar = ("CLK-01",)
    consequences: ClassVar = (rules.thought_through, rules.risk_grades)


class Exempted(Entry):
    """THRIVE is left out, because somebody is on the way already; counted and sampled."""

    kind: ClassVar = "contact.exempted"
    title: ClassVar = "Leave THRIVE out: somebody is on the way"
    sentence: ClassVar = "THRIVE left out: {because}. On the way: {unit}"
    may: ClassVar = "contact.record"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = BEFORE
    to: ClassVar = EXEMPT
    stops: ClassVar = ("CLK-01",)
    consequences: ClassVar = (rules.think_when_there,)

    because: Choice[Exemption] = ask("Why?", need="now")
    unit: Text = ask("Who is on the way?", need="now")


class AbuseAsked(AbuseQuestions, Entry):
    """The questions every call about domestic abuse is asked."""

    kind: ClassVar = "contact.abuse_asked"
    title: ClassVar = "Ask about domestic abuse"
    sentence: ClassVar = "Domestic abuse asked about. A child saw or heard it: {saw_or_heard}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN
    consequences: ClassVar = (rules.abuse_was_asked, rules.never_an_appointment)


class RosterTaken(Entry):
    """Every child who is there, lives there or belongs to somebody in it (G3)."""

    kind: ClassVar = "contact.roster"
    title: ClassVar = "Name every child"
    sentence: ClassVar = "Children: {state}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN
    consequences: ClassVar = (rules.each_child_has_a_record,)

    state: Choice[RosterIs] = ask(
        "Is every child named?",
        "There now, living there, brothers and sisters, children of either adult elsewhere.",
        "now",
    )
    children: Rows[RosterChild] = ask("Which other children?")


class Checked(Entry):
    """The address and each person were checked, and this was found."""

    kind: ClassVar = "contact.checked"
    title: ClassVar = "Record checks of address and people"
    sentence: ClassVar = "Address and people checked by {checked_by}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN
    consequences: ClassVar = (rules.danger_at_the_address,)

    checked_by: Text = ask("Who checked?")
    danger_at_address: YesNo = ask(
        "A registered sex offender, or an order, linked to the address?",
        need="before closing",
        audience="police",
    )
    found: Rows[CheckedFlag] = ask(
        "What was found?", "For the address and for each person.", audience="police"
    )


class OfficerTold(Entry):
    """What is known was passed to the officer who goes, and read back."""

    kind: ClassVar = "contact.officer_told"
    title: ClassVar = "Pass it to the officer who goes"
    sentence: ClassVar = "Passed to {officer}. Read back: {read_back}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When were they told?"
    after: ClassVar = OPEN
    consequences: ClassVar = (rules.officer_knows,)

    officer: Text = ask("To whom?", need="before closing")
    passed: Words = ask("What were they told?", need="now", audience="police")
    read_back: YesNo = ask("Did they read it back?", need="before closing")


class Rethought(Thrive, Entry):
    """Something changed, and THRIVE was done again."""

    kind: ClassVar = "contact.rethought"
    title: ClassVar = "THRIVE again: something changed"
    sentence: ClassVar = "THRIVE again: {changed} Risk: {risk}"
    may: ClassVar = "contact.record"
    nature: ClassVar = Nature.RAISING
    after: ClassVar = OPEN
    may_stop: ClassVar = ("CLK-01",)
    consequences: ClassVar = (rules.thought_through, rules.risk_grades)

    changed: Words = ask("What changed?", need="now")
    whereabouts_unknown: YesNo = ask(
        "Does nobody know where the child is now?", "‘Yes’ opens a missing episode at once."
    )


class Graded(Entry):
    """How quickly somebody goes, and why."""

    kind: ClassVar = "contact.graded"
    title: ClassVar = "Say how quickly somebody goes"
    sentence: ClassVar = "Response: {response}. {why}"
    may: ClassVar = "contact.record"
    nature: ClassVar = Nature.DECISION
    after: ClassVar = BEFORE
    to: ClassVar = GRADED
    consequences: ClassVar = (rules.thrive_was_due,)

    response: Choice[Response] = ask("How quickly?", need="now")
    why: Words = ask("Why?", need="now")


class AppointmentMade(Entry):
    """It waits for an appointment; never where it is domestic abuse with a child (CLK-02)."""

    kind: ClassVar = "contact.appointment_made"
    title: ClassVar = "Let it wait for an appointment"
    sentence: ClassVar = "Waits for an appointment: {why}"
    may: ClassVar = "contact.decide"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = BEFORE
    to: ClassVar = GRADED
    gates: ClassVar = (
        why_not.thought_through_first,
        why_not.no_appointment_for_abuse,
        why_not.harm_is_the_reason,
    )

    why: Words = ask("What makes it safe for the child to wait?", need="now")
    meanwhile: Words = ask("What keeps the child safe until then?", need="now")
    at: Due = ask("When is it?", need="now")


class Deployed(Entry):
    """Somebody was sent."""

    kind: ClassVar = "contact.deployed"
    title: ClassVar = "Record who was sent"
    sentence: ClassVar = "Sent: {unit}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When were they sent?"
    after: ClassVar = BEFORE
    to: ClassVar = DEPLOYED
    consequences: ClassVar = (rules.thrive_was_due, rules.tell_the_officer)

    unit: Text = ask("Who was sent?", need="before closing")


class Resolved(Entry):
    """It ends without anybody seeing the child, and this is why that is safe."""

    kind: ClassVar = "contact.resolved"
    title: ClassVar = "Resolve it without seeing the child"
    sentence: ClassVar = "Resolved without seeing the child: {why}"
    may: ClassVar = "contact.decide"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = BEFORE
    to: ClassVar = RESOLVED
    gates: ClassVar = (why_not.thought_through_first, why_not.harm_is_the_reason)
    consequences: ClassVar = (rules.others_need_to_know,)

    why: Words = ask("How do we know that the child is safe?", need="now")
    spoken_with: Text = ask("Who was spoken with?", need="now", audience="police")
    share: YesNo = ask("Does social care or the school need to know?", need="before closing")


class CrisisAdvice(Entry):
    """A mental health nurse, or whoever answers when the nurse is not there, gave advice."""

    kind: ClassVar = "contact.crisis_advice"
    title: ClassVar = "Record mental health advice"
    sentence: ClassVar = "Mental health advice from {adviser}"
    may: ClassVar = "contact.record"
    after: ClassVar = OPEN

    adviser: Text = ask("Who advised?", "The nurse in the control room, or the crisis line.")
    advice: Words = ask("What did they advise?", need="now", audience="police")


class CrisisWait(Entry):
    """Officers stay with somebody in crisis and asked health to take over (starts CLK-04)."""

    kind: ClassVar = "contact.crisis_wait"
    title: ClassVar = "Officers wait for health staff"
    sentence: ClassVar = "Officers stay with somebody in crisis ({place_kind}); health was asked"
    may: ClassVar = "contact.record"
    when: ClassVar = "When was health asked to take over?"
    after: ClassVar = OPEN
    starts: ClassVar = ("CLK-04",)

    with_whom: Choice[StayingWith] = ask("Whom do they stay with?")
    place_kind: Choice[Where] = ask("Where?")
    asked_whom: Text = ask("Who was asked to take over?")


class CrisisHandedOver(Entry):
    """Health staff took over (stops CLK-04)."""

    kind: ClassVar = "contact.crisis_handed_over"
    title: ClassVar = "Health staff took over"
    sentence: ClassVar = "Health staff took over: {to_whom}"
    may: ClassVar = "contact.record"
    when: ClassVar = "When did they take over?"
    after: ClassVar = OPEN
    stops: ClassVar = ("CLK-04",)

    to_whom: Text = ask("Who took over?", need="before closing")
    agreed: Words = ask("What was agreed about the child?")
