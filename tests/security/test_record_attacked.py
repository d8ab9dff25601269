"""record() attacked: what it is given, who gives it, and what gets out of it."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from kittiwake.access.doors import NotPermitted, as_practitioner, open_door
from kittiwake.access.roles import ROLES
from kittiwake.journal import correcting
from kittiwake.journal.entries import (
    ActionSettled,
    ClockAcknowledged,
    ClockBreached,
    Corrected,
    WrongChild,
    WrongChildProposed,
)
from kittiwake.journal.reading import chronology
from kittiwake.journal.record import OF_TWO
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Asked, Block, BlockQuestion, RowsQuestion
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.moves.entries import NearlyAdult
from tests.security.attack import REPORT
from tests.worlds import NOW, World

NOBODY_KNOWS = NotKnown(not_known=NotKnownBecause.NOBODY_KNOWS)
ELSEWHERE = {Corrected, WrongChild, ClockBreached, NearlyAdult}


@pytest.fixture
def everybody(w: World) -> World:
    """A world in which the superintendent holds every role there is."""
    for role in ROLES:
        w.owner.execute(
            "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, %s, %s)",
            [w.staff["superintendent"], role, datetime(2020, 1, 1, tzinfo=UTC)],
        )
    return w


def takes_not_known(cls: type[Block], asked: Asked) -> bool:
    return "NotKnown" in str(cls.model_fields[asked.name].annotation)


# ── What it is given ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("answer", [None, NOBODY_KNOWS], ids=["blank", "not known"])
def test_a_fact_is_recorded_however_little_is_known(everybody: World, answer: Any) -> None:
    w = everybody
    for cls in REGISTER.kinds.values():
        if cls in (*ELSEWHERE, *OF_TWO):
            continue
        kid = w.child(cls.kind)
        if not cls.opens:
            w.say("handler", REPORT, kid)
        entry = cls(**{a.name: answer for a in cls.questions() if takes_not_known(cls, a)})
        # A decision may say no, in words; a fact or a raising never does.
        with contextlib.suppress(*([Refused] if cls.nature.may_refuse else [])):
            w.say("superintendent", entry, kid, minutes=5)


def test_an_alarm_without_a_name_is_an_alarm(w: World) -> None:
    kid = w.child()
    w.say("carer", FlagRaised(basis="She was given a second phone."), kid)
    assert w.rows("SELECT key FROM action") == [("which-marker",)]


@pytest.mark.parametrize(
    "entry",
    [
        ClockAcknowledged(clock_uids="' OR true --", doing="x"),
        ClockAcknowledged(clock_uids=",,,", doing="x"),
        e.HandedOver(to_practitioner="nobody's uid", still_to_do="x"),
        ActionSettled(action_uid="00000000-0000-0000-0000-000000000000", outcome="done"),
    ],
    ids=lambda entry: entry.kind,
)
def test_a_reference_that_leads_nowhere_is_recorded_and_moves_nothing(
    everybody: World, entry: Entry
) -> None:
    kid = everybody.child()
    everybody.say("handler", REPORT, kid)
    assert everybody.say("superintendent", entry, kid, minutes=1).entry_uid


# ── Who gives it ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "entry",
    [
        WrongChild(entry_uid="00000000-0000-0000-0000-000000000000"),
        Corrected(entry_uid="00000000-0000-0000-0000-000000000000", changes={"concern": "None."}),
        ClockBreached(rule="CLK-11"),
    ],
    ids=lambda entry: entry.kind,
)
def test_what_wants_a_second_person_does_not_come_in_by_the_front(
    everybody: World, entry: Entry
) -> None:
    """One person alone must not take the words of an entry away from everybody."""
    kid = everybody.child()
    uid = everybody.say("handler", REPORT, kid).entry_uid
    named = entry.model_copy(update={"entry_uid": uid}) if hasattr(entry, "entry_uid") else entry
    with pytest.raises(NotPermitted):
        everybody.say("superintendent", named, kid, minutes=1)
    open_door(everybody.who("inspector"), [kid], "missing")
    with as_practitioner(everybody.who("inspector")):
        assert "no coat" in chronology(kid, NOW + timedelta(hours=1))[0].told


def test_nobody_writes_in_anothers_name(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    open_door(w.who("handler"), [kid], "recording")
    for by, ends in (("handler", "accepted"), ("inspector", "row-level security")):
        try:
            with as_practitioner(w.who("handler"), recording=True), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO entry (uid, kind, version, person_id, by_id, happened_at,"
                    " recorded_at, out_of_order, is_history, rulebook)"
                    " VALUES (gen_random_uuid(), 'x', 1, %s, %s, %s, %s, false, false, '')",
                    [kid, w.staff[by], NOW, NOW],
                )
            said = "accepted"
        except DatabaseError as error:
            said = str(error)
        assert ends in said


def test_the_database_wants_two_people_for_a_clock_and_for_a_value(w: World) -> None:
    kid = w.child()
    uid = w.say("handler", REPORT, kid).entry_uid
    earlier = (NOW - timedelta(minutes=9)).isoformat()
    correcting.correct(
        uid, {"happened_at": earlier}, "The log.", person=kid, by=w.who("handler"), at=NOW
    )
    w.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, 'rulebook_editor', %s)",
        [w.staff["handler"], datetime(2020, 1, 1, tzinfo=UTC)],
    )
    me, other = w.staff["handler"], w.staff["inspector"]
    settling = "UPDATE start_correction SET approved = true, settled_at = now(), settled_by_id = %s"
    adopting = (
        "INSERT INTO rulebook_row (key, value, from_on, adopted_by_id, approved_by_id, reason,"
        f" adopted_at) VALUES ('CLK-11.high', '9 min', now(), {me}, %s, '', now())"
    )
    open_door(w.who("handler"), [kid], "recording")
    # My own request settled by myself; settled in another's name; adopted and approved by one.
    for statement, named in ((settling, me), (settling, other), (adopting, me)):
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            as_practitioner(w.who("handler"), recording=True),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [named])
    with as_practitioner(w.who("handler")), connection.cursor() as cursor:
        cursor.execute(adopting, [other])


# ── What gets out of it ─────────────────────────────────────────────────────────────────


def words(cls: type[Block], number: Any, audience: str = "") -> dict[str, Any]:
    """An answer of its own, a canary, to every question that takes words, named by audience."""
    answers: dict[str, Any] = {}
    for a in cls.questions():
        canary = f"CANARY-{audience or a.audience}-{next(number)}"
        if isinstance(a.type, RowsQuestion) and a.type.row:
            answers[a.name] = (words(a.type.row, number, audience or a.audience),)
        elif isinstance(a.type, BlockQuestion) and a.type.block:
            answers[a.name] = words(a.type.block, number, audience or a.audience)
        elif a.type.template in ("text", "words", "phone") and takes_not_known(cls, a):
            answers[a.name] = canary
    return answers


def test_no_line_action_message_or_reason_says_more_than_its_audience(everybody: World) -> None:
    """Every kind, every question: what others hear of it holds no word that is not for them."""
    w, number = everybody, itertools.count()
    for cls in REGISTER.kinds.values():
        if cls in (*ELSEWHERE, *OF_TWO) or cls is WrongChildProposed:
            continue
        kid = w.child(cls.kind, known="home")
        if not cls.opens:
            w.say("handler", REPORT, kid)
        with contextlib.suppress(Refused):
            w.say("superintendent", cls(**words(cls, number)), kid, minutes=5)
        for who, apart in (("carer", {"police", "protected"}), ("social_worker", {"police"})):
            heard = heard_by(w, who, kid)
            assert not [a for a in apart if f"CANARY-{a}" in heard], (cls.kind, who)
    # Nothing that leaves, or is read without a lease, says a word of it.
    for column, table in (("sentence", "message"), ("reasons", "refusal"), ("what", "look")):
        assert "CANARY" not in str(w.rows(f"SELECT {column} FROM {table}"))
    assert "CANARY" not in str(w.rows("SELECT codes, kind FROM about"))
    assert "CANARY" not in str(w.rows("SELECT args FROM procrastinate_jobs"))
    assert "CANARY" not in str(w.rows("SELECT p.*, c.* FROM pointer p, case_file c"))


def heard_by(w: World, who: str, kid: int) -> str:
    """Everything a practitioner reads of a child with a lease: lines, actions, reasons, markers."""
    reader = w.who(who)
    open_door(reader, [kid], "care of the child")
    with as_practitioner(reader), connection.cursor() as cursor:
        told = str(chronology(kid, NOW + timedelta(hours=2)))
        for table in ("action", "assessment", "flag", "message", "clock", "escalation"):
            cursor.execute(f"SELECT * FROM {table}")
            told += str(cursor.fetchall())
    return told


def test_negative_control_the_police_hear_the_police_answers(everybody: World) -> None:
    w = everybody
    kid = w.child()
    w.say("handler", REPORT, kid)
    w.say("sergeant", e.Returned(**words(e.Returned, itertools.count())), kid, minutes=5)
    heard = heard_by(w, "inspector", kid)
    assert {"CANARY-police", "CANARY-case", "CANARY-protected"} <= {
        c for c in ("CANARY-police", "CANARY-case", "CANARY-protected") if c in heard
    }


def test_no_exception_carries_an_answer(w: World) -> None:
    """Logs keep the type and place of an error; even so its message must hold no word."""
    kid = w.child()
    uid = w.say("handler", REPORT, kid).entry_uid
    report = REPORT.model_copy(update={"concern": "CANARY words"})
    handler = w.who("handler")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: w.say("handler", report, kid + 1_000),
        lambda: w.say("handler", e.InformationAdded(what="CANARY"), kid, entry_uid=uid),
        lambda: w.say("handler", e.InformationAdded(what="CANARY\0"), kid),
        lambda: e.ReportedMissing(concern=["CANARY words"]),
        lambda: e.ReportedMissing(concern="x", reporter="CANARY words"),
        lambda: e.ReportedMissing(concern="x", last_seen={"place": {"words": "CANARY"}}),
        lambda: correcting.correct(
            uid, {"concern": {"words": "CANARY"}}, "CANARY", person=kid, by=handler, at=NOW
        ),
        lambda: correcting.correct(
            uid, {"words": "CANARY"}, "CANARY", person=kid, by=handler, at=NOW
        ),
    )
    for attempt in attempts:
        try:
            attempt()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        else:
            said = "recorded"
        assert "CANARY" not in said
