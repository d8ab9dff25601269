"""The missing pathway declared: its stages, its entries, its task list, its triggers."""

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import Pathway, Stage, Task
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import rules

STAGES = (
    Stage(e.REPORTED, "Reported", active=True),
    Stage(e.OWNED, "Owned", active=True),
    Stage(e.ASSESSED, "Risk assessed", active=True),
    Stage(e.CONFIRMED, "Supervisor has confirmed", active=True),
    Stage(e.ACTIVE, "Enquiries under way", active=True),
    Stage(e.LOCATED, "Located"),
    Stage(e.RETURNED, "Back"),
    Stage(e.SEEN_SAFE, "Seen"),
    Stage(e.SPOKEN_TO, "Spoken to by police"),
    Stage(e.OFFERED, "Return interview offered"),
    Stage(e.INTERVIEWED, "Return interview settled"),
    Stage(e.LOOKED_BACK, "Looked back on"),
    Stage(e.CLOSED, "Closed"),
)

OUT, HOME = "While the child is missing", "When the child is back"

TASKS = (
    Task("Acknowledge as supervisor", ("missing.supervisor_acknowledged",), "CLK-11", OUT),
    Task("Assess the risk", ("missing.risk_assessed",), None, OUT),
    Task("Review as duty inspector", ("missing.reviewed",), "CLK-12", OUT),
    Task("Look at it as a detective", ("missing.overseen",), "CLK-13", OUT),
    Task("Tell social care", ("missing.social_care_told",), "CLK-15", OUT),
    Task("Tell the school", ("missing.school_told",), "CLK-17", OUT),
    Task("Tell the Missing Persons Unit", ("missing.unit_told",), "CLK-16", OUT),
    Task("Use the child’s plan", ("missing.plan_recorded",), "CLK-22", OUT),
    Task("Record that the child is back", ("missing.returned",), None, HOME, e.REPORTED),
    Task("See the child", ("missing.seen_safe",), None, HOME, e.LOCATED),
    Task(
        "Speak with the child: prevention interview",
        ("missing.prevention_interview_held", "missing.prevention_interview_not_held"),
        "CLK-18",
        HOME,
        e.LOCATED,
    ),
    Task(
        "Offer a return home interview",
        ("missing.return_interview_offered", "missing.return_interview_not_offered"),
        None,
        HOME,
        e.RETURNED,
    ),
    Task(
        "Hold the return home interview",
        (
            "missing.return_interview_held",
            "missing.return_interview_declined",
            "missing.return_interview_not_offered",
        ),
        "CLK-19",
        HOME,
        e.RETURNED,
    ),
    Task(
        "Share the interview with the police",
        ("missing.return_interview_shared",),
        "CLK-20",
        HOME,
        e.INTERVIEWED,
    ),
    Task("Look back at this episode", ("missing.looked_back",), None, HOME, e.RETURNED),
    Task("Close this episode", ("missing.closed",), None, HOME, e.RETURNED),
)


def _declared() -> tuple[type[Entry], ...]:
    return tuple(
        cls
        for cls in vars(e).values()
        if isinstance(cls, type)
        and issubclass(cls, Entry)
        and cls is not Entry
        and cls.__module__ == e.__name__
    )


MISSING = Pathway(
    key="missing",
    name="Missing",
    case_name="missing episode",
    ref_letter="M",
    stages=STAGES,
    entries=_declared(),
    tasks=TASKS,
    starting_grade="high",
    owner_role="duty_inspector",
    triggers=(
        ("strategy_meeting", rules.strategy_meeting),
        ("trigger_plan", rules.trigger_plan),
        ("stagnation_review", rules.think_again),
    ),
)
