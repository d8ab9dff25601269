"""Rows A7 and A10: nobody inherits a context, and rights that end, end at once.

Figure: 0 contexts left after 200 transactions that end in every way; 0 late successes after a role,
a practitioner, a token, or an agency's work with the child has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from kittiwake.access.actors import NotAPractitioner, actor
from kittiwake.access.doors import DoorShut, NotPermitted, as_practitioner, open_door
from kittiwake.kernel.known import Actor
from tests.security.attack import REPORT, Link, lease, speaking_as
from tests.worlds import World

CONTEXT = (
    "SELECT nullif(current_setting('kittiwake.practitioner', true), ''),"
    " nullif(current_setting('kittiwake.recording', true), '')"
)


def context() -> tuple[str | None, str | None]:
    """Who Django's connection speaks for at this moment, and whether it records."""
    with connection.cursor() as cursor:
        cursor.execute(CONTEXT)
        return cursor.fetchone()  # type: ignore[no-any-return]


# ── A7: the next borrower of the connection is nobody ───────────────────────────────────


def _ends_well(who: Actor) -> None:
    with as_practitioner(who):
        assert context()[0] == str(who.id)


def _records(who: Actor) -> None:
    with as_practitioner(who, durable=True, recording=True):
        assert context() == (str(who.id), "on")


def _raises(who: Actor) -> None:
    with suppress(ZeroDivisionError), as_practitioner(who, recording=True):
        raise ZeroDivisionError


