"""Everything that can happen to a child's plans: written, approved, opened, reviewed, retired.

A plan is a standing document in versions, about a child and in no case; what is done with it in
an episode belongs to that episode. Source: rulebook 4.3; clock CLK-22.
"""

from typing import Any, ClassVar

from kittiwake.kernel.answers import given
from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import (
    Choice,
    Choices,
    Day,
    Moment,
    Quotation,
    Rows,
    Text,
    Words,
    YesNo,
    ask,
)
from kittiwake.pathways.planning import gates as why_not
from kittiwake.pathways.planning import rules
from kittiwake.pathways.planning.questions import (
    FirstCheck,
    KnownPerson,
    KnownPlace,
    LineSettled,
    PlanLine,
    ReviewOutcome,
    Which,
)

ABOUT, HEALTH, PEOPLE, PLACES, REACHING, AGREED = (
    "The child",
    "Health and how to talk with them",
    "People",
    "Places",
    "Phone, money and travel",
    "What is usual, and what we agreed",
)

# ── The Philomena profile: what the carer writes down beforehand ─────────────────────────────


class ProfileWritten(Entry):
    """Whoever looks after the child wrote down what would help to find them and keep them well."""

    kind: ClassVar = "planning.profile_written"
    title: ClassVar = "Write or renew the Philomena profile"
    sentence: ClassVar = "Philomena profile written by {written_by}"
    may: ClassVar = "planning.prepare"
    consequences: ClassVar = (rules.profile_published,)
    remember: ClassVar = (
        "Write it with the child where you can: it is about them, and they may read it.",
    )

    written_by: Text = ask("Who writes this?", need="before closing", group=ABOUT)
    with_child: YesNo = ask("Did the child help to write it?")
    looks: Words = ask("What do they look like?", "Height, hair, what they usually wear.")
    photograph: Text = ask(
        "Where is a recent photograph kept?",
        "Say who has it and how to ask for it. No picture is put in here.",
    )
    matters: Quotation = ask("What does the child say matters to them?")
    health: Words = ask("Medication, conditions, allergies", group=HEALTH)
    talking: Words = ask("How do they like to be spoken to?", "Language, aids, what calms them.")
    trusts: Text = ask("Whom do they trust most?")
    worries: Words = ask("What are you most worried about if they are missing?")
    people: Rows[KnownPerson] = ask("Family and friends", group=PEOPLE)
    harmful: Words = ask(
        "Is there anybody who could harm or use them?",
        "The answer stays with the police.",
        audience="police",
    )
    places: Rows[KnownPlace] = ask("Places they go", group=PLACES)
    found_before: Words = ask("Where were they found before?")
    phones: Text = ask("Their phone numbers", group=REACHING)
    accounts: Text = ask("Names they use online")
    money: Text = ask("Bank card, money")
    travel: Text = ask("Travel card, bicycle, how they get about")
    school: Text = ask("School or college, and whom to ring there")
    usual: Words = ask(
        "What is an ordinary lateness for them?", "It never makes a report wait.", group=AGREED
    )
    report_when: Text = ask("When do you report them missing?", need="before closing")
    home_plan: Words = ask("What do you do first yourselves?")


class EpisodeTold(Entry):
    """The carer told what was different this time, and what they have checked themselves."""

    kind: ClassVar = "planning.episode_told"
    title: ClassVar = "Tell what you have checked"
    sentence: ClassVar = "The carer’s own first checks: {checks}"
    may: ClassVar = "planning.prepare"
    consequences: ClassVar = (rules.checks_told,)
    remember: ClassVar = (
        "The report stands already and nobody waits for this: it helps whoever is looking.",
    )

    checks: Choices[FirstCheck] = ask("What have you done so far?")
    looked_at: Words = ask("Where have you looked, and when?")
    not_possible: Words = ask("What could you not do, and why?")
    mood: Words = ask("How were they before they left?", "What you saw and heard.")
    before: Words = ask("Did something happen before it?")
    taken: Text = ask("What did they take with them?")
    wearing: Text = ask("What are they wearing?")


# ── The trigger plan: one kind, approved by an inspector ─────────────────────────────────────


class PlanDrafted(Entry):
    """A version of the child's trigger plan was written, for an inspector to approve."""

    kind: ClassVar = "planning.drafted"
    title: ClassVar = "Write the trigger plan"
    sentence: ClassVar = "Trigger plan drafted. What the child gets away from: {push}"
    may: ClassVar = "planning.write"
    consequences: ClassVar = (rules.drafted,)

    push: Quotation = ask("What does the child get away from, in their words?", group="The child")
    pull: Quotation = ask("What draws them, in their words?")
    trusts: Text = ask("Whom do they trust, and who speaks with them best?")
    lines: Rows[PlanLine] = ask(
        "Where to go and whom to see first",
        "Each line is acknowledged when the plan opens: done, or not done because.",
        need="before closing", audience="police", group="First hour",
    )  # fmt: skip
    dangerous: Words = ask(
        "Who exploits or harms them, and where were they last?",
        "Warning notices, orders and bail conditions with their subjects.",
        audience="police",
    )
    phone_plan: Words = ask(
        "Phone and online enquiries, thought through beforehand",
        "What is asked for, and whose authority it needs.", audience="police",
        group="Enquiries",
    )  # fmt: skip
    travel_plan: Words = ask("Transport and cameras", audience="police")
    told_at_once: Text = ask("Who is told at once?", group="When the child is missing, and found")
    when_found: Words = ask(
        "What is done when they are found?",
        "Clothing and phone, protection, referral, screening again.",
        audience="police",
    )
    promised: Words = ask("What has each agency promised?", group="Agreed")
    worked: Words = ask("What worked last time, and what did not?", audience="police")


