"""What a control room logs: a call about a child, or a missing report; by incident number first.

The number is the master system's. A call of that number gives its children and what was told, so
that nothing is typed twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from kittiwake.access.doors import as_practitioner
from kittiwake.access.roles import may
from kittiwake.journal.correcting import NothingToCorrect, stored
from kittiwake.journal.searching import HOW, Found, look_for
from kittiwake.kernel.answers import given
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import first
from kittiwake.pages import drafts
from kittiwake.pathways.contact.entries import ContactReceived
from kittiwake.pathways.missing.entries import ReportedMissing
from kittiwake.people.asking import Asked


@dataclass(frozen=True)
class Way:
    """One of the two forms a call may lead to, and the words around it."""

    cls: type[Entry]
    url: str
    title: str
    who: str
    what: str
    button: str
    does: tuple[str, ...]

    @property
    def place(self) -> drafts.Place:
        """Where its draft is kept."""
        return drafts.Place(self.cls.kind)


MISSING = Way(
    ReportedMissing,
    "report",
    "Report a child missing",
    "Who is missing?",
    "What has happened?",
    "Report missing",
    (
        "The duty inspector owns it from this second, at the policy’s starting grade",
        "The supervisor’s and inspector’s clocks start",
        "Social care and the school are due to be told",
        "It is never refused: what is missing is chased",
    ),
)
CALL = Way(
    ContactReceived,
    "log_call",
    "Log a call about a child",
    "Which child is it about?",
    "The call",
    "Log the call",
    (
        "The control room supervisor owns it until it closes",
        "THRIVE, or its one exemption, is due before anybody is sent",
        "If nobody knows where the child is, a missing episode opens with it",
        "It is never refused: what is missing is chased",
    ),
)

_CALL = """
SELECT e.uid::text FROM entry e JOIN detail d ON d.entry_id = e.id AND d.person_id = e.person_id
WHERE e.person_id = %s AND e.kind = %s AND upper(d.answers->>'incident_number') = %s
ORDER BY e.id DESC LIMIT 1
"""
SAME = {
    "concern": "what",
    "reporter_name": "caller_name",
    "reporter_phone": "caller_phone",
    "reporter_could_harm": "reporter_could_harm",
}
"""Questions of a missing report a call has answered already, and where."""


def of_number(actor: Actor, number: str, now: datetime) -> list[Found]:
    """The children of an incident number, as far as its asker may see them; logged as a search."""
    wanted = number.strip().upper()[:60]
    if not wanted or not may(actor.roles, "child.find"):
        return []
    found = look_for(actor, Asked(number=wanted), now).found
    return [one for one in found if one.how == HOW["incident"]]


def answers_of(actor: Actor, people: Iterable[int], number: str) -> dict[str, Any]:
    """What a call of this number says that a missing report asks too. Call after the doors."""
    with as_practitioner(actor):
        for person in people:
            with connection.cursor() as cursor:
                cursor.execute(_CALL, [person, ContactReceived.kind, number.strip().upper()])
                row = cursor.fetchone()
            if row is None:
                continue
            try:
                call = stored(row[0]).entry
            except NothingToCorrect:
                continue
            told = {q: given(getattr(call, asked)) for q, asked in SAME.items()}
            return {q: answer for q, answer in told.items() if answer is not None}
    return {}


def filled(raw: dict[str, list[str]], answers: dict[str, Any]) -> dict[str, list[str]]:
    """The form with a call's answers where nothing was typed yet."""
    blank = {q: a for q, a in answers.items() if not first(raw, q)}
    told = ReportedMissing.fill_form(blank)
    return raw | {key: values for key, values in told.items() if key in blank}
