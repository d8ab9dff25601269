"""Everything that can happen once a missing child is found: the second half of `entries.py`.

Source: rulebook 4.4; clocks CLK-17 to CLK-20; statutory guidance on children who run away or go
missing (2014).
"""

from typing import ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import (
    Choice,
    Choices,
    Number,
    Text,
    Together,
    Words,
    YesNo,
    ask,
)
from kittiwake.pathways.missing import gates as why_not
from kittiwake.pathways.missing import rules
from kittiwake.pathways.missing.questions import (
    FoundWith,
    HowBack,
    PlaceKind,
    PullFactor,
    PushFactor,
    VoiceOfChild,
)
from kittiwake.pathways.missing.stages import (
    BACK,
    CLOSED,
    FOUND,
    HOME_CLOCKS,
    INTERVIEWED,
    LOCATED,
    LOOKED_BACK,
    OFFERED,
    OUT,
    RETURNED,
    SEEN_SAFE,
    SPOKEN_TO,
)


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
    training: ClassVar = "return_interviews"
    gates: ClassVar = (why_not.manager_decides, why_not.harm_is_the_reason)

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
        why_not.spoken_to_first,
        why_not.interview_settled,
        why_not.looked_back,
        why_not.actions_settled,
        why_not.no_gaps,
        why_not.another_approves,
        why_not.harm_is_the_reason,
    )
    consequences: ClassVar = (rules.closed,)

    reason: Words = ask("Why can it be closed?", need="now")


# ── Recorded no more, read for ever ─────────────────────────────────────────────────────


class PlanRecorded(Entry):
    """A plan kept elsewhere is in force for this child (CLK-22): from before plans were here."""

    kind: ClassVar = "missing.plan_recorded"
    title: ClassVar = "Record the child’s plan"
    sentence: ClassVar = "Plan recorded: {reference}"
    may: ClassVar = "missing.enquire"
    stops: ClassVar = ("CLK-22",)
    offered: ClassVar = False

    reference: Text = ask("Which plan, and its version", need="before closing")
    places: Words = ask("Places and people it names", audience="police")
    applied: YesNo = ask("Was it used this time?")
