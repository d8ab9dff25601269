"""What happens to plans, as effects. Pure; the time to the next review is CLK-22's own row."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.effects import (
    AddAction,
    ChangePlan,
    Effect,
    Notify,
    PublishPlan,
    SettleAction,
    Start,
    Stop,
)
from kittiwake.kernel.known import Known
from kittiwake.kernel.plans import PlanNow

REVIEW = "CLK-22"
BEGIN, AGAIN = 0, 1
"""Laps of CLK-22: the first limit is for making or mending a plan, the later one for reviewing."""


def review_by(known: Known, lap: int = AGAIN) -> datetime | None:
    """When a plan put in force now is next looked at, by the row of CLK-22."""
    rule = known.rulebook.clock(REVIEW)
    return due_at(rule, known.now, None, known.rulebook.calendar_for(rule), lap=lap)


def by_first_review(known: Known) -> datetime | None:
    """When the inspector first reviews an episode that begins now (CLK-12)."""
    rule = known.rulebook.clock("CLK-12")
    return due_at(rule, known.now, "high", known.rulebook.calendar_for(rule))


def _done(known: Known, *keys: str) -> list[Effect]:
    return [SettleAction(a.uid, "done") for a in known.open_actions(*keys)]


# ── The Philomena profile ────────────────────────────────────────────────────────────────────


def profile_published(entry: Any, known: Known) -> list[Effect]:
    """A profile is in force at once: its author looks after the child and owns it."""
    return [
        PublishPlan("philomena", "approved", 0, review_by(known)),
        *_done(known, "philomena", "philomena-renew"),
    ]


def checks_told(entry: Any, known: Known) -> list[Effect]:
    """Whoever owns the episode hears that the carer has told what they checked."""
    if known.case is None:
        return []
    return [Notify("duty_inspector", "The carer has told what they have checked themselves.")]


# ── The trigger plan ─────────────────────────────────────────────────────────────────────────


def drafted(entry: Any, known: Known) -> list[Effect]:
    """A draft waits for an inspector, by the time the plan is to be in force."""
    due = min((c.due_at for c in known.running(REVIEW) if c.due_at), default=review_by(known, 0))
    return [
        PublishPlan("trigger", "draft", len(given(entry.lines) or ())),
        AddAction(
            "Read the draft of this child’s trigger plan, and approve it or send it back",
            "A draft does not open with a report.",
            "duty_inspector",
            due,
            key="approve-plan",
        ),
        *_done(known, "trigger-plan", "plan-review"),
    ]


def approved(entry: Any, known: Known) -> list[Effect]:
    """The draft is in force and CLK-22 runs to its review; one's own draft is read by another."""
    draft = known.draft("trigger")
    if draft is None:
        return [
            AddAction(
                "Somebody approved a trigger plan, and there is no draft: find out which was meant",
                "Recorded as it was said.",
                "missing_persons_adviser",
                key="no-draft",
            )
        ]
    effects: list[Effect] = [
        ChangePlan(draft.uid, "approved", review_by(known), given(entry.in_force_from)),
        Stop(REVIEW),
        Start(REVIEW, lap=AGAIN),
        *_done(known, "approve-plan", "trigger-plan", "plan-review"),
    ]
    if draft.author_id == known.actor.id:
        effects.append(
            AddAction(
                "Read this trigger plan as a second person",
                "It was written and approved by the same inspector.",
                "missing_persons_adviser",
                review_by(known, BEGIN),
                key="second-reader",
            )
        )
    return effects


def reviewed(entry: Any, known: Known) -> list[Effect]:
    """It stands: the next review is set. It has to change: somebody writes the next version."""
    plan = known.plan("trigger")
    if plan is None or given(entry.outcome) != "stands":
        return [_write(known)]
    return [
        ChangePlan(plan.uid, "reviewed", review_by(known)),
        Stop(REVIEW),
        Start(REVIEW, lap=AGAIN),
        *_done(known, "plan-review", "trigger-plan"),
    ]


def retired(entry: Any, known: Known) -> list[Effect]:
    """The plan in force opens no more; the adviser is told."""
    plan = known.plan("trigger")
    if plan is None:
        return []
    return [
        ChangePlan(plan.uid, "retired"),
        Notify("missing_persons_adviser", "A trigger plan was retired."),
        *_done(known, "plan-review", "trigger-plan"),
    ]


