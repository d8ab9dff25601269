"""The closed lists and blocks of questions the contact pathway asks with."""

from enum import nonmember

from kittiwake.kernel.questions import (
    Block,
    Choice,
    Day,
    Option,
    Text,
    Words,
    YesNo,
    ask,
)


class Channel(Option):
    """How it reached us."""

    EMERGENCY = "999", "999 call"
    NON_EMERGENCY = "101", "101 call"
    ONLINE = "online", "Online"
    PARTNER = "partner", "A partner agency"
    OFFICER = "officer", "An officer or police staff"


class ChildIs(Option):
    """How a child is concerned (rulebook 4.1: involved, present, resident or linked)."""

    are_facts = nonmember(True)

    INVOLVED = "child_involved", "It is about the child"
    PRESENT = "child_present", "The child is there now"
    LIVES_THERE = "child_lives_there", "The child normally lives there"
    LINKED = "child_linked", "A child of somebody in it, who lives elsewhere"


class Likelihood(Option):
    """How likely serious harm is; the R of THRIVE."""

    LOW = "low", "Low: harm is possible but minimal"
    MEDIUM = "medium", "Medium: harm is likely but not serious"
    HIGH = "high", "High: serious harm is likely"


class Response(Option):
    """How quickly somebody goes. An appointment is a decision of its own, with reasons."""

    EMERGENCY = "emergency", "Emergency: at once"
    PRIORITY = "priority", "Priority: as soon as a unit is free"
    SAME_DAY = "same_day", "Today"


class Exemption(Option):
    """The only reason for sending somebody without THRIVE (CLK-01)."""

    ATTENDING = "attending", "Somebody is on the way already: attendance was decided at once"


class Relation(Option):
    """How a child belongs to what is reported; the roster asks about each (G3)."""

    PRESENT = "present", "There now"
    RESIDENT = "resident", "Normally lives there"
    SIBLING = "sibling", "Brother or sister"
    ELSEWHERE = "elsewhere", "Child of one of the adults, living elsewhere"
    FRIEND = "friend", "Friend, or in the same group or school"


class HowKnown(Option):
    """Where what we know of a child in the roster comes from."""

    SEEN = "seen", "Seen by an officer"
    CALLER = "caller", "The caller says so"
    FAMILY = "family", "The family says so"
    RECORDS = "records", "Police records"
    PARTNER = "partner", "A partner’s records"


class RosterIs(Option):
    """Whether the roster is finished; unknown has to be said."""

    COMPLETE = "complete", "Every child has been asked about, and each is here"
    NO_OTHER = "no_other", "Asked: there is no other child"
    UNRESOLVED = "unresolved", "Some are still to be found out"


class Found(Option):
    """What a check of an address or a person showed."""

    OFFENDER = "registered_offender", "Registered sex offender"
    ORDER = "order", "Order, notice or bail condition"
    CAWN = "cawn", "Child abduction warning notice"
    PROTECTION_PLAN = "protection_plan", "Child protection plan"
    MARAC = "marac", "Heard at a MARAC"
    EXPLOITATION = "exploitation", "Exploitation of children"
    WEAPONS = "weapons", "Weapons or violence to officers"
    HEALTH = "health", "Mental or physical health"


class BodyWorn(Option):
    """Whether what was seen was filmed; a blank is never acceptable (S2 L242)."""

    RECORDED = "recorded", "Recorded, with a reference"
    NOT_AVAILABLE = "not_available", "Not available"


class Thrive(Block):
    """The six parts of THRIVE (rulebook 1.2)."""

    threat: Words = ask(
        "Threat: who or what is threatened, and what if nothing is done?", "", "now"
    )
    harm: Words = ask("Harm: how bad would it be for the child?", need="now")
    risk: Choice[Likelihood] = ask("Risk: how likely is it?", need="now")
    investigation: Words = ask("Investigation: what has to be found out, and by whom?", "", "now")
    vulnerability: Words = ask(
        "Vulnerability: what makes the child, or somebody else, less able to stay safe?", "", "now"
    )
    engagement: Words = ask("Engagement: who wants what, and how do we reach them?", need="now")


class RosterChild(Block):
    """One child of the roster, and how we know of them."""

    who: Text = ask("Name, or what is known")
    age: Text = ask("Age or date of birth")
    relation: Choice[Relation] = ask("How do they belong to this?")
    now_at: Text = ask("Where are they now?")
    source: Choice[HowKnown] = ask("How do we know of them?")


class CheckedFlag(Block):
    """One marker found at an address or against a person, with its source and date."""

    where: Text = ask("Which address, or who?")
    what: Choice[Found] = ask("What was found?")
    detail: Text = ask("What does it say?")
    source: Text = ask("In which system?")
    on: Day = ask("From when?")


class AbuseQuestions(Block):
    """What every call about domestic abuse is asked, as far as it is safe to ask (S2 L236)."""

    safe_to_talk: YesNo = ask("Is it safe to talk, and to ring back?")
    feared_is_there: YesNo = ask("Is the person they are afraid of there now?", group="Now")
    hurt: YesNo = ask("Is anybody hurt?")
    weapon: YesNo = ask("Is there a weapon, or a threat with one?")
    saw_or_heard: YesNo = ask("Did a child see or hear it?")
    child_hurt: YesNo = ask("Was a child hurt or threatened?")
    who_is_feared: Text = ask("Who are they afraid of?", audience="police")
    before: YesNo = ask("Has it happened before?", group="Before")
    worse: YesNo = ask("Is it getting worse or more often?")
    strangled: YesNo = ask("Hands round the neck, or breathing stopped, at any time?")
    controls: YesNo = ask("Does the person watch, follow or control what they do?")
    leaving: YesNo = ask("Have they left, or said that they will?")
    pregnant: YesNo = ask("Is anybody pregnant, or is there a new baby?")
    honour: YesNo = ask("Is it about so-called honour, or does more of the family take part?")
    orders: Text = ask("Orders, bail or family court arrangements", audience="police")
    language: Text = ask("Language, interpreter, disability: what they need to talk to us")


class StayingWith(Option):
    """Whom officers stay with until health staff come."""

    CHILD = "child", "This child"
    CARER = "carer", "A parent or carer of this child"
    OTHER = "other", "Somebody else"


class Where(Option):
    """Where officers are waiting."""

    HOSPITAL = "hospital", "Emergency department"
    SUITE = "suite", "Health place of safety"
    ADDRESS = "address", "At an address"
    STATION = "station", "Police station"
