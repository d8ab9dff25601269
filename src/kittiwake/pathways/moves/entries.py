"""What changes around a child: where they live, an expected birth, and the years before 18.

Source: rulebook 4.2 and 6.7; clock CLK-162. Nothing about a child ends because of a birthday.
"""

from typing import ClassVar

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import Choice, Day, Option, Text, Words, YesNo, ask
from kittiwake.pathways.moves import rules


class Continues(Option):
    """What becomes of the child's help once they are 18."""

    ADULT_SERVICES = "adult_services", "Adult services have taken it on"
    LEAVING_CARE = "leaving_care", "The leaving care team goes on"
    BOTH = "both", "Both"
    STAYS = "stays", "It stays with us"
    DECLINED = "declined", "Adult services declined: said who, and taken further"


class LivesOutOfArea(Entry):
    """The child lives in the area of another council or another force; both are told."""

    kind: ClassVar = "child.lives_out_of_area"
    title: ClassVar = "Record that the child lives out of area"
    sentence: ClassVar = "Lives out of area: {host_council} for {home_council}"
    may: ClassVar = "missing.notify"
    when: ClassVar = "Since when?"
    consequences: ClassVar = (rules.both_told,)

    home_council: Text = ask("Which council answers for the child?", need="now")
    host_council: Text = ask("In which council’s area do they live?", need="now")
    home_told: Text = ask("Whom did you tell at the council that answers for them?")
    host_told: Text = ask("Whom did you tell at the council where they live?")
    police_told: Text = ask("Whom did you tell at the police there?")
    why: Words = ask("Why there, and who decided?")
    risks_there: Words = ask("What is known of risks there?", audience="police")


class UnbornChild(Entry):
    """Somebody expects a child who may need protecting; recorded with the mother."""

    kind: ClassVar = "child.unborn"
    title: ClassVar = "Record a worry about an unborn child"
    sentence: ClassVar = "An unborn child, expected {expected_on}: {worry}"
    may: ClassVar = "flag.raise"
    consequences: ClassVar = (rules.before_birth,)

    expected_on: Day = ask("When is the child expected?", need="before closing")
    worry: Words = ask("What is the worry for the child?", need="now")
    midwife: Text = ask("Who is the midwife?")
    plan: YesNo = ask("Is there a plan for the birth?")


class NearlyAdult(Entry):
    """The child is seventeen and a half and something is open; recorded by the system (CLK-162)."""

    kind: ClassVar = "child.nearly_adult"
    title: ClassVar = "Seventeen and a half"
    sentence: ClassVar = "Will be 18 on {adult_on}: adult services are to be brought in"
    may: ClassVar = "system"
    starts: ClassVar = ("CLK-162",)

    adult_on: Day = ask("When will they be 18?")


class AdultBridge(Entry):
    """Adult services know the young person and have what they need (stops CLK-162)."""

    kind: ClassVar = "child.adult_bridge"
    title: ClassVar = "Record the bridge to adult services"
    sentence: ClassVar = "Adult services: {outcome}. Spoken with {who}"
    may: ClassVar = "missing.notify"
    stops: ClassVar = ("CLK-162",)

    outcome: Choice[Continues] = ask("What becomes of their help at 18?", need="now")
    who: Text = ask("Whom did you speak with, and how do we reach them?", need="now")
    given: Words = ask("What were they given, and what is still to come?", need="now")
    asked: Words = ask("What does the young person want?", need="before closing")
