"""The invented county behind the pages: children to walk with, and facts no page is asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

from tests.product import Product

_FRESH = """
SELECT q.name, q.uid::text, q.person_id FROM pointer q
WHERE NOT q.is_restricted AND q.born_on IS NOT NULL {where}
  AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.person_id = q.person_id)
  AND (SELECT count(*) FROM pointer o WHERE o.name = q.name) = 1
ORDER BY q.name
"""
AT_SAMPHIRE = (
    "SELECT q.name, q.uid::text, q.person_id FROM pointer q "
    "WHERE q.lives_at LIKE 'Samphire House%%'"
)
AT_HOME = (
    "AND q.lives_at LIKE 'With family%%' AND q.markers = '[]' AND q.born_on "
    "BETWEEN current_date - interval '17 years' AND current_date - interval '12 years'"
)
KNOWN_TO = (
    "AND EXISTS (SELECT 1 FROM known_to k JOIN practitioner p ON p.agency_id = k.agency_id "
    "JOIN auth_user u ON u.id = p.user_id WHERE k.person_id = q.person_id AND u.email LIKE %s)"
)


@dataclass(frozen=True)
class Known:
    """A child of the county, and their case where there is one."""

    name: str
    uid: str
    person: int
    case: str = ""

    @property
    def typed(self) -> str:
        """Enough of the name to find them by."""
        given, *_, family = self.name.split()
        return f"{given[:4].lower()} {family[:5].lower()}"


@dataclass
class County:
    """The product's database as its owner reads it, and its API for setting a scene."""

    product: Product
    link: psycopg.Connection[Any]
    met: set[str] = field(default_factory=set)
    token: str = ""

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives."""
        cursor = self.link.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    def child(self, where: str = AT_HOME, *values: object) -> Known:
        """A child with no case, not used by another test."""
        for name, uid, person in self.rows(_FRESH.format(where=where), *values):
            if uid not in self.met:
                self.met.add(uid)
                return Known(name, uid, person)
        raise AssertionError("no such child is left in the county")

    def known_to(self, name: str) -> Known:
        """A child with no case whom somebody of the demo works with."""
        return self.child(KNOWN_TO, f"{name}@%")

    def missing(self, child: Known | None = None, minutes: float = 5, **answers: Any) -> Known:
        """The child, reported missing so many minutes ago by the control room's own program."""
        child = child or self.child()
        self.token = self.token or self._made_token()
        entry = {"concern": "Not home from school, and the phone is off.", "reporter": "parent"}
        answer = self.product.post(
            self.token,
            "missing.reported",
            {
                "about": {"person": child.uid},
                "happened_at": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(),
                "source_id": str(uuid4()),
                "entry": entry | {"reporter_name": "Their mother"} | answers,
            },
        )
        return Known(child.name, child.uid, child.person, f"/cases/{answer['case']['uid']}")

    def _made_token(self) -> str:
        from kittiwake.api.tokens import digest_of

        token = f"kw_{uuid4().hex}"
        self.rows(
            "INSERT INTO api_token (practitioner_id, agency_id, role, digest, name, expires_at) "
            "SELECT p.id, p.agency_id, 'call_handler', %s, 'walk', now() + interval '1 day' "
            "FROM practitioner p JOIN auth_user u ON u.id = p.user_id "
            "WHERE u.email = 'control.room@saltmarsh.example'",
            digest_of(token),
        )
        return token

    def entries(self, child: Known, kinds: Iterable[str] = ()) -> list[str]:
        """The kinds of the child's entries, oldest first; only these where some are named."""
        rows = self.rows("SELECT kind FROM entry WHERE person_id = %s ORDER BY id", child.person)
        wanted = set(kinds)
        return [kind for (kind,) in rows if not wanted or kind in wanted]

    def case(self, child: Known, what: str) -> Any:
        """One column of the child's newest case."""
        query = f"SELECT {what} FROM case_file WHERE person_id = %s ORDER BY id DESC LIMIT 1"
        ((value,),) = self.rows(query, child.person)
        return value