class PlanApproved(Entry):
    """An inspector read the draft and put it in force (CLK-22)."""

    kind: ClassVar = "planning.approved"
    title: ClassVar = "Approve the trigger plan"
    sentence: ClassVar = "Trigger plan approved. {said}"
    may: ClassVar = "planning.approve"
    nature: ClassVar = Nature.DECISION
    may_stop: ClassVar = ("CLK-22",)
    consequences: ClassVar = (rules.approved,)

    said: Words = ask("Why is this the right plan for this child?", need="now")
    in_force_from: Moment = ask("In force from when?", "At once, unless you say otherwise.")


class PlanReviewed(Entry):
    """The plan in force was looked at again: it stands, or it has to change (CLK-22)."""

    kind: ClassVar = "planning.reviewed"
    title: ClassVar = "Review the trigger plan"
    sentence: ClassVar = "Trigger plan reviewed: {outcome}. {said}"
    may: ClassVar = "planning.write"
    may_stop: ClassVar = ("CLK-22",)
    consequences: ClassVar = (rules.reviewed,)

    outcome: Choice[ReviewOutcome] = ask("What did you find?", need="now")
    said: Words = ask("What did you look at, and what did the child say?", need="now")


class PlanRetired(Entry):
    """A named inspector retired the plan, with the reason: nothing opens with a report any more."""

    kind: ClassVar = "planning.retired"
    title: ClassVar = "Retire the trigger plan"
    sentence: ClassVar = "Trigger plan retired: {reason}"
    may: ClassVar = "planning.retire"
    nature: ClassVar = Nature.CLOSING
    stops: ClassVar = ("CLK-22",)
    gates: ClassVar = (why_not.inspector_decides, why_not.there_is_one, why_not.harm_is_the_reason)
    consequences: ClassVar = (rules.retired,)

    reason: Words = ask("What has changed, so that it is not needed?", need="now")
    child_says: Quotation = ask("What does the child say?")


class NoPlanProposed(Entry):
    """Somebody thinks that no plan should be made, and says why; nothing changes yet."""

    kind: ClassVar = "planning.no_plan_proposed"
    title: ClassVar = "Propose that no plan is made"
    sentence: ClassVar = "No {which} proposed: {reason}"
    may: ClassVar = "planning.write"
    nature: ClassVar = Nature.WITHHOLDING
    gates: ClassVar = (why_not.harm_is_the_reason,)

    which: Choice[Which] = ask("Which one?", need="now")
    reason: Words = ask("Why is none made?", need="now")
    again_on: Day = ask("When is this looked at again?", need="now")


class NoPlanAgreed(Entry):
    """An inspector who did not propose it agreed that no plan is made for now, until a day."""

    kind: ClassVar = "planning.no_plan_agreed"
    title: ClassVar = "Decide that no plan is made for now"
    sentence: ClassVar = "No {which} for now, until {again_on}: {reason}"
    may: ClassVar = "planning.retire"
    nature: ClassVar = Nature.WITHHOLDING
    may_stop: ClassVar = ("CLK-22",)
    gates: ClassVar = (
        why_not.inspector_decides,
        why_not.second_person,
        why_not.harm_is_the_reason,
        why_not.day_to_come,
    )
    consequences: ClassVar = (rules.no_plan,)

    which: Choice[Which] = ask("Which one?", need="now")
    reason: Words = ask("Why is none made?", need="now")
    again_on: Day = ask("When is this looked at again?", need="now")


# ── In an episode ────────────────────────────────────────────────────────────────────────────


class LinesSettled(Entry):
    """Lines of the plan were worked through in this episode: done, or not done because."""

    kind: ClassVar = "planning.lines_settled"
    title: ClassVar = "Work through the trigger plan"
    sentence: ClassVar = "Lines of the trigger plan were worked through"
    may: ClassVar = "planning.use"
    consequences: ClassVar = (rules.lines_settled,)

    lines: Rows[LineSettled] = ask("Lines", need="now", audience="police")

    def codes(self) -> dict[str, Any]:
        """Which lines have an answer: done, or not done with the reason."""
        return super().codes() | {"settled": sorted(rules.answered(given(self.lines) or ()))}
