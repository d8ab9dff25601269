"""Everything that can happen when a child is missing and when they come back.

One class for each; read it from top to bottom and you know what the product does. The second
half of the page, once the child is found, is `returning.py`.
Source: rulebook 4.2 and 4.4; clocks CLK-10 to CLK-22.
"""

from typing import Annotated, ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.questions import (
    Choice,
    Choices,
    Due,
    Moment,
    Phone,
    Rows,
    Text,
    TextQuestion,
    Together,
    Words,
    YesNo,
    ask,
)
from kittiwake.pathways.missing import gates as why_not
from kittiwake.pathways.missing import rules
from kittiwake.pathways.missing.questions import (
    Account,
    Enquiry,
    Grade,
    LastSeen,
    Reporter,
    RiskFactors,
    RiskQuestions,
)
from kittiwake.pathways.missing.returning import (  # noqa: F401 - the second half of this page
    EpisodeClosed,
    Located,
    LookedBack,
    PlanRecorded,
    PreventionInterviewHeld,
    PreventionInterviewNotHeld,
    Returned,
    ReturnInterviewDeclined,
    ReturnInterviewHeld,
    ReturnInterviewNotOffered,
    ReturnInterviewOffered,
    ReturnInterviewShared,
    SeenSafe,
)
from kittiwake.pathways.missing.stages import (
    ACTIVE,
    ASSESSED,
    CONFIRMED,
    OPEN,
    OUT,
    OWNED,
    REPORTED,
)
from kittiwake.pathways.missing.transfers import (  # noqa: F401 - another force's too
    TransferAccepted,
    TransferOffered,
    TransferReceived,
)

# ── The child is missing ────────────────────────────────────────────────────────────────


class ReportedMissing(Entry):
    """Somebody told us a child's whereabouts are not known; from this second it is owned."""

    kind: ClassVar = "missing.reported"
    title: ClassVar = "Report a child missing"
    sentence: ClassVar = "Reported missing by {reporter_name}. {concern}"
    may: ClassVar = "missing.report"
    when: ClassVar = "When did the report reach us?"
    opens: ClassVar = True
    once: ClassVar = True
    to: ClassVar = REPORTED
    starts: ClassVar = ("CLK-10", "CLK-11", "CLK-12", "CLK-13", "CLK-15", "CLK-17")
    stops: ClassVar = ("CLK-10",)
    consequences: ClassVar = (rules.opened, rules.missing_since, rules.named_in_an_order)

    concern: Words = ask("What is the worry this time?", "What could happen, and why now.", "now")
    signs: Choices[RiskFactors] = ask("Is any of this true or feared?")
    last_seen: Together[LastSeen] = ask("Last seen", group="Last seen")
    tried: Words = ask("What have you tried so far?", "Calls made, rooms and places checked.")
    reporter: Choice[Reporter] = ask("Who is telling us?", need="before closing")
    reporter_name: Text = ask("Name of whoever is telling us", need="before closing")
    reporter_phone: Phone = ask("Phone number of whoever is telling us")
    reporter_could_harm: YesNo = ask(
        "Could the person reporting, or somebody in the household, be a risk to the child?",
        "The answer stays with the police.",
        audience="police",
    )
    incident_number: Text = ask("Incident number, if there is one")


class InformationAdded(Entry):
    """Something new is known: a sighting, a call, a post, another report of the same child."""

    kind: ClassVar = "missing.information_added"
    title: ClassVar = "Add information or a sighting"
    sentence: ClassVar = "{what}"
    may: ClassVar = "missing.inform"
    after: ClassVar = OPEN

    what: Words = ask("What is new?", need="now")
    source_name: Text = ask("Who told us, and how do we reach them?")
    signs: Choices[RiskFactors] = ask("Does it show any of this?")


class Taken(Entry):
    """A named practitioner took the episode as theirs."""

    kind: ClassVar = "missing.taken"
    title: ClassVar = "Take this episode"
    sentence: ClassVar = "Taken by {taken_by}"
    may: ClassVar = "missing.take"
    after: ClassVar = OPEN
    to: ClassVar = OWNED
    consequences: ClassVar = (rules.owned,)

    taken_by: Text = ask("Your name and rank")


class SupervisorAcknowledged(Entry):
    """A supervisor knows about this child and has said what happens first."""

    kind: ClassVar = "missing.supervisor_acknowledged"
    title: ClassVar = "Acknowledge as supervisor"
    sentence: ClassVar = "Acknowledged by a supervisor: {first_steps}"
    may: ClassVar = "missing.supervise"
    after: ClassVar = OUT
    to: ClassVar = CONFIRMED
    stops: ClassVar = ("CLK-11",)

    first_steps: Words = ask("What happens first, and who does it?", need="now")


class RiskAssessed(RiskQuestions, Entry):
    """The questions that every assessment of a missing child asks, markers included."""

    kind: ClassVar = "missing.risk_assessed"
    title: ClassVar = "Assess the risk"
    sentence: ClassVar = "Risk assessed: {concern}"
    may: ClassVar = "missing.assess"
    after: ClassVar = OPEN
    to: ClassVar = ASSESSED

    markers_considered: Choices[Marker] = ask("Which markers have you considered?")


