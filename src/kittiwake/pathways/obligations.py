"""What an entry of one pathway obliges in another (rulebook 4.26): one table of pure functions.

The only place that knows several pathways. Where the other pathway does not exist yet, a named
person gets an action with its clock.
"""

from typing import Any

from kittiwake.kernel.answers import given
from kittiwake.kernel.effects import AddAction, Effect, Notify, OpenCase, Start, Stop
from kittiwake.kernel.entry import Consequence
from kittiwake.kernel.known import Known, settled
from kittiwake.kernel.pathway import REGISTER, Task
from kittiwake.pathways.missing import rules as missing
from kittiwake.pathways.missing.entries import ReportedMissing
from kittiwake.pathways.planning import rules as planning


def missing_episode(entry: Any, known: Known) -> list[Effect]:
    """Nobody knows where the child is: the missing episode opens now, owned and on its clocks
    (G12); whoever took the call writes the report into it."""
    if given(entry.whereabouts_unknown) is not True:
        return []
    report = AddAction(
        "Write the missing report with the caller",
        "A call says that nobody knows where the child is; the episode is open already.",
        "call_handler",
        practitioner=known.actor.uid,
        clock="CLK-11",
        key="write-report",
    )
    starts = (Start(clock) for clock in ReportedMissing.starts)
    plans = planning.opens(entry, known)
    owned = Stop("CLK-10")  # the case has its owner with the same breath
    return [OpenCase("missing", (owned, *starts, *missing.opened(entry, known), *plans, report))]


def plans_open(entry: Any, known: Known) -> list[Effect]:
    """Plans open with the report, unless a call opened the episode, and them, before it."""
    is_open = known.case is not None and known.case.active
    return [] if is_open else planning.opens(entry, known)


def report_written(entry: Any, known: Known) -> list[Effect]:
    """The report is there: the action that asked for it is done."""
    return settled(known, "write-report")


def safeguarding_report(entry: Any, known: Known) -> list[Effect]:
    """An officer has been where there is a child: a police safeguarding report (PVP) is owed
    by the end of the shift (CLK-30)."""
    if known.has("contact.pvp_linked"):
        return []
    why = "An officer has been where there is a child, and the hub has to know."
    return [
        Start("CLK-30"),
        AddAction(
            "Write the police safeguarding report (PVP)",
            why,
            "response_sergeant",
            clock="CLK-30",
            key="pvp",
        ),
    ]


def domestic_abuse(entry: Any, known: Known) -> list[Effect]:
    """Domestic abuse around a child: both households, the school, health, DASH and the MARAC."""
    told = known.latest("contact.received")
    if given(getattr(entry, "domestic_abuse", True)) is not True or (
        told and told.codes.get("domestic_abuse") is True
    ):
        return []
    because = "A child who sees, hears or lives with domestic abuse is a victim of it."
    return [
        Notify("mash_sergeant", "A call about domestic abuse in which there is a child."),
        AddAction("Name the children of both households", because, "owner", key="roster"),
        AddAction(
            "Tell the child’s school before the school day (Operation Encompass)",
            because,
            "mash_sergeant",
            clock="CLK-60",
            key="encompass",
        ),
        AddAction(
            "Tell the health visitor, school nurse or GP",
            because,
            "mash_health_practitioner",
            key="health-told",
        ),
        AddAction(
            "Assess the risk to the victim (DASH), and whether the MARAC has to hear it",
            because,
            "response_sergeant",
            clock="CLK-30",
            key="dash",
        ),
    ]


OBLIGATIONS: tuple[tuple[str, Consequence], ...] = (
    ("contact.received", missing_episode),
    ("contact.rethought", missing_episode),
    ("missing.reported", report_written),
    ("contact.resulted", safeguarding_report),
    ("contact.received", domestic_abuse),
    ("contact.abuse_asked", domestic_abuse),
    ("missing.reported", plans_open),
    ("missing.returned", planning.after_episode),
)
"""Which entry obliges what; found harm of a missing child is in that pathway's own rules."""
TASKS = (
    (
        "missing",
        Task(
            "Work through the child’s trigger plan",
            ("planning.lines_settled", "missing.plan_recorded"),
            None,
            "While the child is missing",
        ),
    ),
)


def oblige_all() -> None:
    """Put every obligation and every borrowed task on the register; safe to call twice."""
    for kind, consequence in OBLIGATIONS:
        REGISTER.oblige(kind, consequence)
    for pathway, task in TASKS:
        REGISTER.also_asks(pathway, task)
