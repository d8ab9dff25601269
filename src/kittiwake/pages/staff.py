"""Colleagues and their actions, where a form asks about one of them."""

from datetime import datetime

from django.db import connection

from kittiwake.access.roles import ROLES
from kittiwake.kernel.known import Actor
from kittiwake.pages.furniture import Who

_COULD_OWN = """
SELECT p.uid::text, p.name, p.title, p.rank, coalesce(d.role, '')
FROM practitioner p
LEFT JOIN LATERAL (SELECT role FROM duty WHERE practitioner_id = p.id
                   AND from_at <= %(at)s AND until > %(at)s ORDER BY role LIMIT 1) d ON true
WHERE p.agency_id = %(agency)s AND p.is_active AND NOT p.is_system AND p.id <> %(me)s
  AND EXISTS (SELECT 1 FROM role_held h WHERE h.practitioner_id = p.id AND h.role = ANY (%(roles)s)
              AND h.from_at <= %(at)s AND (h.until IS NULL OR h.until > %(at)s))
ORDER BY d.role IS NULL, p.rank DESC, p.name
"""


def who_could_own(actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Colleagues who may own an episode, those on duty first: (uid, name with rank and duty)."""
    roles = [key for key, role in ROLES.items() if "missing.take" in role.capabilities]
    with connection.cursor() as cursor:
        cursor.execute(
            _COULD_OWN, {"at": at, "agency": actor.agency_id, "me": actor.id, "roles": roles}
        )
        rows = cursor.fetchall()
    return [
        (
            uid,
            Who(name, title, "", "", rank).called
            + (f" (on duty: {ROLES[duty].title.lower()})" if duty in ROLES else ""),
        )
        for uid, name, title, rank, duty in rows
    ]


def title_of_action(uid: str) -> str:
    """The title of an action; empty where it is not to be seen. Call inside `as_practitioner`.

    What was set for the police to look into is not repeated where everybody on the case reads.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE audience WHEN 'case' THEN title ELSE 'An enquiry set at a review' END"
            " FROM action WHERE uid::text = %s",
            [uid.replace("\0", "")],
        )
        row = cursor.fetchone()
    return row[0] if row else ""
