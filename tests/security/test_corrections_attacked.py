"""Corrections and the wrong child attacked: no word stays behind, none is changed unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import DatabaseError, connection

from kittiwake.access.doors import DoorShut, as_practitioner, open_door
from kittiwake.journal import correcting, wrong_child
from kittiwake.journal.correcting import NothingToCorrect
from kittiwake.journal.knowing import facts_of
from kittiwake.journal.reading import chronology
from kittiwake.journal.record import record
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import RiskFactors
from tests.security.attack import REPORT
from tests.worlds import NOW, World

LATER = NOW + timedelta(hours=2)
CANARIES: list[Entry] = [
    FlagRaised(type=Marker.CSE, basis="CANARY basis"),
    e.InformationAdded(what="CANARY what", source_name="CANARY source"),
    e.Returned(
        found_place="CANARY place", state="CANARY state", safe_address="CANARY safe",
        other_children="CANARY others", found_with={"adult"},
    ),
    e.RiskReviewed(
        rationale="CANARY rationale",
        enquiries=({"target": "CANARY target", "why": "CANARY why", "who": "CANARY who"},),
    ),
]  # fmt: skip


def uid_of(w: World, person: int) -> str:
    return str(w.rows("SELECT uid FROM person WHERE id = %s", person)[0][0])


def move(w: World, uid: str, wrong: int, right: int) -> None:
    """Two people say that an entry is about another child."""
    wrong_child.propose(
        uid, uid_of(w, right), "It was her cousin.", person=wrong, by=w.who("sergeant"), at=LATER
    )
    wrong_child.approve(uid, person=wrong, by=w.who("inspector"), at=LATER)


def left_behind(w: World, person: int) -> str:
    """Everything any table says of a person, as its owner sees it."""
    tables = w.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'person_id' ORDER BY 1"
    )
    return "\n".join(
        f"{table}: {row}"
        for (table,) in tables
        for row in w.rows(f"SELECT x::text FROM {table} x WHERE person_id = %s", person)
    )


# ── No word of another child stays behind ───────────────────────────────────────────────


@pytest.mark.parametrize("entry", CANARIES, ids=lambda entry: entry.kind)
def test_no_word_stays_in_the_record_it_was_never_about(w: World, entry: Entry) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    w.say("handler", REPORT, wrong)
    uid = w.say("inspector", entry, wrong, minutes=30).entry_uid
    assert "CANARY" in left_behind(w, wrong)
    move(w, uid, wrong, right)
    assert "CANARY" not in left_behind(w, wrong)
    open_door(w.who("inspector"), [right], "missing")
    with as_practitioner(w.who("inspector")):
        moved = next(x for x in chronology(right, LATER) if x.kind == entry.kind)
    assert str(moved.answers).count("CANARY") >= 1
    assert not moved.withdrawn


def test_corrections_move_with_the_entry_they_correct(w: World) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    w.say("handler", REPORT, wrong)
    uid = w.say("sergeant", CANARIES[2], wrong, minutes=30).entry_uid
    for at, changes in (
        (40, {"state": "CANARY second state"}),
        (50, {"safe_address": "CANARY second safe", "found_place": "CANARY second place"}),
    ):
        correcting.correct(
            uid, changes, "CANARY reason", person=wrong, by=w.who("sergeant"),
            at=NOW + timedelta(minutes=at),
        )  # fmt: skip
    move(w, uid, wrong, right)
    assert "CANARY" not in left_behind(w, wrong)
    open_door(w.who("inspector"), [right, wrong], "missing")
    with as_practitioner(w.who("inspector")):
        here = chronology(right, LATER)
        there = chronology(wrong, LATER)
    moved = next(x for x in here if x.kind == "missing.returned")
    assert moved.corrected
    assert {"CANARY second state", "CANARY second safe", "CANARY second place"} <= {
        answer for _, answer in moved.answers
    }
    # Three wordless lines stay: the entry and what was said to correct it.
    assert sum(x.withdrawn for x in there) == 3
    assert all(not x.answers for x in there if x.withdrawn)


def test_what_the_judge_knew_moves_whoever_agrees(w: World) -> None:
    """A social care manager may not read the police's answers; the level must not drop for it."""
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    told = w.say("handler", REPORT.model_copy(update={"reporter_could_harm": True}), wrong)
    before = w.rows("SELECT codes FROM about WHERE kind = 'missing.reported'")[0][0]
    open_door(w.who("sergeant"), [wrong], "missing")
    wrong_child.propose(
        told.entry_uid, uid_of(w, right), "Mistaken.", person=wrong, by=w.who("sergeant"), at=LATER
    )
    wrong_child.approve(told.entry_uid, person=wrong, by=w.who("manager"), at=LATER)
    after = w.rows(
        "SELECT codes FROM about WHERE kind = 'missing.reported' AND person_id = %s", right
    )[0][0]
    assert before["reporter_could_harm"] is True
    assert after == before


