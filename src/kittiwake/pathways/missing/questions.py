"""The closed lists and blocks of questions the missing pathway asks with."""

from enum import nonmember

from kittiwake.kernel.questions import Block, Due, Moment, Option, Phone, Text, Words, YesNo, ask
from kittiwake.kernel.voice import NotObtained, VoiceOfChild

__all__ = [
    "Enquiry",
    "FoundWith",
    "Grade",
    "HowBack",
    "LastSeen",
    "NotObtained",
    "PlaceKind",
    "PullFactor",
    "PushFactor",
    "Reporter",
    "RiskFactors",
    "RiskQuestions",
    "VoiceOfChild",
]


class Grade(Option):
    """How likely serious harm is (police missing person practice; rulebook 4.2)."""

    LOW = "low", "Low: harm is possible but minimal"
    MEDIUM = "medium", "Medium: harm is likely but not serious"
    HIGH = "high", "High: serious harm is very likely"


class Reporter(Option):
    """Who told us, in relation to the child."""

    PARENT = "parent", "Parent or person with parental responsibility"
    HOME = "home", "Children’s home or carer"
    FOSTER = "foster", "Foster carer"
    SCHOOL = "school", "School or college"
    SOCIAL_WORKER = "social_worker", "Social worker"
    OFFICER = "officer", "Police officer or police staff"
    FRIEND = "friend", "Friend, neighbour or somebody else"


class HowBack(Option):
    """How the child came to be found or to return."""

    RETURNED_SELF = "returned_self", "Came back by themselves"
    FOUND_POLICE = "found_police", "Found by the police"
    FOUND_OTHER = "found_other", "Found by somebody else"
    BROUGHT_BACK = "brought_back", "Brought back by somebody"


class PlaceKind(Option):
    """What kind of place the child was found in."""

    HOME = "home", "Where they live"
    FAMILY = "family", "With family"
    FRIEND = "friend", "At a friend’s"
    HOTEL = "hotel", "Hotel or holiday let"
    PARTY = "party", "House or flat of somebody we do not know well"
    STREET = "street", "Street, park or station"
    VEHICLE = "vehicle", "Vehicle"
    OTHER = "other", "Somewhere else"


class FoundWith(Option):
    """Whom the child was with."""

    ALONE = "alone", "Nobody"
    ADULT = "adult", "An adult who is not family or carer"
    CHILD = "child", "Another child or children"
    FAMILY = "family", "Family"


class PushFactor(Option):
    """What the child wanted to get away from, in categories; their words come first."""

    ARGUMENT = "argument", "An argument or conflict"
    NOT_HEARD = "not_heard", "Not being listened to"
    UNHAPPY_HOME = "unhappy_home", "Unhappy where they live"
    BULLYING = "bullying", "Bullying"
    HARM_HOME = "harm_home", "Being hurt or frightened where they live"
    SCHOOL = "school", "School"
    FAMILY_TIME = "family_time", "Wanting to see family"
    OTHER = "other", "Something else"


class PullFactor(Option):
    """What drew the child away, in categories."""

    FRIENDS = "friends", "Being with friends"
    FAMILY = "family", "Being with family"
    ADULT = "adult", "An adult who has influence over them"
    DEBT = "debt", "Debt or pressure to do something"
    SUBSTANCES = "substances", "Drugs or alcohol given to them"
    ONLINE = "online", "Somebody they know only online"
    OTHER = "other", "Something else"


class Enquiry(Block):
    """One targeted enquiry: whom or where, why, by when, by whom (invariant G9)."""

    target: Text = ask("Whom or where?", "A named person or an address, not ‘usual places’.")
    why: Text = ask("Why there?")
    who: Text = ask("Who does it?")
    by: Due = ask("By when?")


class LastSeen(Block):
    """When and where the child was last seen, and what they had with them."""

    seen_at: Moment = ask("When were they last seen?")
    where: Text = ask("Where were they last seen?")
    by_whom: Text = ask("Who saw them?")
    clothing: Text = ask("What were they wearing?")
    phone: Phone = ask("Their phone number")
    phone_on: YesNo = ask("Is the phone on?")
    money: Text = ask("Money or bank card?")
    transport: Text = ask("How could they be travelling?")
    medication: Text = ask("Medication they need, and when")
    accounts: Text = ask("Social media names")
    going_with: Text = ask("Who might they be with?")
    places: Text = ask("Where might they go?")


class Account(Option):
    """Whose account of an episode a partner's file gives; two of one episode count once."""

    SOCIAL_CARE = "social_care", "Children’s social care"
    POLICE = "police", "Police"


class RiskFactors(Option):
    """Facts at the report that raise concern at once; a tick raises, a blank lowers nothing."""

    are_facts = nonmember(True)

    SELF_HARM = "self_harm", "Self-harm or thoughts of suicide"
    MEDICATION = "medication_needed", "Needs medication they do not have"
    CSE = "exploitation_sexual", "May be being sexually exploited"
    CCE = "exploitation_criminal", "May be being criminally exploited"
    WITH_ADULT = "with_adult_or_unknown", "May be with an adult who could harm them"
    THREAT = "weapons_or_threat", "Threat, weapon or violence"
    ORDER = "order_or_notice", "A notice, order or bail condition protects them"
    ABUSE = "abuse_victim", "May have been abused"
    PREGNANT = "pregnant", "Is or may be pregnant"
    COMMUNICATION = "communication_needs", "Needs support to communicate"


class RiskQuestions(Block):
    """The questions every assessment of a missing child asks (rulebook 4.2, 24 questions)."""

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
