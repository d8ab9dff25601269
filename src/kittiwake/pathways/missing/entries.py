"""Everything that can happen when a child is missing and when they come back.

One class for each; read it from top to bottom and you know what the product does.
Source: rulebook 4.2 and 4.4; clocks CLK-10 to CLK-22.
"""

from typing import Annotated, ClassVar

from kittiwake.journal.entries import Marker
from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import (
    Choice,
    Choices,
    Moment,
    Number,
    Phone,
    Rows,
    Text,
    TextQuestion,
    Together,
    Words,
    YesNo,
    ask,
)
from kittiwake.pathways.missing import rules
from kittiwake.pathways.missing.questions import (
    Enquiry,
    FoundWith,
    Grade,
    HowBack,
    LastSeen,
    PlaceKind,
    PullFactor,
    PushFactor,
    Reporter,
    RiskFactors,
    VoiceOfChild,
)

REPORTED, OWNED, ASSESSED, CONFIRMED, ACTIVE = (
    "reported",
    "owned",
    "assessed",
    "confirmed",
    "active",
)
LOCATED, RETURNED, SEEN_SAFE, SPOKEN_TO, OFFERED, INTERVIEWED, LOOKED_BACK, CLOSED = (
    "located",
    "returned",
    "seen_safe",
    "spoken_to",
    "offered",
    "interviewed",
    "looked_back",
    "closed",
)
OUT = frozenset({REPORTED, OWNED, ASSESSED, CONFIRMED, ACTIVE})
FOUND = frozenset({LOCATED, RETURNED, SEEN_SAFE, SPOKEN_TO, OFFERED, INTERVIEWED, LOOKED_BACK})
BACK = FOUND - {LOCATED}
OPEN = OUT | FOUND
HOME_CLOCKS = ("CLK-11", "CLK-12", "CLK-13", "CLK-14", "CLK-16")


# ── The child is missing ────────────────────────────────────────────────────────────────