def test_a_decision_about_the_wrong_child_can_be_moved_and_decides_nothing(w: World) -> None:
    """A gate of the right child's case must not keep the words in the wrong child's record."""
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    w.say("handler", REPORT, wrong)
    uid = w.say(
        "inspector",
        e.LowerGradeProposed(grade="medium", why="CANARY: she rang her mother herself."),
        wrong, minutes=20,
    ).entry_uid  # fmt: skip
    move(w, uid, wrong, right)
    assert "CANARY" not in left_behind(w, wrong)
    assert "CANARY" in left_behind(w, right)


def test_what_was_moved_is_not_moved_again(w: World) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    uid = w.say("handler", REPORT, wrong).entry_uid
    move(w, uid, wrong, right)
    entries = w.rows("SELECT count(*) FROM entry")
    with pytest.raises(NothingToCorrect):
        wrong_child.approve(uid, person=wrong, by=w.who("inspector"), at=LATER)
    assert w.rows("SELECT count(*) FROM entry") == entries


def test_four_who_agree_at_once_move_it_once(w: World) -> None:
    """Also while both children are written about and judged: nobody waits for ever."""
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    uid = w.say("handler", REPORT, wrong).entry_uid
    w.say("handler", REPORT, right)
    wrong_child.propose(
        uid, uid_of(w, right), "Cousins.", person=wrong, by=w.who("sergeant"), at=LATER
    )
    agreeing = [w.who(k) for k in ("inspector", "second_inspector", "detective", "manager")]
    telling = w.who("handler")
    start, ends = Barrier(8), []

    def go(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            ends.append("done")
        except (NothingToCorrect, Refused) as error:
            ends.append(type(error).__name__)
        except DatabaseError as error:
            ends.append(f"{error}")
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        lambda who=who: wrong_child.approve(uid, person=wrong, by=who, at=LATER)  # type: ignore[misc]
        for who in agreeing
    ] + [
        lambda kid=kid: record(e.InformationAdded(what="Seen."), person=kid, by=telling, at=LATER)  # type: ignore[misc]
        for kid in (wrong, right, wrong, right)
    ]
    threads = [Thread(target=go, args=(act,)) for act in acts]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(ends) == ["NothingToCorrect"] * 3 + ["done"] * 5
    assert w.rows("SELECT count(*) FROM entry WHERE kind = 'journal.wrong_child'") == [(1,)]


# ── The database wants the two people as well ───────────────────────────────────────────


def test_move_details_wants_a_proposal_of_somebody_else(w: World) -> None:
    """Both lines forged in one's own name: the words stay where they are."""
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    first = w.say("handler", REPORT, wrong).entry_id
    second = w.say("handler", REPORT, right).entry_id
    me = w.who("handler")
    open_door(me, [wrong, right], "recording")

    def forged(codes: str) -> None:
        with as_practitioner(me, recording=True), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO about (entry_id, person_id, role, kind, happened_at, recorded_at,"
                " by_id, codes) VALUES (%s, %s, 'child', 'journal.wrong_child', %s, %s, %s, %s)",
                [first, wrong, NOW, NOW, me.id, codes],
            )
            cursor.execute("SELECT move_details(%s, %s, %s, %s)", [first, wrong, second, right])

    with pytest.raises(DatabaseError, match="not_withdrawn"):
        forged(f'{{"entry_id": {first}}}')
    # With my own proposal beside it: still one person.
    wrong_child.propose(
        str(w.rows("SELECT uid FROM entry WHERE id = %s", first)[0][0]),
        uid_of(w, right), "Mine.", person=wrong, by=me, at=LATER,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="not_withdrawn"):
        forged(f'{{"entry_id": {first}}}')
    assert w.rows("SELECT person_id FROM detail WHERE entry_id = %s", first)[0] == (wrong,)


