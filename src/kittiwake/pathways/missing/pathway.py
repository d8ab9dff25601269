"""The missing pathway declared: its stages, its entries, its task list, its triggers."""

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import Pathway, Stage, Task
from kittiwake.pathways.missing import entries, rules
from kittiwake.pathways.missing import stages as s

STAGES = (
    Stage(s.REPORTED, "Reported", active=True),
    Stage(s.OWNED, "Owned", active=True),
    Stage(s.ASSESSED, "Risk assessed", active=True),
    Stage(s.CONFIRMED, "Supervisor has confirmed", active=True),
    Stage(s.ACTIVE, "Enquiries under way", active=True),
    Stage(s.LOCATED, "Located"),
    Stage(s.RETURNED, "Back"),
    Stage(s.SEEN_SAFE, "Seen"),
    Stage(s.SPOKEN_TO, "Spoken to by police"),
    Stage(s.OFFERED, "Return interview offered"),
    Stage(s.INTERVIEWED, "Return interview settled"),
    Stage(s.LOOKED_BACK, "Looked back on"),
    Stage(s.CLOSED, "Closed"),
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
    Task("Record that the child is back", ("missing.returned",), None, HOME, s.REPORTED),
    Task("See the child", ("missing.seen_safe",), None, HOME, s.LOCATED),
    Task(
        "Speak with the child: prevention interview",
        ("missing.prevention_interview_held", "missing.prevention_interview_not_held"),
        "CLK-18",
        HOME,
        s.LOCATED,
    ),
    Task(
        "Offer a return home interview",
        ("missing.return_interview_offered", "missing.return_interview_not_offered"),
        None,
        HOME,
        s.RETURNED,
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
        s.RETURNED,
    ),
    Task(
        "Share the interview with the police",
        ("missing.return_interview_shared",),
        "CLK-20",
        HOME,
        s.INTERVIEWED,
    ),
    Task("Look back at this episode", ("missing.looked_back",), None, HOME, s.RETURNED),
    Task("Close this episode", ("missing.closed",), None, HOME, s.RETURNED),
)


def _declared() -> tuple[type[Entry], ...]:
    return tuple(
        cls
        for cls in vars(entries).values()
        if isinstance(cls, type) and issubclass(cls, Entry) and cls is not Entry
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
        ("stagnation_review", rules.think_again),
    ),
)
