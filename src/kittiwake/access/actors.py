"""The practitioner who acts, with roles and agency as they are at this moment."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection

from kittiwake.kernel.known import Actor

_ACTOR = """
SELECT p.id, p.uid::text, p.name, p.rank, p.agency_id, a.kind,
       coalesce(array_agg(h.role) FILTER (WHERE h.role IS NOT NULL), '{}'),
       ARRAY(SELECT DISTINCT k.course FROM trained k
             JOIN practitioner o ON o.id = k.practitioner_id AND o.agency_id = p.agency_id
             WHERE NOT EXISTS (SELECT 1 FROM trained t WHERE t.practitioner_id = p.id
                 AND t.course = k.course AND current_date BETWEEN t.from_on AND t.until_on
                 AND t.id = (SELECT max(n.id) FROM trained n
                             WHERE n.practitioner_id = p.id AND n.course = k.course)))
FROM practitioner p JOIN agency a ON a.id = p.agency_id
LEFT JOIN role_held h ON h.practitioner_id = p.id AND h.from_at <= now()
     AND (h.until IS NULL OR h.until > now())
WHERE p.is_active AND """


class NotAPractitioner(Exception):
    """Whoever signed in is not, or no longer, a practitioner here."""


def actor(practitioner_id: int) -> Actor:
    """The practitioner with this id. Raises NotAPractitioner."""
    return _actor("p.id = %s GROUP BY p.id, a.kind", practitioner_id)


def actor_of_user(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """The practitioner behind a signed-in user. Raises NotAPractitioner."""
    return _actor("p.user_id = %s GROUP BY p.id, a.kind", user.pk or 0)


def system_actor() -> Actor:
    """The system practitioner: it raises, and never lowers."""
    return _actor("p.is_system AND %s = 1 GROUP BY p.id, a.kind ORDER BY p.id LIMIT 1", 1)


def _actor(where: str, value: int) -> Actor:
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR + where, [value])
        row = cursor.fetchone()
    if row is None:
        raise NotAPractitioner
    id_, uid, name, rank, agency_id, kind, roles, lapsed = row
    return Actor(id_, uid, name, frozenset(roles), rank, agency_id, kind, frozenset(lapsed))
