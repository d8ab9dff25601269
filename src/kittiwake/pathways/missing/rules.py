"""What an entry of the missing pathway brings about, as effects. Pure.

Numbers come from the rulebook by clock id; what refuses is in `gates.py`.
"""

from datetime import timedelta
from typing import Any

from kittiwake.kernel.answers import NotKnown, given
from kittiwake.kernel.effects import (
    GRADES,
    AddAction,
    Close,
    Effect,
    Notify,
    Own,
    SetGrade,
    Start,
    Stop,
)
from kittiwake.kernel.known import Known, names
from kittiwake.kernel.language import (
    generic_instruction,
)

INSPECTOR, SUPERINTENDENT = 3, 5


def opened(entry: Any, known: Known) -> list[Effect]:
    """A report obliges telling people (rulebook 4.26)."""
    return [
        Notify("duty_inspector", "A child has been reported missing."),
        Notify("social_worker", "A child you work with has been reported missing."),
    ]


def missing_since(entry: Any, known: Known) -> list[Effect]:
    """The Missing Persons Unit's clock runs from when the child was last seen (CLK-16)."""
    seen = given(entry.last_seen)
    return [Start("CLK-16", given(seen.seen_at) if seen else None)]


ABOUT_SOMEBODY = {"cawn", "shpo", "sro", "bail", "order", "pdp", "rso_at_address"}
"""Markers that name somebody else, who may know where the child is."""


def named_in_an_order(entry: Any, known: Known) -> list[Effect]:
    """Whoever a notice or order names is enquired about at once (rulebook 4.2; L259)."""
    if not known.flags & ABOUT_SOMEBODY:
        return []
    return [
        AddAction(
            "Find out at once where the person is whom this child’s notice or order names",
            "They stand on the marker; go to every address of theirs that is known.",
            "owner",
            known.now + timedelta(minutes=30),
            key="named-in-order",
            audience="police",
        )
    ]


def counts_as_review(entry: Any, known: Known) -> list[Effect]:
    """A review stops CLK-12 and CLK-14 and starts CLK-14 again, unless what it says is generic:
    then it is kept, the clocks run on, and its author is asked to be specific (G9)."""
    if vague := generic_parts(entry):
        return [
            AddAction(
                f"Make {'these instructions' if len(vague) > 1 else 'this instruction'} "
                f"specific: {names(vague)}",
                "A review counts once each enquiry says whom or where, why, by when and who.",
                "owner",
                known.now + timedelta(minutes=15),
                key="generic-instruction",
                audience="police",
            )
        ]
    return [Stop("CLK-12"), Stop("CLK-14"), Start("CLK-14")]


def generic_parts(entry: Any) -> list[str]:
    """Instructions of a review that name no target: ‘check addresses’, ‘usual enquiries’."""
    rows = given(entry.enquiries) or ()
    vague = [str(r.target) for r in rows if not _has_target(r)]
    return vague + [w.text for w in generic_instruction(entry.narrative()) if not rows]


def _has_target(row: Any) -> bool:
    target = given(row.target)
    return bool(target) and not generic_instruction(str(target)) and bool(given(row.who))


def enquiries_become_actions(entry: Any, known: Known) -> list[Effect]:
    """Each targeted enquiry is an action with a due time (G8, G9)."""
    rows = [r for r in given(entry.enquiries) or () if _has_target(r)]
    return [
        AddAction(
            f"{r.target}: {given(r.why) or 'enquire'} ({r.who})",
            "Set at a review of this episode.",
            "owner",
            given(r.by),
            audience="police",
        )
        for r in rows
    ]


def graded(entry: Any, known: Known) -> list[Effect]:
    """A named person's grade becomes the case's grade."""
    return [SetGrade(entry.grade.value)] if given(entry.grade) else []


def raised(entry: Any, known: Known) -> list[Effect]:
    """Raising to high starts what high obliges: detective oversight, social care (CLK-13, 15)."""
    effects = graded(entry, known)
    was_high = known.case is not None and known.case.grade == "high"
    if given(entry.grade) and entry.grade.value == "high" and not was_high:
        effects += [Start("CLK-13"), Start("CLK-15")]
    return effects


def not_lower_by_review(entry: Any, known: Known) -> list[Effect]:
    """A review may raise the grade; lowering is a decision of its own."""
    new, case = given(entry.grade), known.case
    if new is None or case is None or case.grade is None:
        return []
    if GRADES.index(new.value) > GRADES.index(case.grade):
        return raised(entry, known)
    if new.value == case.grade:
        return []
    return [
        AddAction(
            f"A review thought the grade could be {new.value}: propose it, or say why not",
            "A grade is lowered only by its own decision, with reasons and a second person.",
            "owner",
            key="lower-by-review",
        )
    ]


def owned(entry: Any, known: Known) -> list[Effect]:
    """Whoever takes an episode owns it."""
    return [Own(practitioner=known.actor.uid)]


def handed_over(entry: Any, known: Known) -> list[Effect]:
    """A handover names the new owner, who reviews at once (CLK-14: at every handover)."""
    to = given(entry.to_practitioner)
    return [Own(practitioner=to) if to else Own(role="duty_inspector"), _review_again(known)]


