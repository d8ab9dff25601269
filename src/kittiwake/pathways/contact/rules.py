"""What an entry of the contact pathway brings about, as effects. Pure.

Numbers come from the rulebook by clock id; what refuses is in `gates.py`, and what a call obliges
in other pathways in `pathways/obligations.py`.
"""

from typing import Any

from kittiwake.kernel.answers import NotKnown, given
from kittiwake.kernel.effects import (
    GRADES,
    AddAction,
    Close,
    Effect,
    FallDue,
    Notify,
    SetGrade,
    Start,
    Stop,
)
from kittiwake.kernel.known import Known, settled
from kittiwake.pathways.contact.gates import thrive_done
from kittiwake.pathways.contact.questions import Thrive

TELL, THINK, WHOLE = "tell-officer", "thrive-there", "thrive-whole"


def crime_told(entry: Any, known: Known) -> list[Effect]:
    """A crime that is reported is recorded within its time (CLK-03)."""
    return [Start("CLK-03")] if given(entry.crime) is True else []


def kept_by_police(entry: Any, known: Known) -> list[Effect]:
    """Whoever rings may be the danger: what we find is not told to them, or to the household,
    until an officer says that it is safe."""
    if given(entry.reporter_could_harm) is not True:
        return []
    return [
        AddAction(
            "Tell nobody outside the police where the child is, until an officer says it is safe",
            "Whoever rang, or somebody in the household, could be a risk to the child.",
            "control_room_supervisor",
            key="keep-address",
            audience="police",
        )
    ]


def abuse_questions_due(entry: Any, known: Known) -> list[Effect]:
    """A call about domestic abuse is asked the standard questions."""
    if given(entry.domestic_abuse) is not True:
        return []
    why = "Every call about domestic abuse is asked them, as far as it is safe to ask."
    return [AddAction("Ask the questions about domestic abuse", why, "owner", key="abuse-asked")]


def thought_through(entry: Any, known: Known) -> list[Effect]:
    """Six parts stop CLK-01; fewer are kept, and the clock runs on."""
    parts = Thrive.questions()
    blank = [a.text.split(":")[0] for a in parts if given(getattr(entry, a.name)) is None]
    if not blank:
        return [Stop("CLK-01"), *settled(known, WHOLE, THINK)]
    why = f"Still blank: {', '.join(blank)}."
    return [AddAction("Finish THRIVE: all six parts", why, "owner", key=WHOLE)]


def risk_grades(entry: Any, known: Known) -> list[Effect]:
    """The R of THRIVE is the case's grade; a later one may raise it, never lower it."""
    new, case = given(entry.risk), known.case
    if new is None:
        return []
    now = case.grade if case else None
    if now is None or GRADES.index(new.value) >= GRADES.index(now):
        return [SetGrade(new.value)]
    return [
        AddAction(
            f"A later THRIVE thought the risk is {new.value}, not {now}: look at it",
            "The higher one stands until a supervisor has looked.",
            "control_room_supervisor",
            key="thrive-lower",
        )
    ]


def think_when_there(entry: Any, known: Known) -> list[Effect]:
    """What was left out for speed is done once the officer is there."""
    why = "It was left out because somebody was on the way already."
    return [AddAction("Do THRIVE now that somebody is there", why, "owner", key=THINK)]


def thrive_was_due(entry: Any, known: Known) -> list[Effect]:
    """A decision about sending somebody before THRIVE: the gate was passed unmet (CLK-01)."""
    return [] if thrive_done(known) else [FallDue("CLK-01")]


def never_an_appointment(entry: Any, known: Known) -> list[Effect]:
    """It turns out to be domestic abuse while it waits for an appointment (CLK-02)."""
    if not known.has("contact.appointment_made") or known.has("contact.deployed"):
        return []
    return [
        Start("CLK-02"),
        Notify("control_room_inspector", "Domestic abuse with a child waits for an appointment."),
        AddAction(
            "Send somebody now: this is domestic abuse, and waits for an appointment",
            "Domestic abuse with a child is never put off to an appointment.",
            "control_room_supervisor",
            key="send-now",
        ),
    ]


def abuse_was_asked(entry: Any, known: Known) -> list[Effect]:
    """The standard questions are asked: their action is done."""
    return settled(known, "abuse-asked")


def each_child_has_a_record(entry: Any, known: Known) -> list[Effect]:
    """A child named in the roster has this call on their own record too (G1, G3)."""
    rows = [r for r in given(entry.children) or () if given(r.who)]
    state = given(entry.state)
    effects: list[Effect] = []
    if rows:
        effects.append(
            AddAction(
                f"Log this call on the record of each child named: {len(rows)}",
                "Every child in it is a child of its own; a list in a call is no record.",
                "owner",
                key="roster-records",
            )
        )
    if state is None or state.value == "unresolved":
        effects.append(
            AddAction(
                "Find out which other children there are",
                "There, living there, brothers and sisters, children of either adult elsewhere.",
                "owner",
                key="roster",
            )
        )
    else:
        effects += settled(known, "roster")
    return effects


def danger_at_the_address(entry: Any, known: Known) -> list[Effect]:
    """An offender or an order at the address goes to the officer at once (S2 L431)."""
    alarming = ("registered_offender", "order", "cawn")
    rows = [r for r in given(entry.found) or () if given(r.what) in alarming]
    if given(entry.danger_at_address) is not True and not rows:
        return []
    return [
        _tell("Tell the officer who goes, now: an offender or an order is linked to this call"),
        Notify("response_sergeant", "A check found a danger to a child in a call being answered."),
    ]


def tell_the_officer(entry: Any, known: Known) -> list[Effect]:
    """Nobody goes without what is known: it is passed on and read back."""
    told = known.has("contact.officer_told")
    return (
        [] if told else [_tell("Pass what is known to the officer who goes, and have it read back")]
    )


def _tell(title: str) -> AddAction:
    why = "An officer who does not know cannot protect the child, or themselves."
    return AddAction(title, why, "owner", key=TELL, audience="police")


def officer_knows(entry: Any, known: Known) -> list[Effect]:
    """Told and read back: done. Told without that is asked for."""
    if given(entry.read_back) is True:
        return settled(known, TELL, "read-back")
    why = "What was not read back may not have been heard."
    return [AddAction("Have the officer read it back", why, "owner", key="read-back"),
            *settled(known, TELL)]  # fmt: skip


def others_need_to_know(entry: Any, known: Known) -> list[Effect]:
    """Resolved without seeing the child, and others have to know: somebody tells them."""
    if given(entry.share) is not True:
        return []
    why = "Nobody from the police saw the child."
    return [AddAction("Tell social care or the school what was said", why, "owner", key="share")]


def voice_is_missing(entry: Any, known: Known) -> list[Effect]:
    """A result without the child's voice, or a reason for its absence, is chased (G4)."""
    voice = given(entry.voice)
    if isinstance(entry.voice, NotKnown) or (voice is not None and voice.is_given()):
        return []
    return [
        AddAction(
            "Write down what the child said, or why they could not be asked",
            "A blank is never acceptable: the child’s own words come first.",
            "owner",
            clock="CLK-30",
            key="voice:contact",
        )
    ]


def pvp_done(entry: Any, known: Known) -> list[Effect]:
    """The action to write the safeguarding report is done."""
    return settled(known, "pvp")


def closed(entry: Any, known: Known) -> list[Effect]:
    """The call is closed; its record stays."""
    return [Close()]
