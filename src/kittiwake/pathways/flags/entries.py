"""Everything that can happen to a marker.

Source: rulebook 4.18; G6; clocks CLK-160 and CLK-161.
"""

from typing import Annotated, ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.questions import Choice, Day, Option, TextQuestion, Words, ask
from kittiwake.pathways.flags import gates as why_not
from kittiwake.pathways.flags import rules

Somebody = Annotated[str | None, TextQuestion()]


class Source(Option):
    """Where a marker comes from."""

    POLICE = "police", "Police"
    SOCIAL_CARE = "social_care", "Children’s social care"
    HEALTH = "health", "Health"
    EDUCATION = "education", "School or education"
    COURT = "court", "A court or a tribunal"
    FAMILY = "family", "The child, family or carers"
    PARTNER_LIST = "partner_list", "A partner’s list"
    OTHER = "other", "Somebody else"


class FlagRaised(Entry):
    """A marker was put on the child; anyone who knows may."""

    kind: ClassVar[str] = "flag.raised"
    title: ClassVar[str] = "Put a marker on this child"
    sentence: ClassVar[str] = "Marker raised: {type}"
    may: ClassVar[str] = "flag.raise"
    nature: ClassVar[Nature] = Nature.RAISING
    names: ClassVar[tuple[str, ...]] = ("other",)
    consequences: ClassVar = (rules.raised,)

    type: Choice[Marker] = ask("Which marker?", need="now")
    basis: Words = ask("What does it rest on?", "Say what happened, who said so and when.", "now")
    source: Choice[Source] = ask("Where does it come from?")
    other: Somebody = ask(
        "Who else does it concern?",
        "The adult a notice or order names, whoever lives at the address. Choose them, or paste "
        "the address of their record here. The marker then stands on both.",
        audience="police",
    )
    since: Day = ask("From which day?")
    until: Day = ask(
        "What is its last day, if it has one?", "The marker stays until somebody ends it."
    )


class FlagReviewed(Entry):
    """A named person looked at a marker again, and it still holds."""

    kind: ClassVar[str] = "flag.reviewed"
    title: ClassVar[str] = "Look at a marker again"
    sentence: ClassVar[str] = "Marker looked at again: {type}. {why}"
    may: ClassVar[str] = "flag.review"
    consequences: ClassVar = (rules.reviewed,)

    type: Choice[Marker] = ask("Which marker?", need="now")
    why: Words = ask("Why does it still hold?", "What you looked at, and who told you.", "now")
    until: Day = ask("Its last day, if that has changed")


class FlagEnded(Entry):
    """A marker was ended by a named person, with a reason."""

    kind: ClassVar[str] = "flag.ended"
    title: ClassVar[str] = "End a marker"
    sentence: ClassVar[str] = "Marker ended: {type}"
    may: ClassVar[str] = "flag.end"
    nature: ClassVar[Nature] = Nature.LOWERING
    training: ClassVar = "child_abuse"
    names: ClassVar[tuple[str, ...]] = ("other",)
    gates: ClassVar = (
        why_not.which,
        why_not.in_force,
        why_not.its_to_end,
        why_not.what_changed_is_the_reason,
    )
    consequences: ClassVar = (rules.ended,)

    type: Choice[Marker] = ask("Which marker?", need="now")
    reason: Words = ask("What has changed, so that it no longer holds?", need="now")
    other: Somebody = ask(
        "If it stands for several people, about whom?",
        "Leave this empty to end it for all of them.",
        audience="police",
    )
