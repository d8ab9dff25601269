"""Small worlds for tests: agencies by the owner, everything else by record()."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

from kittiwake.access.actors import actor
from kittiwake.access.doors import as_practitioner
from kittiwake.journal.record import Recorded, record
from kittiwake.kernel.known import Actor
from kittiwake.people.names import name_key

NOW = datetime(2026, 11, 20, 23, 3, tzinfo=UTC)

STAFF = {
    "system": ("Kittiwake", "police", 0, ["system"]),
    "handler": ("Ama Boateng", "police", 0, ["call_handler"]),
    "sergeant": ("Rhys Morgan", "police", 2, ["response_sergeant"]),
    "inspector": ("Joan Obi", "police", 3, ["duty_inspector"]),
    "second_inspector": ("Tom Akhtar", "police", 3, ["control_room_inspector", "duty_inspector"]),
    "superintendent": ("Bea Lund", "police", 5, ["duty_superintendent", "force_duty_officer"]),
    "detective": ("Ravi Patel", "police", 3, ["duty_detective_inspector"]),
    "adviser": ("Cath Evans", "police", 0, ["missing_persons_adviser"]),
    "hub": ("Ivo Novak", "police", 2, ["mash_sergeant"]),
    "social_worker": ("Meera Shah", "social_care", 0, ["social_worker"]),
    "manager": ("Dale Price", "social_care", 0, ["social_care_manager"]),
    "interviewer": ("Una Kelly", "social_care", 0, ["independent_interviewer"]),
    "carer": ("Sol Grant", "home", 0, ["home_carer"]),
    "clerk": ("Pat Wren", "social_care", 0, ["information_clerk"]),
    "auditor": ("Nia Rees", "police", 0, ["auditor"]),
    "lead": ("Eve Marsh", "school", 0, ["school_safeguarding_lead"]),
}
AGENCIES = {
    "police": "Saltmarsh Constabulary",
    "social_care": "Saltmarsh children’s social care",
    "home": "Samphire House",
    "school": "Creek Lane School",
}


class World:
    """A county of one force, one council, one home, one school, and a person in each role."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self.owner = owner
        self.staff: dict[str, int] = {}
        agencies = {
            kind: owner.execute(
                "INSERT INTO agency (uid, kind, name, phone, nation) "
                "VALUES (%s, %s, %s, '07700 900100', 'ENG') RETURNING id",
                [uuid4(), kind, name],
            ).fetchone()[0]
            for kind, name in AGENCIES.items()
        }
        self.agencies = agencies
        for number, (key, (name, kind, rank, roles)) in enumerate(STAFF.items()):
            self.staff[key] = owner.execute(
                "INSERT INTO practitioner (uid, name, title, rank, agency_id, phone, email,"
                " is_system, is_active) VALUES (%s, %s, '', %s, %s, %s, '', %s, true) RETURNING id",
                [uuid4(), name, rank, agencies[kind], f"07700 9001{number:02}", key == "system"],
            ).fetchone()[0]
            for role in roles:
                owner.execute(
                    "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, %s, %s)",
                    [self.staff[key], role, datetime(2020, 1, 1, tzinfo=UTC)],
                )

    def who(self, key: str) -> Actor:
        """The practitioner of this key, as they are now."""
        return actor(self.staff[key])

    def child(
        self, name: str = "Kit Example", born: date | None = date(2012, 3, 4), known: str = "home"
    ) -> int:
        """A child, known to an agency, met by a call handler."""
        with as_practitioner(self.who("handler")):
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT meet_person(%s, %s, %s, %s)", [uuid4(), name, name_key(name), born]
                )
                person: int = cursor.fetchone()[0]
        if known:
            self.owner.execute(
                "INSERT INTO known_to (person_id, agency_id, role) VALUES (%s, %s, '')",
                [person, self.agencies[known]],
            )
        return person

    def say(
        self,
        by: str,
        entry: Any,
        person: int,
        at: datetime = NOW,
        minutes: float = 0,
        **more: Any,
    ) -> Recorded:
        """Record an entry as a practitioner, so many minutes after the world's now."""
        return record(
            entry, person=person, by=self.who(by), at=at + timedelta(minutes=minutes), **more
        )

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the owner sees in the database."""
        return self.owner.execute(sql, list(values)).fetchall()


def known_by_number(w: World, name: str = "Kit Example", number: str = "9990000018") -> int:
    """A child whose NHS number is on file: a list can surely mean them."""
    kid = w.child(name)
    record = w.owner.execute(
        "INSERT INTO source_record (person_id, agency_id, feed, ref, given, family, born_on, sex,"
        " ethnicity, received_at, facts) VALUES (%s, %s, 'health', %s, '', '', '2012-03-04', '',"
        " '', %s, '{}') RETURNING id",
        [kid, w.agencies["social_care"], number, NOW],
    ).fetchone()[0]
    w.owner.execute(
        "INSERT INTO identifier (person_id, source_record_id, scheme, value, is_valid) "
        "VALUES (%s, %s, 'nhs', %s, true)",
        [kid, record, number],
    )
    return kid


@contextmanager
def as_worker() -> Iterator[None]:
    """Django's connection as the worker's database role, as in the worker process."""
    from pathlib import Path

    from django.conf import settings
    from django.db import connection
    from psycopg.conninfo import conninfo_to_dict

    from kittiwake.config.roles import kept_addresses

    address = conninfo_to_dict(kept_addresses(Path(settings.ENVIRONMENT.home))["worker"])
    kept = {k: connection.settings_dict[k] for k in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict |= {"USER": address["user"], "PASSWORD": address["password"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= kept
