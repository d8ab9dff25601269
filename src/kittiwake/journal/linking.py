"""Saying that two records are one person, or are not, or are two again (design, section 7).

The later record joins the earlier; nothing is deleted, and everything that moved can go back.
"""

from datetime import datetime

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.linking_entries import KeptApart, PersonLinked, PersonUnlinked
from kittiwake.journal.record import Recorded, record
from kittiwake.kernel.known import Actor


def link(one: int, two: int, reason: str, *, by: Actor, at: datetime) -> Recorded:
    """Two people on file are one. Raises NotPermitted or DoorShut."""
    return _decide(PersonLinked, one, two, reason, by, at)


def unlink(one: int, two: int, reason: str, *, by: Actor, at: datetime) -> Recorded:
    """Two people who were linked are two. Raises NotPermitted or DoorShut."""
    return _decide(PersonUnlinked, one, two, reason, by, at)


def keep_apart(one: int, two: int, reason: str, *, by: Actor, at: datetime) -> Recorded:
    """Two people who look alike are two. Raises NotPermitted or DoorShut."""
    return _decide(KeptApart, one, two, reason, by, at)


def _decide(
    kind: type[PersonLinked | PersonUnlinked | KeptApart],
    one: int,
    two: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> Recorded:
    kept, other = sorted((one, two))
    # Whoever says who is who has looked at both.
    open_door(by, [kept, other], "checking")
    with as_practitioner(by):
        uid = _uid(other)
    entry = kind(other=uid, reason=reason)
    return record(entry, person=kept, by=by, at=at, beside=other)


def _uid(person: int) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT uid::text FROM pointer WHERE person_id = %s", [person])
        return str(cursor.fetchone()[0])
