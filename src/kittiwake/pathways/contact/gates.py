"""Why a withholding or a closing of a call may not be recorded: the reason in words, or None.

Pure. Facts and raisings never pass here.
"""

from typing import Any

from kittiwake.kernel.known import Known, names
from kittiwake.kernel.language import frequency_as_reason, not_a_reason, resource_as_reason

THRIVE = ("contact.thrive", "contact.rethought")


def is_abuse(known: Known) -> bool:
    """Whether this call is, or was asked about as, domestic abuse."""
    told = known.of_case("contact.received")
    return known.has("contact.abuse_asked") or any(
        f.codes.get("domestic_abuse") is True for f in told
    )


def thought_through_first(entry: Any, known: Known) -> str | None:
    """No decision to send nobody before THRIVE is whole (CLK-01)."""
    return None if thrive_done(known) else "Record THRIVE first: all six parts."


def thrive_done(known: Known) -> bool:
    """Whether THRIVE of this call stopped its clock."""
    done = known.has(*THRIVE, "contact.exempted")
    return done and not known.running("CLK-01")


def thrive_is_there(entry: Any, known: Known) -> str | None:
    """No closing while THRIVE is neither done nor left out for its one reason."""
    return None if thrive_done(known) else "Record THRIVE, all six parts, or why it was left out."


def no_appointment_for_abuse(entry: Any, known: Known) -> str | None:
    """Domestic abuse with a child never waits for an appointment (CLK-02; S2 L239)."""
    if not is_abuse(known):
        return None
    return "It is domestic abuse and there is a child, so it may not wait for an appointment."


def harm_is_the_reason(entry: Any, known: Known) -> str | None:
    """How often somebody rings, or how busy we are, makes no child safer (G11; trap 5)."""
    text = entry.narrative()
    if resource_as_reason(text):
        return "Being busy is not a reason: say what makes the child safe, or send somebody."
    if frequency_as_reason(text):
        return (
            "How often it happened before makes this time no safer. Say what keeps the child safe."
        )
    if found := not_a_reason(text):
        return f"“{found[0].text}” is not a reason: {found[0].better}"
    return None


def resulted_first(entry: Any, known: Known) -> str | None:
    """Whether anybody else has to know is decided once the result is there."""
    return None if known.has("contact.resulted") else "Record the result first."


def abuse_is_shared(entry: Any, known: Known) -> str | None:
    """A child in domestic abuse is a victim, so the safeguarding report is always written."""
    if not is_abuse(known):
        return None
    return "It is domestic abuse: the child is a victim too, and the report is always written."


def ended_first(entry: Any, known: Known) -> str | None:
    """No closing before there is a result, or a reason why nobody went."""
    ended = known.has("contact.resulted", "contact.resolved")
    return None if ended else "Record the result, or why it was resolved without seeing the child."


def roster_resolved(entry: Any, known: Known) -> str | None:
    """No closing while a child of the roster is still to be found out (G3)."""
    latest = known.latest("contact.roster")
    if latest and latest.codes.get("state") in ("complete", "no_other"):
        return None
    return "Name every child first, or say that you asked and there is no other."


def pvp_settled(entry: Any, known: Known) -> str | None:
    """No closing while a safeguarding report is outstanding."""
    owed = known.has("contact.resulted") and not known.has(
        "contact.pvp_linked", "contact.pvp_not_sent"
    )
    return "Link the police safeguarding report, or say why none is needed." if owed else None


def missing_record_is_there(entry: Any, known: Known) -> str | None:
    """A child nobody could find has a missing record, even if they were back within minutes
    (G12; S2 L256, L318)."""
    said = [
        f
        for f in known.of_case("contact.received", "contact.rethought")
        if f.codes.get("whereabouts_unknown") is True
    ]
    if not said or any(_covers(report, said[0].happened_at, known) for report in known.facts):
        return None
    return "Nobody knew where the child was, and there is no missing report: write it first."


def _covers(report: Any, when: Any, known: Known) -> bool:
    """Whether a missing report is about this time: recorded since, or not ended before."""
    if report.kind != "missing.reported":
        return False
    ended = any(
        f.kind == "missing.returned" and f.case_id == report.case_id and f.happened_at < when
        for f in known.facts
    )
    return not ended


def no_gaps(entry: Any, known: Known) -> str | None:
    """Gaps block closing, never saving (rule 10)."""
    return f"Still to answer: {names(known.gaps)}." if known.gaps else None


def actions_settled(entry: Any, known: Known) -> str | None:
    """Every action of the call is done, or said not to be possible, before it closes."""
    mine = [a for a in known.actions if known.case and a.case_id == known.case.id]
    still = sum(a.state in ("open", "accepted") for a in mine)
    if not still:
        return None
    return f"{still} action{'s are' if still > 1 else ' is'} still open: say what became of each."
