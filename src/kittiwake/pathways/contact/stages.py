"""The stages of a contact, in the order in which they only ever move forward.

None is "active" as being missing is: a child may be in several calls at once.
"""

RECEIVED, THRIVE_DONE, EXEMPT, GRADED, DEPLOYED, RESOLVED, RESULTED, PVP_LINKED, CLOSED = (
    "received",
    "thrive_done",
    "exempt",
    "graded",
    "deployed",
    "resolved_without_deployment",
    "resulted",
    "pvp_linked",
    "closed",
)
BEFORE = frozenset({RECEIVED, THRIVE_DONE, EXEMPT, GRADED})
THOUGHT = frozenset({THRIVE_DONE, EXEMPT})
OPEN = BEFORE | {DEPLOYED, RESOLVED, RESULTED, PVP_LINKED}
