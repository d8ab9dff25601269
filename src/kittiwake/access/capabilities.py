"""Capabilities: what may be done, each a stable key with a sentence, and the bundles roles share.

Recording what happened and raising the alarm belong to everybody who could plausibly know;
lowering, closing and withholding belong to few.
"""

CAPABILITIES: dict[str, str] = {
    "contact.record": "Record a call about a child, and everything that is done about it.",
    "contact.decide": "Decide that a call waits, ends unseen, is not shared further, or closes.",
    "board.contact": "See the calls about children that are being answered.",
    "missing.report": "Report that a child is missing.",
    "missing.inform": "Add something that is known about a missing child.",
    "missing.raise": "Raise the level of risk.",
    "missing.record_return": "Record that a child has been found or has come back.",
    "missing.take": "Take ownership of the enquiries.",
    "missing.assess": "Answer the risk assessment's questions.",
    "missing.enquire": "Plan an enquiry at a named place or with a named person, and record it.",
    "missing.notify": "Record that social care, a school or the national unit has been told.",
    "missing.hand_over": "Hand the enquiries to the next shift, another area or another force.",
    "missing.accept_shift": "Accept a shift's open episodes from the duty inspector before.",
    "missing.propose_lower": "Propose a lower level of risk, with reasons.",
    "missing.record_prevention": "Record the police conversation with a child who is back.",
    "missing.supervise": "Acknowledge a report as supervisor and confirm the plan.",
    "missing.review": "Review the risk and the plan.",
    "missing.oversee": "Oversee a high-risk search as a detective or senior manager.",
    "missing.lower": "Lower the level of risk somebody else proposed to lower.",
    "missing.defer": "Put off an enquiry for want of people: until when, and what is done instead.",
    "missing.close": "Close an episode.",
    "missing.offer_interview": "Offer a child the return home interview.",
    "missing.record_interview": "Record the return home interview.",
    "missing.share_interview": "Share what the child said with those who can act on it.",
    "missing.withhold_interview": "Decide that no return home interview is offered, with reasons.",
    "flag.raise": "Put a marker on a child.",
    "flag.review": "Look at a marker again, and say that it still holds.",
    "flag.end": "End a marker, with reasons.",
    "flag.reconcile": "Look at where partners’ lists of markers and ours differ, and settle it.",
    "words.review": "See which listed phrases stand in records, by team, and review a sample.",
    "policy.review": "See where grades stand below the policy, by team and reason.",
    "training.keep": "Keep the register of who is trained for what.",
    "planning.prepare": "Write a child's Philomena profile, and tell what carers have checked.",
    "planning.write": "Write and review a trigger plan, or propose that none is made.",
    "planning.use": "Work through a trigger plan, line by line.",
    "planning.approve": "Approve a trigger plan.",
    "planning.retire": "Retire a trigger plan, or decide that none is made for now.",
    "online.report_image": "Report that there is an image of a child: no file, no word of it.",
    "online.take_on": "Answer a report of an image, as a specialist.",
    "board.missing": "See who is missing now.",
    "board.homes": "See how far plans, interviews and first checks go at each children's home.",
    "home.look_after": "Use the pages of one's own children's home.",
    "board.mine": "See one's own work: clocks, actions and cases.",
    "child.find": "Search for a child.",
    "child.open": "Open a child's record for a stated purpose, which is logged.",
    "child.open_restricted": "Open the record of a child whose details are restricted.",
    "access.read_log": "Read who opened which record, and why.",
    "clock.acknowledge": "Answer for a clock that has run out.",
    "clock.pause": "Pause a clock that the rulebook lets be paused, with reasons.",
    "action.do": "Accept an action, and say how it ended.",
    "entry.correct": "Correct an entry; the first account stays readable.",
    "entry.approve": "Be the second person for a correction or a decision.",
    "rulebook.adopt": "Adopt the force's own values in the rulebook.",
    "exchange.import": "Bring in files from partners.",
    "exchange.quarantine": "Look at what could not be read or placed, and settle it.",
    "incident.audit": "Find the children whom an incident names and no missing record knows.",
    "people.link": "Decide whether two records are the same person.",
}

# Everybody with a sign-in: their own work, and answering for it.
WORKING = frozenset({"board.mine", "action.do", "clock.acknowledge", "entry.correct"})
# Whoever could plausibly know.
TELLING = frozenset(
    {
        "missing.report",
        "missing.inform",
        "missing.raise",
        "missing.record_return",
        "flag.raise",
        "online.report_image",
    }
)
READING = frozenset({"child.find", "child.open", "board.missing", "board.homes"})
OFFICER = (
    WORKING
    | TELLING
    | READING
    | {
        "contact.record",
        "board.contact",
        "missing.take",
        "missing.assess",
        "missing.enquire",
        "missing.notify",
        "missing.hand_over",
        "missing.propose_lower",
        "missing.record_prevention",
        "flag.review",
        "planning.prepare",
        "planning.use",
    }
)
SERGEANT = OFFICER | {"contact.decide", "missing.supervise", "entry.approve", "planning.write"}
INSPECTOR = SERGEANT | {
    "missing.review",
    "missing.lower",
    "missing.defer",
    "missing.close",
    "clock.pause",
    "flag.end",
    "missing.accept_shift",
    "planning.approve",
    "planning.retire",
}
OVERSEER = INSPECTOR | {
    "missing.oversee",
    "child.open_restricted",
    "words.review",
    "policy.review",
    "online.take_on",
}
# Interviewing is the local authority's duty; what the child said is the child's.
INTERVIEWING = frozenset(
    {"missing.offer_interview", "missing.record_interview", "missing.share_interview"}
)
SOCIAL_WORK = (
    WORKING
    | TELLING
    | READING
    | INTERVIEWING
    | {"missing.notify", "flag.review", "planning.prepare"}
)
SOCIAL_CARE_MANAGER = SOCIAL_WORK | {
    "missing.withhold_interview",
    "entry.approve",
    "clock.pause",
    "child.open_restricted",
    "flag.end",
    "words.review",
}
PARTNER = WORKING | TELLING | {"child.find", "child.open", "planning.prepare"}