def shift_accepted(entry: Any, known: Known) -> list[Effect]:
    """Whoever accepts a shift owns its episodes, and reviews those that are not theirs already."""
    if known.case is None or known.case.closed:
        return []
    if known.case.owner_id == known.actor.id:
        return []
    effects: list[Effect] = [Own(practitioner=known.actor.uid)]
    return [*effects, _review_again(known)] if known.case.active else effects


def _review_again(known: Known) -> AddAction:
    return AddAction(
        "Review this episode on taking it over",
        "Risk is looked at again at every handover.",
        "owner",
        known.now + timedelta(minutes=30),
        key="handover-review",
    )


def found_in_danger(entry: Any, known: Known) -> list[Effect]:
    """Found with an adult, at a hotel, out of area or with drugs, cash or a weapon (4.26)."""
    alarming = (
        "adult" in {str(w) for w in given(entry.found_with) or ()}
        or str(given(entry.place_kind) or "") in ("hotel", "party", "vehicle")
        or given(entry.out_of_area) is True
        or given(entry.drugs_cash_weapon) is True
    )
    if not alarming:
        return []
    why = "Of how and where the child was found."
    due = known.now + timedelta(hours=12)
    return [
        AddAction(title, why, role, due, key=key)
        for key, title, role in (
            ("referral", "Share a police safeguarding report (PVP)", "response_sergeant"),
            ("screening", "Screen again for exploitation", "exploitation_coordinator"),
            ("crime", "Consider which crimes were committed against the child", "owner"),
            ("orders", "Check warning notices, orders and bail conditions", "owner"),
            ("strategy", "Ask social care for a strategy discussion", "duty_detective_inspector"),
            ("others", "Find out which other children were there", "owner"),
        )
    ]


def voice_is_missing(entry: Any, known: Known) -> list[Effect]:
    """A record without the child's voice, or a reason for its absence, is chased (G4)."""
    voice = given(entry.voice)
    if voice is not None and voice.is_given():
        return []
    if isinstance(entry.voice, NotKnown):
        return []
    return [
        AddAction(
            "Write down what the child said, or why they could not be asked",
            "A blank is never acceptable: the child’s own words come first.",
            "owner",
            known.now + timedelta(hours=12),
            key=f"voice:{entry.kind}",
        )
    ]


def harm_told(entry: Any, known: Known) -> list[Effect]:
    """A child told us of harm or a crime: the hub is told, and somebody must act."""
    if given(entry.harmed) is not True:
        return []
    return [
        Notify("mash_sergeant", "A child has told us of harm while they were missing."),
        AddAction(
            "Act on the harm the child told us about",
            "They said so in an interview after being missing.",
            "mash_sergeant",
            known.now + timedelta(hours=4),
            key="harm-told",
        ),
    ]


def interview_the_carer(entry: Any, known: Known) -> list[Effect]:
    """A child who declines is not the end: the carer is asked what they know (rulebook 4.4)."""
    return [
        AddAction(
            "Ask the parent or carer what they know about this episode",
            "The child did not want to talk; what the carer knows may keep them safe.",
            "social_care_manager",
            known.now + timedelta(hours=72),
            key="carer-interview",
        )
    ]


def closed(entry: Any, known: Known) -> list[Effect]:
    """The episode is closed; its record and its open clocks for the child stay."""
    return [Close()]


def meeting_refused(entry: Any, known: Known) -> list[Effect]:
    """Social care declining a strategy meeting climbs by itself (CLK-21)."""
    if given(entry.convened) is not False:
        return []
    return [
        Notify(
            "detective_chief_inspector", "A strategy meeting after three episodes was declined."
        ),
        AddAction(
            "Take the declined strategy meeting up with the head of service",
            "Three episodes in 90 days oblige one, and police may call it themselves.",
            "detective_chief_inspector",
            known.now + timedelta(days=1),
            key="strategy-declined",
        ),
    ]


# ── What the policy obliges (its triggers) ──────────────────────────────────────────────


def strategy_meeting(entry: Any, known: Known) -> list[Effect]:
    """Three episodes in 90 days oblige a strategy meeting, which police may call (CLK-21).

    With a marker of exploitation it is due on the next working day.
    """
    exploited = known.flags & {"cse", "cce", "cawn", "nrm"}
    return [
        Start("CLK-21", circumstance="exploitation" if exploited else "any"),
        AddAction(
            "Convene a strategy meeting for this child",
            "Three or more episodes in 90 days.",
            "missing_persons_adviser",
            key="strategy-meeting",
        ),
        Notify("mash_detective_inspector", "A strategy meeting is due: three episodes in 90 days."),
    ]


def think_again(entry: Any, known: Known) -> list[Effect]:
    """More than fifty episodes: what has been tried has not worked (scenario 1)."""
    return [
        AddAction(
            "Think again with this child about what would help: what was tried has not worked",
            "More than fifty episodes.",
            "detective_chief_inspector",
            key="think-again",
        )
    ]
