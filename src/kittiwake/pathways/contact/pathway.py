"""The contact pathway declared: its stages, its entries, its task list."""

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import Pathway, Stage, Task
from kittiwake.pathways.contact import entries
from kittiwake.pathways.contact import stages as s

STAGES = (
    Stage(s.RECEIVED, "Received"),
    Stage(s.THRIVE_DONE, "Thought through"),
    Stage(s.EXEMPT, "THRIVE left out"),
    Stage(s.GRADED, "Graded"),
    Stage(s.DEPLOYED, "Somebody was sent"),
    Stage(s.RESOLVED, "Resolved without seeing the child"),
    Stage(s.RESULTED, "Resulted"),
    Stage(s.PVP_LINKED, "Safeguarding report settled"),
    Stage(s.CLOSED, "Closed"),
)

CALL, THERE = "While the call is live", "Once somebody has been"

TASKS = (
    Task("Think it through: THRIVE", ("contact.thrive", "contact.exempted"), "CLK-01", CALL),
    Task("Name every child", ("contact.roster",), None, CALL),
    Task("Check the address and each person", ("contact.checked",), None, CALL),
    Task(
        "Say how quickly somebody goes", ("contact.graded", "contact.appointment_made"), None, CALL
    ),
    Task(
        "Send somebody, or say why nobody goes",
        ("contact.deployed", "contact.resolved"),
        None,
        CALL,
    ),
    Task("Pass it to the officer who goes", ("contact.officer_told",), None, CALL),
    Task("Record the result", ("contact.resulted",), None, THERE, s.DEPLOYED),
    Task(
        "Link the police safeguarding report",
        ("contact.pvp_linked", "contact.pvp_not_sent"),
        "CLK-30",
        THERE,
        s.DEPLOYED,
    ),
    Task("Close this call", ("contact.closed",), None, THERE, s.DEPLOYED),
)


def _declared() -> tuple[type[Entry], ...]:
    return tuple(
        cls
        for cls in vars(entries).values()
        if isinstance(cls, type) and issubclass(cls, Entry) and cls is not Entry
    )


CONTACT = Pathway(
    key="contact",
    name="Contact",
    case_name="call about a child",
    ref_letter="C",
    stages=STAGES,
    entries=_declared(),
    tasks=TASKS,
    owner_role="control_room_supervisor",
)