def no_plan(entry: Any, known: Known) -> list[Effect]:
    """None is made until a day; from that day the clock runs again."""
    if given(entry.which) != "trigger":
        return _done(known, "philomena", "philomena-renew")
    day = given(entry.again_on)
    again = datetime.combine(day, time(), UTC) if day else known.now
    return [Stop(REVIEW), Start(REVIEW, again, lap=BEGIN), *_done(known, "trigger-plan")]


def _write(known: Known) -> AddAction:
    return AddAction(
        "Write or renew this child’s trigger plan",
        "So that the first hour next time starts from what is known.",
        "missing_persons_adviser",
        review_by(known, BEGIN),
        key="trigger-plan",
    )


# ── With an episode: what the missing pathway obliges here ───────────────────────────────────


def opens(entry: Any, known: Known) -> list[Effect]:
    """Plans open with a report, in date or not; without a profile the carer is asked for one."""
    return [*_trigger_opens(known), *_profile_opens(known)]


def _trigger_opens(known: Known) -> list[Effect]:
    plan = known.plan("trigger")
    if plan is None:
        return []
    effects: list[Effect] = [ChangePlan(plan.uid, "activated")]
    if plan.lines:
        late = "" if plan.stands(known.now).in_date else ", which is out of date"
        count = f"{plan.lines} lines" if plan.lines > 1 else "one line"
        effects.append(
            AddAction(
                f"Work through the trigger plan{late}: {count}",
                "It opened with the report. Each line is done, or not done because.",
                "owner",
                by_first_review(known),
                key="plan-lines",
            )
        )
    return effects


def _profile_opens(known: Known) -> list[Effect]:
    profile = known.plan("philomena")
    if profile is None:
        title = "Ask the carer for the Philomena form"
    elif profile.stands(known.now).in_date:
        return [ChangePlan(profile.uid, "activated")]
    else:
        title = "Ask the carer what has changed since the Philomena profile was written"
    why = "It says where this child goes, who with, and what keeps them safe."
    ask = AddAction(title, why, "duty_inspector", by_first_review(known), key="philomena")
    return [ask] if profile is None else [ChangePlan(profile.uid, "activated"), ask]


def after_episode(entry: Any, known: Known) -> list[Effect]:
    """A plan is reviewed after every episode, within CLK-22's first limit."""
    plan = known.plan("trigger")
    if plan is None:
        return []
    due = review_by(known, BEGIN)
    soonest = min((at for at in (plan.review_at, due) if at), default=None)
    return [
        ChangePlan(plan.uid, "reviewed", soonest),
        Stop(REVIEW),
        Start(REVIEW, lap=BEGIN),
        AddAction(
            "Review the trigger plan after this episode: what worked, and what did not",
            "A review follows every episode.",
            "missing_persons_adviser",
            due,
            key="plan-review",
        ),
    ]


def lines_settled(entry: Any, known: Known) -> list[Effect]:
    """Once every line has an answer, in one go or in several, the task is done."""
    plan = known.plan("trigger")
    if plan is None or not _all_answered(entry, known, plan):
        return []
    return _done(known, "plan-lines")


def _all_answered(entry: Any, known: Known, plan: PlanNow) -> bool:
    so_far = set(answered(given(entry.lines) or ()))
    for fact in known.of_case("planning.lines_settled"):
        so_far |= set(fact.codes.get("settled") or ())
    return set(range(1, plan.lines + 1)) <= so_far


def answered(lines: Iterable[Any]) -> set[int]:
    """The numbers of the lines with an answer; ‘not done’ needs its reason."""
    return {
        int(line.number)
        for line in lines
        if given(line.number) is not None
        and (given(line.outcome) == "done" or (given(line.outcome) and given(line.said)))
    }


# ── What the policy obliges ──────────────────────────────────────────────────────────────────


def needed(entry: Any, known: Known) -> list[Effect]:
    """A repeat, or a marker of exploitation, obliges a trigger plan (CLK-22)."""
    plan = known.plan("trigger")
    if plan is not None and plan.stands(known.now).in_date:
        return []
    return [Start(REVIEW), _write(known)]
