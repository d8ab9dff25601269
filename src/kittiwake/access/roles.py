"""Roles as code: who may do what, each with a sentence a governor can read.

Changing who may see a child is a reviewed change here. Keys are stored and never renamed; nobody
may do anything by having no role.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kittiwake.access.capabilities import (
    CAPABILITIES,
    INSPECTOR,
    INTERVIEWING,
    OFFICER,
    OVERSEER,
    PARTNER,
    READING,
    SERGEANT,
    SOCIAL_CARE_MANAGER,
    SOCIAL_WORK,
    TELLING,
    WORKING,
)

__all__ = ["CAPABILITIES", "RANKS", "ROLES", "Role", "may"]

POLICE, SOCIAL_CARE, HEALTH, SCHOOL, HOME = "police", "social_care", "health", "school", "home"
PARTNER_AGENCY, PARTNERSHIP, SYSTEM = "partner", "partnership", "system"

RANKS: dict[int, str] = {
    1: "constable",
    2: "sergeant",
    3: "inspector",
    4: "chief inspector",
    5: "superintendent",
    6: "chief superintendent",
    7: "assistant chief constable",
    8: "deputy chief constable",
    9: "chief constable",
}
NIGHT = True


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is on duty as: one sentence, the agency they come from and what they may do.

    `rank` is the lowest police rank that holds it (0: none needed); `round_the_clock` says that
    somebody holds it at any hour, so that a ladder may end there at night (G20).
    """

    key: str
    title: str
    sentence: str
    agency_kind: str
    capabilities: frozenset[str]
    rank: int = 0
    round_the_clock: bool = False


_CONTROL_ROOM = (
    Role("call_handler", "Call handler", "Takes the call and writes down what is said.",
         POLICE, OFFICER - {"missing.record_prevention"}, 0, NIGHT),
    Role("control_room_supervisor", "Control room supervisor",
         "Sees that calls are graded and that somebody is sent.", POLICE, SERGEANT, 0, NIGHT),
    Role("control_room_inspector", "Control room inspector",
         "Answers for the control room, and for every report without an owner.",
         POLICE, INSPECTOR, 3, NIGHT),
    Role("force_duty_officer", "Force duty officer",
         "Commands the force's response for the shift, and owns what nobody else does.",
         POLICE, OVERSEER, 4, NIGHT),
)  # fmt: skip

_RESPONSE = (
    Role("response_officer", "Response officer",
         "Goes out, speaks with families and carers, and looks for the child.",
         POLICE, OFFICER, 1, NIGHT),
    Role("response_sergeant", "Response sergeant",
         "Supervises the officers on shift and their plans.", POLICE, SERGEANT, 2, NIGHT),
    Role("duty_inspector", "Duty inspector",
         "Owns the risk to every child missing in the area on this shift.",
         POLICE, INSPECTOR, 3, NIGHT),
    Role("duty_superintendent", "Duty superintendent",
         "Is told when an inspector's clock runs out, and finds the people needed.",
         POLICE, OVERSEER, 5, NIGHT),
    Role("chief_officer_on_call", "Chief officer on call",
         "Speaks for the force to other chief officers and directors at any hour.",
         POLICE, OVERSEER, 7, NIGHT),
    Role("designated_officer", "Designated officer",
         "Inquires into each child taken into police protection, and is never the officer who "
         "took them.", POLICE, INSPECTOR, 3, NIGHT),
)  # fmt: skip

_DETECTIVES = (
    Role("investigating_officer", "Officer in the case",
         "Investigates the crime and keeps the child told.", POLICE, OFFICER, 1),
    Role("detective_sergeant", "Detective sergeant",
         "Supervises investigations and strategy decisions.", POLICE, SERGEANT, 2),
    Role("detective_inspector", "Detective inspector",
         "Answers for a team's investigations.", POLICE, OVERSEER, 3),
    Role("duty_detective_inspector", "Duty detective inspector",
         "Brings a detective's eye to every child at high risk, day and night.",
         POLICE, OVERSEER, 3, NIGHT),
    Role("detective_chief_inspector", "Detective chief inspector",
         "Calls meetings about children who are missing again and again.", POLICE, OVERSEER, 4),
    Role("detective_superintendent", "Detective superintendent",
         "Leads the force's work on exploitation and abuse.", POLICE, OVERSEER, 5),
    Role("missing_persons_adviser", "Missing persons adviser",
         "Knows each child who is missing again and again, and keeps their plan.",
         POLICE, SERGEANT | {"missing.close", "child.open_restricted", "incident.audit"}),
    Role("exploitation_coordinator", "Exploitation coordinator",
         "Keeps the picture of children who are exploited and of those who exploit them.",
         POLICE, OFFICER | {"child.open_restricted"}),
    Role("modern_slavery_lead", "Modern slavery lead",
         "Sees that children who are trafficked are referred.", POLICE, OFFICER),
    Role("internet_abuse_inspector", "Internet abuse inspector",
         "Answers for the team that works on child abuse online.", POLICE, OVERSEER, 3),
    Role("victim_identification_officer", "Victim identification officer",
         "Works to name the children shown in images, which never enter here.", POLICE,
         OFFICER | {"online.take_on"}),
    Role("digital_forensics_manager", "Digital forensics manager",
         "Answers for how long devices wait to be examined.", POLICE, WORKING),
)  # fmt: skip

