"""Two records that are one person: linked by a named person with a reason, and undone whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.journal import linking
from kittiwake.journal.linking_entries import PersonLinked
from kittiwake.journal.record import record
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing.entries import GradeRaised, InformationAdded, ReportedMissing
from kittiwake.people.arrivals import Description, Home, meet_many
from tests.worlds import NOW, World

BORN = date(2012, 3, 14)
HERE = Description(
    "clinic", "A1", "Kit", "O’Neil", BORN, "F", address=Home("1 Creek Lane", "ZZ9 9ZZ")
)
THERE = replace(HERE, feed="school", ref="7", given="Kitt")
REPORT = ReportedMissing(concern="Left without a coat.", reporter_name="School office")


@pytest.fixture
def w(world, owner):
    return World(owner)


@pytest.fixture
def two(w):
    """The same child, told of by two agencies with a slip in one name; both missing."""
    with as_practitioner(w.who("clerk"), durable=True, recording=True):
        one, other = (meet_many([d], w.who("clerk"), NOW)[0] for d in (HERE, THERE))
    assert (one.outcome, other.outcome) == ("new", "possible")
    return one.person_id, other.person_id


def everything(w):
    """What every table says of a person, by table, without what tells of the linking itself."""
    tables = [t for (t,) in w.rows("SELECT name FROM kittiwake_linked_tables()")]
    kinds = "('people.linked', 'people.unlinked')"
    leave = {
        "about": f"WHERE kind NOT IN {kinds}",
        "entry": f"WHERE kind NOT IN {kinds}",
        "detail": f"WHERE entry_id NOT IN (SELECT id FROM entry WHERE kind IN {kinds})",
        "assessment": f"WHERE entry_id NOT IN (SELECT id FROM entry WHERE kind IN {kinds})",
    }
    columns = {"case_file": "id, person_id, stage, is_active, closed_at, mark, owner_id",
               "clock": "id, person_id, case_id, subject_id, stopped_at"}  # fmt: skip
    return {
        t: w.rows(f"SELECT {columns.get(t, 't.*')} FROM {t} t {leave.get(t, '')} ORDER BY 1")
        for t in tables
    }


def test_a_slip_in_a_name_waits_for_a_person_with_owner_and_reasons(w, two):
    ((one, other, reasons, probability, owner),) = w.rows(
        "SELECT other_id, person_id, reasons, probability, owner_id FROM possible_match"
    )
    assert (one, other) == two
    assert "First name one letter apart" in reasons
    assert "Date of birth the same" in reasons
    assert probability > 0.9
    assert owner == w.staff["hub"]


def test_a_twin_is_not_asked_about(w, two):
    twin = replace(HERE, ref="A2", given="Robin")
    with as_practitioner(w.who("clerk"), durable=True, recording=True):
        assert meet_many([twin], w.who("clerk"), NOW)[0].outcome == "new"


def test_a_school_out_of_reach_has_its_child_compared_and_learns_nothing(w):
    with as_practitioner(w.who("clerk"), durable=True, recording=True):
        (one,) = meet_many([HERE], w.who("clerk"), NOW)
    with as_practitioner(w.who("lead"), durable=True, recording=True):
        (other,) = meet_many([THERE], w.who("lead"), NOW)
    assert other.outcome == "possible"
    assert w.rows("SELECT other_id FROM possible_match") == [(one.person_id,)]
    assert w.rows("SELECT people FROM look WHERE practitioner_id = %s", w.staff["lead"])[-1] == (
        [one.person_id],
    )


def test_linked_two_are_one_and_unlinked_they_are_what_they_were(w, two):
    kept, other = two
    later = w.say("handler", REPORT, other)
    earlier = w.say("handler", REPORT, kept, minutes=-30)
    w.say("inspector", FlagRaised(type=Marker.CSE, basis="A friend said so."), other, minutes=1)
    w.say("inspector", FlagRaised(type=Marker.CSE, basis="The school said so."), kept, minutes=1)
    w.say("handler", InformationAdded(what="Seen at the station."), other, minutes=2)
    w.say("inspector", GradeRaised(grade="high", why="Seen with adults."), other, minutes=3)
    before = everything(w)

    linking.link(other, kept, "Her mother gave both names.", by=w.who("hub"), at=NOW)
    assert w.rows("SELECT merged_into_id FROM person WHERE id = %s", other) == [(kept,)]
    assert w.rows("SELECT count(*) FROM about WHERE person_id = %s", other) == [(0,)]
    assert w.rows("SELECT person_id FROM source_record") == [(kept,), (kept,)]
    active = w.rows("SELECT ref, grade FROM case_file WHERE is_active AND closed_at IS NULL")
    assert active == [(earlier.case_ref, "high")]
    running = w.rows("SELECT rule FROM clock WHERE stopped_at IS NULL AND case_id IS NOT NULL")
    assert len(running) == len(set(running))
    assert w.rows("SELECT outcome FROM possible_match") == [("linked",)]
    ((told,),) = w.rows("SELECT level FROM pointer WHERE person_id = %s", kept)
    assert told

    linking.unlink(kept, other, "They are cousins.", by=w.who("hub"), at=NOW)
    after = everything(w)
    for table in before:
        assert after[table] == before[table], table
    assert w.rows("SELECT merged_into_id FROM person WHERE id = %s", other) == [(None,)]
    assert w.rows("SELECT case_id FROM clock WHERE stopped_at IS NULL AND person_id = %s", other)
    assert later.case_ref != earlier.case_ref


def test_both_names_find_whoever_was_linked_once(w, two):
    from kittiwake.journal.searching import look_for
    from kittiwake.people.asking import understood

    kept, other = two
    linking.link(kept, other, "The same child.", by=w.who("hub"), at=NOW)
    for name in ("Kit O’Neil", "Kitt O’Neil"):
        found = look_for(w.who("handler"), understood(name), NOW).found
        assert [f.person_id for f in found] == [kept], name


def test_kept_apart_they_are_not_asked_about_again(w, two):
    linking.keep_apart(*two, "Two NHS numbers.", by=w.who("hub"), at=NOW)
    assert w.rows("SELECT outcome, settled_by_id FROM possible_match") == [
        ("kept apart", w.staff["hub"])
    ]
    assert w.rows("SELECT merged_into_id FROM person") == [(None,), (None,)]


def test_few_may_link_and_nobody_by_the_general_road(w, two):
    with pytest.raises(NotPermitted):
        linking.link(*two, "I think so.", by=w.who("handler"), at=NOW)
    with pytest.raises(NotPermitted):
        record(PersonLinked(other=str(uuid4()), reason="x"), person=two[0], by=w.who("hub"), at=NOW)
    assert w.rows("SELECT count(*) FROM link") == [(0,)]
