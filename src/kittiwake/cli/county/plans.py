"""The plans of the invented county: some in date, some not, some children without."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from kittiwake.cli.county.children import Child
from kittiwake.cli.county.plots import PLOTS, Plot
from kittiwake.pathways.planning import entries as p
from kittiwake.pathways.planning.questions import (
    FirstCheck,
    KnownPerson,
    KnownPlace,
    LineSettled,
    Outcome,
    PlanLine,
    Priority,
    ReviewOutcome,
    WhoLooks,
)

if TYPE_CHECKING:
    from kittiwake.cli.county.episodes import Episode, Teller

WHEN = (Priority.FIRST, Priority.THEN, Priority.LATER)
CHECKS = (
    {FirstCheck.ROOM, FirstCheck.HOUSE, FirstCheck.PHONED},
    {FirstCheck.HOUSE, FirstCheck.PHONED, FirstCheck.FRIENDS, FirstCheck.PLACES},
    {FirstCheck.ROOM, FirstCheck.PHONED},
)
TRUSTED = ("Their key worker", "An aunt", "Their form tutor", "A football coach")


def plot_of(child: Child) -> Plot:
    """The story a child's plan is written from."""
    return PLOTS[child.number % len(PLOTS)]


def keep_trigger_plan(teller: "Teller", child: Child, at: datetime) -> None:
    """The adviser reviews the plan in force; where there is none, one is written and approved."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM plan WHERE person_id = %s AND kind = 'trigger'", [child.person]
        )
        (versions,) = cursor.fetchone()
    if versions:
        said = "Read through with them and the carer; where they go has not changed."
        entry = p.PlanReviewed(outcome=ReviewOutcome.STANDS, said=said)
        teller.say("adviser", entry, child, at)
    else:
        _write_trigger_plan(teller, child, at)


def _write_trigger_plan(teller: "Teller", child: Child, at: datetime) -> None:
    plot = plot_of(child)
    lines = tuple(
        PlanLine(
            target=target.replace("{given}", child.given),
            reason=why.replace("{given}", child.given),
            priority=WHEN[min(number, 2)],
            constraint="Speak first with whoever answers the door." if number == 0 else None,
            officer_safety="Two officers; a dog in the yard." if number == 1 else None,
        )
        for number, (target, why) in enumerate(plot.enquiries)
    )
    draft = p.PlanDrafted(
        push=plot.words,
        pull=plot.would_help,
        trusts=TRUSTED[child.number % 4],
        lines=lines,
        phone_plan="Location and call data: an inspector’s authority, thought through beforehand.",
        told_at_once="Their social worker, or the emergency duty team",
        when_found="Speak with them alone first. Keep phone and clothing if they were with adults.",
        promised="The council sees them every week; the home rings the adviser on Mondays.",
    )
    teller.say("adviser", draft, child, at)
    said = p.PlanApproved(said="It names where they go and whom they trust, in their words.")
    teller.say("ccr_inspector", said, child, at + timedelta(hours=1))


def write_profiles(teller: "Teller", children: list[Child]) -> None:
    """A profile of most children who live in a home; now and then one that is out of date."""
    for child in children:
        if child.home and (child.number // 4) % 3:
            days = 120 if child.number % 7 == 0 else 20 + child.number % 40
            _profile(teller, child, teller.now - timedelta(days=days))


def _profile(teller: "Teller", child: Child, at: datetime) -> None:
    plot = plot_of(child)
    by = teller.carer(child)
    entry = p.ProfileWritten(
        written_by=teller.name(by),
        with_child=bool(child.number % 3),
        looks=plot.wearing,
        photograph="In the house file; ring the home and it is handed over.",
        matters=plot.words,
        health="An inhaler, in the top drawer." if child.number % 5 == 0 else "None known.",
        talking=f"Speaks {child.language}. Short sentences, and time to answer.",
        trusts=TRUSTED[child.number % 4],
        people=(KnownPerson(name=f"Robin {child.family}", who="Cousin", phone="07700 900321"),),
        places=(
            KnownPlace(where="The bandstand on the front", why="Meets friends",
                       who_looks=WhoLooks.CARERS),
            KnownPlace(where=plot.enquiries[0][0].replace("{given}", child.given),
                       why="Was there before", who_looks=WhoLooks.POLICE),
        ),
        phones=f"07700 900{700 + child.number % 100}",
        travel="A bus pass",
        usual="Up to twenty minutes after the bus. After that it is not usual.",
        report_when="As soon as the twenty minutes are over and nobody has reached them.",
        home_plan="Ring them, ring Robin, look at the bandstand; one of us stays by the phone.",
    )  # fmt: skip
    teller.say(by, entry, child, at)


def tell_checks(teller: "Teller", ep: "Episode") -> None:
    """What the carers checked themselves, a few minutes after they reported."""
    if ep.child.home and ep.child.number % 3:
        told = p.EpisodeTold(
            checks=CHECKS[ep.child.number % 3],
            looked_at=ep.words(ep.plot.tried),
            wearing=ep.plot.wearing,
        )
        teller.tell(ep, teller.carer(ep.child), told, 6)


def work_through(teller: "Teller", ep: "Episode", at: float) -> None:
    """The first lines of the plan are answered: done, or not done because."""
    targets = [ep.words(target) for target, _ in plot_of(ep.child).enquiries][:2]
    said = ("Visited; nobody in. A neighbour will ring.", "At sea until Monday; a message is left.")
    lines = tuple(
        LineSettled(number=n + 1, target=target, said=said[n],
                    outcome=Outcome.NOT_DONE if n else Outcome.DONE)
        for n, target in enumerate(targets)
    )  # fmt: skip
    teller.tell(ep, teller.on("response_officer", ep, at), p.LinesSettled(lines=lines), at)
