"""A report from the public: kept as typed, met as a new child, owned from this second."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner
from kittiwake.exchange import inbox
from kittiwake.exchange.reading import Unreadable, read_day
from kittiwake.journal.record import record
from kittiwake.kernel.known import Actor
from kittiwake.pathways.missing.entries import ReportedMissing
from kittiwake.pathways.missing.questions import LastSeen
from kittiwake.people.arrivals import Description, Home, find_or_meet

FEED = "public form"
TWICE = timedelta(hours=1)
"""The same words again within this time are the same report, sent twice."""


def public_report(answers: Mapping[str, str], at: datetime) -> str:
    """Record a report from somebody who is not signed in, and give the reference for them.

    `answers` are text under `child_name`, `child_born`, `lives`, `last_seen`, `concern`,
    `reporter_name`, `reporter_phone` and `reporter_relation`; any may be blank but the concern.
    The child is met as somebody new, or possibly known: nothing is linked on a stranger's word,
    and nothing about any child comes back. What cannot be recorded is kept in the quarantine
    and raises, so that the page asks for a call and promises nothing.
    """
    system = system_actor()
    body = json.dumps(dict(answers), ensure_ascii=False, sort_keys=True).encode()
    kept = inbox.keep(FEED, system.agency_id, system, "", body, at)
    with as_practitioner(system):
        first = inbox.recorded_since(FEED, kept.digest, at - TWICE)
    if first:
        inbox.settle(kept.id, "known", "The same report, sent twice.", by=system)
        return reference_of(first)
    try:
        entry_id = _record(answers, kept, system, at)
    except Exception:
        said = "This report from the public could not be recorded. Read it now, and ring back."
        inbox.settle(kept.id, "quarantined", said, by=system)
        raise
    inbox.settle(kept.id, "recorded", "", entry_id, by=system)
    return reference_of(kept.uid)


def reference_of(uid: str) -> str:
    """A reference somebody can read out on the telephone: `P-3F9A-0C41`."""
    return f"P-{uid[:4]}-{uid[4:8]}".upper()


def _record(answers: Mapping[str, str], kept: inbox.Kept, system: Actor, at: datetime) -> int:
    with as_practitioner(system, durable=True, recording=True):
        arrived = find_or_meet(_described(answers, kept.uid), system, at)
    return record(
        _reported(answers, reference_of(kept.uid)),
        person=arrived.person_id,
        by=system,
        at=at,
        submission=UUID(kept.uid),
        source_record=arrived.source_record_id,
    ).entry_id


def _described(answers: Mapping[str, str], uid: str) -> Description:
    told = answers.get("child_born", "")
    facts = {}
    try:
        born = read_day(told, "")
    except Unreadable:
        born, facts = None, {"Age or date of birth as told": told}
    lives = answers.get("lives", "")
    return Description(
        feed=FEED, ref=uid, given=answers.get("child_name", ""), born_on=born,
        address=Home(lives) if lives else None, facts=facts,
    )  # fmt: skip


def _reported(answers: Mapping[str, str], reference: str) -> ReportedMissing:
    said = {name: answers.get(name, "").strip() for name in answers}
    who = ", ".join(filter(None, (said.get("reporter_name"), said.get("reporter_relation"))))
    seen = said.get("last_seen", "")
    return ReportedMissing(
        concern=said.get("concern") or None,
        last_seen=LastSeen(where=seen[:500]) if seen else None,
        # An answer too long for its line is not cut off: the rest stands with the words.
        tried=f"Last seen, in full: {seen}" if len(seen) > 500 else None,
        reporter_name=f"{who or 'Somebody who gave no name'}, on the public form"[:500],
        reporter_phone=said.get("reporter_phone", "")[:500] or None,
        incident_number=reference,
    )
