"""Incidents that say somebody is missing and that no missing record knows; who settles them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection

from kittiwake.access.doors import NotPermitted, as_practitioner, log_look, log_refusal
from kittiwake.access.roles import may
from kittiwake.agencies.rota import rota_at
from kittiwake.exchange.standard import Feed
from kittiwake.kernel.known import Actor

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """One incident without a missing record, as an auditor sees it; no words of the log."""

    id: int
    number: str
    happened_at: datetime
    opened_as: str
    closed_as: str
    person_id: int | None
    person_uid: str | None
    name: str
    born_on: date | None
    log: str
    report: str

    @property
    def why(self) -> str:
        """What is not right, in a sentence."""
        if self.person_id is None:
            return "The log does not say who is missing, and no missing record has this number."
        return "No missing record of this child on that day or a day beside it, nor of this number."


def unrecorded(by: Actor, at: datetime, since: datetime) -> list[Unrecorded]:
    """The incidents since then that no missing record knows, newest first; logged as a look.

    Raises NotPermitted.
    """
    _permit(by, at)
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM incidents_unrecorded(%s)", [since])
        found = [
            Unrecorded(
                id_, number, at_, opened, closed, person, str(uid) if uid else None, name or "",
                born, log or "", str(report),
            )
            for id_, number, at_, opened, closed, person, uid, name, born, log, report in cursor
        ]  # fmt: skip
        people = {each.person_id for each in found if each.person_id}
        log_look(by, at, "incidents without a record", people)
    return found


def settle(incident: int, said: str, by: Actor, at: datetime) -> None:
    """Say what became of an incident; it is listed no more, and stays. Raises NotPermitted."""
    _permit(by, at)
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incident SET settled_at = %s, settled_by_id = %s, settled_as = %s "
            "WHERE id = %s AND settled_at IS NULL",
            [at, by.id, said[:400], incident],
        )
        if cursor.rowcount != 1:
            raise LookupError(f"no incident {incident} that waits")


def tell(feed: Feed) -> int:
    """After a log came in: tell the missing persons adviser how many nobody recorded."""
    if not may(feed.by.roles, "incident.audit"):
        return 0
    found = unrecorded(feed.by, feed.at, EVER)
    if found:
        are = "incident says" if len(found) == 1 else "incidents say"
        with as_practitioner(feed.by, durable=True), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO message (to_id, sentence, link, written_at) "
                "VALUES (%s, %s, '/incidents', %s)",
                [
                    rota_at(feed.at).who("missing_persons_adviser"),
                    f"{len(found)} {are} that somebody is missing, and no missing record knows.",
                    feed.at,
                ],
            )
    return len(found)


def _permit(by: Actor, at: datetime) -> None:
    if not may(by.roles, "incident.audit"):
        log_refusal(by, at, None, "incident.audit", "no capability")
        raise NotPermitted("incident.audit")