def _fails_in_the_database(who: Actor) -> None:
    with (
        suppress(DatabaseError),
        as_practitioner(who, recording=True),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM nothing_of_that_name")


def _runs_out_of_time(who: Actor) -> None:
    with suppress(DatabaseError), as_practitioner(who), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")


def _rolls_back(who: Actor) -> None:
    with as_practitioner(who, recording=True):
        transaction.set_rollback(True)


def _does_more_on_commit(who: Actor) -> None:
    heard = []
    with as_practitioner(who, recording=True):
        transaction.on_commit(lambda: heard.append(context()))
    assert heard == [(None, None)]


ENDINGS = (_ends_well, _records, _raises, _fails_in_the_database, _rolls_back,
           _does_more_on_commit)  # fmt: skip


def test_a7_nothing_is_left_however_a_transaction_ends(w: World) -> None:
    random = Random(7)
    staff = [w.who(key) for key in ("handler", "inspector", "carer", "lead")]
    _runs_out_of_time(staff[0])
    assert context() == (None, None)
    for _ in range(200):
        random.choice(ENDINGS)(random.choice(staff))
        assert context() == (None, None)


def test_a7_negative_control_a_context_of_the_session_is_found(w: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kittiwake.practitioner', '1', false)")
    assert context() == ("1", None)
    connection.close()
    assert context() == (None, None)


def test_a7_whoever_read_before_reads_on_after_somebody_else(w: World) -> None:
    inspector, carer = w.who("inspector"), w.who("carer")
    with as_practitioner(inspector):
        with as_practitioner(carer, recording=True):
            assert context() == (str(carer.id), "on")
        assert context() == (str(inspector.id), None)
        with suppress(ZeroDivisionError), as_practitioner(carer, recording=True):
            raise ZeroDivisionError
        assert context() == (str(inspector.id), None)
    with transaction.atomic():
        with as_practitioner(carer):
            pass
        assert context() == (None, None)


# ── A10: what ends, ends at once ────────────────────────────────────────────────────────


def ended(w: World, what: str, who: str, kid: int) -> None:
    """Something that let a practitioner in, taken away by the owner."""
    me, agency = w.staff[who], w.who(who).agency_id
    w.owner.execute(
        {
            "role": "UPDATE role_held SET until = now() WHERE practitioner_id = %(me)s",
            "practitioner": "UPDATE practitioner SET is_active = false WHERE id = %(me)s",
            "work": "UPDATE known_to SET until_on = current_date - 1 WHERE agency_id = %(agency)s",
            "openness": "UPDATE person SET is_restricted = true WHERE id = %(kid)s",
        }[what],
        {"me": me, "agency": agency, "kid": kid},
    )


@pytest.mark.parametrize(
    ("what", "refused"),
    [
        ("role", NotPermitted),
        ("practitioner", NotAPractitioner),
        ("work", DoorShut),
        ("openness", DoorShut),
    ],
)
def test_a10_what_lets_somebody_in_ends_and_the_next_request_is_refused(
    w: World, what: str, refused: type[Exception]
) -> None:
    """Even with a lease that is still live."""
    kid = w.child(known="home")
    w.say("handler", REPORT, kid)
    open_door(w.who("carer"), [kid], "care of the child")
    ended(w, what, "carer", kid)
    with pytest.raises(refused):
        open_door(w.who("carer"), [kid], "care of the child")


def test_a10_a_leaver_reads_nothing_even_of_what_stood_open(w: World, app: Link) -> None:
    kid = w.child(known="home")
    w.say("handler", REPORT, kid)
    me = w.staff["inspector"]
    lease(w.owner, me, kid)
    asked = "SELECT (SELECT count(*) FROM detail), (SELECT count(*) FROM pointer)"
    with speaking_as(app, me) as cursor:
        assert cursor.execute(asked).fetchone() == (1, 1)
        # In the middle of a transaction: the next statement already.
        ended(w, "practitioner", "inspector", kid)
        assert cursor.execute(asked).fetchone() == (0, 0)


def test_a10_a_role_that_begins_tomorrow_counts_tomorrow(w: World, app: Link) -> None:
    me = w.staff["handler"]
    for starts in (timedelta(days=1), timedelta(days=-1)):
        with speaking_as(app, me) as cursor:
            assert cursor.execute("SELECT count(*) FROM refusal").fetchone() == (0,)
        w.owner.execute(
            "INSERT INTO role_held (practitioner_id, role, from_at)"
            " VALUES (%s, 'auditor', now() + %s)",
            [me, starts],
        )
        w.owner.execute(
            "INSERT INTO refusal (practitioner_id, at, what, reasons)"
            " SELECT %s, now(), 'x', '[]' WHERE NOT EXISTS (SELECT FROM refusal)",
            [w.staff["carer"]],
        )
    with speaking_as(app, me) as cursor:
        assert cursor.execute("SELECT count(*) FROM refusal").fetchone() == (1,)


def test_a10_a_right_taken_away_is_never_used_late(w: World) -> None:
    """Row A11 in small: doors asked for by eight at once while the role ends."""
    kid = w.child(known="home")
    me, late = w.staff["carer"], []
    start = Barrier(9)

    def ask() -> None:
        start.wait()
        try:
            for _ in range(20):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT until FROM role_held WHERE practitioner_id = %s", [me])
                    is_over = cursor.fetchone()[0] is not None
                with suppress(NotPermitted):
                    open_door(actor(me), [kid], "care of the child")
                    late.append(is_over)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(8)]
    [t.start() for t in threads]
    start.wait()
    ended(w, "role", "carer", kid)
    [t.join() for t in threads]
    assert True not in late


def test_a10_a_token_revoked_is_refused_at_the_next_request(w: World) -> None:
    from datetime import UTC, datetime

    from kittiwake.api.tokens import caller, digest_of

    now = datetime.now(UTC)
    me, agency = w.staff["hub"], w.who("hub").agency_id
    w.owner.execute(
        "INSERT INTO api_token (practitioner_id, agency_id, role, digest, name, expires_at)"
        " VALUES (%s, %s, 'mash_sergeant', %s, '', %s)",
        [me, agency, digest_of("kw_x"), now + timedelta(days=1)],
    )
    endings: tuple[tuple[str, Callable[[], object]], ...] = (
        ("revoked", lambda: w.owner.execute("UPDATE api_token SET revoked_at = now()")),
        ("role", lambda: ended(w, "role", "hub", 0)),
        ("leaver", lambda: ended(w, "practitioner", "hub", 0)),
        ("moved", lambda: w.owner.execute(
            "UPDATE practitioner SET agency_id = %s WHERE id = %s", [w.agencies["home"], me]
        )),
    )  # fmt: skip
    for _, end in endings:
        assert caller("kw_x", now) is not None
        end()
        assert caller("kw_x", now) is None
        w.owner.execute("UPDATE api_token SET revoked_at = NULL")
        w.owner.execute("UPDATE role_held SET until = NULL")
        w.owner.execute(
            "UPDATE practitioner SET is_active = true, agency_id = %s WHERE id = %s", [agency, me]
        )
    assert caller("kw_x", now + timedelta(days=2)) is None
    assert caller("kw_y", now) is None