class RiskReviewed(Entry):
    """A duty inspector looked at everything known and set what happens next (CLK-12, CLK-14)."""

    kind: ClassVar = "missing.reviewed"
    title: ClassVar = "Review this episode"
    sentence: ClassVar = "Reviewed: {rationale}"
    may: ClassVar = "missing.review"
    after: ClassVar = OUT
    to: ClassVar = ACTIVE
    may_stop: ClassVar = ("CLK-12", "CLK-14")
    consequences: ClassVar = (
        rules.not_lower_by_review,
        rules.counts_as_review,
        rules.enquiries_become_actions,
    )

    grade: Choice[Grade] = ask("How likely is serious harm?", "You may raise it here.")
    rationale: Words = ask("Why? What do you rely on?", need="now")
    markers_considered: Choices[Marker] = ask("Which markers have you considered?")
    enquiries: Rows[Enquiry] = ask(
        "What is done next?", "Each names a person or an address.", audience="police"
    )


class GradeRaised(Entry):
    """The grade went up; anyone who sees a reason may, at once and alone."""

    kind: ClassVar = "missing.grade_raised"
    title: ClassVar = "Raise the grade"
    sentence: ClassVar = "Grade raised: {grade}. {why}"
    may: ClassVar = "missing.raise"
    nature: ClassVar = Nature.RAISING
    after: ClassVar = OUT
    consequences: ClassVar = (rules.raised,)

    grade: Choice[Grade] = ask("To which grade?", need="now")
    why: Words = ask("Why?", need="now")


class LowerGradeProposed(Entry):
    """Somebody thinks the grade is too high and says why; nothing changes yet."""

    kind: ClassVar = "missing.lower_grade_proposed"
    title: ClassVar = "Propose a lower grade"
    sentence: ClassVar = "Lower grade proposed: {grade}. {why}"
    may: ClassVar = "missing.propose_lower"
    nature: ClassVar = Nature.LOWERING
    after: ClassVar = OUT
    gates: ClassVar = (why_not.truly_lower, why_not.harm_is_the_reason)

    grade: Choice[Grade] = ask("To which grade?", need="now")
    why: Words = ask("What makes serious harm less likely this time?", need="now")


class GradeLowered(Entry):
    """A named inspector lowered the grade, after somebody else proposed it."""

    kind: ClassVar = "missing.grade_lowered"
    title: ClassVar = "Decide on a lower grade"
    sentence: ClassVar = "Grade lowered: {grade}. {rationale}"
    may: ClassVar = "missing.lower"
    nature: ClassVar = Nature.LOWERING
    after: ClassVar = OUT
    training: ClassVar = "missing_risk"
    gates: ClassVar = (
        why_not.inspector_decides,
        why_not.second_person,
        why_not.truly_lower,
        why_not.above_the_floor,
        why_not.markers_addressed,
        why_not.harm_is_the_reason,
    )
    consequences: ClassVar = (rules.graded,)

    grade: Choice[Grade] = ask("To which grade?", need="now")
    rationale: Words = ask("What makes serious harm less likely this time?", need="now")
    relied_on: Words = ask(
        "Which information do you rely on, and from whom?", need="now", audience="police"
    )
    rejected: Words = ask("What did you consider and reject?", need="now", audience="police")
    markers_considered: Choices[Marker] = ask("Which markers have you considered?")
    review_by: Due = ask("Look at it again by when?", need="now")


class DetectiveOversight(Entry):
    """A detective and a senior officer looked at a high-grade episode (CLK-13)."""

    kind: ClassVar = "missing.overseen"
    title: ClassVar = "Record detective oversight"
    sentence: ClassVar = "A detective and a senior officer looked at this"
    may: ClassVar = "missing.oversee"
    after: ClassVar = OUT
    stops: ClassVar = ("CLK-13",)
    starts: ClassVar = ("CLK-13",)

    direction: Words = ask("What do you direct?", need="now", audience="police")
    senior_officer: Text = ask("Which senior officer is involved?")
    rescue_alert: YesNo = ask("Was a Child Rescue Alert considered?")


class EnquiryPutOff(Entry):
    """An enquiry waits for lack of people: who decided, what is done meanwhile, until when."""

    kind: ClassVar = "missing.enquiry_put_off"
    title: ClassVar = "Put an enquiry off"
    sentence: ClassVar = "An enquiry was put off: {reason}"
    may: ClassVar = "missing.defer"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = OPEN
    gates: ClassVar = (why_not.enquiries_go_on,)

    enquiry: Text = ask("Which enquiry?", need="now", audience="police")
    reason: Words = ask("Why can it not be done now?", need="now")
    instead: Words = ask("What is done in the meantime?", need="now", audience="police")
    until: Due = ask("When will it be done?", need="now")


