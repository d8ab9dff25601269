"""Finding a child while somebody is still speaking."""

from datetime import datetime

from kittiwake.access.roles import may
from kittiwake.journal.searching import Found
from kittiwake.journal.searching import look_for as search
from kittiwake.kernel.known import Actor
from kittiwake.people.asking import understood

MOST = 12
"""Matches shown at once beside a call; another letter finds others."""


def look_for(actor: Actor, text: str, now: datetime) -> list[Found]:
    """Children who may be meant by what was typed so far."""
    asked = understood(" ".join(text.split())[:200])
    if asked.is_empty or not may(actor.roles, "child.find"):
        return []
    return list(search(actor, asked, now, MOST).found)
