"""Finding a child while somebody is still speaking: the page's search, kinder to slips."""

from dataclasses import replace
from datetime import datetime

from kittiwake.access.roles import may
from kittiwake.kernel.known import Actor
from kittiwake.pages import find
from kittiwake.pages.find import Found

MOST = 12
"""Matches shown at once beside a call; another letter finds others."""


def look_for(actor: Actor, text: str, now: datetime) -> list[Found]:
    """Children who may be meant; where name and date of birth disagree, those of either."""
    asked = find.understood(" ".join(text.split())[:200])
    if asked.is_empty or not may(actor.roles, "child.find"):
        return []
    found = find.look_for(actor, asked, now)
    if not found and asked.parts and (asked.born or asked.year):
        found = find.look_for(actor, replace(asked, born=None, year=None), now)
        if asked.born:
            found += find.look_for(actor, replace(asked, parts=[], year=None), now)
    return found[:MOST]
