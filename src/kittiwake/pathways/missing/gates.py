"""Why a lowering, a closing or a withholding may not be recorded: the reason in words, or None.

Pure. Facts and raisings never pass here.
"""

from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.effects import (
    GRADES,
)
from kittiwake.kernel.known import Known, names
from kittiwake.kernel.language import (
    frequency_as_reason,
    not_a_reason,
    resource_as_reason,
    warnings,
)

INSPECTOR, SUPERINTENDENT = 3, 5
LATE_AT_NIGHT = "12"
"""The row of the language list for an address left alone because of the hour."""


def inspector_decides(entry: Any, known: Known) -> str | None:
    """Only an inspector or above lowers a grade or leaves an address (rulebook 4.25)."""
    if known.actor.rank >= INSPECTOR and known.actor.agency_kind == "police":
        return None
    return "Only an inspector or above may decide this."


def second_person(entry: Any, known: Known) -> str | None:
    """Whoever proposed the lower grade may not approve it (G13; rulebook 4.25)."""
    proposal = known.latest("missing.lower_grade_proposed")
    lowered = known.latest("missing.grade_lowered")
    if proposal is None or (lowered and lowered.order > proposal.order):
        return "Somebody else has to propose the lower grade first, with their reasons."
    if proposal.by_id == known.actor.id:
        return "You proposed this lower grade, so another inspector has to decide."
    return None


def truly_lower(entry: Any, known: Known) -> str | None:
    """The new grade is below the present one; raising has its own form, open to anyone."""
    new, now = given(entry.grade), known.case.grade if known.case else None
    if new is None or now is None or GRADES.index(new.value) < GRADES.index(now):
        return None
    return f"The grade is already {now}. To raise it, use ‘Raise the grade’: it needs nobody else."


def above_the_floor(entry: Any, known: Known) -> str | None:
    """A floor may not be gone below while its facts stand (G18; rulebook 6.5)."""
    new, floor = given(entry.grade), known.policy_grade
    if new is None or floor is None or GRADES.index(new.value) >= GRADES.index(floor):
        return None
    why = known.extra.get("floor_reasons") or ()
    return f"The policy holds this at {floor} or above while these facts stand. {' '.join(why)}"


def markers_addressed(entry: Any, known: Known) -> str | None:
    """Each marker in force is looked at by name before a grade is lowered (L258; G2)."""
    looked_at = {str(m) for m in given(entry.markers_considered) or ()}
    unseen = sorted(known.flags - looked_at)
    if not unseen:
        return None
    shown = names(m.replace("_", " ") for m in unseen)
    return f"Say that you have considered each marker on this child. Not yet: {shown}."


def harm_is_the_reason(entry: Any, known: Known) -> str | None:
    """How often a child is missing, what is usual for them, or how busy we are never lowers
    risk (trap 5, G11; L252 to L268)."""
    text = entry.narrative()
    if resource_as_reason(text):
        return (
            "Being busy is not a reason to lower risk. To put an enquiry off, "
            "use ‘Put an enquiry off’, with who decided and until when."
        )
    if frequency_as_reason(text):
        return (
            "How often a child has been missing does not make this time safer. "
            "Say what harm is likely or unlikely this time, and why."
        )
    if found := not_a_reason(text):
        return f"“{found[0].text}” is not a reason: {found[0].better}"
    return None


def the_hour_is_no_reason(entry: Any, known: Known) -> str | None:
    """The hour of the night is no reason to leave a known address alone (L331)."""
    if not any(w.row == LATE_AT_NIGHT for w in warnings(entry.narrative())):
        return None
    return "The hour is not a reason. Say what the delay means for the child, and when you go."


def enquiries_go_on(entry: Any, known: Known) -> str | None:
    """Putting an enquiry off names another action and a time, and leaves the grade (G11)."""
    if known.case and known.case.grade == "high" and known.actor.rank < SUPERINTENDENT:
        return "The grade is high, so only a superintendent may put an enquiry off."
    return inspector_decides(entry, known)


def spoken_to_first(entry: Any, known: Known) -> str | None:
    """No closing before a prevention interview, or a supervisor's reason (CLK-18)."""
    done = known.has("missing.prevention_interview_held", "missing.prevention_interview_not_held")
    return None if done else "Record the prevention interview, or why it could not be held."


def interview_settled(entry: Any, known: Known) -> str | None:
    """No closing before the return home interview is held, declined or refused with a reason."""
    done = known.has(
        "missing.return_interview_held",
        "missing.return_interview_declined",
        "missing.return_interview_not_offered",
    )
    return None if done else "Record what became of the return home interview."


def looked_back(entry: Any, known: Known) -> str | None:
    """No closing before the episode has been looked back on."""
    return None if known.has("missing.looked_back") else "Record the look back at this episode."


def another_approves(entry: Any, known: Known) -> str | None:
    """The owner of a high-grade episode is not the only one to approve its closing (G13)."""
    case = known.case
    if case is None or case.grade != "high" or case.owner_id != known.actor.id:
        return None
    return "You own this episode and its grade is high, so somebody else has to close it."


def no_gaps(entry: Any, known: Known) -> str | None:
    """Gaps block closing, never saving (G3, G4; rule 10)."""
    return f"Still to answer: {names(known.gaps)}." if known.gaps else None


def actions_settled(entry: Any, known: Known) -> str | None:
    """Every action of the episode is done, or said not to be possible, before it closes."""
    mine = [a for a in known.actions if known.case and a.case_id == known.case.id]
    still = sum(a.state in ("open", "accepted") for a in mine)
    if not still:
        return None
    return f"{still} action{'s are' if still > 1 else ' is'} still open: say what became of each."


def manager_decides(entry: Any, known: Known) -> str | None:
    """Only a social care manager may decide not to offer an interview (rulebook 4.25)."""
    ok = known.actor.roles & {"social_care_manager", "la_service_manager"}
    return None if ok else "Only a social care manager may decide not to offer the interview."
