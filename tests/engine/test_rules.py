"""The first seven of the thirteen rules, each shown on a real PostgreSQL."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from engine_given import REPORT, counts

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.entries import LookedAfterOnFile
from kittiwake.journal.reading import chronology, standing
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import HowBack, RiskFactors
from tests.worlds import NOW, World, as_worker

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


def test_rule_02_each_reader_sees_the_reasons_they_may_open_and_how_many_more(w: World) -> None:
    kid = w.child()
    w.say("inspector", FlagRaised(type=Marker.CSE, basis="Seen with a named adult."), kid)
    w.say("handler", REPORT, kid)
    marked = w.rows("SELECT id FROM entry WHERE kind = 'flag.raised'")[0][0]
    # A sealed fact: its words are for named people only.
    w.owner.execute("ALTER TABLE detail DISABLE TRIGGER append_only")
    w.owner.execute("UPDATE detail SET audience = 'named' WHERE entry_id = %s", [marked])
    w.owner.execute("ALTER TABLE detail ENABLE TRIGGER append_only")
    open_door(w.who("social_worker"), [kid], "care of the child")
    with as_practitioner(w.who("social_worker")):
        stands = standing(kid, NOW)
    assert stands is not None
    assert stands.level == "high"
    assert any("not open to you: ring the duty inspector" in r for r in stands.reasons)
    assert not any("exploitation" in r for r in stands.reasons)