def test_who_agrees_must_be_let_in_to_both(w: World, owner: psycopg.Connection) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    uid = w.say("handler", REPORT, wrong).entry_uid
    wrong_child.propose(
        uid, uid_of(w, right), "Cousins.", person=wrong, by=w.who("sergeant"), at=LATER
    )
    owner.execute("UPDATE person SET is_restricted = true WHERE id = %s", [right])
    with pytest.raises(DoorShut):
        wrong_child.approve(uid, person=wrong, by=w.who("inspector"), at=LATER)
    assert w.rows("SELECT count(*) FROM entry WHERE kind = 'journal.wrong_child'") == [(0,)]


# ── Corrections ─────────────────────────────────────────────────────────────────────────


def correct(w: World, by: str, kid: int, uid: str, minutes: int = 20, **changes: object) -> None:
    correcting.correct(
        uid, changes, "The log says so.", person=kid, by=w.who(by),
        at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def test_a_corrected_sign_reaches_the_judge_and_can_be_taken_back(w: World) -> None:
    kid = w.child()
    uid = w.say("handler", REPORT, kid).entry_uid

    def signs() -> object:
        with as_practitioner(w.who("handler"), recording=True):
            fact = next(f for f in facts_of([kid])[kid] if f.kind == "missing.reported")
        return fact.codes.get("self_harm")

    assert signs() is None
    correct(w, "handler", kid, uid, 10, signs=[RiskFactors.SELF_HARM.value])
    assert signs() is True
    at_once = w.rows("SELECT reasons::text FROM assessment ORDER BY id DESC LIMIT 1")[0][0]
    correct(w, "handler", kid, uid, 20, signs=[])
    assert signs() is False
    # The correction itself was judged, not only what came after it.
    last = w.rows("SELECT reasons::text FROM assessment ORDER BY id DESC LIMIT 1")[0][0]
    assert at_once != last


def test_the_last_correction_stands_and_the_first_answer_may_return(w: World) -> None:
    kid = w.child()
    uid = w.say("handler", REPORT, kid).entry_uid
    for minutes, name in ((5, "Sol Grand"), (6, "Sol Grant"), (7, None)):
        correct(w, "handler", kid, uid, minutes, reporter_name=name)
        with as_practitioner(w.who("handler")):
            line = next(x for x in chronology(kid, LATER) if x.entry_uid == uid)
            assert correcting.stored(uid).entry.reporter_name == name  # type: ignore[attr-defined]
        assert f"by {name or 'not known'}." in line.told


def test_nobody_corrects_an_answer_they_may_not_read(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    uid = w.say("sergeant", CANARIES[2], kid, minutes=5).entry_uid
    for who, name in (
        ("carer", "found_place"), ("carer", "safe_address"), ("social_worker", "found_place")
    ):  # fmt: skip
        with pytest.raises(NothingToCorrect, match="not yours to correct"):
            correct(w, who, kid, uid, **{name: "Somewhere else"})
    correct(w, "carer", kid, uid, state="Calm, and hungry.")
    correct(w, "social_worker", kid, uid, 21, safe_address="With an aunt")


def test_why_an_answer_was_wrong_is_for_those_who_read_the_answer(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    uid = w.say("sergeant", CANARIES[2], kid, minutes=5).entry_uid
    for minutes, name in ((10, "found_place"), (11, "safe_address")):
        correcting.correct(
            uid, {name: "Elsewhere"}, f"CANARY-{name}", person=kid, by=w.who("inspector"),
            at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip
    heard = {}
    for who in ("inspector", "social_worker", "carer"):
        open_door(w.who(who), [kid], "care of the child")
        with as_practitioner(w.who(who)):
            told = str([x.told for x in chronology(kid, LATER)])
        heard[who] = {n for n in ("found_place", "safe_address") if f"CANARY-{n}" in told}
    assert heard == {
        "inspector": {"found_place", "safe_address"},
        "social_worker": {"safe_address"},
        "carer": set(),
    }


def test_an_entry_of_another_child_is_not_corrected_through_this_one(w: World) -> None:
    kid, other = w.child("One"), w.child("Other")
    uid = w.say("handler", REPORT, other).entry_uid
    handler = w.who("handler")
    open_door(handler, [kid, other], "care of the child")
    with pytest.raises(NothingToCorrect):
        correct(w, "handler", kid, uid, concern="None.")
    wrong_child.propose(uid, uid_of(w, kid), "x", person=kid, by=w.who("sergeant"), at=LATER)
    open_door(w.who("inspector"), [other], "care of the child")
    with pytest.raises(NothingToCorrect):
        wrong_child.approve(uid, person=kid, by=w.who("inspector"), at=LATER)
