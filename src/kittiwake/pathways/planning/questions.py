"""The closed lists and blocks of questions that plans are made of."""

from kittiwake.kernel.questions import (
    Block,
    Choice,
    Number,
    Option,
    Phone,
    Text,
    ask,
)


class Which(Option):
    """Which of the two documents is meant."""

    TRIGGER = "trigger", "Trigger plan"
    PHILOMENA = "philomena", "Philomena profile"


class WhoLooks(Option):
    """Who may look for the child at a place, thought out beforehand."""

    CARERS = "carers", "Safe for carers to look"
    POLICE = "police", "Police only"


class KnownPlace(Block):
    """A place where the child may be, and who may safely look there."""

    where: Text = ask("Where?", "An address, or a place anybody would find.")
    why: Text = ask("Why there?")
    who_looks: Choice[WhoLooks] = ask("Who may look?")


class KnownPerson(Block):
    """Somebody who matters to the child: family, friend, or somebody who worries us."""

    name: Text = ask("Name")
    who: Text = ask("Who are they to the child?")
    phone: Phone = ask("Phone")


class FirstCheck(Option):
    """What a carer does first, without waiting for anybody (S2 L119)."""

    ROOM = "room", "Looked in their room"
    HOUSE = "house", "Looked all over the house and garden"
    PHONED = "phoned", "Rang and messaged the child"
    FRIENDS = "friends", "Rang friends and family"
    SCHOOL = "school", "Rang school or where they should be"
    PLACES = "places", "Looked at the places that are safe for carers"
    ONLINE = "online", "Looked for them online"


class Priority(Option):
    """In which order lines are worked through."""

    FIRST = "first", "1: at once"
    THEN = "then", "2: within the first hour"
    LATER = "later", "3: after that"


class PlanLine(Block):
    """One line of a trigger plan: an address or a person, and all that an officer needs there."""

    target: Text = ask("Which address or person?", "Named, never ‘usual places’.")
    reason: Text = ask("Why?")
    priority: Choice[Priority] = ask("When?")
    constraint: Text = ask(
        "What has to be minded?", "A warrant, a condition, a child living there."
    )
    officer_safety: Text = ask("Safety of officers")


class Outcome(Option):
    """What became of one line of a plan; a line left alone has a reason."""

    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done, because"


class LineSettled(Block):
    """One line of the plan, and what became of it this time."""

    number: Number = ask("Line")
    target: Text = ask("Address or person")
    outcome: Choice[Outcome] = ask("Done?")
    said: Text = ask("What was found, or why it was not done")


class ReviewOutcome(Option):
    """What a review of a plan found."""

    STANDS = "stands", "It stands as it is"
    CHANGES = "changes", "It has to change: a new version is written"