class ReportedMissing(Entry):
    """Somebody told us a child's whereabouts are not known; from this second it is owned."""

    kind: ClassVar = "missing.reported"
    title: ClassVar = "Report a child missing"
    sentence: ClassVar = "Reported missing by {reporter_name}. {concern}"
    may: ClassVar = "missing.report"
    when: ClassVar = "When did you notice?"
    opens: ClassVar = True
    once: ClassVar = True
    to: ClassVar = REPORTED
    starts: ClassVar = ("CLK-10", "CLK-11", "CLK-12", "CLK-13", "CLK-15", "CLK-17")
    stops: ClassVar = ("CLK-10",)
    consequences: ClassVar = (rules.opened, rules.missing_since)

    concern: Words = ask("What is the worry this time?", "What could happen, and why now.", "now")
    signs: Choices[RiskFactors] = ask("Is any of this true or feared?")
    last_seen: Together[LastSeen] = ask("Last seen", group="Last seen")
    tried: Words = ask("What have you tried so far?", "Calls made, rooms and places checked.")
    reporter: Choice[Reporter] = ask("Who are you to the child?", need="before closing")
    reporter_name: Text = ask("Your name", need="before closing")
    reporter_phone: Phone = ask("Your phone number")
    reporter_could_harm: YesNo = ask(
        "Could the person reporting, or somebody in the household, be a risk to the child?",
        "Only police and social care see this answer.",
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


class RiskAssessed(Entry):
    """The questions that every assessment of a missing child asks, markers included."""

    kind: ClassVar = "missing.risk_assessed"
    title: ClassVar = "Assess the risk"
    sentence: ClassVar = "Risk assessed: {concern}"
    may: ClassVar = "missing.assess"
    after: ClassVar = OPEN
    to: ClassVar = ASSESSED

    concern: Words = ask("What is the specific concern this time?", need="now")
    done_so_far: Words = ask("What has been done to find them?")
    out_of_character: YesNo = ask("Is this out of character?", "‘No’ lowers nothing.")
    before: Words = ask("Missing before: what happened to them then?")
    medication_needed: YesNo = ask("Do they need medication they do not have?", group="Health")
    self_harm: YesNo = ask("Self-harm or thoughts of suicide?")
    pregnant: YesNo = ask("Are they, or may they be, pregnant?")
    substances: YesNo = ask("Drugs or alcohol?")
    crime_victim: YesNo = ask("Likely to have a crime committed against them?", group="Harm")
    abuse_victim: YesNo = ask("Likely to be abused, so-called honour-based abuse included?")
    exploitation_sexual: YesNo = ask("Could they be sexually exploited?")
    exploitation_criminal: YesNo = ask("Criminally exploited, county lines or debt?")
    trafficking: YesNo = ask("Trafficked, now or before?")
    order_or_notice: YesNo = ask("A notice, order or bail condition about this child?")
    order_subject: Text = ask(
        "Who is it against, and where are they now?",
        audience="police",
        only_if=("order_or_notice", "yes"),
    )
    with_adult_or_unknown: YesNo = ask("With an adult, an older person or another missing child?")
    weapons_or_threat: YesNo = ask("A threat or a weapon?")
    danger_to_others: YesNo = ask("A danger to anybody else?")
    communication_needs: YesNo = ask("Needs support to communicate, or a disability?", group="Life")
    protection_plan: YesNo = ask("On a protection plan or child in need plan?")
    looked_after: YesNo = ask("In care, far from home, or seeking asylum alone?")
    domestic_abuse_household: YesNo = ask("Domestic abuse in the household?")
    exposed: YesNo = ask("Weather, clothing, money or phone that put them at risk?")
    online_contacts: YesNo = ask("In touch with people known only online?")
    recent_loss: YesNo = ask("Bullying, exclusion, a loss or a change of home?")
    language_culture: Text = ask("Language, ethnicity and culture that matter to finding them")
    same_for_a_first_time: YesNo = ask(
        "Would you see this the same for a child this age missing for the first time?",
        group="Check yourself",
    )
    markers_considered: Choices[Marker] = ask("Which markers have you considered?")


class RiskReviewed(Entry):
    """A duty inspector looked at everything known and set what happens next (CLK-12, CLK-14)."""

    kind: ClassVar = "missing.reviewed"
    title: ClassVar = "Review this episode"
    sentence: ClassVar = "Reviewed: {rationale}"
    may: ClassVar = "missing.review"
    after: ClassVar = OUT
    to: ClassVar = ACTIVE
    stops: ClassVar = ("CLK-12", "CLK-14")
    consequences: ClassVar = (
        rules.not_lower_by_review,
        rules.first_review_starts_the_next,
        rules.enquiries_become_actions,
    )

    grade: Choice[Grade] = ask("How likely is serious harm?", "You may raise it here.")
    rationale: Words = ask("Why? What do you rely on?", need="now")
    markers_considered: Choices[Marker] = ask("Which markers have you considered?")
    enquiries: Rows[Enquiry] = ask("What is done next?", "Each names a person or an address.")


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
    gates: ClassVar = (rules.truly_lower, rules.harm_is_the_reason)

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
    gates: ClassVar = (
        rules.inspector_decides,
        rules.second_person,
        rules.truly_lower,
        rules.above_the_floor,
        rules.markers_addressed,
        rules.harm_is_the_reason,
    )
    consequences: ClassVar = (rules.graded,)

    grade: Choice[Grade] = ask("To which grade?", need="now")
    rationale: Words = ask("What makes serious harm less likely this time?", need="now")
    relied_on: Words = ask("Which information do you rely on, and from whom?", need="now")
    rejected: Words = ask("What did you consider and reject?", need="now")
    markers_considered: Choices[Marker] = ask("Which markers have you considered?")
    review_by: Moment = ask("Look at it again by when?", need="now")


class DetectiveOversight(Entry):
    """A detective and a senior officer looked at a high-grade episode (CLK-13)."""

    kind: ClassVar = "missing.overseen"
    title: ClassVar = "Record detective oversight"
    sentence: ClassVar = "Detective oversight: {direction}"
    may: ClassVar = "missing.oversee"
    after: ClassVar = OUT
    stops: ClassVar = ("CLK-13",)
    starts: ClassVar = ("CLK-13",)

    direction: Words = ask("What do you direct?", need="now")
    senior_officer: Text = ask("Which senior officer is involved?")
    rescue_alert: YesNo = ask("Was a Child Rescue Alert considered?")


class EnquiryPutOff(Entry):
    """An enquiry waits for lack of people: who decided, what is done meanwhile, until when."""

    kind: ClassVar = "missing.enquiry_put_off"
    title: ClassVar = "Put an enquiry off"
    sentence: ClassVar = "Enquiry put off: {enquiry}. Meanwhile: {instead}"
    may: ClassVar = "missing.defer"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = OPEN
    gates: ClassVar = (rules.enquiries_go_on,)

    enquiry: Text = ask("Which enquiry?", need="now")
    reason: Words = ask("Why can it not be done now?", need="now")
    instead: Words = ask("What is done in the meantime?", need="now")
    until: Moment = ask("When will it be done?", need="now")


class AddressNotVisited(Entry):
    """A known address is not visited now; the hour of the night is not a reason."""

    kind: ClassVar = "missing.address_not_visited"
    title: ClassVar = "Decide not to visit a known address now"
    sentence: ClassVar = "Not visited for now: {address}. {reason}"
    may: ClassVar = "missing.defer"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = OUT
    gates: ClassVar = (rules.inspector_decides, rules.harm_is_the_reason)

    address: Text = ask("Which address?", need="now", audience="police")
    threat: Words = ask("What does the delay mean for the child?", need="now")
    reason: Words = ask("Why not now?", need="now")
    until: Moment = ask("When will it be done?", need="now")


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


class PlanRecorded(Entry):
    """A trigger plan or Philomena form is in force for this child (CLK-22)."""

    kind: ClassVar = "missing.plan_recorded"
    title: ClassVar = "Record the child’s plan"
    sentence: ClassVar = "Plan recorded: {reference}"
    may: ClassVar = "missing.enquire"
    stops: ClassVar = ("CLK-22",)

    reference: Text = ask("Which plan, and its version", need="before closing")
    places: Words = ask("Places and people it names", audience="police")
    applied: YesNo = ask("Was it used this time?")


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


# ── The child is back ───────────────────────────────────────────────────────────────────


class Located(Entry):
    """We know where the child is; they are not yet back (starts CLK-18)."""

    kind: ClassVar = "missing.located"
    title: ClassVar = "Record that the child is located"
    sentence: ClassVar = "Located"
    may: ClassVar = "missing.record_return"
    when: ClassVar = "When did we know where they were?"
    once: ClassVar = True
    after: ClassVar = OUT
    to: ClassVar = LOCATED
    starts: ClassVar = ("CLK-18",)

    place: Text = ask("Where are they?", audience="police")
    safe_there: YesNo = ask("Are they safe there now?", need="before closing")
    who_goes: Text = ask("Who is going to them?")


class Returned(Entry):
    """The child is back: how, where, with whom and in what state (CLK-17, 18, 19 start)."""

    kind: ClassVar = "missing.returned"
    title: ClassVar = "Record that the child is back"
    sentence: ClassVar = "Back: {how}. Found: {place_kind}. With: {found_with}"
    may: ClassVar = "missing.record_return"
    when: ClassVar = "When did they return?"
    once: ClassVar = True
    after: ClassVar = OUT | {LOCATED}
    to: ClassVar = RETURNED
    starts: ClassVar = ("CLK-17", "CLK-18", "CLK-19")
    stops: ClassVar = HOME_CLOCKS
    consequences: ClassVar = (rules.found_in_danger,)

    how: Choice[HowBack] = ask("How did they come back?", need="before closing")
    place_kind: Choice[PlaceKind] = ask("What kind of place were they in?", need="before closing")
    found_place: Text = ask("Where exactly?", "Only police see this.", audience="police")
    found_with: Choices[FoundWith] = ask("Who were they with?", need="before closing")
    found_with_names: Words = ask(
        "Names of those they were with", audience="police", only_if=("found_with", "adult")
    )
    other_children: Words = ask("Which other children were there?", audience="police")
    state: Words = ask("How were they?", "What you saw: clothing, injuries, how they seemed.")
    injured: YesNo = ask("Were they hurt?", need="before closing")
    out_of_area: YesNo = ask("Found out of the area?")
    drugs_cash_weapon: YesNo = ask("Drugs, unexplained money or a weapon?")
    safe_address: Text = ask(
        "Where is the child staying now?",
        "Nobody outside police and social care sees this.",
        audience="protected",
    )


class SeenSafe(Entry):
    """A police officer or social worker has seen the child since they came back."""

    kind: ClassVar = "missing.seen_safe"
    title: ClassVar = "Record that the child was seen"
    sentence: ClassVar = "Seen by {seen_by}"
    may: ClassVar = "missing.record_prevention"
    after: ClassVar = FOUND
    to: ClassVar = SEEN_SAFE

    seen_by: Text = ask("Who saw them?", need="before closing")
    safe_to_stay: YesNo = ask("Is it safe for them to be there?", need="before closing")


class PreventionInterviewHeld(Entry):
    """Police spoke with the child soon after they came back (CLK-18)."""

    kind: ClassVar = "missing.prevention_interview_held"
    title: ClassVar = "Record the prevention interview"
    sentence: ClassVar = "Prevention interview held by {held_by}"
    may: ClassVar = "missing.record_prevention"
    after: ClassVar = FOUND
    to: ClassVar = SPOKEN_TO
    stops: ClassVar = ("CLK-18",)
    consequences: ClassVar = (rules.voice_is_missing, rules.harm_told)

    held_by: Text = ask("Who spoke with them?", need="before closing")
    voice: Together[VoiceOfChild] = ask("The child’s voice", group="The child’s voice")
    with_whom: Words = ask("Where were they, and with whom?", audience="police")
    harmed: YesNo = ask("Were they hurt, or was a crime committed?", need="before closing")
    threat_now: YesNo = ask("Is anybody still a threat to them?", need="before closing")
    kept: Words = ask("Phone or clothing kept, and why", audience="police")
    safe_to_return: YesNo = ask("Is it safe for them to be where they live?")


class PreventionInterviewNotHeld(Entry):
    """The prevention interview could not be held; a supervisor says why (CLK-18)."""

    kind: ClassVar = "missing.prevention_interview_not_held"
    title: ClassVar = "Say why there was no prevention interview"
    sentence: ClassVar = "No prevention interview: {reason}"
    may: ClassVar = "missing.supervise"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = FOUND
    to: ClassVar = SPOKEN_TO
    stops: ClassVar = ("CLK-18",)

    reason: Words = ask("Why not, and what was done instead?", need="now")
    tried: Number = ask("How many times was it tried?", need="now")


class ReturnInterviewOffered(Entry):
    """The council offered the child a return home interview by somebody independent."""

    kind: ClassVar = "missing.return_interview_offered"
    title: ClassVar = "Record the offer of a return home interview"
    sentence: ClassVar = "Return home interview offered by {offered_by}"
    may: ClassVar = "missing.offer_interview"
    after: ClassVar = BACK
    to: ClassVar = OFFERED

    offered_by: Text = ask("Who offered it?", need="before closing")
    how: Text = ask("How was it put to the child?")


class ReturnInterviewHeld(Entry):
    """The independent return home interview took place (CLK-19; statutory guidance 2014)."""

    kind: ClassVar = "missing.return_interview_held"
    title: ClassVar = "Record the return home interview"
    sentence: ClassVar = "Return home interview held by {held_by}"
    may: ClassVar = "missing.record_interview"
    when: ClassVar = "When was the interview?"
    after: ClassVar = BACK
    to: ClassVar = INTERVIEWED
    stops: ClassVar = ("CLK-19",)
    starts: ClassVar = ("CLK-20",)
    consequences: ClassVar = (rules.voice_is_missing, rules.harm_told)

    held_by: Text = ask("Who held it?", "Independent of where the child lives.", "before closing")
    where: Text = ask("Where was it held?")
    voice: Together[VoiceOfChild] = ask("The child’s voice", group="The child’s voice")
    away_from: Choices[PushFactor] = ask("What did they want to get away from?")
    drawn_to: Choices[PullFactor] = ask("What drew them away?")
    story: Words = ask("What happened before, during and after?")
    who_with: Words = ask("Whom were they with, and how did they travel?", audience="police")
    harmed: YesNo = ask("Were they hurt or exploited?", need="before closing")
    would_help: Words = ask("What would help, in their view?", need="before closing")
    may_share: YesNo = ask("Do they know who will read this?", need="before closing")


class ReturnInterviewDeclined(Entry):
    """The child did not want a return home interview; the door stays open."""

    kind: ClassVar = "missing.return_interview_declined"
    title: ClassVar = "Record that the child declined"
    sentence: ClassVar = "Return home interview declined: {reason}"
    may: ClassVar = "missing.record_interview"
    after: ClassVar = BACK
    to: ClassVar = INTERVIEWED
    stops: ClassVar = ("CLK-19",)
    consequences: ClassVar = (rules.interview_the_carer,)

    reason: Words = ask("What did the child say?", need="before closing")
    asked_by: Text = ask("Who asked them?", need="before closing")


class ReturnInterviewNotOffered(Entry):
    """A social care manager decided not to offer one, and why (rulebook 4.25)."""

    kind: ClassVar = "missing.return_interview_not_offered"
    title: ClassVar = "Decide not to offer a return home interview"
    sentence: ClassVar = "Return home interview not offered: {reason}"
    may: ClassVar = "missing.withhold_interview"
    nature: ClassVar = Nature.WITHHOLDING
    after: ClassVar = BACK
    to: ClassVar = INTERVIEWED
    stops: ClassVar = ("CLK-19",)
    gates: ClassVar = (rules.manager_decides, rules.harm_is_the_reason)

    reason: Words = ask("Why is not offering it in the child’s interests?", need="now")


class ReturnInterviewShared(Entry):
    """What the child said reached the police (CLK-20)."""

    kind: ClassVar = "missing.return_interview_shared"
    title: ClassVar = "Record that the police have the interview"
    sentence: ClassVar = "Interview shared with the police: {summary}"
    may: ClassVar = "missing.share_interview"
    after: ClassVar = BACK
    stops: ClassVar = ("CLK-20",)

    summary: Words = ask("What do the police need to know to keep them safe?")
    acts: Text = ask("Who acts on it?", need="before closing")


class LookedBack(Entry):
    """The episode was looked back on: what worked, what changes for the child."""

    kind: ClassVar = "missing.looked_back"
    title: ClassVar = "Look back at this episode"
    sentence: ClassVar = "Looked back: {learned}"
    may: ClassVar = "missing.supervise"
    after: ClassVar = BACK
    to: ClassVar = LOOKED_BACK

    learned: Words = ask("What worked, and what would keep them safer?", need="before closing")
    plan_changed: YesNo = ask("Was the child’s plan brought up to date?")


class EpisodeClosed(Entry):
    """A named supervisor closed the episode; nothing is left unanswered."""

    kind: ClassVar = "missing.closed"
    title: ClassVar = "Close this episode"
    sentence: ClassVar = "Episode closed: {reason}"
    may: ClassVar = "missing.close"
    nature: ClassVar = Nature.CLOSING
    after: ClassVar = BACK
    to: ClassVar = CLOSED
    gates: ClassVar = (
        rules.spoken_to_first,
        rules.interview_settled,
        rules.looked_back,
        rules.actions_settled,
        rules.no_gaps,
        rules.another_approves,
        rules.harm_is_the_reason,
    )
    consequences: ClassVar = (rules.closed,)

    reason: Words = ask("Why can it be closed?", need="now")


class MissingEpisodeOnFile(Entry):
    """A partner's file says the child was missing, or away without leave, between two days."""

    kind: ClassVar = "history.missing_episode"
    title: ClassVar = "Missing episode on a partner’s file"
    sentence: ClassVar = "Missing, from {source}; until {ended_on}"
    may: ClassVar = "exchange.import"
    day_only: ClassVar = True

    source: Text = ask("From which file?")
    ended_on: Annotated[str | None, TextQuestion()] = ask("Until which day?")
    away_without_leave: YesNo = ask("Recorded as away from where they should be?")
