"""The only way to a child's record: permission, need to know, lease and log in one call."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from kittiwake.access.roles import may
from kittiwake.kernel.known import Actor

Purpose = Literal["care of the child", "missing", "checking", "recording"]
MINUTES: dict[str, int] = {"recording": 5}
USUAL = 30

WHY_NOT = {
    "conflict": "You have declared a conflict of interest with this person, so their record "
    "does not open for you. Ask a colleague, or ring the duty inspector.",
    "restricted": "This record is restricted. Ring the duty inspector, who can tell you "
    "who may open it.",
    "no_need_to_know": "Your agency does not work with this child, so the record does not open. "
    "If you are worried about a child, ring the safeguarding hub.",
    "no_practitioner": "Sign in again: nobody is signed in here.",
}


class DoorShut(Exception):
    """The record does not open for this practitioner; the message says why and whom to ring."""

    def __init__(self, reason: str) -> None:
        super().__init__(WHY_NOT.get(reason, reason))
        self.reason = reason


class NotPermitted(Exception):
    """No role of this practitioner carries the capability this needs."""

    def __init__(self, capability: str) -> None:
        super().__init__("Your role does not include this. Ask your supervisor to do it with you.")
        self.capability = capability


@contextmanager
def as_practitioner(
    actor: Actor, *, durable: bool = False, recording: bool = False
) -> Iterator[None]:
    """One transaction in which row-level security knows who reads (engine rule 1).

    Only with `recording` does a lease to record with count; it opens no words even so. Inside
    another transaction, whoever read before reads on afterwards.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic(durable=durable), connection.cursor() as cursor:
        before = _context(cursor) if is_nested else ("", "")
        _become(cursor, str(actor.id), "on" if recording else "")
        yield
        if is_nested:
            _become(cursor, *before)


def _context(cursor: CursorWrapper) -> tuple[str, str]:
    cursor.execute(
        "SELECT coalesce(current_setting('kittiwake.practitioner', true), ''),"
        " coalesce(current_setting('kittiwake.recording', true), '')"
    )
    practitioner, recording = cursor.fetchone()
    return practitioner, recording


def _become(cursor: CursorWrapper, practitioner: str, recording: str) -> None:
    # Plans are kept: behind walls, planning a statement again costs more than running it.
    cursor.execute(
        "SELECT set_config('kittiwake.practitioner', %s, true),"
        " set_config('kittiwake.recording', %s, true),"
        " set_config('plan_cache_mode', 'force_generic_plan', true)",
        [practitioner, recording],
    )


def open_door(actor: Actor, people: Iterable[int], purpose: Purpose) -> None:
    """Open the records of these people, committed and logged before a byte is read.

    Raises NotPermitted or DoorShut; a refusal is logged. A lease for recording is always given
    and opens no words.
    """
    ids = sorted(set(people))
    if purpose != "recording" and not may(actor.roles, "child.open"):
        _log_refusal(actor, ids, "child.open", "no capability")
        raise NotPermitted("child.open")
    try:
        with as_practitioner(actor, durable=True), connection.cursor() as cursor:
            minutes = MINUTES.get(purpose, USUAL)
            cursor.execute("SELECT open_doors(%s, %s, %s)", [ids, purpose, minutes])
    except DatabaseError as error:
        reason = next((r for r in WHY_NOT if r in str(error)), None)
        if reason is None:
            raise
        _log_refusal(actor, ids, "child.open", reason)
        raise DoorShut(reason) from None


def declare_conflict(actor: Actor, at: datetime, person: int, reason: str) -> None:
    """Declare that one's own judgement is in doubt: this record opens no more for this person."""
    with as_practitioner(actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conflict (practitioner_id, person_id, declared_at, reason) "
            "VALUES (%s, %s, %s, %s)",
            [actor.id, person, at, reason[:200]],
        )


def log_look(actor: Actor, at: datetime, what: str, people: Iterable[int]) -> None:
    """Log a look at several children without a lease: a board, a search, with their ids.

    Must be called inside `as_practitioner`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO look (practitioner_id, at, what, people) VALUES (%s, %s, %s, %s)",
            [actor.id, at, what, sorted(set(people))],
        )


def log_refusal(actor: Actor, at: datetime, person: int | None, what: str, *why: str) -> None:
    """Log what somebody asked for and was refused, in a transaction of its own."""
    with as_practitioner(actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO refusal (practitioner_id, person_id, at, what, reasons) "
            "VALUES (%s, %s, %s, %s, to_jsonb(%s::text[]))",
            [actor.id, person, at, what, list(why)],
        )


def _log_refusal(actor: Actor, people: list[int], what: str, why: str) -> None:
    with as_practitioner(actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO refusal (practitioner_id, person_id, at, what, reasons) "
            "SELECT %s, p, now(), %s, to_jsonb(ARRAY[%s]) FROM unnest(%s::bigint[]) p",
            [actor.id, what, why, people or [None]],
        )