class AddressNotVisited(Entry):
    """A known address is not visited now; the hour of the night is not a reason."""

    kind: ClassVar = "missing.address_not_visited"
    title: ClassVar = "Decide not to visit a known address now"
    sentence: ClassVar = "A known address is not visited for now: {reason}"
    may: ClassVar = "missing.defer"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = OUT
    gates: ClassVar = (
        why_not.inspector_decides,
        why_not.the_hour_is_no_reason,
        why_not.harm_is_the_reason,
    )

    address: Text = ask("Which address?", need="now", audience="police")
    threat: Words = ask("What does the delay mean for the child?", need="now")
    reason: Words = ask("Why not now?", need="now")
    until: Due = ask("When will it be done?", need="now")


class HandedOver(Entry):
    """The episode passed to another named owner, who reviews it at once."""

    kind: ClassVar = "missing.handed_over"
    title: ClassVar = "Hand this episode over"
    sentence: ClassVar = "Handed over. Still to do: {still_to_do}"
    may: ClassVar = "missing.hand_over"
    after: ClassVar = OPEN
    consequences: ClassVar = (rules.handed_over,)

    to_practitioner: Annotated[str | None, TextQuestion()] = ask("To whom?")
    still_to_do: Words = ask("What is still to do, and what worries you most?", need="now")
    force: Text = ask("If to another force or area, which?")


class ShiftAccepted(Entry):
    """A duty inspector accepted the shift, and with it this episode, from the one before."""

    kind: ClassVar = "missing.shift_accepted"
    title: ClassVar = "Accept the handover of a shift"
    sentence: ClassVar = "Shift accepted by {accepted_by}, from {handed_over_by}"
    may: ClassVar = "missing.accept_shift"
    after: ClassVar = OPEN
    offered: ClassVar = False  # accepted for all episodes at once, on the handover page
    consequences: ClassVar = (rules.shift_accepted,)

    accepted_by: Text = ask("Who accepts?", need="before closing")
    handed_over_by: Text = ask("Who hands over?", need="before closing")
    said: Words = ask("What did they tell you that is not on the page?", audience="police")


class SocialCareTold(Entry):
    """Children's social care, or the emergency duty team, know (CLK-15)."""

    kind: ClassVar = "missing.social_care_told"
    title: ClassVar = "Record that social care were told"
    sentence: ClassVar = "Social care told: {who}"
    may: ClassVar = "missing.notify"
    stops: ClassVar = ("CLK-15",)

    who: Text = ask("Whom did you speak to?", need="before closing")
    said: Words = ask("What did they tell you?")
    home_authority: YesNo = ask("If placed by another council, was it told too?")


class SchoolTold(Entry):
    """The child's school knows before the next school day (CLK-17)."""

    kind: ClassVar = "missing.school_told"
    title: ClassVar = "Record that the school was told"
    sentence: ClassVar = "School told: {who}"
    may: ClassVar = "missing.notify"
    stops: ClassVar = ("CLK-17",)

    who: Text = ask("Whom did you tell, at which school?", need="before closing")


class MissingPersonsUnitTold(Entry):
    """The UK Missing Persons Unit knows (CLK-16)."""

    kind: ClassVar = "missing.unit_told"
    title: ClassVar = "Record that the UK Missing Persons Unit was told"
    sentence: ClassVar = "UK Missing Persons Unit told, reference {reference}"
    may: ClassVar = "missing.notify"
    stops: ClassVar = ("CLK-16",)

    reference: Text = ask("Their reference")


class StrategyMeeting(Entry):
    """The strategy meeting that three episodes in 90 days oblige (CLK-21)."""

    kind: ClassVar = "missing.strategy_meeting"
    title: ClassVar = "Record the strategy meeting"
    sentence: ClassVar = "Strategy meeting: {outcome}"
    may: ClassVar = "missing.notify"
    stops: ClassVar = ("CLK-21",)
    consequences: ClassVar = (rules.meeting_refused,)

    convened: YesNo = ask("Was it held?", need="before closing")
    outcome: Words = ask("What was decided, and who does what by when?")


class MissingEpisodeOnFile(Entry):
    """A partner's file says the child was missing, or away without leave, between two days."""

    kind: ClassVar = "history.missing_episode"
    title: ClassVar = "Missing episode on a partner’s file"
    sentence: ClassVar = "Missing, from {source}; until {ended_on}"
    may: ClassVar = "exchange.import"
    day_only: ClassVar = True

    source: Text = ask("From which file?")
    account: Choice[Account] = ask("Whose account is it?")
    ended_on: Annotated[str | None, TextQuestion()] = ask("Until which day?")
    back_at: Moment = ask("When was the child back?")
    away_without_leave: YesNo = ask("Recorded as away from where they should be?")
    reference: Text = ask("The sender’s own number for it")
    incident_number: Text = ask("Incident number")
    grade: Choice[Grade] = ask("Which level of risk did the sender give it?")
    circumstances: Words = ask("What the file says of it", audience="police")
