"""An attacker's hands: plain connections as the roles the product runs under, and its owner's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from kittiwake.access import walls
from kittiwake.config.roles import kept_addresses
from kittiwake.pathways.missing.entries import ReportedMissing

Link = psycopg.Connection[Any]
HALF_AN_HOUR = timedelta(minutes=30)
REPORT = ReportedMissing(
    concern="Left after an argument and has no coat.", reporter="home", reporter_name="Sol Grant"
)


def connect(role: str) -> Link:
    """A connection of its own as `app`, `worker` or `eraser`."""
    home = Path(settings.ENVIRONMENT.home)
    return psycopg.connect(kept_addresses(home)[role], autocommit=True)


@contextmanager
def speaking_as(
    link: Link, practitioner: int | None = None, *, recording: bool = False
) -> Iterator[psycopg.Cursor[Any]]:
    """One transaction in which a practitioner reads, as the web does; rolled back in the end."""
    with link.transaction(force_rollback=True), link.cursor() as cursor:
        if practitioner is not None:
            cursor.execute(
                "SELECT set_config('kittiwake.practitioner', %s, true),"
                " set_config('kittiwake.recording', %s, true)",
                [str(practitioner), "on" if recording else ""],
            )
        yield cursor


def lease(
    owner: Link,
    practitioner: int,
    person: int,
    purpose: str = "care of the child",
    *,
    opened: timedelta = timedelta(minutes=1),
    lasts: timedelta = HALF_AN_HOUR,
) -> None:
    """A lease as `open_doors` writes it, opened some time ago and lasting from then."""
    owner.execute(
        "INSERT INTO lease (practitioner_id, person_id, purpose, opened_at, expires_at) "
        "VALUES (%s, %s, %s, now() - %s::interval, now() - %s::interval + %s::interval)",
        [practitioner, person, purpose, opened, opened, lasts],
    )


def no_leases(owner: Link) -> None:
    """Forget every lease: only the owner may, and only while erasing."""
    with owner.transaction():
        owner.execute("SELECT set_config('kittiwake.erasing', 'on', true)")
        owner.execute("DELETE FROM lease")


@contextmanager
def weakened(owner: Link, *statements: str) -> Iterator[None]:
    """The walls with a hole in them, so that a detector can show that it detects; then mended."""
    for statement in statements:
        owner.execute(sql.SQL(statement))  # type: ignore[arg-type]
    try:
        yield
    finally:
        mend(owner)


def mend(owner: Link) -> None:
    """The walls as they are built after each migration."""
    name = owner.info.dbname
    with owner.transaction():
        walls.build(owner, f"{name}_app", f"{name}_worker")
