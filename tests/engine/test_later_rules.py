"""The later rules of the engine and its promises, each shown on a real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from engine_given import REPORT, counts

from kittiwake.access.doors import NotPermitted, as_practitioner, open_door
from kittiwake.journal import correcting, wrong_child
from kittiwake.journal.entries import ActionSettled
from kittiwake.journal.reading import chronology, clock_lines
from kittiwake.journal.record import NotYet, record
from kittiwake.journal.sweeping import sweep
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import FoundWith, HowBack, PlaceKind
from tests.worlds import NOW, World, as_worker

# ── Rule 8: corrections, and the wrong child ────────────────────────────────────────────


def returned(w: World, kid: int, **more: object) -> str:
    w.say("handler", REPORT, kid)
    told = w.say(
        "sergeant",
        e.Returned(
            how=HowBack.FOUND_POLICE,
            place_kind=PlaceKind.HOTEL,
            found_with={FoundWith.ADULT},
            injured=False,
            **more,
        ),
        kid,
        minutes=60,
    )
    return told.entry_uid


def test_rule_08_a_correction_applies_the_difference_and_keeps_the_first(w: World) -> None:
    kid = w.child()
    uid = returned(w, kid)
    assert w.rows("SELECT count(*) FROM action WHERE key = 'crime' AND state = 'open'") == [(1,)]
    correcting.correct(
        uid,
        {"place_kind": "friend", "found_with": ["child"]},
        "The address was a friend’s flat above the hotel.",
        person=kid,
        by=w.who("sergeant"),
        at=NOW + timedelta(minutes=90),
    )
    assert w.rows("SELECT state FROM action WHERE key = 'crime'") == [("withdrawn",)]
    with as_practitioner(w.who("sergeant")):
        line = next(x for x in chronology(kid, NOW + timedelta(hours=3)) if x.entry_uid == uid)
    assert line.corrected
    assert "friend’s" in line.told
    kept = w.rows("SELECT answers->>'place_kind' FROM detail WHERE answers ? 'place_kind'")
    assert kept == [("hotel",)]


def test_rule_08_moving_a_start_waits_for_a_second_person_and_the_earlier_rules(w: World) -> None:
    kid = w.child()
    uid = returned(w, kid)
    earlier = NOW + timedelta(minutes=20)
    correcting.correct(
        uid,
        {"happened_at": earlier.isoformat()},
        "The log shows 23:23.",
        person=kid,
        by=w.who("sergeant"),
        at=NOW + timedelta(minutes=70),
    )

    def due() -> datetime:
        with as_practitioner(w.who("inspector")):
            found = clock_lines([kid], NOW + timedelta(minutes=71))
        return next(c.due_at for c in found if c.rule == "CLK-19")

    assert due() == earlier + timedelta(hours=72)
    correction = w.rows("SELECT min(id) FROM start_correction")[0][0]
    said = (
        correcting.settle_start(correction, approve=True, person=kid, by=w.who("sergeant"), at=NOW)
        if "entry.approve" in _capabilities("sergeant", w)
        else "not permitted"
    )
    assert said
    for (one,) in w.rows("SELECT id FROM start_correction ORDER BY id"):
        assert (
            correcting.settle_start(one, approve=False, person=kid, by=w.who("inspector"), at=NOW)
            is None
        )
    assert due() == NOW + timedelta(hours=73)


def _capabilities(key: str, w: World) -> set[str]:
    from kittiwake.access.roles import ROLES

    return {c for r in w.who(key).roles for c in ROLES[r].capabilities}


def test_rule_08_recorded_about_the_wrong_child(w: World) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    w.say("handler", REPORT, right)
    uid = returned(w, wrong, state="CANARY-STATE")
    open_door(w.who("social_worker"), [wrong], "care of the child")
    right_uid = w.rows("SELECT uid::text FROM person WHERE id = %s", right)[0][0]
    at = NOW + timedelta(hours=2)
    open_door(w.who("sergeant"), [wrong], "missing")
    wrong_child.propose(
        uid, right_uid, "The home rang: it was her cousin.", person=wrong,
        by=w.who("sergeant"), at=at,
    )  # fmt: skip
    wrong_child.approve(uid, person=wrong, by=w.who("inspector"), at=at)
    # The words moved, a wordless line stays.
    assert w.rows("SELECT person_id FROM detail WHERE answers->>'state' = 'CANARY-STATE'") == [
        (right,)
    ]
    with as_practitioner(w.who("inspector")):
        line = next(x for x in chronology(wrong, at) if x.entry_uid == uid)
    assert line.withdrawn
    assert not line.answers
    # Effects reversed on one side, applied on the other.
    stages = dict(w.rows("SELECT person_id, stage FROM case_file"))
    assert stages == {wrong: "reported", right: "returned"}
    running = w.rows(
        "SELECT count(*) FROM clock WHERE person_id = %s AND rule = 'CLK-11' "
        "AND stopped_at IS NULL", wrong,
    )  # fmt: skip
    assert running == [(1,)]
    # Who read it is listed.
    assert "Meera Shah" in w.rows("SELECT why FROM action WHERE title LIKE 'Another child%%'")[0][0]


def test_rule_08_one_person_cannot_do_both(w: World) -> None:
    wrong, right = w.child("Wrong Child"), w.child("Right Child")
    uid = returned(w, wrong)
    right_uid = w.rows("SELECT uid::text FROM person WHERE id = %s", right)[0][0]
    inspector = w.who("inspector")
    open_door(inspector, [wrong], "missing")
    wrong_child.propose(
        uid, right_uid, "Mistaken.", person=wrong, by=inspector, at=NOW + timedelta(hours=2)
    )
    with pytest.raises(Refused, match="somebody else"):
        wrong_child.approve(uid, person=wrong, by=inspector, at=NOW + timedelta(hours=2))


# ── Rule 9: audience ────────────────────────────────────────────────────────────────────


def test_rule_09_police_and_protected_answers_stay_with_their_audience(w: World) -> None:
    kid = w.child()
    returned(w, kid, found_place="CANARY-PLACE", safe_address="CANARY-SAFE")
    seen = {}
    for who in ("inspector", "social_worker", "carer"):
        open_door(w.who(who), [kid], "care of the child")
        with as_practitioner(w.who(who)):
            seen[who] = str(chronology(kid, NOW + timedelta(hours=2)))
    assert "CANARY-PLACE" in seen["inspector"]
    assert "CANARY-PLACE" not in seen["social_worker"]
    assert "CANARY-SAFE" in seen["social_worker"]
    assert "CANARY" not in seen["carer"]


# ── Rule 10: forms and gaps ─────────────────────────────────────────────────────────────


def test_rule_10_gaps_block_closing_not_saving(w: World) -> None:
    kid = w.child()
    told = w.say("handler", e.ReportedMissing(concern="Not back from school."), kid)
    assert "Name of whoever is telling us" in told.gaps
    w.say("sergeant", e.Returned(), kid, minutes=5)
    with pytest.raises(Refused) as refused:
        w.say("inspector", e.EpisodeClosed(reason="Back and well."), kid, minutes=9)
    assert "Still to answer" in str(refused.value)


def test_rule_10_not_known_because_is_an_answer(w: World) -> None:
    nobody = NotKnown(not_known=NotKnownBecause.NOBODY_KNOWS)
    kid = w.child()
    w.say("handler", REPORT, kid)
    told = w.say(
        "sergeant",
        e.Returned(how=nobody, place_kind=nobody, found_with=nobody, injured=False),
        kid,
        minutes=5,
    )
    assert told.gaps == ()


# ── Rule 11: kinds live for decades ─────────────────────────────────────────────────────


def test_rule_11_an_answer_added_later_reads_as_not_asked() -> None:
    for cls in REGISTER.kinds.values():
        assert cls.load({}, cls.version) is not None


# ── Rule 12: rulebook values ────────────────────────────────────────────────────────────


def test_rule_12_the_forces_own_value_is_dated_and_stored_with_every_clock(w: World) -> None:
    from kittiwake.journal.adopting import adopt

    kid, other = w.child(), w.child("Other Child")
    w.say("handler", REPORT, kid)
    for who in ("inspector", "superintendent"):
        w.owner.execute(
            "INSERT INTO role_held (practitioner_id, role, from_at)"
            " VALUES (%s, 'rulebook_editor', %s)",
            [w.staff[who], datetime(2020, 1, 1, tzinfo=UTC)],
        )
    adopt(
        "CLK-11.high", "10 min", NOW.date(), "Agreed by the board.",
        by=w.who("inspector"), approved_by=w.who("superintendent"), at=NOW,
    )  # fmt: skip
    w.say("handler", REPORT, other)
    rows = w.rows(
        "SELECT person_id, due_at - started_at, rulebook FROM clock WHERE rule = 'CLK-11'"
    )
    limits = {p: (d, v) for p, d, v in rows}
    assert limits[kid][0] == timedelta(minutes=15)
    assert limits[other][0] == timedelta(minutes=10)
    assert limits[kid][1] != limits[other][1]


# ── Rule 13: the sweeper, and drafts ────────────────────────────────────────────────────


def test_rule_13_the_sweeper_records_breaches_as_the_system_and_misses_none(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    with as_worker():
        asleep_for_hours = sweep(NOW + timedelta(hours=5))
        again = sweep(NOW + timedelta(hours=5))
    assert asleep_for_hours.breached == 4
    assert again.raised == 0
    rows = w.rows(
        "SELECT p.name, e.happened_at FROM entry e JOIN practitioner p ON p.id = e.by_id "
        "WHERE e.kind = 'clock.breached' ORDER BY e.happened_at"
    )
    assert rows[0] == ("Kittiwake", NOW + timedelta(minutes=15))


def test_rule_13_drafts_are_their_authors_and_are_never_judged(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    level = w.rows("SELECT count(*) FROM assessment")
    with as_practitioner(w.who("handler")), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO draft (uid, author_id, kind, raw, saved_at) "
            "VALUES (%s, %s, 'missing.returned', '{}', %s)",
            [uuid4(), w.staff["handler"], NOW],
        )
    with as_practitioner(w.who("sergeant")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM draft")
        assert cursor.fetchone() == (0,)
    assert w.rows("SELECT count(*) FROM assessment") == level


# ── The engine's promises ───────────────────────────────────────────────────────────────


def test_four_people_recording_the_same_return_give_one_entry_and_three_plain_answers(
    w: World,
) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    people = ("sergeant", "inspector", "social_worker", "carer")
    actors = {p: w.who(p) for p in people}
    answers, start = [], Barrier(4)

    def press(who: str) -> None:
        start.wait()
        try:
            answers.append(
                record(
                    e.Returned(how=HowBack.RETURNED_SELF),
                    person=kid,
                    by=actors[who],
                    at=NOW + timedelta(minutes=30),
                )
            )
        finally:
            connection.close()

    threads = [Thread(target=press, args=(p,)) for p in people]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(a.already for a in answers) == [False, True, True, True]
    assert len({a.entry_uid for a in answers}) == 1
    assert all(a.already_by for a in answers if a.already)
    assert w.rows("SELECT count(*) FROM entry WHERE kind = 'missing.returned'") == [(1,)]


def test_somebody_without_the_capability_is_refused_and_nothing_is_written(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    before = counts(w)
    with pytest.raises(NotPermitted):
        w.say("carer", e.RiskReviewed(rationale="All fine."), kid, minutes=5)
    assert counts(w) == before


def test_a_time_that_has_not_come_is_not_recorded(w: World) -> None:
    kid = w.child()
    entry = REPORT.model_copy(update={"happened_at": NOW + timedelta(hours=1)})
    with pytest.raises(NotYet):
        w.say("handler", entry, kid)


def test_an_action_is_accepted_and_done_by_a_named_person(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    uid = w.rows("SELECT uid::text FROM action WHERE key = 'philomena'")[0][0]
    w.say("inspector", ActionSettled(action_uid=uid, outcome="accepted"), kid, minutes=1)
    w.say(
        "inspector", ActionSettled(action_uid=uid, outcome="done", evidence="Sent."), kid, minutes=9
    )
    assert w.rows("SELECT state, owner_id FROM action WHERE uid = %s", uid) == [
        ("done", w.staff["inspector"])
    ]


def test_the_hundred_thousandth_case_has_a_number_of_its_own(w: World) -> None:
    w.owner.execute("SELECT setval('case_file_id_seq', 99999)")
    numbers = [w.say("handler", REPORT, w.child(f"Child {n}")).case_ref for n in "ab"]
    assert numbers == ["M-26-100000", "M-26-100001"]
