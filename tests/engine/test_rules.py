"""The thirteen rules of the engine, each shown on a real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection

from kittiwake.access.doors import NotPermitted, as_practitioner, open_door
from kittiwake.journal import correcting, wrong_child
from kittiwake.journal.entries import ActionSettled, FlagRaised, LookedAfterOnFile, Marker
from kittiwake.journal.reading import chronology, clock_lines
from kittiwake.journal.record import NotYet, record
from kittiwake.journal.sweeping import sweep
from kittiwake.kernel.answers import NotKnown, NotKnownBecause
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import FoundWith, HowBack, PlaceKind, RiskFactors
from tests.worlds import NOW, World, as_worker

REPORT = e.ReportedMissing(
    concern="Left after an argument and has no coat.",
    reporter="home",
    reporter_name="Sol Grant",
)


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    return World(owner)


def counts(w: World) -> dict[str, int]:
    tables = ("entry", "about", "detail", "clock", "action", "case_file", "message", "assessment")
    return {t: w.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}


# ── Rule 1: lease first ─────────────────────────────────────────────────────────────────


def test_rule_01_lease_is_committed_before_a_byte_is_read(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    inspector = w.who("inspector")
    with as_practitioner(inspector):
        assert all(line.hidden for line in chronology(kid, NOW))
    open_door(inspector, [kid], "missing")
    assert w.rows("SELECT purpose FROM lease WHERE practitioner_id = %s", inspector.id) == [
        ("missing",)
    ]
    with as_practitioner(inspector):
        assert "no coat" in chronology(kid, NOW)[0].told


def test_rule_01_recording_is_one_durable_transaction(w: World) -> None:
    from django.db import transaction

    kid = w.child()
    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="durable"),
    ):
        w.say("handler", REPORT, kid)


def test_rule_01_anything_fails_and_nothing_is_written(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kittiwake.journal import applying

    kid = w.child()
    before = counts(w)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(applying.Pen, "_write_messages", broken)
    with pytest.raises(RuntimeError, match="disk"):
        w.say("handler", REPORT, kid)
    assert counts(w) == before


def test_rule_01_sent_twice_answers_with_the_first_result(w: World) -> None:
    kid, submission = w.child(), uuid4()
    first = w.say("handler", REPORT, kid, submission=submission)
    before = counts(w)
    again = w.say("handler", REPORT, kid, submission=submission, minutes=3)
    assert (again.entry_uid, again.case_ref) == (first.entry_uid, first.case_ref)
    assert counts(w) == before


# ── Rule 2: the judge sees all, the reader does not ─────────────────────────────────────


def test_rule_02_the_level_does_not_depend_on_who_typed(w: World) -> None:
    levels = set()
    for by in ("handler", "carer", "inspector", "social_worker"):
        kid = w.child(f"Child of {by}")
        w.say("inspector", FlagRaised(type=Marker.CSE, basis="Seen with a named adult."), kid)
        levels.add(w.say(by, REPORT, kid).level)
    assert len(levels) == 1


def test_rule_02_known_gives_codes_and_never_words(w: World) -> None:
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="CANARY words", signs={RiskFactors.SELF_HARM}), kid)
    rows = w.rows("SELECT codes::text FROM journal_known(ARRAY[%s]::bigint[])", kid)
    assert "self_harm" in rows[0][0]
    assert "CANARY" not in str(rows)
    with (
        as_practitioner(w.who("inspector")),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
    ):
        cursor.execute("SELECT codes FROM about")


# ── Rule 3: out of order is ordinary ────────────────────────────────────────────────────


def test_rule_03_a_fact_out_of_order_is_recorded_stops_clocks_and_is_looked_at(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    w.say("sergeant", e.Returned(how=HowBack.RETURNED_SELF), kid, minutes=10)
    late = w.say(
        "sergeant",
        e.SupervisorAcknowledged(first_steps="Rang the friend’s mother."),
        kid,
        minutes=20,
    )
    assert late.out_of_order
    assert w.rows("SELECT stage FROM case_file") == [("returned",)]
    titles = [t for (t,) in w.rows("SELECT title FROM action")]
    assert any("came out of order" in t for t in titles)


def test_rule_03_only_gated_kinds_refuse_on_stage(w: World) -> None:
    kid = w.child()
    w.say("handler", REPORT, kid)
    before = counts(w)
    with pytest.raises(Refused, match="cannot be decided while"):
        w.say("inspector", e.EpisodeClosed(reason="Came back."), kid, minutes=5)
    assert counts(w) == before
    assert w.rows("SELECT what FROM refusal") == [("missing.closed",)]


# ── Rule 4: clocks belong to subjects ───────────────────────────────────────────────────


def test_rule_04_case_clocks_stop_in_their_own_case_only(w: World) -> None:
    first, second = w.child("First Child"), w.child("Second Child")
    w.say("handler", REPORT, first)
    w.say("handler", REPORT, second)
    w.say("sergeant", e.SupervisorAcknowledged(first_steps="Search."), first, minutes=4)
    rows = w.rows("SELECT person_id, stopped_at IS NOT NULL FROM clock WHERE rule = 'CLK-11'")
    assert dict(rows) == {first: True, second: False}


def test_rule_04_a_person_clock_is_stopped_whichever_case_started_it(w: World) -> None:
    kid = w.child()
    w.say("inspector", FlagRaised(type=Marker.CCE, basis="County lines phone found."), kid)
    assert w.rows("SELECT subject_kind FROM clock WHERE rule = 'CLK-22'") == [("person",)]
    w.say("adviser", e.PlanRecorded(reference="Trigger plan 1"), kid, minutes=30)
    assert w.rows("SELECT count(*) FROM clock WHERE rule = 'CLK-22' AND stopped_at IS NULL") == [
        (0,)
    ]


# ── Rule 5: effects are closed ──────────────────────────────────────────────────────────


def test_rule_05_an_opened_case_starts_its_clocks_owned_from_the_first_second(w: World) -> None:
    kid = w.child()
    told = w.say("handler", REPORT, kid)
    assert told.owner_id == w.staff["inspector"]
    rows = dict(w.rows("SELECT rule, stopped_at IS NULL FROM clock"))
    assert rows == {
        "CLK-10": False,  # met by the report itself: the owner is written with it
        "CLK-11": True,
        "CLK-12": True,
        "CLK-13": True,
        "CLK-15": True,
        "CLK-16": True,
        "CLK-17": True,
    }
    assert w.rows("SELECT grade, stage FROM case_file") == [("high", "reported")]


def test_rule_05_every_effect_can_be_applied() -> None:
    import typing

    from kittiwake.journal.applying import Pen
    from kittiwake.kernel.effects import Effect

    assert set(Pen._table()) == set(typing.get_args(Effect))


# ── Rule 6: blast radius ────────────────────────────────────────────────────────────────


def test_rule_06_those_merely_linked_are_judged_by_a_job_of_the_same_transaction(w: World) -> None:
    from kittiwake.journal.jobs import judge_people

    kid, sibling = w.child(), w.child("Sister Example")
    w.owner.execute(
        "INSERT INTO relationship (person_id, other_id, kind, source)"
        " VALUES (%s, %s, 'sister', '')",
        [kid, sibling],
    )
    told = w.say("handler", REPORT, kid)
    jobs = w.rows("SELECT args FROM procrastinate_jobs WHERE status = 'todo'")
    assert jobs[0][0]["people"] == [sibling]
    with as_worker():
        judge_people([sibling], told.entry_id, NOW)
    assert w.rows("SELECT level FROM assessment WHERE person_id = %s", sibling) == [
        ("not_enough_known",)
    ]


def test_rule_06_four_brothers_and_sisters_are_four_cases_in_one_group(w: World) -> None:
    group = uuid4()
    for name in ("One", "Two", "Three", "Four"):
        w.say("handler", REPORT, w.child(f"{name} Example"), group=group)
    assert w.rows("SELECT count(*), count(DISTINCT group_uid) FROM case_file") == [(4, 1)]


# ── Rule 7: live or history ─────────────────────────────────────────────────────────────


def test_rule_07_history_counts_and_sends_nothing(w: World) -> None:
    kid = w.child()
    at = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
    w.say("clerk", LookedAfterOnFile(source="return 2026", happened_at=at), kid)
    assert w.rows("SELECT count(*) FROM message") == [(0,)]
    assert w.rows("SELECT count(*) FROM clock") == [(0,)]
    assert w.rows("SELECT count(*) FROM assessment") == [(1,)]


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
    assert "Your name" in told.gaps
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