_HUB = (
    Role("mash_researcher", "Hub researcher",
         "Searches every system for what is known about a child.",
         POLICE, OFFICER | {"people.link", "child.open_restricted", "flag.reconcile"}),
    Role("mash_sergeant", "Hub detective sergeant",
         "Decides what happens to each concern that reaches the hub.",
         POLICE,
         SERGEANT | {"people.link", "child.open_restricted", "flag.reconcile", "flag.end"}, 2),
    Role("mash_detective_inspector", "Hub detective inspector",
         "Answers for the hub's police decisions and their time.", POLICE,
         OVERSEER | {"flag.reconcile"}, 3),
    Role("mash_health_practitioner", "Hub health practitioner",
         "Brings what health services know about a child.", HEALTH, PARTNER),
    Role("school_safeguarding_lead", "School safeguarding lead",
         "Is told about a pupil, and looks after them that day.", SCHOOL, PARTNER),
    Role("marac_chair", "MARAC chair",
         "Chairs the meetings about domestic abuse, and leaves no child without a line.",
         POLICE, OVERSEER, 3),
    Role("marac_coordinator", "MARAC coordinator",
         "Lists the cases and keeps the meetings' actions.", POLICE, OFFICER),
)  # fmt: skip

_CUSTODY_AND_OFFENDERS = (
    Role("custody_officer", "Custody officer",
         "Answers for each child held in a police station.", POLICE, SERGEANT, 2, NIGHT),
    Role("custody_inspector", "Custody inspector",
         "Reviews each child's detention and presses for somewhere else.",
         POLICE, INSPECTOR, 3, NIGHT),
    Role("offender_manager", "Offender manager",
         "Manages people who are a danger to children.", POLICE, OFFICER, 1),
    Role("offender_management_supervisor", "Offender management supervisor",
         "Supervises plans and visits; trained for it.", POLICE, SERGEANT, 2),
    Role("offender_management_inspector", "Offender management inspector",
         "Answers for the unit that manages offenders.", POLICE, OVERSEER, 3),
    Role("mappa_coordinator", "MAPPA coordinator",
         "Arranges the meetings about people who may cause serious harm.", POLICE, WORKING),
)  # fmt: skip

_SOCIAL_CARE = (
    Role("social_worker", "Social worker", "Works with the child and the family.",
         SOCIAL_CARE, SOCIAL_WORK),
    Role("social_care_manager", "Social care manager in the hub",
         "Decides what the local authority does with each referral.",
         SOCIAL_CARE, SOCIAL_CARE_MANAGER),
    Role("la_service_manager", "Service manager, local authority",
         "Answers for a service's children, and for every interview not held.",
         SOCIAL_CARE, SOCIAL_CARE_MANAGER),
    Role("la_head_of_service", "Head of service, local authority",
         "Settles what managers cannot, with the police's chief inspector.",
         SOCIAL_CARE, SOCIAL_CARE_MANAGER),
    Role("emergency_duty_team", "Emergency duty team",
         "Is children's social care at night, at weekends and on holidays.",
         SOCIAL_CARE, SOCIAL_WORK | {"child.open_restricted"}, 0, NIGHT),
    Role("director_on_call", "Director on call",
         "Decides for the local authority at any hour.",
         SOCIAL_CARE, SOCIAL_CARE_MANAGER, 0, NIGHT),
    Role("director_of_childrens_services", "Director of children's services",
         "Answers to the public for the local authority's children.",
         SOCIAL_CARE, SOCIAL_CARE_MANAGER),
    Role("child_protection_chair", "Child protection chair",
         "Chairs conferences and sees that plans are kept.", SOCIAL_CARE, SOCIAL_CARE_MANAGER),
    Role("la_legal_adviser", "Local authority legal adviser",
         "Keeps the time of the court's orders.", SOCIAL_CARE, WORKING | READING),
    Role("lado", "Designated officer for allegations",
         "Oversees allegations against people who work with children.",
         SOCIAL_CARE, SOCIAL_WORK | {"child.open_restricted"}),
    Role("independent_interviewer", "Independent interviewer",
         "Listens to a child who is back, and belongs to nobody the child lives with.",
         PARTNER_AGENCY, PARTNER | INTERVIEWING),
)  # fmt: skip

