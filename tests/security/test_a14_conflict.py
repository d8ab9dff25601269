"""Row A14: a declared conflict of interest shuts the door, and never keeps anybody from telling.

Figure: 100 % of declared conflicts blocked, for every purpose and every role. There are no
heuristics (same name, same address): Kittiwake does not store where practitioners live.
"""

from __future__ import annotations

import psycopg
import pytest

from kittiwake.access.doors import (
    DoorShut,
    Purpose,
    as_practitioner,
    declare_conflict,
    open_door,
)
from kittiwake.journal.reading import chronology
from tests.security.attack import REPORT, Link, lease, speaking_as
from tests.worlds import NOW, STAFF, World

OPENERS = ("handler", "inspector", "detective", "hub", "social_worker", "manager", "carer", "lead",
           "auditor", "clerk")  # fmt: skip
PURPOSES: tuple[Purpose, ...] = ("care of the child", "missing", "checking")


@pytest.mark.parametrize("who", OPENERS)
def test_a14_a_declared_conflict_shuts_the_door_for_every_purpose(w: World, who: str) -> None:
    kid, other = w.child(), w.child("Somebody Else")
    w.owner.execute(
        "INSERT INTO known_to (person_id, agency_id, role) SELECT p.id, a.id, ''"
        " FROM person p, agency a"
    )
    me = w.who(who)
    open_door(me, [kid], "care of the child")
    declare_conflict(me, NOW, kid, "My nephew.")
    for purpose in PURPOSES:
        with pytest.raises(DoorShut, match="conflict"):
            open_door(me, [kid], purpose)
        # Not even beside others.
        with pytest.raises(DoorShut, match="conflict"):
            open_door(me, [other, kid], purpose)
    open_door(me, [other], "care of the child")
    said = w.rows("SELECT DISTINCT person_id FROM refusal WHERE reasons = '[\"conflict\"]'")
    assert sorted(said) == [(kid,), (other,)]


def test_a14_what_stood_open_shuts_at_once(w: World, app: Link) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    me = w.staff["inspector"]
    lease(w.owner, me, kid)
    asked = "SELECT count(*) FROM detail"
    with speaking_as(app, me) as cursor:
        assert cursor.execute(asked).fetchone() == (1,)
    declare_conflict(w.who("inspector"), NOW, kid, "My neighbour's daughter.")
    with speaking_as(app, me) as cursor:
        assert cursor.execute(asked).fetchone() == (0,)


def test_a14_recording_stays_possible_and_opens_no_words(w: World) -> None:
    kid = w.child()
    handler = w.who("handler")
    declare_conflict(handler, NOW, kid, "My cousin.")
    told = w.say("handler", REPORT, kid)
    assert told.case_ref
    with as_practitioner(handler, recording=True):
        assert all(line.hidden for line in chronology(kid, NOW))


def test_a14_one_declares_for_oneself_and_takes_nothing_back(w: World, app: Link) -> None:
    kid = w.child()
    with speaking_as(app, w.staff["handler"]) as cursor, pytest.raises(psycopg.Error):
        cursor.execute(
            "INSERT INTO conflict (practitioner_id, person_id, declared_at, reason)"
            " VALUES (%s, %s, now(), '')",
            [w.staff["inspector"], kid],
        )
    declare_conflict(w.who("handler"), NOW, kid, "My cousin.")
    for statement in ("DELETE FROM conflict", "UPDATE conflict SET person_id = 0"):
        with speaking_as(app, w.staff["handler"]) as cursor, pytest.raises(psycopg.Error):
            cursor.execute(statement)  # type: ignore[arg-type]


def test_a14_negative_control_the_same_doors_open_without_a_declaration(w: World) -> None:
    kid = w.child()
    w.owner.execute(
        "INSERT INTO known_to (person_id, agency_id, role) SELECT %s, a.id, '' FROM agency a", [kid]
    )
    assert set(OPENERS) <= set(STAFF)
    for who in OPENERS:
        open_door(w.who(who), [kid], "care of the child")
    assert w.rows("SELECT count(*) FROM refusal") == [(0,)]