_HOMES = (
    Role("home_manager", "Manager of a children's home",
         "Answers for the home, and for what its carers know.",
         HOME, PARTNER | {"entry.approve", "home.look_after"}),
    Role("home_carer", "Carer", "Looks after the child day and night, and is the first to know.",
         HOME, PARTNER | {"home.look_after"}, 0, NIGHT),
)  # fmt: skip

_LEADERS = (
    Role("partnership_business_manager", "Partnership business manager",
         "Keeps the partnership's list of what does not work, until it does.",
         PARTNERSHIP, WORKING),
    Role("delegated_safeguarding_partner", "Delegated safeguarding partner",
         "Settles disagreements between agencies.", PARTNERSHIP, WORKING),
    Role("safeguarding_partner", "Lead safeguarding partner",
         "Leads the partnership for the force, the council or the health board.",
         PARTNERSHIP, WORKING),
    Role("independent_scrutineer", "Independent scrutineer",
         "Looks at the partnership's work from outside.", PARTNERSHIP, WORKING),
    Role("agency_safeguarding_lead", "Agency safeguarding lead",
         "Sees that an organisation reports what it must.", PARTNER_AGENCY, PARTNER),
    Role("competent_authority", "Single competent authority",
         "Decides nationally who has been trafficked.", PARTNER_AGENCY, frozenset()),
    Role("crime_registrar", "Crime registrar",
         "Sees that every crime is recorded.", POLICE, WORKING),
    Role("records_manager", "Records manager",
         "Decides how long what is held about a child is kept.", POLICE, WORKING),
    Role("assistant_chief_constable", "Assistant chief constable",
         "Answers for how the force protects children.", POLICE, OVERSEER, 7),
    Role("deputy_chief_constable", "Deputy chief constable",
         "Answers for what inspectors recommended.", POLICE, WORKING | {"board.missing"}, 8),
)  # fmt: skip

_KEEPERS = (
    Role("information_clerk", "Information clerk",
         "Brings in partners' files and settles what could not be placed.", POLICE,
         WORKING | TELLING | {"child.find", "child.open", "exchange.import",
                              "exchange.quarantine", "incident.audit", "people.link",
                              "flag.reconcile"}),
    Role("auditor", "Auditor", "Reads who looked at whom, and samples the work.",
         POLICE, WORKING | {"child.find", "child.open", "access.read_log", "incident.audit",
                         "words.review", "policy.review"}),
    Role("data_protection_officer", "Data protection officer",
         "Protects the rights of everybody on file, and reads the access log.",
         POLICE, WORKING | {"access.read_log"}),
    Role("rulebook_editor", "Rulebook editor",
         "Lays the force's own values over the rulebook, in the open.",
         POLICE, WORKING | {"rulebook.adopt"}),
    Role("training_keeper", "Keeper of the training register",
         "Writes down who is trained for what, and until when.",
         POLICE, WORKING | {"training.keep"}),
    Role("partner_feed", "Partner's system",
         "Another agency's computer, which reports what its people know.",
         PARTNER_AGENCY, TELLING | {"exchange.import"}),
    Role("system", "Kittiwake itself",
         "Notes that a clock has run out, and takes down what the public report; it decides "
         "nothing.", SYSTEM, frozenset({"missing.report"})),
)  # fmt: skip

ROLES: dict[str, Role] = {
    role.key: role
    for group in (
        _CONTROL_ROOM,
        _RESPONSE,
        _DETECTIVES,
        _HUB,
        _CUSTODY_AND_OFFENDERS,
        _SOCIAL_CARE,
        _HOMES,
        _LEADERS,
        _KEEPERS,
    )
    for role in group
}


def may(roles: Iterable[str], capability: str) -> bool:
    """Whether any of these roles carries a capability; KeyError for one that does not exist."""
    if capability not in CAPABILITIES:
        raise KeyError(f"{capability} is not a capability")
    return any(capability in ROLES[role].capabilities for role in roles if role in ROLES)
